"""Totals that no longer equal their parts, where in nearly all other periods they did.

Nothing declares what is a total: a row (or a column) is one where its history says so.
"""

from collections.abc import Iterator

import numpy as np

from panelpack.plausibility.history import History
from panelpack.plausibility.panel import Values
from panelpack.plausibility.query import Cells, Finding, few

NEARLY_ALL = 0.9  # of the periods in which it can be seen
FEWEST = 8  # periods in which it held
ROUNDING = 0.005  # of the total: decimals are rounded each for itself


def totals(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield where a row that was the sum of the others, or at least as much, or a column likewise, is so no more."""
    panel = history.panel
    for column in range(len(panel.columns)):
        for rows in _families(panel.rows):
            yield from _of_rows(history, open_cells, column, rows)
    if len(panel.columns) > 2:
        yield from _of_columns(history, open_cells)


def _families(rows: tuple[tuple[str, ...], ...]) -> list[list[int]]:
    """Return the groups of three or more rows whose keys differ in one column only."""
    groups: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for number, row in enumerate(rows):
        for place in range(len(row)):
            groups.setdefault((place, row[:place] + row[place + 1 :]), []).append(number)
    return [group for group in groups.values() if len(group) > 2]


def _of_rows(history: History, open_cells: Cells, column: int, rows: list[int]) -> Iterator[Finding]:
    values = history.known[column][rows]
    sizes = np.array([np.nanmedian(v) if np.isfinite(v).any() else -np.inf for v in values])
    largest = int(np.argmax(sizes))
    total, parts = values[largest], np.delete(values, largest, axis=0)
    complete = np.isfinite(values).all(axis=0)
    added = parts.sum(axis=0)
    broken, how = _broken(total, added, complete)
    asked, open_ones = history.asked[column][rows], open_cells[column][rows]
    broken &= asked.any(axis=0) & (open_ones | ~asked).all(axis=0)  # a part that was told of explains its total
    if not broken.any():
        return
    panel = history.panel
    places = np.flatnonzero(broken)
    periods = [panel.periods[place] for place in places]
    row = rows[largest]
    name = history.of_rows([row], "a row")
    words = history.told(
        f"{panel.columns[column]}: {name} is {history.shown(total[places[0]])} in {periods[0]} and the other "
        f"{len(parts)} rows add up to {history.shown(added[places[0]])}; {how} in nearly all other periods"
        f"{f' (so too {few(periods[1:])})' if len(periods) > 1 else ''}.",
        f"{panel.columns[column]}: in {few(periods)} {name} is not the sum that it was in nearly all other periods.",
    )
    yield Finding("totals", periods[0], history.subject(column, [row]), words)


def _of_columns(history: History, open_cells: Cells) -> Iterator[Finding]:
    panel, values = history.panel, history.known
    for column in range(len(panel.columns)):
        others = np.delete(values, column, axis=0).sum(axis=0)
        complete = np.isfinite(values).all(axis=0)
        with np.errstate(invalid="ignore"):
            equal = _are_equal(values[column], others)
        seen = int(complete.sum())
        if seen < FEWEST or (equal & complete).sum() < NEARLY_ALL * seen:
            continue
        broken = complete & ~equal & history.asked.any(axis=0) & (open_cells | ~history.asked).all(axis=0)
        if broken.any():
            row, place = (int(n) for n in np.argwhere(broken)[0])
            period = panel.periods[place]
            words = history.told(
                f"{panel.columns[column]}: {history.shown(values[column, row, place])} in {period}, the other columns "
                f"add up to {history.shown(others[row, place])}; nearly everywhere else they are equal.",
                f"{panel.columns[column]}: in {period} not the sum of the other columns, as it is elsewhere.",
            )
            yield Finding("totals", period, history.subject(column, [row]), words)


def _broken(total: Values, added: Values, complete: Cells) -> tuple[Cells, str]:
    """Return where the total is not what it usually is to the sum of its parts, and what that is in words."""
    seen = int(complete.sum())
    none = np.zeros(total.shape, dtype=bool)
    if seen < FEWEST:
        return none, ""
    with np.errstate(invalid="ignore"):
        equal, bounds = _are_equal(total, added) & complete, (total >= added) & complete
    if equal.sum() >= NEARLY_ALL * seen:
        return complete & ~equal, "they were equal"
    if bounds.sum() >= NEARLY_ALL * seen:
        return complete & ~bounds, "it was at least as much"
    return none, ""


def _are_equal(total: Values, added: Values) -> Cells:
    whole = (total == np.round(total)) & (added == np.round(added))
    return np.asarray(np.where(whole, total == added, np.abs(total - added) <= ROUNDING * np.abs(total) + 1e-9))
