"""Is a change larger than chance would give? Intervals for counts and for proportions, and their p-values.

The functions know no indicator: they take numbers and return intervals at 95%, or at the level asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, isnan, log, sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

LEVEL = 0.95
SMALL_COUNT, LARGE_COUNT = 10, 20  # Poisson cases: the interval is exact up to the one, by logarithms from the other on
FALSE_DISCOVERIES = 0.05  # the share of false ones among the changes of a pack that are called more than chance
SMALLEST_P, LARGEST_P = 1e-12, 0.999  # beyond these nothing is decided by how small or large a p-value is


@dataclass(frozen=True)
class Interval:
    """An interval of a change; its ends may be infinite. Raises ValueError for ends that are no numbers."""

    lower: float
    upper: float

    def __post_init__(self) -> None:
        """Refuse what compares as false with everything, and so would count as a change."""
        if isnan(self.lower) or isnan(self.upper):
            raise ValueError(f"found an interval from {self.lower} to {self.upper}, expected numbers")

    @property
    def excludes_none(self) -> bool:
        """Whether no change lies outside the interval."""
        return not self.lower <= 0 <= self.upper


@dataclass(frozen=True)
class Dispersion:
    """How much more counts vary than Poisson counts would (at least 1), and on how many degrees of freedom it rests.

    Infinite degrees of freedom: taken as known, not estimated.
    """

    factor: float = 1.0
    degrees_of_freedom: float = inf


POISSON = Dispersion()


def dispersion(*periods: Sequence[float]) -> Dispersion:
    """Return how much more the counts vary inside their periods than Poisson counts would: at least 1.

    Pearson's chi-squared over its degrees of freedom, around the mean of each period (McCullagh and Nelder 1989,
    section 6.2). A count may be below zero, where a correction took off more than was counted. A period in which
    nothing was counted says nothing of how counts vary, and is left out. POISSON where no period has two counts.
    """
    chi_squared, degrees_of_freedom = 0.0, 0
    for counts in periods:
        x = np.asarray([_whole(count) for count in counts])
        if len(x) > 1 and x.mean() > 0:
            chi_squared += float(((x - x.mean()) ** 2).sum() / x.mean())
            degrees_of_freedom += len(x) - 1
    if not degrees_of_freedom:
        return POISSON
    return Dispersion(max(1.0, chi_squared / degrees_of_freedom), degrees_of_freedom)


def count_change(
    latest: float, baseline: float, spread: Dispersion = POISSON, level: float = LEVEL, exposure: float = 1
) -> Interval:
    """Return the interval of the change from `baseline` to `latest`, in percent of the baseline.

    exposure: of how many times as long a period, or as many people, the baseline is (3 for the sum of three years
    against one); what changes is latest / (baseline / exposure). A count that varies three times as much as a Poisson
    one tells as much as a third of it. Where both tell as much as LARGE_COUNT Poisson cases, the logarithm of their
    ratio has the variance factor x (1/latest + 1/baseline), and Student's t has the dispersion's degrees of freedom
    (quasi-Poisson, as R's glm). Where one tells no more than SMALL_COUNT, the interval is the exact one of what the
    counts tell, conditional on the sum of both (Clopper and Pearson 1934; where nothing changed the latest has 1 in
    1 + exposure of it, Przyborowski and Wilenski 1940), as cautious about an estimated dispersion as t is. In between
    the ends go over from one to the other, so that a single case more turns no verdict back. From a baseline of 0 the
    upper end is infinite.

    Raises ValueError for counts that are negative, infinite, no number or not whole, and an exposure that is not above
    0.
    """
    latest, baseline = whole_count(latest), whole_count(baseline)
    if not (isfinite(exposure) and exposure > 0):
        raise ValueError(f"found an exposure of {exposure}, expected a number above 0")
    t = quantile(level, spread.degrees_of_freedom)
    told = min(latest, baseline) / spread.factor
    by_logarithms = min(1.0, max(0.0, (told - SMALL_COUNT) / (LARGE_COUNT - SMALL_COUNT)))
    ends = np.zeros(2)
    if by_logarithms < 1:
        factor = spread.factor * (t / quantile(level)) ** 2
        ends += (1 - by_logarithms) * _exact_log_ratio(latest / factor, baseline / factor, level)
    if by_logarithms > 0:
        half_width = t * sqrt(log_variance(latest, baseline, spread))
        ends += by_logarithms * (log(latest / baseline) + half_width * np.array([-1, 1]))
    if exposure != 1:
        ends += log(exposure)
    with np.errstate(over="ignore"):  # an end beyond all numbers is infinite
        lower, upper = 100 * np.expm1(ends)
    return Interval(float(lower), float(upper))


def log_variance(latest: float, baseline: float, spread: Dispersion = POISSON) -> float:
    """Return the variance of the logarithm of the ratio of two counts above 0, by chance alone."""
    return spread.factor * (1 / latest + 1 / baseline)


def proportion_change(
    latest: float, latest_base: float, baseline: float, baseline_base: float, level: float = LEVEL
) -> Interval:
    """Return the interval of the change of a proportion, in percentage points.

    Newcombe's hybrid score interval for two independent samples (Newcombe 1998, method 10). `latest` and `baseline`
    are the successes, the bases the sample sizes. Raises ValueError for bases that are not above 0, and for successes
    that are no count or more than their base.
    """
    for successes, base in ((latest, latest_base), (baseline, baseline_base)):
        if whole_count(base) == 0 or whole_count(successes) > base:
            raise ValueError(
                f"found {successes:g} of {base:g}, expected a base above 0 and no more successes than that"
            )
    return _share_change(latest / latest_base, latest_base, baseline / baseline_base, baseline_base, level)


def share_change(
    latest: float, latest_base: float, baseline: float, baseline_base: float, level: float = LEVEL
) -> Interval:
    """Return the interval of the change of shares that were supplied as such, in percentage points.

    As `proportion_change`, of shares in percent and the sizes of their samples: their product need be no whole number,
    for a share is rounded or weighted. Raises ValueError for shares that are not from 0 to 100, and bases not above 0.
    """
    for share, base in ((latest, latest_base), (baseline, baseline_base)):
        check_share(share, base)
    return _share_change(latest / 100, latest_base, baseline / 100, baseline_base, level)


def check_share(share: float, base: float) -> None:
    """Raise ValueError for a share that is not from 0 to 100, and a base that is not above 0."""
    if not 0 <= share <= 100 or not (isfinite(base) and base > 0):
        raise ValueError(f"found {share:g}% of {base:g}, expected a share from 0 to 100 and a base above 0")


def _share_change(now: float, now_base: float, before: float, before_base: float, level: float) -> Interval:
    now_low, now_high = wilson(now, now_base, level)
    before_low, before_high = wilson(before, before_base, level)
    change = now - before
    return Interval(
        100 * (change - sqrt((now - now_low) ** 2 + (before_high - before) ** 2)),
        100 * (change + sqrt((now_high - now) ** 2 + (before - before_low) ** 2)),
    )


def p_value(interval_at: Callable[[float], Interval]) -> float:
    """Return the least share of chance at which a change still stands out: 1 minus the widest level that excludes none.

    interval_at: the interval of the change at a level (0 to 1). So a p-value never contradicts the interval that is
    printed beside it.
    """
    return least_chance(lambda level: interval_at(level).excludes_none)


def least_chance(holds_at: Callable[[float], bool]) -> float:
    """Return 1 minus the widest level (0 to 1) at which what is said of an interval still holds; 1 where it never does.

    holds_at: whether it holds of the interval of a level; once it fails, it fails of every wider one. Found by halving,
    to SMALLEST_P.
    """
    low, high = log(SMALLEST_P), log(LARGEST_P)
    if holds_at(1 - SMALLEST_P):
        return SMALLEST_P
    for _ in range(50):
        middle = (low + high) / 2
        if holds_at(1 - exp(middle)):
            high = middle
        else:
            low = middle
    return exp(high) if high < log(LARGEST_P) else 1.0


def stand_out(p_values: Sequence[float], rate: float = FALSE_DISCOVERIES) -> list[bool]:
    """Return which of several comparisons are more than chance, when all of them are made together.

    Benjamini and Hochberg 1995: in order of their p-values the k-th of n is compared with rate x k / n, and all up to
    the last that is not above it stand out. Of those that do, at most a share `rate` is expected to be false.
    """
    ranked = enumerate(sorted(p_values), start=1)
    largest = max((p for rank, p in ranked if p <= rate * rank / len(p_values)), default=-1.0)
    return [p <= largest for p in p_values]


def quantile(level: float, degrees_of_freedom: float = inf) -> float:
    """Return how many standard errors an interval of a level reaches to either side: Student's t, or the normal."""
    if degrees_of_freedom == inf:
        return NormalDist().inv_cdf(0.5 + level / 2)
    from scipy.special import stdtrit  # a tenth of a second to import, which only some verdicts need

    return float(stdtrit(degrees_of_freedom, 0.5 + level / 2))


def _whole(value: float) -> float:
    if not isfinite(value) or value != int(value):
        raise ValueError(f"found {value}, expected a count: a whole number")
    return float(value)


def whole_count(value: float) -> float:
    """Return a count. Raises ValueError for what is negative, infinite, no number or not whole."""
    if not isfinite(value) or value < 0 or value != int(value):
        raise ValueError(f"found {value}, expected a count: a whole number, 0 or more")
    return float(value)


def _exact_log_ratio(latest: float, baseline: float, level: float) -> npt.NDArray[np.float64]:
    """Return the interval of log(latest / baseline) of two Poisson counts, which may be fractions of ones."""
    from scipy.special import betaincinv  # as stdtrit

    tail = (1 - level) / 2
    low = float(betaincinv(latest, baseline + 1, tail)) if latest else 0.0
    high = float(betaincinv(latest + 1, baseline, 1 - tail)) if baseline else 1.0
    return np.array([log(low / (1 - low)) if low else -inf, log(high / (1 - high)) if high < 1 else inf])


def wilson(share: float, n: float, level: float) -> tuple[float, float]:
    """Return the score interval (Wilson 1927) of a proportion of n, all from 0 to 1."""
    z = quantile(level)
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half_width = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return max(0.0, min(share, middle - half_width)), min(1.0, max(share, middle + half_width))  # to the last bit
