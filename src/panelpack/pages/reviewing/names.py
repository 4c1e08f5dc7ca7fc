"""What the sheet calls a figure: the number and short name of its box, and its own short name."""

from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.pages.message import inside

SEPARATOR = ";"  # between boxes in a cell


def figure_name(report: QuarterReport, result: IndicatorResult) -> str:
    """Return '14B Theft of vehicles: offences'; the title alone of a figure that the plan has no more."""
    box = next((box for box in report.plan.priorities if box.id == result.priority), None)
    figure = report.plan.figures.get(result.indicator)
    if box is None or figure is None:
        return result.title
    return f"{box.number} {box.name}: {inside(figure.name)}"
