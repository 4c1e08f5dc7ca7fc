"""The JSON Schemas of the configuration, so that editors complete and check it."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat

from panelpack.config import commentary
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Plan
from panelpack.errors import PanelPackError
from panelpack.indicators import typed_figures
from panelpack.indicators.compute import compute_indicator
from panelpack.indicators.quarter_data import data_of_tables, series_tables
from panelpack.intake.corrections import Corrections
from panelpack.periods import Quarter
from panelpack.pipeline.execute import PARAMETERS
from panelpack.project import Project

MODELS = {"plan.schema.json": Plan, "quarter.schema.json": Parameters, "corrections.schema.json": Corrections}


def expected() -> dict[str, str]:
    """Return the text of each schema file, from the models."""
    return {
        name: json.dumps(model.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
        for name, model in MODELS.items()
    }


def write(project: Project) -> list[Path]:
    """Write the schemas beside the files that name them."""
    paths = []
    for name, text in expected().items():
        paths.append(project.plan.with_name(name))
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def stale(project: Project) -> list[str]:
    """Return a sentence for each schema file that is not what the models say."""
    return [
        f"params/{name}: the file is not what the models say. Run: make schema"
        for name, text in expected().items()
        if not (path := project.plan.with_name(name)).exists() or path.read_text(encoding="utf-8") != text
    ]


MOST_CODE_LINES = 30  # a notebook with more holds logic that belongs into the library
TOOLS = {"lint": ["ruff", "check", "--quiet"], "format": ["ruff", "format", "--check", "--quiet"]}


def run_checks(project: Project) -> None:
    """Run every check and print the findings. Raises PanelPackError when there is one."""
    findings = [*tools(project), *notebooks(project), *stale(project), *typed(project)]
    for finding in findings:
        print(finding)
    if findings:
        raise PanelPackError(
            f"make check: {len(findings)} finding{'s' * (len(findings) > 1)}. Mend them, then check again."
        )
    print(f"Checked: lint, format, {len(list(project.notebooks.glob('*.ipynb')))} notebooks, schemas, commentaries.")


def tools(project: Project) -> list[str]:
    """Return what ruff says of the code and of the notebooks."""
    found = []
    for name, command in TOOLS.items():
        done = subprocess.run([sys.executable, "-m", *command, "."], cwd=project.root, capture_output=True, text=True)
        if done.returncode:
            lines = (done.stdout + done.stderr).strip().splitlines() or ["run: ruff format"]
            found += [f"{name}: {line}" for line in lines]
    return found


def notebooks(project: Project) -> list[str]:
    """Return what a notebook must not have in git: outputs, counts, no or two parameters cells, logic."""
    found = []
    for path in sorted(project.notebooks.glob("*.ipynb")):
        name = f"notebooks/{path.name}"
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        if any(cell.outputs or cell.execution_count for cell in code):
            found.append(f"{name}: outputs are stored in it. Clear all outputs and save.")
        if sum(PARAMETERS in cell.metadata.get("tags", []) for cell in notebook.cells) != 1:
            found.append(f"{name}: expected one cell tagged {PARAMETERS!r}. Tag the cell of the defaults.")
        if any(set(cell.metadata) - {"tags"} for cell in notebook.cells):
            found.append(f"{name}: cells hold more metadata than tags. Remove it.")
        lines = sum(len(cell.source.splitlines()) for cell in code)
        if lines > MOST_CODE_LINES:
            found.append(
                f"{name}: {lines} lines of code, expected at most {MOST_CODE_LINES}. Move logic to the library."
            )
        if text != nbformat.writes(notebook) + "\n" and text != nbformat.writes(notebook):
            found.append(f"{name}: it is not written as nbformat writes it. Open and save it in JupyterLab.")
    return found


def typed(project: Project) -> list[str]:
    """Return the figures typed into the commentaries of all quarters."""
    found = []
    for label in project.quarters():
        quarter = Quarter.parse(label)
        known = data_of_tables(project, quarter, series_tables(project, quarter))
        figures = [compute_indicator(f, box.id, known) for box in known.plan.priorities for f in box.figures]
        found += typed_figures.find(commentary.read(project.commentary(quarter), known.plan), figures)
    return found
