"""Lay a supplier's table out as the plan has it: its columns by the plan's names, its cells in the plan's forms.

Everything here is declared in the plan's `layout` (config/layout.py); what it does not declare stands as it was
supplied. Messages quote heads and never a cell, for a table may be about persons.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

import pandas as pd

from panelpack.config.layout import Layout, Meaning, Name
from panelpack.config.layout_checks import layout_line
from panelpack.config.supplied_table import NUMBER_KINDS, PERIOD_KINDS, SupplierFile
from panelpack.errors import SourceError
from panelpack.formats import listed
from panelpack.intake.cells import and_more, gaps_of, is_after, read_numbers, read_periods
from panelpack.intake.grid import Grid
from panelpack.intake.heads import Table, column_words, find_heads, heads_words, missing_heads, needed_heads, no_periods
from panelpack.intake.period_forms import accepted_words, read_period
from panelpack.intake.received import ReceivedTable, Remark
from panelpack.periods import POINT_WORDS, Quarter

Cell = TypeVar("Cell")
SHOWN = 10  # rows or columns that a message lists


@dataclass
class _Rows:
    """Rows on the way: each column's cells by its head, the number of each row, and the head that each comes from."""

    columns: dict[str, Sequence[str]]
    numbers: Sequence[int]
    under: Sequence[str] = ()  # of a table with a column a period: the head of that column

    def keep(self, wanted: Sequence[bool]) -> int:
        """Keep the wanted rows; return how many are gone."""
        gone = len(wanted) - sum(wanted)
        if gone:
            self.columns = {name: _kept(cells, wanted) for name, cells in self.columns.items()}
            self.numbers = _kept(self.numbers, wanted)
            self.under = _kept(self.under, wanted) if self.under else ()
        return gone


@dataclass
class _Unread:
    """What a layout leaves unread, counted over all files of a table."""

    rows: int = 0  # of data that the files hold, read or not
    left_out: Counter[str] = field(default_factory=Counter)  # by what they are: rows, or cells under a period
    columns: dict[str, None] = field(default_factory=dict)  # in order, each once
    met: set[tuple[str, str]] = field(default_factory=set)  # the columns and values of `only` that were met
    almost: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # key, column, value: cells much like it
    below: list[Remark] = field(default_factory=list)


