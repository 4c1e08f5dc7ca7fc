"""Offences that the publisher moves from one subgroup to another between years, so that a series changes unseen."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from panelpack.config.study import OffenceSeries
from panelpack.errors import SourceError
from panelpack.formats import listed, percent
from research.backtest.offence_series import is_of_series

SHOWN = 3  # offences that a message names


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
        more = [f"{len(self.offences) - SHOWN} more"] if len(self.offences) > SHOWN else []
        words = "left" if self.leaves else "came into"
        return (
            f"the table of recorded crime, {self.year}: {listed([*self.offences[:SHOWN], *more])} {words} the series "
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

    table: the rows that `panelpack.intake.official_table` reads. An offence is known by its code and by its
    description; the publisher may change one of them as it moves, but not both.
    """
    found = []
    for name, offences in study.series.items():
        rows = table.assign(inside=is_of_series(table, offences))
        moves = {(year, leaves): ids for year, leaves, ids in _moves(rows)}
        found += [_moved(rows, name, year, leaves, moves[year, leaves]) for year, leaves in sorted(moves)]
    return found


def _moves(rows: pd.DataFrame) -> Iterator[tuple[str, bool, list[tuple[str, str]]]]:
    """Yield each year in which offences left (True) or came in, with these: ('code' or 'description', value)."""
    moves: dict[tuple[str, bool], list[tuple[str, str]]] = {}
    for column in ("code", "description"):
        inside = rows.groupby([column, "year"])["inside"].agg(["any", "all"]).reset_index()
        before = inside.groupby(column)[["any", "all"]].shift()
        was, is_now = before.notna().all(axis=1), inside
        # In, partly in or out: an offence that is less in than in the year before has left, one that is more came in.
        change = (is_now["any"].astype(int) + is_now["all"]) - (before["any"] + before["all"]).where(was, 0).astype(int)
        for place in inside.index[was & (change != 0)]:
            key = str(inside.loc[place, "year"]), bool(change[place] < 0)
            moves.setdefault(key, []).append((column, str(inside.loc[place, column])))
    for (year, leaves), offences in moves.items():
        yield year, leaves, offences


def _moved(rows: pd.DataFrame, series: str, year: str, leaves: bool, ids: list[tuple[str, str]]) -> Moved:
    is_moved = pd.concat([rows[column] == value for column, value in ids], axis=1).any(axis=1)
    years = sorted(rows["year"].unique())
    before = years[years.index(year) - 1]
    at = before if leaves else year  # the year of the two in which they are in the series
    inside = rows[(rows["year"] == at) & rows["inside"]]
    part = inside[is_moved[inside.index]].groupby("force")["offences"].sum()
    whole = inside.groupby("force")["offences"].sum()
    shares = (part.reindex(whole.index).fillna(0) / whole)[whole > 0]
    named = rows[is_moved & rows["year"].isin((before, year))]
    names = (named["description"] + " (" + named["code"] + ")").drop_duplicates()
    elsewhere = sorted(named.loc[~named["inside"], "subgroup"].unique())
    share = float(part.sum() / whole.sum()) if whole.sum() > 0 else 0.0
    least, most = (float(shares.min()), float(shares.max())) if len(shares) else (0.0, 0.0)
    return Moved(series, year, leaves, tuple(names), tuple(elsewhere), share, least, most)
