"""The index of an atlas: a row a force, quarter and indicator, in a parquet file that any tool of data reads.

Texts are never missing ('' where there is none); a number that is not there is NULL in the file and NaN here.
"""

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from panelpack.errors import PanelPackError, SourceError, shown
from panelpack.publishing.manifest import MANIFEST_FILE, read_manifest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILE = "index.parquet"
TABLE = "pack/indicators.csv"  # of a pack's outputs: what the rows of one that was made are read from
TEXT, NUMBER, WHOLE = "VARCHAR", "DOUBLE", "INTEGER"
# Each column, its type in the file, and what it says.
COLUMNS = {
    "force": (TEXT, "the force, as the official table names it"),
    "region": (TEXT, "the region that it lies in"),
    "quarter": (TEXT, "the reported quarter, YYYYQn of the financial year"),
    "indicator": (TEXT, "the id of the indicator in the pack; empty in the one row of a pack that was not made"),
    "title": (TEXT, "its title"),
    "priority": (TEXT, "the box that it stands in"),
    "unit": (TEXT, "what its values are in"),
    "value": (NUMBER, "the value of the reported period, in the unit"),
    "base": (NUMBER, "of a percentage, what the value is out of"),
    "baseline": (NUMBER, "the value of the period compared with"),
    "pct_change": (NUMBER, "the change in percent of the baseline"),
    "rate": (NUMBER, "of a count, the value per 1,000 people who live in the area"),
    "verdict": (TEXT, "the pack's verdict, as its table of indicators has it; empty where it is not scored"),
    "how_sure": (TEXT, "how sure the verdict is"),
    "how_sure_reason": (TEXT, "why, in a sentence"),
    "seal": (TEXT, "the seal of the pack"),
    "fingerprint": (TEXT, "the hash of all that the pack was made from"),
    "seconds": (NUMBER, "how long the pack took, in seconds"),
    "cpu_seconds": (NUMBER, "the processor's time that it took, in seconds"),
    "exit": (WHOLE, "0 where the pack was made, else the code with which the command ended"),
    "message": (TEXT, "where it was not made, what the command said"),
    "folder": (TEXT, "the folder of the pack's office, from that of the index"),
}
KEY = ["force", "quarter", "indicator"]
PER = 1_000  # residents of a rate
# What a table of indicators calls what the index has under a name of its own.
_FROM_TABLE = {"value": "latest", "base": "latest_base"}

Rows: TypeAlias = pd.DataFrame | Iterable[Mapping[str, object]]


def write_index(folder: Path, rows: Rows) -> Path:
    """Write the index into a folder, beside it first and then renamed; the same rows in any order give the same bytes.

    rows: with the columns of COLUMNS, of which only force, quarter and exit must be there. Raises ValueError for a row
    that has another column, lacks a key or stands twice: whoever calls it made a mistake.
    """
    frame = _in_order(rows)
    folder.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(f"{_cast(name, kind)} AS {name}" for name, (kind, _) in COLUMNS.items())
    with tempfile.TemporaryDirectory(prefix=".index.", dir=folder) as beside:
        made = Path(beside) / FILE
        connection = _connect()
        connection.register("given", frame)
        connection.execute(f"COPY (SELECT {columns} FROM given) TO {_quoted(made)} (FORMAT parquet, COMPRESSION zstd)")
        connection.close()
        os.replace(made, folder / FILE)
    return folder / FILE


def read_index(folder: Path) -> pd.DataFrame:
    """Return the index of a folder, with the columns of COLUMNS, in the order of force, quarter and indicator.

    Raises SourceError where there is none, or one that is damaged or has other columns.
    """
    import duckdb

    path = folder / FILE
    if not path.is_file():
        raise SourceError(f"{shown(path)}: there is no index, expected one beside the packs. Type make atlas.")
    connection = _connect()
    try:
        found = connection.execute(f"SELECT * FROM read_parquet({_quoted(path)})").df()
    except duckdb.Error:
        raise SourceError(
            f"{shown(path)}: this is no parquet file that can be read, expected the index. Type make atlas again: what "
            "is made is not made again."
        ) from None
    finally:
        connection.close()
    if list(found.columns) != list(COLUMNS):
        wrong = [name for name in found.columns if name not in COLUMNS] or [
            name for name in COLUMNS if name not in found.columns
        ]
        raise SourceError(
            f"{shown(path)}: its columns are not those of an index ({', '.join(wrong[:3]) or 'in another order'}); an "
            "earlier version of this software made it. Type make atlas again: what is made is not made again."
        )
    return _in_order(found)


