"""What each kind of defect in a supplier's file is called, word for word, and what a broken suite is called."""

import json
import subprocess
import sys

import pandas as pd
import pytest
import yaml

import running
from panelpack.errors import ConfigurationError
from panelpack.validation import expectations
from panelpack.validation.messages import (
    COLUMNS_EXPECTATION,
    VIOLATIONS_SHOWN,
    every_violation,
    summary,
    validate_tables,
)

FILE = "data/raw/2015Q1/crime.csv"
CORRECT = "Ask the supplier for a new file, or add a correction to params/corrections.yml."
COMPLETE = "Ask the supplier for a complete file."
SUITES = sorted((running.OFFICE / "expectations").glob("*.json"))


def expectation(kind, expected=None, notes=None, **kwargs):
    meta = {key: text for key, text in [("expected", expected), ("notes", notes)] if text}
    return {"type": kind, "kwargs": kwargs, "meta": meta}


def counts(column):
    return expectation("expect_column_values_to_match_regex", "a whole number of 0 or more", column=column,
                       regex=r"^[0-9]+\Z")  # fmt: skip


HEADS = ["month", "offence", "offences", "solved"]
CRIME = [
    expectation(COLUMNS_EXPECTATION, column_list=HEADS),
    expectation("expect_table_row_count_to_be_between", "1 row or more", min_value=1),
    expectation("expect_column_values_to_match_regex", "a month such as 2014-09", column="month",
                regex=r"^[0-9]{4}-(0[1-9]|1[0-2])\Z"),
    expectation("expect_column_values_to_be_in_set", column="offence", value_set=["all", "rape", "robbery"]),
    counts("offences"),
    counts("solved"),
    expectation("expect_compound_columns_to_be_unique", column_list=["month", "offence"]),
    expectation("expect_column_not_to_exceed", column="solved", other="offences"),
    expectation("expect_no_period_after", column="month", last={"$PARAMETER": "last_month"}),
    expectation("expect_series_to_be_complete", coverage={"$PARAMETER": "coverage"}),
    expectation("expect_parts_not_to_exceed_total", by=["month"], key="offence", value="offences", total="all",
                parts=["rape", "robbery"]),
]  # fmt: skip
COVERAGE = [
    {"series": "rape", "column": "month", "where": {"offence": ["rape"]}, "periods": ["2015-04", "2015-06"]},
    {"series": "any", "column": "month", "where": {}, "periods": []},
]
PARAMETERS = {"last_month": "2015-06", "last_quarter": "2015Q1", "coverage": {"crime": COVERAGE}}


def crime():
    """Return a sound table: rows 2 to 10, three offences a month."""
    rows = [
        [month, offence, count, "1"]
        for month in ("2015-04", "2015-05", "2015-06")
        for offence, count in (("all", "30"), ("rape", "10"), ("robbery", "20"))
    ]
    return pd.DataFrame(rows, columns=HEADS, index=range(2, 11), dtype=str)


def write_suite(folder, entries, table="crime"):
    folder.mkdir(exist_ok=True)
    suite = {"name": table, "expectations": entries, "meta": {}}
    (folder / f"{table}.json").write_text(json.dumps(suite, indent=2), encoding="utf-8")


def validate(folder, frame, entries=CRIME, withheld=(), parameters=PARAMETERS):
    write_suite(folder / "expectations", entries)
    return validate_tables({"crime": frame}, {"crime": FILE}, folder / "expectations", parameters, withheld)


def with_cells(**cells):
    """Return the sound table with changed cells, given as column_row=value."""
    frame = crime()
    for place, value in cells.items():
        column, row = place.rsplit("_", 1)
        frame.loc[int(row), column] = value
    return frame


def with_row(*cells):
    return pd.concat([crime(), pd.DataFrame([cells], columns=HEADS, index=[11], dtype=str)])


def test_a_sound_table_passes_every_check_and_each_says_what_it_looked_at(tmp_path):
    checks = validate(tmp_path, crime())
    assert [check.expectation for check in checks] == [entry["type"] for entry in CRIME]
    assert all(check.passed and check.checked == 9 and not check.violations for check in checks)


