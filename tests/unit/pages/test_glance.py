"""Page 1: its headline, who is worse and better, who was not assessed, what is new, what to read with care."""

import re
from dataclasses import replace

import pytest

from notebook_pages import run_pack
from page_blocks import cells, of_kind, prepared
from panelpack.config.configuration import Configuration
from panelpack.indicators.last_pack import LastPack
from panelpack.indicators.results import count_verdicts
from panelpack.open_points.kinds import OpenPoint
from panelpack.pages import glance
from panelpack.periods import Quarter
from panelpack.rendering.inline import MarkRows
from panelpack.rendering.prose import Beside, Heading, Text
from panelpack.rendering.table import Table
from plain_office import COMMENTARY, make_plain_office
from plain_office import PLAN as PLAIN
from plain_office import QUARTER as PLAIN_QUARTER


@pytest.fixture(scope="module")
def blocks(quarter_report):
    return list(glance.blocks(quarter_report))


def table_of(shown):
    (table,) = of_kind(shown, Table)
    return table


def below(shown):
    """The texts below the table, by their headings."""
    (beside,) = of_kind(shown, Beside)
    every = [*beside.left, *beside.right]
    return {re.sub(r" \(.*", "", head.text): text.markdown for head, text in zip(every[::2], every[1::2], strict=True)}


class Words:
    """A report of which only the results matter, with the verdicts and states that are given to them."""

    def __init__(self, report, **given):
        self._report, self._given = report, given

    def __getattr__(self, name):
        return getattr(self._report, name)

    def indicators(self):
        every = iter([one for one in self._report.indicators() if one.scored])
        return [replace(next(every), verdict=verdict, reason=reason, how_sure=sure, how_sure_basis=basis, part_of="")
                for verdict, reason, sure, basis, many in self._given["rows"] for _ in range(many)]  # fmt: skip

    def headline(self):
        return count_verdicts(self.indicators())


def headline_of(report, *rows):
    made = Words(report, rows=rows)
    return glance.headline(made, made.headline())


def test_the_headline_is_one_of_counts_and_says_how_many_are_clear(quarter_report, blocks):
    assert blocks[0] == Heading(2, "Quarter 1 2015/16 at a glance", "glance")
    assert blocks[1].markdown == (
        "Of 23 indicators, **8 are better** than in 2012/13, **3 are worse**, 5 show no clear change and 7 could not "
        "be assessed. **4 of the 8 better are clear, and none of the 3 worse**: more than chance and the usual ups and "
        "downs, and like set beside like; all of these rest on numbers that were assumed."
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("improved", "", "clear", "counted", 1)], "**The 1 better is clear**: more than chance"),
        ([("improved", "", "clear", "counted", 2), ("deteriorated", "", "chance", "counted", 1)],
         "**The 2 better are clear, and not the 1 worse**:"),
        ([("improved", "", "clear", "assumed", 1), ("improved", "", "clear", "counted", 1)],
         "like set beside like; 1 of these rests on numbers that were assumed."),
        ([("improved", "", "clear", "assumed", 1)], "like set beside like; it rests on numbers that were assumed."),
        ([("improved", "", "provisional", "counted", 2)], "none of them is clear."),
        ([("met", "", "clear", "counted", 1), ("missed", "", "chance", "counted", 2)],
         "**1 has met its target** and **2 miss their targets**. **The 1 met is clear, and none of the 2 missed**"),
        ([("on_course", "", "chance", "counted", 1)], "Of 1 indicator, 1 is on course to its target."),
        ([("no_change", "", "steady", "counted", 3)], "Of 3 indicators, 3 show no clear change."),
    ],
)  # fmt: skip
def test_a_headline_of_other_results(rows, words, quarter_report):
    assert words in headline_of(quarter_report, *rows)


def test_without_a_scored_indicator_it_says_so(quarter_report):
    assert headline_of(quarter_report) == "No indicator is scored."


def test_there_is_a_mark_for_each_indicator_that_is_counted(quarter_report, blocks):
    (marks,) = of_kind(blocks, MarkRows)
    assert marks.rows == [
        ("better", 8, "better"), ("worse", 3, "worse"), ("same", 5, "no clear change"), ("none", 7, "not assessed"),
    ]  # fmt: skip
    assert sum(count for _, count, _ in marks.rows) == quarter_report.headline()["scored"]


def test_the_worse_stand_before_the_better_by_name_with_their_figures(quarter_report, blocks):
    table = table_of(blocks)
    assert table.groups == {0: "Worse (3)", 3: "Better (8)"} and len(table.rows) == 11
    first = [cell if isinstance(cell, str) else cell.plain() for cell in table.rows[0].values()]
    name = "7 To improve outcomes for victims of Hate crimes: satisfaction with service"
    assert first == [name, "84.2%", "**83.5%**", "−0.7 pts", "", "could be chance\u00a0ᵃ"]


def test_no_mark_of_its_table_is_without_a_note(blocks):
    table = table_of(blocks)
    shown = " ".join(cells(table))
    assert ("ᵃ" in shown, "pts" in shown) == (True, True)
    assert all(any(mark in note for note in table.notes) for mark in ("ᵃ on", "pts:"))


def test_each_that_is_named_leads_to_its_row(quarter_report, blocks):
    html = table_of(blocks).html()
    named = [one for one in quarter_report.indicators() if one.verdict in ("improved", "deteriorated")]
    assert named and all(f'href="#row-{one.indicator}"' in html for one in named)


def test_what_was_not_assessed_stands_by_reason_with_the_numbers_of_the_priorities(quarter_report, blocks):
    assert below(blocks)["Not assessed"].splitlines() == [
        "- **4** no measure yet: [7](#priority-SP07), [14A](#priority-SP14A), [14B](#priority-SP14B)",
        "- **2** not yet released: [3](#priority-SP03)",
        "- **1** nothing earlier to compare with: [3](#priority-SP03)",
    ]


