"""The residents that rates are per: of the whole, and of each area by itself where the plan names them by area."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.series import PerResidents
from panelpack.disclosure import points as exact_points
from panelpack.disclosure.published import read_published
from panelpack.disclosure.quoting import is_silent
from panelpack.errors import SourceError, shown
from panelpack.formats import number
from panelpack.intake.typed import typed
from panelpack.periods import date_words, last_day

RESIDENTS_COLUMNS = ["series", "area", "residents"]  # area: '' of the whole
WHOLE = ""


@dataclass(frozen=True)
class Residents:
    """How many live in the whole and in each area on the day of a plan's `per`.

    by_area: by the area's name in the table of the series; empty where the plan does not name residents by area.
    """

    whole: float
    by_area: Mapping[str, float] = field(default_factory=dict)

    def of(self, area: str) -> float | None:
        """Return the residents of an area; None of one in which nobody lives."""
        return self.by_area.get(area)


def residents(office: Configuration, name: str, frame: pd.DataFrame) -> Residents | None:
    """Return the residents that a series' rates are per, of the vintage that the plan names; None for no rate.

    frame: the typed table of the series, whose areas they must be of. Of residents by area the whole has its own row,
    which `where` picks or the name of the table's total does; without one its residents are those of all areas.

    Raises SourceError where the population table has no such figure, or more than one, and for an area without.
    """
    per = office.plan.series[name].per
    if per is None:
        return None
    if per.on > last_day(office.quarter):
        raise SourceError(
            f"{_place(office, name)}: found the residents of {date_words(per.on)}, expected those of a day up to the "
            "quarter's end. Name the latest that were counted."
        )
    counted, table = typed(read_published(office, per.table)), office.plan.tables[per.table]
    counted = counted[counted[table.column_of("date")] == per.on.isoformat()]
    if per.area is None:
        return Residents(_one(counted, per, per.where, name, office))
    others = {column: category for column, category in per.where.items() if column != per.area}
    areas = _areas_without(frame, name, office)
    _check_all_named(frame, areas, counted, per, name, office)
    by_area = {area: _one(counted, per, others | {per.area: area}, name, office) for area in areas}
    whole = _name_of_whole(counted, per, name, office)
    every = sum(by_area.values()) if whole is None else _one(counted, per, others | {per.area: whole}, name, office)
    return Residents(every, by_area)


def as_table(by_series: Mapping[str, Residents | None]) -> pd.DataFrame:
    """Return the residents of the series that have them by area: RESIDENTS_COLUMNS."""
    rows = [
        (name, area, living)
        for name, found in by_series.items()
        if found and found.by_area
        for area, living in {WHOLE: found.whole, **found.by_area}.items()
    ]
    return pd.DataFrame(rows, columns=RESIDENTS_COLUMNS).astype({"residents": float})


def _areas_without(frame: pd.DataFrame, name: str, office: Configuration) -> list[str]:
    """Return the areas of a table that must have residents, in alphabetical order."""
    spec = office.plan.series[name]
    areas = office.plan.tables[spec.table].by
    assert areas is not None and spec.per is not None  # the plan's checks
    return sorted(set(frame[areas.column]) - {areas.total, "", *spec.per.without})


def _check_all_named(
    frame: pd.DataFrame,
    areas: Collection[str],
    counted: pd.DataFrame,
    per: PerResidents,
    name: str,
    office: Configuration,
) -> None:
    """Raise SourceError that names every area without residents, with the row where each stands first.

    Of a table of which no cell may be quoted it says that there is one.
    """
    assert per.area is not None
    table = office.plan.series[name].table
    by = office.plan.tables[table].by
    assert by is not None
    known = sorted(set(counted[per.area]) - {""})
    lacking = [area for area in areas if area not in known]
    if not lacking:
        return
    if is_silent(office, table):
        raise SourceError(
            f"{exact_points.file_of(office, table)}: {number(len(lacking))} of its areas have no residents on "
            f"{date_words(per.on)} in {exact_points.file_of(office, per.table)}, column {per.area!r}. Give each one "
            f"name in both files, or name it under `without` in `per` of series {name!r} if nobody lives there."
        )
    mistakes = []
    for area in lacking:
        row = frame.index[frame[by.column] == area][0]
        at = f", {row}" if isinstance(row, str) else f", row {row}"
        near = get_close_matches(area, [other for other in known if other not in areas], 1, 0.5)
        meant = f" Did you mean {near[0]!r}?" if near else ""
        mistakes.append(
            f"{exact_points.file_of(office, table)}{at}: the area {area!r} has no residents "
            f"on {date_words(per.on)} in {exact_points.file_of(office, per.table)}, column {per.area!r}.{meant} Give "
            f"it one name in both files, or name it under `without` in `per` of series {name!r} if nobody lives there."
        )
    raise SourceError("\n".join(mistakes))


def _name_of_whole(counted: pd.DataFrame, per: PerResidents, name: str, office: Configuration) -> str | None:
    """Return the name of the whole among the areas of the residents; None where they have no row of it."""
    assert per.area is not None
    if per.area in per.where:
        return per.where[per.area]
    by = office.plan.tables[office.plan.series[name].table].by
    return by.total if by and by.total in set(counted[per.area]) else None


def _one(counted: pd.DataFrame, per: PerResidents, where: Mapping[str, str], name: str, office: Configuration) -> float:
    rows = counted
    for column, category in where.items():
        rows = rows[rows[column] == category]
    found = rows[per.value].dropna()
    if len(found) != 1 or found.iloc[0] <= 0:
        picked = "".join(f", {column} {category!r}" for column, category in where.items())
        raise SourceError(
            f"{exact_points.file_of(office, per.table)}, {per.value!r} on {date_words(per.on)}{picked}: found "
            f"{len(found)} figures above 0, expected one. Correct `per` of series {name!r} in the plan, or the file."
        )
    return float(found.iloc[0])


def _place(office: Configuration, name: str) -> str:
    return f"{shown(office.project.plan(office.quarter))}, series {name!r}, `per`"
