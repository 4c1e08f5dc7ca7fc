"""Appendix A: the dashboard, a box for each priority, with comments, footnotes and the key."""

from collections.abc import Iterator

import pandas as pd

from panelpack import corrections_page, priority_charts
from panelpack.figures import Figure, to_frame
from panelpack.formats import gbp_million, number, percent
from panelpack.headline import MARKS, REASON_WORDS, WORDS, share_words, verdict_words
from panelpack.plan import Priority
from panelpack.priority_page import value_words
from panelpack.prose import Heading, Text
from panelpack.quarters import span_words
from panelpack.tables import Table
from panelpack.verdicts import DETERIORATED, IMPROVED, NO_CHANGE, NOT_ASSESSED
from panelpack.work import Work

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALL_SAMPLE_MARK = "*"
WIDTHS = {"Indicator": 3.8, "Projection": 2.2, "Verdict": 3.2, "Assessment": 1.6, "%": 1.4}


def heading(work: Work) -> Heading:
    """Return the appendix' heading."""
    return Heading(2, f"{work.params.appendix('dashboard')}: {span_words(work.quarter.months)}", "dashboard")


def headline_table(work: Work) -> Table:
    """Return the headline with the split of what printed papers have counted together as no change."""
    counts = work.headline()
    rows = [(f"{MARKS[v]} {WORDS[v]}", v) for v in (IMPROVED, NO_CHANGE, NOT_ASSESSED, DETERIORATED)]
    rows.insert(3, ("No change and not assessed together", "no_change_or_not_assessed"))
    rows.append(("All scored indicators", "scored"))
    frame = pd.DataFrame(
        [
            {"Verdict": w, "Indicators": number(counts[k]), "Share": share_words(counts.get(f"{k}_share", 0))}
            for w, k in rows
        ]
    )
    why = ", ".join(f"{words} {number(counts[reason])}" for reason, words in REASON_WORDS.items() if counts[reason])
    notes = [f"Not assessed, by reason: {why}."] if why else []
    return Table(frame, "Scored indicators by verdict", notes=notes, align={"Verdict": "left"})


def box_blocks(work: Work, box: Priority) -> Iterator[Heading | Table | Text]:
    """Yield a box: its heading, its table with footnotes, and its comments."""
    yield Heading(3, f"{box.number} {box.title}", f"box-{box.id}")
    figures = [figure for figure in work.of_box(box) if not figure.measure]
    footnotes = _footnotes(work, box)
    if all(figure.unit == "gbp_million" for figure in figures):
        yield _money_table(work, box, footnotes)
    elif any(figure.unit != "narrative" for figure in figures):
        yield _table(work, box, figures, footnotes)
    for paragraph in work.commentary.comments(box.id):
        yield Text(work.resolver.paragraph(paragraph).text)


def _footnotes(work: Work, box: Priority) -> dict[str, int]:
    """Number a box's footnotes in the order of its rows; those of the whole box come last."""
    names = [name for figure in box.indicators for name in figure.footnotes] + box.footnotes
    return {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}


def _notes(work: Work, footnotes: dict[str, int], figures: list[Figure]) -> list[str]:
    notes = [f"{str(n).translate(SUPERSCRIPTS)} {work.plan.footnotes[name]}" for name, n in footnotes.items()]
    changed = [figure for figure in figures if "Different populations" in figure.note]
    if changed:
        notes.append("‡ " + changed[0].note[changed[0].note.index("Different populations") :])
    provisional = [figure for figure in figures if "Provisional:" in figure.note]
    if provisional:
        notes.append("ᵖ " + provisional[0].note[provisional[0].note.index("Provisional:") :])
    return notes


def _marked_title(work: Work, figure: Figure, footnotes: dict[str, int]) -> str:
    marks = ["‡"] if "Different populations" in figure.note else []
    marks += ["ᵖ"] if "Provisional:" in figure.note else []
    numbers = [str(footnotes[n]).translate(SUPERSCRIPTS) for n in work.plan.figures[figure.indicator].footnotes]
    return "\u00a0".join([figure.title, *numbers, *marks])  # a mark never starts a line


def _period_heads(work: Work, figures: list[Figure]) -> tuple[str, str]:
    """Return the heads of the two value columns: the periods, where all rows share them."""
    for index, name in enumerate(("baseline_period", "latest_period")):
        periods = {getattr(f, name) for f in figures if getattr(f, name)}
        if len(periods) > 1:
            return "Baseline", "Latest"
        if index == 0:
            baseline = next(iter(periods), "")
    latest = next(iter({f.latest_period for f in figures if f.latest_period}), "")
    return (f"Baseline {baseline}" if baseline[:1].isdigit() else baseline), latest


