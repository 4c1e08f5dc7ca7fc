"""Which code a notebook may run, and with which code its pages are made: all that is imported, directly or not.

So an edit of a page's module makes that page again, and not the 20 others.
"""

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from panelpack.project import Project

# What every step runs through, beside what its notebook imports; and how pages are made of an executed notebook.
STEP_MODULES = ("panelpack.pipeline.execute", "panelpack.pipeline.kernel", "panelpack.pipeline.tracking")
PAGE_MODULES = ("panelpack.pipeline.page_worker",)


def code_of(project: Project, notebook: Path) -> set[str]:
    """Return the paths of all code that a notebook may run: itself, what it imports, what that imports, and so on.

    With them goes the lock, which stands for every other package.
    """
    try:
        imported = _imports("\n".join(_sources(notebook)))
    except (SyntaxError, ValueError, LookupError):  # a cell that is no Python: it may run anything
        imported = frozenset(
            ".".join(path.relative_to(project.package.parent).with_suffix("").parts)
            for path in project.package.rglob("*.py")
        )
    return {notebook.relative_to(project.root).as_posix(), *_reached(project, {*STEP_MODULES, *imported})}


def code_of_pages(project: Project) -> set[str]:
    """Return the paths of all that pages of an executed notebook are made with: code, templates, the lock."""
    templates = (path.relative_to(project.root).as_posix() for path in project.templates.iterdir())
    return {*templates, *_reached(project, set(PAGE_MODULES))}


def _reached(project: Project, waiting: set[str]) -> set[str]:
    """Return the paths of modules, of all modules that they import, directly or not, and of the lock."""
    reached = {project.lock}
    while waiting:
        for path in _files(project, waiting.pop()):
            if path not in reached:
                reached.add(path)
                waiting |= _imports(path.read_text(encoding="utf-8"))
    return {path.relative_to(project.root).as_posix() for path in reached}


def _files(project: Project, name: str) -> Iterator[Path]:
    """Yield the files that an import of a dotted name runs: those of its packages, and its own if it is a module."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        place = project.package.parent.joinpath(*parts[:length])
        yield from (path for path in (place / "__init__.py", place.with_suffix(".py")) if path.exists())


def _sources(notebook: Path) -> Iterator[str]:
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


@cache
def _imports(source: str) -> frozenset[str]:
    """Return the dotted names of the package that a source imports, wherever the import stands."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return frozenset(name for name in names if name.split(".")[0] == "panelpack")
