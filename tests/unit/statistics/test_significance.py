"""Intervals against published examples and against hand calculation."""

from itertools import pairwise

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom, binomtest, t
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from panelpack.statistics import significance
from panelpack.statistics.significance import Dispersion, Interval


@pytest.mark.parametrize(
    ("lower", "upper", "excludes"),
    [(-2, -1, True), (1, 2, True), (-1, 1, False), (0, 2, False), (-2, 0, False), (0, 0, False)],
)
def test_an_interval_that_touches_zero_does_not_exclude_no_change(lower, upper, excludes):
    assert Interval(lower, upper).excludes_none is excludes


# Newcombe 1998, Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
# 873-890, Table II, method 10.
@pytest.mark.parametrize(
    ("latest", "baseline", "lower", "upper"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_difference_of_proportions_is_newcombes(latest, baseline, lower, upper):
    change = significance.proportion_change(*latest, *baseline)
    assert (change.lower, change.upper) == pytest.approx((100 * lower, 100 * upper), abs=0.005)


# Wilson's limits of a single proportion (Newcombe 1998, Statistics in Medicine 17, 857-872, Table I, method 3) are the
# parts that the difference is made of: lower = d - sqrt((p1 - l1)^2 + (u2 - p2)^2), and upper alike.
WILSON = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)}


@pytest.mark.parametrize("latest", WILSON)
@pytest.mark.parametrize("baseline", WILSON)
def test_the_difference_is_made_of_wilsons_limits(latest, baseline):
    (p1, p2), (l1, u1), (l2, u2) = (s / n for s, n in (latest, baseline)), WILSON[latest], WILSON[baseline]
    lower = p1 - p2 - np.hypot(p1 - l1, u2 - p2)
    upper = p1 - p2 + np.hypot(u1 - p1, p2 - l2)
    change = significance.proportion_change(*latest, *baseline)
    assert (change.lower, change.upper) == pytest.approx((100 * lower, 100 * upper), abs=0.01)


@given(st.integers(1, 500), st.integers(1, 500), st.floats(0, 1), st.floats(0, 1))
def test_the_difference_is_that_of_statsmodels(latest_base, baseline_base, share, other):
    latest, baseline = round(share * latest_base), round(other * baseline_base)
    expected = confint_proportions_2indep(
        latest, latest_base, baseline, baseline_base, compare="diff", method="newcomb", alpha=0.05
    )
    change = significance.proportion_change(latest, latest_base, baseline, baseline_base)
    assert (change.lower, change.upper) == pytest.approx(tuple(100 * end for end in expected), abs=1e-9)


@pytest.mark.parametrize("base", [1, 7, 20, 100, 263])
def test_the_difference_stays_between_nothing_and_all_and_turns_with_its_sides(base):
    change = significance.proportion_change(base, base, 0, base)
    assert -100 < change.lower < change.upper == pytest.approx(100)
    turned = significance.proportion_change(0, base, base, base)
    assert (turned.lower, turned.upper) == pytest.approx((-change.upper, -change.lower))


def test_the_responses_that_the_fall_of_priority_7_would_need():
    # A fall from 84.2% to 83.5% is beyond chance from about 21,000 responses a period on.
    def shares(n):
        return significance.proportion_change(round(0.835 * n), n, round(0.842 * n), n)

    assert not shares(399).excludes_none
    assert not shares(20_000).excludes_none
    assert shares(22_000).excludes_none


@pytest.mark.parametrize(
    "answers", [(11, 10, 3, 10), (-1, 10, 3, 10), (3, 0, 3, 10), (3.5, 10, 3, 10), (3, float("nan"), 3, 10)], ids=str
)
def test_answers_that_are_none_are_refused(answers):
    with pytest.raises(ValueError, match=r"^found "):
        significance.proportion_change(*answers)


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


# R: poisson.test(c(9, 22)).
def test_the_exact_interval_is_that_of_r():
    change = significance.count_change(9, 22)
    assert (change.lower, change.upper) == pytest.approx((-83.41883, -7.558836), abs=1e-5)


# R: glm(family = quasipoisson) of the thirteen quarters of first-time entrants: dispersion 1.40006, t(6).
def test_a_large_count_has_students_t():
    change = significance.count_change(326, 667, Dispersion(1.40006, 6))
    assert (change.lower, change.upper) == pytest.approx((-59.8099, -40.5620), abs=1e-4)


