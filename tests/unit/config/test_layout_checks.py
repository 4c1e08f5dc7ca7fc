"""Layouts that contradict their table, each with its sentence."""

import pytest
import yaml

from panelpack.config.layout_checks import find_layout_mistakes, find_table_mistakes, format_of, layout_line
from panelpack.config.supplied_table import SupplierFile

COLUMNS = {"month": "month", "quarter": "quarter", "day": "date", "area": "category", "n": "count"}
MISTAKES = {
    "a form of a column that is none": (
        {"forms": {"months": "Apr-22"}}, ("forms", "months"),
        "'months' is no column of the table, expected a column of months, quarters, years or dates.",
    ),
    "a form of a number": (
        {"forms": {"n": "Apr-22"}}, ("forms", "n"),
        "'n' is a count, expected a column of months, quarters, years or dates.",
    ),
    "a date from a month": (
        {"forms": {"day": "Apr-22"}}, ("forms", "day"),
        "a date cannot be told from 'Apr-22'; expected one of 2022-04-01, 01/04/2022, 1 April 2022, "
        "2022 (31 March), 2022 (30 June), 2022 (30 September), 2022 (31 December).",
    ),
    "a month from a quarter": (
        {"forms": {"month": "2022Q1"}}, ("forms", "month"),
        "a month cannot be told from '2022Q1'; expected one of 2022-04, 2022/04, 202204, 04/2022, Apr-22, Apr 2022, "
        "April 2022, 2022-04-01, 01/04/2022, 1 April 2022.",
    ),
    "a head of no column": (
        {"heads": {"place": "Place"}}, ("heads", "place"),
        "'place' is no column of the table, expected one of month, quarter, day, area, n.",
    ),
    "a head twice": (
        {"heads": {"day": "Date", "month": "Date"}}, ("heads", "month"),
        "two columns have the head 'Date'. Give each its own.",
    ),
    "a join of no column": (
        {"join": {"q": ["a", "b"]}}, ("join", "q"),
        "'q' is no column of the table, expected one of month, quarter, day, area, n.",
    ),
    "a join of nothing": (
        {"join": {"quarter": []}}, ("join", "quarter"), "no columns are named. Name those whose texts make it.",
    ),
    "wide by no period": (
        {"wide": {"period": "area", "value": "n"}}, ("wide", "period"),
        "'area' is no column of months, quarters, years or dates, expected one of month, quarter, day, area, n.",
    ),
    "wide without numbers": (
        {"wide": {"period": "month", "value": "area"}}, ("wide", "value"),
        "'area' is no column of counts or decimals, expected one of month, quarter, day, area, n.",
    ),
    "a row before the first": (
        {"header_row": 0}, ("header_row",), "it is 0, expected the number of a row. The first is 1.",
    ),
    "thousands as decimals": (
        {"thousands": "."}, ("thousands",), "thousands and decimal are both '.'. Say `decimal` too.",
    ),
    "a sign that is part of a number": (
        {"signs": ["£", "-"]}, ("signs", 1), "'-' would change a number, expected a sign beside it such as £ or %.",
    ),
    "until nothing": (
        {"until": ""}, ("until",),
        "it is empty, expected how the line begins. For an empty line say `until: blank`.",
    ),
    "a head of a column that is joined": (
        {"join": {"quarter": ["a", "b"]}, "heads": {"quarter": "Quarter"}}, ("heads", "quarter"),
        "'quarter' has no head of its own, for `join` makes it. Remove it here.",
    ),
    "a head of a column that is counted": (
        {"counted": {"by": ["month"], "column": "n"}, "heads": {"n": "N"}}, ("heads", "n"),
        "'n' has no head of its own, for `counted` makes it. Remove it here.",
    ),
    "a period that is joined and a head": (
        {"join": {"month": ["a", "b"]}, "wide": {"period": "month", "value": "n"}}, ("join", "month"),
        "both `join` and `wide` make 'month'. Remove one.",
    ),
    "rows picked by what is joined": (
        {"join": {"quarter": ["a", "b"]}, "leave_out": {"quarter": "2022Q1"}}, ("leave_out", "quarter"),
        "'quarter' is made by `join` after rows are picked. Pick them by a column of the file.",
    ),
    "rows picked by the value of a wide table": (
        {"wide": {"period": "month", "value": "n"}, "only": {"n": "0"}}, ("only", "n"),
        "'n' is made by `wide` after rows are picked. Pick them by a column of the file.",
    ),
    "a value that is wanted and is not": (
        {"only": {"area": ["North", "South"]}, "leave_out": {"area": ["South"]}}, ("leave_out", "area"),
        "'South' is under `only` and `leave_out`. Remove it from one of them.",
    ),
    "rows picked by no value": (
        {"only": {"area": []}}, ("only", "area"), "no value is named. Name the values, or remove the column.",
    ),
    "a period of a head that is none": (
        {"wide": {"period": "day", "value": "n", "periods": {"census": "27/03/2011"}}}, ("wide", "periods", "census"),
        "'27/03/2011' is no date in the plan's form. Correct it.",
    ),
    "counted by the number": (
        {"counted": {"by": ["month", "n"], "column": "n"}}, ("counted", "by"),
        "'n' is the number of rows, so nothing is counted by it. Remove it here.",
    ),
    "a sign with what groups thousands": (
        {"thousands": "'", "signs": ["'"]}, ("signs", 0), '"\'" holds what groups thousands. Remove it here.',
    ),
    "a sheet and sheets": (
        {"sheet": "a", "sheets": "b*"}, ("sheets",),
        "both `sheet` and `sheets` are given. Give `sheet` for one, `sheets` for several.",
    ),
}  # fmt: skip


