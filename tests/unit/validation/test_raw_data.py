"""The files of a quarter, each spoilt in one way: every problem is one sentence, and none hides another."""

import pandas as pd
import pytest

from panelpack.config.configuration import Configuration
from panelpack.errors import ValidationFailed
from panelpack.validation.raw_data import check_raw_data

FOLDER = "data/raw/2015Q1"


@pytest.fixture
def folder(project_copy, quarter):
    return project_copy.raw(quarter)


@pytest.fixture
def check(project_copy, quarter):
    """Return a function that checks the copy as it is now."""
    return lambda: check_raw_data(Configuration.read(project_copy, quarter))


def test_the_data_as_received_pass(check):
    checked = check()
    assert checked.failures == []
    assert {one.table for one in checked.checks} == set(checked.office.plan.tables)
    checked.stop_if_failed()


def test_a_missing_file_is_told_once_and_the_others_are_still_checked(folder, check):
    (folder / "assessments.csv").unlink()
    savings = folder / "savings.csv"
    savings.write_text(savings.read_text(encoding="utf-8").replace("2.1", "2.2"), encoding="utf-8")
    checked = check()
    missing = [line for line in checked.failures if "assessments.csv" in line]
    assert len(missing) == 1
    assert missing[0].startswith(f"{FOLDER}/assessments.csv: the file is missing.")
    assert any("realised + identified + to_find = 27.9, not required = 27.8" in line for line in checked.failures)
    with pytest.raises(ValidationFailed, match=r"^The raw data of 2015Q1 did not pass: 3 violations\.") as caught:
        checked.stop_if_failed()
    assert caught.value.violations == tuple(checked.failures)


def test_a_single_violation_is_told_in_the_singular(folder, check):
    (folder / "extra.csv").write_text("a\n", encoding="utf-8")
    with pytest.raises(ValidationFailed) as caught:
        check().stop_if_failed()
    assert str(caught.value) == (
        "The raw data of 2015Q1 did not pass: 1 violation.\n"
        f"{FOLDER}/extra.csv: sources.yml has no entry for this file. Remove it, or add an entry for it."
    )


def test_a_damaged_workbook_is_named(folder, check):
    (folder / "first_time_entrants.xlsx").write_bytes(b"no workbook")
    checksum, damaged = check().failures
    assert checksum.startswith(f"{FOLDER}/first_time_entrants.xlsx: sha256 is ")
    assert damaged.startswith(f"{FOLDER}/first_time_entrants.xlsx: the name ends in '.xlsx', but the file is text")


def test_a_board_that_says_otherwise_is_named(folder, check):
    path = folder / "assessments.csv"
    text = path.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("SP16.training,"))
    path.write_text(text.replace(line, line.replace("no_change", "improved")), encoding="utf-8")
    assert [line for line in check().failures if "sha256" not in line] == [
        f"{FOLDER}/assessments.csv: SP16.training is 'improved', params/2015Q1.yml accepts 'no_change'. "
        "Make them agree."
    ]


def test_what_a_board_says_is_not_told_of_a_return_that_is_withheld(folder, check, project_copy, quarter):
    path = folder / "assessments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("no_change", "improved"), encoding="utf-8")
    params = project_copy.params(quarter)
    withheld = "availability:\n  assessments: {status: suppressed, reason: The boards are still at it.}\n"
    params.write_text(params.read_text("utf-8").replace("availability:\n", withheld, 1), encoding="utf-8")
    failures = [line for line in check().failures if "Make them agree" in line]
    assert failures[0] == (
        f"{FOLDER}/assessments.csv: SP16.conveyance is another, params/2015Q1.yml accepts 'no_change'. Make them agree."
    )
    assert not [line for line in failures if "improved" in line]


def test_no_value_of_a_withheld_table_or_of_one_about_persons_is_quoted(folder, check):
    spoilt = {"drug_treatment.csv": "2014Q1,-98765,1", "missing_people.csv": "R99,junk,P98765"}
    for name, new in spoilt.items():
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        (folder / name).write_text("\n".join([lines[0], new, *lines[2:], ""]), encoding="utf-8")
    found = check().failures
    for place in ("drug_treatment.csv, column 'completions'", "missing_people.csv, column 'month'"):
        assert any(f"{FOLDER}/{place}" in line and "a withheld value" in line for line in found)
    assert not [line for line in found if "98765" in line]


