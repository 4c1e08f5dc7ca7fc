"""Where each thing lies in the project's folder."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from panelpack.errors import ConfigurationError, SourceError, UsageError, shown
from panelpack.periods import QUARTER_LABEL, Quarter

LARGE_BYTES = 64_000_000  # a file from this size on is hashed once a process


@dataclass(frozen=True)
class Project:
    """The paths of a checkout. Notebooks and commands find it from any folder inside."""

    root: Path

    @classmethod
    def here(cls) -> "Project":
        """Return the project around the working folder.

        Raises UsageError outside one, ConfigurationError in one that has lost its plan.
        """
        folder = Path.cwd()
        for candidate in (folder, *folder.parents):
            if (candidate / "params" / "plan.yml").exists():
                return cls(candidate)
        for candidate in (folder, *folder.parents):
            if (candidate / "params").is_dir() and (candidate / "data" / "raw").is_dir():
                raise ConfigurationError(
                    "params/plan.yml: there is no such file. Restore it (git checkout params/plan.yml) or create it."
                )
        raise UsageError(
            f"{folder}: no params/plan.yml here or above, so this is no project folder. "
            "Go to the project's folder first."
        )

    @property
    def package(self) -> Path:
        """The code."""
        return self.root / "src" / "panelpack"

    @property
    def templates(self) -> Path:
        """What pages are laid out by."""
        return self.package / "rendering" / "templates"

    @property
    def lock(self) -> Path:
        """The versions of everything that the code uses."""
        return self.root / "requirements.lock"

    @property
    def plan(self) -> Path:
        """The Police and Crime Plan as data."""
        return self.root / "params" / "plan.yml"

    @property
    def expectations(self) -> Path:
        """The Great Expectations suites, one a table."""
        return self.root / "expectations"

    @property
    def notebooks(self) -> Path:
        """The notebooks, without outputs."""
        return self.root / "notebooks"

    def params(self, quarter: Quarter) -> Path:
        """What changes each quarter."""
        return self.root / "params" / f"{quarter}.yml"

    def commentary(self, quarter: Quarter) -> Path:
        """The commentary of a quarter."""
        return self.root / "params" / f"{quarter}.md"

    def earlier_commentaries(self, quarter: Quarter) -> list[Path]:
        """The commentaries of the quarters before, the latest first."""
        return self._earlier(quarter, "md")

    def earlier_parameters(self, quarter: Quarter) -> list[Path]:
        """The parameters of the quarters before, the latest first."""
        return self._earlier(quarter, "yml")

    def _earlier(self, quarter: Quarter, kind: str) -> list[Path]:
        named = (path for path in (self.root / "params").glob(f"*.{kind}") if QUARTER_LABEL.fullmatch(path.stem))
        return sorted((path for path in named if path.stem < str(quarter)), reverse=True)

    def raw(self, quarter: Quarter) -> Path:
        """The suppliers' files as received."""
        return self.root / "data" / "raw" / str(quarter)

    def published(self, quarter: Quarter) -> Path:
        """The figures of a printed paper, for comparison only; most quarters have none."""
        return self.root / "data" / "published" / f"{quarter}.csv"

    @property
    def projection(self) -> Path:
        """The official counts of several forces, and how projections were tested on them."""
        return self.root / "data" / "projection"

    @property
    def official_counts(self) -> Path:
        """The official counts of recorded crime of several forces, which intervals and ordinary movement rest on."""
        return self.projection / "official_counts.csv"

    @property
    def false_alarms(self) -> Path:
        """How often control charts of stable series raise an alarm, simulated."""
        return self.root / "data" / "spc" / "false_alarms.csv"

    @property
    def false_verdicts(self) -> Path:
        """How often counts of an unchanged level are called changed, simulated."""
        return self.root / "data" / "verdicts" / "false_verdicts.csv"

    @property
    def ordinary_movement(self) -> Path:
        """How far forces move anyway, and how often each is called changed by what the others teach."""
        return self.root / "data" / "verdicts" / "ordinary_movement.csv"

    def later(self, quarter: Quarter) -> Path:
        """What was recorded after a quarter that was projected then; most quarters have none."""
        return self.root / "data" / "recorded_later" / f"{quarter}.csv"

    @property
    def corrections(self) -> Path:
        """The corrections to raw figures of every quarter."""
        return self.root / "params" / "corrections.yml"

    @property
    def approvals(self) -> Path:
        """Who approved which pack."""
        return self.root / "params" / "approvals.yml"

    @property
    def layouts(self) -> Path:
        """The presets: named layouts of public files."""
        return self.root / "params" / "layouts"

    @property
    def large_tables(self) -> Path:
        """Copies of large raw tables that are quick to count; no part of any record."""
        return self.root / "data" / "processed" / "large"

    def processed(self, quarter: Quarter) -> Path:
        """What the notebooks write for each other."""
        return self.root / "data" / "processed" / str(quarter)

    def outputs(self, quarter: Quarter) -> Path:
        """The pack and the review copies."""
        return self.root / "outputs" / str(quarter)

    def quarters(self) -> list[str]:
        """Return the labels of the quarters that have a raw folder."""
        folders = (self.root / "data" / "raw").glob("*")
        return sorted(folder.name for folder in folders if folder.is_dir() and QUARTER_LABEL.fullmatch(folder.name))

    def quarter(self, label: str) -> Quarter:
        """Read a typed quarter label. Raises UsageError unless it is well formed and has a raw folder."""
        known = f"Quarters with a folder under data/raw: {', '.join(self.quarters()) or 'none'}."
        if not label:
            raise UsageError(f"Q is missing: expected the label of a quarter, Q=YYYYQn. {known}")
        try:
            quarter = Quarter.parse(label)
        except UsageError as error:
            raise UsageError(f"{error} {known}") from None
        if not self.raw(quarter).is_dir():
            start = f"Type make new-quarter Q={label} to start it. " if any(q < label for q in self.quarters()) else ""
            raise UsageError(f"Q={label!r}: there is no folder data/raw/{label}. {start}{known}")
        return quarter


