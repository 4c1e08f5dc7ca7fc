"""What `make verify` finds: a digit, a word, a rule or a line of a formula changed, and nothing where nothing was."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import running
from page_blocks import prepared
from panelpack.__main__ import verify as main_verify
from panelpack.audit import certificate, differences, verify
from panelpack.audit.compare import results_by_id
from panelpack.audit.verify import compare_runs
from panelpack.config.configuration import Configuration
from panelpack.errors import CouldNotVerify
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.report import commentary_rows
from panelpack.periods import Quarter
from panelpack.project import SALT, Project
from panelpack.publishing import manifest
from panelpack.publishing.approvals import add_approval
from running import QUARTER, by_turns, copy_project, run

pytestmark = pytest.mark.slow
QUARTER_OF = Quarter.parse(QUARTER)
RAW = f"data/raw/{QUARTER}"
LONG = pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="takes a minute; set PANELPACK_LONG=1 to run it")
DRAFT = {"state": "DRAFT", "why": "This pack has not been approved."}


def write_tables(project: Project) -> None:
    """Write what the notebooks write, by the calls that they make."""
    of = prepared(project, QUARTER_OF)
    for box in of.plan.priorities:
        of.save_priority(box)
    of = QuarterReport(QUARTER, project=project, written=True)
    of.save(commentary_rows(of), "commentary.csv")


def described(project: Project) -> dict:
    """Return the manifest of the tables, without notebooks and pages."""
    made = manifest.build_manifest(project, QUARTER_OF, project.root / "outputs" / "none", [])
    return made | {"marking": DRAFT, "pages": {}}


def results_of(project: Project) -> dict:
    return results_by_id(Configuration.read(project, QUARTER_OF))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> tuple[Project, dict, dict]:
    """An untouched copy: its project, its manifest, and its figures computed from the raw data."""
    project = Project(copy_project(tmp_path_factory.mktemp("recorded") / "project"))
    write_tables(project)
    return project, described(project), results_of(project)


@pytest.fixture
def altered(recorded, tmp_path) -> Project:
    """A copy of the untouched project, for a test to alter; its tables are still to be written."""
    return Project(shutil.copytree(recorded[0].root, tmp_path / "project", ignore=shutil.ignore_patterns("processed")))


def found_in(project: Project, recorded) -> differences.Differences:
    write_tables(project)
    return compare_runs(project, QUARTER_OF, recorded[1], described(project)).differences


def really_moved(project: Project, recorded) -> set[str]:
    """Return the figures that differ when they are computed anew, seen without any manifest."""
    after = results_of(project)
    return {name for name, figure in after.items() if figure != recorded[2][name]}


def another_digit(text: str) -> str:
    """Return a text with its last digit changed."""
    place = max(match.start() for match in re.finditer(r"\d", text))
    return f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}"


def change_a_digit(path: Path, column: str) -> None:
    """Change a digit of a raw table: in its last row, or in the first of a group of victims that a figure reads."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        cell = next(row[2] for row in reversed(list(sheet.iter_rows())) if isinstance(row[2].value, int))
        cell.value += 1
        book.save(path)
        return
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    survey = "victim_group" in frame
    row = list(frame["victim_group"]).index("theft_from_vehicle") if survey else len(frame) - 1
    frame.loc[row, column] = another_digit(frame[column].iloc[row])
    frame.to_csv(path, index=False, lineterminator="\n")


# A column of each raw table, and whether a figure that may be shown rests on it.
DIGITS = {
    "recorded_crime.csv": ("offences", True),
    "victim_survey.csv": ("satisfied", True),
    "first_time_entrants.xlsx": ("First time entrants", True),
    "reoffending_cohorts.csv": ("offences", True),
    "drug_treatment.csv": ("completions", False),  # under embargo
    "night_time_economy.csv": ("incidents", True),
    "missing_reports.csv": ("reports", True),
    "missing_people.csv": ("person", True),
    "savings.csv": ("gbp_million", True),
    "assessments.csv": ("assessed_on", False),  # the verdict is a word of it, and it stands in the parameters
}


def test_every_raw_table_is_tried(office):
    assert set(DIGITS) == {table.file for table in office.plan.tables.values()}