DEFECTS = {
    "negative": (with_cells(offences_3="-3"), [
        ", row 3, column 'offences': '-3' is not a whole number of 0 or more. " + CORRECT,
        ", row 3: solved '1' is more than offences '-3'. " + CORRECT]),
    "fraction": (with_cells(offences_6="2.5"), [
        ", row 6, column 'offences': '2.5' is not a whole number of 0 or more. " + CORRECT]),
    "text for a number": (with_cells(solved_4="n/a"), [
        ", row 4, column 'solved': 'n/a' is not a whole number of 0 or more. " + CORRECT]),
    "thousands separator": (with_cells(offences_2="1,030"), [
        ", row 2, column 'offences': '1,030' is not a whole number of 0 or more. " + CORRECT]),
    "line break in a cell": (with_cells(offences_2="30\n"), [
        r", row 2, column 'offences': '30\n' is not a whole number of 0 or more. " + CORRECT]),
    "blank": (with_cells(solved_2=""), [
        ", row 2, column 'solved': '' is not a whole number of 0 or more. " + CORRECT]),
    "cell cut off": (with_cells(solved_10=float("nan")), [
        ", row 10, column 'solved': '' is not a whole number of 0 or more. " + CORRECT]),
    "unknown category": (with_cells(offence_4="robery"), [
        ", row 4, column 'offence': 'robery' is not one of all, rape, robbery. " + CORRECT]),
    "key twice": (with_row("2015-05", "rape", "0", "0"), [
        ", row 11: month '2015-05', offence 'rape' occurs more than once (first in row 6). " + CORRECT]),
    "month written otherwise": (with_cells(month_4="Apr 2015"), [
        ", row 4, column 'month': 'Apr 2015' is not a month such as 2014-09. " + CORRECT]),
    "month after the quarter": (with_row("2015-07", "rape", "0", "0"), [
        ", row 11: month '2015-07' is after '2015-06', the last expected. " + CORRECT]),
    "last month of a series missing": (crime().drop(9), [
        ": month '2015-06' is missing for offence 'rape' (series 'rape'); 1 month is missing in all. " + COMPLETE]),
    "gap inside a series": (with_row("2014-09", "robbery", "0", "0"), [
        ": month '2014-10' is missing (series 'any'); 6 months are missing in all. " + COMPLETE]),
    "more solved than recorded": (with_cells(solved_3="11"), [
        ", row 3: solved '11' is more than offences '10'. " + CORRECT]),
    "parts above their total": (with_cells(offences_8="29"), [
        ", row 8: month '2015-06': the parts of 'all' add up to 30, more than its 29. " + CORRECT]),
    "two defects, two checks": (with_cells(offences_3="x", offences_10="21"), [
        ", row 3, column 'offences': 'x' is not a whole number of 0 or more. " + CORRECT,
        ", row 8: month '2015-06': the parts of 'all' add up to 31, more than its 30. " + CORRECT]),
    "no rows": (crime().iloc[:0], [
        ": found 0, expected 1 row or more. " + COMPLETE,
        ": month '2015-04' is missing for offence 'rape' (series 'rape'); 2 months are missing in all. " + COMPLETE]),
    "column missing": (crime().drop(columns="offences"), [
        ": column 'offences' is missing; columns found: month, offence, solved. " + COMPLETE]),
    "column renamed": (crime().rename(columns={"solved": "Solved"}), [
        ": column 'solved' is missing; columns found: month, offence, offences, Solved. " + COMPLETE,
        ": column 'Solved' (number 4) is not expected; columns expected: month, offence, offences, solved. "
        "Remove the column from the file."]),
    "column added": (crime().assign(note="-"), [
        ": column 'note' (number 5) is not expected; columns expected: month, offence, offences, solved. "
        "Remove the column from the file."]),
    "column twice": (crime()[[*HEADS, "solved"]], [
        ": column 'solved' (number 5) stands twice; columns expected: month, offence, offences, solved. "
        "Remove the column from the file."]),
    "columns in another order": (crime()[["offence", "month", "offences", "solved"]], [
        ": columns are in the order offence, month, offences, solved, expected month, offence, offences, solved. "
        "Put them in order."]),
}  # fmt: skip


