"""A priority's own page: the message as its title, the result in a sentence, the figures, how they are decided."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from panelpack.config.plan import Indicator, Priority
from panelpack.formats import interval_words, number
from panelpack.indicators.judgement import criterion
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.pages import message, second_source, source_lines
from panelpack.pages.figure_words import (
    NOT_SCORED,
    WHY_IN_VERDICT,
    baseline_words,
    change_words,
    latest_words,
    title_words,
    value_words,
    year_before_notes,
    year_before_words,
)
from panelpack.pages.message import beginning, in_period, plain_period, short_period
from panelpack.pages.verdict_marks import ON_ASSUMED, is_on_assumed, mark_of, sure_tag
from panelpack.periods import date_words
from panelpack.rendering.inline import Anchored, Cell, Line, Lines, Mark
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table, table_row
from panelpack.rules.rule import RULES
from panelpack.rules.verdict import NOT_ASSESSED, NOT_LIKE_WITH_LIKE, REASON_WORDS

FIGURE, CHANGE, RANGE, YEAR, RESULT = "Figure", "Change", "95% range", "A year before", "Result"
BEFORE, LATEST = "Before", "Latest"  # the heads of values whose periods differ from row to row
WIDTHS = {FIGURE: 2.9, CHANGE: 1.2, "Target": 2.4, RANGE: 2, YEAR: 2.4, RESULT: 2.7}
WIDTH_OF_VALUE = 1.5
FEW_MEASURES = 2  # of no more a line each stands below the table; more make a table of their own
LONG = 60  # letters of a title that a short name stands for and that is told in full below the table


def heading(report: QuarterReport, box: Priority) -> Heading:
    """Return the page's title, which is its message."""
    return Heading(2, message.title(report, box), f"priority-{box.id}")


def indicators_of(report: QuarterReport, box: Priority) -> list[IndicatorResult]:
    """Return the results of a box's indicators, without its measures."""
    return [figure for figure in report.results_of(box) if not figure.measure]


# ---------------------------------------------------------------------------------------------- the result
def result(report: QuarterReport, box: Priority) -> Iterator[Line | Text]:
    """Yield the result that gives the page its message: mark, figures and how sure; then why, and what decides it.

    Above it stand the plan's own words for a priority that is called by a short name.
    """
    if box.short:
        word = report.plan.office.priority_word
        yield Line([f"{word} {box.number} of the {report.plan.office.plan}: {box.title}."], small=True)
    told = message.telling(report, box)
    if told is None:
        return
    if told.measure:
        yield Line([*_sentences(told), "This figure is not judged."])
        return
    yield Line([_sentence(mark_of(told, report.plan)) if told.scored else "", *_sentences(told), sure_tag(told)])
    if words := " ".join(_why(report, told)):
        yield Text(words)


def _sentence(mark: Cell) -> Cell:
    """Return the mark of a result with its word as a sentence of one word."""
    return replace(mark, words=f"{mark.words}.") if isinstance(mark, Mark) else f"{_words(mark)}."


def _sentences(result: IndicatorResult) -> Iterator[str]:
    """Yield what a figure is, beside its baseline, its target and the year that is projected."""
    if result.latest is None:
        return
    latest = f"{result.form.words(result.latest)}{_of_words(result.latest_numerator, result.latest_base)}"
    words = f"{latest} {in_period(result.latest_period)}" if result.latest_period else latest
    if result.baseline is not None:
        before = f"{result.form.words(result.baseline)}{_of_words(result.baseline_numerator, result.baseline_base)}"
        words += f", against {before} {in_period(result.baseline_period)}"
    yield f"{words}."
    if result.target:
        yield f"To be reached: {result.target}{_lacking(result)}."
    if result.projected is not None and result.lower_95 is not None and result.upper_95 is not None:
        ends = f"{number(result.lower_95)} to {number(result.upper_95)}"
        yield f"The forecast for {result.projection_year} is {number(result.projected)}, with a range of {ends}."


def _of_words(numerator: float | None, base: float | None) -> str:
    """' (333 of 399)': what a percentage is out of; '' where that is not known."""
    if base is None:
        return ""
    return f" ({number(numerator)} of {number(base)})" if numerator is not None else f" (of {number(base)})"


