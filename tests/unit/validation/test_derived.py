"""What the plan knows of a table is checked without a suite: columns, rows, key, periods, series."""

import pytest

from panelpack.periods import Quarter
from panelpack.validation.derived import CELLS, derived
from table_checking import check, received, rows, spec_of, violations

COMPLETE = "Ask the supplier for a complete file."
ALL = "month, ward, hours, planned, cost, booked, agreed, closed, code, officer"
LATER = "If the supplier's releases reach further, say `later: unread` in the table's layout in params/plan.yml."
KEY = "If another column tells the rows apart, add it to the table's key in params/plan.yml; else ask the supplier."


def test_a_sound_table_without_a_suite_passes_every_check_and_each_says_what_it_looked_at(tmp_path):
    coverage = [need(where={"ward": ["north"]}, periods=["2015-04"])]
    checks, mistakes = check(tmp_path, received(rows({}, {}, {})), coverage=coverage)
    assert mistakes == [] and all(one.passed and not one.violations and one.checked == 3 for one in checks)
    assert [(one.expectation, one.looked_at, one.observed) for one in checks if one.expectation != CELLS] == [
        ("expect_table_columns_to_match_set", "3 rows", "10 columns"),
        ("expect_table_row_count_to_be_between", "3 rows", "3 rows"),
        ("expect_compound_columns_to_be_unique", "month, ward: 3 rows", "nothing amiss"),
        ("expect_no_period_after", "month: 3 rows", "nothing amiss"),
        ("expect_series_to_be_complete", "month, ward: 3 rows", "nothing amiss"),
    ]


# ---------------------------------------------------------------------------------------------- columns and rows
def renamed(**names):
    return received([{names.get(name, name): text for name, text in row.items()} for row in rows({}, {})], spec_of())


def test_columns_may_stand_in_any_order(tmp_path):
    assert violations(tmp_path, received([dict(reversed(row.items())) for row in rows({}, {})])) == []


def test_a_column_with_a_likely_head_is_named_with_it(tmp_path):
    found = violations(tmp_path, renamed(planned="Planned ", agreed="agreed_on"))
    layout = "If it is the same, say `heads: {{{}}}` in the table's layout in params/plan.yml."
    assert found == [
        ": column 'planned' is missing, and 'Planned ' is there. " + layout.format("planned: Planned "),
        ": column 'agreed' is missing, and 'agreed_on' is there. " + layout.format("agreed: agreed_on"),
    ]


def test_missing_and_unknown_columns_are_a_line_each_and_the_file_stays_as_it_is(tmp_path):
    heads = ALL.replace("ward", "xx").replace("cost", "yy").replace("officer", "zz")
    assert violations(tmp_path, renamed(ward="xx", cost="yy", officer="zz")) == [
        f": columns 'ward', 'cost', 'officer' are missing; columns found: {heads}. If the supplier heads them "
        "otherwise, "
        "say so under `heads` in the table's layout in params/plan.yml; else ask the supplier for a complete file.",
        f": columns 'xx', 'yy', 'zz' are not expected; columns expected: {ALL}. If nothing is drawn from them, say "
        "`other_columns: unread` in the table's layout in params/plan.yml.",
    ]


@pytest.mark.parametrize(
    ("kind", "heads", "form"),
    [("month", ["Nov-14", "Dec-14", "Jan-15"], "Apr-22"), ("quarter", ["2014/15 Q3", "2014/15 Q4"], "2022/23 Q1")],
)
def test_a_column_a_period_is_not_taken_for_an_incomplete_file(tmp_path, kind, heads, form):
    table = received(
        [{"area": "North", **dict.fromkeys(heads, "7")}],
        spec_of({"area": "category", "at": kind, "n": "count"}, ["area", "at"]),
    )
    assert violations(tmp_path, table, has_series=False) == [
        f": found a column for each of {len(heads)} {kind}s, {heads[0]} to {heads[-1]}, expected the columns 'at' and "
        f"'n'. Say `wide: {{period: at, value: n}}` and `forms: {{at: {form}}}` in the table's layout in "
        "params/plan.yml."
    ]


