"""A parquet file as a grid, the names of its columns in row 1.

Read by duckdb, which reads parquet without another library and is here for large tables in any case.
"""

from pathlib import Path

from panelpack.errors import SourceError
from panelpack.intake.containers.extents import check_cells
from panelpack.intake.grid import Grid, cell_text, seen_text, without_ghosts
from panelpack.intake.large_tables.duckdb_reading import quiet

_AS_TEXT = ("FLOAT", "HUGEINT", "UHUGEINT", "UUID", "INTERVAL", "ENUM", "STRUCT", "MAP", "UNION", "VARIANT")


def read_parquet(path: Path, where: str) -> Grid:
    """Return a parquet file's cells as text. Raises SourceError for a damaged file and for one too large."""
    import duckdb  # here: only a run that reads parquet waits for it

    literal = "".join(f"[{character}]" if character in "*?[" else character for character in str(path))
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            source = quiet(connection).read_parquet(literal)
            columns = list(zip(source.columns, (str(kind) for kind in source.types), strict=True))
            (rows_there,) = source.count("*").fetchall()[0]
            check_cells((rows_there - 1, len(columns) - 1), where)
            picked = ", ".join(_picked(name, kind) for name, kind in columns)
            rows = source.project(picked).fetchall()
    except duckdb.Error as error:
        problem = str(error).partition("\n")[0].rstrip(".").replace(str(path), path.name)
        raise SourceError(
            f"{where}: the file is no whole parquet file ({problem}). Ask the supplier for the file again."
        ) from None
    cells = [[seen_text(name) for name, _ in columns], *([cell_text(value) for value in row] for row in rows)]
    return Grid("", without_ghosts(cells))


def _picked(name: str, kind: str) -> str:
    """Return how a column is asked for: as itself, or as duckdb writes it where Python's value would be another."""
    quoted = '"' + name.replace('"', '""') + '"'
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({quoted})) AS {quoted}"  # in UTC, wherever it is read
    if kind.endswith("]") or kind.startswith(_AS_TEXT):
        return f"{quoted}::VARCHAR AS {quoted}"
    return quoted
