"""Unmistakable values in place of every cell of a raw file: numbers, pseudonyms, names of reports, texts.

A row gets the same values in every drop and in every run, so that nothing seems to have been restated, and numbers of
a column lie close to each other, so that none of them is a question.
"""

import csv
import gzip
import hashlib
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import openpyxl

from leaks.search import FIRST, FIRST_OF_SHARE, Planted

NUMBER = re.compile(r"-?\d+(\.\d+)?")
CODE = re.compile(r"([A-Za-z]*[-_]?)\d+")  # as of a person or of a report: what stands before its digits stays
NUMBERS = ("count", "decimal")
TEXTS = ("text", "pseudonym")


def unmistakable(kind: str, cell: str, of: str, *, is_base: bool = False, turn: int = 0) -> tuple[str, str]:
    """Return what is planted for a cell, and the twelve digits in it; of: what tells the cell from all others.

    In another turn it is another value.
    """
    drawn = str(int(hashlib.sha256(f"{turn} {of}".encode()).hexdigest(), 16))
    if kind == "decimal":
        digits = FIRST_OF_SHARE + drawn[-7:]
        return f"{digits[:2]}.{digits[2:]}", digits
    digits = (f"9{FIRST[1:]}" if is_base else FIRST) + drawn[-8:]
    if kind == "count":
        return digits, digits
    code = CODE.fullmatch(cell)
    return (f"{code[1]}{digits}" if code else f"The words of {digits}."), digits


class Table:
    """A table of a plan: of which kinds its columns are, and which of them others are counted out of."""

    def __init__(self, name: str, entry: Mapping, preset: Mapping, bases: Collection[str]):
        """Read a table's entry in the plan, and that of the preset it names."""
        self.name, self.bases = name, bases
        self.layout = {**preset.get("layout", {}), **entry.get("layout", {})}
        self.kinds = {**preset.get("columns", {}), **entry.get("columns", {})}
        wide = self.layout.get("wide", {})
        self.kinds |= {head: self.kinds[wide["value"]] for head in wide.get("periods", {})}

    @property
    def _first_period(self) -> str:
        """What the first column says of a row's period: its kind, 'joined' for a part of it, '' for nothing."""
        joined = [parts[0] for parts in self.layout.get("join", {}).values()]
        kind = next(iter(self.kinds.values()))
        return "joined" if joined else kind if kind in ("month", "quarter") else ""

    @property
    def is_about_persons(self) -> bool:
        """Whether each of its rows is about a person."""
        return "pseudonym" in self.kinds.values()

    def plant(self, path: Path, drop: str, *, turn: int = 0, other_rows: bool = False) -> Planted:
        """Plant a value in every cell of one of its files that is a number or a text.

        other_rows: give it another number of rows too, by those of one period at its beginning.
        """
        planted = Planted()

        def change(head: str, cell: str, row: Row) -> str:
            kind = self.kinds.get(head)
            if kind in NUMBERS and NUMBER.fullmatch(cell):
                others = (other for column, other in row if self.kinds.get(column) not in NUMBERS)
                of = f"{self.name} {head} {' '.join(others)}"
            elif kind in TEXTS and cell.strip():
                of = f"{self.name} {head} {cell}"  # a text is the same in every row that has it
            else:
                return cell
            value, digits = unmistakable(kind, cell, of, is_base=head in self.bases, turn=turn)
            planted.values[digits] = f"{drop} {of}"
            return value

        edit = _edit_workbook if path.suffix == ".xlsx" else _edit_csv
        edit(path, self.layout.get("header_row", 1) - 1, change, self._first_period if other_rows else "")
        planted.add_checksums(path.read_bytes(), f"{drop}/{path.name}")
        for row in rows_of(path):
            for end in ("", "\n", "\r\n"):
                planted.add_checksums(f"{row}{end}".encode(), f"a row of {drop}/{path.name}")
        return planted


Row = list[tuple[str, str]]  # each head with its cell
Change = Callable[[str, str, Row], str]  # of a cell: by its column's head and its row


def rows_of(path: Path) -> list[str]:
    """Return the rows of a file of text, as they stand; none of a workbook."""
    return [] if path.suffix == ".xlsx" else _text(path).splitlines()


def _text(path: Path) -> str:
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")


def _edit_csv(path: Path, head_at: int, change: Change, first_period: str) -> None:
    rows = list(csv.reader(io.StringIO(_text(path), newline="")))
    heads = rows[head_at]
    if first_period:
        rows = list(_with_other_rows(rows, head_at, first_period))
    changed = [*rows[: head_at + 1], *(list(_changed(heads, row, change)) for row in rows[head_at + 1 :])]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(changed)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def _with_other_rows(rows: list[list[str]], head_at: int, first_period: str) -> Iterator[list[str]]:
    """Yield rows with those of one more period before the first; where it is written in two columns, without the first.

    A period that the plan needs may not go, and one before it is asked for by nothing.
    """
    first = rows[head_at + 1][0]
    if first_period == "joined":
        yield from (row for row in rows if row[0] != first)
        return
    year, number, last = int(first[:4]), int(first[5:]), 12 if first_period == "month" else 4
    number, year = (number - 1, year) if number > 1 else (last, year - 1)
    earlier = f"{year}-{number:02d}" if first_period == "month" else f"{year}Q{number}"
    yield from rows[: head_at + 1]
    yield from ([earlier, *row[1:]] for row in rows[head_at + 1 :] if row[0] == first)
    yield from rows[head_at + 1 :]


def _edit_workbook(path: Path, head_at: int, change: Change, first_period: str) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in book:
        rows = list(sheet.iter_rows())[head_at:]
        heads = [str(cell.value) for cell in rows[0]] if rows else []
        for row in rows[1:]:
            cells = ["" if cell.value is None else str(cell.value) for cell in row]
            for cell, old, new in zip(row, cells, _changed(heads, cells, change), strict=True):
                if new != old:
                    cell.value = float(new) if "." in new and isinstance(cell.value, float) else int(new)
    book.save(path)


def _changed(heads: list[str], cells: list[str], change: Change) -> Iterator[str]:
    row = list(zip(heads, cells, strict=False))
    yield from (change(head, cell, row) for head, cell in row)
    yield from cells[len(row) :]
