"""Files as grids of what a person sees: what is hidden, damaged, cut or called by another name."""

import gzip
import subprocess
import sys
import zipfile
from io import BytesIO

import openpyxl
import pytest

from panelpack.config.layout import Layout
from panelpack.errors import SourceError
from panelpack.intake import received
from panelpack.intake.containers.reading import read_grids
from panelpack.intake.received import REMARKS
from tests.unit.intake.exporters import make

HEADS = ["month", "offences"]


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a file and reads it: its only grid, or with `grids` all of them."""

    def run(content, name="t.csv", heads=HEADS, grids=False, **layout):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        made = read_grids(path, Layout(**layout), heads)
        return made if grids else made[0]

    return run


@pytest.fixture
def refused(read, tmp_path):
    """Return a function that reads a file which is refused: the sentence after the file's name."""

    def run(content, name="t.csv", **how):
        with pytest.raises(SourceError) as caught:
            read(content, name, **how)
        sentence = str(caught.value)
        assert sentence.startswith(str(tmp_path / name)) and "\n" not in sentence
        return sentence.removeprefix(str(tmp_path / name)).removeprefix(": ").removeprefix(", ")

    return run


def book(change=lambda sheet, book: None, rows=(("month", "offences"), ("2022-04", 118))):
    """Return an xlsx of some rows after a change to it."""
    made = openpyxl.Workbook()
    made.active.title = "Data"
    for row in rows:
        made.active.append(row)
    change(made.active, made)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def edited(data, part, before, after):
    """Return a workbook with a text of one of its parts replaced."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert before.encode() in parts[part]
    parts[part] = parts[part].replace(before.encode(), after.encode())
    return make.zipped(parts)


def remarks(grid):
    return [(remark.kind, remark.where.rpartition("/")[2], remark.words, remark.asks) for remark in grid.remarks]


# ---------------------------------------------------------------------------------------------------------- texts
TEXTS = {
    "blank lines stay": ("a,b\n\n1,2\n", [["a", "b"], [], ["1", "2"]]),
    "ghost columns and rows vanish": ("a,b,,\n1,,,\n,2,,\n,,,\n,,,\n", [["a", "b"], ["1"], ["", "2"]]),
    "carriage returns only": ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
    "a line break inside a cell": ('a,"b\r\nc"\r\n1,2\r\n', [["a", "b\nc"], ["1", "2"]]),
    "blanks that nobody sees": ("a, b\u00a0\n\u00a01\u00a0234\t,\u200b2\n", [["a", "b"], ["1 234", "2"]]),
    "blanks before a quotation mark": ('a,  "b, c"\n1,2\n', [["a", "b, c"], ["1", "2"]]),
    "the separator in the first line": ("sep=|\na|b\n1|2\n", [["a", "b"], ["1", "2"]]),
    "text that is no number": ('a,b\n007,1e5\nNA,="0042"\n', [["a", "b"], ["007", "1e5"], ["NA", "0042"]]),
    "a day at midnight": ("a,b\n2022-04-01 00:00:00.000,2022-04-01T09:30:00\n",
                          [["a", "b"], ["2022-04-01", "2022-04-01T09:30:00"]]),
    "a longer and a shorter row": ("a,b\n1,2,3\n4\n", [["a", "b"], ["1", "2", "3"], ["4"]]),
    "the end mark of old systems": ("a,b\n1,2\n\x1a", [["a", "b"], ["1", "2"]]),
    "quotation marks escaped": ('"a","b"\n"the \\"x\\"",2\n', [["a", "b"], ['the "x"', "2"]]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "cells"), TEXTS.values(), ids=TEXTS)
def test_a_text_is_read_as_a_person_sees_it(text, cells, read):
    grid = read(text, heads=[])
    assert (grid.sheet, grid.cells, grid.remarks) == ("", cells, ())


DAMAGED = {
    "a quotation mark left open": (
        'a,b\n1,"2\n3,4\n',
        "row 2: a quotation mark opens here that nothing closes. Ask the supplier for the file again.",
    ),
    "text after a quotation mark": (
        'a,b\n"1\n2",3\n"4"5,6\n',
        "row 3: text stands after a closing quotation mark, expected the next cell (a quotation mark inside a cell is "
        "doubled). Ask the supplier for the file again.",
    ),
    "a null byte": (
        "a,b\n1,2\n3\x004,5\n",
        "row 3: a null byte stands inside the text, so the file is damaged there. Ask the supplier for the file again.",
    ),
    "a null byte where a row begins": (
        "a,b\n\x001,2\n",
        "row 2: a null byte stands inside the text, so the file is damaged there. Ask the supplier for the file again.",
    ),
    "nothing": ("", "the file is empty (0 bytes), expected a table. Ask the supplier for it again."),
    "only blanks": (" \n\n", "the file holds nothing but blanks, expected a table. Ask the supplier for it."),
}


@pytest.mark.parametrize(("text", "sentence"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_text_is_refused_with_its_row(text, sentence, refused):
    assert refused(text) == sentence


PLAN = "in the table's layout in params/plan.yml."
LINES = "month{0}offences{0}rate\n2022-04{0}118{0}1,5\n2022-05{0}20{0}2,5\n"
SEPARATED = {
    "semicolons": (LINES.format(";"), {}, f'the cells are separated by ";", expected ",". Say separator: ";" {PLAN}'),
    "tabs": (LINES.format("\t"), {}, f'the cells are separated by tab, expected ",". Say separator: tab {PLAN}'),
    "commas": (
        "month,offences\n2022-04,1\n",
        {"separator": "|"},
        f'the cells are separated by ",", expected "|". Say separator: "," {PLAN}',
    ),
    "heads that are not known": (
        "Monat|Zahl\n2022-04|1\n2022-05|2\n",
        {},
        f'the cells are separated by "|", expected ",". Say separator: "|" {PLAN}',
    ),
    "below a preamble": (
        f"Offences, by month\n\n{LINES.format(';')}",
        {"header_row": 3},
        f'the cells are separated by ";", expected ",". Say separator: ";" {PLAN}',
    ),
    "quoted": (
        '"month";"offences"\n"2022-04";"1"\n',
        {},
        f'the cells are separated by ";", expected ",". Say separator: ";" {PLAN}',
    ),
}


@pytest.mark.parametrize(("text", "layout", "sentence"), SEPARATED.values(), ids=SEPARATED)
def test_another_separator_is_named(text, layout, sentence, refused):
    assert refused(text, **layout) == sentence


def test_a_separator_inside_the_cells_of_one_column_is_none(read):
    cells = read("statement\nyes; no\nno; yes\n", heads=["statement"]).cells
    assert cells == [["statement"], ["yes; no"], ["no; yes"]]


ACCENTED = "month,offences\n2022-04,Café\n"
ENCODED = {
    "windows for utf-8": (
        ACCENTED.encode("cp1252"), {},
        "line 2: found bytes that are no utf-8 text, expected what the layout says; it looks like windows-1252. "
        f"Say encoding: windows-1252 {PLAN}",
    ),
    "utf-16 for utf-8": (
        ACCENTED.encode("utf-16"), {}, f"the file is utf-16 text, expected utf-8. Say encoding: utf-16 {PLAN}"
    ),
    "utf-16 without its mark": (
        ACCENTED.replace("é", "e").encode("utf-16-le"), {},
        f"the file looks like UTF-16, expected UTF-8. Say encoding: utf-16 {PLAN}",
    ),
    "utf-8 for windows": (
        ACCENTED.encode(), {"encoding": "windows-1252"},
        f"the file is utf-8 text, expected windows-1252. Say encoding: utf-8 {PLAN}",
    ),
    "utf-8 for utf-16": (
        ACCENTED.encode(), {"encoding": "utf-16"},
        f"the file is utf-8 text, expected utf-16. Say encoding: utf-8 {PLAN}",
    ),
    "windows for latin": (
        "month,offences\n2022-04,“x”\n".encode("cp1252"), {"encoding": "iso-8859-1"},
        f"the file is windows-1252 text, expected iso-8859-1. Say encoding: windows-1252 {PLAN}",
    ),
    "what no letter of windows is": (
        b"month,offences\n2022-04,\x81\n", {"encoding": "windows-1252"},
        "line 2: found bytes that are no windows-1252 text, expected what the layout says. Ask the supplier for UTF-8.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "layout", "sentence"), ENCODED.values(), ids=ENCODED)
def test_another_encoding_is_named(data, layout, sentence, refused):
    assert refused(data, **layout) == sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "iso-8859-1"])
def test_every_encoding_of_a_layout_is_read(encoding, read):
    assert read(ACCENTED.encode(encoding), encoding=encoding).cells[1] == ["2022-04", "Café"]


def test_a_last_line_without_an_end_asks_whether_the_file_was_cut(read):
    words = "the last line has no line end, as if the file were cut inside its last cell"
    for text in ("month,offences\n2022-04,20", "month,offences\r\n2022-04,20"):
        assert remarks(read(text)) == [("no_line_end", "t.csv, row 2", words, True)]
        assert remarks(read(gzip.compress(text.encode()), "t.csv.gz"))[0][0] == "no_line_end"


# ------------------------------------------------------------------------------------------------------ row limits
LIMITS = {
    "with the heads": (6, {}, "6 rows with its heads"),
    "of data": (7, {}, "6 rows of data"),
    "of data below other lines": (9, {"header_row": 2, "header_rows": 2}, "6 rows of data"),
    "of data below heads that are found": (8, {"header_row": "find"}, "6 rows of data"),
    "the larger limit": (12, {}, "12 rows with its heads"),
}


@pytest.mark.parametrize(("rows", "layout", "counted"), LIMITS.values(), ids=LIMITS)
@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.xlsx"])
def test_a_table_that_ends_at_a_limit_of_workbooks_is_asked_about(name, rows, layout, counted, read, monkeypatch):
    monkeypatch.setattr(received, "ROW_LIMITS", (6, 12))
    heads_at = 2 if layout.get("header_row") == "find" else layout.get("header_row", 1)
    lines = [HEADS if row == heads_at else [f"line {row}", str(row)] for row in range(1, rows + 1)]
    text = make.text_of(lines).encode()
    data = {"t.csv": text, "t.csv.gz": gzip.compress(text), "t.xlsx": book(rows=lines)}[name]
    (found,) = remarks(read(data, name, **layout))
    sheet = ", sheet 'Data'" if name == "t.xlsx" else ""
    words = f"the table ends after exactly {counted}, the most that a workbook of one kind can hold"
    assert found == ("cut_at_row_limit", f"{name}{sheet}, row {rows}", words, True)


def test_the_limits_are_those_of_old_and_new_workbooks(read):
    rows = "".join(f"2022-04,{number}\n" for number in range(65_535))
    assert remarks(read(f"month,offences\n{rows}"))[0][:2] == ("cut_at_row_limit", "t.csv, row 65536")
    assert read(f"month,offences\n{rows}2022-05,1\n2022-05,2\n").remarks == ()


# ------------------------------------------------------------------------------------------------- other contents
XLSX, XLS, ODS = ((make.FOLDER / f"libreoffice.{kind}").read_bytes() for kind in ("xlsx", "xls", "ods"))
# How the file of a workbook with a password begins, and the name of the stream that it then has.
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(480)
NAMED = {
    "an xlsx called xls": (
        XLSX, "t.xls", {},
        "the name ends in '.xls', but the file is an xlsx workbook, expected an old xls workbook. "
        f"Say format: xlsx {PLAN}",
    ),
    "an xlsx called csv": (
        XLSX, "t.csv", {},
        f"the name ends in '.csv', but the file is an xlsx workbook, expected text. Say format: xlsx {PLAN}",
    ),
    "text with tabs called xls": (
        LINES.format("\t"), "t.xls", {},
        "the name ends in '.xls', but the file is text, expected an old xls workbook. "
        f"Say format: csv and separator: tab {PLAN}",
    ),
    "text called xlsx": (
        "month,offences\n2022-04,1\n", "t.xlsx", {},
        "the name ends in '.xlsx', but the file is text, expected an xlsx workbook. "
        f"Say format: csv {PLAN}",
    ),
    "an ods that the layout calls xlsx": (
        ODS, "t.ods", {"format": "xlsx"},
        "the layout says format: xlsx, but the file is an ods workbook, expected an xlsx workbook. "
        f"Say format: ods {PLAN}",
    ),
    "plain text called packed": (
        "month,offences\n2022-04,1\n", "t.csv.gz", {},
        "the name ends in '.gz', but the file is text, expected a file packed with gzip. "
        f"Say format: csv {PLAN}",
    ),
    "packed text called csv": (
        gzip.compress(b"a,b\n"), "t.csv", {},
        f"the name ends in '.csv', but the file is a file packed with gzip, expected text. Say format: csv {PLAN}",
    ),
    "a zip archive": (
        make.zipped({"t.csv": "a,b\n"}), "t.csv", {},
        "the name ends in '.csv', but the file is a zip archive, expected text. Ask the supplier for an xlsx or a csv.",
    ),
    "a binary workbook": (
        make.zipped({"xl/workbook.bin": ""}), "t.xlsx", {},
        "the name ends in '.xlsx', but the file is a binary xlsb workbook, expected an xlsx workbook. "
        "Ask the supplier for an xlsx or a csv.",
    ),
    "a pdf": (
        b"%PDF-1.7\n", "t.ods", {},
        "the name ends in '.ods', but the file is a PDF, expected an ods workbook. "
        "Ask the supplier for an xlsx or a csv.",
    ),
    "an ending that is not known": (
        "a,b\n", "t.dat", {},
        "the name ends in '.dat', expected .csv, .txt, .tsv, .xlsx, .xlsm, .xls, .ods, .parquet or .csv.gz. "
        "Say format: in the table's layout in params/plan.yml, or name the file by what it is.",
    ),
    "a password": (
        LOCKED, "t.xlsx", {},
        "the workbook is protected by a password, expected one that opens without. "
        "Ask the supplier for it without the password.",
    ),
    "a password of an ods": (
        make.zipped({"content.xml": "", "META-INF/manifest.xml": "<x><encryption-data/></x>"}), "t.ods", {},
        "the workbook is protected by a password, expected one that opens without. "
        "Ask the supplier for it without the password.",
    ),
    "a cut xlsx": (
        XLSX[:-200], "t.xlsx", {},
        "the workbook is damaged or cut short, expected a whole one. Ask the supplier for the file again.",
    ),
    "a cut parcel": (
        gzip.compress(b"a,b\n" * 500)[:-9], "t.csv.gz", {},
        "the packed file is damaged or cut short, expected a whole one. Ask the supplier for it again.",
    ),
    "an empty parcel": (
        gzip.compress(b""), "t.csv.gz", {},
        "the file packs nothing (0 bytes), expected a table. Ask the supplier for it again.",
    ),
    "no bytes at all": (
        b"", "t.csv.gz", {}, "the file is empty (0 bytes), expected a table. Ask the supplier for it again."
    ),
    "no file": (None, "t.csv", {}, "the file is missing. Put it there."),
}  # fmt: skip


@pytest.mark.parametrize(("data", "name", "layout", "sentence"), NAMED.values(), ids=NAMED)
def test_a_file_that_cannot_be_what_it_is_called_is_refused(data, name, layout, sentence, refused):
    assert refused(data, name, **layout) == sentence


def test_an_old_workbook_with_a_password_is_refused(refused):
    first = XLS.index(b"\x09\x08\x10\x00") + 20  # the record after the workbook's first; 2F is the one of a password
    sentence = refused(XLS[:first] + b"\x2f\x00" + XLS[first + 2 :], "t.xls")
    assert sentence.startswith("the workbook is protected by a password, expected one that opens without.")


@pytest.mark.parametrize("size", [600, 4000, len(XLS) - 600])
def test_a_cut_old_workbook_is_refused(size, refused):
    sentence = refused(XLS[:size], "t.xls")
    assert sentence.startswith("the workbook is damaged (")
    assert sentence.endswith("), expected a whole one. Ask the supplier for the file again.")


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_with_another_byte_in_it_is_refused(kind, refused):
    data = bytearray({"xlsx": make.google_workbook(), "ods": ODS}[kind])
    data[len(data) // 2] ^= 0xFF
    sentence = "the workbook is damaged or cut short, expected a whole one. Ask the supplier for the file again."
    assert refused(bytes(data), f"t.{kind}") == sentence


def test_a_damaged_part_of_a_workbook_is_refused(refused):
    data = edited(book(), "xl/worksheets/sheet1.xml", "</sheetData>", "")
    assert refused(data, "t.xlsx").startswith("the workbook is damaged (")


def test_a_damaged_parquet_file_is_refused(refused):
    assert refused(b"PAR1" + bytes(100), "t.parquet").startswith("the file is no whole parquet file (")


def test_a_folder_is_refused(tmp_path):
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(SourceError, match="this is a folder, expected a file"):
        read_grids(tmp_path / "t.csv", Layout(), HEADS)


def test_a_layout_may_say_what_a_file_is(read):
    assert read(XLSX, "t.xls", format="xlsx").cells == make.TABLE
    assert read(LINES.format("\t"), "t.xls", format="csv", separator="tab").cells[1] == ["2022-04", "118", "1,5"]
    assert read("a,b\n", "t.csv.gz", format="csv").cells == [["a", "b"]]


# ---------------------------------------------------------------------------------------------------------- sheets
def sheets(*names, hidden=()):
    """Return an xlsx of sheets that hold their own names."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name in names:
        sheet = made.create_sheet(name)
        sheet["A1"] = name
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    file = BytesIO()
    made.save(file)
    return file.getvalue()


