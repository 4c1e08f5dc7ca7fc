"""The working behind a priority's verdicts, for reviewers: series, periods compared, evidence, verdict, a step each."""

import re
from collections.abc import Iterator

from panelpack.config.plan import Priority
from panelpack.formats import change_unit, interval_end, number, p_words
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.pages.figure_words import NOT_SCORED, WHY_IN_VERDICT, baseline_words, latest_words
from panelpack.periods import span_words
from panelpack.rendering.prose import Text
from panelpack.rendering.table import Table
from panelpack.rules.rule import RULES

NO_POINT = "none"


def series_read(report: QuarterReport, box: Priority) -> Table | Text:
    """Return the series that a box's figures read: from which table and rows, and what they cover."""
    rows = []
    for name in box.series:
        spec = report.plan.series[name]
        row = {"Series": spec.title, "Table": spec.table, "Rows": _rows_picked(report, name)}
        if withheld := report.office.withheld(spec.table):
            rows.append(row | {"First": withheld, "Last": withheld, "Points": ""})
            continue
        points = report.data.points[name]
        periods = list(points["period"]) or [NO_POINT]  # the supplier gave no number for any period
        first, last = periods[0], periods[-1]
        rows.append(row | {"First": first, "Last": last, "Points": number(len(points))})
    if not rows:
        return Text(f"No figure of {report.name_of(box)} reads a series.")
    return Table(rows, f"{report.name_of(box)}: series", widths=[3, 2, 3, 1, 1, 0.8])


def _rows_picked(report: QuarterReport, name: str) -> str:
    chosen = report.office.categories(report.plan.series[name])
    return "; ".join(f"{column}: {', '.join(values)}" for column, values in chosen.items()) or "all"


def periods_compared(report: QuarterReport, box: Priority) -> Table | Text:
    """Return the two periods of each figure with their totals, and for a percentage what it is out of."""
    rows = []
    for figure in report.results_of(box):
        if not figure.latest_period:
            continue
        compare = report.plan.figures[figure.indicator].compare
        names = (compare.baseline, compare.latest) if compare else (None, None)
        rows.append(
            {
                "Figure": figure.title,
                "Baseline": _period(report, figure, figure.baseline_period, names[0]),
                "Total": _total(baseline_words(figure), figure.baseline_base),
                "Latest": _period(report, figure, figure.latest_period, names[1]),
                "Latest total": _total(latest_words(figure), figure.latest_base),
                "Change": "" if figure.change is None else figure.form.change_cell(figure.change),
            }
        )
    if not rows:
        return Text(f"No figure of {report.name_of(box)} compares two periods.")
    caption, align = f"{report.name_of(box)}: periods compared", dict.fromkeys(("Total", "Latest total"), "right")
    return Table(rows, caption, widths=[3, 2, 1.6, 2, 1.6, 1.8], align=align, why=WHY_IN_VERDICT)


def _period(report: QuarterReport, figure: IndicatorResult, words: str, name: str | None) -> str:
    series = report.plan.figures[figure.indicator].series
    period = report.data.period(series, name) if series and name else None
    months = period.months if period and not period.parts else ()  # the words of a mean name its years
    return f"{words} ({span_words(months)})" if months and span_words(months) not in words else words


def _total(words: str, base: float | None) -> str:
    return words if base is None else f"{words} of {number(base)}"


def evidence_weighed(report: QuarterReport, box: Priority) -> Table | Text:
    """Return for each indicator that has evidence its rule and the 95% interval behind it."""
    rows = [
        {
            "Indicator": figure.title,
            "Rule": RULES[figure.rule].title or "No rule",
            "Interval of": figure.interval_of.replace("_", " "),
            "Lower 95%": _end(figure.lower_95, figure),
            "Upper 95%": _end(figure.upper_95, figure),
            "p-value": "" if figure.p_value is None else p_words(figure.p_value),
            "Evidence": figure.evidence,
        }
        for figure in report.results_of(box)
        if not figure.measure and figure.evidence
    ]
    if not rows:
        return Text(f"No indicator of {report.name_of(box)} has evidence to weigh.")
    caption = f"{report.name_of(box)}: evidence weighed"
    return Table(rows, caption, widths=[2.6, 2, 1.2, 1, 1, 1, 4])


def _end(value: float | None, figure: IndicatorResult) -> str:
    """Write an end of an interval: of a figure as it is printed, of a change with its sign."""
    if value is None:
        return ""
    if figure.interval_of in ("latest", "projected"):
        return figure.form.words(value)
    if figure.interval_of == "pct_change":
        return f"{interval_end(value, 0)}%"
    return f"{interval_end(value, max(1, figure.decimals))}{change_unit(figure.form)}"


def verdicts_given(report: QuarterReport, box: Priority) -> Table | Text:
    """Return each indicator's verdict beside which way is better and what a reader must know."""
    rows = [
        {
            "Indicator": figure.title,
            "Better": figure.polarity,
            "Scored": "yes" if figure.scored else "no",
            "Verdict given": figure.verdict_words or NOT_SCORED,
            "How sure": figure.how_sure_reason,
            "Notes": "; ".join(f"{note.kind}: {note.text}" for note in figure.notes),
        }
        for figure in report.results_of(box)
        if not figure.measure
    ]
    if not rows:
        return Text(f"{report.name_of(box)} has no indicator to judge.")
    caption = f"{report.name_of(box)}: verdicts given"
    return Table(rows, caption, widths=[2.6, 0.8, 0.8, 2, 3.4, 3.6], align={"Verdict given": "left"})


def commentary(report: QuarterReport, box: Priority) -> Iterator[Table]:
    """Yield the commentary on a priority: number, text, the figures that it cites, and whether it is computed."""
    rows = [
        {
            "Para.": str(row["paragraph"]),
            "Text": row["text"],
            "Figures cited": breakable(row["figures"]),
            "Origin": row["origin"],
        }
        for row in report.commentary_rows(report.office.commentary.of_update(box.update)).to_dict("records")
    ]
    caption = f"{report.name_of(box)}: commentary, as numbered in the report"
    if rows:
        yield Table(rows, caption, widths=[0.8, 6, 3.6, 1.3], align={"Para.": "left", "Origin": "left"})


def breakable(text: str) -> str:
    """Let a line break after the dots and underscores of ids, which are longer than a column is wide."""
    return re.sub(r"(?<=\w)([._])(?=[a-z])", "\\1\u200b", text)
