"""The suppliers' files: where each comes from, whether it is the one received, and its cells as text."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import Field

from panelpack.checksums import sha256
from panelpack.configuration import Location, Strict, load, shown
from panelpack.errors import SourceError
from panelpack.params import Params
from panelpack.plan import Plan, Table

SOURCES_FILE = "sources.yml"


class Revision(Strict):
    """Why a supplier restated earlier periods: the rows by columns of the table's key, and the reason."""

    where: dict[str, str | list[str]] = Field(min_length=1)
    reason: str = Field(min_length=1)


class Source(Strict):
    """What is known of one raw file."""

    table: str
    supplier: str
    received: date
    licence: str
    sensitivity: Literal["public", "internal", "embargoed"]
    embargoed_until: date | None = None
    reconstructed: bool
    basis: str = ""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    revisions: list[Revision] = []


class Sources(Strict):
    """data/raw/<quarter>/sources.yml."""

    files: dict[str, Source]

    def problems(self) -> Iterator[tuple[Location, str]]:
        """Yield what contradicts itself inside the file."""
        for name, source in self.files.items():
            if (source.sensitivity == "embargoed") != (source.embargoed_until is not None):
                yield ("files", name), f"{name}: the sensitivity 'embargoed' and embargoed_until belong together."
            if source.reconstructed and not source.basis:
                yield ("files", name), f"{name}: a reconstructed file needs a basis. Say what it was made from."


def load_sources(folder: Path) -> Sources:
    """Read sources.yml of a raw folder. Raises ConfigurationError."""
    return load(folder / SOURCES_FILE, Sources)


def check_sources(folder: Path, sources: Sources, plan: Plan, params: Params) -> list[str]:
    """Return a sentence for each raw file that is not what sources.yml, the plan and the parameters say."""
    problems = []
    listed = shown(folder / SOURCES_FILE)
    by_table = {source.table: (name, source) for name, source in sources.files.items()}
    for table, spec in plan.tables.items():
        name, source = by_table.get(table, (None, None))
        if source is None:
            problems.append(f"{listed}: no file is given for table {table!r}, expected {spec.file}. Add its entry.")
            continue
        if name != spec.file:
            problems.append(f"{listed}: table {table!r} is {name}, the plan expects {spec.file}. Make them agree.")
        told = params.availability.get(table)
        release = told.release_date if told and told.status == "embargoed" else None
        if release != source.embargoed_until:
            problems.append(
                f"{listed}: {name} is embargoed until {source.embargoed_until}, params/{params.quarter}.yml says "
                f"{release}. Make them agree."
            )
    for name, source in sources.files.items():
        path = folder / name
        if source.table not in plan.tables:
            problems.append(f"{listed}: {name} is for table {source.table!r}, which the plan has not. Correct it.")
        if not path.is_file():
            problems.append(f"{shown(path)}: the file is missing. Put it there or ask {source.supplier}.")
        elif (found := sha256(path.read_bytes())) != source.sha256:
            problems.append(
                f"{shown(path)}: sha256 is {found}, sources.yml has {source.sha256}. If the supplier sent a "
                f"new file, record it with: make receive Q={params.quarter}"
            )
    for path in sorted(folder.iterdir()):
        if path.name not in sources.files and path.name != SOURCES_FILE and not path.name.startswith("."):
            problems.append(f"{shown(path)}: sources.yml has no entry for this file. Add one or remove the file.")
    return problems


def read_text(folder: Path, table: Table) -> pd.DataFrame:
    """Return a table's cells as text, exactly as supplied: shape (rows, columns), index = row in the file.

    Rows count as a spreadsheet does: the head of a csv is row 1. Raises SourceError for a file that cannot be read.
    """
    path = folder / table.file
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


def _workbook_text(path: Path, table: Table) -> pd.DataFrame:
    """Read a workbook's sheet below its header block. A cell's number is text as the supplier sees it."""
    import openpyxl  # here: only a run that reads a workbook waits for it

    with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as workbook:
        if table.sheet is not None and table.sheet not in workbook.sheetnames:
            found = ", ".join(repr(name) for name in workbook.sheetnames)
            raise SourceError(f"{shown(path)}: found the sheets {found}, expected {table.sheet!r}. Rename the sheet.")
        sheet = workbook[table.sheet] if table.sheet else workbook.worksheets[0]
        rows = list(sheet.iter_rows(min_row=table.header_row, values_only=True))
    if not rows or not any(rows[0]):
        raise SourceError(
            f"{shown(path)}, row {table.header_row}: found no column heads, expected {', '.join(table.columns)}. "
            "Correct header_row in params/plan.yml or the workbook."
        )
    text = [["" if cell is None else str(cell) for cell in row] for row in rows]
    frame = pd.DataFrame(text[1:], columns=text[0], index=range(table.header_row + 1, table.header_row + len(text)))
    return frame[(frame != "").any(axis=1)]  # a sheet's trailing empty rows are no data


def typed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the table with counts and decimals as numbers; validation has passed, so every cell converts."""
    numbers = [column for column, kind in table.columns.items() if kind in ("count", "decimal")]
    return frame.astype({column: "int64" if table.columns[column] == "count" else "float64" for column in numbers})
