"""Pages of an office with areas, targets, bands, grades, changed definitions, lags, reasons and next steps."""

import re

import pytest

import rich_office
from notebook_pages import for_the_public, run_pack, table_called, words
from panelpack.rendering.charts import Chart
from panelpack.rendering.inline import MarkRows
from panelpack.rendering.table import Table
from picture_checking import check_pictures, texts_of
from rich_office import DISTRICTS, PLAN, QUARTER, make_rich_office

BOXES = ("A1", "A2", "A3")


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return run_pack(make_rich_office(tmp_path_factory.mktemp("rich")), QUARTER, BOXES)


def row(table, start, column="Indicator"):
    (found,) = [one for one in table.rows if one[column].strip().startswith(start)]
    return found


def dashboard_of(pack):
    """The dashboard's table."""
    (table,) = [one.block for one in pack["4_dashboard"] if getattr(one.block, "groups", {}) and one.block.anchors]
    return table


def judged(pack, indicator):
    """The words of a row of the dashboard."""
    table = dashboard_of(pack)
    found = table.rows[table.anchors.index(f"row-{indicator}")]
    return {name: cell if isinstance(cell, str) else cell.plain() for name, cell in found.items()}


def test_verdicts_have_the_offices_own_words_and_shapes(pack):
    results = [judged(pack, f"A2.{name}")["Result and how sure"] for name in ("median", "answered", "grade")]
    assert [words.partition(" · ")[0] for words in results] == ["Fair", "On course", "Better"]
    (marks,) = [one.block for one in pack["4_dashboard"] if isinstance(one.block, MarkRows)]
    assert [row for row in marks.rows if row[2] in ("better", "worse", "on course")] == [
        ("better", 1, "better"), ("worse", 1, "worse"), ("same", 2, "on course")]  # fmt: skip


def test_an_own_shape_stands_in_the_place_of_ours(tmp_path):
    plan = PLAN.replace("{word: Fair, at_most: 11, counts_as: on_course}",
                        "{word: Fair, at_most: 11, counts_as: on_course, mark: ★}").replace(
                        "counts_as: met, mark: ★", "counts_as: met")  # fmt: skip
    pack = run_pack(make_rich_office(tmp_path, plan=plan), QUARTER, BOXES)
    assert judged(pack, "A2.median")["Result and how sure"].startswith("★ Fair · ")


def test_the_key_has_the_bands_and_nothing_that_is_not_used(pack):
    shown = table_called(pack["6_methods"], "Marks, words and signs, and what each means").column("What you see")
    assert [mark for mark in shown if mark.endswith(("Fast**", "Fair", "Slow"))] == ["★ **Fast**", "Fair", "Slow"]
    assert not {"‡", "ᵖ", "Changed", "ᵃ"} & set(shown)


def test_a_target_and_bands_stand_below_the_name(pack):
    assert "Target: 90.0% or more by 2023/24" in judged(pack, "A2.answered")["Indicator"]
    bands = "Fast to 8.0 minutes, Fair to 11.0 minutes, else Slow, by the latest figure"
    assert bands in judged(pack, "A2.median")["Indicator"]
    assert "Target" not in judged(pack, "A2.killed")["Indicator"]


def test_each_measure_is_printed_as_its_kind_is(pack):
    rows = {name: judged(pack, f"A2.{name}") for name in ("median", "answered", "grade", "killed", "harm", "pounds")}
    assert {name: (row["Latest 12 months to March 2023" if "Latest 12 months to March 2023" in row else "Latest"]
                   .strip("*"), row["Change"]) for name, row in rows.items()} == {
        "median": ("9.5 minutes", ""),
        "answered": ("85.8%", ""),
        "grade": ("Good", "+1 grade"),
        "killed": ("34", "−13%"),
        "harm": ("103.5", "+2.0"),
        "pounds": ("£17,200", ""),
    }  # fmt: skip
    periods = {name: row["Indicator"].partition(" · ")[2] for name, row in rows.items()}
    assert periods["harm"] == "half year October 2022 to March 2023 against half year October 2021 to March 2022"
    assert periods["pounds"] == "half year October 2022 to March 2023"


def test_the_year_before_names_the_periods_that_are_not_the_quarter(pack):
    table = dashboard_of(pack)
    (note,) = [note for note in table.notes if note.startswith("On the same quarter a year before")]
    assert "2 Time to attend: March 2023 on March 2022" in note
    assert "half year October 2022 to March 2023 on half year October 2021 to March 2022" in note
    assert "Answered" not in note


def test_areas_have_a_table_that_adds_up_and_a_picture_in_words(pack):
    cells = pack["3_priority A1"]
    table = table_called(cells, "Violence falls by area (Priority 1)")
    assert table.column("Area") == [*sorted(DISTRICTS), "**All areas**"]
    for column in table.columns[1:3]:
        *parts, whole = (int(cell.replace(",", "")) for cell in table.column(column))
        assert sum(parts) == whole
    assert table.notes[0] == "The areas add up to the whole."
    pictures = [one.block for one in cells if isinstance(one.block, Chart) and " by area, " in one.block.subtitle]
    assert len(pictures) == 2
    for picture in pictures:
        assert {text.words for text in texts_of(picture.svg)} >= set(DISTRICTS)
        assert re.match(r"Small line charts of .*: \d areas, between \S+ and \S+ in ", picture.alt)
        check_pictures(picture)
    surveyed = table_called(cells, "Victims are satisfied by area (Priority 1)")
    assert surveyed.notes[0] == "The areas do not add up to the whole: Some people live in no district."


