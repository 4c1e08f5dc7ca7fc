"""Workbooks by the Government's rules for accessible spreadsheets, written with gptables.

A cover, a list of the sheets, the notes, then one marked-up table a sheet: its title in A1, then what the sheet is, the
signs in it, and who supplied the figures. No cell of a table is blank, merged, or a formula. Its bytes depend on
nothing but what it holds.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
from gptables import Cover, GPTable
from gptables.core.wrappers import GPWorkbook, GPWorksheet

from panelpack.errors import RenderError
from panelpack.indicators.sheets import CONTENTS, COVER, NOTES
from panelpack.rendering.paper import Paper
from panelpack.shorthand import NOT_APPLICABLE
from panelpack.shorthand import explained as signs_explained

LONGEST_TEXT = 32_767  # characters that a cell of a workbook holds
LONGEST_HEADER = 255  # characters that the header of a printed page may have
NARROWEST, WIDEST = 9, 60  # characters
COVER_WIDTH = 100  # characters
ONE_TABLE = "This worksheet contains one table."
NOTES_ELSEWHERE = f" Some heads refer to notes, which are on the sheet {NOTES}."
Cell = str | float | bool | None
Note = tuple[str, str]  # a name, by which heads refer to it, and what it says


@dataclass(frozen=True)
class Sheet:
    """A sheet of one table.

    columns: cells by the head of the column, all as many; None becomes the sign of what does not apply. about: lines
    below the title. source: who supplied it. notes: by the head of a column the name of the note on it. decimals: by
    the head of a column how many decimals each of its numbers is shown with; None for as it is. places: the row of its
    csv that each row comes from, for messages.
    """

    name: str
    title: str
    columns: Mapping[str, Sequence[Cell]]
    about: Sequence[str] = ()
    source: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, Sequence[int | None]] = field(default_factory=dict)


def write_book(path: Path, sheets: Sequence[Sheet], notes: Iterable[Note], about: Paper, intro: Sequence[str]) -> None:
    """Write a workbook of some sheets.

    notes: in any order; one that no sheet refers to is left out. intro: what the cover says of the sheets. Raises
    RenderError for a text that no cell of a workbook can hold, ValueError for a paper without a date.
    """
    if about.document_date is None:
        raise ValueError("the paper has no document_date: found None, expected the date of the meeting. Give it one.")
    for sheet in sheets:
        _check_lengths(path, sheet)
    book = _Book(str(path), {"in_memory": True})
    created = datetime.combine(about.document_date, time())
    book.set_properties({"title": about.title, "author": about.office, "created": created})
    _write_cover(book, about, intro)
    tables = {sheet.name: _table(sheet) for sheet in sheets}
    contents = book.make_table_of_contents(tables, column_names=["Sheet", "What it holds"])
    book._update_annotations(tables)
    _write(book, CONTENTS, contents, about, widths=[34, COVER_WIDTH])
    told = dict(notes)
    if used := [name for name in book._annotations if name in told]:
        numbered = pd.DataFrame({"name": used, "Note": [told[name] for name in used]})
        _write(book, NOTES, book.make_notesheet(numbered), about, widths=[14, COVER_WIDTH])
    for sheet in sheets:
        _write(book, sheet.name, tables[sheet.name], about, widths=_widths(sheet))
    book.close()


class _Sheet(GPWorksheet):
    """A sheet on which a text is a text: gptables would make links of `[a](b)`, and xlsxwriter formulas of `{=a}`.

    Its cells are written without the frames of formats that gptables makes first, in a third of the time, and a text
    without a letter is no error.
    """

    def _write_table_elements(self, pos: list[int], gptable: GPTable, auto_width: bool) -> list[int]:
        top, frame, theme = gptable.data_range[0], gptable.table, self.theme
        special = {item["cell"]["cells"]: item["cell"]["format"] for item in gptable.additional_formatting}
        for column, head in enumerate(frame.columns):
            self._smart_write(top, column, head, theme.column_heading_format)
            cells = frame[head].tolist()
            numbers = any(isinstance(cell, float | int) and not isinstance(cell, bool) for cell in cells)
            plain = {**theme.data_format, "align": "right" if numbers else "left", "valign": "top"}
            for row, cell in enumerate(cells, start=1):
                self._smart_write(top + row, column, cell, plain | special.get((row, column), {}))
        self._mark_data_as_worksheet_table(gptable, pd.DataFrame([[theme.column_heading_format] * len(frame.columns)]))
        return [top + 1 + len(frame), 0]

    def _smart_write(self, row: int, col: int, data: object, format_dict: dict[str, Any], *args: object) -> None:
        if isinstance(data, str):
            self.write_string(row, col, data, self._workbook.add_format(format_dict))
        else:
            super()._smart_write(row, col, data, format_dict, *args)

    @staticmethod
    def _replace_url(string: str) -> str:
        return string


class _Book(GPWorkbook):
    """A workbook of such sheets."""

    def add_worksheet(self, name: str | None = None, gridlines: str = "hide_all") -> _Sheet:
        """Add a sheet."""
        sheet: _Sheet = super(GPWorkbook, self).add_worksheet(name, _Sheet)
        sheet.theme, sheet._workbook = self.theme, self
        sheet.hide_gridlines(2)
        sheet.set_paper(9)  # A4
        return sheet


def _write_cover(book: _Book, about: Paper, intro: Sequence[str]) -> None:
    status = f"{about.state}: {about.why}" if about.state else ""
    lines = (about.office, about.date_text, about.edition, about.marking, status, about.notice)
    cover = Cover(about.title, intro=[line for line in lines if line], about=list(intro), width=COVER_WIDTH)
    sheet = book.add_worksheet(COVER)
    sheet.write_cover(cover)
    _mark(sheet, about)


def _table(sheet: Sheet) -> GPTable:
    """Return a sheet as gptables writes it, without a blank."""
    cells = {
        head: [_cell(value, NOT_APPLICABLE) for value in values] or [NOT_APPLICABLE]
        for head, values in sheet.columns.items()
    }
    frame = pd.DataFrame({head: pd.Series(values, dtype=object) for head, values in cells.items()})
    texts = [value for values in cells.values() for value in values if isinstance(value, str)]
    signs = signs_explained(texts)
    places = list(sheet.columns)
    formats = [
        {"cell": {"cells": (row, places.index(head)), "format": {"num_format": _number_format(decimals)}}}
        for head, every in sheet.decimals.items()
        for row, decimals in enumerate(every, start=1)
        if decimals is not None
    ]
    return GPTable(
        frame,
        table_name=_table_name(sheet.name),
        title=_text(sheet.title),
        subtitles=[_text(line) for line in sheet.about],
        instructions=ONE_TABLE + (NOTES_ELSEWHERE if sheet.notes else ""),
        legend=[f"Signs in the place of numbers: {signs}"] if signs else [],
        source=f"Source: {_text(sheet.source)}" if sheet.source else None,
        table_notes={head: f"$${name}$$" for head, name in sheet.notes.items()},
        additional_formatting=formats,
    )


def _cell(value: Cell, blank: str) -> object:
    """Return a cell's value, or in the place of none the sign for it."""
    return blank if value is None or (isinstance(value, str) and not value.strip()) else value


