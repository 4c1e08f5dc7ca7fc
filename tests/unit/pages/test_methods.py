"""The methods page: every rule in its own words, constants, false alarms, and the test of the projection."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from page_blocks import of_kind, row_of, tables
from panelpack.formats import number, percent
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import assumptions, backtest_summary, control_charts, hidden_numbers, methods
from panelpack.rendering.prose import Callout, Text
from panelpack.rules.rule import RULES
from panelpack.rules.verdict import REASON_WORDS, VERDICT_WORDS, VERDICTS
from panelpack.statistics import spc
from panelpack.statistics.point_forecasts import SMOOTHING


def test_the_rules_count_every_scored_indicator_once(quarter_report):
    table = methods.rules_table(quarter_report)
    counts = quarter_report.headline()
    assert sum(int(cell) for cell in table.column("Indicators")) == counts["scored"]
    given = [verdict for verdict in VERDICTS if counts[verdict]]
    assert table.columns == ["Rule", "Indicators", *(VERDICT_WORDS[verdict] for verdict in given)]
    for verdict in given:
        assert sum(int(cell) for cell in table.column(VERDICT_WORDS[verdict])) == counts[verdict]
    used = {result.rule for result in quarter_report.indicators() if result.scored}
    assert table.column("Rule") == [rule.title or "No rule yet" for name, rule in RULES.items() if name in used]
    reasons = {reason: counts[reason] for reason in REASON_WORDS if counts.get(reason)}
    said = ", ".join(f"{REASON_WORDS[reason]} {count:.0f}" for reason, count in reasons.items())
    assert len(reasons) == 3 and table.notes == [f"Not assessed, by reason: {said}."]


def test_every_rule_tells_of_itself(quarter_report):
    text = methods.rule_texts(quarter_report).markdown
    used = {result.rule for result in quarter_report.indicators()}
    told = [rule for name, rule in RULES.items() if rule.methods and name in used]
    assert 0 < len(told) < len(RULES)
    assert len(re.findall(r"^\*\*", text, re.MULTILINE)) == len(told)
    assert "eakness" not in text  # where a method fails is for reviewers
    weak = methods.weaknesses_table(quarter_report)
    assert [row["Known weakness"] for row in weak.rows[: len(told)]] == [rule.weakness for rule in told]
    assert weak.rows[-1]["Method"] == "Control charts"


def test_constants_are_those_of_the_code_and_of_the_plan(quarter_report):
    significance = methods.significance_constants(quarter_report)
    assert row_of(significance, "Constant", "Months of a new")["Value"] == "12"
    charts, projection = methods.chart_constants(quarter_report), methods.projection_constants(quarter_report)
    assert row_of(charts, "Constant", "Shift")["Value"] == number(spc.SHIFT_POINTS)
    assert row_of(projection, "Constant", "Smoothing")["Value"] == number(SMOOTHING, 2)


def test_thresholds_stand_with_their_authority_and_the_series_that_they_make_coarser(quarter_report):
    heading, text, thresholds = hidden_numbers.blocks(quarter_report)
    protected = hidden_numbers.protected_table(quarter_report)
    assert heading.anchor == "methods-hidden-numbers"
    assert "Each quarter: Satisfaction of victims of hate crime" in text.markdown
    assert [row["Fewest"] for row in thresholds.rows] == ["100", "30", "5"]
    assert {row["On whose authority"] for row in thresholds.rows} == {"The office's own rule"}
    assert row_of(protected, "Series", "Satisfaction of victims of hate crime")["Shown"] == "each quarter"


def test_the_series_charted_without_their_season_are_listed_with_its_range(quarter_report):
    adjusted = [name for name, points in control_charts.charts_of_pack(quarter_report).items()
                if points["adjusted"].any()]  # fmt: skip
    table = methods.seasons_table(quarter_report)
    assert table.column("Series") == [quarter_report.plan.series[name].title for name in adjusted] != []
    factors = control_charts.chart_points(quarter_report, adjusted[0])["factor"]
    assert table.rows[0]["Lowest"].startswith(percent(100 * factors.min(), 0))
    assert table.rows[0]["Highest"].startswith(percent(100 * factors.max(), 0))


def test_false_alarms_are_listed_case_by_case_with_those_of_the_budget_marked(quarter_report):
    simulated = quarter_report.false_alarms
    table = methods.false_alarms_table(quarter_report)
    assert [cell == "yes" for cell in table.column("Budget")] == simulated["of_pack"].tolist()
    assert table.column("Latest flagged") == [percent(100 * share) for share in simulated["share"]]
    (text,) = of_kind(list(methods.chart_blocks(quarter_report)), Text)
    assert text.markdown.endswith(control_charts.false_alarm_words(quarter_report))


def test_the_intervals_rest_on_past_errors_of_other_forces(quarter_report, projected):
    table = backtest_summary.learned_table(quarter_report)
    assert table.column("Series") == [quarter_report.plan.series[spec.series].title for _, spec, _ in projected]
    assert set(table.column("Year")) == {"2016/17"}
    spec = projected[0][1]
    learned = quarter_report.data.projection(spec.series, spec.projection_year).learned_from
    assert table.rows[0]["Made at"] == f"{learned.first_origin} to {learned.last_origin}"
    assert table.rows[0]["Errors"] == number(learned.errors)
    said = backtest_summary.learned_from(quarter_report)
    counts = quarter_report.data.other_forces
    assert "[counts of 12 other forces](#source-other-forces)" in said
    assert f"{counts.index[0]} to {counts.index[-1]}" in said and counts.index[-1] < str(quarter_report.quarter)


# ------------------------------------------------------------------------------------------------ the back-test
def at_a_meeting(of, day):
    """The same quarter, met about on another day."""
    other = QuarterReport(str(of.quarter), project=of.project)
    parameters = of.parameters.model_copy(update={"meeting_date": day})
    other.office = replace(other.office, parameters=parameters)
    return other


@pytest.mark.parametrize(
    ("day", "years"),
    [
        (date(2015, 9, 16), []),
        (date(2016, 7, 31), []),  # the year to March 2016 is published in July
        (date(2016, 8, 1), ["2015/16", "2015/16"]),
        (date(2019, 9, 1), ["2015/16", "2016/17", "2017/18", "2018/19"] * 2),
    ],
)
def test_the_public_page_shows_no_share_of_a_year_that_had_not_ended(quarter_report, day, years):
    found = backtest_summary.coverage_known(at_a_meeting(quarter_report, day))
    if not years:
        assert isinstance(found, Text) and "%" not in found.markdown
    else:
        assert sorted(found.column("Year")) == sorted(years)


def test_reviewers_see_the_whole_back_test(quarter_report):
    blocks = list(backtest_summary.backtest(quarter_report))
    outcome, shock, chosen = of_kind(blocks, Callout)
    assert outcome.title == "The method passes" and "Asked for: " in outcome.text
    assert shock.title == "2020/21 as forecast up to 2019Q4" and shock.kind == "warning"
    assert "every year to 2022/23 in sight" in chosen.text
    before, years, offences = tables(blocks)
    assert before.column("Origins") == ["to 2018Q4", "2019", "2020", "2021 to 2022"] * 2
    assert [year for year in years.column("Year") if "shock" in year] == ["2020/21 (shock)"]
    assert offences.column("Offence")[0] == "All offences together" and len(offences.rows) == 1 + 8
    assert backtest_summary.later(quarter_report).text.count("were recorded in 2016/17") == 3


def test_a_method_that_does_not_pass_says_where():
    rows = [
        {"method": "present", "horizon": "next_year", "series": series, "year": 2015, "is_shock": False}
        | {"n": 400, "totals": 100, "coverage_95": share, "coverage_80": share}
        for series, share in (("all", 0.5), ("robbery", 0.6), ("shoplifting", 0.9))
    ]
    outcome = backtest_summary.backtest_outcome(pd.DataFrame(rows))
    assert (outcome.kind, outcome.title) == ("warning", "The method does not pass")
    found = "next year 2015/16 50.0%; next year all 50.0%; next year robbery 60.0%."
    assert outcome.text.endswith(f"Found outside: {found}")


def test_the_public_page_says_in_one_text_what_projections_rest_on(quarter_report):
    heading, text = backtest_summary.blocks(quarter_report)
    assert heading.anchor == "methods-projections"
    assert text.markdown.startswith("The intervals were learned from the [counts of")
    assert text.markdown.endswith("by the meeting no year that was projected had ended.")


# ---------------------------------------------------------------------------------------------- assumptions
def test_assumptions_stand_with_where_they_are_used_and_who_answers_for_them(quarter_report):
    table = assumptions.assumptions_table(quarter_report)
    assert all(cell for row in table.rows for cell in row.values())
    material = row_of(table, assumptions.ASSUMPTION, "A projected change counts")
    assert "SP14B.offences" in material[assumptions.USED] and "plan" in material[assumptions.OWNER]
    answers = row_of(table, assumptions.ASSUMPTION, "Responses behind a survey figure: shown from 100 on.")
    assert answers[assumptions.OWNER] == "The office's own rule"
    assert "File drug_treatment.csv" not in table.column(assumptions.USED)  # of what may not be shown nothing is said
    assert any(used == "File recorded_crime.csv" for used in table.column(assumptions.USED))
