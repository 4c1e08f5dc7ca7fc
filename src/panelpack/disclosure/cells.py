"""The cells of a table as far as what is shown tells them apart, and which of them each shown number adds up.

Rows that every series picks alike count as one cell a period. The unknowns of whoever works back from what is shown are
the numbers of these cells: one a column that a series reads.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panelpack.config.configuration import Configuration
from panelpack.config.plan import Plan
from panelpack.config.series import Aggregate, Series
from panelpack.config.supplied_table import SupplierFile
from panelpack.disclosure.added_rows import whole_among
from panelpack.disclosure.grains import coarser
from panelpack.periods import MONTHS_IN

PRODUCT = " × "  # between the columns of which an unknown is the product
ROWS = "number of rows"  # what stands for a column where rows are counted
Unknowns = tuple[int, ...]


@dataclass(frozen=True)
class Read:
    """What a series reads of a table: the columns of its value and of its base, and its cells.

    base: '' for none. is_part: whether the value is a part of the base. cells: a truth for each cell of the table.
    """

    value: str
    base: str
    is_part: bool
    cells: NDArray[np.bool_] = field(repr=False)


@dataclass(frozen=True)
class Cells:
    """The cells of a table. periods: of each. numbers: of each column, NaN where the supplier gave none. withheld: of
    each column whether it gave none so that nobody is recognised.

    series: what each series, and each area of one, reads. sums: for a cell that is the whole of others, it and those.
    """

    periods: NDArray[np.object_]
    numbers: Mapping[str, NDArray[np.float64]]
    withheld: Mapping[str, NDArray[np.bool_]]
    series: Mapping[str, Read]
    sums: Sequence[tuple[int, tuple[int, ...]]]

    @cached_property
    def columns(self) -> list[str]:
        """The columns, in the order of the unknowns."""
        return list(self.numbers)

    @property
    def count(self) -> int:
        """How many cells there are; an unknown is a cell in a column."""
        return len(self.periods)

    @cached_property
    def truth(self) -> NDArray[np.float64]:
        """The number behind each unknown."""
        return np.concatenate([self.numbers[column] for column in self.columns]) if self.columns else np.empty(0)

    @cached_property
    def _by_key(self) -> dict[str, dict[str, list[int]]]:
        return {}

    @cached_property
    def _inside(self) -> dict[tuple[str, str, str], tuple[int, ...]]:
        return {}

    def of_key(self, grain: str, key: str) -> list[int]:
        """Return the cells of a month, quarter or year; of a grain of dates those of the day."""
        if grain not in self._by_key:
            by_key: dict[str, list[int]] = {}
            for cell, period in enumerate(self.periods):
                by_key.setdefault(coarser(period, grain) if grain in MONTHS_IN else period, []).append(cell)
            self._by_key[grain] = by_key
        return self._by_key[grain].get(key, [])

    def of_series(self, name: str) -> pd.DataFrame:
        """Return the value and the base of each cell that a series reads."""
        read = self.series[name]
        base = self.numbers[read.base] if read.base else np.full(self.count, np.nan)
        return pd.DataFrame({"value": self.numbers[read.value][read.cells], "base": base[read.cells]})

    def unknowns(self, column: str, cells: Collection[int]) -> Unknowns:
        """Return the unknowns of some cells in a column."""
        start = self.columns.index(column) * self.count
        return tuple(start + cell for cell in cells)

    def inside(self, name: str, grain: str, *keys: str) -> tuple[int, ...]:
        """Return the cells that points of a series add up."""
        found: list[int] = []
        for key in keys:
            if (name, grain, key) not in self._inside:
                mask = self.series[name].cells
                self._inside[name, grain, key] = tuple(cell for cell in self.of_key(grain, key) if mask[cell])
            found += self._inside[name, grain, key]
        return tuple(found)


def read_cells(
    frame: pd.DataFrame,
    areas_of: Mapping[str, tuple[str, str]],
    withheld: Collection[tuple[object, str]],
    office: Configuration,
) -> Cells:
    """Return the cells of a typed table.

    areas_of: for each series and each area of one, by its name, the series of the plan and the area ('' for the whole).
    withheld: the rows and columns in which the supplier gave no number so that nobody is recognised.
    """
    plan = office.plan
    first = next(iter(areas_of.values()))[0]
    table = plan.tables[plan.series[first].table]
    chosen = {name: _chosen(table, spec, area, office) for name, (spec, area) in areas_of.items()}
    read = {name: columns for name, (of, _) in areas_of.items() if (columns := columns_read(plan.series[of], plan))}
    numbers = _numbers(frame, {name: areas_of[name][0] for name in read}, plan)
    picked = dict.fromkeys(column for by_column in chosen.values() for column in by_column)
    wholes = _wholes(frame, table, list(picked), numbers)
    labels = {
        column: frame[column].map(_labels(frame[column], column, [chosen[n] for n in read], wholes.get(column)))
        for column in picked
    }
    by = [table.period_column, *picked]
    grouped = numbers.assign(**{table.period_column: frame[table.period_column], **labels}).groupby(by, sort=True)
    sums = grouped[list(numbers)].sum()
    heads_of_rows = {c: frame[c] if c == table.period_column else labels[c] for c in by}
    sums = sums.mask(_any(numbers.isna(), heads_of_rows))
    hidden = _any(_withheld_numbers(numbers, withheld), heads_of_rows)
    heads = sums.index.to_frame(index=False)
    series = {}
    for name, (value, base, is_part) in read.items():
        mask = np.full(len(sums), True)
        for column, allowed in chosen[name].items():
            mask &= heads[column].isin(allowed).to_numpy()
        series[name] = Read(value, base, is_part, mask)
    return Cells(
        heads[table.period_column].to_numpy(dtype=object),
        {column: sums[column].to_numpy(dtype=float) for column in numbers},
        {column: hidden[column].to_numpy(dtype=bool) for column in numbers},
        series,
        list(_sums(heads, by, wholes)),
    )


def _any(truths: pd.DataFrame, heads: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return for which cells something is true of one of their rows."""
    return truths.assign(**heads).groupby(list(heads), sort=True)[list(truths)].any()