def _lacking(result: IndicatorResult) -> str:
    """Say how much is still to come of an amount that is required."""
    if result.target_value is None or result.latest is None or result.scored or result.kind != "money":
        return ""
    lack = result.form.difference(result.target_value, result.latest)
    return f"; {result.form.words(lack)} still to go" if lack > 0 else "; reached"


def _why(report: QuarterReport, result: IndicatorResult) -> list[str]:
    """Return how sure a result is and why, and what decides it; nothing of a measure, which nothing judges."""
    if result.measure:
        return []
    spec = report.plan.figures[result.indicator]
    if result.verdict == NOT_ASSESSED:
        return [f"{result.evidence}{_until(report, result)}"]
    if RULES[result.rule].needs_assessment:
        return [f"{result.evidence} {result.how_sure_reason}"]
    rule = criterion(spec, report.data) if isinstance(spec, Indicator) else ""
    return [words for words in (result.how_sure_reason, rule) if words]


# ---------------------------------------------------------------------------------------------- the figures
def figures(report: QuarterReport, box: Priority) -> Iterator[Table | Text | Heading | Line]:
    """Yield the judged figures of a priority, then those that are not, and below them what must be known of both.

    Last come the surveys that stand beside an indicator, each in a line of its own.

    A name leads to the data, and beside it to their source; below a percentage stands what it is out of.
    """
    judged, told_there = indicators_of(report, box), told_a_year_before(report, box)
    elsewhere = {*told_there, *second_source.told_of(report, box)}
    measures = [one for one in report.results_of(box) if one.measure and one.indicator not in elsewhere]
    told = [one for one in judged if one.unit != "narrative"]
    yield from (Text(f"{one.title}: told in words, and not judged.") for one in judged if one.unit == "narrative")
    notes = [*_notes(report, box), *source_lines.notes(report, box)]
    few = bool(told) and 0 < len(measures) <= FEW_MEASURES
    if told:
        yield _judged_table(report, box, told, [] if measures and not few else notes)
    if few:
        yield from (_measure_line(report, one) for one in measures)
    elif measures:
        yield _measures_table(report, box, measures, notes)
    if not told and not measures and notes:
        yield Text("\n".join(notes))
    yield from second_source.blocks(report, box)


def told_a_year_before(report: QuarterReport, box: Priority) -> dict[str, str]:
    """Return the measures that say what stands beside an indicator of their series as a year before, by their ids.

    Each with the id of that indicator, in whose row links to it lead.
    """
    plan = report.plan
    shown = {
        (plan.figures[one.indicator].series, one.year_latest, one.year_period, one.year_before, one.year_before_period):
        one.indicator
        for one in indicators_of(report, box)
        if one.year_change is not None
    }  # fmt: skip
    told = {}
    for one in report.results_of(box):
        key = (plan.figures[one.indicator].series, one.latest, one.latest_period, one.baseline, one.baseline_period)
        if one.measure and key in shown:
            told[one.indicator] = shown[key]
    return told


def _judged_table(report: QuarterReport, box: Priority, figures: list[IndicatorResult], notes: list[str]) -> Table:
    common = before, now = _one_period(figures, "baseline_period"), _one_period(figures, "latest_period")
    heads = (short_period(before) or BEFORE, short_period(now) or LATEST)
    beside: dict[str, list[str]] = {}
    for measure, indicator in told_a_year_before(report, box).items():
        beside.setdefault(indicator, []).append(f"figure-{measure}")
    rows = []
    for figure in figures:
        rows.append(_row(report, figure, figures, heads, common))
        if figure.indicator in beside:
            rows[-1][YEAR] = Anchored(tuple(beside[figure.indicator]), rows[-1][YEAR])
    kept = [head for head in rows[0] if head in (FIGURE, RESULT) or any(_words(row[head]) for row in rows)]
    return Table(
        [{head: row[head] for head in kept} for row in rows],
        f"{box.number} {box.name}: the figures",
        notes=notes,
        widths=[WIDTHS.get(head, WIDTH_OF_VALUE) for head in kept],
        align={head: "left" if head in (FIGURE, RESULT) else "right" for head in kept},
        anchors=[f"figure-{figure.indicator}" for figure in figures],
        why=WHY_IN_VERDICT,
    )


