"""Limits of a control chart: Laney's p' by hand, rare counts, screening, and how smooth percentages are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.statistics import limits, spc

# Twelve samples: how many were asked, how many said yes; the limits of the first three, as shares.
ASKED = np.array([48, 52, 55, 47, 60, 51, 49, 58, 53, 50, 46, 54], dtype=float)
YES = np.array([39, 45, 44, 41, 47, 42, 36, 49, 45, 40, 38, 46], dtype=float)
FIRST_THREE = [(0.8125, 0.6656, 0.9780), (0.8654, 0.6718, 0.9719), (0.8000, 0.6759, 0.9677)]


def test_laneys_limits_are_those_of_the_worked_example():
    chart = spc.xmr(100 * YES / ASKED, bases=ASKED)
    assert chart["mean"].unique() == pytest.approx([82.183], abs=5e-4)
    assert limits.sample_ratio(100 * YES / ASKED, ASKED) == pytest.approx(0.9426, abs=5e-5)
    for row, expected in enumerate(FIRST_THREE):
        assert chart.loc[row, ["value", "lower", "upper"]].tolist() == pytest.approx(
            [100 * share for share in expected], abs=0.006
        )


def test_laneys_limits_by_hand():
    # 80 of 100 and 90 of 100 in turn: the mean is 85, a binomial standard deviation 3.5707, each move 2.8006 of them.
    chart = spc.xmr([80, 90] * 6, bases=[100] * 12)
    assert (chart["mean"] - chart["lower"])[0] == pytest.approx(3 * 10 / 1.128)
    assert chart["upper"][0] == 100


@given(st.lists(st.tuples(st.integers(30, 200), st.floats(0, 1)), min_size=12, max_size=40))
def test_limits_of_percentages_lie_between_0_and_100_and_no_value_is_outside_that(samples):
    asked = np.array([number for number, _ in samples], dtype=float)
    values = np.array([100 * round(number * share) / number for number, share in samples])
    chart = spc.xmr(values, bases=asked)
    assert chart["lower"].between(0, 100).all() and chart["upper"].between(0, 100).all()


@pytest.mark.parametrize("value", [0, 100])
def test_of_answers_that_are_all_alike_the_limits_are_their_value(value):
    chart = spc.xmr([value] * 12, bases=[40] * 12)
    assert set(chart["lower"]) == set(chart["upper"]) == {value}
    assert set(chart["special_cause"]) == {""}


def test_a_percentage_without_a_base_is_refused():
    with pytest.raises(ValueError, match="a percentage without a base"):
        spc.xmr([80.0] * 12, bases=[40] * 11 + [0])


def test_the_least_that_a_value_can_be_bounds_its_limits_and_moves_no_flag():
    values = [2, 0, 4, 1, 3, 0] * 4
    free, counts = spc.xmr(values), spc.xmr(values, least=0)
    assert free["lower"][0] < 0 == counts["lower"][0]
    assert list(free["special_cause"]) == list(counts["special_cause"])


# ------------------------------------------------------------------------------------------------- rare counts
def test_one_count_after_a_year_of_none_flags_one_point_at_most():
    assert (spc.xmr([0] * 12 + [1])["special_cause"] != "").sum() <= 1


@pytest.mark.parametrize("mean", [0.05, 0.1, 0.2, 0.5])
def test_the_latest_point_of_rare_counts_is_flagged_in_5_of_100_at_most(mean):
    drawn = (np.random.default_rng(seed).poisson(mean, 39) for seed in range(400))
    assert sum(spc.xmr(counts)["special_cause"].iloc[-1] != "" for counts in drawn) <= 20


@pytest.mark.parametrize(
    ("values", "rare"),
    [
        ([0] * 12, True),
        ([0, 1] * 6, True),
        ([0, 1, 2] * 4, False),
        ([0.5, 0.2] * 6, False),
        ([-1, 1] * 6, False),
        ([np.nan, 0, 0, 1], True),
        ([np.nan] * 3, False),
    ],
)
def test_rare_counts_are_whole_and_below_one_a_period(values, rare):
    assert limits.is_rare(np.array(values, dtype=float)) is rare


# ------------------------------------------------------------------------------------------------- screening
def test_screening_never_leaves_a_range_of_nothing_in_a_series_that_is_not_constant():
    step = spc.xmr([1] * 6 + [2] * 7)
    assert (step["upper"] > step["lower"]).all()
    assert set(spc.xmr([1] * 6 + [2] * 7, steady=True)["no_limits"]) == {"unsteady"}
    assert limits.mean_range(np.array([0, 0, 0, 0, 0, 1.0]), True) == pytest.approx(1 / 6)
    assert limits.mean_range(np.array([1, 1, 1, 1, 1, 30.0]), True) == 1


# ------------------------------------------------------------------------------------------------- smoothness
@pytest.mark.parametrize("asked", [30, 60, 500])
def test_binomial_samples_vary_as_samples_do_and_rolling_ones_far_less(asked):
    chance = np.random.default_rng(asked)
    answers = chance.binomial(asked, 0.8, 400) / asked * 100
    rolling = np.convolve(answers, np.ones(12) / 12, mode="valid")
    assert limits.sample_ratio(answers, np.full(400, asked)) == pytest.approx(1, abs=0.12)
    assert limits.sample_ratio(rolling, np.full(len(rolling), asked)) < 0.3 < limits.SMOOTHEST


def test_without_answers_there_is_no_ratio():
    assert np.isnan(limits.sample_ratio(np.array([np.nan, 80.0]), np.array([0.0, 40.0])))
    assert np.isnan(limits.sample_ratio(np.array([]), np.array([])))
