"""Fixtures that several test files share: the project of this checkout and the figures of its quarter."""

import shutil
from pathlib import Path

import pytest

from panelpack import commentary, evidence, headline, indicators
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.references import Resolver

ROOT = Path(__file__).resolve().parents[1]
QUARTER = Quarter.parse("2015Q1")


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
    for part in ("params", "data/raw", "data/projection"):
        shutil.copytree(project.root / part, tmp_path / part)
    return Project(tmp_path)
