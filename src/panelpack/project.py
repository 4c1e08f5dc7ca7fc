"""Where each thing lies: in the folder of the software, or in that of the office that uses it.

The two may be one folder. If they are not, the software has the code, the notebooks, the versions of packages, the
layouts of public files, and what is true of every office (`data/projection`, `data/comparators` and others); the office
has all else. A file is named by its path from the one or the other, so that records say the same wherever they lie.
"""

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from panelpack.errors import (
    PLAN,
    ConfigurationError,
    SourceError,
    UsageError,
    has_plan,
    is_software,
    lost_its_plan,
    shown,
)
from panelpack.periods import QUARTER_LABEL, Quarter

LARGE_BYTES = 64_000_000  # a file from this size on is hashed once a process
CORRECTIONS = "corrections.yml"
SALT = ".salt"  # how the name of the file ends that holds the salt of a raw file, beside which it lies
OFFICE = "OFFICE"  # the environment variable that names the office's folder
EDITION, REVIEW = "EDITION", "review"  # the one that asks for embargoed figures, and what it then says
EMBARGOED = "-embargoed"  # behind the name of a quarter's folders that hold embargoed figures
QUARTER_ASKED_FOR = "Q"  # and the one that names the quarter
DATED_PLAN = re.compile(rf"plan-({QUARTER_LABEL.pattern})\.yml")
LAYOUTS = "params/layouts/"
NOTEBOOK = ".ipynb"
KEPT = ".kept"  # the folder in data/processed of what libraries remember
SOFTWARE = (
    *("src/", "notebooks/", "requirements.lock"),
    *("data/projection/", "data/spc/", "data/verdicts/", "data/new_office/", "data/comparators/"),
)
# Before the path of a file that lies in the one folder, where a file of that path belongs into the other.
IN_SOFTWARE, IN_OFFICE = "software:", "office:"