def input_files(project: Project, quarter: Quarter) -> list[Path]:
    """Return the files that a quarter's pack is made from, its code apart."""
    drops = [project.raw(drop) for drop in (quarter, quarter.shift(-1)) if project.raw(drop).is_dir()]
    files = [
        *(path for drop in drops for path in drop.glob("*")),
        *(project.plan, project.params(quarter), project.commentary(quarter), project.corrections),
        *project.layouts.glob("*.yml"),
        *project.earlier_commentaries(quarter),  # what was carried over from one is an open point
        *project.earlier_parameters(quarter)[:1],  # and so is what became of a next step that the last one names
        *project.expectations.glob("*.json"),
        *(project.published(quarter), project.later(quarter)),
        *(project.false_alarms, project.false_verdicts, project.ordinary_movement),
        *(path for kind in ("csv", "yml") for path in project.projection.glob(f"*.{kind}")),
    ]
    return sorted(path for path in files if path.is_file())


def code_files(project: Project) -> list[Path]:
    """Return the notebooks, the package and the lock."""
    package = project.package
    files = [
        *project.notebooks.glob("*.ipynb"),
        *package.rglob("*.py"),
        *project.templates.glob("*"),
        project.lock,
    ]
    return sorted(path for path in files if path.is_file())


def hashed(root: Path, paths: Iterable[Path]) -> dict[str, dict]:
    """Return sha256 and bytes of each file, by its path below `root`, in order."""
    entries = {}
    for path in sorted(paths):
        entries[path.relative_to(root).as_posix()] = {"sha256": digest(path), "bytes": path.stat().st_size}
    return entries


def sha256(content: bytes) -> str:
    """Return the checksum of a content."""
    return hashlib.sha256(content).hexdigest()


def digest(path: Path) -> str:
    """Return the checksum of a file's content, '' where there is none. Raises SourceError where it may not be read."""
    try:
        if (is_now := path.stat()).st_size > LARGE_BYTES:
            return _digest_of_large(path, is_now.st_mtime_ns, is_now.st_size, is_now.st_ino)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ""
    except OSError as error:
        raise SourceError(f"{shown(path)}: the file cannot be read: {error.strerror}. Make it readable.") from None


@cache
def _digest_of_large(path: Path, changed_ns: int, size: int, inode: int) -> str:
    """Return the checksum of a file of seconds' work, worked out once a process for each state of the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
