"""What a point's own history makes credible: its level of late, its season, and how far it usually jumps.

Made to find slips of the pen, not to judge performance: the ranges are wide, and nothing is said of short histories.
All of it rests on medians, so that one wrong point does not hide itself or its neighbours.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from panelpack.statistics import seasonality

Values = NDArray[np.float64]
FEWEST_POINTS = 6  # besides the point itself; below that nobody can say what is usual
MONTHS, QUARTERS = 12, 4
# How many points give the level before another point. Few, so that a level that moves is followed; odd and more than
# two, so that one wrong value is outvoted, and of months more than a quarter holds.
LEVEL_FROM = {MONTHS: 5, QUARTERS: 3}
EACH_SIDE = {MONTHS: 3, QUARTERS: 2}  # where points on both sides are known
SEASON_FROM_YEARS = 5  # the season of late, not that of long ago
# How far a series moves from one level to the next point besides chance, as a standard deviation of its logarithm:
# where a series has told little of itself yet, and so many points as that counts for. Official quarterly counts of the
# forces in data/projection jump by 0.05 to 0.16, the smallest series most.
USUAL_JUMP, USUAL_POINTS = 0.12, 8
UNKNOWN_SEASON = 0.15  # besides, of a history too short to show its season
MADE_NORMAL = 1.4826  # the standard deviation of a normal distribution over its median absolute deviation
# The variance of the median of a few points, over that of one point, together with that of the point itself.
BOTH_VARIANCES = 1.4
LEAST_JUMP_OF_SHARE = 0.02  # in radians of the arcsine: one to two percentage points at 80%


@dataclass(frozen=True)
class Ranges:
    """What was expected of each point of several series, by the points before or around it. Shape: (series, points).

    expected: in the unit of the values; NaN where too little is known. spread: one a series, the standard deviation of
    the logarithm besides chance. deviation: how far each point lies from what was expected, in standard deviations.
    """

    expected: Values
    spread: Values
    deviation: Values
    are_counts: bool

    def ends(self, reach: float) -> tuple[Values, Values]:
        """Return the lower and the upper end, so many standard deviations from what was expected."""
        spread = self.spread[:, np.newaxis]
        if not self.are_counts:
            return self.expected * np.exp(-reach * spread), self.expected * np.exp(reach * spread)
        middle = stabilised(self.expected, spread)
        return recovered(np.maximum(middle - reach, 0), spread), recovered(middle + reach, spread)

    def deviation_of(self, values: Values, series: int, point: int) -> Values:
        """Return how far values would lie from what was expected of one point."""
        return deviations(values, self.expected[series, point], self.spread[series], self.are_counts)


def credible_ranges(
    values: ArrayLike,
    period: int,
    *,
    latest: int | None = None,
    before_only: bool = False,
    are_counts: bool = True,
    season: tuple[Values, NDArray[np.bool_]] | None = None,
) -> Ranges:
    """Return what was to be expected of each point of several series in time order; shape (series, points), gaps NaN.

    `period`: 12 for months, 4 for quarters, else 1 without a season. Points from position `latest` on came together and
    are expected from those before them only, the others from both sides, or with `before_only` from those before.
    The level is the median of the points around, each without its season; the season is that of seasonality.factors. A
    count varies by chance (Poisson) and by a jump of the level that grows with it, so its variance is
    m + (spread m)²: that of a negative binomial distribution. Negative counts are taken as 0; decimals of both signs
    have no range. `season`: what `season_of` returns for the same arguments, where it is known already.
    """
    x = np.asarray(values, dtype=float)
    if not are_counts:
        x = np.where((x < 0).any(axis=1, keepdims=True), np.nan, x)
    x = np.maximum(x, 0)
    count = x.shape[1]
    first = count if latest is None else latest
    factors, has_season = season_of(x, period, first) if season is None else season
    level = x / factors
    level = level + 0.5 if are_counts else np.maximum(level, _smallest(level))
    logs = np.log(level)
    width = LEVEL_FROM.get(period, 3)
    before = _before(logs, width, first)
    spread = _spread(logs[:, :first], before[:, :first], are_counts)
    spread = np.sqrt(spread**2 + np.where(has_season, 0.0, UNKNOWN_SEASON**2))
    around = before if before_only else _around(logs, before, EACH_SIDE.get(period, 2), width, first)
    known = np.isfinite(x[:, :first]).sum(axis=1)[:, np.newaxis] - (np.arange(count) < first)
    around = np.where(known >= FEWEST_POINTS, around, np.nan)
    expected = np.maximum(np.exp(around) - (0.5 if are_counts else 0), 0) * factors
    reached = x if are_counts else np.where(np.isfinite(x), level * factors, np.nan)
    return Ranges(expected, spread, deviations(reached, expected, spread[:, np.newaxis], are_counts), are_counts)


def season_of(values: ArrayLike, period: int, latest: int) -> tuple[Values, NDArray[np.bool_]]:
    """Return the season's factor of each point, and of which series the history is long enough to show one."""
    x, first = np.maximum(np.asarray(values, dtype=float), 0), latest
    factors, enough = np.ones(x.shape), np.full(len(x), period not in (MONTHS, QUARTERS))
    if period not in (MONTHS, QUARTERS):
        return factors, enough
    start = max(0, first - SEASON_FROM_YEARS * period)
    places = (np.arange(x.shape[1]) - start) % period
    for series, known in enumerate(x[:, start:first]):
        is_long = np.isfinite(known).sum() >= seasonality.FEWEST_YEARS * period
        if is_long and np.isfinite(known[period:] - known[:-period]).any():
            factors[series] = seasonality.factors(known, period)[places]
            enough[series] = True
    return factors, enough


