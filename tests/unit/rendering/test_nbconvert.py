"""One notebook as a page, by nbconvert's own command: the exporters are found by their names."""

import os
import subprocess
import sys

import nbformat
import pypdf
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

pytestmark = pytest.mark.slow

TABLE = {
    "text/html": "<table><caption>Offences</caption><tr><td>58,318</td></tr></table>",
    "text/typst": (
        "#data-table(caption: [Offences], columns: (1fr,), align: (left,), header: ([Offences],), notes: (), [58,318])"
    ),
    "text/plain": "58,318",
}  # fmt: skip


def convert(folder, to, words="Some words.", **outputs):
    cells = [
        new_markdown_cell(f"## A heading\n\n{words}", id="words"),
        new_code_cell("crimes()", id="crimes", execution_count=1, outputs=list(outputs.values())),
    ]
    about = {"title": "A paper", "document_date": "2015-09-16", "notice": "A notice of the paper."}
    notebook = new_notebook(cells=cells, metadata={"panelpack": about})
    nbformat.write(notebook, folder / "small.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", to, "small.ipynb"]
    # A user's own settings of Jupyter must not decide what comes out.
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder / "settings")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, encoding="utf-8")


def result(data):
    return new_output("execute_result", data=data, execution_count=1)


def test_a_web_page(tmp_path):
    done = convert(tmp_path, "panelpack-html", table=result(TABLE))
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "small.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html>")
    for words in ("A paper", "A notice of the paper.", "Some words.", "58,318", "crimes", ">A heading</h2>"):
        assert words in page, words


def test_a_pdf(tmp_path):
    done = convert(tmp_path, "panelpack-pdf", table=result(TABLE))
    assert done.returncode == 0, done.stderr
    pdf = pypdf.PdfReader(tmp_path / "small.pdf")
    text = "".join(page.extract_text() for page in pdf.pages)
    for words in ("A paper", "A heading", "Some words.", "58,318"):
        assert words in text, words
    assert pdf.metadata.title == "A paper"


def test_what_cannot_be_printed_is_said_and_leaves_no_file(tmp_path):
    done = convert(tmp_path, "panelpack-pdf", words="![a chart](chart.png)")
    assert done.returncode != 0
    assert "RenderError" in done.stderr
    assert not (tmp_path / "small.pdf").exists()
