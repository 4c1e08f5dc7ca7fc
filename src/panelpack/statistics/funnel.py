"""Is a unit outside what differs between units anyway? Funnels with over-dispersion, for rates, shares and changes.

Many units of different sizes (forces, areas) are held to a common level. That their values differ by more than chance
is the rule, for they are different places; so limits that allow for chance alone put nearly all of them outside. The
additive model of Spiegelhalter 2005 (Statistics in Medicine 24, 1185 to 1202, section 4), and Spiegelhalter 2012, with
others (Journal of the Royal Statistical Society A 175, 1 to 47), measures how much units differ beyond chance, with the
largest and smallest drawn in, and widens the limits by that: as FunnelPlotR for R computes it. No unit has a rank.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Position = Literal["within", "above", "below"]

LEVEL, FAR_LEVEL = 0.95, 0.998  # of the two pairs of limits that a funnel is drawn with
DRAWN_IN = 0.1  # the share of units at either end whose z-scores are set to the nearest of the others
FEWEST_UNITS = 10  # fewer say too little of how much units differ
NO_SPREAD = 1e-12  # of the weights: so little is left of them where one unit has all
NO_CASE = 0.5  # taken for a count of 0, whose logarithm is none


@dataclass(frozen=True)
class OverDispersion:
    """How much units differ beyond chance.

    phi: the mean square of their z-scores, 1 by chance alone; tau2: the variance between units that explains it, on the
    scale of the funnel (logarithms, or angles of shares); units: of how many it is.
    """

    phi: float
    tau2: float
    units: int


@dataclass(frozen=True)
class Funnel:
    """Units against a common level. All arrays have an element a unit, in the order in which they were given.

    scale: 'ratio' (logarithms) or 'share' (angles). target: the common level: 1 of ratios to what is expected, a share
    of 0 to 1, the common ratio of changes. value: of the unit on that scale; chance: the standard deviation of its
    logarithm, or angle, by chance. z: standard deviations from the target, of chance and of what units differ by
    together; z_chance: of chance alone.
    """

    scale: Literal["ratio", "share"]
    target: float
    value: Numbers
    chance: Numbers
    between: OverDispersion
    z: Numbers
    z_chance: Numbers

    def position(self, unit: int, level: float = LEVEL) -> Position:
        """Return whether a unit lies within what differs between units anyway, or above or below it."""
        reach = half_width(level)
        return "above" if self.z[unit] > reach else "below" if self.z[unit] < -reach else "within"

    def outside(self, level: float = LEVEL) -> npt.NDArray[np.bool_]:
        """Return which units lie outside what differs between units anyway."""
        return np.abs(self.z) > half_width(level)

    def limits(self, chance: Sequence[float] | Numbers, level: float = LEVEL) -> tuple[Numbers, Numbers]:
        """Return the ends of what differs anyway between units of these sizes, on the scale of `value`.

        chance: as of the funnel: 1 / square root of what is expected for a rate (`chance_of_count`), 1 / (2 x square
        root of the base) for a share (`chance_of_share`).
        """
        reach = half_width(level) * np.sqrt(np.asarray(chance, float) ** 2 + self.between.tau2)
        if self.scale == "ratio":
            return self.target * np.exp(-reach), self.target * np.exp(reach)
        angle = np.arcsin(np.sqrt(self.target))
        low, high = np.clip(angle - reach, 0, np.pi / 2), np.clip(angle + reach, 0, np.pi / 2)
        return np.sin(low) ** 2, np.sin(high) ** 2


def half_width(level: float) -> float:
    """Return how many standard deviations either side of the middle hold so large a share of a normal variable."""
    return NormalDist().inv_cdf((1 + level) / 2)


def chance_of_count(expected: Sequence[float] | Numbers) -> Numbers:
    """Return the standard deviation, by chance, of the logarithm of a count of which so many cases are expected."""
    chance: Numbers = 1 / np.sqrt(np.asarray(expected, float))
    return chance


def chance_of_share(bases: Sequence[float] | Numbers) -> Numbers:
    """Return the standard deviation, by chance, of the angle arcsin(square root of a share) of so many cases."""
    chance: Numbers = 1 / (2 * np.sqrt(np.asarray(bases, float)))
    return chance


def winsorised(z: Sequence[float] | Numbers, share: float = DRAWN_IN) -> Numbers:
    """Return z-scores of which those beyond the quantiles of `share` and 1 - `share` are set to these (R's type 7)."""
    scores = np.asarray(z, float)
    low, high = np.quantile(scores, [share, 1 - share])
    drawn_in: Numbers = np.clip(scores, low, high)
    return drawn_in


def over_dispersion(z: Sequence[float] | Numbers, chance: Sequence[float] | Numbers) -> OverDispersion:
    """Return how much units differ beyond chance, by the additive model (Spiegelhalter 2005, equations 11 and 12).

    z: the z-scores by chance alone; chance: the standard deviations that they were divided by. With n units, phi =
    sum of z squared / n of the winsorised scores, and with weights w = 1 / chance squared tau squared =
    (n phi - (n - 1)) / (sum of w - sum of w squared / sum of w); 0 where that is below 0.
    """
    drawn_in, units = winsorised(z), len(z)
    phi = float((drawn_in**2).sum() / units)
    weights = 1 / np.asarray(chance, float) ** 2
    spread = float(weights.sum() - (weights**2).sum() / weights.sum())
    beyond = units * phi - (units - 1)
    is_of_many = spread > NO_SPREAD * weights.sum()  # of one unit nothing but a rounding error is left
    return OverDispersion(phi, beyond / spread if beyond > 0 and is_of_many else 0.0, units)


def ratio_funnel(observed: Sequence[float] | Numbers, expected: Sequence[float] | Numbers) -> Funnel:
    """Return the funnel of counts against those that are expected, such as population x the rate of all together.

    On the scale of logarithms: y = log(observed / expected), by chance with a standard deviation of
    1 / square root of expected. Raises ValueError for expected counts that are not above 0 and observed ones below it.
    """
    counts, wanted = _numbers(observed, "observed"), _numbers(expected, "expected")
    if len(counts) != len(wanted) or not len(counts):
        raise ValueError(f"found {len(counts)} observed and {len(wanted)} expected counts, expected as many of both")
    if (wanted <= 0).any():
        raise ValueError(f"found an expected count of {wanted.min()}, expected numbers above 0")
    chance = chance_of_count(wanted)
    return _funnel("ratio", 1.0, counts / wanted, np.log(np.maximum(counts, NO_CASE) / wanted), chance)


def share_funnel(successes: Sequence[float] | Numbers, bases: Sequence[float] | Numbers) -> Funnel:
    """Return the funnel of shares against that of all units together.

    On the scale of angles, on which chance does not depend on the share: y = arcsin(square root of the share), with a
    standard deviation of 1 / (2 x square root of the base). Raises ValueError for a base that is not above 0 and for
    successes below 0 or above their base.
    """
    hits, tried = _numbers(successes, "successes"), _numbers(bases, "bases")
    if len(hits) != len(tried) or not len(hits):
        raise ValueError(f"found {len(hits)} numbers of successes and {len(tried)} bases, expected as many of both")
    if (tried <= 0).any() or (hits > tried).any():
        raise ValueError("found a base of 0, or more successes than cases, expected a share of each base")
    target = float(hits.sum() / tried.sum())
    angles = np.arcsin(np.sqrt(hits / tried)) - np.arcsin(np.sqrt(target))
    return _funnel("share", target, hits / tried, angles, chance_of_share(tried))


def change_funnel(
    before: Sequence[float] | Numbers, latest: Sequence[float] | Numbers, variances: Sequence[float] | Numbers
) -> Funnel:
    """Return the funnel of changes, latest / before, against the change of all units together.

    variances: of each log(latest / before) by chance, such as significance.log_variance with the dispersion of the
    unit's own counts: so the funnel holds both how counts vary in time and how changes differ between units. Raises
    ValueError for a count that is not above 0 and a variance that is not.
    """
    first, last = _numbers(before, "before"), _numbers(latest, "latest")
    by_chance = np.sqrt(np.asarray(variances, float))
    if not len(first) == len(last) == len(by_chance) or not len(first):
        raise ValueError(f"found {len(first)}, {len(last)} and {len(by_chance)} numbers, expected as many of each")
    if (first <= 0).any() or (last <= 0).any() or not (by_chance > 0).all():
        raise ValueError("found a count or a variance that is not above 0, expected a change that has a logarithm")
    target = float(last.sum() / first.sum())
    return _funnel("ratio", target, last / first, np.log(last / first) - np.log(target), by_chance)


def _funnel(scale: Literal["ratio", "share"], target: float, value: Numbers, distance: Numbers, s: Numbers) -> Funnel:
    z_chance = distance / s
    between = over_dispersion(z_chance, s)
    return Funnel(scale, target, value, s, between, distance / np.sqrt(s**2 + between.tau2), z_chance)


def _numbers(values: Sequence[float] | Numbers, what: str) -> Numbers:
    numbers = np.asarray(values, float)
    if not np.isfinite(numbers).all() or (numbers < 0).any():
        raise ValueError(f"found {what} numbers that are below 0, infinite or none, expected counts")
    return numbers


def centiles(values: Sequence[float] | Numbers, shares: Sequence[float] = (0.1, 0.9)) -> tuple[float, ...]:
    """Return the quantiles of values (R's type 7), such as what the middle 8 in 10 lie between; nan where none is."""
    known = np.asarray(values, float)
    known = known[np.isfinite(known)]
    return tuple(float(np.quantile(known, share)) for share in shares) if len(known) else (nan,) * len(shares)
