"""Series: rows of a table, picked and put together by month, quarter, year or date, and their totals over a period."""

from dataclasses import replace
from math import hypot, isnan, nan

import pandas as pd
from pandas.api.typing import DataFrameGroupBy

from panelpack.config.configuration import Configuration
from panelpack.config.plan import Plan
from panelpack.config.series import Aggregate, Series, named_column
from panelpack.errors import SourceError
from panelpack.errors import shown as path_words
from panelpack.formats import settled
from panelpack.intake.received import ReceivedTable
from panelpack.named_periods import Period, keys_of
from panelpack.periods import Quarter, key_range, latest_keys, period_words
from panelpack.rules.verdict import PeriodTotal

SERIES_COLUMNS = ["series", "period", "value", "base", "lower", "upper"]
GAP_COLUMNS = ["series", "period", "meaning"]
FEWEST_ANSWERS = 30  # a percentage of fewer is not shown as a point of a chart
MONTHS_IN_QUARTER = 3
NEARLY_ALL = 0.9  # the share of points that must have as many answers for a chart to be drawn of such points


def extract(
    frame: pd.DataFrame, name: str, office: Configuration, residents: float | None = None, area: str | None = None
) -> pd.DataFrame:
    """Return a series from its typed table: SERIES_COLUMNS, a row a period in order.

    value and base: of a count, stock or amount the value alone; of a share what it is made of, of one that was supplied
    as a percentage with its base the percentage x base / 100; of a mean time the mean x base; of a rate the count, and
    as base `residents` over how many of them the rate is per; of a grade its place in the order of words, from 0.
    lower and upper: the survey's own interval, where the plan names its columns. `area`: only the rows of one area of a
    table that has several; by default those of the whole. Months are added up where the plan
    says `by: quarter`. A period in which the supplier gave no number for one of its rows has no point, nor has a
    quarter that lacks a month: a sum without it would be too small. Raises SourceError for a grade that is no word of
    the order, and for an interval that does not hold its value.
    """
    spec = office.plan.series[name]
    frame, period = _rows_of(frame, name, office, area)
    if spec.kind == "grade":
        frame = _graded(frame, name, office)
    _check_intervals(frame, period, name, office)
    frame = _unweighted(frame, spec, office.plan)
    grouped = frame.groupby(period, sort=True)
    points = pd.DataFrame({"value": _aggregate(grouped, spec.value)})
    points["base"] = _aggregate(grouped, spec.base) if spec.base is not None else float("nan")
    if spec.per is not None and residents is not None:
        points["base"] = residents / spec.per.of
    for end in ("lower", "upper"):
        points[end] = grouped[getattr(spec.interval, end)].sum(min_count=1) if spec.interval else float("nan")
    points = points[~_is_gap(frame, name, office).groupby(period).any().reindex(points.index, fill_value=False)]
    table = office.plan.tables[spec.table]
    is_of_months = spec.by == "quarter" and table.columns[table.period_column] == "month"
    if is_of_months and _columns_read(spec):  # rows that are counted may well lack a month
        months = frame.groupby(period)[table.period_column].nunique()
        points = points[months.reindex(points.index) == MONTHS_IN_QUARTER]
    return points.rename_axis("period").reset_index().assign(series=name)[SERIES_COLUMNS]


def _check_intervals(frame: pd.DataFrame, period: pd.Series, name: str, office: Configuration) -> None:
    """Raise SourceError for the first figure that does not lie in the interval that its supplier gives with it."""
    spec = office.plan.series[name]
    if spec.interval is None:
        return
    figures = frame[[named_column(spec.value), spec.interval.lower, spec.interval.upper]]
    for when, (value, lower, upper) in zip(period, figures.itertuples(index=False), strict=True):
        if lower > value or upper < value:
            raise SourceError(
                f"{file_of(office, spec.table)}, {when}: {value:g} does not lie in its interval, {lower:g} to "
                f"{upper:g}. Correct `interval` of series {name!r} in the plan, or the file."
            )


def _unweighted(frame: pd.DataFrame, spec: Series, plan: Plan) -> pd.DataFrame:
    """Return rows in which a percentage or a mean time with its base is what adds up: its value x base."""
    if spec.base is None or not plan.is_worked_out(spec):
        return frame
    value, base = _columns_read(spec)[:2]
    return frame.assign(**{value: frame[value] * frame[base] / (100 if spec.kind == "share" else 1)})


