"""Large text files of cells: their head, their lines counted without reading them, and a copy without irregularities.

duckdb reads a regular file as Python's csv module does, many times as fast. Where a file is not regular (line ends of
two kinds, cells with line breaks, another encoding than UTF-8) it may guess, so Python's csv module reads it, row by
row and strict, and either names the row that is wrong or writes a copy that leaves nothing to guess.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO, cast

import numpy as np

from panelpack.config.layout import SEPARATORS, Layout, is_packed
from panelpack.errors import SourceError, shown
from panelpack.intake.containers.delimited import contradicts, other_encoding
from panelpack.intake.heads import WITHIN

CHUNK = 1 << 18  # bytes that are looked at together; so many stay in the processor's own memory
LONGEST_LINE = 2_000_000  # characters, as duckdb takes at most
TAIL = 4096  # bytes at the end of a file in which empty lines may stand
LINE_FEED = 10
_ASK = "Ask the supplier for the file again."


class Head(NamedTuple):
    """The heads of a table, blanks and line breaks in them single blanks, and the row that they stand in."""

    names: tuple[str, ...]
    row: int


class Lines(NamedTuple):
    """The lines of a file without the empty ones at its end; whether its last line has an end; any null byte."""

    number: int
    last_has_end: bool
    has_null: bool


@contextmanager
def opened(path: Path, *, unpack: bool = True) -> Iterator[io.BufferedReader]:
    """Open a file, by default unpacked if its name ends in .gz. Raises SourceError where it is missing or damaged."""
    try:
        with gzip.open(path) if unpack and is_packed(path.name) else path.open("rb") as file:
            yield cast(io.BufferedReader, file)
    except FileNotFoundError:
        raise SourceError(f"{shown(path)}: the file is missing. Put it there.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise SourceError(f"{shown(path)}: the packed file is damaged and cannot be unpacked. {_ASK}") from None
    except OSError as error:
        raise SourceError(f"{shown(path)}: the file cannot be read: {error.strerror or error}. {_ASK}") from None


def count_lines(path: Path) -> Lines:
    """Return how many lines a file has: bytes are counted, nothing is read into cells."""
    ends, any_null, tail = 0, False, b""
    buffer = bytearray(CHUNK)
    values = np.frombuffer(buffer, dtype=np.uint8)
    with opened(path) as file:
        while size := file.readinto(buffer):
            ends += int(np.count_nonzero(values[:size] == LINE_FEED))
            any_null = any_null or not values[:size].all()
            tail = (tail + buffer[max(0, size - TAIL) : size])[-TAIL:]
    has_end = tail.endswith((b"\n", b"\r"))
    # The line feeds after the last filled line: the first of them ends it.
    empty = max(0, tail[len(tail.rstrip(b"\r\n")) :].count(b"\n") - 1)
    return Lines(ends - empty + (not has_end and bool(tail)), has_end, any_null)


def read_head(path: Path, layout: Layout, columns: Sequence[str]) -> Head:
    """Return the heads, from the row that the layout names or the first that has all columns.

    Raises SourceError where a column is missing or stands twice.
    """
    with opened(path) as file:
        begins = file.read(CHUNK)
    # Up to a line's end, so that no character is cut; what is no text of its encoding is told where it stands.
    if likely := contradicts(begins[: begins.rfind(b"\n") + 1] if len(begins) == CHUNK else begins, layout.encoding):
        raise SourceError(other_encoding(shown(path), layout, likely))
    with _text(path, layout) as text:
        rows = (Head(_names(cells), row) for row, cells in enumerate(_rows(path, layout, text), start=1))
        if layout.header_row == "find":
            near = [head for head in islice(rows, WITHIN) if head.names]
            head = next((head for head in near if set(columns) <= set(head.names)), next(iter(near), Head((), 1)))
        else:
            first = layout.header_row
            head = next((head for head in rows if head.row == first), Head((), first))
    check_heads(f"{shown(path)}, row {head.row}", head.names, columns)
    return head


def check_heads(where: str, names: Sequence[str], columns: Sequence[str]) -> None:
    """Raise SourceError unless each of the columns is there once."""
    for column in columns:
        if column not in names:
            found = ", ".join(names) or "no heads"
            raise SourceError(
                f"{where}: the column {column!r} is missing, found {found}. Say under `heads` in the table's layout "
                "what the supplier calls it, or ask the supplier for it."
            )
        if names.count(column) > 1:
            raise SourceError(f"{where}: the head {column!r} stands {names.count(column)} times, expected once. {_ASK}")


def write_regular(path: Path, layout: Layout, head: Head, columns: Sequence[str], to: Path) -> int:
    """Write the cells of some columns, every one in quotation marks, without the head; return the number of rows.

    Cells beyond the last head must be empty, and so must be whole lines only at the end. Raises SourceError that names
    the first row that is short, long, empty, not closed, or holds a null byte or another encoding.
    """
    width, places = len(head.names), [head.names.index(column) for column in columns]
    where = shown(path)
    number, empty = 0, None
    with _text(path, layout) as text, to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row, cells in enumerate(_rows(path, layout, text), start=1):
            if row <= head.row:
                continue
            if not cells:
                empty = empty or row
                continue
            if empty:
                raise SourceError(f"{where}, row {empty}: the line is empty, expected {width} cells. {_ASK}")
            if len(cells) < width or any(cells[width:]):
                found = f"{len(cells)} cell{'s' * (len(cells) != 1)}"
                raise SourceError(f"{where}, row {row}: {found} found, expected {width} as in the head. {_ASK}")
            picked = [cells[place] for place in places]
            _check_characters(f"{where}, row {row}", "".join(cells), picked, layout)
            writer.writerow(picked)
            number += 1
    return number


def _check_characters(where: str, line: str, picked: Sequence[str], layout: Layout) -> None:
    if "\0" in line:
        raise SourceError(f"{where}: a null byte stands inside the text, so the file is damaged there. {_ASK}")
    if any("\udc80" <= character <= "\udcff" for cell in picked if not cell.isascii() for character in cell):
        raise SourceError(
            f"{where}: found bytes that are no {layout.encoding} text, expected what the layout says. "
            "Say another encoding in the table's layout, or ask the supplier for UTF-8."
        )


@contextmanager
def _text(path: Path, layout: Layout) -> Iterator[TextIO]:
    """Open a file as text. Bytes that are no text of its encoding stay, so that only the cells that are used count."""
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    try:
        with opened(path) as file:
            yield io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")
    except UnicodeError:
        raise SourceError(
            f"{shown(path)}: the file is not {layout.encoding} text, expected what the layout says. "
            "Correct the encoding in the table's layout."
        ) from None


def _rows(path: Path, layout: Layout, text: TextIO) -> Iterator[list[str]]:
    """Yield the rows as a spreadsheet counts them: a cell with a line break is in one row, an empty line is a row."""
    row = 1
    try:
        for cells in csv.reader(
            _lines(path, text), delimiter=SEPARATORS[layout.separator], strict=True, skipinitialspace=True
        ):
            yield cells
            row += 1
    except csv.Error as error:
        raise SourceError(f"{shown(path)}, row {row}: {_damage(str(error))} {_ASK}") from None


def _lines(path: Path, text: TextIO) -> Iterator[str]:
    """Yield the lines of a text. Raises SourceError for one that is no line, so that none fills the memory."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise SourceError(
                f"{shown(path)}: a line is longer than {LONGEST_LINE:,} characters, expected a row of cells. {_ASK}"
            )
        yield line


def _damage(error: str) -> str:
    if "unexpected end" in error or "field larger" in error:
        return "a quotation mark opens here that nothing closes, expected one that does."
    return "text stands after a closing quotation mark, expected the next cell."


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)
