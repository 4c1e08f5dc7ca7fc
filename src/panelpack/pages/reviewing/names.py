"""What the sheet calls a figure: the number of its box, and its title."""

from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult


def figure_name(report: QuarterReport, result: IndicatorResult) -> str:
    """Return '14B Number of offences'; the title alone of a figure whose box is no more."""
    box = next((box for box in report.plan.priorities if box.id == result.priority), None)
    return f"{box.number} {result.title}" if box else result.title
