"""What a table may not say of its layout: each mistake with the line of the plan, in one sentence."""

import pytest

from panelpack.config.layout_checks import FORMS_OF, format_of, layout_mistakes
from panelpack.config.plan import SupplierFile

COLUMNS = {"month": "month", "area": "category", "n": "count"}


def table(**given):
    return SupplierFile.model_validate({"file": "t.csv", "columns": COLUMNS, "key": ["month", "area"]} | given)


def mistakes(**given):
    return [(at[2:], words) for at, words in layout_mistakes(("tables", "t"), table(**given))]


def test_a_plain_table_has_no_mistake():
    assert mistakes() == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.csv", "csv"),
        ("A.CSV", "csv"),
        ("a.csv.gz", "csv"),
        ("table *.XLSX", "xlsx"),
        ("a.xlsm", "xlsx"),
        ("a.xls", "xls"),
        ("a.ods", "ods"),
        ("a.parquet", "parquet"),
        ("a.tsv", "csv"),
        ("a.pdf", None),
        ("a*", None),
    ],
)
def test_the_format_is_told_by_the_end_of_the_name(name, found):
    assert format_of(table(file=name)) == found


def test_a_stated_format_comes_first():
    assert format_of(table(file="t.dat", layout={"format": "ods"})) == "ods"
    assert mistakes(file="t.dat", layout={"format": "ods"}) == []


HAS = "is no column of the table, which has month, area, n."
WRONG = {
    "an ending that is none": (
        {"file": "t.pdf"}, (),
        "'t.pdf' ends in none of .csv, .csv.gz, .txt, .tsv, .xlsx, .xlsm, .xls, .ods, .parquet. Name the file in full, "
        "or say `format` in its layout.",
    ),
    "sheet and sheets": (
        {"file": "t.ods", "layout": {"sheet": "a", "sheets": "b*"}}, ("layout", "sheets"),
        "`sheet` and `sheets` are given, expected one of them. Remove the other.",
    ),
    "sheets of a csv": (
        {"layout": {"sheet": "a"}}, ("layout",), "a csv file has no sheets. Remove `sheet` and `sheets`.",
    ),
    "counted in a workbook": (
        {"file": "t.xlsx", "columns": {"month": "month", "n": "count"}, "key": ["month"],
         "layout": {"counted": {"by": ["month"], "column": "n"}}},
        ("layout", "counted"), "rows are counted in csv and parquet files, found xlsx. Remove `counted`.",
    ),
    "a head of no column": ({"layout": {"heads": {"Area": "District"}}}, ("layout", "heads"), f"'Area' {HAS}"),
    "a joined column that is none": ({"layout": {"join": {"when": ["a", "b"]}}}, ("layout", "join"), f"'when' {HAS}"),
    "a form of no column": ({"layout": {"forms": {"when": "Apr-22"}}}, ("layout", "forms"), f"'when' {HAS}"),
    "a form of a count": (
        {"layout": {"forms": {"n": "Apr-22"}}}, ("layout", "forms"),
        "'n' is a count, and only months, quarters and dates have forms.",
    ),
    "a quarter's form of a month": (
        {"layout": {"forms": {"month": "Q1 2022/23"}}}, ("layout", "forms"),
        f"'month' is a month, which 'Q1 2022/23' cannot be; one of {', '.join(FORMS_OF['month'])} can.",
    ),
    "wide by no column": (
        {"layout": {"wide": {"period": "when", "value": "n"}}}, ("layout", "wide"), f"'when' {HAS}",
    ),
    "wide by a category": (
        {"layout": {"wide": {"period": "area", "value": "n"}}}, ("layout", "wide"),
        "'area' must be a month, a quarter or a date of the table. Correct it.",
    ),
    "wide of a category": (
        {"layout": {"wide": {"period": "month", "value": "area"}}}, ("layout", "wide"),
        "'area' must be a count or a decimal of the table. Correct it.",
    ),
    "counted beside another column": (
        {"layout": {"counted": {"by": ["month"], "column": "n"}}}, ("layout", "counted"),
        "'area' is neither counted by nor the number counted. Remove the column.",
    ),
    "counted into a category": (
        {"layout": {"counted": {"by": ["month", "n"], "column": "area"}}}, ("layout", "counted"),
        "'area' must be a count of the table. Correct its kind.",
    ),
    "wide and counted": (
        {"layout": {"wide": {"period": "month", "value": "n"}, "counted": {"by": ["month", "area"], "column": "n"}}},
        ("layout", "counted"), "a table is either `wide` or `counted`. Remove one.",
    ),
    "one sign for two": (
        {"layout": {"thousands": ",", "decimal": ","}}, ("layout", "thousands"),
        "',' cannot stand for thousands and for the decimal point.",
    ),
    "an optional column that is none": ({"optional": ["x"]}, ("optional",), f"'x' {HAS}"),
    "an optional key": (
        {"optional": ["area"]}, ("optional",),
        "'area' is part of the key, so no cell of it may be empty. Remove it here.",
    ),
    "a first quarter of a table of months": (
        {"supplied_since": "2014Q1"}, ("supplied_since",), "'2014Q1' is no month, as 'month' is. Write a month.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "at", "words"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_one_sentence_at_its_place(given, at, words):
    assert mistakes(**given) == [(at, words)]


def test_a_month_may_be_written_as_a_day_and_a_quarter_as_a_month():
    assert mistakes(layout={"forms": {"month": "01/04/2022"}}) == []
    assert mistakes(columns={"month": "quarter", "area": "category", "n": "count"},
                    layout={"forms": {"month": "Apr-22"}}) == []  # fmt: skip