THREE = sheets("Notes", "Apr 22", "May 22")
PICKED = {
    "the first": (THREE, {}, ["Notes"]),
    "the first that is seen": (sheets("Lists", "Data", hidden=["Lists"]), {}, ["Data"]),
    "by name": (THREE, {"sheet": "May 22"}, ["May 22"]),
    "by a pattern that one fits": (THREE, {"sheet": "N*"}, ["Notes"]),
    "a name with blanks that nobody sees": (sheets(" Data\u00a0x "), {"sheet": "Data x"}, [" Data\u00a0x "]),
    "all that fit": (THREE, {"sheets": "* 22"}, ["Apr 22", "May 22"]),
}


@pytest.mark.parametrize(("data", "layout", "names"), PICKED.values(), ids=PICKED)
def test_the_sheets_that_a_layout_names_are_read(data, layout, names, read):
    grids = read(data, "t.xlsx", grids=True, **layout)
    assert [grid.sheet for grid in grids] == names
    assert [grid.cells for grid in grids] == [[[name.strip().replace("\u00a0", " ")]] for name in names]


NOT_PICKED = {
    "none": (
        {"sheet": "Data"},
        "found the sheets 'Notes', 'Apr 22', 'May 22', of which none is 'Data', expected one. Correct sheet in the "
        "table's layout in params/plan.yml; for several that are one table say sheets.",
    ),
    "several": (
        {"sheet": "*22"},
        "found the sheets 'Notes', 'Apr 22', 'May 22', of which 'Apr 22', 'May 22' fit '*22', expected one. Correct "
        "sheet in the table's layout in params/plan.yml; for several that are one table say sheets.",
    ),
    "none of several": (
        {"sheets": "Q*"},
        "found the sheets 'Notes', 'Apr 22', 'May 22', expected some that fit 'Q*'. "
        "Correct sheets in the table's layout in params/plan.yml.",
    ),
}


