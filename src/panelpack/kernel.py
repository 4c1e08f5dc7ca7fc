"""Papermill engines' other half: run a notebook's cells in this very process, by ipykernel's own in-process kernel.

A kernel process of its own costs over two seconds a notebook, most of it for importing pandas and seaborn. The runner
imports them once and forks a child for each notebook; the child executes with this engine, so nothing leaks from one
notebook to the next. The notebooks also run under papermill's stock engine and in JupyterLab.
"""

import ast
from pathlib import Path

import nbformat
import papermill
from ipykernel.inprocess.manager import InProcessKernelManager
from nbformat import NotebookNode
from nbformat.v4 import output_from_msg
from papermill.engines import Engine
from traitlets.config import Config

from panelpack.configuration import shown
from panelpack.errors import ConfigurationError

OUTPUTS = {"stream", "display_data", "execute_result", "error"}
PARAMETERS, INJECTED = "parameters", "injected-parameters"
FAST, STOCK = "panelpack", None


class ForkedKernelEngine(Engine):
    """A papermill engine (entry point `papermill.engine`) for a process that is the notebook's alone."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **kwargs):
        """Run the cells in order until one fails, collecting outputs as any kernel sends them."""
        # The history is a database in the home folder, which children running at once would fight over.
        config = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
        manager = InProcessKernelManager(config=config)
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            nb_man.cell_start(cell, index)
            failed = cls._run(client, cell)
            if failed:
                nb_man.cell_exception(cell, cell_index=index)
                break
            nb_man.cell_complete(cell, index)
        client.stop_channels()
        manager.shutdown_kernel()

    @staticmethod
    def _run(client, cell: NotebookNode) -> bool:
        """Execute one cell; return whether it failed."""
        client.execute(cell.source, allow_stdin=False)
        reply = client.get_shell_msg()
        cell.execution_count = reply["content"].get("execution_count")
        cell.outputs = []
        while client.iopub_channel.msg_ready():
            message = client.iopub_channel.get_msg()
            if message["msg_type"] in OUTPUTS:
                _append(cell.outputs, output_from_msg(message))
        return reply["content"]["status"] == "error"


def _append(outputs: list[NotebookNode], output: NotebookNode) -> None:
    """Add an output; text of the same stream joins the one before, as front ends do."""
    last = outputs[-1] if outputs else None
    if output.output_type == "stream" and last and last.output_type == "stream" and last.name == output.name:
        last.text += output.text
    else:
        outputs.append(output)


def check_parameters(path: Path, parameters: dict) -> None:
    """Hold the parameters to the notebook's `parameters` cell. Raises ConfigurationError.

    Papermill only warns of a missing cell or an unknown name, and then runs with the defaults: the wrong quarter.
    """
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if PARAMETERS in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ConfigurationError(
            f"{shown(path)}: found {len(cells)} cells tagged {PARAMETERS!r}, expected one. Tag the cell of the defaults."
        )
    assigned = {
        target.id
        for node in ast.parse(cells[0].source).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }
    if assigned != set(parameters):
        raise ConfigurationError(
            f"{shown(path)}: its parameters cell sets {', '.join(sorted(assigned)) or 'nothing'}, "
            f"the run gives {', '.join(sorted(parameters))}. Make the two agree."
        )


def execute(path: Path, output: Path, parameters: dict, engine: str | None) -> NotebookNode:
    """Execute a notebook with papermill and keep the executed copy, failed or not, without anything that varies.

    `engine` is FAST (this process) or STOCK (a kernel process). Raises papermill's PapermillExecutionError when a cell
    fails; the copy then shows it.
    """
    check_parameters(path, parameters)
    try:
        papermill.execute_notebook(
            str(path),
            str(output),
            parameters=parameters,
            engine_name=engine,
            kernel_name="python3",
            cwd=str(path.parent),
            progress_bar=False,
            log_output=False,
            request_save_on_cell_execute=False,
        )
    finally:
        if output.exists():
            notebook = nbformat.read(output, as_version=4)
            nbformat.write(settled(notebook), output)
    return notebook


def settled(notebook: NotebookNode) -> NotebookNode:
    """Drop what varies from run to run: papermill's clock and paths, random cell ids, the interpreter's version."""
    notebook.metadata = NotebookNode(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
    )
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode({"tags": tags} if tags else {})
        if INJECTED in tags:
            cell.id = INJECTED
        elif any("papermill-error" in tag for tag in tags):
            cell.id = f"papermill-error-{number}"
    return notebook
