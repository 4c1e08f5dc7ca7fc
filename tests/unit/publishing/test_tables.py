"""The pack's tables: read as text, and written as a workbook that depends on nothing but the table."""

import csv
import datetime
import zipfile

import openpyxl
import pytest

from panelpack.errors import RenderError
from panelpack.publishing.tables import LONGEST_TEXT, rows_of, write_workbook
from panelpack.rendering.paper import Paper
from panelpack.shorthand import CONFIDENTIAL, SENTENCES

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
    path.write_text('title,latest,scored,note\n"a, b",1.5,True,\nc,,False,7\nd,,True,x\n', encoding="utf-8")
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


def test_the_sheet_about_a_table_explains_the_signs_in_it_and_no_other(tmp_path):
    cells = made(tmp_path, {"latest": ["", "3"], "latest_shorthand": ["[c] confidential", ""]}, {"latest": float})
    assert [cell.value for cell in cells["latest"]] == [None, 3]
    assert [cell.value for cell in cells["latest_shorthand"]] == ["[c] confidential", None]
    *_, line = [row[0] for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["About"].values]
    assert line.endswith(f": [c] {SENTENCES[CONFIDENTIAL]}.")


def test_the_same_table_gives_the_same_bytes(table, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, table, ABOUT)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_paper_without_a_date_is_refused(table, tmp_path):
    with pytest.raises(ValueError, match="document_date"):
        write_workbook(tmp_path / "a.xlsx", table, Paper("Undated"))


def made(folder, columns, kinds=None):
    """Write columns as a csv and that as a workbook; return the cells below the heads, a list a column."""
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    write_workbook(folder / "a.xlsx", folder / "a.csv", ABOUT, kinds)
    sheet = openpyxl.load_workbook(folder / "a.xlsx")["Indicators"]
    return {cells[0].value: list(cells[1:]) for cells in sheet.iter_cols()}


TEXTS = [
    "=1+1", "= better than last year", "@home", "+44 20", "-5 or so", "{=SUM(A1)}", "http://office.example/a", "NA",
    "mailto:someone", "internal:About!A1", "None", "N/A", "nan", "inf", "-inf", "1e5", "007", "1.0", "True",
    "Apr-12", " blanks ", "'quoted'", "_x0041_", "line\nend", "tab\there", "#N/A", "#REF!", "dŵr Łódź ½ ≥", "🚓",
    "12345678901234567890", "2015-09-31",
]  # fmt: skip


def test_a_text_is_the_same_text_in_the_workbook(tmp_path):
    cells = made(tmp_path, {"note": TEXTS, "=head": ["x"] * len(TEXTS)})
    assert [cell.value for cell in cells["note"]] == TEXTS
    assert {cell.data_type for cell in cells["note"]} == {"s"}
    assert list(cells) == ["note", "=head"]
    parts = zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in parts and "hyperlink" not in parts


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_text_alone_in_its_column_where_the_column_is_of_texts(text, tmp_path):
    (cell, *_), _ = made(tmp_path, {"title": [text, ""], "latest": ["1.5", ""]}, {"latest": float}).values()
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["1", "-2.5", "", "0", "0.25"], [1, -2.5, None, 0, 0.25]),
        (["007", "12"], ["007", "12"]),
        (["1e5", "12"], ["1e5", "12"]),
        (["inf", "12"], ["inf", "12"]),
        (["nan", "12"], ["nan", "12"]),
        (["1_000", "12"], ["1_000", "12"]),
        (["1,000", "12"], ["1,000", "12"]),
        (["\u0661", "12"], ["\u0661", "12"]),  # a digit of another alphabet
        (["12345678901234567", "12"], ["12345678901234567", "12"]),  # a workbook keeps fifteen digits
        (["NA", ""], ["NA", None]),
        (["NA", "x"], ["NA", "x"]),
        (["True", "", "False"], [True, None, False]),
        (["True", "yes"], ["True", "yes"]),
    ],
)
def test_without_kinds_a_column_is_what_all_of_its_cells_are(cells, read, tmp_path):
    found = made(tmp_path, {"a": cells, "b": ["x"] * len(cells)})["a"]
    assert [(type(cell.value), cell.value) for cell in found] == [(type(value), value) for value in read]


def test_a_column_of_numbers_holds_every_finite_number(tmp_path):
    cells = ["1e-05", "", "", "12", "-0.5", "inf", "about 3"]
    found = made(tmp_path, {"p_value": cells, "scored": ["True"] * 6 + [""]}, {"p_value": float, "scored": bool})
    assert [cell.value for cell in found["p_value"]] == [1e-05, None, None, 12, -0.5, "inf", "about 3"]
    assert [cell.value for cell in found["scored"]] == [True] * 6 + [None]


def test_a_text_longer_than_a_cell_is_named_with_row_and_column(tmp_path):
    longest = "x" * LONGEST_TEXT
    assert made(tmp_path, {"note": ["a", longest]})["note"][1].value == longest
    (tmp_path / "a.xlsx").unlink()
    for length in (LONGEST_TEXT + 1, 200_000):
        with pytest.raises(RenderError) as caught:
            made(tmp_path, {"title": ["a", "b"], "note": ["", "x" * length]})
        assert str(caught.value) == (
            f"a.xlsx, row 3, column 'note': the text has {length:,} characters, a cell of a workbook holds 32,767. "
            "Shorten what it is made of."
        )
        assert not (tmp_path / "a.xlsx").exists()


def test_a_table_without_rows_keeps_its_heads(tmp_path):
    assert made(tmp_path, {"title": [], "note": []}) == {"title": [], "note": []}
