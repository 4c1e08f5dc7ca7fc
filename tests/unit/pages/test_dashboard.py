"""The dashboard: one table of every indicator, its marks and notes, and what the pack keeps of it."""

import re

import pytest

from page_blocks import cells, of_kind, prepared
from panelpack.indicators.last_pack import LastPack
from panelpack.pages import dashboard, key, sparklines
from panelpack.pages.dashboard import NOTE_MARKS
from panelpack.pages.verdict_marks import ON_ASSUMED
from panelpack.periods import Quarter
from panelpack.rendering.inline import Anchored, Lines, Mark, Picture, Tag
from panelpack.rendering.prose import Heading, NewPage
from panelpack.rendering.table import Table
from panelpack.rules.rule import RULES

RESULT = "Result and how sure"


@pytest.fixture(scope="module")
def table(quarter_report):
    return table_of(dashboard.blocks(quarter_report))


def table_of(blocks):
    (table,) = of_kind(blocks, Table)
    return table


def row(table, indicator):
    """The row that links to an indicator lead to."""
    return table.rows[table.anchors.index(f"row-{indicator}")]


def plain(cell):
    return cell if isinstance(cell, str) else cell.plain()


def test_it_is_one_table_at_the_head_of_a_page_priorities_in_the_order_of_the_plan(quarter_report, table):
    start, head = dashboard.heading(quarter_report)
    assert isinstance(start, NewPage) and isinstance(head, Heading) and head.anchor == "dashboard"
    boxes = [box for box in quarter_report.plan.priorities if box.indicators]
    assert list(table.groups.values()) == [f"[{box.number} {box.name}](#priority-{box.id})" for box in boxes]


@pytest.mark.parametrize(
    ("indicator", "row_words"),
    [
        ("SP01.first_time_entrants", ["667", "326", "−51%", "−31%", f"Better · clear\u00a0{ON_ASSUMED}"]),
        ("SP07.satisfaction", ["84.2%", "83.5%", "−0.7 pts", "", f"Worse · could be chance\u00a0{ON_ASSUMED}"]),
        ("SP03.night_time_economy", ["[x]", "4,975", "", "", "Not assessed · nothing earlier to compare with"]),
        ("SP02.offending_18_24", ["407", "133", "−67%", "−42%", "Better · provisional"]),
        ("SP03.treatment_completions", ["[x]", "[x]", "", "", "Not assessed · not yet released"]),
    ],
)
def test_a_row_of_the_dashboard(table, indicator, row_words):
    found = row(table, indicator)
    shown = [plain(found[name]).replace("*", "") for name in [*table.columns[1:5], RESULT]]
    assert shown == row_words


def test_every_indicator_has_a_row_that_links_lead_to(quarter_report, table):
    folded = [name for one in table.rows if isinstance(one["Indicator"], Anchored) for name in one["Indicator"].anchors]
    names = {f"row-{one.indicator}" for one in quarter_report.indicators()}
    assert {*table.anchors, *folded} - {""} == names and len(folded) >= 2
    for html in (table.html(),):
        assert sorted(re.findall(r'id="(row-[^"]+)"', html)) == sorted(names)


def test_indicators_without_a_measure_share_a_row_and_say_no_more_than_that(table):
    (shared,) = [one for one in table.rows if isinstance(one["Indicator"], Anchored)]
    assert isinstance(shared[RESULT], Mark) and shared[RESULT].plain() == "No measure yet"
    assert {plain(cell) for name, cell in shared.items() if name not in ("Indicator", RESULT)} == {""}
    assert shared["Indicator"].plain().count(";") == 1


def test_a_row_leads_to_its_figures_and_a_priority_to_its_page(quarter_report, table):
    html = table.html()
    for one in quarter_report.indicators():
        assert f'href="#figure-{one.indicator}"' in html and f'href="#priority-{one.priority}"' in html


def test_no_mark_is_without_a_note_and_no_note_without_a_mark(quarter_report, table):
    shown = cells(table)
    for mark in (*NOTE_MARKS.values(), ON_ASSUMED):
        used = any(re.search(rf"\u00a0{mark}|^{mark}", cell) for cell in shown)
        assert used == any(re.search(rf"(^|; ){mark} ", note) for note in table.notes), mark
    assert "SPC" not in table.plain() and not set("▲▼●") & set(table.plain())


def test_what_the_result_says_already_has_no_mark_besides(quarter_report):
    provisional = quarter_report.result("SP02.offending_18_24")
    assert provisional.notes_of("provisional") and not dashboard.is_marked(provisional, "provisional")
    unlike = quarter_report.result("SP14A.satisfaction")
    assert unlike.notes_of("populations") and not dashboard.is_marked(unlike, "populations")


def test_a_note_that_the_result_does_not_say_has_its_mark(project_copy, quarter):
    file = project_copy.params(quarter)
    reason = "  night_time_economy: {status: provisional, reason: Another reason.}\n"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("availability:\n", f"availability:\n{reason}"), encoding="utf-8")
    table = table_of(dashboard.blocks(prepared(project_copy, quarter)))
    assert "\u00a0ᵖ" in plain(row(table, "SP03.night_time_economy")["Indicator"])
    assert any("ᵖ not final yet" in note for note in table.notes)


def test_a_number_that_is_not_shown_has_a_sign_that_is_explained_above_it(table):
    signs = {cell for cell in cells(table) if cell.startswith("[") and "](" not in cell}
    assert signs == {"[x]"} and "[x] " in table.shorthand


