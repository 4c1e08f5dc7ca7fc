"""What the notebooks show, from the evidence of the quarter: every block of every page."""

import json
import re
from collections import Counter
from dataclasses import replace
from math import ceil, floor
from types import SimpleNamespace

import pandas as pd
import pytest

from panelpack.formats import number, percent
from panelpack.indicators.quarter_data import write_series
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import control_charts, data_quality, validation
from panelpack.pages import dashboard as dashboard_page
from panelpack.pages import projections as priority_projections
from panelpack.pages.preparation import prepare, series_table, withheld_table
from panelpack.pages.priority import (
    commentary_table,
    evidence_table,
    figures_table,
    heading,
    measures_table,
    reconstructed_notice,
)
from panelpack.pages.report import closing_blocks, heading, section_blocks, title_block
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.rendering.charts import Chart
from panelpack.rendering.prose import Callout, Heading, Paragraphs, Text
from panelpack.rendering.table import Table
from panelpack.validation import raw_data
from running import QUARTER, copy_project

# Not to be shown: made unmistakable, so that no other figure can look like them.
EMBARGOED, PERSON = "98765", "P-of-a-person"
SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def rewritten(path, change):
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *map(change, rows)]) + "\n", encoding="utf-8")


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """The quarter in a copy, with embargoed figures that would be recognised anywhere."""
    project, quarter = Project(copy_project(tmp_path_factory.mktemp("pages"))), Quarter.parse(QUARTER)
    path = project.raw(quarter) / "drug_treatment.csv"
    rewritten(path, lambda row: f"{row.split(',')[0]},{EMBARGOED},{EMBARGOED}")
    write_series(project, quarter)
    return QuarterReport(QUARTER, project=project)


def priority_blocks(work, box):
    figures = work.of_box(box)
    blocks = [
        heading(box),
        figures_table(box, figures),
        evidence_table(box, figures),
        measures_table(box, figures),
        control_charts.heading(work, box),
        *control_charts.blocks(work, box),
        *priority_projections.blocks(work, box),
        commentary_table(work, box),
    ]
    return [block for block in blocks if block is not None]


@pytest.fixture(scope="module")
def pages(work):
    """The blocks of each page by name; a box has two, its own page and its part of the dashboard."""
    own = {f"page {box.id}": priority_blocks(work, box) for box in work.plan.priorities}
    boxes = {f"box {box.id}": list(dashboard_page.box_blocks(work, box)) for box in work.plan.priorities}
    dashboard = [
        dashboard_page.heading(work),
        reconstructed_notice(work),
        dashboard_page.headline_table(work),
        dashboard_page.key_table(),
        dashboard_page.flags(work),
        *data_quality.blocks(work),
    ]
    report = [
        heading(work),
        title_block(work),
        *section_blocks(work),
        *closing_blocks(work),
    ]
    return own | boxes | {"dashboard": dashboard, "report": report}


def words_of(block):
    """Everything that a block shows in any of its forms, with its metadata."""
    return json.dumps(block._repr_mimebundle_(), ensure_ascii=False)


def tables(blocks):
    return [block for block in blocks if isinstance(block, Table)]


def of_kind(blocks, *kinds):
    return [block for block in blocks if isinstance(block, kinds)]


def test_nothing_embargoed_is_on_any_page_or_in_the_prepared_tables(work, pages):
    shown = [name for name, blocks in pages.items() for block in blocks if "98,765" in words_of(block)]
    shown += [name for name, blocks in pages.items() for block in blocks if EMBARGOED in words_of(block)]
    assert shown == []
    prepared = "".join(path.read_text(encoding="utf-8") for path in work.folder.rglob("*.csv"))
    assert "reoffending" in prepared and EMBARGOED not in prepared


def withheld_series(work):
    return [(name, spec) for name, spec in work.plan.series.items() if work.params.withheld(spec.table)]


def test_a_withheld_series_has_no_chart_and_the_page_says_why(work, pages):
    titles = [spec.title for _, spec in withheld_series(work)]
    assert len(titles) == 2
    for title in titles:
        blocks = [block for name, page in pages.items() if name.startswith("page") for block in page]
        assert not any(block.alt.startswith(title) for block in of_kind(blocks, Chart))
        told = [block.markdown for block in of_kind(blocks, Text) if block.markdown.startswith(title)]
        assert told == [f"{title}: no chart, the data are embargoed."]


