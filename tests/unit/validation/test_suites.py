"""A line of a suite that cannot be used is refused by file and line, and the others are run all the same."""

import json
import subprocess
import sys

import pytest

import running
from panelpack.periods import Quarter
from panelpack.validation.expectation_list import LISTED, REFUSED
from panelpack.validation.messages import summary
from panelpack.validation.suites import read_suite
from panelpack.validation.table_checks import Expected, validate_tables
from table_checking import FILE, KINDS, SUITE, check, line, received, rows, spec_of, write_suite

BETWEEN, UNIQUE = "expect_column_values_to_be_between", "expect_column_values_to_be_unique"
REGEX, MEAN = "expect_column_values_to_match_regex", "expect_column_mean_to_be_between"
GREATER = "expect_column_pair_values_a_to_be_greater_than_b"
NOT_LISTED = "is not among those that work here (docs/reference/expectations)"
OWN = {"by": ["month"], "key": "ward", "value": "hours", "total": "all", "parts": ["north"]}
REFUSALS = {
    "a type of the library that is about types": (
        line("expect_column_values_to_be_in_type_list", column="hours", type_list=["int"]),
        f"'expect_column_values_to_be_in_type_list' {NOT_LISTED}: cells are typed by the plan's kinds. Remove it."),
    "a format": (
        line("expect_column_values_to_match_strftime_format", column="month", strftime_format="%Y-%m"),
        f"'expect_column_values_to_match_strftime_format' {NOT_LISTED}: cells are typed by the plan's kinds. "
        "Remove it."),
    "columns": (
        line("expect_table_columns_to_match_ordered_list", column_list=["month"]),
        f"'expect_table_columns_to_match_ordered_list' {NOT_LISTED}: the plan names the columns. Remove it."),
    "what the plan says": (
        line("expect_no_period_after", column="month", last="2015-06"),
        f"'expect_no_period_after' {NOT_LISTED}: the plan says it, and every table is held to it. Remove it."),
    "what needs a database": (
        line("expect_column_values_to_match_like_pattern", column="ward", like_pattern="n%"),
        f"'expect_column_values_to_match_like_pattern' {NOT_LISTED}: it needs a database. Remove it."),
    "what the library has and is of no use here": (
        line("expect_column_values_to_be_json_parseable", column="ward"),
        f"'expect_column_values_to_be_json_parseable' {NOT_LISTED}. Remove it."),
    "what nobody has": (line("expect_order"), f"'expect_order' {NOT_LISTED}. Remove it."),
    "misspelt argument": (
        line(UNIQUE, colum="code"),
        "this is not a valid expectation: 'column': field required; 'colum': extra fields not permitted. Correct it."),
    "a limit that is no number": (
        line("expect_column_value_lengths_to_be_between", column="code", min_value="three"),
        "this is not a valid expectation: 'min_value': value is not a valid integer. Correct it."),
    "no range": (
        line(BETWEEN, column="hours"),
        "this is not a valid expectation: min_value and max_value cannot both be None. Correct it."),
    "unknown column": (
        line(UNIQUE, column="cod"), f"{UNIQUE}: the table has no column 'cod', expected one of {', '.join(KINDS)}. "
        "Correct it."),
    "unknown column of our own": (
        line("expect_column_not_to_exceed", column="hours", other="plan"),
        f"expect_column_not_to_exceed: the table has no column 'plan', expected one of {', '.join(KINDS)}. Correct "
        "it."),
    "a mean of texts": (
        line(MEAN, column="ward", max_value=3),
        f"{MEAN} looks at numbers, and column 'ward' is of the kind category. Name another column, or remove it."),
    "a range of months": (
        line(BETWEEN, column="month", min_value="2014-01"),
        f"{BETWEEN} looks at numbers and dates, and column 'month' is of the kind month. Name another column, or "
        "remove "
        "it."),
    "a pattern of numbers": (
        line(REGEX, column="hours", regex="^[0-9]+$"),
        f"{REGEX} looks at texts, and column 'hours' is of the kind count. Name another column, or remove it."),
    "a sum of decimals in a row": (
        line("expect_multicolumn_sum_to_equal", column_list=["hours", "cost"], sum_total=1),
        "expect_multicolumn_sum_to_equal looks at whole numbers, and column 'cost' is of the kind decimal. Name "
        "another "
        "column, or remove it."),
    "parts of texts": (
        line("expect_lines_to_add_up", **{**OWN, "value": "officer"}),
        "expect_lines_to_add_up looks at numbers, and column 'officer' is of the kind text. Name another column, "
        "or remove "
        "it."),
    "a number against a date": (
        line(GREATER, column_A="agreed", column_B="hours"),
        f"{GREATER} compares dates with numbers, expected two columns alike. Correct it."),
    "texts as a set of numbers": (
        line("expect_column_values_to_be_in_set", column="hours", value_set=[31, "33"]),
        "expect_column_values_to_be_in_set: value_set has '33' for numbers, expected a number. Correct it."),
    "numbers as a set of texts": (
        line("expect_column_distinct_values_to_contain_set", column="ward", value_set=[7]),
        "expect_column_distinct_values_to_contain_set: value_set has 7 for texts, expected a text. Correct it."),
    "a day that no calendar has": (
        line(BETWEEN, column="closed", min_value="2015-02-29"),
        f"{BETWEEN}: min_value has '2015-02-29' for dates, expected a date such as 2022-04-01. Correct it."),
    "a pattern that is none": (
        line(REGEX, column="code", regex="N(0"),
        f"{REGEX} cannot be evaluated on 'code' (text): missing ), unterminated subpattern at position 1. Correct its "
        "kwargs."),
    "a condition on a column that is not there": (
        line(BETWEEN, column="hours", min_value=0, row_condition="hour > 3"),
        f"{BETWEEN} cannot be evaluated on 'hours' (count): name 'hour' is not defined. Correct its kwargs."),
    "a value at run time": (
        line(BETWEEN, column="hours", max_value={"$PARAMETER": "most"}),
        f"{BETWEEN}: 'max_value' asks for a value at run time, expected the value itself. Write it, or remove it."),
    "a strange key": (
        {**line(UNIQUE, column="code"), "unless": "never"},
        "'unless' is no part of an expectation, expected type, kwargs, meta. Remove it."),
    "kwargs that are a list": (
        {"type": UNIQUE, "kwargs": ["code"]}, f"{UNIQUE}: kwargs and meta are not names with values. Correct them."),
}  # fmt: skip


