"""Forecasts as they would have been made at the end of every past quarter, for several forces, and what then came."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from panelpack.periods import Quarter
from panelpack.statistics.point_forecasts import (
    SEASON,
    SMALLEST,
    Counts,
    counted_so_far,
    latest_12_months,
    still_to_come,
)

# The variance of a count that chance gives, in counts (Poisson's would be 1). Chosen on the back-test's forces; its
# score is flat around it (1.5 to 3).
DISPERSION = 2.0
LEANS_ON = 2 * SEASON  # quarters up to the origin that a forecast leans on
NEVER = np.iinfo(int).max  # the place of a quarter that does not come
# Each: the place of a series, and that of the quarter from which it counts something else.
Breaks = Sequence[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Attempts:
    """Every forecast of a year so many ahead: arrays by origin, series and force; NaN where there is none.

    forecast, actual: of what was still to come; latest: the 12 months before; counted: of the year by then. `end` is
    the place of the year's last quarter, by origin; `crosses` says by origin and series whether a break lies between
    the first quarter that was leant on and that one.
    """

    forecast: Counts
    actual: Counts
    latest: Counts
    counted: Counts
    end: npt.NDArray[np.int_]
    crosses: npt.NDArray[np.bool_]

    @cached_property
    def errors(self) -> Counts:
        """log(actual / forecast), by origin, series and force; NaN where unknown, and across a break."""
        errors = np.log(np.maximum(self.actual, SMALLEST) / np.maximum(self.forecast, SMALLEST))
        return np.where(self.crosses[:, :, None], np.nan, errors)

    @cached_property
    def chances(self) -> Counts:
        """The part of each error's variance that chance gives."""
        return chance(self.forecast, self.latest)

    def without(self, force: int) -> "Attempts":
        """Return the attempts of the other forces than the one at this place."""
        every = (self.forecast, self.actual, self.latest, self.counted)
        forecast, actual, latest, counted = (np.delete(array, force, axis=2) for array in every)
        return Attempts(forecast, actual, latest, counted, self.end, self.crosses)


def chance(to_come: npt.ArrayLike, latest: npt.ArrayLike) -> Counts:
    """Return the variance that chance gives log(actual / forecast): of what comes, and of what it is forecast from.

    DISPERSION * (1 / to come + 1 / latest 12 months), by the delta method; so the forecast of a small force is wider.
    """
    return np.asarray(DISPERSION * (1 / np.maximum(to_come, SMALLEST) + 1 / np.maximum(latest, SMALLEST)))


def attempt(counts: Counts, quarters: Sequence[Quarter], breaks: Breaks, years_ahead: int) -> Attempts:
    """Forecast a year so many ahead from every quarter that has a year of history; counts by quarter, series, force."""
    length = len(counts)
    forecast, actual, latest, counted = (np.full(counts.shape, np.nan) for _ in range(4))
    end, crosses = np.full(length, NEVER), np.zeros(counts.shape[:2], bool)
    for place in range(SEASON - 1, length):
        number, past = quarters[place].number, counts[: place + 1]
        last = place + SEASON * (years_ahead + 1) - number
        if last == place:  # the year is complete
            continue
        end[place] = last
        forecast[place] = still_to_come(past, number, years_ahead)
        latest[place] = latest_12_months(past)
        counted[place] = counted_so_far(past, number, years_ahead)
        if last < length:
            actual[place] = counts[last - SEASON + 1 : last + 1].sum(axis=0) - counted[place]
        for series, first in breaks:
            crosses[place, series] |= max(0, place - LEANS_ON + 1) < first <= last
    return Attempts(forecast, actual, latest, counted, end, crosses)
