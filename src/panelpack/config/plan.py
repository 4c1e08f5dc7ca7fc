"""The Police and Crime Plan as data: the shape of params/plan.yml."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from panelpack.config.disclosure import Disclosure
from panelpack.config.glossary import GlossaryWord
from panelpack.config.period_types import FinancialYear, Month, PeriodName
from panelpack.config.series import (
    PARAMETER,
    PER_POINT,
    USUAL_MOVEMENT,
    Aggregate,
    OrdinaryMovement,
    Series,
    SteadyWithin,
    named_column,
)
from panelpack.config.strict_yaml import Role, Strict
from panelpack.config.supplied_table import SupplierFile
from panelpack.errors import ConfigurationError
from panelpack.formats import Form, decimals_of
from panelpack.kinds import KINDS, KindName, OverTime
from panelpack.periods import parse_year, year_months
from panelpack.rules.rule import RuleName

VERSION = 1  # of the shape of plan.yml and of <quarter>.yml
Polarity = Literal["lower", "higher", "neither"]
Unit = Literal["count", "percent", "assessment", "narrative"]  # of a figure without a series
NO_FORCE = "none"  # instead of an official force, for one that is in no official table
Judged = Literal["improved", "no_change", "deteriorated", "met", "on_course", "missed"]  # what a band may count as
VerdictName = Literal["improved", "no_change", "deteriorated", "changed", "met", "on_course", "missed", "not_assessed"]


def _this_version(version: int) -> int:
    if version != VERSION:
        raise ValueError(
            f"this software reads version {VERSION}. Bring the file up to date by CHANGELOG.md, or use the release "
            "that the file was written for"
        )
    return version


BoxId = Annotated[str, Field(pattern=r"^[A-Z]+\d+[A-Z]?$")]
FigureId = Annotated[str, Field(pattern=r"^[A-Z]+\d+[A-Z]?\.[a-z0-9_]+$")]
Version = Annotated[
    int, AfterValidator(_this_version), Field(description=f"version of the shape of this file, now {VERSION}")
]


class Office(Strict):
    """Whose report it is."""

    commissioner: str
    short: str
    panel: str
    force: str
    official_force: str
    plan: str
    priority_word: str = Field(default="Priority", min_length=1, description="what the plan calls a priority")
    report_to: str | None = Field(default=None, description="to whom the report goes; by default the panel")
    notice: str = Field(default="", description="what every page must say of the pack, such as that it is made up")


class Compare(Strict):
    """The two periods that a figure sets side by side."""

    latest: PeriodName
    baseline: PeriodName | None = None


class Measure(Strict):
    """A supporting figure: for the commentary and the priority's own page. It is never judged."""

    id: FigureId
    title: str
    series: str
    compare: Compare
    polarity: Polarity = "neither"
    second_source_of: FigureId | None = Field(
        default=None, description="the indicator of which a survey with another question is a second source"
    )
    perception_of: FigureId | None = Field(
        default=None, description="the indicator of recorded cases beside which it tells what people perceive"
    )
    # What only an indicator can have; so code that reads either need not ask which of the two it has.
    unit: ClassVar[str | None] = None
    rule: ClassVar[str] = ""
    baseline_series: ClassVar[str | None] = None
    population_change: ClassVar[str | None] = None
    projection_year: ClassVar[str | None] = None
    scored: ClassVar[bool] = False
    part_of: ClassVar[str | None] = None
    is_against_amount: ClassVar[bool] = False
    target: ClassVar["Target | None"] = None
    footnotes: ClassVar[tuple[str, ...]] = ()

    @property
    def name(self) -> str:
        """Its title: a measure has no short name."""
        return self.title

    @property
    def beside(self) -> str | None:
        """The indicator beside which it stands in a line of its own: as a second source, or as what people perceive."""
        return self.second_source_of or self.perception_of


class Target(Strict):
    """What is to be reached: a value, by a year or at once, a path over years, or a direction from the baseline."""

    value: float | None = None
    by: FinancialYear | None = Field(default=None, description="the year in which the value is to be reached")
    path: dict[FinancialYear, float] = Field(default={}, description="what is to be reached in each year")
    direction: Literal["lower", "higher"] | None = Field(default=None, description="than the baseline")

    @model_validator(mode="before")
    @classmethod
    def _each_year_once(cls, given: object) -> object:
        """Refuse a year that stands twice in a path, in two forms."""
        path = given.get("path") if isinstance(given, dict) else None
        years = [str(year)[:4] for year in path] if isinstance(path, dict) else []
        if twice := {year for year in years if years.count(year) > 1}:
            raise ValueError(f"a path has one value a year, and the year from {min(twice)} stands twice. Remove one")
        return given


