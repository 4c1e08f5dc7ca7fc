"""What is planted is found wherever it is put: a search that finds nothing says nothing before it was seen to find."""

import base64
import gzip
import hashlib
import html
import io
import json
import struct
import zipfile
import zlib

import openpyxl
import pypdf
import pytest
import typst
from pypdf.generic import DecodedStreamObject, NameObject

from leaks.containers import Piece, pieces_of, pieces_of_tree
from leaks.planted import unmistakable
from leaks.search import Planted, find

VALUE = "701812345678"
SHOWN = "701,812,345,678"
PLANTED = Planted({VALUE: "a cell"})
PLANTED.add_checksums(b"2015Q1,701812345678\n", "a file")
OF_FILE = hashlib.sha256(b"2015Q1,701812345678\n")


def found_in(content: bytes, name: str = "file") -> set[str]:
    return {found.what for found in find(pieces_of(name, content), PLANTED)}


# ------------------------------------------------------------------------------------------ ways to write a number
@pytest.mark.parametrize(
    "text",
    [
        VALUE,
        f"P{VALUE}",
        f"-{VALUE}.0",
        f"a{VALUE}b",
        f"1,{VALUE},2",
        SHOWN,
        SHOWN.replace(",", " "),
        SHOWN.replace(",", "\u00a0"),  # a blank that does not break
        SHOWN.replace(",", "\u202f"),  # a narrow one
        SHOWN.replace(",", "\u2009"),  # a thin one
        SHOWN.replace(",", "&#8239;"),
        SHOWN.replace(",", "&nbsp;"),
        SHOWN.replace(",", "."),
        SHOWN.replace(",", "’"),
        SHOWN.replace(",", ",\u200b"),  # a place where a line may break
        SHOWN.replace(",", ",\u2060"),  # a word joiner
        "7018\u00ad1234\u00ad5678",  # soft hyphens
        "7018-\n12345678".replace("-", ""),
        "7.01812345678e+11",
        "".join(f"&#{ord(digit)};" for digit in VALUE),
        "".join(f"&#x{ord(digit):x};" for digit in VALUE),
        "".join(f"%{ord(digit):x}" for digit in VALUE),
        "".join(f"<tspan x='1'>{digit}</tspan>" for digit in VALUE),
        "<b>701,812</b>,<i>345</i>,678",
        f"<path aria-label='{SHOWN}'/>",
        "7 0 1 8 1 2 3 4 5 6 7 8",
        "7018\n1234\n5678",
    ],
)
def test_a_number_is_found_however_it_is_written(text):
    assert "a cell" in found_in(text.encode())


@pytest.mark.parametrize(
    "text", ["702,000,000,000", "7.0e+11", "7E11", "1403624691356", "12,345,678,901", "10000000000.5"]
)
def test_what_was_worked_out_from_planted_numbers_is_found_by_its_size(text):
    assert found_in(f"The sum is {text} in all.".encode()) == {"a number as large as only planted ones are"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123,456,789",
        "2015-04-01 and 2015-05-01",
        "701812345679 is another"[13:],
        f"sha256 {hashlib.sha256(b'another').hexdigest()}",
        "9b2e1c7d-1234-4321-8765-123456789012",
        "M 10.12345 20.12345 30.12345",
    ],
)
def test_nothing_is_found_where_there_is_nothing(text):
    assert found_in(text.encode()) == set()


# ------------------------------------------------------------------------------------------------ checksums
@pytest.mark.parametrize(
    "text",
    [
        OF_FILE.hexdigest(),
        OF_FILE.hexdigest().upper(),
        f"(sha256 {OF_FILE.hexdigest()[:12]})",
        f"sha256-{base64.b64encode(OF_FILE.digest()).decode()}",
        hashlib.md5(b"2015Q1,701812345678\n").hexdigest(),
        hashlib.sha1(b"blob 20\x002015Q1,701812345678\n").hexdigest(),
    ],
)
def test_a_checksum_of_a_planted_file_is_found(text):
    assert any(" of a file" in what for what in found_in(text.encode()))


# ------------------------------------------------------------------------------------------------ containers
def zipped(*members: tuple[str, bytes], comment: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
        archive.comment = comment
    return made.getvalue()


def workbook(**where: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    if "number" in where:
        sheet["B2"] = int(where["number"])
    if "text" in where:
        sheet["B2"] = where["text"]
    if "comment" in where:
        sheet["A1"].comment = openpyxl.comments.Comment(where["comment"], "office")
    sheet.title = where.get("sheet", "Sheet")
    book.properties.description = where.get("property")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def pdf(change) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def stream_of_pdf(content: bytes, *, packed: bool) -> bytes:
    def change(writer: pypdf.PdfWriter) -> None:
        stream = DecodedStreamObject()
        stream.set_data(content)
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream.flate_encode() if packed else stream)

    return pdf(change)


def png(kind: bytes, content: bytes) -> bytes:
    chunk = struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    return b"\x89PNG\r\n\x1a\n" + chunk


def notebook(output: dict) -> bytes:
    cell = {"cell_type": "code", "source": [], "outputs": [output], "metadata": {}}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}).encode()


