"""The pack's tables: read as text, and written as a workbook that depends on nothing but the table."""

import datetime

import openpyxl
import pytest

from panelpack.publishing.tables import rows_of, write_workbook
from panelpack.rendering.paper import Paper

ABOUT = Paper(
    "Performance report",
    office="The Commissioner",
    marking="PUBLIC",
    state="DRAFT",
    why="This pack has not been approved.",
    document_date=datetime.date(2015, 9, 16),
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('title,latest,scored,note\n"a, b",1.5,True,\nc,NA,False,7\nd,,True,x\n', encoding="utf-8")
    return path


def test_rows_are_read_as_text(table):
    assert next(rows_of(table)) == {"title": "a, b", "latest": "1.5", "scored": "True", "note": ""}


def test_numbers_are_numbers_truths_are_truths_and_a_missing_value_is_empty(table, tmp_path):
    write_workbook(tmp_path / "a.xlsx", table, ABOUT)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert list(book["Indicators"].values) == [
        ("title", "latest", "scored", "note"),
        ("a, b", 1.5, True, None),
        ("c", None, False, "7"),
        ("d", None, True, "x"),
    ]


def test_a_sheet_says_what_it_is_and_how_it_is_marked(table, tmp_path):
    write_workbook(tmp_path / "a.xlsx", table, ABOUT)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [row[0] for row in book["About"].values] == [
        "Performance report",
        "The Commissioner",
        "PUBLIC",
        "DRAFT: This pack has not been approved.",
    ]
    assert book.properties.title == "Performance report" and str(book.properties.created) == "2015-09-16 00:00:00"


def test_the_same_table_gives_the_same_bytes(table, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, table, ABOUT)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_paper_without_a_date_is_refused(table, tmp_path):
    with pytest.raises(ValueError, match="document_date"):
        write_workbook(tmp_path / "a.xlsx", table, Paper("Undated"))