@dataclass(frozen=True)
class Project:
    """The paths of an office and of the software. Notebooks and commands find both from any folder inside.

    root: the folder of the software; office: that of the office, by default the same. shows_embargoed: whether this is
    the edition for those who may see embargoed figures. It has folders of its own, which are never in git.
    """

    root: Path
    office: Path = field(default=None)  # type: ignore[assignment]  # set below
    shows_embargoed: bool = False

    def __post_init__(self) -> None:
        if self.office is None:
            object.__setattr__(self, "office", self.root)

    @classmethod
    def here(cls) -> "Project":
        """Return the office that OFFICE names, else the one around the working folder, with the software that runs.

        A relative OFFICE counts from the working folder, which for make is the folder of the software. Raises
        UsageError where there is no office and for an EDITION that is none, ConfigurationError in an office that has
        lost its plan.
        """
        folder = Path.cwd()
        named, edition = os.environ.get(OFFICE), os.environ.get(EDITION, "")
        if edition not in ("", REVIEW):
            raise UsageError(
                f"{EDITION}={edition!r}: expected nothing, or {REVIEW} for the edition with embargoed figures. "
                "Correct it."
            )
        project = cls.of(_named_office(named, folder) if named else _office_around(folder), folder)
        return replace(project, shows_embargoed=bool(edition))

    @classmethod
    def of(cls, office: Path, *beside: Path) -> "Project":
        """Return an office with its software: around the first folder of `beside`, around the office, or the one here.

        An office without any is its own.
        """
        starts = (*beside, office)
        around = (folder for start in starts for folder in (start, *start.parents) if is_software(folder))
        running = Path(__file__).parents[2]
        return cls(next(around, running if is_software(running) else office), office)

    def name(self, path: Path) -> str:
        """Return how records call a file: its path from the office's folder or from the software's.

        Raises ValueError for a file that lies in neither.
        """
        written = str(path)  # to compare paths part by part would take ten times as long, for every file of a run
        for folder in self.folders:
            if written.startswith(start := f"{folder}/"):
                name = written.removeprefix(start)
                if self.path(name) == path:
                    return name
                return f"{IN_SOFTWARE if folder == self.root else IN_OFFICE}{name}"
        raise ValueError(f"{path} lies neither in {self.office} nor in {self.root}")

    def path(self, name: str) -> Path:
        """Return the file that records call so."""
        if self.root == self.office:
            return self.root / name
        for prefix, folder in ((IN_SOFTWARE, self.root), (IN_OFFICE, self.office)):
            if name.startswith(prefix):
                return folder / name.removeprefix(prefix)
        is_shipped = name.startswith(LAYOUTS) and not (self.office / name).exists() and (self.root / name).exists()
        return (self.root if is_shipped or name.startswith(SOFTWARE) else self.office) / name

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """The folders of the office and of the software, one that lies in the other first."""
        return tuple(sorted({self.office, self.root}, key=lambda folder: len(folder.parts), reverse=True))

    def hashed(self, paths: Iterable[Path]) -> dict[str, dict]:
        """Return sha256 and bytes of each file by its name, in order."""
        return {self.name(path): measured(path) for path in self.in_order(paths)}

    def in_order(self, paths: Iterable[Path]) -> list[Path]:
        """Return files in the order of their names, wherever the two folders lie."""
        return sorted(paths, key=lambda path: self.name(path).split("/"))

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
    def notebooks(self) -> Path:
        """The notebooks, without outputs."""
        return self.root / "notebooks"

    def is_notebook(self, path: Path) -> bool:
        """Whether a file is one of the notebooks; their executed copies are not."""
        return path.suffix == NOTEBOOK and path.parent == self.notebooks

    @property
    def projection(self) -> Path:
        """Which offences projections are of, and how they were tested on the official counts."""
        return self.root / "data" / "projection"

    @property
    def official_counts(self) -> Path:
        """The official counts of every force, which comparisons, intervals and ordinary movement rest on."""
        return self.comparators / "counts.csv"

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

    @property
    def comparators(self) -> Path:
        """The official counts of every force, and what is known of the table that they are from."""
        return self.root / "data" / "comparators"

    @property
    def groups(self) -> Path:
        """The most similar forces of each force, as a person typed them; many offices have none."""
        return self.office / "params" / "groups.yml"

    @property
    def residents_by_force(self) -> Path:
        """How many people live in each force's area, on some days."""
        return self.comparators / "residents_by_force.csv"

    @property
    def usual_measures(self) -> Path:
        """The measures of an office that names none of its own."""
        return self.root / "data" / "new_office" / "measures.csv"

    @property
    def layouts(self) -> tuple[Path, ...]:
        """The folders of presets, named layouts of public files: the office's own, and those that come with the code.

        Of two with one name the office's own counts.
        """
        return tuple(dict.fromkeys(folder / LAYOUTS for folder in (self.office, self.root)))

    def plan(self, quarter: Quarter) -> Path:
        """Return the Police and Crime Plan that counts for a quarter: the latest that does not begin after it.

        `plan.yml` is the one before every plan with a quarter in its name. Raises ConfigurationError where none counts,
        and for a plan whose name says no quarter.
        """
        return counting_plan(self.office, quarter)

    def plans(self) -> list[Path]:
        """Return every plan, the one before all others first. Raises ConfigurationError as `plan` does."""
        dated = _dated_plans(self.office / "params")
        return [path for path in (self.office / PLAN, *(dated[start] for start in sorted(dated))) if path.is_file()]

    @property
    def expectations(self) -> Path:
        """The Great Expectations suites, one a table."""
        return self.office / "expectations"

    def params(self, quarter: Quarter) -> Path:
        """What changes each quarter."""
        return self.office / "params" / f"{quarter}.yml"

    def commentary(self, quarter: Quarter) -> Path:
        """The commentary of a quarter."""
        return self.office / "params" / f"{quarter}.md"

    def earlier_commentaries(self, quarter: Quarter) -> list[Path]:
        """The commentaries of the quarters before, the latest first."""
        return self._earlier(quarter, "md")

    def earlier_parameters(self, quarter: Quarter) -> list[Path]:
        """The parameters of the quarters before, the latest first."""
        return self._earlier(quarter, "yml")

    def _earlier(self, quarter: Quarter, kind: str) -> list[Path]:
        named = (path for path in (self.office / "params").glob(f"*.{kind}") if QUARTER_LABEL.fullmatch(path.stem))
        return sorted((path for path in named if path.stem < str(quarter)), reverse=True)

    def raw(self, quarter: Quarter) -> Path:
        """The suppliers' files as received."""
        return self.office / "data" / "raw" / str(quarter)

    def editions(self, quarter: Quarter) -> Path:
        """The manifests of the editions of a quarter that were replaced, by their numbers: 1.json ..."""
        return self.office / "data" / "editions" / str(quarter)

    def published(self, quarter: Quarter) -> Path:
        """The figures of a printed paper, for comparison only; most quarters have none."""
        return self.office / "data" / "published" / f"{quarter}.csv"

    def later(self, quarter: Quarter) -> Path:
        """What was recorded after a quarter that was projected then; most quarters have none."""
        return self.office / "data" / "recorded_later" / f"{quarter}.csv"

    @property
    def corrections(self) -> Path:
        """The corrections to raw figures of every quarter that everybody may read."""
        return self.office / "params" / CORRECTIONS

    def guarded_corrections(self, quarter: Quarter) -> Path:
        """The corrections to a quarter's guarded files: as little to be published as those files; most have none."""
        return self.raw(quarter) / CORRECTIONS

    @property
    def approvals(self) -> Path:
        """Who approved which pack."""
        return self.office / "params" / "approvals.yml"

    @property
    def reviews(self) -> Path:
        """What reviewers said, checked and signed of each pack; no input of any."""
        return self.office / "params" / "reviews.yml"

    @property
    def large_tables(self) -> Path:
        """Copies of large raw tables that are quick to count; no part of any record."""
        return self.office / "data" / "processed" / "large"

    @property
    def kept(self) -> Path:
        """What libraries remember from run to run; no part of any record."""
        return self.office / "data" / "processed" / KEPT

    def processed(self, quarter: Quarter) -> Path:
        """What the notebooks write for each other."""
        return self.office / "data" / "processed" / self._folder(quarter)

    def outputs(self, quarter: Quarter) -> Path:
        """The pack and the review copies."""
        return self.office / "outputs" / self._folder(quarter)

    def _folder(self, quarter: Quarter) -> str:
        return f"{quarter}{EMBARGOED if self.shows_embargoed else ''}"

    def quarters(self) -> list[str]:
        """Return the labels of the quarters that have a raw folder."""
        folders = (self.office / "data" / "raw").glob("*")
        return sorted(folder.name for folder in folders if folder.is_dir() and QUARTER_LABEL.fullmatch(folder.name))

    def reported(self, label: str) -> Quarter:
        """Return the quarter that a notebook reports: by its label, for '' the one that Q names, else the latest.

        A run gives every notebook its quarter; one that a reader opens has none. Raises UsageError for what is none.
        """
        return Quarter.parse(label or os.environ.get(QUARTER_ASKED_FOR) or max(self.quarters(), default=""))

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


