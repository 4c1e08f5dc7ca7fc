"""For reviewers: each run of signals on a priority's charts in a sentence, and the new limits that a chart suggests."""

from panelpack.config.plan import Priority
from panelpack.indicators.chart_words import signal_runs
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.control_charts import series_names, why_not_charted
from panelpack.periods import period_words
from panelpack.rendering.prose import Text
from panelpack.rendering.table import Table


def signals_explained(report: QuarterReport, box: Priority) -> Table | Text:
    """Return every run of points that a box's charts flag, and why."""
    rows = [
        {"Series": report.plan.series[name].title, "When": when, "Why it is flagged": why}
        for name in _charted(report, box)
        for when, why in signal_runs(report.data.control_chart(name), report.plan.series[name].form)
    ]
    if not rows:
        return Text(f"No point of the control charts of {report.name_of(box)} is flagged.")
    return Table(rows, f"{report.name_of(box)}: every signal of the control charts", widths=[3, 2.4, 5])


def rebases_proposed(report: QuarterReport, box: Priority) -> Table | Text:
    """Return the new starts of limits that a box's charts suggest, as lines for the plan."""
    rows = []
    for name in _charted(report, box):
        if proposed := report.data.proposed_rebase(name):
            why = f"Since {period_words(proposed.first)} {proposed.why}."
            rows.append({"Series": name, "Why": why, "Line for the plan, with a reason": proposed.plan_line})
    if not rows:
        return Text(f"No control chart of {report.name_of(box)} suggests new limits.")
    plan = report.project.name(report.project.plan(report.quarter))
    notes = [
        "New limits suit a change that has lasted, is expected to last, and whose cause is known. To accept one, put "
        f"the line under the series in {plan} and write the reason; until then the chart keeps its limits."
    ]
    return Table(rows, f"{report.name_of(box)}: new limits to consider", notes=notes, widths=[2.4, 3, 5])


def _charted(report: QuarterReport, box: Priority) -> list[str]:
    return [name for name in series_names(report, box) if not why_not_charted(report, name)]
