"""Run Panel Pack as a person does: as a command, in a project folder made for it."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

Case = TypeVar("Case")
ROOT = Path(__file__).resolve().parents[1]  # this checkout
OFFICE = ROOT / "tests" / "office"  # the made-up office of the tests
QUARTER = "2015Q1"  # the quarter that the tests report on; 2014Q4 is the one before
CODE = ("notebooks", "src", "requirements.lock")
OF_EVERY_OFFICE = (
    "data/comparators",
    "data/projection",
    "data/spc",
    "data/verdicts",
)  # which lie in the folder of the software


def by_turns(cases: Iterable[Case]) -> list[Case]:
    """Return every second case of many that take a second or more each; PANELPACK_LONG=1 tries them all."""
    return list(cases)[:: 1 if os.environ.get("PANELPACK_LONG") else 2]


def copy_office(to: Path) -> Path:
    """Copy the made-up office into a new folder that is its own software: enough to compute with, nothing to run."""
    for name in ("src/panelpack", "notebooks"):
        (to / name).mkdir(parents=True, exist_ok=True)
    return Path(shutil.copytree(OFFICE, to, dirs_exist_ok=True))


def copy_project(to: Path) -> Path:
    """Make a project that can be run, in a new folder: the made-up office and this checkout's code."""
    copy_office(to)
    for name in CODE:
        source, target = ROOT / name, to / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target)
    return to


def split_project(root: Path, software: Path, office: Path) -> None:
    """Copy a project into two new folders: the software's, and the office's."""
    office.mkdir(parents=True)
    for name in (*CODE, *OF_EVERY_OFFICE):
        (software / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (root / name).is_dir() else shutil.copyfile)(root / name, software / name)
    for name in ("params", "expectations", "data"):
        shutil.copytree(root / name, office / name, ignore=shutil.ignore_patterns("processed"))
    for name in OF_EVERY_OFFICE:
        shutil.rmtree(office / name)


def run(
    root: Path, *arguments: str, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess:
    """Run `python -m panelpack` with the code of a project folder, in that folder or in another."""
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), **(env or {})}
    command = [sys.executable, "-m", "panelpack", *arguments]
    return subprocess.run(command, cwd=cwd or root, capture_output=True, text=True, env=environment, encoding="utf-8")


def digests(folder: Path) -> dict[str, str]:
    """Return the checksum of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
