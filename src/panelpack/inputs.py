"""Which files a quarter's pack is made from, and what is in them. Nothing heavy is imported to know that."""

from collections.abc import Iterable
from pathlib import Path

from panelpack.checksums import sha256
from panelpack.project import Project
from panelpack.quarters import Quarter


def input_files(project: Project, quarter: Quarter) -> list[Path]:
    """Return the files that a quarter's pack is made from, its code apart."""
    root = project.root
    drops = [project.raw(drop) for drop in (quarter, quarter.shift(-1)) if project.raw(drop).is_dir()]
    found = [
        *(path for drop in drops for path in drop.glob("*")),
        *(project.plan, project.params(quarter), project.commentary(quarter), root / "params" / "corrections.yml"),
        *project.expectations.glob("*.json"),
        *(project.published(quarter), project.later(quarter), project.false_alarms),
        *(path for kind in ("csv", "yml") for path in project.projection.glob(f"*.{kind}")),
    ]
    return sorted(path for path in found if path.is_file())


def code_files(project: Project) -> list[Path]:
    """Return the notebooks, the package and the lock."""
    package = project.package
    found = [
        *project.notebooks.glob("*.ipynb"),
        *package.rglob("*.py"),
        *(package / "templates").glob("*"),
        project.lock,
    ]
    return sorted(path for path in found if path.is_file())


def hashed(root: Path, paths: Iterable[Path]) -> dict[str, dict]:
    """Return sha256 and bytes of each file, by its path below `root`, in order."""
    found = {}
    for path in sorted(paths):
        content = path.read_bytes()
        found[path.relative_to(root).as_posix()] = {"sha256": sha256(content), "bytes": len(content)}
    return found
