"""Numbers ten, a hundred or a thousand times what they should be, proportions for percentages, digits typed twice."""

from collections.abc import Iterator

import numpy as np

from panelpack.formats import count_words
from panelpack.plausibility.history import History
from panelpack.plausibility.query import Cells, Finding, few
from panelpack.plausibility.ranges import BEYOND, FITS
from panelpack.statistics.credible_range import FEWEST_POINTS, deviations

POWERS = (1, 2, 3, 6)  # of ten: a digit too many, pence or percent, thousands, millions
RESTATED_A_LITTLE = 0.02  # beside the factor; a restatement of more is told as one
# Where a row has too short a history for a range, its last number stands for it, and may move by half before it counts.
SHORT_HISTORY = 0.25


def scaled(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield the columns in which numbers are a power of ten, or digits written twice, away from what fits."""
    panel = history.panel
    for column in range(len(panel.columns)):
        causes: dict[str, list[tuple[int, int]]] = {}
        for row, place in _suspects(history, open_cells, column):
            if cause := _cause(history, column, row, place):
                causes.setdefault(cause, []).append((row, place))
        for cause, found in causes.items():
            yield _told(history, column, cause, sorted(found, key=lambda cell: (cell[1], cell[0])))


def _suspects(history: History, open_cells: Cells, column: int) -> list[tuple[int, int]]:
    """Return the cells that do not fit what was expected of them, or what the file before had there."""
    far = np.nan_to_num(np.abs(_deviation(history, column))) > BEYOND
    values = history.known[column]
    if history.before is not None:
        before = history.before[column]
        with np.errstate(divide="ignore", invalid="ignore"):
            far |= history.changed[column] & (np.abs(np.log10(np.abs(values / before))) > 0.9)
    far &= open_cells[column] & (values != 0)
    return [(int(row), int(place)) for row, place in np.argwhere(far)]


def _deviation(history: History, column: int) -> np.ndarray:
    """Return the deviations; where the history is short, those from the number before."""
    ranges, values = history.around[column], history.known[column]
    is_short = np.isfinite(values).sum(axis=1) <= FEWEST_POINTS
    if not is_short.any():
        return ranges.deviation
    last = _last(history, column)
    short = np.where(last > 0, deviations(values, last, SHORT_HISTORY, ranges.are_counts), np.nan)
    return np.where(is_short[:, np.newaxis] & ~np.isfinite(ranges.expected), short, ranges.deviation)


def _last(history: History, column: int) -> np.ndarray:
    """Return for each cell the last number before it; before the new periods for all new ones."""
    values = history.known[column]
    last = np.full(values.shape, np.nan)
    for place in range(1, values.shape[1]):
        if place > history.first_new:
            last[:, place] = last[:, history.first_new]
        else:
            last[:, place] = np.where(np.isfinite(values[:, place - 1]), values[:, place - 1], last[:, place - 1])
    return last


def _cause(history: History, column: int, row: int, place: int) -> str:
    """Return what makes a number fit: '×10', '÷100', 'digits doubled', 'a digit twice', or '' for nothing."""
    value = float(history.known[column, row, place])
    if history.before is not None and history.changed[column, row, place]:
        old = float(history.before[column, row, place])
        return next((cause for cause, candidate in _candidates(value) if _is_near(candidate, old)), "")
    ranges = history.around[column]
    expected, spread = ranges.expected[row, place], ranges.spread[row]
    if not np.isfinite(expected):
        expected, spread = _last(history, column)[row, place], SHORT_HISTORY
    found = [
        (abs(float(deviations(candidate, expected, spread, ranges.are_counts))), cause)
        for cause, candidate in _candidates(value)
    ]
    least, cause = min(found, default=(np.inf, ""))
    return cause if least < FITS else ""


def _is_near(candidate: float, old: float) -> bool:
    return old != 0 and abs(candidate / old - 1) <= RESTATED_A_LITTLE


def _candidates(value: float) -> Iterator[tuple[str, float]]:
    """Yield what may have been meant: half the digits where they are the other half again, a digit less, powers."""
    if value == int(value):
        text = str(int(value))
        half = len(text) // 2
        if len(text) % 2 == 0 and text[:half] == text[half:]:
            yield "digits doubled", float(text[:half])
    for power in POWERS:
        yield f"×{10**power:,}", value / 10**power
        yield f"÷{10**power:,}", value * 10**power
    if value == int(value) and value % 10:  # a nought at the end is rather one too many
        for n in range(1, len(text)):
            if text[n] == text[n - 1]:
                yield "a digit twice", float(text[:n] + text[n + 1 :])


def _told(history: History, column: int, cause: str, found: list[tuple[int, int]]) -> Finding:
    panel = history.panel
    cells = np.zeros(panel.values.shape, dtype=bool)
    for row, place in found:
        cells[column, row, place] = True
    rows = list(dict.fromkeys(row for row, _ in found))
    periods = [panel.periods[place] for place in sorted({place for _, place in found})]
    named = history.named(column, rows)
    row, place = found[0]
    value, was_changed = history.known[column, row, place], history.changed[column, row, place]
    with_what = "the file of the quarter before had" if was_changed else "its history makes credible"
    if _is_percent(history, column, cause):
        words = f"{named}: {few(periods)} differ by a factor of 100 from all others, as proportions do from percents."
        return Finding("percent_or_proportion", periods[0], history.subject(column, rows), words, cells)
    amount = history.shown(value)
    how = {
        "digits doubled": f"{amount} in {periods[0]} is one number written twice",
        "a digit twice": f"{amount} in {periods[0]} has a digit twice",
    }.get(cause, f"{amount} in {periods[0]} is {_times(cause)}")
    more = f" (so too {count_words(len(found) - 1)} more)" if len(found) > 1 else ""
    without = how.removeprefix(f"{amount} in {periods[0]} ")
    words = history.told(
        f"{named}: {how} what {with_what}{more}."
        if cause[0] in "×÷"
        else f"{named}: {how}; without that it is what {with_what}{more}.",
        f"{named}: a number of {few(periods)} {without}"
        f"{' what' if cause[0] in '×÷' else '; without that it is what'} {with_what}.",
    )
    return Finding("scale", periods[0], history.subject(column, rows), words, cells)


def _times(cause: str) -> str:
    return f"{cause[1:]} times" if cause[0] == "×" else f"one part in {cause[1:]} of"


def _is_percent(history: History, column: int, cause: str) -> bool:
    """Whether all of a decimal column's open numbers are proportions where they were percentages, or the reverse."""
    if history.panel.are_counts[column] or cause not in ("×100", "÷100"):
        return False
    asked = history.asked[column]
    now, other = history.panel.values[column][asked], history.known[column][~asked]
    other = other[np.isfinite(other)] if history.before is None else history.before[column]
    other = other[np.isfinite(other)]
    small, large = (now, other) if cause == "÷100" else (other, now)
    return bool(len(small) and len(large) and small.min() >= 0 and small.max() <= 1 < large.max() <= 100)
