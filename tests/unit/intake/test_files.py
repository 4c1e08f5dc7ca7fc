"""Raw files: whether they are the ones received, and their cells as text under spreadsheet row numbers."""

import hashlib

import openpyxl
import pandas as pd
import pytest

from panelpack.config.plan import SupplierFile
from panelpack.config.sources import load_sources
from panelpack.errors import SourceError
from panelpack.intake.files import check_sources, read_table, read_text, typed

CRIME = SupplierFile(file="crime.csv", columns={"month": "month", "offences": "count"}, key=["month"])
BOOK = SupplierFile(
    file="book.xlsx", layout=Layout(sheet="Data", header_row=3), columns={"Quarter": "quarter", "Number": "count"}, key=["Quarter"]
)


# ------------------------------------------------------------------------------- are they the files received
@pytest.fixture
def check(project_copy, quarter, read_office):
    """Return a function that checks the copy after a change to it: its folder, and what was found."""

    def run(change=lambda folder: None, *edits):
        folder = project_copy.raw(quarter)
        change(folder)
        for name, before, after in edits:
            path = project_copy.root / name
            text = path.read_text(encoding="utf-8")
            assert before in text
            path.write_text(text.replace(before, after, 1), encoding="utf-8")
        return folder, check_sources(read_office())

    return run


SOURCES = "data/raw/2015Q1/sources.yml"
EDITS = {
    "embargo dates disagree": (
        (SOURCES, "embargoed_until: 2015-11-05", "embargoed_until: 2015-11-04"),
        "drug_treatment.csv is embargoed until 2015-11-04, params/2015Q1.yml says 2015-11-05. "
        "Make them agree.",
    ),
    "embargo in the parameters only": (
        ("params/2015Q1.yml", "  reoffending_cohorts:\n    status: provisional\n",
         "  reoffending_cohorts:\n    status: embargoed\n    release_date: 2015-12-01\n"),
        "reoffending_cohorts.csv is embargoed until None, params/2015Q1.yml says 2015-12-01. "
        "Make them agree.",
    ),
    "a column of a reconstructed file that nothing is said of": (
        (SOURCES, "      incidents: {", "      incident: {"),
        "night_time_economy.csv, columns: 'incidents' is not described, expected what each of its columns rests on. "
        "Correct the entry.",
    ),
    "a column that the table does not have": (
        (SOURCES, "      incidents: {", "      incident: {"),
        "night_time_economy.csv, columns: 'incident' is described, expected what each of "
        "its columns rests on. Correct the entry.",
    ),
    "columns of a received file": (
        (SOURCES, "reconstructed: true", "reconstructed: false"),
        "recorded_crime.csv, columns: 'month' is described, expected nothing of a received "
        "file. Correct the entry.",
    ),
    "table without a file": (
        (SOURCES, "table: night_time_economy", "table: night"),
        "no file is given for table 'night_time_economy', expected night_time_economy.csv. Add its entry.",
    ),
    "file for a table that is none": (
        (SOURCES, "table: night_time_economy", "table: night"),
        "night_time_economy.csv is for table 'night', which is not in the plan. Correct it.",
    ),
    "another file name": (
        ("params/plan.yml", "file: night_time_economy.csv", "file: night.csv"),
        "table 'night_time_economy' is night_time_economy.csv, the plan expects night.csv. Make them agree.",
    ),
}  # fmt: skip


def test_the_raw_files_are_the_ones_received(check):
    assert check()[1] == []


def test_a_changed_file_is_named_with_both_checksums(check):
    def change(folder):
        with (folder / "savings.csv").open("a") as file:
            file.write("to_find,1.0,2015-03-31\n")

    folder, problems = check(change)
    now = hashlib.sha256((folder / "savings.csv").read_bytes()).hexdigest()
    was = load_sources(folder).files["savings.csv"].sha256
    assert problems == [
        f"data/raw/2015Q1/savings.csv: sha256 is {now}, sources.yml has {was}. If the supplier sent a new file, "
        "record it with: make receive Q=2015Q1"
    ]


def test_a_missing_file_is_named_with_its_supplier(check):
    folder, problems = check(lambda folder: (folder / "savings.csv").unlink())
    supplier = load_sources(folder).files["savings.csv"].supplier
    assert problems == [f"data/raw/2015Q1/savings.csv: the file is missing. Put it there or ask {supplier}."]


def test_a_file_without_an_entry_is_named_unless_it_is_hidden(check):
    def change(folder):
        (folder / "extra.csv").write_text("a\n")
        (folder / ".hidden").write_text("a\n")

    _, problems = check(change)
    assert problems == [
        "data/raw/2015Q1/extra.csv: sources.yml has no entry for this file. Add one or remove the file."
    ]


@pytest.mark.parametrize(("edit", "expected"), EDITS.values(), ids=EDITS)
def test_what_does_not_agree_is_named(edit, expected, check):
    _, problems = check(lambda folder: None, edit)
    assert f"{SOURCES}: {expected}" in problems


