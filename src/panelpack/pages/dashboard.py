"""Appendix A: the dashboard, a box for each priority, with comments, footnotes and the key."""

from collections.abc import Iterator, Mapping

import pandas as pd

from panelpack.config.plan import Indicator, Priority
from panelpack.formats import number
from panelpack.indicators.published_tables import published_tables
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult, dashboard_rows, share_words
from panelpack.pages.control_charts import charts_of_pack, false_alarm_words
from panelpack.pages.figure_words import (
    NOT_SCORED,
    WHY_IN_VERDICT,
    YEAR_BEFORE,
    bands_words,
    baseline_words,
    change_words,
    dated,
    latest_words,
    marked_verdict,
    title_words,
    verdict_badges,
    verdict_name,
    verdicts_told,
    year_before_notes,
    year_before_words,
)
from panelpack.pages.priority import indicators_of
from panelpack.periods import span_words
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table, table_row
from panelpack.rules.verdict import (
    ASSUMED,
    DETERIORATED,
    HOW_SURE_WORDS,
    NO_CHANGE,
    NOT_ASSESSED,
    REASON_WORDS,
    VERDICTS,
)

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NOTE_MARKS = {  # by the kind of the note
    **{"populations": "‡", "provisional": "ᵖ", "gap": "†"},
    **{"year_before": "ʸ", "lag": "ˡ", "redefined": "ᵈ", "residents": "ʳ"},
}
STATED = ("awaited", "replaced", "discontinued", "redacted")  # reasons that the box tells in the plan's own words
HOW_SURE, SPC_VARIANCE, LATEST = "How sure", "SPC variance", "Latest"
WIDTHS = {
    "Indicator": 4.2,
    "On": 2.1,
    "Target": 2.1,
    "How": 2.3,
    "Projection": 2.2,
    "Verdict": 3.1,
    "Assessment": 1.6,
    "%": 1.4,
}

WIDE = 2.6  # a column whose cells name their periods


def heading(report: QuarterReport) -> Heading:
    """Return the appendix' heading."""
    return Heading(2, f"{report.parameters.appendix('dashboard')}: {span_words(report.quarter.months)}", "dashboard")


def headline_table(report: QuarterReport) -> Table | Text:
    """Return the headline; beside a printed paper also what such papers have counted together as no change."""
    counts = report.headline()
    if not counts["scored"]:
        return Text("No indicator is scored.")
    shown = verdicts_told(verdict for verdict in VERDICTS if counts[verdict])
    rows = [(marked_verdict(report.plan, v), v) for v in shown]
    if report.has_printed_paper and {NO_CHANGE, NOT_ASSESSED} <= set(shown):
        rows.sort(key=lambda row: row[1] == DETERIORATED)  # so that the two stand together
        rows.insert(-1, ("No change and not assessed together", "no_change_or_not_assessed"))
    rows.append(("All scored indicators", "scored"))
    table = [
        {"Verdict": words, "Indicators": number(counts[name]), "Share": share_words(counts.get(f"{name}_share", 0))}
        for words, name in rows
    ]
    why = ", ".join(f"{words} {number(counts[reason])}" for reason, words in REASON_WORDS.items() if counts[reason])
    notes = [f"Not assessed, by reason: {why}."] if why else []
    return Table(table, "Scored indicators by verdict", notes=notes, align={"Verdict": "left"})


def how_sure_table(report: QuarterReport) -> Table | Text:
    """Return how sure the verdicts of the headline are, and how many of them rest on assumed numbers."""
    counts = report.headline()
    told = verdicts_told(verdict for verdict in VERDICTS if counts[verdict])
    verdicts = sorted((v for v in told if v != NOT_ASSESSED), key=lambda v: v == NO_CHANGE)
    heads = {v: verdict_name(report.plan, v) for v in verdicts}
    rows = [
        table_row([(HOW_SURE, words), *((head, _sure_words(counts, f"{v}_{name}")) for v, head in heads.items())])
        for name, words in HOW_SURE_WORDS.items()
        if any(counts[f"{v}_{name}"] for v in verdicts)
    ]
    if not rows:
        return Text("No indicator has a verdict.")
    notes = ["In brackets: how many of these rest on numbers that were assumed, and hold only if those are right."]
    if not any("(" in cell for row in rows for cell in row.values()):
        notes = []
    align = {HOW_SURE: "left"} | dict.fromkeys(heads.values(), "right")
    return Table(rows, "How sure the verdicts are", notes=notes, align=align)