def lay_out(
    name: str, spec: SupplierFile, grids: Sequence[tuple[str, Grid]], quarter: Quarter, folder: str = ""
) -> ReceivedTable:
    """Return the table of one or more grids, each with the name of its file, as its layout in the plan says.

    folder: where the files are, as messages name it before a file's name ('data/raw/2022Q1/'). What the index says is
    told after the table's own file or pattern, so it has no folder.

    What the layout declares is applied in this order:

    1. Heads: the row of `header_row`, or with `find` the first of 40 that has all heads that are needed;
       `header_rows` of them are joined. Blanks and line breaks inside a head are single blanks.
    2. The end: the first line after the first row of data that begins as `until` says, or with `until: blank` the
       first empty one. Empty rows at the end are never read; one that is left inside the table in the end is refused.
    3. Columns without head and cells vanish. One with cells but no head is refused, or unread with
       `other_columns: unread`. A head that stands twice is refused where it is read.
    4. `heads` gives columns the plan's names.
    5. `only` and `leave_out` pick rows by the text of their cells as supplied. (By the period of a table with a
       column a period: after 7, by the head as supplied.) Their columns are not passed on unless the plan has them.
    6. `join` makes a column of several.
    7. `wide`: each column whose head is a period makes a row of each cell.
    8. `other_columns: unread` leaves out the columns that the plan does not have.
    9. `forms` reads months, quarters and dates.
    10. `later: unread` leaves out rows after the quarter's last month; a date counts as its month.
    11. Counts and decimals: `marks`, then thousands, decimal sign and signs (number_forms.py); a cell of nothing but
        blanks is empty.

    A cell that is not in its declared form stands as it was supplied, and validation refuses it. Where validation
    could take it for something else, it is refused here: 1.234 where a comma is declared as decimal sign, a quarter in
    the plan's own form where another form of quarters is. A column that the plan has and the file has not is left to
    validation, unless the layout says something of it or leaves columns unread.

    Columns stand in the file's order; where the layout renames, joins or picks them, in the plan's. The index is the
    number of the row in the file, or words such as 'b.csv, row 7', "sheet 'North', row 7" or "row 5, column 'Apr-22'"
    where that would not be enough. Raises SourceError that names the file, what was found and what to write.
    """
    unread, several = _Unread(), len(grids) > 1
    per_file = Counter(file for file, _ in grids)
    laid, places = [], []
    for file, grid in grids:
        sheet = [f"sheet {grid.sheet!r}"] if per_file[file] > 1 else []
        table = Table(name, spec, ", ".join([folder + file, *sheet]))
        laid.append(_read_grid(table, grid, unread))
        places.append(", ".join([*([file] if len(per_file) > 1 else []), *sheet]))
        if several:
            is_same_file = sheet and file == grids[0][0]
            model = f"sheet {grids[0][1].sheet!r}" if is_same_file else grids[0][0]
            _refuse_other_heads(table, laid[0], laid[-1], model)
    where = folder + (grids[0][0] if len(per_file) == 1 else spec.pattern)
    _refuse_none_left(Table(name, spec, where), laid, unread)

    columns: dict[str, Sequence[str]] = {
        head: list(chain.from_iterable(rows.columns[head] for rows in laid)) for head in laid[0].columns
    }
    index = [label for rows, place in zip(laid, places, strict=True) for label in _labels(rows, place)]
    table = Table(name, spec, where)
    for column in _of_kinds(spec, columns, PERIOD_KINDS):
        columns[column] = read_periods(table, column, columns[column], index)
    later = 0
    if spec.layout.later == "unread" and spec.period_column in columns:
        periods = columns[spec.period_column]
        after = {text for text in set(periods) if is_after(text, quarter)}
        wanted = [text not in after for text in periods]
        if later := len(wanted) - sum(wanted):
            columns = {column: _kept(cells, wanted) for column, cells in columns.items()}
            index = _kept(index, wanted)
    gaps: dict[tuple[object, str], Meaning] = {}
    for column in _of_kinds(spec, columns, NUMBER_KINDS):
        gaps |= gaps_of(table, column, columns[column], index)
        columns[column] = read_numbers(table, column, columns[column], index)
    text = pd.DataFrame(columns, index=pd.Index(index) if index else pd.RangeIndex(0), dtype="str")
    remarks = [_with_file(folder + file, remark) for file, grid in grids for remark in grid.remarks]
    remarks += [*unread.below, *_remarks(table, unread, later)]
    return ReceivedTable(name, spec, text, unread.rows, gaps, tuple(remarks))


# ------------------------------------------------------------------------------------------------ one grid
def _read_grid(table: Table, grid: Grid, unread: _Unread) -> _Rows:
    """Return the rows of one grid under the plan's names: steps 1 to 8."""
    spec, layout, cells = table.spec, table.spec.layout, grid.cells
    heads = find_heads(table, cells)
    first, end = _extent(cells, heads.row, layout.until)
    columns, nameless = _columns(table, heads.names, cells[first:end], first)
    _refuse_missing(table, heads.row, list(columns))
    for head in nameless:
        unread.columns[head] = None
    names = {head: column for column, head in layout.heads.items()}
    rows = _Rows({names.get(head, head): column for head, column in columns.items()}, range(first + 1, end + 1))
    empty = {number for number, row in zip(rows.numbers, cells[first:end], strict=True) if _is_empty(row)}
    unread.rows += len(rows.numbers) - len(empty)
    if end < len(cells):
        unread.below += _below(table, cells[end:], columns)

    conditions = dict.fromkeys([*layout.only, *layout.leave_out])
    unread.left_out["row"] += _pick(rows, layout, conditions, unread)
    _refuse_empty(table, rows, empty)
    used = [*(part for parts in layout.join.values() for part in parts), *conditions]
    _join(rows, layout.join)
    rows.columns = {name: c for name, c in rows.columns.items() if name in spec.columns or name not in used}
    if layout.wide:
        _lengthen(table, rows, heads.row, unread)
        unread.left_out["cell"] += _pick(rows, layout, {layout.wide.period: None}, unread)
    if layout.other_columns == "unread":
        unread.columns |= dict.fromkeys(name for name in rows.columns if name not in spec.columns)
        rows.columns = {name: column for name, column in rows.columns.items() if name in spec.columns}
    if layout.heads or layout.join or layout.wide or layout.other_columns == "unread":
        order = [column for column in spec.columns if column in rows.columns]
        rows.columns = {name: rows.columns[name] for name in dict.fromkeys([*order, *rows.columns])}
    return rows


