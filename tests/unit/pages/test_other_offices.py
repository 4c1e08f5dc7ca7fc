"""What the packs of other offices say: nothing of another's paper, nothing that they lack, no heading alone."""

import re
from types import SimpleNamespace

import pytest

from notebook_pages import for_the_public, run_pack, words
from panelpack.config.configuration import Configuration
from panelpack.pages.dashboard import period_heads
from panelpack.periods import Quarter
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table
from plain_office import COMMENTARY, PLAN, QUARTER, make_plain_office

# What only some offices have, and a pack of one that has none of it may not speak of.
NOT_THEIRS = re.compile(
    r"(?i)strategic|printed|SPC variance|latest months?\b|monthly|first \d+ months|survey|people asked|responses|"
    r"percentages|p′|projection|projected|forecast|partner board|a board|police and crime panel|Priority|"
    r"no change and not assessed|reconstructed|assumed numbers|back-test|: None\.|season\b|pts\b|a target"
)


OF_A_PAPER = re.compile(
    r"(?i)strategic\w*|no change and not assessed together|first paper|printed paper\w*|rule follows"
)


def run_office(folder, **changed):
    project = make_plain_office(folder, **changed)
    boxes = Configuration.read(project, Quarter.parse(QUARTER)).plan.priorities
    return run_pack(project, QUARTER, [box.id for box in boxes])


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return run_office(tmp_path_factory.mktemp("plain"), commentary=COMMENTARY.replace("a survey", "an inquiry"))


def test_a_pack_speaks_of_nothing_that_its_office_has_not(plain):
    said = [(step, match[0], text) for step, one in for_the_public(plain) for text in [words(one)]
            for match in NOT_THEIRS.finditer(text)]  # fmt: skip
    assert said == []


def test_no_heading_stands_alone(plain):
    for step, cells in plain.items():
        levels = [level_of(one.block) for one in cells]
        for place, level in enumerate(levels):
            if level:
                following = levels[place + 1] if place + 1 < len(levels) else 1
                assert following == 0 or following > level, (step, cells[place])


def level_of(block):
    """The level of a heading, 0 for what is none."""
    if isinstance(block, Heading):
        return block.level
    heading = re.fullmatch(r"(#+) [^\n]+", block.markdown) if isinstance(block, Text) else None
    return len(heading[1]) if heading else 0


def test_no_table_is_empty(plain):
    tables = [one.block for cells in plain.values() for one in cells if isinstance(one.block, Table)]
    assert len(tables) > 20 and all(table.rows for table in tables)


def table_of(pack, box):
    """The table of a box on the dashboard."""
    (table,) = [one.block for one in pack["4_dashboard"] if getattr(one.block, "caption", "") == f"Dashboard, {box}"]
    return table


def test_a_box_without_periods_shows_its_rows_and_their_reasons(plain):
    table = table_of(plain, "Outcome 2")
    assert table.columns == ["Indicator", "Verdict", "How sure"]
    assert table.column("Verdict") == ["– Not assessed (no metric)"] * 2


def test_a_box_without_rows_says_so(plain):
    said = [words(one) for one in plain["4_dashboard"]]
    assert said[said.index("### 3A Nothing yet") + 1] == "Outcome 3A has no indicator."
    assert "Outcome 3A has no indicator." in [words(one) for one in plain["3_priority O3A"]]


def test_a_part_stands_under_its_whole_and_is_not_counted(plain):
    assert table_of(plain, "Outcome 1").column("Indicator")[1].strip() == "of which: Personal robbery falls"
    headline = next(one.block for one in plain["4_dashboard"] if isinstance(one.block, Table))
    assert headline.rows[-1] == {"Verdict": "All scored indicators", "Indicators": "4", "Share": "100.0%"}


def test_a_part_elsewhere_names_its_whole(tmp_path):
    plan = PLAN.replace("series: burglary,", "series: burglary, part_of: O1.robbery,")
    table = table_of(run_office(tmp_path, plan=plan), "Outcome 3")
    assert table.column("Indicator")[0].strip() == "part of Robbery falls: Burglary falls"


@pytest.mark.parametrize(
    ("periods", "heads"),
    [
        ([("2019/20", "12 months to March 2023")], ("Baseline 2019/20", "12 months to March 2023")),
        ([("Quarter 4 2022/23",) * 2], ("Baseline Quarter 4 2022/23", "Latest Quarter 4 2022/23")),
        ([("12 months to March 2023",) * 2], ("Baseline 12 months to March 2023", "Latest 12 months to March 2023")),
        ([("2019/20", "2022/23"), ("2018/19", "2022/23")], ("Baseline", "Latest")),
        ([("", "Quarter 4 2022/23"), ("", "Quarter 3 2022/23")], ("", "Latest")),
        ([("", "Quarter 4 2022/23")], ("", "Quarter 4 2022/23")),
        ([("", "")], ("", "")),
    ],
)  # fmt: skip
def test_the_heads_of_the_two_figures_differ(periods, heads):
    figures = [SimpleNamespace(baseline_period=before, latest_period=now) for before, now in periods]
    assert period_heads(figures) == heads


def test_the_report_goes_where_the_plan_says(tmp_path):
    plan = PLAN.replace("  priority_word: Outcome\n", "  report_to: Eastmoor Scrutiny Board\n")
    shown = run_office(tmp_path, plan=plan)
    assert "Report to: Eastmoor Scrutiny Board\n" in words(shown["5_report"][1])
    assert "#### Priority 1 – Streets" in [words(one) for one in shown["5_report"]]


def test_another_offices_pack_has_none_of_the_first_papers_texts(project_copy, quarter, office):
    """Of the made-up office with months, surveys, boards and projections, but no printed paper."""
    shown = run_pack(project_copy, str(quarter), [box.id for box in office.plan.priorities])
    own = project_copy.commentary(quarter).read_text(encoding="utf-8") + "".join(office.parameters.flags.values())
    said = [(step, match[0]) for step, one in for_the_public(shown) for match in OF_A_PAPER.finditer(words(one))]
    assert {match for _, match in said} <= set(OF_A_PAPER.findall(own)), said
    assert ("4_dashboard", "No change and not assessed together") not in said
