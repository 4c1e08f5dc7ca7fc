"""What stands beside an indicator in a line of its own: a second survey of the same matter, or what people perceive.

Another question, put to other people, is never drawn or tabled with the indicator, and no result rests on it. So each
is told in words: what was asked, of whom and of how many, what they said, and whether both moved the same way.
"""

from collections.abc import Iterator

from panelpack.config.plan import Measure, Priority
from panelpack.formats import Form, number
from panelpack.indicators.judgement import totals_compared
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.pages import source_lines
from panelpack.pages.figure_words import latest_words
from panelpack.pages.message import beginning, in_period, inside
from panelpack.rendering.inline import Anchored, Line
from panelpack.rendering.prose import Heading
from panelpack.rules.intervals import of_change, of_latest, span_words, writer
from panelpack.statistics.significance import LEVEL

ANOTHER = "Answers to another question are not compared in size, and no result rests on them."
RECORDED = "what is recorded"
# Of the change of a survey: that it could be chance, that it is more, that this is not known.
LONG = (
    " The change of the second source could be chance (95% range {span}).",
    " The change of the second source is more than chance (95% range {span}).",
    " Whether the change of the second source is more than chance is not known.",
)
SHORT = (
    " (their change could be chance, 95% range {span})",
    " (their change is more than chance, 95% range {span})",
    " (whether their change is more than chance is not known)",
)
WAYS = {-1: "fell", 0: "did not change", 1: "rose"}


def told_of(report: QuarterReport, box: Priority) -> list[str]:
    """Return the measures of a box that stand beside an indicator, by their ids."""
    return [figure.id for figure in box.measures if figure.beside]


def blocks(report: QuarterReport, box: Priority) -> Iterator[Heading | Line]:
    """Yield a line for each measure that stands beside an indicator of a box, in the plan's order."""
    beside = [figure for figure in box.measures if figure.beside]
    if not beside:
        return
    yield Heading(3, f"{box.number}: what surveys say beside these figures")
    for figure in beside:
        yield _line(report, figure)


def _line(report: QuarterReport, figure: Measure) -> Line:
    """Return what another survey says, whom it asked what, and whether it moved as the indicator did."""
    result, of = report.result(figure.id), report.result(figure.beside or "")
    name = source_lines.linked(report, beginning(figure.title), figure.series)
    anchor, said = (f"figure-{figure.id}",), _said(report, figure, result)
    if figure.perception_of:
        lead = f"**Beside what is recorded: {name}.**"
        moved = _moved(result, of, RECORDED, "the answers")
        return Line([Anchored(anchor, lead), f"{said}; {inside(moved)}{_chance(report, figure, result.form, SHORT)}."])
    series = report.plan.figures[of.indicator].series
    question = f"The question of the indicator is {_question(report, series or '')}"
    moved = f"{_moved(result, of, 'the indicator', 'the second source')}.{_chance(report, figure, result.form, LONG)}"
    words = f"{said}. {question}. {moved} {ANOTHER}"
    return Line([Anchored(anchor, f"**Second source: {name}.**"), words])


def _said(report: QuarterReport, figure: Measure, result: IndicatorResult) -> str:
    """Say what was asked and answered, with the number asked and the interval of the latest figure where known."""
    asked = f"Asked {_question(report, figure.series)}"
    if result.latest is None:
        return f"{asked}: {latest_words(result)} {in_period(result.latest_period)}"
    latest = f"{result.form.words(result.latest)} {in_period(result.latest_period)}{_sample(report, figure, result)}"
    if result.baseline is None:
        return f"{asked}: {latest}"
    before = f"{result.form.words(result.baseline)} {in_period(result.baseline_period)}"
    return f"{asked}: {latest}, against {before}{_asked(result.baseline_base)}"


def _question(report: QuarterReport, name: str) -> str:
    """Return the words of a survey's question, and whom it was put to."""
    spec = report.plan.series[name]
    return f"“{spec.question}” of {spec.population}"


def _sample(report: QuarterReport, figure: Measure, result: IndicatorResult) -> str:
    """' (412 asked; 95% interval 56.4% to 65.8%)': what is known of how far a latest figure may be off."""
    known = [f"{number(result.latest_base)} asked" if result.latest_base is not None else "number asked not stated"]
    baseline, latest = totals_compared(figure, report.data)
    interval_at = of_latest(latest, baseline) if latest else None
    if interval_at is not None:
        ends = interval_at(LEVEL)
        known.append(f"95% interval {span_words(ends.lower, ends.upper, writer('latest', result.form))}")
    return f" ({'; '.join(known)})"


def _asked(base: float | None) -> str:
    return f" ({number(base)} asked)" if base is not None else ""


def _moved(result: IndicatorResult, of: IndicatorResult, name: str, own_name: str) -> str:
    """Say plainly whether both moved the same way; where one way is better for each, as better and worse.

    name and own_name: what the indicator and the survey are called in the sentence.
    """
    own, other = _way(result), _way(of)
    if own is None or other is None:
        lacking = own_name if own is None else name
        return f"Whether both moved the same way cannot be told, for {lacking} has no earlier figure beside it"
    if not own and not other:
        return "Both moved the same way: neither changed"
    is_judged = {result.polarity, of.polarity} <= {"lower", "higher"}
    pairs = ((own, result), (other, of))
    own_sense, sense = (-way if is_judged and one.polarity == "lower" else way for way, one in pairs)
    if own_sense == sense:
        if own == other:
            return f"Both moved the same way: both {WAYS[own]}"
        good = "better" if sense > 0 else "worse"
        return f"Both moved the same way, for the {good}: {name} {WAYS[other]}, and {own_name} {WAYS[own]}"
    meant = [f", which is {'better' if one > 0 else 'worse'}," * (own == other) for one in (sense, own_sense)]
    said = f"{name} {WAYS[other]}{meant[0]} and {own_name} {WAYS[own]}{meant[1]}".rstrip(",")
    return f"They did not move the same way: {said}"


def _chance(report: QuarterReport, figure: Measure, form: Form, words: tuple[str, str, str]) -> str:
    """Say whether the change of the survey could be chance, in one of `words`: it could, it is more, not known."""
    baseline, latest = totals_compared(figure, report.data)
    if report.result(figure.id).printed_change is None:
        return ""
    interval_at = of_change(latest, baseline) if latest and baseline else None
    if interval_at is None:
        return words[2]
    ends = interval_at(LEVEL)
    span = span_words(ends.lower, ends.upper, writer("change", form))
    return words[1 if ends.excludes_none else 0].format(span=span)


def _way(result: IndicatorResult) -> int | None:
    """Return whether a figure rose (1), fell (-1) or did not change as printed; None where it has nothing earlier."""
    change = result.printed_change
    return None if change is None else (change > 0) - (change < 0)
