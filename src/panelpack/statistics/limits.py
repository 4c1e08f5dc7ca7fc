"""The limits of a control chart: from which points they come, and when a series can have none.

Two kinds of limits. XmR, of counts and other values, as NHSRplotthedots computes them: the constants 2.66 and 3.267
are those of Shewhart's individuals and moving range charts (3/1.128 and the range's upper limit). Laney's p', of
percentages whose bases are known ("Improved control charts for attributes", Quality Engineering 14(4), Laney 2002):
binomial limits, wider or narrower as the points vary more or less than samples of their size.
"""

from dataclasses import dataclass

import numpy as np

from panelpack.statistics.steadiness import Mask, Values, is_steady, mean_of

LIMIT_FACTOR = 2.66  # limits stand this many mean moving ranges from the mean
SCREEN_FACTOR = 3.267  # moving ranges from this many times their mean are left out, once
RANGE_TO_SPREAD = 1.128  # the mean moving range of independent normal values, in standard deviations
MINIMUM_POINTS = 12  # fewer points than this give a mean but no limits that mean anything
RAREST = 1  # counts whose mean is below this a period are too rare for limits
SMOOTHEST = 0.6  # percentages that vary less than this share of what their samples would are smoothed
WHY_NONE = ("few", "rare", "unsteady")  # why a part of a chart has no limits


@dataclass(frozen=True)
class Limits:
    """The mean of a part of a chart, how far its limits stand from it, point by point, and why it has none.

    All in the values' unit; `half_width` is NaN where `why_none` is not ''. `least` and `most`: what a value can be.
    """

    mean: float
    half_width: Values
    why_none: str = ""
    least: float = -np.inf
    most: float = np.inf

    @property
    def lower(self) -> Values:
        """The lower limit of each point, not below what a value can be."""
        return np.maximum(self.mean - self.half_width, self.least)

    @property
    def upper(self) -> Values:
        """The upper limit of each point, not above what a value can be."""
        return np.minimum(self.mean + self.half_width, self.most)


@dataclass(frozen=True)
class Demands:
    """What points must be to fix limits: so many, and steady or not; `screen`: large moving ranges are left out."""

    minimum: int = MINIMUM_POINTS
    steady: bool = False
    screen: bool = True


def moving_ranges(x: Values) -> Values:
    """Return how far each value is from the one before it; NaN at the start and beside a gap."""
    return np.abs(np.diff(x, prepend=np.nan))


def of_values(x: Values, fixes: Mask, demands: Demands, least: float = -np.inf, most: float = np.inf) -> Limits:
    """Return the XmR limits of one part: its mean plus and minus LIMIT_FACTOR mean moving ranges.

    `fixes`: whether a point helps to fix them. No limit is below `least` or above `most`.
    """
    why = "rare" if is_rare(x[fixes]) else _why_none(x, fixes, demands)
    if why:
        return _none(mean_of(x), len(x), why)
    half_width = LIMIT_FACTOR * mean_range(moving_ranges(x)[fixes], demands.screen)
    return Limits(mean_of(x[fixes]), np.full(len(x), half_width), least=least, most=most)


def of_percentages(x: Values, bases: Values, fixes: Mask, demands: Demands) -> Limits:
    """Return Laney's p' limits of one part, each point's by its own base, from 0 to 100.

    The mean is that of all answers together. Points as standard scores z have the spread sigma_z, their mean moving
    range over 1.128; limits stand 3 sigma_z binomial standard deviations from the mean.
    """
    mean = pooled(x[fixes], bases[fixes])
    scores = standard_scores(x, bases, mean)
    why = _why_none(scores, fixes, demands)
    if why:
        return _none(pooled(x, bases), len(x), why)
    sigma_z = mean_range(moving_ranges(scores)[fixes], demands.screen) / RANGE_TO_SPREAD
    return Limits(mean, 3 * sigma_z * binomial_spread(bases, mean), least=0, most=100)


def _none(mean: float, points: int, why: str) -> Limits:
    return Limits(mean, np.full(points, np.nan), why)


def _why_none(x: Values, fixes: Mask, demands: Demands) -> str:
    """Return why the fixing points give no limits: one of WHY_NONE, or ''."""
    if fixes.sum() < demands.minimum:
        return "few"
    return "unsteady" if demands.steady and not is_steady(x[fixes]) else ""


def is_rare(x: Values) -> bool:
    """Whether values are counts, whole numbers from 0 up, of fewer than RAREST a period on average.

    Of such counts most periods are alike, and neither moving ranges nor runs mean what they mean elsewhere.
    """
    there = x[np.isfinite(x)]
    return bool(len(there) and (there >= 0).all() and (there % 1 == 0).all() and there.mean() < RAREST)


def sample_ratio(percentages: Values, bases: Values) -> float:
    """Return how much percentages vary against samples of their size: 1 when as binomial samples do.

    It is Laney's sigma_z of all points. NaN where that cannot be had: no base, no two points in a row, or all answers
    alike.
    """
    mean = pooled(percentages, bases)
    return mean_range(moving_ranges(standard_scores(percentages, bases, mean)), False) / RANGE_TO_SPREAD


def pooled(percentages: Values, bases: Values) -> float:
    """Return the percentage of all answers together."""
    there = np.isfinite(percentages)
    total = bases[there].sum()
    return float((percentages * bases)[there].sum() / total) if total > 0 else np.nan


def binomial_spread(bases: Values, mean: float) -> Values:
    """Return the standard deviation, in percentage points, of percentages of samples of these sizes."""
    variance = np.full(len(bases), max(mean * (100 - mean), 0.0))
    return np.asarray(np.sqrt(np.divide(variance, bases, out=np.full(len(bases), np.nan), where=bases > 0)))


def standard_scores(percentages: Values, bases: Values, mean: float) -> Values:
    """Return how many binomial standard deviations each percentage is from the mean; 0 where all answers are alike."""
    spread = binomial_spread(bases, mean)
    return np.divide(percentages - mean, spread, out=np.where(np.isfinite(percentages), 0.0, np.nan), where=spread > 0)


def mean_range(ranges: Values, screen: bool) -> float:
    """Return the mean moving range, the very large ones left out once.

    Screening never leaves a mean of 0 of ranges that are not all 0: then they all stay.
    """
    mean = mean_of(ranges)
    screened = mean_of(ranges[ranges < SCREEN_FACTOR * mean]) if screen else mean
    return screened if screened > 0 else mean
