"""The manifest: everything that made a pack, by its checksum, and nothing that a clock would change."""

import hashlib
import json
import shutil

import pytest

from panelpack import evidence, manifest
from panelpack.project import Project
from panelpack.quarters import Quarter
from running import QUARTER, copy_project

FILES = ("inputs", "parameters", "expectations", "code", "intermediate")


def made(root):
    """A project with prepared series and stand-ins for its outputs."""
    project, quarter = Project(copy_project(root)), Quarter.parse(QUARTER)
    evidence.prepare(project, quarter)
    outputs = project.outputs(quarter)
    for name in ("pack/panel-pack.html", "pack/panel-pack.pdf", "review/index.html", manifest.NAME):
        (outputs / name).parent.mkdir(parents=True, exist_ok=True)
        (outputs / name).write_text(f"This is {name}.", encoding="utf-8")
    return project, quarter, outputs


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return made(tmp_path_factory.mktemp("here"))


@pytest.fixture(scope="module")
def described(here):
    return manifest.describe(*here)


def listed(root, *patterns):
    return {path.relative_to(root).as_posix() for p in patterns for path in root.glob(p) if path.is_file()}


@pytest.mark.parametrize(
    ("part", "patterns"),
    [
        ("inputs", [f"data/raw/{QUARTER}/*", "data/projection/*.csv", f"data/published/{QUARTER}.csv"]),
        ("parameters", ["params/plan.yml", f"params/{QUARTER}.yml", f"params/{QUARTER}.md"]),
        ("expectations", ["expectations/*.json"]),
        (
            "code",
            ["notebooks/*.ipynb", "src/panelpack/**/*.py", "src/panelpack/templates/*", "requirements.lock"],
        ),
        ("intermediate", [f"data/processed/{QUARTER}/**/*.csv"]),
    ],
)
def test_every_file_is_listed(here, described, part, patterns):
    project, *_ = here
    expected = listed(project.root, *patterns)
    assert set(described[part]) == expected
    for pattern in patterns:
        assert listed(project.root, pattern), pattern


def test_the_files_that_matter_most_are_named(described):
    assert f"data/raw/{QUARTER}/sources.yml" in described["inputs"]
    assert f"data/raw/{QUARTER}/recorded_crime.csv" in described["inputs"]
    assert {"src/panelpack/manifest.py", "src/panelpack/templates/style.css"} <= set(described["code"])


def test_outputs_are_named_from_their_folder_and_the_manifest_itself_is_left_out(described):
    assert list(described["outputs"]) == ["pack/panel-pack.html", "pack/panel-pack.pdf", "review/index.html"]


def test_checksums_are_those_of_the_files(here, described):
    project, _, outputs = here
    for part, folder in [*((part, project.root) for part in FILES), ("outputs", outputs)]:
        for name, digest in described[part].items():
            assert digest == hashlib.sha256((folder / name).read_bytes()).hexdigest(), name


def test_everything_is_sorted(described):
    for part in (*FILES, "outputs", "packages"):
        assert list(described[part]) == sorted(described[part]), part


def test_versions_are_those_installed_and_locked(here, described):
    project, *_ = here
    locked = (project.root / "requirements.lock").read_text(encoding="utf-8")
    assert {"pandas", "papermill", "nbconvert"} <= set(described["packages"])
    for name, version in described["packages"].items():
        assert f"{name}=={version}" in locked, name


def test_no_path_of_this_machine(here, described):
    project, *_ = here
    text = json.dumps(described)
    assert str(project.root) not in text
    for part in (*FILES, "outputs"):
        assert not any(name.startswith(("/", "..")) or "\\" in name for name in described[part]), part


def test_two_descriptions_are_equal_here_and_in_another_place(here, described, tmp_path):
    assert manifest.describe(*here) == described
    project, quarter, _ = here
    moved = Project(shutil.copytree(project.root, tmp_path / "elsewhere"))
    assert manifest.describe(moved, quarter, moved.outputs(quarter)) == described


def test_the_written_file_is_the_description_and_writing_it_twice_changes_nothing(tmp_path):
    project, quarter, outputs = made(tmp_path)
    manifest.write(project, quarter, outputs)
    first = (outputs / manifest.NAME).read_bytes()
    assert json.loads(first) == manifest.describe(project, quarter, outputs)
    assert first.endswith(b"}\n")
    manifest.write(project, quarter, outputs)
    assert (outputs / manifest.NAME).read_bytes() == first


def test_a_changed_file_changes_only_its_own_line(tmp_path):
    project, quarter, outputs = made(tmp_path)
    before = manifest.describe(project, quarter, outputs)
    path = project.raw(quarter) / "savings.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = manifest.describe(project, quarter, outputs)
    name = f"data/raw/{QUARTER}/savings.csv"
    assert after["inputs"].pop(name) != before["inputs"].pop(name)
    assert after == before
