"""The total of a financial year, projected from a series of counts, with its prediction intervals.

The projected total is what is counted of the year and the point forecast of what is still to come; it is the centre of
the interval, which is as far to both sides in logarithms of what is still to come. How far is learned from what the
same forecasts missed by for other forces. The back-test (research/backtest) measures how often such intervals hold.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from panelpack.periods import Quarter, month_range, parse_year, year_label
from panelpack.statistics.attempts import chance
from panelpack.statistics.past_errors import MOST_YEARS_AHEAD, Learned, PastErrors
from panelpack.statistics.point_forecasts import (
    SEASON,
    Counts,
    counted_so_far,
    latest_12_months,
    quarters_ahead,
    still_to_come,
)

LEVELS = (0.95, 0.80)
# The width of the intervals by years ahead, as a share of what was learned. Chosen on the back-test's forces: of the
# year under way, Student's t is wider than the errors to come were.
WIDTHS = (0.9, 1.0, 1.0)


@dataclass(frozen=True)
class Forecast:
    """The total of a year with its 95% and 80% prediction intervals, all counts."""

    total: float
    lower_95: float
    upper_95: float
    lower_80: float
    upper_80: float


@dataclass(frozen=True)
class Projection(Forecast):
    """The projected total of a financial year, its prediction intervals (counts), and what they rest on.

    `origin` is the last quarter that was counted; `learned_from` what past errors taught, None when the year is
    complete.
    """

    year: str
    origin: str
    learned_from: Learned | None


def project_year(series: "pd.Series[float]", year: str | int, past: PastErrors) -> Projection:
    """Project the total of the financial year `year` ('YYYY/YY', or the year it starts in).

    series: counts by month ('YYYY-MM' or monthly periods) or by quarter ('YYYYQn' or quarterly periods), without
    gaps, at least a year of them; what lies before the first whole quarter is left out. Its name says whose errors
    give the intervals. past: the errors of other forces that were known by then. The year may be that of the last
    quarter or one of the two after it; what is counted of it already is in the total as it is.

    Raises ValueError for a series with gaps, too short or ending inside a quarter, for any other year, and where no
    error of the series is known.
    """
    origin, counts = _whole_quarters(series)
    first = parse_year(year) if isinstance(year, str) else int(year)
    ahead = first - origin.year
    if not 0 <= ahead <= MOST_YEARS_AHEAD:
        raise ValueError(
            f"found the year {year_label(first)}, expected {year_label(origin.year)} to "
            f"{year_label(origin.year + MOST_YEARS_AHEAD)} for counts that end with {origin}"
        )
    so_far = float(counted_so_far(counts, origin.number, ahead))
    if not len(quarters_ahead(origin.number, ahead)):
        return Projection(so_far, so_far, so_far, so_far, so_far, year_label(first), str(origin), learned_from=None)
    learned = past.learn(str(series.name), origin, ahead)
    to_come = float(still_to_come(counts, origin.number, ahead))
    forecast = interval(to_come, float(latest_12_months(counts)), so_far, learned)
    return Projection(**asdict(forecast), year=year_label(first), origin=str(origin), learned_from=learned)


def interval(to_come: float, latest: float, so_far: float, learned: Learned) -> Forecast:
    """Return a forecast with the interval that past errors and chance give; never below what is counted so far.

    to_come: the point forecast; latest: the total of the latest 12 months; so_far: what is counted of the year. The
    ends are so far + to come * exp(-/+ t * width * sqrt(variance)), and their centre, on that scale, is the total.
    """
    from scipy.special import stdtrit  # a tenth of a second to import, which only projections need

    spread = WIDTHS[learned.years_ahead] * float(np.sqrt(learned.variance + chance(to_come, latest)))
    ends = []
    for level in LEVELS:
        half_width = float(stdtrit(learned.degrees_of_freedom, 0.5 + level / 2)) * spread
        ends += [so_far + to_come * np.exp(-half_width), so_far + to_come * np.exp(half_width)]
    return Forecast(so_far + to_come, *map(float, ends))


def quarterly(months: Sequence[float] | Counts) -> Counts:
    """Add monthly counts up to quarters. They must be whole quarters, the first month the first of one."""
    counts = np.asarray(months, dtype=float)
    if len(counts) % 3:
        raise ValueError(f"{len(counts)} months are no whole quarters, expected a multiple of 3.")
    quarters: Counts = counts.reshape(-1, 3).sum(axis=1)
    return quarters


def _whole_quarters(series: "pd.Series[float]") -> tuple[Quarter, Counts]:
    """Return the last quarter of a series and its counts by quarter. Raises ValueError (see project_year)."""
    labels, values = _labels(series.index), series.to_numpy(float)
    if not len(labels):
        raise ValueError(f"found no counts, expected at least {SEASON} quarters of them")
    monthly = "Q" not in labels[0]
    if monthly:
        expected, end = list(month_range(labels[0], labels[-1])), Quarter.of_month(labels[-1])
    else:
        start, end = Quarter.parse(labels[0]), Quarter.parse(labels[-1])
        expected = [str(start.shift(step)) for step in range(end.since(start) + 1)]
    if labels != expected or not np.isfinite(values).all():
        raise ValueError("found gaps or periods out of order, expected a count in every month or quarter")
    if monthly:
        if end.months[-1] != labels[-1]:
            raise ValueError(f"found counts that end with {labels[-1]}, expected the end of a quarter")
        before = len(labels) % 3  # months of a quarter that began before the series
        values = quarterly(values[before:])
    if len(values) < SEASON:
        raise ValueError(f"found {len(values)} quarters of counts, expected at least {SEASON}")
    return end, values


def _labels(index: pd.Index) -> list[str]:
    """Return the labels of an index; pandas' own periods become months, or quarters of the financial year."""
    if isinstance(index, pd.DatetimeIndex):
        index = index.to_period("M")
    if not isinstance(index, pd.PeriodIndex):
        return [str(label) for label in index]
    months = [str(month) for month in index.asfreq("M", how="end")]
    return months if index.freqstr == "M" else [str(Quarter.of_month(month)) for month in months]
