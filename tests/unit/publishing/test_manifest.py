"""The manifest: everything that made a pack, by its checksum, what it says, and nothing that a clock would change."""

import copy
import hashlib
import hmac
import json
import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pandas as pd
import pytest

from page_blocks import prepared
from panelpack.errors import SourceError
from panelpack.pack_files import input_files
from panelpack.pages import report
from panelpack.periods import Quarter
from panelpack.pipeline.steps import Step
from panelpack.project import SALT, Project
from panelpack.publishing import manifest
from running import QUARTER, copy_project

FILES = ("inputs", "code", "intermediate")  # below the project's folder
STEPS = [Step("1_validate", Path("1_validate.ipynb"), {"quarter": QUARTER}), Step("none", Path("none.ipynb"), {})]


def made(root):
    """A project with prepared series, the figures of one box, a commentary, and stand-ins for its outputs."""
    project = Project(copy_project(root))
    of = prepared(project, Quarter.parse(QUARTER))
    of.save_priority(of.plan.priority("SP11"))
    of.save(report.commentary_rows(of), "commentary.csv")
    # What most offices have not, and this one has not either.
    printed = project.published(of.quarter)
    printed.parent.mkdir(parents=True)
    printed.write_text("indicator,baseline,latest,pct_change,verdict,reason,note\n", encoding="utf-8")
    quarter = of.quarter
    outputs = project.outputs(quarter)
    for name in ("pack/panel-pack.html", "pack/panel-pack.pdf", "review/index.html"):
        (outputs / name).parent.mkdir(parents=True, exist_ok=True)
        (outputs / name).write_text(f"This is {name}.", encoding="utf-8")
    return project, quarter, outputs


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return made(tmp_path_factory.mktemp("here"))


@pytest.fixture(scope="module")
def described(here):
    return manifest.build_manifest(*here, STEPS)


def listed(root, *patterns):
    return {path.relative_to(root).as_posix() for p in patterns for path in root.glob(p) if path.is_file()}


@pytest.mark.parametrize(
    ("part", "patterns"),
    [
        (
            "inputs",
            [
                f"data/raw/{QUARTER}/*",
                "data/raw/2014Q4/*",  # the drop of the quarter before, against which history is held
                f"params/{QUARTER}.yml",
                f"params/{QUARTER}.md",
                "params/2014Q4.md",  # the commentary of the quarter before, from which paragraphs may be carried over
                "params/2014Q4.yml",  # and its next steps
                "params/plan.yml",
                "params/corrections.yml",
                "expectations/*.json",
                "data/comparators/*.csv",
                "data/comparators/*.yml",
                "data/projection/*.csv",
                "data/projection/*.yml",
                f"data/published/{QUARTER}.csv",
                f"data/recorded_later/{QUARTER}.csv",
                "data/spc/false_alarms.csv",
                "data/verdicts/*.csv",
            ],
        ),
        (
            "code",
            ["src/panelpack/**/*.py", "src/panelpack/rendering/templates/**/*", "requirements.lock"],
        ),
        ("notebooks", ["notebooks/*.ipynb"]),
        ("intermediate", [f"data/processed/{QUARTER}/**/*.csv"]),
    ],
)
def test_every_file_is_listed(here, described, part, patterns):
    project, *_ = here
    expected = {name for name in listed(project.root, *patterns) if not name.endswith(SALT)}
    assert set(described[part]) == expected
    for pattern in patterns:
        assert listed(project.root, pattern), pattern


def test_what_is_often_not_there_is_left_out(tmp_path):
    project, quarter = Project(copy_project(tmp_path)), Quarter.parse(QUARTER)
    project.later(quarter).unlink()
    shutil.rmtree(project.raw(quarter.shift(-1)))
    names = {path.relative_to(project.root).as_posix() for path in input_files(project, quarter)}
    assert not [name for name in names if name.startswith(("data/published", "data/recorded_later", "data/raw/2014"))]
    assert f"data/raw/{QUARTER}/sources.yml" in names


