"""The made-up office as a project that `make` could run, and a copy of it to measure in."""

import shutil

import pytest

import running
from benchmarks import project_copies
from benchmarks.speed import Bench
from panelpack.project import Project


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """The project that is measured; no test may write there."""
    root = running.copy_project(tmp_path_factory.mktemp("measured") / "project")
    for name in project_copies.FOR_MAKE:
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(running.ROOT / name, root / name)
    return Project(root)


@pytest.fixture
def bench(measured, quarter, tmp_path):
    return Bench(project_copies.copy(measured, quarter, tmp_path / "copy"), quarter)
