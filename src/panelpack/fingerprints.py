"""Whether a step is as it was: what it was made from and what it wrote, by content, and never by a time of change.

Nothing heavy is imported, so that "nothing changed" is known before anything else is loaded.
"""

import ast
import json
import os
import platform
import re
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from panelpack.checksums import digest, sha256
from panelpack.inputs import code_files, input_files
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.watching import OF_PART

# What every step runs through, beside what its notebook imports; and how pages are made of an executed notebook.
ALWAYS = ("steps", "execution", "engine", "warm", "lean")
PAGES = ("pages", "press")
PACK = "pack"  # the record of all that is published
_STATEMENT = re.compile(
    r"^[ \t]*(from panelpack(?:\.\w+)? import (?:\((?:[\w\s,]|#.*$)*\)|[\w, ]+)"
    r"|import panelpack\.\w+(?: as \w+)?)[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
_MENTIONED = re.compile(r"^.*\b(?:import|from)\b.*\bpanelpack\b", re.MULTILINE)


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
    names = sorted(os.listdir(sysconfig.get_paths()["purelib"]))
    installed = [name for name in names if name.endswith(".dist-info")]
    files = [path.relative_to(project.root).as_posix() for path in input_files(project, quarter)]
    raw = sorted(os.listdir(project.raw(quarter)))
    return {
        "Python": f"{sys.version} {platform.machine()}",
        "the list of installed packages": sha256(repr(installed).encode()),
        "the list of input files": sha256(repr([files, raw]).encode()),
    }


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


def code_of(project: Project, notebook: Path) -> set[str]:
    """Return the paths of all code that a notebook may run: itself, what it imports, what that imports, and so on.

    With them goes the lock, which stands for every other package.
    """
    try:
        imported = _imports("\n".join(_sources(notebook)))
    except (SyntaxError, ValueError, LookupError):  # a cell that is no Python: it may run anything
        imported = {path.stem for path in project.package.glob("*.py")}
    return {notebook.relative_to(project.root).as_posix(), *_reached(project, {*ALWAYS, *imported})}


def code_of_pages(project: Project) -> set[str]:
    """Return the paths of all that pages of an executed notebook are made with: code, templates, the lock."""
    templates = (path.relative_to(project.root).as_posix() for path in (project.package / "templates").iterdir())
    return {*templates, *_reached(project, set(PAGES))}


def _reached(project: Project, waiting: set[str]) -> set[str]:
    """Return the paths of modules, of all modules that they import, directly or not, and of the lock."""
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        path = project.package / f"{name}.py"
        if name not in found and path.exists():
            found.add(name)
            if name != "warm":  # it starts every run and imports all: what it sets counts, not what it imports
                waiting |= _imports(_statements(path.read_text(encoding="utf-8")))
    files = [project.lock, project.package / "__init__.py", *(project.package / f"{n}.py" for n in found)]
    return {path.relative_to(project.root).as_posix() for path in files}


def _sources(notebook: Path) -> Iterator[str]:
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


@cache
def _imports(source: str) -> frozenset[str]:
    """Return the modules of the package that a source imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "panelpack":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("panelpack."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("panelpack.")}
    return frozenset(found)


def _statements(source: str) -> str:
    """Return a module's imports of the package, which are parsed in no time; all of it where that might miss one."""
    statements = [found[1] for found in _STATEMENT.finditer(source)]
    return "\n".join(statements) if len(statements) == len(_MENTIONED.findall(source)) else source
