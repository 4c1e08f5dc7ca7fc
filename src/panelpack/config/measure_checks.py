"""What a plan may not ask of a kind of measure: values that do not add up, periods that do not compare."""

from collections.abc import Iterator

from panelpack.config.plan import Indicator, Measure, Plan
from panelpack.config.residents_checks import find_residents_mistakes
from panelpack.config.series import Aggregate, Series, named_column, picks_one
from panelpack.config.strict_yaml import Location, Mistake
from panelpack.config.supplied_table import PERIOD_KINDS, Areas, SupplierFile
from panelpack.formats import listed
from panelpack.kinds import KINDS, OVER_TIME_WORDS
from panelpack.named_periods import SHARED, never_a_baseline, period_length, points_in
from panelpack.periods import POINT_WORDS

# The units that are printed in a way of their own, each with the kinds that have it.
UNIT_OF = {
    "percent": ("share",),
    "gbp": ("money",),
    "gbp_million": ("money",),
    "grade": ("grade",),
    "rate": ("rate",),
}
# What only some kinds take, by the key of a series.
TAKEN_BY = {
    "base": ("share", "duration"),
    "statistic": ("duration",),
    "per": ("rate", "count"),
    "interval": ("share", "rate", "duration", "index"),
    "grades": ("grade",),
    "over_time": ("stock", "money", "index"),
    "people": ("count", "stock", "share", "rate"),
}


def find_kind_mistakes(plan: Plan, at: Location, name: str, series: Series) -> Iterator[Mistake]:
    """Yield where a series is not what its kind says; its table and columns exist."""
    table = plan.tables[series.table]
    if table.column_of(*PERIOD_KINDS) is None:
        return  # the table's own mistake
    yield from _key_mistakes(at, series)
    yield from _cell_mistakes(plan, at, series, table)
    yield from _row_mistakes(plan, at, name, series, table)
    if series.per is not None:
        yield from find_residents_mistakes(plan, (*at, "per"), series)
    yield from _definition_mistakes(plan, at, name, series)


def find_area_mistakes(at: Location, table: SupplierFile) -> Iterator[Mistake]:
    """Yield where the column of areas is no column of categories, or what they add up to is said twice."""
    if table.by is None:
        return
    areas: Areas = table.by
    if table.columns.get(areas.column) != "category":
        yield (*at, "by", "column"), f"found {areas.column!r}, expected a column of the table that is a category."
    if areas.why_not_total and areas.total is None:
        yield (
            (*at, "by", "why_not_total"),
            "without a `total` the areas are the whole. Name the category of the whole, or remove `why_not_total`.",
        )


def _definition_mistakes(plan: Plan, at: Location, name: str, series: Series) -> Iterator[Mistake]:
    """Yield where versions of a definition are not in the order of time, or an old one cannot stand beside the new."""
    starts = [change.first for change in series.redefined]
    if starts != sorted(set(starts)):
        yield (
            (*at, "redefined"),
            f"the versions start at {', '.join(starts)}. Put them in the order of time, each once.",
        )
    for i, change in enumerate(series.redefined):
        if change.before is None:
            continue
        place, before = (*at, "redefined", i, "before"), plan.series.get(change.before)
        if before is None or change.before == name:
            yield place, f"there is no other series {change.before!r}. Correct the name."
        elif before.table in plan.tables and _measured(plan, before) != _measured(plan, series):
            old, new = (f"{KINDS[s.kind].noun} by {_measured(plan, s)[2]}" for s in (before, series))
            yield (
                place,
                f"the old definition is {old} and the new one {new}, or in another unit. Name one that compares.",
            )


def _measured(plan: Plan, series: Series) -> tuple[str, str, str]:
    """Return what two series must share whose figures stand side by side: kind, unit, and what a point is of."""
    return series.kind, series.form.unit or "", POINT_WORDS.get(plan.periodicity(series), "")


def _key_mistakes(at: Location, series: Series) -> Iterator[Mistake]:
    """Yield keys that the kind does not take, and those that it needs."""
    kind = series.kind
    for key, takers in TAKEN_BY.items():
        if getattr(series, key) not in (None, [], False) and kind not in takers:
            kinds = listed(list(takers))
            yield (*at, key), f"`{key}` is for the kind {kinds}, found {kind}. Remove it, or change the kind."
    if series.over_time is not None and series.over_time not in KINDS[kind].over_time:
        fits = ", ".join(KINDS[kind].over_time)
        yield (*at, "over_time"), f"found {series.over_time!r}, and {KINDS[kind].noun} takes {fits}. Change it."
    if kind == "grade" and len(set(series.grades)) < max(2, len(series.grades)):
        yield (*at, "grades"), "expected two or more different words, the worst first. List them."
    if kind == "duration":
        if series.unit is None:
            yield (*at, "unit"), "a duration needs a `unit`, such as minutes. Add it."
        if series.statistic is None:
            yield (*at, "statistic"), "a duration needs a `statistic`: median or mean. Say which one it is."
        if series.base is not None and series.statistic == "median":
            yield (*at, "base"), "medians cannot be weighted together. Remove `base`, or take the mean."
    for unit, takers in UNIT_OF.items():
        if series.unit == unit and kind not in takers:
            yield (
                (*at, "unit"),
                f"{unit!r} is the unit of {listed(list(takers))}, found {kind}. Remove it or change one.",
            )
    if kind in ("share", "grade") and series.unit not in (None, KINDS[kind].unit):
        yield (*at, "unit"), f"{KINDS[kind].noun} has no unit of its own, found {series.unit!r}. Remove it."
    if kind in ("count", "grade") and series.decimals:
        yield (*at, "decimals"), f"{KINDS[kind].noun} has no decimals, found {series.decimals}. Remove it."
    if series.base is not None and series.population is None:
        yield at, "a series with a base needs `population`: who or what the base counts."


