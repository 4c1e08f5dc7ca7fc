"""A number that the supplier withheld or did not give: never a nought, a partial sum or an earlier position."""

import re
from dataclasses import replace
from math import nan

import pandas as pd
import pytest

from panelpack.config.configuration import Configuration
from panelpack.disclosure.grains import in_grain
from panelpack.disclosure.points import GAP_COLUMNS, extract
from panelpack.disclosure.publication import prepare_series
from panelpack.indicators.comparisons import compare_together
from panelpack.indicators.compute import compute_every
from panelpack.indicators.missing import missing_points
from panelpack.indicators.quarter_data import read_prepared, save_series
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.rehearsal import find_failures
from panelpack.intake.restated import find_restated
from panelpack.intake.tables import corrected
from panelpack.intake.typed import typed
from panelpack.pages import control_charts, dashboard, glance, next_steps, priority, projections, series_data, working
from panelpack.rendering.charts import Chart
from panelpack.rendering.inline import Line
from panelpack.rendering.prose import Folded, Text
from panelpack.rendering.table import Table
from planting import cells, in_words, lay_out, plant, without_revisions
from running import QUARTER, by_turns


@pytest.fixture
def with_gaps(project_copy, quarter):
    """Return a function that plants gaps in a table, and gives the results as later notebooks compute them."""

    def compute(table, *changes):
        without_revisions(project_copy)
        lay_out(project_copy, table)
        for change in changes:
            plant(project_copy, f"{table}.csv", change)
        office = Configuration.read(project_copy, quarter)
        assert find_failures(office) == []
        save_series(office, prepare_series(office))
        return {result.indicator: result for result in compute_every(read_prepared(office))}

    return compute


@pytest.mark.parametrize(
    ("table", "change", "figure", "reason", "point"),
    by_turns([
        ("night_time_economy", cells("incidents", "*", month="2015-05"), "SP03.night_time_economy", "suppressed",
         "May 2015"),
        ("night_time_economy", cells("incidents", "*"), "SP03.night_time_economy", "suppressed", "April 2015"),
        ("night_time_economy", cells("incidents", ".."), "SP03.night_time_economy", "awaited", "April 2015"),
        ("recorded_crime", cells("offences", "*"), "SP11.offences", "suppressed", "July 2014"),
        ("recorded_crime", cells("offences", "*", month="2015-06", offence="all_crime"), "SP11.offences", "suppressed",
         "June 2015"),
        ("recorded_crime", cells("offences", "..", month="2013-08", offence="all_crime"), "SP11.offences", "awaited",
         "August 2013"),
        ("victim_survey", cells("respondents", "..", month="2015-05"), "SP07.satisfaction", "awaited", "May 2015"),
        ("victim_survey", cells("satisfied", "*", month="2015-04"), "SP07.satisfaction", "suppressed", "April 2015"),
        ("reoffending_cohorts", cells("offences", "*", quarter="2014Q4"), "SP02.offending_18_24", "suppressed",
         "Quarter 4 2014/15"),
        ("missing_reports", cells("reports", "*", month="2014-11", location="KL3"), "SP17.key_locations", "suppressed",
         "November 2014"),
    ]),
)  # fmt: skip
def test_a_total_that_lacks_a_number_is_not_there_and_says_whose(with_gaps, table, change, figure, reason, point):
    found = with_gaps(table, change)[figure]
    assert (found.latest, found.change, found.reason, found.projected) == (None, None, reason, None)
    assert found.latest_shorthand == {"suppressed": "[c]", "awaited": "[x]"}[reason]
    assert found.evidence.startswith("The supplier ") and f" {point}." in found.evidence


def test_a_projection_waits_for_a_number_inside_and_others_are_made(with_gaps, results):
    found = with_gaps("recorded_crime", cells("offences", "*", month="2013-08", offence="all_crime"))
    assert found["SP11.offences"].evidence.endswith("A projection needs every number from the first.")
    assert found["SP14A.offences"].projected == results["SP14A.offences"].projected


