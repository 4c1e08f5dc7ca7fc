"""What a rule is, and the registry that knows every one by the name that a plan gives it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from pydantic import AfterValidator, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from panelpack.formats import Form
from panelpack.rules.milestones import TargetAt
from panelpack.rules.steps import Bands
from panelpack.rules.verdict import CHANGED, DETERIORATED, IMPROVED, NO_CHANGE, VERDICT_WORDS, PeriodTotal, Verdict
from panelpack.statistics.projection import Projection

RULES: dict[str, "Rule"] = {}
# What an interval may rest on: the counts themselves, the numbers that they are out of, and how the counts spread over
# the months or quarters of a period.
WHOLE_RANGE = "the whole 95% range of the change"  # the subject of a sentence on what counts
RESTS_ON = ("value", "base", "points")


@dataclass(frozen=True)
class Context:
    """What a rule may ask for besides the two totals.

    polarity: which way is better. project: the projected total of the year that the plan names (it raises
    ConfigurationError where the series cannot be projected). material: the share of the baseline from which a
    projected change counts. assessed: what a partner board said, as (verdict, board). assumed: which of RESTS_ON are
    assumed, so that the evidence says so. form: how the series' values are written. target: what is to be reached.
    bands: the office's own words and thresholds. words: the office's own words for verdicts, by their names.
    """

    polarity: str
    project: Callable[[], Projection] | None = None
    material: float = 0.0
    assessed: tuple[str, str] | None = None
    assumed: frozenset[str] = frozenset()
    form: Form = field(default_factory=Form)
    target: TargetAt | None = None
    bands: Bands | None = None
    words: Mapping[str, str] = field(default_factory=dict)

    def called(self, verdict: str) -> str:
        """Return what a verdict is called inside a sentence; the office's own word stands in quotation marks."""
        own = self.words.get(verdict)
        return f"“{own}”" if own else VERDICT_WORDS[verdict].lower()


@dataclass(frozen=True)
class Named:
    """How a sentence on an indicator's rule names what is compared.

    baseline, latest: the two periods, '' for none. year: the one that is projected.
    """

    baseline: str = ""
    latest: str = ""
    year: str = ""


class Rule(ABC):
    """A verdict rule. A subclass is in RULES, and so known everywhere, as soon as it is defined.

    name: as a plan names it. kinds: of the measures that it can judge (panelpack.kinds), or `assessment` for what has
    no series; a rule without kinds judges nothing. title: what stands beside the evidence. key: its mark and meaning
    in the dashboard's key. methods: its part of the methods page, as Markdown. weakness: where it fails, in a sentence
    for reviewers. The needs are what a plan must give an indicator of this rule; one that does not need a baseline says
    itself where it lacks one. takes_neither: whether an indicator of which neither way is better may have it. has_test:
    whether its verdicts may come with a p-value. rests_on: what its intervals rest on, of RESTS_ON.
    """

    name: ClassVar[str]
    kinds: ClassVar[frozenset[str]] = frozenset()
    title: ClassVar[str] = ""
    key: ClassVar[tuple[str, str] | None] = None
    methods: ClassVar[str] = ""
    weakness: ClassVar[str] = ""
    needs_series: ClassVar[bool] = True
    needs_baseline: ClassVar[bool] = True
    needs_counts: ClassVar[bool] = False
    needs_projection_year: ClassVar[bool] = False
    needs_assessment: ClassVar[bool] = False
    needs_target: ClassVar[bool] = False
    needs_bands: ClassVar[bool] = False
    takes_neither: ClassVar[bool] = False
    has_test: ClassVar[bool] = False
    rests_on: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Register the rule by its name."""
        super().__init_subclass__()
        RULES[cls.name] = cls()

    @abstractmethod
    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return the verdict of the change from the baseline to the latest period, with its evidence."""

    def criterion(self, context: Context, named: Named) -> str:
        """Say in a sentence for a lay reader what makes an indicator better or worse by this rule; '' for nothing."""
        return f"{self.key[1]}." if self.key else ""


def by_side(context: Context, what: str, above: str, below: str, than: str = "") -> str:
    """Return the sentence of a rule that compares: 'Called worse if the grade is lower, better if it is higher; ...'.

    what: the subject of the sentence. above, below: what it does where the figure rose, or fell, enough to count. than:
    behind the first of them. Where neither way is better both make a change.
    """
    than, rest = f" {than}" if than else "", f"otherwise {context.called(NO_CHANGE)}"
    if context.polarity == "neither":
        return f"Called {context.called(CHANGED)} if {what} {above} or {below}{than}; {rest}."
    worse, better = (above, below) if context.polarity == "lower" else (below, above)
    return (
        f"Called {context.called(DETERIORATED)} if {what} {worse}{than}, {context.called(IMPROVED)} if it {better}; "
        f"{rest}."
    )


def _known(name: str) -> str:
    if name not in RULES:
        raise ValueError(f"there is no such rule, expected one of {', '.join(RULES)}")
    return name


class _RuleNames:
    """The JSON Schema of a rule's name: one of the registered names."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, object]:
        return {"enum": list(RULES), "type": "string"}


RuleName = Annotated[str, AfterValidator(_known), _RuleNames]