def _withheld_numbers(numbers: pd.DataFrame, withheld: Collection[tuple[object, str]]) -> pd.DataFrame:
    """Return which numbers the supplier withheld; a product is withheld with either of its two."""
    found = pd.DataFrame(False, index=numbers.index, columns=numbers.columns)
    for row, column in withheld:
        for name in numbers:
            if column in name.split(PRODUCT):
                found.loc[row, name] = True
    return found


def columns_read(spec: Series, plan: Plan) -> tuple[str, str, bool] | None:
    """Return the columns of a series' value and base, and whether the one is a part of the other.

    None of what does not add up: people counted once, medians, percentages without a base.
    """
    value = _column(spec.value)
    base = _column(spec.base) if spec.base is not None else ""
    if value is None or base is None:
        return None
    if plan.is_worked_out(spec):
        return (f"{value}{PRODUCT}{base}", base, spec.kind == "share") if base else None
    return value, base, spec.kind == "share"


def _column(what: str | Aggregate) -> str | None:
    if isinstance(what, str):
        return what
    return {"sum": what.column, "rows": ROWS}.get(what.how)


def _chosen(table: SupplierFile, of: str, area: str, office: Configuration) -> dict[str, list[str]]:
    chosen = office.categories(office.plan.series[of])
    if table.by and table.by.column not in chosen and (one := area or table.by.total):
        chosen[table.by.column] = [one]
    return chosen


def _numbers(frame: pd.DataFrame, series: Mapping[str, str], plan: Plan) -> pd.DataFrame:
    """Return the columns that series read; of a percentage or mean with its base the product, which adds up."""
    columns: dict[str, pd.Series] = {}
    for of in dict.fromkeys(series.values()):
        spec = plan.series[of]
        found = columns_read(spec, plan)
        assert found is not None  # asked for those alone that have one
        value, base, _ = found
        for column in filter(None, (value, base)):
            if column == ROWS:
                columns[column] = pd.Series(1.0, index=frame.index)
            elif column in frame:
                columns[column] = frame[column].astype(float)
        if value not in columns:
            whole = 100 if spec.kind == "share" else 1
            columns[value] = frame[_column(spec.value)].astype(float) * columns[base] / whole
    return pd.DataFrame(columns, index=frame.index)


def _labels(
    cells: pd.Series, column: str, chosen: Sequence[Mapping[str, Sequence[str]]], whole: str | None
) -> dict[str, str]:
    """Return for each category one that every series treats alike, so that rows of both count as one cell."""
    first: dict[tuple[object, ...], str] = {}
    labels = {}
    for category in sorted(cells.unique()):
        alike = (category == whole, *(category in by_column.get(column, (category,)) for by_column in chosen))
        labels[category] = first.setdefault(alike, category)
    return labels


def _wholes(frame: pd.DataFrame, table: SupplierFile, columns: Sequence[str], numbers: pd.DataFrame) -> dict[str, str]:
    """Return the category that is the sum of all others of its column, by column: as the plan or the numbers say."""
    found = {}
    for column in columns:
        if table.by and table.by.column == column:
            if table.by.total is not None and not table.by.why_not_total:
                found[column] = table.by.total
            continue
        others = [key for key in (table.period_column, *table.key) if key != column]
        for name in numbers:
            if name == ROWS:
                continue
            wide = frame.assign(**{name: numbers[name]}).pivot_table(
                index=list(dict.fromkeys(others)), columns=column, values=name, aggfunc="sum", dropna=True
            )
            if whole := whole_among(wide.dropna()):
                found[column] = whole
                break
    return found


def _sums(heads: pd.DataFrame, by: Sequence[str], wholes: Mapping[str, str]) -> list[tuple[int, tuple[int, ...]]]:
    """Return each cell that is the sum of others, and those."""
    found = []
    for column, whole in wholes.items():
        others = [name for name in by if name != column]
        for _, rows in heads.groupby(others, sort=True):
            is_whole = rows[column] == whole
            if is_whole.sum() == 1 and not is_whole.all():
                found.append((int(rows.index[is_whole][0]), tuple(map(int, rows.index[~is_whole]))))
    return found
