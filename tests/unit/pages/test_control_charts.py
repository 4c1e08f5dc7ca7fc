"""The control charts of a priority's own page, what they say, and the data beside them."""

from dataclasses import replace
from weakref import WeakKeyDictionary

import pandas as pd
import pytest

from page_blocks import of_kind, tables
from panelpack.formats import number
from panelpack.indicators.chart_titles import LONGEST_ALT, MOST_WORDS
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import control_charts
from panelpack.periods import period_words
from panelpack.rendering.charts import Chart
from panelpack.rendering.palette import BETTER, CHANGED, WORSE
from panelpack.rendering.prose import Callout
from panelpack.rendering.table import Table
from picture_checking import check_pictures, marks_of


def with_points(of, name, change):
    """Return the quarter with another series of that name."""
    changed = QuarterReport(str(of.quarter), project=of.project)
    changed.data = replace(of.data, points={**of.data.points, name: change(of.data.points[name])})
    return changed


def said_by_charts(blocks):
    return [table for table in tables(blocks) if table.caption.endswith(": what the control charts say")]


@pytest.fixture(scope="module")
def shown(quarter_report):
    """What reviewers see of the control charts of each box, by its id."""
    of = quarter_report
    return {box.id: list(control_charts.blocks(of, box)) for box in of.plan.priorities}


def charts_with_what_follows(shown):
    """Each control chart with the two blocks after it."""
    for blocks in shown.values():
        for place, block in enumerate(blocks):
            if isinstance(block, Chart):
                yield block, *blocks[place + 1 : place + 3], None


def test_every_control_chart_has_its_data_beside_it(quarter_report, shown):
    beside = [(chart, table) for chart, table, *_ in charts_with_what_follows(shown)]
    boxes = quarter_report.plan.priorities
    drawn = [name for box in boxes for name in control_charts.series_names(quarter_report, box)
             if not control_charts.why_not_charted(quarter_report, name)]  # fmt: skip
    assert len(beside) == len(drawn) > 15
    assert all(isinstance(table, Table) and ": data" in table.caption for _, table in beside)


def test_a_chart_without_its_season_has_both_tables_and_only_the_recorded_one_adds_up(quarter_report, shown):
    adjusted = 0
    for chart, _, following, *_ in charts_with_what_follows(shown):
        without = isinstance(following, Table) and ": without the season" in following.caption
        assert without is ("The season is taken out" in chart.caption)
        if without:
            assert "Total" not in following.columns
            adjusted += 1
    names = control_charts.charts_of_pack(quarter_report)
    assert adjusted >= sum(points["adjusted"].any() for points in names.values()) > 0


def test_values_that_were_restated_are_marked_in_the_data(quarter_report):
    box = quarter_report.plan.priority("SP11")
    marked = [table for table in tables(control_charts.blocks(quarter_report, box)) if "[r] revised" in table.shorthand]
    assert marked
    for table in marked:
        assert sum("[r]" in cell for row in table.rows for cell in row.values()) >= 1


def test_every_box_with_a_chart_says_in_a_table_what_its_charts_say(quarter_report, shown):
    of, said = quarter_report, 0
    for box in of.plan.priorities:
        blocks, names = shown[box.id], control_charts.series_names(of, box)
        drawn = [name for name in names if not control_charts.why_not_charted(of, name)]
        found = said_by_charts(blocks)
        assert len(found) == bool(drawn), box.id
        if drawn:
            assert found[0].caption.startswith(f"Priority {box.number}: ")
            assert found[0].column("Series") == [of.plan.series[name].title for name in drawn]
            reached = [control_charts.chart_points(of, name)["latest"].any() for name in drawn]
            assert [meaning != "" for meaning in found[0].column("Meaning")] == reached
            kinds = [type(block) for block in blocks]
            assert blocks.index(found[0]) < kinds.index(Chart), "above the first chart"
            said += len(found[0].rows)
    assert said > 15


