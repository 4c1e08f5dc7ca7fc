"""Offences that the publisher moves from one subgroup to another between years, so that a series changes unseen."""

from dataclasses import dataclass

import pandas as pd

from panelpack.config.study import OffenceSeries
from panelpack.errors import SourceError
from panelpack.formats import listed, percent
from panelpack.intake.moved_offences import Move, find_moves, identify, listed_first, plain_names
from research.backtest.offence_series import is_of_series

SHOWN = 3  # offences that a message names
INSIDE, OUTSIDE = "inside", "outside"  # a series


@dataclass(frozen=True)
class Moved:
    """Offences that left a series in a financial year, or came into it.

    offences: the description and code of each; elsewhere: the subgroups they are in outside the series. The share of
    the series' offences that they make, in the last year before they left or the first after they came: of all forces,
    and the least and the most of a force.
    """

    series: str
    year: str
    leaves: bool
    offences: tuple[str, ...]
    elsewhere: tuple[str, ...]
    share: float
    least: float
    most: float

    def __str__(self) -> str:
        """Say it, and what to do, in a sentence each."""
        words = "left" if self.leaves else "came into"
        return (
            f"the table of recorded crime, {self.year}: {listed_first(self.offences, SHOWN)} {words} the series "
            f"{self.series!r}, {percent(100 * self.share)} of its offences ({percent(100 * self.least)} to "
            f"{percent(100 * self.most)} by force), expected the same offences in every year. Add "
            f"{listed([repr(name) for name in self.elsewhere])} to its subgroups in data/projection/offences.yml, or "
            "declare a break."
        )


def refuse_moved(table: pd.DataFrame, study: OffenceSeries) -> None:
    """Raise SourceError that names every offence which moves into or out of a series between years.

    A move in a year in which offences.yml declares a break of the series is known, and may be.
    """
    known = {(one.series, one.first[:4]) for one in study.breaks}
    moved = [one for one in find_moved(table, study) if (one.series, one.year[:4]) not in known]
    if moved:
        raise SourceError("\n".join(map(str, moved)))


def find_moved(table: pd.DataFrame, study: OffenceSeries) -> list[Moved]:
    """Return the offences that move into or out of a series between years, by series and year.

    table: the rows that `PublishedTable.typed` returns.
    """
    found = []
    ids, names = identify(table["description"], table["code"]), plain_names(table["description"])
    for name, offences in study.series.items():
        inside = is_of_series(table, offences)
        moves = find_moves(ids, names, table["year"], inside.map({True: INSIDE, False: OUTSIDE}))
        found += [_moved(table[inside | ids.isin(move.ids)], inside, ids, name, move) for move in moves]
    return sorted(found, key=lambda moved: (list(study.series).index(moved.series), moved.year, moved.leaves))


def _moved(rows: pd.DataFrame, inside: "pd.Series[bool]", ids: "pd.Series[int]", series: str, move: Move) -> Moved:
    leaves, year = move.before == INSIDE, move.first
    is_moved = ids[rows.index].isin(move.ids)
    before = max(rows.loc[rows["year"] < year, "year"])
    at = before if leaves else year  # the year of the two in which they are in the series
    counted = rows[(rows["year"] == at) & inside[rows.index]]
    part = counted[is_moved[counted.index]].groupby("force")["offences"].sum()
    whole = counted.groupby("force")["offences"].sum()
    shares = (part.reindex(whole.index).fillna(0) / whole)[whole > 0]
    named = rows[is_moved & rows["year"].isin((before, year))]
    names = (named["description"] + " (" + named["code"] + ")").drop_duplicates()
    elsewhere = sorted(named.loc[~inside[named.index], "subgroup"].unique())
    share = float(part.sum() / whole.sum()) if whole.sum() > 0 else 0.0
    least, most = (float(shares.min()), float(shares.max())) if len(shares) else (0.0, 0.0)
    return Moved(series, year, leaves, tuple(names), tuple(elsewhere), share, least, most)
