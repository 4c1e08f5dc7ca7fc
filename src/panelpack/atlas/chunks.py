"""The work of an atlas in chunks: some quarters of a force, which one process makes one after the other.

What a process does once (imports, the force's rows of the table) is paid once a chunk, so chunks are large while there
is much to do; at the end they are small, so that no worker waits long for the last one. That is guided
self-scheduling, as Polychronopoulos and Kuck described it: a chunk has the packs that are left, divided by the workers.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from panelpack.pack_files import code_files, layout_files, notebook_files
from panelpack.periods import Quarter
from panelpack.pipeline.notebook_content import file_digest
from panelpack.project import SOFTWARE, Project, digest

if TYPE_CHECKING:  # pandas, which the process that makes a chunk loads when its page worker has started
    from panelpack.intake.published_table import PublishedTable


@dataclass(frozen=True)
class Pack:
    """A pack to be made. fingerprint: of all that it is made from. copy_of: an office's folder that it is made from;
    without one, a folder is drafted.
    """

    force: str
    quarter: Quarter
    fingerprint: str
    copy_of: Path | None = None


@dataclass(frozen=True)
class Basis:
    """What offices' folders are drafted from: the table, what its release is called, the year compared with, the list
    of measures (None for the shipped one).
    """

    table: "PublishedTable"
    release: str
    baseline: str
    measures: Path | None = None

    def of_force(self, force: str) -> "Basis":
        """Return what the folders of one force are drafted from."""
        rows = self.table.rows[self.table.rows[self.table.columns.force] == force]
        return replace(self, table=replace(self.table, rows=rows))

    def fingerprint(self, code: str, force: str, quarter: Quarter) -> str:
        """Return the hash of all that a pack is made from: inputs, parameters, and by `code` the code and the lock."""
        listed = digest(self.measures) if self.measures else ""
        named = self.table.source.name, self.table.checksum, self.release
        return _hash([code, *named, force, str(quarter), self.baseline, listed])


@dataclass(frozen=True)
class Chunk:
    """Packs that one process makes in this order.

    software: the folder of the code. store: the folder of the release. basis: of the force, where folders are to be
    drafted.
    """

    software: Path
    store: Path
    packs: tuple[Pack, ...]
    basis: Basis | None = None


def divide(groups: Sequence[Sequence[Pack]], workers: int) -> Iterator[tuple[Pack, ...]]:
    """Yield the packs of each group in pieces, the largest first, as so many workers should make them."""
    left = sum(map(len, groups))
    for group in sorted(groups, key=len, reverse=True):
        place = 0
        while place < len(group):
            size = -(-left // workers)
            piece = tuple(group[place : place + size])
            yield piece
            place, left = place + len(piece), left - len(piece)


def fingerprint_of_code(software: Project) -> str:
    """Return the hash of all that packs of any force are made from: code, notebooks, the lock, what is shipped."""
    shipped = (path for name in SOFTWARE if name.startswith("data/") for path in (software.root / name).rglob("*"))
    layouts = layout_files((software.layouts[-1],))
    paths = [*code_files(software), *notebook_files(software), *layouts, *(path for path in shipped if path.is_file())]
    return _hash({software.name(path): file_digest(software, path) for path in paths})


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
