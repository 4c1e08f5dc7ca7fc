"""Which packs an atlas is to have: what a person types, read and held to what can be."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from panelpack.atlas.store import slug
from panelpack.errors import ConfigurationError, UsageError
from panelpack.intake.published_table import PublishedTable
from panelpack.periods import Quarter, parse_year, year_label
from panelpack.pipeline.scheduler import cores
from panelpack.project import Project

FOLDER = "outputs/atlas"
EXAMPLE = "make atlas DATA=FILE Q=YYYYQn..YYYYQn"
QUARTERS_FORM = "YYYYQn, a span YYYYQn..YYYYQn, or several of them with commas between"
WITHIN = ".."  # between the first and the last quarter of a span
MOST_QUARTERS = 200  # half a century; more is a slip of the keyboard
ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d+")


@dataclass(frozen=True)
class AtlasOrder:
    """The atlas that is asked for.

    forces, baseline, release: as typed, '' for the usual. jobs: how many packs are made at once. scheduler: the address
    of a Dask scheduler, '' for one of its own. measures: a list of measures, or None for the list that is shipped.
    """

    data: Path
    quarters: tuple[Quarter, ...]
    folder: Path
    jobs: int
    forces: str = ""
    baseline: str = ""
    release: str = ""
    scheduler: str = ""
    measures: Path | None = None


def read_order(software: Project, given: Mapping[str, str]) -> AtlasOrder:
    """Return the order from what was given, by the name that make knows it by.

    Raises UsageError for what is missing, and for what is no quarter, year, address or number of processes.
    """
    said = {name: text.strip() for name, text in given.items()}
    if not said["DATA"]:
        raise UsageError(f"DATA is missing: expected the file of the official table. Type {EXAMPLE}")
    return AtlasOrder(
        data=Path(said["DATA"]).expanduser(),
        quarters=read_quarters(said["Q"]),
        folder=folder_of(software, said["TO"]),
        jobs=cores(),
        forces=said["FORCES"],
        baseline=_read_baseline(said["BASELINE"]),
        release=read_release(said["RELEASE"]),
        scheduler=read_address(said["SCHEDULER"]),
        measures=Path(said["MEASURES"]).expanduser() if said["MEASURES"] else None,
    )


def read_quarters(text: str) -> tuple[Quarter, ...]:
    """Return the quarters of 'YYYYQn', 'YYYYQn..YYYYQn' or several of them with commas, in order, each once.

    Raises UsageError.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise UsageError(f"Q is missing: expected {QUARTERS_FORM}. Type {EXAMPLE}")
    found: set[Quarter] = set()
    for part in parts:
        ends = [end.strip() for end in part.split(WITHIN)]
        try:
            first, last = Quarter.parse(ends[0]), Quarter.parse(ends[-1])
        except UsageError:
            raise UsageError(f"Q={text!r}: found {part!r}, expected {QUARTERS_FORM}. Correct it.") from None
        if len(ends) > 2:
            raise UsageError(f"Q={text!r}: found {part!r}, expected {QUARTERS_FORM}. Correct it.")
        if last < first:
            raise UsageError(
                f"Q={text!r}: {first} comes after {last}, expected the earlier one first. Turn them round."
            )
        quarter = first
        while quarter <= last:
            found.add(quarter)
            if len(found) > MOST_QUARTERS:
                raise UsageError(
                    f"Q={text!r}: more than {MOST_QUARTERS} quarters, expected fewer. Name a shorter span."
                )
            quarter = quarter.shift(1)
    return tuple(sorted(found))


def chosen_forces(order: AtlasOrder, table: PublishedTable) -> tuple[str, ...]:
    """Return the forces that are asked for, as the table names them, in the table's order; without FORCES all of them.

    A name of the table may have a comma in it, so as many parts as make one are taken together. Raises UsageError for
    a force that the table does not have.
    """
    if not order.forces:
        return tuple(table.forces)
    parts = [part.strip() for part in order.forces.split(",") if part.strip()]
    found, place = set(), 0
    while place < len(parts):
        lengths = range(len(parts) - place, 0, -1)
        length = next((n for n in lengths if ", ".join(parts[place : place + n]) in table.forces), 1)
        try:
            found.add(table.force(", ".join(parts[place : place + length])))
        except UsageError as error:
            raise UsageError(str(error).replace("FORCE=", "FORCES=", 1)) from None
        place += length
    return tuple(force for force in table.forces if force in found)


def chosen_baseline(order: AtlasOrder, table: PublishedTable) -> str:
    """Return the financial year that is compared with; by default the first of which the table has all quarters.

    Raises UsageError where it has no whole year.
    """
    if order.baseline:
        return order.baseline
    quarters = set(table.rows[table.spec.period_column].unique())
    for year in sorted({Quarter.parse(label).year for label in quarters}):
        if all(str(Quarter(year, number)) in quarters for number in range(1, 5)):
            return year_label(year)
    raise UsageError(
        f"DATA={str(order.data)!r}: it has no whole financial year to compare with, expected four quarters of one. "
        "Give a longer table."
    )


def folder_of(software: Project, to: str) -> Path:
    """Return the folder of atlases. Raises UsageError where a file has its name."""
    folder = Path(to).expanduser().absolute() if to else software.root / FOLDER
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"TO={to!r}: this is a file, expected a folder. Name another.")
    return folder


def read_release(text: str) -> str:
    """Return the name of a release as typed. Raises UsageError for one without a letter or a digit."""
    if text and not slug(text):
        raise UsageError(f"RELEASE={text!r}: expected a name with a letter or a digit. Correct it.")
    return text


def read_address(text: str) -> str:
    """Return the address of a scheduler as typed. Raises UsageError for what is none."""
    if text and not ADDRESS.fullmatch(text):
        raise UsageError(f"SCHEDULER={text!r}: expected an address such as tcp://HOST:8786. Correct or remove it.")
    return text


def read_number(name: str, text: str, usual: int, least: int) -> int:
    """Return a whole number as typed, or the usual one. Raises UsageError for another or one below `least`."""
    text = text or str(usual)
    if not text.isdecimal() or int(text) < least:
        raise UsageError(f"{name}={text!r}: expected a whole number from {least}. Correct or remove it.")
    return int(text)


def titles(forces: Sequence[str]) -> dict[str, str]:
    """Return each force by the name of its folder. Raises UsageError where two would share one."""
    named: dict[str, str] = {}
    for force in forces:
        if (other := named.setdefault(slug(force), force)) != force:
            raise UsageError(
                f"DATA: the forces {other!r} and {force!r} would share the folder {slug(force)!r}, expected names that "
                "differ in letters or digits. Choose one of them with FORCES=."
            )
    return named


def _read_baseline(text: str) -> str:
    if not text:
        return ""
    try:
        return year_label(parse_year(text))
    except ConfigurationError as error:
        raise UsageError(f"BASELINE={str(error).removesuffix('.')}. Write it as in 2022/23.") from None
