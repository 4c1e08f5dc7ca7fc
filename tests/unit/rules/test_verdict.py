"""The words of a verdict, its direction, and what one has that may not be given."""

import pytest

from panelpack.rules.projection import side_of_interval
from panelpack.rules.verdict import (
    MARKS,
    NOT_ASSESSED,
    REASON_WORDS,
    VERDICT_WORDS,
    VERDICTS,
    Verdict,
    by_direction,
    not_assessed,
)
from panelpack.statistics.projection import Forecast


@pytest.mark.parametrize(
    ("direction", "polarity", "verdict"),
    [
        (-0.1, "lower", "improved"),
        (-0.1, "higher", "deteriorated"),
        (0.1, "lower", "deteriorated"),
        (0.1, "higher", "improved"),
        (0, "lower", "no_change"),
        (0, "higher", "no_change"),
    ],
)
def test_a_change_that_counts_is_good_or_bad_by_the_polarity(direction, polarity, verdict):
    assert by_direction(direction, polarity) == verdict


@pytest.mark.parametrize(
    ("baseline", "lower", "higher"),
    [
        (899.9, "deteriorated", "improved"),
        (900, "no_change", "no_change"),
        (1200, "no_change", "no_change"),
        (1200.1, "improved", "deteriorated"),
    ],
)
def test_the_ends_of_a_projection_s_interval_belong_to_it(baseline, lower, higher):
    projected = Forecast(1000, lower_95=900, upper_95=1200, lower_80=950, upper_80=1100)
    assert side_of_interval(baseline, projected, "lower") == lower
    assert side_of_interval(baseline, projected, "higher") == higher


def test_what_may_not_be_judged_has_a_reason_and_no_number():
    assert not_assessed("embargoed", "Not released yet.") == Verdict(NOT_ASSESSED, "embargoed", "Not released yet.")


def test_every_verdict_has_words_and_a_shape_of_its_own_and_every_reason_has_words():
    assert set(VERDICT_WORDS) == set(MARKS) == set(VERDICTS)
    assert len(set(MARKS.values())) == len(MARKS)
    assert len(set(REASON_WORDS.values())) == len(REASON_WORDS) == 6
