"""What a history makes credible: formulas against references, ranges that hold what chance makes, medians that hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from panelpack.statistics.credible_range import (
    chance_of_equal,
    chance_of_none,
    credible_ranges,
    deviations,
    recovered,
    share_deviations,
    stabilised,
)


@given(st.floats(0, 1e6), st.floats(0.0, 0.8))
def test_the_transformation_and_its_inverse(count, spread):
    assert recovered(stabilised(count, spread), spread) == pytest.approx(count, abs=1e-4, rel=1e-6)


def test_the_transformation_is_the_square_root_of_poisson_counts_and_the_logarithm_of_large_ones():
    assert stabilised(100.0, 0.0) == pytest.approx(2 * np.sqrt(100.375), rel=1e-6)
    far = stabilised(2e6, 0.2) - stabilised(1e6, 0.2)
    assert far == pytest.approx(np.log(2) / 0.2, rel=1e-3)


@pytest.mark.parametrize(("mean", "spread"), [(20, 0.0), (20, 0.2), (400, 0.1), (3000, 0.15)])
def test_on_that_scale_the_standard_deviation_of_a_negative_binomial_is_one(mean, spread):
    chance = np.random.default_rng(1)
    rate = chance.gamma(1 / spread**2, mean * spread**2, 40_000) if spread else mean
    counts = chance.poisson(rate, 40_000)
    assert deviations(counts, mean, spread).std() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("mean", "spread"), [(2, 0.3), (7, 0.12), (30, 0.5)])
def test_the_chance_of_none_is_that_of_the_negative_binomial(mean, spread):
    size = 1 / spread**2
    assert chance_of_none(mean, spread) == pytest.approx(stats.nbinom.pmf(0, size, size / (size + mean)))


@pytest.mark.parametrize("mean", [9, 50, 800])
def test_the_chance_of_two_equal_counts(mean):
    counts = np.arange(0, 20 * mean + 50)
    exact = (stats.poisson.pmf(counts, mean) ** 2).sum()
    assert chance_of_equal(mean, 0.0) == pytest.approx(exact, rel=0.03)
    assert chance_of_equal(0, 0.0) == 1


def honest(seed, months=48, level=300, season=0.2):
    chance, time = np.random.default_rng(seed), np.arange(months)
    return chance.poisson(level * (1 + season * np.sin(2 * np.pi * time / 12)) * np.exp(0.003 * time)).astype(float)


def test_new_points_are_expected_from_those_before_them_with_their_season():
    values = honest(4)
    found = credible_ranges([values], 12, latest=45)
    assert found.expected[0, 45:] == pytest.approx(values[45:], rel=0.2)
    other = values.copy()
    other[45:] = [0, 9e9, 5]
    again = credible_ranges([other], 12, latest=45)
    np.testing.assert_array_equal(again.expected, found.expected)  # none of them tells on itself or on its neighbours
    assert (np.abs(again.deviation[0, 45:]) > 5).all()
    low, high = found.ends(5.0)
    assert (low[0, 45:] < values[45:]).all() and (values[45:] < high[0, 45:]).all()


def test_honest_points_are_hardly_ever_far_out():
    found = [credible_ranges([honest(seed)], 12, latest=45).deviation for seed in range(150)]
    assert np.mean(np.abs(np.concatenate(found)) > 4) < 0.001


@given(place=st.integers(6, 40), factor=st.sampled_from([0.1, 5.0, 10.0, 1000.0]))
def test_a_wrong_point_hides_neither_itself_nor_its_neighbours(place, factor):
    values = honest(7)
    before = credible_ranges([values], 12, latest=45).deviation[0]
    values[place] *= factor
    after = credible_ranges([values], 12, latest=45).deviation[0]
    assert abs(after[place]) > 5
    others = np.delete(np.arange(48), place)
    assert np.abs(after[others]).max() < max(5, np.abs(before[others]).max() + 1)


def test_short_histories_have_no_range():
    found = credible_ranges([[5.0, 6, 5, 7, 6, 90]], 12, latest=5)
    assert np.isnan(found.expected).all()
    found = credible_ranges([[5.0, 6, 5, 7, 6, 6, 900]], 12, latest=6)
    assert found.deviation[0, 6] > 5


def test_gaps_stay_gaps_and_series_do_not_touch():
    values = np.array([honest(1), honest(2)])
    values[0, 10] = np.nan
    found = credible_ranges(values, 12, latest=45)
    assert np.isnan(found.deviation[0, 10]) and np.isfinite(found.deviation[0, 11])
    alone = credible_ranges(values[1:], 12, latest=45)
    np.testing.assert_array_equal(found.deviation[1:], alone.deviation)


@pytest.mark.parametrize("values", [np.zeros((2, 30)), np.full((1, 30), np.nan), np.empty((0, 12)), np.ones((1, 1))])
@pytest.mark.parametrize("are_counts", [True, False])
def test_nothing_breaks_on_odd_series(values, are_counts):
    found = credible_ranges(values, 12, latest=max(0, values.shape[1] - 3), are_counts=are_counts)
    assert found.deviation.shape == values.shape
    assert not (np.abs(found.deviation) > 5).any()


def test_rates_have_no_chance_of_counts():
    rates = 0.02 * (1 + 0.02 * np.random.default_rng(3).standard_normal(40))
    found = credible_ranges([rates], 12, latest=37, are_counts=False)
    assert np.nanmax(np.abs(found.deviation)) < 5
    rates[-1] *= 100
    assert credible_ranges([rates], 12, latest=37, are_counts=False).deviation[0, -1] > 5


def test_decimals_of_both_signs_have_no_range():
    values = np.array([[0.5, -0.2, 0.1, 0.4, -0.6, 0.3, 0.2, 900.0], [5.1, 5.0, 5.2, 5.1, 4.9, 5.0, 5.1, 900.0]])
    found = credible_ranges(values, 1, latest=7, are_counts=False)
    assert np.isnan(found.deviation[0]).all() and found.deviation[1, 7] > 5


def test_shares_are_judged_by_the_size_of_their_sample():
    chance = np.random.default_rng(5)
    bases = np.array([chance.poisson(70, 30), chance.poisson(700, 30)]).astype(float)
    parts = chance.binomial(bases.astype(int), 0.85).astype(float)
    assert np.nanmax(np.abs(share_deviations(parts, bases, 27))) < 4.5
    parts[:, -1] = np.round(bases[:, -1] * 0.72)
    small, large = share_deviations(parts, bases, 27)[:, -1]
    assert -4.5 < small < -1.5 and large < -5
    parts[0, -1] = bases[0, -1] + 1
    assert share_deviations(parts, bases, 27)[0, -1] == np.inf
    bases[0, 3] = parts[0, 3] = 0  # nobody was asked
    assert np.isnan(share_deviations(parts, bases, 27)[0, 3])
