"""Figures that suppliers restated since the report of the quarter before: old, new and why, in a reader's words."""

import pandas as pd

from panelpack.config.plan import Priority
from panelpack.formats import number
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.periods import KEY_FORMS, date_words, period_words
from panelpack.rendering.prose import Folded
from panelpack.rendering.table import Table
from panelpack.shorthand import REVISED

WHY_NOT_RESTATED = "not supplied, or internal to the office"
NO_REASON = "The supplier gave no reason."


def revised(report: QuarterReport, box: Priority) -> Folded | None:
    """Return the restated figures that a priority rests on: on the web folded, in print how many and why."""
    changes = report.restated_of(box)
    table = restated_table(changes, f"{box.number}: figures revised since the report of the quarter before {REVISED}")
    if table is None:
        return None
    count = f"{number(len(changes))} {'figure' if len(changes) == 1 else 'figures'}"
    summary = f"{box.number}: {count} revised since the report of the quarter before"
    reasons = " ".join(dict.fromkeys(reason or NO_REASON for reason in changes["reason"]))
    return Folded(summary, [table], f"Revised since the report of the quarter before: {count}. {reasons}")


def restated_table(changes: pd.DataFrame, caption: str) -> Table | None:
    """Return restated figures with old and new value, each supplier's reason once; None where there are none."""
    rows, notes = [], []
    reasons = list(dict.fromkeys(changes["reason"]))
    for row in changes.to_dict("records"):
        rows.append(
            {
                "Data": row["table"].replace("_", " "),
                "Period": _period(row["period"]),
                "Figure": _figure(row),
                "Before": _value(row["old"]),
                "Now": _value(row["new"]),
            }
        )
        if len(reasons) > 1:
            rows[-1]["Reason"] = f"({reasons.index(row['reason']) + 1})"
    if not rows:
        return None
    for place, reason in enumerate(reasons, start=1):
        notes.append(f"{f'({place}) ' * (len(reasons) > 1)}{reason or NO_REASON}")
    widths, align = [1.8, 1.6, 3.4, 1, 1, 0.8], {"Before": "right", "Now": "right"}
    return Table(rows, caption, notes=notes, widths=widths[: len(rows[0])], align=align, why=WHY_NOT_RESTATED)


def _figure(row: dict[str, str]) -> str:
    """Return which number of a period was restated, in words: 'offences, all crime'."""
    others = [part for part in row["key"].split(", ") if not part.endswith(f" {row['period']}")]
    named = [part.partition(" ")[2] or part for part in others]
    return ", ".join([row["column"], *named]).replace("_", " ")


def _period(key: str) -> str:
    if KEY_FORMS["date"].fullmatch(key):
        return date_words(pd.Timestamp(key).date())
    return period_words(key) if any(form.fullmatch(key) for form in KEY_FORMS.values()) else key


def _value(text: str) -> str:
    """Return a figure with its thousands apart, and what stands in the place of one as it is."""
    return number(int(text)) if text.isascii() and text.isdigit() else text or "no row"
