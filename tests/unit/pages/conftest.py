"""The pages of the made-up office's quarter, as its notebooks show them."""

import pytest

import running
from page_blocks import EMBARGOED, prepared, rewritten, unfolded
from panelpack.pages import (
    dashboard,
    glance,
    key,
    next_steps,
    priority,
    report,
    series_data,
    working,
)
from panelpack.project import Project


@pytest.fixture(scope="session")
def quarter_report(tmp_path_factory, quarter):
    """The quarter in a copy, with embargoed figures that would be recognised anywhere."""
    project = Project(running.copy_office(tmp_path_factory.mktemp("pages") / "office"))
    path = project.raw(quarter) / "drug_treatment.csv"
    rewritten(path, lambda row: f"{row.split(',')[0]},{EMBARGOED},{EMBARGOED}")
    return prepared(project, quarter)


def priority_blocks(of, box):
    blocks = [
        priority.heading(of, box),
        working.series_read(of, box),
        working.periods_compared(of, box),
        working.evidence_weighed(of, box),
        working.verdicts_given(of, box),
        *priority.result(of, box),
        series_data.main_chart(of, box),
        *priority.figures(of, box),
        *next_steps.blocks(of, box),
        *series_data.blocks(of, box),
    ]
    return unfolded(block for block in blocks if block is not None)


@pytest.fixture(scope="session")
def pages(quarter_report):
    """The blocks of each page by name; a box has a page of its own."""
    of, boxes = quarter_report, quarter_report.plan.priorities
    own = {f"page {box.id}": priority_blocks(of, box) for box in boxes}
    whole = [*dashboard.heading(of), *dashboard.blocks(of)]
    at_a_glance = list(glance.blocks(of))
    methods = list(key.blocks(of))
    paper = [report.heading(of), report.title_block(of), *report.section_blocks(of), *report.closing_blocks(of)]
    return own | {"glance": at_a_glance, "dashboard": whole, "methods": methods, "report": paper}


@pytest.fixture(scope="session")
def projected(quarter_report):
    """Each box with an indicator that is judged by a projection: the box, the indicator and its result."""
    every = [(box, spec, quarter_report.result(spec.id)) for box in quarter_report.plan.priorities
             for spec in box.indicators]  # fmt: skip
    return [one for one in every if one[2].projected is not None]
