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

ANOTHER = "Another question is not compared in size, and no result rests on it."
RECORDED = "Records and answers measure different things, and no result rests on the answers."
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
    lead = "Second source" if figure.second_source_of else "Beside what is recorded"
    of_spec = report.plan.figures[of.indicator]
    said = [_said(report, figure, result)]
    if figure.second_source_of and of_spec.series:
        said.append(f"{beginning(of_spec.name)} is of the question {_question(report, of_spec.series)}.")
    said.append(_moved(report, figure, result, of))
    said.append(ANOTHER if figure.second_source_of else RECORDED)
    return Line([Anchored((f"figure-{figure.id}",), f"**{lead}: {name}.**"), " ".join(said)])


def _said(report: QuarterReport, figure: Measure, result: IndicatorResult) -> str:
    """Say what was asked and answered, with the number asked and the interval of the latest figure where known."""
    asked = f"Asked {_question(report, figure.series)}"
    if result.latest is None:
        return f"{asked}: {latest_words(result)} {in_period(result.latest_period)}."
    latest = f"{result.form.words(result.latest)} {in_period(result.latest_period)}{_sample(report, figure, result)}"
    if result.baseline is None:
        return f"{asked}: {latest}."
    before = f"{result.form.words(result.baseline)} {in_period(result.baseline_period)}"
    return f"{asked}: {latest}, against {before}{_asked(result.baseline_base)}."


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


def _moved(report: QuarterReport, figure: Measure, result: IndicatorResult, of: IndicatorResult) -> str:
    """Say plainly whether both moved the same way, and whether the change of the survey is more than chance."""
    name = inside(report.plan.figures[of.indicator].name)
    own, other = _way(result), _way(of)
    if own is None or other is None:
        lacking = "it has" if own is None else f"{name} has"
        return f"Whether both moved the same way cannot be told: {lacking} no earlier figure that may stand beside it."
    ways = _in_words(result, of, own, other, name)
    return f"{ways}{_chance(report, figure, result.form)}"


def _in_words(result: IndicatorResult, of: IndicatorResult, own: int, other: int, name: str) -> str:
    """Say which way each moved; where one is better higher and the other lower, what that means, too."""
    if not own and not other:
        return "Both moved the same way: neither changed."
    turned = {result.polarity, of.polarity} == {"lower", "higher"}
    if own and other and (own == other) != turned:
        if turned:
            better = (own > 0) == (result.polarity == "higher")
            return (
                f"Both moved the same way, for the {'better' if better else 'worse'}: {name} {WAYS[other]}, and this "
                f"{WAYS[own]}."
            )
        return f"Both moved the same way: {name} {WAYS[other]}, and this {WAYS[own]}."
    return f"They did not move the same way: {name} {WAYS[other]}, and this {WAYS[own]}."


def _chance(report: QuarterReport, figure: Measure, form: Form) -> str:
    """Say whether the change of the survey could be chance; that it is not known where its numbers do not tell."""
    baseline, latest = totals_compared(figure, report.data)
    interval_at = of_change(latest, baseline) if latest and baseline else None
    if interval_at is None:
        return " Whether its change is more than chance is not known."
    ends = interval_at(LEVEL)
    span = span_words(ends.lower, ends.upper, writer("change", form))
    if ends.excludes_none:
        return f" Its change is more than chance (95% range {span})."
    return f" Its change could be chance (95% range {span})."


def _way(result: IndicatorResult) -> int | None:
    """Return whether a figure rose (1), fell (-1) or did not change as printed; None where it has nothing earlier."""
    change = result.printed_change
    return None if change is None else (change > 0) - (change < 0)
