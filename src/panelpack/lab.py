"""The notebooks in JupyterLab: with settings of its own, and files in which nothing of a run is saved."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from panelpack.errors import UsageError
from panelpack.periods import Quarter
from panelpack.pipeline.notebook_file import KERNEL, place_id
from panelpack.project import OFFICE, QUARTER_ASKED_FOR, Project

SETTINGS = (
    "--ContentsManager.pre_save_hook=panelpack.lab.strip_on_save",
    # Nothing is fetched: no news, no look for a newer version, no list of extensions.
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    # Where is the bin? Its folder is the home folder, whichever office the notebook is of; git has what is committed.
    "--FileContentsManager.delete_to_trash=False",
)
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
# What JupyterLab, and nbformat, draw at random for a cell without an id.
DRAWN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?")


def open_lab(project: Project, quarter: Quarter | None, arguments: str) -> int:
    """Run JupyterLab until it is closed, and return its exit code.

    The notebooks show `quarter`, or the office's latest; `arguments` are for JupyterLab. Raises UsageError for
    arguments that no shell would take apart.
    """
    try:
        further = shlex.split(arguments)
    except ValueError as error:
        raise UsageError(f"ARGS={arguments!r}: {error}. Close the quotation marks.") from None
    as_root = ["--allow-root"] if os.geteuid() == 0 else []
    command = [sys.executable, "-m", "jupyterlab", *as_root, *SETTINGS, *further, str(project.notebooks)]
    # The office in full, for notebooks have a working folder of their own.
    asked = {OFFICE: str(project.office), QUARTER_ASKED_FOR: str(quarter or "")}
    server = subprocess.Popen(command, env=os.environ | asked)
    # Ctrl-C is for JupyterLab, which asks what is meant; a request to end is handed on to it.
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    ended = signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        return server.wait()
    finally:
        signal.signal(signal.SIGINT, interrupted)
        signal.signal(signal.SIGTERM, ended)


def strip_on_save(model: dict[str, Any], **_: object) -> None:
    """Leave of a notebook that is saved what a reader of it wrote. JupyterLab calls this with what it will save."""
    if model["type"] == "notebook":
        model["content"] = stripped(model["content"])


def stripped(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return a notebook without outputs, execution counts, widgets and what editors note, its ids settled."""
    cells = notebook["cells"]
    made = [_stripped(cell, settled) for cell, settled in zip(cells, settled_ids(cells), strict=True)]
    return {"cells": made, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}


def _stripped(cell: Mapping[str, Any], settled: str) -> dict[str, Any]:
    tags = cell.get("metadata", {}).get("tags")
    of_code: dict[str, Any] = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
    attached = {"attachments": cell["attachments"]} if cell.get("attachments") else {}
    metadata = {"tags": tags} if tags else {}
    return {"cell_type": cell["cell_type"], "id": settled, "metadata": metadata, "source": cell["source"]} | (
        of_code | attached
    )


def settled_ids(cells: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield an id for each cell: its own where somebody gave it one that no cell before it has, else that of its place.

    One that was drawn at random was given by nobody: a cell has it that is new, or had none in the file.
    """
    own = [str(cell.get("id", "")) for cell in cells]
    given = [name if CELL_ID.fullmatch(name) and not DRAWN_ID.fullmatch(name) else "" for name in own]
    taken: set[str] = set()
    for place, name in enumerate(given, start=1):
        settled = name if name and name not in taken else place_id(place)
        while settled != name and settled in {*given, *taken}:
            settled += "-again"
        taken.add(settled)
        yield settled
