"""The Police and Crime Plan as data: the shape of params/plan.yml."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import pairwise
from math import sqrt
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from panelpack.config.day import Day
from panelpack.config.layout import Layout
from panelpack.config.strict_yaml import Role, Strict
from panelpack.errors import ConfigurationError
from panelpack.formats import Form, decimals_of, number
from panelpack.kinds import KINDS, KindName, OverTime
from panelpack.periods import check_period, parse_year, year_label, year_months
from panelpack.rules.rule import RuleName

VERSION = 1  # of the shape of plan.yml and of <quarter>.yml
Polarity = Literal["lower", "higher", "neither"]
Unit = Literal["count", "percent", "assessment", "narrative"]  # of a figure without a series
Kind = Literal[
    "month",
    "quarter",
    "half_year",
    "financial_year",
    "calendar_year",
    "date",
    "count",
    "decimal",
    "category",
    "text",
    "pseudonym",
]
PERIOD_KINDS = ("month", "quarter", "half_year", "financial_year", "calendar_year", "date")  # of the column of when
NUMBER_KINDS = ("count", "decimal")
NO_FORCE = "none"  # instead of an official force, for one that is in no official table
MoneyUnit = Literal["gbp", "gbp_million"]
UnitWords = Annotated[str, Field(min_length=1)]
Judged = Literal["improved", "no_change", "deteriorated", "met", "on_course", "missed"]  # what a band may count as
VerdictName = Literal["improved", "no_change", "deteriorated", "changed", "met", "on_course", "missed", "not_assessed"]
PARAMETER = "$"  # before the name of a list of categories in the quarter's parameters


def _checked(read: Callable[[str], object]) -> AfterValidator:
    def check(text: str) -> str:
        try:
            read(text)
        except ConfigurationError as error:
            raise ValueError(str(error)) from None
        return text

    return AfterValidator(check)


def _year_as_text(value: object) -> object:
    """Return a calendar year, which YAML takes for a number, as the name of a period."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _this_version(version: int) -> int:
    if version != VERSION:
        raise ValueError(
            f"this software reads version {VERSION}. Bring the file up to date by CHANGELOG.md, or use the release "
            "that the file was written for"
        )
    return version


PeriodName = Annotated[str, BeforeValidator(_year_as_text), _checked(check_period)]
FinancialYear = Annotated[str, _checked(parse_year), AfterValidator(lambda year: year_label(parse_year(year)))]
BoxId = Annotated[str, Field(pattern=r"^[A-Z]+\d+[A-Z]?$")]
FigureId = Annotated[str, Field(pattern=r"^[A-Z]+\d+[A-Z]?\.[a-z0-9_]+$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
ChartPeriod = Annotated[
    str,
    BeforeValidator(_year_as_text),
    Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])|Q[1-4]|H[12]|/\d{2})?$"),
    _checked(check_period),
]
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


def is_pattern(name: str) -> bool:
    """Whether a name may be that of several files: it has a sign that stands for others."""
    return any(sign in name for sign in "*?")


class Areas(Strict):
    """The column of a table that says of which area a row is, and how the areas make up the whole."""

    column: str
    total: str | None = Field(default=None, description="the category of the rows that are of the whole")
    why_not_total: str = Field(default="", description="why the areas need not add up to the whole")