def test_what_needs_a_missing_column_is_not_run_and_the_others_are(tmp_path):
    checks, _ = check(tmp_path, renamed(ward="xx"), coverage=[need(periods=["2015-06"])])
    outcome = {one.expectation: one for one in checks}
    unique = outcome["expect_compound_columns_to_be_unique"]
    assert (unique.passed, unique.looked_at, unique.observed) == (
        False,
        "nothing",
        "there is no column 'ward' to look at",
    )
    assert not unique.violations and unique.skipped == unique.observed
    assert outcome["expect_series_to_be_complete"].violations, "it looks at months alone"


def test_heads_of_a_withheld_table_are_not_shown(tmp_path):
    table = renamed(ward="P0512", cost="2015-04", month="Month")
    found = " ".join(violations(tmp_path, table, withheld=True))
    assert found.count("a withheld value") >= 4 and "'ward'" in found
    assert not any(head in found for head in ("P0512", "2015-04", "Month"))


def test_a_table_without_rows_is_refused(tmp_path):
    assert violations(tmp_path, received([], spec_of())) == [f": found 0 rows, expected 1 or more. {COMPLETE}"]


# ---------------------------------------------------------------------------------------------- the key
def test_a_key_that_stands_twice_is_named_with_the_first_place(tmp_path):
    cells = rows({}, {"ward": "east"}, {"ward": "north"}, {"ward": "east"})
    assert violations(tmp_path, received(cells)) == [
        f", row 4: month '2015-04', ward 'north' occurs more than once (first in row 2). {KEY}",
        f", row 5: month '2015-04', ward 'east' occurs more than once (first in row 3). {KEY}",
    ]


def test_a_key_of_one_column_is_held_to_it(tmp_path):
    spec = spec_of(key=["code"])
    assert violations(tmp_path, received(rows({}, {"code": "N00"}), spec)) == [
        f", row 3: code 'N00' occurs more than once (first in row 2). {KEY}"
    ]
    assert violations(tmp_path, received(rows({"code": ""}, {"code": ""}), spec)) == [], "nothing written is no key"


def test_a_key_that_cannot_be_read_is_told_once(tmp_path):
    cells = rows({"month": "?"}, {"month": "?", "ward": "north"})
    (found,) = violations(tmp_path, received(cells))
    assert found.startswith(", column 'month': 2 cells are not a month")


def test_no_value_of_a_withheld_key_is_shown(tmp_path):
    (found,) = violations(tmp_path, received(rows({}, {"ward": "north"})), withheld=True)
    value = "a withheld value"
    assert found == f", row 3: month {value}, ward {value} occurs more than once (first in row 2). {KEY}"


# ---------------------------------------------------------------------------------------------- after the quarter
def test_rows_after_the_quarter_are_one_finding_with_the_first_of_them(tmp_path):
    months = ["2015-06", "2015-09", "2015-07", "2016-01"]
    found = violations(tmp_path, received(rows(*({"month": month} for month in months))))
    assert found == [
        f": 3 rows are dated after the quarter, which ends with 2015-06, the first in row 3: month '2015-09'. {LATER}"
    ]


@pytest.mark.parametrize(
    ("kind", "text", "late"),
    [
        ("month", "2015-06", None),
        ("month", "2015-07", "2015-06"),
        ("quarter", "2015Q1", None),
        ("quarter", "2015Q2", "2015Q1"),
        ("date", "2015-06-30", None),
        ("date", "2015-07-01", "2015-06"),
    ],
)
def test_a_month_a_quarter_and_a_day_end_with_the_quarter(tmp_path, kind, text, late):
    table = received([{"at": text, "n": "1"}], spec_of({"at": kind, "n": "count"}, ["at"]))
    said = f": 1 row is dated after the quarter, which ends with {late}: in row 2: at {text!r}. {LATER}"
    assert violations(tmp_path, table) == ([said] if late else [])


def test_a_day_of_a_table_without_series_may_be_later():
    spec = spec_of({"at": "date", "n": "count"}, ["at"])
    kinds = [[entry.type for entry in derived(spec, Quarter(2015, 1), (), has)] for has in (True, False)]
    assert ["expect_no_period_after" in found for found in kinds] == [True, False]