def test_the_words_of_a_chart_are_the_charts_own(quarter_report, shown):
    meanings = {
        "improvement": "better: ",
        "concern": "worse: ",
        "common_cause": "as usual",
    }
    met = set()
    for box in quarter_report.plan.priorities:
        for table in said_by_charts(shown[box.id]):
            rows = {row["Series"]: row for row in table.rows}
            for spec in box.indicators:
                result = quarter_report.result(spec.id)
                row = rows.get(quarter_report.plan.series[spec.series].title) if spec.series else None
                if row is None or not result.level or result.mean is None or result.unit != "count":
                    continue
                last = control_charts.chart_points(quarter_report, spec.series).iloc[-1]
                assert row["Reported quarter"] == f"{result.level[0].upper()}{result.level[1:]}; {result.signal}"
                if not row["Usual range"]:
                    assert row["Average"] == "" and row["Meaning"].startswith("no usual range: ")
                    continue
                assert row["Average"] == number(result.mean, 0) == number(last["mean"])
                assert row["Usual range"] == f"{number(last['lower'])} to {number(last['upper'])}"
                if result.variation:
                    met.add(result.variation)
                    assert row["Meaning"].startswith(meanings[result.variation])
    assert met == set(meanings)


def test_of_a_series_that_ends_before_the_quarter_the_page_says_when(quarter_report, projected):
    box, spec, _ = projected[0]
    of = with_points(quarter_report, spec.series, lambda all_: all_[all_["period"] < quarter_report.quarter.months[0]])
    (table,) = said_by_charts(list(control_charts.blocks(of, box)))
    row = next(row for row in table.rows if row["Series"] == of.plan.series[spec.series].title)
    assert row["Reported quarter"] == "No figures after March 2015"
    assert row["Meaning"] == ""


def test_points_after_the_quarter_change_no_chart(quarter_report, projected):
    name = projected[0][1].series
    later = pd.DataFrame([{"series": name, "period": f"2015-{month:02d}", "value": 9999} for month in (7, 8)])
    longer = with_points(quarter_report, name, lambda points: pd.concat([points, later], ignore_index=True))
    drawn = (control_charts.chart_points(of, name) for of in (longer, quarter_report))
    pd.testing.assert_frame_equal(*drawn)


def test_a_series_of_too_few_points_before_the_quarters_end_is_not_drawn(quarter_report, projected):
    name, periods = projected[0][1].series, ["2015-05", "2015-06", "2015-07", "2015-08"]
    late = with_points(quarter_report, name, lambda points: points.tail(4).assign(period=periods))
    assert control_charts.why_not_charted(late, name) == "too few points"


@pytest.mark.parametrize(("key", "words"), [("2015-06", "Jun 2015"), ("2015Q1", "Q1 2015/16")])
def test_a_period_is_labelled_as_an_axis_shows_it(key, words):
    assert control_charts.label(key) == words


def test_the_pack_says_how_many_signals_chance_would_give(quarter_report):
    charts = control_charts.charts_of_pack(quarter_report).values()
    limited = [points for points in charts if points["lower"].notna().iloc[-1]]
    flagged = sum(points["special_cause"].iloc[-1] != "" for points in limited)
    words = control_charts.false_alarm_words(quarter_report)
    assert words.startswith(f"{flagged} of {len(limited)} charts with a usual range show an unusual latest point, ")
    assert "chance and the ordinary wandering of levels alone would give about " in words


def charted(of):
    """The series of a quarter that have a chart, each with it."""
    return {name: control_charts.chart(of, name) for name in control_charts.charts_of_pack(of)}


def test_every_chart_of_the_quarter_is_whole_and_says_what_it_shows_in_a_short_sentence(quarter_report):
    charts = charted(quarter_report)
    assert len(charts) > 10
    for name, chart in charts.items():
        spec = quarter_report.plan.series[name]
        check_pictures(chart)
        assert 2 <= len(chart.title.split()) <= MOST_WORDS
        assert (
            chart.subtitle.startswith(f"{spec.title}, ")
            and control_charts.place_words(quarter_report) in chart.subtitle
        )
        assert chart.alt.startswith("Line chart of ") and chart.alt.count(". ") == 0 and len(chart.alt) <= LONGEST_ALT
        assert "nan" not in f"{chart.alt} {chart.title} {chart.caption}".lower().split()


