"""The series behind a priority's page: the one main chart, and each series with its chart and data, folded."""

from collections.abc import Iterator

from panelpack.config.plan import Priority
from panelpack.disclosure.quoting import is_silent
from panelpack.indicators.missing import missing_points
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.sheets import WORKBOOK, sheet_name
from panelpack.pages import control_charts, message
from panelpack.pages.control_charts import chart_points, label, series_names, why_not_charted
from panelpack.rendering.charts import Chart, run_chart
from panelpack.rendering.prose import Block, Folded, Text


def main_chart(report: QuarterReport, box: Priority) -> Chart | None:
    """Return the chart of a page: that of the series which gives its message; None where it has no chart."""
    name = message.main_series(report, box)
    drawable = name is not None and name in series_names(report, box) and not why_not_charted(report, name)
    return _chart(report, box, name) if drawable and name else None


def blocks(report: QuarterReport, box: Priority) -> Iterator[Folded]:
    """Yield each series of a box that is shown: on the web its data and its chart folded, in print where they are."""
    main = message.main_series(report, box)
    for name in box.series:
        spec = report.plan.series[name]
        if report.office.withheld(spec.table) or is_silent(report.office, spec.table):
            continue
        inside: list[Block] = []
        if name in series_names(report, box) and not (why := why_not_charted(report, name)):
            points = chart_points(report, name)
            if name != main:
                chart = _chart(report, box, name)
                inside += [chart] if isinstance(chart, Block) else []  # type: ignore[list-item]
            inside += control_charts.data_tables(report, name, points, f"{spec.title} ({report.name_of(box)})")
        elif name in series_names(report, box):
            inside.append(Text(f"No chart: {why}."))
        readers = [figure.id for figure in box.figures if name in (figure.series, figure.baseline_series)]
        back = ", ".join(f"[{report.plan.short(report.plan.figures[one])}](#figure-{one})" for one in readers)
        inside.append(Text(f"Back to the figures: {back}."))
        yield Folded(
            f"{box.number}: data of {message.inside(spec.title)}",
            inside,
            f"Data of {message.inside(spec.title)}: sheet “{sheet_name(report.plan, name)}” of [{WORKBOOK}]({WORKBOOK}).",
            f"series-{name}",
        )


def _chart(report: QuarterReport, box: Priority, name: str) -> Chart:
    spec, points = report.plan.series[name], chart_points(report, name)
    missing = missing_points(report.data, name, points.assign(value=points["recorded"]))
    named = {label(key): sign for key, sign in missing.items()}
    return run_chart(points, title=f"{spec.title} ({report.name_of(box)})", form=spec.form, missing=named)
