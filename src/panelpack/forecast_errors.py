"""Intervals learned from the errors of earlier forecasts, of other forces.

An error is log(actual / forecast). `already` is what is counted of the year: no interval goes below it.
"""

from dataclasses import dataclass

import numpy as np

from panelpack.forecasts import LEVELS, Forecast

# Chosen on the choosing forces of the back-test; the score is flat around it (2 to 5).
PRIOR_YEARS = 4  # the years of errors that the prior is worth


@dataclass(frozen=True)
class Learned:
    """What past errors, log(actual / forecast), teach: their bias, their spread, and how well both are known.

    An error to come is bias + spread times a Student t of `freedom` degrees.
    """

    bias: float
    spread: float
    freedom: float


def learn(errors: np.ndarray, years: np.ndarray, shared: float) -> Learned:
    """Return what the errors of one series teach.

    errors: log(actual / forecast) of other forces and earlier origins, made at the same quarter of the year, as far
    ahead; years: the year each was of; shared: the mean square of all series' errors around their biases.
    Forces err together, so what counts is how many years n were seen, not how many errors. The prior is worth
    PRIOR_YEARS: the bias is shrunk to 0 by n / (n + PRIOR_YEARS), the variance to `shared` alike, and the interval is
    that of a Student t with n + PRIOR_YEARS degrees of freedom, wide while little is known.
    """
    seen = len(np.unique(years))
    own, prior = seen / (seen + PRIOR_YEARS), PRIOR_YEARS / (seen + PRIOR_YEARS)
    bias = bias_of(errors, years)
    square = float(np.mean((errors - bias) ** 2)) if seen else 0.0
    return Learned(bias, float(np.sqrt(own * square + prior * shared)), float(seen + PRIOR_YEARS))


def bias_of(errors: np.ndarray, years: np.ndarray) -> float:
    """Return the mean error, shrunk to 0 by the number of different years it rests on."""
    seen = len(np.unique(years))
    return float(np.mean(errors)) * seen / (seen + PRIOR_YEARS) if seen else 0.0


def calibrated(middle: float, learned: Learned, already: float = 0.0) -> Forecast:
    """Return a forecast around `middle` with the interval that past errors give; never below what is counted.

    The total is the middle itself: a bias learned from errors moves the interval, not the figure that is printed.
    """
    from scipy.special import stdtrit  # a tenth of a second to import, which only projections need

    ends = []
    for level in LEVELS:
        reach = stdtrit(learned.freedom, 0.5 + level / 2) * learned.spread
        ends += [max(already, middle * np.exp(learned.bias - reach)), middle * np.exp(learned.bias + reach)]
    return Forecast(middle, *map(float, ends))


def conformal(middle: float, errors: np.ndarray, already: float = 0.0) -> Forecast:
    """Return split conformal intervals: as far to both sides, in logarithms, as a share of past errors reached.

    The share is ceil((n + 1) * level) / n (Vovk, Gammerman and Shafer 2005), all of them where n is too small. It
    assumes that errors to come are exchangeable with those seen, which errors of a few years are not.
    """
    reached = np.sort(np.abs(errors))
    ends = []
    for level in LEVELS:
        reach = reached[min(int(np.ceil((len(reached) + 1) * level)), len(reached)) - 1]
        ends += [max(already, middle * np.exp(-reach)), middle * np.exp(reach)]
    return Forecast(middle, *map(float, ends))


def pooled(middle: float, errors: np.ndarray, already: float = 0.0) -> Forecast:
    """Return the quantiles of past errors of all quarters of the year in one pool, linear between ranks."""
    ends = []
    for level in LEVELS:
        low, high = np.exp(np.quantile(errors, [0.5 - level / 2, 0.5 + level / 2]))
        ends += [max(already, middle * low), max(already, middle * high)]
    return Forecast(middle, *map(float, ends))
