"""Making a quarter again: only what changed runs, every kind of change is seen, and the bytes are those of a fresh run.

A wrong "nothing changed" would be the worst mistake of all, so every input, every module and every output is changed.
"""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from panelpack import make_quarter
from panelpack.config.configuration import Configuration
from panelpack.intake.receiving import receive
from panelpack.make_quarter import AS_IT_WAS, paper_of, steps_of
from panelpack.pack_files import code_files, input_files
from panelpack.pipeline import cache, records
from panelpack.pipeline.records import FileHashes
from panelpack.project import Project
from panelpack.rendering import document
from running import QUARTER, digests, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("again")]

HEAVY = ("pandas", "numpy", "yaml", "pydantic", "matplotlib", "papermill", "nbformat", "IPython", "great_expectations")


@pytest.fixture(scope="module")
def again(made_run, tmp_path_factory):
    """A copy, in another folder, of the project that the quarter was made in, with what is kept of the run."""
    root = tmp_path_factory.mktemp("again") / "project"
    shutil.copytree(made_run.root, root)
    return root


@pytest.fixture
def at(again, quarter):
    """The copy as it is, for what changes nothing that stays changed."""
    project = Project(again)

    def reasons():
        return dict(line.split(maxsplit=1) for line in make_quarter.why(project, quarter))

    def last_words():
        return records.last_words(FileHashes(project, quarter))

    office = Configuration.read(project, quarter)
    return SimpleNamespace(project=project, root=again, office=office, why=reasons, said=last_words)


def make(root, **env):
    done = run(root, "quarter", QUARTER, env=env)
    assert done.returncode == 0, done.stderr
    return set(re.findall(r"^(\S+) +done", done.stdout, re.MULTILINE)), done.stdout


def pages_made(root):
    """Return the steps that will not run, but of which pages will be made."""
    lines = [line.split(maxsplit=1) for line in run(root, "why", QUARTER).stdout.splitlines()]
    return {name for name, said in lines if "its pages are made again: " in said}


# ------------------------------------------------------------------------------------------- nothing changed
def test_nothing_changed_is_known_in_another_folder_and_says_what_the_run_said(again, made_run):
    before = digests(again)
    ran, said = make(again)
    assert ran == set()
    assert "Nothing changed since it was made." in said
    assert said.splitlines()[-7:] == made_run.stdout.splitlines()[-7:]
    assert digests(again) == before


def test_why_says_of_every_step_that_it_is_as_it_was_or_what_makes_it_run(again):
    done = run(again, "why", QUARTER)
    lines = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert {said for _, said in lines} == {AS_IT_WAS}
    assert [name for name, _ in lines[:3]] == ["1_validate", "2_prepare", "3_priority-SP01"] and lines[-1][0] == "pack"
    path = again / "data" / "processed" / QUARTER / "series" / "savings.csv"
    content = path.read_bytes()
    path.unlink()
    try:
        lines = dict(line.split(maxsplit=1) for line in run(again, "why", QUARTER).stdout.splitlines())
    finally:
        path.write_bytes(content)
    assert lines["2_prepare"] == f"runs: data/processed/{QUARTER}/series/savings.csv is gone"
    assert lines["3_priority-SP01"] == "runs if a table that it reads comes out differently: 2_prepare"
    assert lines["1_validate"] == AS_IT_WAS


def test_touching_files_changes_nothing(at):
    for path in at.root.rglob("*"):
        os.utime(path)
    assert at.said()
    assert set(at.why().values()) == {AS_IT_WAS}


