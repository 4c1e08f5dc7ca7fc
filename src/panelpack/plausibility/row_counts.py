"""Whether each period has its rows: a group that is missing, or a table cut off at its end."""

from collections.abc import Iterator, Sequence

import numpy as np

from panelpack.plausibility.history import History
from panelpack.plausibility.query import Finding, span

ENOUGH = 3  # periods in which a row stood before, so that it is expected in the next


def unequal_rows(history: History) -> Iterator[Finding]:
    """Yield the periods without a row that the periods around it, or all those before it, have.

    A row that ended before the latest periods, and one that began late, are told by nothing: groups come and go.
    """
    panel = history.panel
    if panel.kind == "date" or len(panel.rows) < 2 or not panel.present.any():
        return
    present = panel.present
    if history.before is not None:
        covered = int(np.flatnonzero(present.any(axis=0))[0])
        was = np.isfinite(history.before).any(axis=0)
        present = np.where(np.arange(present.shape[1]) < covered, was, present)
    last = int(np.flatnonzero(present.any(axis=0))[-1])
    missing = np.zeros(present.shape, dtype=bool)
    for row, there in enumerate(present[:, : last + 1]):
        stood = np.flatnonzero(there)
        if len(stood) < ENOUGH:
            continue
        if history.before is None or last >= history.first_new:
            until = last + 1 if stood[-1] >= min(history.first_new, last) - 1 else stood[-1] + 1
            missing[row, stood[0] : until] = ~there[stood[0] : until]
    missing &= present.any(axis=0)  # a period that is missing altogether is told by the format check
    missing &= _is_regular(present, missing)[:, np.newaxis]
    of_year = np.zeros(present.shape, dtype=bool)
    if history.same_rows_all_year:
        of_year = _lacking_in_year(present, panel.periods)
    missing |= of_year
    if history.before is not None:  # of earlier periods the file before was asked, and `vanished` tells the rest
        missing &= (np.arange(present.shape[1]) >= history.first_new) & ~history.explained
    for places, rows in by_places(missing).items():
        periods = [panel.periods[place] for place in places]
        began = [row for row in range(len(panel.rows)) if _first(present[row]) == places[0] and places[0] > 0]
        new = f" {whose} began then." if began and (whose := history.of_rows(began)) else ""
        of = f"row of {whose}" if (whose := history.of_rows(rows)) else "row of some kind"
        others = "other quarters of its financial year" if of_year[np.ix_(rows, places)].all() else "other periods"
        words = f"There is no {of} in {span(periods)}, as there is in {others}.{new}"
        subject = "" if history.is_silent or len(rows) > 3 else ", ".join(panel.row_name(row) for row in rows)
        yield Finding("rows_missing", periods[0], subject, words)


def _lacking_in_year(present: np.ndarray, periods: Sequence[str]) -> np.ndarray:
    """Return where a row is missing that another quarter of the same financial year has, in quarters that have any."""
    lacking = np.zeros(present.shape, dtype=bool)
    for year in {label[:4] for label in periods}:
        of = np.flatnonzero([label[:4] == year for label in periods])
        there = present[:, of]
        stands = np.flatnonzero(there.any(axis=1))
        lacking[np.ix_(stands, of)] = ~there[stands] & there.any(axis=0)
    return lacking


def _is_regular(present: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """Return which rows stand in nearly every period of their time, or are missing once: others come and go."""
    gaps, there = missing.sum(axis=1), present.sum(axis=1)
    stretches = (np.diff(missing.astype(int), axis=1, prepend=0) == 1).sum(axis=1)
    return np.asarray((gaps * 4 <= there + 3) | (stretches == 1))


def _first(there: np.ndarray) -> int:
    return int(np.argmax(there)) if there.any() else -1


def by_places(missing: np.ndarray) -> dict[tuple[int, ...], list[int]]:
    """Return the rows that are flagged in the same periods, by these."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for row in np.flatnonzero(missing.any(axis=1)):
        groups.setdefault(tuple(int(place) for place in np.flatnonzero(missing[row])), []).append(int(row))
    return groups
