"""Each expectation that a suite may name passes on a good table and fails on a bad one, with a sentence."""

import pytest

from panelpack.validation.expectation_list import LISTED
from table_checking import SUITE, check, line, received, rows, spec_of, violations

# Six rows, none alike: good for every expectation below.
GOOD = rows(
    {"hours": "31", "planned": "40", "cost": "100.5", "booked": "100.5", "agreed": "2015-01-05"},
    {"hours": "33", "planned": "42", "cost": "101.5", "booked": "101.5", "agreed": "2015-01-12"},
    {"hours": "34", "planned": "44", "cost": "102.5", "booked": "102.5", "agreed": "2015-02-02"},
    {"hours": "36", "planned": "46", "cost": "103.5", "booked": "103.5", "agreed": "2015-02-09"},
    {"hours": "38", "planned": "48", "cost": "104.5", "booked": "104.5", "agreed": "2015-03-02"},
    {"hours": "39", "planned": "50", "cost": "105.5", "booked": "105.5", "agreed": "2015-03-16"},
)
WARDS = ["north", "south", "east", "west", "centre", "harbour"]
FILLED = "a cell that is filled in"
# By name: the arguments, the cells that are changed (row of the file: {column: text}), and what is said of them; more
# than one where an expectation has more than one way to look.
CASES = [
    ("expect_column_values_to_be_between", {"column": "hours", "min_value": 0, "max_value": 99}, {4: {"hours": "340"}},
     ", column 'hours', row 4: '340' is not 0 to 99."),
    ("expect_column_values_to_be_between", {"column": "cost", "min_value": 0, "strict_min": True},
     {3: {"cost": "0"}, 5: {"cost": "-2.5"}},
     ", column 'cost': 2 cells are not more than 0: row 3: '0'; row 5: '-2.5'."),
    ("expect_column_values_to_be_between", {"column": "agreed", "max_value": "2015-03-31"},
     {7: {"agreed": "2015-04-01"}}, ", column 'agreed', row 7: '2015-04-01' is not 2015-03-31 or less."),
    ("expect_column_values_to_be_in_set", {"column": "ward", "value_set": WARDS}, {2: {"ward": "nort"}},
     ", column 'ward', row 2: 'nort' is not one of north, south, east, west, centre, harbour."),
    ("expect_column_values_to_be_in_set", {"column": "hours", "value_set": [31, 33, 34, 36, 38, 39]},
     {2: {"hours": "32"}}, ", column 'hours', row 2: '32' is not one of 31, 33, 34, 36, 38, 39."),
    ("expect_column_values_to_be_in_set",
     {"column": "closed", "value_set": ["2015-06-30"]}, {3: {"closed": "2015-06-29"}},
     ", column 'closed', row 3: '2015-06-29' is not one of 2015-06-30."),
    ("expect_column_values_to_not_be_in_set", {"column": "ward", "value_set": ["other"]}, {6: {"ward": "other"}},
     ", column 'ward', row 6: 'other' is one of other, expected none of these."),
    ("expect_column_values_to_not_be_null", {"column": "officer"}, {3: {"officer": ""}, 6: {"officer": "  "}},
     f", column 'officer': 2 cells are empty, expected {FILLED}: row 3; row 6."),
    ("expect_column_values_to_be_null", {"column": "closed", "row_condition": "hours > 99"},
     {3: {"hours": "100", "closed": "2015-05-02"}}, ", column 'closed', row 3: '2015-05-02' is not an empty cell."),
    ("expect_column_values_to_be_unique", {"column": "code"}, {7: {"code": "N03"}},
     ", row 7: code 'N03' occurs more than once (first in row 5)."),
    ("expect_column_values_to_match_regex", {"column": "code", "regex": r"^N[0-9]{2}\Z"}, {2: {"code": "M00"}},
     r", column 'code', row 2: 'M00' is not a text of the pattern ^N[0-9]{2}\Z."),
    ("expect_column_values_to_not_match_regex", {"column": "officer", "regex": "[0-9]{4}"},
     {4: {"officer": "pc 1974"}},
     ", column 'officer', row 4: 'pc 1974' is of the pattern [0-9]{4}, expected none."),
    ("expect_column_values_to_match_regex_list", {"column": "code", "regex_list": ["^N", "^S"]},
     {4: {"code": "E1"}}, ", column 'code', row 4: 'E1' is not a text of any of the patterns ^N, ^S."),
    ("expect_column_value_lengths_to_be_between", {"column": "ward", "min_value": 4, "max_value": 7},
     {4: {"ward": "e"}}, ", column 'ward', row 4: 'e' is not 4 to 7 characters long."),
    ("expect_column_value_lengths_to_equal", {"column": "code", "value": 3}, {4: {"code": "N002"}},
     ", column 'code', row 4: 'N002' is not 3 characters long."),
    ("expect_column_values_to_be_increasing", {"column": "agreed"}, {5: {"agreed": "2015-01-31"}},
     ", column 'agreed', row 5: '2015-01-31' is not more than the one before or equal to it."),
    ("expect_column_values_to_be_increasing", {"column": "hours", "strictly": True}, {5: {"hours": "34"}},
     ", column 'hours', row 5: '34' is not more than the one before."),
    ("expect_column_values_to_be_decreasing", {"column": "closed"}, {7: {"closed": "2015-07-01"}},
     ", column 'closed', row 7: '2015-07-01' is not less than the one before or equal to it."),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "hours", "threshold": 2, "double_sided": True},
     {4: {"hours": "3400"}},
     ", column 'hours', row 4: '3400' is not less than 2 standard deviations from the column's mean."),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "closed", "column_B": "agreed"},
     {3: {"closed": "2015-01-11"}},
     ", row 3: found closed '2015-01-11', agreed '2015-01-12', expected closed more than agreed."),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "planned", "column_B": "hours", "or_equal": True},
     {3: {"planned": "32"}, 4: {"planned": "5"}},
     ": 2 rows are not as expected (planned at least hours): row 3 (planned '32', hours '33'); row 4 (planned '5', "
     "hours '34')."),
    ("expect_column_pair_values_to_be_equal", {"column_A": "cost", "column_B": "booked"}, {4: {"booked": "102.50001"}},
     ", row 4: found cost '102.5', booked '102.50001', expected cost equal to booked."),
    ("expect_column_pair_values_to_be_in_set",
     {"column_A": "ward", "column_B": "officer", "value_pairs_set": [[ward, "pc"] for ward in WARDS]},
     {4: {"officer": "sgt"}},
     ", row 4: found ward 'east', officer 'sgt', expected one of the pairs 'north' and 'pc', 'south' and 'pc', "
     "'east' and 'pc', 'west' and 'pc', 'centre' and 'pc', 'harbour' and 'pc'."),
    ("expect_select_column_values_to_be_unique_within_record", {"column_list": ["hours", "planned"]},
     {4: {"planned": "34"}},
     ", row 4: found hours '34', planned '34', expected hours, planned different from one another."),
    ("expect_compound_columns_to_be_unique", {"column_list": ["code", "officer"]}, {4: {"code": "N00"}},
     ", row 4: code 'N00', officer 'pc' occurs more than once (first in row 2)."),
    ("expect_multicolumn_sum_to_equal",
     {"column_list": ["hours", "planned"], "sum_total": 71, "row_condition": "hours < 32"},
     {2: {"planned": "41"}},
     ", row 2: found hours '31', planned '41', expected hours + planned = 71."),
    ("expect_column_distinct_values_to_be_in_set", {"column": "ward", "value_set": WARDS},
     {2: {"ward": "up"}, 3: {"ward": "down"}},
     ", column 'ward': found 'up', 'down', expected only north, south, east, west, centre, harbour."),
    ("expect_column_distinct_values_to_contain_set", {"column": "ward", "value_set": ["west", "east"]},
     {4: {"ward": "eest"}}, ", column 'ward': 'east' is missing. Ask the supplier for a complete file."),
    ("expect_column_distinct_values_to_equal_set", {"column": "officer", "value_set": ["pc"]},
     {4: {"officer": "sgt"}}, ", column 'officer': found 'sgt', expected only pc."),
    ("expect_column_unique_value_count_to_be_between", {"column": "ward", "min_value": 6},
     {4: {"ward": "west", "month": "2015-05"}},
     ", column 'ward': the number of different values is 5, expected 6 or more."),
    ("expect_column_proportion_of_unique_values_to_be_between", {"column": "code", "min_value": 0.9},
     {4: {"code": "N00"}}, ", column 'code': the share of different values is 0.833333, expected 0.9 or more."),
    ("expect_column_proportion_of_non_null_values_to_be_between", {"column": "officer", "min_value": 0.6},
     {2: {"officer": ""}, 3: {"officer": ""}, 4: {"officer": ""}},
     ", column 'officer': the share of cells that are filled in is 0.5, expected 0.6 or more."),
    ("expect_column_most_common_value_to_be_in_set", {"column": "officer", "value_set": ["pc", "sgt"]},
     {row: {"officer": "pcso"} for row in range(2, 6)},
     ", column 'officer': the most common value is 'pcso', expected one of pc, sgt."),
    ("expect_column_min_to_be_between", {"column": "hours", "min_value": 10}, {4: {"hours": "3"}},
     ", column 'hours': the minimum is 3, expected 10 or more."),
    ("expect_column_max_to_be_between", {"column": "closed", "min_value": "2015-06-01", "max_value": "2015-06-30"},
     {4: {"closed": "2016-06-30"}},
     ", column 'closed': the maximum is 2016-06-30, expected 2015-06-01 to 2015-06-30."),
    ("expect_column_mean_to_be_between", {"column": "hours", "max_value": 60}, {4: {"hours": "2040"}},
     ", column 'hours': the mean is 369.5, expected 60 or less."),
    ("expect_column_median_to_be_between", {"column": "cost", "min_value": 90, "max_value": 110},
     {row: {"cost": "1.5"} for row in range(2, 6)}, ", column 'cost': the median is 1.5, expected 90 to 110."),
    ("expect_column_stdev_to_be_between", {"column": "hours", "min_value": 0, "strict_min": True},
     {row: {"hours": "8"} for row in range(2, 8)},
     ", column 'hours': the standard deviation is 0, expected more than 0."),
    ("expect_column_sum_to_be_between", {"column": "booked", "max_value": 700}, {4: {"booked": "1025"}},
     ", column 'booked': the sum is 1540.5, expected 700 or less."),
    ("expect_column_quantile_values_to_be_between",
     {"column": "hours", "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[30, 40]]}},
     {row: {"hours": "5"} for row in range(2, 7)}, ", column 'hours': quantiles are 0.5: 5, expected 0.5: 30 to 40."),
    ("expect_table_row_count_to_be_between", {"max_value": 6}, {8: {}}, ": found 7 rows, expected 6 or less."),
    ("expect_table_row_count_to_equal", {"value": 6}, {8: {}}, ": found 7 rows, expected 6."),
    ("expect_column_not_to_exceed", {"column": "hours", "other": "planned"}, {4: {"hours": "45"}},
     ", row 4: hours '45' is more than planned '44'."),
    ("expect_parts_not_to_exceed_total",
     {"by": ["month"], "key": "ward", "value": "hours", "total": "harbour", "parts": ["north"]}, {2: {"hours": "40"}},
     ", row 7: month '2015-04': the parts of 'harbour' add up to 40, more than its 39."),
    ("expect_lines_to_add_up",
     {"by": ["month"], "key": "ward", "value": "cost", "total": "south", "parts": ["north", "bank"]},
     {2: {"cost": "1"}, 8: {"ward": "bank", "cost": "1"}},
     ", row 3: month '2015-04': north + bank = 2, not south = 101.5."),
]  # fmt: skip
# Where six rows alone are not good.
ALSO_GOOD = {"expect_lines_to_add_up": {8: {"ward": "bank", "cost": "1.0"}}}


