"""Statistical process control: charts by the rules of NHS England's Making Data Count.

Source of the rules: NHS England, Making Data Count, as computed by NHSRplotthedots. limits.py says how the limits are
found, and when a series has none.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from panelpack.statistics import limits
from panelpack.statistics.limits import MINIMUM_POINTS
from panelpack.statistics.steadiness import SHIFT_POINTS, Mask, Values, runs

CLOSE_TO_LIMIT = 2 / 3  # "close to a limit" starts at this share of the way to it
TREND_POINTS = 7  # in a row, each strictly above (below) the one before
BETTER_SIDE = {"higher": "high", "lower": "low", "neither": None}  # the side of improvement, by polarity


def xmr(
    values: ArrayLike,
    *,
    bases: ArrayLike | None = None,
    least: float = -np.inf,
    most: float = np.inf,
    fixes: ArrayLike | None = None,
    minimum: int = MINIMUM_POINTS,
    screen: bool = True,
    steady: bool = False,
    rebase: Sequence[int] = (),
    season: ArrayLike = (1.0,),
    target: float | None = None,
    polarity: str | None = None,
) -> pd.DataFrame:
    """Return the control chart of values in time order: one row a value.

    Without `bases` it is an XmR chart. With them the values are percentages (0 to 100) of so many answers, and it is
    Laney's p' chart. No limit is below `least` (0 of counts) or above `most`. Columns: value, moving_range, mean,
    lower, upper (the natural process limits, in the values' unit), special_cause ('outside', 'trend', 'two_of_three',
    'shift' or ''; that is also their precedence), side ('high', 'low' or ''), segment (0, 1, ...), baseline (whether
    the point helps to fix its segment's limits) and no_limits (why its segment has none: one of limits.WHY_NONE, or
    '').

    `rebase`: positions, from 0, at which a new segment with limits of its own starts; no moving range and no run
    crosses into it. `fixes`: for each value whether it helps to fix the limits of its segment; by default all do. A
    segment has no limits, only the mean of its points, where fewer than `minimum` fix them, where they are rare counts,
    and, if they must be `steady`, where their level moved. Without limits nothing is flagged. `screen` leaves out large
    moving ranges once.

    A missing value (NaN) is a gap: it is not in the mean, is not flagged, has no moving range on either side of it
    and breaks every run. Of a constant series the limits are its value; a value equal to the mean breaks a shift, one
    equal to the value before a trend.

    With a polarity there is a column variation, with a target besides target and assurance: the words of variation()
    and assurance(), a point at a time. `season`: the factors of a year by which the recorded values differ from these,
    for a target is held against what is recorded. Raises ValueError for an infinite value, bases or fixes of another
    length, a rebase that is not inside the data, an unknown polarity, and a target that is no number or has no
    polarity.
    """
    x = np.asarray(values, dtype=float)
    asked = None if bases is None else np.asarray(bases, dtype=float)
    chosen = np.full(len(x), True) if fixes is None else np.asarray(fixes, dtype=bool)
    _refuse(x, asked, chosen, rebase, target, polarity)
    parts = np.split(np.arange(len(x)), sorted(set(rebase) - {0}))
    demands = limits.Demands(minimum, steady, screen)
    segments = []
    for number, part in enumerate(parts):
        counted = np.isfinite(x[part]) & chosen[part]
        if asked is None:
            found = limits.of_values(x[part], counted, demands, least, most)
        else:
            found = limits.of_percentages(x[part], asked[part], counted, demands)
        segments.append(_segment(x[part], counted, number, found))
    chart = pd.concat(segments, ignore_index=True)
    if polarity is not None:
        chart["variation"] = _variations(chart, polarity)
    if target is not None and polarity is not None:
        chart = chart.assign(target=target, assurance=_assurances(chart, target, polarity, np.asarray(season)))
    return chart


def variation(chart: pd.DataFrame, polarity: str) -> str:
    """Return what the latest point means, gaps apart: 'improvement', 'concern', 'neither' or 'common_cause'.

    A special cause on the better side is an improvement (a trend's side is its direction), on the other a concern;
    of polarity 'neither' it is neither. '' without limits. Source: Making Data Count's variation icons.
    """
    return _latest(chart, _variations(chart, polarity))


def assurance(chart: pd.DataFrame, target: float, polarity: str, season: ArrayLike = (1.0,)) -> str:
    """Return how the process stands to a target: 'consistently_met', 'consistently_missed' or 'hit_and_miss'.

    By the latest point's limits: a target strictly beyond the worse limit is met, one beyond the better limit missed,
    whatever chance does. Of a chart without its season it must be so in every month (or quarter) of the year: limits
    times the factors in `season` are those of what is recorded. '' without limits or of polarity 'neither'. Source:
    Making Data Count's assurance icons.
    """
    return _latest(chart, _assurances(chart, target, polarity, np.asarray(season)))


def _latest(chart: pd.DataFrame, words: NDArray[Any]) -> str:
    points = np.flatnonzero(chart["value"].notna())
    return str(words[points[-1]]) if len(points) else ""


def _variations(chart: pd.DataFrame, polarity: str) -> NDArray[Any]:
    better = _better_side(polarity)
    special = "neither" if better is None else np.where(chart["side"] == better, "improvement", "concern")
    words = np.where(chart["special_cause"] == "", "common_cause", special)
    return np.where(chart["value"].notna() & chart["lower"].notna(), words, "")


def _assurances(chart: pd.DataFrame, target: float, polarity: str, season: Values) -> NDArray[Any]:
    better = _better_side(polarity)
    if better is None:
        return np.full(len(chart), "")
    low, high = season.min(initial=np.inf), season.max(initial=-np.inf)
    below, above = chart["lower"] * low > target, chart["upper"] * high < target
    met, missed = (below, above) if better == "high" else (above, below)
    words = np.select([met, missed], ["consistently_met", "consistently_missed"], default="hit_and_miss")
    return np.where(chart["lower"].notna(), words, "")


def _better_side(polarity: str) -> str | None:
    if polarity not in BETTER_SIDE:
        raise ValueError(f"polarity: found {polarity!r}, expected one of {', '.join(BETTER_SIDE)}. Name one of them.")
    return BETTER_SIDE[polarity]


def _refuse(
    x: Values, bases: Values | None, fixes: Mask, rebase: Sequence[int], target: float | None, polarity: str | None
) -> None:
    """Raise ValueError for arguments that would otherwise be passed over in silence."""
    last = len(x) - 1
    if np.isinf(x).any():
        raise ValueError("xmr: found an infinite value, expected finite values or gaps (NaN). Correct the series.")
    for name, given in (("bases", bases), ("fixes", fixes)):
        if given is not None and len(given) != len(x):
            raise ValueError(f"xmr: found {len(given)} {name}, expected {len(x)}, one a value. Correct them.")
    if bases is not None and not (bases[np.isfinite(x)] > 0).all():
        raise ValueError("xmr: found a percentage without a base, expected a gap (NaN) where nobody was asked.")
    if outside := [place for place in rebase if not 0 <= place <= last]:
        raise ValueError(f"xmr: found a rebase at position {outside[0]}, expected 0 to {last}. Correct or remove it.")
    if target is not None and (polarity is None or not np.isfinite(target)):
        raise ValueError(f"xmr: found the target {target} and polarity {polarity}, expected a number and a polarity.")
    if polarity is not None:
        _better_side(polarity)


def _segment(x: Values, fixes: Mask, number: int, found: limits.Limits) -> pd.DataFrame:
    """Return the chart of one segment."""
    rule, side = _special_causes(x, found)
    return pd.DataFrame(
        {"value": x, "moving_range": limits.moving_ranges(x), "mean": found.mean}
        | {"lower": found.lower, "upper": found.upper, "special_cause": rule, "side": side}
        | {"segment": number, "baseline": fixes, "no_limits": found.why_none}
    )


def _special_causes(x: Values, found: limits.Limits) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return each point's rule and side. A gap compares as false and equals nothing, so it ends every run."""
    if found.why_none:
        return np.full(len(x), ""), np.full(len(x), "")
    deviation, trend = x - found.mean, _trends(x)
    side = np.sign(deviation)
    causes = {
        "outside": np.abs(deviation) > found.half_width,
        "trend": trend != 0,
        "two_of_three": _two_of_three(deviation, found.half_width),
        "shift": runs(side, SHIFT_POINTS),
    }
    rule = np.select(list(causes.values()), list(causes), default="")
    high = np.where(rule == "trend", trend, side) > 0
    return rule, np.where(rule == "", "", np.where(high, "high", "low"))


def _trends(x: NDArray[Any]) -> NDArray[Any]:
    """Return 1 for the points of a rising trend, -1 for those of a falling one: TREND_POINTS or more; else 0."""
    moves = np.sign(np.diff(x))
    moves = np.where(runs(moves, TREND_POINTS - 1), moves, 0)
    arriving, leaving = np.append(0, moves), np.append(moves, 0)
    return np.where(arriving != 0, arriving, leaving)


def _two_of_three(deviation: Values, half_width: Values) -> Mask:
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