@pytest.mark.parametrize("file", by_turns(DIGITS))
def test_a_digit_of_a_raw_table_is_named_with_exactly_the_figures_that_it_moves(file, altered, recorded):
    column, shown = DIGITS[file]
    change_a_digit(altered.root / RAW / file, column)
    found = found_in(altered, recorded)
    assert [change.name for change in found.inputs] == [f"{RAW}/{file}"]
    expected = really_moved(altered, recorded)
    assert bool(expected) == shown
    assert set(found.moved) == expected
    plan = recorded_plan(altered)
    for name in found.moved:
        assert differences.causes_of_figure(name, found, plan) == [f"{RAW}/{file}"]
    cited = {name for change in found.paragraphs for name in found.cited[change.name]}
    assert not found.paragraphs or cited & expected
    said = differences.line(found, QUARTER)
    assert f"{RAW}/{file}" in said and said.startswith(f"{QUARTER} differs: 1 input changed")


def recorded_plan(project: Project):
    return Configuration.read(project, QUARTER_OF).plan


def test_a_word_of_the_commentary_changes_its_paragraph_and_no_figure(altered, recorded):
    path = altered.commentary(QUARTER_OF)
    text = path.read_text(encoding="utf-8")
    assert text.count("ambulance services") == 1
    path.write_text(text.replace("ambulance services", "ambulance service"), encoding="utf-8")
    found = found_in(altered, recorded)
    assert [change.name for change in found.inputs] == [f"params/{QUARTER}.md"]
    assert found.moved == {}
    assert len(found.paragraphs) == 1
    assert differences.causes_of_paragraph(found.paragraphs[0].name, found) == [f"params/{QUARTER}.md"]


def test_a_rule_of_the_plan_moves_the_indicator_that_it_judges(altered, recorded):
    text = (altered.root / "params/plan.yml").read_text(encoding="utf-8")
    assert text.count("bedding_in_months: 12") == 1
    (altered.root / "params/plan.yml").write_text(
        text.replace("bedding_in_months: 12", "bedding_in_months: 1"), encoding="utf-8"
    )
    found = found_in(altered, recorded)
    assert [change.name for change in found.inputs] == ["params/plan.yml"]
    assert set(found.moved) == really_moved(altered, recorded)
    assert [name for name in found.moved if "verdict" in {c.name for c in found.moved[name]}] == [
        "SP03.night_time_economy"
    ]


def test_a_line_of_a_formula_moves_the_figures_that_use_it(altered, recorded):
    module = altered.root / "src" / "panelpack" / "statistics" / "significance.py"
    text = module.read_text(encoding="utf-8")
    assert text.count("LEVEL = 0.95") == 1
    module.write_text(text.replace("LEVEL = 0.95", "LEVEL = 0.90"), encoding="utf-8")
    script = "import sys, test_verify; from panelpack.project import Project; from pathlib import Path; "
    script += "test_verify.write_tables(Project(Path(sys.argv[1])))"
    path = f"{altered.root / 'src'}:{running.ROOT / 'tests'}:{Path(__file__).parent}"
    subprocess.run([sys.executable, "-c", script, altered.root], env={"PYTHONPATH": path}, check=True)
    found = compare_runs(altered, QUARTER_OF, recorded[1], described(altered)).differences
    assert [change.name for change in found.causes] == ["src/panelpack/statistics/significance.py"]
    assert set(found.moved) == {
        name
        for name, figure in recorded[2].items()
        if figure.interval_of in ("change", "pct_change") or figure.how_sure == "ordinary_movement"
    }


def test_a_difference_that_nothing_explains_is_said_to_be_unexplained(recorded):
    project, before, _ = recorded
    name = next(iter(before["figures"]))
    after = before | {"figures": before["figures"] | {name: {**before["figures"][name], "latest": "1"}}}
    found = differences.between(before, after)
    assert differences.causes_of_figure(name, found, recorded_plan(project)) == [differences.UNEXPLAINED]


def test_pages_alone_are_said_to_be_rendering_and_no_more(recorded):
    before = recorded[1] | {"pages": {"pack/panel-pack.pdf": {"sha256": "0" * 64, "bytes": 1}}}
    after = before | {"pages": {"pack/panel-pack.pdf": {"sha256": "1" * 64, "bytes": 1}}}
    found = differences.between(before, after)
    assert found.rendering_only and not found.identical
    assert differences.line(found, QUARTER) == (
        f"{QUARTER} differs in rendering only: 1 pages or notebooks differ, every figure and text agrees."
    )
    assert not differences.between(before, after | {"figures": {}}).rendering_only