def test_a_number_that_no_figure_compares_changes_none(with_gaps, results):
    found = with_gaps("missing_reports", cells("reports", "*", month="2014-11", location="KL3"))
    for figure in ("SP17.missing_storm", "SP17.missing_compact"):
        assert (found[figure].latest, found[figure].verdict) == (results[figure].latest, results[figure].verdict)


def test_an_earlier_position_is_not_shown_as_the_latest(with_gaps):
    lines = "required,30.0,2015-06-30\nrealised,*,2015-06-30\nidentified,1.5,2015-06-30\nto_find,2.0,2015-06-30\n"
    found = with_gaps("savings", lambda text: text + lines)
    assert found["SP18.required"].latest == 30.0
    for figure in ("SP18.realised", "SP18.found", "SP18.savings"):
        assert found[figure].latest is None
        assert found[figure].notes_of("gap") == ["The supplier withheld the number of 30 June 2015."]


def test_an_earlier_position_counts_where_a_still_earlier_one_lacks_a_number(with_gaps, results):
    found = with_gaps("savings", lambda text: f"{text}realised,*,2014-09-30\n")
    assert found["SP18.realised"].latest == results["SP18.realised"].latest


def test_a_measure_says_whose_number_is_lacking(with_gaps, office):
    found = with_gaps("recorded_crime", cells("offences", "*", month="2014-05", offence="robbery"))
    robbery = found["SP11.robbery"]
    assert robbery.latest is not None and robbery.baseline is None
    assert (robbery.baseline_shorthand, robbery.latest_shorthand) == ("[c]", "")
    assert robbery.notes_of("gap") == ["The supplier withheld the number of May 2014."]
    assert robbery.note == "The supplier withheld the number of May 2014."


@pytest.mark.parametrize(
    ("table", "columns", "boxes"),
    [
        ("recorded_crime", ["offences"], ["SP11", "SP14A", "SP14B", "SP07"]),
        ("victim_survey", ["respondents", "satisfied"], ["SP07", "SP14A"]),
        ("savings", ["gbp_million"], ["SP18"]),
        ("missing_reports", ["reports"], ["SP17"]),
        ("reoffending_cohorts", ["offences"], ["SP02", "SP03"]),
    ],
)
def test_every_page_is_made_of_a_series_without_a_single_number(with_gaps, project_copy, table, columns, boxes):
    in_words(project_copy)
    with_gaps(table, *(cells(column, "*") for column in columns))
    report = QuarterReport(QUARTER, project=project_copy)
    office = report.office
    report.save_restated(find_restated(office))
    report.save_comparisons(compare_together(report.data))
    for name in boxes:
        box = report.plan.priority(name)
        blocks = [
            working.series_read(report, box),
            working.periods_compared(report, box),
            working.evidence_weighed(report, box),
            *priority.result(report, box),
            *priority.figures(report, box),
            *next_steps.blocks(report, box),
            *series_data.blocks(report, box),
            *control_charts.blocks(report, box),
            *projections.blocks(report, box),
        ]
        made = [block.html() for block in blocks if isinstance(block, (Table, Text, Line, Folded))]
        assert not re.search(r"\bnan\b", " ".join(made)) and "none" in made[0]
    shown = [block.html() for block in (*glance.blocks(report), *dashboard.blocks(report))]
    assert not re.search(r"\bnan\b|\bNone\b", " ".join(shown))


# ------------------------------------------------------------------------------------------------ quarters
def test_a_quarter_that_lacks_a_month_is_no_quarter(office):
    spec = office.plan.series["night_time_economy"].model_copy(update={"by": "quarter"})
    plan = office.plan.model_copy(update={"series": office.plan.series | {"night_time_economy": spec}})
    frame = typed(corrected(office, "night_time_economy"))
    points = extract(frame.iloc[1:], "night_time_economy", replace(office, plan=plan)).set_index("period")["value"]
    assert "2013Q4" not in points.index
    assert points["2014Q1"] == frame.set_index("month")["incidents"]["2014-04":"2014-06"].sum()


def test_a_percentage_of_a_quarter_has_all_of_its_months(data, exact_data):
    points = exact_data.points["satisfaction_hate_crime"]
    assert data.grain("satisfaction_hate_crime") == "quarter"
    whole = set(in_grain(points, "month", "quarter")["period"])
    lacking = points[points["period"] != "2014-05"]
    assert whole - set(in_grain(lacking, "month", "quarter")["period"]) == {"2014Q1"}