def changed(cells):
    """Return the good rows with cells changed; a row after the last is added."""
    table = [dict(row) for row in GOOD]
    for row, new in cells.items():
        if row - 2 == len(table):
            table.append({**table[-1], "ward": "added", "month": "2015-06", "code": "N98"})
            if "ward" in new:
                table[-1]["month"] = "2015-04"
        table[row - 2] |= new
    return received(table)


@pytest.mark.parametrize(("name", "kwargs", "cells", "said"), CASES, ids=[case[0][7:] for case in CASES])
def test_it_passes_on_a_good_table_and_fails_on_a_bad_one_with_a_sentence(tmp_path, name, kwargs, cells, said):
    entries = [line(name, **kwargs)]
    assert violations(tmp_path, changed(ALSO_GOOD.get(name, {})), entries) == []
    (found,) = violations(tmp_path, changed(cells), entries)
    assert found.startswith(said)
    remedy = found.removeprefix(said)
    assert remedy == "" or remedy.endswith(f"in {SUITE}, line 5."), "it says what to do"


def test_every_expectation_on_the_list_has_a_case():
    assert {case[0] for case in CASES} == set(LISTED)


ROW_BY_ROW = [case for case in CASES if LISTED[case[0]].unit == "rows" and not LISTED[case[0]].own]


