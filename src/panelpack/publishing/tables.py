"""The pack's tables, read: their cells as texts, or as the numbers, truths and texts that they stand for."""

import csv
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

LONGEST_CELL = 10_000_000  # characters that a cell of a csv is read with
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
# What nobody writes but for a number: no zero in front, no exponent, no more digits than a workbook keeps.
PLAIN_NUMBER = re.compile(r"-?(?=[\d.]{1,16}$)(0|[1-9]\d*)(\.\d+)?")
Kinds = Mapping[str, type[float] | type[bool]]
Value = str | float | bool | None


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a csv, cells as text, by the heads of its columns."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def columns_of(path: Path, kinds: Kinds | None = None) -> dict[str, list[Value]]:
    """Return the columns of a csv by their heads, each cell as what it stands for; None for one without a value.

    kinds: the columns of numbers and of truths; every other column is of texts. Without it, a column is of numbers or
    truths where all of its cells are.
    """
    rows = list(rows_of(path))
    with path.open(encoding="utf-8", newline="") as file:
        heads = next(csv.reader(file), [])
    return {name: _values([row[name] for row in rows], kinds.get(name, str) if kinds else None) for name in heads}


def _values(cells: list[str], kind: type | None) -> list[Value]:
    """Return a column's cells as the kind says; None for one without a value. kind None: as all of the cells are."""
    known = [cell for cell in cells if cell]
    if kind is None and known:
        kind = bool if set(known) <= {"True", "False"} else float if all(map(PLAIN_NUMBER.fullmatch, known)) else str
    if kind is bool:
        return [{"True": True, "False": False}.get(cell, cell) if cell else None for cell in cells]
    if kind is float:
        return [_number(cell) if cell else None for cell in cells]
    return [cell or None for cell in cells]


def _number(cell: str) -> str | float:
    """Return a finite number; what is none stays the text that it is."""
    value = float(cell) if NUMBER.fullmatch(cell) else math.inf
    return value if math.isfinite(value) else cell
