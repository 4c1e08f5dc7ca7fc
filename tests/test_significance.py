"""Intervals against published examples and against hand calculation."""

import numpy as np
import pytest
from scipy.stats import binomtest

from panelpack import significance
from panelpack.significance import Interval


@pytest.mark.parametrize(
    ("lower", "upper", "excludes"),
    [(-2, -1, True), (1, 2, True), (-1, 1, False), (0, 2, False), (-2, 0, False), (0, 0, False)],
)
def test_an_interval_that_touches_zero_does_not_exclude_no_change(lower, upper, excludes):
    assert Interval(lower, upper).excludes_none is excludes


# Newcombe 1998, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 857-872,
# Table I, method 3.
@pytest.mark.parametrize(
    ("successes", "base", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson(successes, base, lower, upper):
    assert significance.wilson(successes, base) == pytest.approx((lower, upper), abs=5e-5)


@pytest.mark.parametrize("base", [1, 7, 20, 100, 263])
def test_wilson_stays_between_nothing_and_all(base):
    low, high = significance.wilson(0, base)
    assert low == pytest.approx(0, abs=1e-12)
    mirrored = significance.wilson(base, base)
    assert mirrored == pytest.approx((1 - high, 1 - low))


# Newcombe 1998, Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
# 873-890, Table II, method 10.
@pytest.mark.parametrize(
    ("latest", "baseline", "lower", "upper"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_the_difference_of_proportions_is_newcombes(latest, baseline, lower, upper):
    change = significance.proportion_change(*latest, *baseline)
    assert (change.lower, change.upper) == pytest.approx((100 * lower, 100 * upper), abs=0.005)


def test_the_responses_that_the_fall_of_priority_7_would_need():
    # A fall from 84.2% to 83.5% is beyond chance from about 21,000 responses a period on.
    def shares(n):
        return significance.proportion_change(0.835 * n, n, 0.842 * n, n)

    assert not shares(399).excludes_none
    assert not shares(20_000).excludes_none
    assert shares(22_000).excludes_none


# ---------------------------------------------------------------------------------------------- counts
@pytest.mark.parametrize(("latest", "baseline"), [(3, 9), (9, 3), (1, 1), (5, 20), (40, 9)], ids=str)
def test_small_counts_get_the_exact_interval(latest, baseline):
    share = binomtest(latest, latest + baseline).proportion_ci(0.95, method="exact")
    expected = [100 * (p / (1 - p) - 1) for p in (share.low, share.high)]
    change = significance.count_change(latest, baseline)
    assert (change.lower, change.upper) == pytest.approx(expected)


def test_none_against_five_by_hand():
    # Clopper and Pearson's upper end for 0 of 5 is 1 - 0.025 to the power 1/5.
    share = 1 - 0.025**0.2
    change = significance.count_change(0, 5)
    assert (change.lower, change.upper) == pytest.approx((-100, 100 * (share / (1 - share) - 1)))


@pytest.mark.parametrize(("latest", "baseline", "exact"), [(9, 50, True), (50, 9, True), (10, 10, False)], ids=str)
def test_the_exact_interval_ends_below_ten(latest, baseline, exact):
    # The exact interval takes no dispersion; the other one widens with it.
    one, four = (significance.count_change(latest, baseline, dispersion) for dispersion in (1, 4))
    assert (one == four) is exact


def test_the_normal_interval_by_hand():
    # The logarithm of 326/667 is -0.71592; its standard error at dispersion 4 is 2 * sqrt(1/326 + 1/667).
    error = 2 * np.sqrt(1 / 326 + 1 / 667)
    low, high = (100 * (326 / 667 * np.exp(sign * 1.959964 * error) - 1) for sign in (-1, 1))
    change = significance.count_change(326, 667, 4)
    assert (change.lower, change.upper) == pytest.approx((low, high), rel=1e-6)


def test_no_change_is_never_beyond_chance():
    for count in (1, 9, 10, 1000):
        assert not significance.count_change(count, count).excludes_none


def test_a_plain_poisson_interval_calls_violence_with_injury_a_change_and_a_dispersed_one_does_not():
    assert significance.count_change(4609, 4365).excludes_none
    assert not significance.count_change(4609, 4365, 2).excludes_none


@pytest.mark.parametrize("baseline", [0, -1])
def test_no_change_in_percent_exists_without_a_baseline(baseline):
    with pytest.raises(ValueError, match="baseline above 0"):
        significance.count_change(5, baseline)


# ------------------------------------------------------------------------------------------ dispersion
@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([[5, 15]], 5.0),  # (25 + 25) / 10 over one degree of freedom
        ([[5, 15], [20, 20]], 2.5),
        ([[10, 10, 10]], 1.0),
        ([[9, 11, 10]], 1.0),  # 0.1 is less than Poisson counts vary: the floor
        ([[7], [9]], 1.0),
        ([[], []], 1.0),
        ([[0, 0, 0]], 1.0),
        ([[0, 0], [5, 15]], 5.0),
        ([[100, 100], [400, 400]], 1.0),  # a change between the periods is not dispersion inside them
    ],
    ids=str,
)
def test_dispersion_by_hand(periods, expected):
    assert significance.dispersion(*periods) == pytest.approx(expected)


def test_dispersion_tells_poisson_counts_from_over_dispersed_ones():
    draws = np.random.default_rng(1)
    poisson = significance.dispersion(draws.poisson(50, 2000))
    # A negative binomial of mean 50 and variance 50 + 50²/10 = 300, six times its mean.
    dispersed = significance.dispersion(draws.negative_binomial(10, 10 / 60, 2000))
    assert poisson == pytest.approx(1, abs=0.1)
    assert dispersed == pytest.approx(6, rel=0.15)
