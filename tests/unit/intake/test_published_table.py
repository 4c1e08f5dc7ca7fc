"""The official table: read by its preset, whatever file it comes in; its forces; its cut."""

import gzip

import openpyxl
import pytest

import official_rows
import running
from panelpack.errors import SourceError, UsageError
from panelpack.intake.published_table import cut_bytes, read_published
from panelpack.periods import Quarter
from panelpack.project import Project

SOFTWARE = Project(running.ROOT)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return read_published(SOFTWARE, official_rows.write(tmp_path_factory.mktemp("published") / "table.csv.gz"))


def test_the_table_is_read_with_its_corrections_below_zero(table):
    assert table.forces == sorted(official_rows.FORCES)
    assert table.quarters("Westmoor")[0] == "2012Q1" and table.quarters("Westmoor")[-1] == "2015Q1"
    assert (table.rows["Number of Offences"] == "-5").sum() == len(official_rows.FORCES)


def test_a_workbook_with_a_sheet_a_year_behind_sheets_of_notes_is_the_same_table(table, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    book.active.append(["Police recorded crime"])
    years = {row[0] for row in official_rows.rows()}
    for year in sorted(years):
        sheet = book.create_sheet(year.replace("/", "-"))
        sheet.append(["Figures by quarter"])
        sheet.append(official_rows.HEADS)
        for row in official_rows.rows():
            if row[0] == year:
                sheet.append([*row[:1], int(row[1]), *row[2:-1], int(row[-1])])
    book.save(tmp_path / "table.xlsx")
    read = read_published(SOFTWARE, tmp_path / "table.xlsx")
    until = Quarter(2014, 4)
    assert cut_bytes(read.of_force("Westmoor", until), read.spec) == cut_bytes(
        table.of_force("Westmoor", until), table.spec
    )


def test_the_cut_has_the_rows_and_heads_as_published_up_to_the_quarter(table):
    cut = gzip.decompress(cut_bytes(table.of_force("Fen & Marsh", Quarter(2014, 4)), table.spec)).decode()
    wanted = [row for row in official_rows.rows(last=Quarter(2014, 4)) if row[2] == "Fen & Marsh"]
    assert cut == official_rows.text(wanted)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Fen and Marsh", "Fen & Marsh"),
        ("fen & marsh", "Fen & Marsh"),
        ("City of Haven", "Haven, City of"),
        ("Haven Police", "Haven, City of"),
        ("West", "Westmoor"),
        ("Westmore", "Westmoor"),
        ("Westmoor Constabulary", "Westmoor"),
    ],
)
def test_a_force_that_is_almost_one_of_the_table_is_asked_for(table, typed, meant):
    with pytest.raises(UsageError) as error:
        table.force(typed)
    assert f"Did you mean {meant!r}" in str(error.value) and str(error.value).startswith(f"FORCE={typed!r}: ")


def test_a_force_that_is_none_is_told_with_those_that_there_are(table):
    with pytest.raises(UsageError, match="expected one of Fen & Marsh; Haven, City of; Westmoor"):
        table.force("Atlantis")


LINES = official_rows.rows()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("other.csv", b"id,title\n1,x\n", "expected 'Financial Year'"),
        ("empty.csv", b"", "the file is empty"),
        ("heads.csv", official_rows.text([]).encode(), "no row below its heads"),
        ("semicolons.csv", official_rows.text(LINES).replace(",", ";").encode(), "separated by"),
        ("text.csv.gz", b"no gzip at all", "expected"),
        ("book.xlsx", b"no workbook", "expected"),
        ("page.csv", b"<!doctype html><html></html>", "a web page"),
        ("notes.md", b"# notes", "'.md'"),
        ("year.csv", official_rows.text([("2012 to 2013", *LINES[0][1:])]).encode(), "row 2, column 'Quarter'"),
        ("count.csv", official_rows.text([*LINES[:3], (*LINES[3][:-1], "many")]).encode(), "found 'many'"),
        (
            "less.csv",
            official_rows.text(LINES).replace("Number of Offences", "Offences").encode(),
            "'Number of Offences'",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_file_that_is_not_the_table_is_one_line(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError) as error:
        read_published(SOFTWARE, tmp_path / name)
    message = str(error.value)
    assert words in message and message.startswith(f"DATA='{tmp_path / name}'") and "\n" not in message
    assert message.endswith("(csv, csv.gz, xlsx or ods).") and "params/plan.yml" not in message


def test_dirt_is_kept_where_it_counts_and_mended_where_it_does_not(tmp_path):
    dirty = [
        ("2001/02", "1", "North", "Taking (outcomes only)", "Theft", "Theft of a vehicle", "37.200000000000003", "5"),
        ("2001/02", "2", "North", "Robbery", "Robbery", "Robbery of personal property", "34B", "-2"),
    ]  # fmt: skip
    typed = read_published(SOFTWARE, official_rows.write(tmp_path / "dirt.csv", dirty)).typed()
    assert list(typed["code"]) == ["37.2", "34B"]
    assert list(typed["offences"]) == [5, -2], "a count that takes offences back stays, and so does each row"
    assert list(typed["description"]) == ["Taking (outcomes only)", "Robbery"]
    assert list(typed["quarter"]) == ["2001Q1", "2001Q2"]


@pytest.mark.parametrize("code", ["28A", "28A.0"])
def test_an_offence_that_stands_twice_is_refused(tmp_path, code):
    lines = [(*line[:6], line[6].replace("28A", "37.2"), line[7]) for line in LINES]
    again = next(line for line in lines if line[6] == "37.2")
    other = (*again[:6], "37.200000000000003" if code == "28A.0" else "37.2", "1")
    with pytest.raises(SourceError) as error:
        read_published(SOFTWARE, official_rows.write(tmp_path / "table.csv", [*lines, other]))
    assert str(error.value) == (
        f"DATA='{tmp_path / 'table.csv'}': 'Burglary in a dwelling' of 'Westmoor' in 2012Q1 stands twice, expected one "
        "row. Remove one."
    )


@pytest.mark.parametrize("rows", [65_535, 65_536])
def test_a_table_that_ends_where_an_old_workbook_does_is_refused(tmp_path, rows):
    path = tmp_path / "table.csv"
    row = "2001/02,{},North,Robbery,Robbery,Robbery of personal property,34B-{},7\n"
    heads = ",".join(official_rows.HEADS) + "\n"
    path.write_text(heads + "".join(row.format(1 + n % 4, n) for n in range(rows)), encoding="utf-8")
    with pytest.raises(SourceError) as error:
        read_published(SOFTWARE, path)
    assert "the table ends after exactly 65,536 rows" in str(error.value) and "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(SourceError, match="there is no such file"):
        read_published(SOFTWARE, tmp_path / "nowhere.csv")
