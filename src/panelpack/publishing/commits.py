"""The commit at which a pack can be verified: its manifest is there, and every input and line of code that it names."""

import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from panelpack.periods import Quarter
from panelpack.project import Project, digest
from panelpack.publishing.manifest import MANIFEST_FILE

CHUNK = 1 << 20


def commit_of_pack(project: Project, quarter: Quarter, manifest: Mapping[str, Any]) -> str:
    """Return the commit that holds a quarter's present manifest and all that it was made from; '' where none does.

    Looked at are the commit that is checked out, and the last one that changed the manifest: what was restated since
    may be committed already. A file that a manifest names without its own checksum, and one outside the office's
    repository, is not looked at.
    """
    office, path = project.office, project.outputs(quarter) / MANIFEST_FILE
    if not (top := _git(office, "rev-parse", "--show-toplevel")):
        return ""
    files = {project.path(name): entry for section in ("inputs", "code") for name, entry in manifest[section].items()}
    expected = {at: str(entry["sha256"]) for at, entry in files.items() if "sha256" in entry}
    expected = {path: digest(path)} | expected
    root = Path(top).resolve()
    named = {at.resolve(): checksum for at, checksum in expected.items()}
    inside = {at.relative_to(root).as_posix(): sha for at, sha in named.items() if at.is_relative_to(root)}
    changed = _git(office, "log", "-1", "--format=%H", "--", str(path))
    commits = dict.fromkeys([_git(office, "rev-parse", "HEAD"), changed])
    return next((commit for commit in commits if commit and _holds(office, commit, inside)), "")


def _holds(folder: Path, commit: str, expected: Mapping[str, str]) -> bool:
    """Whether a commit has each file with that checksum."""
    return all(found == expected[name] for name, found in _checksums(folder, commit, expected))


def _checksums(folder: Path, commit: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each file's checksum in a commit; '' for one that it has not. One process of git gives them all."""
    with subprocess.Popen(
        ["git", "cat-file", "--batch"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as git:
        assert git.stdin is not None and git.stdout is not None  # both are pipes
        for name in names:
            git.stdin.write(f"{commit}:{name}\n".encode())
            git.stdin.flush()
            head = git.stdout.readline().split()
            yield name, _checksum(git.stdout, int(head[2])) if len(head) == 3 and head[1] == b"blob" else ""


def _checksum(stream: IO[bytes], size: int) -> str:
    """Return the checksum of so many bytes, and read the line's end behind them."""
    checksum, left = hashlib.sha256(), size
    while left:
        content = stream.read(min(left, CHUNK))
        checksum.update(content)
        left -= len(content)
    stream.read(1)
    return checksum.hexdigest()


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
