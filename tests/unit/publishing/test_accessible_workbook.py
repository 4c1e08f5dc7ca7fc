"""A workbook by the rules for accessible spreadsheets: one marked-up table a sheet, nothing blank, the same bytes."""

import datetime
import os
import re
import time
import zipfile

import openpyxl
import pytest

from panelpack.errors import RenderError
from panelpack.publishing.accessible_workbook import LONGEST_TEXT, Sheet, write_book
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
NOTES = (("unit", "Values are in their unit."), ("sure", "How sure it is."), ("never", "Nobody refers to this."))


def written(folder, *sheets, about=ABOUT, name="a.xlsx"):
    write_book(folder / name, sheets, NOTES, about, ["What the sheets hold."])
    return openpyxl.load_workbook(folder / name)


def cells_of(sheet):
    """Return the cells below the heads of a sheet's table, by head without its note."""
    (table,) = sheet.tables.values()
    rows = list(sheet[table.ref])
    return {
        re.sub(r"\n\[note \d+\]$", "", str(column[0].value)): list(column[1:]) for column in zip(*rows, strict=True)
    }


A = Sheet(
    "Thefts",
    "Recorded thefts",
    {"Period": ["April 2015", "May 2015"], "Value": [12.0, "[c]"], "Shown": [True, None]},
    about=["Unit: number."],
    source="The force",
    notes={"Value": "unit"},
    decimals={"Value": [0, 0]},
)
B = Sheet("Survey", "Satisfaction", {"Period": ["2014/15"], "Value": [81.4512]}, notes={"Value": "sure"},
          decimals={"Value": [1]})  # fmt: skip


def test_the_sheets_stand_in_their_order_behind_cover_contents_and_notes(tmp_path):
    book = written(tmp_path, A, B)
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Thefts", "Survey"]
    assert [cell.value for cell in cells_of(book["Contents"])["Sheet"]] == ["Thefts", "Survey"]
    links = [cell.hyperlink.location for cell in cells_of(book["Contents"])["Sheet"]]
    assert links == ["'Thefts'!A1", "'Survey'!A1"]


def test_the_cover_says_what_it_is_and_how_it_is_marked(tmp_path):
    book = written(tmp_path, A)
    texts = [row[0] for row in book["Cover"].values]
    assert texts[0] == "Performance report"
    assert {"The Commissioner", "PUBLIC", "DRAFT: This pack has not been approved.", "What the sheets hold."} < {*texts}
    assert book.properties.title == "Performance report" and str(book.properties.created) == "2015-09-16 00:00:00"
    assert {sheet.oddHeader.right.text for sheet in book} == {"PUBLIC"}


def test_a_sheet_has_its_title_what_it_is_its_signs_its_source_and_then_its_table(tmp_path):
    sheet = written(tmp_path, A)["Thefts"]
    assert [row[0] for row in sheet.iter_rows(values_only=True)][:6] == [
        "Recorded thefts",
        "Unit: number.",
        "This worksheet contains one table. Some heads refer to notes, which are on the sheet Notes.",
        f"Signs in the place of numbers: [c] {SENTENCES[CONFIDENTIAL]}; [z] does not apply.",
        "Source: The force",
        "Period",
    ]
    cells = cells_of(sheet)
    assert [cell.value for cell in cells["Value"]] == [12, "[c]"]
    assert [cell.value for cell in cells["Shown"]] == [True, "[z]"], "no cell is blank"
    assert cells["Value"][0].number_format == "#,##0"


def test_a_value_is_whole_in_its_cell_and_rounded_by_its_format(tmp_path):
    (cell,) = cells_of(written(tmp_path, B)["Survey"])["Value"]
    assert (cell.value, cell.number_format) == (81.4512, "#,##0.0")


def test_notes_are_those_that_a_head_refers_to_in_the_order_of_the_sheets(tmp_path):
    book = written(tmp_path, B, A)
    notes = cells_of(book["Notes"])
    assert [cell.value for cell in notes["Note number"]] == [1, 2]
    assert [cell.value for cell in notes["Note"]] == ["How sure it is.", "Values are in their unit."]
    assert book["Survey"]["B3"].value == "Value\n[note 1]" and book["Thefts"]["B6"].value == "Value\n[note 2]"