def test_a_withheld_indicator_shows_na_and_its_reason(work, pages):
    box = next(box for box in work.plan.priorities if any(work.figure(f.id).reason == "embargoed" for f in box.figures))
    rows = tables(pages[f"box {box.id}"])[0].rows
    withheld = rows[rows["Verdict"] == "– Not assessed (embargoed)"]
    assert len(withheld) == 2
    assert withheld.iloc[:, 1:3].to_numpy().tolist() == [["NA", "NA"]] * 2
    assert withheld["% var."].tolist() == ["", ""]


def test_a_survey_of_few_has_no_chart_and_no_percentage(work, pages):
    small = [figure for figure in work.indicators() if figure.reason == "small_sample"]
    assert len(small) == 1
    title = work.plan.series[work.plan.figures[small[0].indicator].series].title
    blocks = pages[f"page {small[0].priority}"]
    assert f"{title}: no chart, too few responses." in [block.markdown for block in of_kind(blocks, Text)]
    assert not any(block.alt.startswith(title) for block in of_kind(blocks, Chart))
    rows = tables(pages[f"box {small[0].priority}"])[0].rows
    told = rows[rows["Verdict"] == "– Not assessed (small sample)"]
    assert told.iloc[:, 2].tolist() == ["*"]


def test_no_cell_is_a_number_that_is_none(pages):
    bad = re.compile(r"\b(nan|NaT|inf)\b|\bNone\b(?!\.)")  # "None." is a sentence
    for name, blocks in pages.items():
        for table in tables(blocks):
            for cell in table.rows.to_numpy().ravel():
                assert isinstance(cell, str) and not bad.search(cell), (name, table.caption, cell)
        for figure in of_kind(blocks, Chart):
            assert not bad.search(figure.alt + figure.caption), (name, figure.alt)


def test_every_reference_is_resolved(pages):
    for name, blocks in pages.items():
        assert not [block for block in blocks if "{{" in words_of(block)], name


def test_captions_are_unique_over_all_pages(pages):
    captions = Counter(table.caption for blocks in pages.values() for table in tables(blocks))
    assert {caption: times for caption, times in captions.items() if times > 1} == {}


def test_charts_have_texts_that_are_unique(pages):
    alts = Counter(block.alt for blocks in pages.values() for block in of_kind(blocks, Chart))
    assert len(alts) > 30
    assert {alt: times for alt, times in alts.items() if times > 1} == {}
    assert all(len(alt) > 40 for alt in alts)


def test_every_control_chart_has_its_data_beside_it(work, pages):
    for box in work.plan.priorities:
        blocks = pages[f"page {box.id}"]
        for place, block in enumerate(blocks):
            if isinstance(block, Chart) and "projected" not in block.alt.lower():
                assert isinstance(blocks[place + 1], Table), block.alt
                assert ": data" in blocks[place + 1].caption


def test_anchors_are_unique(pages):
    anchors = Counter(block.anchor for blocks in pages.values() for block in of_kind(blocks, Heading) if block.anchor)
    assert {anchor for anchor, times in anchors.items() if times > 1} == set()


def test_the_boxes_stand_in_the_order_of_the_plan(work, pages):
    headings = [
        block.text for name, blocks in pages.items() if name.startswith("box") for block in of_kind(blocks, Heading)
    ]
    assert headings == [f"{box.number} {box.title}" for box in work.plan.priorities]
    assert [text.split()[0] for text in headings][12:16] == ["13", "14A", "14B", "15"]


def test_footnotes_of_a_box_are_numbered_from_one_and_each_has_its_note(work, pages):
    numbered = 0
    for box in work.plan.priorities:
        for table in tables(pages[f"box {box.id}"]):
            notes = [note.split()[0] for note in table.notes if note[0] in SUPERSCRIPT]
            assert notes == [SUPERSCRIPT[n] for n in range(1, len(notes) + 1)], box.id
            marks = (
                re.findall(f"[{SUPERSCRIPT}]", " ".join(table.rows["Indicator"])) if "Indicator" in table.rows else []
            )
            of_box = {SUPERSCRIPT[n] for n in range(len(notes) - len(box.footnotes) + 1, len(notes) + 1)}
            assert set(marks) | of_box == set(notes), box.id
            assert list(dict.fromkeys(marks)) == sorted(set(marks), key=SUPERSCRIPT.index), "first used in their order"
            numbered += len(notes)
    assert numbered >= 15


