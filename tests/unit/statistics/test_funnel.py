"""Funnels: the vector that FunnelPlotR gives, shares by hand, what cannot be, and what must hold of any units."""

from math import asin, log, sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_effectsize

from panelpack.statistics.funnel import (
    FAR_LEVEL,
    centiles,
    chance_of_count,
    chance_of_share,
    change_funnel,
    half_width,
    over_dispersion,
    ratio_funnel,
    share_funnel,
    winsorised,
)

# Six institutions, run in R: FunnelPlotR at 9020d497, its logarithmic version, winsorised at 10%.
OBSERVED, EXPECTED = [100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220]
counts = st.lists(st.tuples(st.integers(1, 5000), st.integers(20, 5000)), min_size=3, max_size=30)


def test_it_is_what_funnelplotr_gives():
    funnel = ratio_funnel(OBSERVED, EXPECTED)
    assert funnel.z_chance == pytest.approx([-0.7998, 3.0917, 1.1177, -1.675, 1.8232, 0.3333], abs=5e-5)
    drawn_in = [-0.7998, 2.4574, 1.1177, -1.2374, 1.8232, 0.3333]
    assert winsorised(funnel.z_chance) == pytest.approx(drawn_in, abs=1e-4)
    assert funnel.between.phi == pytest.approx(2.149053, abs=5e-7)
    assert funnel.between.tau2 == pytest.approx(0.01211849, abs=5e-9)
    assert funnel.between.units == 6 and funnel.target == 1


def test_so_are_its_limits():
    funnel = ratio_funnel(OBSERVED, EXPECTED)
    low, high = funnel.limits(chance_of_count([100, 1000]))
    assert low == pytest.approx([0.7471508, 0.7989298], abs=2e-5)
    assert high == pytest.approx([1.338418, 1.251674], abs=2e-5)
    # FunnelPlotR takes 3.09 standard deviations for 99.8%, which are 3.0902.
    low, high = funnel.limits(chance_of_count([100, 1000]), FAR_LEVEL)
    assert low == pytest.approx([0.6315469, 0.7019198], abs=1e-4)
    assert high == pytest.approx([1.583414, 1.424664], abs=2e-4)


def test_the_distance_is_by_what_units_differ_by_and_not_by_chance_alone():
    funnel = ratio_funnel(OBSERVED, EXPECTED)
    by_hand = [log(o / e) / sqrt(1 / e + funnel.between.tau2) for o, e in zip(OBSERVED, EXPECTED, strict=True)]
    assert funnel.z == pytest.approx(by_hand)
    assert funnel.z_chance[1] > 3 and funnel.outside().tolist() == [False, True, False, False, False, False]
    assert funnel.position(1) == "above" and funnel.position(1, FAR_LEVEL) == "within"
    assert funnel.position(3) == "within" and funnel.position(3, level=0.5) == "below"


def test_units_that_differ_by_chance_alone_have_the_limits_of_chance():
    expected = [100.0] * 20
    funnel = ratio_funnel([100 + (-1) ** n * n / 4 for n in range(20)], expected)
    assert funnel.between.phi < 1 and funnel.between.tau2 == 0
    assert funnel.z.tolist() == funnel.z_chance.tolist()


def test_one_unit_alone_differs_from_nothing():
    assert over_dispersion([3.0], [0.1]).tau2 == 0
    assert over_dispersion([3.0, 2.0], [1e-9, 1e9]).tau2 == 0  # nor does one beside which the others weigh nothing


def test_a_count_of_nothing_has_a_place():
    funnel = ratio_funnel([0, *OBSERVED], [108, *EXPECTED])
    assert np.isfinite(funnel.z).all() and funnel.value[0] == 0 and funnel.z[0] == funnel.z.min()
    assert funnel.z_chance[0] == pytest.approx(sqrt(108) * log(0.5 / 108))  # as if half a case had come


def test_shares_are_compared_on_angles():
    """Worked by hand: 30 of 120 and 10 of 80 are 40 of 200, or 20%; arcsin(√0.25) is 30°, arcsin(√0.125) 20.70°."""
    funnel = share_funnel([30, 10], [120, 80])
    assert funnel.target == 0.2 and funnel.value.tolist() == [0.25, 0.125]
    whole = asin(sqrt(0.2))
    by_hand = [(asin(0.5) - whole) * 2 * sqrt(120), (asin(sqrt(0.125)) - whole) * 2 * sqrt(80)]
    assert funnel.z_chance == pytest.approx(by_hand)
    assert np.degrees(asin(0.5)) == pytest.approx(30) and by_hand == pytest.approx([1.3135, -1.8296], abs=5e-5)


def test_they_are_as_far_from_each_other_as_statsmodels_finds_them():
    shares, bases = np.array([0.31, 0.44, 0.52, 0.61]), np.array([200, 300, 250, 120])
    funnel = share_funnel(shares * bases, bases)
    effects = proportion_effectsize(shares, funnel.target)  # twice the difference of the angles
    assert funnel.z_chance == pytest.approx(effects * np.sqrt(bases))


def test_limits_of_shares_stay_between_nothing_and_all():
    funnel = share_funnel([1, 1, 2, 40], [50, 60, 70, 900])
    low, high = funnel.limits(chance_of_share([1, 5, 1_000_000]), FAR_LEVEL)
    assert (low >= 0).all() and (high <= 1).all() and (low <= funnel.target).all() and (high >= funnel.target).all()
    assert high[0] > high[1] > high[2]


