"""Which periods of each series the raw tables must have: those that figures compare, and the first that is supplied."""

from typing import Any

from panelpack.config.configuration import Configuration
from panelpack.config.plan import PARAMETER, Series, SupplierFile
from panelpack.periods import Period, Quarter, keys_of


def coverage(office: Configuration) -> dict[str, list[dict[str, Any]]]:
    """Return which periods of each series the raw tables must cover, by table.

    "periods" are those that figures compare, but for what lies before a series `began`; "since" is the first that is
    supplied, where the plan says so: then every period up to the last that is there or compared is needed; "until" is
    the last that a file of this quarter can have. Days are asked for by their months.
    """
    plan = office.plan
    asked: dict[str, list[dict[str, Any]]] = {table: [] for table in plan.tables}
    compared = _compared_periods(office)
    for name, spec in sorted(plan.series.items()):
        table = plan.tables[spec.table]
        if plan.periodicity(spec) == "date" or not (name in compared or table.supplied_since):
            continue
        row_kind = "quarter" if table.columns[table.period_column] == "quarter" else "month"
        keys = {key for period in compared.get(name, ()) for key in keys_of(period, row_kind) or ()}
        began = of_kind(spec.began, row_kind) if spec.began else ""
        since = _first_supplied(table, row_kind, began, office.quarter)
        keys = {key for key in keys if key >= began}
        unread = _may_be_unread(table)
        for where in _each_listed(spec, office):
            asked[spec.table].append(
                {
                    "series": name,
                    "column": table.period_column,
                    "where": where,
                    "periods": sorted(keys),
                    "since": since,
                    "until": of_kind(office.quarter.months[-1], row_kind),
                    **({"unread": unread} if unread else {}),
                }
            )
    return asked


def _may_be_unread(table: SupplierFile) -> str:
    """Say what may keep rows that the supplier sent out of a table; '' where nothing does."""
    layout = table.layout
    keys = [key for key in ("only", "leave_out", "until") if getattr(layout, key)]
    said = [f"what {' and '.join(f'`{key}`' for key in keys)} leave unread"] if keys else []
    return " and ".join([*(["whether a file is missing or holds another period"] if table.files else []), *said])


def _first_supplied(table: SupplierFile, row_kind: str, began: str, quarter: Quarter) -> str | None:
    """Return the first period of a series that the supplier sends; None where it is not said or still to come."""
    if not table.supplied_since:
        return None
    first = max(of_kind(table.supplied_since, row_kind), began)
    return first if first <= of_kind(quarter.months[-1], row_kind) else None


def of_kind(period: str, row_kind: str) -> str:
    """Return a month or a quarter as the period of the rows that it begins in."""
    if row_kind == "quarter":
        return period if "Q" in period else str(Quarter.of_month(period))
    return Quarter.parse(period).months[0] if "Q" in period else period


def _compared_periods(office: Configuration) -> dict[str, list[Period]]:
    """Return the periods of each series that some figure compares."""
    periods: dict[str, list[Period]] = {}
    for figure in office.plan.figures.values():
        if not figure.compare:
            continue
        sides: list[tuple[str | None, str | None]] = [(figure.series, figure.compare.latest)]
        if figure.population_change != "not_comparable":
            sides.append((figure.baseline_series or figure.series, figure.compare.baseline))
        for series, period in sides:
            if series and period:
                periods.setdefault(series, []).append(office.period(period))
    return periods


def _each_listed(spec: Series, office: Configuration) -> list[dict[str, list[str]]]:
    """Return the rows that must be there in every period: each category of a `$list` by itself.

    Of categories that the plan names one may follow another (a survey that changed), so any of them will do; a
    category of a list that is not reported would make the sum too small without a word.
    """
    chosen = [office.categories(spec)]
    for column, value in spec.where.items():
        if isinstance(value, str) and value.startswith(PARAMETER):
            chosen = [{**where, column: [category]} for where in chosen for category in where[column]]
    return chosen
