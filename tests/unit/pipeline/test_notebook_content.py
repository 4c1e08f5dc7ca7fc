"""How a notebook counts: the same by our code and by the documented command, and not by what a run leaves in it."""

import hashlib
import json
import shutil
import subprocess

import nbformat
import pytest
from nbformat.v4 import new_output

from panelpack.pipeline.notebook_content import RULE, content_digest, file_digest
from panelpack.pipeline.records import FileHashes
from running import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
STRANGE = 'a\x7f\x00\t\b\u2028é😀"\\</'
CELLS = [
    {"cell_type": "code", "source": ["a = 1\n", STRANGE], "metadata": {"tags": ["parameters", "é"]}},
    {"cell_type": "markdown", "source": STRANGE, "metadata": {"tags": None}},
    {"cell_type": "raw", "source": [], "metadata": {}},
    {"cell_type": "code", "source": ""},
]


def saved(folder, cells, **keys):
    path = folder / "a.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | keys))
    return path


def by_hand(path):
    """The documented command, in Python where there is no jq."""
    if jq := shutil.which("jq"):
        return hashlib.sha256(
            subprocess.run([jq, "-cS", RULE, path], capture_output=True, check=True).stdout
        ).hexdigest()
    cells = [
        {
            "type": cell["cell_type"],
            "source": "".join(cell["source"]),
            "tags": cell.get("metadata", {}).get("tags") or [],
        }
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]
    line = json.dumps(cells, sort_keys=True, separators=(",", ":"), ensure_ascii=False).replace("\x7f", "\\u007f")
    return hashlib.sha256(f"{line}\n".encode()).hexdigest()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_command_gives_the_same_hash_for_every_notebook(path):
    assert content_digest(path) == by_hand(path)


def test_the_command_gives_the_same_hash_for_whatever_a_notebook_may_hold(tmp_path):
    path = saved(tmp_path, CELLS)
    assert content_digest(path) == by_hand(path) != content_digest(saved(tmp_path, CELLS[:-1]))


def test_the_documentation_has_the_command():
    words = (ROOT / "docs" / "explanation" / "same-bytes.md").read_text(encoding="utf-8")
    assert RULE in words


def test_what_a_run_and_an_editor_leave_does_not_count(tmp_path):
    before = content_digest(saved(tmp_path, CELLS))
    outputs = [new_output("stream", text="said"), new_output("execute_result", data={"text/plain": "2"})]
    run = [
        cell | {"id": "twice", "metadata": (cell.get("metadata") or {}) | {"collapsed": True, "trusted": True}}
        | ({"execution_count": place, "outputs": outputs} if cell["cell_type"] == "code" else {})
        for place, cell in enumerate(CELLS)
    ]  # fmt: skip
    widgets = {"widgets": {"application/vnd.jupyter.widget-state+json": {}}, "language_info": {"version": "3.99"}}
    assert content_digest(saved(tmp_path, run, metadata=widgets, nbformat_minor=4)) == before


@pytest.mark.parametrize(
    "changed",
    [
        [*CELLS, CELLS[-1]],
        [CELLS[1], CELLS[0], *CELLS[2:]],
        [CELLS[0] | {"source": "a = 2"}, *CELLS[1:]],
        [CELLS[0] | {"cell_type": "raw"}, *CELLS[1:]],
        [CELLS[0] | {"metadata": {"tags": ["parameters"]}}, *CELLS[1:]],
    ],
    ids=["a cell more", "another order", "another source", "another type", "another tag"],
)
def test_what_a_reader_of_it_wrote_counts(changed, tmp_path):
    assert content_digest(saved(tmp_path, changed)) != content_digest(saved(tmp_path, CELLS))


@pytest.mark.parametrize("content", ["", "{", '{"nbformat": 3}', json.dumps({"nbformat": 4, "cells": [7]})])
def test_what_is_no_notebook_counts_by_its_bytes(content, tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(content)
    assert content_digest(path) == hashlib.sha256(content.encode()).hexdigest()
    path.write_text('{"nbformat": 4, "cells": [{"cell_type": "raw", "source": "\\ud800"}]}')
    assert content_digest(path) == hashlib.sha256(path.read_bytes()).hexdigest(), "half a letter"
    path.unlink()
    assert content_digest(path) == ""


def test_only_the_notebooks_count_so_and_no_executed_copy(runnable, quarter):
    path = runnable.notebooks / "2_prepare.ipynb"
    name, before = runnable.name(path), FileHashes(runnable, quarter)
    copy = runnable.office / "data" / "a.ipynb"
    content = path.read_bytes()
    notebook = nbformat.reads(content, as_version=4)
    notebook.cells[0].execution_count = 1
    try:
        nbformat.write(notebook, path)
        shutil.copyfile(path, copy)
        assert FileHashes(runnable, quarter)[name] == before[name] and before.changed_since() == []
        assert file_digest(runnable, copy) == hashlib.sha256(copy.read_bytes()).hexdigest()
        notebook.cells[0].source += "\n"
        nbformat.write(notebook, path)
        assert before.changed_since() == [name]
    finally:
        path.write_bytes(content)
        copy.unlink(missing_ok=True)
