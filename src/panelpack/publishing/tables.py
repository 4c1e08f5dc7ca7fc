"""The pack's tables: read as text, and written as a workbook whose bytes depend on nothing but the table."""

import csv
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path

import xlsxwriter

from panelpack.rendering.paper import Paper

COLUMN_WIDTHS = {"title": 60, "evidence": 60, "note": 60}
NO_VALUE = {"", "NA"}


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a csv, cells as text, by the heads of its columns."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write_workbook(path: Path, table: Path, about: Paper) -> None:
    """Write a csv as a workbook: a sheet of the table, numbers as numbers, and a sheet about it."""
    if about.document_date is None:
        raise ValueError("the paper has no document_date: found None, expected the date of the meeting. Give it one.")
    rows = list(rows_of(table))
    heads = list(rows[0]) if rows else []
    created = datetime.combine(about.document_date, time())
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": about.title, "author": about.office, "created": created})
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Indicators")
        for column, name in enumerate(heads):
            sheet.set_column(column, column, COLUMN_WIDTHS.get(name, 16), wrap)
            sheet.write(0, column, name, bold)
            for row, value in enumerate(_values([row[name] for row in rows]), start=1):
                if value is not None:
                    sheet.write(row, column, value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        about_sheet = book.add_worksheet("About")
        about_sheet.set_column(0, 0, 90)
        status = f"{about.state}: {about.why}" if about.state else ""
        for row, line in enumerate(filter(None, (about.title, about.office, about.marking, status, about.notice))):
            about_sheet.write(row, 0, line)


def _values(cells: list[str]) -> list[str | float | bool | None]:
    """Return a column's cells as numbers or truths where all of them are; None for one without a value."""
    known = [cell for cell in cells if cell not in NO_VALUE]
    if known and set(known) <= {"True", "False"}:
        return [None if cell in NO_VALUE else cell == "True" for cell in cells]
    try:
        return [None if cell in NO_VALUE else float(cell) for cell in cells]
    except ValueError:
        return [None if cell in NO_VALUE else cell for cell in cells]
