"""What `make lint` checks of the code: style, format, types, direction of imports, notebooks, schemas up to date.

    python -m tools.lint     a line a finding, then one that sums up; exit 1 where there is any finding

What an office writes (configuration, commentary) is checked by `make check`.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat

from panelpack.errors import PanelPackError
from panelpack.pipeline.execute import PARAMETERS
from panelpack.project import Project
from tools import schemas

MOST_CODE_LINES = 30  # a notebook with more holds logic that belongs into the library
# What each tool checks, and its command; ruff and mypy are modules, import-linter has only its script.
TOOLS = {
    "style": [sys.executable, "-m", "ruff", "check", "--quiet", "--output-format=concise", "."],
    "format": [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "--output-format=concise", "."],
    "imports": [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"],
    "types": [sys.executable, "-m", "mypy", "--no-error-summary", "--no-pretty"],
}
# Lines of import-linter that are no finding: rulers, headings, contracts that are named again below.
NO_FINDING = re.compile(r"\s*-*\s*|Contracts|Broken contracts|Analyzed .*|.* KEPT|.* BROKEN|Contracts: .*", re.ASCII)


def findings(project: Project) -> Iterator[str]:
    """Yield a line for each finding. The tools run at the same time as each other and as what is checked here."""
    running = {
        name: subprocess.Popen(command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for name, command in TOOLS.items()
    }
    yield from in_notebooks(project)
    yield from schemas.stale(project)
    for name, process in running.items():
        output, _ = process.communicate()
        if process.returncode:
            lines = [line.strip() for line in output.splitlines() if not NO_FINDING.fullmatch(line)]
            yield from (f"{name}: {line}" for line in lines or [f"exit code {process.returncode}, and no word of why"])


def in_notebooks(project: Project) -> Iterator[str]:
    """Yield what a notebook must not have in git: outputs, counts, no or two parameters cells, logic."""
    for path in sorted(project.notebooks.glob("*.ipynb")):
        name = path.relative_to(project.root)
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        if any(cell.outputs or cell.execution_count for cell in code):
            yield f"{name}: outputs are stored in it, expected none. Open and save it under make lab."
        tagged = sum(PARAMETERS in cell.metadata.get("tags", []) for cell in notebook.cells)
        if tagged != 1:
            yield f"{name}: {tagged} cells are tagged {PARAMETERS!r}, expected one. Tag the cell of the defaults."
        if any(set(cell.metadata) - {"tags"} for cell in notebook.cells):
            yield f"{name}: cells hold more metadata than tags, expected none. Remove it."
        if any("attachments" in cell for cell in notebook.cells):
            yield f"{name}: cells have files attached, which no executed copy keeps. Remove them."
        lines = sum(len(cell.source.splitlines()) for cell in code)
        if lines > MOST_CODE_LINES:
            yield f"{name}: {lines} lines of code, expected at most {MOST_CODE_LINES}. Move logic to the library."
        if text.removesuffix("\n") != nbformat.writes(notebook).removesuffix("\n"):
            yield f"{name}: it is not written as nbformat writes it. Open and save it in JupyterLab."


def main() -> int:
    """Print every finding and what they add up to, and return the exit code: 0 none, 1 some, 2 outside a project."""
    try:
        project = Project.here()
        number = 0
        for finding in findings(project):
            number += 1
            print(finding, flush=True)
        if number:
            raise PanelPackError(f"make lint: {number} finding{'s' * (number > 1)}. Mend them, then lint again.")
    except PanelPackError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    notebooks = len(list(project.notebooks.glob("*.ipynb")))
    print(f"Linted: {', '.join(TOOLS)}, {notebooks} notebooks, {len(schemas.MODELS)} schemas.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
