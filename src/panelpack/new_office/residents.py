"""How many people live in a force's area: the shipped table, and which of its days a rate is per.

The table is data/new_office/residents_by_force.csv; the preset population_by_force says of which day each column is.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date

from panelpack.config.presets import load_presets
from panelpack.errors import ConfigurationError
from panelpack.formats import number
from panelpack.periods import Quarter, last_day
from panelpack.project import Project

PRESET = "population_by_force"
FILE = "residents.csv"
FEWEST = 100_000  # in an area with fewer, most who may be victims live elsewhere
KNOWN_AFTER_DAYS = 365  # it takes about a year until a mid-year estimate is published


@dataclass(frozen=True)
class Residents:
    """The residents of a force's area. day: of which a rate is per. content: the table cut to the force."""

    day: date
    count: int
    content: bytes
    source: bytes

    @property
    def too_few(self) -> str:
        """Why a rate would say nothing, in words; '' where it says something."""
        if self.count >= FEWEST:
            return ""
        return f"the area has {number(self.count)} residents, and many more who are there by day"


def read_residents(software: Project, force: str, quarter: Quarter) -> Residents:
    """Return the residents of a force on the latest day that was known by a quarter.

    One day serves every period: the estimates of different days were made in different ways. Raises ConfigurationError
    for a force that the shipped table does not have, and for a quarter before its first day was known.
    """
    path = software.residents_by_force
    source = path.read_bytes()
    lines = list(csv.reader(io.StringIO(source.decode("utf-8"))))
    heads, row = lines[0], next((line for line in lines[1:] if line[0] == force), None)
    if row is None:
        raise ConfigurationError(f"{path.name}: it has no {force!r}, expected the force. Count offences instead.")
    wide = load_presets(*software.layouts)[PRESET].layout.wide
    days = {date.fromisoformat(day): head for head, day in (wide.periods if wide else {}).items()}
    known = [day for day in days if (last_day(quarter) - day).days >= KNOWN_AFTER_DAYS]
    if not known:
        raise ConfigurationError(f"{path.name}: no day of it was known by {quarter}. Count offences instead.")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heads, row])
    day = max(known)
    return Residents(day, int(row[heads.index(days[day])]), text.getvalue().encode("utf-8"), source)
