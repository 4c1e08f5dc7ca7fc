"""What a user's mistakes look like: one clear message, a non-zero exit code, and the last good outputs untouched."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from panelpack.errors import ConfigurationError
from panelpack.pipeline.execute import check_parameters
from running import QUARTER, copy_project, digests, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("failures")]


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A copy with outputs that must survive every failure (small stand-ins: a run would take half a minute)."""
    root = copy_project(tmp_path_factory.mktemp("failures") / "project")
    pack = root / "outputs" / QUARTER / "pack"
    pack.mkdir(parents=True)
    (pack / "panel-pack.pdf").write_bytes(b"the last good pack")
    return root


def edit(path, old: str, new: str) -> str:
    """Replace the one place where a text stands, and return what was there before."""
    before = path.read_text(encoding="utf-8")
    assert before.count(old) == 1, f"{old!r} stands {before.count(old)} times"
    path.write_text(before.replace(old, new), encoding="utf-8")
    return before


def fails(root, path, old, new, *, receive=False):
    """Run the quarter with one mistake in a file; return what was said, and put the file back."""
    outputs = digests(root / "outputs" / QUARTER)
    before = edit(path, old, new)
    sources = (root / "data" / "raw" / QUARTER / "sources.yml").read_text(encoding="utf-8")
    try:
        if receive:
            run(root, "receive", QUARTER)
        done = run(root, "quarter", QUARTER)
    finally:
        path.write_text(before, encoding="utf-8")
        (root / "data" / "raw" / QUARTER / "sources.yml").write_text(sources, encoding="utf-8")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert digests(root / "outputs" / QUARTER) == outputs
    return done.stderr


def test_bad_data_names_file_row_column_value_and_expectation_and_the_page_is_kept(good):
    path = good / "data" / "raw" / QUARTER / "recorded_crime.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    row = next(n for n, line in enumerate(lines, start=1) if line.startswith("2013-05,robbery,"))
    gap = next(line for line in lines if line.startswith("2014-03,hate_crime,"))
    text = path.read_text(encoding="utf-8").replace(lines[row - 1], "2013-05,robbery,2.5").replace(gap + "\n", "")
    said = fails(good, path, path.read_text(encoding="utf-8"), text, receive=True)
    expected = f"data/raw/{QUARTER}/recorded_crime.csv, column 'offences', row {row}: '2.5' is not a whole number"
    assert expected in said
    assert "month '2014-03' is missing" in said and "'hate_crime'" in said
    kept = good / "outputs" / f"{QUARTER}-failed"
    assert f"The notebook is kept at outputs/{QUARTER}-failed/1_validate.ipynb" in said
    page = (kept / "1_validate.html").read_text(encoding="utf-8")
    assert "The data did not pass" in page
    assert ("row" in page and "&#x27;2.5&#x27;" in page) or "'2.5'" in page
    notebook = nbformat.read(kept / "1_validate.ipynb", as_version=4)
    failed = [cell.id for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", []))]
    stop = [cell.id for cell in nbformat.read(good / "notebooks" / "1_validate.ipynb", as_version=4).cells].index(
        "stop"
    )
    assert failed == [f"cell-{stop + 1}"]


def test_a_file_that_is_not_the_one_received_is_named_with_both_checksums(good):
    path = good / "data" / "raw" / QUARTER / "savings.csv"
    said = fails(good, path, "21.7", "21.6")
    assert re.search(r"data/raw/2015Q1/savings.csv: sha256 is [0-9a-f]{64}, sources.yml has [0-9a-f]{64}\.", said)
    assert "make receive Q=2015Q1" in said
    assert "data/raw/2015Q1/savings.csv, row 2: " in said
    assert "realised + identified + to_find = 27.7, not required = 27.8" in said


def test_a_reference_to_an_embargoed_figure_is_named_with_file_and_line(good):
    path = good / "params" / f"{QUARTER}.md"
    text = path.read_text(encoding="utf-8")
    old = re.search(r"\{\{ SP18\.required[^}]*\}\}", text)
    line = text[: old.start()].count("\n") + 1
    new = "{{ SP03.treatment_completions.latest }}"
    said = fails(good, path, old[0], new)
    expected = f"panelpack: params/{QUARTER}.md, line {line}: {new}: the figure is not available (not yet released)."
    assert said.startswith(expected)


def test_a_character_that_cannot_be_printed_is_named_before_anything_runs(good):
    path = good / "params" / f"{QUARTER}.md"
    line = path.read_text(encoding="utf-8").splitlines().index("# Recommendation") + 1
    said = fails(good, path, "# Recommendation\n", "# Recommendation \U0001f691\n")
    assert said == (
        f"panelpack: params/{QUARTER}.md, line {line}: the character '\U0001f691' (U+1F691 AMBULANCE) is not in the "
        "fonts of the pack. Write it in words.\n"
    )


def test_a_day_that_is_none_is_named_with_its_line_and_the_day_to_write(good):
    path = good / "params" / f"{QUARTER}.yml"
    said = fails(good, path, "meeting_date: 2015-09-16", "meeting_date: 2015-11-31")
    assert said == (
        f"panelpack: params/{QUARTER}.yml, line 7: meeting_date: 2015-11-31 is no day of the calendar: November has 30 "
        "days. Write 2015-11-30 or another day.\n"
    )


def test_a_notebook_run_alone_for_a_quarter_that_was_not_started_says_what_to_type(good, tmp_path):
    path, output = good / "notebooks" / "2_prepare.ipynb", tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(path), str(output), "-p", "quarter", "2019Q2", "--cwd"]
    environment = os.environ | {"PYTHONPATH": str(good / "src")}
    done = subprocess.run([*command, str(path.parent)], env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert (
        "ConfigurationError: params/2019Q2.yml: there is no such file, so 2019Q2 was not started. "
        "Type make new-quarter Q=2019Q2"
    ) in done.stderr


def test_a_mistake_in_the_plan_is_named_before_anything_runs(good):
    path = good / "params" / "plan.yml"
    said = fails(good, path, "    title: All recorded crime\n", "    titel: All recorded crime\n")
    line = path.read_text(encoding="utf-8").splitlines().index("    title: All recorded crime") + 1
    assert f"params/plan.yml, line {line}: series.all_crime.titel: there is no such key here." in said


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"parameters"\n', '"parameter"\n', "found 0 cells tagged 'parameters', expected one."),
        ('quarter = \\"', 'quartre = \\"', "its parameters cell sets quartre, the run gives quarter."),
    ],
)
def test_a_notebook_whose_parameters_do_not_agree_is_an_error(good, old, new, expected):
    path = good / "notebooks" / "2_prepare.ipynb"
    before = edit(path, old, new)
    with pytest.raises(ConfigurationError, match=re.escape(f"notebooks/2_prepare.ipynb: {expected}")):
        check_parameters(path, {"quarter": QUARTER})
    path.write_text(before, encoding="utf-8")
    check_parameters(path, {"quarter": QUARTER})


