"""Statistical process control: XmR charts by the rules of NHS England's Making Data Count.

Source of the rules and constants: NHS England, Making Data Count, as computed by NHSRplotthedots; the constants
2.66 and 3.267 are those of Shewhart's individuals and moving range charts (3/1.128 and the range's upper limit).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

LIMIT_FACTOR = 2.66  # limits stand this many mean moving ranges from the mean
SCREEN_FACTOR = 3.267  # moving ranges from this many times their mean are left out, once
CLOSE_TO_LIMIT = 2 / 3  # "close to a limit" starts at this share of the way to it
SHIFT_POINTS = 7  # in a row, strictly on one side of the mean
TREND_POINTS = 7  # in a row, each strictly above (below) the one before
MINIMUM_POINTS = 12  # fewer points than this give a mean but no limits that mean anything
BETTER_SIDE = {"higher": "high", "lower": "low", "neither": None}  # the side of improvement, by polarity


def xmr(
    values: ArrayLike,
    *,
    baseline: int | None = None,
    screen: bool = True,
    rebase: Sequence[int] = (),
    target: float | None = None,
    polarity: str | None = None,
) -> pd.DataFrame:
    """Return the XmR chart of values in time order: one row a value.

    Columns: value, moving_range, mean, lower, upper (the natural process limits, in the values' unit), special_cause
    ('outside', 'trend', 'two_of_three', 'shift' or ''; that is also their precedence), side ('high', 'low' or ''),
    segment (0, 1, ...) and baseline (whether the point helps to fix its segment's limits).

    `rebase`: positions, from 0, at which a new segment with limits of its own starts; no moving range and no run
    crosses into it. `baseline`: number of leading values of each segment that fix its limits; by default all.
    Limits need MINIMUM_POINTS values in the segment; an explicit baseline may be shorter, but a segment shorter than
    the baseline has no limits yet. Without limits nothing is flagged. `screen` leaves out large moving ranges once.

    A missing value (NaN) is a gap: it is not in the mean, is not flagged, has no moving range on either side of it
    and breaks every run. Of a constant series the limits are its value; a value equal to the mean breaks a shift, one
    equal to the value before a trend.

    With a polarity there is a column variation, with a target besides target and assurance: the words of variation()
    and assurance(), a point at a time. Raises ValueError for an infinite value, a rebase or a baseline that is not
    inside the data, an unknown polarity, and a target that is no number or has no polarity.
    """
    x = np.asarray(values, dtype=float)
    _refuse(x, baseline, rebase, target, polarity)
    parts = np.split(x, sorted(set(rebase) - {0}))
    segments = [_segment(part, number, baseline, screen) for number, part in enumerate(parts)]
    chart = pd.concat(segments, ignore_index=True)
    if polarity is not None:
        chart["variation"] = _variations(chart, polarity)
    if target is not None and polarity is not None:
        chart = chart.assign(target=target, assurance=_assurances(chart, target, polarity))
    return chart


def variation(chart: pd.DataFrame, polarity: str) -> str:
    """Return what the latest point means, gaps apart: 'improvement', 'concern', 'neither' or 'common_cause'.

    A special cause on the better side is an improvement (a trend's side is its direction), on the other a concern;
    of polarity 'neither' it is neither. '' without limits. Source: Making Data Count's variation icons.
    """
    return _latest(chart, _variations(chart, polarity))


def assurance(chart: pd.DataFrame, target: float, polarity: str) -> str:
    """Return how the process stands to a target: 'consistently_met', 'consistently_missed' or 'hit_and_miss'.

    By the latest point's limits: a target strictly beyond the worse limit is met, one beyond the better limit missed,
    whatever chance does. '' without limits or of polarity 'neither'. Source: Making Data Count's assurance icons.
    """
    return _latest(chart, _assurances(chart, target, polarity))


def _latest(chart: pd.DataFrame, words: NDArray[Any]) -> str:
    points = np.flatnonzero(chart["value"].notna())
    return str(words[points[-1]]) if len(points) else ""


def _variations(chart: pd.DataFrame, polarity: str) -> NDArray[Any]:
    better = _better_side(polarity)
    special = "neither" if better is None else np.where(chart["side"] == better, "improvement", "concern")
    words = np.where(chart["special_cause"] == "", "common_cause", special)
    return np.where(chart["value"].notna() & chart["lower"].notna(), words, "")


def _assurances(chart: pd.DataFrame, target: float, polarity: str) -> NDArray[Any]:
    better = _better_side(polarity)
    if better is None:
        return np.full(len(chart), "")
    below, above = chart["lower"] > target, chart["upper"] < target
    met, missed = (below, above) if better == "high" else (above, below)
    words = np.select([met, missed], ["consistently_met", "consistently_missed"], default="hit_and_miss")
    return np.where(chart["lower"].notna(), words, "")


def _better_side(polarity: str) -> str | None:
    if polarity not in BETTER_SIDE:
        raise ValueError(f"polarity: found {polarity!r}, expected one of {', '.join(BETTER_SIDE)}. Name one of them.")
    return BETTER_SIDE[polarity]


def _refuse(
    x: NDArray[np.float64], baseline: int | None, rebase: Sequence[int], target: float | None, polarity: str | None
) -> None:
    """Raise ValueError for arguments that would otherwise be passed over in silence."""
    last = len(x) - 1
    if np.isinf(x).any():
        raise ValueError("xmr: found an infinite value, expected finite values or gaps (NaN). Correct the series.")
    if outside := [place for place in rebase if not 0 <= place <= last]:
        raise ValueError(f"xmr: found a rebase at position {outside[0]}, expected 0 to {last}. Correct or remove it.")
    if baseline is not None and not 2 <= baseline <= len(x):
        raise ValueError(f"xmr: found a baseline of {baseline} values, expected 2 to {len(x)}. Correct or remove it.")
    if target is not None and (polarity is None or not np.isfinite(target)):
        raise ValueError(f"xmr: found the target {target} and polarity {polarity}, expected a number and a polarity.")
    if polarity is not None:
        _better_side(polarity)


def _segment(x: NDArray[Any], number: int, baseline: int | None, screen: bool) -> pd.DataFrame:
    """Return the chart of one segment, its limits fixed by its first `baseline` values or by all."""
    fixes = np.isfinite(x) & (np.arange(len(x)) < (len(x) if baseline is None else baseline))
    moving_range = np.abs(np.diff(x, prepend=np.nan))
    mean = _mean(x[fixes])
    has_limits = fixes.sum() >= MINIMUM_POINTS if baseline is None else len(x) >= baseline
    half_width = LIMIT_FACTOR * _mean_moving_range(moving_range[fixes], screen) if has_limits else np.nan
    rule, side = _special_causes(x, mean, half_width)
    return pd.DataFrame(
        {"value": x, "moving_range": moving_range, "mean": mean, "lower": mean - half_width, "upper": mean + half_width}
        | {"special_cause": rule, "side": side, "segment": number, "baseline": fixes}
    )


def _special_causes(x: NDArray[Any], mean: float, half_width: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return each point's rule and side. A gap compares as false and equals nothing, so it ends every run."""
    if not np.isfinite(half_width):
        return np.full(len(x), ""), np.full(len(x), "")
    side, trend = np.sign(x - mean), _trends(x)
    causes = {
        "outside": np.abs(x - mean) > half_width,
        "trend": trend != 0,
        "two_of_three": _two_of_three(x - mean, half_width),
        "shift": _runs(side, SHIFT_POINTS),
    }
    rule = np.select(list(causes.values()), list(causes), default="")
    high = np.where(rule == "trend", trend, side) > 0
    return rule, np.where(rule == "", "", np.where(high, "high", "low"))


def _mean(values: NDArray[Any]) -> float:
    there = values[np.isfinite(values)]
    return there.mean() if len(there) else np.nan


def _mean_moving_range(ranges: NDArray[Any], screen: bool) -> float:
    mean = _mean(ranges)
    if screen and mean > 0:  # of a constant series every range would be screened out
        mean = _mean(ranges[ranges < SCREEN_FACTOR * mean])
    return mean


def _runs(kind: NDArray[Any], length: int) -> NDArray[Any]:
    """Flag every point of each run of `length` or more points of one kind that is not 0."""
    starts = np.flatnonzero(np.append(True, kind[1:] != kind[:-1]))
    lengths = np.diff(np.append(starts, len(kind)))
    return np.repeat((lengths >= length) & (kind[starts] != 0), lengths)


def _trends(x: NDArray[Any]) -> NDArray[Any]:
    """Return 1 for the points of a rising trend, -1 for those of a falling one: TREND_POINTS or more; else 0."""
    moves = np.sign(np.diff(x))
    moves = np.where(_runs(moves, TREND_POINTS - 1), moves, 0)
    arriving, leaving = np.append(0, moves), np.append(moves, 0)
    return np.where(arriving != 0, arriving, leaving)


def _two_of_three(deviation: NDArray[Any], half_width: float) -> NDArray[Any]:
    """Flag the close points of each three in a row on one side of which two or more are close to that limit.

    A point beyond the limit is not close to it: it is special by itself.
    """
    flagged = np.zeros(len(deviation), dtype=bool)
    for sign in (1, -1):
        on_side = sign * deviation > 0
        close = (sign * deviation > CLOSE_TO_LIMIT * half_width) & (sign * deviation <= half_width)
        for start in np.flatnonzero(on_side[:-2] & on_side[1:-1] & on_side[2:]):
            three = slice(start, start + 3)
            if close[three].sum() >= 2:
                flagged[three] |= close[three]
    return flagged
