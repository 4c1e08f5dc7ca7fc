"""What cannot be right in the rows of a series: a whole among its parts, a lost part, a percentage that is none."""

from math import inf

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.series import PARAMETER, Aggregate, named_column
from panelpack.disclosure.points import file_of
from panelpack.disclosure.quoting import number_words
from panelpack.errors import SourceError
from panelpack.kinds import KINDS

FEWEST_PARTS = 2  # that a whole is taken to be the sum of
FEWEST_PERIODS = 4  # in which it must be their sum


def check_added_rows(frame: pd.DataFrame, name: str, office: Configuration) -> None:
    """Raise SourceError where the rows of a point that a series adds up are not its parts, each once.

    frame: the series' typed table. Of a column that is not picked under `where`: that one category is the sum of the
    others in every period. Of a list of categories: that one occurs nowhere, or ends without one that follows it, or
    lacks a period between. Rows that are counted may well lack a category: nothing happened.
    """
    spec = office.plan.series[name]
    table = office.plan.tables[spec.table]
    if isinstance(spec.value, Aggregate) and spec.value.how != "sum":
        return
    value = named_column(spec.value)
    if value is None or not KINDS[spec.kind].adds_up:
        return
    chosen = office.categories(spec)
    if table.by and table.by.total is not None and table.by.column not in chosen:
        chosen[table.by.column] = [table.by.total]
    picked = frame
    for column, allowed in chosen.items():
        picked = picked[picked[column].isin(allowed)]
    period = table.period_column
    for column in table.key:
        if table.columns[column] != "category" or not len(picked):
            continue
        if column not in chosen and not office.plan.is_worked_out(spec):
            wide = picked.pivot_table(index=period, columns=column, values=value, aggfunc="sum").dropna()
            if whole := whole_among(wide):
                raise SourceError(
                    f"{file_of(office, spec.table)}, column {column!r}: {whole!r} is the sum of the others in every "
                    f"period, so that series {name!r} would count all of it twice. Pick {whole!r} under `where` of "
                    "the series, or name it as `total` under `by` of the table."
                )
        listed = spec.where.get(column)
        if isinstance(listed, list) and len(listed) > 1 and not any(c.startswith(PARAMETER) for c in listed):
            _check_listed(picked, column, listed, name, office)


def whole_among(wide: pd.DataFrame) -> str:
    """Return the category that is the sum of the others in every period; '' for none."""
    if len(wide) < FEWEST_PERIODS or len(wide.columns) < FEWEST_PARTS + 1:
        return ""
    together = wide.sum(axis="columns")
    for category in wide.columns:
        parts = wide.drop(columns=category)
        is_sum = (2 * wide[category] - together).abs() < 1e-6 * together.abs().clip(lower=1)
        if is_sum.all() and (parts.abs().sum() > 0).sum() >= FEWEST_PARTS:
            return str(category)
    return ""


def _check_listed(picked: pd.DataFrame, column: str, listed: list[str], name: str, office: Configuration) -> None:
    spec = office.plan.series[name]
    period = office.plan.tables[spec.table].period_column
    every = sorted(picked[period].unique())
    found = {category: sorted(picked[picked[column] == category][period].unique()) for category in listed}
    file = file_of(office, spec.table)
    for category, periods in found.items():
        if not periods:
            raise SourceError(
                f"{file}: no row has {column} {category!r}, which series {name!r} adds up. Correct the name under "
                "`where` in the plan, or ask the supplier."
            )
        lacking = [one for one in every if periods[0] < one and one not in periods]
        is_followed = any(other and other[0] > periods[-1] for other in found.values())
        if lacking and not (lacking[0] > periods[-1] and is_followed):
            raise SourceError(
                f"{file}: {column} {category!r} has no row for {lacking[0]}, and series {name!r} adds it up with "
                "others, so that its sum would be too small. Ask the supplier for a complete file."
            )


def check_supplied(frame: pd.DataFrame, name: str, office: Configuration) -> None:
    """Raise SourceError for a percentage that is none, and for a time or a rate below zero, as it was supplied."""
    spec = office.plan.series[name]
    most = {"share": 100.0, "duration": inf, "rate": inf}.get(spec.kind)
    column = named_column(spec.value)
    if most is None or column is None or not office.plan.is_worked_out(spec):
        return
    cells = frame[column].dropna()
    for row, value in cells[(cells < 0) | (cells > most)].items():
        where = f"row {row}" if isinstance(row, int) else str(row)
        said = number_words(value, office.plan, spec.table)
        wanted = "a percentage from 0 to 100" if spec.kind == "share" else f"a {spec.kind} of 0 or more"
        raise SourceError(
            f"{file_of(office, spec.table)}, {where}, column {column!r}: found {said}, expected {wanted}. Name "
            f"the `kind` of series {name!r} in the plan, or ask the supplier."
        )


def check_shares(points: pd.DataFrame, name: str, office: Configuration) -> None:
    """Raise SourceError for a point of a series whose base is below zero, or that is no part of its base."""
    spec = office.plan.series[name]
    is_of_counts = spec.kind == "share" and not office.plan.is_worked_out(spec)
    for when, value, base in points[["period", "value", "base"]].itertuples(index=False):
        if base < 0 or (is_of_counts and not 0 <= value <= base):
            said = [number_words(number, office.plan, spec.table) for number in (value, base)]
            raise SourceError(
                f"{file_of(office, spec.table)}, {when}: series {name!r} has {said[0]} of {said[1]}, "
                "expected a part of its base. Correct `value` or `base` in the plan, or ask the supplier."
            )
