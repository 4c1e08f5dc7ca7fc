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
NOT_RECEIVED = "f" * 64  # no file has this checksum, so a quarter cannot run before its files are received


def _arrived(value: object) -> object:
    if value is None:
        raise PydanticCustomError(NOT_SET, "not received yet")
    return value


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Revision(Strict):
    """Why a supplier restated earlier periods: the rows by columns of the table's key, and the reason."""

    where: dict[str, str | list[str]] = Field(min_length=1)
    reason: str = Field(min_length=1)


class Described(Strict):
    """Where the values of a column of a reconstructed file come from, and how."""

    origin: Literal["printed", "official", "assumed"]
    how: str = Field(min_length=1)


class Derived(Strict):
    """What a file was cut or worked out from that is not here itself, and by what script or whom by role."""

    file: str = Field(min_length=1)
    sha256: Sha256
    by: str = Field(min_length=1)


class Source(Strict):
    """What is known of one raw file, or of the files of one table. A reconstructed one's columns are described.

    sha256: of the file; where the plan names files by a pattern, of each by its name. rows: how many were received,
    written beside the checksum by make receive where something of the table may be shown.
    """

    table: str
    supplier: str
    received: Annotated[Day, BeforeValidator(_arrived)] = Field(description="the day on which it came")
    licence: str = Field(default="", description="by default that of the table's preset")
    sensitivity: Literal["public", "internal", "embargoed"]
    embargoed_until: DayOrNone = None
    reconstructed: bool
    basis: str = ""
    columns: dict[str, Described] = {}
    sha256: str | dict[str, str] = NOT_RECEIVED
    rows: int | None = Field(default=None, ge=0)
    derived_from: Derived | None = None
    revisions: list[Revision] = []

    @field_validator("sha256")
    @classmethod
    def _checksums(cls, given: str | dict[str, str] | None) -> str | dict[str, str] | None:
        for checksum in given.values() if isinstance(given, dict) else filter(None, [given]):
            if not re.fullmatch("[0-9a-f]{64}", checksum):
                raise ValueError(f"{checksum!r} is no sha256, expected 64 digits of 0 to 9 and a to f")
        return given


class Sources(Strict):
    """data/raw/<quarter>/sources.yml: what is known of each file, by its name or pattern in the plan."""

    files: dict[str, Source]

    @property
    def checksums(self) -> dict[str, str]:
        """The checksum of each file by its name."""
        checksums: dict[str, str] = {}
        for name, source in self.files.items():
            checksums |= {name: source.sha256} if isinstance(source.sha256, str) else source.sha256
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
            if source.reconstructed and not source.basis:
                yield ("files", name), f"{name}: a reconstructed file needs a basis. Say what it was made from."


def find_misplaced(files: Mapping[str, Source]) -> Iterator[Mistake]:
    """Yield the names, or patterns, that are none of files in the folder of sources.yml."""
    for name, source in files.items():
        yield from ((("files", name), words) for words in find_name_mistakes(name))
        for file in source.sha256 if isinstance(source.sha256, dict) else ():
            yield from ((("files", name, "sha256", file), words) for words in find_name_mistakes(file))


def load_sources(folder: Path, meeting: date | None = None, not_supplied: Collection[str] = ()) -> Sources:
    """Read sources.yml of a raw folder. Raises ConfigurationError.

    meeting: the day of the meeting, after which no file of its pack can have come. not_supplied: tables whose files
    are awaited or come no more: their entries, of which much is still to be written, are left out.
    """

    def find_mistakes(sources: Sources) -> Iterator[Mistake]:
        yield from sources.find_mistakes()
        for name, source in sources.files.items():
            if meeting and source.received > meeting:
                late = f"{date_words(source.received)}, after the meeting on {date_words(meeting)}"
                yield (
                    ("files", name, "received"),
                    f"{name}: received on {late}. Correct the day; or, if it had not come by then, say so under "
                    "availability in the parameters (awaited) and take the file out.",
                )

    def keep(data: object) -> object:
        files = data.get("files") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(files, dict):
            return data
        left_out = {n for n, entry in files.items() if isinstance(entry, dict) and entry.get("table") in not_supplied}
        return data | {"files": {name: entry for name, entry in files.items() if name not in left_out}}

    return load(folder / SOURCES_FILE, Sources, find_mistakes, keep=keep)
