"""Dates that do not fit the quarter: of receipt, of a position, in the name of a file."""

import re
from collections.abc import Iterator
from datetime import date

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.sources import Source
from panelpack.disclosure.quoting import is_silent
from panelpack.intake.received import ReceivedTable
from panelpack.periods import MONTH_NAMES, Quarter, date_words, is_key, last_day, shift_month
from panelpack.plausibility.query import Query, few

MONTHS = tuple(name.lower() for name in MONTH_NAMES)
SHORT_OR_LONG = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in MONTHS).replace("sep(?:", "sept?(?:")
IN_NAMES = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_ .]?(?P<month>0[1-9]|1[0-2])(?:[-_ .]?(?:[0-2]\d|3[01]))?(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_ ]?[Qq](?P<quarter>[1-4])(?!\d)"),
    re.compile(
        r"(?<![a-z])(?P<name>" + SHORT_OR_LONG + r")[-_ .]?(?P<year>(?:19|20)?\d\d)(?!\d)",
        re.IGNORECASE,
    ),
)


def odd_receipts(office: Configuration) -> Iterator[Query]:
    """Yield the files received before the quarter's end, which cannot hold it."""
    end = last_day(office.quarter)
    for table, source in office.sources.by_table.items():
        if source.received <= end:
            why = f"before the quarter had ended on {date_words(end)}; it may have been copied from the quarter before"
            words = f"sources.yml says that the file was received on {date_words(source.received)}, {why}."
            yield Query(table, "received", "", "", words)


def odd_positions(office: Configuration, table: ReceivedTable, earlier: ReceivedTable | None) -> Iterator[Query]:
    """Yield the columns of dates that end before the quarter, did not move since the file before, or lie ahead.

    Of a date of the key (a position on a day) the latest counts; any other must not be later than the file's receipt.
    A table that may lag may end as many months before, and need not move. A table of residents is read on the day that
    the plan states, however long ago.
    """
    series = office.plan.series.values()
    if any(s.per and s.per.table == table.name for s in series) and all(s.table != table.name for s in series):
        return
    end, lag = last_day(office.quarter), table.spec.lag_months or 0
    start = date.fromisoformat(f"{shift_month(office.quarter.months[0], -lag)}-01")
    source = office.sources.by_table.get(table.name)
    for column, kind in table.spec.columns.items():
        if kind != "date" or column not in table.text:
            continue
        days = _days(table.text[column])
        if not days:
            continue
        latest = max(days)
        before = _days(earlier.text[column]) if earlier is not None and column in earlier.text else []
        is_quiet = is_silent(office, table.name)
        is_last = f"{column}: the latest date" + ("" if is_quiet else f" is {date_words(latest)}")
        since = ", as in the file of the quarter before" if before and max(before) == latest else ""
        if latest < start and (column in table.spec.key or since):
            began = (
                f"{date_words(start)}, from when on it may be" if lag else f"the quarter began on {date_words(start)}"
            )
            words = f"{is_last}{since}, before {began}."
            yield Query(table.name, "date_before_quarter", "", column, words)
        elif since and column in table.spec.key and not lag:
            yield Query(table.name, "date_unchanged", "", column, f"{is_last}{since}.")
        elif latest > (bound := _latest_possible(source, column, table, end)):
            yield Query(table.name, "date_ahead", "", column, f"{is_last}, later than {date_words(bound)}.")


def _latest_possible(source: Source | None, column: str, table: ReceivedTable, end: date) -> date:
    """Return the last day that a column may name: the quarter's last, or of what happened, the day of receipt."""
    if column in table.spec.key or source is None:
        return end
    return max(end, source.received)


def _days(cells: "pd.Series[str]") -> list[date]:
    """Return the dates that are there; the format check tells of cells that are none."""
    days = []
    for cell in cells.astype(str).unique():
        if is_key(cell, "date"):
            days.append(date.fromisoformat(cell))
    return days


def odd_names(office: Configuration) -> Iterator[Query]:
    """Yield the tables whose files' names carry a month or quarter, none of them of this quarter or up to the edition.

    A later one may be the day on which the file was drawn; of several files the latest counts.
    """
    first, until = office.quarter.months[0], office.parameters.day.isoformat()[:7]
    for name, source in office.sources.files.items():
        names = sorted(source.digests) if isinstance(source.digests, dict) else [name]
        months = sorted(month for one in names for month in months_in_name(one))
        if months and not any(first <= month <= until for month in months):
            words = f"The name {few(names)} carries {few(sorted(set(months)))}, which is not of {office.quarter}."
            yield Query(source.table, "file_name", "", "", words)


def months_in_name(name: str) -> list[str]:
    """Return the months that a file's name carries, 'YYYY-MM'; of a quarter its last one."""
    months = []
    for pattern in IN_NAMES:
        for found in pattern.finditer(name):
            parts = found.groupdict()
            year = parts["year"] if len(parts["year"]) == 4 else f"20{parts['year']}"
            if parts.get("quarter"):
                months.append(Quarter(int(year), int(parts["quarter"])).months[-1])
            elif parts.get("name"):
                months.append(f"{year}-{_number_of(parts['name']):02d}")
            else:
                months.append(f"{year}-{parts['month']}")
    return months


def _number_of(month: str) -> int:
    """Return which month of the year a name is, short or long."""
    return next(number for number, name in enumerate(MONTHS, start=1) if name.startswith(month.lower()[:3]))
