"""The totals that each figure compares, with what they are made of, so that every figure can be worked out again."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from panelpack.config.plan import Indicator, Measure
from panelpack.config.series import Series
from panelpack.disclosure.figure_periods import year_apart
from panelpack.formats import settled
from panelpack.indicators.judgement import compared_series
from panelpack.indicators.quarter_data import QuarterData
from panelpack.indicators.results import IndicatorResult
from panelpack.indicators.sheets import sheet_names
from panelpack.indicators.shown_series import has_sheet, supplier
from panelpack.named_periods import keys_of
from panelpack.rules.verdict import PeriodTotal

COMPARED_COLUMNS = [
    *("indicator", "title", "role", "period", "value", "numerator", "base", "unit", "decimals", "shorthand"),
    *("series", "sheet", "first", "last", "years", "put_together", "source"),
]
BASELINE, LATEST, YEAR_LATEST, YEAR_BEFORE = "baseline", "latest", "year_latest", "year_before"
PERIODS = {role: f"{role}_period" for role in (BASELINE, LATEST, YEAR_BEFORE)} | {YEAR_LATEST: "year_period"}
# How a total is put together of the points from `first` to `last`; of several years the sum is divided by them.
SUM, SHARE, RATE, WEIGHTED, MEAN, LAST, ONE = (
    "sum of values",
    "sum of numerators over sum of bases",
    "sum of numerators over the base",
    "mean weighted by bases",
    "mean of values",
    "last value",
    "the one value",
)
WAYS = {"sum": SUM, "weighted_mean": WEIGHTED, "mean": MEAN, "last": LAST, "none": ONE}
ELSEWHERE = ""  # the points behind a total are not shown, or it has none


def compared_totals(data: QuarterData, pairs: Iterable[tuple[Indicator | Measure, IndicatorResult]]) -> pd.DataFrame:
    """Return the totals that figures compare, a row each, with COMPARED_COLUMNS.

    role: baseline, latest, or the two of the same quarter a year before (YEAR_LATEST, YEAR_BEFORE). value: unrounded,
    as the result has it; NaN where `shorthand` stands in its place, and then nothing is told of what it is made of.
    numerator and base: of a percentage, a mean or a rate. first, last: the first and the last point of the series'
    sheet that the total is put together of, where all of them are shown; '' else. years: of how many it is the mean.
    """
    shown = _Sheets(data)
    rows = [row for figure, result in pairs for row in _rows_of(data, figure, result, shown)]
    numbers = dict.fromkeys(("value", "numerator", "base", "years"), float)
    return pd.DataFrame(rows, columns=COMPARED_COLUMNS).astype(numbers)


class _Sheets:
    """The sheets of the series, each found once: its name, and the periods of the points that stand on it."""

    def __init__(self, data: QuarterData):
        self._data, self._names = data, sheet_names(data.plan)
        self._found: dict[str, tuple[str, frozenset[str]]] = {}

    def of(self, name: str) -> tuple[str, frozenset[str]]:
        """Return the name of a series' sheet and its periods; '' and none where it has no sheet."""
        if name not in self._found:
            there = has_sheet(self._data, name)
            periods = frozenset(self._data.points[name]["period"]) if there else frozenset()
            self._found[name] = (self._names[name] if there else "", periods)
        return self._found[name]


def _rows_of(
    data: QuarterData, figure: Indicator | Measure, result: IndicatorResult, shown: _Sheets
) -> Iterator[Mapping[str, object]]:
    if figure.series is None:
        return
    now = figure.series
    years = year_apart(data.plan.series[now], data.office, data.last_month(now)) if now in data.points else ("", "")
    before, latest = compared_series(figure)
    of_role = {BASELINE: before, LATEST: latest, YEAR_LATEST: (now, years[0]), YEAR_BEFORE: (now, years[1])}
    for role, (name, period) in of_role.items():
        value = getattr(result, role)
        sign = getattr(result, f"{role}_shorthand", "")
        if not name or (value is None and not sign):
            continue
        row = {
            "indicator": figure.id,
            "title": figure.title,
            "role": role,
            "period": getattr(result, PERIODS[role]),
            "unit": result.form.unit_words,
            "decimals": result.decimals,
            "series": name,
            "source": supplier(data, data.plan.series[name]),
        }
        if value is None or not period:
            yield row | {"shorthand": sign}
            continue
        total = data.total(name, period)
        yield row | {"value": value} | (_made_of(total, data, name, period, shown) if total else {})


def _made_of(total: PeriodTotal, data: QuarterData, name: str, period: str, shown: _Sheets) -> dict[str, object]:
    spec = data.plan.series[name]
    numerator = total.count if spec.kind == "rate" else total.successes
    base = total.per if spec.kind == "rate" and total.count is not None else total.base
    sheet, periods = shown.of(name)
    first, last = _points_of(total, data, name, period, periods)
    return {
        "numerator": None if numerator is None else settled(numerator),
        "base": None if base is None else settled(base),
        "years": total.exposure,
        "put_together": _way(spec, total, data, is_one=first == last),
        "sheet": sheet,
        "first": first,
        "last": last,
    }


def _points_of(
    total: PeriodTotal, data: QuarterData, name: str, period_name: str, shown: frozenset[str]
) -> tuple[str, str]:
    """Return the first and the last point that a total is of, where all of them stand on the series' sheet."""
    adds_up = data.plan.over_time(data.plan.series[name]) in ("sum", "weighted_mean")
    if not shown or (total.exposure > 1 and not adds_up):
        return ELSEWHERE, ELSEWHERE
    period = data.period(name, period_name)
    if not period.months:
        return (total.words, total.words) if total.words in shown else (ELSEWHERE, ELSEWHERE)
    keys = keys_of(period, data.grain(name))
    return (keys[0], keys[-1]) if keys and shown.issuperset(keys) else (ELSEWHERE, ELSEWHERE)


def _way(spec: Series, total: PeriodTotal, data: QuarterData, *, is_one: bool) -> str:
    over_time = data.plan.over_time(spec)
    if spec.kind == "rate" and total.count is not None:
        return RATE
    if total.successes is not None:
        return SHARE
    if is_one and over_time != "sum":
        return ONE
    return WAYS[over_time]
