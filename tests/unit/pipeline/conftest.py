"""A project that can be run, for the tests of the pipeline; none of them runs its notebooks."""

import pytest

import running
from panelpack.project import Project


@pytest.fixture(scope="module")
def runnable(tmp_path_factory):
    return Project(running.copy_project(tmp_path_factory.mktemp("runnable") / "project"))
