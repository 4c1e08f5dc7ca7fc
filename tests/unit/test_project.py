"""Where things lie in a project's folder, and which files a pack is made from."""

import hashlib

import pytest

import running
from panelpack.errors import UsageError
from panelpack.periods import Quarter
from panelpack.project import Project, code_files, digest, hashed, input_files


def below(project, paths):
    return [path.relative_to(project.root).as_posix() for path in paths]


def test_the_project_is_found_from_any_folder_inside(project, monkeypatch):
    """Also of the software: here it is that of this checkout, in which the made-up office lies."""
    for folder in (project.office, project.office / "params", project.raw(Quarter.parse("2015Q1"))):
        monkeypatch.chdir(folder)
        assert Project.here() == Project(running.ROOT, project.office)


def test_quarters_are_those_with_a_raw_folder(project_copy):
    (project_copy.root / "data" / "raw" / "notes").mkdir()
    (project_copy.root / "data" / "raw" / "2015Q2").write_text("")
    assert project_copy.quarters() == ["2014Q4", "2015Q1"]


def test_a_label_without_a_raw_folder_is_refused_with_those_that_there_are(project):
    assert project.quarter("2015Q1") == Quarter(2015, 1)
    with pytest.raises(UsageError, match=r"Q='2015Q2': there is no folder data/raw/2015Q2\. .*: 2014Q4, 2015Q1\."):
        project.quarter("2015Q2")


def test_inputs_are_both_drops_what_the_office_declares_and_what_projections_learn_from(project, quarter):
    found = below(project, input_files(project, quarter))
    assert found == sorted(found, key=lambda name: name.split("/")) and len(set(found)) == len(found)
    assert {"params/plan.yml", "params/2015Q1.yml", "params/2015Q1.md", "params/corrections.yml",
            "data/raw/2015Q1/sources.yml", "data/raw/2014Q4/recorded_crime.csv", "expectations/savings.json",
            "data/projection/official_counts.csv", "data/spc/false_alarms.csv"} <= set(found)  # fmt: skip
    before = {name for name in found if "2014Q4" in name and not name.startswith("data/raw/")}
    assert before == {"params/2014Q4.md", "params/2014Q4.yml"}, "of paragraphs carried over and of next steps"


def test_code_is_notebooks_package_templates_and_the_lock():
    here = Project(running.ROOT)
    found = set(below(here, code_files(here)))
    assert {"requirements.lock", "notebooks/1_validate.ipynb", "src/panelpack/__init__.py",
            "src/panelpack/statistics/spc.py", "src/panelpack/rendering/templates/style.css"} <= found  # fmt: skip
    assert not [name for name in found if name.startswith(("tests/", "tools/", "research/")) or name.endswith(".pyc")]


def test_files_are_listed_with_checksum_and_size(tmp_path):
    for name in ("b", "a"):
        (tmp_path / name).write_text(name)
    one = hashlib.sha256(b"a").hexdigest()
    found = hashed(tmp_path, tmp_path.iterdir())
    assert list(found) == ["a", "b"] and found["a"] == {"sha256": one, "bytes": 1}
    assert [digest(tmp_path / "a"), digest(tmp_path / "none"), digest(tmp_path)] == [one, "", ""]
