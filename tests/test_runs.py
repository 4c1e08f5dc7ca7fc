"""Where a pack was made: noted beside the manifest, kept while the manifest stays, never compared."""

import json

import pytest

from panelpack.errors import UsageError
from panelpack.periods import Quarter
from panelpack.pipeline import scheduler
from panelpack.project import Project
from panelpack.publishing.manifest import MANIFEST_FILE, RUN_FILE, read_run, this_run, write_run

QUARTER = Quarter.parse("2015Q1")


@pytest.fixture
def folders(tmp_path):
    project = Project(tmp_path)
    last, new = project.outputs(QUARTER), tmp_path / "new"
    for folder in (last, new):
        folder.mkdir(parents=True)
        (folder / MANIFEST_FILE).write_text("one", encoding="utf-8")
    (last / RUN_FILE).write_text('{"platform": "another"}', encoding="utf-8")
    return project, last, new


def test_the_note_stays_while_the_manifest_does(folders):
    project, _, new = folders
    write_run(project, QUARTER, {}, new)
    assert read_run(new) == {"platform": "another"}


def test_another_manifest_has_a_note_of_its_own(folders):
    project, _, new = folders
    (new / MANIFEST_FILE).write_text("two", encoding="utf-8")
    write_run(project, QUARTER, {}, new)
    assert read_run(new) == json.loads(json.dumps(this_run(project)))
    assert read_run(new)["platform"] != "another"


def test_outside_git_there_is_no_commit_and_no_clean_tree(tmp_path):
    here = this_run(Project(tmp_path))
    assert (here["git_commit"], here["tree_clean"]) == ("", False)


def test_a_note_that_is_not_there_or_broken_says_nothing(tmp_path):
    assert read_run(tmp_path) == {}
    (tmp_path / RUN_FILE).write_text("{", encoding="utf-8")
    assert read_run(tmp_path) == {}


@pytest.mark.parametrize(("name", "stock"), [("fast", False), ("stock", True), ("", None)])
def test_the_engine_is_chosen_by_name(monkeypatch, name, stock):
    monkeypatch.setenv("ENGINE", name)
    assert scheduler.stock() is stock


def test_another_engine_is_refused_in_words(monkeypatch):
    monkeypatch.setenv("ENGINE", "steam")
    with pytest.raises(UsageError, match="ENGINE='steam': expected fast or stock"):
        scheduler.stock()
