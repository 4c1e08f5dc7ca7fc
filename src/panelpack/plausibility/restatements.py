"""What the file says differently of periods that the file of the quarter before had, without a supplier's reason.

Small restatements are ordinary and listed elsewhere. Asked about is what is large: more than a quarter of the numbers,
one that moved by a quarter or more, and rows that vanished.
"""

from collections.abc import Iterator

import numpy as np

from panelpack.plausibility.history import History
from panelpack.plausibility.query import Cells, Finding, few, span
from panelpack.plausibility.row_counts import by_places

A_QUARTER = 0.25  # of the earlier numbers
FEWEST = 4  # of them, so that one number of three is not "most of a file"
# Late records and reclassifications move a month's count by a few percent, the latest ones by a tenth.
LARGE = 1 / 4
CHANCE = 3  # and by more than so many times the square root of the earlier count, or small counts would always be asked


def restated(history: History, open_cells: Cells) -> Iterator[Finding]:
    """Yield tables of which much, and rows of which one number, was restated without a reason."""
    if history.before is None:
        return
    panel = history.panel
    both = np.isfinite(history.before) & np.isfinite(panel.values)
    open_changes = history.changed & open_cells
    count, of = int(open_changes.sum()), int(both.sum())
    if count >= FEWEST and count > A_QUARTER * of:
        places = np.flatnonzero(open_changes.any(axis=(0, 1)))
        when = span([panel.periods[place] for place in places])
        words = history.told(
            f"{count} of {of} numbers that the file of the quarter before had are different now ({when}), and "
            "sources.yml gives no reason.",
            f"More than a quarter of the numbers of the file of the quarter before are different now ({when}), and "
            "sources.yml gives no reason.",
        )
        yield Finding("restated", "", "", words, open_changes)
        return
    for column in range(len(panel.columns)):
        yield from _large(history, column, open_changes[column])


def _large(history: History, column: int, changes: Cells) -> Iterator[Finding]:
    assert history.before is not None
    panel = history.panel
    before, now = history.before[column], panel.values[column]
    with np.errstate(invalid="ignore"):
        moved = np.abs(now - before)
        far = changes & (moved > LARGE * np.abs(before))
        if panel.are_counts[column]:
            far &= moved > CHANCE * np.sqrt(np.abs(before) + 1)
    for row in np.flatnonzero(far.any(axis=1)):
        places = np.flatnonzero(far[row])
        periods = [panel.periods[place] for place in places]
        named = history.named(column, [int(row)])
        cells = np.zeros(panel.values.shape, dtype=bool)
        cells[column, row, places] = True
        was, is_now = (history.shown(values[row, places[0]]) for values in (before, now))
        words = history.told(
            f"{named}: {is_now} in {periods[0]}, {was} in the file of the quarter before"
            f"{f' (so too {few(periods[1:])})' if len(periods) > 1 else ''}; sources.yml gives no reason.",
            f"{named}: far from the file of the quarter before in {few(periods)}; sources.yml gives no reason.",
        )
        yield Finding("restated", periods[0], history.subject(column, [int(row)]), words, cells)


def vanished(history: History) -> Iterator[Finding]:
    """Yield the rows of earlier periods that the file does not have any more, without a reason.

    A file that always holds so many periods, and so begins later each time, has lost nothing.
    """
    if history.before is None or not history.panel.present.any():
        return
    panel = history.panel
    was = np.isfinite(history.before).any(axis=0)
    gone = was & ~panel.present & ~history.explained
    covered = np.flatnonzero(panel.present.any(axis=0))
    were = np.flatnonzero(was.any(axis=0))
    if len(covered) >= len(were) or covered[0] > were[-1]:
        gone[:, : covered[0]] = False
    if panel.kind == "date" or not gone.any():
        return  # a position at a new date takes the place of the one before
    for places, rows in by_places(gone).items():
        when = span([panel.periods[place] for place in places])
        whose = history.of_rows(rows) if len(rows) < len(panel.rows) else ""
        of = f" of {whose}" if whose else ""
        words = f"Rows{of} of {when}, which the file of the quarter before had, are gone; sources.yml gives no reason."
        subject = "" if history.is_silent or len(rows) > 3 else ", ".join(panel.row_name(row) for row in rows)
        yield Finding("rows_vanished", panel.periods[places[0]], subject, words)


def nothing_new(history: History) -> Iterator[Finding]:
    """Yield a table that ends where the file of the quarter before ended."""
    if history.before is None or history.panel.kind == "date" or not history.is_due:
        return
    panel = history.panel
    covered = np.flatnonzero(panel.present.any(axis=0))
    if len(covered) and covered[-1] < history.first_new:
        last = panel.periods[covered[-1]]
        words = f"The file ends with {last} and has no period that the file of the quarter before did not have."
        yield Finding("nothing_new", "", "", words)
