"""Is a change larger than chance would give? Intervals for counts and for proportions.

The functions know no indicator: they take numbers and return intervals at 95%.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

LEVEL = 0.95
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
    chi_squared, degrees_of_freedom = 0.0, 0
    for counts in periods:
        x = np.asarray(counts, dtype=float)
        if len(x) > 1 and x.mean() > 0:
            chi_squared += float(((x - x.mean()) ** 2).sum() / x.mean())
            degrees_of_freedom += len(x) - 1
    return max(1.0, chi_squared / degrees_of_freedom) if degrees_of_freedom else 1.0


def count_change(latest: float, baseline: float, dispersion: float = 1.0) -> Interval:
    """Return the interval of the change from `baseline` to `latest`, in percent of the baseline.

    Both are counts over periods of equal length. The logarithm of their ratio has the variance
    dispersion x (1/latest + 1/baseline) (quasi-Poisson). Where a count is below SMALL_COUNT the interval is the
    exact one, conditional on the sum of both (Clopper and Pearson 1934): it takes the counts as Poisson, and knows no
    dispersion. Raises ValueError for a baseline of zero: no ratio exists.
    """
    if baseline <= 0:
        raise ValueError("a change in percent needs a baseline above 0")
    if min(latest, baseline) < SMALL_COUNT:
        from scipy.stats import binomtest  # half a second to import, which only small counts need

        share = binomtest(round(latest), round(latest + baseline)).proportion_ci(LEVEL, method="exact")
        return Interval(*(100 * (end / (1 - end) - 1) for end in (float(share.low), float(share.high))))
    from scipy.special import ndtri  # a tenth of a second to import, which only the verdicts of counts need

    spread = float(ndtri(0.5 + LEVEL / 2)) * sqrt(dispersion * (1 / latest + 1 / baseline))
    ratio = log(latest / baseline)
    return Interval(100 * (exp(ratio - spread) - 1), 100 * (exp(ratio + spread) - 1))


def proportion_change(latest: float, latest_base: float, baseline: float, baseline_base: float) -> Interval:
    """Return the interval of the change of a proportion, in percentage points.

    Newcombe's hybrid score interval for two independent samples (Newcombe 1998, method 10). `latest` and `baseline`
    are the successes, the bases the sample sizes.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    lower, upper = confint_proportions_2indep(
        latest, latest_base, baseline, baseline_base, method="newcomb", compare="diff", alpha=1 - LEVEL
    )
    return Interval(100 * float(lower), 100 * float(upper))