def _extent(cells: Sequence[Sequence[str]], first: int, until: str | None) -> tuple[int, int]:
    """Return where the rows of data begin and end, counted from 0; the end is the first that is none."""
    end = len(cells)
    while end > first and _is_empty(cells[end - 1]):
        end -= 1
    if until is None:
        return first, end
    while first < end and _is_empty(cells[first]):  # a line left free between the heads and the data
        first += 1
    for place in range(first, end):
        row = cells[place]
        if _is_empty(row) if until == "blank" else " ".join(" ".join(row).split()).startswith(until):
            return first, place
    return first, end


def _is_empty(row: Sequence[str]) -> bool:
    return not (row and row[0].strip()) and not "".join(row).strip()


def _columns(
    table: Table, heads: Sequence[str], body: Sequence[Sequence[str]], first: int
) -> tuple[dict[str, Sequence[str]], list[str]]:
    """Return each column's cells by its head as supplied, and what to call the columns without one that are unread."""
    width = max([len(heads), *map(len, body)])
    names = [*heads, *[""] * (width - len(heads))]
    full = body if all(len(row) == width for row in body) else [[*row, *[""] * (width - len(row))] for row in body]
    lists: Sequence[Sequence[str]] = list(zip(*full, strict=True)) if body else [()] * width
    layout, nameless = table.spec.layout, []
    for place, (name, column) in enumerate(zip(names, lists, strict=True)):
        if name or not (filled := [row for row, cell in enumerate(column) if cell.strip()]):
            continue
        if layout.other_columns == "refuse":
            raise SourceError(
                f"{table.where}: {column_words(place)} has no head, but row {first + filled[0] + 1} has a cell there"
                f"{and_more(len(filled) - 1)}. If it is not needed, say `other_columns: unread` {table.in_layout}; if "
                "a sign inside a cell was taken for its end, ask the supplier for quotation marks around the cell."
            )
        nameless.append(column_words(place))
    twice = [name for name, times in Counter(filter(None, names)).items() if times > 1]
    if twice:
        _refuse_twice(table, names, twice)
    return {name: column for name, column in zip(names, lists, strict=True) if name}, nameless


def _refuse_twice(table: Table, names: Sequence[str], twice: Sequence[str]) -> None:
    spec = table.spec
    for name in twice:
        if name in needed_heads(spec) or table.is_period(name) or spec.layout.other_columns == "refuse":
            places = listed([column_words(place) for place, other in enumerate(names) if other == name])
            raise SourceError(
                f"{table.where}: found {_quoted(table, name)} at the head of {places}, expected each head once. If "
                f"rows of heads above tell them apart, say `header_rows` {table.in_layout}; else ask the supplier what "
                "each is."
            )


def _quoted(table: Table, name: str) -> str:
    is_known = name in needed_heads(table.spec) or not table.spec.is_about_persons
    return repr(name) if is_known else "one that is not shown"


def _refuse_missing(table: Table, row: int, names: Sequence[str]) -> None:
    """Refuse heads without those of which the layout says something, and two columns of which one takes the other's."""
    spec, layout = table.spec, table.spec.layout
    needed = needed_heads(spec)
    declared = {*layout.heads, *layout.forms, *layout.only, *layout.leave_out}
    declared |= set(spec.columns) if layout.other_columns == "unread" or layout.wide else set()
    missing = {
        head: (key, column)
        for head, (key, column) in needed.items()
        if head not in names and (key == "join" or column in declared)
    }
    if missing:
        raise missing_heads(table, row, names, missing)
    for column, head in layout.heads.items():
        if column != head and column in names and column not in layout.heads.values():
            raise SourceError(
                f"{table.where}: found both {column!r} and {head!r} among the heads, and `heads` calls {head!r} "
                f"{column!r}. Correct `heads` {table.in_layout}."
            )


