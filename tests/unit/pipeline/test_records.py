"""Whether a step is as it was: every kind of difference is told, and nothing else is one."""

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from panelpack.pack_files import code_files, input_files, notebook_files
from panelpack.pipeline import records
from panelpack.pipeline.records import FileHashes, StepRecord

PLAN, CODE = "params/plan.yml", "src/panelpack/periods.py"
TABLE = "data/processed/2015Q1/series/x.csv"


@pytest.fixture
def here(runnable, quarter):
    return FileHashes(runnable, quarter, part=lambda name: f"part of {name}")


@pytest.fixture
def record(here, runnable):
    path = runnable.root / TABLE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("1\n")
    part = "params/2015Q1.md: update SP01"
    reads = {PLAN: here[PLAN], "no.yml": "", part: f"part of {part}"}
    return StepRecord({"Python": "3"}, {CODE: here[CODE]}, reads, {TABLE: here[TABLE]})


def told(record, here, **facts):
    return list(records.differences(record, {"Python": "3"} | facts, here))


def test_what_is_as_it_was_has_no_difference_whatever_its_times(record, here, runnable):
    os.utime(runnable.root / PLAN)
    assert told(record, here) == []


def test_what_was_never_made_is_to_be_made(here):
    assert told(None, here) == ["it has not been made here yet"]


@pytest.mark.parametrize(
    ("section", "entry", "said"),
    [
        ("reads", {PLAN: "other"}, "params/plan.yml changed"),
        ("reads", {PLAN: ""}, "params/plan.yml is new"),
        ("reads", {"gone.yml": "something"}, "gone.yml is gone"),
        ("reads", {"params/2015Q1.md: update SP02": "other"}, "params/2015Q1.md: update SP02 changed"),
        ("code", {CODE: "other"}, "src/panelpack/periods.py changed"),
    ],
)
def test_an_input_or_code_that_differs_is_named(record, here, section, entry, said):
    assert told(replace(record, **{section: getattr(record, section) | entry}), here) == [said]


def test_an_output_that_is_not_as_it_was_written_is_named(record, here, runnable):
    path = runnable.root / TABLE
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
    assert records.read_record(path) is None
    path.write_text(content)
    assert records.read_record(path) is None


def test_a_record_comes_back_as_it_was_written(record, tmp_path):
    record.write(tmp_path / "a.json")
    assert records.read_record(tmp_path / "a.json") == record
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_an_input_that_changes_during_the_run_counts_as_it_was_when_the_run_began(here, runnable):
    path = runnable.root / PLAN
    before, content = here[PLAN], path.read_bytes()
    path.write_bytes(content + b"\n")
    try:
        assert here[PLAN] == before
        assert here.changed_since() == [PLAN]
    finally:
        path.write_bytes(content)
    assert here.changed_since() == []


def test_the_files_that_are_hashed_are_the_inputs_the_code_and_the_notebooks(runnable, quarter):
    files = [*input_files(runnable, quarter), *code_files(runnable), *notebook_files(runnable)]
    assert set(FileHashes(runnable, quarter).began) == {path.relative_to(runnable.root).as_posix() for path in files}


def test_code_is_noted_before_it_is_imported_and_nothing_heavy_is_loaded_to_do_so(runnable, quarter):
    code = (
        "import sys\nfrom panelpack import __main__\nfrom panelpack.pipeline import records\n"
        "records.last_words = lambda _: print(*sys.modules) or 'x'\n"
        f"__main__.main(['quarter', '{quarter}'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=runnable.root,
        env={**os.environ, "PYTHONPATH": str(runnable.root / "src")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(re.findall(r"panelpack\.([\w.]+)", done.stdout))
    assert loaded == {"__main__", "errors", "heavy_imports", "pack_files", "periods", "project", "surroundings",
                      "terminal", "pipeline", "pipeline.notebook_content", "pipeline.records", "pipeline.scheduler",
                      "pipeline.steps"}  # fmt: skip
    assert not {"pandas", "numpy", "yaml", "pydantic", "papermill", "nbformat", "matplotlib"} & set(done.stdout.split())


def test_facts_know_which_input_files_there_are(runnable, quarter):
    before = records.facts_of(runnable, quarter)
    extra = [runnable.raw(quarter) / "new.csv", runnable.expectations / "new.json", runnable.raw(quarter) / "folder"]
    for path in extra:
        path.mkdir() if path.suffix == "" else path.write_text("")
        after = records.facts_of(runnable, quarter)
        assert {name for name in after if after[name] != before[name]} == {"the list of input files"}, path
        path.rmdir() if path.is_dir() else path.unlink()
    assert records.facts_of(runnable, quarter) == before


def test_facts_know_the_packages(runnable, quarter, monkeypatch, tmp_path):
    before = records.facts_of(runnable, quarter)
    (tmp_path / "pandas-9.9.dist-info").mkdir()
    monkeypatch.setattr(records.sysconfig, "get_paths", lambda: {"purelib": str(tmp_path)})
    after = records.facts_of(runnable, quarter)
    assert {name for name in after if after[name] != before[name]} == {"the list of installed packages"}
