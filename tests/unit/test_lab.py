"""JupyterLab: what it is started with, and what it leaves of a notebook that is saved."""

import copy
import json
import shutil
import signal
import uuid

import nbformat
import pytest
from nbformat.v4 import new_output

from panelpack import lab
from panelpack.__main__ import main
from panelpack.pipeline.notebook_content import content_digest
from running import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WIDGETS = {"application/vnd.jupyter.widget-state+json": {"version_major": 2}}


def as_run(notebook):
    """What JupyterLab would save of a notebook after all of its cells ran."""
    run = copy.deepcopy(notebook)
    run["metadata"] = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}, "widgets": WIDGETS}
    for count, cell in enumerate(run["cells"], start=1):
        cell["metadata"] |= {"trusted": True, "execution": {"iopub.execute_input": "2026-01-01"}, "scrolled": True}
        if cell["cell_type"] == "code":
            cell |= {"execution_count": count, "outputs": [new_output("stream", text="said")]}
    return run


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_that_was_run_is_saved_as_it_was(path, tmp_path):
    text = path.read_text(encoding="utf-8")
    model = {"type": "notebook", "content": as_run(json.loads(text))}
    lab.strip_on_save(model=model, path=path.name, contents_manager=None)
    assert nbformat.writes(nbformat.from_dict(model["content"])) + "\n" == text


def test_what_a_reader_of_it_wrote_is_kept():
    attached = {"a.png": {"image/png": "aa"}}
    cells = [
        {"cell_type": "code", "id": "first", "metadata": {"tags": ["review"]}, "source": "1", "outputs": []},
        {"cell_type": "markdown", "id": "second", "metadata": {}, "source": "# Words", "attachments": attached},
        {"cell_type": "raw", "id": "third", "metadata": {}, "source": ""},
    ]
    made = lab.stripped({"cells": cells})["cells"]
    assert [(c["id"], c["source"], c["metadata"]) for c in made] == [
        ("first", "1", {"tags": ["review"]}), ("second", "# Words", {}), ("third", "", {}),
    ]  # fmt: skip
    assert made[1]["attachments"] == attached
    assert [set(c) & {"outputs", "execution_count"} for c in made] == [{"outputs", "execution_count"}, set(), set()]


@pytest.mark.parametrize("kind", ["file", "directory"])
def test_other_files_are_saved_as_they_are(kind):
    model = {"type": kind, "content": "anything"}
    lab.strip_on_save(model=model)
    assert model == {"type": kind, "content": "anything"}


@pytest.mark.parametrize(
    ("ids", "settled"),
    [
        (["a", "b", "c"], ["a", "b", "c"]),
        (["a", "b", "a", "a"], ["a", "b", "cell-3", "cell-4"]),
        ([None, str(uuid.UUID(int=7)), "0a1b2c3d"], ["cell-1", "cell-2", "cell-3"]),
        ([None, "cell-1", "cell-1"], ["cell-1-again", "cell-1", "cell-3"]),
        (["a b", "", "ü", "x" * 65, 7], ["cell-1", "cell-2", "cell-3", "cell-4", "7"]),
    ],
)
def test_ids_that_nobody_gave_are_those_of_places(ids, settled):
    cells = [{} if name is None else {"id": name} for name in ids]
    assert list(lab.settled_ids(cells)) == settled == list(lab.settled_ids([{"id": name} for name in settled]))


class Server:
    """Stands for JupyterLab: it notes how it was started, and ends at once."""

    started = ()

    def __init__(self, command, env):
        Server.started = (command, env)

    def wait(self):
        return 0


@pytest.fixture
def started(monkeypatch, project):
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("OFFICE", "")
    monkeypatch.setattr(lab.subprocess, "Popen", Server)
    monkeypatch.setattr(Server, "started", ())

    def start(*arguments):
        code = main(["lab", *arguments])
        return code, *(Server.started or (None, None))

    return start


def test_it_is_started_for_a_quarter_with_arguments_and_settings_of_its_own(started, project):
    before = signal.getsignal(signal.SIGTERM)
    code, command, env = started("2014Q4", "--args=--no-browser --port 8899 '--x=a b'")
    assert code == 0 and signal.getsignal(signal.SIGTERM) is before
    assert command[-5:] == ["--no-browser", "--port", "8899", "--x=a b", str(ROOT / "notebooks")]
    assert set(lab.SETTINGS) <= set(command)
    assert (env["Q"], env["OFFICE"]) == ("2014Q4", str(project.office))
    assert env["JUPYTER_CONFIG_DIR"].startswith(env["PANELPACK_FOLDER"])


def test_without_a_quarter_the_notebooks_take_the_latest(started):
    _, _, env = started("", "--args=")
    assert env["Q"] == ""


@pytest.mark.parametrize("root", [True, False])
def test_root_may_open_it_too(started, monkeypatch, root):
    monkeypatch.setattr(lab.os, "geteuid", lambda: 0 if root else 1000)
    assert ("--allow-root" in started()[1]) is root


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["2015Q5"], "panelpack: Q='2015Q5' is not a quarter: "),
        (["2013Q1"], "panelpack: Q='2013Q1': there is no folder data/raw/2013Q1."),
        (["2015Q1", "--args=--x 'a"], 'panelpack: ARGS="--x \'a": No closing quotation. Close the quotation marks.'),
    ],
)
def test_a_mistake_is_told_in_one_line_and_nothing_is_opened(started, capsys, arguments, told):
    assert started(*arguments) == (2, None, None)
    said = capsys.readouterr().err
    assert said.startswith(told) and said.count("\n") == 1


def test_its_settings_are_settings_of_this_version_of_jupyterlab():
    from jupyter_server.services.contents.filemanager import FileContentsManager
    from jupyterlab.handlers import announcements
    from jupyterlab.labapp import LabApp

    names = {setting.partition("=")[0].removeprefix("--") for setting in lab.SETTINGS}
    traits = {f"{kind.__name__}.{name}" for kind in (LabApp, FileContentsManager) for name in kind.class_traits()}
    assert {name.replace("ContentsManager.pre", "FileContentsManager.pre") for name in names} <= traits
    assert announcements.NeverCheckForUpdate
    assert lab.SETTINGS[0].endswith(f"{lab.strip_on_save.__module__}.{lab.strip_on_save.__name__}")


def test_a_saved_notebook_counts_as_before(tmp_path):
    path = tmp_path / NOTEBOOKS[0].name
    shutil.copyfile(NOTEBOOKS[0], path)
    before = content_digest(path)
    path.write_text(json.dumps(as_run(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
    assert content_digest(path) == before
