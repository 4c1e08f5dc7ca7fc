"""A table's numbers by column, row and period: each row's history side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panelpack.config.supplied_table import NUMBER_KINDS, PERIOD_KINDS, SupplierFile
from panelpack.intake.received import ReceivedTable
from panelpack.periods import MONTHS_IN, is_key, key_range

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
ROWS = "number of rows"  # what stands for a column where only rows can be counted
LONGEST = 2400  # months: a calendar longer than that comes of a wrong year, and is not filled up
LARGEST = 1e15  # a number beyond it is as odd as that one, and would overflow


@dataclass(frozen=True)
class Panel:
    """The numbers of a table.

    periods: months, quarters, halves or years in order, without a hole; of dates those that occur. rows: the values of
    `row_columns`, the columns of the key besides the period, in the file's order. values: shape (columns, rows,
    periods), NaN where no number stands. present: whether the row stands in the file, shape (rows, periods). places:
    for each line of the file, in its order, the row and the period, shape (lines, 2).
    """

    kind: str
    periods: tuple[str, ...]
    row_columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    are_counts: tuple[bool, ...]
    values: Values
    present: Mask
    places: NDArray[np.int_]

    @property
    def season(self) -> int:
        """How many periods a year has; 1 for dates."""
        return 12 // MONTHS_IN.get(self.kind, 12)

    @property
    def in_quarter(self) -> int:
        """How many periods a quarter has."""
        return 3 if self.kind == "month" else 1

    def row_name(self, row: int) -> str:
        """Return a row as a reader names it: the values of its key; '' in a table of one row a period."""
        return " ".join(value for value in self.rows[row] if value)

    def subject(self, column: int, rows: Sequence[int]) -> str:
        """Return the column and the rows that a query is about; not the rows where all are meant, or many."""
        name = self.columns[column]
        if len(rows) > 3 or len(rows) == len(self.rows):
            return name
        return " ".join([name, ", ".join(self.row_name(row) for row in rows)]).strip()


def read_panel(table: ReceivedTable) -> Panel | None:
    """Return the numbers of a table; None of one without a column of periods, or without a row that has one.

    A table about persons, one whose key does not have the period and one without numbers give how many rows a period
    has. A cell that is no number and a row whose period cannot be read are gaps: the format check tells them. Of rows
    with one key the first counts.
    """
    spec, text = table.spec, table.text
    when = next((column for column, kind in spec.columns.items() if kind in PERIOD_KINDS), None)
    if when is None or when not in text:
        return None
    kind = spec.columns[when]
    text = text[text[when].isin([cell for cell in text[when].unique() if is_key(str(cell), kind)])]
    if text.empty:
        return None
    numbers = [c for c, kind in spec.columns.items() if kind in NUMBER_KINDS and c in text]
    others = tuple(c for c in spec.key if c != when)
    if when not in spec.key or spec.is_about_persons or not numbers or not set(others) <= set(text):
        return _rows_counted(text[when], spec.columns[when])
    return _numbers(text, spec, when, others, numbers)


def _rows_counted(when: "pd.Series[str]", kind: str) -> Panel:
    counts = when.value_counts()
    periods = calendar(sorted(counts.index), kind)
    values = np.array([[[float(counts.get(period, 0)) for period in periods]]])
    places = np.array([[0, place] for place, period in enumerate(periods) if period in counts.index])
    return Panel(kind, periods, (), ((),), (ROWS,), (True,), values, values[0] > 0, places)


def _numbers(text: pd.DataFrame, spec: SupplierFile, when: str, others: tuple[str, ...], numbers: list[str]) -> Panel:
    kind = spec.columns[when]
    periods = calendar(sorted(text[when].unique()), kind)
    keys = list(zip(*(text[column] for column in others), strict=True)) if others else [()] * len(text)
    rows = tuple(dict.fromkeys(keys))
    row_of, place_of = {key: n for n, key in enumerate(rows)}, {period: n for n, period in enumerate(periods)}
    places = np.array([(row_of[key], place_of[period]) for key, period in zip(keys, text[when], strict=True)])
    read = np.array([pd.to_numeric(text[column], errors="coerce").to_numpy(dtype=float) for column in numbers])
    read = np.where(np.isfinite(read), np.clip(read, -LARGEST, LARGEST), np.nan)
    values = np.full((len(numbers), len(rows), len(periods)), np.nan)
    backwards = slice(None, None, -1)  # so that the first of several is written last
    values[:, places[backwards, 0], places[backwards, 1]] = read[:, backwards]
    present = np.zeros(values.shape[1:], dtype=bool)
    present[places[:, 0], places[:, 1]] = True
    are_counts = tuple(spec.columns[column] == "count" for column in numbers)
    return Panel(kind, periods, others, rows, tuple(numbers), are_counts, values, present, places)


def calendar(periods: list[str], kind: str) -> tuple[str, ...]:
    """Return the periods from the first to the last without a hole; dates as they are."""
    if kind == "date" or (int(periods[-1][:4]) - int(periods[0][:4])) * 12 > LONGEST:
        return tuple(periods)
    return key_range(periods[0], periods[-1])


def realigned(panel: Panel, rows: Sequence[tuple[str, ...]], periods: Sequence[str], columns: Sequence[str]) -> Values:
    """Return a panel's values on other rows, periods and columns; NaN where it has none."""
    values = np.full((len(columns), len(rows), len(periods)), np.nan)
    axes = ((columns, panel.columns), (rows, panel.rows), (periods, panel.periods))
    shared = [_shared(wanted, there) for wanted, there in axes]
    if all(shared):
        here, there = (np.ix_(*([pair[side] for pair in axis] for axis in shared)) for side in (0, 1))
        values[here] = panel.values[there]
    return values


def _shared(wanted: Sequence[object], there: Sequence[object]) -> list[tuple[int, int]]:
    """Return the positions in both of what both have."""
    place = {name: n for n, name in enumerate(there)}
    return [(n, place[name]) for n, name in enumerate(wanted) if name in place]