class Step(Strict):
    """One of an office's own words for a figure, and from which threshold it holds."""

    word: str = Field(min_length=1)
    at_least: float | None = None
    at_most: float | None = None
    counts_as: Judged = Field(description="the verdict that the headline counts it as")
    mark: str | None = Field(default=None, min_length=1, max_length=1, description="its shape, where no usual one")


class Bands(Strict):
    """An office's own words and thresholds; the first step whose threshold is met gives the word."""

    of: Literal["latest", "change", "pct_change"] = Field(default="latest", description="what the thresholds are of")
    steps: list[Step] = Field(min_length=2)


class Status(Strict):
    """Why an indicator has no figure: it is awaited, was replaced or discontinued, or is redacted."""

    reason: Literal["awaited", "replaced", "discontinued", "redacted"]
    words: str = Field(min_length=1)
    by: Role | None = Field(default=None, description="the role that redacted it")
    until: str | None = Field(default=None, description="until when it is redacted, or when it is expected")
    replaced_by: FigureId | None = None


class Indicator(Strict):
    """A row of the dashboard."""

    id: FigureId
    title: str
    short: str = Field(default="", description="a short name for headlines and narrow tables; by default the title")
    polarity: Polarity
    rule: RuleName
    unit: Unit | None = None
    series: str | None = None
    baseline_series: str | None = None
    population_change: Literal["flag", "not_comparable"] | None = None
    compare: Compare | None = None
    projection_year: FinancialYear | None = None
    steady_within: SteadyWithin | None = None
    target: Target | None = None
    bands: Bands | None = None
    part_of: FigureId | None = Field(default=None, description="the indicator that it is counted in already")
    status: Status | None = Field(default=None, description="why it has no figure, instead of a series")
    scored: bool = True
    footnotes: list[str] = []
    beside: ClassVar[str | None] = None  # what only a measure can have

    @property
    def name(self) -> str:
        """Its short name; the title where it has none."""
        return self.short or self.title

    @property
    def is_against_amount(self) -> bool:
        """Whether what it is set beside is no earlier figure but another amount of the same time: what is required."""
        same_time = self.compare is not None and self.compare.baseline == self.compare.latest
        has_other = self.baseline_series is not None and self.population_change is None
        return same_time and has_other and self.rule == "none"


class Priority(Strict):
    """A box of the dashboard, and the priority's own page."""

    id: BoxId
    number: str
    update: BoxId
    title: str
    short: str = Field(default="", description="a short name for headlines and narrow tables; by default the title")
    indicators: list[Indicator]
    measures: list[Measure] = []
    footnotes: list[str] = []
    chart: str | None = Field(
        default=None, description="the series of the page's one chart; by default that of the page's message"
    )

    @property
    def name(self) -> str:
        """Its short name; the title where it has none."""
        return self.short or self.title

    @property
    def figures(self) -> list[Indicator | Measure]:
        """Its indicators, then its measures."""
        return [*self.indicators, *self.measures]

    @property
    def series(self) -> list[str]:
        """The series that its figures read, each once."""
        names = (name for figure in self.figures for name in (figure.series, figure.baseline_series))
        return list(dict.fromkeys(name for name in names if name))


class Update(Strict):
    """A section of the report's performance updates; it may serve several boxes.

    title: of a section that serves several; that of one box is called as the box is.
    """

    id: BoxId
    number: int
    title: str = Field(default="", description="its heading where it serves several boxes; else that of its box")