def _graded(frame: pd.DataFrame, name: str, office: Configuration) -> pd.DataFrame:
    """Return rows with each grade as its place in the order of words, from 0, the worst."""
    spec = office.plan.series[name]
    column = str(spec.value)
    places = {word: float(place) for place, word in enumerate(spec.grades)}
    written = frame[column][frame[column].str.strip() != ""]
    for row, grade in written[~written.isin(list(places))].items():
        where = f"row {row}" if isinstance(row, int) else str(row)
        raise SourceError(
            f"{file_of(office, spec.table)}, {where}, column {column!r}: found the grade {grade!r}, expected one of "
            f"{', '.join(spec.grades)}. Correct the grade, or add it to the `grades` of series {name!r} in the plan."
        )
    return frame.assign(**{column: frame[column].map(places)})


def file_of(office: Configuration, table: str) -> str:
    """Return the path of a table's file, or the pattern of several, as messages show it."""
    return path_words(office.project.raw(office.quarter) / office.plan.tables[table].pattern)


def gaps(frame: pd.DataFrame, received: ReceivedTable, name: str, office: Configuration) -> pd.DataFrame:
    """Return the periods of a series for which a number is not there, and why: GAP_COLUMNS, a row a period."""
    frame, period = _rows_of(frame, name, office)
    found = {
        period[row]: received.gaps.get((row, column), "missing")
        for column in _columns_read(office.plan.series[name])
        for row in frame.index[frame[column].isna()]
    }
    return pd.DataFrame([(name, *item) for item in sorted(found.items())], columns=GAP_COLUMNS, dtype=str)


def periods_lacking(frame: pd.DataFrame, name: str, office: Configuration, area: str) -> set[str]:
    """Return the periods in which a row of an area lacks a number that the series adds up."""
    frame, period = _rows_of(frame, name, office, area)
    return set(period[_is_gap(frame, name, office)])


def _rows_of(
    frame: pd.DataFrame, name: str, office: Configuration, area: str | None = None
) -> tuple[pd.DataFrame, pd.Series]:
    """Return the rows that a series picks, and the period of each."""
    spec = office.plan.series[name]
    chosen = office.categories(spec)
    areas = office.plan.tables[spec.table].by
    if areas and areas.column not in chosen and (one := area or areas.total):
        chosen[areas.column] = [one]
    for column, allowed in chosen.items():
        frame = frame[frame[column].isin(allowed)]
    period = frame[office.plan.tables[spec.table].period_column]
    if office.plan.periodicity(spec) == "date":
        # A position adds up only lines of one date: a date on which a line is missing has no position.
        for column, allowed in chosen.items():
            frame = frame[frame.groupby(period)[column].transform("nunique") == len(allowed)]
        period = period[frame.index]
    table = office.plan.tables[spec.table]
    if spec.by == "quarter" and table.columns[table.period_column] != "quarter":
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


def period_total(
    points: pd.DataFrame,
    period: Period,
    periodicity: str,
    last_month: str,
    kind: str | None = None,
    over_time: str = "sum",
    *,
    is_worked_out: bool = False,
) -> PeriodTotal | None:
    """Put a series together over a period, as `over_time` says; None where the series does not cover all of it.

    A position (a period without months) is the latest date up to the end of `last_month`, or to the day that the period
    names. Of a period with parts the value is the mean of theirs. kind: of the series; by default that of a share where
    there is a base, else of a count. is_worked_out: whether the supplier gave the figures themselves, so that what they
    are made of is not known.
    """
    kind = kind or ("count" if points["base"].isna().all() else "share")
    if period.parts:
        return _mean_of(
            [
                period_total(points, part, periodicity, last_month, kind, over_time, is_worked_out=is_worked_out)
                for part in period.parts
            ],
            period,
        )
    if not period.months:
        dated = points[points["period"] <= period.day.isoformat()] if period.day else points
        dated = dated[dated["period"].str[:7] <= last_month]
        if dated.empty:
            return None
        latest = dated.sort_values("period").tail(1)
        return _total(latest, latest["period"].iloc[0], kind, is_worked_out)
    keys = keys_of(period, periodicity)
    rows = points[points["period"].isin(keys)] if keys else points.iloc[:0]
    if keys is None or len(rows) != len(keys) or (over_time == "none" and len(rows) > 1):
        return None
    if over_time == "last" and len(rows) > 1:
        rows = rows.sort_values("period").tail(1)
        return _total(rows, f"end of {period_words(rows['period'].iloc[0])}", kind, is_worked_out)
    total = _total(rows, period.words, kind, is_worked_out)
    return replace(total, value=total.value / len(rows)) if total and over_time == "mean" else total


