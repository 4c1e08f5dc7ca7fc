"""What is still to come of a year: which quarters, by smoothing or as last year, many series at once, gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.statistics.point_forecasts import (
    SMOOTHING,
    counted_so_far,
    latest_12_months,
    quarters_ahead,
    seasonal_terms,
    smoothed,
    still_to_come,
)


@pytest.mark.parametrize(
    ("number", "years_ahead", "expected"),
    [(1, 0, [1, 2, 3]), (3, 0, [1]), (4, 0, []), (1, 1, [4, 5, 6, 7]), (4, 1, [1, 2, 3, 4]), (2, 2, [7, 8, 9, 10])],
)
def test_the_quarters_of_the_year_that_are_still_to_come(number, years_ahead, expected):
    assert list(quarters_ahead(number, years_ahead)) == expected


def test_what_is_counted_of_the_year_and_of_the_latest_twelve_months():
    counts = np.array([5.0, 10, 20, 30, 40, 50])
    assert (counted_so_far(counts, 2, 0), counted_so_far(counts, 2, 1)) == (90, 0)
    assert latest_12_months(counts) == 140


def test_a_later_year_is_the_latest_twelve_months_and_so_is_this_one_while_history_is_short():
    counts = np.array([7.0, 10, 20, 30, 40])
    assert [still_to_come(counts, 1, ahead) for ahead in (1, 2)] == [100, 100]
    assert still_to_come(counts, 1, 0) == 10 + 20 + 30  # the quarters that are to come, as they were a year ago
    assert still_to_come(counts, 3, 0) == 10


def test_a_year_that_repeats_itself_is_forecast_again():
    year = np.array([100.0, 120, 80, 110])
    counts = np.tile(year, 3)
    assert seasonal_terms(np.log(counts)).sum() == pytest.approx(0)
    assert smoothed(counts, np.array([1, 2])) == pytest.approx(220)
    assert still_to_come(counts[:-1], 3, 0) == pytest.approx(110)


def test_the_level_goes_part_of_the_way_to_each_new_quarter_by_hand():
    counts = np.repeat([100.0, 200.0], [11, 1])
    logs = np.log(counts)
    # The season, of the centred moving averages of a year of logarithms, and the level without it.
    trend = [(logs[at - 2] + 2 * logs[at - 1 : at + 2].sum() + logs[at + 2]) / 8 for at in range(2, 10)]
    deviations = logs[2:10] - trend
    terms = np.array([deviations[[place - 2, place + 2]].mean() for place in (4, 5, 2, 3)])
    terms -= terms.mean()
    level, adjusted = np.log(100.0) - terms.mean(), logs - np.resize(terms, 12)
    level = adjusted[:4].mean()
    for value in adjusted:
        level += SMOOTHING * (value - level)
    assert smoothed(counts, np.array([1])) == pytest.approx(np.exp(level + terms[0]))
    assert 100 < smoothed(counts, np.array([1])) < 200


@given(st.lists(st.integers(0, 3000), min_size=4, max_size=30), st.integers(1, 4), st.integers(0, 2))
def test_many_series_at_once_are_what_each_is_by_itself(counts, number, years_ahead):
    alone = np.array(counts, float)
    together = np.stack([alone, alone[::-1], alone + 7], axis=1)
    found = still_to_come(together, number, years_ahead)
    assert found == pytest.approx([float(still_to_come(each, number, years_ahead)) for each in together.T])
    assert (found >= 0).all() and np.isfinite(found).all()


def test_a_gap_is_no_count_of_none():
    counts = np.tile([100.0, 120, 80, 110], 4)
    counts[5] = np.nan
    assert np.isnan(still_to_come(counts, 2, 0))
    assert still_to_come(counts, 2, 1) == 410  # the gap lies before the latest 12 months
    assert np.isnan(still_to_come(counts[:8], 2, 1))
