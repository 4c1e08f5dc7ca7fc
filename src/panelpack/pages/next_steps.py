"""What is done about the indicators of a priority that got worse or missed their target, and what became of it."""

from panelpack.config.plan import Priority
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.open_points.next_steps import next_steps_of
from panelpack.pages.priority import indicators_of
from panelpack.rendering.table import Table

NONE_NAMED = "None is named."
NOT_TOLD = "It is not told."


def next_steps_table(report: QuarterReport, box: Priority) -> Table | None:
    """Return the next step of each indicator that calls for one, and what became of the last; None where none does."""
    followed = next_steps_of(report.office, indicators_of(report, box)).values()
    if not followed:
        return None
    has_last = any(one.last_words for one in followed)
    rows = []
    for one in followed:
        row = {"Indicator": one.title, "Next step": one.words or (NONE_NAMED if one.is_needed else "")}
        if has_last:
            became = one.became or (NOT_TOLD if one.last_words else "")
            row |= {"Step of the report before": one.last_words, "What became of it": became}
        rows.append(row)
    widths = [3, 4, 4, 3][: len(rows[0])]
    return Table(rows, f"{report.name_of(box)}: next steps", widths=widths)
