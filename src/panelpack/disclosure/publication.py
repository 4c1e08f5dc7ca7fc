"""Reading the quarter's tables for publication: the points of each series that may be shown, and the plan's totals.

Nothing finer than what may be shown leaves this module, so nothing after it, in data/processed or on a page, holds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.disclosure import points as exact_points
from panelpack.disclosure.added_rows import check_added_rows, check_shares, check_supplied
from panelpack.disclosure.areas import SEPARATOR, base_name, extract_areas
from panelpack.disclosure.cells import Cells, columns_read, read_cells
from panelpack.disclosure.figure_periods import figure_periods
from panelpack.disclosure.grains import Shown, at_first
from panelpack.disclosure.period_totals import period_total
from panelpack.disclosure.published import read_published
from panelpack.disclosure.residents import RESIDENTS_COLUMNS, Residents, as_table, residents
from panelpack.disclosure.secondary import Outcome, ShownTotal, Total, protect
from panelpack.disclosure.thresholds import is_guarded, is_reported, too_small
from panelpack.intake.typed import typed
from panelpack.intake.unfit import made_of
from panelpack.named_periods import Period, keys_of
from panelpack.periods import MONTHS_IN, last_day, last_month_of
from panelpack.rules.verdict import PeriodTotal

CONFIDENTIAL = "confidential"  # why a number is not there: so that nobody is recognised
SUPPRESSED, SMALL = "suppressed", "small_sample"  # why a total is not there, of rules.verdict.REASON_WORDS
NUMBERS = ["value", "successes", "base", "exposure", "per", "count", "lower", "upper"]  # of a PeriodTotal
# A total of a series that is not shown as the table has it; `withheld` says why there is none.
TOTAL_COLUMNS = ["series", "period", "words", *NUMBERS, "withheld"]
# A series, or an area of one, that is not shown as the table has it: what its points are of now ('' where none is
# shown), whether others would else be worked out from it, and the month with which its relative periods end.
PROTECTED_COLUMNS = ["series", "grain", "why", "last_month"]
FOR_SIZE, FOR_OTHERS = "small", "others"
NO_PROTECTED = pd.DataFrame(columns=PROTECTED_COLUMNS, dtype=str)
NO_RESIDENTS = pd.DataFrame(columns=RESIDENTS_COLUMNS).astype({"residents": float})


class Prepared(NamedTuple):
    """What may be shown of the raw tables: the points of each table's series, their gaps, totals of hidden points.

    points: of each table that may be shown, with the columns of points.SERIES_COLUMNS. gaps: points.GAP_COLUMNS.
    totals: of the series that are not shown as their table has them, by table: TOTAL_COLUMNS. protected: those series,
    PROTECTED_COLUMNS. residents: of the series that have them by area, residents.RESIDENTS_COLUMNS.
    """

    points: Mapping[str, pd.DataFrame]
    gaps: pd.DataFrame
    totals: Mapping[str, pd.DataFrame] = {}
    protected: pd.DataFrame = NO_PROTECTED
    residents: pd.DataFrame = NO_RESIDENTS


@dataclass(frozen=True)
class ExactTable:
    """A table's exact series, before anything is hidden: never handed on.

    frame: the typed table. points: by the name of the series, and of each area's own. gaps: points.GAP_COLUMNS.
    withheld: the rows and columns in which the supplier gave no number so that nobody is recognised. residents: whose
    rates are per them, by the name of the series.
    """

    name: str
    frame: pd.DataFrame = field(repr=False)
    points: Mapping[str, pd.DataFrame] = field(repr=False)
    gaps: pd.DataFrame = field(repr=False)
    withheld: frozenset[tuple[object, str]] = frozenset()
    residents: Mapping[str, Residents | None] = field(default_factory=dict)


def prepare_series(office: Configuration) -> Prepared:
    """Return what may be shown of each raw table of which anything may."""
    points, totals, gaps, protected, living = {}, {}, [], [], [NO_RESIDENTS]
    for table in office.shown_tables:
        with made_of(office, table):
            exact = read_exact(office, table)
            found = publish(exact, office) if exact else None
        if found:
            points[table], totals[table] = found.points[table], found.totals[table]
            gaps.append(found.gaps)
            protected.append(found.protected)
            living.append(found.residents)
    none = pd.DataFrame(columns=exact_points.GAP_COLUMNS, dtype=str)
    return Prepared(
        points,
        pd.concat([none, *gaps], ignore_index=True),
        totals,
        pd.concat([NO_PROTECTED, *protected], ignore_index=True),
        pd.concat(living, ignore_index=True),
    )


def read_exact(office: Configuration, table: str) -> ExactTable | None:
    """Return the exact series of a table; None of one that no series reads."""
    shown_tables = office.shown_tables
    every_name = (name for name, spec in office.plan.series.items() if spec.table == table)
    # A rate whose residents may not be shown, or are not there, has no point.
    names = [n for n in every_name if (per := office.plan.series[n].rate_per) is None or per.table in shown_tables]
    if not names:
        return None
    received = read_published(office, table)
    frame = typed(received)
    of = {name: residents(office, name, frame) for name in names if _has_residents(office, name)}
    for name in names:
        check_added_rows(frame, name, office)
        check_supplied(frame, name, office)
    every = {name: exact_points.extract(frame, name, office, _whole(of.get(name))) for name in names}
    for name, points in every.items():
        check_shares(points, name, office)
    for name in names:
        for area, points in extract_areas(frame, name, office, of.get(name)):
            every[area] = points
    gaps = [exact_points.gaps(frame, received, name, office) for name in names if received.gaps]
    none = pd.DataFrame(columns=exact_points.GAP_COLUMNS, dtype=str)
    withheld = frozenset(place for place, meaning in received.gaps.items() if meaning == SUPPRESSED)
    return ExactTable(table, frame, every, pd.concat([none, *gaps], ignore_index=True), withheld, of)


def _has_residents(office: Configuration, name: str) -> bool:
    """Whether a series names residents that may be shown; a count goes without them where they may not."""
    per = office.plan.series[name].per
    return per is not None and not office.withheld(per.table)


def _whole(found: Residents | None) -> float | None:
    return found.whole if found else None


def publish(exact: ExactTable, office: Configuration) -> Prepared:
    """Return what may be shown of a table."""
    last_month, state = last_months(exact, office), first_shown(exact, office)
    cells = cells_of(exact, office)
    is_open = cells is None and not any(one.is_protected for one in state.values())
    totals = {} if is_open else exact_totals(exact, office, last_month)
    outcome = Outcome()
    if cells is not None:  # else no number is small or withheld, so none can be worked out
        outcome = protect(state, cells, reported_totals(totals, state, office, last_month), office.plan)
    rows = [points for name, one in state.items() if len(points := one.points.assign(series=name))]
    empty = pd.DataFrame(columns=exact_points.SERIES_COLUMNS).astype({"value": float, "base": float})
    points = pd.concat(rows, ignore_index=True) if rows else empty
    withheld_names = {label.name for label in outcome.withheld}
    protected = {name: one for name, one in state.items() if one.is_protected or name in withheld_names}
    stated = [
        _total_row(label, total, state[label.name], outcome)
        for label, total in totals.items()
        if label.name in protected
    ]
    hidden = [(name, key, CONFIDENTIAL) for name, one in state.items() for key in one.hidden]
    gaps = pd.concat([exact.gaps, pd.DataFrame(hidden, columns=exact_points.GAP_COLUMNS, dtype=str)], ignore_index=True)
    about = [
        (name, one.grain, FOR_OTHERS if one.is_for_others else FOR_SIZE, last_month[base_name(name)])
        for name, one in protected.items()
    ]
    return Prepared(
        {exact.name: points},
        gaps,
        {exact.name: pd.DataFrame(stated, columns=TOTAL_COLUMNS)},
        pd.DataFrame(about, columns=PROTECTED_COLUMNS, dtype=str),
        as_table(exact.residents),
    )


def first_shown(exact: ExactTable, office: Configuration) -> dict[str, Shown]:
    """Return what is shown of a table's series and areas by their own size alone."""
    plan = office.plan
    groups = {name: name if SEPARATOR not in name else f"{base_name(name)}{SEPARATOR}" for name in exact.points}
    return at_first(exact.points, groups, {name: plan.series[base_name(name)] for name in exact.points}, plan)