def test_every_mark_of_the_boxes_is_in_the_key(work, pages):
    key = " ".join(dashboard_page.key_table().rows["Mark"])
    cells = [
        cell
        for box in work.plan.priorities
        for t in tables(pages[f"box {box.id}"])
        for cell in t.rows.to_numpy().ravel()
    ]
    used = {mark for mark in ("▲", "●", "▼", "–", "‡", "ᵖ", "NA", "*", "pts", "SPC variance")
            if any(re.search(rf"(^|\s){re.escape(mark)}([\s:]|$)", cell) for cell in cells)}  # fmt: skip
    assert used == {"▲", "●", "▼", "–", "‡", "ᵖ", "NA", "*", "pts", "SPC variance"}
    assert all(mark in key for mark in used)


def test_marks_that_a_box_uses_have_a_note_below_it(work, pages):
    for box in work.plan.priorities:
        for table in tables(pages[f"box {box.id}"]):
            titles = " ".join(table.rows.iloc[:, 0])
            starts = {note.split()[0] for note in table.notes}
            assert ("‡" in titles) == ("‡" in starts), box.id
            assert ("ᵖ" in titles) == bool({"p", "ᵖ"} & starts), box.id


def test_a_note_is_marked_as_its_row_is(work, pages):
    provisional = [note for box in work.plan.priorities for t in tables(pages[f"box {box.id}"])
                   for note in t.notes if "Provisional:" in note]  # fmt: skip
    assert provisional
    assert all(note.startswith("ᵖ ") for note in provisional)


def test_the_money_box(work, pages):
    box = next(box for box in work.plan.priorities if any(f.unit == "gbp_million" for f in box.indicators))
    (table,) = tables(pages[f"box {box.id}"])
    assert table.caption.startswith(f"Dashboard, priority {box.number}: position as at ")
    assert table.caption.endswith("December 2014")
    assert table.rows["£ million"].tolist() == ["£27.8m", "£21.7m", "£2.1m", "£23.8m", "£4.0m"]
    assert "before the quarter began" in table.notes[0]


def test_a_box_of_words_has_no_table(work, pages):
    narrative = [box for box in work.plan.priorities if all(f.unit == "narrative" for f in box.indicators)]
    assert len(narrative) == 1
    assert tables(pages[f"box {narrative[0].id}"]) == []


def test_an_assessed_box_shows_only_its_assessments(work, pages):
    assessed = [box for box in work.plan.priorities if all(f.unit == "assessment" for f in box.indicators)]
    assert len(assessed) == 2
    for box in assessed:
        (table,) = tables(pages[f"box {box.id}"])
        assert list(table.rows) == ["Indicator", "Assessment"]
        assert set(table.rows["Assessment"]) == {"● No change"}


@pytest.mark.parametrize(
    ("indicator", "row"),
    [
        ("SP01.first_time_entrants", ["667", "326", "−51%", "▲ Improved"]),
        ("SP07.satisfaction", ["84.2%", "83.5%", "−0.7 pts", "▼ Deteriorated"]),
        ("SP10.confidence", ["75.3%", "85.5%", "+10.2 pts", "▲ Improved"]),
        ("SP05.satisfaction", ["NA", "86.3%", "", "– Not assessed (not comparable)"]),
    ],
)
def test_a_row_of_the_dashboard(work, pages, indicator, row):
    figure = work.figure(indicator)
    rows = tables(pages[f"box {figure.priority}"])[0].rows
    assert rows[rows["Indicator"].str.startswith(figure.title)].iloc[0, 1:].tolist() == row


# ------------------------------------------------------------------------------- projections and control charts


def projections(work):
    """Each box with an indicator that is judged by a projection: the box, the indicator and its figure."""
    judged = [(box, spec, work.figure(spec.id)) for box in work.plan.priorities for spec in box.indicators]
    found = [one for one in judged if one[2].projected is not None]
    assert len(found) == 5
    return found


def part_of_projection(blocks):
    """The blocks from the heading 'Projection' on, the commentary apart."""
    headings = [block.text if isinstance(block, Heading) else "" for block in blocks]
    return blocks[headings.index("Projection") : -1]


def said_by_charts(blocks):
    return [table for table in tables(blocks) if table.caption.endswith(": what the control charts say")]


