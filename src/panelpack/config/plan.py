"""The Police and Crime Plan as data: the shape of params/plan.yml, and what its types cannot say."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from panelpack.config.strict_yaml import Location, Mistake, Strict, load
from panelpack.errors import ConfigurationError
from panelpack.periods import parse_year, split_period, year_months
from panelpack.rules.rule import RULES, RuleName

VERSION = 1  # of the shape of plan.yml and of <quarter>.yml
Polarity = Literal["lower", "higher", "neither"]
Unit = Literal["count", "percent", "gbp_million", "assessment", "narrative"]
Kind = Literal["month", "quarter", "date", "count", "decimal", "category", "text", "pseudonym"]
PERIOD_KINDS = ("month", "quarter", "date")  # of the column that says when
PARAMETER = "$"  # before the name of a list of categories in the quarter's parameters


def _checked(read: Callable[[str], object]) -> AfterValidator:
    def check(text: str) -> str:
        try:
            read(text)
        except ConfigurationError as error:
            raise ValueError(str(error)) from None
        return text

    return AfterValidator(check)


def _this_version(version: int) -> int:
    if version != VERSION:
        raise ValueError(
            f"this software reads version {VERSION}. Bring the file up to date by CHANGELOG.md, or use the release "
            "that the file was written for"
        )
    return version


PeriodName = Annotated[str, _checked(split_period)]
FinancialYear = Annotated[str, _checked(parse_year)]
BoxId = Annotated[str, Field(pattern=r"^[A-Z]+\d+[A-Z]?$")]
FigureId = Annotated[str, Field(pattern=r"^[A-Z]+\d+[A-Z]?\.[a-z0-9_]+$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Version = Annotated[
    int, AfterValidator(_this_version), Field(description=f"version of the shape of this file, now {VERSION}")
]


class Office(Strict):
    """Whose report it is."""

    commissioner: str
    short: str
    panel: str
    force: str
    plan: str


class SupplierFile(Strict):
    """A supplier's file: its columns as the supplier heads them, and how each is read."""

    file: str
    columns: dict[str, Kind]
    key: list[str]
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1, description="the row of the column heads in a workbook")

    def column_of(self, *kinds: str) -> str | None:
        """Return the first column of one of the kinds."""
        return next((column for column, kind in self.columns.items() if kind in kinds), None)

    @property
    def period_column(self) -> str:
        """The column of months, quarters or dates; the plan's checks see to it that there is one."""
        return next(column for column, kind in self.columns.items() if kind in PERIOD_KINDS)

    @property
    def is_about_persons(self) -> bool:
        """Whether a row is about a person, so that none of its values may be quoted."""
        return "pseudonym" in self.columns.values()


class Aggregate(Strict):
    """What is counted in each period: a column's sum, the rows, different values, or rows of repeated values."""

    how: Literal["sum", "rows", "distinct", "repeated"]
    column: str | None = None


ChartPeriod = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])|Q[1-4])$")]


class Rebase(Strict):
    """Where a control chart starts new limits, and the known change of the process that is the reason."""

    first: ChartPeriod = Field(alias="from")
    limits_until: ChartPeriod | None = Field(default=None, description="last period that fixes the new limits")
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
    limits_from: ChartPeriod | None = Field(default=None, description="first period that fixes the limits of its chart")
    limits_until: ChartPeriod | None = Field(default=None, description="last period that fixes them, up to a rebase")
    rebase: list[Rebase] = []


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
    unit: Unit | None = None
    polarity: Polarity = "neither"
    # What only an indicator can have; so code that reads either need not ask which of the two it has.
    rule: ClassVar[str] = ""
    baseline_series: ClassVar[str | None] = None
    population_change: ClassVar[str | None] = None
    projection_year: ClassVar[str | None] = None
    scored: ClassVar[bool] = False
    footnotes: ClassVar[tuple[str, ...]] = ()


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
    limits_from: Month | Literal["baseline_year"] | None = Field(
        default=None, description="first month that fixes the limits of the charts; by default each chart's own first"
    )
    tables: dict[str, SupplierFile]
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
        """Return month, quarter or date: what one point of a series covers."""
        table = self.tables[series.table]
        return series.by or table.columns[table.period_column]