def cells_of(exact: ExactTable, office: Configuration) -> Cells | None:
    """Return the cells of a table; None where no number of it is small or withheld by its supplier."""
    plan = office.plan
    specs = {name: plan.series[base_name(name)] for name in exact.points}
    read = [found for name in specs if (found := columns_read(specs[name], plan))]
    if not read or not (exact.withheld or any(is_guarded(spec, plan) for spec in specs.values())):
        return None
    areas_of = {name: (base_name(name), _area(name)) for name in exact.points}
    cells = read_cells(exact.frame, areas_of, exact.withheld, office)
    return cells if exact.withheld or _has_small(cells, areas_of, office) else None


def _area(name: str) -> str:
    return name.split(SEPARATOR, 1)[1] if SEPARATOR in name else ""


def _has_small(cells: Cells, areas_of: Mapping[str, tuple[str, str]], office: Configuration) -> bool:
    for name in cells.series:
        spec = office.plan.series[areas_of[name][0]]
        if too_small(cells.of_series(name), spec, office.plan).any():
            return True
    return False


# ---------------------------------------------------------------------------------------- totals
def last_months(exact: ExactTable, office: Configuration) -> dict[str, str]:
    """Return the month with which the relative periods of each series end, by all of its points."""
    plan, lag = office.plan, office.plan.tables[exact.name].lag_months
    return {
        name: last_month_of(points["period"], plan.periodicity(plan.series[name]), lag, office.quarter)
        for name, points in exact.points.items()
        if name in plan.series
    }