def test_the_files_that_matter_most_are_named(described):
    assert f"data/raw/{QUARTER}/sources.yml" in described["inputs"]
    assert f"data/raw/{QUARTER}/recorded_crime.csv" in described["inputs"]
    assert {"src/panelpack/publishing/manifest.py", "src/panelpack/rendering/templates/style.css"} <= set(
        described["code"]
    )


def test_outputs_are_named_from_their_folder(described):
    assert list(described["outputs"]) == ["pack/panel-pack.html", "pack/panel-pack.pdf", "review/index.html"]


def test_checksums_and_sizes_are_those_of_the_files(here, described):
    project, _, outputs = here
    for part, folder in [*((part, project.root) for part in FILES), ("outputs", outputs)]:
        assert described[part]
        for name, found in described[part].items():
            content = (folder / name).read_bytes()
            if not (folder / f"{name}{SALT}").exists():
                assert found == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}, name


def test_of_a_guarded_file_stands_a_keyed_hash_and_nothing_else(here, described):
    project, *_ = here
    guarded = {name: entry for name, entry in described["inputs"].items() if "sha256" not in entry}
    tables = ("victim_survey", "reoffending_cohorts", "drug_treatment", "missing_reports", "missing_people")
    assert set(guarded) == {f"data/raw/{drop}/{table}.csv" for drop in ("2014Q4", QUARTER) for table in tables}
    for name, found in guarded.items():
        salt = bytes.fromhex((project.root / f"{name}{SALT}").read_text(encoding="utf-8").strip())
        assert found == {"keyed_sha256": hmac.digest(salt, (project.root / name).read_bytes(), "sha256").hex()}


def test_everything_is_sorted(described):
    for part in (*FILES, "notebooks", "outputs", "figures"):
        assert list(described[part]) == sorted(described[part], key=PurePosixPath), part


def test_the_parameters_are_those_that_each_notebook_was_given(described):
    assert described["parameters"] == {"1_validate": {"quarter": QUARTER}, "none": {}}
    assert described["quarter"] == QUARTER


def test_what_a_figure_says_is_there_without_its_name_and_without_what_is_empty(here, described):
    project, quarter, _ = here
    rows = pd.read_csv(project.processed(quarter) / "figures" / "SP11.csv", dtype=str, keep_default_na=False)
    assert set(described["figures"]) == set(rows["indicator"])
    said = described["figures"]["SP11.offences"]
    row = rows.set_index("indicator").loc["SP11.offences"]
    assert (said["verdict"], said["latest"], said["projected"]) == ("no_change", row["latest"], row["projected"])
    assert not {"indicator", "priority", "title"} & set(said)
    assert "reason" not in said and "" not in said.values()


def test_what_a_paragraph_says_is_the_hash_of_its_text_and_the_figures_that_it_cites(here, described):
    project, quarter, _ = here
    rows = pd.read_csv(project.processed(quarter) / "commentary.csv", dtype=str, keep_default_na=False)
    assert set(described["paragraphs"]) == set(rows["paragraph"])
    assert any(said["figures"] for said in described["paragraphs"].values())
    for row in rows.to_dict("records"):
        said = described["paragraphs"][row["paragraph"]]
        assert said["sha256"] == hashlib.sha256(row["text"].encode()).hexdigest()
        assert said["figures"] == [name for name in row["indicators"].split(";") if name]


def test_a_quarter_without_tables_says_nothing(tmp_path):
    assert (manifest.said_by_figures(tmp_path), manifest.said_by_paragraphs(tmp_path)) == ({}, {})


def test_versions_are_those_installed_and_locked_and_stand_in_no_manifest(here, described):
    project, *_ = here
    versions = manifest.this_run(project)["packages"]
    locked = (project.root / "requirements.lock").read_text(encoding="utf-8")
    assert {"pandas", "papermill", "nbconvert"} <= set(versions)
    for name, version in versions.items():
        assert f"{name}=={version}" in locked, name
    assert not {"python", "packages"} & set(described)


