"""Forecasts whose intervals come from the series by itself, and all middles that an interval can be learned around.

Arguments are as in `forecasts`: counts, the origin's number in its year, years ahead.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtri, stdtrit  # scipy.stats would take a second to import

from panelpack.statistics.projection import (
    LEVELS,
    SEASON,
    SMALLEST,
    Forecast,
    counted_so_far,
    damped_growth,
    latest_12_months,
    quarters_ahead,
)

FULL_YEARS = 2  # of history, from which a season or a trend can be told


def _normal(total: float, deviation: float, floor: float, freedom: float = np.inf) -> Forecast:
    """A forecast with a normal (or Student t) interval that does not go below what is already counted."""
    ends = []
    for level in LEVELS:
        reach = (ndtri if np.isinf(freedom) else lambda p: stdtrit(freedom, p))(0.5 + level / 2) * deviation
        ends += [max(floor, total - reach), total + reach]
    return Forecast(total, *map(float, ends))


def seasonal_naive(counts: np.ndarray, number: int, years_ahead: int) -> Forecast:
    """Return the latest 12 months with an interval from the differences of quarters a year apart.

    y[t] = y[t-4] + e[t], e independent: a quarter k years on has k times the variance of e. This is the yardstick:
    it takes no account of changes that last, so its intervals are too narrow. It needs five quarters.
    """
    ahead = quarters_ahead(number, years_ahead)
    variance = float(np.mean((counts[SEASON:] - counts[:-SEASON]) ** 2))
    deviation = np.sqrt(variance * ((ahead - 1) // SEASON + 1).sum())
    total = latest_12_months(counts, number, years_ahead)
    return _normal(total, float(deviation), counted_so_far(counts, number, years_ahead))


def _seasons(logs: np.ndarray) -> np.ndarray:
    """Return the four seasonal terms of a series of logarithms, from its first quarter on; they add up to 0.

    Mean deviations from the centred moving average of a year (classical decomposition).
    """
    trend = np.convolve(logs, np.array([1, 2, 2, 2, 1]) / 8, mode="valid")
    deviations = logs[2:-2] - trend
    places = np.arange(2, len(logs) - 2) % SEASON
    terms = np.array([deviations[places == place].mean() for place in range(SEASON)])
    return terms - terms.mean()


def _damped_holt(values: np.ndarray) -> tuple[np.ndarray, float, float, np.ndarray]:
    """Fit damped trend smoothing by least squares over a grid: level, trend, residual variance, (alpha, beta, phi)."""
    alpha, share, phi = (
        axis.ravel() for axis in np.meshgrid(np.arange(0.1, 1, 0.1), np.arange(0, 0.6, 0.1), (0.8, 0.9, 0.95))
    )
    beta = alpha * share
    level = np.full(alpha.shape, values[:SEASON].mean())
    trend, squares = np.zeros(alpha.shape), np.zeros(alpha.shape)
    for value in values:
        error = value - level - phi * trend
        level, trend = level + phi * trend + alpha * error, phi * trend + beta * error
        squares += error**2
    best = int(np.argmin(squares))
    return level[best], trend[best], squares[best] / (len(values) - 3), np.array([alpha[best], beta[best], phi[best]])


def exponential_smoothing(counts: np.ndarray, number: int, years_ahead: int) -> Forecast:
    """Return damped trend smoothing of seasonally adjusted logarithms, with the interval of its state space form.

    The error of h quarters ahead is a sum of past shocks with weights c[j] = alpha + beta * (phi + ... + phi**j)
    (Hyndman, Koehler, Ord and Snyder 2008, table 6.1); that of the total follows with each quarter's share of it.
    It needs two years of history.
    """
    logs = np.log(np.maximum(counts, SMALLEST))
    seasons = _seasons(logs)
    level, trend, variance, (alpha, beta, phi) = _damped_holt(logs - np.resize(seasons, len(logs)))
    ahead = quarters_ahead(number, years_ahead)
    horizon = int(ahead[-1]) if len(ahead) else 0
    damped = np.cumsum(phi ** np.arange(1, horizon + 1))
    path = np.exp(level + damped * trend + seasons[(len(logs) + np.arange(horizon)) % SEASON])
    weights = np.zeros(horizon)
    weights[ahead - 1] = path[ahead - 1]
    shocks = np.concatenate([[1.0], alpha + beta * damped])
    carried = [weights[start:] @ shocks[: horizon - start] for start in range(horizon)]
    already = counted_so_far(counts, number, years_ahead)
    return _normal(already + weights.sum(), float(np.sqrt(variance * np.square(carried).sum())), already)


def count_regression(counts: np.ndarray, number: int, years_ahead: int) -> Forecast:
    """Return a quasi-Poisson regression on a trend and the season, logarithmic link, with its prediction interval.

    The variance of the total is dispersion * (its mean) + that of the fitted mean; dispersion is Pearson's, at least 1
    (McCullagh and Nelder 1989, section 6.2). It needs three years of history.
    """
    ahead = quarters_ahead(number, years_ahead)
    places = np.concatenate([np.arange(len(counts)), len(counts) - 1 + ahead])
    terms = np.column_stack([places / len(counts), *(places % SEASON == season for season in range(SEASON))])
    past, coming = terms[: len(counts)], terms[len(counts) :]
    counted = np.maximum(counts, 0)
    mean = np.maximum(counted, SMALLEST)
    for _ in range(20):  # iteratively reweighted least squares; Poisson counts settle in a few rounds
        working = np.log(mean) + (counted - mean) / mean
        information = past.T @ (past * mean[:, None])
        coefficients = np.linalg.solve(information, past.T @ (mean * working))
        mean = np.exp(past @ coefficients)
    freedom = len(counts) - terms.shape[1]
    dispersion = max(1.0, float(((counted - mean) ** 2 / mean).sum()) / freedom)
    expected = np.exp(coming @ coefficients)
    slope = expected @ coming
    variance = dispersion * (expected.sum() + slope @ np.linalg.solve(information, slope))
    already = counted_so_far(counts, number, years_ahead)
    return _normal(already + float(expected.sum()), float(np.sqrt(variance)), already, freedom)


def smoothed(counts: np.ndarray, number: int, years_ahead: int) -> float:
    """Return the total by exponential smoothing; the latest 12 months where history is under two years."""
    if len(counts) < FULL_YEARS * SEASON:
        return latest_12_months(counts, number, years_ahead)
    return exponential_smoothing(counts, number, years_ahead).total


def combination(counts: np.ndarray, number: int, years_ahead: int) -> float:
    """Return the mean of the latest 12 months, damped growth and exponential smoothing."""
    return float(np.mean([middle(counts, number, years_ahead) for middle in _COMBINED]))


_COMBINED = (latest_12_months, damped_growth, smoothed)
_COMBINED = (latest_12_months, damped_growth, smoothed)

# What each method is called. The first ones need the series alone; the others a middle and the errors of others.
ALONE: dict[str, Callable[[np.ndarray, int, int], Forecast]] = {
    "seasonal_naive": seasonal_naive,
    "exponential_smoothing": exponential_smoothing,
    "count_regression": count_regression,
}
MIDDLES: dict[str, Callable[[np.ndarray, int, int], float]] = {
    "latest_12_months": latest_12_months,
    "damped_growth": damped_growth,
    "smoothed": smoothed,
    "combination": combination,
}
