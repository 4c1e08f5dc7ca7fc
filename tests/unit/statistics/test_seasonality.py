"""The season of a series: found where it is, not found where it is not, and taken out without moving the level."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.statistics import seasonality

WAVE = 1 + 0.3 * np.sin(2 * np.pi * np.arange(12) / 12)
UNEVEN = np.array([1.2, 0.8, 1.1, 0.9, 1.3, 0.7, 1.0, 1.0, 1.1, 0.9, 0.8, 1.2])


def counts(level, seed=7):
    return np.random.default_rng(seed).poisson(level).astype(float)


def years(factors, count, level=200):
    return level * np.tile(factors, count)


# ------------------------------------------------------------------------------- whether there is a season
@pytest.mark.parametrize("factors", [WAVE, UNEVEN], ids=["wave", "uneven"])
def test_a_season_is_found_and_taken_out(factors):
    adjusted = seasonality.adjust(counts(years(factors, 3)), 12)
    assert adjusted["adjusted"].all()
    assert list(adjusted["factor"][:12]) == pytest.approx(list(factors), abs=0.1)
    assert adjusted["factor"][:12].mean() == pytest.approx(1)
    assert adjusted["value"].std() < 0.7 * counts(years(factors, 3)).std()


def test_without_a_season_the_series_comes_back_as_it_is():
    values = counts(np.full(39, 200))
    adjusted = seasonality.adjust(values, 12)
    assert list(adjusted["value"]) == list(values)
    assert set(adjusted["factor"]) == {1}
    assert not adjusted["adjusted"].any()


def test_a_series_is_adjusted_below_the_significance_and_not_from_it_on(monkeypatch):
    values = counts(years(WAVE, 3))
    p = seasonality.p_value(values, 12)
    for significance, adjusted in ((p, False), (p * 1.001, True)):
        monkeypatch.setattr(seasonality, "SIGNIFICANCE", significance)
        assert seasonality.adjust(values, 12)["adjusted"].all() == adjusted


def test_chance_finds_a_season_about_as_often_as_the_significance_says():
    found = [seasonality.p_value(counts(np.full(39, 200), seed), 12) < 0.01 for seed in range(500)]
    assert sum(found) / 500 < 0.03


def test_the_p_value_is_that_of_a_one_way_analysis_of_variance():
    # Three years of four quarters whose level is 1, so the ratios are the values; none is far enough to be clipped.
    # Between the quarters: 3 x (4 x 0.01) / 3 = 0.04. Inside: each quarter 2 x 0.01, so 0.08 / 8 = 0.01. F(3, 8) = 4.
    values = [1.2, 1.1, 0.8, 0.9, 1.0, 1.0, 1.0, 0.8, 1.1, 1.2, 0.9, 1.0]
    assert seasonality.p_value(values, 4) == pytest.approx(0.0519, abs=5e-5)


# --------------------------------------------------------------------------------------------- its shape
def test_a_short_history_is_shrunk_more_than_a_long_one():
    short, long = (seasonality.factors(counts(years(UNEVEN, n, 100)), 12) for n in (2, 12))
    ratio = [
        np.std(found) / np.std(counts(years(UNEVEN, n, 100)).reshape(-1, 12).mean(axis=0) / 100)
        for found, n in ((short, 2), (long, 12))
    ]
    assert ratio[0] < ratio[1] < 1


def test_growth_is_not_a_season():
    growing = counts(np.linspace(100, 200, 36))
    assert not seasonality.adjust(growing, 12)["adjusted"].any()
    seasonal = seasonality.adjust(np.linspace(100, 200, 36) * np.tile(WAVE, 3), 12)
    assert list(seasonal["factor"][:12]) == pytest.approx(list(WAVE), abs=0.05)


def test_one_odd_month_is_not_a_season_and_hardly_moves_its_factor():
    calm, odd = counts(np.full(36, 200)), counts(np.full(36, 200))
    odd[15] = 800
    assert not seasonality.adjust(odd, 12)["adjusted"].any()
    calm, odd = counts(years(WAVE, 3)), counts(years(WAVE, 3))
    odd[15] *= 3
    assert seasonality.factors(odd, 12)[3] == pytest.approx(seasonality.factors(calm, 12)[3], rel=0.15)


def test_quarters_have_a_season_of_four():
    adjusted = seasonality.adjust(counts(years([1.3, 1.0, 0.7, 1.0], 3)), 4)
    assert list(adjusted["factor"][:4]) == pytest.approx([1.3, 1.0, 0.7, 1.0], abs=0.06)


def test_a_pure_season_is_taken_out_whole():
    assert list(seasonality.adjust(years(UNEVEN, 3), 12)["value"]) == pytest.approx([200] * 36)


def test_a_part_of_a_year_at_the_end_keeps_its_places():
    values = counts(years(WAVE, 4))[:39]
    adjusted = seasonality.adjust(values, 12)
    assert list(adjusted["factor"][36:]) == list(adjusted["factor"][:3])
    assert list(adjusted["value"] * adjusted["factor"]) == pytest.approx(list(values))


# ------------------------------------------------------------------------------- series that have none
@pytest.mark.parametrize(
    "values",
    [
        [],
        [5.0],
        years(WAVE, 2)[:23],
        [0.0] * 36,
        [7.0] * 36,
        np.linspace(1, 2, 36),
        -years(WAVE, 3),
        years([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0], 3),  # nothing to divide by in its last month
        [*years(WAVE, 2)[:11], np.nan, *years(WAVE, 1), *[np.nan] * 3, *years(WAVE, 1)[3:11], np.nan],
    ],
    ids=["empty", "one", "short", "zero", "constant", "line", "negative", "empty month", "a place without values"],
)
def test_a_series_that_cannot_be_adjusted_is_left_as_it_is(values):
    adjusted = seasonality.adjust(values, 12)
    assert len(adjusted) == len(values)
    assert set(adjusted["factor"]) <= {1}
    assert list(adjusted["value"]) == pytest.approx(list(values), nan_ok=True)


def test_two_years_are_enough_to_be_adjusted():
    assert seasonality.adjust(counts(years(WAVE, 2)), 12)["adjusted"].all()


def test_a_gap_stays_a_gap_and_the_rest_is_adjusted():
    values = counts(years(WAVE, 3))
    whole = seasonality.factors(values, 12)
    values[14] = np.nan
    adjusted = seasonality.adjust(values, 12)
    assert np.flatnonzero(adjusted["value"].isna()).tolist() == [14]
    assert list(adjusted["factor"][:12]) == pytest.approx(list(whole), abs=0.05)


@pytest.mark.parametrize("period", [0, 1, -4])
def test_a_period_that_is_no_year_is_refused(period):
    with pytest.raises(ValueError, match=f"period of {period}, expected 12 for months"):
        seasonality.adjust([1.0] * 30, period)


@given(st.integers(0, 1000), st.integers(2, 50))
def test_a_scale_of_the_values_scales_the_adjusted_ones(seed, by):
    values = counts(years(UNEVEN, 3), seed)
    one, scaled = seasonality.adjust(values, 12), seasonality.adjust(values * by, 12)
    assert list(scaled["value"]) == pytest.approx(list(one["value"] * by))
    assert list(scaled["factor"]) == pytest.approx(list(one["factor"]))


@given(st.lists(st.integers(0, 50), min_size=24, max_size=48))
def test_factors_are_above_nothing_and_average_one(values):
    factors = seasonality.factors(values, 12)
    assert factors.min() >= seasonality.LEAST_FACTOR
    assert factors.mean() == pytest.approx(1)


# ------------------------------------------------------------------------------- the points that tell the season
def test_the_factors_come_from_the_points_that_are_named_and_stay_when_others_follow():
    values = counts(years(UNEVEN, 4))
    named = [True] * 24 + [False] * 24
    alone, longer = seasonality.adjust(values[:24], 12), seasonality.adjust(values, 12, named)
    assert list(longer["factor"][:24]) == list(alone["factor"])
    values[24:] *= 7
    assert list(seasonality.adjust(values, 12, named)["factor"]) == list(longer["factor"])


def test_points_that_start_within_a_year_give_each_place_its_own_factor():
    values = years(UNEVEN, 4)
    named = [5 <= place < 41 for place in range(48)]
    adjusted = seasonality.adjust(values, 12, named)
    assert list(adjusted["factor"][:12]) == pytest.approx(list(UNEVEN), abs=0.02)


def test_without_named_points_nothing_is_adjusted():
    assert not seasonality.adjust(years(WAVE, 3), 12, [False] * 36)["adjusted"].any()


def test_of_two_years_one_odd_month_is_no_season():
    calm = counts(np.full(24, 200), seed=3)
    for place in (0, 11, 12, 23):
        odd = calm.copy()
        odd[place] = 900
        assert seasonality.p_value(odd, 12) > 0.01