@pytest.mark.parametrize(("layout", "sentence"), NOT_PICKED.values(), ids=NOT_PICKED)
def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(layout, sentence, refused):
    assert refused(THREE, "t.xlsx", **layout) == sentence


def test_a_sheet_of_a_chart_is_none(read):
    def change(sheet, made):
        made.create_chartsheet("Chart", 0)

    assert read(book(change), "t.xlsx").sheet == "Data"


# ----------------------------------------------------------------------------------------------- what is not seen
def test_hidden_rows_columns_and_sheets_are_read_and_told(read):
    def change(sheet, made):
        for row in (3, 4, 6, 9):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.column_dimensions["D"].hidden = True
        made.create_sheet("Lists").sheet_state = "veryHidden"

    rows = [["month", "offences"], *([f"2022-0{number}", number] for number in range(4, 9))]
    grid = read(book(change, rows), "t.xlsx")
    assert len(grid.cells) == 6
    where = "t.xlsx, sheet 'Data'"
    assert remarks(grid) == [
        ("hidden_rows", where, "3 hidden rows were read: 3 to 4, 6", True),
        ("hidden_columns", where, "1 hidden column was read: B", True),
        ("hidden_sheet", where, "a hidden sheet stands beside it: 'Lists'", False),
    ]
    assert {remark.kind for remark in grid.remarks} < set(REMARKS)
    # A hidden column that the plan does not need is told and asks nothing.
    assert [remark.asks for remark in read(book(change, rows), "t.xlsx", heads=["month"]).remarks] == [
        True,
        False,
        False,
    ]