@pytest.mark.parametrize("frame, messages", DEFECTS.values(), ids=DEFECTS.keys())
def test_a_defect_is_named_with_its_place_and_nothing_else_is(tmp_path, frame, messages):
    assert every_violation(validate(tmp_path, frame)) == [FILE + message for message in messages]


def test_without_all_columns_only_the_columns_are_checked_and_with_one_too_many_everything_is(tmp_path):
    assert [check.expectation for check in validate(tmp_path, crime().drop(columns="month"))] == [COLUMNS_EXPECTATION]
    assert len(validate(tmp_path, crime().assign(note="-"))) == len(CRIME)


def test_the_numbers_of_a_malformed_row_are_not_looked_at(tmp_path):
    checks = {check.expectation: check for check in validate(tmp_path, with_cells(offences_3="x"))}
    assert checks["expect_column_not_to_exceed"].checked == 8
    assert checks["expect_parts_not_to_exceed_total"].checked == 8


def test_thirty_violations_are_capped_and_counted(tmp_path):
    frame = pd.DataFrame([["2015-06", "rape", str(-row), "0"] for row in range(30)], columns=HEADS, index=range(2, 32))
    check = next(check for check in validate(tmp_path, frame) if check.expectation.endswith("match_regex") and
                 not check.passed)  # fmt: skip
    assert check.found == 29
    assert len(check.violations) == VIOLATIONS_SHOWN + 1
    assert check.violations[0].startswith(f"{FILE}, row 3, column 'offences': '-1' ")
    assert check.violations[-1] == (f"{FILE}: 9 more violations of this check are not shown. Correct these first.")


WITHHELD = {
    "format": (with_cells(offences_3="-3", solved_3="-4"),
               ", row 3, column 'offences': a withheld value is not a whole number of 0 or more. "),
    "key": (with_row("2015-05", "rape", "0", "0"),
            ", row 11: month a withheld value, offence a withheld value occurs more than once (first in row 6). "),
    "pair": (with_cells(solved_3="11"), ", row 3: solved a withheld value is more than offences a withheld value. "),
    "period": (with_row("2015-07", "rape", "0", "0"),
               ", row 11: month a withheld value is after '2015-06', the last expected. "),
    "parts": (with_cells(offences_8="29"), ", row 8: month a withheld value: the parts of 'all' add up to "
                                           "a withheld value, more than its a withheld value. "),
    "category": (with_cells(offence_4="A. Person"),
                 ", row 4, column 'offence': a withheld value is not one of all, rape, robbery. "),
}  # fmt: skip


@pytest.mark.parametrize("frame, message", WITHHELD.values(), ids=WITHHELD.keys())
def test_a_withheld_value_is_called_so(tmp_path, frame, message):
    assert every_violation(validate(tmp_path, frame, withheld=["crime"]))[0] == FILE + message + CORRECT


def test_the_lines_of_a_withheld_account_are_not_quoted(tmp_path):
    found = every_violation(validate(tmp_path, account(all="3", a="1", b="1.9"), ACCOUNT, withheld=["crime"]))
    value = "a withheld value"
    assert found == [f"{FILE}, row 2: as_at {value}: a + b = {value}, not all = {value}. {CORRECT}"]


def test_a_file_of_people_without_a_head_does_not_show_its_first_row(tmp_path):
    frame = crime().set_axis(["2015-04", "P05", "R001", "2"], axis=1)
    text = " ".join(every_violation(validate(tmp_path, frame, withheld=["crime"])))
    assert text.count("is missing") == 4
    assert text.count("is not expected") == 4
    assert not any(value in text for value in ("2015-04", "P05", "R001"))