def test_a_projection_has_its_heading_fan_figures_note_and_box_in_this_order(work, pages):
    for box, _, _ in projections(work):
        kinds = [type(block) for block in part_of_projection(pages[f"page {box.id}"])]
        assert kinds == [Heading, Chart, Table, Text, Callout], box.id


def test_a_box_without_a_projection_has_none_of_it(work, pages):
    projected = {box.id for box, _, _ in projections(work)}
    others = [box for box in work.plan.priorities if box.id not in projected]
    assert len(others) > 10
    for box in others:
        blocks = pages[f"page {box.id}"]
        assert list(priority_projections.blocks(work, box)) == []
        assert not [block for block in of_kind(blocks, Heading) if block.text == "Projection"]
        assert not [block for block in of_kind(blocks, Callout) if "later recorded" in block.title]
        assert not any("prediction interval" in block.alt for block in of_kind(blocks, Chart))


def test_a_fan_says_every_year_both_intervals_the_baseline_and_the_verdict(work, pages):
    places = {"no_change": ("No change", "inside"), "deteriorated": ("Deteriorated", "outside")}
    for box, spec, figure in projections(work):
        (fan,) = of_kind(part_of_projection(pages[f"page {box.id}"]), Chart)
        assert fan.alt.startswith(f"{work.plan.series[spec.series].title}: projection")
        assert "Projected for 2015/16: " in fan.alt
        assert f"Projected for 2016/17: {number(figure.projected)}, 80% prediction interval " in fan.alt
        assert f"95% prediction interval {number(figure.lower_95)} to {number(figure.upper_95)}." in fan.alt
        assert f"The baseline 2012/13 is {number(figure.baseline)}." in fan.alt
        word, place = places[figure.verdict]
        verdict = f"{word}: the baseline of 2012/13 lies {place} the 95% prediction interval of 2016/17."
        assert fan.alt.endswith(verdict) and fan.caption.endswith(verdict)
    assert [figure.verdict for _, _, figure in projections(work)].count("deteriorated") == 1


def test_the_figures_of_a_fan_are_those_of_the_verdict(work, pages):
    columns = ["Year", "Projected", "80% prediction interval", "95% prediction interval", "Baseline 2012/13"]
    for box, _, figure in projections(work):
        (table,) = tables(part_of_projection(pages[f"page {box.id}"]))
        assert list(table.rows) == columns
        assert table.rows["Year"].tolist() == ["2015/16", "2016/17"]
        last = table.rows.iloc[-1]
        assert last["Projected"] == number(figure.projected)
        assert last["95% prediction interval"] == f"{number(figure.lower_95)} to {number(figure.upper_95)}"
        assert set(table.rows["Baseline 2012/13"]) == {number(figure.baseline)}


def test_the_year_under_way_holds_what_is_counted_and_is_surer_than_the_next(work):
    for _, spec, _ in projections(work):
        first, last = priority_projections.projected_years(work, spec)
        points = work.evidence.points[spec.series].set_index("period")["value"]
        assert first.lower_95 >= points.loc[list(work.quarter.months)].sum()
        assert first.upper_95 - first.lower_95 < last.upper_95 - last.lower_95


def test_rolling_totals_go_from_the_baseline_to_the_latest_twelve_months(work):
    for _, spec, figure in projections(work):
        totals = priority_projections.rolling_totals(work, spec)
        assert totals["label"].iloc[[0, -1]].tolist() == ["Mar 2013", "Jun 2015"]
        assert len(totals) == 10
        assert totals["value"].iloc[[0, -1]].tolist() == [figure.baseline, figure.latest]


def learned_note(blocks):
    (note,) = of_kind(blocks, Text)
    return note.markdown


def test_intervals_learned_from_later_years_say_so(work, pages):
    for box, spec, _ in projections(work):
        said = learned_note(part_of_projection(pages[f"page {box.id}"]))
        row = work.evidence.calibration.loc[(spec.series, 1, work.quarter.number)]
        assert f"in 6 other forces, made at {row['first_origin']} to {row['last_origin']}" in said
        assert "the intervals were learned from later years" in said
        assert "not to be had at the time" in said


def test_forecasts_made_up_to_the_reported_quarter_do_not_go_on_after_it(work, pages):
    for box, spec, _ in projections(work):
        last = work.evidence.calibration.loc[(spec.series, 1, work.quarter.number), "last_origin"]
        said = learned_note(part_of_projection(pages[f"page {box.id}"]))
        assert ("go on after 2015Q1" in said) is (last > str(work.quarter)), spec.series


