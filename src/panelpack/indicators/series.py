"""Series: rows of a table, picked and added up by month, quarter or date, and their totals over a period."""

import pandas as pd
from pandas.api.typing import DataFrameGroupBy

from panelpack.config.configuration import Configuration
from panelpack.config.plan import Aggregate, Series
from panelpack.intake.received import ReceivedTable
from panelpack.periods import Period, Quarter, keys_of, latest_keys, month_range
from panelpack.rules.verdict import PeriodTotal

SERIES_COLUMNS = ["series", "period", "value", "base"]
GAP_COLUMNS = ["series", "period", "meaning"]
FEWEST_ANSWERS = 30  # a percentage of fewer is not shown as a point of a chart
MONTHS_IN_QUARTER = 3
NEARLY_ALL = 0.9  # the share of points that must have as many answers for a chart to be drawn of such points


def extract(frame: pd.DataFrame, name: str, office: Configuration) -> pd.DataFrame:
    """Return a series from its typed table: columns series, period, value, base, a row a period in order.

    `base` is missing for a series that is a count. Months are added up where the plan says `by: quarter`. A period in
    which the supplier gave no number for one of its rows has no point, nor has a quarter that lacks a month: a sum
    without it would be too small.
    """
    spec = office.plan.series[name]
    frame, period = _rows_of(frame, name, office)
    grouped = frame.groupby(period, sort=True)
    points = pd.DataFrame({"value": _aggregate(grouped, spec.value)})
    points["base"] = _aggregate(grouped, spec.base) if spec.base is not None else float("nan")
    points = points[~_is_gap(frame, name, office).groupby(period).any().reindex(points.index, fill_value=False)]
    table = office.plan.tables[spec.table]
    is_of_months = spec.by == "quarter" and table.columns[table.period_column] == "month"
    if is_of_months and _columns_read(spec):  # rows that are counted may well lack a month
        months = frame.groupby(period)[table.period_column].nunique()
        points = points[months.reindex(points.index) == MONTHS_IN_QUARTER]
    points = points.rename_axis("period").reset_index()
    return points.assign(series=name)[SERIES_COLUMNS]


def gaps(frame: pd.DataFrame, received: ReceivedTable, name: str, office: Configuration) -> pd.DataFrame:
    """Return the periods of a series for which a number is not there, and why: GAP_COLUMNS, a row a period."""
    frame, period = _rows_of(frame, name, office)
    found = {
        period[row]: received.gaps.get((row, column), "missing")
        for column in _columns_read(office.plan.series[name])
        for row in frame.index[frame[column].isna()]
    }
    return pd.DataFrame([(name, *item) for item in sorted(found.items())], columns=GAP_COLUMNS, dtype=str)


def _rows_of(frame: pd.DataFrame, name: str, office: Configuration) -> tuple[pd.DataFrame, pd.Series]:
    """Return the rows that a series picks, and the period of each."""
    spec = office.plan.series[name]
    chosen = office.categories(spec)
    for column, allowed in chosen.items():
        frame = frame[frame[column].isin(allowed)]
    period = frame[office.plan.tables[spec.table].period_column]
    if office.plan.periodicity(spec) == "date":
        # A position adds up only lines of one date: a date on which a line is missing has no position.
        for column, allowed in chosen.items():
            frame = frame[frame.groupby(period)[column].transform("nunique") == len(allowed)]
        period = period[frame.index]
    if spec.by == "quarter":
        period = period.map(lambda month: str(Quarter.of_month(month)))
    return frame, period


def _columns_read(spec: Series) -> list[str]:
    """Return the columns whose numbers a series adds up."""
    columns = [
        part if isinstance(part, str) else part.column
        for part in (spec.value, spec.base)
        if isinstance(part, str) or (part is not None and part.how == "sum")
    ]
    return [column for column in columns if column]


