"""The manifest: what a pack was made from, by whose versions, and what came out, each with its sha256."""

import json
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.sources import sha256

NAME = "manifest.json"
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def _hashes(root: Path, paths) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): sha256(path) for path in sorted(paths) if path.is_file()}


def packages(lock: Path) -> dict[str, str]:
    """Return the installed version of every package of the lock that is here."""
    found = {}
    for name in LOCKED.findall(lock.read_text(encoding="utf-8")):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue  # another platform's
    return dict(sorted(found.items()))


def describe(project: Project, quarter: Quarter, outputs: Path) -> dict:
    """Return the manifest of the outputs in a folder, with nothing in it that a clock or a place changes."""
    root, raw = project.root, project.raw(quarter)
    return {
        "quarter": str(quarter),
        "inputs": _hashes(
            root,
            [
                *raw.glob("*"),
                *project.published(quarter).parent.glob(f"{quarter}.*"),
                project.later(quarter),
                *root.glob("data/projection/*.csv"),
                *root.glob("data/projection/*.yml"),
                project.false_alarms,
            ],
        ),
        "parameters": _hashes(root, [project.plan, project.params(quarter), project.commentary(quarter)]),
        "expectations": _hashes(root, project.expectations.glob("*.json")),
        "code": _hashes(
            root,
            [
                *project.notebooks.glob("*.ipynb"),
                *root.glob("src/panelpack/**/*.py"),
                *root.glob("src/panelpack/templates/*"),
                root / "requirements.lock",
            ],
        ),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "packages": packages(root / "requirements.lock"),
        "intermediate": _hashes(root, project.processed(quarter).rglob("*.csv")),
        "outputs": _hashes(outputs, (path for path in outputs.rglob("*") if path.name != NAME)),
    }


def write(project: Project, quarter: Quarter, outputs: Path) -> None:
    """Write manifest.json into the folder of outputs."""
    text = json.dumps(describe(project, quarter, outputs), indent=1, ensure_ascii=False)
    (outputs / NAME).write_text(text + "\n", encoding="utf-8")