def test_nothing_heavy_is_imported_to_know_that_nothing_changed(again):
    command = [sys.executable, "-X", "importtime", "-m", "panelpack", "quarter", QUARTER]
    environment = os.environ | {"PYTHONPATH": str(again / "src")}
    done = subprocess.run(command, cwd=again, env=environment, capture_output=True, text=True)
    assert "Nothing changed" in done.stdout
    imported = {line.rsplit("|")[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "hashlib" in imported
    assert not imported & set(HEAVY)


def test_a_notebook_that_was_run_and_saved_changes_nothing(at):
    path = at.project.notebooks / "3_priority.ipynb"
    content = path.read_bytes()
    notebook = json.loads(content)
    for count, cell in enumerate(notebook["cells"], start=1):
        cell |= {"id": "twice", "metadata": cell["metadata"] | {"collapsed": True}}
        if cell["cell_type"] == "code":
            cell |= {"execution_count": count, "outputs": [{"output_type": "stream", "name": "stdout", "text": "2"}]}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    said, reasons = at.said(), set(at.why().values())
    path.write_bytes(content)
    assert said and reasons == {AS_IT_WAS}


# ------------------------------------------------------------------------------------------- every kind of change
def test_every_input_every_module_template_and_the_lock_are_seen(at, quarter):
    files = [*input_files(at.project, quarter), *code_files(at.project)]
    assert len(files) > 100
    contents = {path: path.read_bytes() for path in files}
    for path, content in contents.items():
        path.write_bytes(content + b"\n")
        said = at.said()
        path.write_bytes(content)
        assert not said, path
    assert at.said()
    for path, content in contents.items():
        path.write_bytes(content + b"\n")
    told = at.why()
    for path, content in contents.items():
        path.write_bytes(content)
    assert at.said()
    names = {path.relative_to(at.root).as_posix() for path in files}
    of_pack = told.pop("pack")
    assert not {name for name in names if f"{name} changed" not in of_pack}
    unread = {name for name in names if not any(f"{name} changed" in reasons for reasons in told.values())}
    # What no notebook opens is listed by the manifest only, as are modules that only make the pack or do other work;
    # a line's end more in the commentary changes no part of it.
    inputs = {name for name in unread if not name.startswith("src/")}
    assert inputs == {"params/2015Q1.md"}
    assert {"src/panelpack/publishing/pack.py", "src/panelpack/make_quarter.py"} <= unread
    used = ("statistics/spc", "indicators/series", "rendering/charts", "rendering/table", "pipeline/execute")
    assert not {f"src/panelpack/{name}.py" for name in used} & unread


def test_only_the_readers_of_a_table_have_read_it(at, quarter):
    path = f"data/processed/{QUARTER}/series/victim_survey.csv"
    folder = records.steps_folder(at.project, quarter)
    readers = {file.stem for file in folder.glob("*.json") if path in json.loads(file.read_text())["reads"]}
    priorities = {name for name in readers if name.startswith("3_")}
    assert {"4_dashboard", "6_methods", "pack"} <= readers
    assert priorities == {"3_priority-SP07", "3_priority-SP14A", "3_priority-SP14B"}


@pytest.mark.parametrize(
    "name",
    [
        "data/raw/2015Q1/new.csv",
        "expectations/new.json",
        "data/projection/new.yml",
        "params/approvals.yml",
        "params/reviews.yml",
    ],
)
def test_a_file_that_comes_is_seen(at, name):
    path = at.root / name
    path.write_text("")
    try:
        assert not at.said()
    finally:
        path.unlink()
    assert at.said()


@pytest.mark.parametrize(
    "name", ["data/recorded_later/2015Q1.csv", "data/spc/false_alarms.csv", "params/corrections.yml"]
)
def test_a_file_that_goes_is_seen(at, name):
    path = at.root / name
    content = path.read_bytes()
    path.unlink()
    try:
        assert not at.said()
        assert f"{name} is gone" in at.why()["pack"]
    finally:
        path.write_bytes(content)


def test_every_output_and_every_table_that_is_tampered_with_is_seen(at):
    written = [*(at.root / "outputs" / QUARTER).rglob("*"), *(at.root / "data" / "processed" / QUARTER).rglob("*")]
    files = [
        path
        for path in written
        if (path.is_file() and path.parent.name != "steps") or path.suffix in (".ipynb", ".pdf")
    ]
    assert len(files) > 100
    for path in files:
        content = path.read_bytes()
        path.write_bytes(content[:-1] + b"x")
        seen = not at.said()
        path.write_bytes(content)
        assert seen, path
    assert at.said()


def test_other_packages_and_another_python_are_seen(at, monkeypatch, quarter):
    known = records.facts_of(at.project, quarter)
    assert len(known) == 4
    for name in known:
        with monkeypatch.context() as patched:
            patched.setattr(records, "facts_of", lambda *_, name=name: known | {name: "other"})
            assert not at.said()
            assert all(f"{name} changed" in reason for reason in at.why().values())


def test_another_run_of_the_quarter_is_refused_while_one_is_under_way(again):
    lock = again / "data" / "processed" / f"{QUARTER}.lock"
    style = again / "src" / "panelpack" / "rendering" / "templates" / "style.css"
    content = style.read_bytes()
    style.write_bytes(content + b"\n")
    try:
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            done = run(again, "quarter", QUARTER)
    finally:
        style.write_bytes(content)
    assert done.returncode == 2
    assert done.stderr == "panelpack: 2015Q1: another run is making this quarter. Wait for it, or stop it.\n"


def test_a_rehearsal_lays_out_the_last_pack_and_is_no_failure_where_it_is_gone(at, quarter, monkeypatch):
    laid_out = []

    def lay_out(parts, about):
        laid_out.append((about.state, [share.typst for part in parts for share in part.notebooks]))

    def rehearse():
        make_quarter.rehearse_last_pack(at.office, SimpleNamespace(submit=lambda key, function, pack: function(pack)))

    monkeypatch.setattr(document, "lay_out", lay_out)
    rehearse()
    [(state, shares)] = laid_out
    assert state == "DRAFT" and len(shares) == len(at.office.plan.priorities) + 3
    for gone in (
        records.steps_folder(at.project, quarter) / "5_report.pack.typ",
        at.project.outputs(quarter) / "manifest.json",
    ):
        content = gone.read_bytes()
        gone.unlink()
        rehearse()
        gone.write_bytes(content)
    assert len(laid_out) == 1 and at.said()


def test_another_title_makes_every_page_again_and_runs_no_notebook(at, quarter):
    titled = replace(paper_of(at.office), title="Another title")
    now = cache.StepCache(at.office, FileHashes(at.project, quarter), titled)
    for step in steps_of(at.office):
        assert list(now.differences(step)) == []
        assert list(now.differences(step, pages=True)) == ["what every page says of the paper changed"]


# ------------------------------------------------------------------------------------------- changes that stay
def test_what_is_made_step_by_step_is_what_a_fresh_run_makes_anywhere(again, tmp_path, quarter):
    """Each change runs no more than it must, and after all of them every byte is that of a run from nothing.

    That run is made in another folder, time zone and locale, with another hash seed, by one process.
    """
    project = Project(again)

    def change(name, *pairs):
        path = again / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    change(
        "params/2015Q1.md",
        ("These figures are the cohort return and are", "These numbers are the cohort return and are"),
        ("The force cannot supply force-wide", "The force is unable to supply force-wide"),
    )
    # The comment of a box, on its priority's page; a paragraph of a priority; and the report holds every word.
    assert make(again)[0] == {"3_priority-SP02", "5_report"}

    change("data/raw/2015Q1/night_time_economy.csv", ("2014-01,910", "2014-01,911"))
    receive(project.raw(quarter))
    ran = make(again)[0]
    assert {"1_validate", "2_prepare", "4_dashboard", "6_methods"} <= ran
    # A priority with figures names the files that they came in, and sources.yml has a new checksum.
    boxes = {f"3_priority-{box.id}" for box in Configuration.read(project, quarter).plan.priorities}
    assert "3_priority-SP03" in ran and boxes - ran == {"3_priority-SP15", "3_priority-SP16"}

    change("src/panelpack/rendering/chart_frame.py", ("Size(482, 150)", "Size(482, 151)"))
    ran = make(again)[0]
    assert not {"1_validate", "5_report"} & ran
    assert boxes <= ran

    for name in ("outputs/2015Q1/pack/panel-pack.html", "data/processed/2015Q1/figures/SP03.csv"):
        path = again / name
        path.write_bytes(path.read_bytes()[:-1])
    (again / "data/processed/2015Q1/steps/1_validate.html").unlink()
    (again / "data/processed/2015Q1/figures/LEFT.csv").write_text("of an earlier plan\n")
    assert pages_made(again) == {"1_validate"}
    assert make(again)[0] == {"3_priority-SP03"}

    made_there = shutil.ignore_patterns("processed", "outputs", "__pycache__")
    fresh = shutil.copytree(again, tmp_path / "fresh", ignore=made_there)
    make(fresh, TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="12345", JOBS="1")
    ours, theirs = (digests(root / "outputs" / QUARTER) for root in (again, fresh))
    assert ours == theirs
    tables = [
        {n: d for n, d in digests(root / "data/processed" / QUARTER).items() if n.endswith(".csv")}
        for root in (again, fresh)
    ]
    assert tables[0] == tables[1] and tables[0]


def test_after_a_failure_the_last_pack_stays_and_only_what_failed_runs_again(again):
    path = again / "params" / "2015Q1.md"
    good = path.read_text(encoding="utf-8")
    make(again)
    before = digests(again / "outputs" / QUARTER)
    path.write_text(
        good.replace("{{ SP02.offending_18_24.latest }}", "{{ SP02.offending_18_24.latst }}", 1), encoding="utf-8"
    )
    done = run(again, "quarter", QUARTER)
    assert done.returncode == 1
    assert re.search(r"^panelpack: params/2015Q1.md, line \d+: .*latst", done.stderr)
    assert "Traceback" not in done.stderr
    assert digests(again / "outputs" / QUARTER) == before
    path.write_text(good, encoding="utf-8")
    assert make(again)[0] == {"3_priority-SP02"}
    assert digests(again / "outputs" / QUARTER) == before


def test_live_makes_the_pack_again_when_an_input_or_the_code_is_saved_and_stops_when_told(again, tmp_path):
    path, page = again / "params" / "2015Q1.md", again / "outputs" / QUARTER / "pack" / "panel-pack.html"
    said = tmp_path / "said.txt"
    command = [sys.executable, "-m", "panelpack", "live", QUARTER]
    environment = os.environ | {"PYTHONPATH": str(again / "src")}

    def wait_for(words, times=1):
        for _ in range(600):
            if said.read_text(encoding="utf-8").count(words) == times:
                return
            time.sleep(0.1)
        raise AssertionError(f"{words!r} was not said in a minute: {said.read_text(encoding='utf-8')}")

    with said.open("w") as output:
        process = subprocess.Popen(command, cwd=again, env=environment, stdout=output, stderr=output)
        try:
            wait_for("Ctrl-C stops.")
            text = path.read_text(encoding="utf-8")
            good = text.replace("The Panel is asked to note", "The Panel is requested to note")
            path.write_text(good, encoding="utf-8")
            wait_for("pack  ")
            assert "The Panel is requested to note" in page.read_text(encoding="utf-8")
            path.write_text(text.replace("{{ quarter }}", "{{ quarterly }}", 1), encoding="utf-8")
            wait_for("panelpack: params/2015Q1.md, line")
            assert process.poll() is None
            path.write_text(good, encoding="utf-8")
            wait_for("pack  ", times=2)
            plan = again / "params" / "plan.yml"
            plan.rename(tmp_path / "plan.yml")
            wait_for("panelpack: params/plan.yml: there is no such file. Restore it (git checkout params/plan.yml)")
            (tmp_path / "plan.yml").rename(plan)
            wait_for("As it was: ")  # nothing ran in between, and the last word is the headline again
            assert re.search(
                r"As it was: \d+ indicators: .*\nDRAFT: .*\nUnder embargo .*\n\n$", said.read_text(encoding="utf-8")
            )
            path.write_text(text, encoding="utf-8")
            wait_for("pack  ", times=3)
            module = again / "src" / "panelpack" / "pages" / "report.py"
            code = module.read_text(encoding="utf-8")
            assert code.count('"Report to"') == 1
            module.write_text(code.replace('"Report to"', '"A report to"'), encoding="utf-8")
            wait_for("Ctrl-C stops.", times=2)  # it has started anew, with the new code
            wait_for("pack  ", times=4)
            assert ">A report to<" in page.read_text(encoding="utf-8")
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 130
    assert "Traceback" not in said.read_text(encoding="utf-8")
