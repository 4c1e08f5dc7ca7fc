"""Numbers that stand there twice: a period equal to an earlier one, and one value in a long run.

Two counts of one level are equal by chance about once in √(4 π variance) times. Equal cells are told where chance would
make so many of them equal once in many thousand files.
"""

from collections.abc import Iterator
from math import lgamma, log

import numpy as np

from panelpack.formats import listed
from panelpack.plausibility.history import History
from panelpack.plausibility.query import Cells, Finding, few, span
from panelpack.statistics.credible_range import USUAL_JUMP, chance_of_equal

# A file is asked about where chance would do the same in less than one of so many files: the checks of copies have a
# small part of the one query in a hundred numbers that may be wrong.
ONE_IN = 10_000
MOST = 0.6  # of the cells compared: "most rows"
FEWEST_IN_A_RUN = 3
FEWEST_ROWS = 3  # that have one value


def copied(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield where most of a period's numbers are those of another: the one before, a quarter or some years before."""
    panel = history.panel
    taken = np.zeros(panel.values.shape, dtype=bool)
    lags = sorted({1, panel.in_quarter, *(panel.season * years for years in (1, 2, 3) if panel.season > 1)})
    for lag in lags:
        equal, comparable = _equal(history, open_cells & ~taken, lag)
        alone = [t for t in range(lag, len(panel.periods)) if _beyond_chance(history, equal, comparable, [t], lags)]
        # Of a table with one or two rows a single period says little: all that came together are looked at.
        new = [t for t in range(max(lag, history.first_new), len(panel.periods)) if comparable[:, :, t].any()]
        together = len(new) > 1 and _beyond_chance(history, equal, comparable, new, lags)
        places = sorted({*alone, *(new if together else [])})
        if places:
            taken[:, :, places] |= equal[:, :, places]
            yield _copied(history, equal, comparable, lag, places)


def _equal(history: History, cells: Cells, lag: int) -> tuple[Cells, Cells]:
    """Return which cells equal the one so many periods before, and which can be compared: those that say something."""
    values = history.known
    earlier = np.full(values.shape, np.nan)
    earlier[:, :, lag:] = values[:, :, :-lag] if lag < values.shape[2] else np.nan
    comparable = cells & np.isfinite(earlier) & (history.equal_by_chance < 0.3)
    return comparable & (values == earlier), comparable


def _beyond_chance(history: History, equal: Cells, comparable: Cells, places: list[int], lags: list[int]) -> bool:
    """Whether the cells of some periods are equal far more often than by chance."""
    there, same = comparable[:, :, places], equal[:, :, places]
    of, count = int(there.sum()), int(same.sum())
    if count == 0 or count < MOST * of:
        return False
    ways = lgamma(of + 1) - lgamma(count + 1) - lgamma(of - count + 1)  # to choose the equal ones
    surprise = float(-np.log(history.equal_by_chance[:, :, places][same]).sum()) - ways
    return surprise > log(ONE_IN) + log(len(lags) * history.panel.values.shape[2])


def _copied(history: History, equal: Cells, comparable: Cells, lag: int, places: list[int]) -> Finding:
    panel = history.panel
    count, of = int(equal[:, :, places].sum()), int(comparable[:, :, places].sum())
    names = [panel.periods[place] for place in places]
    sources = [panel.periods[place - lag] for place in places]
    which = sorted({column for column in range(len(panel.columns)) if equal[column][:, places].any()})
    columns = listed([panel.columns[column] for column in which])
    cells = np.zeros(equal.shape, dtype=bool)
    cells[:, :, places] = equal[:, :, places]
    years = lag // panel.season if panel.season > 1 and lag % panel.season == 0 else 0
    like = f"those of {few(sources)}" + (", as if it were the file of another year" if years else "")
    words = history.told(
        f"{count} of {of} numbers of {few(names)} ({columns}) are equal to {like}; by chance hardly any would be.",
        f"Most numbers of {few(names)} ({columns}) are equal to {like}; by chance hardly any would be.",
    )
    return Finding("copied", names[0], columns if len(which) < len(panel.columns) else "", words, cells)


def all_equal(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield the columns in which a row has one value in a longer run than chance makes, or all rows have one."""
    for column, name in enumerate(history.panel.columns):
        if name not in history.read:
            continue  # such as the size of a cohort, which may well be fixed; nothing is made of it
        finding = _one_value(history, open_cells, column)
        if finding is not None:
            yield finding
            continue
        runs = {row: run for row in range(len(history.panel.rows)) if (run := _run(history, open_cells, column, row))}
        if runs:
            yield _all_equal(history, column, runs)


def _one_value(history: History, open_cells: Cells, column: int) -> Finding | None:
    """Return a finding where all rows of a period, three or more, have one value, and usually have several."""
    panel, values = history.panel, history.known[column]
    known = np.isfinite(values)
    highest = np.where(known, values, -np.inf).max(axis=0)
    lowest = np.where(known, values, np.inf).min(axis=0)
    several = known.sum(axis=0) >= FEWEST_ROWS
    is_one = several & (highest == lowest) & (highest != 0) & open_cells[column].any(axis=0)
    chance = chance_of_equal(np.nan_to_num(highest, neginf=0.0), USUAL_JUMP, panel.are_counts[column])
    surprise = np.where(is_one, -np.log(np.maximum(chance, 1e-12)) * (known.sum(axis=0) - 1), 0)
    runs = np.split(np.arange(len(is_one)), np.flatnonzero(~is_one))  # each begins with a period that is none
    far = [run[is_one[run]] for run in runs if surprise[run].sum() > log(ONE_IN) + log(len(is_one))]
    if not far:
        return None  # rows of a few cases each may well agree
    places = np.concatenate(far)
    cells = np.zeros(panel.values.shape, dtype=bool)
    cells[column][:, places] = True
    periods = [panel.periods[place] for place in places]
    found = few(sorted({history.shown(highest[place]) for place in places}))
    words = history.told(
        f"{panel.columns[column]}: every row of {few(periods)} has {found}, as if one cell had been filled down.",
        f"{panel.columns[column]}: every row of {few(periods)} has one value, as if one cell had been filled down.",
    )
    return Finding("all_equal", periods[0], panel.columns[column], words, cells)


def _run(history: History, open_cells: Cells, column: int, row: int) -> tuple[int, int] | None:
    """Return the longest run of one value, from and up to which position, if it is longer than chance makes it."""
    values = history.known[column, row]
    same = values[1:] == values[:-1]
    starts = np.flatnonzero(np.append(True, ~same))
    stops = np.append(starts[1:], len(values))
    longest = int(np.argmax(stops - starts))
    start, stop = int(starts[longest]), int(stops[longest])
    length = stop - start
    if length < FEWEST_IN_A_RUN or not (open_cells[column, row, start:stop]).any():
        return None
    spread = max(float(history.around[column].spread[row]), USUAL_JUMP / 2)
    chance = float(chance_of_equal(values[start], spread, history.panel.are_counts[column]))
    others = np.isfinite(values[1:]) & np.isfinite(values[:-1])
    others[start : stop - 1] = False
    repeated = int((same & others).sum())
    if repeated:
        chance = max(chance, repeated / int(others.sum()))
    surprise = -(length - 1) * log(max(chance, 1e-12))
    return (start, stop) if surprise > log(ONE_IN) + log(len(values)) else None


def _all_equal(history: History, column: int, runs: dict[int, tuple[int, int]]) -> Finding:
    panel = history.panel
    cells = np.zeros(panel.values.shape, dtype=bool)
    for row, (start, stop) in runs.items():
        cells[column, row, start:stop] = True
    start, stop = min(run[0] for run in runs.values()), max(run[1] for run in runs.values())
    values = sorted({float(history.known[column, row, run[0]]) for row, run in runs.items()})
    what = history.named(column, runs)
    when = span(panel.periods[start:stop])
    words = history.told(
        f"{what}: {few([history.shown(value) for value in values])} in every period of {when}; numbers that vary by "
        "chance do not stay equal so long.",
        f"{what}: equal in every period of {when}; numbers that vary by chance do not stay equal so long.",
    )
    return Finding("all_equal", panel.periods[start], history.subject(column, runs), words, cells)
