"""Where a priority's figures are from, in a line each: supplier, file, day, which of its rows, and links to more."""

from collections.abc import Iterator

from panelpack.config.guarded import why_guarded
from panelpack.config.plan import Priority
from panelpack.disclosure.quoting import shows_cells
from panelpack.formats import listed, number
from panelpack.indicators.chart_words import grain_words
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.sheets import WORKBOOK, sheet_name
from panelpack.indicators.shown_series import has_sheet
from panelpack.periods import date_words


def linked(report: QuarterReport, name: str, series: str | None) -> str:
    """Return the name of a figure as a link to its data, with a link to its source, as inline Markdown.

    The name alone where nothing of the series is shown.
    """
    if series is None or not is_shown(report, series):
        return name
    lead = name[: len(name) - len(name.lstrip())]  # the indent of a part
    return f"{lead}[{name.lstrip()}](#series-{series}) ([source](#source-{report.plan.series[series].table}))"


def notes(report: QuarterReport, box: Priority) -> Iterator[str]:
    """Yield a line on where a box's figures are from: each file that may be shown; nothing where there is none."""
    read: dict[str, list[str]] = {}
    for name in box.series:
        read.setdefault(report.plan.series[name].table, []).append(name)
    shown = [table for table in read if table in report.office.sources.by_table and not report.office.withheld(table)]
    if not shown:
        return
    made = ""
    if any(report.office.sources.by_table[table].reconstructed for table in shown):
        made = f"; monthly detail is reconstructed{' to published totals' * report.has_printed_paper}"
    files = "; ".join(_words(report, table, read[table]) for table in shown)
    sheets = [f"“{sheet_name(report.plan, name)}”" for name in box.series if has_sheet(report.data, name)]
    data = f" Data: sheet{'s' * (len(sheets) > 1)} {listed(sheets)} of [{WORKBOOK}]({WORKBOOK})." if sheets else ""
    yield f"**Source:** {files}. Every check passed{made}. [Methods](#methods).{data}"


def is_shown(report: QuarterReport, series: str) -> bool:
    """Whether points of a series may stand on a page and in the workbook."""
    return not report.office.withheld(report.plan.series[series].table)


def _words(report: QuarterReport, table: str, names: list[str]) -> str:
    file, source = next((file, one) for file, one in report.office.sources.files.items() if one.table == table)
    rows = _rows(report, table, names)
    return (
        f"{source.supplier}, received {date_words(source.received)} ([{file}](#source-{table})"
        f"{f', {rows}' * bool(rows)})"
    )


def _rows(report: QuarterReport, table: str, names: list[str]) -> str:
    """Say which rows of an open table are read, and over how many periods; nothing of a guarded one."""
    source = report.office.sources.by_table[table]
    if why_guarded(source, report.plan, report.parameters) or not shows_cells(report.office, table):
        return ""
    picked: dict[str, list[str]] = {}
    for name in names:
        for column, values in report.office.categories(report.plan.series[name]).items():
            picked.setdefault(column, []).extend(f"“{value}”" for value in values)
    where = [f"{column} {listed(list(dict.fromkeys(values)), 'or')}" for column, values in picked.items()]
    words = f"rows where {' and '.join(where)}" if where else "all rows"
    grains = {report.data.grain(name) for name in names}
    longest = max(len(report.data.points[name]) for name in names)
    if len(grains) == 1 and "date" not in grains and longest:
        words += f": {number(longest)} {grain_words(grains.pop())}{'s' * (longest != 1)}"
    return words
