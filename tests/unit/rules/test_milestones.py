"""What an indicator is to reach at its latest period, at each boundary of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.formats import Form, number
from panelpack.rules.milestones import (
    TargetAt,
    constant_target,
    is_reached,
    target_by,
    target_direction,
    target_on_path,
)
from panelpack.rules.rule import RULES, Context
from panelpack.rules.verdict import PeriodTotal

PERCENT = Form("percent", 1)
PATH = {"2024/25": 90.0, "2021/22": 80.0, "2022/23": 85.0}


# ------------------------------------------------------------------------------------------------- a path
@pytest.mark.parametrize(
    ("year", "now", "words"),
    [("2021/22", 80, "the milestone of 2021/22"), ("2022/23", 85, "the milestone of 2022/23"),
     ("2023/24", 85, "the milestone of 2022/23"), ("2024/25", None, ""), ("2030/31", None, "")],
)  # fmt: skip
def test_a_year_is_held_to_its_milestone_or_to_that_of_the_last_year_before_it(year, now, words):
    assert target_on_path(PATH, year) == TargetAt(90, "2024/25", now, words)


def test_before_the_first_milestone_nothing_is_due():
    target = target_on_path(PATH, "2020/21")
    assert target == TargetAt(90, "2024/25", not_due="The first milestone is that of 2021/22.")


@pytest.mark.parametrize(
    ("year", "value", "verdict"),
    [
        ("2022/23", 90, "met"), ("2022/23", 89.95, "met"), ("2022/23", 89.94, "on_course"),
        ("2022/23", 85, "on_course"), ("2022/23", 84.95, "on_course"), ("2022/23", 84.94, "missed"),
        ("2021/22", 82, "on_course"), ("2020/21", 70, "not_assessed"), ("2020/21", 90, "met"),
        ("2024/25", 89.9, "missed"), ("2024/25", 90, "met"), ("2026/27", 89.9, "missed"),
    ],
)  # fmt: skip
def test_a_path_is_met_on_course_or_missed_as_printed(year, value, verdict):
    context = Context("higher", form=PERCENT, target=target_on_path(PATH, year))
    found = RULES["target"].judge(None, PeriodTotal(value, "a period", kind="share"), context)
    assert (found.verdict, found.p_value) == (verdict, None)


# ------------------------------------------------------------------------------------------- a straight line
@pytest.mark.parametrize(
    ("latest", "now"),
    [("2020-03", 1000), ("2021-03", 950), ("2020-06", 987.5), ("2022-09", 875), ("2023-12", 812.5), ("2019-12", 1000)],
)
def test_the_line_runs_from_the_end_of_the_baseline_to_the_end_of_the_year(latest, now):
    # 1,000 in 2019/20, 800 by 2023/24: 50 less a year; before the baseline's end it is the baseline.
    target = target_by(800, "2023/24", 1000, ("2020-03", latest, "2024-03"))
    assert target.now == pytest.approx(now)
    assert (target.final, target.by, target.now_words) == (800, "2023/24", "the straight line from the baseline")


@pytest.mark.parametrize("latest", ["2024-03", "2024-06", "2030-01"])
def test_when_the_time_is_up_there_is_no_course(latest):
    assert target_by(800, "2023/24", 1000, ("2020-03", latest, "2024-03")) == TargetAt(800, "2023/24")
    assert target_by(800, "2023/24", None, ("2020-03", latest, "2024-03")) == TargetAt(800, "2023/24")


def test_without_a_baseline_there_is_no_line_and_nothing_is_missed_yet():
    target = target_by(800, "2023/24", None, ("2020-03", "2022-03", "2024-03"))
    assert target.now is None and target.not_due == "There is no baseline to draw the line to the target from."
    found = RULES["target"].judge(None, PeriodTotal(900, "a period", kind="count"), Context("lower", target=target))
    assert (found.verdict, found.reason) == ("not_assessed", "no_comparator")
    found = RULES["target"].judge(None, PeriodTotal(800, "a period", kind="count"), Context("lower", target=target))
    assert found.verdict == "met"


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(900, "on_course"), (900.4, "on_course"), (900.6, "missed"), (800.4, "met"), (800.6, "on_course")],
)
def test_a_count_is_on_course_at_or_below_the_line_as_printed(value, verdict):
    # In March 2022, half way, the line is at 900.
    target = target_by(800, "2023/24", 1000, ("2020-03", "2022-03", "2024-03"))
    found = RULES["target"].judge(None, PeriodTotal(value, "a period", kind="stock"), Context("lower", target=target))
    assert found.verdict == verdict


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(0, 3))
def test_what_is_reached_the_one_way_is_missed_the_other_unless_both_are_printed_alike(value, aim, decimals):
    lower, higher = (is_reached(value, aim, polarity, decimals) for polarity in ("lower", "higher"))
    assert lower or higher
    assert (lower and higher) is (number(value, decimals) == number(aim, decimals))


# ------------------------------------------------------------------------------------------------- a direction
@pytest.mark.parametrize(
    ("latest", "direction", "verdict"),
    [(99, "lower", "met"), (100, "lower", "missed"), (101, "lower", "missed"), (100.4, "higher", "missed"),
     (100.5, "higher", "met"), (99, "higher", "missed")],
)  # fmt: skip
def test_a_direction_is_met_by_what_is_better_as_printed(latest, direction, verdict):
    totals = [PeriodTotal(value, "a period", kind="stock") for value in (100, latest)]
    for polarity in ("lower", "higher", "neither"):  # the target says itself which way is better
        context = Context(polarity, target=target_direction(direction))
        assert RULES["target"].judge(*totals, context).verdict == verdict


def test_a_direction_without_a_baseline_is_not_assessed():
    context = Context("lower", target=target_direction("lower"))
    found = RULES["target"].judge(None, PeriodTotal(100, "a period", kind="count"), context)
    assert (found.verdict, found.reason) == ("not_assessed", "no_comparator")


# ------------------------------------------------------------------------------------------------------ words
def test_the_words_of_a_target():
    assert constant_target(90).words(PERCENT, "higher") == "90.0% or more"
    assert target_on_path(PATH, "2022/23").words(PERCENT, "higher") == "90.0% or more by 2024/25"
    assert constant_target(10).words(Form("minutes", 0), "lower") == "10 minutes or less"
    assert target_direction("lower").words(PERCENT, "higher") == "lower than the baseline"
