"""This checkout's own office, held to the papers that it printed; without one there is nothing to hold it to."""

import shutil

import pytest

import running
from panelpack.config.configuration import Configuration
from panelpack.errors import has_plan
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.periods import Quarter
from panelpack.project import Project

REAL = Project(running.ROOT)
COMPUTED_FROM = ("params", "data/raw", "data/comparators", "data/projection", "data/recorded_later", "data/spc")


def compute_results(project, quarter):
    data = data_of_raw_files(Configuration.read(project, quarter))
    return {result.indicator: result for result in compute_every(data)}


@pytest.fixture(scope="session")
def real_project():
    return REAL


@pytest.fixture(scope="session")
def computed():
    """Return a function that computes the results of one of this office's quarters, once, by id."""
    known = {}

    def of(quarter):
        quarter = Quarter.parse(str(quarter))
        if quarter not in known:
            known[quarter] = compute_results(REAL, quarter)
        return known[quarter]

    return of


@pytest.fixture
def without_paper(tmp_path):
    """A copy of what this office's figures come from: no printed paper in it, and a test may change it.

    Returns the project, and a function that computes its results by id.
    """
    for part in COMPUTED_FROM:
        if (REAL.root / part).exists():
            shutil.copytree(REAL.root / part, tmp_path / part)
    project = Project(tmp_path)
    return project, lambda quarter: compute_results(project, quarter)


@pytest.fixture(scope="session")
def need_paper_of():
    """Return a function that skips a test where the checkout is not the office whose paper is meant, or lacks its data.

    It returns the configuration of the paper's quarter.
    """

    def need(force, label):
        quarter = Quarter.parse(label)
        if not has_plan(REAL.root) or Configuration.read(REAL, quarter).plan.office.force != force:
            pytest.skip(f"this is the paper of {force}, and this checkout is another office's")
        if not REAL.published(quarter).exists() or not REAL.raw(quarter).is_dir():
            pytest.skip(f"data/published/{label}.csv or data/raw/{label} is not there")
        return Configuration.read(REAL, quarter)

    return need
