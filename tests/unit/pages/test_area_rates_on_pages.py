"""The areas of a page with residents of their own: rates, what adds up, and which lie outside what differs anyway."""

import pytest

import districts_office
from districts_office import DISTRICTS, PLAN, QUARTER, make_districts_office
from notebook_pages import run_notebook, table_called, words
from panelpack.rendering.charts import Chart
from panelpack.rendering.prose import Folded, Text
from picture_checking import check_pictures, marks_of, texts_of


def page(folder, *, plan=PLAN, files=None, box="D1"):
    project = make_districts_office(folder, plan=plan, files=files)
    for name in ("1_validate", "2_prepare"):
        run_notebook(project, name, quarter=QUARTER)
    return run_notebook(project, "3_priority", quarter=QUARTER, priority=box)


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return page(tmp_path_factory.mktemp("districts"))


def funnels(cells):
    return [one.block for one in cells if isinstance(one.block, Chart) and one.block.alt.startswith("Funnel chart")]


def texts(cells):
    return [one.block.markdown for one in cells if isinstance(one.block, Text)]


def test_a_count_has_each_areas_rate_beside_it_with_the_day_of_its_residents(usual):
    table = table_called(usual, "Crime falls by area (Priority 1)")
    assert table.columns == [
        "Area", "Baseline 2020/21", "Latest 12 months to March 2023", "Change", "Residents", "Per 1,000 people",
    ]  # fmt: skip
    assert table.column("Area") == [*DISTRICTS, "**All areas**"]
    rows = {row["Area"]: row for row in table.rows}
    cases = int(rows["Hexholt"]["Latest 12 months to March 2023"].replace(",", ""))
    assert rows["Hexholt"]["Per 1,000 people"] == f"{1000 * cases / 134_600:.1f}" == "177.3"
    assert rows["**All areas**"]["Residents"] == "1,510,900" and rows["**All areas**"]["Per 1,000 people"] == "72.9"
    assert list(table.notes) == [
        "The areas add up to the whole.",
        "A rate is per 1,000 people, of the area's own residents on 21 March 2021.",
        "The residents of the areas add up to 1,510,800, 100 fewer than the 1,510,900 of the whole.",
        "The verdict is of the whole; no area is judged.",
    ]


def test_a_rate_has_each_areas_own_rate_in_both_periods(usual):
    table = table_called(usual, "Crime a head falls by area (Priority 1)")
    assert table.columns[1:] == ["Baseline 2020/21", "Latest 12 months to March 2023", "Change", "Residents"]
    rows = {row["Area"]: row for row in table.rows}
    assert rows["Ivelstow"]["Latest 12 months to March 2023"] == "13.5 per 1,000 people"
    assert rows["Ivelstow"]["Change"] == "−13%" and rows["Ivelstow"]["Residents"] == "47,800"
    assert table.notes[0] == "The cases behind the rates add up to the whole."


def test_areas_that_do_not_add_up_say_why_and_by_how_much(usual):
    table = table_called(usual, "Burglary falls by area (Priority 1)")
    assert list(table.notes[:2]) == [
        "The areas do not add up to the whole: Some homes are on the border and of no district.",
        "They have 15,717 cases together in the 12 months to March 2023, 60 fewer than the 15,777 of the whole.",
    ]
    row = next(row for row in table.rows if row["Area"] == "Not known")
    assert (row["Households"], row["Per 1,000 households"]) == ("[z]", "[z]")
    assert not any("add up to" in note and "households" in note for note in table.notes[2:])


def test_the_funnel_says_in_words_who_lies_outside(usual):
    said = [text for text in texts(usual) if "what differs between areas anyway" in text]
    assert [text.partition(": ")[0] for text in said] == [
        "Crime falls", "Crime a head falls", "Burglary falls", "Victims are satisfied", "Fewer are hurt",
    ]  # fmt: skip
    assert said[0] == (
        "Crime falls: 10 of 12 areas lie within what differs between areas anyway; outside it lie Hexholt (above) and "
        "Ivelstow (below). Areas differ, about one in 20 would lie outside by chance alone, and nothing is judged by "
        "it."
    )
    assert "outside it lies Ivelstow (above)." in said[3]
    assert said[2].endswith("Left out: Not known (nobody lives there).")


def test_the_picture_has_every_area_and_names_those_outside(usual):
    every = funnels(usual)
    assert len(every) == 5
    for picture in every:
        check_pictures(picture)
    for svg in (every[0].svg, every[0].narrow):
        assert {"Hexholt", "Ivelstow", "number of residents"} <= {text.words for text in texts_of(svg)}
        assert not {"Ardlow", "Lornby"} & {text.words for text in texts_of(svg)}
        assert sum(mark.shape == "circle" for mark in marks_of(svg)) == 10
    assert every[0].title == "10 of 12 areas lie within what differs between areas anyway"
    assert "Hexholt (above)" in every[0].alt


def test_the_numbers_of_the_picture_stand_folded_in_alphabetical_order(usual):
    folded = [one.block for one in usual if isinstance(one.block, Folded) and "areas of its size" in one.block.summary]
    (table,) = folded[3].blocks
    assert [row["Area"] for row in table.rows] == list(DISTRICTS)
    assert table.rows[8] == {
        "Area": "Ivelstow", "Answers": "255", "Share": "94.1%", "Areas of its size": "72.6% to 82.7%",
        "Position": "Outside it, above",
    }  # fmt: skip
    assert table.rows[0]["Position"] == "Within what differs between areas anyway"


def test_nothing_has_a_rank(usual):
    for one in usual:
        said = words(one)
        assert not any(word in said for word in ("highest", "lowest", "ranked", "worst", "best", "12th", "league"))


def test_fewer_than_ten_areas_have_rates_and_no_position(tmp_path):
    gone = ("Jarrowfen", "Kestwell", "Lornby")
    files = {
        name: [line for line in rows if line.split(",")[1] not in gone]
        for name, rows in districts_office.tables().items()
    }
    plan = PLAN.replace("by: {column: district, total: All}", "by: {column: district, total: All, why_not_total: T.}")
    cells = page(tmp_path, plan=plan, files=files)
    table = table_called(cells, "Fewer are hurt by area (Priority 1)")
    assert "Per 1,000 people" in table.columns and len(table.rows) == 10
    assert "With fewer than 10 areas none is given a position among them." in table.notes
    assert not funnels(cells) and not any("differs between areas" in words(one) for one in cells)


def test_a_hidden_area_is_hidden_in_every_place(tmp_path):
    files, latest = districts_office.tables(), districts_office.LATEST
    few = {"Ivelstow": 3, "Lornby": 2}
    rows = [line.split(",") for line in files["hurt.csv"][1:]]
    files["hurt.csv"] = ["month,district,victims"] + [
        f"{month},{area},{int(month == latest[0]) * few[area] if area in few and month in latest else n}"
        for month, area, n in rows
    ]
    cells = page(tmp_path, files=files)
    table = table_called(cells, "Fewer are hurt by area (Priority 1)")
    shown = {row["Area"]: row for row in table.rows}
    assert (
        {shown[area]["Per 1,000 people"] for area in few} == {shown[area][table.columns[2]] for area in few} == {"[c]"}
    )
    assert table.notes[0] == "The areas add up to the whole, with what is not shown."
    (said,) = [text for text in texts(cells) if text.startswith("Fewer are hurt: ")]
    assert said.endswith("Left out: Ivelstow and Lornby (not shown, to protect people).")
    assert not {"Ivelstow", "Lornby"} & {text.words for text in texts_of(funnels(cells)[-1].svg)}
