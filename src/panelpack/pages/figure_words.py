"""The words of a figure in a table: its value, its changes, its place under another, and the badge of its verdict."""

from collections.abc import Iterable, Sequence

from panelpack.config.plan import Bands, Plan
from panelpack.formats import Form, listed, percent_change, plain_percent
from panelpack.indicators.results import IndicatorResult
from panelpack.rules.verdict import (
    CHANGED,
    DETERIORATED,
    IMPROVED,
    MET,
    MISSED,
    NO_CHANGE,
    NOT_ASSESSED,
    ON_COURSE,
    VERDICT_WORDS,
    VERDICTS,
)
from panelpack.shorthand import NOT_AVAILABLE

NOT_SCORED = "Not scored"
WHY_IN_VERDICT = "the result or a note says why"
FEW = 20  # cases: of fewer in both quarters a change is told in cases and not in percent
YEAR_BEFORE = "On the same quarter a year before"  # the head of the column
BADGES = {
    **dict.fromkeys((IMPROVED, MET), "up"),
    **dict.fromkeys((NO_CHANGE, CHANGED, ON_COURSE), "same"),
    **dict.fromkeys((DETERIORATED, MISSED), "down"),
    NOT_ASSESSED: "none",
}
FAMILIES = ((IMPROVED, NO_CHANGE, DETERIORATED), (MET, ON_COURSE, MISSED))  # of verdicts that are counted together
INDENT = "\u2003"


def value_words(value: float | None, form: Form, sign: str = NOT_AVAILABLE) -> str:
    """Write a value as its measure is printed in a table, or the sign of one that is not there."""
    return sign if value is None else form.cell(value)


def latest_words(figure: IndicatorResult) -> str:
    """Write the latest value of a figure, or the sign that stands in its place."""
    return value_words(figure.latest, figure.form, figure.latest_shorthand)


def baseline_words(figure: IndicatorResult) -> str:
    """Write the baseline of a figure, or the sign that stands in its place; '' where it names none."""
    return value_words(figure.baseline, figure.form, figure.baseline_shorthand)


def dated(words: str, period: str) -> str:
    """Return a value with its period behind it: '8,676 (2022/23)', '111 (LYTD, April to June YYYY)'."""
    return f"{words} ({period.replace(' (', ', ').rstrip(')')})" if words and period else words


def change_words(change: float | None, pct_change: float | None, form: Form) -> str:
    """Write a change: '+6%' where the kind of the measure has a change in percent, else in its unit; '' for none."""
    if pct_change is not None:
        return percent_change(pct_change)
    if change is None:
        return ""
    return form.change_cell(change)


def year_before_words(figure: IndicatorResult, *, with_values: bool = False) -> str:
    """Write the change on the same quarter a year before, and with it the two figures; '' where one is not there."""
    if figure.printed_year_change is None:
        return ""
    words = change_words(figure.printed_year_change, figure.year_pct_change, figure.form)
    latest, before = (value_words(value, figure.form) for value in (figure.year_latest, figure.year_before))
    if figure.kind == "count" and max(figure.year_latest or 0, figure.year_before or 0) < FEW:
        return f"{latest} against {before}"  # a case or two would make a large share of so few
    return f"{latest} against {before} ({words})" if with_values else words


def year_before_notes(figures: Iterable[IndicatorResult], quarter: str) -> list[str]:
    """Say in one line which figures of the column are of other periods than the reported quarter."""
    others: dict[str, list[str]] = {}
    for figure in figures:
        if figure.printed_year_change is not None and figure.year_period != quarter:
            others.setdefault(f"{figure.year_period} on {figure.year_before_period}", []).append(figure.title)
    if not others:
        return []
    told = "; ".join(f"{listed(titles)}: {periods}" for periods, titles in others.items())
    return [f"{YEAR_BEFORE}, where it is not of the quarter: {told}."]


def title_words(figure: IndicatorResult, figures: Sequence[IndicatorResult], plan: Plan) -> str:
    """Return a figure's title among the rows of its table; that of a part is indented and names its whole."""
    if not figure.part_of:
        return figure.title
    place = [one.indicator for one in figures].index(figure.indicator)
    above = next((one for one in reversed(figures[:place]) if one.part_of != figure.part_of), None)
    if above and above.indicator == figure.part_of:
        return f"{INDENT}of which: {figure.title}"
    return f"{INDENT}part of {plan.figures[figure.part_of].title}: {figure.title}"


def verdicts_told(given: Iterable[str]) -> list[str]:
    """Return the verdicts that a count names: those given, and the others of their families, of which 0 is told."""
    there = set(given)
    families = {verdict for family in FAMILIES if there & set(family) for verdict in family}
    return [verdict for verdict in VERDICTS if verdict in there | families]


def verdict_name(plan: Plan, verdict: str) -> str:
    """Return what the office calls a verdict."""
    return plan.word(verdict) or VERDICT_WORDS[verdict]


def bands_words(bands: Bands, form: Form) -> str:
    """Return an office's bands with their thresholds: 'Exceeds from 95.0%, Meets from 90.0%, else Below'."""
    written = {
        "latest": form.words,
        "change": form.change,
        "pct_change": lambda value: plain_percent(value, plus=True),
    }[bands.of]
    steps = []
    for step in bands.steps:
        thresholds = (("from", step.at_least), ("to", step.at_most))
        ends = [f"{word} {written(value)}" for word, value in thresholds if value is not None]
        steps.append(f"{step.word} {' '.join(ends)}" if ends else f"else {step.word}")
    of = {"latest": "the latest figure", "change": "the change", "pct_change": "the change in percent"}[bands.of]
    return f"{', '.join(steps)}, by {of}"


def verdict_badges(figures: Iterable[IndicatorResult]) -> dict[str, str]:
    """Return the badge of each verdict as it is worded, an office's own words among them."""
    return {figure.verdict_words: BADGES[figure.verdict] for figure in figures if figure.verdict}