# ------------------------------------------------------------------------------------------------ shorthand
def test_points_that_a_chart_lacks_have_the_sign_of_what_the_data_tell(data):
    """A gap is told by its meaning; answers that are there are too few; a month that is not there was not supplied."""
    name = "offences"
    periods = ["2014-07", "2014-08", "2014-09", "2014-10", "2014-11", "2014-12"]
    base = [40.0, 12.0, 40.0, 0.0, 40.0, 40.0]
    there = pd.DataFrame({"period": periods, "value": 5.0, "base": base}).drop(4)
    gaps = [(name, "2014-06", "suppressed"), (name, "2015-01", "confidential"), (name, "2014-12", "missing"),
            (name, "2015-07", "missing"), ("another", "2014-09", "missing")]  # fmt: skip
    made = replace(data, points={name: there}, gaps=pd.DataFrame(gaps, columns=GAP_COLUMNS))
    drawn = pd.DataFrame({"period": periods, "value": [1.0, nan, 1.0, nan, nan, 1.0]})
    assert missing_points(made, name, drawn) == {
        "2014-06": "[c]", "2014-08": "[c]", "2014-10": "[z]", "2014-11": "[x]", "2015-01": "[c]"}  # fmt: skip
    assert missing_points(made, name, drawn.assign(value=nan)) == {
        "2014-06": "[c]", "2014-12": "[x]", "2015-01": "[c]"}  # fmt: skip


def test_a_month_without_a_number_has_its_sign_in_chart_and_table(with_gaps, project_copy):
    planted = (cells("incidents", mark, month=month) for month, mark in (("2014-05", "*"), ("2014-06", "..")))
    with_gaps("night_time_economy", *planted)
    report = QuarterReport(QUARTER, project=project_copy)
    report.save_restated(find_restated(report.office))
    (box,) = [box for box in report.plan.priorities if "night_time_economy" in box.series]
    blocks = list(control_charts.blocks(report, box))
    title = report.plan.series["night_time_economy"].title
    chart = next(block for block in blocks if isinstance(block, Chart) and block.subtitle.startswith(title))
    assert "Not shown: 1 point (confidential: May 2014) and 1 point (not available: Jun 2014)." in chart.caption
    table = blocks[blocks.index(chart) + 1]
    (year,) = [row for row in table.rows if row["Year"] == "2014/15"]
    assert (year["May"], year["Jun"], year["Total"]) == ("[c]", "[x]", "[c]")
    assert table.shorthand.startswith("[c]") and table.shorthand.endswith("[x] not available: no number was supplied.")


# ------------------------------------------------------------------------------------------------ restated
def test_a_figure_that_is_withheld_now_is_not_shown_as_it_was(project_copy, quarter):
    without_revisions(project_copy)
    lay_out(project_copy, "recorded_crime")
    plant(project_copy, "recorded_crime.csv", cells("offences", "*", month="2013-09", offence="robbery"))
    plant(project_copy, "recorded_crime.csv", cells("offences", "4", month="2013-09", offence="robbery"), "2014Q4")
    plant(project_copy, "recorded_crime.csv", cells("offences", "..", month="2013-10", offence="robbery"))
    changes = find_restated(Configuration.read(project_copy, quarter))
    robbery = changes[changes["key"].str.endswith("offence robbery")].set_index("period")
    assert tuple(robbery.loc["2013-09", ["old", "new"]]) == ("[c]", "[c]")
    assert robbery.loc["2013-10", "new"] == "[x]" and robbery.loc["2013-10", "old"].isdigit()


def test_restated_figures_of_a_table_withheld_since_do_not_linger(project_copy):
    report = QuarterReport(QUARTER, project=project_copy)
    left = report.folder / "revisions" / "drug_treatment.csv"
    left.parent.mkdir(parents=True)
    left.write_text("table\n", encoding="utf-8")
    report.save_restated(find_restated(report.office))
    assert not left.exists() and (left.parent / "recorded_crime.csv").exists()
