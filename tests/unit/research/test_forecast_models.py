"""The methods that were tried: what is counted stays, intervals are ordered, simple series have simple answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.statistics.projection import Learned, calibrated, counted_so_far
from research.backtest import forecast_models

# A steady trend without chance is fitted perfectly, of which statsmodels warns.
pytestmark = pytest.mark.filterwarnings("ignore:Perfect separation")

SEASONAL = np.tile([100.0, 120.0, 90.0, 110.0], 4)
LEARNED = Learned(bias=0.0, spread=0.1, degrees_of_freedom=6)
ERRORS = np.linspace(-0.1, 0.2, 30)


def every_forecast(counts, number, years_ahead):
    so_far = counted_so_far(counts, number, years_ahead)
    found = {name: method(counts, number, years_ahead) for name, method in forecast_models.ALONE.items()}
    for name, method in forecast_models.POINT_FORECASTS.items():
        point_forecast = method(counts, number, years_ahead)
        found[name] = calibrated(point_forecast, LEARNED, so_far)
        found[f"{name} conformal"] = forecast_models.conformal(point_forecast, ERRORS, so_far)
        found[f"{name} pooled"] = forecast_models.pooled(point_forecast, ERRORS, so_far)
    return found


@pytest.mark.parametrize("years_ahead", [0, 1, 2])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_season_that_repeats_is_its_own_forecast(number, years_ahead):
    counts = SEASONAL[: 12 + number]
    for name, forecast in every_forecast(counts, number, years_ahead).items():
        assert forecast.total == pytest.approx(420, rel=1e-6), name


@given(
    st.lists(st.integers(0, 500), min_size=13, max_size=44),
    st.integers(1, 4),
    st.integers(0, 2),
)
def test_intervals_hold_their_order_and_what_is_counted(values, number, years_ahead):
    counts = np.array(values, dtype=float)
    so_far = counted_so_far(counts, number, years_ahead)
    for name, f in every_forecast(counts, number, years_ahead).items():
        assert f.lower_95 <= f.lower_80 <= f.upper_80 <= f.upper_95, name
        assert f.lower_95 >= so_far, name
        assert np.isfinite([f.total, f.upper_95]).all(), name


def test_a_complete_year_is_certain():
    for method in forecast_models.ALONE.values():
        forecast = method(SEASONAL, 4, 0)
        assert forecast.lower_95 == forecast.total == forecast.upper_95 == 420


def test_the_yardstick_adds_up_the_variance_of_its_quarters():
    # Differences of +2 and -2: each quarter to come has the variance 4, the four of them 16.
    counts = np.concatenate([np.full(4, 50.0), np.full(4, 52.0), np.full(4, 50.0)])
    forecast = forecast_models.seasonal_naive(counts, 4, 1)
    assert forecast.upper_95 - forecast.total == pytest.approx(1.959964 * 4)
    # After the first quarter the next year's last three lie two years on: 1 + 2 + 2 + 2 times the variance.
    forecast = forecast_models.seasonal_naive(np.concatenate([np.full(4, 52.0), counts[4:], [52.0]]), 1, 1)
    assert forecast.upper_95 - forecast.total == pytest.approx(1.959964 * np.sqrt(7 * 20 / 9))


def test_count_regression_follows_a_steady_trend():
    counts = 1000 * 1.02 ** np.arange(16)
    expected = (1000 * 1.02 ** np.arange(16, 20)).sum()
    assert forecast_models.count_regression(counts, 4, 1).total == pytest.approx(expected, rel=1e-6)


def test_conformal_takes_the_next_rank():
    errors = np.arange(1, 20) / 100  # 19 errors: the 95% rank is the 19th, the 80% rank the 16th
    forecast = forecast_models.conformal(100, errors)
    assert (forecast.upper_95, forecast.upper_80) == pytest.approx((100 * np.exp(0.19), 100 * np.exp(0.16)))


def test_every_method_says_the_same_again():
    counts = np.tile(SEASONAL, 3)[:45]
    assert every_forecast(counts, 1, 1) == every_forecast(counts, 1, 1)
