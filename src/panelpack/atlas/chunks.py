"""The work of an atlas in chunks: some quarters of a force, which one process makes one after the other.

What a process does once (imports, the force's rows of the table) is paid once a chunk, so chunks are large while there
is much to do; at the end they are small, so that no worker waits long for the last one. That is guided
self-scheduling (Polychronopoulos and Kuck, 1987): a chunk has the packs that are left, divided by the workers.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
class Chunk:
    """Packs that one process makes in this order, and what it needs for it.

    software: the folder of the code. store: the folder of the release. table: the rows of the force, where folders are
    to be drafted; so are baseline and measures.
    """

    software: Path
    store: Path
    packs: tuple[Pack, ...]
    table: "PublishedTable | None" = None
    baseline: str = ""
    measures: Path | None = None


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


def fingerprint_of_pack(
    code: str, table: "PublishedTable", force: str, quarter: Quarter, baseline: str, measures: Path | None
) -> str:
    """Return the hash of all that a pack is made from: inputs, parameters, code and lock."""
    listed = digest(measures) if measures else ""
    return _hash([code, table.source.name, table.checksum, force, str(quarter), baseline, listed])


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