@pytest.mark.parametrize(("name", "kwargs", "cells"), [case[:3] for case in ROW_BY_ROW])
def test_mostly_lets_a_stated_share_through_and_the_outcome_says_how_many(tmp_path, name, kwargs, cells):
    if "row_condition" in kwargs:  # of one row there is no share: one of all rows is as expected
        kwargs = {key: value for key, value in kwargs.items() if key != "row_condition"}
        cells = {7: {"closed": ""}}
    entries = [line(name, **kwargs, mostly=0.01)]
    checks, mistakes = check(tmp_path, changed(cells), entries)
    assert mistakes == []
    outcome = checks[-1]
    assert outcome.expectation == name and outcome.passed and not outcome.violations
    assert outcome.found >= 1
    assert outcome.observed == f"{outcome.found} let through (mostly 0.01)"


def test_mostly_lets_no_format_through(tmp_path):
    entries = [line("expect_column_values_to_be_between", column="hours", min_value=0, mostly=0.5)]
    (found,) = violations(tmp_path, changed({4: {"hours": "no data"}}), entries)
    assert found.startswith(", column 'hours', row 4: 'no data' is not a whole number")


@pytest.mark.parametrize("name", ["expect_column_mean_to_be_between", "expect_column_not_to_exceed"])
def test_mostly_is_refused_where_it_means_nothing(tmp_path, name):
    kwargs = {"column": "hours", "other": "planned"} if "exceed" in name else {"column": "hours", "min_value": 1}
    _, mistakes = check(tmp_path, changed({}), [line(name, **kwargs, mostly=0.5)])
    assert mistakes == [
        f"{SUITE}, line 5: this is not a valid expectation: 'mostly': extra fields not permitted. Correct it."
    ]