def _below(table: Table, lines: Sequence[Sequence[str]], columns: Mapping[str, object]) -> list[Remark]:
    """Tell how many lines below the table are unread; the analyst must say that those are right that look like rows."""
    count = sum(not _is_empty(line) for line in lines)
    if not count:
        return []
    layout, period = table.spec.layout, table.spec.period_column
    like = 0
    head = layout.heads.get(period, period)
    if head in columns:
        place, kind = list(columns).index(head), table.spec.columns[period]
        like = sum(
            len(line) > place and bool(read_period(line[place], layout.forms.get(period), kind)) for line in lines
        )
    words = f"{count} line{_s(count)} below the table {_is(count)} unread"
    if like:
        words += f", of which {like} look{'s' * (like == 1)} like {'a row' if like == 1 else 'rows'} of it"
    return [Remark("lines_below", table.where, words, asks=bool(like))]


def _pick(rows: _Rows, layout: Layout, columns: Iterable[str], unread: _Unread) -> int:
    """Keep the rows that `only` and `leave_out` say by some columns; return how many are gone."""
    gone = 0
    for key, condition, is_wanted in (("only", layout.only, True), ("leave_out", layout.leave_out, False)):
        for column in columns:
            if column not in condition or column not in rows.columns:
                continue
            values, cells = _values(condition[column]), [cell.strip() for cell in rows.columns[column]]
            if is_wanted:
                unread.met |= {(column, value) for value in values.intersection(cells)}
            alike = {_plain(value): value for value in sorted(values)}
            for cell in sorted(set(cells) - values):
                if (value := alike.get(_plain(cell))) is not None:
                    unread.almost[key, column, value] += cells.count(cell)
            gone += rows.keep([(cell in values) is is_wanted for cell in cells])
    return gone


def _plain(cell: str) -> str:
    return " ".join(cell.casefold().split())


def _values(names: Name) -> set[str]:
    return {names} if isinstance(names, str) else set(names)


def _refuse_empty(table: Table, rows: _Rows, empty: set[int]) -> None:
    left = [number for number in rows.numbers if number in empty] if empty else []
    if not left:
        return
    line = layout_line("leave_out", {next(iter(rows.columns)): ""})
    which = f"row {left[0]} is" if len(left) == 1 else f"rows {listed(list(map(str, left[:SHOWN])))} are"
    raise SourceError(
        f"{table.where}: {which} empty{and_more(len(left) - SHOWN)}, but rows follow. If the table ends there, say "
        f"`until: blank` {table.in_layout}; if it goes on, say `{line}`."
    )


def _join(rows: _Rows, join: Mapping[str, Sequence[str]]) -> None:
    for target, parts in join.items():
        cells = zip(*(rows.columns[part] for part in parts), strict=True)
        rows.columns[target] = [" ".join(filter(None, (cell.strip() for cell in texts))) for texts in cells]


def _lengthen(table: Table, rows: _Rows, row: int, unread: _Unread) -> None:
    """Make a row of each cell under a head that is a period, row by row."""
    spec, wide = table.spec, table.spec.layout.wide
    assert wide is not None
    others = [name for name in rows.columns if name not in spec.columns]
    periods = [name for name in others if table.is_period(name)]
    if not periods:
        raise no_periods(table, row, list(rows.columns))
    strange = [name for name in others if name not in periods]
    if strange and spec.layout.other_columns == "refuse":
        form = spec.layout.forms.get(wide.period)
        raise SourceError(
            f"{table.where}, row {row}: found {heads_words(table, strange)}, expected columns of the plan or "
            f"{accepted_words(form, spec.columns[wide.period])}. If they are not needed, say `other_columns: unread` "
            f"{table.in_layout}."
        )
    unread.columns |= dict.fromkeys(strange)
    same = Counter(read_period(name, spec.layout.forms.get(wide.period), spec.columns[wide.period]) for name in periods)
    if (most := same.most_common(1)[0])[1] > 1:
        raise SourceError(
            f"{table.where}, row {row}: found {most[1]} heads that are {most[0]}, expected each "
            f"{POINT_WORDS[spec.columns[wide.period]]} once. Ask the supplier which is which."
        )
    count = len(periods)
    kept = [name for name in rows.columns if name not in others]
    rows.columns = {
        **{name: [cell for cell in rows.columns[name] for _ in periods] for name in kept},
        wide.period: periods * len(rows.numbers),
        wide.value: [cell for cells in zip(*(rows.columns[name] for name in periods), strict=True) for cell in cells],
    }
    rows.numbers = [number for number in rows.numbers for _ in range(count)]
    rows.under = rows.columns[wide.period]


