"""Execute a notebook with papermill, and keep a copy in which nothing varies from run to run."""

import ast
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from panelpack import errors, surroundings
from panelpack.errors import ConfigurationError, NotebookFailed, PanelPackError, naming_plan, shown
from panelpack.periods import Quarter
from panelpack.pipeline.notebook_file import ERROR_MARKER, INJECTED, KERNEL, place_id, read_notebook_file
from panelpack.pipeline.steps import QUARTER, Step
from panelpack.pipeline.tracking import SEEN_FILE, FileTracker
from panelpack.project import EDITION, OFFICE, REVIEW

PARAMETERS = "parameters"
HEAD, REVIEW_CELL = "head", "review"  # the id of the cell that an executed copy begins with, and its tag: not in packs
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
FAST, STOCK = "panelpack", None  # papermill's names of its engines
# A kernel of its own loads our tracker; papermill hands the arguments on to nbclient, and that to the kernel.
TRACKED_KERNEL = ["--ext=panelpack.pipeline.tracking"]
STDERR = ".stderr"  # beside an executed notebook: what its cells wrote to stderr, for the user and for no record
LONGEST_SOURCE = 60  # characters of a cell's first line that a message quotes


def check_parameters(path: Path, parameters: dict[str, str]) -> None:
    """Hold the parameters to the notebook's `parameters` cell. Raises ConfigurationError.

    Papermill only warns of a missing cell or an unknown name, and then runs with the defaults: the wrong quarter.
    """
    _check(path, read_notebook_file(path), parameters)


