"""Which periods of each series the raw tables must have: those that figures compare, and the first that is supplied."""

from collections.abc import Mapping
from typing import Any

from panelpack.config.configuration import Configuration
from panelpack.config.series import PARAMETER, Series
from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable
from panelpack.named_periods import Period, keys_of, resolve_period
from panelpack.periods import is_key, key_of, last_month_of, latest_keys, months_of, parse_year, shift_month

NO_TABLES: Mapping[str, ReceivedTable] = {}


def coverage(office: Configuration, tables: Mapping[str, ReceivedTable] = NO_TABLES) -> dict[str, list[dict[str, Any]]]:
    """Return which periods of each series the raw tables must cover, by table.

    "periods" are those that figures compare, but for what lies before a series `began`; "since" is the first that is
    supplied, where the plan says so: then every period up to the last that is there or compared is needed; "until" is
    the last that a file of this quarter can have. Days that are added up are asked for by their months. Of positions
    "positions" are the comparisons: for each side the period's name and the day that its date may not be later than.

    tables: what was received, by name. A table that may lag ("lag": by how many months) is asked for what lies before
    its own latest period; where it is not there, for all up to the quarter's end.
    """
    plan = office.plan
    asked: dict[str, list[dict[str, Any]]] = {table: [] for table in plan.tables}
    compared = _compared_periods(office)
    for name, spec in sorted(plan.series.items()):
        table = plan.tables[spec.table]
        if not (name in compared or table.supplied_since):
            continue
        kind = table.columns[table.period_column]
        row_kind = "month" if kind == "date" else kind
        until = latest_keys(office.quarter, row_kind)[-1]
        last_month = _last_month(office, spec, tables.get(spec.table))
        sides = [
            [(period, resolve_period(period, last_month, parse_year(plan.baseline_year))) for period in periods]
            for periods in compared.get(name, ())
        ]
        if plan.periodicity(spec) == "date":
            needed: dict[str, Any] = {"positions": _positions(sides), "since": _since(office, table)}
            if not needed["positions"]:
                continue
        else:
            began = of_kind(spec.began, row_kind) if spec.began else ""
            keys = {key for pair in sides for _, period in pair for key in keys_of(period, row_kind) or ()}
            since = _first_supplied(table, row_kind, began, until)
            needed = {"periods": sorted(key for key in keys if key >= began), "since": since, "until": until}
        needed |= {"lag": table.lag_months} if table.lag_months is not None else {}
        needed |= {"unread": unread} if (unread := _may_be_unread(table)) else {}
        for where in _each_listed(spec, office):
            asked[spec.table].append({"series": name, "column": table.period_column, "where": where, **needed})
    return asked


def _last_month(office: Configuration, spec: Series, received: ReceivedTable | None) -> str:
    """Return where the relative periods of a series end: of a table that may lag, by the periods that it has."""
    table, periodicity = office.plan.tables[spec.table], office.plan.periodicity(spec)
    kind, cells = table.columns[table.period_column], set[str]()
    if table.lag_months is not None and received is not None and table.period_column in received.text:
        cells = {str(cell) for cell in received.text[table.period_column].unique() if is_key(str(cell), kind)}
    if periodicity not in ("date", kind):  # months or days that are added up: only where all months of one are there
        months = {cell[:7] for cell in cells}
        of_months = {key_of(month, periodicity) for month in months}
        cells = {key for key in of_months if months.issuperset(months_of(key))}
    return last_month_of(cells, periodicity, table.lag_months, office.quarter)


def _positions(sides: list[list[tuple[str, Period]]]) -> list[list[tuple[str, str]]]:
    """Return each comparison of positions, each side as its name and the day that its date may not be later than."""
    dated = [[(name, period.day.isoformat()) for name, period in pair if period.day] for pair in sides]
    return [pair for pair in dated if pair]


def _since(office: Configuration, table: SupplierFile) -> str | None:
    """Return the first month in which the latest position of a table may lie; None where that is not said."""
    return None if table.lag_months is None else shift_month(office.quarter.months[-1], -table.lag_months)


def _may_be_unread(table: SupplierFile) -> str:
    """Say what may keep rows that the supplier sent out of a table; '' where nothing does."""
    layout = table.layout
    keys = [key for key in ("only", "leave_out", "until") if getattr(layout, key)]
    leaves = "leave" if len(keys) > 1 else "leaves"
    said = [f"what {' and '.join(f'`{key}`' for key in keys)} {leaves} unread"] if keys else []
    return " and ".join([*(["whether a file is missing or holds another period"] if table.files else []), *said])


def _first_supplied(table: SupplierFile, row_kind: str, began: str, until: str) -> str | None:
    """Return the first period of a series that the supplier sends; None where it is not said or still to come."""
    if not table.supplied_since:
        return None
    first = max(of_kind(table.supplied_since, row_kind), began)
    return first if first <= until else None


def of_kind(period: str, row_kind: str) -> str:
    """Return a month, a quarter or any other period as the period of the rows that it begins in."""
    return key_of(months_of(period)[0], row_kind)


def _compared_periods(office: Configuration) -> dict[str, list[list[str]]]:
    """Return for each series the names of the periods that some figure sets side by side, a list a figure."""
    compared: dict[str, list[list[str]]] = {}
    for figure in office.plan.figures.values():
        if not figure.compare or not figure.series:
            continue
        latest, baseline = figure.compare.latest, figure.compare.baseline
        of_baseline = figure.baseline_series or figure.series
        compared.setdefault(figure.series, []).append([latest])
        if baseline and figure.population_change != "not_comparable":
            if of_baseline == figure.series:
                compared[figure.series][-1].insert(0, baseline)
            else:
                compared.setdefault(of_baseline, []).append([baseline])
    return compared


def _each_listed(spec: Series, office: Configuration) -> list[dict[str, list[str]]]:
    """Return the rows that must be there in every period: each category of a `$list` by itself.

    Of categories that the plan names one may follow another (a survey that changed), so any of them will do; a
    category of a list that is not reported would make the sum too small without a word.
    """
    chosen = [office.categories(spec)]
    areas = office.plan.tables[spec.table].by
    if areas and areas.total is not None and areas.column not in spec.where:
        chosen = [{**chosen[0], areas.column: [areas.total]}]  # the rows of the whole, whatever its areas have
    for column, value in spec.where.items():
        if isinstance(value, str) and value.startswith(PARAMETER):
            chosen = [{**where, column: [category]} for where in chosen for category in where[column]]
    return chosen
