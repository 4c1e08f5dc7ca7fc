"""The methods that were tried beside the shipped one: series by themselves, other point forecasts, other intervals.

Arguments are as in `panelpack.statistics.projection`: counts by quarter, oldest first; the origin's number in its
financial year, 1 to 4; years ahead. Totals and the ends of intervals are counts.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM, GLMResultsWrapper

from panelpack.statistics.projection import (
    LEVELS,
    SEASON,
    SMALLEST,
    Counts,
    Forecast,
    counted_so_far,
    damped_growth,
    latest_12_months,
    quarters_ahead,
)

FULL_YEARS = 2  # of history, from which a season or a trend can be told


# ------------------------------------------------------------------------ forecasts from the series by itself
def seasonal_naive(counts: Counts, number: int, years_ahead: int) -> Forecast:
    """Return the latest 12 months with an interval from the differences of quarters a year apart.

    y[t] = y[t-4] + e[t], e independent: a quarter k years on has k times the variance of e. This is the yardstick:
    it takes no account of changes that last, so its intervals are too narrow. It needs five quarters.
    """
    ahead = quarters_ahead(number, years_ahead)
    variance = float(np.mean((counts[SEASON:] - counts[:-SEASON]) ** 2))
    deviation = np.sqrt(variance * ((ahead - 1) // SEASON + 1).sum())
    total = latest_12_months(counts, number, years_ahead)
    return _symmetric(total, float(deviation), counted_so_far(counts, number, years_ahead))


def exponential_smoothing(counts: Counts, number: int, years_ahead: int) -> Forecast:
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
    so_far = counted_so_far(counts, number, years_ahead)
    return _symmetric(so_far + weights.sum(), float(np.sqrt(variance * np.square(carried).sum())), so_far)


def count_regression(counts: Counts, number: int, years_ahead: int) -> Forecast:
    """Return a quasi-Poisson regression on a trend and the season, logarithmic link, with its prediction interval.

    The variance of the total is dispersion * (its mean) + that of the fitted mean; dispersion is Pearson's, at least 1
    (McCullagh and Nelder 1989, section 6.2). It needs three years of history. Of a series of zeros there is nothing to
    fit; its forecast is 0 for certain.
    """
    so_far = counted_so_far(counts, number, years_ahead)
    if not (counts > 0).any():
        return _symmetric(so_far, 0.0, so_far)
    fitted = _fitted(tuple(counts))
    coming = _regressors(len(counts) - 1 + quarters_ahead(number, years_ahead), len(counts))
    expected = np.exp(coming @ fitted.params)
    slope = expected @ coming
    dispersion = max(1.0, float(fitted.scale))
    variance = dispersion * (expected.sum() + slope @ fitted.normalized_cov_params @ slope)
    return _symmetric(so_far + float(expected.sum()), float(np.sqrt(variance)), so_far, float(fitted.df_resid))


def _symmetric(total: float, deviation: float, so_far: float, degrees_of_freedom: float = np.inf) -> Forecast:
    """Return a normal (or Student t) interval around a total, which does not go below what is counted so far."""
    ends = []
    for level in LEVELS:
        share = 0.5 + level / 2
        quantile = ndtri(share) if np.isinf(degrees_of_freedom) else stdtrit(degrees_of_freedom, share)
        half_width = quantile * deviation
        ends += [max(so_far, total - half_width), total + half_width]
    return Forecast(total, *map(float, ends))


def _seasons(logs: Counts) -> Counts:
    """Return the four seasonal terms of a series of logarithms, from its first quarter on; they add up to 0.

    Mean deviations from the centred moving average of a year (classical decomposition).
    """
    trend = np.convolve(logs, np.array([1, 2, 2, 2, 1]) / 8, mode="valid")
    deviations = logs[2:-2] - trend
    places = np.arange(2, len(logs) - 2) % SEASON
    terms = np.array([deviations[places == place].mean() for place in range(SEASON)])
    return np.asarray(terms - terms.mean())


def _damped_holt(values: Counts) -> tuple[float, float, float, Counts]:
    """Fit damped trend smoothing by least squares over a grid.

    Returns the last level, the last trend, the residual variance and (alpha, beta, phi), all of the logarithms.
    The grid is coarse by intent: parameters that are searched for without bounds follow the noise of short series.
    """
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


def _regressors(places: npt.NDArray[np.int_], length: int) -> Counts:
    """Return a row a quarter: its place in a history of `length` quarters as a share of it, and its season."""
    return np.column_stack([places / length, *(places % SEASON == season for season in range(SEASON))])


@lru_cache(maxsize=1)  # this year and the next are forecast from one fit
def _fitted(counts: Sequence[float]) -> GLMResultsWrapper:
    """Fit the quasi-Poisson regression; its scale is Pearson's dispersion, its covariance is without that."""
    regressors = _regressors(np.arange(len(counts)), len(counts))
    return GLM(np.maximum(counts, 0), regressors, family=Poisson()).fit(scale="X2")


# -------------------------------------------------- point forecasts that an interval can be learned around
def smoothed(counts: Counts, number: int, years_ahead: int) -> float:
    """Return the total by exponential smoothing; the latest 12 months where history is under two years."""
    if len(counts) < FULL_YEARS * SEASON:
        return latest_12_months(counts, number, years_ahead)
    return exponential_smoothing(counts, number, years_ahead).total


def combination(counts: Counts, number: int, years_ahead: int) -> float:
    """Return the mean of the latest 12 months, damped growth and exponential smoothing."""
    combined = (latest_12_months, damped_growth, smoothed)
    return float(np.mean([point_forecast(counts, number, years_ahead) for point_forecast in combined]))


# --------------------------------------- intervals read from past errors without a prior, log(actual / forecast)
def conformal(point_forecast: float, errors: Counts, so_far: float = 0.0) -> Forecast:
    """Return split conformal intervals: as far to both sides, in logarithms, as a share of past errors lay.

    The share is ceil((n + 1) * level) / n (Vovk, Gammerman and Shafer 2005), all of them where n is too small. It
    assumes that errors to come are exchangeable with those seen, which errors of a few years are not.
    """
    sizes = np.sort(np.abs(errors))
    ends = []
    for level in LEVELS:
        half_width = sizes[min(int(np.ceil((len(sizes) + 1) * level)), len(sizes)) - 1]
        ends += [max(so_far, point_forecast * np.exp(-half_width)), point_forecast * np.exp(half_width)]
    return Forecast(point_forecast, *map(float, ends))


def pooled(point_forecast: float, errors: Counts, so_far: float = 0.0) -> Forecast:
    """Return the quantiles of past errors of all quarters of the year in one pool, linear between ranks."""
    ends = []
    for level in LEVELS:
        low, high = np.exp(np.quantile(errors, [0.5 - level / 2, 0.5 + level / 2]))
        ends += [max(so_far, point_forecast * low), max(so_far, point_forecast * high)]
    return Forecast(point_forecast, *map(float, ends))


# What each method is called. The first need the series alone; the others take their interval from others' errors.
ALONE: dict[str, Callable[[Counts, int, int], Forecast]] = {
    "seasonal_naive": seasonal_naive,
    "exponential_smoothing": exponential_smoothing,
    "count_regression": count_regression,
}
POINT_FORECASTS: dict[str, Callable[[Counts, int, int], float]] = {
    "latest_12_months": latest_12_months,
    "damped_growth": damped_growth,
    "smoothed": smoothed,
    "combination": combination,
}
