"""Which files a quarter's pack is made from: its inputs and the salts of guarded ones, the code, the notebooks."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from panelpack.errors import ConfigurationError
from panelpack.periods import Quarter
from panelpack.project import NOTEBOOK, SALT, Project

OF_A_PROGRAM = (".", "~$", "Thumbs.db", "desktop.ini")  # how names of files begin that no person put there


def plan_before(project: Project, quarter: Quarter) -> Path | None:
    """Return the plan that counted for the quarter before, if its files are there and a plan counted then."""
    before = quarter.shift(-1)
    try:
        return project.plan(before) if project.raw(before).is_dir() else None
    except ConfigurationError:
        return None


def _text(path: Path) -> str:
    """Return a plan as text, '' where there is none: to parse it would take longer than all else that is looked at."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def layout_files(folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the presets of folders in the order of their names; of one name, that of the folder which comes first."""
    named: dict[str, Path] = {}
    for folder in folders:
        named = {path.name: path for path in folder.glob("*.yml")} | named
    yield from (named[name] for name in sorted(named))


def input_files(project: Project, quarter: Quarter) -> list[Path]:
    """Return the files that a quarter's pack is made from, its code apart."""
    drops = [project.raw(drop) for drop in (quarter, quarter.shift(-1)) if project.raw(drop).is_dir()]
    plan, before = project.plan(quarter), plan_before(project, quarter)
    texts = {path: _text(path) for path in (plan, before) if path}
    files = [
        *(path for drop in drops for path in drop.glob("*") if not is_hidden(path.name)),
        *(*texts, project.params(quarter), project.commentary(quarter), project.corrections),
        # Of a table or a preset that another plan names, nothing is asked.
        *(path for path in layout_files(project.layouts) if any(path.stem in text for text in texts.values())),
        *(path for path in project.expectations.glob("*.json") if path.stem in texts[plan]),
        *project.earlier_commentaries(quarter),  # what was carried over from one is an open point
        *project.earlier_parameters(quarter)[:1],  # and so is what became of a next step that the last one names
        *(project.published(quarter), project.later(quarter)),
        *project.editions(quarter).glob("*.json"),  # what an edition is compared with that replaces another
        *(project.false_alarms, project.false_verdicts, project.ordinary_movement),
        *(path for kind in ("csv", "yml") for path in project.projection.glob(f"*.{kind}")),
    ]
    return project.in_order(path for path in files if path.is_file())


def is_hidden(name: str) -> bool:
    """Whether no supplier sent a file: a salt of ours, or what a program left there, as the lock of a workbook."""
    return name.startswith(OF_A_PROGRAM) or name.endswith(SALT)


def salt_files(project: Project, quarter: Quarter) -> list[Path]:
    """Return the salts that lie beside a quarter's raw files and those of the quarter before."""
    drops = [project.raw(drop) for drop in (quarter, quarter.shift(-1))]
    return project.in_order(path for drop in drops for path in drop.glob(f"*{SALT}") if path.is_file())


def code_files(project: Project) -> list[Path]:
    """Return the package and the lock; the notebooks count by what they say (notebook_files)."""
    files = [*project.package.rglob("*.py"), *project.templates.glob("*"), project.lock]
    return project.in_order(path for path in files if path.is_file())


def notebook_files(project: Project) -> list[Path]:
    """Return the notebooks."""
    return project.in_order(path for path in project.notebooks.glob(f"*{NOTEBOOK}") if path.is_file())
