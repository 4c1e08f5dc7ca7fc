"""The store: a pack is there whole or not at all, is known by what it was made from, and damage is found."""

import json

import pytest

import running
from panelpack.atlas.store import LOCK, MAKING, RECORD, Release, slug
from panelpack.errors import UsageError
from panelpack.periods import Quarter
from panelpack.project import Project

SOFTWARE, QUARTER = Project(running.ROOT), Quarter.parse("2015Q1")


@pytest.mark.parametrize(
    ("name", "folder"), [("London, City of", "london-city-of"), ("Devon & Cornwall", "devon-cornwall"), ("&", "")]
)
def test_a_folder_is_called_after_what_it_is_of(name, folder):
    assert slug(name) == folder


def test_a_pack_that_is_there_is_known_by_its_fingerprint(store, add):
    assert not store.is_made(SOFTWARE, "Westmoor", QUARTER, "f")
    add()
    assert store.is_made(SOFTWARE, "Westmoor", QUARTER, "f")
    assert not store.is_made(SOFTWARE, "Westmoor", QUARTER, "another")
    assert [record.force for record in store.records()] == ["Westmoor"]


@pytest.mark.parametrize(
    "name", ["outputs/2015Q1/pack/indicators.csv", "data/raw/2015Q1/table.csv", "outputs/2015Q1/manifest.json", RECORD]
)
@pytest.mark.parametrize("change", ["byte", "gone"])
def test_a_pack_with_a_changed_or_missing_file_is_made_again(store, add, name, change):
    add()
    path = store.office("Westmoor", QUARTER) / name
    path.unlink() if change == "gone" else path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    assert not store.is_made(SOFTWARE, "Westmoor", QUARTER, "f")


def test_while_a_pack_is_made_nothing_of_it_is_in_the_store(store, add):
    folder = store.begin("Westmoor", QUARTER)
    (folder / "half").write_text("half", encoding="utf-8")
    assert store.records() == [] and [path.name for path in store.folder.iterdir()] == [MAKING]
    store.tidy()
    assert list(store.folder.iterdir()) == []


def test_a_pack_takes_the_place_of_the_one_before_it(store, add):
    add(raw="old\n")
    before = store.record("Westmoor", QUARTER)
    add(raw="new\n", fingerprint="g")
    raw = store.office("Westmoor", QUARTER) / "data/raw/2015Q1/table.csv"
    assert raw.read_text(encoding="utf-8") == "new\n" and store.record("Westmoor", QUARTER) != before
    assert list((store.folder / MAKING).iterdir()) == []


def test_one_release_is_of_one_table(store):
    store.begin_release(Release("October 2023", "table.csv", "1" * 64))
    store.begin_release(Release("October 2023", "table.csv", "1" * 64))
    with pytest.raises(
        UsageError, match=r"it holds the packs of another table \(table.csv, sha256 begins 111111111111"
    ):
        store.begin_release(Release("October 2023", "later.csv", "2" * 64))
    assert json.loads((store.folder / "release.json").read_text(encoding="utf-8"))["sha256"] == "1" * 64


def test_two_runs_never_make_one_atlas(store):
    with store.alone(), pytest.raises(UsageError, match="another run is making this atlas"), store.alone():
        pass
    with store.alone():
        assert (store.folder / LOCK).exists()