# ---------------------------------------------------------------------------------------------- series
def need(where=None, periods=(), since=None, series="s", column="month"):
    until = "2015Q1" if column == "quarter" else "2015-06"
    return {"series": series, "column": column, "where": where or {}, "periods": list(periods), "since": since,
            "until": until}  # fmt: skip


QUARTERS = {"quarter": "quarter", "n": "count"}


@pytest.mark.parametrize(
    ("found", "needed", "message"),
    [
        (["2013Q3", "2013Q4", "2014Q1"], ["2013Q3"], None),
        (["2013Q3", "2014Q2"], [], "quarter '2013Q4' is missing (series 's'); 2 quarters are missing in all"),
        (["2013Q4"], ["2013Q4", "2015Q1"], "quarter '2015Q1' is missing (series 's'); 1 quarter is missing in all"),
    ],
)
def test_a_quarter_that_is_missing_from_a_series_is_named(tmp_path, found, needed, message):
    table = received([{"quarter": text, "n": "1"} for text in found], spec_of(QUARTERS, ["quarter"]))
    coverage = [need(column="quarter", periods=needed)]
    assert violations(tmp_path, table, coverage=coverage) == ([f": {message}. {COMPLETE}"] if message else [])


def test_the_last_months_of_the_calendar_do_not_send_the_search_on_for_ever(tmp_path):
    table = received(rows({"month": "9999-11"}, {"month": "9999-12"}))
    (late,) = violations(tmp_path, table, coverage=[need()])
    assert "2 rows are dated after the quarter" in late


def test_a_row_dated_later_is_no_gap_before_it(tmp_path):
    table = received(rows({"month": "2015-05"}, {"month": "2016-05"}))
    late, missing = violations(tmp_path, table, coverage=[need(periods=["2015-06"])])
    assert "1 row is dated after the quarter" in late
    assert missing == f": month '2015-06' is missing (series 's'); 1 month is missing in all. {COMPLETE}"


def test_a_series_of_several_categories_needs_one_of_them_a_period(tmp_path):
    cells = rows({"month": "2015-04"}, {"month": "2015-05"}, {"month": "2015-06", "ward": "west"})
    where = {"ward": ["north", "south"]}
    assert violations(tmp_path, received(cells), coverage=[need(where, ["2015-04", "2015-05"])]) == []
    assert violations(tmp_path, received(cells), coverage=[need(where, ["2015-03", "2015-06"])]) == [
        ": month '2015-03' is missing for ward 'north' or 'south' (series 's'); 2 months are missing in all. "
        + COMPLETE
    ]


def test_days_count_as_their_months(tmp_path):
    table = received([{"day": day, "n": "1"} for day in ("2015-02-28", "2015-04-01")],
                     spec_of({"day": "date", "n": "count"}, ["day"]))  # fmt: skip
    assert violations(tmp_path, table, coverage=[need(column="day")]) == [
        f": day '2015-03' is missing (series 's'); 1 month is missing in all. {COMPLETE}"
    ]


def test_a_first_period_that_the_plan_has_supplied_and_the_file_lacks_is_a_finding(tmp_path):
    table = received(rows({"month": "2014-11"}, {"month": "2014-12"}))
    coverage = [need(periods=["2014-09", "2014-12"], since="2014-09")]
    assert violations(tmp_path, table, coverage=coverage) == [
        ": month '2014-09' is missing (series 's'); 2 months are missing in all; the plan has it supplied since "
        "2014-09. "
        "Ask the supplier for a complete file, or correct `supplied_since` in params/plan.yml."
    ]
    assert violations(tmp_path, received(rows({"month": "2014-09"})), coverage=[need(since="2014-09")]) == []


def test_months_that_cannot_be_read_are_not_called_missing(tmp_path):
    table = received(rows({"month": "Nov-14"}, {"month": "Dec-14"}))
    checks, _ = check(tmp_path, table, coverage=[need(periods=["2014-11"])])
    (complete,) = (one for one in checks if one.expectation == "expect_series_to_be_complete")
    assert complete.observed == "2 cells of column 'month' cannot be read" and not complete.violations
    assert not any("Ask the supplier" in message for one in checks for message in one.violations)
