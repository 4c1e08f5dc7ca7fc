"""A priority's own page: figures, evidence, restated figures, commentary."""

from dataclasses import replace
from types import SimpleNamespace

from page_blocks import of_kind, prepared, row_of, tables
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import control_charts, dashboard, priority
from panelpack.rendering.charts import Chart
from panelpack.rendering.prose import Callout, Paragraphs, Text


def test_the_figures_have_their_periods_and_what_changed(quarter_report):
    box = quarter_report.plan.priority("SP01")
    table = priority.results_table(quarter_report, box)
    assert list(table.rows[0].values())[1:] == [
        "667 (2012/13)",
        "326 (12 months to June 2015)",
        "−341 (−51%)",
        "70 against 101 (−31%)",
        "▲ Improved",
        "Clear, on assumed numbers",
    ]


def test_an_indicator_that_is_not_scored_says_so(quarter_report):
    box = quarter_report.plan.priority("SP17")
    table = priority.results_table(quarter_report, box)
    absent = quarter_report.result("SP17.absent_storm")
    assert row_of(table, "Indicator", absent.title)["Verdict"] == "Not scored"


def test_every_indicator_has_its_evidence_and_every_measure_its_row(quarter_report):
    for box in quarter_report.plan.priorities:
        results = quarter_report.results_of(box)
        evidence, measures = priority.evidence_table(quarter_report, box), priority.measures_table(quarter_report, box)
        indicators = [one for one in results if not one.measure]
        rows = [(row["Evidence"], row["Note"]) for row in evidence.rows] if evidence else [("", "")] * len(indicators)
        assert rows == [(one.evidence, one.note) for one in indicators]
        assert (measures.column("Measure") if measures else []) == [one.title for one in results if one.measure]


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
    assert not any(block.alt.startswith(title) for block in of_kind(blocks, Chart))
    (table,) = tables(dashboard.box_blocks(of, box))
    row = row_of(table, "Verdict", "– Not assessed (small sample)")
    assert list(row.values())[1:3] == ["[c]", "[c]"] and "%" not in "".join(row.values())


def test_the_commentary_of_a_page_is_that_of_the_report(quarter_report, pages):
    of_report = {n: text for block in of_kind(pages["report"], Paragraphs) for n, _, text in block.items}
    for box in quarter_report.plan.priorities:
        table = pages[f"page {box.id}"][-1]
        paragraphs = quarter_report.office.commentary.of_update(box.update)
        assert table.column("Para.") == [str(p.number) for p in paragraphs]
        assert set(table.column("Para.")) <= set(of_report)


def test_restated_figures_stand_with_old_new_and_the_suppliers_reason(quarter_report):
    restated = quarter_report.restated("recorded_crime")
    shown = {box.id: priority.revised_table(quarter_report, box) for box in quarter_report.plan.priorities}
    table = shown["SP11"]
    assert table.caption.endswith("[r]")
    assert set(table.column("Supplier's reason")) <= set(restated["reason"])
    assert list(zip(table.column("Before"), table.column("Now"), strict=True)) == [
        (row["old"], row["new"])
        for row in quarter_report.restated_of(quarter_report.plan.priority("SP11")).to_dict("records")
    ]
    assert shown["SP01"] is None, "nothing that it rests on was restated"


def test_a_restated_row_that_came_or_went_says_so(quarter_report):
    changes = quarter_report.restated("recorded_crime").head(2).assign(old=["", "5"], new=["7", ""], reason="")
    table = priority.restated_table(changes, "Restated")
    assert (table.column("Before"), table.column("Now")) == (["no row", "5"], ["7", "no row"])
    assert table.column("Supplier's reason") == ["none given"] * 2


def test_reconstructed_detail_is_said(quarter_report):
    notice = priority.reconstructed_notice(quarter_report)
    assert isinstance(notice, Callout) and notice.kind == "reconstructed"
    assert "no printed paper of this quarter" in notice.text
    printed = SimpleNamespace(data=quarter_report.data, has_printed_paper=True)
    assert (
        "so that totals that were printed are met. What was never printed is assumed"
        in priority.reconstructed_notice(printed).text
    )
    received = SimpleNamespace(data=replace(quarter_report.data, origins={}))
    assert priority.reconstructed_notice(received) is None


def test_an_id_may_break_after_its_dots_and_underscores():
    assert priority.breakable("SP01.first_time in 3.5%") == "SP01.\u200bfirst_\u200btime in 3.5%"


def test_the_results_of_a_priority_are_read_back_as_they_were_computed(project_copy, quarter):
    of = prepared(project_copy, quarter)
    box = of.plan.priority("SP14A")
    of.save_priority(box)
    again = QuarterReport(str(quarter), project=project_copy, written=True)
    assert again.results_of(box) == of.results_of(box)