def _cell_mistakes(plan: Plan, at: Location, series: Series, table: SupplierFile) -> Iterator[Mistake]:
    """Yield columns whose cells are not what the kind is of."""
    kind = KINDS[series.kind]
    wanted = ("count",) if series.per is not None else kind.cells
    value = named_column(series.value)
    if isinstance(series.value, Aggregate) and plan.is_worked_out(series) and series.value.how != "sum":
        yield (*at, "value"), f"{kind.noun} is not counted from rows. Name its column."
    elif value and isinstance(series.value, str | Aggregate) and _reads_numbers(series.value):
        yield from _cells(at, "value", value, table, wanted, series)
    base = named_column(series.base)
    if base and _reads_numbers(series.base):
        yield from _cells(at, "base", base, table, ("count",), series)
    elif series.base is not None and plan.is_worked_out(series):
        yield (*at, "base"), f"{kind.noun} is weighted by the numbers of a column. Name the column of the base."
    if series.kind == "rate" and series.per is None and value and table.columns.get(value) == "count":
        yield at, "a rate worked out by the supplier is a decimal; of counts, say what it is `per`."
    if series.interval is not None:
        for end in ("lower", "upper"):
            column = getattr(series.interval, end)
            if column not in table.columns:
                yield (*at, "interval", end), f"table {series.table!r} has no column {column!r}."
            else:
                yield from _cells((*at, "interval"), end, column, table, ("decimal", "count"), series)
        if not plan.is_worked_out(series):
            yield (*at, "interval"), "an interval of its own has only a figure that the supplier worked out. Remove it."


def _cells(
    at: Location, key: str, column: str, table: SupplierFile, wanted: tuple[str, ...], series: Series
) -> Iterator[Mistake]:
    has = table.columns[column]
    if has not in wanted:
        noun = KINDS[series.kind].noun
        name = noun if key == "value" else f"`{key}` of {noun}"
        other = " Name the kind of the series (stock, share, duration, money, index ...)." if noun == "a count" else ""
        needs = " or ".join(wanted)
        yield (*at, key), f"column {column!r} is of the kind {has}, and {name} needs a column of {needs}.{other}"


def _row_mistakes(plan: Plan, at: Location, name: str, series: Series, table: SupplierFile) -> Iterator[Mistake]:
    """Yield where several rows of a point would be put together that do not add up, or count one thing twice."""
    kind = table.columns[table.period_column]
    if series.by is not None and series.by != kind and (series.by, kind) != ("quarter", "month"):
        words = f"`by: quarter` adds months up, and a row of the table is of a {POINT_WORDS[kind]}"
        yield (*at, "by"), f"series {name!r}: {words}. Remove `by`."
        return
    picked = series.where.get(table.by.column) if table.by else None
    if isinstance(picked, list) and len(picked) > 1 and table.by and table.by.total in picked:
        words = f"{table.by.total!r} is the whole, and the others are parts of it"
        yield (*at, "where"), f"series {name!r}: {words}. Pick the one or the others."
    by_quarter = series.by is not None and series.by != kind
    if KINDS[series.kind].adds_up and not plan.is_worked_out(series):
        if by_quarter and (series.kind == "stock" or (series.kind == "money" and plan.over_time(series) != "sum")):
            yield (
                (*at, "by"),
                f"series {name!r}: months of {KINDS[series.kind].noun} are not added up to a quarter. Remove `by`.",
            )
        return
    if plan.over_time(series) == "weighted_mean":
        return  # a weighted mean of several rows is one, too
    others = [column for column in table.key if column != table.period_column]
    open_columns = [column for column in others if not picks_one(series.where.get(column))]
    if table.by and table.by.column in open_columns and table.by.total is not None:
        open_columns.remove(table.by.column)  # the row of the whole is picked
    advice = f"{KINDS[series.kind].noun} does not add up"
    if open_columns:
        yield (
            at,
            f"series {name!r} may have several rows a period, and {advice}: pick one value of "
            f"{', '.join(open_columns)} under `where`.",
        )
    elif by_quarter:
        yield (*at, "by"), f"series {name!r}: {advice}, so its months make no quarter. Remove `by`."


