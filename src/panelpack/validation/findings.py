"""What an expectation found in a table: violations in pieces, so that what the supplier wrote can be withheld."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

# The expectation that every suite begins with: what the others look at has to be there.
COLUMNS_EXPECTATION = "expect_table_columns_to_match_ordered_list"


class Value(NamedTuple):
    """What the supplier wrote, or a sum of it: the part of a message that may have to be withheld."""

    words: str


Pieces = tuple[str | Value, ...]


class Finding(NamedTuple):
    """A violation: the row it is in (None: no single row) and a sentence in pieces, without its full stop."""

    row: int | None
    pieces: Pieces


@dataclass(frozen=True)
class ExpectationResult:
    """What one expectation found: the rows at fault if it is native, findings if it is one of our own."""

    expectation: str
    kwargs: Mapping[str, Any]
    meta: Mapping[str, Any]
    passed: bool
    checked: int
    observed: object = None
    rows: tuple[int, ...] | None = None
    findings: tuple[Finding, ...] | None = None


def cell(text: str) -> Value:
    """Return what the supplier wrote in a cell, in quotation marks."""
    return Value(repr(text))


def named(columns: Sequence[str], values: Sequence[str]) -> Pieces:
    """Return each column's name and its value in quotation marks, in pieces."""
    pieces: list[str | Value] = []
    for column, value in zip(columns, values, strict=True):
        pieces += [", " if pieces else "", f"{column} ", cell(value)]
    return tuple(pieces)