def _table(work: Work, box: Priority, figures: list[Figure], footnotes: dict[str, int]) -> Table:
    assessed = all(figure.unit == "assessment" for figure in figures)
    before, now = _period_heads(work, figures)
    rows = []
    for f in figures:
        row = {"Indicator": _marked_title(work, f, footnotes)}
        if not assessed:
            row |= {before: value_words(f.baseline, f.unit), now: _latest(f), "% var.": _variation(f)}
        if years := [g.projection_year for g in figures if g.projected is not None]:
            row[f"Projection {years[0]} (95% interval)"] = _projection(f)
        verdict = "Assessment" if assessed else "Verdict"
        rows.append(row | {verdict: verdict_words(f) or "Not scored"})
        if f.projected is not None:
            rows.append(dict.fromkeys(rows[-1], "") | {"Indicator": f"SPC variance: {f.signal}"})
    frame = pd.DataFrame(rows)
    widths = [WIDTHS.get(name.split()[0], 1.8) for name in frame.columns]
    notes, caption = _notes(work, footnotes, figures), f"Dashboard, priority {box.number}"
    return Table(frame, caption, notes=notes, widths=widths, align={frame.columns[-1]: "left"})


def _latest(figure: Figure) -> str:
    if figure.latest is None and figure.reason == "small_sample":
        return SMALL_SAMPLE_MARK
    return value_words(figure.latest, figure.unit)


def _variation(figure: Figure) -> str:
    """Write the change: in percent for a count, in percentage points for a percentage."""
    if figure.pct_change is not None:
        return percent(figure.pct_change, 0, plus=True)
    return "" if figure.change is None else f"{number(figure.printed_change, 1, plus=True)} pts"


def _projection(figure: Figure) -> str:
    if figure.projected is None:
        return ""
    return f"{number(figure.projected)} ({number(figure.lower_95)} to {number(figure.upper_95)})"


def _money_table(work: Work, box: Priority, footnotes: dict[str, int]) -> Table:
    lines = [figure for figure in work.of_box(box) if figure.measure]
    frame = pd.DataFrame({"Line": [f.title for f in lines], "£ million": [gbp_million(f.latest) for f in lines]})
    dated = next((f.latest_period for f in lines), "")
    stale = [figure.note for figure in work.of_box(box) if figure.note]
    return Table(frame, f"Dashboard, priority {box.number}: position as at {dated}", notes=stale[:1])


def key_table() -> Table:
    """Return the key: what each mark means, and by which rule it is given."""
    rows = [
        (f"{MARKS[IMPROVED]} {WORDS[IMPROVED]}", "Better than the baseline, by the indicator's rule"),
        (f"{MARKS[NO_CHANGE]} {WORDS[NO_CHANGE]}", "No change from the baseline that the indicator's rule counts"),
        (f"{MARKS[DETERIORATED]} {WORDS[DETERIORATED]}", "Worse than the baseline, by the indicator's rule"),
        (f"{MARKS[NOT_ASSESSED]} {WORDS[NOT_ASSESSED]}", "No verdict; the reason stands in brackets"),
        ("NA", "Not available, or not to be shown"),
        (SMALL_SAMPLE_MARK, "Withheld: too few people answered"),
        ("pts", "Percentage points"),
        ("‡", "Baseline and latest figure are of different populations"),
        ("ᵖ", "Provisional"),
        ("Rule: count", "The 95% interval of the change excludes no change, allowing for over-dispersion"),
        (
            "Rule: survey",
            "The percentage as printed, to one decimal, differs from the baseline's; the evidence on the "
            "priority's page says whether chance explains it",
        ),
        ("Rule: projection", "The baseline lies outside the 95% prediction interval of the projected year"),
        ("Rule: assessment", "Supplied by a partner board"),
        ("SPC variance", "What the control chart says of the latest month"),
    ]
    return Table(pd.DataFrame(rows, columns=["Mark", "Meaning"]), "Marks and rules of the dashboard", widths=[1, 4])


def chance(work: Work) -> Text:
    """Say how many signals of the control charts chance alone would give."""
    return Text(priority_charts.false_alarm_words(work))


def corrections(work: Work) -> Table | Text:
    """Return the corrections that were applied to the quarter's raw figures."""
    return corrections_page.table(work.project, work.quarter)


def flags(work: Work) -> Text:
    """Return what a careful reader should know of the figures, as the office states it."""
    return Text("\n".join(f"- {text}" for text in work.flags()) or "Nothing.")


def write(work: Work) -> None:
    """Write the rows of the dashboard and the headline for the pack."""
    work.write(to_frame(work.indicators()).drop(columns="measure"), "indicators.csv")
    headline = work.headline()
    work.write(pd.DataFrame({"name": headline.keys(), "value": headline.values()}), "headline.csv")
