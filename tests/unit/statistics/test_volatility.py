"""How restless the times are, by hand: recent moves of all forces against what is usual, and what is left out."""

from itertools import pairwise

import numpy as np
import pytest

from panelpack.statistics.volatility import POWER, scales


def counts_with(totals, forces=2):
    """Quarters whose 12-month totals from the fourth quarter on are those given, alike for every force."""
    quarters = [totals[0] / 4] * 4
    for before, after in pairwise(totals):
        quarters.append(quarters[-4] + after - before)
    return np.repeat(np.array(quarters)[:, None, None], forces, axis=2)


def test_before_there_is_any_move_all_is_usual():
    found = scales(counts_with([400.0, 400.0]), [])
    assert (found == 1).all()


def test_a_large_move_is_restless_by_hand():
    totals = [400.0, 404.0, 408.0, 480.0]
    squares = np.square(np.diff(np.log(totals)))
    recent = [squares[0]]
    weight = 1.0
    for square in squares[1:]:  # a half-life of one quarter: each move before counts half
        recent.append((0.5 * weight * recent[-1] + square) / (0.5 * weight + 1))
        weight = 0.5 * weight + 1
    expected = [(recent[place] / np.median(recent[: place + 1])) ** POWER for place in range(3)]
    assert scales(counts_with(totals), [])[4:, 0] == pytest.approx(expected)
    assert expected[-1] > 1.5


def test_each_force_counts_by_its_total():
    large, small = counts_with([40000.0, 40400.0, 40800.0], 1), counts_with([40.0, 60.0, 40.0], 1)
    both = scales(np.concatenate([large, small], axis=2), [])
    assert both[-1, 0] == pytest.approx(scales(large, [])[-1, 0], abs=0.05)


def test_nothing_after_a_quarter_changes_its_scale():
    totals = [400.0, 410.0, 405.0, 420.0, 400.0, 600.0, 300.0]
    counts = counts_with(totals)
    for length in range(4, len(counts)):
        assert scales(counts, [])[length - 1] == pytest.approx(scales(counts[:length], [])[-1])


def test_a_break_is_no_move():
    calm = [400.0, 404.0, 400.0, 404.0, 400.0, 404.0, 400.0, 404.0]
    counts = counts_with(calm)
    broken = counts.copy()
    broken[6:] *= 2  # counts something else from here on
    assert scales(broken, [(0, 6)])[-1] == pytest.approx(scales(counts, [])[-1], abs=0.2)
    assert scales(broken, [])[6, 0] > 1.3


def test_a_series_that_stands_still_or_is_not_known_is_usual():
    still = np.full((9, 1, 2), 50.0)
    unknown = np.full((9, 1, 2), np.nan)
    found = scales(np.concatenate([still, unknown], axis=1), [])
    assert (found == 1).all()
