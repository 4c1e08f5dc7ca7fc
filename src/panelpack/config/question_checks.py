"""Surveys that ask different questions: they may stand beside each other in words, never in one picture or table."""

from collections.abc import Iterator

from panelpack.config.plan import Indicator, Measure, Plan, Priority
from panelpack.config.series import Series
from panelpack.config.strict_yaml import Location, Mistake
from panelpack.formats import listed
from panelpack.kinds import KINDS

OF_SURVEYS = ("share", "index")  # the kinds of measure that tell what people said
OF_RECORDS = ("count", "rate")  # those of what was recorded
ONE_PICTURE = "one table, chart or change would set answers to two questions side by side"


def find_question_mistakes(plan: Plan, at: Location, series: Series) -> Iterator[Mistake]:
    """Yield where a series would stand in one table with an old definition that asked something else."""
    for i, change in enumerate(series.redefined):
        before = plan.series.get(change.before or "")
        if before is not None and before.question != series.question:
            yield (
                (*at, "redefined", i, "before"),
                f"{change.before!r} asks {_asked(before)} and this series {_asked(series)}: {ONE_PICTURE}. Remove "
                "`before`; a second source stands in a line of its own (`second_source_of`).",
            )


def find_picture_mistakes(plan: Plan, at: Location, figure: Indicator | Measure) -> Iterator[Mistake]:
    """Yield where a figure compares two series that ask different questions, or a line of its own has none.

    Its series exist.
    """
    if figure.series and figure.baseline_series:
        now, before = plan.series[figure.series], plan.series[figure.baseline_series]
        if now.question != before.question:
            yield (
                (*at, "baseline_series"),
                f"{figure.baseline_series!r} asks {_asked(before)} and {figure.series!r} {_asked(now)}: {ONE_PICTURE}. "
                "Compare one question with itself; a second source stands in a line of its own (`second_source_of`).",
            )
    if isinstance(figure, Measure):
        yield from _beside_mistakes(plan, at, figure)


def find_chart_mistakes(plan: Plan, at: Location, priority: Priority) -> Iterator[Mistake]:
    """Yield where the one chart of a page would be of another question than the figures above it."""
    name = priority.chart
    if name is None:
        return
    reading = [figure for figure in priority.figures if name in (figure.series, figure.baseline_series)]
    if reading and all(figure.beside for figure in reading):
        yield (
            (*at, "chart"),
            f"{name!r} is of {listed([figure.id for figure in reading])} alone, which stands in a line of its own: the "
            "page's chart would be of another question than its figures. Name the series of an indicator.",
        )


def _beside_mistakes(plan: Plan, at: Location, figure: Measure) -> Iterator[Mistake]:
    """Yield where what stands beside an indicator is no other survey, or not said to be of whom and what."""
    if figure.second_source_of and figure.perception_of:
        yield (
            (*at, "perception_of"),
            "a measure is a second source, or a perception beside records. Remove one.",
        )
        return
    if figure.beside is None:
        return
    key = "second_source_of" if figure.second_source_of else "perception_of"
    place, beside = (*at, key), plan.figures.get(figure.beside)
    if not isinstance(beside, Indicator):
        yield place, f"there is no indicator {figure.beside!r}. Name the one beside which it stands."
        return
    if figure.id.partition(".")[0] != beside.id.partition(".")[0]:
        yield place, f"{beside.id} stands on the page of another priority. Give the measure to that priority."
    if beside.series is None or beside.series not in plan.series:
        yield place, f"{beside.id} has no series, so that nothing stands beside it. Remove `{key}`."
        return
    own, other = plan.series[figure.series], plan.series[beside.series]
    if figure.series in (beside.series, beside.baseline_series):
        yield place, f"it is of the series {figure.series!r}, as {beside.id} is. Name the series of another survey."
        return
    yield from _said_mistakes(place, figure.series, own)
    if figure.second_source_of:
        yield from _said_mistakes(place, beside.series, other)
    elif other.kind not in OF_RECORDS or other.question is not None:
        found = f"{KINDS[other.kind].noun}{' of a survey' if other.question else ''}"
        yield (
            place,
            f"{beside.id} is {found}, expected a count or a rate of what was recorded. Of a survey write "
            "`second_source_of`.",
        )


def _said_mistakes(place: Location, name: str, series: Series) -> Iterator[Mistake]:
    """Yield what a survey does not say of itself: its question, and whom it asked."""
    if series.kind not in OF_SURVEYS:
        fits = " or ".join(KINDS[kind].noun for kind in OF_SURVEYS)
        yield place, f"series {name!r} is {KINDS[series.kind].noun}, and what people said is {fits}. Name a survey."
    for key, meaning in (("question", "the words that were asked"), ("population", "who was asked")):
        if getattr(series, key) is None:
            yield place, f"series {name!r} has no `{key}`, and the page prints {meaning}. Add it."


def _asked(series: Series) -> str:
    return f"“{series.question}”" if series.question else "no stated question"
