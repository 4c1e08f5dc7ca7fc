"""What atlas-verify says of a pack that is not as it was made, or that comes out otherwise."""

import os

import pytest

import running
from panelpack.atlas.index import FILE
from panelpack.atlas.verify import find_differences, read_sample
from panelpack.errors import UsageError
from panelpack.periods import Quarter
from panelpack.project import Project

SOFTWARE, QUARTER = Project(running.ROOT), Quarter.parse("2015Q1")
NAMES = ("N", "SEED", "RELEASE", "TO", "SCHEDULER")


def sentences(store, again, *records, why=None):
    return list(find_differences(SOFTWARE, store, again, records, why or {}))


def test_of_a_pack_with_the_same_seal_nothing_is_said(store, again, add, add_again):
    record = add()
    add_again()
    assert sentences(store, again, record) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("outputs/2015Q1/pack/indicators.csv", "pack/indicators.csv is not as its manifest says."),
        ("data/raw/2015Q1/table.csv", "data/raw/2015Q1/table.csv is not as its manifest says."),
        ("outputs/2015Q1/manifest.json", "the seal is not that of the content"),
    ],
)
def test_a_changed_byte_is_told_in_a_sentence(store, again, add, add_again, name, words):
    record = add()
    add_again()
    path = store.office("Westmoor", QUARTER) / name
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    (said,) = sentences(store, again, record)
    assert said.startswith("Westmoor 2015Q1 is not as it was made: ") and words in said


def test_another_seal_is_told_with_what_differs(store, again, add, add_again):
    record, other = add(), add_again(table="indicator,priority\n")
    (said,) = sentences(store, again, record)
    assert said.startswith("Westmoor 2015Q1 differs: 1 output")
    assert said.endswith(f" Its seal is {record.seal[:12]}, made again {other.seal[:12]}.")


def test_one_that_cannot_be_made_again_is_told_with_the_reason(store, again, add):
    record = add()
    why = {("Westmoor", "2015Q1"): "The raw data do not pass."}
    assert sentences(store, again, record, why=why) == [
        "Westmoor 2015Q1 could not be made again: The raw data do not pass."
    ]


def sample(folder, **given: str):
    return read_sample(SOFTWARE, {**dict.fromkeys(NAMES, ""), "TO": str(folder), **given})


def test_a_seed_chooses_the_same_packs_each_time(store, add):
    for by in range(6):
        add(quarter=QUARTER.shift(by))
    (store.folder / FILE).write_bytes(b"")
    chosen = {seed: sample(store.folder.parent, N="3", SEED=seed).chosen() for seed in "12345"}
    assert all(len(records) == 3 for records in chosen.values())
    assert sample(store.folder.parent, N="3", SEED="4").chosen() == chosen["4"]
    assert len({tuple(record.quarter for record in records) for records in chosen.values()}) > 1
    assert len(sample(store.folder.parent).chosen()) == 6


def test_the_newest_release_is_meant_where_none_is_named(tmp_path):
    for age, name in enumerate(("new", "old")):
        (tmp_path / name).mkdir()
        (tmp_path / name / FILE).write_bytes(b"")
        os.utime(tmp_path / name / FILE, (1e9 - age, 1e9 - age))
    assert sample(tmp_path).store.folder.name == "new" and sample(tmp_path, RELEASE="Old").store.folder.name == "old"
    with pytest.raises(UsageError, match=r"RELEASE='Other': there is no atlas of it in .*, found new, old"):
        sample(tmp_path, RELEASE="Other")
    with pytest.raises(UsageError, match="there is no pack in it"):
        sample(tmp_path).chosen()
    with pytest.raises(UsageError, match="there is no atlas, expected one"):
        sample(tmp_path / "none")


@pytest.mark.parametrize(("name", "text"), [("N", "0"), ("N", "x"), ("SEED", "-1"), ("SCHEDULER", "x")])
def test_a_mistake_in_any_variable_is_one_line(store, name, text):
    with pytest.raises(UsageError, match=f"{name}='{text}': expected") as error:
        sample(store.folder.parent, **{name: text})
    assert "\n" not in str(error.value)