class SupplierFile(Strict):
    """A supplier's file: its columns as the plan calls them, how each is read, and where they stand in the file.

    `file` is its name, or a pattern (* and ?) that one name fits; `files` a pattern of several that are one table, one
    below the other. A preset gives columns, key and layout where the table states none.
    """

    file: str | None = Field(default=None, description="the file's name, or a pattern that one file's name fits")
    files: str | None = Field(default=None, description="a pattern of the names of files that are one table")
    preset: str | None = Field(default=None, description="a layout of params/layouts, by its name")
    columns: dict[str, Kind] = {}
    key: list[str] = []
    optional: list[str] = Field(default=[], description="columns whose cells may be empty, besides those of texts")
    supplied_since: ChartPeriod | None = Field(default=None, description="the first period that the supplier sends")
    lag_months: int | None = Field(
        default=None, ge=0, le=24, description="most months by which its latest period may lie before the quarter's end"
    )
    by: Areas | None = Field(default=None, description="the areas that its rows are of, and how they add up")
    layout: Layout = Layout()

    @property
    def pattern(self) -> str:
        """What the names of its files fit; sources.yml lists them under it."""
        return self.file or self.files or ""

    @property
    def is_pattern(self) -> bool:
        """Whether the names of its files may differ from quarter to quarter, or are several."""
        return is_pattern(self.pattern)

    def holds(self, name: str) -> bool:
        """Whether a file of this name is the table's, or one of them."""
        return fnmatchcase(name, self.pattern)

    def column_of(self, *kinds: str) -> str | None:
        """Return the first column of one of the kinds."""
        return next((column for column, kind in self.columns.items() if kind in kinds), None)

    @property
    def period_column(self) -> str:
        """The column that says of when a row is; the plan's checks see to it that there is one."""
        return next(column for column, kind in self.columns.items() if kind in PERIOD_KINDS)

    @property
    def is_about_persons(self) -> bool:
        """Whether a row is about a person, so that none of its values may be quoted."""
        return "pseudonym" in self.columns.values()


PER_POINT = ("distinct", "repeated")  # what is counted of each point and cannot be added up


class Aggregate(Strict):
    """What is counted in each period: a column's sum, the rows, different values, or rows of repeated values."""

    how: Literal["sum", "rows", "distinct", "repeated"]
    column: str | None = None


def named_column(what: str | Aggregate | None) -> str | None:
    """Return the column that a series' value or base is of; None for rows that are counted."""
    return what.column if isinstance(what, Aggregate) else what


class Rebase(Strict):
    """Where a control chart starts new limits, and the known change of the process that is the reason."""

    first: ChartPeriod = Field(alias="from")
    limits_until: ChartPeriod | None = Field(default=None, description="last period that fixes the new limits")
    reason: str = Field(min_length=1)


class Redefinition(Strict):
    """From which month a series counts something else than before: what changed, and who decided it.

    before: the series by the old definition, where it went on for a while, so that both can be seen side by side.
    """

    first: Month = Field(alias="from")
    reason: str = Field(min_length=1)
    decided_by: Role | None = Field(default=None, description="the role that decided the change")
    before: str | None = Field(default=None, description="the series by the old definition")


class PerResidents(Strict):
    """What a rate is per: so many residents of a population table, on the day of one vintage."""

    table: str
    value: str
    where: dict[str, str] = {}
    on: Day
    of: int = Field(default=1000, ge=1, description="per how many residents")


class OwnInterval(Strict):
    """The columns in which a survey gives the ends of its own 95% interval."""

    lower: str
    upper: str


class Spread(Strict):
    """How far counts move between two periods so many years apart, as a standard deviation in percent."""

    years: float = Field(gt=0)
    percent: float = Field(gt=0)


class OrdinaryMovement(Strict):
    """How far a count moves anyway where no other force shows it: the office's statement, with its reason."""

    spreads: list[Spread] = Field(min_length=1)
    reason: str = Field(min_length=1)

    def spread(self, years: float) -> float:
        """Return the spread of periods so many years apart, percent.

        In a straight line between those stated; before the first and after the last as the square root of time, as
        a level moves that wanders.
        """
        stated = sorted((spread.years, spread.percent) for spread in self.spreads)
        (first, lowest), (last, highest) = stated[0], stated[-1]
        if years <= first:
            return lowest * sqrt(years / first)
        if years >= last:
            return highest * sqrt(years / last)
        (before, low), (after, high) = next(pair for pair in pairwise(stated) if years <= pair[1][0])
        return low + (high - low) * (years - before) / (after - before)


class OrdinaryPoints(Strict):
    """How far a share moves between the periods compared anyway, as a standard deviation in percentage points."""

    points: float = Field(gt=0)
    reason: str = Field(min_length=1)


class SteadyWithin(Strict):
    """A change smaller than this is as good as none: percent of a count, percentage points of a share."""

    percent: float = Field(default=10, gt=0)
    points: float = Field(default=3, gt=0)