KEYED = [{"keyed_sha256": digit * 64} for digit in "01"]


@pytest.mark.parametrize("found", [KEYED[1], KEYED[0]])
def test_a_guarded_file_is_compared_by_its_keyed_hash(recorded, found):
    """It is another where the file is another, and where the salt is."""
    project, before, _ = recorded
    name = f"{RAW}/drug_treatment.csv"
    before, after = ({**side, "inputs": {**side["inputs"], name: KEYED[0]}} for side in (before, before))
    after["inputs"][name] = found
    verified = compare_runs(project, QUARTER_OF, before, after)
    changed = [change.name for change in verified.differences.inputs]
    assert changed == ([name] if found != KEYED[0] else [])
    assert (name in verified.line) == bool(changed) and verified.exit_code == bool(changed)


def test_a_guarded_file_without_its_salt_is_not_checked_and_not_called_different(recorded):
    project, before, _ = recorded
    name = f"{RAW}/drug_treatment.csv"
    after = before | {"inputs": before["inputs"] | {name: {"keyed_sha256": "no salt"}}}
    verified = compare_runs(project, QUARTER_OF, before, after)
    assert verified.exit_code == 0 and verified.differences.unchecked == (name,)
    assert verified.line == (
        f"{QUARTER} reproduced: every output, figure and paragraph is identical. Not checked: no salt for {name}."
    )


def test_an_approval_older_than_what_it_rests_on_is_told(recorded, tmp_path):
    project = Project(
        shutil.copytree(recorded[0].root, tmp_path / "project", ignore=shutil.ignore_patterns("processed"))
    )
    add_approval(project.approvals, recorded[1], "Chief Executive", date(2015, 9, 6))
    verified = compare_runs(project, QUARTER_OF, recorded[1], recorded[1])
    assert verified.exit_code == verify.DIFFERS
    assert "is approved on 6 September 2015, before the answer to 'carried paragraphs" in verified.remarks[-1]
    assert verified.remarks[-1].startswith("params/approvals.yml, line ")


def test_what_reviewers_wrote_after_the_pack_was_made_is_no_difference_and_an_open_comment_is(recorded):
    project, before, _ = recorded
    listing = {"file": "params/reviews.yml", "sha256": "a" * 64, "bytes": 1}
    verified = compare_runs(project, QUARTER_OF, before, before | {"reviews": {**listing, "open_points": {}}})
    assert verified.exit_code == 0
    assert verified.line == (
        f"{QUARTER} reproduced: every output, figure and paragraph is identical. Not compared: review/index.html, for "
        "params/reviews.yml was changed after the pack was made."
    )
    commented = before | {"reviews": {**listing, "open_points": {"comment": 1}}}
    verified = compare_runs(project, QUARTER_OF, before, commented)
    assert verified.exit_code == 1 and "Still open: 1 reviewer's comment." in verified.remarks[0]


def test_a_marking_that_no_approval_supports_is_a_difference(recorded):
    project, before, _ = recorded
    forged = before | {"marking": {"state": "APPROVED", "why": "Approved."}}
    verified = compare_runs(project, QUARTER_OF, forged, before)
    assert verified.exit_code == 1 and "marked APPROVED" in verified.line


def test_where_code_differs_the_commit_that_made_the_pack_is_named(recorded, altered):
    _, before, _ = recorded
    other = {"sha256": "0" * 64, "bytes": 1}
    after = before | {"code": before["code"] | {"src/panelpack/formats.py": other}}
    said = compare_runs(altered, QUARTER_OF, before, after).line
    assert said == f"{QUARTER} differs: 1 code file changed (src/panelpack/formats.py)."
    outputs = altered.outputs(QUARTER_OF)
    outputs.mkdir(parents=True)
    (outputs / manifest.RUN_FILE).write_text(json.dumps({"git_commit": "0123456789abcdef"}), encoding="utf-8")
    assert compare_runs(altered, QUARTER_OF, before, after).line == (
        f"{said} The pack was made by the code of commit 0123456789ab: check out that commit to verify it."
    )
    assert "commit" not in compare_runs(altered, QUARTER_OF, before, before).line


# --------------------------------------------------------------------------------------------- other versions
MADE_ON = {"python": "3.11.7", "packages": {"pandas": "3.0.0", "scipy": "1.17.0", "old": "1"}}
HERE = {"python": "3.12.1", "packages": {"pandas": "3.0.1", "scipy": "1.17.0", "new": "2"}}


