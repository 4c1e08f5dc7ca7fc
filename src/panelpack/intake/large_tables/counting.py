"""Tables of so many rows that only numbers of rows are used of them, such as crimes at street level.

They never become a table in memory. duckdb reads a file once and leaves the columns that are counted in a parquet file
(the cache, which can be made again at any time), and counts from there. What is recorded of such a table is the raw
file's checksum and its number of rows; the rest of the pack sees the numbers.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

import pandas as pd

from panelpack.config.layout import Layout, with_separator
from panelpack.config.supplied_table import SupplierFile
from panelpack.errors import ConfigurationError, SourceError, shown
from panelpack.intake.grid import Grid, seen_text
from panelpack.intake.heads import needed_heads
from panelpack.intake.large_tables.regular_csv import opened
from panelpack.intake.large_tables.row_cache import CachedRows, Combination, RowCache
from panelpack.intake.layouts import lay_out
from panelpack.intake.period_forms import read_period
from panelpack.intake.received import ReceivedTable, Remark, cut_at_row_limit
from panelpack.periods import Quarter

MOST_COMBINATIONS = 500_000  # of the texts that are counted by: more are no numbers, but rows again
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_]?(0[1-9]|1[0-2])(?![-_]?\d)")


class CountedRow(NamedTuple):
    """The texts of the columns, in how many rows of a file they stand together, and the first of these rows."""

    cells: tuple[str, ...]
    rows: int
    file: str
    row: int


@dataclass(frozen=True)
class Counts:
    """How many rows a table has for each combination of the texts of some columns.

    counted: each combination once a file, in the order of files and first rows; rows are numbered as a spreadsheet
    does, with the head in row 1. rows: how many rows of data each file has, by its name. others: the heads of the
    columns that nobody counted by. remarks: what the numbers do not show.
    """

    columns: tuple[str, ...]
    counted: tuple[CountedRow, ...]
    rows: Mapping[str, int]
    others: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def total(self) -> int:
        """The number of rows of all files together."""
        return sum(self.rows.values())

    def frame(self, column: str) -> pd.DataFrame:
        """Return the table that the rest sees: a row a combination, all text, the number of its rows under `column`.

        The index says where the combination stands first: its row, or its file and row where there are several files.
        """
        together: dict[tuple[str, ...], list[CountedRow]] = {}
        for counted in self.counted:
            together.setdefault(counted.cells, []).append(counted)
        rows = [[*cells, str(sum(part.rows for part in parts))] for cells, parts in together.items()]
        first = [parts[0] for parts in together.values()]
        index = [one.row if len(self.rows) == 1 else f"{one.file}, row {one.row}" for one in first]
        return pd.DataFrame(rows, columns=[*self.columns, column], index=index, dtype=str)


def receive_counted(
    paths: Sequence[Path],
    name: str,
    spec: SupplierFile,
    quarter: Quarter,
    cache: Path,
    checksums: Mapping[str, str] = MappingProxyType({}),
) -> ReceivedTable:
    """Return a table of which rows are counted as the plan has it: a row for each combination of its other columns.

    The index says where a combination stands first. paths, cache, checksums: see count_rows. Raises what it raises,
    and SourceError for what the layout does not allow.
    """
    layout = spec.layout
    assert layout.counted is not None
    column = layout.counted.column
    counts = count_rows(paths, layout, list(needed_heads(spec)), cache, checksums, seen=seen_text)
    folder, file = f"{shown(paths[0].parent)}/", paths[0].name if len(paths) == 1 else spec.pattern
    frame = counts.frame(column)
    grid = Grid("", [list(frame.columns), *frame.to_numpy().tolist()])

    def laid_out(later: Literal["refuse", "unread"]) -> ReceivedTable:
        of_counts = layout.model_copy(update={"header_row": 1, "later": later})
        return lay_out(name, spec.model_copy(update={"layout": of_counts}), [(file, grid)], quarter, folder)

    # What the layout leaves unread is told in rows of the file, so rows that are only too late are told apart.
    picked, table = laid_out("refuse"), laid_out(layout.later)
    rows = {"rows_left_out": counts.total - _total(picked, column), "rows_later": _total(picked, column)}
    rows["rows_later"] -= _total(table, column)
    text = table.text.set_axis([frame.index[int(place) - 2] for place in table.text.index], axis=0)
    of_files = [*counts.remarks, *_month_remarks(counts, spec)]
    remarks = [remark._replace(where=folder + remark.where) for remark in of_files]
    remarks += _unread(counts, spec, folder + file)
    remarks += [_in_rows(remark, rows.get(remark.kind)) for remark in table.remarks]
    return ReceivedTable(name, spec, _added_up(text, column), counts.total, table.gaps, tuple(remarks))


def _total(table: ReceivedTable, column: str) -> int:
    return int(table.text[column].astype("int64").sum())


def _added_up(text: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a table with one row for rows that differ in nothing but the count, such as those of a picked area."""
    keys = list(text.columns.drop(column))
    totals = text[column].astype("int64").groupby([text[key] for key in keys], sort=False).transform("sum")
    return text.assign(**{column: totals.astype("str")})[~text.duplicated(keys)]


def _month_remarks(counts: Counts, spec: SupplierFile) -> list[Remark]:
    column = spec.column_of("month", "date")
    head = spec.layout.heads.get(column, column) if column else None
    if column is None or head not in counts.columns:
        return []
    form, kind = spec.layout.forms.get(column), spec.columns[column]
    return month_remarks(counts, head, lambda cell: (read_period(cell, form, kind) or "")[:7] or None)


