"""The Police and Crime Plan as data: the shape of params/plan.yml."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from panelpack.configuration import Location, Strict, load
from panelpack.errors import ConfigurationError
from panelpack.quarters import parse_year, split_period

Polarity = Literal["lower", "higher", "neither"]
Unit = Literal["count", "percent", "gbp_million", "assessment", "narrative"]
Rule = Literal["significance", "projection", "printed_precision", "assessment", "none"]
Kind = Literal["month", "quarter", "date", "count", "decimal", "category", "text", "pseudonym"]
# Which units a rule can judge; the rule `none` judges nothing.
RULE_UNITS = {
    "significance": {"count"},
    "projection": {"count"},
    "printed_precision": {"percent"},
    "assessment": {"assessment"},
}
PARAMETER = "$"  # a category that the quarter's parameters list, such as $key_locations


def _period(name: str) -> str:
    try:
        split_period(name)
    except ConfigurationError as error:
        raise ValueError(str(error)) from None
    return name


def _year(label: str) -> str:
    try:
        parse_year(label)
    except ConfigurationError as error:
        raise ValueError(str(error)) from None
    return label


PeriodName = Annotated[str, AfterValidator(_period)]
FinancialYear = Annotated[str, AfterValidator(_year)]
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
    projection_errors: str = Field(description="the table of past errors that gives the prediction intervals")
    tables: dict[str, Table]
    series: dict[str, Series]
    footnotes: dict[str, str]
    updates: list[Update]
    priorities: list[Priority]

    @cached_property
    def figures(self) -> dict[str, Indicator | Measure]:
        """Every indicator and measure by id."""
        return {figure.id: figure for priority in self.priorities for figure in priority.figures}

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

    def periodicity(self, series: Series) -> str:
        """Return month, quarter or date: what one point of a series covers."""
        table = self.tables[series.table]
        return series.by or table.columns[table.column_of("month", "quarter", "date")]

    def problems(self) -> Iterator[tuple[Location, str]]:
        """Yield references to things that do not exist, duplicates, and rules that do not fit."""
        for name, table in self.tables.items():
            for column in table.key:
                if column not in table.columns:
                    yield ("tables", name, "key"), f"key column {column!r} is not among the columns."
            if not table.column_of("month", "quarter", "date"):
                yield ("tables", name, "columns"), "no column is a month, a quarter or a date. Say which one is."
        for name, series in self.series.items():
            yield from self._series_problems(("series", name), series)
        yield from self._priority_problems()

    def _series_problems(self, at: Location, series: Series) -> Iterator[tuple[Location, str]]:
        table = self.tables.get(series.table)
        if table is None:
            yield (*at, "table"), f"there is no table {series.table!r}; expected one of {', '.join(self.tables)}."
            return
        wanted = {"value": series.value, "base": series.base}
        columns = {key: v.column if isinstance(v, Aggregate) else v for key, v in wanted.items()}
        for key, column in [*columns.items(), *(("where", column) for column in series.where)]:
            if column is not None and column not in table.columns:
                yield (*at, key), f"table {series.table!r} has no column {column!r}; it has {', '.join(table.columns)}."
        if series.base is not None and series.population is None:
            yield at, "a series with a base needs `population`: who or what the base counts."

    def _priority_problems(self) -> Iterator[tuple[Location, str]]:
        seen: dict[str, Location] = {}
        updates = [update.id for update in self.updates]
        for i, priority in enumerate(self.priorities):
            at = ("priorities", i)
            if priority.update not in updates:
                yield (*at, "update"), f"there is no update {priority.update!r}; expected one of {', '.join(updates)}."
            for kind, figures in (("indicators", priority.indicators), ("measures", priority.measures)):
                for j, figure in enumerate(figures):
                    yield from self._figure_problems((*at, kind, j), figure, priority, seen)
            if priority.id in seen:
                yield (*at, "id"), f"the id {priority.id!r} is used twice."
            seen[priority.id] = at
            for name in priority.footnotes:
                if name not in self.footnotes:
                    yield (*at, "footnotes"), f"there is no footnote {name!r}."
        for i, update in enumerate(updates):
            if update in updates[:i]:
                yield ("updates", i, "id"), f"the id {update!r} is used twice."

    def _figure_problems(self, at, figure, priority, seen) -> Iterator[tuple[Location, str]]:
        if figure.id in seen:
            yield (*at, "id"), f"the id {figure.id!r} is used twice."
        seen[figure.id] = at
        if not figure.id.startswith(priority.id + "."):
            yield (*at, "id"), f"the id {figure.id!r} does not start with its priority's id {priority.id!r}."
        for key in ("series", "baseline_series"):
            name = getattr(figure, key, None)
            if name is not None and name not in self.series:
                yield (*at, key), f"there is no series {name!r}. Correct the name or add the series."
                return
        if figure.series and figure.compare is None:
            yield at, f"{figure.id} has a series but no `compare`. Say which periods it compares."
        if isinstance(figure, Indicator):
            yield from self._indicator_problems(at, figure)

    def _indicator_problems(self, at: Location, figure: Indicator) -> Iterator[tuple[Location, str]]:
        unit = self.unit(figure)
        fits = RULE_UNITS.get(figure.rule)
        if fits and unit not in fits:
            yield (*at, "rule"), f"the rule {figure.rule!r} does not fit the unit {unit!r}; it fits {', '.join(fits)}."
        has_base = bool(figure.series and self.series[figure.series].base)
        if figure.series and (unit == "percent") != has_base:
            yield (*at, "unit"), f"the unit {unit!r} does not fit series {figure.series!r}: percent needs a base."
        if figure.rule in ("significance", "projection", "printed_precision") and not figure.series:
            yield (*at, "rule"), f"the rule {figure.rule!r} needs a series."
        if fits and figure.series and not (figure.compare and figure.compare.baseline):
            yield at, f"the rule {figure.rule!r} needs a baseline period under `compare`."
        if fits and figure.scored and figure.polarity == "neither":
            yield (*at, "polarity"), "a scored indicator with a rule needs the polarity lower or higher."
        if (figure.rule == "projection") != (figure.projection_year is not None):
            yield at, "the rule 'projection' and `projection_year` belong together. Add or remove one."
        if (figure.baseline_series is None) != (figure.population_change is None) and has_base:
            yield at, "`baseline_series` and `population_change` belong together. Say what a changed population means."
        for name in figure.footnotes:
            if name not in self.footnotes:
                yield (*at, "footnotes"), f"there is no footnote {name!r}. Add it under `footnotes`."


def load_plan(path: Path) -> Plan:
    """Read params/plan.yml. Raises ConfigurationError that names every mistake by file and line."""
    return load(path, Plan)