def test_other_versions_with_equal_outputs_are_told_and_are_no_difference(recorded, altered, monkeypatch):
    _, before, _ = recorded
    outputs = altered.outputs(QUARTER_OF)
    outputs.mkdir(parents=True)
    (outputs / manifest.RUN_FILE).write_text(json.dumps(MADE_ON), encoding="utf-8")
    monkeypatch.setattr(verify, "this_run", lambda project: HERE)
    verified = compare_runs(altered, QUARTER_OF, before, before)
    assert verified.exit_code == 0 and verified.differences.identical
    assert verified.line == (
        f"{QUARTER} reproduced: every output, figure and paragraph is identical. It was made with other versions: "
        "Python 3.11.7, here 3.12.1; new none, here 2; old 1, here none; pandas 3.0.0, here 3.0.1."
    )


def test_other_versions_may_explain_what_differs(recorded):
    project, before, _ = recorded
    name = next(iter(before["figures"]))
    after = before | {"figures": before["figures"] | {name: {**before["figures"][name], "latest": "1"}}}
    found = differences.between(before, after, (MADE_ON, HERE))
    assert not found.identical
    assert set(differences.causes_of_figure(name, found, recorded_plan(project))) == {"Python", "new", "old", "pandas"}
    assert "4 versions changed (Python, new, old, pandas)" in differences.line(found, QUARTER)


def test_of_versions_that_nobody_noted_nothing_is_said(recorded):
    _, before, _ = recorded
    assert differences.between(before, before, ({}, HERE)).versions == ()
    assert differences.between(before, before, (MADE_ON, MADE_ON)).versions == ()


def test_a_changed_notebook_is_named(recorded):
    _, before, _ = recorded
    name = next(iter(before["notebooks"]))
    found = differences.between(before, before | {"notebooks": before["notebooks"] | {name: {"sha256": "0" * 64}}})
    assert not found.identical and f"1 notebook changed ({name})" in differences.line(found, QUARTER)


def test_a_manifest_of_an_earlier_version_could_not_be_verified(tmp_path, recorded):
    at, (_, before, _) = Project(tmp_path), recorded
    body = {name: part for name, part in before.items() if name not in (*manifest.UNSEALED, "notebooks")}
    outputs = at.outputs(QUARTER_OF)
    outputs.mkdir(parents=True)
    manifest.write_manifest(body | {"seal": manifest.seal(body), "marking": {}, "pages": {}}, outputs)
    with pytest.raises(CouldNotVerify, match=r"^2015Q1 could not be verified\. .*an earlier version") as told:
        verify.verify(at, QUARTER_OF, None, print)
    assert "\n" not in str(told.value) and told.value.exit_code == 2


def test_what_is_missing_or_new_is_told_from_what_changed():
    change = differences.Change
    kinds = [change("a", "1", "2").kind, change("a", "1", "").kind, change("a", "", "2").kind]
    assert kinds == ["changed", "missing", "new"]


def test_the_certificate_explains_every_difference_down_to_the_figure(altered, recorded):
    change_a_digit(altered.root / RAW / "savings.csv", "gbp_million")
    found = found_in(altered, recorded)
    office = Configuration.read(altered, QUARTER_OF)
    certificate.write_certificate(office, recorded[1], found, (1, "It differs."), ["A remark."])
    path = certificate.path(altered, QUARTER_OF)
    told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert (told["outcome"], told["exit_code"], told["remarks"]) == ("It differs.", 1, ["A remark."])
    assert told["seal"] == recorded[1]["seal"]
    assert [cause["name"] for cause in told["causes"]] == [f"{RAW}/savings.csv"]
    (figure,) = told["figures"]
    assert figure["because"] == [f"{RAW}/savings.csv"] and figure["paragraphs"]
    assert set(figure["paragraphs"]) <= {paragraph["paragraph"] for paragraph in told["paragraphs"]}
    outcomes = {row["output"]: row["outcome"] for row in told["outputs"]}
    assert outcomes[f"data/processed/{QUARTER}/series/savings.csv"] == "differs"
    assert outcomes[f"data/processed/{QUARTER}/series/recorded_crime.csv"] == "identical"
    page = path.read_text(encoding="utf-8")
    assert figure["indicator"] in page and "A remark." in page and "data/raw/2015Q1/savings.csv" in page


