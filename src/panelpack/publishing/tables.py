"""The pack's tables: read as text, and written as a workbook whose bytes depend on nothing but the table."""

import csv
import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from pathlib import Path

import xlsxwriter

from panelpack.errors import RenderError
from panelpack.rendering.paper import Paper
from panelpack.shorthand import explained

COLUMN_WIDTHS = {"title": 60, "evidence": 60, "note": 60, "baseline_shorthand": 20, "latest_shorthand": 20}
SIGNS = "Where a number is not shown its cell is empty, and a sign stands in a column of its own: "
LONGEST_TEXT = 32_767  # characters that a cell of a workbook holds
LONGEST_CELL = 10_000_000  # characters that a cell of a csv is read with
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
# What nobody writes but for a number: no zero in front, no exponent, no more digits than a workbook keeps.
PLAIN_NUMBER = re.compile(r"-?(?=[\d.]{1,16}$)(0|[1-9]\d*)(\.\d+)?")
Kinds = Mapping[str, type[float] | type[bool]]
Value = str | float | bool | None


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a csv, cells as text, by the heads of its columns."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write_workbook(path: Path, table: Path, about: Paper, kinds: Kinds | None = None) -> None:
    """Write a csv as a workbook: a sheet of the table, numbers as numbers and texts as texts, and a sheet about it.

    That sheet explains the signs that stand in the table; above its rows nothing can stand, for those who read it in.

    kinds: the columns of numbers and of truths; every other column is of texts. Without it, a column is of numbers or
    truths where all of its cells are. Raises RenderError for a text that no cell of a workbook can hold.
    """
    if about.document_date is None:
        raise ValueError("the paper has no document_date: found None, expected the date of the meeting. Give it one.")
    rows, heads = list(rows_of(table)), _heads(table)
    columns = {name: _values([row[name] for row in rows], kinds.get(name, str) if kinds else None) for name in heads}
    _check_lengths(path, columns)
    created = datetime.combine(about.document_date, time())
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": about.title, "author": about.office, "created": created})
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Indicators")
        for column, (name, values) in enumerate(columns.items()):
            sheet.set_column(column, column, COLUMN_WIDTHS.get(name, 16), wrap)
            sheet.write_string(0, column, name, bold)
            for row, value in enumerate(values, start=1):
                # The method that guesses would make formulas of `=` and links of addresses.
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif isinstance(value, bool):
                    sheet.write_boolean(row, column, value)
                elif value is not None:
                    sheet.write_number(row, column, value)
        sheet.freeze_panes(1, 1)
        if about.marking:
            sheet.set_header(f"&R{about.marking.replace('&', '&&')}"[:255])  # as many characters as a header may have
        if heads:
            sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        about_sheet = book.add_worksheet("About")
        about_sheet.set_column(0, 0, 90)
        status = f"{about.state}: {about.why}" if about.state else ""
        signs = explained(text for values in columns.values() for text in values if isinstance(text, str))
        lines = (
            about.title,
            about.office,
            about.edition,
            about.marking,
            status,
            about.notice,
            signs and f"{SIGNS}{signs}",
        )
        for row, line in enumerate(filter(None, lines)):
            about_sheet.write_string(row, 0, line, wrap)


def _heads(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file), [])


def _check_lengths(path: Path, columns: Mapping[str, list[Value]]) -> None:
    for name, values in columns.items():
        for row, value in enumerate(values, start=2):
            if isinstance(value, str) and len(value) > LONGEST_TEXT:
                raise RenderError(
                    f"{path.name}, row {row}, column {name!r}: the text has {len(value):,} characters, a cell of a "
                    f"workbook holds {LONGEST_TEXT:,}. Shorten what it is made of."
                )


def _values(cells: list[str], kind: type | None) -> list[Value]:
    """Return a column's cells as the kind says; None for one without a value. kind None: as all of the cells are."""
    known = [cell for cell in cells if cell]
    if kind is None and known:
        kind = bool if set(known) <= {"True", "False"} else float if all(map(PLAIN_NUMBER.fullmatch, known)) else str
    if kind is bool:
        return [{"True": True, "False": False}.get(cell, cell) if cell else None for cell in cells]
    if kind is float:
        return [_number(cell) if cell else None for cell in cells]
    return [cell or None for cell in cells]


def _number(cell: str) -> str | float:
    """Return a finite number; what is none stays the text that it is."""
    value = float(cell) if NUMBER.fullmatch(cell) else math.inf
    return value if math.isfinite(value) else cell