def test_a_period_that_a_figure_compares_and_the_file_lacks_is_named(folder, check):
    path = folder / "recorded_crime.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("2014-05,robbery,")]
    assert len(kept) == len(lines) - 1
    path.write_text("\n".join([*kept, ""]), encoding="utf-8")
    assert [line for line in check().failures if "sha256" not in line] == [
        f"{FOLDER}/recorded_crime.csv: month '2014-05' is missing for offence 'robbery' (series 'robbery'); 1 month is "
        "missing in all. Ask the supplier for a complete file."
    ]


def test_what_is_wrong_with_files_corrections_and_suites_is_told_in_one_run(project_copy, folder, check):
    (folder / "first_time_entrants.xlsx").write_bytes(b"no workbook")
    path = folder / "missing_reports.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2014-01,", "Jan-14,", 1), encoding="utf-8")
    suite = project_copy.expectations / "victim_survey.json"
    suite.write_text(suite.read_text(encoding="utf-8").replace("not_to_exceed", "not_to_excede"), encoding="utf-8")
    project_copy.corrections.write_text(
        "corrections:\n  - file: 2015Q1/savings.csv\n    key: {line: realised, as_at: 2014-12-31}\n"
        "    column: gbp_million\n    old: 1.0\n    new: 2.0\n    reason: A slip.\n    decided_by: Analyst\n"
        "    decided_on: 2015-09-10\n",
        encoding="utf-8",
    )
    failures = check().failures
    for start, said in {
        f"{FOLDER}/first_time_entrants.xlsx: the name": "but the file is text",
        f"{FOLDER}/missing_reports.csv, column 'month', row ": "`forms: {month: Apr-22}`",
        "expectations/victim_survey.json, line ": "'expect_column_not_to_excede' is not among those that work here",
        "params/corrections.yml, line 2: found '21.7'": "expected the old value '1.0'",
    }.items():
        assert [line for line in failures if line.startswith(start) and said in line], start


def test_the_tables_that_could_be_read_are_there_for_what_follows(folder, check):
    (folder / "assessments.csv").unlink()
    checked = check()
    assert set(checked.tables) == set(checked.office.plan.tables) - {"assessments"}
    assert checked.tables["savings"].text.columns.tolist() == ["line", "gbp_million", "as_at"]


# What is done to a raw file, and the check that must find it.
TAMPERED = [
    ("recorded_crime", {"offence": "all_crime"}, {"offences": "9"}, "expect_parts_not_to_exceed_total"),
    ("recorded_crime", {"offence": "violence_with_injury"}, {"offences": "1"}, "expect_parts_not_to_exceed_total"),
    ("victim_survey", {}, {"satisfied": "9999"}, "expect_column_not_to_exceed"),
    ("reoffending_cohorts", {"measure": "offending"}, {"offences": "1"}, "expect_parts_not_to_exceed_total"),
    ("missing_reports", {"location": "KL1"}, {"reports": "9999"}, "expect_parts_not_to_exceed_total"),
    ("missing_people", {}, {"person": "A. Person"}, "expect_column_values_to_match_regex"),
    ("missing_people", {}, {"month": "2099-01"}, "expect_no_period_after"),
    ("savings", {"line": "to_find"}, {"gbp_million": "4.1"}, "expect_lines_to_add_up"),
    ("savings", {}, {"as_at": "2014-11-31"}, "expect_cells_to_be_of_their_kind"),
    ("night_time_economy", {}, {"incidents": "-3"}, "expect_column_values_to_be_between"),
    ("assessments", {}, {"assessment": "better"}, "expect_column_values_to_be_in_set"),
    ("assessments", {}, {"statement": " "}, "expect_column_values_to_not_be_null"),
]


@pytest.mark.parametrize(("table", "pick", "change", "broken"), TAMPERED, ids=lambda value: str(value))
def test_plan_and_suites_find_what_was_changed_in_what_was_received(folder, check, table, pick, change, broken):
    path = folder / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    row = frame.index[(frame[list(pick)] == pd.Series(pick, dtype=str)).all(axis=1)][0]
    frame.loc[row, list(change)] = list(change.values())
    frame.to_csv(path, index=False, lineterminator="\n")
    failed = [one for one in check().checks if not one.passed and not one.skipped]
    assert [one.expectation for one in failed if one.expectation != "expect_series_to_be_complete"] == [broken]
    assert all(one.table == table and len(one.violations) == one.found == 1 for one in failed)
