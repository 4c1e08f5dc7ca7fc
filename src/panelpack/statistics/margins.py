"""The margin of one figure: the interval of a count, of a share or of what came with one, and of a difference of two.

Like significance, the functions know no indicator: numbers in, intervals at 95% or the level asked for out.
"""

from math import inf, log, sqrt

import numpy as np
import numpy.typing as npt

from panelpack.statistics.significance import (
    LARGE_COUNT,
    LEVEL,
    POISSON,
    SMALL_COUNT,
    Dispersion,
    Interval,
    check_share,
    quantile,
    whole_count,
    wilson,
)


def count_margin(count: float, spread: Dispersion = POISSON, level: float = LEVEL) -> Interval:
    """Return the interval of the mean that a count is drawn from: how many cases might have been expected.

    As of a change (significance.count_change): from LARGE_COUNT Poisson cases on the logarithm of the count has the
    variance factor / count, with Student's t (quasi-Poisson, as R's glm of one mean); up to SMALL_COUNT the interval is
    the exact one of a Poisson mean (Garwood 1936) of what the count tells; in between the ends go over.

    Raises ValueError for a count that is negative, infinite, no number or not whole.
    """
    count = whole_count(count)
    t = quantile(level, spread.degrees_of_freedom)
    by_logarithms = min(1.0, max(0.0, (count / spread.factor - SMALL_COUNT) / (LARGE_COUNT - SMALL_COUNT)))
    ends = np.zeros(2)
    if by_logarithms < 1:
        factor = spread.factor * (t / quantile(level)) ** 2
        ends += (1 - by_logarithms) * (log(factor) + _exact_log_mean(count / factor, level))
    if by_logarithms > 0:
        half_width = t * sqrt(spread.factor / count)
        ends += by_logarithms * (log(count) + half_width * np.array([-1, 1]))
    with np.errstate(over="ignore"):  # an end beyond all numbers is infinite
        lower, upper = np.exp(ends)
    return Interval(float(lower), float(upper))


def share_margin(share: float, base: float, level: float = LEVEL) -> Interval:
    """Return the score interval (Wilson 1927) of a share in percent of a sample, in percent.

    share x base need be no whole number. Raises ValueError for a share not from 0 to 100, and a base not above 0.
    """
    check_share(share, base)
    low, high = wilson(share / 100, base, level)
    return Interval(100 * low, 100 * high)


def stated_margin(value: float, lower: float, upper: float, level: float = LEVEL) -> Interval:
    """Return a survey's own 95% interval, at another level: each half width grows as the normal quantile does.

    Raises ValueError for an interval that does not hold its value.
    """
    if not lower <= value <= upper:
        raise ValueError(f"found {value:g} with an interval from {lower:g} to {upper:g}, expected one that holds it")
    grows = quantile(level) / quantile(LEVEL)
    return Interval(value - grows * (value - lower), value + grows * (upper - value))


def difference(latest: float, of_latest: Interval, baseline: float, of_baseline: Interval) -> Interval:
    """Return the interval of latest - baseline, of two independent figures that have intervals of one level.

    Half widths in quadrature, each towards its own side (Newcombe 1998, method 10; Zou and Donner 2008 for any two).
    """
    change = latest - baseline
    down = sqrt((latest - of_latest.lower) ** 2 + (of_baseline.upper - baseline) ** 2)
    up = sqrt((of_latest.upper - latest) ** 2 + (baseline - of_baseline.lower) ** 2)
    return Interval(change - down, change + up)


def _exact_log_mean(count: float, level: float) -> npt.NDArray[np.float64]:
    """Return the interval of the logarithm of the mean of a Poisson count, which may be a fraction of one."""
    from scipy.special import gammaincinv  # a tenth of a second to import, which only some verdicts need

    tail = (1 - level) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return np.array([log(low) if low else -inf, log(float(gammaincinv(count + 1, 1 - tail)))])