class Plan(Strict):
    """params/plan.yml."""

    renamed: ClassVar[Mapping[str, str]] = {"minimum_base": "disclosure.reported.fewest"}

    version: Version
    office: Office
    baseline_year: FinancialYear
    disclosure: Disclosure = Disclosure()
    bedding_in_months: int = Field(ge=0)
    material: float = Field(default=0.25, gt=0, description="a projected change counts from this share of the baseline")
    steady_within: SteadyWithin = SteadyWithin()
    ordinary: OrdinaryMovement = USUAL_MOVEMENT
    limits_from: Month | Literal["baseline_year"] | None = Field(
        default=None, description="first month that fixes the limits of the charts; by default each chart's own first"
    )
    verdict_words: dict[VerdictName, str] = Field(default={}, description="the office's own words for verdicts")
    tables: dict[str, SupplierFile]
    series: dict[str, Series]
    footnotes: dict[str, str] = {}
    glossary: dict[str, GlossaryWord] = {}
    updates: list[Update]
    priorities: list[Priority]

    @cached_property
    def figures(self) -> dict[str, Indicator | Measure]:
        """Every indicator and measure by id."""
        return {figure.id: figure for priority in self.priorities for figure in priority.figures}

    @property
    def parameter_lists(self) -> set[str]:
        """The names of the lists that the quarter's parameters must give."""
        picked = (value for series in self.series.values() for value in series.where.values())
        return {v.removeprefix(PARAMETER) for v in picked if isinstance(v, str) and v.startswith(PARAMETER)}

    def priority(self, box: str) -> Priority:
        """Return a box by its id, the first for ''. Raises ConfigurationError for an unknown one."""
        for priority in self.priorities:
            if box in (priority.id, ""):
                return priority
        known = ", ".join(priority.id for priority in self.priorities)
        raise ConfigurationError(f"params/plan.yml: there is no priority {box!r}; expected one of {known}.")

    def heading(self, update: Update) -> str:
        """Return the heading of a section of the report: its own, or the title of the one box that it serves."""
        return update.title or next((box.title for box in self.priorities if box.update == update.id), "")

    def form(self, figure: Indicator | Measure) -> Form:
        """Return how a figure's values are printed; of one without a series they are what the plan says."""
        if figure.series:
            return self.series[figure.series].form
        return Form(figure.unit, decimals_of(figure.unit))

    def kind(self, figure: Indicator | Measure) -> KindName | Literal[""]:
        """Return the kind of a figure's series, '' for one without a series."""
        return self.series[figure.series].kind if figure.series else ""

    def word(self, verdict: str) -> str:
        """Return the office's own word for a verdict, '' where it has none."""
        return next((word for name, word in self.verdict_words.items() if name == verdict), "")

    def is_worked_out(self, series: Series) -> bool:
        """Whether a series' values come worked out (a percentage, a rate, a median), so that none may be added up."""
        if series.kind == "share":
            value = named_column(series.value) or ""
            return series.base is None or self.tables[series.table].columns.get(value) == "decimal"
        return series.kind in ("duration", "index", "grade") or (series.kind == "rate" and series.per is None)

    def over_time(self, series: Series) -> OverTime:
        """Return how a period of a series is formed from several of its points."""
        if series.interval is not None or (series.kind == "rate" and series.per is None):
            return "none"  # intervals do not add up, nor do rates of populations that are not known
        if any(isinstance(part, Aggregate) and part.how in PER_POINT for part in (series.value, series.base)):
            return "none"  # whoever is in two months is counted once in the two together
        if series.kind == "share":
            return "none" if series.base is None else "weighted_mean"
        if series.kind == "duration":
            return "weighted_mean" if series.statistic == "mean" and series.base is not None else "none"
        return series.over_time or KINDS[series.kind].over_time[0]

    def polarity(self, series: str) -> Polarity:
        """Return which way is better for a series: as its indicators say, else as a measure says, else neither.

        The plan's checks refuse two that differ.
        """
        return next(iter(self.stated_polarities(series).values()), "neither")

    def stated_polarities(self, series: str) -> dict[str, Polarity]:
        """Return the polarity of each figure that reads a series and states one, indicators first, by id."""
        reading = [figure for figure in self.figures.values() if figure.series == series]
        stated = [figure for figure in reading if "polarity" in figure.model_fields_set]
        return {figure.id: figure.polarity for figure in sorted(stated, key=lambda f: isinstance(f, Measure))}

    @property
    def first_fixing_month(self) -> str | None:
        """The first month that fixes the limits of the control charts; None where each chart's own first does."""
        if self.limits_from == "baseline_year":
            return year_months(parse_year(self.baseline_year))[0]
        return self.limits_from

    def periodicity(self, series: Series) -> str:
        """Return what one point of a series covers: a month, quarter, half or year, or a date."""
        table = self.tables[series.table]
        return series.by or table.columns[table.period_column]
