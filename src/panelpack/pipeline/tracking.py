"""What a process reads and writes of the project: Python tells of every file that it opens (PEP 578).

A notebook that runs in a kernel of its own is tracked there: this module is an IPython extension, which that kernel
loads, and which leaves what it saw in a file for the process that started it.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from panelpack.config.commentary import PART_USED, READ_IN_PARTS
from panelpack.pipeline.notebook_content import file_digest
from panelpack.pipeline.records import part_digest, part_name
from panelpack.project import KEPT, Project

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
# Below the project's folder, but no data that a pack is made from: the environment, what Python compiles, and the code,
# which counts as a whole (code_used.py), what libraries remember, and settings that matplotlib finds where a notebook
# runs, for no chart is drawn with them.
NOT_TRACKED = (".venv", ".git", "__pycache__", "src", KEPT, "matplotlibrc")
SEEN_FILE = "PANELPACK_SEEN_FILE"  # the environment variable that tells a kernel where to leave what it saw


class FileTracker:
    """The files of an office and of the software that this process opens, by the names that records have for them.

    `reads` holds the sha256 of each as it was first opened ('' for a file that was not there), so that a file that
    changes while it is read counts as changed; `writes` the files opened for writing. What is written first and read
    afterwards is no input. Of a file that is read in parts, the parts that are used count, and the file does not.
    """

    def __init__(self, project: Project):
        """Track nothing before `start`."""
        self.project = project
        self._folders = [f"{folder.absolute()}{os.sep}" for folder in project.folders]
        self.reads: dict[str, str] = {}
        self.writes: set[str] = set()
        self._in_parts: set[str | None] = set()
        self._paused = False

    def start(self) -> None:
        """Track this process until it ends: an audit hook cannot be taken away."""
        sys.addaudithook(self._hear)

    def add(self, reads: Mapping[str, str], writes: Iterable[str]) -> None:
        """Count what another process read and wrote for this one."""
        self.reads = {**self.reads, **{name: was for name, was in reads.items() if name not in self.writes}}
        self.writes.update(writes)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._paused:
            return
        if event == "open" and isinstance(arguments[0], str | bytes):
            self._opened(os.fsdecode(arguments[0]), *arguments[1:])
        elif event == READ_IN_PARTS:
            self._in_parts.add(self._name(arguments[0]))
        elif event == PART_USED:
            file, words, content = arguments
            self.reads.setdefault(part_name(file, words), part_digest(content))

    def _opened(self, path: str, mode: str | None, flags: int) -> None:
        name = self._name(path)
        if name is None or name in self._in_parts:
            return
        if set(mode) & set("wax+") if mode else flags & WRITES:
            self.writes.add(name)
        elif name not in self.writes and name not in self.reads:
            with self.paused():
                self.reads[name] = file_digest(self.project, self.project.path(name))

    def _name(self, path: str) -> str | None:
        """Return the name of a file, None for one that counts for nothing."""
        path = os.path.abspath(path)
        for folder in self._folders:
            if path.startswith(folder):
                is_tracked = not set(NOT_TRACKED) & set(path.removeprefix(folder).split(os.sep))
                return self.project.name(Path(path)) if is_tracked else None
        return None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """See nothing that is opened meanwhile."""
        before, self._paused = self._paused, True
        try:
            yield
        finally:
            self._paused = before


def load_ipython_extension(shell: Any) -> None:
    """Track the kernel that loads this, and leave what it saw in the file that the environment names, after each cell.

    IPython calls this (kernel argument `--ext`).
    """
    tracker = FileTracker(Project.here())
    seen = Path(os.environ[SEEN_FILE])

    def leave(_: object) -> None:
        with tracker.paused():
            content = {"reads": tracker.reads, "writes": sorted(tracker.writes)}
            seen.write_text(json.dumps(content), encoding="utf-8")

    shell.events.register("post_run_cell", leave)
    tracker.start()
