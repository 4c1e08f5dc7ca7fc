"""The total of a financial year, projected from a series of counts, with its prediction intervals.

The middle is damped growth (`forecasts`), the intervals are learned from how far the same forecast missed for other
forces (`forecast_errors`). The back-test (`backtest`) chose both and wrote the table of what those errors teach.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from panelpack import forecast_errors, forecasts
from panelpack.configuration import shown
from panelpack.errors import ConfigurationError
from panelpack.forecast_errors import Learned
from panelpack.forecasts import SEASON, Forecast
from panelpack.project import Project
from panelpack.quarters import Quarter, month_range, parse_year, year_label

KEY = ["series", "years_ahead", "quarter"]
LEARNED = ["bias", "spread", "freedom"]
BASIS = ["n", "forces", "years", "first_origin", "last_origin"]
EVERY = "all"  # the row of all series' errors together, for a series that was not measured
MOST_YEARS_AHEAD = 2
NUMBERS = ("total", "lower_95", "upper_95", "lower_80", "upper_80")


@dataclass(frozen=True)
class Projection(Forecast):
    """The projected total of a financial year, its 95% and 80% prediction intervals (counts), and what they rest on.

    `origin` is the last quarter that was counted; `learned_from` the series whose errors give the intervals ('' when
    the year is complete).
    """

    year: str
    origin: str
    learned_from: str


def project_year(series: pd.Series, year: str | int, calibration: pd.DataFrame | None = None) -> Projection:
    """Project the total of the financial year `year` ('YYYY/YY', or the year it starts in).

    series: counts by month ('YYYY-MM' or monthly periods) or by quarter ('YYYYQn' or quarterly periods), without
    gaps, at least a year of them; what lies before the first whole quarter is left out. Its name says which errors
    give the intervals; those of all series together do where it is none of the table's. calibration: the table of
    read_calibration(), by default the project's. The year may be that of the last quarter or one of the two after it;
    what is counted of it already is in the total as it is.

    Raises ValueError for a series with gaps, too short or ending inside a quarter, and for any other year.
    """
    origin, counts = _quarters(series)
    first = parse_year(year) if isinstance(year, str) else int(year)
    ahead = first - origin.year
    if not 0 <= ahead <= MOST_YEARS_AHEAD:
        raise ValueError(
            f"found the year {year_label(first)}, expected {year_label(origin.year)} to "
            f"{year_label(origin.year + MOST_YEARS_AHEAD)} for counts that end with {origin}"
        )
    already = forecasts.known(counts, origin.number, ahead)
    if not len(forecasts.steps(origin.number, ahead)):
        return Projection(*[already] * 5, year_label(first), str(origin), "")
    table = read_calibration(Project.here().calibration) if calibration is None else calibration
    name = series.name if series.name in table.index.get_level_values("series") else EVERY
    learned = Learned(*(float(value) for value in table.loc[(name, ahead, origin.number), LEARNED]))
    middle = forecasts.damped_growth(counts, origin.number, ahead)
    found = forecast_errors.calibrated(middle, learned, already)
    return Projection(**asdict(found), year=year_label(first), origin=str(origin), learned_from=name)


def read_calibration(path: Path) -> pd.DataFrame:
    """Read what past errors teach, indexed by KEY. Raises ConfigurationError when the file is not such a table."""
    try:
        frame = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{shown(path)}: the table of projection errors cannot be read: {error}.") from None
    if list(frame.columns) != [*KEY, *LEARNED, *BASIS] or EVERY not in set(frame["series"]):
        raise ConfigurationError(
            f"{shown(path)}: found the columns {list(frame.columns)}, expected {[*KEY, *LEARNED, *BASIS]} and rows of "
            f"the series {EVERY!r}. Write it with make backtest."
        )
    return frame.set_index(KEY).sort_index()


def read_recorded_later(path: Path) -> pd.DataFrame:
    """Read what was recorded after a projection: series, year ('YYYY/YY'), recorded (count), source; often nothing.

    Raises ConfigurationError when the file is not such a table.
    """
    columns = ["series", "year", "recorded", "source"]
    if not path.exists():
        return pd.DataFrame(columns=columns)
    try:
        frame = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{shown(path)}: what was recorded later cannot be read: {error}.") from None
    if list(frame.columns) != columns or not pd.api.types.is_integer_dtype(frame["recorded"]):
        raise ConfigurationError(
            f"{shown(path)}: found the columns {list(frame.columns)}, expected {columns} and whole numbers recorded. "
            "Correct the file."
        )
    return frame


def _quarters(series: pd.Series) -> tuple[Quarter, np.ndarray]:
    """Return the last quarter of a series and its counts by quarter. Raises ValueError (see project_year)."""
    labels, values = _labels(series.index), series.to_numpy(float)
    if not len(labels):
        raise ValueError(f"found no counts, expected at least {SEASON} quarters of them")
    if "Q" in labels[0]:
        start, end = Quarter.parse(labels[0]), Quarter.parse(labels[-1])
        expected = [str(start.shift(step)) for step in range(end.since(start) + 1)]
    else:
        expected = list(month_range(labels[0], labels[-1]))
    if labels != expected or not np.isfinite(values).all():
        raise ValueError("found gaps or periods out of order, expected a count in every month or quarter")
    if "Q" not in labels[0]:
        if Quarter.of_month(labels[-1]).months[-1] != labels[-1]:
            raise ValueError(f"found counts that end with {labels[-1]}, expected the end of a quarter")
        inside = len(labels) % 3  # months of a quarter that began before the series
        values, end = forecasts.quarterly(values[inside:]), Quarter.of_month(labels[-1])
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
