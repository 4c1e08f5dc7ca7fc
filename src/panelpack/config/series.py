"""A series in the plan: which rows it is of, what kind of measure it is, and how its chart and changes are read."""

from itertools import pairwise
from math import sqrt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from panelpack.config.day import Day
from panelpack.config.official import OfficialOffences, or_all
from panelpack.config.period_types import ChartPeriod, Month
from panelpack.config.strict_yaml import Role, Strict
from panelpack.formats import Form, number
from panelpack.kinds import KINDS, KindName, OverTime

MoneyUnit = Literal["gbp", "gbp_million"]
UnitWords = Annotated[str, Field(min_length=1)]
PARAMETER = "$"  # before the name of a list of categories in the quarter's parameters
PEOPLE = "people"  # whom a rate is per, where the plan names nobody else
PER_POINT = ("distinct", "repeated")  # what is counted of each point and cannot be added up


class Aggregate(Strict):
    """What is counted in each period: a column's sum, the rows, different values, or rows of repeated values."""

    how: Literal["sum", "rows", "distinct", "repeated"]
    column: str | None = None


def named_column(what: str | Aggregate | None) -> str | None:
    """Return the column that a series' value or base is of; None for rows that are counted."""
    return what.column if isinstance(what, Aggregate) else what


def picks_one(value: str | list[str] | None) -> bool:
    """Whether what a series picks of a column is one category; a list of the parameters may have several."""
    return len(value) == 1 if isinstance(value, list) else bool(value) and not str(value).startswith(PARAMETER)


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
    """What a rate is per: so many residents of a population table, on the day of one vintage.

    With `area` each area of a table that has several is per its own residents, and a count has rates of its areas.
    """

    table: str
    value: str
    where: dict[str, str] = {}
    on: Day
    of: int = Field(default=1000, ge=1, description="per how many residents")
    who: str = Field(default=PEOPLE, min_length=1, description="whom or what there are so many of, such as households")
    area: str | None = Field(
        default=None, description="the column of the table of residents that names the area, for rates by area"
    )
    without: list[str] = Field(default=[], description="areas of a count in which nobody lives, so without a rate")

    @property
    def noun(self) -> str:
        """Who is counted, as a sentence calls them: 'residents', or 'households'."""
        return "residents" if self.who == PEOPLE else self.who

    @property
    def words(self) -> str:
        """'per 1,000 people': what stands behind a rate."""
        return f"per {number(self.of)} {self.who}"


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
    question: str | None = Field(
        default=None, min_length=1, description="the words of the question that a survey asked"
    )
    official: OfficialOffences | None = Field(
        default=None,
        description="which offences of the official table by force it counts, so that forces are compared",
        json_schema_extra=or_all,
    )
    contains: str | None = Field(default=None, min_length=1, description="what it counts and what not, in a sentence")
    people: bool = Field(default=False, description="whether it counts people, so that a few of them are not shown")
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
    def rate_per(self) -> PerResidents | None:
        """What its own values are per: those of a rate of counts. A count may have rates of its areas alone."""
        return self.per if self.kind == "rate" else None

    @property
    def form(self) -> Form:
        """How its values are printed."""
        kind = KINDS[self.kind]
        unit = self.unit or kind.unit
        if self.rate_per is not None and self.unit is None:
            unit = self.rate_per.words
        decimals = kind.decimals if self.decimals is None else self.decimals
        if self.decimals is None and unit == "gbp_million":
            decimals = 1
        return Form(unit, decimals, tuple(self.grades))
