"""What a quarter's files say differently of earlier periods than those of the quarter before did, and why.

Tables about persons and tables withheld at the meeting are left out: nothing of them may be shown. Of a table of
records, whose rows have no key of their own, the numbers of rows are compared: by period, and by the columns by which
series pick rows.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.plan import Plan
from panelpack.config.series import Series
from panelpack.config.sources import SOURCES_FILE, Revision, Source
from panelpack.config.supplied_table import NUMBER_KINDS, PERIOD_KINDS, SupplierFile
from panelpack.errors import ConfigurationError, SourceError, shown
from panelpack.intake.received import ReceivedTable
from panelpack.intake.tables import comparable_tables, files_there, receive_table
from panelpack.intake.typed import is_blank, typed
from panelpack.periods import Quarter, latest_keys
from panelpack.project import Project
from panelpack.shorthand import CONFIDENTIAL, NOT_AVAILABLE, sign_of_gap

RESTATED_COLUMNS = ["table", "key", "period", "column", "old", "new", "reason"]
INTERNAL = NOT_AVAILABLE  # in the place of a figure of an internal table
ROWS = "number of rows"  # what is compared of a table of records
NO_NUMBER = {name: sign_of_gap(name) for name in ("suppressed", "missing", "not_applicable")} | {"zero": "0"}


class RestatedFigure(NamedTuple):
    """A figure that two drops give differently; `key` names its row. '' stands for a row that is not there.

    Where a mark stands in the place of a number, it is the sign of what the mark means, of NO_NUMBER.
    """

    key: Mapping[str, str]
    column: str
    old: str
    new: str


def find_restated(office: Configuration, before: Quarter | None = None) -> pd.DataFrame:
    """Return the cells that the quarter's files give differently from those of an earlier one: COLUMNS, as text.

    `before` is by default the quarter before.
    A row that vanished, or that appeared for a period up to the earlier quarter's end, is a line a figure. `reason`
    is the supplier's, from sources.yml; '' where it gave none. The table is empty where the earlier drop is not there.
    Figures of internal tables are INTERNAL, and one that the supplier withholds now is confidential. Raises
    ConfigurationError for a revision that explains nothing, SourceError for a file that cannot be compared.
    """
    project, quarter = office.project, office.quarter
    before, lines = before or quarter.shift(-1), []
    if not project.raw(before).is_dir():
        return pd.DataFrame(columns=RESTATED_COLUMNS, dtype=str)
    by_table, comparable = office.sources.by_table, comparable_tables(office, before)
    for name in (name for name in office.shown_tables if name in comparable):
        table, then = office.plan.tables[name], comparable[name]
        if table.is_about_persons or name not in by_table or not files_there(project.raw(before), then):
            continue  # a table that is new has nothing to compare; one that vanished is a query
        drops = (receive_table(project, before, name, then), receive_table(project, quarter, name, table))
        if any(_is_of_records(received, office.plan) for received in drops):
            key = [column for column in record_key(office.plan, name) if all(column in drop.text for drop in drops)]
            old, new = (_rows_counted(received, key) for received in drops)
        else:
            key = table.key
            old, new = (_figures(drops[0], project, before), _figures(drops[1], project, quarter))
        cells = list(_cells(old, new, table, before))
        reasons = _reasons(cells, by_table[name], table, key, shown(project.raw(quarter) / SOURCES_FILE))
        # Of an internal table only aggregates may be shown, and a single cell is none.
        is_open = by_table[name].sensitivity != "internal"
        lines += [
            [name, _words(cell.key), cell.key.get(table.period_column, ""), cell.column, *_shown(cell, is_open), reason]
            for cell, reason in zip(cells, reasons, strict=True)
        ]
    return pd.DataFrame(lines, columns=RESTATED_COLUMNS, dtype=str)


def not_compared(office: Configuration) -> list[str]:
    """Return the tables that may be shown and whose figures the drop of the quarter before cannot be compared with."""
    before = office.quarter.shift(-1)
    earlier, comparable = office.project.raw(before), comparable_tables(office, before)
    return [
        name
        for name in office.shown_tables
        if not office.plan.tables[name].is_about_persons
        and (name not in comparable or not files_there(earlier, comparable[name]))
    ]


def _shown(cell: RestatedFigure, is_open: bool) -> tuple[str, str]:
    """Return the old and the new figure; INTERNAL for those of an internal table."""
    known = {"", *NO_NUMBER.values()}
    old, new = (figure if is_open or figure in known else INTERNAL for figure in (cell.old, cell.new))
    if new == NO_NUMBER["suppressed"] and old not in known:
        old = CONFIDENTIAL  # what is too small to be told now was so before
    return old, new


def revised_points(changes: pd.DataFrame, name: str, office: Configuration) -> dict[int, str]:
    """Return which lines of `changes` (as `find_restated` returns them) a series rests on, and each one's point.

    A point is named by its period: a month, a quarter, a half, a year or a date.
    """
    spec = office.plan.series[name]
    table, used, chosen = office.plan.tables[spec.table], _columns_of(spec), office.categories(spec)
    by_quarter = spec.by == "quarter" and "month" in table.columns.values()
    points: dict[int, str] = {}
    for line, row in enumerate(changes.to_dict("records")):
        if row["table"] != spec.table or not row["period"] or (used and row["column"] not in (*used, ROWS)):
            continue
        key = key_of_row(row, office.plan)
        # A column outside the key cannot be told from here: rather mark a point too many.
        if all(key.get(column, allowed[0]) in allowed for column, allowed in chosen.items()):
            points[line] = str(Quarter.of_month(row["period"])) if by_quarter else row["period"]
    return points


def key_of_row(row: Mapping[str, str] | pd.Series, plan: Plan) -> dict[str, str]:
    """Return the key of a line of `changes`: of a row of its table, or of what records are counted by."""
    table = row["table"]
    return _key(row["key"], record_key(plan, table) if row["column"] == ROWS else plan.tables[table].key)


def _columns_of(spec: Series) -> set[str]:
    """Return the columns that a series adds up; none for one that counts rows."""
    parts = [part for part in (spec.value, spec.base) if part is not None]
    return {name for part in parts if (name := part if isinstance(part, str) else part.column)}


def _is_of_records(received: ReceivedTable, plan: Plan) -> bool:
    """Whether rows are records: their key may be empty, or series count rows and there are no numbers beside them."""
    spec, text = received.spec, received.text
    if (period := spec.column_of(*PERIOD_KINDS)) is None:
        return False
    has_numbers = any(kind in NUMBER_KINDS for kind in spec.columns.values())
    is_counted = any(series.table == received.name for series in plan.series.values())
    if is_counted and not has_numbers and period not in spec.key:
        return True
    return any(is_blank(text[column]).any() for column in spec.key if column in text)


def record_key(plan: Plan, name: str) -> list[str]:
    """Return by what the rows of a table of records are counted: the period, and what series pick them by."""
    table = plan.tables[name]
    picked = (column for spec in plan.series.values() if spec.table == name for column in spec.where)
    return list(dict.fromkeys([table.period_column, *picked]))


def _rows_counted(received: ReceivedTable, key: list[str]) -> pd.DataFrame:
    """Return how many rows a table of records has of each key, as text: one column."""
    counts = received.text.groupby(key, sort=True).size().astype("str")
    index = counts.index if len(key) > 1 else pd.MultiIndex.from_arrays([counts.index], names=key)
    return pd.DataFrame({ROWS: counts.to_numpy()}, index=index)


def _figures(received: ReceivedTable, project: Project, drop: Quarter) -> pd.DataFrame:
    """Return a table's figures as text, or why there is no number, indexed by its key.

    Raises SourceError for a table that cannot be compared.
    """
    table = received.spec
    path, remedy = shown(project.raw(drop) / table.pattern), f"Check the file: make validate Q={drop}"
    columns = [column for column, kind in table.columns.items() if kind in NUMBER_KINDS]
    if missing := [column for column in (*table.key, *columns) if column not in received.text]:
        raise SourceError(f"{path}: column {missing[0]!r} is missing. {remedy}")
    if not _are_numbers(received, columns):
        raise SourceError(f"{path}: a figure is not a number, so it cannot be compared. {remedy}")
    index = pd.MultiIndex.from_frame(received.text[table.key])
    if index.has_duplicates:
        raise SourceError(f"{path}: a row stands twice, expected one of each. {remedy}")
    figures = received.text[columns].copy()
    for (row, column), meaning in received.gaps.items():
        if column in figures:
            figures.loc[row, column] = NO_NUMBER[meaning]
    return figures.set_axis(index)


def _are_numbers(received: ReceivedTable, columns: list[str]) -> bool:
    """Whether every figure is a number or has a mark that says why it is not there."""
    try:
        missing = typed(received)[columns].isna()
    except (ValueError, OverflowError):
        return False
    marked = {(row, column) for row, column in received.gaps if column in columns}
    return int(missing.to_numpy().sum()) == len(marked)


def _cells(old: pd.DataFrame, new: pd.DataFrame, table: SupplierFile, before: Quarter) -> Iterator[RestatedFigure]:
    """Yield the restated cells in the order of the key."""
    # Looked up in dictionaries: pandas takes a hundred times as long for a single cell.
    olds, news = (dict(zip(frame.index, frame.itertuples(index=False, name=None), strict=True)) for frame in (old, new))
    columns = list(new)
    for row in sorted({*olds, *news}):
        key = dict(zip(new.index.names, row, strict=True))
        if row not in olds and not _up_to(key, table, before):
            continue  # the new quarter's own
        nothing = ("",) * len(columns)
        for column, was, now in zip(columns, olds.get(row, nothing), news.get(row, nothing), strict=True):
            if was != now and (not _is_number(was) or not _is_number(now) or float(was) != float(now)):
                yield RestatedFigure(key, column, was, now)


def _is_number(figure: str) -> bool:
    return figure != "" and figure not in NO_NUMBER.values()


def _up_to(key: Mapping[str, str], table: SupplierFile, before: Quarter) -> bool:
    period = table.period_column
    if period not in key:
        return True
    if table.columns[period] == "date":
        return key[period][:7] <= before.months[-1]
    return key[period] <= latest_keys(before, table.columns[period])[-1]


def _reasons(
    cells: list[RestatedFigure], source: Source, table: SupplierFile, key: list[str], listed: str
) -> list[str]:
    """Return the supplier's reason for each cell. Raises ConfigurationError for a revision that explains none."""
    reasons = [""] * len(cells)
    for number, revision in enumerate(source.revisions, start=1):
        where = f"{listed}: revision {number} of {table.pattern}"
        for column in revision.where:
            if column not in key:
                raise ConfigurationError(
                    f"{where}: {column!r} is no column of the table's key, expected {', '.join(key)}. Correct it."
                )
        explained = [place for place, cell in enumerate(cells) if _explains(revision, cell.key)]
        if not explained:
            raise ConfigurationError(f"{where} explains nothing: no restated figure is there. Remove or correct it.")
        for place in explained:
            reasons[place] = f"{reasons[place]} {revision.reason}".strip()
    return reasons


def _explains(revision: Revision, key: Mapping[str, str]) -> bool:
    return all(key[column] in ([v] if isinstance(v, str) else v) for column, v in revision.where.items())


def _words(key: Mapping[str, str]) -> str:
    """Name a row by its key: each column as the supplier heads it, with its value."""
    return ", ".join(f"{column} {value}" for column, value in key.items())


def _key(words: str, key: list[str]) -> dict[str, str]:
    """Read a row's key back from its words."""
    pattern = ", ".join(f"{re.escape(column)} (.*)" for column in key)
    values = re.fullmatch(pattern, words, re.DOTALL)
    return dict(zip(key, values.groups(), strict=True)) if values else {}