def deviations(values: ArrayLike, expected: ArrayLike, spread: ArrayLike, are_counts: bool = True) -> Values:
    """Return how far values lie from what was expected, in standard deviations of both chance and jumps."""
    x, m, s = np.broadcast_arrays(np.asarray(values, float), np.asarray(expected, float), np.asarray(spread, float))
    if are_counts:
        return np.asarray(stabilised(x, s) - stabilised(m, s))
    tiny = 1e-6
    m = np.maximum(m, tiny)
    return np.asarray(np.log(np.maximum(x, tiny * m) / m) / s)


def stabilised(counts: ArrayLike, spread: ArrayLike) -> Values:
    """Return counts on the scale on which their standard deviation is 1, whatever they are.

    2 / s · arsinh(s √(x + 3/8)): Anscombe's transformation of the negative binomial distribution with the variance
    m + s² m² (Biometrika 35, Anscombe 1948), up to a term of the order of s². For s towards 0 it is twice the square
    root, of Poisson counts; for large counts it is the logarithm over s. A negative count is taken as 0.
    """
    s = np.maximum(np.asarray(spread, dtype=float), 1e-6)
    return np.asarray(2 / s * np.arcsinh(s * np.sqrt(np.maximum(np.asarray(counts, dtype=float), 0) + 3 / 8)))


def recovered(scaled: ArrayLike, spread: ArrayLike) -> Values:
    """Return the counts that `stabilised` gave; none is below 0."""
    s = np.maximum(np.asarray(spread, dtype=float), 1e-6)
    return np.asarray(np.maximum((np.sinh(s * np.asarray(scaled, dtype=float) / 2) / s) ** 2 - 3 / 8, 0))


def chance_of_none(expected: ArrayLike, spread: ArrayLike) -> Values:
    """Return how often a count with such an expectation is 0: (1 + s² m) ^ (−1 / s²), the negative binomial's."""
    squared = np.maximum(np.asarray(spread, dtype=float), 1e-3) ** 2
    return np.asarray((1 + squared * np.asarray(expected, dtype=float)) ** (-1 / squared))


def chance_of_equal(expected: ArrayLike, spread: ArrayLike, are_counts: bool = True) -> Values:
    """Return how often two counts of one expectation are equal by chance, roughly: 1 / √(4 π variance), at most 1.

    The density at 0 of the difference of two normal variables. A decimal has more digits than a count; a hundred
    different values are taken for as many as it has at least.
    """
    m, s = np.asarray(expected, dtype=float), np.asarray(spread, dtype=float)
    variance = m + (s * m) ** 2
    chance = 1 / np.sqrt(4 * np.pi * np.maximum(variance, 1e-9)) if are_counts else np.full(variance.shape, 0.01)
    return np.asarray(np.minimum(chance, 1))