@pytest.mark.parametrize(("last", "later"), [("2013Q1", False), ("2014Q1", True), ("2015Q1", True)])
def test_an_error_is_known_when_the_year_that_was_forecast_is_complete(work, last, later):
    # A forecast of the next year, made at 2013Q1, was of 2014/15, which ended before 2015Q1 began; one made a year
    # later was of 2015/16, which had not.
    known = QuarterReport(QUARTER, project=work.project)
    known.evidence = replace(
        work.evidence, calibration=work.evidence.calibration.assign(first_origin="2010Q1", last_origin=last)
    )
    said = learned_note(list(priority_projections.blocks(known, projections(work)[0][0])))
    assert f"made at 2010Q1 to {last}" in said
    assert ("learned from later years" in said) is later


def test_reviewers_see_what_was_later_recorded(work, pages):
    recorded = work.later.set_index("series")["recorded"]
    for box, spec, figure in projections(work):
        (later,) = of_kind(part_of_projection(pages[f"page {box.id}"]), Callout)
        count = recorded[spec.series]
        assert (later.kind, later.title) == ("note", "For reviewers: what was later recorded")
        assert f"{number(count)} were recorded in 2016/17, against {number(figure.projected)} projected" in later.text
        assert percent(100 * (count / figure.projected - 1), 0, plus=True) in later.text
        inside = figure.lower_95 <= count <= figure.upper_95
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
def test_a_later_count_lies_in_the_narrowest_interval_that_holds_it(work, end, within, beyond):
    _, spec, _ = projections(work)[0]
    value = getattr(work.evidence.projection(spec.series, spec.projection_year), end)
    inner, outer = (ceil(value), floor(value)) if end.startswith("lower") else (floor(value), ceil(value))
    assert priority_projections.later_words(work, spec, inner).endswith(f", {within}.")
    assert priority_projections.later_words(work, spec, outer).endswith(f", {beyond}.")


@pytest.mark.parametrize("later", [lambda found: found.iloc[:0], lambda found: found.assign(year="2017/18")])
def test_nothing_later_known_of_the_judged_year_is_no_box(work, later):
    _, spec, _ = projections(work)[0]
    changed = SimpleNamespace(later=later(work.later), plan=work.plan, evidence=work.evidence)
    assert priority_projections.later_box(work, [spec]) is not None
    assert priority_projections.later_box(changed, [spec]) is None


def test_a_year_that_is_complete_rests_on_no_past_errors(work):
    # In the last quarter of the judged year its total is what was counted: no row of the table stands behind it.
    ended = SimpleNamespace(evidence=work.evidence, quarter=Quarter.parse("2016Q4"))
    assert priority_projections.basis(ended, [spec for _, spec, _ in projections(work)]).empty


def test_every_box_with_a_chart_says_in_a_table_what_its_charts_say(work, pages):
    said = 0
    for box in work.plan.priorities:
        blocks, names = pages[f"page {box.id}"], control_charts.series_names(work, box)
        drawn = [name for name in names if not control_charts.why_not_charted(work, name)]
        found = said_by_charts(blocks)
        assert len(found) == bool(drawn), box.id
        if drawn:
            rows = found[0].rows
            assert found[0].caption.startswith(f"Priority {box.number}: ")
            assert rows["Series"].tolist() == [work.plan.series[name].title for name in drawn]
            reached = [control_charts.chart_points(work, name)["latest"].any() for name in drawn]
            assert (rows["Meaning"] != "").tolist() == reached
            kinds = [type(block) for block in blocks]
            (place,) = [place for place, block in enumerate(blocks) if block is found[0]]
            assert place < kinds.index(Chart), "above the first chart"
            said += len(rows)
    assert said > 25


def test_the_words_of_a_chart_are_the_charts_own(work, pages):
    meanings = {
        "improvement": "special cause, improving: ",
        "concern": "special cause, concerning: ",
        "common_cause": "common cause: no significant change",
    }
    for box, spec, figure in projections(work):
        (table,) = said_by_charts(pages[f"page {box.id}"])
        row = table.rows[table.rows["Series"] == work.plan.series[spec.series].title].iloc[0]
        last = control_charts.chart_points(work, spec.series).iloc[-1]
        assert row["Mean expected level"] == number(figure.mean) == number(last["mean"])
        assert row["Limits"] == f"{number(last['lower'])} to {number(last['upper'])}"
        assert row["Reported quarter"] == f"{figure.level[0].upper()}{figure.level[1:]}; {figure.signal}"
        assert row["Meaning"].startswith(meanings[figure.variation])
    assert {figure.variation for _, _, figure in projections(work)} == set(meanings)


