"""The verdict rules: from figures and polarity to improved, no_change or deteriorated."""

from panelpack.forecasts import Forecast
from panelpack.formats import rounded
from panelpack.significance import Interval

IMPROVED, NO_CHANGE, DETERIORATED, NOT_ASSESSED = "improved", "no_change", "deteriorated", "not_assessed"
VERDICTS = (IMPROVED, NO_CHANGE, DETERIORATED, NOT_ASSESSED)
REASONS = ("no_metric", "no_comparator", "not_comparable", "small_sample", "embargoed", "suppressed")


def by_direction(direction: float, polarity: str) -> str:
    """Return the verdict of a change that counts: up or down, against which way is better."""
    if direction == 0:
        return NO_CHANGE
    return IMPROVED if (direction > 0) == (polarity == "higher") else DETERIORATED


def printed_precision(baseline: float, latest: float, polarity: str) -> str:
    """Judge a survey percentage by its change as printed, to one decimal."""
    return by_direction(rounded(latest, 1) - rounded(baseline, 1), polarity)


def significance(change: Interval, polarity: str) -> str:
    """Judge a count by whether the interval of its change excludes no change."""
    return by_direction(change.lower, polarity) if change.excludes_none else NO_CHANGE


def projection(baseline: float, projected: Forecast, polarity: str) -> str:
    """Judge a projected total by whether the baseline lies inside its 95% prediction interval."""
    if projected.lower_95 <= baseline <= projected.upper_95:
        return NO_CHANGE
    return by_direction(projected.lower_95 - baseline, polarity)