def test_a_hidden_sheet_that_is_read_is_asked_about(read):
    data = sheets("Notes", "Data", hidden=["Data"])
    assert remarks(read(data, "t.xlsx", sheet="Data")) == [
        ("hidden_sheet", "t.xlsx, sheet 'Data'", "the sheet is hidden and was read", True)
    ]


def test_what_an_ods_hides_is_told(read):
    cell = make.ods_cell
    rows = (
        f"<table:table-row>{cell('month')}{cell('offences')}</table:table-row>"
        f'<table:table-row table:visibility="filter" table:number-rows-repeated="2">{cell("2022-04")}{cell(7)}'
        f'</table:table-row><table:table-row table:visibility="collapse"/>'
        f"<table:table-row>{cell('2022-05')}{cell(None)}</table:table-row>"
    )
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    off = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="off" style:family="table">{off}</style:style>'
    tables = (
        f'<table:table table:name="Lists" table:style-name="off"><table:table-row>{cell("x")}</table:table-row>'
        "</table:table>"
        f'<table:table table:name="Data">{columns}{rows}</table:table>'
    )
    grid = read(make.ods(tables, styles=style), "t.ods")
    assert grid.cells == [["month", "offences"], ["2022-04", "7"], ["2022-04", "7"], [], ["2022-05"]]
    where = "t.ods, sheet 'Data'"
    assert remarks(grid) == [
        ("hidden_rows", where, "2 hidden rows were read: 2 to 3", True),
        ("hidden_columns", where, "1 hidden column was read: B", True),
        ("hidden_sheet", where, "a hidden sheet stands beside it: 'Lists'", False),
    ]