def _measure_line(report: QuarterReport, figure: IndicatorResult) -> Line:
    """Return a figure that is not judged, with its own periods, in a line."""
    name = source_lines.linked(report, figure.title, report.plan.figures[figure.indicator].series)
    values = (
        (_value(baseline_words(figure), figure.baseline_numerator, figure.baseline_base), figure.baseline_period),
        (_value(latest_words(figure), figure.latest_numerator, figure.latest_base), figure.latest_period),
    )
    told = [
        f"{words}{f' ({out_of})' * bool(out_of)} {in_period(period)}" if period else words
        for (words, out_of), period in values
        if words
    ]
    change = change_words(figure.printed_change, figure.pct_change, figure.form)
    said = ", ".join(filter(None, [*told, change]))
    return Line([Anchored((f"figure-{figure.indicator}",), f"Not judged: {name}: {said}.")], small=True)


def _measures_table(report: QuarterReport, box: Priority, figures: list[IndicatorResult], notes: list[str]) -> Table:
    """Return the figures that are not judged: a line each, with its own periods."""
    common = before, now = _one_period(figures, "baseline_period"), _one_period(figures, "latest_period")
    heads = (short_period(before) or BEFORE, short_period(now) or LATEST)
    rows = []
    for figure in figures:
        earlier = _value(baseline_words(figure), figure.baseline_numerator, figure.baseline_base)
        latest = _value(latest_words(figure), figure.latest_numerator, figure.latest_base)
        rows.append(
            table_row(
                [
                    (FIGURE, source_lines.linked(report, figure.title, report.plan.figures[figure.indicator].series)),
                    (heads[0], _on_one_line(earlier, figure.baseline_period, common[0])),
                    (heads[1], _on_one_line(latest, figure.latest_period, common[1])),
                    (CHANGE, change_words(figure.printed_change, figure.pct_change, figure.form)),
                ]
            )
        )
    kept = [head for head in rows[0] if head in (FIGURE, heads[1]) or any(row[head] for row in rows)]
    return Table(
        [{head: row[head] for head in kept} for row in rows],
        f"{box.number} {box.name}: figures that are not judged",
        notes=notes,
        widths=[{FIGURE: 4.6, CHANGE: 1}.get(head, 2.6) for head in kept],
        align={head: "left" if head == FIGURE else "right" for head in kept},
        anchors=[f"figure-{figure.indicator}" for figure in figures],
        why=WHY_IN_VERDICT,
    )


def _one_period(figures: Iterable[IndicatorResult], name: str) -> str:
    """Return the period that all figures have in common, for the head of their column; '' where they differ."""
    periods = {getattr(figure, name) for figure in figures} - {""}
    return plain_period(periods.pop()) if len(periods) == 1 else ""


def _row(
    report: QuarterReport,
    figure: IndicatorResult,
    figures: list[IndicatorResult],
    heads: tuple[str, str],
    common: tuple[str, str],
) -> dict[str, Cell]:
    spec = report.plan.figures[figure.indicator]
    name = beginning(title_words(replace(figure, title=spec.name), figures, report.plan))
    before = _value(baseline_words(figure), figure.baseline_numerator, figure.baseline_base)
    now = _value(latest_words(figure), figure.latest_numerator, figure.latest_base)
    return table_row(
        [
            (FIGURE, source_lines.linked(report, name, spec.series)),
            (heads[0], _with_period(before, figure.baseline_period, common[0])),
            (heads[1], _with_period(now, figure.latest_period, common[1])),
            (CHANGE, change_words(figure.printed_change, figure.pct_change, figure.form)),
            ("Target", f"{figure.target}{_lacking(figure)}" if figure.target else ""),
            (RANGE, _range(figure)),
            (YEAR, _year_before(figure)),
            (RESULT, _result(report, figure)),
        ]
    )


