"""What steps were made from and what they wrote, by content and never by a time of change.

Nothing heavy is imported, so that "nothing changed" is known before anything else is loaded.
"""

import json
import os
import platform
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from panelpack.pack_files import (
    LAST_PACK,
    code_files,
    input_files,
    last_judged,
    last_manifest,
    notebook_files,
    salt_files,
)
from panelpack.periods import Quarter
from panelpack.pipeline.notebook_content import file_digest
from panelpack.project import Project, digest, sha256

PACK = "pack"  # the record of all that is published
AS_IT_WAS = "as it was"
OF_PART = ": "  # between a file's name and the part of it that was used


@dataclass(frozen=True)
class StepRecord:
    """What a step was made from and what it left, each by its sha256, a notebook by that of what it says.

    `reads` and `writes` are by name (project.py; '' for a file that was not there); a name with OF_PART
    is a part of a file. `code` is what the step may run. `facts` are what is no file, by the name that messages use.
    `says` is what the run told the user, in the record of the pack.
    """

    facts: Mapping[str, str]
    code: Mapping[str, str]
    reads: Mapping[str, str]
    writes: Mapping[str, str]
    says: str = ""

    def write(self, path: Path) -> None:
        """Write the record; a reader sees the old one or the new one, never half of one."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        new.replace(path)


def read_record(path: Path) -> StepRecord | None:
    """Return a record; None where there is none, or one that cannot be read."""
    try:
        return StepRecord(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@dataclass
class FileHashes:
    """The sha256 of the project's files by their names; inputs and code as they were when this was made.

    A notebook's is that of what it says: to run and save it changes nothing.

    Make it before the code is imported that it lists: a module that is edited afterwards, in the second that imports
    take, must not count as the one that ran. `part` returns the sha256 of a part of a file, by its name.
    """

    project: Project
    quarter: Quarter
    part: Callable[[str], str] = lambda name: ""
    began: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        files = [*input_files(self.project, self.quarter), *code_files(self.project), *notebook_files(self.project)]
        files += [self.project.reviews] if self.project.reviews.is_file() else []  # no input, but the index shows it
        self.began = {self.project.name(path): file_digest(self.project, path) for path in files}

    def __getitem__(self, name: str) -> str:
        if name == self.last_pack:
            return part_digest(last_judged(self.project, self.quarter))
        if OF_PART in name:
            return self.part(name)
        return self.began[name] if name in self.began else file_digest(self.project, self.project.path(name))

    @cached_property
    def last_pack(self) -> str:
        """The name of the part of the last pack's manifest that a pack may use."""
        return part_name(self.project.name(last_manifest(self.project, self.quarter)), LAST_PACK)

    def of(self, names: Iterable[str]) -> dict[str, str]:
        """Return the sha256 of each name, in order."""
        return {name: self[name] for name in sorted(names)}

    def of_code(self) -> dict[str, str]:
        """Return the sha256 of all code, as it now is."""
        return {self.project.name(path): file_digest(self.project, path) for path in code_files(self.project)}

    def changed_since(self) -> list[str]:
        """Return the inputs and the code that are no longer as they were when the run began."""
        project = self.project
        return [name for name, was in self.began.items() if file_digest(project, project.path(name)) != was]


def part_name(file: str, words: Iterable[str]) -> str:
    """Return how a part is listed among what was read: the file and the words that name the part."""
    return f"{file}{OF_PART}{' '.join(words)}"


def part_digest(content: object) -> str:
    """Return the sha256 of a part's content, which counts by its repr; '' for one that is not there."""
    return "" if content is None else sha256(repr(content).encode())


def differences(record: StepRecord | None, facts: Mapping[str, str], hashes: FileHashes) -> Iterator[str]:
    """Yield every reason to make a step again; nothing where nothing changed. The first costs the least to know."""
    if record is None:
        yield "it has not been made here yet"
        return
    for name in sorted({*facts, *record.facts}):
        if facts.get(name) != record.facts.get(name):
            yield f"{name} changed"
    for name, was in {**record.code, **record.reads}.items():
        now = hashes[name]
        if now != was:
            yield f"{name} {'changed' if now and was else 'is new' if now else 'is gone'}"
    for name, was in record.writes.items():
        now = hashes[name]
        if now != was:
            yield f"{name} is {'not as it was written' if now else 'gone'}"


def facts_of(project: Project, quarter: Quarter) -> dict[str, str]:
    """Return what every step depends on that is no input: Python, its packages, which input files there are, and salts.

    The salts are none, since nothing of them may be published; but what is published of guarded files rests on them.
    """
    files = [project.name(path) for path in input_files(project, quarter)]
    raw = sorted(os.listdir(project.raw(quarter)))
    return {
        "Python": f"{sys.version} {platform.machine()}",
        "the list of installed packages": sha256(repr(installed()).encode()),
        "the list of input files": sha256(repr([files, raw]).encode()),
        "the salts": sha256(repr([digest(path) for path in salt_files(project, quarter)]).encode()),
    }


def installed() -> list[str]:
    """Return the installed packages, each with its version."""
    names = os.listdir(sysconfig.get_paths()["purelib"])
    return sorted(name for name in names if name.endswith(".dist-info"))


def steps_folder(project: Project, quarter: Quarter) -> Path:
    """Return where the steps' notebooks and records lie."""
    return project.processed(quarter) / "steps"


def steps_of_pack(hashes: FileHashes) -> list[str]:
    """Return the names of the steps that the last pack was made of, sorted; none where it was not made here."""
    record = read_record(steps_folder(hashes.project, hashes.quarter) / f"{PACK}.json")
    return sorted(Path(name).stem for name in record.writes if name.endswith(".ipynb")) if record else []


def last_words(hashes: FileHashes) -> str:
    """Return what the last run told the user, if making the pack again would change nothing; '' otherwise.

    Every file that the pack was made from, and every file that it consists of, is read to know it.
    """
    project, quarter = hashes.project, hashes.quarter
    record = read_record(steps_folder(project, quarter) / f"{PACK}.json")
    changed = differences(record, facts_of(project, quarter), hashes)
    return record.says if record and not any(changed) else ""