@pytest.mark.parametrize(("entry", "message"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_line_that_cannot_be_used_is_refused_by_line_and_the_others_are_run(tmp_path, entry, message):
    sound = line(BETWEEN, column="hours", min_value=0, max_value=9)
    checks, mistakes = check(tmp_path, received(rows({})), [sound, entry])
    assert mistakes == [f"{SUITE}, line 14: {message}"]
    assert checks[-1].violations == (
        f"{FILE}, column 'hours', row 2: '40' is not 0 to 9. Correct it in params/corrections.yml, or the check in "
        f"{SUITE}, "
        "line 5.",
    )


def test_every_mistake_of_a_suite_is_told_at_once(tmp_path):
    entries = [line("expect_order"), line(UNIQUE, column="cod"), line(UNIQUE), line(REGEX, column="code", regex="(")]
    _, mistakes = check(tmp_path, received(rows({})), entries)
    assert [message.split(":")[0] for message in mistakes] == [f"{SUITE}, line {at}" for at in (5, 10, 17, 22)]


def test_nothing_that_is_listed_is_refused_too():
    assert not LISTED.keys() & REFUSED.keys()


EXPECTED = Expected(Quarter.parse("2015Q1"), {"patrols": KINDS}, {"patrols": FILE})
BROKEN = {
    "no json": ('{\n  "name": "patrols",\n  oops\n}',
                ", line 3: Expecting property name enclosed in double quotes, expected valid JSON. Correct the file."),
    "no suite": ("[]", ": not a suite, expected a name and typed expectations. Correct the file."),
    "no type": ('{"name": "patrols", "expectations": [{"kwargs": {}}]}',
                ": not a suite, expected a name and typed expectations. Correct the file."),
    "another name": ('{"name": "patrol", "expectations": []}',
                     ": the suite is named 'patrol', expected 'patrols'. Correct the name."),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_file_that_is_no_suite_is_refused_and_the_plan_is_held_to_all_the_same(tmp_path, text, message):
    (tmp_path / "expectations").mkdir()
    (tmp_path / "expectations" / "patrols.json").write_text(text, encoding="utf-8")
    checks, mistakes = check(tmp_path, received(rows({"hours": "x?"})))
    assert mistakes == [SUITE + message]
    assert sum(not one.passed for one in checks) == 1


def test_a_suite_of_no_table_is_named_and_a_table_needs_no_suite(tmp_path):
    folder = tmp_path / "expectations"
    write_suite(folder, [], "patrol")
    checks, mistakes = validate_tables({"patrols": received(rows({}))}, EXPECTED, folder)
    assert mistakes == [
        "expectations/patrol.json: there is no table 'patrol', expected one of patrols. Rename or remove the suite."
    ]
    assert all(one.passed for one in checks) and len(checks) == 14


def test_the_suite_of_a_table_whose_file_cannot_be_read_is_read_too(tmp_path):
    write_suite(tmp_path / "expectations", [line("expect_order")])
    assert validate_tables({}, EXPECTED, tmp_path / "expectations") == (
        [],
        [f"{SUITE}, line 5: 'expect_order' {NOT_LISTED}. Remove it."],
    )


def test_a_check_says_what_is_expected_in_the_words_of_the_suite_or_of_its_type(tmp_path):
    entries = [line(UNIQUE, column="code"), line(UNIQUE, notes="One row a code.", column="code"),
               line(REGEX, expected="a code such as N01", column="code", regex="^N")]  # fmt: skip
    checks, _ = check(tmp_path, received(rows({"code": "S1"})), entries)
    assert [one.says for one in checks[-3:-1]] == [
        "Expect column values to be unique: column 'code'.",
        "One row a code.",
    ]
    assert checks[-1].violations[0].startswith(f"{FILE}, column 'code', row 2: 'S1' is not a code such as N01. ")


def test_the_summary_has_a_row_a_check(tmp_path):
    checks, _ = check(tmp_path, received(rows({"hours": "?3"}, {"hours": "?4"})))
    table = summary(checks)
    assert list(table.columns) == ["table", "file", "expectation", "says", "passed", "checked", "found"]
    assert len(table) == len(checks) == 14
    assert table.loc[~table["passed"], ["expectation", "checked", "found"]].to_numpy().tolist() == [
        ["expect_cells_to_be_of_their_kind", 2, 2]
    ]


def test_nothing_is_printed(tmp_path, capfd):
    exceed = line("expect_column_not_to_exceed", column="hours", other="planned")
    check(tmp_path, received(rows({})), [line(UNIQUE, column="code"), exceed])
    assert capfd.readouterr() == ("", "")


def test_five_thousand_rows_are_all_looked_at_and_a_message_names_ten(tmp_path):
    cells = [{"code": f"N{number}", "n": str(number)} for number in range(5000)]
    spec = spec_of({"code": "text", "n": "count"}, ["code"])
    checks, _ = check(tmp_path, received(cells, spec), [line(BETWEEN, column="n", max_value=99)])
    assert {one.checked for one in checks} == {5000}
    (message,) = checks[-1].violations
    assert "4,900 cells are not 99 or less: row 102: '100'; " in message
    assert "; row 111: '109'; and 4,890 more, the last in row 5001. " in message


def test_great_expectations_is_loaded_only_by_what_validates():
    modules = "panelpack.make_quarter, panelpack.indicators.quarter_report, panelpack.validation.raw_data"
    code = f"import sys, {modules}; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# ------------------------------------------------------------------------------- the suites of the made-up office
SUITES = sorted((running.OFFICE / "expectations").glob("*.json"))


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_a_suite_of_the_office_can_be_used_and_says_in_words_what_it_expects(path, office):
    entries, mistakes = read_suite(path, office.plan.tables[path.stem].columns)
    assert mistakes == []
    assert all(entry.meta["notes"].endswith(".") for entry in entries)
    assert len(entries) == len(json.loads(path.read_text(encoding="utf-8"))["expectations"])