def _text(text: str) -> str:
    """Return a line in which nothing refers to a note."""
    return text.replace("$$", "$ $")


def _number_format(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _table_name(sheet: str) -> str:
    """Return the name of a sheet's table: what a name may have, and no name that is a cell's."""
    return "table_" + re.sub(r"[^A-Za-z0-9]+", "_", sheet.encode("ascii", "replace").decode()).strip("_").lower()


def _write(book: _Book, name: str, table: GPTable, about: Paper, widths: Sequence[int]) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_gptable(table, False, book._annotations)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    first_row, _, last_row, last_column = table.data_range
    sheet.freeze_panes(first_row + 1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(first_row)
    sheet.print_area(0, 0, last_row, last_column)
    _mark(sheet, about)


def _mark(sheet: _Sheet, about: Paper) -> None:
    if about.marking:
        sheet.set_header(f"&R{about.marking.replace('&', '&&')}"[:LONGEST_HEADER])


def _widths(sheet: Sheet) -> list[int]:
    """Return how wide each column is, in characters: as its longest word or line, within bounds; longer texts wrap."""
    widths = []
    for head, values in sheet.columns.items():
        longest = max((len(str(value)) for value in values if isinstance(value, str)), default=0)
        words = max(map(len, head.split()), default=0) + 2
        widths.append(min(WIDEST, max(NARROWEST, words, longest if longest <= WIDEST else WIDEST, len(head) // 2)))
    return widths


def _check_lengths(path: Path, sheet: Sheet) -> None:
    for head, values in sheet.columns.items():
        for row, value in enumerate(values, start=2):
            if isinstance(value, str) and len(value) > LONGEST_TEXT:
                raise RenderError(
                    f"{path.name}, sheet {sheet.name!r}, row {row}, column {head!r}: the text has {len(value):,} "
                    f"characters, a cell of a workbook holds {LONGEST_TEXT:,}. Shorten what it is made of."
                )
