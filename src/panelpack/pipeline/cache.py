"""What earlier runs of a quarter left: the notebooks, pages and tables of each step, used again while nothing changed.

A step is made again when anything that it was made from differs: the files that it opened, the code that it may run,
its parameters, Python and its packages. Which files it opened is not declared but tracked, so none can be forgotten;
the tables of the steps before it are among them, so that a change goes on as far as it changes a table.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from panelpack.config.configuration import Configuration
from panelpack.pipeline import code_used, records
from panelpack.pipeline.records import OF_PART, PACK, FileHashes, StepRecord, part_digest, read_record
from panelpack.pipeline.steps import Step
from panelpack.pipeline.tracking import FileTracker
from panelpack.project import sha256
from panelpack.rendering.paper import Paper

FAILED = ("ipynb", "html")  # what is left of a notebook that failed: executed as far as it went, and as a page
KINDS = (*FAILED, "pdf")  # what is left of a notebook for reviewers
PAGE_KINDS = ("html", "pdf", "pack.html", "pack.typ")  # what is made of an executed notebook


class StepCache:
    """The records of a quarter's steps, what they are compared with, and how a step is made and recorded."""

    def __init__(self, office: Configuration, hashes: FileHashes, about: Paper):
        """Compare with `hashes`. Raises CommentaryError for a mistake in the commentary, before anything runs."""
        self.project, self.quarter, self.hashes = office.project, office.quarter, hashes
        self.folder = records.steps_folder(office.project, office.quarter)
        self._facts = records.facts_of(office.project, office.quarter)
        self._about = sha256(repr(about).encode())
        self._commentary = office.commentary
        self._code: dict[str, dict[str, str]] = {}
        hashes.part = self._part

    def _part(self, name: str) -> str:
        """Return the sha256 of a part of the commentary."""
        source, _, part = name.partition(OF_PART)
        return part_digest(self._commentary.part(*part.split())) if source == self._commentary.source else ""

    def _file(self, name: str, *, pages: bool = False) -> Path:
        return self.folder / f"{name}{'.pages' if pages else ''}.json"

    def record(self, step: Step, *, pages: bool = False) -> StepRecord | None:
        """Return the record of a step, or of its pages; None where there is none."""
        return read_record(self._file(step.name, pages=pages))

    def _facts_of(self, step: Step, *, pages: bool) -> dict[str, str]:
        parameters = json.dumps(step.parameters, sort_keys=True)
        about = {"what every page says of the paper": self._about, "the title": step.title} if pages else {}
        return self._facts | {"the parameters": parameters} | about

    def differences(self, step: Step, *, pages: bool = False) -> Iterator[str]:
        """Yield why a step must be made again, or its pages; nothing where nothing changed."""
        yield from records.differences(self.record(step, pages=pages), self._facts_of(step, pages=pages), self.hashes)

    def is_current(self, step: Step, *, pages: bool = False) -> bool:
        """Whether a step need not be made again, or its pages."""
        return not any(self.differences(step, pages=pages))

    def make(self, step: Step, execute: Callable[[Step, FileTracker], None]) -> None:
        """Execute a step in this process, which is its own, and record what it was made from and what it wrote."""
        before = self.record(step)
        self._file(step.name).unlink(missing_ok=True)
        for kind in (*KINDS, "stderr"):
            (self.folder / f"{step.name}.{kind}").unlink(missing_ok=True)
        code = self.code_of(step)
        tracker = FileTracker(self.project)
        execute(step, tracker)
        with tracker.paused():
            written = {name: self.hashes[name] for name in sorted(tracker.writes)}
            kept = {name: checksum for name, checksum in written.items() if checksum}
            gone = set(before.writes if before else ()) - set(kept)  # tables that are no longer written by this step
            for name in gone - (self._written_by_others(step) if gone else set()):
                self.project.path(name).unlink(missing_ok=True)
            reads = dict(sorted(tracker.reads.items()))
            StepRecord(self._facts_of(step, pages=False), code, reads, kept).write(self._file(step.name))

    def _written_by_others(self, step: Step) -> set[str]:
        """Return what other steps have written: a table may have moved from this one to one of them."""
        others = (path for path in self.folder.glob("*.json") if path not in (self._file(step.name), self._file(PACK)))
        return {name for path in others for name in _writes(path)}

    def code_of(self, step: Step) -> dict[str, str]:
        """Return the sha256 of all code that a step may run; asked before a fork, its child need not look again."""
        name = step.notebook.name
        if name not in self._code:
            record = self.record(step)
            # Which code is imported can only have changed where some of that code has.
            if record and all(self.hashes[path] == was for path, was in record.code.items()):
                self._code[name] = dict(record.code)
            else:
                self._code[name] = self.hashes.of(code_used.code_of(self.project, step.notebook))
        return self._code[name]

    def prune(self, steps: Iterable[Step]) -> None:
        """Remove whatever no step of the plan has left: an earlier plan's tables are no part of this run."""
        records = [self._file(step.name, pages=pages) for step in steps for pages in (False, True)]
        left = {self._file(PACK), *records}
        left |= {self.project.path(name) for path in records for name in _writes(path)}
        for path in sorted(self.project.processed(self.quarter).rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path not in left:
                path.unlink()
        self.folder.mkdir(parents=True, exist_ok=True)

    def copy(self, steps: Sequence[Step], to: Path, kinds: Sequence[str] = KINDS) -> None:
        """Copy what is left of steps' notebooks into a folder, as far as it is there."""
        to.mkdir(parents=True)
        for step in steps:
            for kind in kinds:
                path = self.folder / f"{step.name}.{kind}"
                if path.exists():
                    shutil.copyfile(path, to / path.name)

    def executed(self, step: Step) -> Path:
        """Return where the executed notebook of a step lies."""
        return self.folder / f"{step.name}.ipynb"

    def record_pages(self, step: Step) -> None:
        """Record from what a step's pages were made."""
        if PAGE_KINDS[0] not in self._code:
            self._code[PAGE_KINDS[0]] = self.hashes.of(code_used.code_of_pages(self.project))
        reads = self.hashes.of([self._name(self.executed(step))])
        written = self.hashes.of(self._name(self.folder / f"{step.name}.{kind}") for kind in PAGE_KINDS)
        record = StepRecord(self._facts_of(step, pages=True), self._code[PAGE_KINDS[0]], reads, written)
        record.write(self._file(step.name, pages=True))

    def record_pack(self, steps: Sequence[Step], says: str) -> None:
        """Record from what, and as what, the pack now in outputs/ was published."""
        every = [record for step in steps for pages in (False, True) if (record := self.record(step, pages=pages))]
        reads = {name for record in every for name in (*record.reads, *record.writes)}
        reads = {name for name in reads if OF_PART not in name or name == self.hashes.last_pack}
        reads |= {*self.hashes.began, self._name(self.project.approvals), self._name(self.project.reviews)}
        published = (path for path in self.project.outputs(self.quarter).rglob("*") if path.is_file())
        written = self.hashes.of(map(self._name, published))
        StepRecord(self._facts, {}, self.hashes.of(reads), written, says).write(self._file(PACK))

    def pack_differences(self) -> list[str]:
        """Return why the pack must be published again, the steps apart; nothing where nothing changed."""
        return list(records.differences(read_record(self._file(PACK)), self._facts, self.hashes))

    def _name(self, path: Path) -> str:
        return self.project.name(path)


def _writes(path: Path) -> Mapping[str, str]:
    """Return what a record says was written; nothing where there is none."""
    record = read_record(path)
    return record.writes if record else {}
