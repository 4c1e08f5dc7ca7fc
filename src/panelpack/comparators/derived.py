"""What a release says by kind of offence: counts, the offences that change their kind, and who lacks kinds when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from panelpack.intake.moved_offences import Move, find_moves, identify, plain_names
from panelpack.periods import Quarter

MOVES = ["offence", "from", "to", "quarter", "offences", "share_low", "share_high"]
GAPS = ["force", "quarter", "kinds", "usual"]
BETWEEN = "; "  # the offences of one move
YEAR = 4  # quarters by which a move is measured
DECIMALS = 6  # of a share


@dataclass(frozen=True)
class Derived:
    """What was made of a release. counts: a row a quarter and force, a column a kind; moves and gaps as their files."""

    counts: pd.DataFrame
    moves: pd.DataFrame
    gaps: pd.DataFrame


def derive(rows: pd.DataFrame) -> Derived:
    """Return what the rows of a release say: counts by kind, the offences that moved, and who lacks kinds when."""
    rows = rows.assign(kind=rows["group"] + ": " + rows["subgroup"])
    counts = (
        rows.groupby(["quarter", "force", "kind"])["offences"]
        .sum()
        .unstack("kind")
        .sort_index()
        .sort_index(axis="columns")
    )
    return Derived(counts.rename_axis(columns=None), moves_table(rows), gaps_table(rows))


# ------------------------------------------------------------------------------------------------ moves
def moves_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the offences that change their kind between quarters, and the kinds that end or begin. Columns: MOVES.

    rows: as `derive` has them. A row a quarter and pair of kinds: offences: those of all forces over the four quarters
    before, of a kind that begins those of the first four; share_low, share_high: the share of the kind that they left,
    or began with, by force.
    """
    rows = rows.assign(id=identify(rows["description"], rows["code"]))
    moves = find_moves(rows["id"], plain_names(rows["description"]), rows["quarter"], rows["kind"])
    table = pd.DataFrame([_measured(rows, move) for move in (*moves, *_ends_and_begins(rows, moves))], columns=MOVES)
    return table.sort_values(["quarter", "from", "to"], ignore_index=True)


def _ends_and_begins(rows: pd.DataFrame, moves: Sequence[Move]) -> Iterator[Move]:
    """Yield the kinds of which offences end with it, or begin with it; not of those that moved from or to another."""
    labels = sorted(rows["quarter"].unique())
    for kind, of in rows.groupby("kind"):
        name, first, last = str(kind), of["quarter"].min(), of["quarter"].max()
        if last < labels[-1]:
            after = labels[labels.index(last) + 1]
            gone = {one for move in moves if (move.before, move.first) == (name, after) for one in move.ids}
            if ids := frozenset(of.loc[of["quarter"] == last, "id"]) - gone:
                yield Move(after, name, "", (), ids)
        if first > labels[0]:
            came = {one for move in moves if (move.after, move.first) == (name, first) for one in move.ids}
            if ids := frozenset(of.loc[of["quarter"] == first, "id"]) - came:
                yield Move(first, "", name, (), ids)


def _measured(rows: pd.DataFrame, move: Move) -> tuple[str, str, str, str, int, float, float]:
    """Return a row of the table of moves."""
    first = Quarter.parse(move.first)
    quarters = [str(first.shift(by)) for by in (range(-YEAR, 0) if move.before else range(YEAR))]
    kind = rows[(rows["kind"] == (move.before or move.after)) & rows["quarter"].isin(quarters)]
    whole = kind.groupby("force")["offences"].sum()
    part = kind[kind["id"].isin(move.ids)].groupby("force")["offences"].sum().reindex(whole.index, fill_value=0)
    shares = (part / whole)[whole > 0]
    low, high = (float(shares.min()), float(shares.max())) if len(shares) else (0.0, 0.0)
    names = BETWEEN.join(move.offences)
    return names, move.before, move.after, move.first, int(part.sum()), round(low, DECIMALS), round(high, DECIMALS)


# ------------------------------------------------------------------------------------------------ gaps
def gaps_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the forces' quarters that have fewer kinds of offences than most forces have then. Columns: GAPS.

    A quarter that a force lacks altogether, between its first and its last, has 0. `usual` is the commonest number of a
    quarter; of two that are as common the larger.
    """
    kinds = rows.groupby(["quarter", "force"]).size().unstack("force")
    usual = kinds.apply(lambda found: found.mode().max(), axis="columns")
    stands = kinds.notna()
    within = stands.cummax() & stands[::-1].cummax()[::-1]
    known = kinds.fillna(0).where(within)
    short = known.lt(usual, axis="index")
    found = [
        (str(force), str(quarter), int(known.loc[quarter, force]), int(usual[quarter]))
        for force in kinds.columns
        for quarter in kinds.index[short[force]]
    ]
    return pd.DataFrame(found, columns=GAPS).sort_values(["force", "quarter"], ignore_index=True)