# ----------------------------------------------------------------------------------------------------- csv
def write_csv(folder, content):
    (folder / "crime.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_cells_are_text_exactly_as_supplied_under_spreadsheet_rows(tmp_path):
    frame = read_text(write_csv(tmp_path, "month,offences\n2015-04, 010\n2015-05,NA\n2015-06,\n"), CRIME)
    assert list(frame.index) == [2, 3, 4]
    assert list(frame["offences"]) == [" 010", "NA", ""]


def test_a_blank_line_counts_as_a_row(tmp_path):
    frame = read_text(write_csv(tmp_path, "month,offences\n2015-04,1\n\n2015-06,3\n"), CRIME)
    assert frame.loc[4, "month"] == "2015-06"


def test_a_byte_order_mark_is_no_part_of_a_head(tmp_path):
    frame = read_text(write_csv(tmp_path, b"\xef\xbb\xbfmonth,offences\r\n2015-04,1\r\n"), CRIME)
    assert list(frame.columns) == ["month", "offences"]
    assert list(frame.loc[2]) == ["2015-04", "1"]


RAGGED = {
    "a longer row": ("month,offences\n2015-04,1\n2015-05,2,3\n", "the file cannot be read as a table: "),
    "every row longer": (
        "month,offences\n2015-04,1,9\n2015-05,2,9\n",
        "the rows have more cells than the head, which has 2. Correct the file.",
    ),
    "an unclosed quote": ('month,offences\n2015-04,"1\n', "the file cannot be read as a table: "),
    "empty": ("", "the file cannot be read as a table: No columns to parse from file. Ask for a new one."),
    "not UTF-8": (b"month,offences\n2015-04,\xa31\n", "the file is not UTF-8 text. Ask the supplier for UTF-8."),
}


@pytest.mark.parametrize(("content", "expected"), RAGGED.values(), ids=RAGGED)
def test_a_file_that_is_no_table_is_refused(content, expected, tmp_path):
    with pytest.raises(SourceError) as caught:
        read_text(write_csv(tmp_path, content), CRIME)
    assert str(caught.value).startswith(f"{tmp_path / 'crime.csv'}: {expected}")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SourceError) as caught:
        read_text(tmp_path, CRIME)
    assert str(caught.value) == f"{tmp_path / 'crime.csv'}: the file is missing. Put it there."


# ------------------------------------------------------------------------------------------------ workbooks
def write_book(folder, rows, sheet="Data"):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    made = book.create_sheet(sheet)
    for row in rows:
        made.append(row)
    book.save(folder / "book.xlsx")
    return folder


HEADED = [["Youth offending"], [None], ["Quarter", "Number"]]


def test_a_workbook_is_read_below_its_heads_under_its_own_rows(tmp_path):
    rows = [*HEADED, ["2015Q1", 36], [None, None], ["2015Q2", None], [None, None]]
    frame = read_text(write_book(tmp_path, rows), BOOK)
    assert list(frame.columns) == ["Quarter", "Number"]
    assert frame.to_dict("index") == {
        4: {"Quarter": "2015Q1", "Number": "36"},
        6: {"Quarter": "2015Q2", "Number": ""},
    }


def test_a_missing_sheet_is_named_with_those_that_there_are(tmp_path):
    with pytest.raises(SourceError) as caught:
        read_text(write_book(tmp_path, HEADED, sheet="Figures"), BOOK)
    assert str(caught.value) == (
        f"{tmp_path / 'book.xlsx'}: found the sheets 'Notes', 'Figures', expected 'Data'. Rename the sheet."
    )


@pytest.mark.parametrize("rows", [[["Youth offending"]], [["Youth"], ["a"], [None, None], ["Quarter", "Number"]], []])
def test_a_head_row_that_is_empty_is_named(rows, tmp_path):
    with pytest.raises(SourceError) as caught:
        read_text(write_book(tmp_path, rows), BOOK)
    assert str(caught.value) == (
        f"{tmp_path / 'book.xlsx'}, row 3: found no column heads, expected Quarter, Number. "
        "Correct header_row in params/plan.yml or the workbook."
    )


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    (tmp_path / "book.xlsx").write_text("Quarter,Number\n")
    with pytest.raises(SourceError) as caught:
        read_text(tmp_path, BOOK)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'book.xlsx'}: the file cannot be read as a table: ")
    assert message.endswith(". Ask for a new one.")


def test_typed_makes_numbers_of_counts_and_decimals_only(tmp_path):
    table = CRIME.model_copy(update={"columns": {"month": "month", "offences": "count", "rate": "decimal"}})
    frame = typed(read_text(write_csv(tmp_path, "month,offences,rate\n2015-04,012,2.50\n"), table), table)
    assert list(frame.loc[2]) == ["2015-04", 12, 2.5]
    assert frame["offences"].dtype == "int64"


# --------------------------------------------------------------------------------- tables that we wrote ourselves
@pytest.fixture
def read(tmp_path):
    """Return a function that writes a csv of that text, if any, and reads it as a table of the columns a and b."""

    def read(content, **how):
        path = tmp_path / "ours.csv"
        if content is not None:
            path.write_text(content, encoding="utf-8")
        return read_table(path, ["a", "b"], "Write it again.", what="the table of tests", **how)

    return read


def test_a_table_of_ours_is_read_with_numbers_or_as_text(read):
    pd.testing.assert_frame_equal(read("a,b\n1,x\n"), pd.DataFrame({"a": [1], "b": ["x"]}))
    assert read("a,b\n010,NA\n", text=True).to_dict("records") == [{"a": "010", "b": "NA"}]


@pytest.mark.parametrize(
    ("content", "how", "said"),
    [
        (None, {}, "the file is missing, expected the table of tests. Write it again."),
        ("", {}, "the table of tests cannot be read: No columns to parse from file. Write it again."),
        ("a\n1\n", {}, "found the columns ['a'], expected ['a', 'b']. Write it again."),
        ("b,a\n1,2\n", {}, "found the columns ['b', 'a'], expected ['a', 'b']. Write it again."),
        (
            "a,b\n1,2\n",
            {"check": lambda frame: False},
            "the cells are not those of the table of tests. Write it again.",
        ),
    ],
    ids=["missing", "empty", "a column too few", "another order", "cells that are refused"],
)
def test_what_is_no_such_table_is_refused_in_one_sentence(content, how, said, read, tmp_path):
    with pytest.raises(SourceError) as caught:
        read(content, **how)
    assert str(caught.value) == f"{tmp_path / 'ours.csv'}: {said}"
