"""Files that would fill the memory are refused by what they say of themselves, before they are read."""

import gzip

import duckdb
import pytest

from panelpack.config.layout import Layout
from panelpack.errors import SourceError
from panelpack.intake.containers import extents, reading
from panelpack.intake.containers.reading import read_grids
from panelpack.intake.large_tables.regular_csv import LONGEST_LINE, read_head
from tests.unit.intake.exporters import make
from tests.unit.intake.exporters.make import LINKS, MAIN, PACKAGE

FIRST = '<row r="1"><c r="A1" t="str"><v>month</v></c><c r="B1" t="str"><v>n</v></c></row>'
LAST = {
    "a value in the last cell": '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>',
    "a formula of no text there": '<row r="1048576"><c r="XFD1048576" t="str"><f>""</f><v></v></c></row>',
    "cells that name no place": f'<row r="1048570">{"<c><v>1</v></c>" * 30}</row>',
    "another namespace": '<x:row r="1048576"><x:c r="ABC1048576"><x:v>7</x:v></x:c></x:row>',
    "another kind of blank": '<row\nr="1048576"><c\tr="XFD1048576"><v>7</v></c></row>',
    "apostrophes": "<row r='900000'><c r='ZZ900000'><v>7</v></c></row>",
}
STYLED = {
    "a styled cell": '<row r="1048576"><c r="XFD1048576" s="0"/></row>',
    "a styled cell with an end": '<row r="1048576"><c r="XFD1048576" s="0"></c></row>',
    "a row without cells": '<row r="1048576" ht="20"/>',
}
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
NUMBER = '<table:table-cell office:value-type="float" office:value="1" {}/>'


def xlsx(*sheets):
    """An xlsx with the rows of each sheet as XML."""
    names = [f"s{number}" for number in range(len(sheets))]
    book = "".join(f'<sheet name="{name}" sheetId="1" r:id="{name}"/>' for name in names)
    links = "".join(f'<Relationship Id="{name}" Type="{LINKS}/worksheet" Target="{name}.xml"/>' for name in names)
    return make.zipped(
        {
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" '
            f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{book}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
            **{
                f"xl/{name}.xml": f'<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}"><sheetData>{rows}</sheetData>'
                "</worksheet>"
                for name, rows in zip(names, sheets, strict=True)
            },
        }
    )


def ods(rows):
    spaces = f'xmlns:office="{OFFICE}" xmlns:table="{TABLE}"'
    content = f'<table:table table:name="s0">{rows}</table:table>'
    return make.zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>{content}"
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a file of some content."""

    def _read(data, name="t.xlsx", **layout):
        path = tmp_path / name
        path.write_bytes(data)
        return read_grids(path, Layout(**layout), ["month"])

    return _read


def refused(read, *given, **layout):
    with pytest.raises(SourceError) as caught:
        read(*given, **layout)
    (line,) = str(caught.value).splitlines()
    return line


@pytest.mark.parametrize("rows", LAST.values(), ids=LAST)
def test_a_sheet_that_reaches_too_far_is_refused_by_the_cell(rows, read):
    line = refused(read, xlsx(FIRST + rows))
    assert "sheet 's0': the cells that have a value reach to row " in line and "expected at most 15,000,000" in line


def test_the_refusal_names_the_cell_and_what_it_would_be(read):
    line = refused(read, xlsx(FIRST + LAST["a value in the last cell"]))
    assert "row 1,048,576 and column 16,384 (XFD1048576), 17,179,869,184 cells with the empty ones" in line


@pytest.mark.parametrize("rows", STYLED.values(), ids=STYLED)
def test_cells_without_a_value_reach_nowhere(rows, read):
    (grid,) = read(xlsx(FIRST + rows))
    assert grid.cells == [["month", "n"]]


def test_a_sheet_that_is_not_read_may_reach_anywhere(read):
    both = xlsx(FIRST, LAST["a value in the last cell"])
    assert read(both)[0].cells == [["month", "n"]]
    assert "sheet 's1'" in refused(read, both, sheet="s1")


def test_an_ods_that_reaches_too_far_is_refused(read):
    empty = '<table:table-cell table:number-columns-repeated="{}"/>'
    stray = (
        f'<table:table-row table:number-rows-repeated="1048575">{empty.format(16384)}</table:table-row>'
        f"<table:table-row>{empty.format(16383)}{NUMBER.format('')}</table:table-row>"
    )
    assert "(XFD1048576)" in refused(read, ods(stray), "t.ods")
    filled = NUMBER.format('table:number-columns-repeated="20"')
    rows = f'<table:table-row table:number-rows-repeated="1048576">{filled}</table:table-row>'
    assert "20,971,520 cells" in refused(read, ods(rows), "t.ods")


def test_the_empty_rest_of_an_ods_reaches_nowhere(read):
    rest = (
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    (grid,) = read(ods(f"<table:table-row>{NUMBER.format('')}</table:table-row>{rest}"), "t.ods")
    assert grid.cells == [["1"]]


def test_a_parquet_file_of_too_many_cells_is_refused(tmp_path, read):
    path = tmp_path / "made.parquet"
    duckdb.execute(f"COPY (SELECT 1 AS month, 2 AS n FROM range(8000000)) TO '{path}' (FORMAT parquet)")
    assert "16,000,000 cells" in refused(read, path.read_bytes(), "t.parquet")


def test_what_unpacks_to_too_much_is_refused(read, monkeypatch):
    monkeypatch.setattr(extents, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000_000)
    bomb = b"month,n\n" + b"2022-04,1\n" * 200_000
    assert "holds 1 MB or more once it is unpacked, expected at most 1 MB" in refused(
        read, gzip.compress(bomb), "t.csv.gz"
    )
    assert "holds 2 MB or more" in refused(read, bomb, "t.csv")
    assert "holds 2 MB or more" in refused(read, xlsx(FIRST + " " * 2_000_000))
    assert read(gzip.compress(bomb[:900_008]), "t.csv.gz")[0].cells[0] == ["month", "n"]


def test_no_line_of_a_counted_file_fills_the_memory(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a" * (LONGEST_LINE + 1)))
    with pytest.raises(SourceError, match=r"a line is longer than 2,000,000 characters"):
        read_head(path, Layout(), ["month"])
