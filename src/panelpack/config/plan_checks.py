"""Reading params/plan.yml, and what its types cannot say: names that lead nowhere, and rules that do not fit."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from panelpack.config.layout_checks import find_table_mistakes
from panelpack.config.plan import PARAMETER, PERIOD_KINDS, Aggregate, Indicator, Measure, Plan, Priority, Series
from panelpack.config.presets import load_presets, with_presets
from panelpack.config.strict_yaml import Location, Mistake, load
from panelpack.periods import period_length
from panelpack.project import layout_files
from panelpack.rules.rule import RULES


def load_plan(path: Path, *layouts: Path) -> Plan:
    """Read a plan, its tables filled in by the presets that they name, of folders or of the folder layouts beside it.

    Raises ConfigurationError that names every mistake by file and line.
    """
    folders = layouts or (path.parent / "layouts",)

    def mistakes(plan: Plan) -> Iterator[Mistake]:
        yield from _preset_mistakes(plan, [preset.stem for preset in layout_files(folders)])
        yield from find_mistakes(with_presets(plan, load_presets(*folders, of=plan)))

    plan = load(path, Plan, mistakes)
    return with_presets(plan, load_presets(*folders, of=plan))


def find_mistakes(plan: Plan) -> Iterator[Mistake]:
    """Yield references to things that do not exist, ids used twice, and rules that do not fit."""
    yield from _table_mistakes(plan)
    for name, series in plan.series.items():
        yield from _series_mistakes(plan, ("series", name), series)
        yield from _chart_mistakes(plan, ("series", name), name, series)
    yield from _id_mistakes(plan)
    for i, priority in enumerate(plan.priorities):
        yield from _priority_mistakes(plan, ("priorities", i), priority)


def _preset_mistakes(plan: Plan, presets: Collection[str]) -> Iterator[Mistake]:
    for name, table in plan.tables.items():
        if table.preset is not None and table.preset not in presets:
            known = ", ".join(presets) or "none"
            yield ("tables", name, "preset"), f"params/layouts has no {table.preset!r}, expected one of {known}."


def _table_mistakes(plan: Plan) -> Iterator[Mistake]:
    for name, table in plan.tables.items():
        if (table.file is None) == (table.files is None):
            yield ("tables", name), "expected either `file` (one) or `files` (a pattern of several). Give one of them."
        if not table.columns:
            yield ("tables", name), "no columns are named, and no preset that has them. Name the columns."
            continue
        if not table.key:
            yield (
                ("tables", name),
                "no key is named, and no preset that has one. Name what tells rows apart.",
            )
        for column in table.key:
            if column not in table.columns:
                yield ("tables", name, "key"), f"key column {column!r} is not among the columns."
        for place, words in find_table_mistakes(table):
            yield ("tables", name, *place), words
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
    yield from _count_mistakes(plan, at, figure)
    yield from _share_mistakes(plan, at, figure)
    if isinstance(figure, Indicator):
        yield from _rule_mistakes(plan, at, figure)
        yield from _indicator_mistakes(plan, at, figure)


def _count_mistakes(plan: Plan, at: Location, figure: Indicator | Measure) -> Iterator[Mistake]:
    """Yield where counts of periods of unequal length are compared, or a count that is not one of whole numbers."""
    if not figure.series or plan.unit(figure) != "count":
        return
    if figure.compare and figure.compare.baseline:
        latest, baseline = (period_length(name) for name in (figure.compare.latest, figure.compare.baseline))
        if latest != baseline:
            yield (
                (*at, "compare"),
                f"{figure.compare.latest} is {latest} and {figure.compare.baseline} {baseline}: counts are compared "
                "over periods of equal length. Name two of one length.",
            )
    for name in filter(None, (figure.series, figure.baseline_series)):
        value, table = plan.series[name].value, plan.tables.get(plan.series[name].table)
        column = value.column if isinstance(value, Aggregate) and value.how == "sum" else value
        if table and isinstance(column, str) and table.columns.get(column) == "decimal":
            yield (
                (*at, "unit"),
                f"the series {name!r} adds up decimals, expected whole numbers of a count. Change the unit.",
            )


def _share_mistakes(plan: Plan, at: Location, figure: Indicator | Measure) -> Iterator[Mistake]:
    """Yield where percentages that were supplied as such, without their base, would be added up."""
    if not isinstance(figure, Measure) or plan.unit(figure) != "percent" or not figure.series:
        return  # of an indicator a percentage has a base in any case
    series = plan.series[figure.series]
    table = plan.tables.get(series.table)
    if series.base is not None or table is None or table.column_of(*PERIOD_KINDS) is None:
        return
    advice = "Percentages cannot be added up"
    one = {"month": "a month", "quarter": "a quarter", "date": "a day"}[plan.periodicity(series)]
    for name in filter(None, (figure.compare.latest, figure.compare.baseline) if figure.compare else ()):
        if (length := period_length(name)) != one:
            yield (
                (*at, "compare"),
                f"{name} is {length}, and series {figure.series!r} has a percentage for {one} and no base. {advice}: "
                f"compare {one}, or give the series a base.",
            )
    others = [column for column in table.key if column != table.period_column]
    open_columns = [column for column in others if not _picks_one(series.where.get(column))]
    if open_columns:
        yield (
            (*at, "series"),
            f"series {figure.series!r} is of percentages without a base, and may have several rows a period. {advice}: "
            f"pick one value of {', '.join(open_columns)} under `where`, or give the series a base.",
        )
    elif series.by and series.by != table.columns[table.period_column]:
        yield (*at, "series"), f"series {figure.series!r} is of percentages without a base. {advice}: remove `by`."


def _picks_one(value: str | list[str] | None) -> bool:
    """Whether what a series picks of a column is one category; a list of the parameters may have several."""
    return len(value) == 1 if isinstance(value, list) else bool(value) and not str(value).startswith(PARAMETER)


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
