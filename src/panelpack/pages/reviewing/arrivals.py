"""Which files came when, which are awaited, and what suppliers restated: a row a table."""

import pandas as pd

from panelpack.config.parameters import Availability
from panelpack.formats import number
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.periods import date_words

ARRIVALS = ["table", "supplier", "received", "status", "restated"]


def arrivals_table(report: QuarterReport) -> pd.DataFrame:
    """Return the plan's tables in its order: from whom, when, what may be shown of it, what was restated.

    Of a table of which nothing may be shown it says when it came and why nothing is shown, and no more. Columns:
    ARRIVALS.
    """
    office, rows = report.office, []
    for table in report.plan.tables:
        source, entry = office.sources.by_table.get(table), report.parameters.availability.get(table)
        made = "; reconstructed" if source and source.reconstructed else ""
        received = date_words(source.received) if source else "not received"
        supplier = source.supplier if source else ""
        rows.append((table.replace("_", " "), supplier, received, _status(entry) + made, _restated(report, table)))
    return pd.DataFrame(rows, columns=ARRIVALS)


def _status(entry: Availability | None) -> str:
    if entry is None:
        return "available"
    day = entry.expected or entry.release_date
    return entry.status + (f", {'expected' if entry.expected else 'until'} {date_words(day)}" if day else "")


def _restated(report: QuarterReport, table: str) -> str:
    """Say how many figures were restated and why; '' where none were, or nothing of the table may be shown."""
    changes = report.restated(table)
    if changes.empty:
        return ""
    reasons = [reason for reason in dict.fromkeys(changes["reason"]) if reason]
    return " ".join([f"{number(len(changes))} figure{'s' * (len(changes) > 1)}.", *reasons])