def test_formulas_without_a_stored_value_are_named(read):
    def change(sheet, made):
        sheet["B3"], sheet["C2"] = "=B2*2", "=A2"

    grid = read(book(change), "t.xlsx")
    words = "2 formulas were read as empty (no value is stored): C2, B3"
    assert grid.cells == [["month", "offences"], ["2022-04", "118"]]
    assert remarks(grid) == [("formula_without_value", "t.xlsx, sheet 'Data'", words, True)]
    cells = '<table:table-cell table:formula="of:=1+1"/>' + make.ods_cell(2, more='table:formula="of:=1+1"')
    data = make.ods(f'<table:table table:name="Data"><table:table-row>{cells}</table:table-row></table:table>')
    words = "1 formula was read as empty (no value is stored): A1"
    assert remarks(read(data, "t.ods")) == [("formula_without_value", "t.ods, sheet 'Data'", words, True)]


def test_formulas_with_values_are_read_by_them(read):
    cells = (
        '<row r="1"><c r="A1" t="str"><f>"a"</f><v>a</v></c><c r="B1" t="str"><f>""</f><v></v></c>'
        '<c r="C1"><f>1+1</f><v>2</v></c></row>'
    )
    grid = read(make.xlsx(f"<sheetData>{cells}</sheetData>"), "t.xlsx")
    assert (grid.cells, grid.remarks) == ([["a", "", "2"]], ())


