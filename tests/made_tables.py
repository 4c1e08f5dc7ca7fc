"""Tables made by hand, what is published of them, and somebody who works back from that by means of their own."""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from panelpack.config.configuration import Configuration
from panelpack.config.disclosure import Disclosure, Threshold
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Compare, Measure, Plan, Priority
from panelpack.config.series import Series
from panelpack.config.supplied_table import Areas, SupplierFile
from panelpack.disclosure import publication
from panelpack.disclosure.areas import SEPARATOR, base_name, extract_areas
from panelpack.disclosure.points import GAP_COLUMNS, extract
from panelpack.disclosure.publication import (
    ExactTable,
    cells_of,
    exact_totals,
    first_shown,
    last_months,
    publish,
    reported_totals,
)
from panelpack.disclosure.secondary import protect
from panelpack.periods import Quarter, months_of
from panelpack.project import Project

QUARTER = Quarter.parse("2015Q1")
LIMITS = Disclosure(
    reported=Threshold(fewest=100, authority="a"),
    shown=Threshold(fewest=30, authority="a"),
    people=Threshold(fewest=5, authority="a"),
)


def office_of(table, series, compared=()):
    """Return an office of one table. series: by name its keys; compared: the series and periods of its figures."""
    specs = {name: Series(title=name, table="t", **spec) for name, spec in series.items()}
    figures = [
        Measure(id=f"P1.f{place}", title="f", series=name, compare=Compare(latest=period))
        for place, (name, period) in enumerate(compared)
    ]
    box = Priority(id="P1", number="1", update="P1", title="Box", indicators=[], measures=figures)
    plan = Plan.model_construct(
        tables={"t": table}, series=specs, priorities=[box], baseline_year="2012/13", disclosure=LIMITS
    )
    parameters = Parameters.model_construct(availability={}, lists={}, editions=[])
    return Configuration(Project(Path()), QUARTER, plan, parameters)


def table_of(period="month", *keys, by=None, columns=("n",)):
    named = {"when": period, **dict.fromkeys(keys, "category"), **dict.fromkeys(columns, "count")}
    return SupplierFile(file="a.csv", columns=named, key=["when", *keys], by=by and Areas(**by))


def exact_of(frame, office):
    every = {}
    for name in office.plan.series:
        every[name] = extract(frame, name, office)
        every |= dict(extract_areas(frame, name, office))
    withheld = {(row, column) for column in frame for row in frame.index[frame[column].isna()]}
    return ExactTable("t", frame, every, pd.DataFrame(columns=GAP_COLUMNS, dtype=str), frozenset(withheld))


def published(frame, office, *, step=True):
    """Return all that is published of a table: of each point series, period, value and base; of each total likewise.

    step: without it only small numbers are hidden, and nothing that would give them away.
    """
    exact = exact_of(frame, office)
    state, last = first_shown(exact, office), last_months(exact, office)
    totals, withheld = exact_totals(exact, office, last), set()
    told = reported_totals(totals, state, office, last)
    if (cells := cells_of(exact, office)) is not None:
        withheld = protect(state, cells, told, office.plan, step=step).withheld
    if step:
        assert_same(publish(exact, office), state)
    rows = [
        (name, months(key), row_value, row_base)
        for name, one in state.items()
        for key, row_value, row_base in one.points[["period", "value", "base"]].itertuples(index=False)
    ]
    for label, stated in told.items():
        if label not in withheld:
            total = stated.total
            of_share = total.successes if total.successes is not None else None
            value = of_share if total.base is not None else total.counted
            keys = [month for key in stated.rows for month in months(key)]
            rows.append((label.name, tuple(keys), value, np.nan if total.base is None else total.base))
    return rows


def assert_same(found, state):
    shown = found.points["t"]
    assert {(n, k) for n, one in state.items() for k in one.points["period"]} == set(
        zip(shown["series"], shown["period"], strict=True)
    )


def months(key):
    return (key,) if len(key) == len("2015-04-01") else months_of(key)


def ranges(frame, office, rows, columns, *, wholes=(), only=None):
    """Return between which numbers each cell of a table (or `only` some) lies by what is published: by row and column.

    An attacker of the tests' own: one unknown a row of the table and column, an equation a number that is published,
    nothing below zero, the second column no more than the first. wholes: pairs of a row and the rows that make it up.
    """
    size = len(frame)
    left, right = [], []
    for name, when, value, base in rows:
        spec = office.plan.series[base_name(name)]
        table = office.plan.tables[spec.table]
        chosen = office.categories(spec)
        area = name.split(SEPARATOR)[1] if SEPARATOR in name else (table.by.total if table.by else None)
        if area and table.by.column not in chosen:
            chosen[table.by.column] = [area]
        inside = frame["when"].map(lambda key, when=when: set(months(key)) <= set(when)).to_numpy()
        for column, allowed in chosen.items():
            inside = inside & frame[column].isin(allowed).to_numpy()
        for column, number in ((spec.value, value), (spec.base, base)):
            if column is not None and not np.isnan(number):
                row = np.zeros(size * len(columns))
                row[columns.index(column) * size + np.flatnonzero(inside)] = 1
                left.append(row)
                right.append(number)
    for whole, parts in wholes:
        for place in range(len(columns)):
            row = np.zeros(size * len(columns))
            row[place * size + whole] = -1
            row[[place * size + part for part in parts]] = 1
            left.append(row)
            right.append(0.0)
    a, b = np.array(left).reshape(-1, size * len(columns)), np.array(right)
    most = np.hstack([-np.eye(size), np.eye(size)]) if len(columns) == 2 else None  # the second is a part of the first
    found = {}
    for place in range(size * len(columns)):
        if only is not None and divmod(place, size)[::-1] not in only:
            continue
        aim = np.zeros(size * len(columns))
        aim[place] = 1
        ends = []
        for sign in (1, -1):
            done = linprog(
                sign * aim, A_ub=most, b_ub=None if most is None else np.zeros(size),
                A_eq=a if len(a) else None, b_eq=b if len(a) else None, bounds=(0, None),
            )  # fmt: skip
            ends.append(-sign * np.inf if done.status == 3 else sign * done.fun)
        found[divmod(place, size)[::-1]] = tuple(ends)
    return found


def solved(a_rows, frame, office, columns):
    """Return the cells that a least-squares solution of all that is published fixes: by row and column."""
    return {cell for cell, (low, high) in ranges(frame, office, a_rows, columns).items() if high - low < 1e-6}


__all__ = ["QUARTER", "exact_of", "office_of", "publication", "published", "ranges", "solved", "table_of"]
