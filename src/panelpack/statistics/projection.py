"""The total of a financial year, projected from a series of counts, with its prediction intervals.

The point forecast is damped growth. The intervals are learned from how far the same forecast missed for other forces:
an error is log(actual / forecast). The back-test (research/backtest) chose both and wrote the table of what those
errors teach.

Counts are an array of whole quarters, oldest first; the last one is the origin, the quarter at whose end the forecast
is made. `number` is the origin's place in its financial year, 1 to 4; `years_ahead` is 0 for the financial year of the
origin, 1 for the next. Quarters of the forecast year that are already counted are in its total as they are; no
interval goes below them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from panelpack.periods import Quarter, month_range, parse_year, year_label

Counts = npt.NDArray[np.float64]
SEASON = 4  # quarters in a year
LEVELS = (0.95, 0.80)
# Chosen on the choosing forces of the back-test; the score is flat around it (0.3 to 0.5).
DAMPING = 0.4  # the share of the last year's growth that goes on
SMALLEST = 0.5  # stands in for a count of 0 where a logarithm is taken
# Chosen on the choosing forces of the back-test; the score is flat around it (2 to 5).
PRIOR_YEARS = 4  # the years of errors that the prior is worth
MOST_YEARS_AHEAD = 2

# The table of what past errors teach: its key, what was learned, and from what.
KEY = ["series", "years_ahead", "quarter"]
LEARNED = ["bias", "spread", "degrees_of_freedom"]
BASIS = ["n", "forces", "years", "first_origin", "last_origin"]
EVERY = "all"  # the row of all series' errors together, for a series that was not measured


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

    `origin` is the last quarter that was counted; `learned_from` the series whose errors give the intervals ('' when
    the year is complete).
    """

    year: str
    origin: str
    learned_from: str


@dataclass(frozen=True)
class Learned:
    """What past errors, log(actual / forecast), teach: their bias, their spread, and how well both are known.

    An error to come is bias + spread times a Student t of so many degrees of freedom.
    """

    bias: float
    spread: float
    degrees_of_freedom: float


def project_year(series: "pd.Series[float]", year: str | int, calibration: pd.DataFrame) -> Projection:
    """Project the total of the financial year `year` ('YYYY/YY', or the year it starts in).

    series: counts by month ('YYYY-MM' or monthly periods) or by quarter ('YYYYQn' or quarterly periods), without
    gaps, at least a year of them; what lies before the first whole quarter is left out. Its name says which errors
    give the intervals; those of all series together do where it is none of the table's. calibration: what past errors
    teach, columns LEARNED and BASIS, indexed by KEY. The year may be that of the last quarter or one of the two after
    it; what is counted of it already is in the total as it is.

    Raises ValueError for a series with gaps, too short or ending inside a quarter, and for any other year.
    """
    origin, counts = _whole_quarters(series)
    first = parse_year(year) if isinstance(year, str) else int(year)
    ahead = first - origin.year
    if not 0 <= ahead <= MOST_YEARS_AHEAD:
        raise ValueError(
            f"found the year {year_label(first)}, expected {year_label(origin.year)} to "
            f"{year_label(origin.year + MOST_YEARS_AHEAD)} for counts that end with {origin}"
        )
    so_far = counted_so_far(counts, origin.number, ahead)
    if not len(quarters_ahead(origin.number, ahead)):
        return Projection(so_far, so_far, so_far, so_far, so_far, year_label(first), str(origin), learned_from="")
    name = str(series.name) if series.name in calibration.index.get_level_values("series") else EVERY
    learned = Learned(*(float(value) for value in calibration.loc[(name, ahead, origin.number), LEARNED]))
    forecast = calibrated(damped_growth(counts, origin.number, ahead), learned, so_far)
    return Projection(**asdict(forecast), year=year_label(first), origin=str(origin), learned_from=name)


# ---------------------------------------------------------------------------------------- point forecasts
def quarterly(months: Sequence[float] | Counts) -> Counts:
    """Add monthly counts up to quarters. They must be whole quarters, the first month the first of one."""
    counts = np.asarray(months, dtype=float)
    if len(counts) % 3:
        raise ValueError(f"{len(counts)} months are no whole quarters, expected a multiple of 3.")
    quarters: Counts = counts.reshape(-1, 3).sum(axis=1)
    return quarters


