"""What the types of the plan cannot say: references to nothing, ids used twice, rules that do not fit.

Each function yields where in params/plan.yml a mistake is, and what is wrong there.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from panelpack.checksums import digest
from panelpack.configuration import Location, Problem, load
from panelpack.plan import Aggregate, Indicator, Measure, Plan, Priority, Series

# Which units a rule can judge; the rule `none` judges nothing.
RULE_UNITS = {
    "significance": {"count"},
    "projection": {"count"},
    "printed_precision": {"percent"},
    "assessment": {"assessment"},
}
Problems = Iterator[Problem]


def load_plan(path: Path) -> Plan:
    """Read params/plan.yml. Raises ConfigurationError that names every mistake by file and line."""
    return _plan(path, digest(path))


@lru_cache(maxsize=1)  # read by every notebook: a forked child has it already, unless the file has changed
def _plan(path: Path, content: str) -> Plan:
    return load(path, Plan, problems)


def problems(plan: Plan) -> Problems:
    """Yield references to things that do not exist, duplicates, and rules that do not fit."""
    yield from _table_problems(plan)
    for name, series in plan.series.items():
        yield from _series_problems(plan, ("series", name), series)
    yield from _id_problems(plan)
    for i, priority in enumerate(plan.priorities):
        yield from _priority_problems(plan, ("priorities", i), priority)


def _table_problems(plan: Plan) -> Problems:
    for name, table in plan.tables.items():
        for column in table.key:
            if column not in table.columns:
                yield ("tables", name, "key"), f"key column {column!r} is not among the columns."
        if not table.column_of("month", "quarter", "date"):
            yield ("tables", name, "columns"), "no column is a month, a quarter or a date. Say which one is."


def _series_problems(plan: Plan, at: Location, series: Series) -> Problems:
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


def _id_problems(plan: Plan) -> Problems:
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
        for j, figure in enumerate(getattr(priority, kind)):
            yield (*at, kind, j), figure


def _priority_problems(plan: Plan, at: Location, priority: Priority) -> Problems:
    updates = [update.id for update in plan.updates]
    if priority.update not in updates:
        yield (*at, "update"), f"there is no update {priority.update!r}; expected one of {', '.join(updates)}."
    for place, figure in _figures(at, priority):
        if not figure.id.startswith(priority.id + "."):
            yield (*place, "id"), f"the id {figure.id!r} does not start with its priority's id {priority.id!r}."
        yield from _figure_problems(plan, place, figure)
    for name in priority.footnotes:
        if name not in plan.footnotes:
            yield (*at, "footnotes"), f"there is no footnote {name!r}."


def _figure_problems(plan: Plan, at: Location, figure: Indicator | Measure) -> Problems:
    for key in ("series", "baseline_series"):
        name = getattr(figure, key, None)
        if name is not None and name not in plan.series:
            yield (*at, key), f"there is no series {name!r}. Correct the name or add the series."
            return
    if figure.series and figure.compare is None:
        yield at, f"{figure.id} has a series but no `compare`. Say which periods it compares."
    if isinstance(figure, Indicator):
        yield from _rule_problems(plan, at, figure)
        yield from _indicator_problems(plan, at, figure)


def _rule_problems(plan: Plan, at: Location, figure: Indicator) -> Problems:
    """Yield where an indicator's rule does not fit its unit, or lacks what it needs to judge."""
    unit, fits = plan.unit(figure), RULE_UNITS.get(figure.rule)
    if figure.rule in ("significance", "projection", "printed_precision") and not figure.series:
        yield (*at, "rule"), f"the rule {figure.rule!r} needs a series."
    if (figure.rule == "projection") != (figure.projection_year is not None):
        yield at, "the rule 'projection' and `projection_year` belong together. Add or remove one."
    if figure.rule == "none" and figure.series and figure.scored:
        yield (*at, "rule"), "a scored indicator with a series needs a rule. Give one, or set `scored: false`."
    if not fits:
        return
    if unit not in fits:
        yield (*at, "rule"), f"the rule {figure.rule!r} does not fit the unit {unit!r}; it fits {', '.join(fits)}."
    if figure.series and not (figure.compare and figure.compare.baseline):
        yield at, f"the rule {figure.rule!r} needs a baseline period under `compare`."
    if figure.scored and figure.polarity == "neither":
        yield (*at, "polarity"), "a scored indicator with a rule needs the polarity lower or higher."


def _indicator_problems(plan: Plan, at: Location, figure: Indicator) -> Problems:
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
