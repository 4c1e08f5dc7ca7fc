"""The pack's tables as a workbook whose bytes depend on nothing but the tables."""

from datetime import datetime, time
from pathlib import Path

import pandas as pd
import xlsxwriter

from panelpack.paper import Paper

WIDTHS = {"title": 60, "evidence": 60, "note": 60}


def workbook(path: Path, table: Path, about: Paper) -> None:
    """Write a csv as a workbook: a sheet of the table, numbers as numbers, and a sheet about it."""
    frame = pd.read_csv(table)
    created = datetime.combine(about.document_date, time())
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": about.title, "author": about.office, "created": created})
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Indicators")
        for column, name in enumerate(frame.columns):
            sheet.set_column(column, column, WIDTHS.get(name, 16), wrap)
            sheet.write(0, column, name, bold)
            for row, value in enumerate(frame[name], start=1):
                if pd.notna(value):
                    sheet.write(row, column, value.item() if hasattr(value, "item") else value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
        about_sheet = book.add_worksheet("About")
        about_sheet.set_column(0, 0, 90)
        for row, line in enumerate(
            filter(None, (about.title, about.office, about.marking, _status(about), about.notice))
        ):
            about_sheet.write(row, 0, line)


def _status(about: Paper) -> str:
    return f"{about.state}: {about.why}" if about.state else ""
