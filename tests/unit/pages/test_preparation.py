"""The page of the prepare notebook: what each series covers, what was restated, what may not be shown."""

from dataclasses import replace
from unittest import mock

import pandas as pd

from page_blocks import row_of
from panelpack.config.configuration import Configuration
from panelpack.disclosure.points import GAP_COLUMNS
from panelpack.disclosure.publication import PROTECTED_COLUMNS, prepare_series
from panelpack.formats import number
from panelpack.indicators.quarter_data import NO_POINTS
from panelpack.intake.restated import find_restated
from panelpack.pages import preparation
from panelpack.periods import Quarter
from panelpack.rendering.prose import Text
from rich_office import QUARTER, make_rich_office


def test_every_series_that_may_be_shown_has_a_row(office):
    tables = prepare_series(office).points
    table = preparation.prepared_series(office, tables)
    withheld = {name for name, spec in office.plan.series.items() if office.parameters.withheld(spec.table)}
    assert withheld and set(table.column("Series")) == set(office.plan.series) - withheld
    points = tables["recorded_crime"].query("series == 'all_crime'")
    row = row_of(table, "Series", "all_crime")
    assert (row["Table"], row["First"], row["Last"]) == ("recorded_crime", "2012-04", "2015-06")
    assert (row["Points"], row["Sum"]) == (number(len(points)), number(points["value"].sum()))


def test_where_no_series_has_a_number_it_is_said_so(office):
    tables = {name: frame.head(0) for name, frame in prepare_series(office).points.items()}
    assert "gave none" in preparation.prepared_series(office, tables).markdown


def test_restated_figures_are_listed_or_it_is_said_that_there_are_none(office):
    changes = find_restated(office)
    assert len(preparation.restated(changes, office).rows) == len(changes) > 0
    assert preparation.restated(changes.head(0), office).markdown == "Nothing was restated."


def test_a_table_that_cannot_be_compared_is_named_and_an_emptied_folder_is_not_silence(project_copy, quarter):
    office = Configuration.read(project_copy, quarter)
    before = project_copy.raw(quarter.shift(-1))
    (before / "savings.csv").unlink()
    changes = find_restated(office)
    lost = "Not compared, as the quarter before has no such data: "
    assert preparation.restated(changes, office).notes[-1] == f"{lost}savings."
    for path in before.iterdir():
        path.unlink()
    words = preparation.restated(find_restated(office), office).markdown
    assert words.startswith(f"Nothing was restated. {lost}") and "recorded crime" in words
    assert "missing people" not in words and "drug treatment" not in words  # about persons, embargoed


def test_a_withheld_table_has_its_status_and_reason(office, project_copy, quarter):
    (row,) = preparation.withheld_table(office).rows
    reason = office.parameters.availability["drug_treatment"].reason
    assert row == {"Table": "drug_treatment", "Status": "embargoed", "Reason": reason}
    path = project_copy.params(quarter)
    head, _, rest = path.read_text(encoding="utf-8").partition("  drug_treatment:\n")
    path.write_text(head + rest[rest.index("  reoffending_cohorts:") :], encoding="utf-8")
    shown = preparation.withheld_table(Configuration.read(project_copy, quarter))
    assert shown == Text("Every table may be shown.")


def test_what_does_not_add_up_has_no_sum(tmp_path):
    rich = Configuration.read(make_rich_office(tmp_path), Quarter.parse(QUARTER))
    table = preparation.prepared_series(rich, prepare_series(rich).points)
    sums = dict(zip(table.column("Series"), table.column("Sum"), strict=True))
    assert {name for name, words in sums.items() if not words} == {"median", "grade", "harm"}
    assert sums["answered"] == number(sum(4000 + place for place in range(48)))


def test_every_series_has_a_row_of_its_points(office, data):
    rows = drawn_rows(data)
    assert [row.title for row in rows] == [spec.title for spec in office.plan.series.values()]
    by_name = dict(zip(office.plan.series, rows, strict=True))
    assert by_name["all_crime"].points == dict.fromkeys(data.points["all_crime"]["period"], "shown")
    assert set(by_name["satisfaction_theft_of_vehicle"].points) == {"2012/13"}  # too few by month and quarter
    assert by_name["savings_required"].points == {"2014-12-31": "shown"}
    withheld = [name for name, spec in office.plan.series.items() if office.withheld(spec.table)]
    assert withheld and {(*by_name[name].points, by_name[name].note) for name in withheld} == {
        ("nothing is shown: its table is embargoed",)
    }


def test_the_chart_of_points_counts_them_and_shows_no_more_than_the_series(office, data):
    (chart,) = preparation.points_charts(data)
    assert chart.title == "31 of 33 series have points, from April 2012 to June 2015: none is hidden or missing"
    assert "98,765" not in chart.svg


def test_points_that_are_hidden_or_missing_are_told_apart(data):
    gaps = [("robbery", "2013-05", "confidential"), ("robbery", "2013-06", "missing")]
    gaps += [("robbery", "2013-07", "suppressed"), ("robbery", "2013-08", "not_applicable")]
    gaps += [("robbery", "2015-07", "missing"), ("savings_required", "2015-03-31", "missing")]
    gaps += [("savings_required", "2015-09-30", "missing")]
    points = data.points["robbery"]
    lacking = points[~points["period"].isin([period for _, period, _ in gaps] + ["2013-10"])]
    changed = replace(data, points=data.points | {"robbery": lacking}, gaps=pd.DataFrame(gaps, columns=GAP_COLUMNS))
    by_title = {row.title: row.points for row in drawn_rows(changed)}
    found = by_title[data.plan.series["robbery"].title]
    assert {key: state for key, state in found.items() if state != "shown"} == {
        "2013-05": "hidden", "2013-06": "missing", "2013-07": "hidden", "2013-10": "missing"
    }  # fmt: skip
    assert found.keys() == {*points["period"]} - {"2013-08"}  # what does not apply is no point; nor what is to come
    assert by_title[data.plan.series["savings_required"].title] == {"2014-12-31": "shown", "2015-03-31": "missing"}
    assert preparation.points_charts(changed)[0].title.endswith("2 are hidden and 3 missing")


def test_a_series_of_which_no_point_is_shown_says_so(data):
    none = pd.DataFrame([("robbery", "", "small", "2015-06")], columns=PROTECTED_COLUMNS)
    points = data.points | {"robbery": NO_POINTS, "all_crime": NO_POINTS}
    changed = replace(data, points=points, protected=none)
    notes = {row.title: row.note for row in drawn_rows(changed) if not row.points}
    assert notes[data.plan.series["robbery"].title] == "no point is shown, only figures"
    assert notes[data.plan.series["all_crime"].title] == "no point is there"
    nothing = replace(data, points=dict.fromkeys(data.points, NO_POINTS))
    assert preparation.points_charts(nothing) == [Text("No series has a point that is shown.")]


def drawn_rows(data):
    with mock.patch.object(preparation, "coverage_charts", lambda rows: rows):
        return preparation.points_charts(data)