def _unread(counts: Counts, spec: SupplierFile, where: str) -> Iterator[Remark]:
    """Yield which columns are unread. Raises SourceError where the layout does not say that others may be."""
    if not counts.others:
        return
    listing = ", ".join(map(repr, counts.others))
    if spec.layout.other_columns == "refuse":
        raise SourceError(
            f"{where}: found the columns {listing} too, expected only {', '.join(map(repr, counts.columns))}. "
            "If they are not needed, say `other_columns: unread` in the layout of the table in params/plan.yml."
        )
    number = len(counts.others)
    words = f"{number} column{' is' if number == 1 else 's are'} unread: {listing}"
    yield Remark("columns_unread", where, words)


def _in_rows(remark: Remark, rows: int | None) -> Remark:
    """Return a remark that numbers combinations with the number of the rows that they stand for."""
    if rows is None:
        return remark
    words = re.sub(r"^\d+ rows? (is|are)", f"{rows:,} row{' is' if rows == 1 else 's are'}", remark.words)
    return remark._replace(words=words)


def count_rows(
    paths: Sequence[Path],
    layout: Layout,
    columns: Sequence[str],
    cache: Path,
    checksums: Mapping[str, str],
    *,
    seen: Callable[[str], str] = str.strip,
) -> Counts:
    """Return how many rows of the files have each combination of the columns' texts.

    paths: csv, csv.gz or parquet, one table, one below the other. columns: their heads as they stand in the files.
    cache: a folder for what is read once. checksums: the sha256 of files by name, as far as they are known. seen: what
    a person sees of a cell; cells that look the same are counted together.

    Raises SourceError that names every file that cannot be read as a table, with the row; ConfigurationError for
    columns of too many different texts.
    """
    layout = with_separator(paths[0].name, layout)
    known = [checksums.get(path.name) or _sha256(path) for path in paths]
    with RowCache(cache, layout, columns) as rows:
        cached = rows.rows_of(paths, known)
        combinations = rows.combinations(cached, MOST_COMBINATIONS + 1)
    if sum(map(len, combinations)) > MOST_COMBINATIONS:
        raise ConfigurationError(
            f"params/plan.yml: rows are counted by {', '.join(columns)}, which have more than {MOST_COMBINATIONS:,} "
            "different combinations. Count by columns that have few different texts."
        )
    names = [path.name for path in paths]
    counted = [row for name, of_file in zip(names, combinations, strict=True) for row in _seen(of_file, name, seen)]
    numbers = {name: sum(one.rows for one in of_file) for name, of_file in zip(names, combinations, strict=True)}
    others = dict.fromkeys(name for part in cached for name in part.heads if name and name not in columns)
    remarks = (*_ends(cached, numbers), *_twice(paths, known))
    return Counts(tuple(columns), tuple(counted), numbers, tuple(others), remarks)


def _sha256(path: Path) -> str:
    with opened(path, unpack=False) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seen(combinations: Sequence[Combination], file: str, seen: Callable[[str], str]) -> Iterable[CountedRow]:
    """Return a file's counts, those that look the same together, in the order of first rows."""
    together: dict[tuple[str, ...], CountedRow] = {}
    for one in combinations:
        cells = tuple(map(seen, one.cells))
        before = together.get(cells, CountedRow(cells, 0, file, one.first))
        together[cells] = before._replace(rows=before.rows + one.rows)
    return together.values()


def _ends(cached: Sequence[CachedRows], rows: Mapping[str, int]) -> Iterator[Remark]:
    """Yield what the end of a file tells of it: cut in a line, or at a workbook's last row."""
    for part, (name, number) in zip(cached, rows.items(), strict=True):
        last_row = part.head_row + number
        if not part.last_line_ends:
            words = "the last line has no line end, as if the file were cut inside its last cell"
            yield Remark("no_line_end", f"{name}, row {last_row}", words, asks=True)
        yield from cut_at_row_limit(f"{name}, row {last_row}", last_row, number)


def _twice(paths: Sequence[Path], checksums: Sequence[str]) -> Iterator[Remark]:
    """Yield the files that have the content of one before."""
    first: dict[str, str] = {}
    for path, checksum in zip(paths, checksums, strict=True):
        if checksum in first:
            words = f"the file has the same content as {first[checksum]}, so its rows are counted twice"
            yield Remark("same_file_twice", path.name, words, asks=True)
        first.setdefault(checksum, path.name)


def month_of_name(path: Path) -> str | None:
    """Return the month that a file's name carries ('2022-03-some-street.csv': '2022-03'), None without just one."""
    months = {f"{year}-{month}" for year, month in _MONTH.findall(path.name)}
    return months.pop() if len(months) == 1 else None


def month_remarks(counts: Counts, column: str, month: Callable[[str], str | None] = str) -> list[Remark]:
    """Return a remark for each file with rows of another month than the one in its name.

    month: how a cell of the column is read, None for one that is no month.
    """
    place, remarks = counts.columns.index(column), []
    for file, total in counts.rows.items():
        named = month_of_name(Path(file))
        others = [one for one in counts.counted if one.file == file and month(one.cells[place]) != named]
        if named and others:
            number, first = sum(one.rows for one in others), min(one.row for one in others)
            found = sorted({month(one.cells[place]) or "no month" for one in others})
            words = f"{number:,} of {total:,} rows are of {_some(found)}, the file's name says {named}"
            remarks.append(Remark("other_month", f"{file}, row {first}", words, asks=True))
    return remarks


def _some(texts: Sequence[str]) -> str:
    return ", ".join(texts[:3]) + (f" and {len(texts) - 3} more" if len(texts) > 3 else "")
