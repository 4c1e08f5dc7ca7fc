"""Raw files: whether they are the ones received, and their cells as text under spreadsheet row numbers."""

import hashlib
import re

import openpyxl
import pytest

from panelpack.config.plan import SupplierFile
from panelpack.errors import ConfigurationError, SourceError
from panelpack.indicators.quarter_data import configuration
from panelpack.intake.files import check_sources, load_sources, read_text, typed

CRIME = SupplierFile(file="crime.csv", columns={"month": "month", "offences": "count"}, key=["month"])
BOOK = SupplierFile(
    file="book.xlsx", sheet="Data", header_row=3, columns={"Quarter": "quarter", "Number": "count"}, key=["Quarter"]
)


# ------------------------------------------------------------------------------- are they the files received
@pytest.fixture
def check(project_copy, quarter):
    """Run the check on the copy after a change to it; return its folder and what was found."""

    def run(change=lambda folder: None, *edits):
        folder = project_copy.raw(quarter)
        change(folder)
        for name, before, after in edits:
            path = project_copy.root / name
            text = path.read_text(encoding="utf-8")
            assert before in text
            path.write_text(text.replace(before, after, 1), encoding="utf-8")
        plan, params, sources = configuration(project_copy, quarter)
        return folder, check_sources(folder, sources, plan, params)

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
    "table without a file": (
        (SOURCES, "table: asb_incidents", "table: asb"),
        "no file is given for table 'asb_incidents', expected asb_incidents.csv. Add its entry.",
    ),
    "file for a table that is none": (
        (SOURCES, "table: asb_incidents", "table: asb"),
        "asb_incidents.csv is for table 'asb', which the plan has not. Correct it.",
    ),
    "another file name": (
        ("params/plan.yml", "file: asb_incidents.csv", "file: asb.csv"),
        "table 'asb_incidents' is asb_incidents.csv, the plan expects asb.csv. Make them agree.",
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


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("sensitivity: embargoed\n", "sensitivity: internal\n",
         "drug_treatment.csv: the sensitivity 'embargoed' and embargoed_until belong together."),
        ("    basis: Printed percentages met", "    basis: ''  #",
         "victim_survey.csv: a reconstructed file needs a basis. Say what it was made from."),
        ("    sha256: ", "    sha256: x", "files.recorded_crime.csv.sha256: "),
    ],
    ids=["embargo without its date", "reconstructed from nothing", "no checksum"],
)  # fmt: skip
def test_sources_yml_may_not_contradict_itself(before, after, expected, project, quarter, tmp_path):
    text = (project.raw(quarter) / "sources.yml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "sources.yml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_sources(tmp_path)
    pattern = rf"{re.escape(str(tmp_path / 'sources.yml'))}, line \d+: {re.escape(expected)}"
    assert re.match(pattern, str(caught.value)), str(caught.value)


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