# ---------------------------------------------------------------------------------------- all grids together
def _refuse_other_heads(table: Table, first: _Rows, other: _Rows, model: str) -> None:
    """Refuse a file or sheet whose columns are not those of the first. model: what messages call the first."""
    lacking = [name for name in first.columns if name not in other.columns]
    added = [name for name in other.columns if name not in first.columns]
    if not lacking and not added:
        return
    found = [f"no column {listed([_quoted(table, name) for name in lacking])}"] if lacking else []
    found += [f"a column {listed([_quoted(table, name) for name in added])}"] if added else []
    unread = f"; columns that are not needed are left out by `other_columns: unread` {table.in_layout}" if added else ""
    raise SourceError(
        f"{table.where}: found {' and '.join(found)}, expected the columns of {model}. "
        f"Ask the supplier for one layout in all files{unread}."
    )


def _refuse_none_left(table: Table, laid: Sequence[_Rows], unread: _Unread) -> None:
    if not unread.rows or any(len(rows.numbers) for rows in laid):
        return
    keys = [key for key in ("only", "leave_out") if getattr(table.spec.layout, key)]
    if keys:
        words = listed([f"`{key}`" for key in keys])
        raise SourceError(
            f"{table.where}: none of the {unread.rows} row{_s(unread.rows)} is left by {words}, expected rows. Correct "
            f"the values {table.in_layout}: they are compared as they stand in the file."
        )


def _labels(rows: _Rows, place: str) -> Sequence[object]:
    before = f"{place}, " if place else ""
    if rows.under:
        pairs = zip(rows.numbers, rows.under, strict=True)
        return [f"{before}row {number}, column {head!r}" for number, head in pairs]
    return [f"{before}row {number}" for number in rows.numbers] if place else rows.numbers


def _of_kinds(spec: SupplierFile, columns: Mapping[str, object], kinds: Sequence[str]) -> list[str]:
    return [column for column in columns if spec.columns.get(column) in kinds]


def _kept(cells: Sequence[Cell], wanted: Sequence[bool]) -> list[Cell]:
    return [cell for cell, is_wanted in zip(cells, wanted, strict=True) if is_wanted]


# ---------------------------------------------------------------------------------------------- in words
def _remarks(table: Table, unread: _Unread, later: int) -> Iterable[Remark]:
    layout, where = table.spec.layout, table.where
    keys = listed([f"`{key}`" for key in ("only", "leave_out") if getattr(layout, key)])
    absent = [
        f"{value!r} in column {column!r}"
        for column, names in layout.only.items()
        for value in ([names] if isinstance(names, str) else names)
        if (column, value) not in unread.met
    ]
    left_out = [f"{count} {what}{_s(count)}" for what, count in unread.left_out.items() if count]
    if left_out or absent:
        count = unread.left_out.total()
        words = [f"{listed(left_out)} {_is(count)} left unread by {keys}"] if left_out else []
        words += [f"no row has {listed(absent)}, which `only` names"] if absent else []
        yield Remark("rows_left_out", where, "; ".join(words), asks=bool(absent))
    for (key, column, value), count in unread.almost.items():
        has, it = ("has", "it") if count == 1 else ("have", "them")
        found = f"{count} row{_s(count)} {has} {value!r} in column {column!r} written otherwise"
        yield Remark("rows_left_out", where, f"{found}, so `{key}` does not pick {it}", asks=True)
    if later:
        what = "cell" if layout.wide else "row"
        yield Remark("rows_later", where, f"{later} {what}{_s(later)} {_is(later)} dated after the quarter")
    if unread.columns:
        count = len(unread.columns)
        words_of = [_unread_words(table, head) for head in unread.columns][:SHOWN]
        listing = ", ".join(words_of) + f" and {count - SHOWN} more" if count > SHOWN else listed(words_of)
        yield Remark("columns_unread", where, f"{count} column{_s(count)} {_is(count)} unread: {listing}")


def _unread_words(table: Table, head: str) -> str:
    return head if head.startswith("column ") and head.endswith(")") else _quoted(table, head)


def _with_file(file: str, remark: Remark) -> Remark:
    if file in remark.where:
        return remark
    return remark._replace(where=f"{file}, {remark.where}" if remark.where else file)


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
