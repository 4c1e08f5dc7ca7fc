"""The projections of a priority's own page: the fan, its figures, its note, and what was recorded later."""

from dataclasses import replace
from math import ceil, floor
from types import SimpleNamespace

import pytest

from page_blocks import of_kind, tables
from panelpack.formats import number, percent
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import projections
from panelpack.periods import Quarter
from panelpack.rendering.charts import Chart
from panelpack.rendering.prose import Callout, Heading, Text
from panelpack.rendering.table import Table
from panelpack.rules.verdict import DETERIORATED, NO_CHANGE


def part_of_projection(blocks):
    """The blocks from the heading 'Projection' on, the commentary apart."""
    headings = [block.text if isinstance(block, Heading) else "" for block in blocks]
    return blocks[headings.index("Projection") : -1]


def note_of(blocks):
    (note,) = of_kind(blocks, Text)
    return note.markdown


def with_data(of, **changed):
    other = QuarterReport(str(of.quarter), project=of.project)
    other.data = replace(of.data, **changed)
    return other


def test_a_projection_has_its_heading_fan_figures_note_and_box_in_this_order(pages, projected):
    assert len(projected) == 3
    for box, _, _ in projected:
        kinds = [type(block) for block in part_of_projection(pages[f"page {box.id}"])]
        assert kinds == [Heading, Chart, Table, Text, Callout], box.id


def test_a_box_without_a_projection_has_none_of_it(quarter_report, pages, projected):
    others = [box for box in quarter_report.plan.priorities if box.id not in {box.id for box, _, _ in projected}]
    assert len(others) == 8
    for box in others:
        blocks = pages[f"page {box.id}"]
        assert list(projections.blocks(quarter_report, box)) == []
        assert not [block for block in of_kind(blocks, Heading) if block.text == "Projection"]
        assert not [block for block in of_kind(blocks, Callout) if "later recorded" in block.title]
        assert not any("prediction interval" in block.alt for block in of_kind(blocks, Chart))


def test_a_fan_says_every_year_both_intervals_the_baseline_and_the_verdict(quarter_report, pages, projected):
    places = {NO_CHANGE: ("No change", "inside"), DETERIORATED: ("Deteriorated", "outside")}
    for box, spec, result in projected:
        (fan,) = of_kind(part_of_projection(pages[f"page {box.id}"]), Chart)
        assert fan.alt.startswith(f"{quarter_report.plan.series[spec.series].title}: projection")
        assert "Projected for 2015/16: " in fan.alt
        assert f"Projected for 2016/17: {number(result.projected)}, 80% prediction interval " in fan.alt
        assert f"95% prediction interval {number(result.lower_95)} to {number(result.upper_95)}." in fan.alt
        assert f"The baseline 2012/13 is {number(result.baseline)}." in fan.alt
        word, place = places[result.verdict]
        verdict = f"{word}: the baseline of 2012/13 lies {place} the 95% prediction interval of 2016/17."
        assert fan.alt.endswith(verdict) and fan.caption.endswith(verdict)
    assert {result.verdict for _, _, result in projected} == set(places), "both are met"


def test_the_figures_of_a_fan_are_those_of_the_verdict(pages, projected):
    columns = ["Year", "Projected", "80% prediction interval", "95% prediction interval", "Baseline 2012/13"]
    for box, _, result in projected:
        (table,) = tables(part_of_projection(pages[f"page {box.id}"]))
        assert table.columns == columns
        assert table.column("Year") == ["2015/16", "2016/17"]
        last = table.rows[-1]
        assert last["Projected"] == number(result.projected)
        assert last["95% prediction interval"] == f"{number(result.lower_95)} to {number(result.upper_95)}"
        assert set(table.column("Baseline 2012/13")) == {number(result.baseline)}


def test_the_year_under_way_holds_what_is_counted_and_is_surer_than_the_next(quarter_report, projected):
    for _, spec, _ in projected:
        first, last = projections.projected_years(quarter_report, spec)
        points = quarter_report.data.points[spec.series].set_index("period")["value"]
        assert first.lower_95 >= points.loc[list(quarter_report.quarter.months)].sum()
        assert first.upper_95 - first.lower_95 < last.upper_95 - last.lower_95


def test_rolling_totals_go_from_the_baseline_to_the_latest_twelve_months(quarter_report, projected):
    for _, spec, result in projected:
        totals = projections.rolling_totals(quarter_report, spec)
        assert totals["label"].iloc[[0, -1]].tolist() == ["Mar 2013", "Jun 2015"]
        assert len(totals) == 10
        assert totals["value"].iloc[[0, -1]].tolist() == [result.baseline, result.latest]