def share_deviations(parts: ArrayLike, bases: ArrayLike, latest: int | None = None, width: int = 5) -> Values:
    """Return how far each share of several series lies from the median of those around, in standard deviations.

    Shape (series, points); from `latest` on those before only. On the scale of 2 arcsin √p, where a share of n has the
    variance 1 / n; besides that the shares jump, which is estimated as for counts. A part above its base is as far as
    can be.
    """
    k, n = np.asarray(parts, dtype=float), np.asarray(bases, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        angles = np.where(n > 0, 2 * np.arcsin(np.sqrt(np.clip(k / n, 0, 1))), np.nan)
        chance = np.where(n > 0, 1 / n, np.nan)
    first = angles.shape[1] if latest is None else latest
    before = _before(angles, width, first)
    around = _around(angles, before, 3, width, first)
    moved = _median(np.abs(angles[:, :first] - before[:, :first]), axis=1) * MADE_NORMAL
    jump = np.sqrt(
        np.maximum(moved**2 - BOTH_VARIANCES * _median(chance[:, :first], axis=1), (2 * LEAST_JUMP_OF_SHARE) ** 2)
    )
    known = np.isfinite(angles[:, :first]).sum(axis=1)[:, np.newaxis] - (np.arange(angles.shape[1]) < first)
    found = (angles - around) / np.sqrt(jump[:, np.newaxis] ** 2 + chance)
    found = np.where((k > n) & (n >= 0), np.inf, found)
    return np.where(known >= FEWEST_POINTS, found, np.nan)


def _smallest(level: Values) -> Values:
    """Return half the smallest value above 0 of each series, in place of 0 under a logarithm; NaN where all are 0."""
    positive = np.where(level > 0, level, np.inf)
    least = positive.min(axis=1, initial=np.inf)[:, np.newaxis]
    return np.where(np.isfinite(least), least / 2, np.nan)


def _before(logs: Values, width: int, first: int) -> Values:
    """Return for each point the median of so many points before it, at least two; none from `first` on is used."""
    past = np.full((width, *logs.shape), np.nan)
    for back in range(1, min(width, logs.shape[1] - 1) + 1):
        past[back - 1, :, back:] = logs[:, :-back]
    past[:, :, first:] = np.nan
    if 0 < first < logs.shape[1]:
        last = logs[:, max(0, first - width) : first].T
        past[: len(last), :, first:] = last[:, :, np.newaxis]
    return np.where(np.isfinite(past).sum(axis=0) >= 2, _median(past, axis=0), np.nan)


def _around(logs: Values, before: Values, side: int, width: int, first: int) -> Values:
    """Return for each point the median of its neighbours on both sides; of those before where there are none after.

    At the very start, of those after. Those that came together from `first` on are no one's neighbours: were they
    wrong, those before them would look so.
    """
    shape = (side, *logs.shape)
    earlier, later = np.full(shape, np.nan), np.full(shape, np.nan)
    for far in range(1, min(side, logs.shape[1] - 1) + 1):
        earlier[far - 1, :, far:] = logs[:, :-far]
        later[far - 1, :, : max(0, first - far)] = logs[:, far:first]
    both = _median(np.concatenate([earlier, later]), axis=0)
    has_both = (np.isfinite(earlier).sum(axis=0) >= 2) & (np.isfinite(later).sum(axis=0) >= 2)
    after = np.full(logs.shape, np.nan)
    after[:, :first] = _before(logs[:, :first][:, ::-1], width, first)[:, ::-1]
    one_sided = np.where(np.isfinite(before), before, after)
    found = np.where(has_both, both, one_sided)
    found[:, first:] = before[:, first:]
    return found


def _spread(logs: Values, before: Values, are_counts: bool) -> Values:
    """Return how far each series jumps from its level besides chance, drawn towards the usual jump."""
    errors = np.abs(logs - before)
    known = np.isfinite(errors).sum(axis=1)
    moved = np.nan_to_num(_median(errors, axis=1)) * MADE_NORMAL
    chance = BOTH_VARIANCES / (np.exp(np.nan_to_num(_median(logs, axis=1))) + 0.5) if are_counts else 0.0
    own = np.maximum(moved**2 - chance, 0)
    return np.asarray(np.sqrt((known * own + USUAL_POINTS * USUAL_JUMP**2) / (known + USUAL_POINTS)))


def _median(values: Values, axis: int) -> Values:
    """Return the median of what is there; NaN where nothing is. numpy's own warns of that, and is slow."""
    ordered = np.sort(values, axis=axis)  # gaps last
    known = np.isfinite(ordered).sum(axis=axis, keepdims=True)
    if ordered.shape[axis] == 0:
        return np.full(ordered.sum(axis=axis).shape, np.nan)
    low = np.take_along_axis(ordered, np.maximum((known - 1) // 2, 0), axis=axis)
    high = np.take_along_axis(ordered, np.where(known > 0, known // 2, 0), axis=axis)
    return np.asarray(np.where(known > 0, (low + high) / 2, np.nan).squeeze(axis=axis))
