"""Numbers on the wrong rows: two exchanged, a column moved against its labels, a column sorted apart from them.

Against the file before this is certain, since both hold the same numbers. Without it, or in new periods, the numbers
must fit the other rows' histories far better than their own.
"""

from collections.abc import Iterator, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from panelpack.periods import POINT_WORDS
from panelpack.plausibility.history import History
from panelpack.plausibility.panel import Values
from panelpack.plausibility.query import Cells, Finding, few, span
from panelpack.plausibility.ranges import FITS
from panelpack.statistics.credible_range import MONTHS, Ranges, deviations

# How much better numbers must fit the other way round: the fall of the sum of their squared deviations. Of the honest
# counts of eight offences in the forces chosen on, none falls by as much where most of the misfit goes. The more pairs
# of rows there are, the more of them do so by chance: twice the logarithm of their number more, as for the largest of
# so many chi-squared values.
BETTER, OF_PAIRS = 10.0, 28
ODD, STRANGE = 1.5, 3.0  # standard deviations from which a number may belong to another row: one of two, one of most
BETTER_EACH = 10.0  # a number, where most of a period's are elsewhere
BETTER_SEASON = 20.0  # of the twelve months of a year
BEST_PART = 0.7  # of the misfit that an exchange must take away
MOST_ROWS = 40  # that are set against each other two by two
MOST_MOVED = 2 / 3  # of the changed numbers must be explained by one move; that at its start never is
FEWEST_MOVED = 3
# Numbers in a row of rising or falling order, and how many must differ. Small cohorts have fallen for 13 quarters in a
# row, and no official count did so for as long.
FEWEST_SORTED, DISTINCT = 16, 10
FEWEST_SORTED_ROWS = 12  # in a table of several rows, whose numbers are nowhere near each other in size
KEPT = 0.95  # of the numbers of the file before are in this one, if it is the same column in another order


