"""The files of a quarter, each spoilt in one way: every problem is one sentence, and none hides another."""

import pytest

from panelpack.errors import ValidationFailed
from panelpack.validation import raw_data
from running import QUARTER, copy_project

FOLDER = f"data/raw/{QUARTER}"


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(copy_project(tmp_path))
    return tmp_path


def failures(root):
    return raw_data.run(QUARTER).failures


def test_the_data_as_received_pass(root):
    checked = raw_data.run(QUARTER)
    assert checked.failures == []
    assert {check.table for check in checked.checks} == set(checked.plan.tables)
    raw_data.stop_if_failed(checked)


def test_a_missing_file_is_said_once_and_the_others_are_still_checked(root):
    (root / FOLDER / "assessments.csv").unlink()
    savings = root / FOLDER / "savings.csv"
    savings.write_text(savings.read_text(encoding="utf-8").replace("2.1", "2.2"), encoding="utf-8")
    found = failures(root)
    missing = [line for line in found if "assessments.csv" in line]
    assert len(missing) == 1
    assert missing[0].startswith(f"{FOLDER}/assessments.csv: the file is missing.")
    assert any("realised + identified + to_find = 27.9, not required = 27.8" in line for line in found)
    with pytest.raises(ValidationFailed, match=r"did not pass: 3 violations\."):
        raw_data.stop_if_failed(raw_data.run(QUARTER))


def test_a_damaged_workbook_is_named(root):
    (root / FOLDER / "first_time_entrants.xlsx").write_bytes(b"no workbook")
    checksum, damaged = failures(root)
    assert checksum.startswith(f"{FOLDER}/first_time_entrants.xlsx: sha256 is ")
    assert damaged.startswith(f"{FOLDER}/first_time_entrants.xlsx: the file cannot be read as a table: ")


def test_a_board_that_says_otherwise_is_named(root):
    path = root / FOLDER / "assessments.csv"
    text = path.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("SP16.training,"))
    path.write_text(text.replace(line, line.replace("no_change", "improved")), encoding="utf-8")
    found = [line for line in failures(root) if "sha256" not in line]
    assert found == [
        f"{FOLDER}/assessments.csv: SP16.training is 'improved', params/{QUARTER}.yml accepts 'no_change'. "
        "Make them agree."
    ]


def test_no_value_of_a_withheld_table_is_quoted(root):
    spoilt = {"drug_treatment.csv": "2014Q1,-98765,1", "missing_people.csv": "R99,junk,P98765"}
    for name, new in spoilt.items():
        path = root / FOLDER / name
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([lines[0], new, *lines[2:], ""]), encoding="utf-8")
    found = failures(root)
    assert any(f"{FOLDER}/drug_treatment.csv, row 2" in line and "a withheld value" in line for line in found)
    assert any(f"{FOLDER}/missing_people.csv, row 2" in line and "a withheld value" in line for line in found)
    assert not [line for line in found if "98765" in line]


def test_an_undeclared_file_is_named(root):
    (root / FOLDER / "extra.csv").write_text("a\n", encoding="utf-8")
    assert failures(root) == [
        f"{FOLDER}/extra.csv: sources.yml has no entry for this file. Add one or remove the file."
    ]
