"""Whether a step is as it was: what it was made from and what it wrote, by content, and never by a time of change.

Nothing heavy is imported, so that "nothing changed" is known before anything else is loaded.
"""

import json
import os
import platform
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from panelpack.checksums import digest, sha256
from panelpack.inputs import code_files, input_files
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.watching import OF_PART

PACK = "pack"  # the record of all that is published


@dataclass(frozen=True)
class Record:
    """What a step was made from and what it left, each by its sha256.

    `reads` and `writes` are by path below the project's folder ('' for a file that was not there); a name with OF_PART
    is a part of a file. `facts` are what is no file, by the name that messages use.
    """

    facts: Mapping[str, str]
    reads: Mapping[str, str]
    writes: Mapping[str, str]
    says: str = ""

    def write(self, path: Path) -> None:
        """Write the record; a reader sees the old one or the new one, never half of one."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        new.replace(path)


def read_record(path: Path) -> Record | None:
    """Return a record; None where there is none, or one that cannot be read."""
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@dataclass
class Contents:
    """The sha256 of the project's files by their paths; inputs and code as they were when this was made.

    Make it before the code is imported that it lists: a module that is edited afterwards, in the second that imports
    take, must not count as the one that ran. `parts` returns the sha256 of a part of a file.
    """

    project: Project
    quarter: Quarter
    parts: Callable[[str], str] = lambda name: ""
    began: dict[str, str] = field(init=False)

    def __post_init__(self):
        files = [*input_files(self.project, self.quarter), *code_files(self.project)]
        self.began = {path.relative_to(self.project.root).as_posix(): digest(path) for path in files}

    def __getitem__(self, name: str) -> str:
        if name in self.began:
            return self.began[name]
        return digest(self.project.root / name)

    def of(self, names: Iterable[str]) -> dict[str, str]:
        """Return the sha256 of each name, in order."""
        return {name: self[name] for name in sorted(names)}

    def changed_since(self) -> list[str]:
        """Return the inputs and the code that are no longer as they were when the run began."""
        return [name for name, was in self.began.items() if digest(self.project.root / name) != was]


def differences(record: Record | None, facts: Mapping[str, str], contents: Contents) -> Iterator[str]:
    """Yield every reason to run a step again; none when it is as it was. The first costs the least to know."""
    if record is None:
        yield "it has not been made here yet"
        return
    for name in sorted({*facts, *record.facts}):
        if facts.get(name) != record.facts.get(name):
            yield f"{name} changed"
    for name, was in record.reads.items():
        now = contents.parts(name) if OF_PART in name else contents[name]
        if now != was:
            yield f"{name} {'changed' if now and was else 'is new' if now else 'is gone'}"
    for name, was in record.writes.items():
        now = contents[name]
        if now != was:
            yield f"{name} is {'not as it was written' if now else 'gone'}"


def facts(project: Project, quarter: Quarter) -> dict[str, str]:
    """Return what every step depends on that is in no file: Python, its packages, and which input files there are."""
    files = [path.relative_to(project.root).as_posix() for path in input_files(project, quarter)]
    raw = sorted(os.listdir(project.raw(quarter)))
    return {
        "Python": f"{sys.version} {platform.machine()}",
        "the list of installed packages": sha256(repr(installed()).encode()),
        "the list of input files": sha256(repr([files, raw]).encode()),
    }


def installed() -> list[str]:
    """Return the installed packages, each with its version."""
    names = os.listdir(sysconfig.get_paths()["purelib"])
    return sorted(name for name in names if name.endswith(".dist-info"))


def folder(project: Project, quarter: Quarter) -> Path:
    """Return where the steps' notebooks and records lie."""
    return project.processed(quarter) / "steps"


def said(contents: Contents) -> str:
    """Return what the last run said, if making the pack again would change nothing; '' otherwise.

    Every file that the pack was made from, and every file that it consists of, is read to know it.
    """
    project, quarter = contents.project, contents.quarter
    record = read_record(folder(project, quarter) / f"{PACK}.json")
    changed = differences(record, facts(project, quarter), contents)
    return record.says if record and not any(changed) else ""