def test_versions_are_looked_up_again_once_another_package_is_installed(here, monkeypatch):
    project, *_ = here
    before = manifest.packages(project.lock)
    monkeypatch.setattr(manifest, "version", lambda name: "0")
    assert manifest.packages(project.lock) == before
    monkeypatch.setattr(manifest, "installed", lambda: ["another-1.0.dist-info"])
    assert set(manifest.packages(project.lock).values()) == {"0"}


def test_no_path_of_this_machine(here, described):
    project, *_ = here
    text = json.dumps(described)
    assert str(project.root) not in text
    for part in (*FILES, "notebooks", "outputs"):
        assert not any(name.startswith(("/", "..")) or "\\" in name for name in described[part]), part


def test_two_descriptions_are_equal_here_and_in_another_place(here, described, tmp_path):
    assert manifest.build_manifest(*here, STEPS) == described
    project, quarter, _ = here
    moved = Project(shutil.copytree(project.root, tmp_path / "elsewhere"))
    assert manifest.build_manifest(moved, quarter, moved.outputs(quarter), STEPS) == described


def test_a_changed_file_changes_only_its_own_line_and_the_seal(tmp_path):
    project, quarter, outputs = made(tmp_path)
    before = manifest.build_manifest(project, quarter, outputs, STEPS)
    path = project.raw(quarter) / "savings.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = manifest.build_manifest(project, quarter, outputs, STEPS)
    name = f"data/raw/{QUARTER}/savings.csv"
    assert after["inputs"].pop(name) != before["inputs"].pop(name)
    assert after.pop("seal") != before.pop("seal")
    assert after == before


# ------------------------------------------------------------------------------------------------ the seal


def test_the_seal_is_the_hash_of_all_but_the_pages_and_their_marking():
    content = {"b": {"y": "é", "x": [1]}, "a": "1"}
    text = '{"a":"1","b":{"x":[1],"y":"é"}}\n'  # keys sorted, no spaces, letters as they are, a line's end
    sealed = content | {"pages": {"one": 1}, "marking": "draft", "seal": "whatever"}
    assert manifest.seal(content) == manifest.seal(sealed) == hashlib.sha256(text.encode()).hexdigest()


def test_every_other_part_is_under_the_seal(described):
    parts = set(described) - {"pages", "marking", "seal"}
    assert {"inputs", "code", "notebooks", "intermediate", "outputs", "figures", "paragraphs", "parameters"} <= parts
    for part in parts:
        assert manifest.seal(described | {part: "changed"}) != described["seal"], part


def test_what_is_written_is_read_again_and_writing_it_twice_changes_nothing(described, tmp_path):
    path = tmp_path / manifest.MANIFEST_FILE
    manifest.write_manifest(described, tmp_path)
    first = path.read_bytes()
    assert manifest.read_manifest(path) == described
    assert first.endswith(b"}\n")
    manifest.write_manifest(described, tmp_path)
    assert path.read_bytes() == first


def test_a_manifest_changed_by_hand_is_refused(described, tmp_path):
    changed = copy.deepcopy(described)
    changed["figures"]["SP11.offences"]["verdict"] = "improved"
    manifest.write_manifest(changed, tmp_path)
    with pytest.raises(SourceError, match=r"manifest\.json: the seal is not that of the content"):
        manifest.read_manifest(tmp_path / manifest.MANIFEST_FILE)


def test_a_manifest_of_an_earlier_version_is_told_in_one_line(described, tmp_path):
    body = {name: part for name, part in described.items() if name not in (*manifest.UNSEALED, "notebooks")}
    manifest.write_manifest(body | {"seal": manifest.seal(body)}, tmp_path)
    with pytest.raises(SourceError, match=r"^\S*manifest\.json: an earlier version of this software made it") as told:
        manifest.read_manifest(tmp_path / manifest.MANIFEST_FILE)
    assert "\n" not in str(told.value) and str(told.value).endswith("check out the commit that made it to verify it.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "there is no manifest. Take it from git"),
        ("{", "this is no JSON"),
        ("[]", "the seal is not that of the content"),
        ("{}", "the seal is not that of the content"),
    ],
    ids=["absent", "half", "a list", "empty"],
)
def test_what_is_no_manifest_is_refused_by_name(tmp_path, text, words):
    path = tmp_path / manifest.MANIFEST_FILE
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as told:
        manifest.read_manifest(path)
    assert "manifest.json: " in str(told.value) and words in str(told.value)


