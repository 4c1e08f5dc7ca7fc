"""Which code a notebook may run, and with which code its pages are made."""

import json

import pytest

from panelpack.pipeline import code_used

CODE = "src/panelpack/"


def modules(found):
    """The modules among paths of code, as Python names them."""
    named = (name.removeprefix(CODE).removesuffix(".py") for name in found if name.endswith(".py"))
    return {name.replace("/", ".") for name in named}


@pytest.fixture
def imports(runnable):
    """Return a function that gives the modules that a notebook of one cell may run."""
    notebook = runnable.notebooks / "7_new.ipynb"

    def found(source):
        notebook.write_text(json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": [source]}]}))
        return modules(code_used.code_of(runnable, notebook))

    yield found
    notebook.unlink()


def test_the_code_of_a_notebook_is_what_it_imports_and_what_that_imports(runnable):
    found = code_used.code_of(runnable, runnable.notebooks / "3_priority.ipynb")
    assert {"notebooks/3_priority.ipynb", "requirements.lock"} <= found
    assert not any(name.startswith("notebooks/") for name in found - {"notebooks/3_priority.ipynb"})
    used = {"pages.control_charts", "statistics.spc", "rules.verdict", "pipeline.steps", "pipeline.execute",
            "pipeline.kernel", "rendering.inline", "config.__init__", "__init__"}  # fmt: skip
    assert used <= modules(found)
    not_used = {
        "pages.dashboard",
        "rendering.coverage_chart",
        "publishing.pack",
        "validation.suites",
        "pipeline.scheduler",
        "audit.verify",
    }
    assert not not_used & modules(found)


def test_imports_inside_functions_count(runnable):
    found = modules(code_used.code_of(runnable, runnable.notebooks / "1_validate.ipynb"))
    assert {"validation.messages", "validation.suites", "validation.expectations"} <= found


@pytest.mark.parametrize(
    "form",
    [
        "from panelpack import formats\nfrom panelpack.statistics import spc",
        "from panelpack.statistics.spc import xmr as chart  # (why)",
        "from panelpack.statistics import (  # noqa: F401\n    seasonality,  # not (only) this\n    spc,\n)",
        "import panelpack.statistics.spc as charts",
        "import os, panelpack.statistics.spc",
        "if os: from panelpack.statistics import spc",
        "os = 1; from panelpack.statistics import spc",
        "from panelpack.statistics import \\\n    spc",
        "try:\n    from panelpack.statistics.spc import xmr\nexcept ImportError:\n    pass",
        "said = 'from panelpack import nothing'\ndef late():\n    from panelpack.statistics import spc",
    ],
)
def test_no_form_of_import_is_missed(runnable, imports, form):
    module = runnable.package / "seven.py"
    module.write_text(f'"""Seven."""\n\n{form}\n')
    try:
        found = imports("from panelpack import seven")
    finally:
        module.unlink()
    assert {"seven", "statistics.spc", "statistics.__init__"} <= found and "pages.dashboard" not in found


def test_the_code_of_pages_has_the_templates_and_is_no_code_of_a_notebook(runnable):
    found = code_used.code_of_pages(runnable)
    files = [path for path in runnable.templates.rglob("*") if path.is_file()]
    shapes = {path.relative_to(runnable.root).as_posix() for path in files if path.suffix == ".svg"}
    templates = {path.relative_to(runnable.root).as_posix() for path in files} - shapes
    assert templates | shapes | {"requirements.lock"} <= found and len(templates) > 3
    assert {"pipeline.page_worker", "rendering.document", "rendering.html", "rendering.pdf"} <= modules(found)
    notebooks = sorted(runnable.notebooks.glob("[1-6]_*.ipynb"))
    assert len(notebooks) == 6
    for notebook in notebooks:
        code = code_used.code_of(runnable, notebook)
        assert not templates & code
        assert shapes and shapes <= code, "they stand in what a notebook shows"
        assert not {"rendering.document", "pipeline.page_worker"} & modules(code)


def test_a_notebook_that_is_no_python_may_run_anything(runnable, imports):
    every = {path.relative_to(runnable.root).as_posix() for path in runnable.package.rglob("*.py")}
    assert imports("%run something") == modules(every)
