"""What is kept of large raw files so that they are read once: the columns that are counted, as parquet.

A cached file's name is `<sha256 of the raw file>.<how it was read>.<sha256 of itself>.parquet`, so a raw file that
changes is read again, and so is one whose cached file is damaged or another's. It is written under another name first.
Nobody needs it to make a pack again: only duckdb opens it, and no record of what a pack was made from names it.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

from panelpack.config.layout import Layout, is_packed
from panelpack.errors import SourceError
from panelpack.intake.large_tables.duckdb_reading import (
    connect,
    copy_columns,
    files_sql,
    format_of,
    heads_of,
    parquet_sql,
    quiet,
    threads,
)
from panelpack.intake.large_tables.regular_csv import Head

VERSION = 1  # of what is kept: to be raised whenever the same raw file would give another
_NAME = re.compile(r"(?P<begins>[0-9a-f]{64}\.[0-9a-f]{16}\.)(?P<sum>[0-9a-f]{64})(?P<cut>\.cut)?\.parquet")
Made = TypeVar("Made")


class CachedRows(NamedTuple):
    """The cached columns of a raw file, its heads and their row, and whether its last line has an end."""

    path: Path
    heads: tuple[str, ...]
    head_row: int
    last_line_ends: bool


class Combination(NamedTuple):
    """The texts of the columns, in how many rows they stand together, and the first of these rows."""

    cells: tuple[str, ...]
    rows: int
    first: int


class RowCache:
    """The cached columns of the raw files that one layout describes."""

    def __init__(self, folder: Path, layout: Layout, columns: Sequence[str]):
        """Keep in a folder, which is made. columns: their heads in the raw files."""
        self._folder, self._layout, self._columns = folder.absolute(), layout, tuple(columns)
        folder.mkdir(parents=True, exist_ok=True)
        self._making = Path(tempfile.mkdtemp(prefix="making.", dir=self._folder))
        self._connection = connect(self._making)

    def __enter__(self) -> Self:
        """Be used until the end of a block."""
        return self

    def __exit__(self, *error: object) -> None:
        """Leave nothing but what is kept."""
        self._connection.close()  # duckdb removes its own temporary files
        for path in self._making.iterdir():
            path.unlink()
        self._making.rmdir()

    def rows_of(self, paths: Sequence[Path], checksums: Sequence[str]) -> list[CachedRows]:
        """Return the cached columns of each raw file, read now where they are not there or not sound.

        Raises SourceError with a sentence for every file that is no such table.
        """
        heads = [_or_error(partial(heads_of, self._connection, path, self._layout, self._columns)) for path in paths]
        begins = [self._name_begins(path, checksum) for path, checksum in zip(paths, checksums, strict=True)]
        there = self._sound(set(begins))
        missing = {
            name: partial(self._make, name, path, head)
            for name, path, head in zip(begins, paths, heads, strict=True)
            if isinstance(head, Head) and name not in there
        }
        # One file leaves cores idle at its end, so as many are read at once as there are cores.
        with ThreadPoolExecutor(threads()) as pool:
            made = list(pool.map(_or_error, missing.values()))
        errors = [str(error) for error in (*heads, *made) if isinstance(error, SourceError)]
        if errors:
            raise SourceError("\n".join(errors))
        there |= self._sound(set(missing))
        return [
            CachedRows(there[name], head.names, head.row, ".cut." not in there[name].name)
            for name, head in zip(begins, heads, strict=True)
            if isinstance(head, Head)
        ]

    def combinations(self, cached: Sequence[CachedRows], most: int) -> list[list[Combination]]:
        """Return the combinations of each cached file's texts, in the order of their first rows.

        Of more than `most` in all, only so many. Files of one content share what is cached: it is counted once.
        """
        files = list(dict.fromkeys(part.path for part in cached))
        names = ", ".join(f"c{number}" for number in range(len(self._columns)))
        found = self._connection.execute(
            f"SELECT file_index, count(*), min(file_row_number), {names} FROM {parquet_sql(files)} "
            f"GROUP BY ALL LIMIT {most}"
        )
        of_file: dict[Path, list[Combination]] = {path: [] for path in files}
        for index, rows, first, *cells in found.fetchall():
            of_file[files[index]].append(Combination(tuple(cells), rows, first))
        return [
            sorted(
                (one._replace(first=one.first + part.head_row + 1) for one in of_file[part.path]),
                key=lambda one: one.first,
            )
            for part in cached
        ]

    def _name_begins(self, path: Path, checksum: str) -> str:
        layout = self._layout
        reading = [VERSION, is_packed(path.name), format_of(path, layout), layout.encoding, layout.separator]
        how = json.dumps([*reading, layout.header_row, self._columns])
        return f"{checksum}.{hashlib.sha256(how.encode()).hexdigest()[:16]}."

    def _sound(self, begins: set[str]) -> dict[str, Path]:
        """Return the cached files by the beginnings of their names; those that are not what their name says go."""
        matches = (_NAME.fullmatch(name) for name in sorted(os.listdir(self._folder)))
        named = {self._folder / match[0]: match for match in matches if match and match["begins"] in begins}
        if not named:
            return {}
        query = f"SELECT filename, sha256(content) FROM read_blob({files_sql(named)})"
        checksums = {Path(name): checksum for name, checksum in self._connection.execute(query).fetchall()}
        for path in [path for path, match in named.items() if match["sum"] != checksums.get(path)]:
            path.unlink(missing_ok=True)
            del named[path]
        return {match["begins"]: path for path, match in named.items()}

    def _make(self, name: str, path: Path, head: Head) -> None:
        made = self._making / f"{name}parquet"
        with quiet(self._connection.cursor()) as cursor:
            last_line_ends = copy_columns(cursor, path, self._layout, head, self._columns, made)
            (checksum,) = cursor.execute(f"SELECT sha256(content) FROM read_blob({files_sql([made])})").fetchall()[0]
        os.replace(made, self._folder / f"{name}{checksum}{'' if last_line_ends else '.cut'}.parquet")


def _or_error(make: Callable[[], Made]) -> Made | SourceError:
    """Return what a function makes, or the error that it raises, so that the other files are read all the same."""
    try:
        return make()
    except SourceError as error:
        return error
