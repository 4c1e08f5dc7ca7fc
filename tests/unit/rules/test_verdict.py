"""The words of a verdict, its direction, and what one has that may not be given."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.rules.projection import is_inside
from panelpack.rules.rule import RULES, Context
from panelpack.rules.verdict import (
    HOW_SURE_WORDS,
    NOT_ASSESSED,
    REASON_WORDS,
    VERDICT_WORDS,
    VERDICTS,
    PeriodTotal,
    Verdict,
    by_direction,
    not_assessed,
)


@pytest.mark.parametrize(
    ("direction", "polarity", "verdict"),
    [
        (-0.1, "lower", "improved"),
        (-0.1, "higher", "deteriorated"),
        (0.1, "lower", "deteriorated"),
        (0.1, "higher", "improved"),
        (0, "lower", "no_change"),
        (0, "higher", "no_change"),
        (-0.1, "neither", "changed"),
        (0.1, "neither", "changed"),
        (0, "neither", "no_change"),
    ],
)
def test_a_change_that_counts_is_good_or_bad_by_the_polarity(direction, polarity, verdict):
    assert by_direction(direction, polarity) == verdict


@pytest.mark.parametrize(("baseline", "inside"), [(899, False), (900, True), (1200, True), (1201, False), (1000, True)])
def test_a_baseline_lies_inside_an_interval_as_both_are_printed(baseline, inside):
    assert is_inside(baseline, 900.4, 1199.6) is is_inside(baseline, 899.6, 1200.4) is inside


def test_what_may_not_be_judged_has_a_reason_and_no_number():
    assert not_assessed("embargoed", "Not released yet.") == Verdict(NOT_ASSESSED, "embargoed", "Not released yet.")


def test_every_verdict_and_every_reason_has_words_of_its_own():
    assert set(VERDICT_WORDS) == set(VERDICTS) and len(set(VERDICT_WORDS.values())) == len(VERDICTS)
    assert len(set(REASON_WORDS.values())) == len(REASON_WORDS) == 10
    assert len(set(HOW_SURE_WORDS.values())) == len(HOW_SURE_WORDS) == 9


def test_no_word_is_one_that_a_lay_reader_would_have_to_look_up():
    jargon = ("metric", "comparator", "comparable", "embargo", "suppress", "redact", "sample", "ordinary", "deteriorat")
    words = " ".join([*VERDICT_WORDS.values(), *REASON_WORDS.values(), *HOW_SURE_WORDS.values()]).lower()
    assert [word for word in jargon if word in words] == []


@given(st.integers(0, 200_000), st.integers(1, 200_000), st.sampled_from(["lower", "higher"]))
def test_the_printed_ends_of_an_interval_never_contradict_the_verdict(latest, baseline, polarity):
    totals = [PeriodTotal(float(count), "a period", points=(float(count),)) for count in (baseline, latest)]
    found = RULES["significance"].judge(*totals, Context(polarity))
    ends = re.search(r"95% interval ([+−]?)([\d,.]+)% to (more than )?([+−]?)([\d,.]+)%", found.evidence)
    lower, upper = ((-1 if ends[sign] == "−" else 1) * float(ends[sign + 1].replace(",", "")) for sign in (1, 4))
    assert (found.verdict != "no_change") is (lower > 0 or upper < 0)
