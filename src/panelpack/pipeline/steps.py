"""A step of a quarter: one notebook with its parameters, the steps that it waits for, and how it ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

VALIDATE, PREPARE, PRIORITY = "1_validate", "2_prepare", "3_priority"
DASHBOARD, REPORT, METHODS = "4_dashboard", "5_report", "6_methods"
QUARTER = "quarter"  # the parameter that every notebook of a run shares
WORKING = ": working"  # tells a review copy from the page of the pack that it is the working of
# What each notebook is, for the titles of its review copies; that of a priority is called by it.
TITLES = {
    VALIDATE: "Validation of the raw data",
    PREPARE: "Prepared series and restated figures",
    DASHBOARD: f"Dashboard{WORKING}",
    REPORT: f"Report{WORKING}",
    METHODS: "Methods and sources",
}


@dataclass(frozen=True)
class Step:
    """One notebook to execute: `name` is unique, `after` names the steps whose tables it reads.

    title: what it is, as its review copies are called.
    """

    name: str
    notebook: Path
    parameters: dict[str, str]
    after: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a step ended: seconds it took, and the failure in words ('' when it went well)."""

    step: Step
    seconds: float
    failure: str = ""


def by_notebook(steps: Iterable[Step]) -> dict[str, list[Step]]:
    """Return the steps by the notebook that they run, in their order."""
    groups: dict[str, list[Step]] = {}
    for step in steps:
        groups.setdefault(step.notebook.stem, []).append(step)
    return groups