def with_points(work, name, change):
    """Return the quarter with another series of that name."""
    changed = QuarterReport(QUARTER, project=work.project)
    changed.evidence = replace(work.evidence, points={**work.evidence.points, name: change(work.evidence.points[name])})
    return changed


def test_of_a_series_that_ends_before_the_quarter_the_page_says_when(work):
    box, spec, _ = projections(work)[0]
    ended = with_points(work, spec.series, lambda points: points[points["period"] < work.quarter.months[0]])
    (table,) = said_by_charts(list(control_charts.blocks(ended, box)))
    row = table.rows[table.rows["Series"] == work.plan.series[spec.series].title].iloc[0]
    assert row["Reported quarter"] == "The series has no points in it: it ends with March 2015"
    assert row["Meaning"] == ""


def test_points_after_the_quarter_change_no_chart_and_no_total(work):
    _, spec, _ = projections(work)[0]
    later = [{"series": spec.series, "period": f"2015-{month:02d}", "value": 9999} for month in (7, 8)]
    longer = with_points(work, spec.series, lambda points: pd.concat([points, pd.DataFrame(later)], ignore_index=True))
    for told in (control_charts.chart_points, lambda of, name: priority_projections.rolling_totals(of, spec)):
        pd.testing.assert_frame_equal(told(longer, spec.series), told(work, spec.series))


def test_a_series_of_too_few_points_before_the_quarters_end_is_not_drawn(work):
    _, spec, _ = projections(work)[0]
    late = with_points(work, spec.series, lambda points: points.tail(4).assign(
        period=["2015-05", "2015-06", "2015-07", "2015-08"]))  # fmt: skip
    assert control_charts.why_not_charted(late, spec.series) == "too few points"


def test_a_total_that_lacks_a_month_is_left_out(work):
    _, spec, _ = projections(work)[0]
    gap = with_points(work, spec.series, lambda points: points[points["period"] != "2013-11"])
    totals = priority_projections.rolling_totals(gap, spec)
    assert totals["label"].tolist() == ["Mar 2013", "Jun 2013", "Sep 2013", "Dec 2014", "Mar 2015", "Jun 2015"]


def test_a_chart_without_its_season_has_both_tables_and_only_the_recorded_one_adds_up(work, pages):
    adjusted = 0
    for box in work.plan.priorities:
        blocks = pages[f"page {box.id}"]
        for place, block in enumerate(blocks):
            if not isinstance(block, Chart) or "prediction interval" in block.alt:
                continue
            recorded, following = blocks[place + 1 : place + 3]
            without = isinstance(following, Table) and ": without the season" in following.caption
            assert ": data" in recorded.caption
            assert without is ("without their season" in block.alt)
            assert without is block.caption.endswith("with the season taken out")
            if without:
                assert "Total" not in following.rows
                adjusted += 1
    assert adjusted > 3


def test_a_projected_row_is_followed_by_its_control_chart(work, pages):
    projected = [figure for figure in work.indicators() if figure.projected is not None]
    assert len(projected) == 5
    for figure in projected:
        rows = tables(pages[f"box {figure.priority}"])[0].rows
        assert "Projection 2016/17 (95% interval)" in rows
        assert rows["Indicator"].iloc[1].startswith("SPC variance")
        assert figure.signal and figure.signal in " ".join(rows.iloc[1])


def test_the_headline_is_the_printed_one(work):
    table = dashboard_page.headline_table(work)
    assert table.rows.to_numpy().tolist() == [
        ["▲ Improved", "9", "22.5%"],
        ["● No change", "10", "25%"],
        ["– Not assessed", "15", "37.5%"],
        ["No change and not assessed together", "25", "62.5%"],
        ["▼ Deteriorated", "6", "15%"],
        ["All scored indicators", "40", "100%"],
    ]


def test_the_report_has_its_sections_in_order_and_paragraphs_one_to_eighty(work, pages):
    headings = [block.text for block in of_kind(pages["report"], Heading)]
    priorities = [text for text in headings if text.startswith("Strategic Priority ")]
    assert priorities == [f"Strategic Priority {u.number} – {u.title}" for u in work.plan.updates]
    assert headings[-4:] == ["Implications", "List of appendices", "Background papers", "Persons to contact"]
    numbers = [number for block in of_kind(pages["report"], Paragraphs) for number, _, _ in block.items]
    assert numbers == [str(number) for number in range(1, 81)]


