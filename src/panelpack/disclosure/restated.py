"""What suppliers restated, as far as it may be shown: of a table of answers or people only cells that are points."""

from collections.abc import Iterator, Mapping

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.series import named_column
from panelpack.config.supplied_table import SupplierFile
from panelpack.disclosure.areas import SEPARATOR, base_name
from panelpack.disclosure.publication import Prepared, publish, read_exact
from panelpack.disclosure.thresholds import is_guarded, is_of_answers, too_small
from panelpack.intake.restated import (
    INTERNAL,
    NO_NUMBER,
    RESTATED_COLUMNS,
    find_restated,
    key_of_row,
    not_compared,
    revised_points,
)
from panelpack.periods import Quarter
from panelpack.shorthand import CONFIDENTIAL

__all__ = ["RESTATED_COLUMNS", "not_compared", "restated_figures", "revised_points"]

Cell = tuple[tuple[tuple[str, str], ...], str]  # a row by its key, and a column


def restated_figures(
    office: Configuration, before: Quarter | None = None, prepared: Prepared | None = None
) -> pd.DataFrame:
    """Return the restated cells as intake.restated.find_restated does, CONFIDENTIAL where one may not be shown.

    prepared: what prepare_series returned, where that is at hand. A cell of a table that has counts of people, or
    answers behind percentages, is shown if it is a point that is shown as well, and was large enough before.
    """
    changes = find_restated(office, before)
    for table in dict.fromkeys(changes["table"]):
        if any(is_guarded(spec, office.plan) for spec in office.plan.series.values() if spec.table == table):
            points = prepared.points[table] if prepared else _points(office, table)
            changes = _masked(changes, table, points, office)
    return changes


def _points(office: Configuration, table: str) -> pd.DataFrame:
    exact = read_exact(office, table)
    return publish(exact, office).points[table] if exact else pd.DataFrame(columns=["series", "period"])


def _masked(changes: pd.DataFrame, table: str, points: pd.DataFrame, office: Configuration) -> pd.DataFrame:
    spec, changes = office.plan.tables[table], changes.copy()
    shown = dict(_shown_cells(points, spec, office))
    rows = changes.index[changes["table"] == table]
    keys = {row: key_of_row(changes.loc[row], office.plan) for row in rows}
    cells = {row: (tuple(sorted(keys[row].items())), changes.at[row, "column"]) for row in rows}
    was_small = {
        cells[row][0]
        for row in rows
        if any(
            _is_small(changes.at[row, "old"], changes.at[row, "column"], name, office)
            for name in shown.get(cells[row], ())
        )
    }
    for row in rows:
        if cells[row] not in shown:
            changes.loc[row, ["old", "new"]] = [_hidden(changes.at[row, end]) for end in ("old", "new")]
        elif cells[row][0] in was_small:
            changes.at[row, "old"] = _hidden(changes.at[row, "old"])
    return changes


def _shown_cells(points: pd.DataFrame, table: SupplierFile, office: Configuration) -> Iterator[tuple[Cell, list[str]]]:
    """Yield each cell that is by itself a point that is shown, with the series that it is one of."""
    found: dict[Cell, list[str]] = {}
    for name, of in points.groupby("series", sort=False):
        series = office.plan.series[base_name(str(name))]
        if office.plan.periodicity(series) != table.columns[table.period_column]:
            continue
        row = _row_of(str(name), table, office)
        if row is None:
            continue
        columns = [column for part in (series.value, series.base) if (column := named_column(part))]
        for period in of["period"]:
            key = tuple(sorted({**row, table.period_column: period}.items()))
            for column in columns:
                found.setdefault((key, column), []).append(base_name(str(name)))
    yield from found.items()


def _row_of(name: str, table: SupplierFile, office: Configuration) -> Mapping[str, str] | None:
    """Return by which key a series, or one of its areas, picks one row a period; None where it may be several."""
    chosen = office.categories(office.plan.series[base_name(name)])
    if table.by and table.by.column not in chosen:
        area = name.split(SEPARATOR, 1)[1] if SEPARATOR in name else table.by.total
        if area:
            chosen[table.by.column] = [area]
    others = [column for column in table.key if column != table.period_column]
    if any(len(chosen.get(column, [])) != 1 for column in others):
        return None
    return {column: chosen[column][0] for column in others}


def _is_small(old: str, column: str, name: str, office: Configuration) -> bool:
    """Whether a cell was too small to be shown before: as a number of answers, or as a count of people."""
    series = office.plan.series[name]
    try:
        number = float(old)
    except ValueError:
        return False
    is_base = is_of_answers(series) and column == named_column(series.base)
    one = {"value": [float("nan") if is_base else number], "base": [number if is_base else float("nan")]}
    return bool(too_small(pd.DataFrame(one), series, office.plan).any())


def _hidden(figure: str) -> str:
    """Return what stands in the place of a figure; where there was no row, or a mark, that stays."""
    return figure if figure in ("", INTERNAL, *NO_NUMBER.values()) else CONFIDENTIAL
