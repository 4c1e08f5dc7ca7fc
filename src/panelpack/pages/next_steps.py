"""What is being done about a priority: next steps, what became of the last, and where the report says more."""

from collections.abc import Iterator
from itertools import groupby

from panelpack.config.plan import Priority
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.open_points.next_steps import FollowedUp, next_steps_of
from panelpack.pages.message import beginning
from panelpack.pages.priority import indicators_of
from panelpack.rendering.prose import Heading, Text

NONE_NAMED = "no next step is named."
NOT_TOLD = "it is not told."


def blocks(report: QuarterReport, box: Priority) -> Iterator[Heading | Text]:
    """Yield what is being done: a line a next step, the paragraphs of the report, and the office's own comments."""
    lines = list(_lines(report, box))
    if lines:
        yield Heading(3, f"{box.number}: what is being done")
        yield Text("\n".join(f"- {line}" for line in lines))


def _lines(report: QuarterReport, box: Priority) -> Iterator[str]:
    for one in next_steps_of(report.office, indicators_of(report, box)).values():
        yield from _of_indicator(report, one)
    said = [report.resolver.paragraph(comment).text for comment in report.office.commentary.comments(box.id)]
    if numbers := [p.number for p in report.office.commentary.of_update(box.update) if p.number]:
        said.insert(0, f"In the report: {paragraphs(numbers)}.")
    if said:
        yield " ".join(" ".join(said).split())


def _of_indicator(report: QuarterReport, one: FollowedUp) -> Iterator[str]:
    """Yield the next step of an indicator, and what became of the one that the last report named."""
    name = beginning(report.plan.figures[one.indicator].name)
    if one.words or one.is_needed:
        yield f"**{name}:** {one.words or NONE_NAMED}"
    if one.last_words:
        yield f"**{name}, the step before:** {one.last_words} What became of it: {one.became or NOT_TOLD}"


def paragraphs(numbers: list[int]) -> str:
    """Return paragraphs by their numbers as links, neighbours as from and to: 'paragraphs 24 to 26 and 30'."""
    runs = [
        [number for _, number in run] for _, run in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0])
    ]
    words = " and ".join(" to ".join(_link(n) for n in dict.fromkeys((run[0], run[-1]))) for run in runs)
    return f"paragraph{'s' * (len(numbers) > 1)} {words}"


def _link(number: int) -> str:
    return f"[{number}](#para-{number})"
