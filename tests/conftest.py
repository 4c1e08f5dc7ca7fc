"""Fixtures that several tests share: the made-up office of the tests, its figures, and one whole run of its quarter.

No test reads this checkout's own params, data or outputs, but for those in tests/golden: so the tests pass in a clone
of any other office too.
"""

import fcntl
import json
import os
import shutil
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import settings

import running
from panelpack.config.configuration import Configuration
from panelpack.disclosure.areas import with_every_area
from panelpack.disclosure.publication import read_exact
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import QuarterData, data_of_raw_files
from panelpack.indicators.references import Resolver
from panelpack.indicators.results import count_verdicts
from panelpack.periods import Quarter
from panelpack.project import Project

# The make that runs the tests would tell the make that a test runs how to behave, and for which office.
for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "OFFICE", "EDITION"):
    os.environ.pop(name, None)
# The same examples in every run, on any machine.
settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.load_profile("fixed")


def pytest_collection_modifyitems(items):
    """Begin with the tests that take long, so that no worker is left with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def project():
    """The made-up office. No test may write there: take project_copy to change something."""
    return Project(running.OFFICE)


@pytest.fixture(scope="session")
def quarter():
    return Quarter.parse(running.QUARTER)


@pytest.fixture(scope="session")
def office(project, quarter):
    return Configuration.read(project, quarter)


@pytest.fixture(scope="session")
def data(office):
    """The data of the quarter, straight from the raw files."""
    return data_of_raw_files(office)


@pytest.fixture(scope="session")
def exact_data(office):
    """The data of the quarter before anything is hidden: with each series as its table has it."""
    tables = [table for name in office.shown_tables if (table := read_exact(office, name))]
    points = with_every_area({name: points for table in tables for name, points in table.points.items()})
    gaps = pd.concat([table.gaps for table in tables], ignore_index=True)
    return QuarterData(office, points, office.sources.origins, gaps)


@pytest.fixture(scope="session")
def results(data):
    """Every result of the quarter, by id."""
    return {result.indicator: result for result in compute_every(data)}


@pytest.fixture(scope="session")
def resolver(office, results):
    return Resolver(office, results.__getitem__, lambda: count_verdicts(results.values()))


@pytest.fixture
def project_copy(tmp_path):
    """A copy of the made-up office that a test may change: no notebooks, no code."""
    return Project(running.copy_office(tmp_path / "office"))


@pytest.fixture
def results_of(quarter):
    """Return a function that computes every result of a project anew, by id."""

    def compute(project):
        data = data_of_raw_files(Configuration.read(project, quarter))
        return {result.indicator: result for result in compute_every(data)}

    return compute


@pytest.fixture(scope="session")
def made_run(tmp_path_factory, worker_id):
    """One whole run of the quarter of the made-up office, shared by all workers: no test may write there.

    root: the project's folder. stdout, stderr: what the command said.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    root, record = shared / "made", shared / "made.json"
    with (shared / "made.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            shutil.rmtree(root, ignore_errors=True)
            done = running.run(running.copy_project(root), "quarter", running.QUARTER)
            assert done.returncode == 0, done.stderr
            record.write_text(json.dumps({"stdout": done.stdout, "stderr": done.stderr}), encoding="utf-8")
    return SimpleNamespace(root=root, **json.loads(record.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def made_quarter(made_run):
    """The outputs of the run: outputs/<quarter>."""
    return made_run.root / "outputs" / running.QUARTER
