"""Which files a quarter's pack is made from: its inputs and the salts of guarded ones, the code, the notebooks.

One input is a part of a file: of the pack of the quarter before what its verdicts were. The rest of that pack may be
made again without any consequence for this one.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from panelpack.errors import ConfigurationError, SourceError, shown
from panelpack.periods import Quarter
from panelpack.project import NOTEBOOK, SALT, Project

LAST_PACK = ("figures",)  # the words that name the part of the last pack's manifest that is used
JUDGED = (
    *("how_sure", "how_sure_basis", "mark", "measure", "part_of", "reason", "scored", "verdict", "word"),
    *("baseline", "baseline_period", "latest", "latest_period"),
)
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
        *(*texts, project.params(quarter), project.commentary(quarter), project.corrections, project.groups),
        # Of a table or a preset that another plan names, nothing is asked.
        *(path for path in layout_files(project.layouts) if any(path.stem in text for text in texts.values())),
        *(path for path in project.expectations.glob("*.json") if path.stem in texts[plan]),
        *project.earlier_commentaries(quarter),  # what was carried over from one is an open point
        *project.earlier_parameters(quarter)[:1],  # and so is what became of a next step that the last one names
        *(project.published(quarter), project.later(quarter)),
        *project.editions(quarter).glob("*.json"),  # what an edition is compared with that replaces another
        *(project.false_alarms, project.false_verdicts, project.ordinary_movement),
        *(path for kind in ("csv", "yml") for path in project.projection.glob(f"*.{kind}")),
        *(path for kind in ("csv", "yml") for path in project.comparators.glob(f"*.{kind}")),
    ]
    return project.in_order(path for path in files if path.is_file())


def last_manifest(project: Project, quarter: Quarter) -> Path:
    """Return where the manifest of the quarter before lies: of its pack for publication, whatever edition this is."""
    return replace(project, shows_embargoed=False).outputs(quarter.shift(-1)) / "manifest.json"


def last_judged(project: Project, quarter: Quarter) -> dict[str, dict[str, str]] | None:
    """Return how the pack of the quarter before judged each of its figures, by id; None where there is no such pack.

    Raises SourceError for a manifest that cannot be read.
    """
    path = last_manifest(project, quarter)
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
        return {
            name: {key: str(said[key]) for key in JUDGED if said.get(key)} for name, said in sorted(figures.items())
        }
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(
            f"{shown(path)}: found no list of figures in it ({type(error).__name__}), expected the manifest of "
            f"{quarter.shift(-1)}, which this pack is compared with. Restore it from git, or make that quarter again."
        ) from None


def is_hidden(name: str) -> bool:
    """Whether no supplier sent a file: a salt of ours, or what a program left there, as the lock of a workbook."""
    return name.startswith(OF_A_PROGRAM) or name.endswith(SALT)


def salt_files(project: Project, quarter: Quarter) -> list[Path]:
    """Return the salts that lie beside a quarter's raw files and those of the quarter before."""
    drops = [project.raw(drop) for drop in (quarter, quarter.shift(-1))]
    return project.in_order(path for drop in drops for path in drop.glob(f"*{SALT}") if path.is_file())


def code_files(project: Project) -> list[Path]:
    """Return the package and the lock; the notebooks count by what they say (notebook_files)."""
    files = [*project.package.rglob("*.py"), *project.templates.rglob("*"), project.lock]
    return project.in_order(path for path in files if path.is_file())


def notebook_files(project: Project) -> list[Path]:
    """Return the notebooks."""
    return project.in_order(path for path in project.notebooks.glob(f"*{NOTEBOOK}") if path.is_file())
