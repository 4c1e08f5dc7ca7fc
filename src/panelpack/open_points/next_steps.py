"""Next steps: what is done about an indicator that got worse or missed its target, and what became of the last step.

They are what the office declares (next_steps of params/<quarter>.yml), held to the verdicts. The step before is read
from the parameters of the latest earlier quarter that has some.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from panelpack.config.configuration import Configuration
from panelpack.config.parameters import NextStep
from panelpack.config.strict_yaml import Strict, load, read_yaml
from panelpack.errors import ConfigurationError, shown
from panelpack.open_points.kinds import OpenPoint
from panelpack.periods import Quarter, date_words
from panelpack.rules.verdict import DETERIORATED, MISSED

# The verdicts that call for a next step, and how a sentence says so.
CALL_FOR_STEP = {DETERIORATED: "got worse", MISSED: "missed its target"}


class Judged(Protocol):
    """What must be known of an indicator's result."""

    @property
    def indicator(self) -> str:
        """Its id in the plan."""

    @property
    def title(self) -> str:
        """What it measures."""

    @property
    def scored(self) -> bool:
        """Whether it has a verdict at all."""

    @property
    def verdict(self) -> str:
        """The verdict, of rules.verdict.VERDICTS."""


@dataclass(frozen=True)
class FollowedUp:
    """What a pack says of one indicator: what is done next, and what became of what was to be done.

    is_needed: whether its verdict calls for a step. step: None where none is named. paragraph: the number of the
    paragraph that says it, where the step is one; its anchor on the page is `para-<number>`. last: the step that the
    report of `last_quarter` named, None where it named none. became: '' where nothing is told of it.
    """

    indicator: str
    title: str
    is_needed: bool
    step: NextStep | None = None
    paragraph: int | None = None
    last: NextStep | None = None
    last_quarter: Quarter | None = None
    became: str = ""

    @property
    def words(self) -> str:
        """The step as a reader sees it, with a link to its paragraph; '' where none is named."""
        if self.paragraph:
            return f"See [paragraph {self.paragraph}](#para-{self.paragraph})."
        if not self.step or not self.step.by:
            return ""
        return f"{self.step.what.rstrip('.')} ({self.step.who}, by {date_words(self.step.by)})."

    @property
    def last_words(self) -> str:
        """The step before as a reader sees it; '' where there was none."""
        if not self.last or not self.last_quarter:
            return ""
        if not self.last.by:
            return f"What the report of {self.last_quarter.words} said in its text."
        return f"{self.last.what.rstrip('.')} ({self.last.who}, by {date_words(self.last.by)})."


class _Steps(Strict):
    """The next steps of an earlier quarter's parameters."""

    next_steps: dict[str, NextStep] = {}


def next_steps_of(office: Configuration, results: Iterable[Judged]) -> dict[str, FollowedUp]:
    """Return what to show of next steps by indicator, in the order of the results.

    results: of indicators (those of a box, or of the whole pack), computed or read. An indicator is in it if its
    verdict calls for a step, if it has one, or if the last report named one; any other has nothing to show. Raises
    ConfigurationError by file and line for a paragraph that is not in the commentary, and for what the parameters of
    the quarter before may not say.
    """
    last_quarter, last = _last_steps(office)
    followed = {}
    for result in results:
        step, before = office.parameters.next_steps.get(result.indicator), last.get(result.indicator)
        is_needed = result.scored and result.verdict in CALL_FOR_STEP
        if not (is_needed or step or before):
            continue
        followed[result.indicator] = FollowedUp(
            indicator=result.indicator,
            title=result.title,
            is_needed=is_needed,
            step=step if step and step.is_step else None,
            paragraph=_number(office, result.indicator, step) if step and step.paragraph else None,
            last=before,
            last_quarter=last_quarter if before else None,
            became=(step.became or "") if step else "",
        )
    return followed


def open_steps(office: Configuration, results: Iterable[Judged]) -> Iterator[OpenPoint]:
    """Yield the indicators that call for a next step and have none, and the last steps of which nothing is told.

    Raises ConfigurationError as `next_steps_of` does.
    """
    every = list(results)
    verdicts, path = (
        {result.indicator: result.verdict for result in every},
        shown(office.project.params(office.quarter)),
    )
    for name, one in next_steps_of(office, every).items():
        if one.is_needed and one.step is None:
            yield OpenPoint(
                "step",
                f"next step {name}",
                f"{name} ({one.title}) {CALL_FOR_STEP[verdicts[name]]}, and no next step is named.",
                f"Write what, who and by when in {path}, under next_steps, or the label of the paragraph that says it.",
                at=("next_steps",),
            )
        if one.last and one.last_quarter and not one.became:
            what = f"{one.last.what!r}" if one.last.what else f"that of its paragraph {one.last.paragraph!r}"
            yield OpenPoint(
                "became",
                f"became {name}",
                f"{name} ({one.title}): it is not told what became of the next step of {one.last_quarter.words}, "
                f"{what}.",
                f"Tell it in {path}, under next_steps, {name}, became.",
                at=("next_steps", name, "became"),
            )


def _last_steps(office: Configuration) -> tuple[Quarter | None, Mapping[str, NextStep]]:
    """Return the latest earlier quarter that has parameters, and the steps that they name."""
    for path in office.project.earlier_parameters(office.quarter)[:1]:
        steps = load(path, _Steps, keep=_of_steps).next_steps
        return Quarter.parse(path.stem), {name: step for name, step in steps.items() if step.is_step}
    return None, {}


def _of_steps(data: object) -> object:
    """Return the next steps of parameters: what else they say may be of an earlier plan."""
    return {"next_steps": data.get("next_steps") or {}} if isinstance(data, dict) else {}


def _number(office: Configuration, indicator: str, step: NextStep) -> int:
    """Return the number of the paragraph that a step is. Raises ConfigurationError where no paragraph is called so."""
    numbers = office.commentary.numbers
    if step.paragraph not in numbers:
        path = office.project.params(office.quarter)
        line = read_yaml(path)[1]["next_steps", indicator, "paragraph"]
        raise ConfigurationError(
            f"{shown(path)}, line {line}: next_steps, {indicator}: {shown(office.project.commentary(office.quarter))} "
            f"has no paragraph {step.paragraph!r}, expected a label of a numbered one. Correct it, or add "
            f"{{#{step.paragraph}}} to the paragraph."
        )
    return numbers[step.paragraph]
