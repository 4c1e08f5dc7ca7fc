"""The manifest: what a pack was made from, what came out and what it says; in git for each quarter.

Nothing in it changes with the clock, the folder, the machine, the versions of packages or the commit; those stand in
run.json beside it. A notebook counts by what it says, whoever ran it and saved it. The seal is the hash of all but the
pages, which carry the marking that an approval of that very seal gives them, and what reviewers wrote.
"""

import json
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from panelpack.errors import SourceError, shown
from panelpack.open_points.kinds import count_kinds
from panelpack.open_points.saved import read_open_points
from panelpack.pack_files import code_files, last_judged, last_manifest, notebook_files
from panelpack.periods import Quarter
from panelpack.pipeline.notebook_content import measured_notebook
from panelpack.pipeline.records import installed
from panelpack.pipeline.steps import Step
from panelpack.project import Project, hashed, sha256
from panelpack.publishing.inputs import Entry, describe_inputs
from panelpack.publishing.tables import rows_of

MANIFEST_FILE = "manifest.json"
INDEX = "review/index.html"  # which shows what reviewers wrote, and is the only page that changes with it
RUN_FILE = "run.json"  # beside it: platform, versions and commit, which may differ between two honest runs
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
FILES = ("inputs", "code", "notebooks", "intermediate", "outputs", "pages")  # the sections that list files
COMPARED_WITH = "compared_with"  # the section that names the pack of the quarter before
UNSEALED = ("pages", "marking", "reviews", "seal")  # what the seal leaves out
NOT_SAID = ("indicator", "priority", "title")  # what a figure is called is no part of what it says


def packages(lock: Path) -> dict[str, str]:
    """Return the installed version of every package of the lock that is here."""
    return _versions(lock.read_text(encoding="utf-8") if lock.exists() else "", tuple(installed()))


@cache  # until another lock or another package comes: to look takes a tenth of a second
def _versions(lock: str, _installed: tuple[str, ...]) -> dict[str, str]:
    versions = {}
    for name in LOCKED.findall(lock):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue  # another platform's
    return dict(sorted(versions.items()))


def build_manifest(
    project: Project,
    quarter: Quarter,
    outputs: Path,
    steps: Iterable[Step],
    inputs: Mapping[str, Entry] | None = None,
    replaced: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the manifest of a run whose notebooks and tables lie in `outputs`, sealed; its pages are still to come.

    inputs: how they are described; by default as they are here. replaced: the seals of the editions before it.
    """
    processed = project.processed(quarter)
    body = {
        "quarter": str(quarter),
        "edition": len(replaced) + 1,
        **({"replaces": replaced[-1]} if replaced else {}),
        "parameters": {step.name: dict(step.parameters) for step in steps},
        "inputs": describe_inputs(project, quarter) if inputs is None else dict(inputs),
        **compared_with(project, quarter),
        "code": project.hashed(code_files(project)),
        "notebooks": hashed_notebooks(project),
        "intermediate": project.hashed(processed.rglob("*.csv")),
        "figures": said_by_figures(processed),
        "paragraphs": said_by_paragraphs(processed),
        "open_points": count_kinds(read_open_points(processed)),
        "outputs": hashed(outputs, (path for path in outputs.rglob("*") if path.is_file())),
    }
    return body | {"seal": seal(body)}


def compared_with(project: Project, quarter: Quarter) -> dict[str, dict[str, str]]:
    """Return which pack, if there is one, this one is compared with: its quarter, and the sha256 of what is used of it.

    That is how it judged each figure, and not the whole manifest, which may be made again: as `jq -cS` writes it.
    """
    judged = last_judged(project, quarter)
    if judged is None:
        return {}
    manifest = project.name(last_manifest(project, quarter))
    part = {"quarter": str(quarter.shift(-1)), "manifest": manifest, "sha256": hash_of_part(judged)}
    return {COMPARED_WITH: part}


def hashed_notebooks(project: Project) -> dict[str, dict[str, str]]:
    """Return the sha256 of what each notebook says, by its name."""
    return {project.name(path): measured_notebook(path) for path in notebook_files(project)}


def said_by_figures(processed: Path) -> dict[str, dict[str, str]]:
    """Return what each figure says, a text a field; fields that say nothing are left out."""
    figures = {}
    for path in sorted((processed / "figures").glob("*.csv")):
        for row in rows_of(path):
            figures[row["indicator"]] = {name: v for name, v in row.items() if v and name not in NOT_SAID}
    return dict(sorted(figures.items()))


def said_by_paragraphs(processed: Path) -> dict[str, dict[str, Any]]:
    """Return the hash of each numbered paragraph's text, and the figures that it cites."""
    path = processed / "commentary.csv"
    if not path.exists():
        return {}
    return {
        row["paragraph"]: {
            "sha256": sha256(row["text"].encode()),
            "figures": row["indicators"].split(";") if row["indicators"] else [],
        }
        for row in rows_of(path)
    }


def seal(manifest: Mapping[str, Any]) -> str:
    """Return the sha256 of a manifest without what the seal leaves out, as `jq -cS 'del(...)'` writes it."""
    return hash_of_part({name: part for name, part in manifest.items() if name not in UNSEALED})


def hash_of_part(part: object) -> str:
    """Return the sha256 of a part of a manifest, keys sorted, without spaces, with a line's end."""
    text = json.dumps(part, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(f"{text}\n".encode())


def write_manifest(manifest: Mapping[str, Any], outputs: Path) -> None:
    """Write manifest.json into the folder of outputs."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (outputs / MANIFEST_FILE).write_text(f"{text}\n", encoding="utf-8")


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a manifest.

    Raises SourceError where there is none, one whose seal is not that of its content, or one of an earlier version.
    """
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourceError(f"{shown(path)}: there is no manifest. Take it from git, or make the quarter.") from None
    except ValueError as error:
        raise SourceError(f"{shown(path)}: this is no JSON ({error}). Restore it from git.") from None
    if not isinstance(manifest, dict) or manifest.get("seal") != seal(manifest):
        raise SourceError(
            f"{shown(path)}: the seal is not that of the content, so the manifest was changed by hand. "
            "Restore it from git."
        )
    if "notebooks" not in manifest:
        commit = str(read_run(path.parent).get("git_commit", ""))[:12]
        raise SourceError(
            f"{shown(path)}: an earlier version of this software made it, which listed other things. Make the pack "
            f"again, or check out the commit that made it{f' ({commit})' if commit else ''} to verify it."
        )
    return manifest


def this_run(project: Project) -> dict[str, object]:
    """Return this platform, its versions, the commit of the code and whether its tree was clean; '' without git."""
    commit, changed = _git(project, "rev-parse", "HEAD"), _git(project, "status", "--porcelain")
    return {
        "platform": platform.platform(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "packages": packages(project.lock),
        "git_commit": commit,
        "tree_clean": bool(commit) and not changed,
    }


def write_run(project: Project, quarter: Quarter, staging: Path) -> None:
    """Write run.json into the new outputs: that of the last run if it made the same manifest, else that of this one."""
    last = project.outputs(quarter)
    was, now = last / MANIFEST_FILE, staging / MANIFEST_FILE
    is_same = was.exists() and was.read_bytes() == now.read_bytes()
    run = (read_run(last) if is_same else {}) or this_run(project)
    (staging / RUN_FILE).write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")


def read_run(outputs: Path) -> dict[str, object]:
    """Return what run.json says; nothing where there is none or it cannot be read."""
    try:
        run = json.loads((outputs / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return run if isinstance(run, dict) else {}


def _git(project: Project, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=project.root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