def test_formulas_that_a_program_stored_as_zero_without_computing_are_asked_about(read):
    cells = '<row r="1"><c r="A1"><f>1+1</f><v>0</v></c><c r="B1"><f>2+2</f><v>{}</v></c></row>'
    kinds = {}
    for value in ("0", "4"):
        data = make.xlsx(f"<sheetData>{cells.format(value)}</sheetData>", book='|<calcPr fullCalcOnLoad="1"/>')
        kinds[value] = [remark.kind for remark in read(data, "t.xlsx").remarks]
    assert kinds == {"0": ["formula_without_value"], "4": []}


# ------------------------------------------------------------------------------------------- what a person does see
SHEET = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>x &amp; y</t></is></c></row>'
    '<row r="3"><c r="A3"><v>118.0</v></c><c r="B3"><v>0.30000000000000004</v></c><c r="C3"><v>1E-5</v></c></row>'
    '<row r="4"><c r="A4" s="1"><v>0.07</v></c><c r="B4" s="2"><v>42</v></c><c r="C4" t="e"><v>#N/A</v></c></row>'
    '<row r="5"><c r="A5" t="b"><v>0</v></c><c r="B5" s="3"><v>44652</v></c><c r="C5" s="3"><v>44652.5</v></c></row>'
    '<row r="6"><c r="A6" s="4"><v>1.5</v></c><c r="B6" t="inlineStr"><is><t>=A1</t></is></c>'
    '<c r="C6"><v>-0</v></c></row>'
    '<row r="7"><c r="A7"><v>1234567.125</v></c><c r="B7" s="5"><v>5</v></c></row>'
    '<row r="9"><c r="H9" s="1"/></row>'
)
SEEN = [
    ["shared", "x & y"],
    [],
    ["118", "0.3", "0.00001"],
    ["7%", "0042", "#N/A"],
    ["FALSE", "2022-04-01", "2022-04-01 12:00:00"],
    ["36:00:00", "=A1", "0"],
    ["1234567.125", "5"],
]
FORMATS = ["0.0%", "0000", "yyyy-mm-dd hh:mm", "[h]:mm:ss", '0" %"']


