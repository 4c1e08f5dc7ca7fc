"""Fixtures that several test files share: the project of this checkout and the figures of its quarter."""

import fcntl
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings

import running
from panelpack.config import commentary
from panelpack.indicators import quarter_data
from panelpack.indicators.compute import compute_indicator
from panelpack.indicators.references import Resolver
from panelpack.indicators.results import count_verdicts
from panelpack.periods import Quarter
from panelpack.project import Project

ROOT = Path(__file__).resolve().parents[1]
QUARTER = Quarter.parse("2015Q1")

# The same examples in every run, on any machine.
settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.load_profile("fixed")


def pytest_collection_modifyitems(items):
    """Begin with the tests that take long, so that no worker is left with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def figures_of(found):
    return {
        figure.id: compute_indicator(figure, box.id, found) for box in found.plan.priorities for figure in box.figures
    }


@pytest.fixture(scope="session")
def project():
    return Project(ROOT)


@pytest.fixture(scope="session")
def quarter():
    return QUARTER


@pytest.fixture(scope="session")
def evidence_of():
    """Evidence straight from the raw tables of a project, whatever the notebooks wrote."""
    return lambda project: quarter_data.data_of_tables(project, QUARTER, quarter_data.series_tables(project, QUARTER))


@pytest.fixture(scope="session", name="evidence")
def _evidence(project, evidence_of):
    return evidence_of(project)


@pytest.fixture(scope="session")
def compute_all():
    return figures_of


@pytest.fixture(scope="session")
def figures(evidence):
    return figures_of(quarter_data)


@pytest.fixture(scope="session")
def written(project, evidence):
    return commentary.read(project.commentary(QUARTER), quarter_data.plan)


@pytest.fixture(scope="session")
def resolver(evidence, figures, written):
    counts = count_verdicts(figures.values())
    return Resolver(quarter_data.plan, quarter_data.params, QUARTER, written, figures.__getitem__, lambda: counts)


@pytest.fixture
def project_copy(project, tmp_path):
    """A copy of what the figures come from: no printed paper, no outputs, no notebooks."""
    for part in ("params", "data/raw", "data/projection", "data/recorded_later", "data/spc"):
        shutil.copytree(project.root / part, tmp_path / part)
    return Project(tmp_path)


@pytest.fixture(scope="session")
def project_root():
    return ROOT


@pytest.fixture(scope="session")
def made_run(tmp_path_factory, worker_id):
    """One whole run of the quarter in a temporary copy, shared by all workers: no test may write there."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    root, said = shared / "made", shared / "made.json"
    with (shared / "made.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            shutil.rmtree(root, ignore_errors=True)
            done = running.run(running.copy_project(root), "quarter", running.QUARTER)
            assert done.returncode == 0, done.stderr
            said.write_text(json.dumps({"stdout": done.stdout, "stderr": done.stderr}), encoding="utf-8")
    return SimpleNamespace(root=root, **json.loads(said.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def made_quarter(made_run):
    return made_run.root / "outputs" / running.QUARTER
