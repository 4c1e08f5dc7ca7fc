"""Raw files: whether they are the ones received; and the tables that we wrote ourselves."""

import hashlib

import pandas as pd
import pytest

from panelpack.config.sources import load_sources
from panelpack.errors import SourceError
from panelpack.intake.files import check_sources, read_table


# ------------------------------------------------------------------------------- are they the files received
@pytest.fixture
def check(project_copy, quarter, read_office):
    """Return a function that checks the copy after a change to it: its folder, and what was found."""

    def run(change=lambda folder: None, *edits):
        folder = project_copy.raw(quarter)
        change(folder)
        for name, before, after in edits:
            path = project_copy.root / name
            text = path.read_text(encoding="utf-8")
            assert before in text
            path.write_text(text.replace(before, after, 1), encoding="utf-8")
        return folder, check_sources(read_office())

    return run


SOURCES = "data/raw/2015Q1/sources.yml"
EDITS = {
    "embargo dates disagree": (
        (SOURCES, "embargoed_until: 2015-11-05", "embargoed_until: 2015-11-04"),
        "drug_treatment.csv is embargoed until 2015-11-04, params/2015Q1.yml says 2015-11-05. "
        "Make them agree.",
    ),
    "embargo in the parameters only": (
        ("params/2015Q1.yml", "  reoffending_cohorts:\n    status: provisional\n",
         "  reoffending_cohorts:\n    status: embargoed\n    release_date: 2015-12-01\n"),
        "reoffending_cohorts.csv is embargoed until None, params/2015Q1.yml says 2015-12-01. "
        "Make them agree.",
    ),
    "a column of a reconstructed file that nothing is said of": (
        (SOURCES, "      incidents: {", "      incident: {"),
        "night_time_economy.csv, columns: 'incidents' is not described, expected what each of its columns rests on. "
        "Correct the entry.",
    ),
    "a column that the table does not have": (
        (SOURCES, "      incidents: {", "      incident: {"),
        "night_time_economy.csv, columns: 'incident' is described, expected what each of "
        "its columns rests on. Correct the entry.",
    ),
    "columns of a received file": (
        (SOURCES, "reconstructed: true", "reconstructed: false"),
        "recorded_crime.csv, columns: 'month' is described, expected nothing of a received "
        "file. Correct the entry.",
    ),
    "table without a file": (
        (SOURCES, "table: night_time_economy", "table: night"),
        "no file is given for table 'night_time_economy', expected night_time_economy.csv. Add its entry.",
    ),
    "file for a table that is none": (
        (SOURCES, "table: night_time_economy", "table: night"),
        "night_time_economy.csv is for table 'night', which is not in the plan. Correct it.",
    ),
    "another file name": (
        ("params/plan.yml", "file: night_time_economy.csv", "file: night.csv"),
        "table 'night_time_economy' is night_time_economy.csv, the plan expects night.csv. Make them agree.",
    ),
}  # fmt: skip


def test_the_raw_files_are_the_ones_received(check):
    assert check()[1] == []


def test_a_changed_file_is_named_with_both_checksums(check):
    def change(folder):
        with (folder / "savings.csv").open("a") as file:
            file.write("to_find,1.0,2015-03-31\n")

    folder, problems = check(change)
    now = hashlib.sha256((folder / "savings.csv").read_bytes()).hexdigest()
    was = load_sources(folder).files["savings.csv"].sha256
    assert problems == [
        f"data/raw/2015Q1/savings.csv: sha256 is {now}, sources.yml has {was}. If the supplier sent a new file, "
        "record it with: make receive Q=2015Q1"
    ]


def test_a_missing_file_is_named_with_its_supplier(check):
    folder, problems = check(lambda folder: (folder / "savings.csv").unlink())
    checksum = load_sources(folder).files["savings.csv"].sha256
    assert problems == [
        f"data/raw/2015Q1/savings.csv: the file is missing. It was received (sha256 {checksum[:12]}): put it back."
    ]


def test_a_file_without_an_entry_is_named_unless_it_is_hidden(check):
    def change(folder):
        (folder / "extra.csv").write_text("a\n")
        (folder / ".hidden").write_text("a\n")

    _, problems = check(change)
    assert problems == [
        "data/raw/2015Q1/extra.csv: sources.yml has no entry for this file. Remove it, or add an entry for it."
    ]