ACCOUNT = [
    expectation(COLUMNS_EXPECTATION, column_list=["line", "amount", "as_at"]),
    expectation("expect_lines_to_add_up", by=["as_at"], key="line", value="amount", total="all", parts=["a", "b"]),
]


def account(**amounts):
    rows = [[line, amount, "2014-12-31"] for line, amount in amounts.items()]
    return pd.DataFrame(rows, columns=["line", "amount", "as_at"], index=range(2, 2 + len(rows)), dtype=str)


@pytest.mark.parametrize(
    "amounts, message",
    [
        # In binary floating point 0.1 + 0.2 is not 0.3.
        ({"all": "0.3", "a": "0.1", "b": "0.2"}, None),
        ({"all": "0.30", "a": "0.1", "b": "0.2", "other": "9"}, None),
        (
            {"all": "0.3", "a": "0.1", "b": "0.2001"},
            ", row 2: as_at '2014-12-31': a + b = 0.3001, not all = 0.3.",
        ),
        ({"a": "1", "all": "3", "b": "1.9"}, ", row 3: as_at '2014-12-31': a + b = 2.9, not all = 3."),
        ({"all": "0.3", "a": "0.1"}, ", row 2: as_at '2014-12-31': line 'b' is missing."),
        ({"a": "0.1", "b": "0.1"}, ", row 2: as_at '2014-12-31': line 'all' is missing."),
        # What cannot be read is the format check's to report.
        ({"all": "0.3", "a": "0.1", "b": "?"}, None),
    ],
)
def test_lines_add_up_exactly(tmp_path, amounts, message):
    found = every_violation(validate(tmp_path, account(**amounts), ACCOUNT))
    assert found == ([f"{FILE}{message} {CORRECT}"] if message else [])


@pytest.mark.parametrize(
    "found, needed, message",
    [
        (["2014Q3", "2014Q4", "2015Q1"], ["2014Q3"], None),
        (["2014Q3", "2015Q2"], [], "quarter '2014Q4' is missing (series 's'); 2 quarters are missing in all"),
        (
            ["2014Q4"],
            ["2014Q4", "2015Q1"],
            "quarter '2015Q1' is missing (series 's'); 1 quarter is missing in all",
        ),
        (["2014Q4", "2014-12"], ["2014Q4"], None),
        # The last year a calendar of four digits has must not send the search for gaps on for ever.
        (["9999-11", "9999-12"], [], None),
    ],
)
def test_a_quarter_that_is_missing_from_a_series_is_named(tmp_path, found, needed, message):
    frame = pd.DataFrame({"quarter": found}, index=range(2, 2 + len(found)), dtype=str)
    coverage = [{"series": "s", "column": "quarter", "where": {}, "periods": needed}]
    entries = [
        expectation(COLUMNS_EXPECTATION, column_list=["quarter"]),
        expectation("expect_series_to_be_complete", coverage={"$PARAMETER": "coverage"}),
    ]
    checks = validate(tmp_path, frame, entries, parameters={"coverage": {"crime": coverage}})
    assert every_violation(checks) == ([f"{FILE}: {message}. {COMPLETE}"] if message else [])


def test_a_series_of_several_categories_needs_one_of_them_a_period(tmp_path):
    frame = crime().drop([3, 7])  # rape in April, robbery in May
    where = {"offence": ["rape", "robbery"]}
    coverage = [{"series": "both", "column": "month", "where": where, "periods": ["2015-03", "2015-06"]}]
    checks = validate(tmp_path, frame, parameters={**PARAMETERS, "coverage": {"crime": coverage}})
    assert every_violation(checks) == [
        f"{FILE}: month '2015-03' is missing for offence 'rape' or 'robbery' (series 'both'); "
        f"1 month is missing in all. {COMPLETE}"
    ]


@pytest.mark.parametrize("text, late", [("2015-06-30", False), ("2015-07-01", True), ("soon", False)])
def test_a_date_counts_as_its_month(tmp_path, text, late):
    entries = [
        *ACCOUNT[:1],
        expectation("expect_no_period_after", column="as_at", last={"$PARAMETER": "last_month"}),
    ]
    assert bool(every_violation(validate(tmp_path, account(all="1").assign(as_at=text), entries))) is late


