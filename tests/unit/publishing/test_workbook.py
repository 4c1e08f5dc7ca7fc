"""indicators.xlsx: its sheets, its accessibility, and that every figure can be worked out again from it alone."""

import dataclasses
from collections import Counter

import openpyxl
import pytest

import running
from made_up_forces import FORCES, OWN, SMALL, office_among_forces
from panelpack.config.configuration import Configuration
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.indicators.sheets import OTHER_SHEETS, sheet_names
from panelpack.periods import Quarter
from panelpack.project import Project
from recomputation import Book, faults_of_access, is_number, work_out, workbook_of, wrong_of_forces

KINDS = running.ROOT / "examples" / "kinds"  # an office with every kind of measure


@pytest.fixture(scope="module")
def made(data, results, tmp_path_factory):
    return workbook_of(data, results, tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module", params=["2022Q4", "2023Q1"])
def made_of_kinds(request, tmp_path_factory):
    data = data_of_raw_files(Configuration.read(Project(running.ROOT, KINDS), Quarter.parse(request.param)))
    results = {result.indicator: result for result in compute_every(data)}
    return workbook_of(data, results, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def among_forces(quarter, tmp_path_factory):
    """The workbook of the made-up office among made-up forces; thefts of vehicles are not compared."""
    folder = tmp_path_factory.mktemp("forces")
    table = {"breaks": [{"subgroups": ["Theft of a vehicle"], "from": "2013Q2", "reason": "Vans.", "source": "Rules"}]}
    data = data_of_raw_files(Configuration.read(office_among_forces(folder / "office", table=table), quarter))
    return workbook_of(data, {result.indicator: result for result in compute_every(data)}, folder)


def test_its_sheets_are_the_tables_of_the_pack_and_one_a_series(made, office):
    names = openpyxl.load_workbook(made).sheetnames
    assert names[:7] == [*OTHER_SHEETS[:3], "Dashboard", "Indicators", "Data dictionary", "Periods compared"]
    series = sheet_names(office.plan)
    assert set(names[7:]) < set(series.values())


def test_it_has_what_the_checklist_for_accessible_spreadsheets_asks_for(made):
    assert list(faults_of_access(made)) == []


def test_so_has_that_of_an_office_with_every_kind_of_measure(made_of_kinds):
    assert list(faults_of_access(made_of_kinds)) == []


def test_every_figure_is_worked_out_again_from_the_workbook_alone(made, results):
    ways, wrong = work_out(Book.read(made))
    assert wrong == []
    figures = [name for name, result in results.items() if result.latest is not None]
    assert [name for name in figures if (name, "latest") not in ways] == []
    # Without a number: confidential, or not available. Of too few points to be shown, only what it is made of is told.
    assert {key: way for key, way in ways.items() if way not in ("points", "[c]", "[x]")} == {}
    assert Counter(ways.values())["points"] > 100


def test_so_is_every_figure_of_every_kind_of_measure(made_of_kinds):
    ways, wrong = work_out(Book.read(made_of_kinds))
    assert wrong == [] and Counter(ways.values())["points"] > 90
    assert {way for way in ways.values() if way not in ("points", "parts")} <= {"[x]", "[c]"}


def test_what_is_told_of_other_forces_is_worked_out_again_from_the_workbook_alone(among_forces):
    book = Book.read(among_forces)
    assert wrong_of_forces(book) == []
    compared = {row["Code"]: row for row in book.tables["Compared with others"]}
    assert list(compared) == ["SP11.offences", "SP14A.offences", "SP14B.offences"]
    assert compared["SP14B.offences"]["Why there is no comparison"].startswith("Vans.")
    assert compared["SP14A.offences"]["Other forces"] == len(FORCES) - 2
    assert compared["SP14A.offences"]["Not compared"] == SMALL
    assert "Outside what differs" in compared["SP14A.offences"]["Where the change lies"]
    forces = [row for row in book.tables["Other forces"] if row["Code"] == "SP14A.offences"]
    assert [row["Force"] for row in forces if row["Own force"] == "yes"] == [OWN]
    order = [(row["Region"], row["Force"]) for row in forces]
    assert order == sorted(order) and len(order) == len(FORCES) - 1


@pytest.mark.parametrize(("sheet", "head", "by"), [
    ("Compared with others", "Others latest", 1),
    ("Compared with others", "Rate of the region", 0.01),
    ("Compared with others", "90th centile", 0.1),
    ("Other forces", "Offences before", 1),
    ("Other forces", "People or households", 1),
    ("Other forces", "Upper far limit", 0.001),
])  # fmt: skip
def test_a_number_of_theirs_that_was_changed_is_found(among_forces, sheet, head, by):
    tables = {name: [dict(row) for row in rows] for name, rows in Book.read(among_forces).tables.items()}
    tables[sheet][0][head] += by
    assert wrong_of_forces(Book(tables)) != []


def test_so_is_a_force_that_is_said_to_lie_elsewhere(among_forces):
    tables = {name: [dict(row) for row in rows] for name, rows in Book.read(among_forces).tables.items()}
    tables["Compared with others"][0]["Where the rate lies"] = "Outside what differs between forces anyway, below it"
    assert wrong_of_forces(Book(tables)) != []


def test_their_sheets_have_what_the_checklist_asks_for(among_forces):
    assert list(faults_of_access(among_forces)) == []
    names = openpyxl.load_workbook(among_forces).sheetnames
    assert names[7:9] == ["Compared with others", "Other forces"]


def test_without_a_comparison_there_are_no_such_sheets(made):
    tables = Book.read(made).tables
    assert not {"Compared with others", "Other forces"} & {*tables}
    assert not {row["Table"] for row in tables["Data dictionary"]} & {"comparators.csv", "other_forces.csv"}


def test_the_dashboard_has_plain_words_and_rounded_numbers(made, results):
    book = openpyxl.load_workbook(made)
    rows = Book.read(made).tables["Dashboard"]
    shown = [one for one in results.values() if not one.measure]
    share, row = next(pair for pair in zip(shown, rows, strict=True) if pair[0].unit == "percent" and pair[0].latest)
    assert row["Unit"] == "percent" and row["Latest"] == share.latest
    assert not any("_" in str(row[head]) for row in rows for head in ("Unit", "Result", "How sure"))
    (table,) = book["Dashboard"].tables.values()
    heads = [str(cell.value).split("\n")[0] for cell in book["Dashboard"][table.ref][0]]
    formats = {
        line[heads.index("Latest")].number_format
        for line in book["Dashboard"][table.ref][1:]
        if line[heads.index("Unit")].value == "percent" and is_number(line[heads.index("Latest")].value)
    }
    assert formats == {"#,##0.0"}


def test_what_is_withheld_is_a_sign_on_every_sheet(made, results):
    hidden = [one for one in results.values() if one.latest_shorthand and not one.measure]
    assert hidden
    tables = Book.read(made).tables
    for one in hidden:
        (row,) = (row for row in tables["Indicators"] if row["indicator"] == one.indicator)
        assert row["latest"] == one.latest_shorthand
        assert row["change"] in ("[c]", "[x]", "[z]")


def test_nothing_of_a_withheld_table_is_in_it(data, results, tmp_path):
    shown = openpyxl.load_workbook(workbook_of(data, results, tmp_path))
    plan = data.plan
    withheld = [name for name, spec in plan.series.items() if data.office.withheld(spec.table)]
    assert withheld and not {sheet_names(plan)[name] for name in withheld} & {*shown.sheetnames}


def test_an_office_without_a_series_has_a_workbook_all_the_same(data, results, tmp_path):
    empty = dataclasses.replace(data, points={})
    without = {
        name: dataclasses.replace(one, latest=None, baseline=None, year_latest=None, year_before=None)
        for name, one in results.items()
    }
    names = openpyxl.load_workbook(workbook_of(empty, without, tmp_path)).sheetnames
    assert "Dashboard" in names and not {*names} - {*OTHER_SHEETS}
