"""Which code a notebook may run, and with which code its pages are made: all that is imported, directly or not.

Nothing heavy is imported here, as in fingerprints.py.
"""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from panelpack.project import Project

# What every step runs through, beside what its notebook imports; and how pages are made of an executed notebook.
ALWAYS = ("steps", "execution", "engine", "warm", "lean")
PAGES = ("pages", "press")
_STATEMENT = re.compile(
    r"^[ \t]*(from panelpack(?:\.\w+)? import (?:\((?:[\w\s,]|#.*$)*\)|[\w, ]+)"
    r"|import panelpack\.\w+(?: as \w+)?)[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
_MENTIONED = re.compile(r"^.*\b(?:import|from)\b.*\bpanelpack\b", re.MULTILINE)


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
