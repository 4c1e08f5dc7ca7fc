"""The margin of one figure, and of a difference of two, against published values, other software and simulation."""

from itertools import pairwise

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.stats.proportion import proportion_confint

from panelpack.statistics import margins, significance
from panelpack.statistics.significance import POISSON, Dispersion, Interval


# R: poisson.test(10), poisson.test(0), poisson.test(3).
@pytest.mark.parametrize(
    ("count", "lower", "upper"), [(10, 4.795389, 18.390356), (0, 0, 3.688879), (3, 0.6186721, 8.7672731)]
)
def test_a_small_count_has_the_exact_interval_of_r(count, lower, upper):
    margin = margins.count_margin(count)
    assert (margin.lower, margin.upper) == pytest.approx((lower, upper), abs=1e-6)


@given(st.integers(1, 10), st.floats(0.5, 0.999))
def test_the_exact_interval_is_garwoods_at_any_level(count, level):
    tail = (1 - level) / 2
    expected = (chi2.ppf(tail, 2 * count) / 2, chi2.ppf(1 - tail, 2 * count + 2) / 2)
    margin = margins.count_margin(count, POISSON, level)
    assert (margin.lower, margin.upper) == pytest.approx(expected)


@pytest.mark.parametrize("points", [[340, 420, 365, 455, 310, 402], [120, 150, 90, 138], [52, 61, 40, 55, 49, 70] * 2])
def test_a_large_count_has_the_interval_of_a_quasi_poisson_regression(points):
    fitted = sm.GLM(np.array(points), np.ones(len(points)), family=sm.families.Poisson()).fit(
        scale="X2", tol=1e-12, use_t=True
    )
    margin = margins.count_margin(sum(points), significance.dispersion(points))
    assert (margin.lower, margin.upper) == pytest.approx(tuple(len(points) * np.exp(fitted.conf_int()[0])), rel=1e-6)


def test_the_interval_of_a_large_count_by_hand():
    # exp(1.959964 x sqrt(4 / 400)) = 1.216522: 400 cases at dispersion 4 tell as much as 100.
    margin = margins.count_margin(400, Dispersion(4.0))
    assert (margin.lower, margin.upper) == pytest.approx((400 / 1.216522, 400 * 1.216522), rel=1e-5)


@pytest.mark.parametrize("freedom", [2, 6, 22, np.inf])
@pytest.mark.parametrize("factor", [1, 1.3, 4, 21])
def test_one_case_more_never_moves_an_end_down_and_a_wider_level_never_moves_one_in(factor, freedom):
    spread = Dispersion(factor, freedom)
    found = [margins.count_margin(count, spread) for count in range(700)]
    assert all(a.lower <= b.lower and a.upper < b.upper for a, b in pairwise(found))
    assert all(a.lower <= count <= a.upper for count, a in enumerate(found))
    wider = [margins.count_margin(count, spread, 0.99) for count in range(700)]
    assert all(w.lower <= a.lower and a.upper < w.upper for a, w in zip(found, wider, strict=True))


@pytest.mark.parametrize("mean", [3, 8, 14, 25, 400])
def test_the_interval_of_a_count_holds_its_mean_about_nineteen_times_in_twenty(mean):
    counts = np.random.default_rng(4).poisson(mean, 4000)
    ends = {count: margins.count_margin(count) for count in set(counts)}
    held = np.mean([ends[count].lower <= mean <= ends[count].upper for count in counts])
    assert 0.93 <= held <= 0.99


@pytest.mark.parametrize("count", [-1, 9.5, float("nan"), float("inf")])
def test_what_is_no_count_has_no_margin(count):
    with pytest.raises(ValueError, match="expected a count"):
        margins.count_margin(count)


# ------------------------------------------------------------------------------------------------- shares
# Newcombe 1998, Statistics in Medicine 17, 857-872, Table I, method 3.
@pytest.mark.parametrize(
    ("successes", "n", "lower", "upper"),
    [(81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0, 16.11), (1, 29, 0.61, 17.18)],
)
def test_a_share_has_wilsons_interval(successes, n, lower, upper):
    margin = margins.share_margin(100 * successes / n, n)
    assert (margin.lower, margin.upper) == pytest.approx((lower, upper), abs=0.005)


@given(st.floats(0, 100), st.integers(1, 5000), st.sampled_from([0.8, 0.95, 0.99]))
def test_a_share_of_no_whole_number_is_not_rounded(share, n, level):
    expected = proportion_confint(share / 100 * n, n, alpha=1 - level, method="wilson")
    margin = margins.share_margin(share, n, level)
    assert (margin.lower, margin.upper) == pytest.approx(tuple(100 * end for end in expected), abs=1e-9)


@given(st.floats(0, 100), st.floats(0, 100), st.integers(1, 900), st.integers(1, 900))
def test_the_change_of_shares_as_supplied_is_that_of_their_intervals(now, before, now_base, before_base):
    change = significance.share_change(now, now_base, before, before_base)
    of_two = margins.difference(
        now, margins.share_margin(now, now_base), before, margins.share_margin(before, before_base)
    )
    assert (change.lower, change.upper) == pytest.approx((of_two.lower, of_two.upper), abs=1e-9)


@given(st.integers(1, 500), st.integers(1, 500), st.floats(0, 1), st.floats(0, 1))
def test_shares_as_supplied_with_all_their_digits_change_as_their_counts_do(now_base, before_base, share, other):
    now, before = round(share * now_base), round(other * before_base)
    counted = significance.proportion_change(now, now_base, before, before_base)
    supplied = significance.share_change(100 * now / now_base, now_base, 100 * before / before_base, before_base)
    assert (supplied.lower, supplied.upper) == pytest.approx((counted.lower, counted.upper), abs=1e-9)


@pytest.mark.parametrize(("share", "base"), [(101, 10), (-1, 10), (50, 0), (50, -3), (float("nan"), 10), (50, np.inf)])
def test_what_is_no_share_is_refused(share, base):
    with pytest.raises(ValueError, match="expected a share from 0 to 100 and a base above 0"):
        margins.share_margin(share, base)
    with pytest.raises(ValueError, match="expected a share"):
        significance.share_change(50, 100, share, base)


# ------------------------------------------------------------------------------------- intervals of their own
def test_half_widths_of_three_and_four_make_five():
    assert margins.difference(60, Interval(57, 63), 50, Interval(46, 54)) == Interval(5, 15)


def test_each_half_width_counts_towards_its_own_side():
    # Down: what the latest may be lower and the baseline higher, 3 and 4; up: 5 and 12.
    assert margins.difference(60, Interval(57, 65), 50, Interval(38, 54)) == Interval(5, 23)


def test_a_surveys_own_interval_keeps_its_ends_and_grows_with_the_level():
    assert margins.stated_margin(78.6, 76.1, 80.2) == Interval(78.6 - (78.6 - 76.1), 78.6 + (80.2 - 78.6))
    wide = margins.stated_margin(80, 78, 81, 0.99)
    # 2.575829 / 1.959964 = 1.314223
    assert (wide.lower, wide.upper) == pytest.approx((80 - 2 * 1.314223, 80 + 1.314223), abs=1e-5)


@pytest.mark.parametrize(("lower", "upper"), [(79, 81), (70, 78), (81, 70), (float("nan"), 90)])
def test_an_interval_that_does_not_hold_its_value_is_refused(lower, upper):
    with pytest.raises(ValueError, match="expected one that holds it"):
        margins.stated_margin(78.6, lower, upper)