def test_the_report_names_the_weekday_that_the_date_has(work):
    assert dict(title_block(work).items)["Date"] == "Wednesday 16 September 2015"


def test_the_commentary_of_a_page_is_that_of_the_report(work, pages):
    of_report = {n: text for block in of_kind(pages["report"], Paragraphs) for n, _, text in block.items}
    for box in work.plan.priorities:
        rows = pages[f"page {box.id}"][-1].rows
        assert rows["Para."].tolist() == [str(p.number) for p in work.commentary.of_update(box.update)]
        assert set(rows["Para."]) <= set(of_report)


def test_reconstructed_detail_is_said(work):
    notice = reconstructed_notice(work)
    assert isinstance(notice, Callout) and notice.kind == "reconstructed"
    received = SimpleNamespace(evidence=SimpleNamespace(reconstructed=False))
    assert reconstructed_notice(received) is None


def test_the_reconciliation_finds_every_printed_figure_equal(pages):
    (table,) = (t for t in tables(pages["dashboard"]) if t.caption.startswith("Each printed figure"))
    assert set(table.rows["Equal"]) == {"equal"}
    assert len(table.rows) > 80


def test_the_prepare_page(work, monkeypatch):
    monkeypatch.chdir(work.project.notebooks)
    shown = series_table(prepare(QUARTER)).rows
    withheld = {name for name, _ in withheld_series(work)}
    assert set(shown["Series"]) == set(work.plan.series) - withheld
    row = shown.set_index("Series").loc["all_crime"]
    assert (row["Table"], row["Last"]) == ("recorded_crime", "2015-06")
    told = withheld_table(QUARTER).rows
    assert told[["Table", "Status"]].to_numpy().tolist() == [["drug_treatment", "embargoed"]]


@pytest.fixture(scope="module")
def checked(work, tmp_path_factory):
    """The raw data of a copy with a mistake in a withheld table, in one about persons, and in an open one."""
    project = Project(copy_project(tmp_path_factory.mktemp("broken")))
    raw = project.raw(work.quarter)
    rewritten(raw / "drug_treatment.csv", lambda row: f"{row.split(',')[0]},-{EMBARGOED},-{EMBARGOED}")
    rewritten(raw / "missing_people.csv", lambda row: f"R001,2015-13,{PERSON}")
    path = raw / "savings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("21.7", "open-value"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.root)
        yield raw_data.run(QUARTER)


def test_violations_quote_nothing_of_withheld_tables(checked):
    shown = validation.violations(checked).markdown
    assert "drug_treatment.csv, row 2" in shown and "missing_people.csv, row 2" in shown
    assert EMBARGOED not in shown and PERSON not in shown and "R001" not in shown and "2015-13" not in shown
    assert "a withheld value" in shown
    assert "'open-value'" in shown


def test_nothing_withheld_is_in_any_block_of_the_validation_page(checked):
    blocks = [
        validation.outcome(checked),
        validation.sources_table(checked),
        validation.checks_table(checked),
    ]
    for block in [*blocks, validation.violations(checked)]:
        assert not re.search(f"{EMBARGOED}|{PERSON}", words_of(block))
    validation.write(checked)
    written = (checked.project.processed(checked.quarter) / "checks.csv").read_text(encoding="utf-8")
    assert EMBARGOED not in written and PERSON not in written


def test_the_outcome_is_a_warning_and_says_that_nothing_is_published(checked):
    outcome = validation.outcome(checked)
    assert (outcome.kind, outcome.title) == ("warning", "The data did not pass")
    assert outcome.text.endswith("Nothing is published from them.")
    assert "3 problems with the files" in outcome.text, "three checksums"
    failed = validation.checks_table(checked).rows["Outcome"]
    assert set(failed) == {"passed", "FAILED"}


def test_sources_are_dated_and_an_embargo_has_its_day(checked):
    rows = validation.sources_table(checked).rows.set_index("File")
    assert rows.loc["drug_treatment.csv", "Sensitivity"] == "embargoed until 5 November 2015"
    assert rows.loc["recorded_crime.csv", "Received"] == "17 July 2015"