def _total(rows: pd.DataFrame, words: str, kind: str, is_worked_out: bool) -> PeriodTotal | None:
    """Return rows of a series put together as its kind has it: the sum, or the sum over the base."""
    value, base = float(rows["value"].sum()), float(rows["base"].sum())
    counts = tuple(rows["value"].astype(float))
    lower, upper = _own_interval(rows)
    if rows["base"].isna().all():
        return PeriodTotal(value, words, points=counts, kind=kind, lower=lower, upper=upper)
    if kind == "rate":
        per = float(rows["base"].iloc[0])
        return PeriodTotal(value / per, words, points=counts, kind=kind, per=per, count=value)
    if not base:
        return None
    figure = (100 if kind == "share" else 1) * value / base
    successes = None if is_worked_out else value
    if is_worked_out:
        figure = settled(figure)  # so that one that is an end of its own interval does not lie beyond it by a last bit
    return PeriodTotal(figure, words, successes, base, kind=kind, lower=lower, upper=upper)


def _own_interval(rows: pd.DataFrame) -> tuple[float, float] | tuple[None, None]:
    """Return the interval that came with a figure of one point; of several points none is known."""
    ends = [float(rows[end].iloc[0]) for end in ("lower", "upper")] if len(rows) == 1 else [nan]
    return (None, None) if any(map(isnan, ends)) else (ends[0], ends[1])


def _mean_of(totals: list[PeriodTotal | None], period: Period) -> PeriodTotal | None:
    """Return the mean of the totals of a period's parts; None where one is not there.

    Figures with a base are weighted by it, so that the mean is that of all who were asked.
    """
    known = [total for total in totals if total is not None]
    if len(known) < len(totals):
        return None
    has_base = all(total.base is not None and total.lower is None for total in known)
    weights = [total.base or 0.0 for total in known] if has_base else [1.0] * len(known)
    value = sum(weight * total.value for weight, total in zip(weights, known, strict=True)) / sum(weights)
    down, up = (_in_quadrature(known, end) for end in ("lower", "upper"))
    return replace(
        known[0],
        value=value,
        lower=None if down is None else value - down,
        upper=None if up is None else value + up,
        words=period.words,
        successes=_sum([total.successes for total in known]),
        base=_sum([total.base for total in known]),
        count=_sum([total.count for total in known]),
        points=tuple(point for total in known for point in total.points),
        exposure=float(len(known)),
    )


def _in_quadrature(totals: list[PeriodTotal], end: str) -> float | None:
    """Return how far the mean of independent figures reaches to one side, by the intervals that came with them."""
    ends = [getattr(total, end) for total in totals]
    if None in ends:
        return None
    return hypot(*(of - total.value for of, total in zip(ends, totals, strict=True))) / len(totals)


def _sum(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def up_to(points: pd.DataFrame, quarter: Quarter, periodicity: str) -> pd.DataFrame:
    """Return the points of a series of months or quarters up to the end of the reported quarter."""
    return points[points["period"] <= latest_keys(quarter, periodicity)[-1]]


def charted(points: pd.DataFrame, kind: str | None = None) -> pd.Series:
    """Return what a chart draws of a series: its values, or values over their base, indexed by period.

    A period in which nobody was asked has no percentage and is left out. kind: as for `period_total`.
    """
    indexed = points[points["base"] != 0].set_index("period")
    if indexed["base"].isna().all():
        return indexed["value"].astype(float)
    return (100 if kind in (None, "share") else 1) * indexed["value"] / indexed["base"]


def shown(points: pd.DataFrame, periodicity: str, kind: str | None = None) -> tuple[str, pd.DataFrame]:
    """Return the points of a series that may be shown, and what each is of: a month, a quarter ...

    A percentage is shown from FEWEST_ANSWERS answers up. Its points are months where NEARLY_ALL of them have as many,
    else quarters; where too few quarters have, no point is shown, only the figure of a year. Of those that are drawn,
    a point of fewer answers is left out. kind: as for `period_total`.
    """
    if points["base"].isna().all() or kind not in (None, "share"):
        return periodicity, points
    for grain in ("month", "quarter") if periodicity == "month" else (periodicity,):
        drawn = points if grain == periodicity else by_quarter(points)
        enough = drawn["base"] >= FEWEST_ANSWERS
        if len(drawn) and enough.mean() >= NEARLY_ALL:
            return grain, drawn[enough]
    return "quarter" if periodicity == "month" else periodicity, points.iloc[:0]


def by_quarter(points: pd.DataFrame) -> pd.DataFrame:
    """Return points of months added up by quarter; a quarter that lacks a month has none."""
    quarters = points["period"].map(lambda month: str(Quarter.of_month(month))).rename("period")
    grouped = points.groupby(quarters)[["value", "base"]]
    return grouped.sum()[grouped.size() == MONTHS_IN_QUARTER].reset_index()


def continuous(points: pd.DataFrame, kind: str | None = None) -> pd.Series:
    """Return what a chart draws of a series, a missing value for each period between its ends that has none."""
    values = charted(points, kind)
    return values if values.empty else values.reindex(key_range(values.index[0], values.index[-1]))
