"""Series: rows of a table, picked and added up by month, quarter or date, and their totals over a period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from panelpack.params import Params
from panelpack.plan import PARAMETER, Aggregate, Plan, Series
from panelpack.quarters import Period, Quarter, month_range

COLUMNS = ["series", "period", "value", "base"]


@dataclass(frozen=True)
class Amount:
    """A series over a period: its value in the series' unit, and for a percentage the counts it is made of."""

    value: float
    words: str
    successes: float | None = None
    base: float | None = None
    points: tuple[float, ...] = ()


def categories(spec: Series, params: Params) -> dict[str, list[str]]:
    """Return the rows that a series picks: for each column the categories; `$name` is a list of the parameters."""
    chosen = {}
    for column, value in spec.where.items():
        if isinstance(value, str) and value.startswith(PARAMETER):
            value = list(params.lists[value.removeprefix(PARAMETER)])
        chosen[column] = [value] if isinstance(value, str) else list(value)
    return chosen


def extract(frame: pd.DataFrame, name: str, plan: Plan, params: Params) -> pd.DataFrame:
    """Return a series from its typed table: columns series, period, value, base, a row a period in order.

    `base` is missing for a series that is a count. Months are added up where the plan says `by: quarter`.
    """
    spec, chosen = plan.series[name], categories(plan.series[name], params)
    for column, allowed in chosen.items():
        frame = frame[frame[column].isin(allowed)]
    period = frame[plan.tables[spec.table].column_of("month", "quarter", "date")]
    if plan.periodicity(spec) == "date":
        # A position adds up only lines of one date: a date on which a line is missing has no position.
        for column, allowed in chosen.items():
            frame = frame[frame.groupby(period)[column].transform("nunique") == len(allowed)]
        period = period[frame.index]
    if spec.by == "quarter":
        period = period.map(lambda month: str(Quarter.of_month(month)))
    grouped = frame.groupby(period, sort=True)
    points = pd.DataFrame({"value": _aggregate(grouped, spec.value)})
    points["base"] = _aggregate(grouped, spec.base) if spec.base is not None else float("nan")
    points = points.rename_axis("period").reset_index()
    return points.assign(series=name)[COLUMNS]


def _aggregate(grouped, what: str | Aggregate) -> pd.Series:
    if isinstance(what, str):
        what = Aggregate(how="sum", column=what)
    if what.how == "rows":
        return grouped.size()
    if what.how == "sum":
        return grouped[what.column].sum()
    if what.how == "distinct":
        return grouped[what.column].nunique()
    return grouped[what.column].agg(lambda of_period: int(of_period.duplicated(keep=False).sum()))


def keys_of(period: Period, periodicity: str) -> tuple[str, ...] | None:
    """Return the keys of a series' points that make up a period; None when its quarters do not fit into it."""
    if periodicity == "month":
        return period.months
    quarters = period.quarters
    return None if quarters is None else tuple(str(quarter) for quarter in quarters)


def latest_keys(quarter: Quarter, periodicity: str) -> tuple[str, ...]:
    """Return the keys of the reported quarter's points."""
    return quarter.months if periodicity == "month" else (str(quarter),)


def amount(points: pd.DataFrame, period: Period, periodicity: str, last_month: str) -> Amount | None:
    """Add a series up over a period; None where the series does not cover all of it.

    A position (a period without months) is the latest date up to the end of `last_month`.
    """
    if not period.months:
        dated = points[points["period"].str[:7] <= last_month]
        if dated.empty:
            return None
        latest = dated.sort_values("period").iloc[-1]
        return Amount(float(latest["value"]), latest["period"])
    keys = keys_of(period, periodicity)
    rows = points[points["period"].isin(keys)] if keys else points.iloc[:0]
    if keys is None or len(rows) != len(keys):
        return None
    value = float(rows["value"].sum())
    if rows["base"].isna().all():
        return Amount(value, period.words, points=tuple(rows["value"].astype(float)))
    base = float(rows["base"].sum())
    return Amount(100 * value / base, period.words, value, base) if base else None


def up_to(points: pd.DataFrame, quarter: Quarter, periodicity: str) -> pd.DataFrame:
    """Return the points of a series of months or quarters up to the end of the reported quarter."""
    return points[points["period"] <= latest_keys(quarter, periodicity)[-1]]


def charted(points: pd.DataFrame) -> pd.Series:
    """Return what a chart draws of a series: its values, or percentages of its base, indexed by period.

    A period in which nobody was asked has no percentage and is left out.
    """
    indexed = points[points["base"] != 0].set_index("period")
    return indexed["value"].astype(float) if indexed["base"].isna().all() else 100 * indexed["value"] / indexed["base"]


def continuous(points: pd.DataFrame, periodicity: str) -> pd.Series:
    """Return what a chart draws of a series of months or quarters, a missing value for each period that has none."""
    values = charted(points)
    first, last = values.index[0], values.index[-1]
    if periodicity == "month":
        return values.reindex(month_range(first, last))
    start, end = Quarter.parse(first), Quarter.parse(last)
    return values.reindex([str(start.shift(step)) for step in range(end.since(start) + 1)])


def coverage(plan: Plan, params: Params, periods: Mapping[str, Sequence[Period]]) -> dict[str, list[dict]]:
    """Return which periods of each series the raw tables must cover, by table, for validation.

    `periods`: for each series, the periods that figures compare. What lies before a series `began` is not asked for.
    """
    asked: dict[str, list[dict]] = {table: [] for table in plan.tables}
    for name, wanted in sorted(periods.items()):
        spec = plan.series[name]
        periodicity = plan.periodicity(spec)
        if periodicity == "date":
            continue
        by_row = plan.tables[spec.table].column_of("month", "quarter")
        row_kind = plan.tables[spec.table].columns[by_row]
        keys = {key for period in wanted for key in keys_of(period, row_kind) or ()}
        if spec.began:
            began = spec.began if row_kind == "month" else str(Quarter.of_month(spec.began))
            keys = {key for key in keys if key >= began}
        for where in _each_listed(spec, params):
            asked[spec.table].append({"series": name, "column": by_row, "where": where, "periods": sorted(keys)})
    return asked


def _each_listed(spec: Series, params: Params) -> list[dict[str, list[str]]]:
    """Return the rows that must be there in every period: each category of a `$list` by itself.

    Of categories that the plan names one may follow another (a survey that changed), so any of them will do; a
    category of a list that is not reported would make the sum too small without a word.
    """
    chosen = [categories(spec, params)]
    for column, value in spec.where.items():
        if isinstance(value, str) and value.startswith(PARAMETER):
            chosen = [{**where, column: [category]} for where in chosen for category in where[column]]
    return chosen