def load_plan(path: Path) -> Plan:
    """Read params/plan.yml. Raises ConfigurationError that names every mistake by file and line."""
    return load(path, Plan, find_mistakes)


def find_mistakes(plan: Plan) -> Iterator[Mistake]:
    """Yield references to things that do not exist, ids used twice, and rules that do not fit."""
    yield from _table_mistakes(plan)
    for name, series in plan.series.items():
        yield from _series_mistakes(plan, ("series", name), series)
        yield from _chart_mistakes(plan, ("series", name), name, series)
    yield from _id_mistakes(plan)
    for i, priority in enumerate(plan.priorities):
        yield from _priority_mistakes(plan, ("priorities", i), priority)


def _table_mistakes(plan: Plan) -> Iterator[Mistake]:
    for name, table in plan.tables.items():
        for column in table.key:
            if column not in table.columns:
                yield ("tables", name, "key"), f"key column {column!r} is not among the columns."
        if not table.column_of(*PERIOD_KINDS):
            yield ("tables", name, "columns"), "no column is a month, a quarter or a date. Say which one is."


def _series_mistakes(plan: Plan, at: Location, series: Series) -> Iterator[Mistake]:
    table = plan.tables.get(series.table)
    if table is None:
        yield (*at, "table"), f"there is no table {series.table!r}; expected one of {', '.join(plan.tables)}."
        return
    wanted = {"value": series.value, "base": series.base}
    columns = {key: v.column if isinstance(v, Aggregate) else v for key, v in wanted.items()}
    for key, column in [*columns.items(), *(("where", column) for column in series.where)]:
        if column is not None and column not in table.columns:
            yield (*at, key), f"table {series.table!r} has no column {column!r}; it has {', '.join(table.columns)}."
    if series.base is not None and series.population is None:
        yield at, "a series with a base needs `population`: who or what the base counts."


def _chart_mistakes(plan: Plan, at: Location, name: str, series: Series) -> Iterator[Mistake]:
    """Yield where the plan asks for limits that cannot be, or calls two ways better on one chart."""
    starts = [rebase.first for rebase in series.rebase]
    if starts != sorted(set(starts)):
        yield (*at, "rebase"), f"the rebases start at {', '.join(starts)}. Put them in the order of time, each once."
        return
    for i, rebase in enumerate(series.rebase):
        if not rebase.reason.strip(" ."):
            yield (*at, "rebase", i, "reason"), f"`reason` is {rebase.reason!r}. Write the change that is the reason."
    windows = [(at, series.limits_from, series.limits_until)]
    windows += [((*at, "rebase", i), rebase.first, rebase.limits_until) for i, rebase in enumerate(series.rebase)]
    for i, (place, first, until) in enumerate(windows):
        end = starts[i] if i < len(starts) else None
        if until and end and until >= end:
            yield (
                (*place, "limits_until"),
                (
                    f"`limits_until` is {until}, but new limits start at {end}. End it sooner, or write it under "
                    "the rebase whose limits it ends."
                ),
            )
        if first and i == 0 and end and first >= end:
            yield (*place, "limits_from"), f"`limits_from` is {first}, but new limits start at {end}. Start it sooner."
        if first and until and until < first:
            yield (*place, "limits_until"), f"`limits_until` is {until}, before {first}, where its limits start."
    stated = plan.stated_polarities(name)
    if len(set(stated.values())) > 1:
        words = ", ".join(f"{figure} says {polarity}" for figure, polarity in stated.items())
        yield at, f"its chart can have one polarity, but {words}. Give them the same, or let a measure state none."


def _id_mistakes(plan: Plan) -> Iterator[Mistake]:
    """Yield the ids that stand twice. Boxes and their figures share one set of ids, updates have their own."""
    used = set()
    for i, priority in enumerate(plan.priorities):
        named = [(at, figure.id) for at, figure in _figures(("priorities", i), priority)]
        for at, name in [*named, (("priorities", i), priority.id)]:
            if name in used:
                yield (*at, "id"), f"the id {name!r} is used twice."
            used.add(name)
    updates = [update.id for update in plan.updates]
    for i, update in enumerate(updates):
        if update in updates[:i]:
            yield ("updates", i, "id"), f"the id {update!r} is used twice."


