"""The methods page: every rule in its own words, constants, false alarms, and the test of the projection."""

import re

from page_blocks import of_kind, row_of, tables
from panelpack.formats import number, percent
from panelpack.pages import backtest_summary, control_charts, methods
from panelpack.rendering.prose import Callout
from panelpack.rules.rule import RULES
from panelpack.rules.verdict import VERDICT_WORDS, VERDICTS
from panelpack.statistics import spc
from panelpack.statistics.projection import DAMPING


def test_the_rules_count_every_scored_indicator_once(quarter_report):
    table = methods.rules_table(quarter_report)
    counts = quarter_report.headline()
    assert sum(int(cell) for cell in table.column("Indicators")) == counts["scored"]
    for verdict in VERDICTS:
        assert sum(int(cell) for cell in table.column(VERDICT_WORDS[verdict])) == counts[verdict]
    assert table.column("Rule") == [rule.title or "No rule yet" for rule in RULES.values()], "all of them are used"
    assert table.notes == [f"Not assessed, by reason: no metric {counts['no_metric']}, no comparator "
                           f"{counts['no_comparator']}, embargoed {counts['embargoed']}."]  # fmt: skip


def test_every_rule_tells_of_itself(quarter_report):
    text = methods.rule_texts().markdown
    told = [rule for rule in RULES.values() if rule.methods]
    assert len(re.findall(r"^\*\*", text, re.MULTILINE)) == len(told)
    assert text.count("Weakness: ") >= len(told) - 1


def test_constants_are_those_of_the_code_and_of_the_plan(quarter_report):
    rows = methods.significance_constants(quarter_report).rows
    assert {"Constant": "Fewest people asked for a survey figure (from the plan)", "Value": "100"} in rows
    charts, projection = methods.chart_constants(), methods.projection_constants()
    assert row_of(charts, "Constant", "Shift")["Value"] == number(spc.SHIFT_POINTS)
    assert row_of(projection, "Constant", "Share of the last")["Value"] == number(DAMPING, 1)


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
    assert methods.chance_note(quarter_report).text == control_charts.false_alarm_words(quarter_report)


def test_the_intervals_rest_on_a_row_of_past_errors_each(quarter_report, projected):
    table = backtest_summary.learned_table(quarter_report)
    assert table.column("Series") == [quarter_report.plan.series[spec.series].title for _, spec, _ in projected]
    assert set(table.column("Year")) == {"2016/17"}
    row = quarter_report.data.calibration.loc[(projected[0][1].series, 1, 1)]
    assert table.rows[0]["Made at"] == f"{row['first_origin']} to {row['last_origin']}"
    assert "Held out until the choice was made: " in backtest_summary.learned_from(quarter_report).markdown


def test_the_back_test_says_whether_it_passes_and_where_it_fails(quarter_report):
    blocks = list(backtest_summary.backtest(quarter_report))
    outcome, *failures = of_kind(blocks, Callout)
    assert outcome.title.endswith(("passes", "does not pass")) and "Asked for: " in outcome.text
    assert failures and {callout.kind for callout in failures} == {"warning"}
    assert [table.caption.split(",")[0] for table in tables(blocks)[:2]] == [
        "Forces held out",
        "Forces that the choice was made on",
    ]
    assert backtest_summary.later(quarter_report).text.count("were recorded in 2016/17") == 3
