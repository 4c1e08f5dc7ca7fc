"""Run Panel Pack as a person does: in a copy of the project, as a command."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUARTER = "2015Q1"
COPIED = (
    "params",
    "data/raw",
    "data/published",
    "data/projection",
    "data/recorded_later",
    "data/spc",
    "expectations",
    "notebooks",
    "src",
    "requirements.lock",
)


def copy_project(to: Path, root: Path = ROOT) -> Path:
    """Copy what a run reads into a new folder."""
    for name in COPIED:
        source, target = root / name, to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    return to


def run(root: Path, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """Run `python -m panelpack` in a folder."""
    environment = {**os.environ, **(env or {})}
    command = [sys.executable, "-m", "panelpack", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, env=environment, encoding="utf-8")


def digests(folder: Path) -> dict[str, str]:
    """Return the checksum of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
