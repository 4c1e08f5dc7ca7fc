"""What the packs of other offices say: nothing of another's paper, nothing that they lack, no heading alone."""

import re
from types import SimpleNamespace

import pytest

from notebook_pages import for_the_public, run_pack, words
from panelpack.config.configuration import Configuration
from panelpack.pages.dashboard import Periods, periods_of
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
    said = [(step, match[0], text) for step, one in for_the_public(plain)
            for text in [re.sub(r"\(#[^)]*\)", "", words(one))]
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


def dashboard_of(pack):
    """The dashboard's table."""
    (table,) = [one.block for one in pack["4_dashboard"] if getattr(one.block, "groups", {}) and one.block.anchors]
    return table


def row_of(table, indicator):
    """The words of a row's cells."""
    row = table.rows[table.anchors.index(f"row-{indicator}")]
    return {name: cell if isinstance(cell, str) else cell.plain() for name, cell in row.items()}


def test_indicators_without_a_measure_share_a_row(plain):
    (row,) = [row for row in dashboard_of(plain).rows if "Searches" in str(row["Indicator"])]
    assert row["Indicator"].plain() == "Confidence rises; Searches are fair"
    assert row["Result and how sure"].plain() == "No measure yet"


def test_a_priority_without_rows_is_named(plain):
    said = [words(one) for one in plain["4_dashboard"]]
    assert "Outcome 3A has no indicator." in said


def test_a_part_stands_under_its_whole_and_is_not_counted(plain):
    names = dashboard_of(plain).column("Indicator")
    assert names[1].strip().startswith("of which: Personal robbery falls") and names[1].startswith("\u2003")
    assert "Of 4 indicators" in words(plain["4_dashboard"][1])


def test_a_part_elsewhere_names_its_whole(tmp_path):
    plan = PLAN.replace("series: burglary,", "series: burglary, part_of: O1.robbery,")
    row = row_of(dashboard_of(run_office(tmp_path, plan=plan)), "O3.burglary")
    assert row["Indicator"].strip().startswith("part of Robbery falls: Burglary falls")


@pytest.mark.parametrize(
    ("periods", "heads"),
    [
        ([("2019/20", "12 months to March 2023")], ("Baseline 2019/20", "Latest 12 months to March 2023")),
        ([("Quarter 4 2022/23",) * 2], ("Baseline Quarter 4 2022/23", "Latest Quarter 4 2022/23")),
        ([("2019/20", "2022/23"), ("2018/19", "2022/23")], ("Baseline", "Latest 2022/23")),
        ([("2019/20", "2022/23")] * 2 + [("2018/19", "2022")], ("Baseline 2019/20", "Latest 2022/23")),
        ([("", "Quarter 4 2022/23"), ("", "Quarter 3 2022/23")], ("Baseline", "Latest")),
        ([("", "")], ("Baseline", "Latest")),
    ],
)
def test_the_heads_of_the_two_figures_name_what_most_rows_have(periods, heads):
    figures = [SimpleNamespace(baseline_period=before, latest_period=now, latest=1.0) for before, now in periods]
    assert periods_of(figures).heads == heads
    assert Periods("", "").heads == ("Baseline", "Latest")


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