def test_the_interval_by_logarithms_by_hand():
    # The logarithm of 326/667 is -0.71592; its standard error at dispersion 4 is 2 * sqrt(1/326 + 1/667).
    error = 2 * np.sqrt(1 / 326 + 1 / 667)
    low, high = (100 * (326 / 667 * np.exp(sign * 1.959964 * error) - 1) for sign in (-1, 1))
    change = significance.count_change(326, 667, Dispersion(4.0))
    assert (change.lower, change.upper) == pytest.approx((low, high), rel=1e-6)


def test_a_small_count_keeps_the_dispersion():
    # 9 against 22 at dispersion 4 tell as much as 2.25 against 5.5 Poisson cases do.
    change = significance.count_change(9, 22, Dispersion(4.0))
    low, high = (beta.ppf(tail, *of) for tail, of in ((0.025, (2.25, 6.5)), (0.975, (3.25, 5.5))))
    assert (change.lower, change.upper) == pytest.approx([100 * (p / (1 - p) - 1) for p in (low, high)])
    assert not change.excludes_none  # though of Poisson counts it would


@pytest.mark.parametrize("freedom", [2, 6, 22, np.inf])
@pytest.mark.parametrize("factor", [1, 1.3, 2, 4, 8, 21])
@pytest.mark.parametrize("baseline", [0, 3, 9, 10, 15, 22, 30, 77, 150, 340])
def test_one_case_more_turns_no_verdict_back(baseline, factor, freedom):
    spread, latest = Dispersion(factor, freedom), range(0, 200)
    changes = [significance.count_change(count, baseline, spread) for count in latest]
    for is_beyond in ([change.upper < 0 for change in changes], [change.lower > 0 for change in changes]):
        assert sum(before != after for before, after in pairwise(is_beyond)) <= 1


def test_from_nothing_there_is_an_exact_test_and_no_upper_end():
    change = significance.count_change(7, 0)
    # Clopper and Pearson's lower end for 7 of 7 is 0.025 to the power 1/7.
    share = 0.025 ** (1 / 7)
    assert (change.lower, change.upper) == pytest.approx((100 * (share / (1 - share) - 1), np.inf))
    assert not significance.count_change(0, 0).excludes_none
    assert not significance.count_change(3, 0).excludes_none


@pytest.mark.parametrize("count", [-1, 9.5, float("nan"), float("inf")])
def test_what_is_no_count_is_refused(count):
    for counts in ((count, 10), (10, count)):
        with pytest.raises(ValueError, match="expected a count: a whole number, 0 or more"):
            significance.count_change(*counts)
    if count != -1:  # a month in which a correction took off more than was counted
        with pytest.raises(ValueError, match="expected a count"):
            significance.dispersion([count, 1.0])


def test_an_interval_that_is_no_number_is_refused_and_counts_as_no_change_nowhere():
    with pytest.raises(ValueError, match="expected numbers"):
        Interval(float("nan"), float("nan"))


PERIODS = {
    "over-dispersed": ([340, 420, 365, 455, 310, 402], [395, 470, 350, 505, 410, 388]),
    "a fall": ([52, 61, 40, 55, 49, 70, 58, 45, 66, 51, 60, 60], [30, 22, 28, 35, 19, 31, 27, 26, 24, 33, 29, 22]),
    "quarters": ([120, 150, 90, 138], [101, 160, 133, 97]),
}


@pytest.mark.parametrize("periods", PERIODS.values(), ids=PERIODS)
def test_a_dispersed_interval_is_that_of_a_quasi_poisson_regression(periods):
    # A regression of the points on their period: log(mean) = a + b * (latest); b is the logarithm of the ratio.
    baseline, latest = periods
    is_latest = np.repeat([0.0, 1.0], [len(baseline), len(latest)])
    model = sm.GLM(np.concatenate(periods), sm.add_constant(is_latest), family=sm.families.Poisson())
    fitted = model.fit(scale="X2", tol=1e-12, use_t=True)
    spread = significance.dispersion(*periods)
    assert spread.factor == pytest.approx(fitted.scale) and spread.factor > 1
    assert spread.degrees_of_freedom == fitted.df_resid
    change = significance.count_change(sum(latest), sum(baseline), spread)
    expected = 100 * np.expm1(fitted.conf_int()[1])
    assert (change.lower, change.upper) == pytest.approx(tuple(expected), rel=1e-6)


