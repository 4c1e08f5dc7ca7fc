"""The working behind the verdicts of a priority, step by step."""

from dataclasses import replace

from page_blocks import row_of
from panelpack.formats import number
from panelpack.pages import working
from panelpack.rendering.prose import Text
from panelpack.rendering.table import Table


def test_series_are_shown_with_the_rows_that_they_pick_and_what_they_cover(quarter_report):
    of, box = quarter_report, quarter_report.plan.priority("SP17")
    table = working.series_read(of, box)
    assert table.column("Series") == [of.plan.series[name].title for name in box.series]
    storm = row_of(table, "Series", "Missing reports on STORM")
    points = of.data.points["missing_storm"]
    assert storm["Rows"] == "system: STORM; category: missing; location: all"
    assert (storm["First"], storm["Last"]) == (points["period"].min(), points["period"].max())
    assert storm["Points"] == number(len(points))
    named = ", ".join(of.parameters.lists["key_locations"])
    assert row_of(table, "Series", "Missing reports from the key")["Rows"].endswith(f"location: {named}")


def test_a_series_without_a_number_says_so(quarter_report, monkeypatch):
    of, box = quarter_report, quarter_report.plan.priority("SP17")
    empty = {**of.data.points, "missing_storm": of.data.points["missing_storm"].head(0)}
    monkeypatch.setitem(vars(of), "data", replace(of.data, points=empty))
    row = row_of(working.series_read(of, box), "Series", "Missing reports on STORM")
    assert (row["First"], row["Last"], row["Points"]) == ("none", "none", "0")


def test_a_withheld_series_says_only_that_it_is(quarter_report):
    table = working.series_read(quarter_report, quarter_report.plan.priority("SP03"))
    row = row_of(table, "Series", "Successful drug and alcohol")
    assert (row["First"], row["Last"], row["Points"]) == ("embargoed", "embargoed", "")


def test_the_periods_compared_have_their_months_and_totals(quarter_report):
    table = working.periods_compared(quarter_report, quarter_report.plan.priority("SP07"))
    row = row_of(table, "Figure", "Satisfaction with service")
    result = quarter_report.result("SP07.satisfaction")
    assert row["Baseline"] == "2012/13 (April 2012 to March 2013)"
    assert row["Latest"] == "12 months to June 2015 (July 2014 to June 2015)"
    assert row["Total"] == f"84.2% of {number(result.baseline_base)}"
    assert row["Latest total"] == f"83.5% of {number(result.latest_base)}"
    assert row["Change"].startswith("−0.8 pts")


def test_the_evidence_has_its_rule_and_interval(quarter_report):
    table = working.evidence_weighed(quarter_report, quarter_report.plan.priority("SP14B"))
    row, result = row_of(table, "Indicator", "Number of offences"), quarter_report.result("SP14B.offences")
    assert row["Rule"] == "Projected year against the baseline" and row["Interval of"] == "projected"
    assert (row["Lower 95%"], row["Upper 95%"]) == (number(result.lower_95), number(result.upper_95))
    assert row["Evidence"] == result.evidence


def test_the_ends_of_the_interval_of_a_change_have_their_sign(quarter_report):
    table = working.evidence_weighed(quarter_report, quarter_report.plan.priority("SP07"))
    row, result = row_of(table, "Indicator", "Satisfaction"), quarter_report.result("SP07.satisfaction")
    assert result.lower_95 < 0 < result.upper_95 and row["Interval of"] == "change"
    assert row["Lower 95%"] == number(result.lower_95, 1) + " pts"
    assert row["Upper 95%"] == f"+{number(result.upper_95, 1)} pts"


def test_the_verdicts_are_those_of_the_results_with_their_notes_by_kind(quarter_report):
    for box in quarter_report.plan.priorities:
        table = working.verdicts_given(quarter_report, box)
        results = [one for one in quarter_report.results_of(box) if not one.measure]
        assert table.column("Verdict given") == [one.verdict_words or "Not scored" for one in results]
        assert table.column("Scored") == ["yes" if one.scored else "no" for one in results]
        for row, one in zip(table.rows, results, strict=True):
            assert [f"{note.kind}: {note.text}" in row["Notes"] for note in one.notes] == [True] * len(one.notes)


def test_a_step_with_nothing_to_show_says_so(quarter_report):
    box = quarter_report.plan.priority("SP15")
    steps = [working.series_read, working.periods_compared, working.evidence_weighed]
    shown = [step(quarter_report, box) for step in steps]
    assert [type(block) for block in shown] == [Text] * 3
    assert all(block.markdown.startswith("No ") for block in shown)
    assert isinstance(working.verdicts_given(quarter_report, box), Table)
