"""The Police and Crime Plan as data: the shape of params/plan.yml."""

from collections.abc import Callable
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from panelpack.configuration import Strict
from panelpack.errors import ConfigurationError
from panelpack.quarters import parse_year, split_period

Polarity = Literal["lower", "higher", "neither"]
Unit = Literal["count", "percent", "gbp_million", "assessment", "narrative"]
Rule = Literal["significance", "projection", "printed_precision", "assessment", "none"]
Kind = Literal["month", "quarter", "date", "count", "decimal", "category", "text", "pseudonym"]
PARAMETER = "$"  # before the name of a list of categories in the quarter's parameters


def _checked(read: Callable[[str], object]) -> AfterValidator:
    def check(text: str) -> str:
        try:
            read(text)
        except ConfigurationError as error:
            raise ValueError(str(error)) from None
        return text

    return AfterValidator(check)


PeriodName = Annotated[str, _checked(split_period)]
FinancialYear = Annotated[str, _checked(parse_year)]
BoxId = Annotated[str, Field(pattern=r"^[A-Z]+\d+[A-Z]?$")]
FigureId = Annotated[str, Field(pattern=r"^[A-Z]+\d+[A-Z]?\.[a-z0-9_]+$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Office(Strict):
    """Whose report it is."""

    commissioner: str
    short: str
    panel: str
    force: str
    plan: str


class Table(Strict):
    """A supplier's file: its columns as the supplier heads them, and how each is read."""

    file: str
    columns: dict[str, Kind]
    key: list[str]
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1, description="the row of the column heads in a workbook")

    def column_of(self, *kinds: str) -> str | None:
        """Return the first column of one of the kinds."""
        return next((column for column, kind in self.columns.items() if kind in kinds), None)


class Aggregate(Strict):
    """What is counted in each period: a column's sum, the rows, different values, or rows of repeated values."""

    how: Literal["sum", "rows", "distinct", "repeated"]
    column: str | None = None


class Rebase(Strict):
    """Where a control chart starts new limits, and the known change of the process that is the reason."""

    first: str = Field(alias="from", pattern=r"^\d{4}(-(0[1-9]|1[0-2])|Q[1-4])$")
    reason: str = Field(min_length=1)


class Series(Strict):
    """One line on a chart: rows of a table, picked and added up by month, quarter or date."""

    title: str
    table: str
    value: str | Aggregate
    base: str | Aggregate | None = None
    where: dict[str, str | list[str]] = {}
    population: str | None = None
    by: Literal["month", "quarter"] | None = None
    began: Month | None = Field(default=None, description="first month of the recording practice or survey")
    target: float | None = Field(default=None, description="what a month or quarter should reach, in the chart's unit")
    limits_until: str | None = Field(default=None, description="last period that fixes the limits of its chart")
    rebase: list[Rebase] = []


class Compare(Strict):
    """The two periods that a figure sets side by side."""

    latest: PeriodName
    baseline: PeriodName | None = None


class Measure(Strict):
    """A supporting figure: for the commentary and the priority's own page."""

    id: FigureId
    title: str
    series: str
    compare: Compare
    unit: Unit | None = None
    polarity: Polarity = "neither"


class Indicator(Strict):
    """A row of the dashboard."""

    id: FigureId
    title: str
    polarity: Polarity
    rule: Rule
    unit: Unit | None = None
    series: str | None = None
    baseline_series: str | None = None
    population_change: Literal["flag", "not_comparable"] | None = None
    compare: Compare | None = None
    projection_year: FinancialYear | None = None
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


class Update(Strict):
    """A section of the report's performance updates; it may serve several boxes."""

    id: BoxId
    number: int
    title: str


class Plan(Strict):
    """params/plan.yml."""

    office: Office
    baseline_year: FinancialYear
    minimum_base: int = Field(ge=1)
    bedding_in_months: int = Field(ge=0)
    tables: dict[str, Table]
    series: dict[str, Series]
    footnotes: dict[str, str]
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

    def unit(self, figure: Indicator | Measure) -> str | None:
        """Return a figure's unit: as written, else percent for a series with a base and count for one without."""
        if figure.unit or not figure.series:
            return figure.unit
        return "percent" if self.series[figure.series].base else "count"

    def polarity(self, series: str) -> Polarity:
        """Return which way is better for a series: that of the first figure that reads it."""
        return next((f.polarity for f in self.figures.values() if f.series == series), "neither")

    def periodicity(self, series: Series) -> str:
        """Return month, quarter or date: what one point of a series covers."""
        table = self.tables[series.table]
        return series.by or table.columns[table.column_of("month", "quarter", "date")]
