"""How far a sheet reaches and how much a file unpacks to, told before it is read: what is too much is refused.

A reader makes room for every cell between the first and the last one that is filled. One stray value in the last cell
of a sheet is seventeen thousand million cells, for which no machine has the memory, and calamine ends the process.
"""

import io
import re
import zipfile
from collections import Counter

from panelpack.errors import SourceError
from panelpack.intake.grid import Place, column_of, place

MOST_CELLS = 15_000_000  # of one sheet, empty ones too: more than a million rows of fourteen columns
MOST_BYTES = 500_000_000  # of one file, unpacked: read whole it fills several times as much
REMEDY = "Ask the supplier for the table alone. If only numbers of its rows are used, a csv can be larger (`counted`)."
_REFERENCE = re.compile(rb'<c [^>]*?\br="([A-Z]+)[0-9]')
_ROW = re.compile(rb'<row [^>]*?\br="([0-9]+)"')
_TAG = re.compile(rb"<(?:\w+:)?(row|c)((?:\s[^>]*?)?)(/?)>(</)?")
_PLACE = re.compile(rb"""\br=["']([A-Z]*)([0-9]+)["']""")


def check_bytes(size: int, where: str) -> None:
    """Raise SourceError for a file that is too large to be read whole. size: its bytes, unpacked."""
    if size > MOST_BYTES:
        raise SourceError(
            f"{where}: the file holds {size / 1e6:,.0f} MB or more once it is unpacked, expected at most "
            f"{MOST_BYTES / 1e6:,.0f} MB of a file that is read whole. {REMEDY}"
        )


def check_zip(data: bytes, where: str) -> None:
    """Raise SourceError for a zip archive that unpacks to too much, by what it says of its parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return  # damaged, as its reader says
    check_bytes(size, where)


def may_be_read(last: Place) -> bool:
    """Whether a sheet is small enough. last: its last row and its last column that have a value."""
    return (last[0] + 1) * (last[1] + 1) <= MOST_CELLS


def check_cells(last: Place, where: str) -> None:
    """Raise SourceError for a sheet whose cells reach too far. last: see may_be_read."""
    rows, columns = last[0] + 1, last[1] + 1
    if not may_be_read(last):
        raise SourceError(
            f"{where}: the cells that have a value reach to row {rows:,} and column {columns:,} ({place(*last)}), "
            f"{rows * columns:,} cells with the empty ones, expected at most {MOST_CELLS:,}. {REMEDY}"
        )


def last_of_xlsx(sheet: bytes) -> Place:
    """Return the last row and the last column that may have a value, (-1, -1) for none. sheet: its XML."""
    columns = Counter(match[1] for match in _REFERENCE.finditer(sheet))
    rows = [int(match[1]) for match in _ROW.finditer(sheet)]
    all_rows = sheet.count(b"<row") - sheet.count(b"<rowBreaks")
    all_cells = sheet.count(b"<c") - sheet.count(b"<co")  # but for <col>, <cols> and <conditionalFormatting>
    says_all = (len(rows), columns.total()) == (all_rows, all_cells) and not any(m in sheet for m in (b":c", b":row"))
    last = max(rows, default=0) - 1, max((column_of(letters.decode()) for letters in columns), default=-1)
    if says_all and may_be_read(last):
        return last
    return _last_filled(sheet)


def _last_filled(sheet: bytes) -> Place:
    """Return the same, looked for cell by cell: some name no place, and some have a style but no value."""
    row = column = last_row = last_column = -1
    for tag in _TAG.finditer(sheet):
        at = _PLACE.search(tag[2])
        if tag[1] == b"row":
            row, column = int(at[2]) - 1 if at else row + 1, -1
            continue
        column = column_of(at[1].decode()) if at and at[1] else column + 1
        if not tag[3] and not tag[4]:
            last_row, last_column = max(last_row, int(at[2]) - 1 if at else row), max(last_column, column)
    return last_row, last_column
