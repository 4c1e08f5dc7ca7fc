"""A priority's own page: its message, the result in a sentence, the figures and where they are from."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from page_blocks import of_kind, prepared, row_of, tables, unfolded
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import control_charts, message, priority, restated, series_data, source_lines, working
from panelpack.rendering.charts import Chart
from panelpack.rendering.inline import Line
from panelpack.rendering.prose import Folded, Heading, Paragraphs, Text
from panelpack.rendering.table import Table
from panelpack.rules.verdict import (
    BY_CHANCE,
    CANNOT_TELL,
    CHANGED,
    CLEAR,
    DETERIORATED,
    IMPROVED,
    MET,
    MISSED,
    NO_CHANGE,
    NOT_ASSESSED,
    NOT_LIKE_WITH_LIKE,
    ON_COURSE,
    PROVISIONAL,
)


def figures(of, name):
    return tables(priority.figures(of, of.plan.priority(name)))


def box_of(*results):
    """A report and a box with just these indicators, for the message."""
    specs = {
        one.indicator: SimpleNamespace(id=one.indicator, name=one.title, bands=None, beside=None) for one in results
    }
    plan = SimpleNamespace(figures=specs, word=lambda verdict: "")
    of = SimpleNamespace(plan=plan, results_of=lambda box: list(results))
    return of, SimpleNamespace(number="7", name="Streets", indicators=list(specs.values()), chart=None)


@pytest.fixture
def result(quarter_report):
    """Return a function that makes a result of a count from the facts that matter."""
    base = quarter_report.result("SP01.first_time_entrants")

    def made(name, verdict="", how_sure="", **facts):
        return replace(base, indicator=name, title=name, verdict=verdict, how_sure=how_sure, **facts)

    return made


# ---------------------------------------------------------------------------------------------- the message
def test_the_title_is_number_short_name_and_message(quarter_report):
    box = quarter_report.plan.priority("SP01")
    heading = priority.heading(quarter_report, box)
    assert (heading.level, heading.anchor) == (2, "priority-SP01")
    assert heading.text.startswith(f"1 {box.name}: ") and heading.text.endswith(" down 51% on 2012/13")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((DETERIORATED, CLEAR), (DETERIORATED, BY_CHANCE)),
        ((MISSED, CLEAR), (IMPROVED, CLEAR)),
        ((DETERIORATED, PROVISIONAL), (IMPROVED, CLEAR)),
        ((IMPROVED, CLEAR), (CHANGED, BY_CHANCE)),
        ((MET, BY_CHANCE), (NO_CHANGE, CANNOT_TELL)),
        ((ON_COURSE, CLEAR), (DETERIORATED, NOT_LIKE_WITH_LIKE)),
        ((IMPROVED, NOT_LIKE_WITH_LIKE), (NOT_ASSESSED, "")),
    ],
)
def test_the_worst_that_is_clear_comes_first(first, second, result):
    of, box = box_of(result("b", *second), result("a", *first))
    assert message.telling(of, box).indicator == "a"


def test_among_equals_the_plans_order_decides_and_a_whole_before_its_part(result):
    of, box = box_of(
        result("part", IMPROVED, CLEAR, part_of="a"), result("a", IMPROVED, CLEAR), result("b", IMPROVED, CLEAR)
    )
    assert message.telling(of, box).indicator == "a"


def test_a_measure_speaks_only_where_no_indicator_does(result):
    measure = result("m", measure=True, scored=False)
    of, box = box_of(measure, result("a", NOT_ASSESSED, latest=None))
    assert message.telling(of, box).indicator == "m"
    of, box = box_of(measure, result("a", NOT_ASSESSED))
    assert message.telling(of, box).indicator == "a"


def test_a_page_of_nothing_has_its_name_for_a_title(result):
    of, box = box_of(result("a", NOT_ASSESSED, latest=None))
    assert (message.telling(of, box), message.title(of, box)) == (None, "7 Streets")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"verdict": DETERIORATED, "how_sure": CLEAR}, "thefts up 31% on 2012/13"),
        ({"verdict": DETERIORATED, "how_sure": BY_CHANCE}, "thefts may be up 31% on 2012/13"),
        ({"verdict": DETERIORATED, "how_sure": PROVISIONAL}, "thefts up 31% on 2012/13, provisional"),
        ({"verdict": DETERIORATED, "how_sure": NOT_LIKE_WITH_LIKE}, "thefts 131, not like for like with 2012/13"),
        ({"verdict": NO_CHANGE, "how_sure": CANNOT_TELL}, "no clear change in thefts (up 31% on 2012/13)"),
        ({"verdict": MET, "how_sure": CLEAR}, "thefts 131, met"),
        (
            {"verdict": NOT_ASSESSED, "baseline": None, "change": None, "pct_change": None},
            "thefts 131 in the 12 months to June 2015",
        ),
        (
            {"verdict": DETERIORATED, "how_sure": CLEAR, "baseline_period": "12 months to June 2014"},
            "thefts up 31% on the 12 months to June 2014",
        ),
        (
            {"verdict": IMPROVED, "how_sure": CLEAR, "latest": 69.0, "change": -31.0, "pct_change": -31.0},
            "thefts down 31% on 2012/13",
        ),
        (
            {"verdict": IMPROVED, "how_sure": CLEAR, "baseline_period": "LYTD (April to June 2014)"},
            "thefts up 31% on April to June 2014",
        ),
    ],
)
def test_what_a_message_says(facts, said, result):
    numbers = {"baseline": 100.0, "latest": 131.0, "change": 31.0, "pct_change": 31.0}
    one = result("Thefts", **(numbers | {"reason": ""} | facts))
    of, box = box_of(one)
    assert message.message(of, box, one) == said


def test_a_boards_no_change_counts_the_indicators_that_share_it(quarter_report):
    base = replace(quarter_report.result("SP01.first_time_entrants"), verdict=NO_CHANGE, latest=None, change=None)
    one, other = (replace(base, indicator=name, title=name) for name in ("Training", "Policies"))
    of, box = box_of(one)
    assert message.message(of, box, one) == "no clear change in training"
    of, box = box_of(one, other)
    assert message.message(of, box, one) == "no clear change in 2 indicators"


def test_the_chart_is_that_of_the_message_unless_the_plan_names_another(quarter_report):
    of, box = quarter_report, quarter_report.plan.priority("SP14B")
    told = message.telling(of, box)
    assert message.main_series(of, box) == of.plan.figures[told.indicator].series
    other = box.model_copy(update={"chart": "satisfaction_vehicle_crime"})
    assert message.main_series(of, other) == "satisfaction_vehicle_crime"
    assert isinstance(series_data.main_chart(of, box), Chart)
    assert series_data.main_chart(of, of.plan.priority("SP18")) is None, "positions make no chart"


# ---------------------------------------------------------------------------------------------- the result
def test_the_result_has_its_mark_both_figures_how_sure_why_and_what_decides_it(quarter_report):
    line, why = priority.result(quarter_report, quarter_report.plan.priority("SP01"))
    assert isinstance(line, Line)
    assert line.plain() == "Better. 326 in the 12 months to June 2015, against 667 in 2012/13. clear\u00a0ᵃ"
    assert why.markdown.startswith("Clear, if the assumed months or quarters are right: ")
    assert why.markdown.endswith(
        "Called worse if the whole 95% range of the change lies above 0, better if it lies below 0; otherwise no clear "
        "change."
    )


def test_a_percentage_says_what_it_is_out_of_and_a_forecast_its_range(quarter_report):
    of = quarter_report
    survey, forecast = (next(priority.result(of, of.plan.priority(name))).plain() for name in ("SP07", "SP14B"))
    assert "83.5% (333 of 399) in the 12 months to June 2015, against 84.2% (320 of 380) in 2012/13." in survey
    figure = of.result("SP14B.offences")
    assert f"The forecast for 2016/17 is {figure.projected:,.0f}, with a range of " in forecast


def test_a_page_that_no_result_speaks_on_has_none(quarter_report):
    assert list(priority.result(quarter_report, quarter_report.plan.priority("SP15"))) == []


# ---------------------------------------------------------------------------------------------- the figures
def test_a_figure_has_its_periods_what_it_is_out_of_its_change_and_range(quarter_report):
    (table,) = figures(quarter_report, "SP07")[:1]
    row = row_of(_plain(table), "Figure", "[Satisfaction")
    assert list(row.values())[1:5] == ["84.2% · 320 of 380", "83.5% · 333 of 399", "−0.7 pts", "−5.9 to +4.5 pts"]
    assert row["Result"] == "Worse · could be chance\u00a0ᵃ"


def _plain(table):
    """A table whose cells are words."""
    columns = {name: table.column(name) for name in table.columns}
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return Table(rows, table.caption)


def test_every_figure_of_a_box_has_an_anchor_and_a_way_to_its_data_and_source(quarter_report):
    of = quarter_report
    for box in of.plan.priorities:
        made = list(priority.figures(of, box))
        shown = " ".join(block.html() for block in made)
        for figure in box.figures:
            if figure.series or of.result(figure.id).unit != "narrative":
                assert f'id="figure-{figure.id}"' in shown
            if figure.series and source_lines.is_shown(of, figure.series):
                assert f'href="#series-{figure.series}"' in shown
                assert f'href="#source-{of.plan.series[figure.series].table}"' in shown


def test_an_indicator_that_is_not_scored_says_so(quarter_report):
    absent = quarter_report.plan.figures["SP17.absent_storm"].name
    table = _plain(figures(quarter_report, "SP17")[0])
    assert row_of(table, "Figure", f"[{absent}")["Result"] == "Not scored"


def test_what_a_measure_says_of_a_year_before_stands_in_its_indicators_row(quarter_report):
    of, box = quarter_report, quarter_report.plan.priority("SP14B")
    assert priority.told_a_year_before(of, box) == {"SP14B.offences_quarter": "SP14B.offences"}
    (table,) = tables(priority.figures(of, box))
    assert 'id="figure-SP14B.offences_quarter"' in table.html()


def test_a_note_stands_once_with_the_names_of_its_figures(quarter_report):
    (table,) = figures(quarter_report, "SP18")[-1:]
    dated = [note for note in table.notes if "The position is dated" in note]
    assert dated == ["The position is dated 31 December 2014, before the quarter began."]


def test_how_sure_another_result_is_stands_below_and_nothing_twice(quarter_report):
    notes = figures(quarter_report, "SP14A")[-1].notes
    said = [note for note in notes if note.startswith("Satisfaction with service: Not like with like")]
    assert len(said) == 1 and "Called worse if the percentage as printed is lower than in 2012/13" in said[0]
    assert not any("Different populations" in note for note in notes), "how sure it is says so"


def test_what_a_series_counts_is_told(quarter_report, monkeypatch):
    of, box = quarter_report, quarter_report.plan.priority("SP14B")
    spec = of.plan.series["theft_of_vehicle"].model_copy(update={"contains": "Thefts and unauthorised taking."})
    monkeypatch.setitem(of.plan.series, "theft_of_vehicle", spec)
    notes = tables(priority.figures(of, box))[-1].notes
    assert f"{spec.title} counts thefts and unauthorised taking." in notes


def test_an_embargo_says_until_when(quarter_report):
    notes = figures(quarter_report, "SP03")[-1].notes
    assert sum(note.endswith("Until 5 November 2015.") for note in notes) == 1


def test_a_required_amount_is_no_baseline_and_what_lacks_is_no_change(quarter_report):
    of, one = quarter_report, quarter_report.result("SP18.savings")
    assert (one.baseline, one.baseline_period, one.change, one.baseline_shorthand) == (None, "", None, "")
    assert (one.latest, one.target_value) == (21.7, 27.8)
    table = _plain(figures(of, "SP18")[0])
    assert "Change" not in table.columns and "2012/13" not in table.columns
    assert table.rows[0]["Target"] == "£27.8m (Latest estimate of savings required); £6.1m still to go"
    line = next(priority.result(of, of.plan.priority("SP18"))).plain()
    assert "against" not in line and "To be reached: £27.8m" in line


# ---------------------------------------------------------------------------------------------- sources and data
def test_a_source_line_names_supplier_file_day_rows_and_the_sheets(quarter_report):
    (line,) = source_lines.notes(quarter_report, quarter_report.plan.priority("SP14B"))
    assert "received 17 July 2015 ([recorded_crime.csv](#source-recorded_crime), rows where offence" in line
    assert "“theft_of_vehicle”: 39 months" in line and "[Methods](#methods)." in line
    assert "Data: sheets “" in line


def test_a_guarded_file_gives_no_rows(quarter_report):
    (line,) = source_lines.notes(quarter_report, quarter_report.plan.priority("SP07"))
    survey = line.split("victim_survey.csv", 1)[1].split(";")[0]
    assert survey.startswith("](#source-victim_survey))") and "rows" not in survey


def test_a_withheld_series_has_no_source_line_no_data_and_no_link(quarter_report):
    of, box = quarter_report, quarter_report.plan.priority("SP03")
    assert "drug_treatment" not in "".join(source_lines.notes(of, box))
    assert not any(block.anchor == "series-treatment_completions" for block in series_data.blocks(of, box))
    assert source_lines.linked(of, "Completed", "treatment_completions") == "Completed"


def test_every_series_that_is_shown_stands_folded_once_and_leads_back(quarter_report):
    of = quarter_report
    every = [block for box in of.plan.priorities for block in series_data.blocks(of, box)]
    folded = [block for block in every if block.anchor]
    shown = {name for box in of.plan.priorities for name in box.series if source_lines.is_shown(of, name)}
    assert sorted(block.anchor for block in folded) == sorted(f"series-{name}" for name in shown)
    for block in folded:
        assert isinstance(block, Folded) and "(#figure-" in block.blocks[-1].markdown
    vehicle = next(block for block in folded if block.anchor == "series-satisfaction_vehicle_crime")
    assert {"(#figure-SP14A.satisfaction)", "(#figure-SP14B.satisfaction)"} <= set(
        part.partition("]")[2].rstrip(",.") for part in vehicle.blocks[-1].markdown.split(", ")
    )


def test_the_main_chart_is_not_drawn_a_second_time(quarter_report):
    of, box = quarter_report, quarter_report.plan.priority("SP14B")
    main = next(block for block in series_data.blocks(of, box) if block.anchor == "series-theft_of_vehicle")
    assert not of_kind(main.blocks, Chart) and of_kind(main.blocks, Table)


def test_a_survey_of_few_has_no_chart_and_no_percentage(project_copy, quarter, results):
    asked = int(results["SP07.satisfaction"].latest_base)
    plan = (project_copy.root / "params/plan.yml").read_text(encoding="utf-8")
    (project_copy.root / "params/plan.yml").write_text(
        plan.replace("fewest: 100", f"fewest: {asked + 1}"), encoding="utf-8"
    )
    of = prepared(project_copy, quarter)
    box = of.plan.priority("SP07")
    assert of.result("SP07.satisfaction").reason == "small_sample"
    title = of.plan.series["satisfaction_hate_crime"].title
    blocks = list(control_charts.blocks(of, box))
    assert f"{title}: no chart, too few responses." in [block.markdown for block in of_kind(blocks, Text)]
    page = unfolded([*priority.figures(of, box), *series_data.blocks(of, box)])
    assert not any(title in block.alt for block in [*of_kind(blocks, Chart), *of_kind(page, Chart)])
    row = row_of(_plain(tables(page)[0]), "Figure", "[Satisfaction")
    assert [cell for cell in row.values() if "[c]" in cell] and "%" not in "".join(row.values())


# ---------------------------------------------------------------------------------------------- restated figures
def test_restated_figures_stand_with_old_new_and_each_reason_once(quarter_report):
    changes = quarter_report.restated_of(quarter_report.plan.priority("SP11"))
    folded = restated.revised(quarter_report, quarter_report.plan.priority("SP11"))
    (table,) = folded.blocks
    assert table.caption.endswith("[r]")
    assert [number.replace(",", "") for number in table.column("Before")] == list(changes["old"])
    assert [number.replace(",", "") for number in table.column("Now")] == list(changes["new"])
    assert {note.partition(") ")[2] or note for note in table.notes} == set(changes["reason"])
    assert all(reason in folded.in_print for reason in changes["reason"])
    assert restated.revised(quarter_report, quarter_report.plan.priority("SP01")) is None


def test_a_restated_row_is_told_in_words(quarter_report):
    changes = quarter_report.restated("recorded_crime").head(2).assign(old=["", "5"], new=["7777", ""], reason="")
    table = restated.restated_table(changes, "Restated")
    assert (table.column("Before"), table.column("Now")) == (["no row", "5"], ["7,777", "no row"])
    assert table.notes == ["The supplier gave no reason."]
    assert "_" not in "".join(table.column("Figure")) and not any("-" in cell for cell in table.column("Period"))


# ---------------------------------------------------------------------------------------------- the rest
def test_the_commentary_that_reviewers_see_is_that_of_the_report(quarter_report, pages):
    of_report = {n for block in of_kind(pages["report"], Paragraphs) for n, _, _ in block.items}
    for box in quarter_report.plan.priorities:
        paragraphs = quarter_report.office.commentary.of_update(box.update)
        shown = [cell for table in working.commentary(quarter_report, box) for cell in table.column("Para.")]
        assert shown == [str(p.number) for p in paragraphs] and set(shown) <= of_report


def test_no_heading_of_one_page_is_that_of_another(pages):
    headings = [
        block.text for name, page in pages.items() if name.startswith("page") for block in of_kind(page, Heading)
    ]
    assert len(headings) == len(set(headings))


def test_an_id_may_break_after_its_dots_and_underscores():
    assert working.breakable("SP01.first_time in 3.5%") == "SP01.\u200bfirst_\u200btime in 3.5%"


def test_the_results_of_a_priority_are_read_back_as_they_were_computed(project_copy, quarter):
    of = prepared(project_copy, quarter)
    box = of.plan.priority("SP14A")
    of.save_priority(box)
    again = QuarterReport(str(quarter), project=project_copy, written=True)
    assert again.results_of(box) == of.results_of(box)


def test_one_or_two_figures_that_are_not_judged_stand_in_a_line_each(quarter_report):
    shown = list(priority.figures(quarter_report, quarter_report.plan.priority("SP14A")))
    (line,) = of_kind(shown, Line)
    assert 'id="figure-SP14A.satisfaction_on_year"' in line.html()
    assert line.plain().startswith("Not judged: Satisfaction with service") and line.plain().endswith(" pts.")
    many = list(priority.figures(quarter_report, quarter_report.plan.priority("SP11")))
    assert of_kind(many, Line) == [] and many[-1].caption.endswith("figures that are not judged")
