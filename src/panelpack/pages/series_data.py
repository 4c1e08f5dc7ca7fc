"""The series behind a priority's page: the one main chart, and each series with its chart and data, folded."""

from collections.abc import Iterator

from panelpack.config.plan import Priority
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import control_charts, message, others, restated, source_lines
from panelpack.pages.control_charts import chart_points, series_names, why_not_charted
from panelpack.rendering.charts import Chart
from panelpack.rendering.prose import Block, Folded, Text


def main_chart(report: QuarterReport, box: Priority) -> Chart | None:
    """Return the chart of a page: that of the series which gives its message; None where it has no chart.

    It is lower on a page that shows other forces too.
    """
    name = message.main_series(report, box)
    drawable = name is not None and name in series_names(report, box) and not why_not_charted(report, name)
    return control_charts.chart(report, name, low=others.is_drawn(report, box)) if drawable and name else None


def blocks(report: QuarterReport, box: Priority) -> Iterator[Folded]:
    """Yield what was revised, then each series of a box that is shown, with its data and chart: all folded.

    In print the line of sources names the series' sheets.
    A series that an earlier box shows stands there, and the names of its figures lead to it.
    """
    if (revised := restated.revised(report, box)) is not None:
        yield revised
    main = message.main_series(report, box)
    for name in box.series:
        first = next(one for one in report.plan.priorities if name in one.series)
        if first.id == box.id and source_lines.is_shown(report, name):
            inside = [*_inside(report, box, name, with_chart=name != main), Text(_way_back(report, name))]
            title = message.inside(report.plan.series[name].title)
            yield Folded(f"{box.number}: data of {title}", inside, "", f"series-{name}")


def _inside(report: QuarterReport, box: Priority, name: str, *, with_chart: bool) -> Iterator[Block]:
    """Yield the chart of a series, where the page has another, and its data."""
    if name not in series_names(report, box):
        return
    if why := why_not_charted(report, name):
        yield Text(f"No chart: {why}.")
        return
    if with_chart:
        yield control_charts.chart(report, name)
    title = f"{report.plan.series[name].title} ({report.name_of(box)})"
    yield from control_charts.data_tables(report, name, chart_points(report, name), title)


def _way_back(report: QuarterReport, name: str) -> str:
    """Return the links from a series to every figure that reads it."""
    links = [
        f"[{box.number} {message.inside(figure.name)}](#figure-{figure.id})"
        for box in report.plan.priorities
        for figure in box.figures
        if name in (figure.series, figure.baseline_series)
    ]
    return f"Back to the figures: {', '.join(links)}."
