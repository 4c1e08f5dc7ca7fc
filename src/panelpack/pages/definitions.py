"""The definitions of a priority's measures that have changed: their versions, and old and new side by side."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from panelpack.config.plan import Priority
from panelpack.config.series import Redefinition
from panelpack.formats import Form, percent_change
from panelpack.indicators import series
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.periods import date_words, month_words, months_of, period_words
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table

MOST_SHOWN = 12  # periods of an overlap, the latest
OLD, NEW = "Old definition", "New definition"


def blocks(report: QuarterReport, box: Priority) -> Iterator[Heading | Table | Text]:
    """Yield the versions of each definition that changed, then old and new where both are known."""
    changed = [(name, change) for name in box.series for change in report.plan.series[name].redefined]
    changed = [(name, change) for name, change in changed if not _is_withheld(report, name)]
    if not changed:
        return
    yield Heading(3, f"{box.number}: definitions that changed")
    rows = [
        {
            "Measure": report.plan.series[name].title,
            "From": month_words(change.first),
            "What changed": change.reason,
            "Decided by": change.decided_by or "",
        }
        for name, change in changed
    ]
    if not any(row["Decided by"] for row in rows):
        rows = [{head: row[head] for head in row if head != "Decided by"} for row in rows]
    widths = [3, 1.6, 5, 2.4][: len(rows[0])]
    yield Table(rows, f"{report.name_of(box)}: definitions and from when they hold", widths=widths)
    for name, change in changed:
        if change.before:
            yield _overlap(report, box, name, change)


def _is_withheld(report: QuarterReport, name: str) -> bool:
    return bool(report.office.withheld(report.plan.series[name].table))


def _overlap(report: QuarterReport, box: Priority, name: str, change: Redefinition) -> Table | Text:
    """Return the periods since the change for which both definitions have a figure, the latest of them."""
    form, title = report.plan.series[name].form, report.plan.series[name].title
    both = pd.concat({OLD: _values(report, change.before), NEW: _values(report, name)}, axis=1).dropna().sort_index()
    both = both[[_last_month(str(key)) >= change.first for key in both.index]]
    if both.empty:
        return Text(f"{title}: there is no period for which both definitions have a figure.")
    rows = [
        {
            "Period": _words(str(key)),
            OLD: form.cell(old),
            NEW: form.cell(new),
            "Difference": _difference(old, new, form),
        }
        for key, old, new in both.tail(MOST_SHOWN).itertuples()
    ]
    caption = f"{title}: old and new definition side by side ({report.name_of(box)}, from {month_words(change.first)})"
    notes = [f"Old definition: {report.plan.series[change.before].title}."]
    if len(both) > MOST_SHOWN:
        notes.append(f"The latest {MOST_SHOWN} of {len(both)} periods.")
    return Table(rows, caption, notes=notes, align={"Difference": "right"})


def _is_day(key: str) -> bool:
    return len(key) == len("2022-04-01")


def _last_month(key: str) -> str:
    return key[:7] if _is_day(key) else months_of(key)[-1]


def _words(key: str) -> str:
    return date_words(date.fromisoformat(key)) if _is_day(key) else period_words(key)


def _values(report: QuarterReport, name: str) -> pd.Series:
    """Return the figures of a series by period, up to the quarter; none that may not be shown."""
    if name not in report.data.points or _is_withheld(report, name):
        return pd.Series(dtype=float)
    grain, points = report.data.grain(name), report.data.points[name]
    points = series.up_to(points, report.quarter, grain) if grain else points
    return series.charted(points, report.plan.series[name].kind)


def _difference(old: float, new: float, form: Form) -> str:
    if form.unit == "percent" or form.labels or not old:
        return form.change_cell(new - old)
    return percent_change(100 * (new - old) / old)
