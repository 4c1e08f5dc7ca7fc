"""Make the files of this folder: one small table, as each program writes it. Run from the project's folder:

PYTHONPATH=. python tests/unit/intake/exporters/make.py

LibreOffice and R write theirs themselves, where they are installed. Excel, Google Sheets, SAS and Power BI are
emulated: their documented traits written byte by byte, or with xlsxwriter and zipfile. README.md says which trait is
whose.
"""

import csv
import datetime
import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

FOLDER = Path(__file__).parent
HEADS = ["month", "category", "offences", "rate", "code", "received", "share"]
TABLE = [
    HEADS,
    ["2022-04", "Café", "1234", "5.25", "0042", "2022-05-09", "78.2%"],
    ["2022-05", "Dŵr", "118", "0.3", "0107", "2022-06-10", "80.4%"],
    ["2022-06", 'Robbery, "other"', "", "12.75", "0042", "2022-07-08", "9.5%"],
    ["2022-07", "Café", "20518", "-4", "0300", "2022-08-09", "99.9%"],
]


def typed(row):
    """Return a row as a workbook holds it: numbers, a date, a share as a fraction; None for nothing."""
    month, category, offences, rate, code, received, share = row
    return [
        month,
        category,
        int(offences) if offences else None,
        0.1 + 0.2 if rate == "0.3" else float(rate),
        code,
        datetime.date.fromisoformat(received),
        round(float(share.rstrip("%")) / 100, 3),
    ]


