"""Which code a notebook may run, and with which code its pages are made: all that is imported, directly or not.

So an edit of a page's module makes that page again, and not the 20 others.
"""

import re
from functools import cache
from pathlib import Path

from panelpack.pipeline.notebook_content import code_in
from panelpack.project import Project

# What every step runs through, beside what its notebook imports; and how pages are made of an executed notebook.
STEP_MODULES = ("panelpack.pipeline.execute", "panelpack.pipeline.kernel", "panelpack.pipeline.tracking")
PAGE_MODULES = ("panelpack.pipeline.page_worker",)
_DOTTED = re.compile(r"\bpanelpack(?:\.\w+)*")
_FROM = re.compile(r"\bfrom\s+(panelpack[\w.]*)\s+import\s+(?:\(((?:#[^\n]*|[^)#])*)\)|([^\n#;]*))")
_MAGIC = re.compile(r"^\s*[%!]", re.MULTILINE)


def code_of(project: Project, notebook: Path) -> set[str]:
    """Return the names of all code that a notebook may run: itself, what it imports, what that imports, and so on.

    With them go the lock, which stands for every other package, and the shapes that stand in what a notebook shows. A
    notebook with a line that is no Python may run anything.
    """
    source = "\n".join(code_in(notebook))
    imported = _every_module(project) if _MAGIC.search(source) else _mentioned(source)
    shapes = {project.name(path) for path in project.templates.rglob("*.svg")}
    return {project.name(notebook), *shapes, *_reached(project, {*STEP_MODULES, *imported})}


def code_of_pages(project: Project) -> set[str]:
    """Return the names of all that pages of an executed notebook are made with: code, templates, the lock."""
    templates = (project.name(path) for path in project.templates.rglob("*") if path.is_file())
    return {*templates, *_reached(project, set(PAGE_MODULES))}


def _every_module(project: Project) -> frozenset[str]:
    paths = (path.relative_to(project.package.parent) for path in project.package.rglob("*.py"))
    return frozenset(".".join(path.with_suffix("").parts) for path in paths)


def _reached(project: Project, waiting: set[str]) -> set[str]:
    """Return the names of modules, of all modules that they import, directly or not, and of the lock."""
    source, reached = project.package.parent, {project.lock}
    while waiting:
        for path in _files(source, waiting.pop()):
            if path not in reached:
                reached.add(path)
                waiting |= _mentioned(path.read_text(encoding="utf-8"))
    return {project.name(path) for path in reached}


@cache
def _files(source: Path, name: str) -> list[Path]:
    """Return the files that an import of a dotted name runs: those of its packages, and its own if it is a module."""
    package, _, _ = name.rpartition(".")
    place = source.joinpath(*name.split("."))
    own = [path for path in (place / "__init__.py", place.with_suffix(".py")) if path.exists()]
    return [*(_files(source, package) if package else []), *own]


@cache
def _mentioned(source: str) -> frozenset[str]:
    """Return every dotted name of the package that a source mentions, wherever it stands: rather too many than too few.

    To parse all modules would take as long as a notebook.
    """
    joined = source.replace("\\\n", " ")
    names = {match[0] for match in _DOTTED.finditer(joined)}
    for module, listed, rest in _FROM.findall(joined):
        names |= {f"{module}.{name}" for name in re.findall(r"\w+", listed or rest)}
    return frozenset(names)