BROKEN = {
    "unknown expectation": (
        [*CRIME[:1], {"type": "expect_peace", "kwargs": {}}],
        "expectations/crime.json, line 17: 'expect_peace' is not a known expectation. Correct its type.",
    ),
    "misspelt argument": (
        [*CRIME[:1], expectation("expect_column_values_to_be_unique", colum="month")],
        "expectations/crime.json, line 17: this is not a valid expectation: 'column': field required; "
        "'colum': extra fields not permitted. Correct it.",
    ),
    "unknown column": (
        [*CRIME[:1], expectation("expect_column_values_to_be_unique", column="moth")],
        "expectations/crime.json: expect_column_values_to_be_unique cannot be evaluated: "
        'Error: The column "moth" in BatchData does not exist. Correct its kwargs.',
    ),
    "unknown column in an expectation of our own": (
        [*CRIME[:1], expectation("expect_column_not_to_exceed", column="moth", other="offences")],
        "expectations/crime.json: expect_column_not_to_exceed cannot be evaluated: 'moth'. Correct its kwargs.",
    ),
    "unknown parameter": (
        [*CRIME[:1], expectation("expect_no_period_after", column="month", last={"$PARAMETER": "last_day"})],
        "expectations/crime.json: $PARAMETER 'last_day' is not known, expected one of last_month, last_quarter, "
        "coverage. Correct its name.",
    ),
    "no columns": (
        CRIME[1:],
        f"expectations/crime.json: the columns are not listed, expected {COLUMNS_EXPECTATION} with a column_list as "
        "the first expectation. Add it.",
    ),
    "no type": (
        [*CRIME[:1], {"kwargs": {}}],
        "expectations/crime.json: not a suite, expected a name and typed expectations. Correct the file.",
    ),
}


@pytest.mark.parametrize("entries, message", BROKEN.values(), ids=BROKEN.keys())
def test_a_suite_that_cannot_be_used_is_an_error_of_the_configuration(tmp_path, entries, message):
    with pytest.raises(ConfigurationError) as error:
        validate(tmp_path, crime(), entries)
    assert str(error.value) == message


