"""The naive build to measure against: papermill and nbconvert from the command line, one call after the other.

    python -m benchmarks.naive_build 2015Q1     prints the seconds of each stage

Without a quarter, the last one is measured.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.project_copies import asked_for, copy
from panelpack.config.configuration import Configuration
from panelpack.errors import PanelPackError
from panelpack.make_quarter import steps_of
from panelpack.periods import Quarter
from panelpack.project import Project

# The same pages as the library makes, by nbconvert's own command.
FORMATS = ("panelpack-html", "panelpack-pdf")


def build(project: Project, quarter: Quarter, to: Path) -> dict[str, float]:
    """Execute and convert every notebook of a quarter into the folder `to`, and return the seconds of each stage.

    Papermill runs with its own engine and a kernel a notebook. The pack itself, workbook and manifest are left out,
    which is to the naive build's advantage. Raises CalledProcessError where a notebook fails.
    """
    to.mkdir(parents=True)
    seconds = dict.fromkeys(("papermill", *FORMATS), 0.0)
    for step in steps_of(Configuration.read(project, quarter)):
        parameters = [word for name, value in step.parameters.items() for word in ("-p", name, value)]
        executed = to / f"{step.name}.ipynb"
        papermill = [step.notebook.name, str(executed), *parameters, "-k", "python3", "--no-progress-bar"]
        seconds["papermill"] += _timed(project, "papermill", papermill)
        for exporter in FORMATS:
            seconds[exporter] += _timed(project, "jupyter", ["nbconvert", "--to", exporter, str(executed)])
    return seconds


def _timed(project: Project, program: str, arguments: list[str]) -> float:
    """Run a program of this environment in the notebooks' folder and return the seconds that it takes."""
    started = time.perf_counter()
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    subprocess.run(command, cwd=project.notebooks, check=True, capture_output=True)
    return time.perf_counter() - started


def main(arguments: list[str] | None = None) -> int:
    """Build a quarter in a copy, print the seconds of each stage, and return the exit code (2: unknown quarter)."""
    parser = argparse.ArgumentParser(prog="benchmarks.naive_build", description="Time the naive build of a quarter.")
    parser.add_argument("quarter", nargs="?", default="", help="YYYYQn; the last one where none is given")
    label = parser.parse_args(arguments).quarter
    try:
        project = Project.here()
        quarter = asked_for(project, label)
        with tempfile.TemporaryDirectory() as folder:
            copied = copy(project, quarter, Path(folder) / "project")
            for name, seconds in build(copied, quarter, Path(folder) / "naive").items():
                print(f"{name:<16}{seconds:8.1f} s")
    except PanelPackError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