def test_a_file_that_was_never_received_is_not_called_another_one(check):
    was = load_sources_of(check).files["savings.csv"].sha256
    _, problems = check(lambda folder: None, (SOURCES, was, "f" * 64))
    assert problems == [
        "data/raw/2015Q1/savings.csv: the file is there and was not received yet. Type make receive Q=2015Q1"
    ]


def load_sources_of(check):
    return load_sources(check()[0])


def patterned(folder, checksum):
    """Edits that make the pattern savings*.csv of savings.csv, with its checksum by name."""
    return (
        ("params/plan.yml", "file: savings.csv", "files: savings*.csv"),
        (SOURCES, "  savings.csv:", '  "savings*.csv":'),
        (SOURCES, f"sha256: {checksum}", f"sha256: {{savings.csv: {checksum}}}"),
    )


def test_the_files_of_a_pattern_each_have_a_checksum(check):
    folder = check()[0]
    edits = patterned(folder, load_sources(folder).files["savings.csv"].sha256)
    assert check(lambda folder: None, *edits)[1] == []
    (folder / "savings later.csv").write_text("a\n")
    assert check()[1] == [
        "data/raw/2015Q1/savings later.csv: sources.yml does not list this file yet. Type make receive Q=2015Q1"
    ]
    (folder / "savings later.csv").unlink()
    (folder / "savings.csv").unlink()
    checksum = load_sources(folder).files["savings*.csv"].sha256["savings.csv"]
    assert check()[1] == [
        f"data/raw/2015Q1/savings.csv: the file is missing. It was received (sha256 {checksum[:12]}): put it back."
    ]


def test_a_pattern_needs_a_checksum_for_each_name(check):
    folder = check()[0]
    edits = patterned(folder, load_sources(folder).files["savings.csv"].sha256)[:2]
    assert check(lambda folder: None, *edits)[1][0] == (
        f"{SOURCES}: savings*.csv: one sha256 is given, expected one for each file's name: the plan gives a pattern. "
        "Correct it."
    )


def test_a_licence_is_needed_where_no_preset_knows_it(check):
    folder = check()[0]
    licence = load_sources(folder).files["savings.csv"].licence
    text = (folder / "sources.yml").read_text(encoding="utf-8")
    before, _, after = text.partition("  savings.csv:")
    (folder / "sources.yml").write_text(before + "  savings.csv:" + after.replace(f"    licence: {licence}\n", "", 1))
    assert check()[1] == [
        f"{SOURCES}: savings.csv: no licence is given, and the table has no preset that knows it. Say what may be "
        "done with it."
    ]


@pytest.mark.parametrize(("edit", "expected"), EDITS.values(), ids=EDITS)
def test_what_does_not_agree_is_named(edit, expected, check):
    _, problems = check(lambda folder: None, edit)
    assert f"{SOURCES}: {expected}" in problems


# --------------------------------------------------------------------------------- tables that we wrote ourselves
@pytest.fixture
def read(tmp_path):
    """Return a function that writes a csv of that text, if any, and reads it as a table of the columns a and b."""

    def read(content, **how):
        path = tmp_path / "ours.csv"
        if content is not None:
            path.write_text(content, encoding="utf-8")
        return read_table(path, ["a", "b"], "Write it again.", what="the table of tests", **how)

    return read


def test_a_table_of_ours_is_read_with_numbers_or_as_text(read):
    pd.testing.assert_frame_equal(read("a,b\n1,x\n"), pd.DataFrame({"a": [1], "b": ["x"]}))
    assert read("a,b\n010,NA\n", text=True).to_dict("records") == [{"a": "010", "b": "NA"}]


@pytest.mark.parametrize(
    ("content", "how", "said"),
    [
        (None, {}, "the file is missing, expected the table of tests. Write it again."),
        ("", {}, "the table of tests cannot be read: No columns to parse from file. Write it again."),
        ("a\n1\n", {}, "found the columns ['a'], expected ['a', 'b']. Write it again."),
        ("b,a\n1,2\n", {}, "found the columns ['b', 'a'], expected ['a', 'b']. Write it again."),
        (
            "a,b\n1,2\n",
            {"check": lambda frame: False},
            "the cells are not those of the table of tests. Write it again.",
        ),
    ],
    ids=["missing", "empty", "a column too few", "another order", "cells that are refused"],
)
def test_what_is_no_such_table_is_refused_in_one_sentence(content, how, said, read, tmp_path):
    with pytest.raises(SourceError) as caught:
        read(content, **how)
    assert str(caught.value) == f"{tmp_path / 'ours.csv'}: {said}"