def _check(path: Path, notebook: NotebookNode, parameters: dict[str, str]) -> None:
    cells = [cell for cell in notebook.cells if PARAMETERS in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ConfigurationError(
            f"{shown(path)}: found {len(cells)} cells tagged {PARAMETERS!r}, expected one. "
            "Tag the cell of the defaults."
        )
    try:
        body = ast.parse(cells[0].source).body
    except SyntaxError as error:
        raise ConfigurationError(
            f"{shown(path)}: the parameters cell is no Python: {error.msg}, line {error.lineno}. Correct the cell."
        ) from None
    targets = (
        target
        for node in body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    )
    assigned = {target.id for target in targets if isinstance(target, ast.Name)}
    if assigned != set(parameters):
        raise ConfigurationError(
            f"{shown(path)}: its parameters cell sets {', '.join(sorted(assigned)) or 'nothing'}, "
            f"the run gives {', '.join(sorted(parameters))}. Make the two agree."
        )


def execute(path: Path, output: Path, parameters: dict[str, str], engine: str | None, title: str = "") -> None:
    """Execute a notebook with papermill and keep it, failed or not, without anything that varies.

    `engine` is FAST (this process) or STOCK (a kernel process). The copy begins with what it is (`title`) and with the
    parameters that it was run with. Raises papermill's PapermillExecutionError when a cell fails; the copy then shows
    it.
    """
    notebook = read_notebook_file(path)
    _check(path, notebook, parameters)
    try:
        notebook = papermill.execute_notebook(
            notebook,
            str(output),
            parameters=parameters,
            engine_name=engine,
            kernel_name="python3",
            cwd=str(path.parent),
            progress_bar=False,
            log_output=False,
            request_save_on_cell_execute=False,
            **({"extra_arguments": TRACKED_KERNEL} if engine == STOCK else {}),
        )
    except PapermillExecutionError:
        _keep(nbformat.read(output, as_version=4), output, _head(path, title, parameters))
        raise
    _keep(notebook, output, _head(path, title, parameters))


def _head(path: Path, title: str, parameters: Mapping[str, str]) -> NotebookNode:
    """Return the cell that an executed copy begins with: in an editor the cells below it first show the defaults."""
    given = " and ".join(f'`{name} = "{value}"`' for name, value in parameters.items())
    words = (
        f"This is `notebooks/{path.name}` as it was run with {given}. The next two cells set what it has by default, "
        "and then these. To run it again it needs the project around it, at the commit that `run.json` names; it then "
        "writes its tables anew."
    )
    text = f"**{title}**\n\n{words}" if title else words
    head: NotebookNode = nbformat.v4.new_markdown_cell(text, id=HEAD, metadata={"tags": [REVIEW_CELL]})
    return head


def _keep(notebook: NotebookNode, output: Path, head: NotebookNode) -> None:
    """Write an executed notebook without what varies, and beside it what its cells wrote to stderr, if anything."""
    stderr = "".join(written_to_stderr(notebook))
    if stderr:
        output.with_suffix(STDERR).write_text(stderr, encoding="utf-8")
    kept = without_what_varies(notebook)
    kept.cells.insert(0, head)
    nbformat.write(kept, output)


def written_to_stderr(notebook: NotebookNode) -> Iterator[str]:
    """Yield what the cells of an executed notebook wrote to stderr."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if _is_stderr(output):
                yield output.text if output.text.endswith("\n") else f"{output.text}\n"


def without_what_varies(notebook: NotebookNode) -> NotebookNode:
    """Drop what varies from run to run, or from one machine to the next.

    That is papermill's clock and paths, ids of cells, the interpreter's version, and what is written to stderr: a
    library complains there of a folder that it may not write to, or names the file that warned.
    """
    notebook.metadata = nbformat.from_dict(KERNEL)
    place, is_injected = 0, False
    for number, cell in enumerate(notebook.cells):
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if not _is_stderr(output)]
        for output in cell.get("outputs", []):
            if output.output_type == "error":  # the stock kernel colours its tracebacks
                output.traceback = [COLOUR.sub("", line) for line in output.traceback]
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode({"tags": tags} if tags else {})
        if any(ERROR_MARKER in tag for tag in tags):
            cell.id = f"{ERROR_MARKER}-{number}"
        elif INJECTED in tags and not is_injected:
            cell.id, is_injected = INJECTED, True
        else:
            place += 1
            cell.id = place_id(place)
    return notebook


def _is_stderr(output: NotebookNode) -> bool:
    return bool(output.output_type == "stream" and output.name == "stderr")


def run_step(step: Step, folder: Path, engine: str | None, tracker: FileTracker) -> None:
    """Execute the notebook of a step into `folder`, tracked. Raises NotebookFailed."""
    output, seen = folder / f"{step.name}.ipynb", folder / f"{step.name}.seen"
    seen.unlink(missing_ok=True)
    surroundings.leave_home()
    os.environ[SEEN_FILE] = str(seen)
    os.environ[OFFICE] = str(tracker.project.office)  # whichever the command was given
    os.environ[EDITION] = REVIEW if tracker.project.shows_embargoed else ""
    tracker.start()
    try:
        execute(step.notebook, output, step.parameters, engine, step.title)
    except PanelPackError:
        raise
    except Exception:
        if not output.exists():
            raise
        plan = tracker.project.plan(Quarter.parse(step.parameters[QUARTER]))
        raise NotebookFailed(naming_plan(explain(output, step), plan)) from None
    if engine == STOCK:
        with tracker.paused():
            tracker.add(**json.loads(seen.read_text(encoding="utf-8")))
            seen.unlink()


def explain(executed: Path, step: Step) -> str:
    """Return a failed notebook's error for the terminal: our own sentences as they are, others with their cell."""
    for cell in nbformat.read(executed, as_version=4).cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                where = f"notebooks/{step.notebook.name} ({', '.join(step.parameters.values())}), {_cell_words(cell)}"
                is_ours = output.ename in expected_names()
                return output.evalue if is_ours else f"{where}: {output.ename}: {output.evalue}"
    return f"notebooks/{step.notebook.name}: it failed without an error in any cell."


def _cell_words(cell: NotebookNode) -> str:
    """Name a cell by its place and by how its code begins, which a reader of the notebook can look for."""
    lines = (line.strip() for line in cell.source.splitlines())
    begins = next((line for line in lines if line and not line.startswith("#")), "")
    words = begins if len(begins) <= LONGEST_SOURCE else f"{begins[:LONGEST_SOURCE]}..."
    return f"{cell.id.replace('-', ' ')} ({words})"


def expected_names() -> set[str]:
    """Return the names of our own errors: their messages are sentences for the user."""
    return {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
