"""The same table from every exporter in every format: equal cells, or the documented difference and its layout."""

import gzip
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from panelpack.config.layout import Layout
from panelpack.errors import SourceError
from panelpack.intake.containers.reading import read_grids
from tests.unit.intake.exporters import make

HEADS, TABLE = make.HEADS, make.TABLE


@dataclass
class Export:
    """How a file is declared, which of its cells differ as documented, and where the table stands in it."""

    layout: dict = field(default_factory=dict)
    differs: list = field(default_factory=lambda: TABLE)
    remarks: tuple = ()
    above: int = 0
    below: tuple = ()


NO_LINE_END = ("no_line_end",)
FILTERS = ([], ["Applied filters:\ncategory is not (Blank)"])
lost = make.changed(category=lambda text: text.replace("ŵ", "?"))  # Windows-1252 has no ŵ: no layout brings it back
missing = {"NA": "missing", ".": "missing"}
EXPORTS = {
    "libreoffice.xlsx": Export(),
    "libreoffice.xls": Export(),
    "libreoffice.ods": Export(),
    "libreoffice.csv": Export(),
    "libreoffice_semicolon_windows.csv": Export({"separator": ";", "encoding": "windows-1252"}, lost),
    "r_write_csv.csv": Export({"marks": missing}, make.changed(offences=lambda count: count or "NA")),
    "r_write_csv2.csv": Export(
        {"separator": ";", "decimal": ","}, make.changed(rate=make.comma)
    ),
    "r_write_table.tsv": Export(),
    "r_write_table_bars.txt": Export({"separator": "|"}),
    "r_write_csv_utf16.csv": Export({"encoding": "utf-16"}),
    "r_write_csv.csv.gz": Export(),
    "excel_emulated_csv_utf8.csv": Export(),
    "excel_emulated_csv.csv": Export(
        {"encoding": "windows-1252", "thousands": ",", "forms": {"month": "Apr-22", "received": "01/04/2022"}},
        make.changed(
            month=make.MONTHS.get,
            category=lambda text: text.replace("ŵ", "?"),
            offences=make.thousands,
            received=make.british,
        ),
    ),
    "excel_emulated_continental.csv": Export(
        {"separator": ";", "encoding": "windows-1252", "decimal": ","},
        make.changed(category=lambda text: text.replace("ŵ", "?"), rate=make.comma, share=make.comma),
    ),
    "excel_emulated_sep_line.csv": Export(),
    "excel_emulated_unicode_text.txt": Export({"separator": "tab", "encoding": "utf-16"}),
    "excel_emulated.xlsx": Export(),
    "excel_emulated_1904.xlsx": Export(),
    "google_emulated.csv": Export(remarks=NO_LINE_END),
    "google_emulated.tsv": Export(remarks=NO_LINE_END),
    "google_emulated.xlsx": Export(),
    "google_emulated.ods": Export(),
    "sas_emulated_proc_export.csv": Export({"marks": missing}, make.changed(offences=lambda count: count or ".")),
    "power_bi_emulated.csv": Export(
        {"until": "blank"}, below=([], ["Applied filters:"], ["category is not (Blank)"])
    ),
    "power_bi_emulated.xlsx": Export({"header_row": 3, "until": "Applied filters"}, above=2, below=FILTERS),
}  # fmt: skip
REFUSED = {
    "sas_emulated_ods_html.xls": "a web page (html), as some systems call a workbook",
    "sas_emulated_excelxp.xls": "an XML file, as some systems call a workbook",
}


def assert_equal_cells(path, export):
    (grid,) = read_grids(path, Layout(**export.layout), HEADS)
    first = export.above
    assert grid.cells[first : first + len(TABLE)] == export.differs
    assert grid.cells[first + len(TABLE) :] == list(export.below)
    assert tuple(remark.kind for remark in grid.remarks) == export.remarks


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_gives_the_same_cells(name):
    assert_equal_cells(make.FOLDER / name, EXPORTS[name])


def test_every_file_of_the_folder_is_tried():
    files = {path.name for path in make.FOLDER.iterdir() if path.is_file()}
    assert files - {"README.md", "make.py", ".gitattributes"} == {*EXPORTS, *REFUSED}


@pytest.mark.parametrize("name", REFUSED)
def test_what_only_its_name_calls_a_workbook_is_refused_in_words(name):
    with pytest.raises(SourceError) as caught:
        read_grids(make.FOLDER / name, Layout(), HEADS)
    assert str(caught.value).endswith(
        f"{name}: the name ends in '.xls', but the file is {REFUSED[name]}, expected an old xls workbook. "
        "Ask the supplier for an xlsx or a csv."
    )


@pytest.mark.parametrize("name", make.emulated())
def test_the_emulated_files_are_those_that_are_made(name):
    made, kept = make.emulated()[name], (make.FOLDER / name).read_bytes()
    if name.endswith(("xlsx", "ods")):  # another release may pack the same parts into other bytes
        assert len(made) == pytest.approx(len(kept), rel=0.2)
    else:
        assert made == kept


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", make.LIBREOFFICE)
def test_what_libreoffice_writes_here_gives_the_same_cells(name, tmp_path):
    make.write_with_libreoffice(name, tmp_path)
    assert_equal_cells(tmp_path / name, EXPORTS[name])


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("name", make.R)
def test_what_r_writes_here_gives_the_same_cells(name, tmp_path):
    make.write_with_r(name, tmp_path)
    assert_equal_cells(tmp_path / name, EXPORTS[name])


@pytest.mark.parametrize("name", ["libreoffice.XLSX", "google_emulated.CSV", "r_write_csv.csv.GZ", "libreoffice.Xls"])
def test_a_name_may_end_in_capitals(name, tmp_path):
    shutil.copy(make.FOLDER / name.lower(), tmp_path / name)
    assert read_grids(tmp_path / name, Layout(), HEADS)[0].cells[0] == HEADS


def test_a_parquet_file_gives_the_same_cells(tmp_path):
    import duckdb

    path = tmp_path / "table [1].parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t (month VARCHAR, category VARCHAR, offences INTEGER, rate DOUBLE, code VARCHAR, "
            "received DATE, share VARCHAR)"
        )
        rows = [[*make.typed(row)[:6], row[6]] for row in TABLE[1:]]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    assert_equal_cells(path, Export())


def test_the_same_bytes_give_the_same_grids():
    for name, export in EXPORTS.items():
        layout = Layout(**export.layout)
        assert read_grids(make.FOLDER / name, layout, HEADS) == read_grids(make.FOLDER / name, layout, HEADS)


def test_a_packed_text_is_read_where_the_layout_says_text(tmp_path):
    path = tmp_path / "table.dat"
    path.write_bytes(gzip.compress(Path(make.FOLDER / "libreoffice.csv").read_bytes()))
    assert read_grids(path, Layout(format="csv"), HEADS)[0].cells == TABLE
