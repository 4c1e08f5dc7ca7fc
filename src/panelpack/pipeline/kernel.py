"""A papermill engine that runs a notebook's cells in this very process, by ipykernel's own in-process kernel.

A kernel process of its own costs over two seconds a notebook, most of it for importing pandas and matplotlib. A run
imports them once and forks a child for each notebook; the child executes with this engine, so nothing leaks from one
notebook to the next. The notebooks also run under papermill's stock engine and in JupyterLab.

Papermill loads this module by its entry point while it is itself being imported: import it only after papermill.
"""

from functools import cache
from typing import Any

from ipykernel.inprocess.constants import INPROCESS_KEY
from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.inprocess.manager import InProcessKernelManager
from ipykernel.inprocess.socket import DummySocket
from ipykernel.iostream import IOPubThread
from jupyter_client.session import Session
from nbformat import NotebookNode, from_dict
from papermill.engines import Engine
from traitlets.config import Config

# What each kind of output takes from its message. nbformat's own function would hold every one to the format, and
# papermill holds the whole to it.
OUTPUT_MESSAGES = {
    "stream": ("name", "text"),
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
    "error": ("ename", "evalue", "traceback"),
}


class ForkedKernelEngine(Engine):
    """A papermill engine (entry point `papermill.engine`) for a process that is the notebook's alone."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        """Run the cells in order until one fails, collecting outputs as any kernel sends them."""
        manager = kernel()
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
        kernel.cache_clear()

    @staticmethod
    def _run(client: Any, cell: NotebookNode) -> bool:
        """Execute one cell; return whether it failed."""
        client.execute(cell.source, allow_stdin=False)
        reply = client.get_shell_msg()
        cell.execution_count = reply["content"].get("execution_count")
        cell.outputs = []
        while client.iopub_channel.msg_ready():
            message = client.iopub_channel.get_msg()
            if message["msg_type"] in OUTPUT_MESSAGES:
                kind, content = message["msg_type"], message["content"]
                output = {"output_type": kind} | {name: content[name] for name in OUTPUT_MESSAGES[kind]}
                _append(cell.outputs, from_dict(output))
        return bool(reply["content"]["status"] == "error")


class QuietKernel(InProcessKernel):
    """A kernel that does not say whether it is busy and what it was given, for nobody listens."""

    _execute_sleep = 0  # after each cell, for output that is under way elsewhere

    def _publish_status(self, *_: Any, **__: Any) -> None:
        pass

    def _publish_execute_input(self, *_: Any, **__: Any) -> None:
        pass


@cache
def kernel() -> InProcessKernelManager:
    """Start this process' kernel; one that is forked afterwards has it ready, still without any state.

    Its messages go to the channels at once: the thread that would carry them is never started, and none is lost in a
    fork. Started anew in every child, a kernel costs a tenth of an ordinary notebook's time.
    """
    # The history is a database in the home folder, which children running at once would fight over.
    config = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
    # Messages of a session in a forked process are dropped, unless it is told that they are meant.
    manager = InProcessKernelManager(config=config, session=Session(key=INPROCESS_KEY, check_pid=False))
    socket = DummySocket()
    manager.kernel = QuietKernel(  # type: ignore[no-untyped-call]  # as its own base is
        parent=manager,
        session=manager.session,
        _underlying_iopub_socket=socket,
        iopub_thread=IOPubThread(socket, session=manager.session),
    )
    # The shell is one for the process: one that ran before, in a session of somebody's own, left its count.
    shell = manager.kernel.shell
    assert shell is not None  # an in-process kernel makes one
    shell.execution_count = 1
    return manager


def _append(outputs: list[NotebookNode], output: NotebookNode) -> None:
    """Add an output; text of the same stream joins the one before, as front ends do."""
    last = outputs[-1] if outputs else None
    if output.output_type == "stream" and last and last.output_type == "stream" and last.name == output.name:
        last.text += output.text
    else:
        outputs.append(output)