def test_a_change_is_held_to_that_of_all_together():
    before, latest, variances = [100, 200, 300], [110, 150, 330], [0.02, 0.01, 0.03]
    funnel = change_funnel(before, latest, variances)
    assert funnel.target == pytest.approx(590 / 600)
    by_hand = [log(b / a / funnel.target) / sqrt(v) for a, b, v in zip(before, latest, variances, strict=True)]
    assert funnel.z_chance == pytest.approx(by_hand)
    assert funnel.value == pytest.approx([1.1, 0.75, 1.1])


@pytest.mark.parametrize(("make", "says"), [
    (lambda: ratio_funnel([1, 2], [1]), "2 observed and 1 expected"),
    (lambda: ratio_funnel([], []), "0 observed and 0 expected"),
    (lambda: ratio_funnel([1, 2], [1, 0]), "expected count of 0"),
    (lambda: ratio_funnel([1, -2], [1, 2]), "observed numbers that are below 0"),
    (lambda: ratio_funnel([1, float("nan")], [1, 2]), "observed numbers"),
    (lambda: ratio_funnel([1, 2], [1, float("inf")]), "expected numbers"),
    (lambda: share_funnel([1, 2], [3]), "2 numbers of successes and 1 bases"),
    (lambda: share_funnel([1, 2], [3, 0]), "a base of 0"),
    (lambda: share_funnel([1, 5], [3, 4]), "more successes than cases"),
    (lambda: change_funnel([1, 2], [1, 2], [1]), "2, 2 and 1 numbers"),
    (lambda: change_funnel([], [], []), "0, 0 and 0 numbers"),
    (lambda: change_funnel([1, 0], [1, 2], [1, 1]), "not above 0"),
    (lambda: change_funnel([1, 1], [1, 0], [1, 1]), "not above 0"),
    (lambda: change_funnel([1, 1], [1, 1], [1, 0]), "not above 0"),
    (lambda: change_funnel([1, 1], [1, 1], [1, float("nan")]), "not above 0"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_what_was_found(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_centiles_leave_out_what_is_not_known():
    assert centiles([1, 2, float("nan"), 3, float("inf")]) == pytest.approx((1.2, 2.8))  # R's type 7
    assert all(np.isnan(centiles([])))
    assert centiles([1, 3], [0.5]) == (2,)


def test_levels_are_those_of_the_normal_distribution():
    assert half_width(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert half_width(FAR_LEVEL) == pytest.approx(3.090232, abs=1e-6)


@given(counts)
def test_the_scale_of_expected_and_observed_counts_does_not_move_a_ratio(pairs):
    observed, expected = map(np.array, zip(*pairs, strict=True))
    once, thrice = ratio_funnel(observed, expected), ratio_funnel(3 * observed, 3 * expected)
    assert thrice.value == pytest.approx(once.value)
    assert thrice.z_chance == pytest.approx(once.z_chance * sqrt(3))
    assert thrice.between.phi == pytest.approx(3 * once.between.phi)


@given(counts)
def test_the_order_of_units_does_not_matter(pairs):
    observed, expected = map(np.array, zip(*pairs, strict=True))
    funnel, turned = ratio_funnel(observed, expected), ratio_funnel(observed[::-1], expected[::-1])
    assert turned.between.phi == pytest.approx(funnel.between.phi)
    assert turned.between.tau2 == pytest.approx(funnel.between.tau2)
    assert turned.z[::-1] == pytest.approx(funnel.z)


@given(counts)
def test_a_unit_that_is_as_expected_makes_units_differ_less(pairs):
    observed, expected = map(np.array, zip(*pairs, strict=True))
    z = ratio_funnel(observed, expected).z_chance
    with_one = over_dispersion([*z, 0.0], [*chance_of_count(expected), 0.1])
    phi = float((winsorised(z) ** 2).mean())
    assume(z.min() < 0 < z.max())  # else drawing in reaches to it, and the rest is another
    assume(phi > 0)
    assert with_one.phi <= phi * (1 + 1e-9)


@given(counts)
def test_limits_of_larger_units_are_never_wider(pairs):
    observed, expected = map(np.array, zip(*pairs, strict=True))
    funnel = ratio_funnel(observed, expected)
    sizes = np.array([1, 2, 10, 100, 5000, 1e7])
    for level in (0.8, 0.95, FAR_LEVEL):
        low, high = funnel.limits(chance_of_count(sizes), level)
        assert (np.diff(low) >= 0).all() and (np.diff(high) <= 0).all()
        assert (low <= 1).all() and (high >= 1).all()
    near, far = funnel.limits(chance_of_count(sizes)), funnel.limits(chance_of_count(sizes), FAR_LEVEL)
    assert (far[0] < near[0]).all() and (far[1] > near[1]).all()


@given(counts)
def test_a_unit_lies_outside_exactly_where_its_value_is_beyond_the_limits_of_its_size(pairs):
    observed, expected = map(np.array, zip(*pairs, strict=True))
    funnel = ratio_funnel(observed, expected)
    low, high = funnel.limits(chance_of_count(expected))
    close = np.abs(np.abs(funnel.z) - half_width(0.95)) < 1e-9
    assert (((funnel.value < low) | (funnel.value > high)) == funnel.outside())[~close].all()
    positions = [funnel.position(unit) for unit in range(len(observed))]
    assert [one != "within" for one in positions] == funnel.outside().tolist()


@given(counts, st.floats(0, 0.5))
def test_drawing_in_keeps_the_order_and_never_makes_a_score_larger(pairs, share):
    z = np.array([observed - expected for observed, expected in pairs], float)
    drawn_in = winsorised(z, share)
    assert (np.diff(drawn_in[np.argsort(z)]) >= 0).all()
    assert drawn_in.min() >= z.min() and drawn_in.max() <= z.max()
