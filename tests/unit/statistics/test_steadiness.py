"""Whether values vary round one level: found where they do, not found where the level moves."""

import numpy as np
import pytest

from panelpack.statistics import spc
from panelpack.statistics.steadiness import is_steady

WINDOWS = [12, 24]


def share_steady(made, tries=400):
    return sum(is_steady(made(np.random.default_rng(seed))) for seed in range(tries)) / tries


@pytest.mark.parametrize("points", WINDOWS)
@pytest.mark.parametrize("spread", ["normal", "poisson"])
def test_chance_alone_is_unsteady_about_as_often_as_the_level_says(points, spread):
    def made(chance):
        return chance.normal(0, 1, points) if spread == "normal" else chance.poisson(5, points).astype(float)

    assert share_steady(made) > 0.96


@pytest.mark.parametrize(
    "level",
    [np.linspace(0, 6, 24), np.linspace(6, 0, 24), np.repeat([0, 3], 12), np.repeat([0, 5, 0], 8)],
    ids=["rise", "fall", "step", "hump"],
)
def test_a_level_that_moves_is_found(level):
    assert share_steady(lambda chance: level + chance.normal(0, 1, 24)) < 0.1


def test_a_step_between_two_calm_levels_is_found_by_its_two_shifts():
    values = np.array([0, 3, 1, 4, 0, 3, 1, 4, 0, 3, 1, 4, 5, 9, 6, 8, 5, 9, 6, 8, 5, 9, 6, 8], dtype=float)
    assert not is_steady(values)


@pytest.mark.parametrize("place", [0, 7, 23])
def test_a_single_value_far_off_is_no_moving_level(place):
    values = np.random.default_rng(1).normal(100, 5, 24)
    assert is_steady(values)
    values[place] = 5000
    assert is_steady(values)


@pytest.mark.parametrize("values", [[], [1.0], [np.nan] * 5, [7.0] * 24, [1.0, np.nan, 2.0]])
def test_what_cannot_be_told_is_steady(values):
    assert is_steady(np.array(values))


def test_gaps_are_passed_over():
    values = np.linspace(0, 10, 24)
    values[5] = np.nan
    assert not is_steady(values)


def test_a_chart_has_limits_of_a_moving_level_only_where_it_is_told_to():
    rise = np.linspace(0, 100, 24)
    assert set(spc.xmr(rise, steady=True)["no_limits"]) == {"unsteady"}
    assert set(spc.xmr(rise, steady=True)["special_cause"]) == {""}
    assert set(spc.xmr(rise)["no_limits"]) == {""}


def test_rolling_totals_are_hardly_ever_steady():
    def made(chance):
        return np.convolve(chance.poisson(100, 35), np.ones(12), mode="valid")

    assert share_steady(made) < 0.1
