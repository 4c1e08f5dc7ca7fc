"""A query: something in the data that may be right and looks wrong, so that somebody must say which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panelpack.formats import listed

Cells = NDArray[np.bool_]
MOST_LISTED = 4  # rows or periods that a sentence names one by one


@dataclass(frozen=True)
class Query:
    """One question about a table: of which kind, which period ('' if none), which rows or columns ('' if the whole).

    words: a sentence that says what was found, and what it was compared with.
    """

    table: str
    kind: str
    period: str
    subject: str
    words: str

    @property
    def name(self) -> str:
        """What an answer repeats: table, period, kind and subject. Without any figure, so it stays when one changes."""
        return " ".join(part for part in (self.table, self.period, self.kind, self.subject) if part)


class Finding(NamedTuple):
    """A query in the making: its table is known to the caller. cells: those that it explains (column, row, period)."""

    kind: str
    period: str
    subject: str
    words: str
    cells: Cells | None = None


def few(names: Sequence[str]) -> str:
    """'a, b and c'; of more than MOST_LISTED the first ones and how many others there are."""
    if len(names) <= MOST_LISTED:
        return listed(list(names))
    return listed([*names[: MOST_LISTED - 1], f"{len(names) - MOST_LISTED + 1} others"])


def span(periods: Sequence[str]) -> str:
    """'2022-05', or 'first to last' of several in order."""
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}" if periods else ""