def test_without_a_note_there_is_no_sheet_of_notes(tmp_path):
    assert "Notes" not in written(tmp_path, Sheet("A", "A", {"a": ["b"]})).sheetnames


def test_a_table_without_rows_says_so_by_a_sign(tmp_path):
    assert [cell.value for cell in cells_of(written(tmp_path, Sheet("A", "A", {"a": []}))["A"])["a"]] == ["[z]"]


TEXTS = [
    "=1+1", "= better than last year", "@home", "+44 20", "-5 or so", "{=SUM(A1)}", "http://office.example/a", "NA",
    "mailto:someone", "internal:About!A1", "None", "N/A", "nan", "inf", "-inf", "1e5", "007", "1.0", "True",
    "Apr-12", " blanks ", "'quoted'", "_x0041_", "line\nend", "tab\there", "#N/A", "#REF!", "dŵr Łódź ½ ≥", "🚓",
    "12345678901234567890", "2015-09-31", "[a](b)", "[a](b) [c](d)", "$$unit$$", "▲", "Ωμέγα", "[z]x",
]  # fmt: skip


def test_a_text_is_the_same_text_in_the_workbook(tmp_path):
    cells = cells_of(written(tmp_path, Sheet("A", "A", {"note": TEXTS, "=head": ["x"] * len(TEXTS)}))["A"])
    assert [cell.value for cell in cells["note"]] == TEXTS
    assert {cell.data_type for cell in cells["note"]} == {"s"}
    assert list(cells) == ["note", "=head"]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        parts = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not [part for part in parts if "<f>" in part]
    assert [part for part in parts if "hyperlink" in part] == [parts[1]], (
        "only the contents have links, inside the book"
    )


@pytest.mark.parametrize("title", ["=1+1", "[a](b)", "$$unit$$", "http://office.example/a", "{=SUM(A1)}"])
def test_a_title_is_the_same_text_too(title, tmp_path):
    book = written(tmp_path, Sheet("A", title, {"a": ["b"]}))
    assert book["A"]["A1"].value == title.replace("$$", "$ $")


def test_a_blank_text_is_no_blank_cell(tmp_path):
    cells = cells_of(written(tmp_path, Sheet("A", "A", {"a": ["  ", "", "\n", "b"]}))["A"])
    assert [cell.value for cell in cells["a"]] == ["[z]", "[z]", "[z]", "b"]


def test_the_same_sheets_give_the_same_bytes_at_any_hour_of_any_zone(tmp_path, monkeypatch):
    for zone in ("Pacific/Auckland", "America/Anchorage"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        written(tmp_path, A, B, name=f"{zone[:3]}.xlsx")
    monkeypatch.delenv("TZ")
    time.tzset()
    assert (tmp_path / "Pac.xlsx").read_bytes() == (tmp_path / "Ame.xlsx").read_bytes()
    assert "TZ" not in os.environ


def test_a_paper_without_a_date_is_refused(tmp_path):
    with pytest.raises(ValueError, match="document_date"):
        written(tmp_path, A, about=Paper("Undated"))


@pytest.mark.parametrize("length", [LONGEST_TEXT + 1, 200_000])
def test_a_text_longer_than_a_cell_is_named_with_sheet_row_and_column(length, tmp_path):
    written(tmp_path, Sheet("A", "A", {"note": ["x" * LONGEST_TEXT]}))
    with pytest.raises(RenderError) as caught:
        written(tmp_path, Sheet("A", "A", {"title": ["a", "b"], "note": ["", "x" * length]}))
    assert str(caught.value) == (
        f"a.xlsx, sheet 'A', row 3, column 'note': the text has {length:,} characters, a cell of a workbook holds "
        "32,767. Shorten what it is made of."
    )


def test_a_long_or_odd_marking_is_no_code_of_a_header(tmp_path):
    book = written(tmp_path, A, about=Paper("A", marking="A & B " * 60, document_date=datetime.date(2015, 9, 16)))
    assert len(book["Thefts"].oddHeader.right.text) < 255


def test_columns_are_as_wide_as_they_need_and_no_wider(tmp_path):
    sheet = written(tmp_path, Sheet("A", "A", {"a": ["b"], "long": ["word " * 100]}))["A"]
    assert sheet.column_dimensions["A"].width < 12 and 40 < sheet.column_dimensions["B"].width < 65
    assert sheet.freeze_panes == "B4"
