"""Points outside what their own history makes credible, zeros and empty cells where there never were any.

The constants were chosen on every second force of those with the longest official counts and checked on the
others (benchmarks/plausibility.py).
"""

from collections.abc import Iterator

import numpy as np

from panelpack.plausibility.history import History
from panelpack.plausibility.query import Cells, Finding, few, span
from panelpack.statistics.credible_range import Values, chance_of_none, share_deviations

# Standard deviations from what was expected at which a number is asked about: the least of 4, 4.5 and 5 at which fewer
# than one in a hundred numbers of the forces chosen on is so far out, those of the lockdowns included. Without these it
# is one in 600 (recording practices change, and so do levels), in them one in 24.
BEYOND = 5.0
FITS = 2.5  # within so many a number is what was expected
LEAST_CASES = 5  # and it must differ by so many cases: nobody is asked about fewer
BEYOND_OF_SHARE = 4.5  # by simulated surveys only, since no official shares were at hand; they move less than counts
HARDLY_EVER = 0.001  # chance of a zero at which one that was never there is asked about
LONG_ENOUGH = 8  # numbers of a row, all of them above 0 or there, from which "never" can be said
FEW_ROWS = 2  # more rows than these that move the same way in one file have one cause, and are one query


def zeros(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield the rows with a zero, or without a number, where there never was one."""
    panel, known = history.panel, history.known
    for column in range(len(panel.columns)):
        values, ranges = known[column], history.around[column]
        above = (values > 0).sum(axis=1)
        hardly = chance_of_none(np.nan_to_num(ranges.expected), ranges.spread[:, np.newaxis]) < HARDLY_EVER
        is_zero = (values == 0) & open_cells[column] & hardly & np.isfinite(ranges.expected)
        is_zero &= _rare(values == 0, above)
        yield from _never_before(history, column, is_zero, "zero", "0", "nothing")
        is_empty = ~np.isfinite(panel.values[column]) & panel.present & ~_was_empty(history, column)
        is_empty &= _rare(is_empty, np.isfinite(values).sum(axis=1))
        yield from _never_before(history, column, is_empty, "empty", "no number", "no number")


def _rare(mask: Cells, others: np.ndarray) -> Cells:
    """Return the flagged cells of rows in which they are exceptions: few beside the others, and at one stretch."""
    count = mask.sum(axis=1)
    stretches = (np.diff(mask.astype(int), axis=1, prepend=0) == 1).sum(axis=1)
    is_exception = (others >= LONG_ENOUGH) & (count * 4 <= others) & (stretches == 1)
    return np.asarray(mask & is_exception[:, np.newaxis])


def _was_empty(history: History, column: int) -> Cells:
    """Return where an earlier file had the row's cell empty too; not known where there is no earlier file."""
    if history.before is None:
        return np.zeros(history.panel.present.shape, dtype=bool)
    place = np.arange(history.panel.values.shape[2]) < history.first_new
    return np.asarray(~np.isfinite(history.before[column]) & place)


def _never_before(history: History, column: int, flagged: Cells, kind: str, what: str, quiet: str) -> Iterator[Finding]:
    """Yield a finding for each group of rows in which the same periods are flagged."""
    panel = history.panel
    groups: dict[tuple[int, ...], list[int]] = {}
    for row in np.flatnonzero(flagged.any(axis=1)):
        groups.setdefault(tuple(np.flatnonzero(flagged[row])), []).append(int(row))
    for places, rows in groups.items():
        periods = [panel.periods[place] for place in places]
        cells = np.zeros(panel.values.shape, dtype=bool)
        cells[np.ix_([column], rows, list(places))] = True
        others = history.known[column][rows][:, [p for p in range(len(panel.periods)) if p not in places]]
        least = history.shown(float(np.nanmin(others)))
        named = history.named(column, rows)
        words = history.told(
            f"{named}: {what} in {few(periods)}, where every other period has {least} or more.",
            f"{named}: {quiet} in {few(periods)}, where every other period has a number above 0.",
        )
        yield Finding(kind, periods[0], history.subject(column, rows), words, cells)


def outside_range(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield the numbers that their row's history does not make credible; of parts of a base, those of their share."""
    parts = {part: base for part, base in history.parts}
    for column in range(len(history.panel.columns)):
        if column in parts:
            yield from _shares(history, open_cells, column, parts[column])
            continue
        ranges, values = history.around[column], history.known[column]
        low, high = ranges.ends(BEYOND)
        far = open_cells[column] & (np.nan_to_num(np.abs(ranges.deviation)) > BEYOND)
        if history.panel.are_counts[column]:
            far &= np.abs(values - ranges.expected) >= LEAST_CASES
        yield from _far_out(history, column, far, np.sign(np.nan_to_num(ranges.deviation)), low, high)


def _far_out(history: History, column: int, far: Cells, side: Values, low: Values, high: Values) -> Iterator[Finding]:
    """Yield a finding a row and side; one for more than FEW_ROWS rows whose new numbers lie on one side."""
    is_new = np.arange(far.shape[1]) >= history.first_new
    for way in (1, -1):
        flagged = far & (side == way)
        together = np.flatnonzero((flagged & is_new).any(axis=1))
        groups = [(list(together), flagged & is_new)] if len(together) > FEW_ROWS else []
        if groups:
            flagged = flagged & ~is_new
        for place in np.flatnonzero(flagged.sum(axis=0) > FEW_ROWS):  # a period of which most rows are odd
            of_period = np.zeros(flagged.shape, dtype=bool)
            of_period[:, place] = flagged[:, place]
            groups.append((list(np.flatnonzero(of_period.any(axis=1))), of_period))
            flagged = flagged & ~of_period
        groups += [
            ([row], flagged & (np.arange(len(flagged)) == row)[:, np.newaxis])
            for row in np.flatnonzero(flagged.any(axis=1))
        ]
        for rows, of_group in groups:
            yield _far_finding(history, column, [int(row) for row in rows], of_group, way, low, high)


def _far_finding(
    history: History, column: int, rows: list[int], flagged: Cells, way: int, low: Values, high: Values
) -> Finding:
    panel = history.panel
    places = np.flatnonzero(flagged.any(axis=0))
    periods = [panel.periods[place] for place in places]
    cells = np.zeros(panel.values.shape, dtype=bool)
    cells[column] = flagged
    more = "larger" if way > 0 else "smaller"
    if len(rows) == 1:
        row, place = rows[0], int(places[0])
        named = history.named(column, rows)
        value = history.shown(history.known[column, row, place])
        ends = [history.shown(_rough(end[row, place])) for end in (low, high)]
        also = f" (so too {few(periods[1:])})" if len(periods) > 1 else ""
        words = f"{named}: {value} in {periods[0]}, where its own history makes {ends[0]} to {ends[1]} credible{also}."
    else:
        named = panel.columns[column]
        whose, when = history.of_rows(rows, "several rows"), span(periods)
        words = f"{named}: the numbers of {whose} in {when} are {more} than the history of each makes credible."
    quiet = f"{named}: {more} in {few(periods)} than its own history makes credible."
    return Finding("outside_range", periods[0], history.subject(column, rows), history.told(words, quiet), cells)


def _rough(value: float) -> float:
    """Round the end of a range to three digits: it is no more certain than that."""
    return float(f"{value:.3g}")


def _shares(history: History, open_cells: Cells, part: int, base: int) -> Iterator[Finding]:
    """Yield the rows whose share of a base is far from its own history."""
    panel = history.panel
    parts, bases = history.known[part], history.known[base]
    found = share_deviations(parts, bases, history.first_new)
    far = np.nan_to_num(np.abs(found), posinf=99) > BEYOND_OF_SHARE
    far &= (history.asked & open_cells)[[part, base]].any(axis=0)
    far &= (open_cells | ~history.asked)[[part, base]].all(axis=0)  # what explained one of the two explains the share
    for row in np.flatnonzero(far.any(axis=1)):
        places = np.flatnonzero(far[row])
        periods = [panel.periods[place] for place in places]
        cells = np.zeros(panel.values.shape, dtype=bool)
        cells[part, row, places] = cells[base, row, places] = True
        named = history.named(part, [int(row)])
        usual = 100 * float(np.nanmedian(parts[row] / np.where(bases[row] > 0, bases[row], np.nan)))
        words = history.told(
            f"{named}: {history.shown(parts[row, places[0]])} of {history.shown(bases[row, places[0]])} in {periods[0]}"
            f", where {usual:.0f}% is usual{f' (so too {few(periods[1:])})' if len(periods) > 1 else ''}.",
            f"{named}: the share of {panel.columns[base]} in {few(periods)} is far from that of all other periods.",
        )
        yield Finding("outside_range", periods[0], history.subject(part, [int(row)]), words, cells)