def find_period_mistakes(plan: Plan, at: Location, figure: Indicator | Measure) -> Iterator[Mistake]:
    """Yield where a figure's periods cannot be formed of its series' points, or cannot be compared."""
    compare = figure.compare
    if compare is None or not figure.series:
        return
    sides = [("latest", compare.latest, figure.series)]
    if compare.baseline:
        sides.append(("baseline", compare.baseline, figure.baseline_series or figure.series))
    for key, period, name in sides:
        yield from _fit_mistakes(plan, (*at, "compare", key), period, name)
    if not compare.baseline:
        return
    latest, baseline = compare.latest, compare.baseline
    if latest == baseline and not figure.baseline_series:
        yield (*at, "compare"), f"{latest} would be compared with itself. Name an earlier baseline."
    elif not figure.baseline_series and (why := never_a_baseline(baseline, latest)):
        is_judged = isinstance(figure, Indicator) and figure.scored
        if is_judged or why != SHARED:
            yield (
                (*at, "compare"),
                f"{baseline} is no baseline for {latest} in any report: {why}. Name one that is over before {latest} "
                "begins.",
            )
    series = plan.series[figure.series]
    lengths = period_length(latest), period_length(baseline)
    if lengths[0] != lengths[1] and (KINDS[series.kind].is_flow or plan.over_time(series) == "sum"):
        yield (
            (*at, "compare"),
            f"{latest} is {lengths[0]} and {baseline} {lengths[1]}: {KINDS[series.kind].noun} is compared over periods "
            "of equal length. Name two of one length.",
        )
    yield from _two_series_mistakes(plan, at, figure)


def _fit_mistakes(plan: Plan, at: Location, period: str, name: str) -> Iterator[Mistake]:
    """Yield where a period is not made of whole points of a series, or of more than its kind can put together."""
    series = plan.series[name]
    if series.table not in plan.tables or plan.tables[series.table].column_of(*PERIOD_KINDS) is None:
        return
    periodicity = plan.periodicity(series)
    if periodicity == "date":
        count = 1 if period_length(period) == "a day" else None
    else:
        count = points_in(period, periodicity)
    one = f"a {POINT_WORDS[periodicity]}" if periodicity != "date" else "a day"
    if count is None:
        yield (
            at,
            f"{period} is {period_length(period)}, and a point of series {name!r} is of {one}. Name one that fits.",
        )
    elif count > 1 and plan.over_time(series) == "none":
        yield (
            at,
            f"{period} is {period_length(period)}, and series {name!r} has {KINDS[series.kind].noun} for {one}; "
            f"several of them make none of a longer time. Compare {one}{_way_out(series)}.",
        )


def _way_out(series: Series) -> str:
    """Say what a plan may state so that several points of a series make a period; '' where nothing does."""
    ways = [f"`over_time: {way}` ({OVER_TIME_WORDS[way]})" for way in KINDS[series.kind].over_time if way != "none"]
    if ways and series.kind in TAKEN_BY["over_time"]:
        return f", or state {' or '.join(ways)}"
    is_weighted = series.kind == "share" or series.statistic == "mean"
    return ", or give the series its base" if is_weighted and series.base is None and series.interval is None else ""


def _two_series_mistakes(plan: Plan, at: Location, figure: Indicator | Measure) -> Iterator[Mistake]:
    """Yield where the latest figure and the baseline are of two series that may not be of the same thing."""
    changed = figure.population_change
    if figure.baseline_series is None:
        if changed is not None:
            yield at, "`baseline_series` and `population_change` belong together. Say what a changed population means."
        return
    now, before = (plan.series[name] for name in (figure.series, figure.baseline_series) if name)
    is_refused = now.kind in ("count", "stock") and changed == "flag"
    for name, spec in ((figure.series, now), (figure.baseline_series, before)):
        if changed is not None and spec.population is None and not is_refused:
            yield at, f"the pack names the two populations, and series {name!r} has no `population`. Add it."
    if now.kind != before.kind or now.form.unit != before.form.unit:
        yield (
            (*at, "baseline_series"),
            f"{figure.series!r} is {KINDS[now.kind].noun} and {figure.baseline_series!r} {KINDS[before.kind].noun}, or "
            "in another unit. "
            "Compare like with like.",
        )
    elif now.kind != "money" and changed is None:
        yield at, "`baseline_series` and `population_change` belong together. Say what a changed population means."
    elif is_refused:
        yield (
            (*at, "population_change"),
            f"{KINDS[now.kind].noun} of one population is no baseline for that of another. Compare rates per so many "
            "people, or write not_comparable.",
        )


def _reads_numbers(what: str | Aggregate | None) -> bool:
    """Whether the cells of a column are read as what they say, and not only counted."""
    return isinstance(what, str) or (what is not None and what.how == "sum")
