"""Where each raw file of a quarter comes from: the shape of data/raw/<quarter>/sources.yml."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from panelpack.config.strict_yaml import Mistake, Strict, load

SOURCES_FILE = "sources.yml"


class Revision(Strict):
    """Why a supplier restated earlier periods: the rows by columns of the table's key, and the reason."""

    where: dict[str, str | list[str]] = Field(min_length=1)
    reason: str = Field(min_length=1)


class Described(Strict):
    """Where the values of a column of a reconstructed file come from, and how."""

    origin: Literal["printed", "official", "assumed"]
    how: str = Field(min_length=1)


class Source(Strict):
    """What is known of one raw file. The columns of a reconstructed one are described one by one."""

    table: str
    supplier: str
    received: date
    licence: str
    sensitivity: Literal["public", "internal", "embargoed"]
    embargoed_until: date | None = None
    reconstructed: bool
    basis: str = ""
    columns: dict[str, Described] = {}
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    revisions: list[Revision] = []


class Sources(Strict):
    """data/raw/<quarter>/sources.yml."""

    files: dict[str, Source]

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
        """Yield what contradicts itself inside the file."""
        for name, source in self.files.items():
            if (source.sensitivity == "embargoed") != (source.embargoed_until is not None):
                yield ("files", name), f"{name}: the sensitivity 'embargoed' and embargoed_until belong together."
            if source.reconstructed and not source.basis:
                yield ("files", name), f"{name}: a reconstructed file needs a basis. Say what it was made from."


def load_sources(folder: Path) -> Sources:
    """Read sources.yml of a raw folder. Raises ConfigurationError."""
    return load(folder / SOURCES_FILE, Sources)
