"""Row headers in a PDF, found by a walk that is not the one which writes them."""

import io

import pypdf
import pytest

import pdf_structure
from panelpack.rendering import pdf
from panelpack.rendering.paper import Paper
from panelpack.rendering.pdf_tags import with_row_headers
from panelpack.rendering.table import Table

PAPER = Paper("Tables", office="Office", panel="Panel", marking="Public", date_text="Today")


def made(*tables):
    return pdf.pdf(pdf.included("tables"), {"tables": "\n\n".join(table.typst() for table in tables)}, PAPER)


def rows(count, latest="1"):
    return [{"Indicator": f"Row {number}", "Baseline": "", "Latest": latest} for number in range(count)]


def table_rows(found, number=0):
    table = found.named("/Table")[number]
    return [row for part in table["/K"] if part.get_object()["/S"] == "/TBody" for row in part.get_object()["/K"]]


@pytest.mark.parametrize("count", [1, 3, 4, 9, 200])
def test_every_cell_has_the_header_of_its_column_and_of_its_row(count):
    assert pdf_structure.faults(made(Table(rows(count), "A table"))) == []


def test_a_row_across_heads_the_rows_below_it_up_to_the_next():
    printed = made(Table(rows(12), "A table", groups={0: "First group", 2: "Second group"}))
    assert pdf_structure.faults(printed) == []
    found = pdf_structure.structure_of(printed)
    named = [[cell.get_object() for cell in row.get_object()["/K"]] for row in table_rows(found)]
    first, second = (named[place][0]["/ID"] for place in (0, 3))
    headers = [row[-1]["/A"][0]["/Headers"] for row in named]
    assert first in headers[2] and second not in headers[2]
    assert second in headers[4] and first not in headers[4]


def test_a_table_is_no_wider_in_its_tags_than_to_the_eye():
    found = pdf_structure.structure_of(made(Table(rows(200), "A long table")))
    assert {len(row.get_object()["/K"]) for row in table_rows(found)} == {3}
    assert len(found.named("/TR")) == 201


def test_the_same_pdf_gives_the_same_bytes_and_says_the_same_words():
    tables = [Table(rows(40), "A table"), Table(rows(2), "Another")]
    first, second = made(*tables), made(*tables)
    assert first == second
    assert "Row 39" in pypdf.PdfReader(io.BytesIO(first)).pages[-1].extract_text()


def test_a_pdf_without_tables_stays_one():
    printed = pdf.pdf(pdf.included("words"), {"words": "Words."}, PAPER)
    assert pdf_structure.faults(with_row_headers(printed)) == []


def test_rows_of_a_long_table_stay_with_its_head_and_its_end():
    """At whatever line of a page a table begins, no page holds a single row of it."""
    for lines in range(0, 45, 3):
        space = f"#v({lines * 5}mm)\n"
        printed = pdf.pdf(pdf.included("t"), {"t": space + Table(rows(30), "A table").typst()}, PAPER)
        pages = [page.extract_text().count("Row ") for page in pypdf.PdfReader(io.BytesIO(printed)).pages]
        assert sum(pages) == 30 and 1 not in pages, (lines, pages)