def _figures(at: Location, priority: Priority) -> Iterator[tuple[Location, Indicator | Measure]]:
    for kind in ("indicators", "measures"):
        figures: Sequence[Indicator | Measure] = priority.indicators if kind == "indicators" else priority.measures
        for j, figure in enumerate(figures):
            yield (*at, kind, j), figure


def _priority_mistakes(plan: Plan, at: Location, priority: Priority) -> Iterator[Mistake]:
    updates = [update.id for update in plan.updates]
    if priority.update not in updates:
        yield (*at, "update"), f"there is no update {priority.update!r}; expected one of {', '.join(updates)}."
    for place, figure in _figures(at, priority):
        if not figure.id.startswith(priority.id + "."):
            yield (*place, "id"), f"the id {figure.id!r} does not start with its priority's id {priority.id!r}."
        yield from _figure_mistakes(plan, place, figure)
    for name in priority.footnotes:
        if name not in plan.footnotes:
            yield (*at, "footnotes"), f"there is no footnote {name!r}."


def _figure_mistakes(plan: Plan, at: Location, figure: Indicator | Measure) -> Iterator[Mistake]:
    for key, name in (("series", figure.series), ("baseline_series", figure.baseline_series)):
        if name is not None and name not in plan.series:
            yield (*at, key), f"there is no series {name!r}. Correct the name or add the series."
            return
    if figure.series and figure.compare is None:
        yield at, f"{figure.id} has a series but no `compare`. Say which periods it compares."
    if isinstance(figure, Indicator):
        yield from _rule_mistakes(plan, at, figure)
        yield from _indicator_mistakes(plan, at, figure)


def _rule_mistakes(plan: Plan, at: Location, figure: Indicator) -> Iterator[Mistake]:
    """Yield where an indicator's rule does not fit its unit, or lacks what it needs to judge."""
    unit, rule = plan.unit(figure), RULES[figure.rule]
    if rule.needs_series and not figure.series:
        yield (*at, "rule"), f"the rule {rule.name!r} needs a series."
    if rule.needs_projection_year and figure.projection_year is None:
        yield at, f"the rule {rule.name!r} needs a `projection_year`. Add it."
    if figure.projection_year is not None and not rule.needs_projection_year:
        needs = ", ".join(repr(name) for name, other in RULES.items() if other.needs_projection_year)
        yield at, f"`projection_year` is for the rule {needs}, found {rule.name!r}. Remove it, or change the rule."
    if not rule.units:
        if figure.series and figure.scored:
            yield (*at, "rule"), "a scored indicator with a series needs a rule. Give one, or set `scored: false`."
        return
    if unit not in rule.units:
        fits = ", ".join(sorted(rule.units))
        yield (*at, "rule"), f"the rule {rule.name!r} does not fit the unit {unit!r}; it fits {fits}."
    if figure.series and not (figure.compare and figure.compare.baseline):
        yield at, f"the rule {rule.name!r} needs a baseline period under `compare`."
    if figure.scored and figure.polarity == "neither":
        yield (*at, "polarity"), "a scored indicator with a rule needs the polarity lower or higher."


def _indicator_mistakes(plan: Plan, at: Location, figure: Indicator) -> Iterator[Mistake]:
    unit = plan.unit(figure)
    has_base = bool(figure.series and plan.series[figure.series].base)
    if figure.series and (unit == "percent") != has_base:
        yield (*at, "unit"), f"the unit {unit!r} does not fit series {figure.series!r}: percent needs a base."
    changed = figure.population_change is not None
    if (changed and figure.baseline_series is None) or (
        has_base and figure.baseline_series is not None and not changed
    ):
        yield at, "`baseline_series` and `population_change` belong together. Say what a changed population means."
    for name in figure.footnotes:
        if name not in plan.footnotes:
            yield (*at, "footnotes"), f"there is no footnote {name!r}. Add it under `footnotes`."
