"""The season of a monthly or quarterly series: whether it has one, and the series without it.

The model is a level, which may grow or fall along a line, times a factor for each place in the year, times chance.
All of it is estimated from the series itself: from those of its points that also fix the limits of its control chart.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]
SIGNIFICANCE = 0.01  # a series is adjusted when chance would give its season less often than this
FEWEST_YEARS = 2  # one year alone cannot tell a season from anything else
CAUTION = 2  # a wave is kept only as far as its power is more than so many times what chance gives it
FARTHEST = 3  # standard deviations from its place's median at which a value stops pulling its factor along
LEAST_FACTOR = 0.2  # division by less than this would make a large value out of a few counts
NOTHING = 1e-9  # a relative difference that is only rounding


def adjust(values: ArrayLike, period: int, fixes: ArrayLike | None = None) -> pd.DataFrame:
    """Return a series with its season taken out: columns value (adjusted), factor and adjusted (whether it was).

    `values` are in time order, one a month (period 12) or a quarter (period 4), gaps as NaN; the adjusted value is
    the value divided by its factor, in the same unit. `fixes`: for each value whether the factors are estimated from
    it; by default all are. The factors of a year average 1, so the level stays. A series without evidence of a season
    comes back as it is, with factors of 1.
    """
    x = np.asarray(values, dtype=float)
    known = np.full(len(x), True) if fixes is None else np.asarray(fixes, dtype=bool)
    window = np.flatnonzero(known)
    start, stop = (window[0], window[-1] + 1) if len(window) else (0, 0)
    by_place = np.roll(factors(np.where(known, x, np.nan)[start:stop], period), start)
    factor = by_place[np.arange(len(x)) % period]
    return pd.DataFrame({"value": x / factor, "factor": factor, "adjusted": bool((by_place != 1).any())})


def factors(values: ArrayLike, period: int) -> Values:
    """Return the factor of each place in the year, the first that of the first value; all 1 where none is evident.

    A factor is the mean ratio of its place's values to the level, shrunk towards 1. The shrinking is done wave by
    wave: the factors are a sum of waves of 1, 2, ... cycles a year, chance gives each the same expected power, and of
    each the share that is more than CAUTION times that is kept (Wiener's filter with a margin, chosen by the false
    alarms that bench_statistics counts: a factor that follows chance sets off runs). So a short or an erratic history
    is shrunk more than a long, calm one, and a smooth season keeps its shape.

    Raises ValueError for a period below 2.
    """
    if period < 2:
        raise ValueError(f"seasonality: found a period of {period}, expected 12 for months or 4 for quarters.")
    ratios = _ratios(np.asarray(values, dtype=float), period)
    if ratios is None or _p_value(ratios) >= SIGNIFICANCE:
        return np.ones(period)
    shrunk = _shrunk(ratios)
    return shrunk if shrunk.min() >= LEAST_FACTOR else np.ones(period)


def p_value(values: ArrayLike, period: int) -> float:
    """Return how often chance alone would give places of the year that differ as much: an F test, 0 to 1.

    It compares the variance between the places with that inside them (one-way analysis of variance, Fisher 1925, of
    the ratios to the level). Returns 1 where the history is too short or has no level above 0 to compare with.
    """
    ratios = _ratios(np.asarray(values, dtype=float), period)
    return 1.0 if ratios is None else _p_value(ratios)


def _ratios(x: Values, period: int) -> Values | None:
    """Return the values over the level, a row a year, a column a place; None where that cannot be had."""
    if np.isfinite(x).sum() < FEWEST_YEARS * period:
        return None
    grid = _years(x, period)
    level = _level(x, period)
    if (np.isfinite(grid).sum(axis=0) < FEWEST_YEARS).any() or not (level > 0).all():
        return None
    return _clipped(_years(x / level, period))


def _years(x: Values, period: int) -> Values:
    """Return the values a row a year, the last row filled up with gaps."""
    return np.append(x, np.full(-len(x) % period, np.nan)).reshape(-1, period)


def _level(x: Values, period: int) -> Values:
    """Return a straight line through the series that neither its season nor a few odd values bend.

    The slope is the median change from one year to the next, in which the season cancels.
    """
    time = np.arange(len(x))
    slope = np.nanmedian(x[period:] - x[:-period]) / period
    return np.nanmean(x - slope * time) + slope * time


def _clipped(ratios: Values) -> Values:
    """Return the ratios, the far ones pulled in: one odd month must not become a season.

    Far from the median of its place, that is. Of two years the median would lie half way to an odd one; there a ratio
    is far from the other one, and the one that is nearer to 1 stays. The spread comes from the changes from year to
    year, whose median the odd ones do not move: for chance of standard deviation s the median absolute change is
    0.6745 s times the square root of 2.
    """
    spread = np.nanmedian(np.abs(np.diff(ratios, axis=0))) / (0.6745 * np.sqrt(2))
    years = np.isfinite(ratios).sum(axis=0)
    nearer = np.take_along_axis(ratios, np.nanargmin(np.abs(ratios - 1), axis=0)[np.newaxis], axis=0)[0]
    middle = np.where(years == FEWEST_YEARS, nearer, np.nanmedian(ratios, axis=0))
    reach = FARTHEST * spread * np.where(years == FEWEST_YEARS, np.sqrt(2), 1)  # of a difference, where there are two
    return np.clip(ratios, middle - reach, middle + reach)


def _variances(ratios: Values) -> tuple[float, float, int]:
    """Return the variance between the places and inside them, and the degrees of freedom of the latter."""
    n = np.isfinite(ratios).sum(axis=0)
    means = np.nanmean(ratios, axis=0)
    degrees_of_freedom = int(n.sum()) - len(n)
    between = (n * (means - np.nanmean(ratios)) ** 2).sum() / (len(n) - 1)
    return float(between), float(np.nansum((ratios - means) ** 2) / degrees_of_freedom), degrees_of_freedom


def _p_value(ratios: Values) -> float:
    between, inside, degrees_of_freedom = _variances(ratios)
    from scipy.special import fdtrc  # a tenth of a second to import, scipy.stats a whole one

    if between < NOTHING**2:
        return 1.0
    return float(fdtrc(ratios.shape[1] - 1, degrees_of_freedom, between / max(inside, NOTHING**2)))


def _shrunk(ratios: Values) -> Values:
    """Return the places' means, as factors that average 1, each wave without the power that chance gives it."""
    means = np.nanmean(ratios, axis=0)
    waves = np.fft.rfft(means / means.mean())
    _, inside, _ = _variances(ratios)
    by_chance = inside * (1 / np.isfinite(ratios).sum(axis=0)).sum() / means.mean() ** 2
    power = np.abs(waves) ** 2
    kept = np.maximum(0, 1 - CAUTION * by_chance / np.maximum(power, NOTHING**2))
    kept[0] = 1  # the mean itself
    return np.fft.irfft(waves * kept, len(means))