# ------------------------------------------------------------------------------------- unequal exposure
THREE_YEARS = [330, 398, 351, 397, 330, 377, 340, 407, 360, 398, 330, 398, 320, 371, 350, 380, 352, 390]


@pytest.mark.parametrize("latest", [[300, 360, 310, 365, 299, 350], [350, 418, 350, 418, 380, 418]], ids=str)
def test_a_year_against_the_mean_of_three_is_that_of_a_quasi_poisson_regression(latest):
    # The regression of points on their period knows no exposure: it compares the means of eighteen and of six points.
    is_latest = np.repeat([0.0, 1.0], [len(THREE_YEARS), len(latest)])
    model = sm.GLM(np.concatenate([THREE_YEARS, latest]), sm.add_constant(is_latest), family=sm.families.Poisson())
    fitted = model.fit(scale="X2", tol=1e-12, use_t=True)
    spread = significance.dispersion(THREE_YEARS, latest)
    change = significance.count_change(sum(latest), sum(THREE_YEARS), spread, exposure=3)
    assert (change.lower, change.upper) == pytest.approx(tuple(100 * np.expm1(fitted.conf_int()[1])), rel=1e-6)


def test_the_mean_of_three_years_by_hand():
    # 300 against 1,200 in three years, 400 a year: log(300 / 400) = -0.287682, variance 1/300 + 1/1200 = 0.0041667,
    # 1.959964 x 0.0645497 = 0.126515: exp(-0.414197) = 0.660870, exp(-0.161167) = 0.851150.
    change = significance.count_change(300, 1200, exposure=3)
    assert (change.lower, change.upper) == pytest.approx((-33.9130, -14.8850), abs=1e-3)


@pytest.mark.parametrize("exposure", [1, 2, 3, 5, 0.25])
@pytest.mark.parametrize(("latest", "baseline"), [(2, 30), (9, 3), (0, 7), (7, 0), (10, 10)], ids=str)
def test_small_counts_of_unequal_exposure_are_conditional_on_their_sum(latest, baseline, exposure):
    total, expected = latest + baseline, 1 / (1 + exposure)
    share = binomtest(latest, total).proportion_ci(0.95, method="exact")
    ends = [100 * (exposure * p / (1 - p) - 1) if p < 1 else np.inf for p in (share.low, share.high)]
    change = significance.count_change(latest, baseline, exposure=exposure)
    assert (change.lower, change.upper) == pytest.approx(ends)
    p = significance.p_value(lambda level: significance.count_change(latest, baseline, level=level, exposure=exposure))
    tails = binom.cdf(latest, total, expected), binom.sf(latest - 1, total, expected)
    assert p == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-6) or p > 0.99


@pytest.mark.parametrize(("mean", "shape"), [(2, np.inf), (40, np.inf), (400, 40), (60, 12)], ids=str)
def test_of_years_of_one_level_about_one_in_twenty_differs_from_the_mean_of_three(mean, shape):
    # Months of negative binomial counts (Poisson where the shape is infinite), a year against the three before it.
    draw = np.random.default_rng(15)
    levels = np.full((1500, 48), mean) if shape == np.inf else draw.gamma(shape, mean / shape, (1500, 48))
    months = draw.poisson(levels / 4)
    beyond = [
        significance.count_change(
            row[36:].sum(), row[:36].sum(), significance.dispersion(row[:36], row[36:]), exposure=3
        ).excludes_none
        for row in months
    ]
    assert 0.015 <= np.mean(beyond) <= 0.065


@pytest.mark.parametrize("exposure", [0, -1, float("nan"), float("inf")])
def test_an_exposure_that_is_none_is_refused(exposure):
    with pytest.raises(ValueError, match="expected a number above 0"):
        significance.count_change(3, 9, exposure=exposure)


