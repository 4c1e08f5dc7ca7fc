"""Whether values in time order vary round one level: only then can they fix the limits of a control chart."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
SHIFT_POINTS = 7  # in a row, strictly on one side of the mean
UNSTEADY = 2.326  # standard errors below 2 from which Bartels' ratio says that the level moved: 1% by chance


def is_steady(x: Values) -> bool:
    """Whether values vary round one level: by the ratio of their moves to their spread, and by their runs.

    Bartels' ratio is the mean squared move of the ranks over their mean squared deviation, von Neumann's ratio of ranks
    (Journal of the American Statistical Association 77, Bartels 1982). Of independent values of one level it is 2 on
    average; a level that climbs, falls or wanders makes it smaller, and it is too small when chance would make it so
    once in a hundred times. Ranks, so that a single value far off does nothing. A step between two calm levels it may
    miss; then a shift of SHIFT_POINTS lies on each side of the mean, which runs between the two. Gaps (NaN) are passed
    over.
    """
    ranks = pd.Series(x).rank().to_numpy()
    n, moves = int(np.isfinite(x).sum()), np.diff(ranks)
    spread = np.nanvar(ranks) if n else 0.0
    if spread == 0 or not np.isfinite(moves).any():
        return True
    variance = 4 * (n - 2) * (5 * n**2 - 2 * n - 9) / (5 * n * (n + 1) * (n - 1) ** 2)
    if np.nanmean(moves**2) / spread < 2 - UNSTEADY * np.sqrt(variance):
        return False
    side = np.sign(x - mean_of(x))
    in_shift = side[runs(side, SHIFT_POINTS)]
    return not ((in_shift > 0).any() and (in_shift < 0).any())


def runs(kind: Values, length: int) -> Mask:
    """Flag every point of each run of `length` or more points of one kind that is not 0. A gap ends a run."""
    starts = np.flatnonzero(np.append(True, kind[1:] != kind[:-1]))
    lengths = np.diff(np.append(starts, len(kind)))
    return np.repeat((lengths >= length) & (kind[starts] != 0), lengths)


def mean_of(values: Values) -> float:
    """Return the mean of the values that are there; NaN where none is."""
    there = values[np.isfinite(values)]
    return float(there.mean()) if len(there) else np.nan