def test_empty_cells_are_passed_over(tmp_path):
    gaps = {(4, "hours"): "missing", (4, "cost"): "missing"}
    cells = {4: {"hours": "", "cost": "", "closed": "", "officer": ""}}
    table = changed(cells)
    table = received(table.text.to_dict("records"), gaps=gaps)
    entries = [
        line("expect_column_values_to_be_between", column="hours", min_value=0),
        line("expect_column_values_to_be_in_set", column="officer", value_set=["pc"]),
        line("expect_column_pair_values_a_to_be_greater_than_b", column_A="closed", column_B="agreed"),
        line("expect_column_pair_values_to_be_equal", column_A="cost", column_B="booked"),
        line("expect_multicolumn_sum_to_equal", column_list=["hours", "planned"], sum_total=78,
             row_condition="hours.isna()"),
        line("expect_column_not_to_exceed", column="hours", other="planned"),
        line("expect_column_values_to_be_increasing", column="hours"),
    ]  # fmt: skip
    assert violations(tmp_path, table, entries) == []


def test_a_cell_that_cannot_be_read_is_told_once_and_sums_over_it_are_not_run(tmp_path):
    entries = [
        line("expect_column_values_to_not_be_null", column="hours"),
        line("expect_column_sum_to_be_between", column="hours", min_value=1000),
        line("expect_column_sum_to_be_between", column="planned", min_value=10),
    ]
    checks, mistakes = check(tmp_path, changed({4: {"hours": "n/a"}}), entries)
    assert mistakes == []
    assert [(one.passed, one.observed) for one in checks[-3:]] == [
        (True, "nothing amiss"),
        (False, "1 cell of column 'hours' cannot be read"),
        (True, "270"),
    ]
    assert [len(one.violations) for one in checks if not one.passed] == [1, 0]


