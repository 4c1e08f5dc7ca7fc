"""What forecasts for other forces missed by, and what that teaches about a forecast made now.

An error is log(actual / forecast) of what was still to come of a year, for another force at an earlier quarter, by the
same rule as the pack's own forecast. What is learned is the variance of such errors beyond the chance that is in every
count: chance is larger for a small force, and is put on again for the force at hand.

Nothing is learned that was not published. The table of counts ends with the last quarter that was, and an error is
known once its year is complete in that table.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from panelpack.periods import Quarter
from panelpack.statistics.attempts import Attempts, Breaks, attempt
from panelpack.statistics.point_forecasts import SEASON, Counts
from panelpack.statistics.volatility import scales

# Both were chosen on the back-test's forces; its score is flat around them.
PRIOR_YEARS = 4  # the years of errors that the prior is worth
FARTHEST = 4.0  # robust standard deviations from the median from which an error is pulled in
MOST_YEARS_AHEAD = 2
ROBUST = 1.4826  # standard deviations of a normal distribution in a median absolute deviation


class UnknownSeriesError(ValueError):
    """A series that the counts of other forces do not have."""


@dataclass(frozen=True)
class Learned:
    """What past errors teach about a series: their variance beyond chance, how well it is known, and from what.

    errors, years: of the same series, made at the same quarter of the year, as far ahead, for so many different years;
    of_all: the errors of all series behind the prior. forces: how many taught; first_origin, last_origin: the quarters
    at whose end those forecasts would have been made.
    """

    years_ahead: int
    variance: float
    degrees_of_freedom: int
    errors: int
    years: int
    of_all: int
    forces: int
    first_origin: str
    last_origin: str


@dataclass(frozen=True, eq=False)
class PastErrors:
    """The errors of forecasts for several forces that were known when a certain quarter's counts were published.

    counts: by quarter, series and force. attempts: by years ahead. known: the place of the last quarter that was
    published.
    """

    quarters: tuple[Quarter, ...]
    series: tuple[str, ...]
    forces: tuple[str, ...]
    counts: Counts = field(repr=False)
    breaks: Breaks
    attempts: tuple[Attempts, ...] = field(repr=False)
    known: int
    _learned: dict[tuple[Quarter, int], dict[str, Learned]] = field(init=False, default_factory=dict, repr=False)

    @classmethod
    def of_counts(cls, counts: pd.DataFrame, breaks: Iterable[tuple[str, str]] = ()) -> "PastErrors":
        """Forecast from every quarter of a table and see what came.

        counts: a row a quarter label ('YYYYQn', without gaps), a column a (series, force); NaN where unknown.
        breaks: each a series and the label of the quarter from which it counts something else.
        """
        quarters = tuple(Quarter.parse(label) for label in counts.index)
        series, forces = (tuple(dict.fromkeys(counts.columns.get_level_values(name))) for name in ("series", "force"))
        shape = (len(quarters), len(series), len(forces))
        cube = counts.reindex(columns=pd.MultiIndex.from_product([series, forces])).to_numpy(float).reshape(shape)
        places = [
            (series.index(name), Quarter.parse(first).since(quarters[0]))
            for name, first in breaks
            if quarters and name in series
        ]
        attempts = tuple(attempt(cube, quarters, places, ahead) for ahead in range(MOST_YEARS_AHEAD + 1))
        return cls(quarters, series, forces, cube, places, attempts, len(quarters) - 1)

    def without(self, force: str) -> "PastErrors":
        """Return the errors of the other forces."""
        place = self.forces.index(force)
        others = tuple(name for name in self.forces if name != force)
        attempts = tuple(of_ahead.without(place) for of_ahead in self.attempts)
        return replace(self, forces=others, counts=np.delete(self.counts, place, axis=2), attempts=attempts)

    def until(self, quarter: Quarter) -> "PastErrors":
        """Return what was known while no later quarter than this one had been published."""
        return replace(self, known=min(self.known, quarter.since(self.quarters[0])))

    def learn(self, series: str, origin: Quarter, years_ahead: int) -> Learned:
        """Return what is known about the forecast of a series for a year so many ahead, made at the end of `origin`.

        The variance is the mean of the series' own and of the prior, weighed by years: forces err together, so what
        counts is how many years n were seen, not how many errors. The prior is worth PRIOR_YEARS, and an error to come
        is that of a Student t with n + PRIOR_YEARS degrees of freedom: wide while little is known.

        Raises UnknownSeriesError for a series that the counts do not have, and ValueError where no error is known.
        """
        if series not in self.series:
            raise UnknownSeriesError(
                f"found no official counts of {series!r}, expected one of {', '.join(self.series)}"
            )
        if (origin, years_ahead) not in self._learned:
            self._learned[origin, years_ahead] = self._learn(origin, years_ahead)
        return self._learned[origin, years_ahead][series]

    def _learn(self, origin: Quarter, years_ahead: int) -> dict[str, Learned]:
        scale, now = self._scales(origin, years_ahead)
        pools = list(self._pools(years_ahead, scale))
        if not pools:
            raise ValueError(
                f"found no forecast of such a year for other forces whose year had ended and been published by then "
                f"({origin}), expected one to learn from"
            )
        prior = _prior(pools) * _growth(years_ahead, origin.number)
        own = next((p for p in pools if (p.years_ahead, p.number) == (years_ahead, origin.number)), None)
        places = np.concatenate([pool.origins for pool in pools])
        of_all = int(sum(pool.errors.sum() for pool in pools))
        forces = int(np.count_nonzero(np.sum([pool.of_force for pool in pools], axis=0)))
        first, last = str(self.quarters[places.min()]), str(self.quarters[places.max()])
        learned = {}
        for place, name in enumerate(self.series):
            years, errors = (int(own.years[place]), int(own.errors[place])) if own else (0, 0)
            seen = _beyond_chance(own.squares[place], own.weight[place]) if own else 0.0
            variance = (years * seen + PRIOR_YEARS * prior) / (years + PRIOR_YEARS) * float(now[place]) ** 2
            freedom = years + PRIOR_YEARS
            learned[name] = Learned(years_ahead, variance, freedom, errors, years, of_all, forces, first, last)
        return learned

    def _scales(self, origin: Quarter, years_ahead: int) -> tuple[Counts, Counts]:
        """Return by what errors are scaled: those of the past, by origin and series, and one made now, by series.

        Only what is still to come of the year under way is as uncertain as the times are restless. At every origin of
        the past the counts are taken to have been published as late as they were now.
        """
        every = np.ones(self.counts.shape[:2])
        if years_ahead or self.known < 0:
            return every, np.ones(len(self.series))
        known = scales(self.counts[: self.known + 1], self.breaks)
        late = max(0, origin.since(self.quarters[self.known]))
        every[late : len(known) + late] = known[: max(0, len(every) - late)]
        return every, known[max(0, min(self.known, origin.since(self.quarters[0])))]

    def _pools(self, years_ahead: int, scale: Counts) -> Iterator["_Pool"]:
        """Yield the known errors of the same kind of forecast, a pool for each quarter of the year."""
        for ahead in (0,) if years_ahead == 0 else range(1, MOST_YEARS_AHEAD + 1):
            attempts = self.attempts[ahead]
            for number in range(1, SEASON + 1):
                known = np.flatnonzero(attempts.end <= self.known)
                origins = np.array([place for place in known if self.quarters[place].number == number], int)
                spread = scale[origins][:, :, None]
                errors, chances = attempts.errors[origins] / spread, attempts.chances[origins] / spread**2
                if np.isfinite(errors).any():
                    yield _pool(ahead, number, origins, errors, chances)


@dataclass(frozen=True, eq=False)
class _Pool:
    """The errors of forecasts made at one quarter of the year for a year so many ahead; arrays by series.

    squares: the weighted sum of their squares less chance; weight: the sum of the weights; errors, years: how many;
    of_force: errors by force.
    """

    years_ahead: int
    number: int
    origins: npt.NDArray[np.int_]
    squares: Counts
    weight: Counts
    errors: npt.NDArray[np.int_]
    years: npt.NDArray[np.int_]
    of_force: npt.NDArray[np.int_]


def _pool(years_ahead: int, number: int, origins: npt.NDArray[np.int_], errors: Counts, chances: Counts) -> _Pool:
    """Add up errors by origin, series and force. One that chance could explain says little, and weighs little."""
    is_known = np.isfinite(errors)
    squares = np.where(is_known, np.square(_pulled_in(errors)), 0.0)
    many = is_known.sum(axis=(0, 2))
    mean = (squares.sum(axis=(0, 2)) / np.maximum(many, 1))[None, :, None]
    total = np.where(is_known, mean + chances, 1.0)
    weights = np.where(is_known, np.square(np.divide(mean, total, out=np.ones_like(total), where=total > 0)), 0.0)
    return _Pool(
        years_ahead,
        number,
        origins,
        squares=(weights * np.where(is_known, squares - chances, 0.0)).sum(axis=(0, 2)),
        weight=weights.sum(axis=(0, 2)),
        errors=many,
        years=is_known.any(axis=2).sum(axis=0),
        of_force=is_known.sum(axis=(0, 1)),
    )


def _pulled_in(errors: Counts) -> Counts:
    """Return the errors with those far from their series' median pulled in to FARTHEST robust standard deviations."""
    empty = ~np.isfinite(errors).any(axis=(0, 2), keepdims=True)
    filled = np.where(empty, 0.0, errors)
    median = np.nanmedian(filled, axis=(0, 2), keepdims=True)
    farthest = FARTHEST * ROBUST * np.nanmedian(np.abs(filled - median), axis=(0, 2), keepdims=True)
    return np.asarray(np.clip(filled, median - farthest, median + farthest))


def _beyond_chance(squares: float, weight: float) -> float:
    """Return the mean square of errors beyond chance; none where chance explains them all."""
    return max(0.0, float(squares / weight)) if weight > 0 else 0.0


def _prior(pools: Sequence[_Pool]) -> float:
    """Return the variance of the errors of all series at all quarters of the year, for each unit that it grows by."""
    grown = sum(float(pool.weight.sum()) * _growth(pool.years_ahead, pool.number) for pool in pools)
    return _beyond_chance(sum(float(pool.squares.sum()) for pool in pools), grown)


def _growth(years_ahead: int, number: int) -> int:
    """Return what the variance of errors is in proportion to, for a forecast made at a quarter of the year.

    For a later year the quarters from the latest 12 months to it, as of a random walk. For the year under way the same
    at every quarter: the fewer are still to come, the nearer they are, but the less their errors even out.
    """
    return SEASON * (years_ahead + 1) - number if years_ahead else 1
