"""The store of an atlas: a folder a release, in it a folder a force, in it an office's folder a quarter.

A pack comes into the store whole, by a renaming, or not at all. Beside it lies the record of what it was made from.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from panelpack.errors import PanelPackError, UsageError
from panelpack.periods import QUARTER_LABEL, Quarter
from panelpack.project import Project, digest
from panelpack.publishing.manifest import MANIFEST_FILE, read_manifest

RECORD = "atlas.json"  # beside a pack's params: what it was made from, and what it cost
RELEASE = "release.json"  # in the folder of a release: which table it is of
MAKING = ".making"  # in it, what is not whole yet
LOCK = ".lock"


@dataclass(frozen=True)
class Record:
    """What is known of a pack in the store.

    fingerprint: the sha256 of all that it was made from. seal: its manifest's. seconds, cpu_seconds: what it took, with
    its share of what its process did once. bytes: of all its files.
    """

    force: str
    quarter: str
    fingerprint: str
    seal: str
    seconds: float
    cpu_seconds: float
    bytes: int


@dataclass(frozen=True)
class Release:
    """Which table the packs of a release are of: its name as a person knows it, its file's name and checksum."""

    name: str
    table: str
    sha256: str


@dataclass(frozen=True)
class Store:
    """The folder of a release, and what lies in it."""

    folder: Path

    def name(self, force: str, quarter: Quarter) -> str:
        """Return the folder of a pack's office, from that of the release."""
        return f"{slug(force)}/{quarter}"

    def office(self, force: str, quarter: Quarter) -> Path:
        """Return the folder of a pack's office."""
        return self.folder / self.name(force, quarter)

    def record(self, force: str, quarter: Quarter) -> Record | None:
        """Return the record of a pack; None where there is no pack."""
        return _read_record(self.office(force, quarter))

    def records(self) -> list[Record]:
        """Return the records of all packs, in the order of their folders."""
        folders = (path.parent for path in sorted(self.folder.glob(f"*/*/{RECORD}")))
        found = (_read_record(folder) for folder in folders if QUARTER_LABEL.fullmatch(folder.name))
        return [record for record in found if record]

    def is_made(self, software: Project, force: str, quarter: Quarter, fingerprint: str) -> bool:
        """Whether a pack is there that was made from this, with every file as its manifest says."""
        record = self.record(force, quarter)
        if record is None or record.fingerprint != fingerprint:
            return False
        return not find_damage(Project(software.root, self.office(force, quarter)), quarter, record.seal)

    def begin(self, force: str, quarter: Quarter) -> Path:
        """Return a new folder in which this process makes a pack; its name ends with the process' number."""
        folder = self.folder / MAKING / f"{slug(force)}-{quarter}-{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def put_in_place(self, made: Path, force: str, quarter: Quarter) -> None:
        """Put a pack that was made beside the store into it, in the place of one that may be there.

        Of two that make the same one, the last stays: they are the same.
        """
        place, old = self.office(force, quarter), made.with_name(f"{made.name}-old")
        place.parent.mkdir(parents=True, exist_ok=True)
        while True:
            shutil.rmtree(old, ignore_errors=True)
            with suppress(FileNotFoundError):
                place.rename(old)
            try:
                made.rename(place)
            except OSError:  # another process was quicker by a moment
                if not place.exists():
                    raise
            else:
                break
        shutil.rmtree(old, ignore_errors=True)

    def tidy(self) -> None:
        """Remove what runs that were broken off have left beside the packs."""
        shutil.rmtree(self.folder / MAKING, ignore_errors=True)

    def read_release(self) -> Release | None:
        """Return which table the packs are of; None where nothing says it."""
        try:
            return Release(**json.loads((self.folder / RELEASE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def begin_release(self, release: Release) -> None:
        """Note which table the packs are of. Raises UsageError where packs of another one are there."""
        known = self.read_release()
        if known and known.sha256 != release.sha256:
            raise UsageError(
                f"{self.folder}: it holds the packs of another table ({known.table}, sha256 begins "
                f"{known.sha256[:12]}), expected that of {release.table}. Give this release another name: RELEASE=."
            )
        write_json(self.folder / RELEASE, asdict(release))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the store for this run. Raises UsageError while another run holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UsageError(f"{self.folder}: another run is making this atlas. Wait for it, or stop it.") from None
            yield


def slug(name: str) -> str:
    """Return how a folder is called for a name: small letters and digits, a hyphen for all else."""
    return "-".join(re.findall(r"[a-z0-9]+", name.casefold()))


def write_record(office: Path, record: Record) -> None:
    """Write the record of a pack into its office's folder."""
    write_json(office / RECORD, asdict(record))


def write_json(path: Path, content: object) -> None:
    """Write a file of JSON; a reader sees the old one or the new one, never half of one."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(path)


def find_damage(project: Project, quarter: Quarter, seal: str) -> str:
    """Return in a sentence in what a pack is not as it was made; '' where it is.

    Looked at are the seal, every file of the outputs, and of the inputs those that lie in the office's folder.
    """
    outputs = project.outputs(quarter)
    try:
        manifest = read_manifest(outputs / MANIFEST_FILE)
    except PanelPackError as error:
        return str(error)
    if manifest["seal"] != seal:
        return f"the seal is {manifest['seal'][:12]}, and was {seal[:12]} when it was made."
    files = {outputs / name: entry for part in ("outputs", "pages") for name, entry in manifest[part].items()}
    files |= {project.path(name): entry for name, entry in manifest["inputs"].items()}
    for path, entry in files.items():
        if path.is_relative_to(project.office) and digest(path) != entry.get("sha256"):
            name = path.relative_to(project.office).as_posix()
            return f"{name} is {'not as its manifest says' if path.is_file() else 'gone'}."
    return ""


def _read_record(office: Path) -> Record | None:
    try:
        return Record(**json.loads((office / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
