"""The key of the dashboard: the marks, words and rules that its boxes use, and what each means."""

from collections.abc import Iterator

from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.dashboard import HOW_SURE, NOTE_MARKS, SPC_VARIANCE, box_blocks
from panelpack.pages.figure_words import marked_verdict, verdict_name
from panelpack.rendering.prose import Heading
from panelpack.rendering.table import Table
from panelpack.rules.rule import RULES
from panelpack.rules.verdict import (
    BY_CHANCE,
    CANNOT_TELL,
    CHANGED,
    CLEAR,
    DETERIORATED,
    HOW_SURE_WORDS,
    IMPROVED,
    INSIDE_FORECAST,
    MARKS,
    MET,
    MISSED,
    NO_CHANGE,
    NOT_ASSESSED,
    NOT_LIKE_WITH_LIKE,
    NOT_TESTED,
    ON_COURSE,
    ORDINARY_MOVEMENT,
    PROVISIONAL,
    STEADY,
)

BETTER, WORSE = "Better than the baseline, by the indicator's rule", "Worse than the baseline, by the indicator's rule"
VERDICT_KEY = {
    IMPROVED: BETTER,
    NO_CHANGE: "No change from the baseline that the indicator's rule counts",
    DETERIORATED: WORSE,
    CHANGED: "Higher or lower than the baseline, by the indicator's rule, where neither way is better",
    MET: "The target is reached",
    ON_COURSE: "The target is not reached yet, and the latest figure is no worse than on the way to it",
    MISSED: "The target is not reached, or the latest figure is worse than on the way to it",
    NOT_ASSESSED: "No verdict; the reason stands in brackets",
}
NOTE_KEY = {
    "populations": "Baseline and latest figure are of different populations",
    "provisional": "Provisional",
    "gap": "A number that the figure needs is not there",
    "year_before": "On the same quarter a year before it moved otherwise than the verdict says",
    "lag": "The latest figures end before the quarter does",
    "redefined": "It counts something else than at the baseline",
    "residents": "Whom the rate is of",
}
HOW_SURE_KEY = {
    CLEAR: "More than chance gives and, for counts, more than such figures move anyway",
    ORDINARY_MOVEMENT: "More than chance gives, but such figures move as much in the same time anyway",
    BY_CHANCE: "Among so many comparisons a difference of this size comes up when nothing has changed",
    INSIDE_FORECAST: "The year may yet end at the baseline, or on its other side",
    PROVISIONAL: "The figures are not final",
    NOT_LIKE_WITH_LIKE: "The two periods are of different people, or count different things",
    STEADY: "Any change was too small to matter",
    CANNOT_TELL: "A change that matters could have been missed",
    NOT_TESTED: "No chance could be worked out; the priority's own page says why",
}
# What is said besides where a figure is held against a target or bands.
AGAINST = {
    CLEAR: "; against a target or bands: all of the figure's interval lies on one side",
    BY_CHANCE: "; against a target or bands: part of the figure's interval lies on the other side",
}


def blocks(report: QuarterReport) -> Iterator[Heading | Table]:
    """Yield what each mark, word and rule means that the boxes of this pack use; nothing where they use none."""
    if rows := [{"Mark": mark, "Meaning": meaning} for mark, meaning in _used(report)]:
        yield Heading(3, "Key")
        yield Table(rows, "Marks and rules of the dashboard", widths=[1, 4])


def _used(report: QuarterReport) -> Iterator[tuple[str, str]]:
    results = report.indicators()
    tables = [block for box in report.plan.priorities for block in box_blocks(report, box) if isinstance(block, Table)]
    cells = {cell for table in tables for name in table.columns for cell in table.column(name)}
    words = {word for cell in cells for word in cell.replace("\u00a0", " ").split(" ")}
    own = _bands(report)
    for verdict, meaning in VERDICT_KEY.items():
        if any(result.verdict == verdict and result.verdict_words not in own for result in results):
            yield marked_verdict(report.plan, verdict), meaning
    yield from own.items()
    marks = {"pts": "Percentage points"} | {NOTE_MARKS[kind]: meaning for kind, meaning in NOTE_KEY.items()}
    yield from ((mark, meaning) for mark, meaning in marks.items() if mark in words)
    used = {result.rule for result in results if result.scored}
    yield from (rule.key for name, rule in RULES.items() if rule.key and name in used)
    for how_sure, name in HOW_SURE_WORDS.items():
        if any(result.how_sure == how_sure for result in results):
            against = AGAINST.get(how_sure, "") if used & {"target", "bands"} else ""
            yield f"{HOW_SURE}: {name.lower()}", f"{HOW_SURE_KEY[how_sure]}{against}"
    if any(cell.startswith(SPC_VARIANCE) for cell in cells):
        yield SPC_VARIANCE, "What the control chart says of its latest point"


def _bands(report: QuarterReport) -> dict[str, str]:
    """Return the words of the office's own bands with their shapes, and what each is counted as."""
    every = [spec.bands for box in report.plan.priorities for spec in box.indicators if spec.bands]
    return {
        f"{step.mark or MARKS[step.counts_as]} {step.word}": "The office's own word, counted as "
        f"{verdict_name(report.plan, step.counts_as).lower()}"
        for bands in every
        for step in bands.steps
    }
