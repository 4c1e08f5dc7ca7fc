"""What is still to come of a financial year, forecast from quarters counted so far.

Counts are an array of whole quarters, oldest first; the last one is the origin, the quarter at whose end the forecast
is made. They are one series, or many side by side: time is the first axis, whatever the others are. `number` is the
origin's place in its financial year, 1 to 4; `years_ahead` is 0 for the financial year of the origin, 1 for the next.
A count that is not known is NaN, and so is every forecast that would need it.
"""

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.float64]
SEASON = 4  # quarters in a year
SMALLEST = 0.5  # stands in for a count below it where a logarithm or a ratio is taken
# The part of each new quarter that goes into the level. The score of the back-test is flat around it (0.6 to 0.7).
SMOOTHING = 0.65
FULL_YEARS = 2  # of history, from which a season can be told


def quarters_ahead(number: int, years_ahead: int) -> npt.NDArray[np.int_]:
    """Return how many quarters after the origin those of the year lie that are not yet counted."""
    last = SEASON * (years_ahead + 1) - number
    return np.arange(max(1, last - SEASON + 1), last + 1)


def counted_so_far(counts: Counts, number: int, years_ahead: int) -> Counts:
    """Return what is already counted of the year."""
    return np.asarray(counts[-number:].sum(axis=0) if years_ahead == 0 else np.zeros(counts.shape[1:]))


def latest_12_months(counts: Counts) -> Counts:
    """Return the total of the last four quarters."""
    return np.asarray(counts[-SEASON:].sum(axis=0))


def still_to_come(counts: Counts, number: int, years_ahead: int) -> Counts:
    """Return the forecast of what is not yet counted of the year; it needs four quarters of history.

    Of the year under way by exponential smoothing. For a later year every quarter is that of the latest 12 months: so
    far ahead the latest level and its season are no better than that.
    """
    ahead = quarters_ahead(number, years_ahead)
    if years_ahead or len(counts) < FULL_YEARS * SEASON:
        return np.asarray(counts[-SEASON:][(ahead - 1) % SEASON].sum(axis=0))
    return smoothed(counts, ahead)


def smoothed(counts: Counts, ahead: npt.NDArray[np.int_]) -> Counts:
    """Return the sum of the quarters `ahead` by exponential smoothing of seasonally adjusted logarithms.

    The level goes SMOOTHING of the way from where it was to each new quarter (Brown 1959); each quarter to come is
    that level with the term of its season. It needs two years of history.
    """
    logs = np.log(np.maximum(counts, SMALLEST))
    seasons = seasonal_terms(logs)
    adjusted = logs - seasons[np.arange(len(logs)) % SEASON]
    level = adjusted[:SEASON].mean(axis=0)
    for value in adjusted:
        level = level + SMOOTHING * (value - level)
    return np.asarray(np.exp(level + seasons[(len(logs) - 1 + ahead) % SEASON]).sum(axis=0))


def seasonal_terms(logs: Counts) -> Counts:
    """Return the four seasonal terms of logarithms, from the first quarter on; they add up to 0.

    Mean deviations from the centred moving average of a year (classical decomposition).
    """
    trend = sum(weight * logs[place : len(logs) - SEASON + place] for place, weight in enumerate((1, 2, 2, 2, 1))) / 8
    deviations = logs[2:-2] - trend
    places = np.arange(2, len(logs) - 2) % SEASON
    terms = np.stack([deviations[places == place].mean(axis=0) for place in range(SEASON)])
    return np.asarray(terms - terms.mean(axis=0))