def swapped(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield the pairs of rows, or of periods of a row, whose numbers were exchanged."""
    exact = np.zeros(open_cells.shape, dtype=bool)
    for finding in _swapped_exactly(history, open_cells):
        assert finding.cells is not None
        exact |= finding.cells
        yield finding
    yield from _swapped_by_fit(history, open_cells & ~exact)


def _swapped_exactly(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield pairs that have each other's number of the file before."""
    if history.before is None:
        return
    panel, changed = history.panel, history.changed & open_cells
    total = int(changed.sum())
    pairs: dict[tuple[int, int], list[tuple[int, int, int]]] = {}  # two rows: columns, periods
    for column in range(len(panel.columns)):
        now, old = panel.values[column], history.before[column]
        by_values: dict[tuple[float, float], list[tuple[int, int]]] = {}
        for row, place in np.argwhere(changed[column]):
            by_values.setdefault((now[row, place], old[row, place]), []).append((int(row), int(place)))
        for (new_value, old_value), cells in by_values.items():
            if new_value > old_value:
                continue  # each pair once
            for row, place in cells:
                for other, there in by_values.get((old_value, new_value), []):
                    is_pair = (place == there) != (row == other)
                    if is_pair and _is_surprising(history, column, (row, place), (other, there), total):
                        first, second = sorted([(row, place), (other, there)])
                        key = (first[0], second[0])
                        pairs.setdefault(key, []).append((column, first[1], second[1]))
    for (row, other), found in pairs.items():
        yield _swapped(history, row, other, found, certain=True)


def _is_surprising(history: History, column: int, one: tuple[int, int], two: tuple[int, int], total: int) -> bool:
    """Whether chance would hardly have restated two numbers to be each other's."""
    chances = history.equal_by_chance[column]
    return -log(chances[one]) - log(chances[two]) > log(5 * max(total, 1) ** 2 / 4)


def _swapped_by_fit(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield pairs of rows whose numbers of a period fit each other's histories far better than their own.

    The level before must say so. That of both sides must too, unless the numbers stay exchanged from there on; of a new
    period there is no other side.
    """
    panel = history.panel
    if len(panel.rows) < 2:
        return
    candidates = open_cells & np.array([np.nan_to_num(np.abs(r.deviation)) > ODD for r in history.back])
    found: dict[tuple[int, int], dict[int, bool]] = {}  # two rows: the periods, and whether both sides say so
    for place in (int(place) for place in np.flatnonzero(candidates.any(axis=(0, 1)))):
        rows = np.flatnonzero(candidates[:, :, place].any(axis=0))[:MOST_ROWS]
        before = _exchanges(history, history.back, open_cells, place, rows)
        if before.any():
            both = before & _exchanges(history, history.around, open_cells, place, rows)
            for one, two in np.argwhere(before):
                found.setdefault((int(rows[one]), int(rows[two])), {})[place] = bool(both[one, two])
    for (row, other), places in found.items():
        sure = [place for place, both in places.items() if both or place - 1 in places or place + 1 in places]
        if sure:
            cells = [(column, place, place) for column in range(len(panel.columns)) for place in sure]
            yield _swapped(history, row, other, cells, certain=False)


def _exchanges(
    history: History, ranges: Sequence[Ranges], open_cells: Cells, place: int, rows: NDArray[np.int_]
) -> Cells:
    """Return which two of some rows, the first above the second, are better the other way round in a period."""
    own = np.zeros(len(rows))
    gain = np.zeros((len(rows), len(rows)))
    for column, of_column in enumerate(ranges):
        values = np.where(open_cells[column, rows, place], history.known[column, rows, place], np.nan)
        expected, spread = of_column.expected[rows, place], of_column.spread[rows]
        deviation = deviations(values[:, np.newaxis], expected, spread, of_column.are_counts)  # (number, history)
        misfit, side = deviation**2, np.sign(np.diagonal(deviation))
        # Of two that were exchanged one is too large and one too small; all too large is another slip.
        is_pair = side[:, np.newaxis] * side < 0
        alone = np.diagonal(misfit)
        own = own + np.nan_to_num(alone)
        gain = gain + np.where(is_pair, np.nan_to_num(alone[:, np.newaxis] + alone - misfit - misfit.T), 0)
    count = len(history.panel.rows)
    least = BETTER + 2 * max(0.0, log(count * (count - 1) / 2 / OF_PAIRS))
    better = (gain > least) & (gain > BEST_PART * (own[:, np.newaxis] + own))
    return np.asarray(np.triu(better, k=1))


def _swapped(history: History, row: int, other: int, found: list[tuple[int, int, int]], certain: bool) -> Finding:
    panel = history.panel
    cells = np.zeros(panel.values.shape, dtype=bool)
    for column, here, there in found:
        cells[column, row, here] = cells[column, other, there] = True
    places = sorted({place for _, here, there in found for place in (here, there)})
    columns = sorted({column for column, _, _ in found})
    periods = [panel.periods[place] for place in places]
    what = " and ".join(panel.columns[column] for column in columns)
    if row == other:
        whose = f" of {name}" if (name := history.of_rows([row])) else ""
        said = f"{what}{whose}: the numbers of {few(periods)} are those that the file of the quarter before had "
        words = f"{said}for each other."
        rows = [row]
    else:
        rows = [row, other]
        pair = history.of_rows(rows, "two rows")
        why = (
            "each has the other's of the file of the quarter before"
            if certain
            else "each fits the other's history far better than its own"
        )
        words = f"{what}: the numbers of {pair} in {few(periods)} look exchanged: {why}."
    return Finding("swapped", periods[0], history.subject(columns[0], rows), words, cells)


def shifted(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield the columns whose numbers stand some rows of the file, or some periods, from where they belong."""
    for column in range(len(history.panel.columns)):
        finding = _shifted_exactly(history, open_cells, column) or _shifted_by_fit(history, open_cells, column)
        if finding is None and history.before is None:
            finding = _season_moved(history, open_cells, column)
        if finding is not None:
            yield finding


def _shifted_exactly(history: History, open_cells: Cells, column: int) -> Finding | None:
    """Return a finding where most changed numbers are those that the file before had next to them."""
    if history.before is None:
        return None
    changed = history.changed[column] & open_cells[column]
    if changed.sum() < FEWEST_MOVED:
        return None
    panel, now = history.panel, history.panel.values[column]
    rows, places = panel.places.T
    before = history.before[column]
    many = np.flatnonzero(changed.sum(axis=1) >= FEWEST_MOVED)[:MOST_ROWS]
    best: tuple[float, str, Cells] | None = None
    for by in (1, -1, 2, -2, 3, -3) if len(panel.rows) > 1 else ():
        moved = np.full(now.shape, np.nan)
        from_lines = np.arange(len(rows)) - by
        inside = (from_lines >= 0) & (from_lines < len(rows))
        moved[rows[inside], places[inside]] = before[rows[from_lines[inside]], places[from_lines[inside]]]
        best = _better(history, column, changed, now == moved, f"{_by(by, 'row')} in the file", best)
    for by in (1, -1, 2, -2, 3, -3, panel.season, -panel.season):
        moved = np.full(now.shape, np.nan)
        if by > 0:
            moved[:, by:] = before[:, :-by]
        else:
            moved[:, :by] = before[:, -by:]
        for of in (changed, *(changed & (np.arange(len(now)) == row)[:, np.newaxis] for row in many)):
            if of.any(axis=0).sum() > 1:  # a single period is a copy
                best = _better(history, column, of, now == moved, _by(by, POINT_WORDS[panel.kind]), best)
    if best is None:
        return None
    _, how, cells = best
    return _shifted(history, column, cells, f"{how}: they are those of the file of the quarter before")


def _better(
    history: History, column: int, changed: Cells, equal: Cells, how: str, best: tuple[float, str, Cells] | None
) -> tuple[float, str, Cells] | None:
    """Return what explains more of the changed numbers, beyond chance."""
    explained = changed & equal
    if explained.sum() < max(FEWEST_MOVED, MOST_MOVED * changed.sum()):
        return best
    surprise = float(-np.log(history.equal_by_chance[column][explained]).sum())
    return (surprise, how, explained) if surprise > max(log(1000), best[0] if best else 0) else best


def _by(by: int, unit: str) -> str:
    many = f"one {unit}" if abs(by) == 1 else f"{abs(by)} {unit}s"
    return f"{many} {'later' if by > 0 else 'earlier'}" if unit != "row" else f"{many} {'down' if by > 0 else 'up'}"


def _shifted(history: History, column: int, cells: Cells, why: str) -> Finding:
    panel = history.panel
    rows, places = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
    every = np.zeros(panel.values.shape, dtype=bool)
    every[column] = cells
    every[column][rows, int(places[0]) :] = True
    when = span([panel.periods[place] for place in places])
    words = f"{panel.columns[column]}: the numbers of {when} look moved {why}."
    return Finding(
        "shifted", panel.periods[places[0]], history.subject(column, [int(row) for row in rows]), words, every
    )


def _shifted_by_fit(history: History, open_cells: Cells, column: int) -> Finding | None:
    """Return a finding where a period's numbers fit the histories of the rows next to them in the file."""
    panel, ranges = history.panel, history.back[column]
    count = len(panel.rows)
    if count < FEWEST_MOVED:
        return None
    strange = open_cells[column] & (np.nan_to_num(np.abs(ranges.deviation)) > STRANGE)
    for place in (int(n) for n in np.flatnonzero(strange.sum(axis=0) * 2 > panel.present.sum(axis=0))):
        values = history.known[column][:, place]
        for by in (1, -1):
            from_row = (np.arange(count) - by) % count
            own = np.array([float(ranges.deviation_of(values[r], r, place)) for r in range(count)])
            moved = np.array([float(ranges.deviation_of(values[r], int(from_row[r]), place)) for r in range(count)])
            both = np.isfinite(own) & np.isfinite(moved)
            both[0 if by > 0 else -1] = False  # its number comes from the period before, or after
            if both.sum() >= FEWEST_MOVED and _is_better(own[both], moved[both]):
                cells = np.zeros(strange.shape, dtype=bool)
                begun = max(0, place - 1)  # inside the period before
                cells[:, begun:] = open_cells[column][:, begun:]
                return _shifted(history, column, cells, f"{_by(by, 'row')} in the file: they fit the histories there")
    return None


def _is_better(own: Values, moved: Values) -> bool:
    gain = float((own**2).sum() - (moved**2).sum())
    return gain > BETTER_EACH * len(own) and bool(np.median(np.abs(moved)) < FITS)


def _season_moved(history: History, open_cells: Cells, column: int) -> Finding | None:
    """Return a finding where the pattern of the last year is that of the years before, a month later or earlier.

    Four quarters are too few for that. It explains nothing else, since each number by itself may be right.
    """
    panel, season = history.panel, history.panel.season
    if season != MONTHS or len(panel.periods) < 3 * season or not open_cells[column][:, -season:].any():
        return None
    for row, values in enumerate(history.known[column]):
        # The last number is left out: where all others moved up, something else stands there.
        recent, past = values[-season - 1 : -1], values[: -season - 1]
        years = past[len(past) % season :].reshape(-1, season)
        if not np.isfinite(values).all() or (values <= 0).any() or len(years) < 2:
            continue
        shapes = np.log(years) - np.log(years).mean(axis=1, keepdims=True)
        pattern, noise = shapes.mean(axis=0), max(float(shapes.std(axis=0, ddof=1).mean()), 0.02)
        shape = np.log(recent) - np.log(recent).mean()
        misfits = {by: float(((shape - np.roll(pattern, by)) ** 2).sum()) / noise**2 for by in (0, 1, -1)}
        by = min((1, -1), key=misfits.__getitem__)
        is_better = misfits[0] - misfits[by] > BETTER_SEASON and misfits[by] < (1 - BEST_PART) * misfits[0]
        if is_better and misfits[by] < 3 * season:
            cells = np.zeros(panel.present.shape, dtype=bool)
            cells[row, -season:] = True
            why = f"{_by(by, POINT_WORDS[panel.kind])}: their season is that of other years, moved"
            return _shifted(history, column, cells, why)._replace(cells=None)
    return None


def sorted_apart(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield the columns that are in order of size, or hold the file before's numbers in another order."""
    panel = history.panel
    rows, places = panel.places.T
    for column in range(len(panel.columns)):
        cells = np.zeros(panel.values.shape, dtype=bool)
        cells[column] = open_cells[column]
        if _is_shuffled(history, column, open_cells):
            lines = panel.values[column][rows, places]
            how = "in order of size" if _in_order(lines) else "in another order"
            words = f"{panel.columns[column]}: the numbers are those of the file of the quarter before {how}, as if "
            words += "they had been sorted apart from their rows."
            yield Finding("sorted_apart", "", panel.columns[column], words, cells)
            continue
        lines = panel.values[column][rows, places]
        if len(panel.rows) > 2 and len(lines) >= FEWEST_SORTED_ROWS and _in_order(lines, 6) and cells.any():
            words = f"{panel.columns[column]}: all numbers of the file stand in order of size, as if sorted apart "
            yield Finding("sorted_apart", "", panel.columns[column], words + "from their rows.", cells)
            continue
        for row in range(len(panel.rows)):
            values = panel.values[column, row]
            values = values[np.isfinite(values)]
            if open_cells[column, row].any() and len(values) >= FEWEST_SORTED and _in_order(values, DISTINCT):
                own = cells & (np.arange(len(panel.rows)) == row)[:, np.newaxis]
                words = f"{history.named(column, [row])}: all numbers "
                words += "stand in order of size, as if they had been sorted apart from their periods."
                words += _restated_words(history, column, row)
                yield Finding("sorted_apart", "", history.subject(column, [row]), words, own)


def _restated_words(history: History, column: int, row: int) -> str:
    """Return how many of a row's numbers the file before had differently: '' without that file, or where none did."""
    if history.before is None or not (count := int(history.changed[column, row].sum())):
        return ""
    of = int((np.isfinite(history.before[column, row]) & np.isfinite(history.panel.values[column, row])).sum())
    return history.told(
        f" {count} of the {of} that the file of the quarter before had are different now.",
        " Many differ from those of the file of the quarter before.",
    )


def _in_order(values: Values, distinct: int = 2) -> bool:
    values = values[np.isfinite(values)]
    steps = np.diff(values)
    return bool(((steps >= 0).all() or (steps <= 0).all()) and len(np.unique(values)) >= distinct)


def _is_shuffled(history: History, column: int, open_cells: Cells) -> bool:
    """Whether a quarter or more of the numbers differ from the file before, and yet nearly all are the same ones."""
    if history.before is None:
        return False
    now, old = history.panel.values[column], history.before[column]
    both = np.isfinite(now) & np.isfinite(old)
    changed = history.changed[column] & open_cells[column]
    if changed.sum() < max(6, 0.25 * both.sum()):
        return False
    here, counts = np.unique(now[np.isfinite(now)], return_counts=True)
    there, needed = np.unique(old[both], return_counts=True)
    left = dict(zip(here, counts, strict=True))
    kept = sum(min(int(need), int(left.get(value, 0))) for value, need in zip(there, needed, strict=True))
    surprise = float(-np.log(history.equal_by_chance[column][changed]).sum())
    if kept < KEPT * both.sum() or surprise <= log(1000):
        return False
    pairs = sum(int(cells[column].sum()) for *_, cells in _swapped_exactly(history, open_cells) if cells is not None)
    return bool(pairs < MOST_MOVED * changed.sum())  # else rows were exchanged, two by two