@pytest.mark.parametrize(
    "declared", ["", '<dimension ref="A1"/>', '<dimension ref="A1:B3"/>', '<dimension ref="A1:XFD1048576"/>']
)
def test_a_workbook_is_read_as_it_is_seen_whatever_range_it_declares(declared, read):
    data = make.xlsx(f"{declared}<sheetData>{SHEET}</sheetData>", number_formats=FORMATS, strings=["shared"])
    assert read(data, "t.xlsx").cells == SEEN
    assert read(data, "t.XLSM").cells == SEEN


def test_days_are_right_where_they_count_from_1904(read):
    sheet = '<row r="1"><c r="A1" s="3"><v>43190</v></c></row>'
    for flag in ("1", "true"):
        book_1904 = f'<workbookPr date1904="{flag}"/>'
        data = make.xlsx(f"<sheetData>{sheet}</sheetData>", number_formats=FORMATS, book=book_1904)
        assert read(data, "t.xlsx").cells == [["2022-04-01"]]


def test_cells_and_rows_that_name_no_place_follow_the_one_before(read):
    sheet = '<row><c><v>1</v></c><c s="1"><v>0.5</v></c></row><row hidden="1"><c t="e"><v>#REF!</v></c></row>'
    grid = read(make.xlsx(f"<sheetData>{sheet}</sheetData>", number_formats=FORMATS), "t.xlsx")
    assert grid.cells == [["1", "50%"], ["#REF!"]]
    assert grid.remarks[0].words == "1 hidden row was read: 2"


