"""Appendix A: the dashboard, a box for each priority, with comments, footnotes and the key."""

from collections.abc import Iterator, Mapping

import pandas as pd

from panelpack.config.plan import Priority
from panelpack.formats import number, percent
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult, dashboard_rows, share_words
from panelpack.pages.control_charts import false_alarm_words
from panelpack.pages.priority import value_words
from panelpack.periods import span_words
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table
from panelpack.rules.rule import RULES
from panelpack.rules.verdict import (
    ASSUMED,
    BY_CHANCE,
    CANNOT_TELL,
    CLEAR,
    DETERIORATED,
    HOW_SURE_WORDS,
    IMPROVED,
    INSIDE_FORECAST,
    MARKS,
    NO_CHANGE,
    NOT_ASSESSED,
    NOT_LIKE_WITH_LIKE,
    NOT_TESTED,
    ORDINARY_MOVEMENT,
    PROVISIONAL,
    REASON_WORDS,
    STEADY,
    VERDICT_WORDS,
)

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALL_SAMPLE_MARK = "*"
NOTE_MARKS = {"populations": "‡", "provisional": "ᵖ", "gap": "†"}  # by the kind of the note
HOW_SURE = "How sure"
HOW_SURE_KEY = {
    CLEAR: "More than chance gives and, for counts, more than such figures move anyway",
    ORDINARY_MOVEMENT: "More than chance gives, but such figures move as much in the same time anyway",
    BY_CHANCE: "Among so many comparisons a difference of this size comes up when nothing has changed",
    INSIDE_FORECAST: "The year may yet end at the baseline, or on its other side",
    PROVISIONAL: "The figures are not final",
    NOT_LIKE_WITH_LIKE: "The two periods are of different people, or count different things",
    STEADY: "Any change was too small to matter",
    CANNOT_TELL: "A change that matters could have been missed",
    NOT_TESTED: "A board's own view; no figures were compared",
}
WIDTHS = {"Indicator": 4.2, "How": 2.3, "Projection": 2.2, "Verdict": 2.8, "Assessment": 1.6, "%": 1.4}


def heading(report: QuarterReport) -> Heading:
    """Return the appendix' heading."""
    return Heading(2, f"{report.parameters.appendix('dashboard')}: {span_words(report.quarter.months)}", "dashboard")


def headline_table(report: QuarterReport) -> Table:
    """Return the headline with the split of what printed papers have counted together as no change."""
    counts = report.headline()
    rows = [(f"{MARKS[v]} {VERDICT_WORDS[v]}", v) for v in (IMPROVED, NO_CHANGE, NOT_ASSESSED, DETERIORATED)]
    rows.insert(3, ("No change and not assessed together", "no_change_or_not_assessed"))
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
    verdicts = (IMPROVED, DETERIORATED, NO_CHANGE)
    rows = [
        {"How sure": words} | {VERDICT_WORDS[v]: _sure_words(counts, f"{v}_{name}") for v in verdicts}
        for name, words in HOW_SURE_WORDS.items()
        if any(counts[f"{v}_{name}"] for v in verdicts)
    ]
    if not rows:
        return Text("No indicator has a verdict.")
    notes = ["In brackets: how many of these rest on numbers that were assumed, and hold only if those are right."]
    align = {"How sure": "left"} | {VERDICT_WORDS[v]: "right" for v in verdicts}
    return Table(rows, "How sure the verdicts are", notes=notes, align=align)


def _sure_words(counts: Mapping[str, float], name: str) -> str:
    assumed = counts.get(f"{name}_{ASSUMED}", 0)
    return number(counts[name]) + (f" ({number(assumed)})" if assumed else "")


def box_blocks(report: QuarterReport, box: Priority) -> Iterator[Heading | Table | Text]:
    """Yield a box: its heading, its table with footnotes, and its comments."""
    yield Heading(3, f"{box.number} {box.title}", f"box-{box.id}")
    figures = [figure for figure in report.results_of(box) if not figure.measure]
    footnotes = _footnotes(report, box)
    if all(figure.unit == "gbp_million" for figure in figures):
        yield _money_table(report, box)
    elif any(figure.unit != "narrative" for figure in figures):
        yield _table(report, box, figures, footnotes)
    for paragraph in report.office.commentary.comments(box.id):
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
    return lines


def _marked_title(report: QuarterReport, result: IndicatorResult, footnotes: dict[str, int]) -> str:
    numbers = [str(footnotes[name]).translate(SUPERSCRIPTS) for name in report.plan.figures[result.indicator].footnotes]
    marks = [mark for kind, mark in NOTE_MARKS.items() if result.notes_of(kind)]
    return "\u00a0".join([result.title, *numbers, *marks])  # a mark never starts a line


