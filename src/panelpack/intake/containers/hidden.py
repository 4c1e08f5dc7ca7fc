"""What a workbook's cells do not say of themselves: what is hidden, shown as a percentage, in error, or never computed.

calamine hands out values only. So an xlsx or an ods is looked at once more as the XML that it is, with the standard
library, and only where it holds such a thing at all; an xls by xlrd, the one library that reads its formats.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from xml.etree import ElementTree
from xml.parsers import expat

from panelpack.intake.containers.extents import last_of_xlsx, may_be_read
from panelpack.intake.grid import Place, column_of, duration_text

# A format in which every digit is a zero shows a number filled up with zeros; what it is called here is the format.
_ZEROS = re.compile(r"0{2,}")
_NO_PART_OF_A_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
_BUILT_IN = {9: "0%", 10: "0.00%"}  # number formats of an xlsx that no part of it spells out
_TRUE = ("1", "true")


@dataclass
class Unsaid:
    """What the cells of a sheet do not say of themselves."""

    last: Place = (-1, -1)  # the last row and the last column that have a value
    hidden: bool = False
    rows: set[int] = field(default_factory=set)  # hidden ones
    columns: set[int] = field(default_factory=set)
    formats: dict[Place, str] = field(default_factory=dict)  # of numbers, as grid.number_text takes them
    texts: dict[Place, str] = field(default_factory=dict)  # of cells that calamine returns as something else
    covered: set[Place] = field(default_factory=set)  # cells under a merged one, which nobody sees
    not_computed: list[Place] = field(default_factory=list)  # formulas without a stored value
    zeros: list[Place] = field(default_factory=list)  # formulas all stored as 0 in a file that was never computed


def shown_format(code: str) -> str:
    """Return '%' for the format of a percentage, '0000' for one of leading zeros, '' for any other."""
    if _ZEROS.fullmatch(code):
        return code
    return "%" if "%" in _NO_PART_OF_A_FORMAT.sub("", code) else ""


# ----------------------------------------------------------------------------------------------------------- xlsx
def unsaid_of_xlsx(data: bytes) -> dict[str, Unsaid]:
    """Return what the sheets of an xlsx leave unsaid, by the sheets' names. Raises what zipfile and expat raise."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name.replace("\\", "/").lstrip("/").casefold(): name for name in archive.namelist()}

        def part(name: str) -> bytes | None:
            name = parts.get(name.lstrip("/").casefold(), "")
            return archive.read(name) if name else None

        book_name = _target(part("_rels/.rels"), "", "/officeDocument") or "xl/workbook.xml"
        book = ElementTree.fromstring(part(book_name) or b"<workbook/>")
        folder, name = posixpath.split(book_name)
        links = part(f"{folder}/_rels/{name}.rels")
        styles = part(_target(links, folder, "/styles") or "xl/styles.xml")
        formats = _formats(styles) if styles else {}
        never_computed = any(
            element.get("fullCalcOnLoad") in _TRUE for element in book.iter() if _local(element.tag) == "calcPr"
        )
        found = {}
        for element in book.iter():
            if _local(element.tag) != "sheet":
                continue
            link = next((value for key, value in element.attrib.items() if _local(key) == "id" and key != "id"), "")
            sheet = part(_target(links, folder, link=link) or "")
            unsaid = Unsaid(hidden=element.get("state", "visible") != "visible")
            unsaid.last = last_of_xlsx(sheet or b"")
            if sheet and _holds_any(sheet, formats):
                _SheetOfXlsx(unsaid, formats, never_computed).read(sheet)
            found[element.get("name", "")] = unsaid
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _target(links: bytes | None, folder: str, kind: str = "", link: str = "") -> str:
    """Return the part that a link leads to: the first of a kind, or the one with an id; '' for none."""
    for element in ElementTree.fromstring(links) if links else ():
        if element.get("Id") == link if link else element.get("Type", "").endswith(kind):
            return posixpath.normpath(posixpath.join("/", folder, element.get("Target", "").replace("\\", "/")))[1:]
    return ""


def _formats(styles: bytes) -> dict[str, str]:
    """Return the formats that matter, by the number that cells give for their style."""
    tree = ElementTree.fromstring(styles)
    codes = {str(number): code for number, code in _BUILT_IN.items()}
    found = {}
    for element in tree.iter():
        if _local(element.tag) == "numFmt":
            codes[element.get("numFmtId", "")] = element.get("formatCode", "")
        elif _local(element.tag) == "cellXfs":
            for number, style in enumerate(element):
                if shown := shown_format(codes.get(style.get("numFmtId", ""), "")):
                    found[str(number)] = shown
    return found