def _named_office(named: str, folder: Path) -> Path:
    """Return the folder that OFFICE names. Raises UsageError unless an office is there."""
    office = Path(os.path.abspath(folder / Path(named).expanduser()))
    if has_plan(office):
        return office
    if office.is_dir():
        words = f"there is no {PLAN} in it, so it is no office's folder. Name the folder that has an office's params/."
    elif office.exists():
        words = "this is a file, expected the folder of an office. Name the folder that has an office's params/."
    else:
        words = f"there is no such folder in {folder}. Name the folder of an office, from there or in full."
    raise UsageError(f"{OFFICE}={named!r}: {words}")


def _office_around(folder: Path) -> Path:
    around = (folder, *folder.parents)
    for candidate in around:
        if has_plan(candidate):
            return candidate
    if any(lost_its_plan(candidate) for candidate in around):
        raise ConfigurationError(f"{PLAN}: there is no such file. Restore it (git checkout {PLAN}) or create it.")
    raise UsageError(
        f"{folder}: no {PLAN} here or above, so this is no project folder. "
        f"Go to the project's folder first, or name an office's with {OFFICE}=FOLDER."
    )


def counting_plan(office: Path, quarter: Quarter) -> Path:
    """Return the plan of an office's folder that counts for a quarter; as Project.plan."""
    first, dated = office / PLAN, _dated_plans(office / "params")
    begun = [start for start in dated if start <= quarter]
    if begun:
        return dated[max(begun)]
    if dated and not first.is_file():
        earliest = min(dated)
        raise ConfigurationError(
            f"{PLAN}: there is no such file, and the first plan, {shown(dated[earliest])}, begins after {quarter}. "
            f"Write the plan that counted before {earliest} as {PLAN}, or choose a later quarter."
        )
    return first


def _dated_plans(params: Path) -> dict[Quarter, Path]:
    """Return the plans that say from which quarter on they count. Raises ConfigurationError for other names."""
    dated, wrong = {}, []
    for path in sorted(params.glob("[Pp][Ll][Aa][Nn]*.[Yy]*[Mm][Ll]")):
        if parts := DATED_PLAN.fullmatch(path.name):
            dated[Quarter.parse(parts[1])] = path
        elif path.name != "plan.yml":
            wrong.append(path)
    if wrong:
        raise ConfigurationError(
            "\n".join(
                f"{shown(path)}: the name of a plan, found {path.name!r}, expected plan.yml or, for one that counts "
                "from a quarter on, plan-YYYYQn.yml. Rename the file, or move it out of params."
                for path in wrong
            )
        )
    return dated


def hashed(folder: Path, paths: Iterable[Path]) -> dict[str, dict]:
    """Return sha256 and bytes of each file, by its path below a folder, in order."""
    return {path.relative_to(folder).as_posix(): measured(path) for path in sorted(paths)}


def measured(path: Path) -> dict[str, str | int]:
    """Return sha256 and bytes of a file."""
    return {"sha256": digest(path), "bytes": path.stat().st_size}


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
