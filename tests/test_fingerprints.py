"""Whether a step is as it was: every kind of difference is told, and nothing else is one."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from panelpack.config import commentary
from panelpack.pipeline import cache
from panelpack.pipeline.cache import FileHashes, StepRecord
from panelpack.pipeline.tracking import code_of, code_of_pages, part_digest
from panelpack.project import Project, code_files, input_files
from running import copy_project


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    return Project(copy_project(tmp_path_factory.mktemp("copied")))


@pytest.fixture
def here(copied, quarter):
    return FileHashes(copied, quarter, parts=lambda name: f"part of {name}")


PLAN, TABLE = "params/plan.yml", "data/processed/2015Q1/series/x.csv"


@pytest.fixture
def record(here, copied):
    path = copied.root / TABLE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("1\n")
    reads = {PLAN: here[PLAN], "no.yml": "", "params/2015Q1.md: update SP01": "part of params/2015Q1.md: update SP01"}
    return StepRecord({"Python": "3"}, reads, {TABLE: here[TABLE]})


def told(record, here, **facts):
    return list(cache.differences(record, {"Python": "3"} | facts, here))


def test_what_is_as_it_was_has_no_difference(record, here, copied):
    os.utime(copied.root / PLAN)
    assert told(record, here) == []


def test_what_was_never_made_is_to_be_made(here):
    assert told(None, here) == ["it has not been made here yet"]


@pytest.mark.parametrize(
    ("reads", "said"),
    [
        ({PLAN: "other"}, "params/plan.yml changed"),
        ({PLAN: ""}, "params/plan.yml is new"),
        ({"gone.yml": "something"}, "gone.yml is gone"),
        ({"params/2015Q1.md: update SP02": "other"}, "params/2015Q1.md: update SP02 changed"),
    ],
)
def test_an_input_that_differs_is_named(record, here, reads, said):
    assert told(replace(record, reads=record.reads | reads), here) == [said]


def test_an_output_that_is_not_as_it_was_written_is_named(record, here, copied):
    path = copied.root / TABLE
    path.write_text("2\n")
    assert told(record, here) == [f"{TABLE} is not as it was written"]
    path.unlink()
    assert told(record, here) == [f"{TABLE} is gone"]


def test_a_fact_that_differs_comes_or_goes_is_named(record, here):
    assert told(record, here, Python="4") == ["Python changed"]
    assert told(record, here, more="1") == ["more changed"]
    assert told(replace(record, facts={"Python": "3", "less": "1"}), here) == ["less changed"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"facts": {}}', "null"])
def test_a_record_that_cannot_be_read_is_none(tmp_path, content):
    path = tmp_path / "a.json"
    assert cache.read_record(path) is None
    path.write_text(content)
    assert cache.read_record(path) is None


def test_a_record_comes_back_as_it_was_written(record, tmp_path):
    record.write(tmp_path / "a.json")
    assert cache.read_record(tmp_path / "a.json") == record
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_an_input_that_changes_during_the_run_counts_as_it_was_when_the_run_began(here, copied):
    path = copied.root / PLAN
    before, content = here[PLAN], path.read_bytes()
    path.write_bytes(content + b"\n")
    try:
        assert here[PLAN] == before
        assert here.changed_since() == [PLAN]
    finally:
        path.write_bytes(content)
    assert here.changed_since() == []


def test_code_is_noted_before_it_is_imported(copied, quarter):
    """The command makes Contents before it imports what they list: the light modules only are loaded by then."""
    code = (
        "import sys\nfrom panelpack import __main__, fingerprints\n"
        "fingerprints.said = lambda _: print([n for n in sys.modules if n.startswith('panelpack')]) or 'x'\n"
        f"__main__.quarter('{quarter}')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=copied.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = set(re.findall(r"panelpack\.(\w+)", done.stdout))
    needed = {"__main__", "errors", "project", "quarters", "runner"}
    assert loaded == needed | {"checksums", "fingerprints", "inputs", "watching"}


def test_facts_know_which_input_files_there_are(copied, quarter):
    before = cache.facts(copied, quarter)
    extra = [copied.raw(quarter) / "new.csv", copied.expectations / "new.json", copied.raw(quarter) / "folder"]
    for path in extra:
        path.mkdir() if path.suffix == "" else path.write_text("")
        after = cache.facts(copied, quarter)
        assert {name for name in after if after[name] != before[name]} == {"the list of input files"}, path
        path.rmdir() if path.is_dir() else path.unlink()
    assert cache.facts(copied, quarter) == before


def test_facts_know_the_packages(copied, quarter, monkeypatch, tmp_path):
    before = cache.facts(copied, quarter)
    (tmp_path / "pandas-9.9.dist-info").mkdir()
    monkeypatch.setattr(cache.sysconfig, "get_paths", lambda: {"purelib": str(tmp_path)})
    after = cache.facts(copied, quarter)
    assert {name for name in after if after[name] != before[name]} == {"the list of installed packages"}


# ---------------------------------------------------------------------------------------------- code
def modules(found):
    return {name.split("/")[-1].removesuffix(".py") for name in found if name.endswith(".py")}


def test_the_code_of_a_notebook_is_what_it_imports_and_what_that_imports(copied):
    found = code_of(copied, copied.notebooks / "3_priority.ipynb")
    assert {"notebooks/3_priority.ipynb", "requirements.lock"} <= found
    assert {
        "priority_charts",
        "spc",
        "verdicts",
        "steps",
        "execution",
        "engine",
        "warm",
        "lean",
        "__init__",
    } <= modules(found)
    assert not {"dashboard_page", "publishing", "validation", "pack", "comparison"} & modules(found)
    assert not any(name.startswith("notebooks/") for name in found - {"notebooks/3_priority.ipynb"})
    validates = code_of(copied, copied.notebooks / "1_validate.ipynb")
    assert {"validation", "expect", "suites"} <= modules(validates)  # imported inside functions


@pytest.mark.parametrize(
    "form",
    [
        "from panelpack import formats, spc",
        "from panelpack.spc import xmr as chart  # (why)",
        "from panelpack import (  # noqa: F401\n    formats,  # not (only) this\n    spc,\n)",
        "import panelpack.spc as charts",
        "import os, panelpack.spc",
        "if os: from panelpack import spc",
        "os = 1; from panelpack import spc",
        "from panelpack import \\\n    spc",
        "try:\n    from panelpack.spc import xmr\nexcept ImportError:\n    pass",
        "said = 'from panelpack import nothing'\ndef late():\n    from panelpack import spc",
    ],
)
def test_no_form_of_import_is_missed(copied, form):
    module, notebook = copied.package / "seven.py", copied.notebooks / "7_imports.ipynb"
    notebook.write_text(json.dumps({"cells": [{"cell_type": "code", "source": ["from panelpack import seven"]}]}))
    module.write_text(f'"""Seven."""\n\n{form}\n')
    try:
        found = modules(code_of(copied, notebook))
    finally:
        notebook.unlink()
        module.unlink()
    assert {"seven", "spc"} <= found and "dashboard_page" not in found


def test_the_code_of_pages_has_the_templates_and_is_no_code_of_a_notebook(copied):
    found = code_of_pages(copied)
    assert {"src/panelpack/templates/style.css", "src/panelpack/templates/prelude.typ", "requirements.lock"} <= found
    assert {"pages", "press", "render", "exporters", "pdf_document", "html_document"} <= modules(found)
    notebooks = [code_of(copied, path) for path in sorted(copied.notebooks.glob("[1-6]_*.ipynb"))]
    assert len(notebooks) == 6
    assert not any(
        "templates" in name or name.endswith(("render.py", "pages.py")) for code in notebooks for name in code
    )


def test_a_notebook_that_is_no_python_may_run_anything(copied, tmp_path):
    notebook = copied.notebooks / "7_magic.ipynb"
    notebook.write_text(json.dumps({"cells": [{"cell_type": "code", "source": ["%run something"]}]}))
    try:
        found = modules(code_of(copied, notebook))
    finally:
        notebook.unlink()
    assert found == {path.stem for path in copied.package.glob("*.py")}


# ---------------------------------------------------------------------------------------------- commentary
def test_a_changed_word_changes_its_own_part_only(project, quarter, written, evidence):
    path = project.commentary(quarter)
    text = path.read_text(encoding="utf-8")
    update = evidence.plan.updates[1].id
    line = written.of_update(update)[0].line
    lines = text.splitlines()
    lines[line - 1] = f"Indeed {lines[line - 1]}"
    changed = commentary.parse("\n".join(["", *lines]), "x", evidence.plan)  # an empty line more: other line numbers
    parts = [("sections",), ("paragraphs",), ("numbers",)]
    parts += [("update", one.id) for one in evidence.plan.updates] + [
        ("comments", p.id) for p in evidence.plan.priorities
    ]
    moved = {part for part in parts if part_digest(written.part(*part)) != part_digest(changed.part(*part))}
    assert moved == {("sections",), ("paragraphs",), ("update", update)}


def test_a_part_that_does_not_exist_is_refused(written):
    with pytest.raises(ValueError, match="no part 'chapter'"):
        written.part("chapter")


def test_the_inputs_are_those_of_the_manifest(copied, quarter):
    names = FileHashes(copied, quarter).began
    files = [*input_files(copied, quarter), *code_files(copied)]
    assert set(names) == {path.relative_to(copied.root).as_posix() for path in files}