def test_two_lines_alike_are_two_checks(tmp_path):
    entries = [line("expect_column_values_to_be_unique", column="code")] * 2
    checks, mistakes = check(tmp_path, changed({}), entries)
    assert mistakes == [] and [one.passed for one in checks[-2:]] == [True, True]


def test_decimals_are_compared_exactly(tmp_path):
    cells = [{"line": name, "on": "2015-01-31", "sum": amount} for name, amount in
             (("all", "0.3"), ("a", "0.1"), ("b", "0.2"))]  # fmt: skip
    entry = line("expect_lines_to_add_up", by=["on"], key="line", value="sum", total="all", parts=["a", "b"])
    spec = spec_of({"line": "category", "on": "date", "sum": "decimal"}, ["line", "on"])
    assert violations(tmp_path, received(cells, spec), [entry]) == [], "0.1 + 0.2 is not 0.3 in binary"
    gap = received([cells[0], {**cells[1], "sum": ""}, cells[2]], spec, {(3, "sum"): "suppressed"})
    assert violations(tmp_path, gap, [entry]) == [], "a sum without one of its lines says nothing"
    cells[1]["sum"] = "0.100001"
    (found,) = violations(tmp_path, received(cells, spec), [entry])
    assert found.startswith(", row 2: on '2015-01-31': a + b = 0.300001, not all = 0.3.")


def test_lines_are_grouped_by_numbers_and_days_too(tmp_path):
    cells = [{"area": area, "on": "2015-01-31", "line": name, "sum": amount}
             for area in ("7", "") for name, amount in (("all", "5"), ("a", "4"))]  # fmt: skip
    spec = spec_of({"area": "count", "on": "date", "line": "text", "sum": "count"}, [], optional=["area"])
    entry = line("expect_lines_to_add_up", by=["area", "on"], key="line", value="sum", total="all", parts=["a"])
    found = violations(tmp_path, received(cells, spec), [entry])
    assert [message.split(": a = ")[0] for message in found] == [
        ", row 2: area '7', on '2015-01-31'",
        ", row 4: area '', on '2015-01-31'",
    ]


@pytest.mark.parametrize("name", ["Total", "Grand total", "ward totals"])
def test_a_row_that_calls_itself_a_total_is_left_out_by_layout(tmp_path, name):
    suite = [line("expect_column_values_to_be_in_set", column="ward", value_set=WARDS)]
    cells = rows({}, {"ward": "nort"}, {"ward": name}, {"ward": f" {name}", "month": "2015-05"})
    found = violations(tmp_path, received(cells), suite)
    assert len(found) == 2
    assert found[0].startswith(", column 'ward', row 3: 'nort' is not one of north, ")
    assert found[0].endswith("Correct it in params/corrections.yml, or the check in expectations/patrols.json, line 5.")
    assert found[1].startswith(
        f", column 'ward': 2 cells are not one of north, south, east, west, centre, harbour: row 4: '{name}'"
    )
    assert found[1].endswith(
        f"If it adds up other rows, say `leave_out: {{ward: {name}}}` in the table's layout in params/plan.yml; else "
        "correct what is wrong in params/corrections.yml."
    )
    (quiet,) = violations(tmp_path, received(cells), suite, withheld=True)
    assert "otal" not in quiet
