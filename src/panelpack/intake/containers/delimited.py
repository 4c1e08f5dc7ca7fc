"""Text files of cells (csv and its kin) as a grid: their encoding, their separator, and where they are damaged.

Read by Python's own csv module: strict, it refuses an unbalanced quotation mark instead of guessing, counts rows as a
spreadsheet does, and is as quick as a table of text needs.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from panelpack.config.layout import SEPARATORS, Layout
from panelpack.errors import SourceError
from panelpack.intake.grid import Grid, visible, visible_cells
from panelpack.intake.received import Remark

LAYOUT = "the table's layout in params/plan.yml"
_DECLARED = re.compile(r'\A"?sep=(.)"?[\r\n]+')  # a first line that spreadsheets obey and do not show
_LINE_ENDS = ("\n", "\r")
_LOOKED_AT = 200  # rows in which a likely separator is looked for


def read_delimited(data: bytes, where: str, layout: Layout, heads: Sequence[str]) -> Grid:
    """Return a text file's cells. where: the file as messages name it. heads: the heads that its table must have.

    Raises SourceError for a file in another encoding or with another separator than the layout says, and for one that
    is damaged, with the row.
    """
    text = visible(decoded(data, where, layout).rstrip("\x1a"))  # \x1a: how old systems end a file
    if not text.strip():
        raise SourceError(f"{where}: the file holds nothing but blanks, expected a table. Ask the supplier for it.")
    if "\0" in text:
        raise SourceError(f"{where}{_null_byte(text, layout)}")
    separator = SEPARATORS[layout.separator]
    if declared := _DECLARED.match(text):
        separator, text = declared[1], text[declared.end() :]
    elif likely := likely_separator(text, heads, separator):
        given, found = (quoted(_separator_name(character)) for character in (separator, likely))
        raise SourceError(
            f"{where}: the cells are separated by {found}, expected {given}. Say separator: {found} in {LAYOUT}."
        )
    rows, damage = _strict_rows(text, separator)
    if damage and r"\"" in text:  # R's write.table does not double a quotation mark inside a cell
        escaped, still = _strict_rows(text.replace(r"\"", '""'), separator)
        rows, damage = (rows, damage) if still else (escaped, "")
    if damage:
        raise SourceError(f"{where}, row {len(rows) + 1}: {damage}")
    remarks: tuple[Remark, ...] = ()
    if not text.endswith(_LINE_ENDS) and text[text.rfind("\n") + 1 :].strip():
        words = "the last line has no line end, as if the file were cut inside its last cell"
        remarks = (Remark("no_line_end", f"{where}, row {len(rows)}", words, asks=True),)
    return Grid("", visible_cells(rows, text), remarks)


def _strict_rows(text: str, separator: str) -> tuple[list[list[str]], str]:
    """Return the rows up to the first damaged one, and what is damaged there: '' for nothing."""
    rows: list[list[str]] = []
    try:
        rows.extend(_rows(text, separator))  # keeps what comes before an error
    except csv.Error as error:
        return rows, _damage(str(error))
    return rows, ""


def _rows(text: str, separator: str, *, strict: bool = True) -> Iterator[list[str]]:
    # Blanks after a separator are not seen, so a quotation mark after them still opens a cell.
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict, skipinitialspace=True)


def quoted(separator: str) -> str:
    """Return a separator as the plan writes it: ";" or tab."""
    return separator if separator == "tab" else f'"{separator}"'


def _separator_name(separator: str) -> str:
    return next((name for name, character in SEPARATORS.items() if character == separator), separator)


def _damage(error: str) -> str:
    if "unexpected end" in error:
        return "a quotation mark opens here that nothing closes. Ask the supplier for the file again."
    if "field larger" in error:
        return "a quotation mark opens here that nothing closes for long. Ask the supplier for the file again."
    return (
        "text stands after a closing quotation mark, expected the next cell (a quotation mark inside a cell is "
        "doubled). Ask the supplier for the file again."
    )


def _null_byte(text: str, layout: Layout) -> str:
    if layout.encoding == "utf-8" and text.count("\0") > len(text) // 5:
        return f": the file looks like UTF-16, expected UTF-8. Say encoding: utf-16 in {LAYOUT}."
    # The null byte's own row is begun with a letter, so that it counts wherever the byte stands in it.
    begun = text[: text.index("\0")] + "x"
    row = sum(1 for _ in _rows(begun, SEPARATORS[layout.separator], strict=False))
    return (
        f", row {row}: a null byte stands inside the text, so the file is damaged there. "
        "Ask the supplier for the file again."
    )


# ------------------------------------------------------------------------------------------------------- encoding
def decoded(data: bytes, where: str, layout: Layout) -> str:
    """Return a file's text; a byte order mark is no part of it. Raises SourceError that names the likely encoding."""
    likely = contradicts(data, layout.encoding)
    if not likely:
        try:
            return data.decode({"utf-8": "utf-8-sig", "utf-16": _utf_16(data)}.get(layout.encoding, layout.encoding))
        except UnicodeDecodeError as error:
            likely = _likely_encoding(data)
            line = len(re.findall(rb"\r\n|\r|\n", data[: error.start])) + 1
            remedy = "Ask the supplier for UTF-8." if likely == layout.encoding else _say(likely)
            raise SourceError(
                f"{where}, line {line}: found bytes that are no {layout.encoding} text, expected what the layout says"
                f"{'' if likely == layout.encoding else f'; it looks like {likely}'}. {remedy}"
            ) from None
    raise SourceError(other_encoding(where, layout, likely))


