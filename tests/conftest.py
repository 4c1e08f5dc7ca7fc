"""Fixtures that several test files share: the project of this checkout and the figures of its quarter."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings

import running
from panelpack import commentary, evidence, headline, indicators
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.references import Resolver

ROOT = Path(__file__).resolve().parents[1]
QUARTER = Quarter.parse("2015Q1")

# The same examples in every run, on any machine.
settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.load_profile("fixed")


def figures_of(found):
    return {
        figure.id: indicators.compute(figure, box.id, found) for box in found.plan.priorities for figure in box.figures
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
    return lambda project: evidence.of_tables(project, QUARTER, evidence.series_tables(project, QUARTER))


@pytest.fixture(scope="session", name="evidence")
def _evidence(project, evidence_of):
    return evidence_of(project)


@pytest.fixture(scope="session")
def compute_all():
    return figures_of


@pytest.fixture(scope="session")
def figures(evidence):
    return figures_of(evidence)


@pytest.fixture(scope="session")
def written(project, evidence):
    return commentary.read(project.commentary(QUARTER), evidence.plan)


@pytest.fixture(scope="session")
def resolver(evidence, figures, written):
    counts = headline.headline(figures.values())
    return Resolver(evidence.plan, evidence.params, QUARTER, written, figures.__getitem__, lambda: counts)


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
def made_run(tmp_path_factory):
    """One whole run of the quarter in a temporary copy; tests that use it belong to the xdist group `quarter`."""
    root = running.copy_project(tmp_path_factory.mktemp("made"))
    done = running.run(root, "quarter", running.QUARTER)
    assert done.returncode == 0, done.stderr
    return SimpleNamespace(root=root, stdout=done.stdout, stderr=done.stderr)


@pytest.fixture(scope="session")
def made_quarter(made_run):
    return made_run.root / "outputs" / running.QUARTER