SVG = f"<svg xmlns='http://www.w3.org/2000/svg'><title>{SHOWN}</title></svg>".encode()
IN_BASE64 = base64.b64encode(SVG).decode()
CONTAINERS = {
    "csv": f"quarter,completions\n2015Q1,{VALUE}\n".encode(),
    "csv in utf-16": f"2015Q1,{VALUE}".encode("utf-16"),
    "csv in latin-1": f"caf\xe9,{VALUE}".encode("latin-1"),
    "csv.gz": gzip.compress(VALUE.encode()),
    "svg": SVG,
    "svg in a page": f"<img alt='' src='data:image/svg+xml;base64,{IN_BASE64}'>".encode(),
    "svg in a page, percent": f"<img src='data:image/svg+xml,%3Csvg%3E{SHOWN.replace(',', '%2C')}%3C/svg%3E'>".encode(),
    "alternative text": f'<img alt="the last point is {SHOWN}" src="x">'.encode(),
    "escaped page in a page": f"<iframe srcdoc='{html.escape(f'<p>{SHOWN}</p>')}'>".encode(),
    "notebook, stream": notebook({"output_type": "stream", "text": [f"{SHOWN}\n"]}),
    "notebook, table": notebook(
        {"output_type": "execute_result", "data": {"text/html": ["<td>701,812", ",345,678</td>"]}}
    ),
    "notebook, image": notebook({"output_type": "display_data", "data": {"image/svg+xml": SVG.decode()}}),
    "notebook, packed": notebook(
        {
            "output_type": "display_data",
            "data": {"image/png": base64.b64encode(png(b"tEXt", b"a\0" + VALUE.encode())).decode()},
        }
    ),
    "notebook, traceback": notebook({"output_type": "error", "traceback": [f"\u001b[31mValueError: '{VALUE}'"]}),
    "notebook, escaped": notebook({"output_type": "stream", "text": ["701\u202f812\u202f345\u202f678"]}),
    "json, number": json.dumps({"bytes": int(VALUE)}).encode(),
    "json, name": json.dumps({SHOWN: 1}).encode(),
    "zip": zipped(("a.csv", VALUE.encode())),
    "zip in zip": zipped(("a.zip", zipped(("b.csv", VALUE.encode())))),
    "zip, name": zipped((f"{VALUE}.csv", b"")),
    "zip, comment": zipped(("a", b""), comment=VALUE.encode()),
    "workbook, number": workbook(number=VALUE),
    "workbook, text": workbook(text=f"in all {SHOWN}"),
    "workbook, comment": workbook(comment=SHOWN),
    "workbook, sheet": workbook(sheet=VALUE),
    "workbook, property": workbook(property=VALUE),
    "pdf, stream": stream_of_pdf(f"% {VALUE}".encode(), packed=False),
    "pdf, packed stream": stream_of_pdf(f"% {VALUE}".encode(), packed=True),
    "pdf, runs of text": stream_of_pdf(b"BT (701,8) Tj (12,345) Tj [(,6) -20 (78)] TJ ET", packed=True),
    "pdf, hexadecimal text": stream_of_pdf(b"BT <3730313831323334> Tj <35363738> Tj ET", packed=True),
    "pdf, property": pdf(lambda writer: writer.add_metadata({"/Subject": SHOWN})),
    "pdf, attached file": pdf(lambda writer: writer.add_attachment("a.csv", VALUE.encode())),
    "pdf, attached workbook": pdf(lambda writer: writer.add_attachment("a.xlsx", workbook(number=VALUE))),
    "pdf, name of a file": pdf(lambda writer: writer.add_attachment(f"{VALUE}.csv", b"")),
    "pdf, outline": pdf(lambda writer: writer.add_outline_item(title=f"– {SHOWN}", page_number=0)),
    "pdf, xmp": pdf(
        lambda writer: setattr(
            writer, "xmp_metadata", f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SHOWN}</x:xmpmeta>".encode()
        )
    ),
    "png, text": png(b"tEXt", b"Title\0" + VALUE.encode()),
    "png, packed text": png(b"zTXt", b"Title\0\0" + zlib.compress(VALUE.encode())),
}


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_value_is_found_in_whatever_it_is_wrapped(container):
    assert "a cell" in found_in(CONTAINERS[container])


def test_a_value_is_found_in_the_name_of_a_file_and_of_a_folder(tmp_path):
    (tmp_path / VALUE).mkdir()
    (tmp_path / VALUE / "empty.txt").touch()
    (tmp_path / f"{SHOWN}.csv").touch()
    found = [f.where for f in find(pieces_of_tree(tmp_path, within=tmp_path), PLANTED)]
    assert len([where for where in found if where.endswith("(its name)")]) == len(found) >= 3


# ------------------------------------------------------------------------------------------------ our own PDFs
TYPST = """
#set document(title: "Paper", date: none)
The figure is {} of many, *and so it is.*
#let drawn = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='20'><text y='12'>of {}</text></svg>"
#figure(image(bytes(drawn), alt: "it is {}"), caption: [Chart])
"""


@pytest.mark.parametrize("place", range(3))
def test_a_value_is_found_in_the_text_the_charts_and_the_alternative_texts_of_a_paper(place):
    texts = ["none", "none", "none"]
    texts[place] = SHOWN
    source = TYPST
    for text in texts:
        source = source.replace("{}", text, 1)
    assert "a cell" in found_in(typst.compile(source.encode()))


# ------------------------------------------------------------------------------------------------ what is planted
def test_what_is_planted_is_alike_in_every_run_another_in_another_turn_and_each_cell_has_its_own():
    cells = [("count", "12"), ("decimal", "1.5"), ("pseudonym", "P07"), ("text", "Nothing to report")]
    first = [unmistakable(kind, cell, f"table {kind}") for kind, cell in cells]
    assert first == [unmistakable(kind, cell, f"table {kind}") for kind, cell in cells]
    assert not set(first) & {unmistakable(kind, cell, f"table {kind}", turn=1) for kind, cell in cells}
    assert [value for value, _ in first][2].startswith("P7018") and len({digits for _, digits in first}) == 4
    for value, digits in first:
        planted = Planted({digits: "it"})
        assert "it" in {found.what for found in find([Piece("x", f"so: {value}")], planted)}