def test_without_an_earlier_pack_it_says_so(blocks):
    assert below(blocks)["Since the last pack"] == "There is no earlier pack to compare with."


def with_last(report, monkeypatch, **verdicts):
    judged = {one.indicator: one for one in report.indicators()}
    judged |= {name: replace(judged.get(name, report.indicators()[0]), indicator=name, title=name, verdict=verdict,
                             word="", scored=True) for name, verdict in verdicts.items()}  # fmt: skip
    monkeypatch.setattr(glance, "read_last_pack", lambda office: LastPack(Quarter.parse("2014Q4"), judged))
    return below(list(glance.blocks(report)))["Since the last pack"].splitlines()


def test_what_changed_since_the_last_pack_is_told_by_name(quarter_report, monkeypatch):
    found = with_last(quarter_report, monkeypatch, **{"SP07.satisfaction": "no_change", "SP14A.satisfaction":
                      "not_assessed", "SP03.night_time_economy": "improved", "SP09.old": "improved"})  # fmt: skip
    assert found == [
        "- [7 satisfaction with service](#row-SP07.satisfaction): now worse, was no clear change",
        "- Newly assessed: [14A satisfaction with service](#row-SP14A.satisfaction) (worse)",
        "- No longer assessed: [3 reduction in the number of incidents recorded in or near licensed premises during "
        "the night-time economy hours of 7pm to 7am](#row-SP03.night_time_economy) (was better)",
        "- Gone: SP09.old (was better)",
    ]


def test_where_nothing_changed_it_says_so(quarter_report, monkeypatch):
    assert with_last(quarter_report, monkeypatch) == ["No result differs from that in the pack of Quarter 4 2014/15."]


def test_what_to_read_with_care_is_the_gravest_first_and_at_most_five_lines(quarter_report, blocks):
    lines = below(blocks)["What to read with care"].splitlines()
    assert [re.match(r"- \*\*(.+?):\*\*", line)[1] for line in lines] == [
        "Not like with like", "Close call", "Only just clear", "Not final", "Could be chance"]  # fmt: skip
    assert lines[0].startswith("- **Not like with like:** [14A](#row-SP14A.satisfaction) and [14B](#row-SP14B.satisf")
    assert len(list(glance.care_lines(quarter_report))) > len(lines) == glance.MOST_CARE


def test_questions_about_the_data_that_are_open_are_counted(quarter_report, monkeypatch):
    point = OpenPoint("query", "crime_total", "crime: it rose by 300%.")
    for many, words in ((1, "1 question about the data is still open."), (2, "2 questions about the data are still")):
        monkeypatch.setattr(glance, "read_open_queries", lambda folder, many=many: [point] * many)
        assert any(words in line for line in glance.care_lines(quarter_report))


def run_plain(folder, plan, **changed):
    project = make_plain_office(folder, plan=plan, **changed)
    boxes = Configuration.read(project, Quarter.parse(PLAIN_QUARTER)).plan.priorities
    return [one.block for one in run_pack(project, PLAIN_QUARTER, [box.id for box in boxes])["4_dashboard"]]


def test_an_office_of_which_nothing_is_better_or_worse_has_no_table_of_names(tmp_path):
    shown = run_plain(tmp_path, PLAIN)
    assert shown[1].markdown == "Of 4 indicators, 2 show no clear change and 2 could not be assessed."
    assert not [one for one in of_kind(shown, Table) if one.caption.startswith("By name")]
    assert of_kind(shown, MarkRows)[0].rows[:2] == [("better", 0, "better"), ("worse", 0, "worse")]


def test_an_office_without_a_scored_indicator_has_a_page_all_the_same(tmp_path):
    plan = re.sub(r"rule: (significance|none)(?!, scored)", "rule: none, scored: false", PLAIN)
    plan = plan.replace("     part_of: O1.robbery, compare", "     compare")
    shown = run_plain(tmp_path, plan, commentary=COMMENTARY.replace(": {{ O1.robbery.verdict }}", ""))
    assert shown[1] == Text("No indicator is scored.") and not of_kind(shown, MarkRows)


def test_sixty_indicators_are_all_named(project_copy, quarter):
    report = prepared(project_copy, quarter)
    judged = next(one for one in report.indicators() if one.verdict == "improved")
    many = [replace(judged, indicator=judged.indicator) for _ in range(60)]
    report.indicators = lambda: many
    assert len(table_of(glance.blocks(report)).rows) == 60


def test_what_is_done_about_the_worse_stands_by_paragraph(project_copy, quarter):
    path = project_copy.params(quarter)
    text = path.read_text(encoding="utf-8")
    start, end = text.index("next_steps:\n"), text.index("lists:\n")
    (kept,) = re.findall(r"paragraph: ([\w-]+)", text[start:end])
    told = []
    for steps in (
        f"  SP07.satisfaction: {{paragraph: {kept}}}\n  SP14A.satisfaction: {{paragraph: {kept}}}\n",
        "  SP14A.satisfaction: {what: A new survey, who: The force, by: 2015-12-01}\n",
    ):
        path.write_text(f"{text[:start]}next_steps:\n{steps}{text[end:]}", encoding="utf-8")
        words = glance.next_steps_words(prepared(project_copy, quarter))
        told.append(re.sub(r"paragraph \d+\]\(#para-\d+\)|\(#priority-\w+\)", "", words))
    assert told == [
        "**What is being done:** on [7] and [14A] see [; for [14B] no next step is named.",
        "**What is being done:** on [14A] see its page; for [7] and [14B] no next step is named.",
    ]
