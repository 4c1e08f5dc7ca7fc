"""Where and from which commit a manifest was made: what may differ between two honest runs, and is never compared."""

import json
import platform
import subprocess
from pathlib import Path

from panelpack import manifest
from panelpack.project import Project
from panelpack.quarters import Quarter

NAME = "run.json"


def here(project: Project) -> dict[str, object]:
    """Return this platform, the commit of the project and whether its tree was clean; '' without git."""
    commit, changed = _git(project, "rev-parse", "HEAD"), _git(project, "status", "--porcelain")
    return {
        "platform": platform.platform(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "git_commit": commit,
        "tree_clean": bool(commit) and not changed,
    }


def write(project: Project, quarter: Quarter, made: dict, staging: Path, *, keep: bool = True) -> None:
    """Write run.json into the new outputs; with `keep`, that of the last run if both made the same manifest."""
    last = project.outputs(quarter)
    same = keep and (last / NAME).exists() and (last / manifest.NAME).exists()
    if same and (last / manifest.NAME).read_bytes() == (staging / manifest.NAME).read_bytes():
        (staging / NAME).write_bytes((last / NAME).read_bytes())
        return
    (staging / NAME).write_text(json.dumps(here(project), indent=1) + "\n", encoding="utf-8")


def read(outputs: Path) -> dict[str, object]:
    """Return what run.json says; nothing where there is none or it cannot be read."""
    try:
        return json.loads((outputs / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _git(project: Project, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=project.root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
