"""A priority's own page: figures with verdicts and evidence, charts with their data, commentary."""

import re
from collections.abc import Iterator

import pandas as pd

from panelpack.config.plan import Priority
from panelpack.formats import percent_change
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.pages.figure_words import (
    NOT_SCORED,
    WHY_IN_VERDICT,
    YEAR_BEFORE,
    baseline_words,
    dated,
    latest_words,
    title_words,
    verdict_badges,
    year_before_notes,
    year_before_words,
)
from panelpack.rendering.prose import Callout, Heading, Text
from panelpack.rendering.table import Table, table_row
from panelpack.rules.rule import RULES
from panelpack.shorthand import REVISED

WHY_NOT_RESTATED = "not supplied, or internal to the office"
WIDTHS = {
    **{"Indicator": 3.3, "Baseline": 1.9, "Latest": 2.4, "Change": 2.0, "Target": 1.7},
    **{YEAR_BEFORE: 2.3, "Verdict": 2.9, "How sure": 2.3},
}


def heading(report: QuarterReport, box: Priority) -> Heading:
    """Return the page's heading."""
    return Heading(2, f"{report.name_of(box)}: {box.title}", f"priority-{box.id}")


def reconstructed_notice(report: QuarterReport) -> Callout | None:
    """Say plainly that monthly detail is reconstructed, where it is."""
    if not report.data.reconstructed:
        return None
    text = (
        "The suppliers' files behind these figures were never published. They are reconstructed, so that totals that "
        "were printed are met. What was never printed is assumed: how counts spread over months and quarters, and how "
        "many people a survey asked. An interval that rests on something assumed says so beside the figure."
    )
    if not report.has_printed_paper:
        text = (
            "The suppliers' files behind these figures were never published, and no printed paper of this quarter "
            "holds their totals. They are reconstructed: neither the totals nor the movements are a supplier's record. "
            "An interval that rests on something assumed says so beside the figure."
        )
    return Callout("reconstructed", "Detail", text)


def indicators_of(report: QuarterReport, box: Priority) -> list[IndicatorResult]:
    """Return the results of a box's indicators, without its measures."""
    return [figure for figure in report.results_of(box) if not figure.measure]


def results_table(report: QuarterReport, box: Priority) -> Table | Text:
    """Return the indicators with baseline, latest, change and verdict, and how they stand to the year before."""
    figures = indicators_of(report, box)
    if not figures:
        return Text(f"{report.name_of(box)} has no indicator.")
    has_target = any(f.target for f in figures)
    has_year = any(f.year_change is not None for f in figures)
    rows = []
    for f in figures:
        cells = [
            ("Indicator", title_words(f, figures, report.plan)),
            ("Baseline", dated(baseline_words(f), f.baseline_period)),
            ("Latest", dated(latest_words(f), f.latest_period)),
            ("Change", _change(f)),
            ("Target" if has_target else "", f.target),
            (YEAR_BEFORE if has_year else "", year_before_words(f, with_values=True)),
            ("Verdict", f.verdict_words or NOT_SCORED),
            ("How sure", f.how_sure_words),
        ]
        rows.append(table_row((head, cell) for head, cell in cells if head))
    widths = [WIDTHS[head] for head in rows[0]]
    align = {"Verdict": "left", "How sure": "left"} | ({YEAR_BEFORE: "right"} if has_year else {})
    caption = f"{report.name_of(box)}: indicators and verdicts"
    notes = year_before_notes(figures, report.quarter.words)
    return Table(
        rows, caption, notes=notes, widths=widths, align=align, badges=verdict_badges(figures), why=WHY_IN_VERDICT
    )


def _change(figure: IndicatorResult) -> str:
    """Write a change in its unit and, where it has one, in percent: '+1,068 (+23%)'."""
    if figure.change is None or figure.printed_change is None:
        return ""
    in_percent = "" if figure.pct_change is None else f" ({percent_change(figure.pct_change)})"
    return f"{figure.form.change_cell(figure.printed_change)}{in_percent}"


def evidence_table(report: QuarterReport, box: Priority) -> Table | None:
    """Return why each verdict is what it is, and what a reader must know of the figure; None where nothing is said."""
    rows = [
        {
            "Indicator": f.title,
            "Rule": RULES[f.rule].title,
            "Evidence": f.evidence,
            "How sure": f.how_sure_reason,
            "Note": f.note,
        }
        for f in indicators_of(report, box)
    ]
    caption = f"{report.name_of(box)}: evidence and notes"
    is_blank = not any(cell for row in rows for head, cell in row.items() if head != "Indicator")
    return None if is_blank else Table(rows, caption, widths=[2.4, 1.6, 4, 4, 3])


def measures_table(report: QuarterReport, box: Priority) -> Table | None:
    """Return the supporting measures, or None where a priority has none."""
    measures = [figure for figure in report.results_of(box) if figure.measure]
    rows = [
        {
            "Measure": f.title,
            "Earlier": dated(baseline_words(f), f.baseline_period),
            "Latest": dated(latest_words(f), f.latest_period),
            "Change": "" if f.change is None else f.form.change_cell(f.printed_change),
        }
        for f in measures
    ]
    caption = f"{report.name_of(box)}: supporting measures"
    notes = [f"{f.title}: {text}" for f in measures for text in f.notes_of("gap")]
    return Table(rows, caption, notes=notes, widths=[4, 2.6, 2.6, 2.2]) if rows else None


def revised_table(report: QuarterReport, box: Priority) -> Table | None:
    """Return the restated figures that a priority rests on, or None where nothing was restated."""
    caption = f"{report.name_of(box)}: figures revised since the report of the quarter before {REVISED}"
    return restated_table(report.restated_of(box), caption)


def restated_table(changes: pd.DataFrame, caption: str) -> Table | None:
    """Return restated figures with old and new value and the supplier's reason; None where there are none."""
    rows = [
        {
            "Table": row["table"].replace("_", " "),
            "Figure": f"{row['key']}: {row['column']}",
            "Before": row["old"] or "no row",
            "Now": row["new"] or "no row",
            "Supplier's reason": row["reason"] or "none given",
        }
        for row in changes.to_dict("records")
    ]
    widths, align = [1.6, 3.4, 0.9, 0.9, 4], {"Before": "right", "Now": "right"}
    return Table(rows, caption, widths=widths, align=align, why=WHY_NOT_RESTATED) if rows else None


def commentary(report: QuarterReport, box: Priority) -> Iterator[Heading | Table]:
    """Yield the commentary on a priority: number, text, the figures it cites, and whether it is computed."""
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
        yield Heading(3, "Commentary")
        yield Table(rows, caption, widths=[0.8, 6, 3.6, 1.3], align={"Para.": "left", "Origin": "left"})


def breakable(text: str) -> str:
    """Let a line break after the dots and underscores of ids, which are longer than a column is wide."""
    return re.sub(r"(?<=\w)([._])(?=[a-z])", "\\1\u200b", text)
