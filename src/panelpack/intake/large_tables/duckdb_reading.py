"""Some columns of a large csv or parquet file, as text in a parquet file: what duckdb does, and how it is bounded.

duckdb is the quickest reader of both formats that keeps within a given memory and needs no service.
"""

import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from panelpack.config.layout import SEPARATORS, Layout, format_by_name, is_packed
from panelpack.errors import SourceError, shown
from panelpack.intake.large_tables.regular_csv import Head, check_heads, count_lines, opened, read_head, write_regular

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY_LIMIT = "500MB"  # of duckdb; the whole process stays under twice as much
BUFFER = 8_000_000  # bytes of a text file that a thread reads at once
_PLAIN_TYPES = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|VARCHAR|DATE|TIME|UUID|ENUM\(.*\)")
_MOMENTS = re.compile(r"TIMESTAMP(_S|_MS|_NS)?")
_NUMBERS = re.compile(r"FLOAT|DOUBLE|DECIMAL\(.*\)")


def connect(folder: Path) -> "DuckDBPyConnection":
    """Return a duckdb that keeps within its memory, has its temporary files in a folder, and fetches nothing."""
    import duckdb  # here: only a run with a large table waits for it

    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY_LIMIT,
            "threads": threads(),
            "temp_directory": str(folder / "duckdb"),
            "preserve_insertion_order": True,  # the row numbers rest on it
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_persistent_secrets": False,
            "python_enable_replacements": False,
        },
    )
    return quiet(connection)


def quiet(connection: "DuckDBPyConnection") -> "DuckDBPyConnection":
    """Return a connection or cursor that draws no progress bar; in notebooks duckdb would.

    Where a notebook lacks what duckdb draws it with, there is none, and the setting is refused.
    """
    import duckdb

    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")
    return connection


def threads() -> int:
    """Return JOBS, or the cores of this machine."""
    jobs = os.environ.get("JOBS", "")
    return max(1, int(jobs)) if jobs.isdecimal() else os.cpu_count() or 1


def format_of(path: Path, layout: Layout) -> str | None:
    """Return the format of a file as its layout or else its name says, None where neither tells."""
    return layout.format or format_by_name(path.name)


def heads_of(connection: "DuckDBPyConnection", path: Path, layout: Layout, columns: Sequence[str]) -> Head:
    """Return a file's heads. Python opens it each time, so that a record of the files that were read names it.

    Raises SourceError for a file that is neither csv nor parquet, is damaged, or lacks a column.
    """
    if (kind := format_of(path, layout)) == "csv":
        return read_head(path, layout, columns)
    if kind != "parquet":
        raise SourceError(
            f"{shown(path)}: rows are counted in csv, csv.gz and parquet files, found another ending of the name. "
            "Ask the supplier for one of these, or say `format` in the table's layout."
        )
    with opened(path):
        names = tuple(_types(connection, path))
    check_heads(shown(path), names, columns)
    return Head(names, 1)


def copy_columns(
    cursor: "DuckDBPyConnection", path: Path, layout: Layout, head: Head, columns: Sequence[str], to: Path
) -> bool:
    """Write columns of a file into a parquet file, in the order of its rows, as c0, c1, ... of text ('' for nothing).

    Returns whether the file's last line has an end. Raises SourceError that names the first row that is wrong.
    """
    if format_of(path, layout) == "parquet":
        _copy_parquet(cursor, path, columns, to)
        return True
    lines = count_lines(path)
    simple = head.row == 1 and len(head.names) > 1 and layout.encoding == "utf-8" and not lines.has_null
    if not simple or not _is_copied_whole(cursor, path, layout, head, columns, lines.number, to):
        _copy_irregular(cursor, path, layout, head, columns, to)
    return lines.last_has_end


def _is_copied_whole(
    cursor: "DuckDBPyConnection",
    path: Path,
    layout: Layout,
    head: Head,
    columns: Sequence[str],
    lines: int,
    to: Path,
) -> bool:
    """Copy with duckdb alone, and return whether each line of the file became a row.

    Then no cell holds a line break and no line is empty: nothing is left that two readers take differently.
    """
    import duckdb

    source = _csv_sql(path, len(head.names), SEPARATORS[layout.separator], skip=1)
    try:
        _copy(cursor, (f"c{head.names.index(column)}" for column in columns), source, to)
    except duckdb.Error:
        return False
    return number_of_rows(cursor, to) == lines - 1


def _copy_irregular(
    cursor: "DuckDBPyConnection", path: Path, layout: Layout, head: Head, columns: Sequence[str], to: Path
) -> None:
    with tempfile.TemporaryDirectory(prefix="panelpack.") as folder:
        regular = Path(folder) / "regular.csv"
        expected = write_regular(path, layout, head, columns, regular)
        source = _csv_sql(regular, len(columns), ",", skip=0, parallel="false", new_line=r"'\n'")
        _copy(cursor, (f"c{number}" for number in range(len(columns))), source, to)
    if (found := number_of_rows(cursor, to)) != expected:
        raise SourceError(
            f"{shown(path)}: {expected:,} rows were read, and {found:,} when they were read again, expected the same. "
            "Show the file to those who keep this software."
        )