def test_heads_name_the_periods_that_most_rows_have_and_others_name_their_own(table):
    assert table.columns[1:3] == ["Baseline 2012/13", "Latest 12 months to June 2015"]
    names = ("SP03.drug_programme_reoffending", "SP03.night_time_economy", "SP07.satisfaction")
    named = [plain(row(table, name)["Indicator"]).partition(" · ")[2] for name in names]
    assert named == ["April to June, 2015 against 2014", "April to June 2015", ""]


def test_recent_months_are_told_in_few_words(quarter_report, table):
    words = {plain(one["Recent months"]) for one in table.rows}
    assert words <= {"", "as usual", "no limits", "lower: better", "lower: worse", "higher: better", "higher: worse"}
    assert len(words) > 2
    if "no limits" in words:
        assert any("No limits: " in note for note in table.notes)


def test_a_trend_is_of_periods_as_long_as_the_latest_and_ends_with_it(quarter_report, table):
    result = quarter_report.result("SP11.offences")
    points, baseline = sparklines.line_of(quarter_report, result)
    assert (points[-1], baseline) == (result.latest, result.baseline) and 3 <= len(points) <= 13
    survey = quarter_report.result("SP07.satisfaction")
    assert sparklines.line_of(quarter_report, survey)[0][-1] == pytest.approx(survey.latest)
    cell = row(table, "SP11.offences")["Trend"]
    assert isinstance(cell, Picture) and cell.alt.startswith(result.title)


def test_a_figure_that_is_withheld_has_no_trend(quarter_report, table):
    assert row(table, "SP03.treatment_completions")["Trend"] == ""
    assert sparklines.line_of(quarter_report, quarter_report.result("SP03.treatment_completions")) == ([], None)


def test_a_result_of_the_last_pack_is_named_where_it_was_another(quarter_report, monkeypatch):
    now = quarter_report.result("SP01.first_time_entrants")
    judged = {one.indicator: one for one in quarter_report.indicators()}
    judged["SP01.first_time_entrants"] = type(now)(**{**now.__dict__, "verdict": "deteriorated"})
    del judged["SP02.offending_18_24"]
    last = LastPack(Quarter.parse("2014Q4"), judged)
    monkeypatch.setattr(dashboard, "read_last_pack", lambda office: last)
    table = table_of(dashboard.blocks(quarter_report))
    assert plain(row(table, "SP01.first_time_entrants")["Indicator"]).endswith(" · Last pack: worse")
    assert plain(row(table, "SP02.offending_18_24")["Indicator"]).endswith(" · New in this pack")
    assert "Last pack" not in plain(row(table, "SP07.satisfaction")["Indicator"])
    assert any("that of Quarter 4 2014/15" in note for note in table.notes)


def test_an_assessed_row_has_a_result_and_no_figure(quarter_report, table):
    (box,) = (
        box for box in quarter_report.plan.priorities if all(spec.rule == "assessment" for spec in box.indicators)
    )
    for spec in box.indicators:
        found = row(table, spec.id)
        assert found[RESULT].plain() == "No clear change · not tested" and plain(found[table.columns[2]]) == ""


def test_money_and_words_stand_in_the_same_table(quarter_report, table):
    (money,) = [one for one in quarter_report.indicators() if one.unit == "gbp_million"]
    assert plain(row(table, money.indicator)[table.columns[2]]) == "**£21.7m**"
    (told,) = [one for one in quarter_report.indicators() if one.unit == "narrative"]
    assert plain(row(table, told.indicator)[RESULT]) == "Not scored"


def test_only_what_is_clear_has_a_filled_tag(quarter_report, table):
    for one in quarter_report.indicators():
        if one.how_sure:
            cell = row(table, one.indicator)[RESULT]
            assert isinstance(cell, Lines) and isinstance(cell.second, Tag)
            assert cell.second.firm is (one.how_sure == "clear"), one.indicator


def test_the_key_has_every_result_every_state_every_sign_and_rule_that_is_used_and_no_other(quarter_report, table):
    shown_key = table_of(key.blocks(quarter_report))
    shown = shown_key.column("What you see")
    results = quarter_report.indicators()
    assert ("Better" in shown, "Changed" in shown) == (True, False)
    states = {one.how_sure for one in results} - {""}
    assert sum(isinstance(one["What you see"], Tag) for one in shown_key.rows) == len(states)
    assert ON_ASSUMED in shown and "ᵖ" not in shown
    every = [rule.key[0] for rule in RULES.values() if rule.key]
    wanted = [rule.key[0] for name, rule in RULES.items() if rule.key and name in {one.rule for one in results}]
    assert 0 < len(wanted) < len(every) and [name for name in shown if name in every] == wanted
    assert list(shown_key.groups.values()) == ["Results", "How sure", "Signs and marks", "Rules"]


def test_the_tables_of_the_pack_have_a_row_for_every_indicator_and_the_headline(quarter_report, monkeypatch):
    monkeypatch.setattr(dashboard, "published_tables", lambda report: {})  # what the priorities' notebooks saved
    made = dashboard.tables(quarter_report)
    assert made["indicators.csv"]["indicator"].tolist() == [one.indicator for one in quarter_report.indicators()]
    assert dict(made["headline.csv"].to_numpy().tolist()) == quarter_report.headline()