@pytest.mark.parametrize("freedom", [6, np.inf])
@pytest.mark.parametrize("factor", [1, 4])
@pytest.mark.parametrize("exposure", [0.3, 3])
@pytest.mark.parametrize("baseline", [0, 9, 22, 150])
def test_one_case_more_turns_no_verdict_back_of_unequal_exposure(baseline, exposure, factor, freedom):
    spread = Dispersion(factor, freedom)
    changes = [significance.count_change(count, baseline, spread, exposure=exposure) for count in range(600)]
    for is_beyond in ([change.upper < 0 for change in changes], [change.lower > 0 for change in changes]):
        assert sum(before != after for before, after in pairwise(is_beyond)) <= 1


def test_no_change_is_never_beyond_chance():
    for count in (1, 9, 10, 1000):
        assert not significance.count_change(count, count).excludes_none


def test_a_plain_poisson_interval_calls_violence_with_injury_a_change_and_a_dispersed_one_does_not():
    assert significance.count_change(4609, 4365).excludes_none
    assert not significance.count_change(4609, 4365, Dispersion(2.0)).excludes_none


# ------------------------------------------------------------------------------------------ p-values
@given(st.integers(0, 400), st.integers(0, 400), st.floats(1, 20), st.sampled_from([2, 6, 22, np.inf]))
def test_a_p_value_says_what_the_interval_says(latest, baseline, factor, freedom):
    spread = Dispersion(factor, freedom)
    p = significance.p_value(lambda level: significance.count_change(latest, baseline, spread, level))
    excludes = significance.count_change(latest, baseline, spread).excludes_none
    assert (p < 0.05) is excludes or p == pytest.approx(0.05, rel=1e-6)


def test_the_p_value_of_a_small_count_is_that_of_the_exact_test():
    p = significance.p_value(lambda level: significance.count_change(3, 9, level=level))
    assert p == pytest.approx(binomtest(3, 12).pvalue)


def test_the_p_value_of_a_large_count_is_that_of_a_t_test():
    error = np.sqrt(1.5 * (1 / 326 + 1 / 400))
    p = significance.p_value(lambda level: significance.count_change(326, 400, Dispersion(1.5, 6), level))
    assert p == pytest.approx(2 * t.sf(abs(np.log(326 / 400)) / error, 6), rel=1e-6)


def test_benjamini_and_hochbergs_own_example():
    # Benjamini and Hochberg 1995, section 3.2: of fifteen p-values, four stand out at 5%.
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719]
    p_values += [0.6528, 0.7590, 1.0000]
    assert significance.stand_out(p_values[::-1]) == [False] * 11 + [True] * 4


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_which_stand_out_is_what_statsmodels_says(p_values):
    expected = multipletests(p_values, alpha=0.05, method="fdr_bh")[0]
    assert significance.stand_out(p_values) == list(expected)


def test_nothing_tested_stands_nowhere():
    assert significance.stand_out([]) == []


# ------------------------------------------------------------------------------------------ dispersion
@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([[5, 15]], 5.0),  # (25 + 25) / 10 over one degree of freedom
        ([[5, 15], [20, 20]], 2.5),
        ([[10, 10, 10]], 1.0),
        ([[9, 11, 10]], 1.0),  # 0.1 is less than Poisson counts vary: the floor
        ([[7], [9]], 1.0),
        ([[-5, 25]], 45.0),  # (225 + 225) / 10
        ([[-5, 1]], 1.0),  # fewer than none: it says nothing of how counts vary
        ([[], []], 1.0),
        ([[0, 0, 0]], 1.0),
        ([[0, 0], [5, 15]], 5.0),
        ([[100, 100], [400, 400]], 1.0),  # a change between the periods is not dispersion inside them
    ],
    ids=str,
)
def test_dispersion_by_hand(periods, expected):
    assert significance.dispersion(*periods).factor == pytest.approx(expected)


def test_dispersion_tells_poisson_counts_from_over_dispersed_ones():
    draws = np.random.default_rng(1)
    poisson = significance.dispersion(draws.poisson(50, 2000))
    # A negative binomial of mean 50 and variance 50 + 50²/10 = 300, six times its mean.
    dispersed = significance.dispersion(draws.negative_binomial(10, 10 / 60, 2000))
    assert poisson.factor == pytest.approx(1, abs=0.1)
    assert dispersed.factor == pytest.approx(6, rel=0.15)