def _words(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.plain()


def _value(words: str, numerator: float | None, base: float | None) -> tuple[str, str]:
    """Return a value and what it is out of."""
    return words, _of_words(numerator, base).strip(" ()")


def _with_period(value: tuple[str, str], period: str, common: str) -> Cell:
    """Return a value with what it is out of below it, and its period where the head of the column does not name it."""
    words, out_of = value
    if not words:
        return ""
    other = "" if plain_period(period) == common else short_period(period)
    below = ", ".join(filter(None, [out_of, other]))
    return Lines(words, below) if below else words


def _on_one_line(value: tuple[str, str], period: str, common: str) -> str:
    """Return a value with what it is out of, and its period where the head of the column does not name it."""
    words, out_of = value
    if not words:
        return ""
    other = "" if plain_period(period) == common else short_period(period)
    behind = ", ".join(filter(None, [out_of, other]))
    return f"{words} ({behind})" if behind else words


def _range(figure: IndicatorResult) -> Cell:
    """Return the 95% range of a change or of a figure; of a projected year with the forecast."""
    if figure.lower_95 is None or figure.upper_95 is None or figure.verdict == NOT_ASSESSED:
        return ""
    lower, upper = figure.lower_95, figure.upper_95
    if figure.interval_of == "projected" and figure.projected is not None:
        ends = f"{number(lower)} to {number(upper)}"
        return Lines(ends, f"forecast {number(figure.projected)}")
    if figure.interval_of == "pct_change":
        return interval_words(lower, upper, "%")
    if figure.interval_of == "change":
        return f"{interval_words(lower, upper)}{' pts' * (figure.form.unit == 'percent')}"
    return f"{figure.form.words(lower)} to {figure.form.words(upper)}"


def _year_before(figure: IndicatorResult) -> Cell:
    """Return the change on the same quarter a year before, with the two figures below it."""
    words = year_before_words(figure)
    if not words or " against " in words:
        return words
    latest, before = (value_words(value, figure.form) for value in (figure.year_latest, figure.year_before))
    return Lines(words, f"{latest} against {before}")


def _result(report: QuarterReport, figure: IndicatorResult) -> Cell:
    """Return the result with how sure it is, or why there is none."""
    if not figure.verdict:
        return NOT_SCORED
    below = REASON_WORDS[figure.reason] if figure.reason else sure_tag(figure)
    return Lines(mark_of(figure, report.plan), below)


def _notes(report: QuarterReport, box: Priority) -> Iterator[str]:
    """Yield what a reader must know of the figures: each note once, with the names of those that it is of."""
    figures, first = report.results_of(box), message.telling(report, box)
    told: dict[str, list[str]] = {}
    for figure in figures:
        for text in _notes_of(report, figure, first):
            told.setdefault(text, []).append(figure.indicator)
    shown = {figure.indicator for figure in figures if figure.latest is not None}
    for text, ids in told.items():
        names = "; ".join(_name(report, figure) for figure in figures if figure.indicator in ids)
        yield text if set(ids) == shown and len(shown) > 1 else f"{names}: {text}"
    for spec in (report.plan.series[name] for name in box.series if source_lines.is_shown(report, name)):
        if spec.contains:
            yield f"{spec.title} counts {message.inside(spec.contains)}"
    yield from year_before_notes([figure for figure in figures if not figure.measure], report.quarter.words)
    if any(map(is_on_assumed, figures)):
        yield f"{ON_ASSUMED} Holds only if numbers that had to be assumed are right."
    if any(figure.part_of for figure in figures):
        yield "A row that is part of another is shown and judged, and the headline counts it with its whole."


def _notes_of(report: QuarterReport, figure: IndicatorResult, first: IndicatorResult | None) -> Iterator[str]:
    """Yield the notes of a figure: its long title, how sure its result is and what decides it, what its numbers are.

    first: the one whose result stands above, with its reasons, which are not repeated.
    """
    said = _why(report, first) if first else []
    if len(figure.title) > LONG and report.plan.figures[figure.indicator].name != figure.title:
        yield f"in the words of the plan, {figure.title}."
    why = " ".join(words for words in _why(report, figure) if words not in said)
    if figure.verdict and figure.reason != "no_metric" and why:
        yield why
    for note in figure.notes:
        if not (note.kind == "populations" and figure.how_sure == NOT_LIKE_WITH_LIKE):  # how sure it is says so
            yield note.text


def _until(report: QuarterReport, figure: IndicatorResult) -> str:
    """Say on which day a figure under embargo may be shown."""
    series = report.plan.figures[figure.indicator].series
    entry = report.parameters.availability.get(report.plan.series[series].table) if series else None
    if figure.reason != "embargoed" or entry is None or entry.release_date is None:
        return ""
    return f" Until {date_words(entry.release_date)}."


def _name(report: QuarterReport, figure: IndicatorResult) -> str:
    return beginning(report.plan.figures[figure.indicator].name)
