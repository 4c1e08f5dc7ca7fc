"""Appendix A: the boxes of the dashboard, their marks and footnotes, the key, the headline."""

import re

import pytest

from page_blocks import cells, of_kind, prepared, row_of, tables
from panelpack.pages import dashboard
from panelpack.rendering.prose import Heading, Text
from panelpack.rules.rule import RULES

SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def box_tables(quarter_report, pages):
    return [(box, table) for box in quarter_report.plan.priorities for table in tables(pages[f"box {box.id}"])]


def test_the_boxes_stand_in_the_order_of_the_plan(quarter_report, pages):
    headings = [heading.text for name, blocks in pages.items() if name.startswith("box")
                for heading in of_kind(blocks, Heading)]  # fmt: skip
    assert headings == [f"{box.number} {box.title}" for box in quarter_report.plan.priorities]


CHANCE = "Could be chance"


@pytest.mark.parametrize(
    ("indicator", "row"),
    [
        ("SP01.first_time_entrants", ["667", "326", "−51%", "−31%", "▲ Improved", "Clear, on assumed numbers"]),
        (
            "SP07.satisfaction",
            ["84.2%", "83.5%", "−0.7 pts", "▼ Deteriorated", "Could be chance, on assumed numbers"],
        ),
        ("SP03.night_time_economy", ["[x]", "4,975", "", "", "– Not assessed (no comparator)", ""]),
        ("SP02.offending_18_24", ["407", "133", "−67%", "−42%", "▲ Improved", "Provisional"]),
        ("SP03.treatment_completions", ["[x]", "[x]", "", "", "– Not assessed (embargoed)", ""]),
    ],
)
def test_a_row_of_the_dashboard(quarter_report, pages, indicator, row):
    result = quarter_report.result(indicator)
    (table,) = tables(pages[f"box {result.priority}"])
    assert list(row_of(table, "Indicator", result.title).values())[1:] == row


def test_footnotes_of_a_box_are_numbered_from_one_and_each_has_its_note(quarter_report, pages):
    numbered = 0
    for box, table in box_tables(quarter_report, pages):
        notes = [note.split()[0] for note in table.notes if note[0] in SUPERSCRIPT]
        assert notes == [SUPERSCRIPT[n] for n in range(1, len(notes) + 1)], box.id
        titles = " ".join(table.column("Indicator")) if "Indicator" in table.columns else ""
        marks = re.findall(f"[{SUPERSCRIPT}]", titles)
        of_box = {SUPERSCRIPT[n] for n in range(len(notes) - len(box.footnotes) + 1, len(notes) + 1)}
        assert set(marks) | of_box == set(notes), box.id
        assert list(dict.fromkeys(marks)) == sorted(set(marks), key=SUPERSCRIPT.index), "first used in their order"
        numbered += len(notes)
    assert numbered >= len(quarter_report.plan.footnotes), "every footnote of the plan is used"


def test_every_mark_of_the_boxes_is_in_the_key(quarter_report, pages):
    key = " ".join(tables(pages["dashboard"])[-1].column("Mark"))
    shown = [cell for _, table in box_tables(quarter_report, pages) for cell in cells(table)]
    marks = ("▲", "●", "▼", "–", "‡", "ᵖ", "pts", "SPC variance")
    used = [mark for mark in marks if any(re.search(rf"(^|\s){re.escape(mark)}([\s:]|$)", cell) for cell in shown)]
    assert used == list(marks)
    assert all(mark in key for mark in used)
    assert "[" not in key, "signs are explained above the table in which they stand"


def test_a_number_that_is_not_shown_always_has_a_sign_that_is_explained_above_it(quarter_report, pages):
    for box, table in box_tables(quarter_report, pages):
        signs = {cell.split(" ")[0] for cell in cells(table) if cell.startswith("[")}
        assert [sign for sign in sorted(signs) if f"{sign} " not in table.shorthand] == [], box.id
        assert not {"NA", "*"} & set(cells(table))


def test_the_key_names_every_rule_that_judges(quarter_report, pages):
    marks = tables(pages["dashboard"])[-1].column("Mark")
    used = {result.rule for result in quarter_report.indicators()}
    every = [rule.key[0] for rule in RULES.values() if rule.key]
    wanted = [rule.key[0] for name, rule in RULES.items() if rule.key and name in used]
    assert 0 < len(wanted) < len(every) and [mark for mark in marks if mark in every] == wanted


def test_marks_that_a_box_uses_have_a_note_below_it_that_is_marked_alike(quarter_report, pages):
    met = set()
    for box, table in box_tables(quarter_report, pages):
        titles = " ".join(next(iter(row.values())) for row in table.rows)
        starts = {note.split()[0] for note in table.notes}
        for mark in ("‡", "ᵖ"):
            assert (mark in titles) == (mark in starts), box.id
            met |= {mark} & starts
    assert met == {"‡", "ᵖ"}


