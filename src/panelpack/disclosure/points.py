"""The exact points of a series: rows of a table, picked and put together by month, quarter, year or date."""

import pandas as pd
from pandas.api.typing import DataFrameGroupBy

from panelpack.config.configuration import Configuration
from panelpack.config.plan import Plan
from panelpack.config.series import Aggregate, Series, named_column
from panelpack.disclosure.quoting import is_silent, number_words
from panelpack.errors import SourceError
from panelpack.errors import shown as path_words
from panelpack.intake.received import ReceivedTable
from panelpack.periods import Quarter

SERIES_COLUMNS = ["series", "period", "value", "base", "lower", "upper"]
GAP_COLUMNS = ["series", "period", "meaning"]
MONTHS_IN_QUARTER = 3


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
    if spec.rate_per is not None and residents is not None:
        points["base"] = residents / spec.rate_per.of
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
            said = [number_words(number, office.plan, spec.table) for number in (value, lower, upper)]
            raise SourceError(
                f"{file_of(office, spec.table)}, {when}: {said[0]} does not lie in its interval, {said[1]} to "
                f"{said[2]}. Correct `interval` of series {name!r} in the plan, or the file."
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
        found = "another word" if is_silent(office, spec.table) else f"the grade {grade!r}"
        raise SourceError(
            f"{file_of(office, spec.table)}, {where}, column {column!r}: found {found}, expected one of "
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
