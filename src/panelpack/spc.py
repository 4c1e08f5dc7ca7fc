"""Statistical process control: XmR charts by the rules of NHS England's Making Data Count.

Source of the rules and constants: NHS England, Making Data Count, as computed by NHSRplotthedots; the constants
2.66 and 3.267 are those of Shewhart's individuals and moving range charts (3/1.128 and the range's upper limit).
"""

import numpy as np
import pandas as pd

LIMIT_FACTOR = 2.66  # limits stand this many mean moving ranges from the mean
SCREEN_FACTOR = 3.267  # moving ranges from this many times their mean are left out, once
CLOSE_TO_LIMIT = 2 / 3  # "close to a limit" starts at this share of the way to it
SHIFT_POINTS = 7  # in a row, strictly on one side of the mean
TREND_POINTS = 7  # in a row, each strictly above (below) the one before
MINIMUM_POINTS = 12  # fewer points than this give a mean but no limits that mean anything


def xmr(values, *, screen: bool = True) -> pd.DataFrame:
    """Return the XmR chart of values in time order: one row a value.

    Columns: value, moving_range, mean, lower, upper (the natural process limits, in the values' unit), special_cause
    ('outside', 'trend', 'two_of_three', 'shift' or ''; that is also their precedence) and side ('high', 'low' or '').
    With fewer than MINIMUM_POINTS values the limits are NaN and nothing is flagged. Raises ValueError for a value
    that is not finite: a gap must be decided on, not charted over.
    """
    x = np.asarray(values, dtype=float)
    if not np.isfinite(x).all():
        raise ValueError("an XmR chart needs finite values")
    moving_range = np.concatenate([[np.nan], np.abs(np.diff(x))]) if len(x) else x
    mean = x.mean() if len(x) else np.nan
    chart = pd.DataFrame({"value": x, "moving_range": moving_range, "mean": mean})
    if len(x) < MINIMUM_POINTS:
        return chart.assign(lower=np.nan, upper=np.nan, special_cause="", side="")
    reach = LIMIT_FACTOR * _mean_moving_range(moving_range[1:], screen)
    chart = chart.assign(lower=mean - reach, upper=mean + reach)
    side = np.sign(x - mean)
    found = {
        "outside": np.abs(x - mean) > reach,
        "trend": _trend(x),
        "two_of_three": _two_of_three(x - mean, reach),
        "shift": _runs(side != 0, side, SHIFT_POINTS),
    }
    rule = np.select(list(found.values()), list(found), default="")
    chart["special_cause"] = rule
    chart["side"] = np.where(
        rule == "", "", np.where(rule == "trend", _trend_side(x), np.where(side > 0, "high", "low"))
    )
    return chart


def _mean_moving_range(ranges: np.ndarray, screen: bool) -> float:
    mean = ranges.mean()
    if screen and mean > 0:  # of a constant series every range would be screened out
        kept = ranges[ranges < SCREEN_FACTOR * mean]
        mean = kept.mean()
    return mean


def _runs(of_interest: np.ndarray, kind: np.ndarray, length: int) -> np.ndarray:
    """Flag every point of each run of `length` or more points of interest that are of one kind."""
    flagged = np.zeros(len(kind), dtype=bool)
    start = 0
    for end in range(1, len(kind) + 1):
        if end == len(kind) or kind[end] != kind[start]:
            if end - start >= length and of_interest[start]:
                flagged[start:end] = True
            start = end
    return flagged


def _trend(x: np.ndarray) -> np.ndarray:
    """Flag every point of each run of moves one way that joins TREND_POINTS points or more."""
    moves = np.sign(np.diff(x))
    in_run = _runs(moves != 0, moves, TREND_POINTS - 1)
    flagged = np.zeros(len(x), dtype=bool)
    flagged[:-1] |= in_run
    flagged[1:] |= in_run
    return flagged


def _trend_side(x: np.ndarray) -> np.ndarray:
    """Return 'high' where the trend through a point rises, 'low' where it falls."""
    moves = np.sign(np.diff(x))
    moves = np.where(_runs(moves != 0, moves, TREND_POINTS - 1), moves, 0)
    arriving, leaving = np.append(0, moves), np.append(moves, 0)
    return np.where(np.where(arriving != 0, arriving, leaving) > 0, "high", "low")


def _two_of_three(deviation: np.ndarray, reach: float) -> np.ndarray:
    """Flag the close points of each three in a row on one side of which two or more are close to that limit.

    A point beyond the limit is not close to it: it is special by itself.
    """
    flagged = np.zeros(len(deviation), dtype=bool)
    for sign in (1, -1):
        beyond_mean = sign * deviation > 0
        close = (sign * deviation > CLOSE_TO_LIMIT * reach) & (sign * deviation <= reach)
        for start in range(len(deviation) - 2):
            three = slice(start, start + 3)
            if beyond_mean[three].all() and close[three].sum() >= 2:
                flagged[three] |= close[three]
    return flagged
