"""What a forecast of a financial year's total is, and the two simple middles. No disk, no clock.

Counts are an array of whole quarters, oldest first; the last one is the origin, the quarter at whose end the forecast
is made. `number` is the origin's place in its financial year, 1 to 4; `years_ahead` is 0 for the financial year of the
origin, 1 for the next. Quarters of the forecast year that are already counted are in its total as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SEASON = 4  # quarters in a year
LEVELS = (0.95, 0.80)
# Chosen on the choosing forces of the back-test; the score is flat around it (0.3 to 0.5).
DAMPING = 0.4  # the share of the last year's growth that goes on
SMALLEST = 0.5  # stands in for a count of 0 where a logarithm is taken


@dataclass(frozen=True)
class Forecast:
    """The total of a year with its 95% and 80% prediction intervals, all counts."""

    total: float
    lower_95: float
    upper_95: float
    lower_80: float
    upper_80: float


def quarterly(months: Sequence[float]) -> np.ndarray:
    """Add monthly counts up to quarters. They must be whole quarters, the first month the first of one."""
    counts = np.asarray(months, dtype=float)
    if len(counts) % 3:
        raise ValueError(f"{len(counts)} months are no whole quarters, expected a multiple of 3.")
    return counts.reshape(-1, 3).sum(axis=1)


def steps(number: int, years_ahead: int) -> np.ndarray:
    """Return how many quarters after the origin those of the year lie that are not yet counted."""
    last = SEASON * (years_ahead + 1) - number
    return np.arange(max(1, last - SEASON + 1), last + 1)


def known(counts: np.ndarray, number: int, years_ahead: int) -> float:
    """Return what is already counted of the year."""
    return float(counts[-number:].sum()) if years_ahead == 0 else 0.0


def same_quarter_last_year(counts: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Return, for each number of quarters ahead, the same quarter of the latest 12 months."""
    return counts[-SEASON:][(ahead - 1) % SEASON]


def latest_12_months(counts: np.ndarray, number: int, years_ahead: int) -> float:
    """Return the total if every quarter to come equals the same quarter of the latest 12 months."""
    ahead = steps(number, years_ahead)
    return known(counts, number, years_ahead) + float(same_quarter_last_year(counts, ahead).sum())


def damped_growth(counts: np.ndarray, number: int, years_ahead: int) -> float:
    """Return the total if part of the last year's growth goes on.

    Each quarter to come is the same quarter of the latest 12 months times growth ** (DAMPING * sqrt(k)), k the years
    that lie between the two. Growth is that of the last four quarters on the four before; of fewer where history is
    short, and none with less than five quarters.
    """
    ahead = steps(number, years_ahead)
    compared = min(SEASON, len(counts) - SEASON)
    growth = 1.0
    if compared > 0:
        before = counts[-compared - SEASON : -SEASON].sum()
        growth = max(counts[-compared:].sum(), SMALLEST) / max(before, SMALLEST)
    between = (ahead - 1) // SEASON + 1
    quarters = same_quarter_last_year(counts, ahead) * growth ** (DAMPING * np.sqrt(between))
    return known(counts, number, years_ahead) + float(quarters.sum())
