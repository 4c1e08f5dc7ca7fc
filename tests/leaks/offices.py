"""The offices that are here, found by looking; copies of them to plant in; and what may not be shown of each."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

import yaml

import running
from leaks.planted import Table
from leaks.search import SHORT, Planted
from planting import in_words

ATLASES = "outputs/atlas"  # where packs of all forces lie, an office's folder each, if somebody made them here
RELEASED = ("embargoed", "suppressed")  # by a release_date; what is redacted by none
NOT_THERE = ("awaited", "discontinued")  # and of these there is no file
STATUSES = ("embargoed", "suppressed", "redacted")  # of each of these nothing may be shown


def find_offices(root: Path = running.ROOT) -> list[Path]:
    """Return the folder of every office in this repository: of each that has a plan among the files in git.

    With them go the packs of atlases, which are in no git: of each force of a release the latest.
    """
    plans = [path for path in _in_git(root) if path.parent.name == "params" and path.match("plan*.yml")]
    return sorted({path.parents[1] for path in plans} | {*find_packs(root / ATLASES)})


def find_packs(atlases: Path) -> list[Path]:
    """Return the office's folder of the latest pack of each force, in the store of each release."""
    latest = {path.parents[2]: path.parents[1] for path in sorted(atlases.glob("*/*/*/params/plan.yml"))}
    return sorted(latest.values())


def _in_git(folder: Path = running.ROOT) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", str(folder)], cwd=running.ROOT, capture_output=True, check=True)
    return [running.ROOT / name for name in listed.stdout.decode().split("\0") if name]


def _files_of(office: Path) -> list[Path]:
    """Return the files of an office that is no software of its own: those in git, else what a pack is made from."""
    made_from = (path for name in ("params", "data/raw") for path in sorted((office / name).rglob("*")))
    in_git = _in_git(office) if office.is_relative_to(running.ROOT) else []
    return in_git or [path for path in made_from if path.is_file()]


def name_of(office: Path) -> str:
    """Return the name of an office's folder, as a person types it from the repository's."""
    return office.relative_to(running.ROOT).as_posix()


def quarters_of(office: Path) -> list[str]:
    """Return the quarters that an office reports on, in their order."""
    folders = {path.name for path in (office / "data" / "raw").iterdir() if path.is_dir()}
    return sorted(name for name in folders if (office / "params" / f"{name}.yml").exists())