def changed_box(project, quarter, box, file, old, new):
    """The table of a box after a change to a file of the office."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    of = prepared(project, quarter)
    (table,) = tables(dashboard.box_blocks(of, of.plan.priority(box)))
    return of, table


def test_rows_of_one_box_that_are_provisional_for_two_reasons_print_both(project_copy, quarter):
    file = project_copy.params(quarter)
    reason = "  night_time_economy: {status: provisional, reason: Another reason.}\n"
    of, table = changed_box(project_copy, quarter, "SP03", file, "availability:\n", f"availability:\n{reason}")
    cohort, night = of.result("SP03.drug_programme_reoffending"), of.result("SP03.night_time_economy")
    assert [note for note in table.notes if note.startswith("ᵖ")] == [
        f"ᵖ {cohort.title}: {cohort.notes_of('provisional')[0]}",
        f"ᵖ {night.title}: {night.notes_of('provisional')[0]}",
    ]
    assert "Another reason." in night.notes_of("provisional")[0]


def test_rows_that_share_a_reason_share_its_line(quarter_report, pages):
    (table,) = tables(pages["box SP02"])
    reasons = {reason for one in quarter_report.results_of(quarter_report.plan.priority("SP02"))
               for reason in one.notes_of("provisional")}  # fmt: skip
    assert len(table.rows) == 2 and len(reasons) == 1
    assert [note for note in table.notes if note.startswith("ᵖ")] == [f"ᵖ {reasons.pop()}"]


def test_a_footnote_with_the_word_provisional_marks_nothing(project_copy, quarter):
    old, new = "night_time_recording: Recording", "night_time_recording: Provisional recording"
    of, table = changed_box(project_copy, quarter, "SP03", project_copy.plan(quarter), old, new)
    title = row_of(table, "Indicator", of.result("SP03.night_time_economy").title)["Indicator"]
    assert title.endswith("³") and "ᵖ" not in title
    assert any(note.startswith("³ Provisional recording") for note in table.notes)


def test_the_money_box_is_dated_and_lists_its_lines(quarter_report, pages):
    of = quarter_report
    (box,) = (box for box in of.plan.priorities if any(one.unit == "gbp_million" for one in of.results_of(box)))
    (table,) = tables(pages[f"box {box.id}"])
    assert table.caption == f"Dashboard, Priority {box.number}: position as at 31 December 2014"
    assert table.column("£ million") == ["£27.8m", "£21.7m", "£2.1m", "£23.8m", "£4.0m"]
    assert "before the quarter began" in table.notes[0]


def test_a_box_of_words_has_no_table_but_its_comment(quarter_report, pages):
    (box,) = (box for box in quarter_report.plan.priorities if all(spec.unit == "narrative" for spec in box.indicators))
    assert tables(pages[f"box {box.id}"]) == []
    assert of_kind(pages[f"box {box.id}"], Text)


def test_an_assessed_box_shows_only_its_assessments(quarter_report, pages):
    (box,) = (
        box for box in quarter_report.plan.priorities if all(spec.rule == "assessment" for spec in box.indicators)
    )
    (table,) = tables(pages[f"box {box.id}"])
    assert table.columns == ["Indicator", "Assessment"]
    assert table.column("Assessment") == ["● No change"] * len(box.indicators)


def test_a_projected_row_is_followed_by_its_control_chart(pages, projected):
    for _, _, result in projected:
        (table,) = tables(pages[f"box {result.priority}"])
        assert "Projection 2016/17 (95% interval)" in table.columns
        assert table.rows[1]["Indicator"] == f"SPC variance: {result.signal}" != "SPC variance: "


def test_the_headline_counts_every_verdict_and_every_reason(quarter_report):
    table = dashboard.headline_table(quarter_report)
    counts = quarter_report.headline()
    assert [list(row.values()) for row in table.rows] == [
        ["▲ Improved", "8", "34.8%"],
        ["● No change", "5", "21.7%"],
        ["▼ Deteriorated", "3", "13.0%"],
        ["– Not assessed", "7", "30.4%"],
        ["All scored indicators", "23", "100.0%"],
    ]
    assert table.notes == [
        f"Not assessed, by reason: no metric {counts['no_metric']}, no comparator {counts['no_comparator']}, "
        f"embargoed {counts['embargoed']}."
    ]


def test_the_tables_of_the_pack_have_a_row_for_every_indicator_and_the_headline(quarter_report):
    made = dashboard.tables(quarter_report)
    assert made["indicators.csv"]["indicator"].tolist() == [one.indicator for one in quarter_report.indicators()]
    assert dict(made["headline.csv"].to_numpy().tolist()) == quarter_report.headline()


def test_every_matter_to_note_is_a_resolved_line(quarter_report):
    _, text = dashboard.flags(quarter_report)
    lines = text.markdown.splitlines()
    assert len(lines) == len(quarter_report.parameters.flags)
    assert all(line.startswith("- ") and "{{" not in line for line in lines)


def test_where_no_indicator_has_a_verdict_nothing_is_said_of_how_sure_it_is(quarter_report, monkeypatch):
    counts = dict.fromkeys(quarter_report.headline(), 0)
    monkeypatch.setattr(type(quarter_report), "headline", lambda report: counts)
    assert dashboard.how_sure_table(quarter_report) == Text("No indicator has a verdict.")