def _copy_parquet(cursor: "DuckDBPyConnection", path: Path, columns: Sequence[str], to: Path) -> None:
    import duckdb

    types = _types(cursor, path)
    try:
        _copy(cursor, (_as_text(path, column, types[column]) for column in columns), parquet_sql([path]), to)
    except duckdb.Error:
        raise _damaged(path) from None
    any_null = " OR ".join(f"contains(c{number}, chr(0))" for number in range(len(columns)))
    (first,) = cursor.execute(f"SELECT min(file_row_number) FROM {parquet_sql([to])} WHERE {any_null}").fetchall()[0]
    if first is not None:
        raise SourceError(
            f"{shown(path)}, row {first + 2}: a null byte stands inside the text, so the file is damaged there. "
            "Ask the supplier for the file again."
        )


def _types(connection: "DuckDBPyConnection", path: Path) -> dict[str, str]:
    import duckdb

    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {parquet_sql([path], rows=False)}").fetchall()
    except duckdb.Error:
        raise _damaged(path) from None
    return {name: kind for name, kind, *_ in described}


def _damaged(path: Path) -> SourceError:
    return SourceError(f"{shown(path)}: this is no parquet file, or a damaged one. Ask the supplier for it again.")


def _as_text(path: Path, column: str, kind: str) -> str:
    """Return how a column becomes the text that a person sees: 118 for 118.0, the day for its midnight."""
    name = '"' + column.replace('"', '""') + '"'
    if _PLAIN_TYPES.fullmatch(kind):
        return f"CAST({name} AS VARCHAR)"
    if kind == "BOOLEAN":
        return f"upper(CAST({name} AS VARCHAR))"
    if _NUMBERS.fullmatch(kind):
        whole = f"{name} = trunc({name}) AND abs({name}) < 1e15"
        return f"CASE WHEN {whole} THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) ELSE CAST({name} AS VARCHAR) END"
    if _MOMENTS.fullmatch(kind):
        day, moment = (f"strftime({name}, '{form}')" for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S"))
        return f"CASE WHEN {name} = CAST(CAST({name} AS DATE) AS TIMESTAMP) THEN {day} ELSE {moment} END"
    raise SourceError(
        f"{shown(path)}: the column {column!r} holds values of the type {kind}, expected texts, numbers or dates. "
        "Count by another column."
    )


# ------------------------------------------------------------------------------------------------------------ SQL
def number_of_rows(connection: "DuckDBPyConnection", path: Path) -> int:
    """Return how many rows a parquet file has."""
    found = connection.execute(f"SELECT num_rows FROM parquet_file_metadata({file_sql(path)})").fetchall()
    return int(found[0][0])


def _copy(cursor: "DuckDBPyConnection", columns: Iterable[str], source: str, to: Path) -> None:
    named = ", ".join(f"coalesce({column}, '') AS c{number}" for number, column in enumerate(columns))
    cursor.execute(f"COPY (SELECT {named} FROM {source}) TO {_text_sql(str(to))} (FORMAT parquet)")


def _csv_sql(path: Path, width: int, separator: str, *, skip: int, **more: str) -> str:
    """Return a csv file as duckdb is to read it: nothing about it is guessed, padded or passed over."""
    types = ", ".join(f"c{number}: 'VARCHAR'" for number in range(width))
    settings = {
        "auto_detect": "false",
        "header": "false",
        "skip": str(skip),
        "columns": f"{{{types}}}",
        "delim": _text_sql(separator),
        "quote": _text_sql('"'),
        "escape": _text_sql('"'),
        "comment": _text_sql(""),
        "strict_mode": "true",
        "null_padding": "false",
        "ignore_errors": "false",
        "hive_partitioning": "false",
        "compression": _text_sql("gzip" if is_packed(path.name) else "none"),
        "buffer_size": str(BUFFER),
        "max_line_size": str(BUFFER // 4),
        **more,
    }
    return f"read_csv({file_sql(path)}, {', '.join(f'{name} = {value}' for name, value in settings.items())})"


def parquet_sql(paths: Sequence[Path], *, rows: bool = True) -> str:
    """Return parquet files as duckdb is to read them; `rows`: with file_index and file_row_number, both from 0."""
    about = ", file_row_number = true" if rows else ""  # file_index is there without a word
    return f"read_parquet({files_sql(paths)}, hive_partitioning = false{about})"


def files_sql(paths: Iterable[Path]) -> str:
    """Return paths as a list for duckdb."""
    return f"[{', '.join(map(file_sql, paths))}]"


def file_sql(path: Path) -> str:
    """Return a path for duckdb, in which *, ? and [ stand for themselves."""
    return _text_sql(re.sub(r"[*?\[]", r"[\g<0>]", str(path.absolute())))


def _text_sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