def _is_gap(frame: pd.DataFrame, name: str, office: Configuration) -> pd.Series:
    """Return which rows lack a number that the series adds up."""
    return frame[_columns_read(office.plan.series[name])].isna().any(axis="columns")


def _aggregate(grouped: "DataFrameGroupBy", what: str | Aggregate) -> pd.Series:
    if isinstance(what, str):
        what = Aggregate(how="sum", column=what)
    if what.how == "rows":
        return grouped.size()
    if what.how == "sum":
        return grouped[what.column].sum()
    if what.how == "distinct":
        return grouped[what.column].nunique()
    return grouped[what.column].agg(lambda of_period: int(of_period.duplicated(keep=False).sum()))


def period_total(points: pd.DataFrame, period: Period, periodicity: str, last_month: str) -> PeriodTotal | None:
    """Add a series up over a period; None where the series does not cover all of it.

    A position (a period without months) is the latest date up to the end of `last_month`.
    """
    if not period.months:
        dated = points[points["period"].str[:7] <= last_month]
        if dated.empty:
            return None
        latest = dated.sort_values("period").iloc[-1]
        return PeriodTotal(float(latest["value"]), latest["period"])
    keys = keys_of(period, periodicity)
    rows = points[points["period"].isin(keys)] if keys else points.iloc[:0]
    if keys is None or len(rows) != len(keys):
        return None
    value = float(rows["value"].sum())
    if rows["base"].isna().all():
        return PeriodTotal(value, period.words, points=tuple(rows["value"].astype(float)))
    base = float(rows["base"].sum())
    return PeriodTotal(100 * value / base, period.words, value, base) if base else None


def up_to(points: pd.DataFrame, quarter: Quarter, periodicity: str) -> pd.DataFrame:
    """Return the points of a series of months or quarters up to the end of the reported quarter."""
    return points[points["period"] <= latest_keys(quarter, periodicity)[-1]]


def charted(points: pd.DataFrame) -> pd.Series:
    """Return what a chart draws of a series: its values, or percentages of its base, indexed by period.

    A period in which nobody was asked has no percentage and is left out.
    """
    indexed = points[points["base"] != 0].set_index("period")
    return indexed["value"].astype(float) if indexed["base"].isna().all() else 100 * indexed["value"] / indexed["base"]


def shown(points: pd.DataFrame, periodicity: str) -> tuple[str, pd.DataFrame]:
    """Return the points of a series that may be shown, and whether they are months or quarters.

    A percentage is shown from FEWEST_ANSWERS answers up. Its points are months where NEARLY_ALL of them have as many,
    else quarters; where too few quarters have, no point is shown, only the figure of a year. Of those that are drawn,
    a point of fewer answers is left out.
    """
    if points["base"].isna().all():
        return periodicity, points
    for grain in ("month", "quarter") if periodicity == "month" else ("quarter",):
        drawn = points if grain == periodicity else _by_quarter(points)
        enough = drawn["base"] >= FEWEST_ANSWERS
        if len(drawn) and enough.mean() >= NEARLY_ALL:
            return grain, drawn[enough]
    return "quarter", points.iloc[:0]


def _by_quarter(points: pd.DataFrame) -> pd.DataFrame:
    """Return points of months added up by quarter; a quarter that lacks a month has none."""
    quarters = points["period"].map(lambda month: str(Quarter.of_month(month))).rename("period")
    grouped = points.groupby(quarters)[["value", "base"]]
    return grouped.sum()[grouped.size() == MONTHS_IN_QUARTER].reset_index()


def continuous(points: pd.DataFrame, periodicity: str) -> pd.Series:
    """Return what a chart draws of a series of months or quarters, a missing value for each period that has none."""
    values = charted(points)
    if values.empty:
        return values
    first, last = values.index[0], values.index[-1]
    if periodicity == "month":
        return values.reindex(month_range(first, last))
    start, end = Quarter.parse(first), Quarter.parse(last)
    return values.reindex([str(start.shift(step)) for step in range(end.since(start) + 1)])
