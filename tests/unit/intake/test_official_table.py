"""The Home Office's table of recorded crime: its layouts, its dirt, and what is no such table."""

import gzip

import pandas as pd
import pytest

from panelpack.errors import SourceError
from panelpack.intake.official_table import read_official_table

COLUMNS = {
    "year": "Financial Year",
    "number": "Financial Quarter",
    "force": "Force Name",
    "description": "Offence Description",
    "group": "Offence Group",
    "subgroup": "Offence Subgroup",
    "code": "Offence Code",
    "offences": "Number of Offences",
}
HEADER = ",".join(COLUMNS.values())
ROWS = (
    "2001/02,1,North,Robbery,Robbery,Robbery of personal property,34B,7",
    "2001/02,1,North,Taking (outcomes only),Theft offences,Theft of a motor vehicle,37.200000000000003,5",
    "2001/02,2,North,Robbery,Robbery,Robbery of personal property,34B,-2",
    "2001/02,2,North,Taking,Theft offences,Theft of a car,37.2,4",
)


@pytest.fixture
def write(tmp_path):
    def _write(*rows, header=HEADER, name="table.csv"):
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]), encoding="utf-8")
        return path

    return _write


def test_dirt_is_kept_where_it_counts_and_mended_where_it_does_not(write):
    table = read_official_table(write(*ROWS), COLUMNS)
    assert list(table.columns) == list(COLUMNS)
    assert list(table["code"]) == ["34B", "37.2", "34B", "37.2"]
    assert list(table["offences"]) == [7, 5, -2, 4], "a count that takes offences back stays, and so does each row"
    assert list(table["description"])[1] == "Taking (outcomes only)"


def test_gzip_and_workbook_read_as_csv_does(write, tmp_path):
    plain = write(*ROWS)
    zipped = tmp_path / "table.csv.gz"
    zipped.write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
    raw = pd.read_csv(plain)
    raw["Offence Code"] = [34, 37.2, 34, 37.200000000000003]
    book = tmp_path / "table.xlsx"
    with pd.ExcelWriter(book) as sheets:
        pd.DataFrame(["Police recorded crime"]).to_excel(sheets, sheet_name="Cover", index=False, header=False)
        raw.iloc[:2].to_excel(sheets, sheet_name="Q1", index=False, startrow=3)
        raw.iloc[2:].to_excel(sheets, sheet_name="Q2", index=False)
    expected = read_official_table(plain, COLUMNS)
    pd.testing.assert_frame_equal(read_official_table(zipped, COLUMNS), expected)
    counted = read_official_table(book, COLUMNS)
    pd.testing.assert_frame_equal(counted.drop(columns="code"), expected.drop(columns="code"))
    assert list(counted["code"]) == ["34", "37.2", "34", "37.2"]


@pytest.mark.parametrize(
    ("rows", "header", "words"),
    [
        (ROWS, HEADER.replace("Offence Subgroup", "Subgroup"), "the column 'Offence Subgroup' is missing"),
        ((ROWS[0].replace("2001/02", "2001"),), HEADER, "'2001' was found, expected a financial year"),
        ((ROWS[0].replace(",1,North", ",5,North"),), HEADER, "'5' was found, expected 1 to 4"),
        ((ROWS[0].replace(",7", ",seven"),), HEADER, "'seven' was found, expected a whole number"),
        ((ROWS[0], ROWS[0]), HEADER, "stands twice, expected one row"),
    ],
)
def test_mistakes_are_one_sentence(write, rows, header, words):
    with pytest.raises(SourceError, match=r"table\.csv") as caught:
        read_official_table(write(*rows, header=header), COLUMNS)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("rows", [65_535, 65_536])
def test_a_table_that_ends_where_an_old_workbook_does_is_refused(tmp_path, rows):
    path = tmp_path / "table.csv"
    row = "2001/02,{},North,Robbery,Robbery,Robbery of personal property,34B-{},7\n"
    path.write_text(HEADER + "\n" + "".join(row.format(1 + n % 4, n) for n in range(rows)), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_official_table(path, COLUMNS)
    assert str(caught.value) == (
        f"{path}: the table ends after exactly 65,536 rows, the most that a workbook of one kind can hold, so what "
        "came below was cut off. Give the police force area table as published."
    )


@pytest.mark.parametrize("name", ["none.csv", "none.xlsx"])
def test_a_missing_file_is_named(tmp_path, name):
    with pytest.raises(SourceError, match="there is no such file"):
        read_official_table(tmp_path / name, COLUMNS)


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.xlsx"])
def test_a_file_that_is_no_table_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"\x00\xff\xfe no table")
    with pytest.raises(SourceError) as caught:
        read_official_table(path, COLUMNS)
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith(". Give a csv, csv.gz or xlsx file.")


def test_a_workbook_without_the_table_is_refused(tmp_path):
    path = tmp_path / "other.xlsx"
    pd.DataFrame({"a": [1]}).to_excel(path, index=False)
    with pytest.raises(SourceError, match="no sheet has the columns"):
        read_official_table(path, COLUMNS)
