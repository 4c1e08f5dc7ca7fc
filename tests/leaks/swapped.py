"""Months that are too small to be shown apart, in each other's place: what is shown of their quarter may not change.

A number of seven answers cannot be unmistakable. So that it is told nowhere, not even by what is worked out from it, is
seen otherwise: two months of a quarter change places, in every row of which only quarters or years are shown.
"""

import csv
import io
from pathlib import Path

from leaks.offices import OfficeCopy
from leaks.planted import NUMBERS, Table

MONTH_SHOWN = len("2015-06")  # characters of a month among the periods of what is shown, and of no quarter or year


def swap_hidden_months(copy: OfficeCopy, prepared: Path) -> int:
    """Swap the numbers of the first two months of every quarter, in all drops; return in how many rows.

    A series of months that the plan itself adds up by quarters is left as it is.

    prepared: the folder of the series as they are shown, from a run of the same office.
    """
    swapped = 0
    for name, table in copy.tables.items():
        path = copy.office / "data" / "raw" / copy.quarter / f"{name}.csv"
        has_months = "month" in table.kinds.values() and not table.is_about_persons and path.exists()
        if not has_months or not (prepared / path.name).exists():
            continue
        shown = _months_shown(prepared / path.name)
        for drop in copy.drops:
            path = copy.office / "data" / "raw" / drop / f"{name}.csv"
            swapped += _swap(path, table, copy.picks(name), shown)
    return swapped


def _months_shown(prepared: Path) -> set[str]:
    """Return the series of which months are shown, or areas of months."""
    with prepared.open(encoding="utf-8", newline="") as file:
        return {row["series"].split(" ")[0] for row in csv.DictReader(file) if _is_month(row["period"])}


def _is_month(period: str) -> bool:
    return len(period) == MONTH_SHOWN and period[4] == "-"


def _swap(path: Path, table: Table, picks: dict[str, dict], shown: set[str]) -> int:
    """Swap in one file the rows that series pick of which none is shown by months."""
    text = path.read_text(encoding="utf-8")
    rows, swapped = list(csv.DictReader(io.StringIO(text, newline=""))), 0
    month = next(column for column, kind in table.kinds.items() if kind == "month")
    others = [column for column, kind in table.kinds.items() if kind not in NUMBERS and column != month]
    by_key = {(row[month], *(row[column] for column in others)): row for row in rows}
    for (first, *key), row in list(by_key.items()):
        second = by_key.get((f"{first[:5]}{int(first[5:]) + 1:02d}", *key))
        picked = {series for series, where in picks.items() if _is_picked(row, where)}
        if int(first[5:]) % 3 != 1 or second is None or not picked or picked & shown:
            continue  # what no series picks is no survey: one cell of it may be told where it was restated
        for column in (column for column, kind in table.kinds.items() if kind in NUMBERS):
            row[column], second[column] = second[column], row[column]
        swapped += row != second
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(written.getvalue(), encoding="utf-8")
    return swapped


def _is_picked(row: dict, where: dict) -> bool:
    """Whether a series picks a row; of a list that the parameters name, every row may be."""
    wanted = {column: [value] if isinstance(value, str) else value for column, value in where.items()}
    return all(row[column] in values or values[0].startswith("$") for column, values in wanted.items())