# ------------------------------------------------------------------------------- where it was made: run.json


@pytest.fixture
def folders(tmp_path, quarter):
    """A project with the outputs of a last run, and those of a new one with the same manifest."""
    project, new = Project(tmp_path), tmp_path / "new"
    last = project.outputs(quarter)
    for folder in (last, new):
        folder.mkdir(parents=True)
        (folder / manifest.MANIFEST_FILE).write_text("one", encoding="utf-8")
    (last / manifest.RUN_FILE).write_text('{"platform": "another"}', encoding="utf-8")
    return project, new


def test_the_note_of_the_run_stays_while_the_manifest_does(folders, quarter):
    project, new = folders
    manifest.write_run(project, quarter, new)
    assert manifest.read_run(new) == {"platform": "another"}


def test_the_note_stays_although_another_python_makes_the_same_manifest(folders, quarter, monkeypatch):
    project, new = folders
    monkeypatch.setattr(manifest.platform, "python_version", lambda: "9.9.9")
    manifest.write_run(project, quarter, new)
    assert manifest.read_run(new) == {"platform": "another"}
    (new / manifest.MANIFEST_FILE).write_text("two", encoding="utf-8")
    manifest.write_run(project, quarter, new)
    assert manifest.read_run(new)["python"] == "9.9.9"


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_note_that_cannot_be_read_is_written_anew(folders, quarter, text):
    project, new = folders
    (project.outputs(quarter) / manifest.RUN_FILE).write_text(text, encoding="utf-8")
    manifest.write_run(project, quarter, new)
    assert manifest.read_run(new) == manifest.this_run(project)


def test_another_manifest_has_a_note_of_its_own(folders, quarter):
    project, new = folders
    (new / manifest.MANIFEST_FILE).write_text("two", encoding="utf-8")
    manifest.write_run(project, quarter, new)
    assert manifest.read_run(new) == manifest.this_run(project)
    assert manifest.read_run(new)["platform"] != "another"


def test_outside_git_there_is_no_commit_and_no_clean_tree(tmp_path):
    here = manifest.this_run(Project(tmp_path))
    assert (here["git_commit"], here["tree_clean"]) == ("", False)


def test_in_git_the_commit_is_known_and_whether_anything_differs_from_it(tmp_path):
    def git(*arguments):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "one")
    here = manifest.this_run(Project(tmp_path))
    assert (here["git_commit"], here["tree_clean"]) == (git("rev-parse", "HEAD"), True)
    (tmp_path / "new.txt").write_text("")
    assert manifest.this_run(Project(tmp_path))["tree_clean"] is False


@pytest.mark.parametrize("text", [None, "{", "[]", ""])
def test_a_note_that_is_not_there_or_broken_says_nothing(tmp_path, text):
    if text is not None:
        (tmp_path / manifest.RUN_FILE).write_text(text, encoding="utf-8")
    assert manifest.read_run(tmp_path) == {}


# ------------------------------------------------------------------------------------------------ open points
def test_open_points_are_counted_by_kind_and_sealed(tmp_path):
    project, quarter, outputs = made(tmp_path)
    before = manifest.build_manifest(project, quarter, outputs, STEPS)
    assert before["open_points"] == {}
    folder = project.processed(quarter) / "open_points"
    folder.mkdir()
    (folder / "prepare.csv").write_text(
        "kind,name,words,remedy\nquery,a,b,c\nquery,d,e,f\nother,,,\nother,,,\n", encoding="utf-8"
    )
    after = manifest.build_manifest(project, quarter, outputs, STEPS)
    assert after["open_points"] == {"query": 2, "other": 1}
    assert after["seal"] != before["seal"]


def test_what_reviewers_wrote_is_listed_and_not_sealed(described):
    listed_too = described | {"reviews": {"file": "params/reviews.yml", "sha256": "a" * 64, "bytes": 1}}
    assert manifest.seal(listed_too) == described["seal"]