def _holds_any(sheet: bytes, formats: Mapping[str, str]) -> bool:
    """Whether a sheet can hold anything to be found, so that most are not read twice."""
    if any(mark in sheet for mark in (b"hidden", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b'"e"', b"'e'")):
        return True
    return any(f's="{style}"'.encode() in sheet or f"s='{style}'".encode() in sheet for style in formats)


class _SheetOfXlsx:
    """One look through a sheet's XML. Cells and rows that name no place follow the one before."""

    def __init__(self, unsaid: Unsaid, formats: Mapping[str, str], never_computed: bool):
        self.unsaid, self.formats, self.never_computed = unsaid, formats, never_computed
        self.row = self.column = -1
        self.type = self.style = ""
        self.has_formula = False
        self.value: list[str] | None = None
        self.inside_value = False
        self.results: dict[Place, str] = {}  # of formulas

    def read(self, sheet: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(sheet, True)
        if self.never_computed and self.results and all(value == "0" for value in self.results.values()):
            self.unsaid.zeros = list(self.results)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "c":
                self.column = column_of(attributes["r"]) if "r" in attributes else self.column + 1
                self.type, self.style = attributes.get("t", "n"), attributes.get("s", "")
                self.has_formula, self.value = False, None
            case "v":
                self.value, self.inside_value = [], True
            case "f":
                self.has_formula = True
            case "row":
                self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
                self.column = -1
                if attributes.get("hidden") in _TRUE:
                    self.unsaid.rows.add(self.row)
            case "col":
                if attributes.get("hidden") in _TRUE:
                    last = min(int(attributes["max"]), 16384)
                    self.unsaid.columns.update(range(int(attributes["min"]) - 1, last))

    def _text(self, text: str) -> None:
        if self.inside_value and self.value is not None:
            self.value.append(text)

    def _end(self, tag: str) -> None:
        tag = _local(tag)
        if tag == "v":
            self.inside_value = False
        elif tag == "c":
            at, value = (self.row, self.column), "".join(self.value or ()).strip()
            if self.has_formula:
                self.results[at] = value
                # The result of a formula of text may be the empty text, which is written as a value of that type.
                if not value and (self.value is None or self.type != "str"):
                    self.unsaid.not_computed.append(at)
            if self.type == "e" and value:
                self.unsaid.texts[at] = value
            elif self.type == "n" and value and (shown := self.formats.get(self.style)):
                self.unsaid.formats[at] = shown


# ------------------------------------------------------------------------------------------------------------ ods
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
_MOST_REPEATED = 100_000  # of one row or cell with something in it: beyond that it is a filled sheet, not a table


def unsaid_of_ods(data: bytes) -> dict[str, Unsaid]:
    """Return what the sheets of an ods leave unsaid, by the sheets' names. Raises what zipfile and expat raise."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
    look = _ContentOfOds()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = look.start, look.end
    parser.CharacterDataHandler = look.text
    parser.Parse(content, True)
    return look.sheets


class _ContentOfOds:
    """One look through the content of an ods."""

    def __init__(self) -> None:
        self.sheets: dict[str, Unsaid] = {}
        self.unsaid = Unsaid()
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.row = self.column = self.next_column = 0
        self.rows = self.cells = 1  # how often the row and the cell are repeated
        self.last_in_row = -1  # the last column with a value
        self.in_row: list[tuple[int, int, Callable[[Place], None]]] = []  # what to note, once for each of its rows
        self.attributes: dict[str, str] = {}
        self.paragraphs: list[str] | None = None
        self.depth = 0  # of tables inside cells, which are no part of the sheet
        self.in_comment = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = _local(tag)
        if tag == "table":
            self.depth += 1
        if self.depth > 1:
            return
        if tag == "annotation":
            self.in_comment = True
        elif tag == "p" and self.paragraphs is not None and not self.in_comment:
            self.paragraphs.append("")
        elif tag in ("table-cell", "covered-table-cell"):
            self.attributes = {_local(key): value for key, value in attributes.items()}
            # A value's type stands twice, in the standard's own namespace and in LibreOffice's, which knows of errors.
            types = [value for key, value in attributes.items() if _local(key) == "value-type"]
            self.attributes["value-type"] = "error" if "error" in types else "".join(types[:1])
            self.cells = int(self.attributes.get("number-columns-repeated", 1))
            self.column, self.next_column = self.next_column, self.next_column + self.cells
            self.paragraphs = []
        elif tag in ("style", "table-properties", "table", "table-column", "table-row"):
            self._frame(tag, {_local(key): value for key, value in attributes.items()})

    def _frame(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "style":
            self.style = attributes.get("name", "")
        elif tag == "table-properties" and attributes.get("display") == "false":
            self.hidden_styles.add(self.style)
        elif tag == "table":
            self.unsaid = Unsaid(hidden=attributes.get("style-name", "") in self.hidden_styles)
            self.sheets[attributes.get("name", "")] = self.unsaid
            self.row = self.next_column = 0
        elif tag == "table-column":
            repeated = int(attributes.get("number-columns-repeated", 1))
            if attributes.get("visibility", "visible") != "visible":
                self.unsaid.columns.update(range(self.next_column, self.next_column + min(repeated, 16384)))
            self.next_column += repeated
        elif tag == "table-row":
            self.rows, self.next_column, self.in_row = int(attributes.get("number-rows-repeated", 1)), 0, []
            self.last_in_row = -1
            if attributes.get("visibility", "visible") != "visible":
                self.unsaid.rows.update(range(self.row, self.row + min(self.rows, _MOST_REPEATED)))

    def text(self, text: str) -> None:
        if self.paragraphs and not self.in_comment:
            self.paragraphs[-1] += text

    def end(self, tag: str) -> None:
        tag = _local(tag)
        if tag == "table":
            self.depth -= 1
        elif tag == "annotation":
            self.in_comment = False
        elif self.depth == 1 and tag in ("table-cell", "covered-table-cell"):
            if self.attributes["value-type"]:
                self.last_in_row = self.next_column - 1
            if note := self._note(tag == "covered-table-cell"):
                self.in_row.append((self.column, min(self.cells, _MOST_REPEATED), note))
            self.paragraphs = None
        elif self.depth == 1 and tag == "table-row":
            if self.last_in_row >= 0:
                self.unsaid.last = self.row + self.rows - 1, max(self.unsaid.last[1], self.last_in_row)
            for column, cells, note in self.in_row if may_be_read(self.unsaid.last) else ():
                for row in range(self.row, self.row + min(self.rows, _MOST_REPEATED)):
                    for repeated in range(cells):
                        note((row, column + repeated))
            self.row += self.rows

    def _note(self, is_covered: bool) -> Callable[[Place], None] | None:
        """Return what to note of a cell at each place where it stands, or None."""
        unsaid, kind = self.unsaid, self.attributes["value-type"]
        shown = "\n".join(self.paragraphs or ())
        if is_covered:
            return unsaid.covered.add if kind else None
        if "formula" in self.attributes and (not kind or (kind in ("float", "percentage") and not self._value)):
            return unsaid.not_computed.append
        if kind == "percentage":
            return lambda at: unsaid.formats.update({at: "%"})
        if kind == "time" and (duration := _ods_duration(self.attributes.get("time-value", ""))):
            return lambda at: unsaid.texts.update({at: duration})
        if kind == "boolean":
            value = self.attributes.get("boolean-value", "").upper()
            return lambda at: unsaid.texts.update({at: value})
        if kind == "error" or (kind == "string" and "string-value" in self.attributes and shown.startswith("#")):
            return lambda at: unsaid.texts.update({at: shown})
        if kind == "float" and shown in ("TRUE", "FALSE"):  # a formula of truth, stored as a number
            return lambda at: unsaid.texts.update({at: shown})
        if kind == "float" and self._value and re.fullmatch(r"0\d+", shown) and float(shown) == float(self._value):
            return lambda at: unsaid.formats.update({at: "0" * len(shown)})
        return None

    @property
    def _value(self) -> str:
        return self.attributes.get("value", "")


def _ods_duration(text: str) -> str:
    if not (parts := _DURATION.fullmatch(text)):
        return ""
    days, hours, minutes = (int(part or 0) for part in parts.groups()[1:4])
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=float((parts[5] or "0").replace(",", ".")))
    return duration_text(-length if parts[1] else length)


# ------------------------------------------------------------------------------------------------------------ xls
def unsaid_of_xls(data: bytes) -> dict[str, Unsaid]:
    """Return what the sheets of an xls leave unsaid, by the sheets' names. Raises what xlrd raises."""
    import xlrd  # here: only a run that reads an xls waits for it

    found, log = {}, io.StringIO()
    with xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=log) as book:
        shown = [
            shown_format(book.format_map[style.format_key].format_str) if style.format_key in book.format_map else ""
            for style in book.xf_list
        ]
        for sheet in book.sheets():
            unsaid = Unsaid(hidden=bool(sheet.visibility))
            unsaid.rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
            unsaid.columns = {column for column, info in sheet.colinfo_map.items() if info.hidden}
            for row in range(sheet.nrows):
                for column, kind in enumerate(sheet.row_types(row)):
                    if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                        unsaid.last = row, max(unsaid.last[1], column)
                    if kind == xlrd.XL_CELL_ERROR:
                        code = sheet.cell_value(row, column)
                        unsaid.texts[row, column] = xlrd.error_text_from_code.get(code, "#ERROR")
                    elif kind == xlrd.XL_CELL_NUMBER and (code := shown[sheet.cell_xf_index(row, column)]):
                        unsaid.formats[row, column] = code
            found[sheet.name] = unsaid
    return found
