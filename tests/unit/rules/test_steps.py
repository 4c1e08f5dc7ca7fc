"""The steps of an office's bands: which holds a value, whether an interval is in one, and what a plan may not say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.formats import Form
from panelpack.rules.rule import RULES, Context
from panelpack.rules.steps import Bands, Step
from panelpack.rules.verdict import PeriodTotal

EXPECTATIONS = Bands(
    "latest",
    (Step("Exceeds", "met", at_least=95, mark="◆"), Step("Meets", "on_course", at_least=85), Step("Below", "missed")),
)
STEADY = Bands(
    "change",
    (Step("About the same", "no_change", at_least=-5, at_most=5), Step("Moved", "deteriorated")),
)
PERCENT = Form("percent", 1)


@pytest.mark.parametrize(
    ("value", "word"),
    [(100, "Exceeds"), (95, "Exceeds"), (94.9, "Meets"), (85, "Meets"), (84.9, "Below"), (0, "Below")],
)
def test_a_threshold_belongs_to_its_step(value, word):
    assert EXPECTATIONS.step(value).word == word


@pytest.mark.parametrize(("value", "word"), [(94.95, "Exceeds"), (94.94, "Meets"), (84.95, "Meets"), (84.94, "Below")])
def test_a_figure_is_held_against_thresholds_as_it_is_printed(value, word):
    latest = PeriodTotal(value, "a period", kind="share")
    found = RULES["bands"].judge(None, latest, Context("neither", form=PERCENT, bands=EXPECTATIONS))
    step = EXPECTATIONS.step(round(value, 1))
    assert (found.word, found.verdict, found.mark) == (word, step.counts_as, step.mark)


@pytest.mark.parametrize(
    ("lower", "upper", "inside"),
    [(95, 99, True), (94.9, 99, False), (85, 94.9, True), (85, 95, False), (90, 90, True), (84.9, 85, False),
     (0, 84.9, True), (float("-inf"), 0, True), (95, float("inf"), True), (float("-inf"), float("inf"), False)],
)  # fmt: skip
def test_an_interval_is_in_one_band_with_both_ends_and_all_between(lower, upper, inside):
    assert EXPECTATIONS.is_inside_one(lower, upper) is inside


@pytest.mark.parametrize(("lower", "upper", "inside"), [(-5, 5, True), (-9, 9, False), (6, 9, True), (-9, -6, True)])
def test_both_ends_in_one_band_are_not_enough_where_another_lies_between(lower, upper, inside):
    assert STEADY.is_inside_one(lower, upper) is inside


@given(st.floats(0, 100), st.floats(0, 100))
def test_an_interval_in_one_band_is_so_value_by_value(one, other):
    lower, upper = sorted((one, other))
    values = [lower + (upper - lower) * part / 50 for part in range(51)]
    words = {EXPECTATIONS.step(value).word for value in values}
    assert not EXPECTATIONS.is_inside_one(lower, upper) or len(words) == 1
    assert EXPECTATIONS.is_inside_one(lower, upper) or len(words) > 1 or upper - lower < 5


# -------------------------------------------------------------------------------------------- a plan's mistakes
@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([{"at_least": 95}, {"at_least": 85}], "below 85"),
        ([{"at_most": 85}, {"at_most": 95}], "above 95"),
        ([{"at_least": 90}, {"at_most": 89}], "between 89 and 90"),
        ([{"at_least": 90.5}, {"at_most": 89.25}], "between 89.25 and 90.5"),
        ([{"at_least": 95}, {}], ""),
        ([{"at_least": 90}, {"at_most": 90}], ""),
        ([{"at_least": 5, "at_most": 3}], "at all"),
    ],
)
def test_values_without_a_step_are_found(steps, words):
    bands = Bands("latest", tuple(Step(str(i), "met", **step) for i, step in enumerate(steps)))
    found = bands.uncovered()
    assert bool(found) is bool(words)
    if words != "at all":
        assert found.replace(".00", "").replace(".50", ".5") == words


@pytest.mark.parametrize(
    ("steps", "unreachable"),
    [
        ([{"at_least": 85}, {"at_least": 95}, {}], ["1"]),
        ([{}, {"at_least": 95}], ["1"]),
        ([{"at_least": 95}, {"at_least": 85}, {}], []),
        ([{"at_least": 90}, {"at_most": 90}], []),
        ([{"at_least": 90}, {"at_least": 90}, {}], ["1"]),
    ],
)
def test_steps_that_no_value_is_of_are_found(steps, unreachable):
    bands = Bands("latest", tuple(Step(str(i), "met", **step) for i, step in enumerate(steps)))
    assert bands.unreachable() == unreachable


# --------------------------------------------------------------------------------------------------- the rule
def test_a_change_without_a_baseline_is_not_assessed_and_a_latest_figure_needs_none():
    latest = PeriodTotal(90, "a period", kind="stock")
    for of, verdict in (("change", "not_assessed"), ("pct_change", "not_assessed"), ("latest", "on_course")):
        bands = Bands(of, EXPECTATIONS.steps)
        found = RULES["bands"].judge(None, latest, Context("higher", bands=bands))
        assert found.verdict == verdict and bool(found.reason) is (of != "latest")


@pytest.mark.parametrize("kind", ["stock", "duration", "money", "index", "share", "rate"])
@pytest.mark.parametrize("of", ["latest", "change", "pct_change"])
def test_what_has_no_margin_has_a_word_and_no_interval(of, kind):
    totals = [PeriodTotal(value, "a period", kind=kind) for value in (80.0, 96.0)]
    found = RULES["bands"].judge(*totals, Context("higher", form=PERCENT, bands=Bands(of, EXPECTATIONS.steps)))
    assert found.word == ("Exceeds" if of == "latest" else "Below")
    assert (found.lower_95, found.upper_95, found.interval_of, found.p_value) == (None, None, "", None)


@given(st.integers(0, 400), st.sampled_from([50, 400, 2000]))
def test_a_p_value_says_whether_the_printed_interval_is_in_the_band(satisfied, asked):
    satisfied = min(satisfied, asked)
    latest = PeriodTotal(100 * satisfied / asked, "a period", satisfied, asked, kind="share")
    found = RULES["bands"].judge(None, latest, Context("higher", form=PERCENT, bands=EXPECTATIONS))
    assert (found.p_value < 0.05) is ("all of it in this band" in found.evidence)
    assert found.lower_95 <= latest.value <= found.upper_95 and found.interval_of == "latest"


@given(st.integers(0, 500), st.integers(1, 500))
def test_any_two_counts_have_a_band_with_ends_that_can_be_printed(latest, baseline):
    totals = [PeriodTotal(float(n), "a period", points=(n / 2,) * 2 if n % 2 == 0 else (n,), kind="count")
              for n in (baseline, latest)]  # fmt: skip
    for of in ("latest", "change", "pct_change"):
        found = RULES["bands"].judge(*totals, Context("lower", bands=Bands(of, STEADY.steps)))
        assert found.word in ("About the same", "Moved") and "95% interval" in found.evidence