@dataclass(frozen=True)
class OfficeCopy:
    """A copy of an office to plant in. root: where it is run; office: its folder, that one or another."""

    root: Path
    office: Path
    quarter: str

    @classmethod
    def make(cls, office: Path, quarter: str, to: Path) -> "OfficeCopy":
        """Copy an office; one that is no folder of its own beside the software with that, so that it is its own."""
        is_beside = office not in (running.ROOT, running.OFFICE)
        folder = to / "office" if is_beside else to
        names = [*running.CODE, "params", "data", "expectations"] if office == running.ROOT else ["."]
        files = _files_of(office) if is_beside else [path for name in names for path in _in_git(office / name)]
        for path in files:
            target = folder / path.relative_to(office)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        if office == running.OFFICE:
            running.copy_project(to)
        return cls(running.ROOT if is_beside else to, folder, quarter)

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run a command for this office."""
        return running.run(self.root, *arguments, env={"OFFICE": str(self.office)})

    @property
    def drops(self) -> list[str]:
        """The quarter and the one before, whichever are there: the files that its pack is made from."""
        number, year = int(self.quarter[5]), int(self.quarter[:4])
        before = f"{year}Q{number - 1}" if number > 1 else f"{year - 1}Q4"
        return [drop for drop in (before, self.quarter) if (self.office / "data" / "raw" / drop).is_dir()]

    def parameters(self, quarter: str) -> dict:
        """Return what the parameters of a quarter say."""
        return yaml.safe_load((self.office / "params" / f"{quarter}.yml").read_text(encoding="utf-8"))

    def _plan(self, quarter: str) -> dict:
        dated = sorted((self.office / "params").glob("plan-*.yml"))
        begun = [path for path in dated if path.stem.removeprefix("plan-") <= quarter]
        return yaml.safe_load((begun[-1] if begun else self.office / "params/plan.yml").read_text(encoding="utf-8"))

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables of the quarter's plan."""
        plan = self._plan(self.quarter)
        presets = {path.stem: path for path in (running.ROOT / "params" / "layouts").glob("*.yml")}
        bases = {of for series in plan["series"].values() if isinstance(of := series.get("base"), str)}
        tables = {}
        for name, entry in plan["tables"].items():
            preset = presets.get(entry.get("preset"))
            read = yaml.safe_load(preset.read_text(encoding="utf-8")) if preset else {}
            tables[name] = Table(name, entry, read, bases)
        return tables

    def picks(self, table: str) -> dict[str, dict]:
        """Return by which categories each series of a table picks its rows, but for those added up as the plan says."""
        every = self._plan(self.quarter)["series"].items()
        of_table = {name: series for name, series in every if series["table"] == table}
        return {name: series.get("where", {}) for name, series in of_table.items() if "by" not in series}

    @property
    def read_tables(self) -> list[str]:
        """The tables that a series reads: to withhold one of them changes what the pack says."""
        read = {series["table"] for series in self._plan(self.quarter)["series"].values()}
        return [name for name in self.tables if name in read]

    def withheld(self) -> dict[str, str]:
        """Return the status of each table of which nothing may be shown at the quarter's meeting."""
        said = self.parameters(self.quarter)
        return {
            table: entry["status"]
            for table, entry in said.get("availability", {}).items()
            if entry["status"] in STATUSES and not _is_over(entry, said["meeting_date"])
        }

    def withhold(self, statuses: dict[str, str]) -> None:
        """Withhold tables at the meetings of the quarter and of the one before, and have no text name a figure.

        Their suites go: what is planted adds up to no total.
        """
        for table in statuses:
            (self.office / "expectations" / f"{table}.json").unlink(missing_ok=True)
        for quarter in (drop for drop in self.drops if (self.office / "params" / f"{drop}.yml").exists()):
            in_words(SimpleNamespace(root=self.office), quarter)
            said = self.parameters(quarter)
            known = said.get("availability", {})
            said["availability"] = known | {
                table: _entry(status, said["meeting_date"])
                for table, status in statuses.items()
                if known.get(table, {}).get("status") not in NOT_THERE
            }
            for key in ("answers", "next_steps"):  # of figures that are not there now
                said.pop(key, None)
            _write(self.office / "params" / f"{quarter}.yml", said)
            self._label(quarter, statuses, said["meeting_date"])

    def _label(self, drop: str, statuses: dict[str, str], meeting: date) -> None:
        """Have sources.yml say of a drop's embargoed tables what the parameters say."""
        path = self.office / "data" / "raw" / drop / "sources.yml"
        sources = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in sources["files"].values():
            if entry["table"] in statuses:
                entry.pop("embargoed_until", None)
                entry["sensitivity"] = "internal"
            if statuses.get(entry["table"]) == "embargoed":
                entry |= {"sensitivity": "embargoed", "embargoed_until": meeting + timedelta(days=1)}
        _write(path, sources)

    def hidden(self) -> list[str]:
        """The tables of which no cell may be shown: those withheld, and those about persons."""
        withheld = self.withheld()
        return [name for name, table in self.tables.items() if name in withheld or table.is_about_persons]

    def plant(self, turn: int = 0) -> Planted:
        """Plant in every cell of every table of which no cell may be shown, in all drops; other values in each turn.

        In the first turn a table withheld has other rows too: how many may be told no more than what stands in them.
        """
        planted = Planted()
        for drop in self.drops:
            for path, name in self.files(drop):
                table = self.tables[name]
                other_rows = turn == 0 and not table.is_about_persons
                planted |= table.plant(path, drop, turn=turn, other_rows=other_rows)
        return planted

    def salts(self) -> Planted:
        """Return what the salts of guarded files begin with: whoever has one can guess what it keeps."""
        found = Planted()
        for path in (self.office / "data" / "raw").rglob("*.salt"):
            found.checksums[path.read_text(encoding="utf-8")[:SHORT]] = f"the salt {path.name}"
        return found

    def files(self, drop: str) -> Iterator[tuple[Path, str]]:
        """Yield each file of a drop whose cells may not be shown, and its table."""
        folder, hidden = self.office / "data" / "raw" / drop, self.hidden()
        sources = yaml.safe_load((folder / "sources.yml").read_text(encoding="utf-8"))["files"]
        for pattern, entry in sources.items():
            if entry["table"] in hidden:
                yield from ((path, entry["table"]) for path in sorted(folder.glob(pattern)))


def _write(path: Path, said: dict) -> None:
    path.write_text(yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=1000), encoding="utf-8")


def _is_over(entry: dict, meeting: date) -> bool:
    return entry["status"] in RELEASED and entry.get("release_date") is not None and entry["release_date"] <= meeting


def _entry(status: str, meeting: date) -> dict:
    """Return why a table is withheld; an embargo ends on the day after the meeting."""
    more = {
        "embargoed": {"release_date": meeting + timedelta(days=1)},
        "redacted": {"by": "Chief Executive", "until": "the trial has ended"},
    }
    return {"status": status, "reason": "The supplier asks for it.", **more.get(status, {})}


def variants(tables: list[str]) -> list[dict[str, str]]:
    """Return which table has which status in each of three runs: every status once, and each on another table."""
    ways = (*STATUSES, "") if len(tables) > len(STATUSES) else STATUSES
    return [
        {table: status for place, table in enumerate(tables) if (status := ways[(place + turn) % len(ways)])}
        for turn in range(len(STATUSES))
    ]
