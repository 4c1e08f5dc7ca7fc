"""Why a comparison across two periods is refused: offences moved in or out, or the table counts something else.

What the table itself shows stands in moves.csv; what it cannot show, and why something moved, is declared in
offences.yml (`breaks`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from panelpack.comparators.counts import OfficialCounts
from panelpack.comparators.derived import BETWEEN
from panelpack.config.official import DeclaredBreak, OfficialOffences
from panelpack.formats import listed, number, percent
from panelpack.intake.moved_offences import listed_first
from panelpack.periods import Quarter, month_words


def why_refused(official: OfficialOffences, of: OfficialCounts, first: str, last: str) -> str:
    """Return why counts from a quarter `first` on cannot be set beside those up to `last`; '' where they can.

    A sentence or two on the first quarter between them from which they count something else: the reason that is
    declared, and how much moved as far as the table shows it. Whoever counts both places of a move crosses nothing, and
    whoever counts a whole group nothing that changed in a part of it (`said_across` says that).
    """
    moved = _moves_across(official, of, first, last)
    declared = [one for one in _breaks(of, first, last) if _crosses(one, official, of)]
    for quarter in sorted({str(move["quarter"]) for move in moved} | {one.first for one in declared}):
        reasons = [one.reason for one in declared if one.first == quarter]
        shares = [move for move in moved if move["quarter"] == quarter]
        words = [_undeclared(move) for move in shares]
        if reasons:
            words = [f"That was {_by_force(move)} of {_subgroup(move['from'])}." for move in shares if move["from"]]
        return " ".join([*reasons, *words])
    return ""


def said_across(official: OfficialOffences, of: OfficialCounts, first: str, last: str) -> list[str]:
    """Return what changed between two quarters in a part of what is counted, as far as it is declared: the reasons."""
    return [
        one.reason
        for one in _breaks(of, first, last)
        if not one.moves_within and _counted(one, official, of) and not _crosses(one, official, of)
    ]


def _breaks(of: OfficialCounts, first: str, last: str) -> Iterator[DeclaredBreak]:
    yield from (one for one in of.table.breaks if first < one.first <= last)


def _counted(one: DeclaredBreak, official: OfficialOffences, of: OfficialCounts) -> list[str]:
    """Return those of a break's kinds that are counted."""
    return [kind for kind in official.kinds(of.kinds) if kind.partition(": ")[2] in one.subgroups]


def _crosses(one: DeclaredBreak, official: OfficialOffences, of: OfficialCounts) -> bool:
    """Whether what is counted is something else after a break: a part of what it is of, or of the group of that."""
    kinds, counted = official.kinds(of.kinds), _counted(one, official, of)
    broken = [kind for kind in of.kinds if kind.partition(": ")[2] in one.subgroups]
    if one.moves_within:
        return bool(counted) and len(counted) < len(broken)
    groups = {kind.partition(": ")[0] for kind in counted}
    return bool(counted) and not all(kind in kinds for kind in of.kinds if kind.partition(": ")[0] in groups)


def _moves_across(official: OfficialOffences, of: OfficialCounts, first: str, last: str) -> list[dict[str, Any]]:
    """Return the rows of moves.csv by which offences left what is counted, or came into it, between two quarters."""
    kinds, left_out = set(official.kinds(of.kinds)), set(of.counts.columns) - set(of.kinds)
    return [
        move
        for move in of.moves.to_dict("records")
        if first < move["quarter"] <= last
        and move["offences"]
        and (move["from"] in kinds) != (move["to"] in kinds)
        and not (left_out & {move["from"], move["to"]} and "" in (move["from"], move["to"]))
    ]


# ------------------------------------------------------------------------------------------------ in words
def move_words(move: Mapping[str, Any]) -> str:
    """Say a row of moves.csv in words."""
    many = f"{number(float(move['offences']))} offences"
    if not move["to"]:
        return f"{move['quarter']}: {move['from']} ends, {many} in the year before"
    if not move["from"]:
        return f"{move['quarter']}: {move['to']} begins, {many} in its first year"
    names = listed(str(move["offence"]).split(BETWEEN))
    return (
        f"{move['quarter']}: {names}: from {move['from']} to {move['to']}, {many} in the year before, "
        f"{_by_force(move)} of {_subgroup(move['from'])}"
    )


def _undeclared(move: Mapping[str, Any]) -> str:
    """Say what moved across the boundary of what is counted, and how much, in a sentence."""
    since = f"From {month_words(Quarter.parse(str(move['quarter'])).months[0])} on"
    before, after = (_subgroup(move[key]) for key in ("from", "to"))
    if not after:
        return f"{since} the official table has no {before}."
    if not before:
        return f"{since} the official table has {after}, and before it has none."
    names: Sequence[str] = str(move["offence"]).split(BETWEEN)
    are = "is" if len(names) == 1 else "are"
    of_which = "it was" if len(names) == 1 else "they were"
    return (
        f"{since} {listed_first(names)} {are} counted under {after}, and before under {before}, of which {of_which} "
        f"{_by_force(move)}."
    )


def _by_force(move: Mapping[str, Any]) -> str:
    """Return between which shares of the kind that they left moved offences made by force: '6.7% to 33.1% by force'."""
    low, high = (percent(100 * float(move[name])) for name in ("share_low", "share_high"))
    return low if low == high else f"{low} to {high} by force"


def _subgroup(kind: str) -> str:
    """Return a kind as a sentence names it: its subgroup."""
    name = kind.partition(": ")[2]
    return f"{name[:1].lower()}{name[1:]}"
