"""How to read the pack: the marks, words and signs that its pages use, and what each means."""

from collections.abc import Iterator

from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import forces_methods
from panelpack.pages.comparison_words import OUTSIDE, WITHIN
from panelpack.pages.dashboard import NOTE_KEY, NOTE_MARKS, is_marked
from panelpack.pages.figure_words import verdict_name
from panelpack.pages.forces_methods import POSITIONS
from panelpack.pages.verdict_marks import KINDS, ON_ASSUMED, is_on_assumed
from panelpack.rendering.inline import Cell, Mark, Tag
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
from panelpack.shorthand import CONFIDENTIAL, SENTENCES

BETTER, WORSE = "Better than the baseline, by the indicator's rule", "Worse than the baseline, by the indicator's rule"
VERDICT_KEY = {
    IMPROVED: BETTER,
    NO_CHANGE: "The change is not one that the indicator's rule counts",
    DETERIORATED: WORSE,
    CHANGED: "Higher or lower than the baseline, by the indicator's rule, where neither way is better",
    MET: "The target is reached",
    ON_COURSE: "The target is not reached yet, and the latest figure is no worse than on the way to it",
    MISSED: "The target is not reached, or the latest figure is worse than on the way to it",
    NOT_ASSESSED: "No result; the reason stands below it",
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
    NOT_TESTED: "No chance could be worked out; its own page says why",
}
# What is said besides where a figure is held against a target or bands.
AGAINST = {
    CLEAR: "; against a target or bands: all of the figure's interval lies on one side",
    BY_CHANCE: "; against a target or bands: part of the figure's interval lies on the other side",
}


POSITION_KEY = {
    WITHIN: "No further from the other forces than they are from each other, which is more than chance alone",
    OUTSIDE: "Higher (above it) or lower (below it) than that. It is something to ask about, and decides no result",
}


RESULTS, SURE, SIGNS, RULE_HEAD, FORCES = "Results", "How sure", "Signs and marks", "Rules", "Other forces"


def blocks(report: QuarterReport) -> Iterator[Heading | Table]:
    """Yield what each mark, word, sign and rule means that this pack uses; nothing where it uses none."""
    groups = {
        RESULTS: _results(report),
        SURE: _sure(report),
        SIGNS: _signs(report),
        FORCES: _positions(report),
        RULE_HEAD: _rules(report),
    }
    rows: list[dict[str, Cell]] = []
    starts = {}
    for head, pairs in groups.items():
        if found := [{"What you see": shown, "What it means": meaning} for shown, meaning in pairs]:
            starts[len(rows)] = head
            rows += found
    if rows:
        yield Heading(2, "How to read this pack", "how-to-read")
        yield Table(rows, "Marks, words and signs, and what each means", widths=[1, 3], groups=starts)


def _results(report: QuarterReport) -> Iterator[tuple[Cell, str]]:
    results, own = report.indicators(), _bands(report)
    for verdict, meaning in VERDICT_KEY.items():
        if any(result.verdict == verdict and (result.mark, result.word) not in own for result in results):
            yield Mark(KINDS[verdict], verdict_name(report.plan, verdict)), meaning
    for (mark, word), verdict in own.items():
        counted = f"The office's own word, counted as {verdict_name(report.plan, verdict).lower()}"
        yield f"{mark} **{word}**" if mark else Mark(KINDS[verdict], word), counted


def _bands(report: QuarterReport) -> dict[tuple[str, str], str]:
    """Return the shapes and words of the office's own bands, and what each is counted as."""
    every = [spec.bands for box in report.plan.priorities for spec in box.indicators if spec.bands]
    return {(step.mark or "", step.word): step.counts_as for bands in every for step in bands.steps}


def _sure(report: QuarterReport) -> Iterator[tuple[Cell, str]]:
    results = report.indicators()
    used = {result.rule for result in results if result.scored}
    for how_sure, name in HOW_SURE_WORDS.items():
        if any(result.how_sure == how_sure for result in results):
            against = AGAINST.get(how_sure, "") if used & {"target", "bands"} else ""
            yield Tag(name.lower(), firm=how_sure == CLEAR), f"{HOW_SURE_KEY[how_sure]}{against}"


def _signs(report: QuarterReport) -> Iterator[tuple[Cell, str]]:
    results = report.indicators()
    if any(is_on_assumed(result) for result in results):
        yield ON_ASSUMED, "Rests on numbers that were assumed, and holds if those are right"
    for kind, words in NOTE_KEY.items():
        if any(is_marked(result, kind) for result in results):
            yield NOTE_MARKS[kind], words[:1].upper() + words[1:]
    if any(result.unit == "percent" and result.change is not None for result in results):
        yield "pts", "Percentage points: from 80% to 82% is 2 points"
    signs = {sign for result in results for sign in (result.baseline_shorthand, result.latest_shorthand)}
    for sign in SENTENCES:
        if sign in signs:
            words = SENTENCES[sign].removeprefix("confidential: ") if sign == CONFIDENTIAL else SENTENCES[sign]
            yield f"“{sign}”", words[:1].upper() + words[1:]


def _positions(report: QuarterReport) -> Iterator[tuple[Cell, str]]:
    """Yield where a rate or a change may lie among those of all forces, of those that the pack says of any."""
    pairs = forces_methods.compared(report)
    there = {side.position for _, of in pairs for side in (of.change, of.level) if side}
    for words, meaning in POSITION_KEY.items():
        if any(POSITIONS[position].startswith(words) for position in there):
            yield words[:1].upper() + words[1:], f"{meaning}. [Formula](#methods-forces)"


def _rules(report: QuarterReport) -> Iterator[tuple[Cell, str]]:
    used = {result.rule for result in report.indicators() if result.scored}
    yield from (rule.key for name, rule in RULES.items() if rule.key and name in used)
