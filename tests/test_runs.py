"""Where a pack was made: noted beside the manifest, kept while the manifest stays, never compared."""

import json

import pytest

from panelpack import manifest, runner, runs
from panelpack.errors import UsageError
from panelpack.project import Project
from panelpack.quarters import Quarter

QUARTER = Quarter.parse("2015Q1")


@pytest.fixture
def folders(tmp_path):
    project = Project(tmp_path)
    last, new = project.outputs(QUARTER), tmp_path / "new"
    for folder in (last, new):
        folder.mkdir(parents=True)
        (folder / manifest.NAME).write_text("one", encoding="utf-8")
    (last / runs.NAME).write_text('{"platform": "another"}', encoding="utf-8")
    return project, last, new


def test_the_note_stays_while_the_manifest_does(folders):
    project, _, new = folders
    runs.write(project, QUARTER, {}, new)
    assert runs.read(new) == {"platform": "another"}


def test_another_manifest_has_a_note_of_its_own(folders):
    project, _, new = folders
    (new / manifest.NAME).write_text("two", encoding="utf-8")
    runs.write(project, QUARTER, {}, new)
    assert runs.read(new) == json.loads(json.dumps(runs.here(project)))
    assert runs.read(new)["platform"] != "another"


def test_outside_git_there_is_no_commit_and_no_clean_tree(tmp_path):
    here = runs.here(Project(tmp_path))
    assert (here["git_commit"], here["tree_clean"]) == ("", False)


def test_a_note_that_is_not_there_or_broken_says_nothing(tmp_path):
    assert runs.read(tmp_path) == {}
    (tmp_path / runs.NAME).write_text("{", encoding="utf-8")
    assert runs.read(tmp_path) == {}


@pytest.mark.parametrize(("name", "stock"), [("fast", False), ("stock", True), ("", None)])
def test_the_engine_is_chosen_by_name(monkeypatch, name, stock):
    monkeypatch.setenv("ENGINE", name)
    assert runner.stock() is stock


def test_another_engine_is_refused_in_words(monkeypatch):
    monkeypatch.setenv("ENGINE", "steam")
    with pytest.raises(UsageError, match="ENGINE='steam': expected fast or stock"):
        runner.stock()
