"""Expectations of amounts: a part is at most its whole, and the lines of an account add up."""

from abc import ABC
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from panelpack.expect import FrameExpectation
from panelpack.findings import Finding, Pieces, Value, cell, named

NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"


class Line(NamedTuple):
    """A row that is a part or a total: its number in the file, its name and its amount."""

    row: int
    name: str
    amount: Decimal


class ExpectColumnNotToExceed(FrameExpectation):
    """In each row the number in `column` is at most the number in `other`."""

    column: str
    other: str

    def _readable(self, frame):
        return frame[_is_number(frame[self.column]) & _is_number(frame[self.other])]

    def _findings(self, rows):
        for row, value, limit in zip(rows.index, rows[self.column], rows[self.other], strict=True):
            if Decimal(value) > Decimal(limit):
                pieces = (f"{self.column} ", cell(value), f" is more than {self.other} ", cell(limit))
                yield Finding(row, pieces)


class PartsExpectation(FrameExpectation, ABC):
    """Rows that `key` names as `parts`, against the row it names as their `total`, in each group of `by`."""

    by: list[str]
    key: str
    value: str
    total: str
    parts: list[str]

    def _readable(self, frame):
        return frame[self._concerned(frame) & _is_number(frame[self.value])]

    def _concerned(self, frame):
        return frame[self.key].isin([self.total, *self.parts])

    def _groups(self, rows) -> dict[tuple, list[Line]]:
        groups = {}
        cells = zip(rows.index, rows[self.key], rows[self.value].map(Decimal), strict=True)
        for group, line in zip(rows[self.by].itertuples(index=False, name=None), cells, strict=True):
            groups.setdefault(group, []).append(Line(*line))
        return groups

    def _sums(self, groups: Mapping) -> Iterator[tuple[int, Pieces, Decimal, Decimal]]:
        """Yield for each group with a total: its total's row, its name, the parts' sum, the total."""
        for group, lines in groups.items():
            total = next((line for line in lines if line.name == self.total), None)
            if total:
                parts = sum((line.amount for line in lines if line.name in self.parts), Decimal(0))
                yield total.row, named(self.by, group), parts, total.amount


class ExpectPartsNotToExceedTotal(PartsExpectation):
    """The parts, which do not overlap, add up to at most their total; a group without one is skipped."""

    def _findings(self, rows):
        for row, group, parts, total in self._sums(self._groups(rows)):
            if parts > total:
                words = (f": the parts of {self.total!r} add up to ", Value(str(parts)), ", more than its ")
                yield Finding(row, (*group, *words, Value(str(total))))


class ExpectLinesToAddUp(PartsExpectation):
    """The lines of an account add up to their total exactly, in decimal arithmetic, and none is missing."""

    def _readable(self, frame):
        # Groups in which every line is a number: a sum without one of its lines says nothing.
        lines = frame[self._concerned(frame)]
        sound = _is_number(lines[self.value])
        return lines[sound.groupby([lines[column] for column in self.by]).transform("all").astype(bool)]

    def _findings(self, rows):
        groups = self._groups(rows)
        for group, lines in list(groups.items()):
            present = {line.name for line in lines}
            if absent := [name for name in (self.total, *self.parts) if name not in present]:
                del groups[group]
                missing = f": {self.key} {', '.join(map(repr, absent))} is missing"
                yield Finding(lines[0].row, (*named(self.by, group), missing))
        for row, group, parts, total in self._sums(groups):
            if parts != total:
                words = (f": {' + '.join(self.parts)} = ", Value(str(parts)), f", not {self.total} = ")
                yield Finding(row, (*group, *words, Value(str(total))))


def _is_number(cells: pd.Series) -> pd.Series:
    return cells.str.fullmatch(NUMBER)
