"""How restless the times are: how much the 12-month totals of all forces moved of late, against what is usual."""

import numpy as np

from panelpack.statistics.attempts import Breaks
from panelpack.statistics.point_forecasts import SEASON, SMALLEST, Counts

HALF_LIFE = 1.0  # quarters after which a move counts half
# The scale of errors goes with this power of the mean square of moves: half of what a proportional one would be (1/2),
# since the mean square is itself known badly. Chosen on the back-test's forces.
POWER = 0.25


def scales(counts: Counts, breaks: Breaks) -> Counts:
    """Return by quarter and series the scale of errors that the moves up to that quarter give; 1 is usual.

    counts: by quarter, series and force. The scale is (recent / usual) ** POWER. Recent is the mean square of quarterly
    moves of log 12-month totals, each force by its total, a move counting half after HALF_LIFE; usual is its median
    over the quarters so far. Moves across a break are left out. It is 1 before there is any move.
    """
    recent = _recent(_mean_squares(counts, breaks))
    found = np.ones_like(recent)
    for place in range(len(recent)):
        so_far = recent[: place + 1]
        known = np.isfinite(so_far[-1])
        usual = np.nanmedian(so_far[:, known], axis=0)
        latest = so_far[-1, known]
        moved = (latest > 0) & (usual > 0)  # a series that stands still says nothing of the times
        found[place, known] = np.divide(latest, usual, out=np.ones_like(usual), where=moved) ** POWER
    return found


def _mean_squares(counts: Counts, breaks: Breaks) -> Counts:
    """Return by quarter and series the mean square of the moves, NaN where no force's is known."""
    length = len(counts)
    totals = np.full(counts.shape, np.nan)
    for place in range(SEASON - 1, length):
        totals[place] = counts[place - SEASON + 1 : place + 1].sum(axis=0)
    squares = np.full(counts.shape, np.nan)
    squares[1:] = np.square(np.diff(np.log(np.maximum(totals, SMALLEST)), axis=0))
    for series, first in breaks:
        squares[first : first + SEASON, series] = np.nan
    weights = np.where(np.isfinite(squares), np.maximum(totals, SMALLEST), 0.0)
    weight = weights.sum(axis=2)
    total = (weights * np.nan_to_num(squares)).sum(axis=2)
    return np.asarray(np.divide(total, weight, out=np.full(weight.shape, np.nan), where=weight > 0))


def _recent(squares: Counts) -> Counts:
    """Return the exponentially weighted mean of what is known so far, NaN before anything is."""
    kept = 0.5 ** (1 / HALF_LIFE)
    weight, total = np.zeros(squares.shape[1]), np.zeros(squares.shape[1])
    found = np.full(squares.shape, np.nan)
    for place, values in enumerate(squares):
        known = np.isfinite(values)
        weight, total = kept * weight + known, kept * total + np.where(known, values, 0.0)
        np.divide(total, weight, out=found[place], where=weight > 0)
    return found
