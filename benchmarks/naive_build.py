"""The naive build to measure against: papermill and nbconvert from the command line, one call after the other."""

import subprocess
import sys
import time
from pathlib import Path

from panelpack.indicators.quarter_data import configuration
from panelpack.periods import Quarter
from panelpack.pipeline.steps import steps
from panelpack.project import Project

# The same pages as ours, by nbconvert's own command.
FORMATS = ("panelpack-html", "panelpack-pdf")


def build(project: Project, quarter: Quarter, to: Path) -> dict[str, float]:
    """Execute and convert every notebook of a quarter, and return the seconds of each stage.

    Papermill runs with its own engine and a kernel a notebook. The pack itself, workbook and manifest are left out,
    which is to the naive build's advantage.
    """
    plan, _, _ = configuration(project, quarter)
    to.mkdir(parents=True)
    seconds = dict.fromkeys(("papermill", *FORMATS), 0.0)
    for step in steps(project, quarter, plan):
        given = [word for name, value in step.parameters.items() for word in ("-p", name, value)]
        executed = to / f"{step.name}.ipynb"
        papermill = [step.notebook.name, str(executed), *given, "-k", "python3", "--no-progress-bar"]
        seconds["papermill"] += _timed(project, "papermill", papermill)
        for exporter in FORMATS:
            seconds[exporter] += _timed(project, "jupyter", ["nbconvert", "--to", exporter, str(executed)])
    return seconds


def _timed(project: Project, program: str, arguments: list[str]) -> float:
    started = time.perf_counter()
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    subprocess.run(command, cwd=project.notebooks, check=True, capture_output=True)
    return time.perf_counter() - started