def test_a_failing_notebook_is_kept_with_the_failing_cell_shown(good):
    path = good / "notebooks" / "2_prepare.ipynb"
    call = "page.prepared_series(report.office, prepared.points)"
    said = fails(good, path, call, f"{call} / 0")
    assert f"notebooks/2_prepare.ipynb (2015Q1), cell 5 ({call} / 0): TypeError" in said
    kept = good / "outputs" / f"{QUARTER}-failed" / "2_prepare.ipynb"
    assert f"The notebook is kept at outputs/{QUARTER}-failed/2_prepare.ipynb" in said
    shown = [c for c in nbformat.read(kept, as_version=4).cells if c.id == "cell-5"]
    assert shown[0].outputs[-1].ename == "TypeError"
    assert "TypeError" in kept.with_suffix(".html").read_text(encoding="utf-8")


def test_validate_alone_checks_the_data(good, office):
    done = run(good, "validate", QUARTER)
    assert (done.returncode, done.stderr) == (0, "")
    tables = len(office.plan.tables)
    passed, asked, embargo = done.stdout.splitlines()
    assert embargo.startswith("Under embargo until 5 November 2015: drug_treatment. After that: make reissue")
    assert re.fullmatch(rf"The raw data of 2015Q1 passed \d+ checks of {tables} tables\.", passed)
    assert asked == "Queries of the data: none open, 1 answered."


def test_a_new_quarter_starts_from_the_last_and_says_what_is_missing(tmp_path):
    root = copy_project(tmp_path / "project")
    made = run(root, "new-quarter", "2015Q2")
    assert made.returncode == 0, made.stderr
    assert "made params/2015Q2.yml" in made.stdout
    assert "make receive Q=2015Q2" in made.stdout
    run_too_early = run(root, "validate", "2015Q2")
    assert run_too_early.returncode == 1
    assert run_too_early.stderr.startswith(
        "panelpack: params/2015Q2.yml, line 7: meeting_date: not set yet. Write the day of the meeting, as in "
        "2022-12-16.\nparams/2015Q2.yml, line 20: release_date: not set yet. "
    )
    again = run(root, "new-quarter", "2015Q2")
    assert again.returncode == 2
    assert "params/2015Q2.yml: it exists already" in again.stderr


def test_a_typed_figure_is_reported_by_check_with_its_line_and_its_reference(tmp_path, results):
    root = copy_project(tmp_path / "project")
    done = run(root, "check")
    assert (done.returncode, done.stdout) == (0, "Checked: configuration and commentary of 2014Q4, 2015Q1.\n")
    commentary = root / "params" / f"{QUARTER}.md"
    typed = f"{results['SP11.offences'].latest:,.0f}"
    sentence = f"There were {typed} crimes."
    edit(commentary, "# Recommendation\n\n", f"# Recommendation\n\n{sentence}\n\n")
    line = commentary.read_text(encoding="utf-8").splitlines().index(sentence) + 1
    done = run(root, "check", QUARTER)
    said = f"params/{QUARTER}.md, line {line}: '{typed}' is typed. Write {{{{ SP11.offences.latest }}}}."
    assert (done.returncode, done.stdout.splitlines()) == (1, [said])
    assert done.stderr == "panelpack: 1 typed figure: expected references. Correct them, then check again.\n"


def test_what_comes_of_a_failure_in_an_earlier_run_is_gone_after_a_good_one(made_run, tmp_path):
    root = shutil.copytree(made_run.root, tmp_path / "project")
    failed = root / "outputs" / f"{QUARTER}-failed"
    failed.mkdir()
    (failed / "2_prepare.ipynb").write_text("{}")
    with (root / "src" / "panelpack" / "pages" / "report.py").open("a", encoding="utf-8") as module:
        module.write("# A comment changes no page.\n")
    done = run(root, "quarter", QUARTER)
    assert (done.returncode, done.stderr) == (0, "")
    assert not failed.exists()
