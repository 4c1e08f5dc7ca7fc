"""Files of tables: whether a supplier's is the one received, its cells as text, and the tables that we wrote."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.plan import SupplierFile
from panelpack.config.sources import SOURCES_FILE
from panelpack.errors import SourceError, shown
from panelpack.intake import arrivals
from panelpack.project import sha256


def check_sources(office: Configuration) -> list[str]:
    """Return a sentence for each raw file that is not what sources.yml, the plan and the parameters say."""
    problems: list[str] = []
    folder, files = office.project.raw(office.quarter), office.sources.files
    listed = shown(folder / SOURCES_FILE)
    by_table = {source.table: (name, source) for name, source in files.items()}
    for table, spec in office.plan.tables.items():
        if table not in by_table:
            problems.append(f"{listed}: no file is given for table {table!r}, expected {spec.pattern}. Add its entry.")
            continue
        name, source = by_table[table]
        if name != spec.pattern:
            problems.append(f"{listed}: table {table!r} is {name}, the plan expects {spec.pattern}. Make them agree.")
        entry = office.parameters.availability.get(table)
        release = entry.release_date if entry and entry.status == "embargoed" else None
        if release != source.embargoed_until:
            problems.append(
                f"{listed}: {name} is embargoed until {source.embargoed_until}, params/{office.quarter}.yml says "
                f"{release}. Make them agree."
            )
        described, columns = set(source.columns), set(spec.columns) if source.reconstructed else set()
        for column in sorted(described ^ columns):
            found = "is described" if column in described else "is not described"
            expected = "what each of its columns rests on" if source.reconstructed else "nothing of a received file"
            problems.append(f"{listed}: {name}, columns: {column!r} {found}, expected {expected}. Correct the entry.")
    for name, source in files.items():
        path = folder / name
        if source.table not in office.plan.tables:
            problems.append(f"{listed}: {name} is for table {source.table!r}, which is not in the plan. Correct it.")
        if not path.is_file():
            problems.append(arrivals.missing(path, str(source.sha256), source.supplier, str(office.quarter)))
        elif (checksum := sha256(path.read_bytes())) != source.sha256:
            problems.append(arrivals.differs(path, checksum, str(source.sha256), str(office.quarter)))
    return problems + arrivals.unnamed(folder, list(files), str(office.quarter))


def read_text(folder: Path, table: SupplierFile) -> pd.DataFrame:
    """Return a table's cells as text, exactly as supplied: shape (rows, columns), index = row in the file.

    Rows count as a spreadsheet does: the head of a csv is row 1. Raises SourceError for a file that cannot be read.
    """
    path = folder / table.pattern
    try:
        if path.suffix == ".xlsx":
            return _workbook_text(path, table)
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", skip_blank_lines=False)
        if not isinstance(frame.index, pd.RangeIndex):  # pandas took the first cells of the rows as their names
            raise SourceError(
                f"{shown(path)}: the rows have more cells than the head, which has {len(frame.columns)}. "
                "Correct the file."
            )
        return frame.set_axis(range(2, 2 + len(frame)), axis=0)
    except SourceError:
        raise
    except FileNotFoundError:
        raise SourceError(f"{shown(path)}: the file is missing. Put it there.") from None
    except UnicodeDecodeError:
        raise SourceError(f"{shown(path)}: the file is not UTF-8 text. Ask the supplier for UTF-8.") from None
    except Exception as error:  # pandas, zipfile and openpyxl each raise their own kinds for a damaged file
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SourceError(f"{shown(path)}: the file cannot be read as a table: {problem}. Ask for a new one.") from None


def _workbook_text(path: Path, table: SupplierFile) -> pd.DataFrame:
    """Read a workbook's sheet below its header block. A cell's number is text as the supplier sees it."""
    import openpyxl  # here: only a run that reads a workbook waits for it

    header_row = int(table.layout.header_row)

    with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as workbook:
        if table.layout.sheet is not None and table.layout.sheet not in workbook.sheetnames:
            sheets = ", ".join(repr(name) for name in workbook.sheetnames)
            raise SourceError(f"{shown(path)}: found the sheets {sheets}, expected {table.layout.sheet!r}. Rename the sheet.")
        sheet = workbook[table.layout.sheet] if table.layout.sheet else workbook.worksheets[0]
        rows = list(sheet.iter_rows(min_row=header_row, values_only=True))
    if not rows or not any(rows[0]):
        raise SourceError(
            f"{shown(path)}, row {header_row}: found no column heads, expected {', '.join(table.columns)}. "
            "Correct header_row in params/plan.yml or the workbook."
        )
    text = [["" if cell is None else str(cell) for cell in row] for row in rows]
    frame = pd.DataFrame(text[1:], columns=text[0], index=range(header_row + 1, header_row + len(text)))
    return frame[(frame != "").any(axis=1)]  # a sheet's trailing empty rows are no data


def typed(frame: pd.DataFrame, table: SupplierFile) -> pd.DataFrame:
    """Return the table with counts and decimals as numbers; validation has passed, so every cell converts."""
    numbers = [column for column, kind in table.columns.items() if kind in ("count", "decimal")]
    return frame.astype({column: "int64" if table.columns[column] == "count" else "float64" for column in numbers})


def read_table(
    path: Path,
    columns: Sequence[str],
    remedy: str,
    *,
    what: str = "the table",
    check: Callable[[pd.DataFrame], bool] = lambda frame: True,
    text: bool = False,
) -> pd.DataFrame:
    """Read a csv that this software or the office wrote, with just these columns; with `text`, every cell as text.

    what: what messages call it. remedy: what to do where it is missing or not such a table; `check` says whether its
    cells are what they must be. Raises SourceError.
    """
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False) if text else pd.read_csv(path)
    except FileNotFoundError:
        raise SourceError(f"{shown(path)}: the file is missing, expected {what}. {remedy}") from None
    except (OSError, ValueError) as error:
        raise SourceError(f"{shown(path)}: {what} cannot be read: {str(error).splitlines()[0]}. {remedy}") from None
    if list(frame.columns) != list(columns):
        raise SourceError(f"{shown(path)}: found the columns {list(frame.columns)}, expected {list(columns)}. {remedy}")
    if not check(frame):
        raise SourceError(f"{shown(path)}: the cells are not those of {what}. {remedy}")
    return frame