def exact_totals(exact: ExactTable, office: Configuration, last_month: dict[str, str]) -> dict[Total, PeriodTotal]:
    """Return the totals that the plan's figures show, of series and of their areas, from the exact points."""
    names: dict[str, list[str]] = {}
    for name in exact.points:
        names.setdefault(base_name(name), []).append(name)
    found = {}
    for series, period in figure_periods(office, last_month):
        for name in names[series]:
            if total := _exact_total(exact, name, office.period(period, last_month[series]), office):
                found[Total(name, period)] = total
    return found


def _exact_total(exact: ExactTable, name: str, period: Period, office: Configuration) -> PeriodTotal | None:
    plan, points = office.plan, exact.points[name]
    if not period.months and _lacks_position(exact, name, period, office):
        return None
    spec = plan.series[base_name(name)]
    return period_total(
        points,
        period,
        plan.periodicity(spec),
        office.quarter.months[-1],
        spec.kind,
        plan.over_time(spec),
        is_worked_out=plan.is_worked_out(spec),
    )


def _lacks_position(exact: ExactTable, name: str, period: Period, office: Configuration) -> bool:
    """Whether a number is missing after the latest position that is whole, which would stand there as the latest."""
    last = period.day.isoformat() if period.day else last_day(office.quarter).isoformat()
    latest = max((day for day in exact.points[name]["period"] if day <= last), default="")
    days = exact.gaps["period"][exact.gaps["series"] == name]
    return any(latest < day <= last for day in days)


def reported_totals(
    totals: Mapping[Total, PeriodTotal],
    state: Mapping[str, Shown],
    office: Configuration,
    last_month: Mapping[str, str],
) -> dict[Total, ShownTotal]:
    """Return the totals that figures show, those that are too small left out, with the rows that each adds up."""
    found = {}
    for label, total in totals.items():
        one = state[label.name]
        period = office.period(label.period, last_month[base_name(label.name)])
        if is_reported(total, one.spec, office.plan) and (rows := _rows_of(period, total, one, office)):
            found[label] = rows
    return found


def _rows_of(period: Period, total: PeriodTotal, one: Shown, office: Configuration) -> ShownTotal | None:
    if one.periodicity not in MONTHS_IN:
        return ShownTotal(total, (total.words,))  # the day of a position
    over_time = office.plan.over_time(one.spec)
    keys = keys_of(period, one.periodicity)
    if keys is None:
        return None
    if over_time == "last":
        return ShownTotal(total, keys[-1:])
    return ShownTotal(total, keys, len(keys) if over_time == "mean" else 1)


def _total_row(label: Total, total: PeriodTotal, one: Shown, outcome: Outcome) -> dict[str, object]:
    """Return a total as it is handed on: without its points, and without any number where it is withheld."""
    row: dict[str, object] = {"series": label.name, "period": label.period, "words": total.words, "withheld": ""}
    if label in outcome.withheld:
        return row | {"withheld": SUPPRESSED}
    if not is_reported(total, one.spec, one.plan):
        return row | {"withheld": SMALL}
    return row | {name: getattr(total, name) for name in NUMBERS}