def rows_of_pack(
    release: Path,
    folder: str,
    quarter: str,
    *,
    force: str,
    region: str = "",
    residents: float | None = None,
    **told: object,
) -> list[dict[str, object]]:
    """Return the rows of one pack that was made, from its manifest and its table of indicators.

    release: the folder of the index; folder: that of the pack's office, from it. residents: of the force's area, which
    the rate of a count is per; None gives no rate. told: further columns, such as fingerprint and seconds. Raises
    SourceError for a pack that lacks one of the two or whose manifest was changed.
    """
    outputs = release / folder / "outputs" / quarter
    seal = str(read_manifest(outputs / MANIFEST_FILE)["seal"])
    table = outputs / TABLE
    try:
        indicators = pd.read_csv(table, keep_default_na=False, dtype=str)
    except (OSError, ValueError):
        raise SourceError(
            f"{shown(table)}: it is missing or cannot be read, expected the pack's table of indicators. Make the pack "
            "again."
        ) from None
    rows = []
    for _, indicator in indicators.iterrows():
        row = {name: indicator.get(_FROM_TABLE.get(name, name), "") for name in COLUMNS}
        numbers = {name: _number(row[name]) for name, (kind, _) in COLUMNS.items() if kind == NUMBER}
        is_rated = residents and row["unit"] == "count" and numbers["value"] is not None
        rate = PER * numbers["value"] / residents if is_rated and residents and numbers["value"] is not None else None
        of_pack = {"force": force, "region": region, "quarter": quarter, "seal": seal, "folder": folder, "exit": 0}
        rows.append({**row, **numbers, "rate": rate, "fingerprint": "", "message": "", **of_pack, **told})
    if not rows:
        rows.append({"force": force, "region": region, "quarter": quarter, "seal": seal, "folder": folder, "exit": 0})
        rows[0] |= told
    return rows


def row_of_failure(
    force: str, quarter: str, error: PanelPackError | str, *, exit: int = 1, **told: object
) -> dict[str, object]:
    """Return the one row of a pack that was not made: why, in the words of the command. told: further columns."""
    code = error.exit_code if isinstance(error, PanelPackError) else exit
    return {"force": force, "quarter": quarter, "indicator": "", "exit": code or 1, "message": str(error), **told}


def _in_order(rows: Rows) -> pd.DataFrame:
    """Return rows with every column, typed, in the order of their keys."""
    given = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    if strangers := [str(name) for name in given.columns if name not in COLUMNS]:
        raise ValueError(f"the index has no column {strangers[0]!r}, expected {', '.join(COLUMNS)}")
    frame = given.reindex(columns=list(COLUMNS))
    for name, (kind, _) in COLUMNS.items():
        if kind == TEXT:
            frame[name] = frame[name].astype(object).where(frame[name].notna(), "").astype(str)
        else:
            frame[name] = pd.to_numeric(frame[name]).astype(float)
    if len(frame) and ((frame[["force", "quarter"]] == "").any(axis=None) or frame["exit"].isna().any()):
        raise ValueError("a row of the index lacks force, quarter or exit")
    if frame.duplicated(KEY).any():
        twice = frame.loc[frame.duplicated(KEY), KEY].iloc[0].tolist()
        raise ValueError(f"the index has the row {twice!r} twice, expected once")
    frame["exit"] = frame["exit"].astype(int)
    return frame.sort_values(KEY, kind="stable", ignore_index=True)


def _cast(name: str, kind: str) -> str:
    return f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END" if kind == NUMBER else f"CAST({name} AS {kind})"


def _number(text: object) -> float | None:
    return float(str(text)) if text not in ("", None) else None


def _connect() -> "DuckDBPyConnection":
    """Return a duckdb of one thread, so that rows stay in order, which fetches nothing."""
    import duckdb

    return duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_persistent_secrets": False,
            "python_enable_replacements": False,
        },
    )


def _quoted(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"