def text_of(rows=TABLE, *, separator=",", end="\r\n", last_end=True, quoting=csv.QUOTE_MINIMAL):
    """Return rows as text; with last_end=False the last line has no line end."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    return text.getvalue() if last_end else text.getvalue().removesuffix(end)


def changed(**columns):
    """Return the table with the cells of some columns written in another way."""
    change = [columns.get(head, str) for head in HEADS]
    return [HEADS, *([way(cell) for way, cell in zip(change, row, strict=True)] for row in TABLE[1:])]


MONTHS = {"2022-04": "Apr-22", "2022-05": "May-22", "2022-06": "Jun-22", "2022-07": "Jul-22"}


def british(day):
    """Return 09/05/2022 for 2022-05-09."""
    return "/".join(reversed(day.split("-")))


def thousands(count):
    """Return 1,234 for 1234."""
    return f"{int(count):,}" if count else ""


def comma(number):
    """Return 5,25 for 5.25."""
    return number.replace(".", ",")


# ---------------------------------------------------------------------------------------------- emulated: workbooks
def excel_workbook(*, date_1904=False, title=(), below=()):
    """Return an xlsx with shared strings, built-in number formats and, at will, the dates of 1904."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "date_1904": date_1904})
    book.set_properties({"created": datetime.datetime(2022, 9, 1)})
    day, percent, count = (book.add_format({"num_format": code}) for code in (14, 10, 3))
    sheet = book.add_worksheet("Data")
    for row, line in enumerate(title):
        sheet.write(row, 0, line)
    for column, head in enumerate(HEADS):
        sheet.write(len(title), column, head)
    for row, values in enumerate(map(typed, TABLE[1:]), len(title) + 1):
        for column, value in enumerate(values):
            if isinstance(value, datetime.date):
                sheet.write_datetime(row, column, value, day)
            elif value is not None:
                sheet.write(row, column, value, percent if column == 6 else count if column == 2 else None)
    for row, line in enumerate(below, len(title) + len(TABLE) + 1):
        sheet.write(row, 0, line)
    book.close()
    return file.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def zipped(parts):
    """Return a zip archive of the parts, the same bytes each time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2022, 9, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return file.getvalue()


def xlsx(sheet, *, number_formats=(), book="", sheets=(("Data", ""),), strings=None):
    """Return an xlsx of one sheet's XML (after <worksheet ...>), with a style for each number format, from style 1.

    book: what stands before and after the list of sheets, separated by '|'. sheets: names and attributes; all have the
    one sheet's XML. strings: the shared ones.
    """
    before, _, after = book.partition("|")
    formats = "".join(f'<numFmt numFmtId="{170 + i}" formatCode={quoteattr(f)}/>' for i, f in enumerate(number_formats))
    styles = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{170 + i}"/>' for i in range(len(number_formats)))
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}" {more}/>'
        for n, (name, more) in zip(numbers, sheets, strict=True)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{CONTENT_TYPE}.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{CONTENT_TYPE}.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{before}<sheets>{listed}</sheets>{after}'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        + f'<Relationship Id="rId90" Type="{LINKS}/styles" Target="styles.xml"/>'
        + (f'<Relationship Id="rId91" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/>' if strings else "")
        + "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><fonts><font/></fonts><fills><fill/>'
        f"</fills><borders><border/></borders><cellXfs>{styles}</cellXfs></styleSheet>",
        **{f"xl/worksheets/sheet{n}.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>' for n in numbers},
    }
    if strings:
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{items}</sst>'
    return zipped(parts)


def google_workbook(empty=1000):
    """Return an xlsx without a declared range, with inline strings and formatted empty rows of 26 cells."""
    day, percent = 1, 2
    rows = []
    for number, row in enumerate([HEADS, *map(typed, TABLE[1:])], 1):
        cells = []
        for letter, value in zip("ABCDEFG", row, strict=True):
            at = f'r="{letter}{number}"'
            if isinstance(value, str):
                cells.append(f'<c {at} t="inlineStr"><is><t>{escape(value)}</t></is></c>')
            elif isinstance(value, datetime.date):
                cells.append(f'<c {at} s="{day}"><v>{(value - datetime.date(1899, 12, 30)).days}</v></c>')
            elif value is not None:
                style = f's="{percent}"' if letter == "G" else 's="0"'
                cells.append(f"<c {at} {style}><v>{value!r}</v></c>")
        rows.append(f'<row r="{number}">{"".join(cells)}{_empty(number, 7)}</row>')
    rows += [f'<row r="{number}">{_empty(number, 0)}</row>' for number in range(len(rows) + 1, empty + 1)]
    return xlsx(f"<sheetData>{''.join(rows)}</sheetData>", number_formats=["yyyy-mm-dd", "0.0%"])


def _empty(row, first):
    return "".join(f'<c r="{chr(65 + column)}{row}" s="0"/>' for column in range(first, 26))


SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)


def ods(tables, *, styles="", manifest=True):
    """Return an ods of the XML of its tables; without the list of its parts if asked."""
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f'<office:document-content {SPACES} office:version="1.2"><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>",
    }
    if manifest:
        spaces = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        parts["META-INF/manifest.xml"] = f"<manifest:manifest {spaces}/>"
    return zipped(parts)


def ods_cell(value, *, percent=False, more=""):
    """Return a cell of an ods."""
    if value is None:
        return f"<table:table-cell {more}/>"
    if isinstance(value, str):
        text = f"<text:p>{escape(value)}</text:p>"
        return f'<table:table-cell office:value-type="string" {more}>{text}</table:table-cell>'
    if isinstance(value, datetime.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value}" {more}/>'
    kind = "percentage" if percent else "float"
    return f'<table:table-cell office:value-type="{kind}" office:value="{value!r}" {more}/>'


def google_ods():
    """Return an ods whose empty rest is one row and one cell repeated to the end of the sheet."""
    rest = '<table:table-cell table:number-columns-repeated="1017"/>'
    rows = "".join(
        "<table:table-row>"
        + "".join(ods_cell(value, percent=column == 6) for column, value in enumerate(row))
        + f"{rest}</table:table-row>"
        for row in [HEADS, *map(typed, TABLE[1:])]
    )
    empty = (
        f'<table:table-row table:number-rows-repeated="{1_048_576 - len(TABLE)}">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    )
    return ods(f'<table:table table:name="Data">{rows}{empty}</table:table>')


def sas_page():
    """Return the web page that SAS writes under the name of a workbook."""
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\r\n" for row in TABLE)
    return f"<html>\r\n<head><title>SAS Output</title></head>\r\n<body><table>\r\n{rows}</table></body></html>\r\n"


def sas_spreadsheet_xml():
    """Return the XML that Excel of 2003 opened as a workbook."""
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{escape(c)}</Data></Cell>' for c in row) + "</Row>"
        for row in TABLE
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?>\r\n<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="Data"><Table>{rows}'
        "</Table></Worksheet></Workbook>\r\n"
    )


def emulated():
    """Return the bytes of each emulated file by its name."""
    iso = changed(received=lambda day: f"{day}T00:00:00")
    applied = ["Applied filters:", "category is not (Blank)"]
    return {
        # Excel: CRLF always, quotation marks where needed, dates as the system shows them.
        "excel_emulated_csv_utf8.csv": text_of().encode("utf-8-sig"),
        "excel_emulated_csv.csv": text_of(changed(month=MONTHS.get, received=british, offences=thousands)).encode(
            "cp1252", errors="replace"
        ),
        "excel_emulated_continental.csv": text_of(changed(rate=comma, share=comma), separator=";").encode(
            "cp1252", errors="replace"
        ),
        "excel_emulated_sep_line.csv": b"\xef\xbb\xbfsep=;\r\n" + text_of(separator=";").encode(),
        "excel_emulated_unicode_text.txt": text_of(separator="\t").encode("utf-16"),
        "excel_emulated.xlsx": excel_workbook(),
        "excel_emulated_1904.xlsx": excel_workbook(date_1904=True),
        # Google Sheets: no line end after the last line, no declared range, formatted empty rows.
        "google_emulated.csv": text_of(last_end=False).encode(),
        "google_emulated.tsv": "\r\n".join("\t".join(row) for row in TABLE).encode(),
        "google_emulated.xlsx": google_workbook(),
        "google_emulated.ods": google_ods(),
        # SAS: a missing number is a full stop; a workbook by name may be a web page or XML.
        "sas_emulated_proc_export.csv": text_of(changed(offences=lambda n: n or "."), end="\n").encode(),
        "sas_emulated_ods_html.xls": sas_page().encode("cp1252", errors="xmlcharrefreplace"),
        "sas_emulated_excelxp.xls": sas_spreadsheet_xml().encode(),
        # Power BI: days with a midnight, a title above, the filters below.
        "power_bi_emulated.csv": (text_of(iso) + text_of([[], *([line] for line in applied)])).encode("utf-8-sig"),
        "power_bi_emulated.xlsx": excel_workbook(title=("Offences by month", ""), below=["\n".join(applied)]),
    }


# ------------------------------------------------------------------------------------------- LibreOffice and R
LIBREOFFICE = {
    "libreoffice.xlsx": "xlsx",
    "libreoffice.xls": "xls",
    "libreoffice.ods": "ods",
    "libreoffice.csv": "csv:Text - txt - csv (StarCalc):44,34,76,1",
    "libreoffice_semicolon_windows.csv": "csv:Text - txt - csv (StarCalc):59,34,ANSI,1",
}
R = {
    "r_write_csv.csv": 'write.csv(d, f, row.names = FALSE, fileEncoding = "UTF-8")',
    "r_write_table_bars.txt": 'write.table(d, f, quote = FALSE, sep = "|", na = "", row.names = FALSE)',
    "r_write_csv2.csv": 'write.csv2(d, f, row.names = FALSE, na = "", fileEncoding = "UTF-8")',
    "r_write_table.tsv": 'write.table(d, f, sep = "\\t", row.names = FALSE, na = "", fileEncoding = "UTF-8")',
    "r_write_csv_utf16.csv": 'write.csv(d, f, row.names = FALSE, na = "", fileEncoding = "UTF-16LE")',
    "r_write_csv.csv.gz": 'g <- gzfile(f, encoding = "UTF-8"); write.csv(d, g, row.names = FALSE, na = "")',
}
R_TABLE = """
d <- data.frame(month = c("2022-04", "2022-05", "2022-06", "2022-07"),
  category = c("Caf\\u00e9", "D\\u0175r", "Robbery, \\"other\\"", "Caf\\u00e9"), offences = c(1234L, 118L, NA, 20518L),
  rate = c(5.25, 0.1 + 0.2, 12.75, -4), code = c("0042", "0107", "0042", "0300"),
  received = as.Date(c("2022-05-09", "2022-06-10", "2022-07-08", "2022-08-09")),
  share = c("78.2%", "80.4%", "9.5%", "99.9%"))