# Where a plan states none: what the counts of offences of twelve forces were found to do, net of the others together.
USUAL_MOVEMENT = OrdinaryMovement(
    spreads=[Spread(years=1, percent=9), Spread(years=2.25, percent=15)],
    reason="a force's yearly count of an offence usually moves about so much, net of other forces",
)


class Series(Strict):
    """One line on a chart: rows of a table, picked and put together by what a point of it covers."""

    title: str
    table: str
    value: str | Aggregate
    base: str | Aggregate | None = None
    where: dict[str, str | list[str]] = {}
    population: str | None = None
    kind: KindName = Field(default="count", description="what kind of measure it is")
    unit: MoneyUnit | UnitWords | None = Field(
        default=None, description="the words behind its values; of money gbp, or gbp_million"
    )
    decimals: int | None = Field(default=None, ge=0, le=3, description="the decimals that its values are printed with")
    over_time: OverTime | None = Field(default=None, description="how a period is formed from several points")
    statistic: Literal["median", "mean"] | None = Field(default=None, description="what a time is, of many times")
    per: PerResidents | None = None
    interval: OwnInterval | None = None
    grades: list[str] = Field(default=[], description="the words of a grade, the worst first")
    by: Literal["month", "quarter"] | None = None
    began: Month | None = Field(default=None, description="first month of the recording practice or survey")
    redefined: list[Redefinition] = Field(
        default=[], description="from when it counts something else than before, and what"
    )
    ordinary: OrdinaryMovement | None = None
    ordinary_points: OrdinaryPoints | None = None
    target: float | None = Field(default=None, description="what a month or quarter should reach, in the chart's unit")
    limits_from: ChartPeriod | None = Field(default=None, description="first period that fixes the limits of its chart")
    limits_until: ChartPeriod | None = Field(default=None, description="last period that fixes them, up to a rebase")
    rebase: list[Rebase] = []

    @model_validator(mode="before")
    @classmethod
    def _usual_kind(cls, given: object) -> object:
        """Take a series with a base for a share, and one with grades for a grade, where no kind is named."""
        if isinstance(given, dict) and "kind" not in given:
            usual = "share" if given.get("base") is not None else "grade" if given.get("grades") else "count"
            return {**given, "kind": usual}
        return given

    @property
    def form(self) -> Form:
        """How its values are printed."""
        kind = KINDS[self.kind]
        unit = self.unit or kind.unit
        if self.per is not None and self.unit is None:
            unit = f"per {number(self.per.of)} people"
        decimals = kind.decimals if self.decimals is None else self.decimals
        if self.decimals is None and unit == "gbp_million":
            decimals = 1
        return Form(unit, decimals, tuple(self.grades))


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
    # What only an indicator can have; so code that reads either need not ask which of the two it has.
    unit: ClassVar[str | None] = None
    rule: ClassVar[str] = ""
    baseline_series: ClassVar[str | None] = None
    population_change: ClassVar[str | None] = None
    projection_year: ClassVar[str | None] = None
    scored: ClassVar[bool] = False
    part_of: ClassVar[str | None] = None
    target: ClassVar["Target | None"] = None
    footnotes: ClassVar[tuple[str, ...]] = ()


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


class Priority(Strict):
    """A box of the dashboard, and the priority's own page."""

    id: BoxId
    number: str
    update: BoxId
    title: str
    indicators: list[Indicator]
    measures: list[Measure] = []
    footnotes: list[str] = []

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
    """A section of the report's performance updates; it may serve several boxes."""

    id: BoxId
    number: int
    title: str


class Plan(Strict):
    """params/plan.yml."""

    version: Version
    office: Office
    baseline_year: FinancialYear
    minimum_base: int = Field(ge=1)
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
        """Return a box by id. Raises ConfigurationError for an unknown one."""
        for priority in self.priorities:
            if priority.id == box:
                return priority
        known = ", ".join(priority.id for priority in self.priorities)
        raise ConfigurationError(f"params/plan.yml: there is no priority {box!r}; expected one of {known}.")

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
