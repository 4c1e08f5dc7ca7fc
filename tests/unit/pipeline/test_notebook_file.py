"""A notebook as it is run: cells called by their places, nothing of an editor, a sentence for what is no notebook."""

import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from panelpack.errors import ConfigurationError
from panelpack.pipeline.notebook_content import code_in
from panelpack.pipeline.notebook_file import read_notebook_file


def code(source="1 + 1", **keys):
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source, **keys}


def saved(folder, *cells, **keys):
    path = folder / "a.ipynb"
    path.write_text(json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | keys))
    return path


@pytest.mark.parametrize(
    "ids", [["a", "b", "c"], ["a", "a", "a"], [None, None, "cell-1"], ["a b", "x" * 65, 7], ["injected-parameters"] * 3]
)
def test_cells_are_called_by_their_places_whatever_the_file_calls_them(ids, tmp_path):
    path = saved(tmp_path, *(code(**({} if name is None else {"id": name})) for name in ids))
    before = path.read_bytes()
    first, second = (nbformat.writes(read_notebook_file(path)) for _ in range(2))
    assert first == second and [cell.id for cell in nbformat.reads(first, 4).cells] == ["cell-1", "cell-2", "cell-3"]
    assert path.read_bytes() == before


def test_a_notebook_that_is_written_well_is_read_as_nbformat_reads_it(tmp_path):
    cells = [
        new_code_cell("quarter = ''\nprint(1)", id="cell-1", metadata={"tags": ["parameters"]}),
        new_markdown_cell("## Words", id="cell-2"),
    ]
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python"}}  # fmt: skip
    written = new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)
    path = tmp_path / "a.ipynb"
    nbformat.write(written, path)
    assert read_notebook_file(path) == nbformat.read(path, as_version=4) == written


def test_nothing_of_an_editor_or_an_earlier_run_is_left(tmp_path):
    output = new_output("execute_result", data={"text/plain": "2"}, execution_count=7)
    cell = code(id="a", execution_count=7, outputs=[output], metadata={
        "tags": ["review"], "papermill": {"start_time": "now"}, "vscode": {"languageId": "r"}, "collapsed": True,
    })  # fmt: skip
    widgets = {"application/vnd.jupyter.widget-state+json": {"version_major": 2, "version_minor": 0}}
    foreign = {"kernelspec": {"name": "conda-env-office-r", "display_name": "R", "language": "R"}, "widgets": widgets}
    read = read_notebook_file(saved(tmp_path, cell, metadata=foreign))
    assert read.cells[0] == {
        "cell_type": "code", "id": "cell-1", "execution_count": None, "outputs": [], "source": "1 + 1",
        "metadata": {"tags": ["review"]},
    }  # fmt: skip
    assert read.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


@pytest.mark.parametrize("minor", [0, 2, 4, 6, 99])
def test_every_minor_version_of_the_format_is_read(minor, tmp_path):
    path = saved(tmp_path, code(["a = 1\n", "b = 2"]), code("c"), nbformat_minor=minor)
    read = read_notebook_file(path)
    assert (read.nbformat, read.nbformat_minor) == (4, 5)
    assert [cell.source for cell in read.cells] == ["a = 1\nb = 2", "c"] == list(code_in(path))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{\n\n <<<<<<< HEAD", ", line 3: this is no notebook: expected JSON. Restore it (git checkout "),
        ("", ", line 1: this is no notebook: expected JSON."),
        ("\x00", ", line 1: this is no notebook: expected JSON."),
        ("[" * 100_000, ": this is no notebook: expected JSON."),
        ("[1]", ": found a notebook of format None, expected format 4. Open and save it in JupyterLab."),
        ('{"nbformat": 3, "worksheets": []}', ": found a notebook of format 3, expected format 4."),
        ('{"nbformat": 4, "cells": {}}', ": found a notebook of format 4, expected format 4."),
        ('{"nbformat": 4, "cells": [{"cell_type": "heading", "source": "a"}]}', ": cell 1 is no cell: expected code,"),
        ('{"nbformat": 4, "cells": [{"cell_type": "code"}]}', ": cell 1 is no cell: expected code,"),
        ('{"nbformat": 4, "cells": ["a"]}', ": cell 1 is no cell: expected code,"),
        (
            '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a", "metadata": {"tags": "review"}}]}',
            ": cell 1 is no cell: expected code,",
        ),
        (None, ": there is no such notebook. Restore it (git checkout "),
    ],
)
def test_what_is_no_notebook_is_told_in_a_sentence(content, told, tmp_path):
    path = tmp_path / "a.ipynb"
    if content is not None:
        path.write_text(content)
    for read in (read_notebook_file, lambda path: list(code_in(path))):
        with pytest.raises(ConfigurationError, match=re.escape(f"{path}{told}")):
            read(path)