def test_few_answers_of_an_area_are_not_shown(tmp_path):
    plan = PLAN.replace("fewest: 100", "fewest: 400")
    cells = run_pack(make_rich_office(tmp_path, plan=plan), QUARTER, BOXES)["3_priority A1"]
    table = table_called(cells, "Victims are satisfied by area (Priority 1)")
    shown = dict(zip(table.column("Area"), table.column(table.columns[1]), strict=True))
    assert shown["Moors"] == "[c]" and shown["Northside"].endswith("%")
    assert table.shorthand.startswith("[c] confidential: ")


def test_where_the_baseline_is_hidden_no_area_has_one(tmp_path):
    """Recording began in the baseline year, and counts of its first months are no comparator."""
    plan = PLAN.replace("{title: Violence, table: crime,", "{title: Violence, began: 2019-04, table: crime,")
    cells = run_pack(make_rich_office(tmp_path, plan=plan), QUARTER, BOXES)["3_priority A1"]
    table = table_called(cells, "Violence falls by area (Priority 1)")
    assert table.columns == ["Area", "Latest 12 months to March 2023"]


def test_an_area_that_ends_earlier_does_not_stand_under_the_head_of_the_whole(tmp_path, monkeypatch):
    """Of two areas the last number is not there: their own twelve months would be those to February."""
    given = rich_office.tables()
    given["crime.csv"] = [re.sub(r"(2023-03,(Moors|Old Town),).*", r"\1", line) for line in given["crime.csv"]]
    monkeypatch.setattr(rich_office, "tables", lambda: given)
    plan = PLAN.replace(
        "by: {column: district, total: All}",
        "by: {column: district, total: All}\n    lag_months: 2\n    optional: [offences]",
    )
    cells = run_pack(make_rich_office(tmp_path, plan=plan), QUARTER, BOXES)["3_priority A1"]
    table = table_called(cells, "Violence falls by area (Priority 1)")
    latest = dict(zip(table.column("Area"), table.column("Latest 12 months to March 2023"), strict=True))
    assert [area for area, words in latest.items() if words == "[x]"] == ["Moors", "Old Town"]


def test_few_answers_are_not_shown_in_an_overlap_either(tmp_path):
    changed = (
        "redefined: [{from: 2022-04, reason: Another question., before: satisfaction_moors}], population: victims}"
    )
    old = (
        "  satisfaction_moors: {title: In the moors, table: survey, value: satisfied, base: asked, population: victims,"
    )
    old += " where: {district: Moors}}\n"
    plan = PLAN.replace("base: asked, population: victims}\n", f"base: asked, {changed}\n{old}")
    cells = run_pack(make_rich_office(tmp_path, plan=plan), QUARTER, BOXES)["3_priority A1"]
    captions = [getattr(one.block, "caption", "") for one in cells]
    assert not any(caption.startswith("Satisfaction: old and new") for caption in captions)
    said = "Satisfaction: there is no period for which both definitions have a figure."
    assert said in [words(one) for one in cells if not getattr(one.block, "caption", "")]


def test_a_changed_definition_has_its_versions_and_both_side_by_side(pack):
    cells = pack["3_priority A1"]
    versions = table_called(cells, "Priority 1: definitions and from when they hold")
    assert list(versions.rows[0].values()) == [
        "Violence", "April 2022", "Two offences are counted with it now.", "Head of Performance"]  # fmt: skip
    both = table_called(cells, "Violence: old and new definition side by side (Priority 1, from April 2022)")
    assert both.column("Period")[-1] == "March 2023" and len(both.rows) == 12
    assert judged(pack, "A1.violence")["Indicator"].partition(" · ")[0].endswith("ᵈ")


def test_why_there_is_no_figure_is_told_in_the_plans_words(pack):
    assert dashboard_of(pack).notes[-3:] == [
        "Figures awaited: 3 Confidence. The survey is agreed. Expected: October 2023.",
        "Replaced by another measure: 3 Old confidence. The old survey has ended. In its place: Confidence.",
        "Withheld by decision: 3 Armed incidents. A trial is under way. Decided by the Head of Legal Services. "
        "Until: the verdict.",
    ]


def test_the_commentary_speaks_in_the_offices_words(pack):
    (linked,) = [words(one) for one in pack["5_report"] if words(one).startswith("1. Violence")]
    assert "[+9%](#row-A1.violence)" in linked and "[Good](#row-A2.grade)" in linked
    said = re.sub(r"\[([^\]]*)\]\(#[^)]*\)", r"\1", linked)
    assert "Violence: worse, +9% on Quarter 4 2021/22." in said
    assert "Satisfaction is to be 80.0% or more; it is missed." in said
    assert "Attending was fair. Investigating is Good." in said


def test_no_cell_is_a_number_that_is_none(pack):
    cells = [words(one) for _, one in for_the_public(pack)]
    assert not [text for text in cells if re.search(r"\b(nan|NaT|inf)\b|\bNone\b(?!\.| is named)", text)]
    assert all(one.block.rows for cells in pack.values() for one in cells if isinstance(one.block, Table))
