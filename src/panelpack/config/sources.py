"""Where each raw file of a quarter comes from: the shape of data/raw/<quarter>/sources.yml."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator
from pydantic_core import PydanticCustomError

from panelpack.config.day import NOT_SET, Day, DayOrNone
from panelpack.config.strict_yaml import Mistake, Strict, load
from panelpack.config.supplied_table import find_name_mistakes
from panelpack.periods import date_words

SOURCES_FILE = "sources.yml"
RELEASE_WORDS = "which release of its publisher's it is: its month and year"
NOT_RECEIVED = "f" * 64  # no file has this checksum, so a quarter cannot run before its files are received


def _arrived(value: object) -> object:
    if value is None:
        raise PydanticCustomError(NOT_SET, "not received yet")
    return value


def _named(value: object) -> object:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise PydanticCustomError(NOT_SET, "not set yet", {"write": RELEASE_WORDS})
    return value


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Digests = str | dict[str, str]  # of a file; where the plan names files by a pattern, of each by its name


class Revision(Strict):
    """Why a supplier restated earlier periods: the rows by columns of the table's key, and the reason."""

    where: dict[str, str | list[str]] = Field(min_length=1)
    reason: str = Field(min_length=1)


class Described(Strict):
    """Where the values of a column of a reconstructed file come from, and how."""

    origin: Literal["printed", "official", "assumed"]
    how: str = Field(min_length=1)


class Derived(Strict):
    """What a file was cut or worked out from that is not here itself, and by what script or whom by role.

    sha256: of that file; none for a guarded one, whose rows the other has too.
    """

    file: str = Field(min_length=1)
    sha256: Sha256 | None = None
    by: str = Field(min_length=1)

    @property
    def named(self) -> str:
        """The file, with how its checksum begins where that may be told."""
        return f"{self.file} (sha256 {self.sha256[:12]})" if self.sha256 else self.file


class Source(Strict):
    """What is known of one raw file, or of the files of one table. A reconstructed one's columns are described.

    sha256: of the file; where the plan names files by a pattern, of each by its name. rows: how many were received,
    written beside the checksum by make receive where something of the table may be shown. keyed_sha256: in the place of
    both for a guarded file (guarded.py), of which a plain hash or a size would give small figures away: its
    HMAC-SHA256, whose key is the salt beside the file.
    """

    table: str
    supplier: str
    received: Annotated[Day, BeforeValidator(_arrived)] = Field(description="the day on which it came")
    release: Annotated[str, BeforeValidator(_named)] = Field(
        default="", description="which release of its publisher's it is, where that revises earlier figures in releases"
    )
    licence: str = Field(default="", description="by default that of the table's preset")
    acknowledgement: str = Field(
        default="", description="what its licence asks to be said; by default that of the table's preset"
    )
    sensitivity: Literal["public", "internal", "embargoed"]
    embargoed_until: DayOrNone = None
    reconstructed: bool
    basis: str = ""
    columns: dict[str, Described] = {}
    sha256: Digests = NOT_RECEIVED
    keyed_sha256: Digests | None = None
    rows: int | None = Field(default=None, ge=0)
    derived_from: Derived | None = None
    revisions: list[Revision] = []

    @field_validator("sha256", "keyed_sha256")
    @classmethod
    def _checksums(cls, given: Digests | None) -> Digests | None:
        for checksum in given.values() if isinstance(given, dict) else filter(None, [given]):
            if not re.fullmatch("[0-9a-f]{64}", checksum):
                raise ValueError(f"{checksum!r} is no sha256, expected 64 digits of 0 to 9 and a to f")
        return given

    @property
    def is_keyed(self) -> bool:
        """Whether the file is recorded by a keyed hash."""
        return self.keyed_sha256 is not None

    @property
    def digests(self) -> Digests | None:
        """What is recorded of the file, or of each: the keyed hash where there is one, else the plain."""
        return self.keyed_sha256 if self.keyed_sha256 is not None else self.sha256

    @property
    def gives_away(self) -> list[str]:
        """The keys that stand here and let somebody who guesses the file see that the guess is right."""
        derived = self.derived_from.sha256 if self.derived_from else None
        given = {"sha256": self.sha256 not in (None, NOT_RECEIVED, {}), "rows": self.rows is not None}
        return [key for key, stands in (given | {"derived_from.sha256": derived is not None}).items() if stands]