def _period_heads(report: QuarterReport, figures: list[IndicatorResult]) -> tuple[str, str]:
    """Return the heads of the two value columns: the periods, where all rows share them."""
    for index, name in enumerate(("baseline_period", "latest_period")):
        periods = {getattr(f, name) for f in figures if getattr(f, name)}
        if len(periods) > 1:
            return "Baseline", "Latest"
        if index == 0:
            baseline = next(iter(periods), "")
    latest = next(iter({f.latest_period for f in figures if f.latest_period}), "")
    return (f"Baseline {baseline}" if baseline[:1].isdigit() else baseline), latest


def _table(report: QuarterReport, box: Priority, figures: list[IndicatorResult], footnotes: dict[str, int]) -> Table:
    assessed = all(figure.unit == "assessment" for figure in figures)
    before, now = _period_heads(report, figures)
    rows = []
    for f in figures:
        row = {"Indicator": _marked_title(report, f, footnotes)}
        if not assessed:
            row |= {before: value_words(f.baseline, f.unit), now: _latest(f), "% var.": _variation(f)}
        if years := [g.projection_year for g in figures if g.projected is not None]:
            row[f"Projection {years[0]} (95% interval)"] = _projection(f)
        verdict = "Assessment" if assessed else "Verdict"
        sure = {} if assessed else {HOW_SURE: f.how_sure_words}
        rows.append(row | {verdict: f.verdict_words or "Not scored"} | sure)
        if f.projected is not None:
            rows.append(dict.fromkeys(rows[-1], "") | {"Indicator": f"SPC variance: {f.signal}"})
    columns = list(rows[0])
    widths = [WIDTHS.get(name.split()[0], 1.8) for name in columns]
    notes, caption = _notes(report, footnotes, figures), f"Dashboard, priority {box.number}"
    return Table(rows, caption, notes=notes, widths=widths, align=dict.fromkeys(columns[-2:], "left"))


def _latest(figure: IndicatorResult) -> str:
    if figure.latest is None and figure.reason == "small_sample":
        return SMALL_SAMPLE_MARK
    return value_words(figure.latest, figure.unit)


def _variation(figure: IndicatorResult) -> str:
    """Write the change: in percent for a count, in percentage points for a percentage."""
    if figure.pct_change is not None:
        return percent(figure.pct_change, 0, plus=True)
    return "" if figure.change is None else f"{number(figure.printed_change, 1, plus=True)} pts"


def _projection(figure: IndicatorResult) -> str:
    if figure.projected is None:
        return ""
    return f"{number(figure.projected)} ({number(figure.lower_95)} to {number(figure.upper_95)})"


def _money_table(report: QuarterReport, box: Priority) -> Table:
    lines = [figure for figure in report.results_of(box) if figure.measure]
    rows = [{"Line": line.title, "£ million": value_words(line.latest, line.unit)} for line in lines]
    dated = next((f.latest_period for f in lines), "")
    notes = list(dict.fromkeys(figure.note for figure in report.results_of(box) if figure.note))
    return Table(rows, f"Dashboard, priority {box.number}: position as at {dated}", notes=notes)


def key_table() -> Table:
    """Return the key: what each mark means, and by which rule it is given."""
    rows = [
        (f"{MARKS[IMPROVED]} {VERDICT_WORDS[IMPROVED]}", "Better than the baseline, by the indicator's rule"),
        (
            f"{MARKS[NO_CHANGE]} {VERDICT_WORDS[NO_CHANGE]}",
            "No change from the baseline that the indicator's rule counts",
        ),
        (f"{MARKS[DETERIORATED]} {VERDICT_WORDS[DETERIORATED]}", "Worse than the baseline, by the indicator's rule"),
        (f"{MARKS[NOT_ASSESSED]} {VERDICT_WORDS[NOT_ASSESSED]}", "No verdict; the reason stands in brackets"),
        ("NA", "Not available, or not to be shown"),
        (SMALL_SAMPLE_MARK, "Withheld: too few people answered"),
        ("pts", "Percentage points"),
        (NOTE_MARKS["populations"], "Baseline and latest figure are of different populations"),
        (NOTE_MARKS["provisional"], "Provisional"),
        *(rule.key for rule in RULES.values() if rule.key),
        *((f"{HOW_SURE}: {words.lower()}", HOW_SURE_KEY[name]) for name, words in HOW_SURE_WORDS.items()),
        ("SPC variance", "What the control chart says of the latest month"),
    ]
    table = [{"Mark": mark, "Meaning": meaning} for mark, meaning in rows]
    return Table(table, "Marks and rules of the dashboard", widths=[1, 4])


def chance_text(report: QuarterReport) -> Text:
    """Say how many signals of the control charts chance alone would give."""
    return Text(false_alarm_words(report))


def flags(report: QuarterReport) -> Text:
    """Return what a careful reader should know of the figures, as the office states it."""
    return Text("\n".join(f"- {text}" for text in report.flags()) or "Nothing.")


def tables(report: QuarterReport) -> dict[str, pd.DataFrame]:
    """Return the tables that the pack has of the dashboard, by their files: its rows, and the headline."""
    headline = pd.DataFrame(report.headline().items(), columns=["name", "value"])
    return {"indicators.csv": dashboard_rows(report.indicators()), "headline.csv": headline}