def other_encoding(where: str, layout: Layout, likely: str) -> str:
    """Return the sentence for a text in another encoding than its layout says."""
    return f"{where}: the file is {likely} text, expected {layout.encoding}. {_say(likely)}"


def _say(encoding: str) -> str:
    return f"Say encoding: {encoding} in {LAYOUT}."


def contradicts(data: bytes, encoding: str) -> str:
    """Return the encoding that a file shows to be in, where the layout says another; else ''."""
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if encoding == "utf-16":
        return "" if marked or b"\0" in data[:200] else _likely_encoding(data)
    if marked:
        return "utf-16"
    if encoding == "utf-8" or data.isascii():
        return ""
    # Letters that are two or more bytes each by the rules of UTF-8 are no accident of a one-byte encoding.
    likely = _likely_encoding(data)
    if likely == "utf-8" or (encoding == "iso-8859-1" and re.search(rb"[\x80-\x9f]", data)):
        return likely
    return ""


def _likely_encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _utf_16(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    first = data[:4096]
    return "utf-16-be" if first[::2].count(0) > first[1::2].count(0) else "utf-16-le"


# ------------------------------------------------------------------------------------------------------ separator
def likely_separator(text: str, heads: Sequence[str], given: str) -> str:
    """Return the separator that the cells are likely to have, where it is another than the one given; else ''.

    The one that makes cells of the heads; where no heads are found, the one that makes rows of one width of lines that
    the given one leaves whole.
    """
    wanted = {visible(head).strip().casefold() for head in heads}
    shapes = {separator: _shape(text, separator, wanted) for separator in (given, *SEPARATORS.values())}
    others = [separator for separator in SEPARATORS.values() if separator != given]
    best = max(others, key=lambda separator: shapes[separator])
    (found, even), (found_as_given, even_as_given) = shapes[best], shapes[given]
    if found > found_as_given and found >= min(2, len(wanted)):
        return best
    return best if not found_as_given and even and not even_as_given else ""


def _shape(text: str, separator: str, wanted: set[str]) -> tuple[int, bool]:
    """Return how many of the heads one row has, and whether nine of ten rows have one width of two cells or more."""
    rows = []
    try:
        for row in islice(_rows(text, separator, strict=False), _LOOKED_AT):
            rows.append([cell.strip().casefold() for cell in row])
    except csv.Error:
        pass  # what came before says enough
    filled = [row for row in rows if any(row)]
    found = max((len(wanted.intersection(row)) for row in filled), default=0)
    widths = [len(row) for row in filled]
    usual = max(set(widths), key=widths.count, default=0)
    return found, usual >= 2 and len(widths) >= 2 and widths.count(usual) >= 0.9 * len(widths)
