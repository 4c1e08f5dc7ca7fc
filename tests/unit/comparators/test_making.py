"""`make comparators`: what it makes of a small table, of a table in parts, and what it says of files that are none."""

import shutil

import pandas as pd
import pytest

import official_rows
import running
from panelpack.comparators.counts import read_official_counts_of_forces
from panelpack.comparators.making import make_comparators
from panelpack.errors import ConfigurationError, PanelPackError, SourceError, UsageError
from panelpack.periods import Quarter
from panelpack.project import Project

ROWS = official_rows.rows()
EARLY, LATE = ("2012/13", "2013/14"), ("2013/14", "2014/15", "2015/16")


@pytest.fixture
def software(tmp_path):
    """A folder with as much of the software as the command reads."""
    for name in ("data/comparators", "data/projection", "params/layouts"):
        shutil.copytree(running.ROOT / name, tmp_path / "software" / name)
    shutil.copy(running.ROOT / "params" / "plan.yml", tmp_path / "software" / "params")  # by which paths are shown
    return Project(tmp_path / "software")


def write(software, name, rows):
    return str(official_rows.write(software.root.parent / name, rows))


def made(software):
    folder = software.comparators
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_tables_of_a_small_release_belong_together_and_are_read_back(software):
    said = make_comparators(software, write(software, "table.csv.gz", ROWS))
    of = read_official_counts_of_forces(software)
    assert of.forces == sorted(official_rows.FORCES)
    assert of.quarters("Westmoor") == [str(Quarter(2012, 1).shift(n)) for n in range(13)]
    own = [row for row in ROWS if row[2] == "Westmoor" and row[:2] == ("2012/13", "1") and row[5] == "Shoplifting"]
    assert of.counts.loc[("2012Q1", "Westmoor"), "Theft offences: Shoplifting"] == int(own[0][-1])
    # A kind that the table does not have in a quarter is no count of none.
    assert pd.isna(of.counts.loc[("2012Q1", "Westmoor"), "Violence against the person: Stalking and harassment"])
    assert of.gaps.empty
    assert said[0].endswith("release of October 2023:")
    assert "  3 forces, 2012Q1 to 2015Q1, 9 kinds of offences" in said
    assert "No force has fewer kinds of offences in a quarter than the others." in said
    assert any(line.startswith("  table.csv.gz: sha256 ") for line in said)
    assert any(line.startswith("These are other files than before. If they are of another release") for line in said)


def test_what_moves_and_what_ends_is_measured_and_said(software):
    said = make_comparators(software, write(software, "table.csv.gz", ROWS))
    moves = read_official_counts_of_forces(software).moves
    fraud, harassment = moves.to_dict("records")
    assert (fraud["from"], fraud["to"], fraud["quarter"], fraud["offence"]) == (
        "Fraud offences: Fraud offences to 2012/13", "", "2013Q1", ""
    )  # fmt: skip
    assert harassment["offence"] == "Harassment" and harassment["quarter"] == "2013Q1"
    assert harassment["to"] == "Violence against the person: Stalking and harassment"
    before = pd.DataFrame(ROWS, columns=official_rows.HEADS).query("`Financial Year` == '2012/13'")
    before = before[before["Offence Subgroup"] == "Violence without injury"].astype({"Number of Offences": int})
    part = before[before["Offence Description"] == "Harassment"]
    shares = (
        part.groupby("Force Name")["Number of Offences"].sum()
        / before.groupby("Force Name")["Number of Offences"].sum()
    )
    assert harassment["offences"] == part["Number of Offences"].sum()
    assert (harassment["share_low"], harassment["share_high"]) == pytest.approx((shares.min(), shares.max()), abs=1e-6)
    assert any("Harassment: from Violence against the person: Violence without injury" in line for line in said)


def test_a_release_in_parts_gives_the_bytes_of_the_whole_one_but_for_the_names_of_its_files(software):
    make_comparators(software, write(software, "table.csv.gz", ROWS))
    whole = made(software)
    early = write(software, "early.csv", [row for row in ROWS if row[0] in EARLY])
    late = write(software, "late.csv", [row for row in ROWS if row[0] in LATE])
    said = make_comparators(software, f"{late}, {early}")
    parts = made(software)
    assert {name for name in whole if whole[name] != parts[name]} == {"made_from.yml"}
    make_comparators(software, f"{late},{early}")
    assert made(software) == parts
    assert not any(line.startswith("These are other files") for line in make_comparators(software, f"{late},{early}"))
    assert any(line.startswith("  early.csv: sha256 ") for line in said)


def without(force, year, number, subgroup):
    return [row for row in ROWS if not (row[2] == force and row[:2] == (year, number) and row[5] == subgroup)]