def test_a_total_that_lacks_a_month_is_left_out(quarter_report, projected):
    spec = projected[0][1]
    points = quarter_report.data.points
    gap = {**points, spec.series: points[spec.series][points[spec.series]["period"] != "2013-11"]}
    totals = projections.rolling_totals(with_data(quarter_report, points=gap), spec)
    assert totals["label"].tolist() == ["Mar 2013", "Jun 2013", "Sep 2013", "Dec 2014", "Mar 2015", "Jun 2015"]


def test_the_note_names_the_forecasts_that_the_interval_was_learned_from(quarter_report, pages, projected):
    for box, spec, _ in projected:
        row = quarter_report.data.calibration.loc[(spec.series, 1, quarter_report.quarter.number)]
        said = note_of(part_of_projection(pages[f"page {box.id}"]))
        assert f"in {row['forces']:.0f} other forces, made at {row['first_origin']} to {row['last_origin']}" in said
        assert "the intervals were learned from later years" in said
        assert "not to be had at the time" in said
        assert ("go on after 2015Q1" in said) is (row["last_origin"] > str(quarter_report.quarter))


@pytest.mark.parametrize(("last", "later"), [("2013Q1", False), ("2014Q1", True), ("2015Q1", True)])
def test_an_error_is_known_when_the_year_that_was_forecast_is_complete(quarter_report, projected, last, later):
    # A forecast of the next year, made at 2013Q1, was of 2014/15, which ended before 2015Q1 began; one made a year
    # later was of 2015/16, which had not.
    known = quarter_report.data.calibration.assign(first_origin="2010Q1", last_origin=last)
    said = note_of(list(projections.blocks(with_data(quarter_report, calibration=known), projected[0][0])))
    assert f"made at 2010Q1 to {last}" in said
    assert ("learned from later years" in said) is later


def test_reviewers_see_what_was_later_recorded(quarter_report, pages, projected):
    recorded = quarter_report.recorded_later.set_index("series")["recorded"]
    for box, spec, result in projected:
        (later,) = of_kind(part_of_projection(pages[f"page {box.id}"]), Callout)
        count = recorded[spec.series]
        assert (later.kind, later.title) == ("note", "For reviewers: what was later recorded")
        assert f"{number(count)} were recorded in 2016/17, against {number(result.projected)} projected" in later.text
        assert percent(100 * (count / result.projected - 1), 0, plus=True) in later.text
        inside = result.lower_95 <= count <= result.upper_95
        assert ("outside the 95% interval" in later.text) is not inside
        assert "Open Government Licence" in later.text


@pytest.mark.parametrize(
    ("end", "within", "beyond"),
    [
        ("lower_80", "inside the 80% interval", "inside the 95% interval"),
        ("upper_80", "inside the 80% interval", "inside the 95% interval"),
        ("lower_95", "inside the 95% interval", "outside the 95% interval"),
        ("upper_95", "inside the 95% interval", "outside the 95% interval"),
    ],
)
def test_a_later_count_lies_in_the_narrowest_interval_that_holds_it(quarter_report, projected, end, within, beyond):
    spec = projected[0][1]
    value = getattr(quarter_report.data.projection(spec.series, spec.projection_year), end)
    inner, outer = (ceil(value), floor(value)) if end.startswith("lower") else (floor(value), ceil(value))
    assert projections.later_words(quarter_report, spec, inner).endswith(f", {within}.")
    assert projections.later_words(quarter_report, spec, outer).endswith(f", {beyond}.")


@pytest.mark.parametrize("change", [lambda found: found.iloc[:0], lambda found: found.assign(year="2017/18")])
def test_nothing_later_known_of_the_judged_year_is_no_box(quarter_report, projected, change):
    of, spec = quarter_report, projected[0][1]
    assert projections.later_box(of, [spec]) is not None
    changed = SimpleNamespace(recorded_later=change(of.recorded_later), plan=of.plan, data=of.data)
    assert projections.later_box(changed, [spec]) is None


def test_a_year_that_is_complete_rests_on_no_past_errors(quarter_report, projected):
    # In the last quarter of the judged year its total is what was counted: no row of the table stands behind it.
    ended = SimpleNamespace(data=quarter_report.data, quarter=Quarter.parse("2016Q4"))
    assert projections.basis(ended, [spec for _, spec, _ in projected]).empty
