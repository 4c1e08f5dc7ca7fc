"""A sheet, or a text file, as a grid of texts: what a person sees, whichever program wrote the file.

Two cells that look the same are the same text. So blanks at a cell's ends are left out, a no-break blank is a blank,
and characters without width are nothing: a person can neither see them nor tell a supplier of them, and a column head
or a category that differs only by them would be two. What is inside a cell stays as it was supplied.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from panelpack.intake.received import Remark

Place = tuple[int, int]  # row and column, both counted from 0
DIGITS = 15  # significant ones that spreadsheets show: 0.1 + 0.2 is 0.3, in the file it is 0.30000000000000004
# No-break blanks are blanks; a byte order mark, a zero-width blank or a soft hyphen is nothing.
_UNSEEN = {"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\ufeff": "", "\u200b": "", "\u00ad": ""}
_ANY_UNSEEN = re.compile(f"[{''.join(_UNSEEN)}]")
_UNSEEN_TABLE = str.maketrans(_UNSEEN)
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(:00(\.0+)?)?Z?")
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')  # how exporters keep a spreadsheet from reading 0042 as 42


@dataclass(frozen=True)
class Grid:
    """A sheet, or a text file, as a grid of cells of text as a person sees them.

    sheet: '' for a file without sheets. cells: row i is row i + 1 of the file, as a spreadsheet numbers it (the head of
    a csv is row 1; a cell with a line break inside is still one row); rows end with their last filled cell, the grid
    with its last filled row. remarks: what the cells do not show.
    """

    sheet: str
    cells: list[list[str]]
    remarks: tuple[Remark, ...] = ()


def visible(text: str) -> str:
    """Return a text without what a person cannot see."""
    if not text.isascii() and _ANY_UNSEEN.search(text):
        text = text.translate(_UNSEEN_TABLE)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def visible_cells(cells: Iterable[Sequence[str]], text: str) -> list[list[str]]:
    """Return the rows of a text that `visible` has passed, each cell as a person sees it.

    A day with a machine's midnight (2022-04-01T00:00:00) is the day; ="0042" is 0042.
    """
    rows = [[cell.strip() for cell in row] for row in cells]
    if "00:00" in text or '="' in text:
        rows = [[seen_text(cell) for cell in row] for row in rows]
    return without_ghosts(rows)


def seen_text(cell: str) -> str:
    """Return a cell's text without blanks at its ends; a day at midnight is the day, ="0042" is 0042."""
    cell = visible(cell).strip()
    if cell.startswith('="') and (kept := _KEPT_AS_TEXT.fullmatch(cell)):
        return kept[1].strip()
    if len(cell) >= 16 and cell[4] == "-" and (midnight := _MIDNIGHT.fullmatch(cell)):
        return midnight[1]
    return cell


def without_ghosts(rows: list[list[str]]) -> list[list[str]]:
    """Return rows without the empty cells after their last filled one, and without empty rows below the last."""
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def cell_text(value: object) -> str:
    """Return what a person sees of a value: 118 for 118.0, 2022-04-01, 09:30:00, TRUE, '' for nothing."""
    match value:
        case None:
            return ""
        case str():
            return seen_text(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            return number_text(value)
        case Decimal():
            return _plain(value)
        case datetime():
            return _moment_text(value)
        case date():
            return value.isoformat()
        case time():
            return duration_text(timedelta(hours=value.hour, minutes=value.minute, seconds=value.second))
        case timedelta():
            return duration_text(value)
        case bytes():
            return seen_text(value.decode("utf-8", errors="replace"))
    return seen_text(str(value))


def number_text(value: float, number_format: str = "") -> str:
    """Return a number to 15 significant digits, without an exponent: 118, 0.3, 0.00001.

    number_format: '%' for one shown as a percentage (0.782 is 78.2%); zeros such as '0000' for one filled up with them.
    """
    if not number_format and value == (whole := int(value) if abs(value) < 1e15 else None):
        return str(whole)
    exact = Decimal(f"{value:.{DIGITS}g}")
    if number_format == "%":
        return f"{_plain(exact * 100)}%"
    text = _plain(exact)
    return text.zfill(len(number_format)) if text.isdigit() else text


def _plain(number: Decimal) -> str:
    if not number.is_finite():
        return ""  # a parquet file's NaN: there is no number
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _moment_text(moment: datetime) -> str:
    """Return the day, with a time only if it has one, to the second as spreadsheets show it."""
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0, tzinfo=None)
    return f"{moment:%Y-%m-%d}" if moment.time() == time.min else f"{moment:%Y-%m-%d %H:%M:%S}"


def duration_text(duration: timedelta) -> str:
    """Return '09:30:00', or '26:30:00' for more than a day."""
    seconds = round(duration.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"


def column_of(reference: str) -> int:
    """Return the column of a cell, counted from 0, from its name or its letters: 27 for AB and for AB12."""
    column = 0
    for letter in reference:
        if not letter.isalpha():
            break
        column = column * 26 + ord(letter.upper()) - 64
    return column - 1


def place(row: int, column: int) -> str:
    """Return how a spreadsheet names a cell: C4 for row 3, column 2, both counted from 0."""
    return f"{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """Return a column's letters: A for 0, AA for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def ranges(numbers: Iterable[int]) -> str:
    """Return '4, 7 to 9' for 4, 7, 8 and 9; of more than ten stretches the first ten and '...'."""
    stretches: list[list[int]] = []
    for number in sorted(numbers):
        if stretches and number == stretches[-1][1] + 1:
            stretches[-1][1] = number
        else:
            stretches.append([number, number])
    texts = [f"{first} to {last}" if last > first else str(first) for first, last in stretches]
    return ", ".join(texts[:10]) + (" ..." if len(texts) > 10 else "")
