"""Offences that the publisher of the official table moves: in one place up to a period, in another from the next on.

A place is whatever a reader tells apart: a subgroup, or inside and outside a series.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from panelpack.formats import listed

# At the end of a description: how the offence is treated now; before, its rows hold counts.
OUTCOMES_ONLY = r"\s*\(outcomes? only\)$"
NAMED = 2  # offences that a sentence names
SIGNIFICANT = 10  # digits of an offence code that a spreadsheet's floating point has not touched


@dataclass(frozen=True)
class Move:
    """Offences that stood `before` in one place and from the period `first` on stand in another, `after`.

    offences: as the table called them in the last period before; ids: what `identify` knows them by.
    """

    first: str
    before: str
    after: str
    offences: tuple[str, ...]
    ids: frozenset[int]


def identify(descriptions: "pd.Series[str]", codes: "pd.Series[str]") -> "pd.Series[int]":
    """Return for each row which offence it is of: rows of one description, or of one code, are of one offence.

    The publisher may change one of the two as it moves an offence, but not both. "(outcomes only)" is no part of a
    description, and a code that went through a spreadsheet is mended.
    """
    pairs = pd.DataFrame({"name": plain_names(descriptions), "code": codes.map(mended_codes(codes))})
    owner: dict[tuple[str, str], int] = {}
    members: list[list[tuple[str, str]]] = []
    for name, code in pairs.drop_duplicates().itertuples(index=False):
        keys = [("name", name), ("code", code)]
        joined = sorted({owner[key] for key in keys if key in owner}) or [len(members)]
        if joined[0] == len(members):
            members.append([])
        for other in joined[1:]:
            members[joined[0]] += members[other]
            members[other] = []
        members[joined[0]] += keys
        owner |= dict.fromkeys(members[joined[0]], joined[0])
    return pairs["name"].map({name: owner["name", name] for name in pairs["name"].unique()}).astype(int)


def plain_names(descriptions: "pd.Series[str]") -> "pd.Series[str]":
    """Return descriptions without what their end says of how the offence is treated now."""
    plain = {text: re.sub(OUTCOMES_ONLY, "", text) for text in descriptions.unique()}
    return descriptions.map(plain)


def mended_codes(codes: "pd.Series[str]") -> dict[str, str]:
    """Return each code as it was before a spreadsheet's floating point: 37.200000000000003 is 37.2."""
    return {
        code: f"{float(code):.{SIGNIFICANT}g}" if re.fullmatch(r"\d+\.\d+", code) else code for code in codes.unique()
    }


def listed_first(names: Sequence[str], most: int = NAMED) -> str:
    """Return names as a sentence lists them: the first, and how many more there are."""
    return listed([*names[:most], *([f"{len(names) - most} more"] if len(names) > most else [])])


def find_moves(
    ids: "pd.Series[int]", names: "pd.Series[str]", periods: "pd.Series[str]", places: "pd.Series[str]"
) -> list[Move]:
    """Return what moves from period to period, by the first period in the new place and both places.

    ids: as `identify` returns them; periods: labels that sort as the time goes. An offence that is in two places at
    once has moved, in part, when the second begins, and for the rest when the first ends.
    """
    frame = pd.DataFrame({"id": ids, "name": names, "period": periods, "place": places}).drop_duplicates()
    many = frame.groupby("id")["place"].transform("nunique") > 1
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for offence, rows in frame[many].groupby("id"):
        for first, before, after, of in _changes(rows):
            found.setdefault((first, before, after), {}).update(dict.fromkeys(of, int(str(offence))))
    return [Move(*key, tuple(of), frozenset(of.values())) for key, of in sorted(found.items())]


def _changes(rows: pd.DataFrame) -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield each change of an offence's places: the period, the place before, the place after, its names before."""
    held: pd.DataFrame | None = None
    for period, now in rows.groupby("period"):
        if held is not None:
            was, is_now = set(held["place"]), set(now["place"])
            left, came = was - is_now, is_now - was
            for before in sorted(left or (was if came else ())):
                of = sorted(held.loc[held["place"] == before, "name"].unique())
                for after in sorted(came or (is_now if left else ())):
                    yield str(period), before, after, of
        held = now