def test_a_chart_is_described_by_its_own_points(quarter_report):
    for name, chart in charted(quarter_report).items():
        points = control_charts.chart_points(quarter_report, name)
        last = points[points["recorded"].notna()].iloc[-1]
        newest = f"newest {quarter_report.plan.series[name].form.words(last['recorded'])} in "
        assert newest in chart.alt
        kinds = [mark.fill for mark in marks_of(chart.svg)]
        flagged = points["variation"].isin(["improvement", "concern", "neither"])
        assert sum(kind in (BETTER, WORSE, CHANGED) for kind in kinds) == flagged.sum()


def test_a_level_to_compare_with_is_the_average_of_the_baseline_year(quarter_report):
    of, name = quarter_report, "theft_of_vehicle"
    few = with_points(of, name, lambda points: points.tail(20))
    assert control_charts.chart_points(few, name)["no_limits"].iloc[-1]
    year = of.plan.baseline_year
    assert f">{year} average<" not in control_charts.chart(few, name).svg, "the year is not there"
    whole = with_points(of, name, lambda points: points.head(20))
    assert control_charts.chart_points(whole, name)["no_limits"].iloc[-1]
    assert f">{year} average<" in control_charts.chart(whole, name).svg


def test_a_point_that_is_not_shown_is_said_below_the_chart(quarter_report):
    name = "theft_of_vehicle"
    gap = quarter_report.quarter.months[-2]
    of = with_points(quarter_report, name, lambda points: points[points["period"] != gap])
    chart = control_charts.chart(of, name)
    assert f"Not shown: 1 point (not available: {control_charts.label(gap)})." in chart.caption
    assert "not shown" not in chart.alt.lower()


def test_percentages_that_are_smoothed_are_warned_of(quarter_report):
    box = next(box for box in quarter_report.plan.priorities if "satisfaction_hate_crime" in box.series)

    def smoothed(points):
        base = 400.0
        return points.assign(base=base, value=[base * (0.8 + 0.001 * (place % 3)) for place in range(len(points))])

    of = with_points(quarter_report, "satisfaction_hate_crime", smoothed)
    (warning,) = of_kind(list(control_charts.blocks(of, box)), Callout)
    assert warning.kind == "warning" and "vary 0." in warning.text and "no signal is drawn" in warning.text
    assert of_kind(list(control_charts.blocks(quarter_report, box)), Callout) == []
    points = control_charts.chart_points(of, "satisfaction_hate_crime")
    assert set(points["special_cause"]) == {""}


def test_new_limits_are_shown_with_their_reason(quarter_report):
    charts, plan = charted(quarter_report), quarter_report.plan
    rebased = [name for name in charts if plan.series[name].rebase]
    assert rebased
    for name in rebased:
        for start in plan.series[name].rebase:
            assert f"New usual range from {period_words(start.first)}: {start.reason}" in charts[name].caption


def test_the_quarter_of_a_revised_month_is_marked_where_a_small_survey_is_drawn_by_quarters(
    quarter_report, monkeypatch
):
    box = next(box for box in quarter_report.plan.priorities if "satisfaction_hate_crime" in box.series)
    monkeypatch.setattr(QuarterReport, "revised", lambda *_: {"a row": "2015-03"})
    monkeypatch.setattr(control_charts, "_TABLES", WeakKeyDictionary())  # nothing that was laid out before
    (shown,) = [table for table in tables(control_charts.blocks(quarter_report, box)) if "Q1" in table.columns]
    assert ["[r]" in row["Q4"] for row in shown.rows] == [row["Year"] == "2014/15" for row in shown.rows]