f <- commandArgs(TRUE)[1]
"""


def write_with_libreoffice(name, folder):
    """Have LibreOffice write one of its files into a folder, from the emulated workbook of Excel's kind."""
    source = folder / "source" / f"{Path(name).stem}.xlsx"
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(google_workbook(empty=40))
    with tempfile.TemporaryDirectory() as profile:
        made = subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", LIBREOFFICE[name],
             "--outdir", str(folder), str(source)], capture_output=True, check=False, timeout=120,
        )  # fmt: skip
    if not (folder / name).is_file():
        raise RuntimeError(made.stderr.decode(errors="replace"))
    shutil.rmtree(source.parent)


def write_with_r(name, folder):
    """Have R write one of its files into a folder."""
    script = folder / "script.R"
    script.write_text(R_TABLE + R[name] + "\n", encoding="utf-8")
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    subprocess.run(["Rscript", "--vanilla", str(script), str(folder / name)], check=True, env=environment, timeout=120)
    script.unlink()


def main():
    """Write all files that can be made here; say which were left as they are."""
    for name, content in emulated().items():
        (FOLDER / name).write_bytes(content)
    for program, names, write in (("soffice", LIBREOFFICE, write_with_libreoffice), ("Rscript", R, write_with_r)):
        if shutil.which(program) is None:
            print(f"{program} is not installed: {', '.join(names)} stay as they are", file=sys.stderr)
            continue
        for name in names:
            with tempfile.TemporaryDirectory() as folder:
                write(name, Path(folder))
                shutil.copy(Path(folder) / name, FOLDER / name)


if __name__ == "__main__":
    main()
