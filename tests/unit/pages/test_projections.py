"""The projections of a priority's own page: the fan, its figures, its note, and what was recorded later."""

from dataclasses import replace
from math import ceil, floor
from types import SimpleNamespace

import pytest

from page_blocks import of_kind, tables, words_of
from panelpack.formats import number, percent, percent_change
from panelpack.indicators.chart_titles import LONGEST_ALT, MOST_WORDS
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import projections
from panelpack.rendering.charts import Chart
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table
from panelpack.rules.verdict import VERDICT_WORDS
from panelpack.statistics.past_errors import Learned
from picture_checking import check_pictures, texts_of


@pytest.fixture
def shown(quarter_report, projected):
    """What reviewers see of the projections of each box that has any."""
    return {box.id: list(projections.blocks(quarter_report, box)) for box, *_ in projected}


def note_of(blocks):
    (note,) = of_kind(blocks, Text)
    return note.markdown


def with_data(of, **changed):
    other = QuarterReport(str(of.quarter), project=of.project)
    other.data = replace(of.data, **changed)
    return other


def test_a_projection_has_its_heading_fan_figures_and_note_in_this_order(shown, projected):
    assert len(projected) == len(shown) == 3
    for blocks in shown.values():
        assert [type(block) for block in blocks] == [Heading, Chart, Table, Text]


def test_a_box_without_a_projection_has_none_of_it(quarter_report, shown):
    others = [box for box in quarter_report.plan.priorities if box.id not in shown]
    assert len(others) == 8
    for box in others:
        assert list(projections.blocks(quarter_report, box)) == list(projections.charts(quarter_report, box)) == []


def test_a_fan_is_whole_and_says_its_total_and_range_in_one_sentence(quarter_report, projected):
    for box, spec, result in projected:
        (fan,) = projections.charts(quarter_report, box)
        check_pictures(fan)
        measure, total = quarter_report.plan.series[spec.series].title, number(result.projected)
        moved = result.projected - result.baseline
        share = percent(abs(100 * moved / result.baseline), 0)
        said = f"{total} projected for 2016/17, {'up' if moved > 0 else 'down'} {share} on 2012/13"
        assert fan.title in (f"{measure}: {said}", said) and len(fan.title.split()) <= MOST_WORDS
        ends = f"{number(result.lower_95)} and {number(result.upper_95)}"
        assert fan.alt.endswith(f": {said}; likely between {ends}.") and len(fan.alt) <= LONGEST_ALT
        words = {text.words for text in texts_of(fan.svg)}
        assert {total, number(result.baseline), "19 in 20:", "4 in 5:", f"{number(result.latest)} now"} <= words
        verdict = VERDICT_WORDS[result.verdict].lower()
        assert fan.caption.endswith(f"2012/13 lies inside the wider one: {verdict}, by the rule of this indicator.")


@pytest.mark.parametrize(("baseline", "place"), [(50.0, "outside"), (0.0, "outside"), (100.0, "inside")])
def test_a_verdict_says_where_the_baseline_lies(projected, baseline, place):
    result = replace(projected[0][2], baseline=baseline, projected=100.0, lower_95=60.0, upper_95=140.0)
    assert f"{result.baseline_period} lies {place} the wider one: " in projections.verdict_sentence(result)


def test_the_figures_of_a_fan_are_those_of_the_verdict(shown, projected):
    columns = ["Year", "Projected", "80% prediction interval", "95% prediction interval", "Baseline 2012/13"]
    for box, _, result in projected:
        (table,) = tables(shown[box.id])
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


def test_the_note_names_what_the_interval_was_learned_from_and_what_it_assumes(quarter_report, shown, projected):
    for box, spec, _ in projected:
        learned = quarter_report.data.projection(spec.series, spec.projection_year).learned_from
        said = note_of(shown[box.id])
        assert f"in {learned.forces} other forces, made at {learned.first_origin} to {learned.last_origin}" in said
        assert "nothing was used that had not been published by the meeting" in said
        assert "those of the release of October 2023: as first published they are not at hand" in said
        assert "grows with the time between" not in said
    assert learned.last_origin < str(quarter_report.quarter)


def test_a_year_so_far_ahead_that_none_had_ended_says_so():
    far = Learned(2, 0.02, 4, errors=0, years=0, of_all=88, forces=11, first_origin="2012Q4", last_origin="2012Q4")
    words = projections.learned_words([far])
    assert "in 11 other forces, made at 2012Q4, and wider" in words
    assert words.endswith("the width is that of nearer years, and grows with the time between.")


def test_reviewers_see_what_was_later_recorded(quarter_report, shown, projected):
    recorded = quarter_report.recorded_later.set_index("series")["recorded"]
    for box, spec, result in projected:
        later = projections.later(quarter_report, box)
        assert later.text not in str([words_of(block) for block in shown[box.id]])
        count = recorded[spec.series]
        assert (later.kind, later.title) == ("note", "For reviewers: what was later recorded")
        assert f"{number(count)} were recorded in 2016/17, against {number(result.projected)} projected" in later.text
        assert percent_change(100 * (count / result.projected - 1)) in later.text
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


def test_nothing_of_what_came_later_stands_on_a_page_that_is_published(quarter_report, pages):
    every = [words_of(block) for blocks in pages.values() for block in blocks]
    assert not [words for words in every if "later recorded" in words]
    counts = [number(count) for count in quarter_report.recorded_later["recorded"]]
    assert counts and not [words for words in every for count in counts if f"{count} were recorded" in words]


def test_a_year_that_is_complete_rests_on_no_past_errors(quarter_report, projected):
    spec = projected[0][1]
    complete = replace(quarter_report.data.projection(spec.series, spec.projection_year), learned_from=None)
    ended = SimpleNamespace(data=SimpleNamespace(projection=lambda series, year: complete))
    assert projections.judged_years(ended, [spec]) == []
