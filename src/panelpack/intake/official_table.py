"""Read the Home Office's police force area table of recorded crime, dirt and all."""

import re
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from panelpack.errors import ConfigurationError, SourceError, shown
from panelpack.formats import listed, number
from panelpack.intake.received import ROW_LIMITS
from panelpack.periods import parse_year

ROW_KEY = ["year", "number", "force", "description", "code"]
HEADER_WITHIN = 20  # a sheet of a workbook may begin with this many lines of title and notes
SIGNIFICANT = 10  # digits of an offence code that a spreadsheet's floating point has not touched
SHOWN = 3  # of the quarters that lack rows


def read_official_table(path: Path, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the table's rows: year ('YYYY/YY'), number (1 to 4), force, description, group, subgroup, code, offences.

    columns: what each of these is called in the file.
    Reads csv, csv.gz and xlsx (every sheet that has the columns). Its dirt, and what is done about each:

    - Negative counts take back offences recorded before. They stay, since the published totals include them.
    - A description that ends in "(outcomes only)" says how the offence is treated now, not that the row is empty: all
      burglary of dwellings before its redefinition stands in such rows. They stay.
    - Codes that passed through a spreadsheet's floating point (37.200000000000003) are rounded back to 37.2. Nothing
      is picked by code; they only tell rows apart.
    - Subgroups renamed between years are a matter of the mapping, which lists every name.

    Raises SourceError for a file that is missing, not a table or not this one, that ends where a workbook can hold no
    more, for a cell that is not what its column says, and for a row that stands twice.
    """
    path = Path(path)
    frame = _typed(_raw(path, columns.values()), columns, path)
    twice = frame[frame.duplicated(ROW_KEY)]
    if len(twice):
        row = twice.iloc[0]
        raise SourceError(
            f"{shown(path)}: {row['description']!r} of {row['force']!r}, {row['year']} quarter {row['number']}, stands "
            "twice, expected one row. Remove one."
        )
    return frame


def refuse_cut(table: pd.DataFrame) -> None:
    """Raise SourceError where a force has fewer rows in a quarter than most forces; it names the last quarter too.

    table: the rows of some forces, as `read_official_table` returns them. The publisher gives each force the same rows,
    counts of 0 too; so rows that are not there were cut off, and are no offences that nobody recorded.
    """
    rows = table.groupby(["year", "number", "force"]).size()
    # The commonest number of rows of a quarter; of two that are as common the larger.
    usual = rows.groupby(["year", "number"]).agg(lambda found: found.mode().max())
    expected = usual.reindex(rows.index.droplevel("force")).to_numpy()
    fewer = [(*key, int(found), int(wanted)) for (key, found), wanted in zip(rows.items(), expected, strict=True)]
    short = [one for one in fewer if one[3] < one[4]]
    if not short:
        return
    shown_first = [
        f"{number(found)} of {force!r} in {year} quarter {quarter} where most forces have {number(wanted)}"
        for year, quarter, force, found, wanted in short[:SHOWN]
    ]
    more = [f"{len(short) - SHOWN} more such gaps"] if len(short) > SHOWN else []
    year, quarter, _ = rows.index[-1]
    raise SourceError(
        f"the table of recorded crime: rows are missing: {listed([*shown_first, *more])}. The last quarter read is "
        f"{year} quarter {quarter}; the table may end too early. Give the police force area table as published."
    )


def _raw(path: Path, names: Collection[str]) -> pd.DataFrame:
    if path.suffix == ".xlsx":
        return _workbook(path, names)
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise SourceError(f"{shown(path)}: there is no such file. Give the path of the table.") from None
    except (OSError, ValueError, EOFError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise SourceError(f"{shown(path)}: this is not a table: {reason}. Give a csv, csv.gz or xlsx file.") from None
    missing = [name for name in names if name not in frame]
    if missing:
        raise SourceError(
            f"{shown(path)}: the column {missing[0]!r} is missing, expected {', '.join(names)}. "
            "Give the police force area table as published."
        )
    _refuse_row_limit(path, len(frame) + 1)
    return frame


def _workbook(path: Path, names: Collection[str]) -> pd.DataFrame:
    from python_calamine import CalamineError  # here: only a run that reads a workbook waits for it

    try:
        sheets = pd.read_excel(path, engine="calamine", sheet_name=None, header=None, dtype=object, na_filter=False)
    except FileNotFoundError:
        raise SourceError(f"{shown(path)}: there is no such file. Give the path of the table.") from None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, CalamineError) as error:
        reason = str(error).strip("'\"").rstrip(".")
        raise SourceError(f"{shown(path)}: no workbook: {reason}. Give a csv, csv.gz or xlsx file.") from None
    tables = [sheet for sheet in (_below_header(sheet, names) for sheet in sheets.values()) if sheet is not None]
    if not tables:
        raise SourceError(
            f"{shown(path)}: no sheet has the columns {', '.join(names)}. "
            "Give the police force area table as published."
        )
    for sheet in sheets.values():
        _refuse_row_limit(path, len(sheet))
    return pd.concat(tables, ignore_index=True)


def _refuse_row_limit(path: Path, rows: int) -> None:
    """Raise SourceError where a table of so many rows, with its heads, ends at the last that a workbook can hold."""
    for limit in ROW_LIMITS:
        if rows in (limit, limit + 1):  # with its heads, or without
            raise SourceError(
                f"{shown(path)}: the table ends after exactly {number(limit)} rows, the most that a workbook of one "
                "kind can hold, so what came below was cut off. Give the police force area table as published."
            )


def _below_header(sheet: pd.DataFrame, names: Collection[str]) -> pd.DataFrame | None:
    """Return the rows below the line that names the columns, or None where no line near the top does."""
    for place in range(min(HEADER_WITHIN, len(sheet))):
        line = [str(cell).strip() for cell in sheet.iloc[place]]
        if set(names) <= set(line):
            body = sheet.iloc[place + 1 :].set_axis(line, axis="columns")[list(names)].astype(str)
            return body[(body != "").any(axis="columns")]
    return None


def _typed(raw: pd.DataFrame, columns: Mapping[str, str], path: Path) -> pd.DataFrame:
    names = {theirs: name for name, theirs in columns.items()}
    frame = raw[list(names)].rename(columns=names).apply(lambda column: column.str.strip())
    try:
        return _values(frame)
    except _WrongCell as wrong:
        name, found, expected = wrong.args
        raise SourceError(
            f"{shown(path)}, column {columns[name]!r}: {found!r} was found, expected {expected}. Correct the file."
        ) from None


class _WrongCell(Exception):
    """A cell that is not what its column says: column, what was found, what was expected."""


def _values(frame: pd.DataFrame) -> pd.DataFrame:
    typed = frame.assign(
        year=frame["year"].map({label: _year(label) for label in frame["year"].unique()}),
        number=_whole(frame, "number"),
        code=frame["code"].map({code: _code(code) for code in frame["code"].unique()}),
        offences=_whole(frame, "offences"),
    )
    wrong = typed["number"][~typed["number"].between(1, 4)]
    if len(wrong):
        raise _WrongCell("number", str(wrong.iloc[0]), "1 to 4")
    return typed


def _year(label: str) -> str:
    try:
        start = parse_year(label)
    except ConfigurationError:
        raise _WrongCell("year", label, "a financial year, YYYY/YY") from None
    return f"{start}/{(start + 1) % 100:02d}"


def _whole(frame: pd.DataFrame, column: str) -> pd.Series:
    numbers = pd.to_numeric(frame[column].str.replace(",", ""), errors="coerce")
    wrong = numbers.isna() | (numbers % 1 != 0)
    if wrong.any():
        raise _WrongCell(column, frame[column][wrong].iloc[0], "a whole number")
    return numbers.astype(int)


def _code(code: str) -> str:
    return f"{float(code):.{SIGNIFICANT}g}" if re.fullmatch(r"\d+\.\d+", code) else code
