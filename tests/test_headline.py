"""The headline: counts, shares and words."""

import dataclasses

import pytest

from panelpack.indicators.results import (
    MARKS,
    REASON_WORDS,
    WORDS,
    IndicatorResult,
    count_verdicts,
    headline_sentence,
    share_words,
    verdict_words,
)
from panelpack.indicators.verdicts import REASONS, VERDICTS

FIGURE = IndicatorResult(
    indicator="SP01.a", priority="SP01", title="A title", unit="count", polarity="lower", scored=True,
    baseline_period="", baseline=None, latest_period="", latest=None, change=None, pct_change=None, rule="none",
    verdict="improved", reason="", evidence="", lower_95=None, upper_95=None, reconstructed=False, note="",
)  # fmt: skip


def scored(times, verdict, reason=""):
    return [dataclasses.replace(FIGURE, verdict=verdict, reason=reason)] * times


PRINTED = [
    *scored(9, "improved"),
    *scored(10, "no_change"),
    *scored(6, "deteriorated"),
    *scored(10, "not_assessed", "no_metric"),
    *scored(3, "not_assessed", "embargoed"),
    *scored(2, "not_assessed", "small_sample"),
    dataclasses.replace(FIGURE, scored=False, verdict=""),
]


def test_counts_and_shares_are_those_of_the_printed_paper():
    found = count_verdicts(iter(PRINTED))
    assert found == {
        "scored": 40, "improved": 9, "no_change": 10, "deteriorated": 6, "not_assessed": 15,
        "no_change_or_not_assessed": 25, "no_metric": 10, "embargoed": 3, "small_sample": 2,
        "no_comparator": 0, "not_comparable": 0, "suppressed": 0,
        "scored_share": 100, "improved_share": 22.5, "no_change_share": 25, "deteriorated_share": 15,
        "not_assessed_share": 37.5, "no_change_or_not_assessed_share": 62.5, "no_metric_share": 25,
        "embargoed_share": 7.5, "small_sample_share": 5, "no_comparator_share": 0, "not_comparable_share": 0,
        "suppressed_share": 0,
    }  # fmt: skip


def test_verdicts_and_reasons_add_up(figures):
    found = count_verdicts(figures.values())
    assert sum(found[verdict] for verdict in VERDICTS) == found["scored"] == 40
    assert sum(found[reason] for reason in REASONS) == found["not_assessed"]


def test_the_sentence():
    assert headline_sentence(count_verdicts(PRINTED)) == (
        "40 indicators: 9 improved (22.5%), 10 no change (25%), 6 deteriorated (15%), 15 not assessed (37.5%)"
    )


@pytest.mark.parametrize("figures", [[], [dataclasses.replace(FIGURE, scored=False, verdict="")]])
def test_without_scored_indicators_there_are_no_shares(figures):
    found = count_verdicts(figures)
    assert set(found.values()) == {0}
    assert not any(name.endswith("_share") for name in found)
    assert headline_sentence(found) == "0 indicators"


@pytest.mark.parametrize(
    ("share", "words"),
    [(15, "15%"), (22.5, "22.5%"), (100, "100%"), (0, "0%"), (62.54, "62.5%"), (62.55, "62.6%"), (9.96, "10%"),
     (100 / 3, "33.3%"), (20, "20%")],
)  # fmt: skip
def test_shares_have_a_decimal_only_where_there_is_one(share, words):
    assert share_words(share) == words


@pytest.mark.parametrize(
    ("verdict", "reason", "words"),
    [
        ("improved", "", "▲ Improved"),
        ("no_change", "", "● No change"),
        ("deteriorated", "", "▼ Deteriorated"),
        ("not_assessed", "no_metric", "– Not assessed (no metric)"),
        ("not_assessed", "no_comparator", "– Not assessed (no comparator)"),
        ("not_assessed", "not_comparable", "– Not assessed (not comparable)"),
        ("not_assessed", "small_sample", "– Not assessed (small sample)"),
        ("not_assessed", "embargoed", "– Not assessed (embargoed)"),
        ("not_assessed", "suppressed", "– Not assessed (suppressed)"),
        ("", "", ""),
    ],
)
def test_verdict_words(verdict, reason, words):
    assert verdict_words(dataclasses.replace(FIGURE, verdict=verdict, reason=reason)) == words


def test_every_verdict_and_reason_has_words_and_a_shape_of_its_own():
    assert set(WORDS) == set(MARKS) == set(VERDICTS)
    assert set(REASON_WORDS) == set(REASONS)
    assert len(set(MARKS.values())) == len(MARKS)
