"""How far the counts of a police force move between two periods anyway: the ordinary movement of other forces.

A change that chance does not explain need not be news: forces' counts move from year to year, each for reasons of its
own. How far is learned from other forces, as a robust standard deviation of the logarithm of latest / baseline: `net`
of what the others together did in the same time, or raw where that is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
import numpy.typing as npt
import pandas as pd

from panelpack.statistics.significance import LEVEL, quantile

NORMAL_MEDIAN = 0.6745  # of the absolute value of a standard normal variable
QUARTERS_A_YEAR = 4
FEWEST_FORCES = 3  # fewer others have no spread that could be told from chance


@dataclass(frozen=True)
class Movement:
    """An ordinary movement: the standard deviation of log(latest / baseline) beyond chance, and on how much it rests.

    force_years: forces times years in which a change was seen; infinite for a spread that is stated, not learned.
    """

    spread: float
    force_years: float = inf

    @property
    def degrees_of_freedom(self) -> float:
        """Those of Student's t for this spread."""
        return self.force_years - 1


def log_changes(counts: pd.DataFrame, length: int, gap: int, *, net: bool) -> pd.DataFrame:
    """Return log(latest / baseline) of every force over time: a row a last quarter, a column a force.

    counts: by quarter, a column a force, without gaps; length: quarters of each period; gap: quarters between the ends
    of the two. With `net` the change of all other forces together is taken off. A period without a case has none.
    """
    totals = counts.rolling(length).sum().iloc[length - 1 :]
    changes = _log_ratios(totals, gap)
    if net:
        changes -= _log_ratios(totals.mul(-1).add(totals.sum(axis="columns"), axis="index"), gap)
    return changes


def _log_ratios(totals: pd.DataFrame, gap: int) -> pd.DataFrame:
    above_none = totals.where(totals > 0)
    ratios: pd.DataFrame = np.log(above_none / above_none.shift(gap)).iloc[gap:]
    return ratios


def ordinary_movement(stretches: Sequence[pd.DataFrame], length: int, gap: int, *, net: bool) -> Movement | None:
    """Return how far forces move between two periods beyond what chance gives; None where too little was seen to say.

    stretches: counts as in log_changes, apart where a series counts something else than before; length, gap, net: as
    there. The spread is the median absolute change over that of a standard normal variable, so a few forces that really
    changed do not widen it; the median variance that chance gives these counts is taken off, for least_change adds that
    of the count it is asked of. Changes that end in different quarters of one year share most of their months, so what
    it rests on is counted in years: a force's changes over the quarters of a year count as one.
    """
    long = [counts for counts in stretches if len(counts) >= length + gap and counts.shape[1] >= FEWEST_FORCES]
    seen = (
        np.concatenate([_cells(log_changes(counts, length, gap, net=net)) for counts in long]) if long else np.empty(0)
    )
    force_years = len(seen) // QUARTERS_A_YEAR
    if force_years < FEWEST_FORCES:
        return None
    by_chance = np.median(np.concatenate([_cells(_chance_variances(counts, length, gap)) for counts in long]))
    total = float(np.median(np.abs(seen)) / NORMAL_MEDIAN)
    return Movement(sqrt(max(0.0, total**2 - float(by_chance))), force_years)


def _cells(table: pd.DataFrame) -> npt.NDArray[np.float64]:
    cells: npt.NDArray[np.float64] = table.to_numpy(float).ravel()
    return cells[np.isfinite(cells)]


def _chance_variances(counts: pd.DataFrame, length: int, gap: int) -> pd.DataFrame:
    """Return the variance by chance of each of log_changes (significance.log_variance), dispersion by its quarters.

    A period of one quarter shows no dispersion, and counts as Poisson.
    """
    windows = counts.rolling(length)
    totals = windows.sum().iloc[length - 1 :]
    chi_squared = (windows.var(ddof=0) / windows.mean() * length).iloc[length - 1 :]
    latest, baseline = totals.iloc[gap:], totals.shift(gap).iloc[gap:]
    factor = 1.0
    if length > 1:
        freedom = 2 * (length - 1)
        factor = ((chi_squared.iloc[gap:] + chi_squared.shift(gap).iloc[gap:]) / freedom).clip(lower=1)
    return factor * (1 / latest + 1 / baseline)


def least_change(movement: Movement, chance_variance: float, level: float = LEVEL) -> float:
    """Return how large |log(latest / baseline)| must be to be more than ordinary movement and chance together.

    t x square root of (spread squared + chance_variance), t with the movement's degrees of freedom; chance_variance:
    that of the logarithm of the ratio (significance.log_variance).
    """
    return quantile(level, movement.degrees_of_freedom) * sqrt(movement.spread**2 + chance_variance)