def mistakes(layout):
    return list(find_layout_mistakes(SupplierFile(file="a.csv", columns=COLUMNS, key=["month"], layout=layout)))


@pytest.mark.parametrize("case", MISTAKES)
def test_a_layout_that_contradicts_its_table_is_a_mistake(case):
    layout, where, sentence = MISTAKES[case]
    assert (where, sentence) in mistakes(layout)


def test_what_is_joined_may_be_a_head_and_picked_by_where_it_is_a_part_itself():
    layout = {"join": {"quarter": ["year", "quarter"]}, "heads": {"quarter": "Q"}, "only": {"quarter": "1"}}
    assert mistakes(layout) == []


def test_layouts_that_fit_have_no_mistakes():
    layout = {
        "heads": {"Year": "Financial year", "area": "Force", "Kind": "Type"},
        "join": {"quarter": ["Year", "Q"]},
        "only": {"Kind": "all"},
        "forms": {"quarter": "2022/23 1", "month": "01/04/2022"},
        "wide": {"period": "day", "value": "n"},
        "thousands": ".",
        "decimal": ",",
        "signs": ["£", "%"],
    }
    assert mistakes(layout) == []


def test_a_line_of_a_layout_is_quoted_where_yaml_would_take_it_for_something_else():
    assert layout_line("forms", {"month": "2022-04-01"}) == "forms: {month: '2022-04-01'}"
    assert layout_line("forms", {"Month of year": "Apr-22"}) == "forms: {Month of year: Apr-22}"
    assert layout_line("heads", {"n": "Anzahl: Fälle"}) == "heads: {n: 'Anzahl: Fälle'}"
    assert layout_line("until", "blank") == "until: blank"
    assert layout_line("marks", {"": "missing", "*": "zero"}) == "marks: {'': missing, '*': zero}"


# ------------------------------------------------------------------------------ the file, and what is said of columns
def supplied(**given):
    columns = {"month": "month", "area": "category", "n": "count"}
    return SupplierFile.model_validate({"file": "t.csv", "columns": columns, "key": ["month", "area"]} | given)


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
    assert format_of(supplied(file=name)) == found


def test_a_stated_format_comes_first():
    assert format_of(supplied(file="t.dat", layout={"format": "ods"})) == "ods"
    assert list(find_table_mistakes(supplied(file="t.dat", layout={"format": "ods"}))) == []


def test_a_form_needs_no_quotation_marks():
    layout = SupplierFile.model_validate(
        yaml.safe_load("file: t.csv\nlayout: {forms: {a: 2022-04-01, b: 202204}}")
    ).layout
    assert layout.forms == {"a": "2022-04-01", "b": "202204"}


OF_TABLE = {
    "an ending that is none": (
        {"file": "t.pdf"}, (),
        "the name 't.pdf' should end in .csv, .txt, .tsv, .xlsx, .xlsm, .xls, .ods, .parquet or .csv.gz. "
        "Name the file in full, or say `format` in its layout.",
    ),
    "sheets of a csv": (
        {"layout": {"sheet": "a"}}, ("layout", "sheet"), "a csv file has no sheets. Remove `sheet`.",
    ),
    "sheets of a parquet file": (
        {"file": "t.parquet", "layout": {"sheets": "2*"}}, ("layout", "sheets"),
        "a parquet file has no sheets. Remove `sheets`.",
    ),
    "the separator of a workbook": (
        {"file": "t.ods", "layout": {"separator": ";"}}, ("layout", "separator"),
        "ods files have none. Remove `separator`, or correct `format`.",
    ),
    "a number that is called as a head is": (
        {"columns": {"month": "month", "n": "count"}, "key": ["month"],
         "layout": {"heads": {"month": "n"}, "counted": {"by": ["month"], "column": "n"}}},
        ("layout", "counted", "column"), "'n' is a head of the file, expected another name. Change it.",
    ),
    "counted in a workbook": (
        {"file": "t.xlsx", "columns": {"month": "month", "n": "count"}, "key": ["month"],
         "layout": {"counted": {"by": ["month"], "column": "n"}}},
        ("layout", "counted"), "rows are counted in csv and parquet files, found xlsx. Remove `counted`.",
    ),
    "counted beside another column": (
        {"layout": {"counted": {"by": ["month"], "column": "n"}}}, ("layout", "counted"),
        "'area' is neither counted by nor the number counted. Remove the column.",
    ),
    "counted into a category": (
        {"layout": {"counted": {"by": ["month", "n"], "column": "area"}}}, ("layout", "counted", "column"),
        "'area' is no column of counts, expected one of month, area, n.",
    ),
    "an optional column that is none": (
        {"optional": ["x"]}, ("optional",), "'x' is no column of the table, expected one of month, area, n.",
    ),
    "an optional key": (
        {"optional": ["area"]}, ("optional",),
        "'area' is part of the key, so no cell of it may be empty. Remove it here.",
    ),
    "a first quarter of a table of months": (
        {"supplied_since": "2014Q1"}, ("supplied_since",), "'2014Q1' is no month, as 'month' is. Write a month.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "at", "words"), OF_TABLE.values(), ids=OF_TABLE)
def test_what_is_wrong_with_a_table_is_one_sentence_at_its_place(given, at, words):
    assert list(find_table_mistakes(supplied(**given))) == [(at, words)]
