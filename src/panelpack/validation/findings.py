"""What an expectation found in a table: violations in pieces, so that what the supplier wrote can be withheld."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# What to do. The supplier is asked only for what is missing; what is there is corrected or laid out here.
COMPLETE = "Ask the supplier for a complete file."
CORRECT = "Correct what is wrong in params/corrections.yml."
LONGEST_QUOTED = 80  # letters of a cell that a message repeats
LAYOUT = "in the table's layout in params/plan.yml"


class Value(NamedTuple):
    """What the supplier wrote, or a sum of it: the part of a message that may have to be withheld."""

    words: str


class Row(NamedTuple):
    """The position of a row, where a message names its place."""

    position: int


Pieces = tuple[str | Value | Row, ...]


class Finding(NamedTuple):
    """A violation: the position of its row (None: no single row) and a sentence in pieces, without its full stop.

    `advice` is what to do, '' for what the expectation's place says. `rows`: how many it stands for.
    """

    row: int | None
    pieces: Pieces
    advice: str = ""
    rows: int = 1


@dataclass(frozen=True)
class Entry:
    """An expectation to be run: of the plan, or of a suite, whose file and line `where` then names.

    columns: those it looks at. whole: those of them that must be wholly readable, for it looks at all cells at once;
    of the others, cells that cannot be read are passed over, for the check of the kinds has reported them. days: the
    arguments that hold days.
    """

    type: str
    kwargs: Mapping[str, Any]
    meta: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""
    columns: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What one expectation found: positions of the rows at fault if it is native, findings if it is one of our own.

    error: why it could not be evaluated at all.
    """

    entry: Entry
    passed: bool
    checked: int
    observed: Any = None
    details: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[int, ...] | None = None
    findings: tuple[Finding, ...] | None = None
    error: str = ""


def cell(text: str) -> Value:
    """Return what the supplier wrote in a cell, in quotation marks."""
    return Value(quoted(text))


def quoted(text: str) -> str:
    """Return a text in quotation marks; of a long one its beginning."""
    return repr(text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED]} …")


def named(columns: Sequence[str], values: Sequence[str]) -> Pieces:
    """Return each column's name and its value in quotation marks, in pieces."""
    pieces: list[str | Value | Row] = []
    for column, value in zip(columns, values, strict=True):
        pieces += [", " if pieces else "", f"{column} ", cell(value)]
    return tuple(pieces)
