"""Every force's region and nation, and how many residents or households a rate is per."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from panelpack.config.official import ComparatorTable, Vintage
from panelpack.errors import SourceError
from panelpack.intake.files import read_table
from panelpack.project import Project

FORCE, CODE, REGION = "pfa", "pfa_code", "region"
FEWEST = 100_000  # in an area with fewer residents, most who may be victims live elsewhere
WALES, ENGLAND = "Wales", "England"  # the two nations of the table, of which one is a region of it
PER = 1000


@dataclass(frozen=True)
class Denominator:
    """What a rate is per: so many residents, or households, of one vintage. of: by force, of those it says much of."""

    what: str
    vintage: Vintage
    of: pd.Series

    @property
    def words(self) -> str:
        """What a rate is per, in words."""
        return f"per {PER:,} {self.what}"


def read_forces(project: Project, table: ComparatorTable) -> pd.DataFrame:
    """Return every force's region, nation, and residents and households by column. Raises SourceError."""
    path = project.residents_by_force
    columns = [vintage.column for vintage in (*table.residents, *table.households)]
    forces = read_table(
        path,
        [FORCE, CODE, REGION, *columns],
        "Correct the file, or the vintages of offences.yml beside it.",
        what="the table of residents by force",
        check=lambda frame: not frame[FORCE].duplicated().any() and all(_whole(frame[name]) for name in columns),
    )
    forces = forces.set_index(FORCE)
    return forces.assign(nation=[WALES if region == WALES else ENGLAND for region in forces[REGION]])


def _whole(column: pd.Series) -> bool:
    return pd.api.types.is_integer_dtype(column) and bool((column > 0).all())


def denominator(forces: pd.DataFrame, table: ComparatorTable, day: date, *, households: bool) -> Denominator:
    """Return what rates are per on a day: the latest vintage that was known; households where they are wanted.

    One vintage serves every force and period, since those of different days were estimated in different ways. Of homes
    whose number was not known yet a rate is per person. Raises SourceError where nothing was known.
    """
    month = day.isoformat()[:7]
    for wanted, what in ((table.households if households else (), "households"), (table.residents, "people")):
        known = [vintage for vintage in wanted if vintage.known_from <= month]
        if known:
            latest = max(known, key=lambda vintage: vintage.day)
            many = forces[table.residents[-1].column] >= FEWEST
            return Denominator(what, latest, forces.loc[many, latest.column].astype(float))
    raise SourceError(f"data/comparators/offences.yml, residents: none was known by {day}. Add an earlier vintage.")
