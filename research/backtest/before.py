"""The method that was shipped before, so that the back-test can say what the present one is better by.

Damped growth: each quarter to come is the same quarter of the latest 12 months, times part of last year's growth. The
interval is that of errors log(actual / forecast) of the whole total, with their bias, as wide for a small force as for
a large one.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from panelpack.statistics.point_forecasts import SEASON, SMALLEST, Counts, counted_so_far, quarters_ahead
from panelpack.statistics.projection import LEVELS, Forecast

DAMPING = 0.4  # the share of the last year's growth that goes on
PRIOR_YEARS = 4  # the years of errors that the prior is worth


def damped_growth(counts: Counts, number: int, years_ahead: int) -> Counts:
    """Return the total if part of the last year's growth goes on; time is the first axis of counts.

    Each quarter to come is the same quarter of the latest 12 months times growth ** (DAMPING * sqrt(k)), k the years
    that lie between the two. Growth is that of the last four quarters on the four before; of fewer where history is
    short, and none with less than five quarters.
    """
    ahead = quarters_ahead(number, years_ahead)
    compared = min(SEASON, len(counts) - SEASON)
    growth = np.ones(counts.shape[1:])
    if compared > 0:
        before = counts[-compared - SEASON : -SEASON].sum(axis=0)
        growth = np.maximum(counts[-compared:].sum(axis=0), SMALLEST) / np.maximum(before, SMALLEST)
    coming = (
        counts[-SEASON:][(quarter - 1) % SEASON] * growth ** (DAMPING * np.sqrt((quarter - 1) // SEASON + 1))
        for quarter in ahead
    )
    return np.asarray(counted_so_far(counts, number, years_ahead) + sum(coming))


def learned_interval(total: float, errors: list[Counts], series: int, years: npt.NDArray[np.int_]) -> Forecast:
    """Return the interval of a total for one series, from the errors of every series.

    errors: for each series log(actual / forecast) by year and force, NaN where unknown; years: how many were seen, by
    series. The bias is shrunk to 0 and the variance to that of all series, by the number of years; Student's t.
    """
    shares = years / (years + PRIOR_YEARS)
    known = [of_series[np.isfinite(of_series)] for of_series in errors]
    around = [of - of.mean() * share for of, share in zip(known, shares, strict=True) if len(of)]
    shared = float(np.mean(np.square(np.concatenate(around))))
    own, share = known[series], shares[series]
    bias = float(own.mean() * share) if len(own) else 0.0
    square = float(np.mean(np.square(own - bias))) if len(own) else 0.0
    spread = np.sqrt(share * square + (1 - share) * shared)
    ends = []
    for level in LEVELS:
        half_width = stdtrit(years[series] + PRIOR_YEARS, 0.5 + level / 2) * spread
        ends += [total * np.exp(bias - half_width), total * np.exp(bias + half_width)]
    return Forecast(total, *map(float, ends))
