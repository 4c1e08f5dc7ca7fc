"""Is a change larger than chance would give? Intervals for counts and for proportions.

The functions know no indicator: they take numbers and return intervals at 95%.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.special import betaincinv, ndtri  # scipy.stats would take a second to import

LEVEL = 0.95
Z = float(ndtri(0.5 + LEVEL / 2))
SMALL_COUNT = 10  # below this in either period the exact interval is used instead of the normal one


@dataclass(frozen=True)
class Interval:
    """A 95% interval; `excludes_none` says whether it excludes no change at all."""

    lower: float
    upper: float

    @property
    def excludes_none(self) -> bool:
        """Whether no change lies outside the interval."""
        return not self.lower <= 0 <= self.upper


def dispersion(*periods: Sequence[float]) -> float:
    """Return how much more the counts vary inside their periods than Poisson counts would: at least 1.

    Pearson's chi-squared over its degrees of freedom, around the mean of each period (McCullagh and Nelder 1989,
    section 6.2). Seasons inside a period add to it, so the intervals that use it are wide rather than narrow.
    Returns 1 where no period has two counts.
    """
    chi_squared, freedom = 0.0, 0
    for counts in periods:
        x = np.asarray(counts, dtype=float)
        if len(x) > 1 and x.mean() > 0:
            chi_squared += float(((x - x.mean()) ** 2).sum() / x.mean())
            freedom += len(x) - 1
    return max(1.0, chi_squared / freedom) if freedom else 1.0


def count_change(latest: float, baseline: float, dispersion: float = 1.0) -> Interval:
    """Return the interval of the change from `baseline` to `latest`, in percent of the baseline.

    Both are counts over periods of equal length. The logarithm of their ratio has the variance
    dispersion x (1/latest + 1/baseline) (quasi-Poisson). Where a count is below SMALL_COUNT the interval is the
    exact one, conditional on the sum of both (Clopper and Pearson 1934), widened by nothing: it takes the counts as
    Poisson. Raises ValueError for a baseline of zero: no ratio exists.
    """
    if baseline <= 0:
        raise ValueError("a change in percent needs a baseline above 0")
    if min(latest, baseline) < SMALL_COUNT:
        tail = (1 - LEVEL) / 2
        low = float(betaincinv(latest, baseline + 1, tail)) if latest else 0.0
        high = float(betaincinv(latest + 1, baseline, 1 - tail))
        return Interval(100 * (low / (1 - low) - 1), 100 * (high / (1 - high) - 1))
    spread = Z * sqrt(dispersion * (1 / latest + 1 / baseline))
    ratio = log(latest / baseline)
    return Interval(100 * (exp(ratio - spread) - 1), 100 * (exp(ratio + spread) - 1))


def wilson(successes: float, base: float) -> tuple[float, float]:
    """Return Wilson's score interval of a proportion, as shares (Wilson 1927)."""
    share, z2 = successes / base, Z * Z
    centre = (share + z2 / (2 * base)) / (1 + z2 / base)
    reach = Z * sqrt(share * (1 - share) / base + z2 / (4 * base * base)) / (1 + z2 / base)
    return centre - reach, centre + reach


def proportion_change(latest: float, latest_base: float, baseline: float, baseline_base: float) -> Interval:
    """Return the interval of the change of a proportion, in percentage points.

    Newcombe's hybrid score interval for two independent samples (Newcombe 1998, method 10). `latest` and `baseline`
    are the successes, the bases the sample sizes.
    """
    p1, p2 = latest / latest_base, baseline / baseline_base
    (l1, u1), (l2, u2) = wilson(latest, latest_base), wilson(baseline, baseline_base)
    difference = p1 - p2
    lower = difference - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)
    upper = difference + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    return Interval(100 * lower, 100 * upper)
