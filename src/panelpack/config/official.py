"""What forces are compared by: which offences a series counts, and what is known of the official table by force.

The shapes of `official:` of a series in the plan, and of data/comparators/offences.yml and made_from.yml.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from panelpack.config.day import Day
from panelpack.config.period_types import Label, Month
from panelpack.config.strict_yaml import Mistake, Strict, load
from panelpack.formats import listed
from panelpack.periods import Quarter, shift_month

ALL = "all"


class OfficialOffences(Strict):
    """The rows of the official table that are counted: of these groups and these subgroups; of neither every one."""

    groups: tuple[str, ...] = ()
    subgroups: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _every_offence(cls, given: object) -> object:
        """Read `all` as every offence, and refuse the empty mapping, which says nothing."""
        if given == ALL:
            return {}
        if isinstance(given, str) or (isinstance(given, dict) and not given):
            raise ValueError(f"found {given!r}, expected {ALL}, or groups or subgroups of the official table")
        return given

    @property
    def is_all(self) -> bool:
        """Whether it is every offence."""
        return not self.groups and not self.subgroups

    def counts(self, kind: str) -> bool:
        """Whether offences of a kind, written 'Group: Subgroup', are counted."""
        group, _, subgroup = kind.partition(": ")
        return self.is_all or group in self.groups or subgroup in self.subgroups

    def kinds(self, every: Iterable[str]) -> list[str]:
        """Return those of all kinds of offences that are counted."""
        return [kind for kind in every if self.counts(kind)]

    def unknown(self, every: Iterable[str]) -> list[str]:
        """Return the groups and subgroups that no kind of the table has."""
        kinds = [kind.partition(": ") for kind in every]
        groups, subgroups = {group for group, _, _ in kinds}, {subgroup for _, _, subgroup in kinds}
        return [
            *(name for name in self.groups if name not in groups),
            *(n for n in self.subgroups if n not in subgroups),
        ]

    @property
    def words(self) -> str:
        """What is counted, as the table calls it."""
        return "all offences" if self.is_all else listed([*self.groups, *self.subgroups])


def or_all(schema: dict[str, Any]) -> None:
    """Let the JSON Schema of a key that takes offences take the word `all`, too."""
    schema["anyOf"].insert(0, {"enum": [ALL], "type": "string"})


class LeftOut(Strict):
    """Offences that forces did not record all the time, so that no comparison counts them, and why."""

    subgroups: tuple[str, ...]
    reason: str


class Caution(Strict):
    """What a reader must know of a comparison of these offences."""

    groups: tuple[str, ...] = ()
    subgroups: tuple[str, ...] = ()
    words: str


class DeclaredBreak(Strict):
    """From the quarter `first` on, subgroups count something else than before: why, and who says so.

    moves_within: whether offences only moved from one of the subgroups to another, so that together they still count
    the same.
    """

    subgroups: tuple[str, ...] = Field(min_length=1)
    first: Label = Field(alias="from")
    reason: str
    source: str = Field(min_length=1)
    moves_within: bool = False


class Accepted(Strict):
    """A force's quarter that has fewer kinds of offences than others', and why it may be compared all the same."""

    force: str
    quarter: Label
    reason: str


class Release(Strict):
    """The official table that the figures of all forces were taken from.

    released_after_months: how long after a quarter's last month its figures are published, counted in whole months.
    """

    title: str
    release: str
    licence: str
    released_after_months: int = Field(ge=0)
    acknowledgement: str

    def is_released(self, quarter: str, day: date) -> bool:
        """Whether the figures of a quarter had been published before the month of a day."""
        published = shift_month(Quarter.parse(quarter).months[-1], self.released_after_months)
        return published < day.isoformat()[:7]


class Columns(Strict):
    """What the publisher calls each column of the table."""

    year: str
    number: str
    force: str
    description: str
    group: str
    subgroup: str
    code: str
    offences: str


class Vintage(Strict):
    """Residents or households of every force on one day: the column that has them, and since when they are known."""

    column: str
    words: str
    day: Day
    known_from: Month


class ComparatorTable(Strict):
    """data/comparators/offences.yml: the table, the heads of its columns, and what must be known to compare by it."""

    source: Release
    columns: Columns
    residents_source: str = Field(min_length=1, description="who published residents and households, and the licence")
    residents: tuple[Vintage, ...] = Field(min_length=1)
    households: tuple[Vintage, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    per_household: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()
    breaks: tuple[DeclaredBreak, ...] = ()
    accepted: tuple[Accepted, ...] = ()

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield cautions that are of nothing."""
        for place, caution in enumerate(self.cautions):
            if not caution.groups and not caution.subgroups:
                yield ("cautions", place), "it names neither groups nor subgroups. Name what it is of."

    def is_per_household(self, official: OfficialOffences) -> bool:
        """Whether the offences are ones of homes, so that a rate is per household."""
        return bool(official.subgroups) and not official.groups and set(official.subgroups) <= set(self.per_household)

    def cautions_of(self, kinds: Iterable[str]) -> list[str]:
        """Return what must be known of these kinds of offences, where all of them are of what it is said of."""
        of = [kind.partition(": ") for kind in kinds]
        return [
            caution.words
            for caution in self.cautions
            if of and all(group in caution.groups or subgroup in caution.subgroups for group, _, subgroup in of)
        ]

    def why_left_out(self, kind: str) -> str:
        """Return why no comparison counts a kind of offences; '' where it is counted."""
        subgroup = kind.partition(": ")[2]
        return next((one.reason for one in self.left_out if subgroup in one.subgroups), "")


class ComparatorsMadeFrom(Strict):
    """What the tables of comparators were made from, and what they are: sha256 by file.

    sources: of each file of the official table, by its name; inputs: of offences.yml and the table of residents;
    tables: of each table written.
    """

    sources: dict[str, str]
    inputs: dict[str, str]
    tables: dict[str, str]


OFFENCES_FILE, RESIDENTS_FILE, COMPARATORS_MADE_FROM = "offences.yml", "residents_by_force.csv", "made_from.yml"
COMPARATORS_INPUTS = (OFFENCES_FILE, RESIDENTS_FILE)


def load_comparator_table(folder: Path) -> ComparatorTable:
    """Read offences.yml of the folder data/comparators. Raises ConfigurationError with file and line."""
    return load(folder / OFFENCES_FILE, ComparatorTable)


def load_comparators_made_from(folder: Path) -> ComparatorsMadeFrom:
    """Read made_from.yml of the folder data/comparators. Raises ConfigurationError with file and line."""
    return load(folder / COMPARATORS_MADE_FROM, ComparatorsMadeFrom)


def release_of(folder: Path, checksum: str) -> str:
    """Return the release whose tables lie in the folder data/comparators, if a file is one of those; else ''."""
    if not (folder / COMPARATORS_MADE_FROM).is_file():
        return ""
    is_of_it = checksum in load_comparators_made_from(folder).sources.values()
    return load_comparator_table(folder).source.release if is_of_it else ""


def official_text(official: OfficialOffences) -> Any:
    """Return `official:` as a plan has it."""
    if official.is_all:
        return ALL
    return {name: list(value) for name, value in official.model_dump().items() if value}
