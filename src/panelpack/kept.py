"""What earlier runs of a quarter left: the notebooks, pages and tables of each step, used again while all is as it was.

A step is made again when anything that it was made from differs: the files that it opened, the code that it may run,
its parameters, Python and its packages. Which files it opened is not declared but seen (watching.py), so none can be
forgotten; the tables of the steps before it are among them, so that a change goes on as far as it changes a table.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from panelpack import commentary, dependencies, fingerprints
from panelpack.checksums import sha256
from panelpack.fingerprints import PACK, Contents, Record
from panelpack.paper import Paper
from panelpack.plan import Plan
from panelpack.runner import Step
from panelpack.watching import OF_PART, Watch, part_digest

FAILED = ("ipynb", "html")  # what is left of a notebook that failed: executed as far as it went, and as a page
KINDS = (*FAILED, "pdf")  # what is left of a notebook for reviewers
PAGES = ("html", "pdf", "pack.html", "pack.typ")  # what is made of an executed notebook


class Kept:
    """The records of a quarter's steps, what they are compared with, and how a step is made and recorded."""

    def __init__(self, contents: Contents, plan: Plan, about: Paper):
        """Compare with `contents`. Raises CommentaryError for a mistake in the commentary, before anything runs."""
        project, quarter = contents.project, contents.quarter
        self.project, self.quarter = project, quarter
        self.folder = fingerprints.folder(project, quarter)
        self.contents = contents
        contents.parts = self._part
        self._facts = fingerprints.facts(project, quarter)
        self._pages: dict[str, str] | None = None
        self._code: dict[Path, dict[str, str]] = {}
        self._about = sha256(repr(about).encode())
        self._commentary = commentary.read(project.commentary(quarter), plan)

    def _part(self, name: str) -> str:
        """Return the sha256 of a part of the commentary."""
        source, _, part = name.partition(OF_PART)
        return part_digest(self._commentary.part(*part.split())) if source == self._commentary.source else ""

    def _record(self, name: str, *, pages: bool = False) -> Path:
        return self.folder / f"{name}{'.pages' if pages else ''}.json"

    def _facts_of(self, step: Step, *, pages: bool) -> dict[str, str]:
        parameters = json.dumps(step.parameters, sort_keys=True)
        about = {"what every page says of the paper": self._about} if pages else {}
        return self._facts | {"the parameters": parameters} | about

    def differences(self, step: Step, *, pages: bool = False) -> Iterator[str]:
        """Yield why a step must be made again, or its pages; nothing where all is as it was."""
        record = fingerprints.read_record(self._record(step.name, pages=pages))
        yield from fingerprints.differences(record, self._facts_of(step, pages=pages), self.contents)

    def as_it_was(self, step: Step, *, pages: bool = False) -> bool:
        """Whether a step need not be made again, or its pages."""
        return not any(self.differences(step, pages=pages))

    def worth_trying(self, step: Step) -> bool:
        """Whether a step must be made again whatever comes of those before it, and would be done if that is nothing."""
        record = fingerprints.read_record(self._record(step.name))
        if record is None:
            return False
        tables = self._below(self.project.processed(self.quarter))
        same = all(self.contents[name] == was for name, was in record.reads.items() if name.startswith(tables))
        return same and not self.as_it_was(step)

    def make(self, step: Step, execute: Callable[[Step], None], recorded: bool) -> None:
        """Execute a step in this process, which is its own, and record what it was made from and what it wrote.

        Not to be `recorded` is a step that runs in a kernel's process, which cannot be watched from here.
        """
        before = self._record(step.name)
        left = _writes(before)
        before.unlink(missing_ok=True)  # a step that fails has no record,
        for kind in KINDS:  # and no notebook or page of an earlier run that could be taken for this one's
            (self.folder / f"{step.name}.{kind}").unlink(missing_ok=True)
        if not recorded:
            execute(step)
            return
        code = self.code_of(step.notebook)
        watch = Watch(self.project.root)
        watch.start()
        execute(step)
        with watch.looking_away():
            written = {name: self.contents[name] for name in sorted(watch.writes)}
            there = {name: found for name, found in written.items() if found}
            for name in set(left) - set(there):  # a table that is written no more
                (self.project.root / name).unlink(missing_ok=True)
            read = dict(sorted((watch.reads | code).items()))
            Record(self._facts_of(step, pages=False), read, there).write(self._record(step.name))

    def code_of(self, notebook: Path) -> dict[str, str]:
        """Return the sha256 of all code that a notebook may run; asked before a fork, the child need not look again."""
        if notebook not in self._code:
            self._code[notebook] = self.contents.of(dependencies.code_of(self.project, notebook))
        return self._code[notebook]

    def prune(self, steps: Iterable[Step]) -> None:
        """Remove whatever no step of the plan has left: an earlier plan's tables are no part of this run."""
        ours = [self._record(step.name, pages=pages) for step in steps for pages in (False, True)]
        left = {self._record(PACK), *ours}
        left |= {self.project.root / name for path in ours for name in _writes(path)}
        processed = self.project.processed(self.quarter)
        for path in sorted(processed.rglob("*"), reverse=True):
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
        if self._pages is None:
            self._pages = self.contents.of(dependencies.code_of_pages(self.project))
        read = self._pages | self.contents.of([self._below(self.executed(step))])
        written = (self.folder / f"{step.name}.{kind}" for kind in PAGES)
        record = Record(self._facts_of(step, pages=True), read, self.contents.of(map(self._below, written)))
        record.write(self._record(step.name, pages=True))

    def record_pack(self, steps: Sequence[Step], says: str) -> None:
        """Record from what, and as what, the pack now in outputs/ was published, where its steps are recorded."""
        paths = [self._record(step.name, pages=pages) for step in steps for pages in (False, True)]
        records = [fingerprints.read_record(path) for path in paths]
        if None in records:
            return
        read = {name for record in records for name in record.reads if OF_PART not in name}
        written = {name for record in records for name in record.writes}
        read |= {*self.contents.began, *written, self._below(self.project.approvals)}
        published = (path for path in self.project.outputs(self.quarter).rglob("*") if path.is_file())
        written = self.contents.of(map(self._below, published))
        Record(self._facts, self.contents.of(read), written, says).write(self._record(PACK))

    def untouched(self, published: Path) -> bool:
        """Whether a file of the last pack is as it was published; so is one of which nothing is known."""
        record = fingerprints.read_record(self._record(PACK))
        name = self._below(published)
        return record is None or record.writes.get(name) == self.contents[name]

    def pack_differences(self) -> list[str]:
        """Return why the pack must be published again, the steps apart; nothing where all is as it was."""
        record = fingerprints.read_record(self._record(PACK))
        return list(fingerprints.differences(record, self._facts, self.contents))

    def _below(self, path: Path) -> str:
        return path.relative_to(self.project.root).as_posix()


def _writes(path: Path) -> Mapping[str, str]:
    """Return what a record says was written; nothing where there is none."""
    record = fingerprints.read_record(path)
    return record.writes if record else {}
