"""What a plan may not ask of the residents that a rate is per: of the whole, or of each area by itself."""

from collections.abc import Iterator

from panelpack.config.plan import Plan
from panelpack.config.series import PerResidents, Series, picks_one
from panelpack.config.strict_yaml import Location, Mistake
from panelpack.config.supplied_table import PERIOD_KINDS, SupplierFile


def find_residents_mistakes(plan: Plan, at: Location, series: Series) -> Iterator[Mistake]:
    """Yield where the residents of a series are not those of its rows, or not one figure of a day.

    at: the place of `per`. Whether each area has residents on the day, only the data can tell.
    """
    per = series.per
    assert per is not None
    yield from _area_mistakes(plan, at, series, per)
    table = plan.tables.get(per.table)
    if table is None:
        yield (*at, "table"), f"there is no table {per.table!r}; expected one of {', '.join(plan.tables)}."
        return
    if table.columns.get(per.value) != "count":
        yield (*at, "value"), f"table {per.table!r} has no column of counts {per.value!r}. Name that of the residents."
    if table.column_of("date") is None:
        yield (*at, "table"), f"table {per.table!r} has no column of days, which says of when its residents are."
    if per.area is not None and table.columns.get(per.area) != "category":
        yield (
            (*at, "area"),
            f"table {per.table!r} has no column of categories {per.area!r}. Name the one that says of which area a "
            "row is.",
        )
    yield from _row_mistakes(at, per, table)


def _area_mistakes(plan: Plan, at: Location, series: Series, per: PerResidents) -> Iterator[Mistake]:
    """Yield where a series has areas and no residents of each, or residents of areas that it has not."""
    areas = plan.tables[series.table].by
    picked = series.where.get(areas.column) if areas else None
    if per.area is None:
        if per.without:
            yield (*at, "without"), "it names areas, and `area` does not say which residents are theirs. Add `area`."
        if series.kind == "count":
            yield (
                at,
                "a count has rates of its areas alone: name `area`, the column that says whose residents they are.",
            )
        elif areas is not None and not picks_one(picked):
            yield (
                at,
                "the residents are of one area, and its table has several: pick one value of "
                f"{areas.column} under `where` of the series, or name `area`, the column that says whose residents "
                "they are.",
            )
        return
    if areas is None:
        yield (*at, "area"), f"table {series.table!r} has no areas. Say under `by` which column they are, or remove it."
    elif picked is not None:
        yield (
            (*at, "area"),
            f"the series picks {areas.column} itself, so it has no areas that can be shown apart. Remove `area`, or "
            "what is picked.",
        )
    elif areas.total in per.without:
        yield (*at, "without"), f"{areas.total!r} is the whole and no area. Remove it."
    if per.without and series.kind == "rate":
        yield (
            (*at, "without"),
            "a rate of an area without residents is none, so that its cases would be lost. Make the series a count, "
            "whose areas have rates besides.",
        )


def _row_mistakes(at: Location, per: PerResidents, table: SupplierFile) -> Iterator[Mistake]:
    """Yield where several rows could be the residents of one area on one day."""
    for column in per.where:
        if column not in table.columns:
            yield (*at, "where"), f"table {per.table!r} has no column {column!r}."
    named = {*per.where, per.area}
    if open_columns := [c for c in table.key if table.columns.get(c) not in PERIOD_KINDS and c not in named]:
        yield (*at, "where"), f"pick one value of {', '.join(open_columns)}: whose residents they are."