def test_a_merged_cell_has_its_value_in_the_first(read):
    def change(sheet, made):
        sheet.merge_cells("A1:C1")

    assert read(book(change, [["Offences", None, None], ["a", "b", "c"]]), "t.xlsx").cells == [
        ["Offences"],
        ["a", "b", "c"],
    ]
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row></sheetData>'
    merged = f'{sheet}<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    assert read(make.xlsx(merged), "t.xlsx").cells == [["1", "", "3"]]


def test_an_ods_is_read_as_it_is_seen(read):
    cell = make.ods_cell
    boolean = '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
    time = '<table:table-cell office:value-type="time" office:time-value="PT26H30M00S"/>'
    error = (
        '<table:table-cell office:value-type="string" office:string-value=""><text:p>#N/A</text:p></table:table-cell>'
    )
    note = "<office:annotation><text:p>ask</text:p></office:annotation>"
    noted = (
        f'<table:table-cell office:value-type="float" office:value="7">{note}<text:p>007</text:p></table:table-cell>'
    )
    twice = cell(0.785, percent=True, more='table:number-columns-repeated="2"')
    rows = (
        f"<table:table-row>{twice}{boolean}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="2">{time}{error}{noted}</table:table-row>'
        '<table:table-row table:number-rows-repeated="1048573">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    for manifest in (True, False):
        data = make.ods(f'<table:table table:name="Data">{rows}</table:table>', manifest=manifest)
        grid = read(data, "t.ods")
        assert grid.cells == [["78.5%", "78.5%", "TRUE"], *[["26:30:00", "#N/A", "007"]] * 2]
        assert grid.remarks == ()


def test_parquet_gives_the_texts_that_a_workbook_does(read, tmp_path):
    import duckdb

    duckdb.sql(
        "SELECT DATE '2022-04-01' AS day, TIMESTAMP '2022-04-01 00:00' AS midnight, "
        "TIMESTAMP '2022-04-01 09:30' AS moment, TIMESTAMPTZ '2022-04-01 09:30+01' AS zoned, "
        "1.50::DECIMAL(9,2) AS money, 0.1::FLOAT AS small, 5::HUGEINT AS big, "
        "true AS yes, NULL::INTEGER AS nothing, ' x ' AS words, 'nan'::DOUBLE AS no_number, 118.0::DOUBLE AS n"
    ).write_parquet(str(tmp_path / "t.parquet"))
    heads, cells = read(None, "t.parquet").cells
    assert dict(zip(heads, cells, strict=True)) == {
        "day": "2022-04-01",
        "midnight": "2022-04-01",
        "moment": "2022-04-01 09:30:00",
        "zoned": "2022-04-01 08:30:00",
        "money": "1.5",
        "small": "0.1",
        "big": "5",
        "yes": "TRUE",
        "nothing": "",
        "words": "x",
        "no_number": "",
        "n": "118",
    }


def test_readers_are_loaded_only_for_files_of_their_kind(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    code = (
        "import sys; from pathlib import Path; from panelpack.config.layout import Layout; "
        "from panelpack.intake.containers.reading import read_grids; read_grids(Path(sys.argv[1]), Layout(), []); "
        "print({'openpyxl', 'python_calamine', 'xlrd', 'duckdb'} & set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "t.csv")], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "set()\n"
