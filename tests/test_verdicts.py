"""The truth table of each rule, at its boundaries, for either polarity."""

import pytest

from panelpack.indicators.verdicts import (
    by_direction,
    printed_precision_verdict,
    projection_verdict,
    significance_verdict,
)
from panelpack.statistics.projection import Forecast
from panelpack.statistics.significance import Interval

MIRROR = {"improved": "deteriorated", "deteriorated": "improved", "no_change": "no_change"}


def both_polarities(judge, expected):
    """Where lower is better the verdict is `expected`, where higher is better its mirror image."""
    assert judge("lower") == expected
    assert judge("higher") == MIRROR[expected]


@pytest.mark.parametrize(("direction", "lower"), [(-0.1, "improved"), (0, "no_change"), (0.1, "deteriorated")])
def test_by_direction(direction, lower):
    both_polarities(lambda polarity: by_direction(direction, polarity), lower)


@pytest.mark.parametrize(
    ("baseline", "latest", "lower"),
    [
        (84.2, 83.5, "improved"),
        (75.3, 85.5, "deteriorated"),
        (78.1, 78.1, "no_change"),
        (78.14, 78.06, "no_change"),
        (81.449, 81.451, "deteriorated"),  # printed 81.4 and 81.5
        (81.451, 81.549, "no_change"),  # printed 81.5 both
        (81.451, 81.449, "improved"),
        (81.45, 81.54, "no_change"),
    ],
)
def test_surveys_are_compared_as_printed(baseline, latest, lower):
    both_polarities(lambda polarity: printed_precision_verdict(baseline, latest, polarity), lower)


@pytest.mark.parametrize(
    ("low", "high", "lower"),
    [
        (-60, -40, "improved"),
        (40, 60, "deteriorated"),
        (-10, 10, "no_change"),
        (0, 10, "no_change"),
        (-10, 0, "no_change"),
        (-10, -1e-9, "improved"),
        (1e-9, 10, "deteriorated"),
    ],
)
def test_significance(low, high, lower):
    both_polarities(lambda polarity: significance_verdict(Interval(low, high), polarity), lower)


@pytest.mark.parametrize(
    ("baseline", "lower"),
    [
        (1000, "no_change"),
        (900, "no_change"),  # exactly on an end counts as inside
        (1200, "no_change"),
        (899, "deteriorated"),
        (1201, "improved"),
    ],
)
def test_projection(baseline, lower):
    projected = Forecast(1000, lower_95=900, upper_95=1200, lower_80=950, upper_80=1100)
    both_polarities(lambda polarity: projection_verdict(baseline, projected, polarity), lower)