def test_a_force_quarter_with_fewer_kinds_is_a_gap_unless_it_is_accepted(software):
    data = write(software, "table.csv", without("Westmoor", "2013/14", "2", "Robbery of personal property"))
    said = make_comparators(software, data)
    of = read_official_counts_of_forces(software)
    assert of.gaps.values.tolist() == [["Westmoor", "2013Q2", 7, 8]]
    assert "  Westmoor, 2013Q2: 7 of 8" in said
    offences = software.comparators / "offences.yml"
    accepted = "accepted:\n  - {force: Westmoor, quarter: 2013Q2, reason: None were recorded.}\n"
    offences.write_text(offences.read_text(encoding="utf-8").replace("accepted: []\n", accepted), encoding="utf-8")
    with pytest.raises(SourceError, match=r"this is not the file that made_from\.yml beside it names"):
        read_official_counts_of_forces(software)
    said = make_comparators(software, data)
    assert "  Westmoor, 2013Q2: 7 of 8, accepted" in said
    assert read_official_counts_of_forces(software).gaps.empty


def test_a_quarter_that_a_force_lacks_in_the_middle_is_a_gap_and_one_at_its_end_is_none(software):
    middle = [row for row in ROWS if not (row[2] == "Fen & Marsh" and row[:2] == ("2014/15", "1"))]
    make_comparators(software, write(software, "middle.csv", middle))
    assert read_official_counts_of_forces(software).gaps.values.tolist() == [["Fen & Marsh", "2014Q1", 0, 8]]
    end = [row for row in ROWS if not (row[2] == "Fen & Marsh" and row[0] > "2013/14")]
    said = make_comparators(software, write(software, "end.csv", end))
    assert read_official_counts_of_forces(software).gaps.empty
    assert "  1 of them end before: in 2013Q4" in said


def changed(**cells):
    place = {"number": 7, "subgroup": 5}
    first = next(row for row in ROWS if row[0] == "2013/14")
    other = list(first)
    for name, value in cells.items():
        other[place[name]] = value
    return [tuple(other) if row == first else row for row in ROWS if row[0] in EARLY]


@pytest.mark.parametrize(
    ("parts", "error", "words"),
    [
        ([], UsageError, "DATA is missing: expected the file of the official table, or its files with commas"),
        ([("a.csv", ROWS), ("sub/a.csv", ROWS)], UsageError, "two files are called 'a.csv', expected a name each"),
        ([("gone", None)], SourceError, "there is no such file, expected the official table"),
        ([("a.csv", [*ROWS, ROWS[5]])], SourceError, "stands twice, expected one row. Remove one."),
        (
            [("a.csv", ROWS), ("b.csv", changed(number="5"))],
            SourceError,
            "is Theft offences, Domestic burglary, 305 in a.csv and Theft offences, Domestic burglary, 5 in b.csv",
        ),
        (
            [("a.csv", ROWS), ("b.csv", changed(subgroup="Another"))],
            SourceError,
            "'Burglary in a dwelling' of 'Westmoor' in 2013Q1 is Theft offences, Domestic burglary, 305 in a.csv and "
            "Theft offences, Another",
        ),
        (
            [("a.csv", ROWS), ("b.csv", without("Westmoor", "2013/14", "2", "Shoplifting"))],
            SourceError,
            "'Shoplifting' of 'Westmoor' in 2013Q2 stands in a.csv alone, expected the same in both. Give files of one",
        ),
    ],
)
def test_what_is_no_release_is_one_line_and_writes_nothing(software, parts, error, words):
    (software.root.parent / "sub").mkdir()
    before = made(software)
    paths = [
        write(software, name, rows) if rows is not None else str(software.root.parent / name) for name, rows in parts
    ]
    with pytest.raises(error) as caught:
        make_comparators(software, ",".join(paths))
    assert words in str(caught.value) and "\n" not in str(caught.value)
    assert made(software) == before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("offences: Number of Offences", "offences: Offences", "columns: 'Offences' was found, expected a head of"),
        (
            "[Violence without injury, Stalking and harassment]",
            "[Threats]",
            ", breaks, from 2013Q1: 'Threats' was found, expected a subgroup of the table: Domestic burglary, Fraud",
        ),
    ],
)
def test_offences_that_do_not_fit_the_table_are_named(software, old, new, words):
    path = software.comparators / "offences.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        make_comparators(software, write(software, "table.csv", ROWS))
    assert str(caught.value).startswith("data/comparators/offences.yml") and words in str(caught.value)


def test_a_part_of_the_years_has_no_need_of_what_was_before(software):
    late = [row for row in ROWS if row[0] in LATE]
    said = make_comparators(software, write(software, "late.csv", late))
    assert "  without Fraud offences to 2012/13, which offences.yml leaves out of every comparison" in said
    assert read_official_counts_of_forces(software).moves.empty
    assert "No offence changes its kind." in said


def test_a_folder_that_cannot_be_written_is_as_before(software, monkeypatch):
    before = made(software)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("panelpack.comparators.making.os.replace", full)
    with pytest.raises(PanelPackError, match=r"^data/comparators: it cannot be written \(No space left"):
        make_comparators(software, write(software, "table.csv", ROWS))
    assert made(software) == before