def test_a_suite_that_is_no_json_is_named_with_its_line(tmp_path):
    (tmp_path / "expectations").mkdir()
    (tmp_path / "expectations" / "crime.json").write_text('{\n  "name": "crime",\n  oops\n}', encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        validate_tables({"crime": crime()}, {"crime": FILE}, tmp_path / "expectations", PARAMETERS)
    assert str(error.value) == (
        "expectations/crime.json, line 3: Expecting property name enclosed in double quotes, expected valid JSON. "
        "Correct the file."
    )


def test_a_suite_is_named_after_its_table(tmp_path):
    write_suite(tmp_path / "expectations", CRIME)
    (tmp_path / "expectations" / "crime.json").rename(tmp_path / "expectations" / "asb.json")
    with pytest.raises(ConfigurationError) as error:
        validate_tables({"asb": crime()}, {"asb": FILE}, tmp_path / "expectations", PARAMETERS)
    assert str(error.value) == ("expectations/asb.json: the suite is named 'crime', expected 'asb'. Correct the name.")


@pytest.mark.parametrize(
    "tables, message",
    [
        (["crime", "asb"], "expectations/asb.json: not found, but every table needs a suite. Add it."),
        (
            ["asb"],
            "expectations/crime.json: there is no table 'crime', expected one of asb. Rename or remove the suite.",
        ),
    ],
)
def test_tables_and_suites_belong_together(tmp_path, tables, message):
    write_suite(tmp_path / "expectations", CRIME)
    if "crime" not in tables:
        write_suite(tmp_path / "expectations", CRIME, "asb")
    with pytest.raises(ConfigurationError) as error:
        validate_tables(dict.fromkeys(tables, crime()), {}, tmp_path / "expectations", PARAMETERS)
    assert str(error.value) == message


def test_coverage_that_is_asked_for_but_not_given_is_named(tmp_path):
    with pytest.raises(ConfigurationError) as error:
        validate(tmp_path, crime(), parameters={**PARAMETERS, "coverage": {}})
    assert str(error.value) == (
        "expectations/crime.json: $PARAMETER 'coverage' has no value for this table. Do not ask for it here."
    )


def test_a_check_says_what_is_expected_in_the_words_of_the_suite_or_of_its_type(tmp_path):
    entries = [
        *CRIME[:1],
        expectation("expect_column_values_to_be_unique", column="month", notes="One row a month."),
    ]
    assert [check.says for check in validate(tmp_path, crime(), entries)] == [
        "Expect table columns to match ordered list: column_list ['month', 'offence', 'offences', 'solved'].",
        "One row a month.",
    ]


def test_the_summary_has_a_row_a_check(tmp_path):
    table = summary(validate(tmp_path, with_cells(offences_3="x", offences_4="y")))
    assert list(table.columns) == ["table", "file", "expectation", "says", "passed", "checked", "found"]
    assert len(table) == len(CRIME)
    assert table.loc[~table["passed"], ["expectation", "checked", "found"]].to_numpy().tolist() == [
        ["expect_column_values_to_match_regex", 9, 2]
    ]


def test_tables_do_not_see_each_other_and_nothing_is_printed(tmp_path, capfd):
    folder = tmp_path / "expectations"
    write_suite(folder, CRIME)
    write_suite(folder, ACCOUNT, "account")
    tables = {"crime": with_cells(offences_3="x"), "account": account(all="3", a="1", b="1")}
    checks = validate_tables(tables, {"crime": FILE, "account": "b.csv"}, folder, PARAMETERS)
    assert [check.table for check in checks] == ["crime"] * len(CRIME) + ["account"] * len(ACCOUNT)
    assert [(check.table, check.found) for check in checks if not check.passed] == [
        ("crime", 1),
        ("account", 1),
    ]
    assert capfd.readouterr() == ("", "")


def test_five_thousand_rows_are_all_looked_at(tmp_path):
    months = [f"{year}-{month:02d}" for year in range(1600, 2017) for month in range(1, 13)]
    frame = pd.DataFrame([[month, "rape", "5", "1"] for month in months if month <= "2015-06"], columns=HEADS)
    checks = validate(tmp_path, frame)
    assert sum(check.checked for check in checks) == len(CRIME) * len(frame) == 11 * 4986
    assert not every_violation(checks)


# ------------------------------------------------------------------------------- the suites of the made-up office
PLAN = yaml.safe_load((running.OFFICE / "params" / "plan.yml").read_text(encoding="utf-8"))["tables"]
FORMATS = {
    "month": (["2014-09"], ["2014-13", "Sep 2014", "2014-9", "2014-09-01", ""]),
    "quarter": (["2014Q4"], ["2014Q5", "2014 Q1", "2014-Q1", ""]),
    "count": (["0", "1030"], ["-1", "1.0", "1,030", " 1", ""]),
    "decimal": (["27.8", "4"], ["£4", "4.", "1,000.5", ""]),
    "date": (["2014-12-31"], ["31/12/2014", "2014-02-30", "2014-13-01", ""]),
    "pseudonym": (["P01"], ["A. Person", "p1", ""]),
    "text": ([], [""]),
    "category": ([], ["something else", ""]),
}


def test_every_table_of_the_plan_has_its_suite():
    assert [path.stem for path in SUITES] == sorted(PLAN)


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_a_suite_names_the_columns_and_the_key_of_the_plan(path):
    entries = json.loads(path.read_text(encoding="utf-8"))["expectations"]
    columns, key = list(PLAN[path.stem]["columns"]), PLAN[path.stem]["key"]
    unique = [entry["kwargs"] for entry in entries if entry["type"].endswith("_to_be_unique")]
    assert entries[0]["kwargs"]["column_list"] == columns
    assert unique == [{"column_list": key} if len(key) > 1 else {"column": key[0]}]


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_a_suite_holds_every_column_to_its_kind(path):
    """A row a case: the case's text in its own column; every wrong text is found and no right one is."""
    kinds = PLAN[path.stem]["columns"]
    cases = [(head, text, good) for head, kind in kinds.items()
             for good, texts in zip((True, False), FORMATS[kind], strict=True) for text in texts]  # fmt: skip
    cells = [[text if column == head else "-" for column in kinds] for head, text, _ in cases]
    frame = pd.DataFrame(cells, columns=list(kinds), dtype=str)
    entries = [entry for entry in json.loads(path.read_text(encoding="utf-8"))["expectations"]
               if entry["type"].endswith(("_match_regex", "_be_in_set"))]  # fmt: skip
    outcomes = expectations.evaluate([expectations.build(entry) for entry in entries], frame, {})
    wrong = {(row, outcome.kwargs["column"]) for outcome in outcomes for row in outcome.rows}
    assert {case: (row, case[0]) in wrong for row, case in enumerate(cases)} == {case: not case[2] for case in cases}


PARTS = "expect_parts_not_to_exceed_total"
TAMPERED = [
    ("recorded_crime", {"offence": "all_crime"}, {"offences": "9"}, [PARTS]),
    ("recorded_crime", {"offence": "violence_with_injury"}, {"offences": "1"}, [PARTS]),
    ("recorded_crime", {"offence": "rape"}, {"offence": "rapes"}, ["expect_column_values_to_be_in_set"]),
    ("victim_survey", {}, {"satisfied": "9999"}, ["expect_column_not_to_exceed"]),
    ("reoffending_cohorts", {"measure": "offending"}, {"offences": "1"}, [PARTS]),
    ("missing_reports", {"location": "KL1"}, {"reports": "9999"}, [PARTS]),
    ("missing_people", {}, {"person": "A. Person"}, ["expect_column_values_to_match_regex"]),
    ("missing_people", {}, {"month": "2099-01"}, ["expect_no_period_after"]),
    ("savings", {"line": "to_find"}, {"gbp_million": "4.1"}, ["expect_lines_to_add_up"]),
    ("assessments", {}, {"assessment": "better"}, ["expect_column_values_to_be_in_set"]),
]


def received(table):
    """Return the file of the first quarter as supplied; the expectations of this office were written for it."""
    frame = pd.read_csv(
        running.OFFICE / "data" / "raw" / "2015Q1" / PLAN[table]["file"], dtype=str, keep_default_na=False
    )
    return frame.set_axis(range(2, 2 + len(frame)), axis=0)


def validate_received(folder, table, frame):
    suite = json.loads((running.OFFICE / "expectations" / f"{table}.json").read_text(encoding="utf-8"))
    folder = folder / "expectations"
    write_suite(folder, suite["expectations"], table)
    parameters = {**PARAMETERS, "coverage": {table: []}}
    return validate_tables({table: frame}, {table: "f.csv"}, folder, parameters)


@pytest.mark.parametrize("table, pick, change, broken", TAMPERED, ids=lambda value: str(value))
def test_the_suites_pass_what_was_received_and_find_what_was_changed_in_it(tmp_path, table, pick, change, broken):
    frame = received(table)
    assert not every_violation(validate_received(tmp_path, table, frame))
    rows = frame.loc[(frame[list(pick)] == pd.Series(pick, dtype=str)).all(axis=1)]
    for column, value in change.items():
        frame.loc[rows.index[0], column] = value
    checks = [check for check in validate_received(tmp_path, table, frame) if not check.passed]
    assert [check.expectation for check in checks] == broken
    assert all(len(check.violations) == check.found == 1 for check in checks)


def test_great_expectations_is_loaded_only_by_what_validates():
    modules = "panelpack.make_quarter, panelpack.indicators.quarter_report, panelpack.validation.findings"
    code = f"import sys, {modules}; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