def _sure_words(counts: Mapping[str, float], name: str) -> str:
    assumed = counts.get(f"{name}_{ASSUMED}", 0)
    return number(counts[name]) + (f" ({number(assumed)})" if assumed else "")


def box_blocks(report: QuarterReport, box: Priority) -> Iterator[Heading | Table | Text]:
    """Yield a box: its heading, its table with footnotes, and its comments."""
    yield Heading(3, f"{box.number} {box.title}", f"box-{box.id}")
    figures, comments = indicators_of(report, box), report.office.commentary.comments(box.id)
    if figures and all(figure.unit == "gbp_million" and not figure.scored for figure in figures) and box.measures:
        yield _money_table(report, box)
    elif any(figure.unit != "narrative" for figure in figures):
        yield _table(report, box, figures, _footnotes(report, box))
    elif not comments:
        yield Text("\n".join(f"- {figure.title}" for figure in figures) or f"{report.name_of(box)} has no indicator.")
    for paragraph in comments:
        yield Text(report.resolver.paragraph(paragraph).text)


def _footnotes(report: QuarterReport, box: Priority) -> dict[str, int]:
    """Number a box's footnotes in the order of its rows; those of the whole box come last."""
    names = [name for figure in box.indicators for name in figure.footnotes] + box.footnotes
    return {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}


def _notes(report: QuarterReport, footnotes: dict[str, int], results: list[IndicatorResult]) -> list[str]:
    """Return the lines below a box's table: its footnotes, then what each mark says of the rows that carry it."""
    lines = [f"{str(n).translate(SUPERSCRIPTS)} {report.plan.footnotes[name]}" for name, n in footnotes.items()]
    for kind, mark in NOTE_MARKS.items():
        notes = [(result.title, text) for result in results for text in result.notes_of(kind)]
        is_one = len({text for _, text in notes}) == 1
        # Rows that share a reason share a line; where reasons differ, each line names its row.
        lines += dict.fromkeys(f"{mark} {text}" if is_one else f"{mark} {title}: {text}" for title, text in notes)
    lines += year_before_notes(results, report.quarter.words)
    stated = [result for result in results if result.reason in STATED]
    lines += [f"{REASON_WORDS[result.reason].capitalize()}: {result.title}. {result.evidence}" for result in stated]
    for result in results:
        spec = report.plan.figures[result.indicator]
        if isinstance(spec, Indicator) and spec.bands:
            lines.append(f"{result.title}: {bands_words(spec.bands, result.form)}.")
    if any(result.part_of for result in results):
        lines.append("A row that is part of another is shown and judged, and the headline counts it with its whole.")
    return lines


def _marked_title(
    report: QuarterReport, result: IndicatorResult, figures: list[IndicatorResult], footnotes: dict[str, int]
) -> str:
    numbers = [str(footnotes[name]).translate(SUPERSCRIPTS) for name in report.plan.figures[result.indicator].footnotes]
    marks = [mark for kind, mark in NOTE_MARKS.items() if result.notes_of(kind)]
    return "\u00a0".join([title_words(result, figures, report.plan), *numbers, *marks])  # a mark never starts a line


def period_heads(figures: list[IndicatorResult]) -> tuple[str, str]:
    """Return the heads of the two value columns, which always differ: the periods, where all rows share them.

    Where they do not, each cell names its own. '' for the baseline where no row has one, and for both where no row has
    a period.
    """
    before, now = ({f.baseline_period for f in figures} - {""}, {f.latest_period for f in figures} - {""})
    if len(before) > 1 or len(now) > 1:
        return "Baseline" if before else "", LATEST
    (baseline,), (latest,) = before or {""}, now or {""}
    if baseline[:1].isdigit() or baseline == latest != "":
        baseline = f"Baseline {baseline}"
    return baseline, f"Latest {latest}" if baseline == f"Baseline {latest}" else latest


