"""The official counts of every force by quarter and kind of offence, as `make comparators` wrote them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from panelpack.config.official import (
    COMPARATORS_INPUTS,
    COMPARATORS_MADE_FROM,
    ComparatorTable,
    OfficialOffences,
    load_comparator_table,
    load_comparators_made_from,
)
from panelpack.errors import SourceError, shown
from panelpack.project import Project, digest

COUNTS_FILE, MOVES_FILE, GAPS_FILE = "counts.csv", "moves.csv", "gaps.csv"
KEY = ["quarter", "force"]
REMEDY = "Run make comparators, which writes all tables of the folder."


@dataclass(frozen=True)
class OfficialCounts:
    """What the official table says of every force.

    counts: offences, a row a quarter label and force, a column a kind ('Group: Subgroup'); nan where the table has no
    such row. moves: offences that changed their kind. gaps: forces' quarters with fewer kinds than others', without
    those that offences.yml accepts.
    """

    table: ComparatorTable
    counts: pd.DataFrame
    moves: pd.DataFrame
    gaps: pd.DataFrame

    @property
    def kinds(self) -> list[str]:
        """The kinds of offences that a comparison may count."""
        return [kind for kind in self.counts.columns if not self.table.why_left_out(kind)]

    @property
    def forces(self) -> list[str]:
        """Every force of the table, by name."""
        return sorted(self.counts.index.unique("force"))

    def quarters(self, force: str) -> list[str]:
        """Return the quarters that the table has of a force, in order."""
        return sorted(self.counts.index[self.counts.index.get_level_values("force") == force].unique("quarter"))

    def of(self, official: OfficialOffences, quarters: Sequence[str]) -> pd.DataFrame:
        """Return the counts of offences over quarters: a row a quarter, a column a force that has all of them."""
        return self.of_kinds(official.kinds(self.kinds), quarters)

    def of_kinds(self, kinds: Sequence[str], quarters: Sequence[str]) -> pd.DataFrame:
        """Return the counts of kinds of offences together, as `of` does; those too that no comparison may count."""
        wanted = self.counts.loc[self.counts.index.get_level_values("quarter").isin(set(quarters)), list(kinds)]
        by_force: pd.DataFrame = wanted.sum(axis="columns").unstack("force").reindex(list(quarters))
        return by_force.dropna(axis="columns")


def read_kinds(project: Project) -> list[str]:
    """Return every kind of offences of the table, 'Group: Subgroup'; none where the folder has no table."""
    path = project.comparators / COUNTS_FILE
    return list(pd.read_csv(path, nrows=0).columns[len(KEY) :]) if path.is_file() else []


def read_official_counts_of_forces(project: Project) -> OfficialCounts:
    """Read the folder data/comparators. Raises SourceError for tables that are not of one run, or not such tables."""
    folder = project.comparators
    table = load_comparator_table(folder)
    made_from = load_comparators_made_from(folder)
    for name, expected in {**dict.fromkeys(COMPARATORS_INPUTS, ""), **made_from.inputs, **made_from.tables}.items():
        if not (folder / name).is_file() or digest(folder / name) != expected:
            raise SourceError(
                f"{shown(folder / name)}: this is not the file that {COMPARATORS_MADE_FROM} beside it names, expected "
                f"files of one run. {REMEDY}"
            )
    counts = pd.read_csv(folder / COUNTS_FILE)
    if list(counts.columns[:2]) != KEY or counts.duplicated(KEY).any():
        raise SourceError(
            f"{shown(folder / COUNTS_FILE)}: this is not the table of counts by quarter and force. {REMEDY}"
        )
    moves, gaps = (pd.read_csv(folder / name, keep_default_na=False) for name in (MOVES_FILE, GAPS_FILE))
    accepted = {(one.force, one.quarter) for one in table.accepted}
    is_accepted = [(force, quarter) in accepted for force, quarter in zip(gaps["force"], gaps["quarter"], strict=True)]
    gaps = gaps[~pd.Series(is_accepted, index=gaps.index, dtype=bool)]
    return OfficialCounts(table, counts.set_index(KEY).astype(float), moves, gaps)