# ---------------------------------------------------------------------------------------------- as a command


@pytest.mark.parametrize(("asked", "engine"), [("", None), ("stock", None), ("fast", "panelpack")])
def test_every_notebook_is_run_by_the_stock_engine_unless_another_is_asked_for(monkeypatch, project, asked, engine):
    heard = []

    def stand_in(project, quarter, worker, say, engine):
        heard.append(engine)
        return verify.Verified(0, "reproduced", None, ())

    monkeypatch.setattr(verify, "verify", stand_in)
    monkeypatch.setenv("ENGINE", asked)
    assert main_verify(project, QUARTER) == 0
    assert heard == [engine]


@pytest.mark.parametrize("engine", ["fast", pytest.param("stock", marks=LONG)])
def test_the_command_reproduces_a_pack_and_finds_a_digit(made_run, tmp_path, engine):
    """The pack of the session, verified as it is, but for a salt that is lost, then with it and a digit changed.

    That is done where the office's folder lies apart from the software's, and where another plan counts by now: the one
    of the next quarter, with a table and a suite of its own. Neither makes a difference.
    """
    software, root = tmp_path / "software", tmp_path / "auditor" / "an office"
    running.split_project(made_run.root, software, root)
    later = (root / "params" / "plan.yml").read_text(encoding="utf-8")
    (root / "params" / "plan-2015Q2.yml").write_text(later.replace("savings", "spared"), encoding="utf-8")
    suite = (root / "expectations" / "savings.json").read_text(encoding="utf-8")
    (root / "expectations" / "spared.json").write_text(suite.replace('"savings"', '"spared"'), encoding="utf-8")
    outputs = root / "outputs" / QUARTER
    outputs.mkdir(parents=True)
    recorded = (made_run.root / "outputs" / QUARTER / "manifest.json").read_bytes()
    (outputs / "manifest.json").write_bytes(recorded)
    salt = root / RAW / f"drug_treatment.csv{SALT}"
    kept = salt.read_bytes()
    salt.unlink()
    env = {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "ENGINE": engine, "OFFICE": str(root)}
    done = run(software, "verify", QUARTER, env=env)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    reproduced = f"{QUARTER} reproduced: every output, figure and paragraph is identical. Not checked: no salt for "
    said = done.stdout.splitlines()[-1]
    assert said.startswith(reproduced) and said.endswith(f"{RAW}/drug_treatment.csv.")
    assert not salt.exists(), "none is drawn: with another the file could not be checked either"
    told = json.loads((outputs / "verify" / "certificate.json").read_text(encoding="utf-8"))
    assert told["outcome"] == f"{reproduced}{RAW}/drug_treatment.csv."
    assert told["not_checked"] == [{"name": f"{RAW}/drug_treatment.csv", "why": "no salt"}]
    assert "no salt" in (outputs / "verify" / "certificate.html").read_text(encoding="utf-8")
    assert told["exit_code"] == 0 and {row["outcome"] for row in told["outputs"]} == {"identical"}
    assert {row["output"] for row in told["outputs"]} >= {"pack/panel-pack.pdf", "review/1_validate.ipynb"}
    salt.write_bytes(kept)
    change_a_digit(root / RAW / "night_time_economy.csv", "incidents")
    done = run(software, "verify", QUARTER, env={"ENGINE": "fast", "OFFICE": str(root)})
    assert done.returncode == 1, done.stderr
    told = json.loads((outputs / "verify" / "certificate.json").read_text(encoding="utf-8"))
    assert [cause["name"] for cause in told["causes"]] == [f"{RAW}/night_time_economy.csv"]
    assert told["not_checked"] == []
    moved = {figure["indicator"]: figure["because"] for figure in told["figures"]}
    assert moved and all(because == [f"{RAW}/night_time_economy.csv"] for because in moved.values())
    assert all(row["because"] for row in told["outputs"] if row["outcome"] != "identical")
    assert (outputs / "manifest.json").read_bytes() == recorded
    assert not list(outputs.glob("pack"))


def test_without_a_manifest_it_could_not_run(tmp_path):
    done = run(copy_project(tmp_path / "project"), "verify", QUARTER)
    assert done.returncode == 2
    assert "there is no manifest" in done.stderr and "Traceback" not in done.stderr