def quarters_ahead(number: int, years_ahead: int) -> npt.NDArray[np.int_]:
    """Return how many quarters after the origin those of the year lie that are not yet counted."""
    last = SEASON * (years_ahead + 1) - number
    return np.arange(max(1, last - SEASON + 1), last + 1)


def counted_so_far(counts: Counts, number: int, years_ahead: int) -> float:
    """Return what is already counted of the year."""
    return float(counts[-number:].sum()) if years_ahead == 0 else 0.0


def same_quarter_last_year(counts: Counts, ahead: npt.NDArray[np.int_]) -> Counts:
    """Return, for each number of quarters ahead, the same quarter of the latest 12 months."""
    return counts[-SEASON:][(ahead - 1) % SEASON]


def latest_12_months(counts: Counts, number: int, years_ahead: int) -> float:
    """Return the total if every quarter to come equals the same quarter of the latest 12 months."""
    ahead = quarters_ahead(number, years_ahead)
    return counted_so_far(counts, number, years_ahead) + float(same_quarter_last_year(counts, ahead).sum())


def damped_growth(counts: Counts, number: int, years_ahead: int) -> float:
    """Return the total if part of the last year's growth goes on.

    Each quarter to come is the same quarter of the latest 12 months times growth ** (DAMPING * sqrt(k)), k the years
    that lie between the two. Growth is that of the last four quarters on the four before; of fewer where history is
    short, and none with less than five quarters.
    """
    ahead = quarters_ahead(number, years_ahead)
    compared = min(SEASON, len(counts) - SEASON)
    growth = 1.0
    if compared > 0:
        before = counts[-compared - SEASON : -SEASON].sum()
        growth = max(counts[-compared:].sum(), SMALLEST) / max(before, SMALLEST)
    between = (ahead - 1) // SEASON + 1
    quarters = same_quarter_last_year(counts, ahead) * growth ** (DAMPING * np.sqrt(between))
    return counted_so_far(counts, number, years_ahead) + float(quarters.sum())


# ---------------------------------------------------------------------------------------- intervals
def learn(errors: Counts, years: npt.NDArray[np.int_], shared: float) -> Learned:
    """Return what the errors of one series teach.

    errors: log(actual / forecast) of other forces and earlier origins, made at the same quarter of the year, as far
    ahead; years: the year each was of; shared: the mean square of all series' errors around their biases.
    Forces err together, so what counts is how many years n were seen, not how many errors. The prior is worth
    PRIOR_YEARS: the bias is shrunk to 0 by n / (n + PRIOR_YEARS), the variance to `shared` alike, and the interval is
    that of a Student t with n + PRIOR_YEARS degrees of freedom, wide while little is known.
    """
    seen = len(np.unique(years))
    own, prior = seen / (seen + PRIOR_YEARS), PRIOR_YEARS / (seen + PRIOR_YEARS)
    bias = bias_of(errors, years)
    square = float(np.mean((errors - bias) ** 2)) if seen else 0.0
    return Learned(bias, float(np.sqrt(own * square + prior * shared)), float(seen + PRIOR_YEARS))


def bias_of(errors: Counts, years: npt.NDArray[np.int_]) -> float:
    """Return the mean error, shrunk to 0 by the number of different years it rests on."""
    seen = len(np.unique(years))
    return float(np.mean(errors)) * seen / (seen + PRIOR_YEARS) if seen else 0.0


def calibrated(point_forecast: float, learned: Learned, so_far: float = 0.0) -> Forecast:
    """Return a forecast with the interval that past errors give; never below what is counted so far.

    The total is the point forecast itself: a bias learned from errors moves the interval, not the figure that is
    printed.
    """
    from scipy.special import stdtrit  # a tenth of a second to import, which only projections need

    ends = []
    for level in LEVELS:
        half_width = stdtrit(learned.degrees_of_freedom, 0.5 + level / 2) * learned.spread
        low, high = np.exp(learned.bias - half_width), np.exp(learned.bias + half_width)
        ends += [max(so_far, point_forecast * low), point_forecast * high]
    return Forecast(point_forecast, *map(float, ends))


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
