"""What is published of the files that a pack is made from: of a guarded one a keyed hash, or that nobody can say."""

import hmac

import pytest

from made_up_forces import office_among_forces
from panelpack.errors import SourceError
from panelpack.pack_files import input_files
from panelpack.periods import Quarter
from panelpack.pipeline.records import facts_of
from panelpack.project import measured
from panelpack.publishing import approvals
from panelpack.publishing.inputs import describe_inputs, unsalted_inputs

RAW = "data/raw/2015Q1"
EMBARGOED = f"{RAW}/drug_treatment.csv"


@pytest.fixture
def describe(project_copy, quarter):
    return lambda: describe_inputs(project_copy, quarter)


def test_every_input_is_described_and_no_salt(project_copy, quarter, describe):
    found = describe()
    assert list(found) == [project_copy.name(path) for path in input_files(project_copy, quarter)]
    assert not any("salt" in name or name.endswith(".gitignore") for name in found)
    for name, entry in found.items():
        path = project_copy.path(name)
        salt = path.with_name(f"{path.name}.salt")
        if salt.exists():
            key = bytes.fromhex(salt.read_text(encoding="utf-8").strip())
            assert entry == {"keyed_sha256": hmac.digest(key, path.read_bytes(), "sha256").hex()}
        else:
            assert entry == measured(path)


def test_without_its_salt_nothing_is_said_of_a_guarded_file(project_copy, quarter, describe):
    before = describe()
    project_copy.path(f"{EMBARGOED}.salt").unlink()
    assert describe() == before | {EMBARGOED: {"keyed_sha256": "no salt"}}
    assert unsalted_inputs(project_copy, quarter) == [EMBARGOED]


def test_what_nobody_called_public_is_not_told(project_copy, describe):
    """A file that sources.yml does not name, and all where it is lost: of the quarter before that stops nothing."""
    before = project_copy.raw(Quarter.parse("2014Q4"))
    (before / "drug treatment (2).csv").write_text("quarter,completions\n", encoding="utf-8")
    assert describe()["data/raw/2014Q4/drug treatment (2).csv"] == {"keyed_sha256": "no salt"}
    (before / "sources.yml").unlink()
    found = {name: entry for name, entry in describe().items() if name.startswith("data/raw/2014Q4/")}
    assert found and all(set(entry) == {"keyed_sha256"} for entry in found.values())


def test_another_salt_makes_another_record_and_every_step_notices(project_copy, quarter, describe):
    before, facts = describe(), facts_of(project_copy, quarter)
    project_copy.path(f"{EMBARGOED}.salt").write_text("2" * 64 + "\n", encoding="utf-8")
    assert describe()[EMBARGOED] not in ({"keyed_sha256": "no salt"}, before[EMBARGOED])
    assert facts_of(project_copy, quarter)["the salts"] != facts["the salts"]


def test_an_editors_lock_is_no_input(project_copy, describe):
    before = describe()
    (project_copy.path(RAW) / ".~lock.first_time_entrants.xlsx#").write_text("me", encoding="utf-8")
    assert describe() == before


@pytest.mark.parametrize("change", ["none", "file", "salt", "no salt"])
def test_a_pack_is_approved_only_while_its_guarded_files_are_those_of_its_manifest(
    project_copy, quarter, describe, change
):
    made = describe()
    salt = project_copy.path(f"{EMBARGOED}.salt")
    if change == "file":
        with project_copy.path(EMBARGOED).open("a", encoding="utf-8") as file:
            file.write("2015Q2,270,40\n")
    if change == "salt":
        salt.write_text("2" * 64 + "\n", encoding="utf-8")
    if change == "no salt":
        salt.unlink()
    expected = {
        "file": "it is not the file that the manifest describes",
        "salt": "it is not the file that the manifest describes",
        "no salt": "it cannot be checked, since its salt is not there, expected drug_treatment.csv.salt beside it",
    }
    if change == "none":
        approvals._inputs_unchanged(project_copy, made, quarter)
        return
    with pytest.raises(SourceError, match=f"{EMBARGOED}: {expected[change]}"):
        approvals._inputs_unchanged(project_copy, made, quarter)


def test_the_counts_of_other_forces_and_who_is_similar_are_inputs(tmp_path, quarter):
    there = office_among_forces(tmp_path / "office")
    (there.root / "params" / "groups.yml").write_text("version: 1\n", encoding="utf-8")
    names = {there.name(path) for path in input_files(there, quarter)}
    tables = ("counts.csv", "moves.csv", "gaps.csv", "residents_by_force.csv", "offences.yml", "made_from.yml")
    assert names >= {*(f"data/comparators/{name}" for name in tables), "params/groups.yml"}