def _table(report: QuarterReport, box: Priority, figures: list[IndicatorResult], footnotes: dict[str, int]) -> Table:
    is_assessed = all(figure.unit == "assessment" for figure in figures)
    before, now = period_heads(figures)
    is_mixed = now == LATEST and any(f.latest_period for f in figures)
    years = [figure.projection_year for figure in figures if figure.projected is not None]
    has_target = any(figure.target for figure in figures)
    has_year = any(figure.year_change is not None for figure in figures)
    rows = []
    for f in figures:
        cells = [
            ("Indicator", _marked_title(report, f, figures, footnotes)),
            (before, dated(baseline_words(f), f.baseline_period * is_mixed)),
            (now, dated(latest_words(f), f.latest_period * is_mixed)),
            ("% var." if before else "", change_words(f.printed_change, f.pct_change, f.form)),
            ("Target" if has_target else "", f.target),
            (YEAR_BEFORE if has_year else "", year_before_words(f)),
            (f"Projection {years[0]} (95% interval)" if years else "", _projection(f)),
            ("Assessment" if is_assessed else "Verdict", f.verdict_words or NOT_SCORED),
            ("" if is_assessed else HOW_SURE, f.how_sure_words),
        ]
        rows.append(table_row((head, cell) for head, cell in cells if head))  # a column that no row needs has no head
        if f.projected is not None:
            rows.append(dict.fromkeys(rows[-1], "") | {"Indicator": f"{SPC_VARIANCE}: {f.signal}"})
    columns = list(rows[0])
    widths = [WIDE if is_mixed and name in (before, now) else WIDTHS.get(name.split()[0], 1.8) for name in columns]
    align = dict.fromkeys(columns[-2:] if not is_assessed else columns[-1:], "left")
    return Table(
        rows,
        f"Dashboard, {report.name_of(box)}",
        notes=_notes(report, footnotes, figures),
        widths=widths,
        align=align | ({YEAR_BEFORE: "right"} if has_year else {}),
        badges=verdict_badges(figures),
        why=WHY_IN_VERDICT,
    )


def _projection(figure: IndicatorResult) -> str:
    if figure.projected is None:
        return ""
    return f"{number(figure.projected)} ({number(figure.lower_95)} to {number(figure.upper_95)})"


def _money_table(report: QuarterReport, box: Priority) -> Table:
    lines = [figure for figure in report.results_of(box) if figure.measure]
    rows = [{"Line": line.title, "£ million": latest_words(line)} for line in lines]
    dated = next((f.latest_period for f in lines), "")
    notes = list(dict.fromkeys(figure.note for figure in report.results_of(box) if figure.note))
    return Table(rows, f"Dashboard, {report.name_of(box)}: position as at {dated}", notes=notes)


def chance_text(report: QuarterReport) -> Text | None:
    """Say how many signals of the control charts chance alone would give; None where there is no chart."""
    return Text(false_alarm_words(report)) if charts_of_pack(report) else None


def flags(report: QuarterReport) -> Iterator[Heading | Text]:
    """Yield what a careful reader should know of the figures, as the office states it; nothing where it states none."""
    if lines := [f"- {text}" for text in report.flags()]:
        yield Heading(3, "Matters to note")
        yield Text("\n".join(lines))


def tables(report: QuarterReport) -> dict[str, pd.DataFrame]:
    """Return the tables of the dashboard by their files: its rows, the headline, and the data behind them."""
    headline = pd.DataFrame(report.headline().items(), columns=["name", "value"])
    rows = {"indicators.csv": dashboard_rows(report.indicators()), "headline.csv": headline}
    return rows | published_tables(report)
