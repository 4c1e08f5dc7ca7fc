"""The Home Office's table: its layouts, its dirt, and the sums that it must give."""

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest
from research.backtest.offence_series import Mapping, force_series, load_mapping

from panelpack.errors import ConfigurationError, SourceError
from panelpack.intake.official_table import read_official_table

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
TABLE = SHARED / "data" / "police_recorded_crime_pfa_12_forces.csv.gz"
SUMS = SHARED / "reference" / "leicestershire_recorded_crime_by_quarter.csv"
KEPT = load_mapping(ROOT / "data" / "projection" / "offences.yml")
COLUMNS = KEPT.columns.model_dump()
HEADER = ",".join(COLUMNS.values())
ROWS = (
    "2001/02,1,North,Robbery,Robbery,Robbery of personal property,34B,7",
    "2001/02,1,North,Taking (outcomes only),Theft offences,Theft of a motor vehicle,37.200000000000003,5",
    "2001/02,2,North,Robbery,Robbery,Robbery of personal property,34B,-2",
    "2001/02,2,North,Taking,Theft offences,Theft of a car,37.2,4",
)
MAPPING = Mapping.model_validate(
    {
        "source": {"title": "A table", "release": "a year", "licence": "a licence", "sha256": "0" * 64},
        "columns": COLUMNS,
        "series": {
            "all": {"title": "All"},
            "robbery": {"title": "Robbery", "groups": ["Robbery"]},
            "taking": {"title": "Taking", "subgroups": ["Theft of a motor vehicle", "Theft of a car"]},
        },
    }
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
    assert list(table["code"]) == ["34B", "37.2", "34B", "37.2"]
    series = force_series(table, MAPPING)
    assert list(series.index) == ["2001Q1", "2001Q2"]
    assert list(series["all", "North"]) == [12, 2]  # the correction of -2 stays in the sum
    assert list(series["robbery", "North"]) == [7, -2]
    assert list(series["taking", "North"]) == [5, 4]  # an "(outcomes only)" row counts; so does the new name


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
    ("rows", "header", "said"),
    [
        (ROWS, HEADER.replace("Offence Subgroup", "Subgroup"), "the column 'Offence Subgroup' is missing"),
        ((ROWS[0].replace("2001/02", "2001"),), HEADER, "'2001' was found, expected a financial year"),
        ((ROWS[0].replace(",1,North", ",5,North"),), HEADER, "'5' was found, expected 1 to 4"),
        ((ROWS[0].replace(",7", ",seven"),), HEADER, "'seven' was found, expected a whole number"),
        ((ROWS[0], ROWS[0]), HEADER, "stands twice, expected one row"),
    ],
)
def test_mistakes_are_one_sentence(write, rows, header, said):
    with pytest.raises(SourceError, match=r"table\.csv") as caught:
        read_official_table(write(*rows, header=header), COLUMNS)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["none.csv", "none.xlsx"])
def test_a_missing_file(tmp_path, name):
    with pytest.raises(SourceError, match="there is no such file"):
        read_official_table(tmp_path / name, COLUMNS)


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.xlsx"])
def test_a_file_that_is_no_table(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"\x00\xff\xfe no table")
    with pytest.raises(SourceError, match=r"x\."):
        read_official_table(path, COLUMNS)


def test_a_workbook_without_the_table(tmp_path):
    path = tmp_path / "other.xlsx"
    pd.DataFrame({"a": [1]}).to_excel(path, index=False)
    with pytest.raises(SourceError, match="no sheet has the columns"):
        read_official_table(path, COLUMNS)


def test_a_renamed_subgroup_is_not_a_zero(write):
    table = read_official_table(write(*ROWS[:3], ROWS[3].replace("of a car", "of a van")), COLUMNS)
    with pytest.raises(SourceError, match="2001Q2: no row is of the series 'taking'"):
        force_series(table, MAPPING)


def test_a_force_that_misses_a_quarter_is_left_out(write):
    south = ROWS[0].replace("North", "South")
    series = force_series(read_official_table(write(*ROWS, south), COLUMNS), MAPPING)
    assert set(series.columns.get_level_values("force")) == {"North"}


def test_a_break_of_no_series(tmp_path):
    path = tmp_path / "offences.yml"
    columns = f"source: {MAPPING.source.model_dump_json()}\ncolumns: {json.dumps(COLUMNS)}\n"
    series = "series: {a: {title: A}}\nbreaks: [{series: b, from: 2001Q1, reason: new}]\n"
    path.write_text(columns + series, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="line 4: 'b' is not a series"):
        load_mapping(path)


@pytest.mark.skipif(not TABLE.exists(), reason="the official table is not beside this checkout")
def test_sums_of_the_official_table():
    series = force_series(read_official_table(TABLE, COLUMNS), KEPT)
    printed = pd.read_csv(SUMS, index_col="quarter")
    compared = [name for name in KEPT.series if name in printed]
    assert len(compared) == 8
    ours = series.xs("Leicestershire", axis="columns", level="force").loc[printed.index, compared]
    pd.testing.assert_frame_equal(ours, printed[compared], check_dtype=False, check_names=False)
