"""The manifest: what a pack was made from, by whose versions, what came out and what it says; in git for each quarter.

Nothing in it changes with the clock, the folder, the machine or the commit; those stand in run.json beside it. Its
seal is the hash of all but the pages, which carry the marking that an approval of that very seal gives them.
"""

import csv
import json
import platform
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from panelpack.checksums import sha256
from panelpack.configuration import shown
from panelpack.errors import SourceError
from panelpack.fingerprints import installed
from panelpack.inputs import code_files, hashed, input_files
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.runner import Step

NAME = "manifest.json"
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
FILES = ("inputs", "code", "intermediate", "outputs", "pages")  # the sections that list files with sha256 and bytes
UNSEALED = ("pages", "marking", "seal")  # what the seal leaves out
NOT_SAID = ("indicator", "priority", "title")  # what a figure is called is no part of what it says


def packages(lock: Path) -> dict[str, str]:
    """Return the installed version of every package of the lock that is here."""
    return _versions(lock.read_text(encoding="utf-8"), tuple(installed()))


@cache  # until another lock or another package comes: to look takes a tenth of a second
def _versions(lock: str, _installed: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for name in LOCKED.findall(lock):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue  # another platform's
    return dict(sorted(found.items()))


def describe(project: Project, quarter: Quarter, outputs: Path, steps: Iterable[Step]) -> dict:
    """Return the manifest of a run whose notebooks and tables lie in `outputs`, sealed; its pages are still to come."""
    processed = project.processed(quarter)
    body = {
        "quarter": str(quarter),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "packages": packages(project.lock),
        "parameters": {step.name: dict(step.parameters) for step in steps},
        "inputs": hashed(project.root, input_files(project, quarter)),
        "code": hashed(project.root, code_files(project)),
        "intermediate": hashed(project.root, processed.rglob("*.csv")),
        "figures": said_by_figures(processed),
        "paragraphs": said_by_paragraphs(processed),
        "outputs": hashed(outputs, (path for path in outputs.rglob("*") if path.is_file())),
    }
    return body | {"seal": seal(body)}


def said_by_figures(processed: Path) -> dict[str, dict[str, str]]:
    """Return what each figure says, a text a field; fields that say nothing are left out."""
    found = {}
    for path in sorted((processed / "figures").glob("*.csv")):
        for row in _rows(path):
            found[row["indicator"]] = {name: v for name, v in row.items() if v and name not in NOT_SAID}
    return dict(sorted(found.items()))


def said_by_paragraphs(processed: Path) -> dict[str, dict]:
    """Return the hash of each numbered paragraph's text, and the figures that it cites."""
    path = processed / "commentary.csv"
    if not path.exists():
        return {}
    return {
        row["paragraph"]: {
            "sha256": sha256(row["text"].encode()),
            "figures": row["indicators"].split(";") if row["indicators"] else [],
        }
        for row in _rows(path)
    }


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def seal(manifest: dict) -> str:
    """Return the sha256 of a manifest without what the seal leaves out, as `jq -cS 'del(...)'` writes it."""
    return digest({name: part for name, part in manifest.items() if name not in UNSEALED})


def digest(part: object) -> str:
    """Return the sha256 of a part of a manifest, keys sorted, without spaces, with a line's end."""
    text = json.dumps(part, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(f"{text}\n".encode())


def write(manifest: dict, outputs: Path) -> None:
    """Write manifest.json into the folder of outputs."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (outputs / NAME).write_text(f"{text}\n", encoding="utf-8")


def read(path: Path) -> dict:
    """Read a manifest. Raises SourceError where there is none, or one whose seal is not that of its content."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourceError(f"{shown(path)}: there is no manifest. Take it from git, or make the quarter.") from None
    except ValueError as error:
        raise SourceError(f"{shown(path)}: this is no JSON ({error}). Restore it from git.") from None
    if not isinstance(found, dict) or found.get("seal") != seal(found):
        raise SourceError(
            f"{shown(path)}: the seal is not that of the content, so the manifest was changed by hand. "
            "Restore it from git."
        )
    return found
