"""What a process reads and writes of the project: Python tells of every file that it opens (PEP 578)."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from panelpack.checksums import digest, sha256

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
OF_PART = ": "  # between a file and its part
# Below the project's folder, but no part of what a pack is made from: the environment, and what Python compiles.
NOT_WATCHED = (".venv", ".git", "__pycache__")


class Watch:
    """The files below a folder that this process opens, by their paths from there.

    `reads` holds the sha256 of each as it was first opened ('' for a file that was not there), so that a file that
    changes while it is read counts as changed; `writes` the files opened for writing. What is written first and read
    afterwards is no input.
    """

    def __init__(self, root: Path):
        """Stand ready to watch a folder; nothing is seen before `start`."""
        self.root = os.path.abspath(root)
        self.reads: dict[str, str] = {}
        self.writes: set[str] = set()
        self._blind = False

    def start(self) -> None:
        """Watch this process until it ends: an audit hook cannot be taken away."""
        global _watch
        _watch = self
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple) -> None:
        if event != "open" or self._blind or not isinstance(arguments[0], str | bytes):
            return
        name = os.path.relpath(os.path.abspath(os.fsdecode(arguments[0])), self.root)
        if name.startswith(os.pardir) or any(part in NOT_WATCHED for part in name.split(os.sep)):
            return
        _, mode, flags = arguments
        if set(mode) & set("wax+") if mode else flags & WRITES:
            self.writes.add(name)
        elif name not in self.writes and name not in self.reads:
            with self.looking_away():
                self.reads[name] = digest(Path(self.root, name))

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """See nothing that is opened meanwhile."""
        before, self._blind = self._blind, True
        try:
            yield
        finally:
            self._blind = before


_watch: Watch | None = None


@contextmanager
def in_parts() -> Iterator[None]:
    """Read a file of which the reader will say by `note_part` what is used of it."""
    if _watch is None:
        yield
        return
    with _watch.looking_away():
        yield


def note_part(name: str, part: Sequence[str], content: object) -> None:
    """Say that a part of a file was used; its content counts by its repr."""
    if _watch is not None:
        _watch.reads.setdefault(part_name(name, part), part_digest(content))


def part_name(name: str, part: Sequence[str]) -> str:
    """Return how a part is listed among what was read: the file and the words that name the part."""
    return f"{name}{OF_PART}{' '.join(part)}"


def part_digest(content: object) -> str:
    """Return the sha256 of a part's content."""
    return sha256(repr(content).encode())