class Sources(Strict):
    """data/raw/<quarter>/sources.yml: what is known of each file, by its name or pattern in the plan."""

    files: dict[str, Source]

    @property
    def checksums(self) -> dict[str, str]:
        """The checksum of each file by its name, keyed or plain."""
        checksums: dict[str, str] = {}
        for name, source in self.files.items():
            digests = source.digests or {}
            checksums |= {name: digests} if isinstance(digests, str) else digests
        return checksums

    @property
    def by_table(self) -> dict[str, Source]:
        """What is known of each table's file."""
        return {source.table: source for source in self.files.values()}

    @property
    def reconstructed(self) -> frozenset[str]:
        """The tables whose files were reconstructed rather than received."""
        return frozenset(source.table for source in self.files.values() if source.reconstructed)

    @property
    def origins(self) -> dict[tuple[str, str], str]:
        """Where each column of the reconstructed tables is from, by table and column."""
        return {
            (source.table, column): described.origin
            for source in self.files.values()
            for column, described in source.columns.items()
        }

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield names that are none of files in the folder, and what contradicts itself inside the file."""
        yield from find_misplaced(self.files)
        for name, source in self.files.items():
            if (source.sensitivity == "embargoed") != (source.embargoed_until is not None):
                yield ("files", name), f"{name}: the sensitivity 'embargoed' and embargoed_until belong together."
            if source.is_keyed and (given := source.gives_away):
                words = f"{name}: {' and '.join(given)} beside keyed_sha256 would let the file be guessed. Remove it."
                yield ("files", name), words
            if not source.is_keyed and source.derived_from and source.derived_from.sha256 is None:
                yield ("files", name, "derived_from"), f"{name}: derived_from has no sha256 of that file. Add it."
            if source.reconstructed and not source.basis:
                yield ("files", name), f"{name}: a reconstructed file needs a basis. Say what it was made from."


def find_misplaced(files: Mapping[str, Source]) -> Iterator[Mistake]:
    """Yield the names, or patterns, that are none of files in the folder of sources.yml."""
    for name, source in files.items():
        yield from ((("files", name), words) for words in find_name_mistakes(name))
        for file in source.digests if isinstance(source.digests, dict) else ():
            at = ("files", name, "keyed_sha256" if source.is_keyed else "sha256", file)
            yield from ((at, words) for words in find_name_mistakes(file))


def new_edition(quarter: object) -> str:
    """Say what to type for what came after a pack was approved."""
    return f"make a new edition: make reissue Q={quarter} REASON=... DAY=..."


def load_sources(
    folder: Path, day: date | None = None, not_supplied: Collection[str] = (), in_releases: Collection[str] = ()
) -> Sources:
    """Read sources.yml of a raw folder. Raises ConfigurationError.

    day: that of the edition, after which no file of its pack can have come. not_supplied: tables whose files
    are awaited or come no more: their entries, of which much is still to be written, are left out. in_releases: tables
    whose publisher revises earlier figures, of which each must say which release it is.
    """

    def find_mistakes(sources: Sources) -> Iterator[Mistake]:
        yield from sources.find_mistakes()
        for name, source in sources.files.items():
            if source.table in in_releases and not source.release:
                words = f"{name}: release is missing, and its publisher revises earlier figures with each. Write"
                yield ("files", name), f"{words} {RELEASE_WORDS}."
            if day and source.received > day:
                late = f"{date_words(source.received)}, after the day of the edition, {date_words(day)}"
                yield (
                    ("files", name, "received"),
                    f"{name}: received on {late}. Correct the day; or, if it had not come by then, say so under "
                    "availability in the parameters (awaited) and take the file out. If the pack was approved before, "
                    f"{new_edition(folder.name)}",
                )

    def keep(data: object) -> object:
        files = data.get("files") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(files, dict):
            return data
        left_out = {n for n, entry in files.items() if isinstance(entry, dict) and entry.get("table") in not_supplied}
        return data | {"files": {name: entry for name, entry in files.items() if name not in left_out}}

    return load(folder / SOURCES_FILE, Sources, find_mistakes, keep=keep)
