"""How far forces move anyway: by hand, on drawn forces whose movement is known, and where too little is seen."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from panelpack.statistics.movement import Movement, least_change, log_changes, ordinary_movement
from panelpack.statistics.significance import Dispersion, log_variance

QUARTERS = [f"{year}Q{number}" for year in range(2001, 2006) for number in (1, 2, 3, 4)]


def drawn(forces, quarters, yearly_spread, seed=1, mean=4000.0):
    """Counts of forces whose level wanders by so much a year, Poisson around it."""
    chance = np.random.default_rng(seed)
    steps = chance.normal(0, yearly_spread / 2, (quarters, forces))
    level = mean * np.exp(np.cumsum(steps, axis=0) - np.sum(steps, axis=0) / 2)
    return pd.DataFrame(chance.poisson(level).astype(float), columns=[f"F{force}" for force in range(forces)])


def test_a_change_is_that_of_the_totals_of_two_periods():
    counts = pd.DataFrame({"A": [1.0, 2, 3, 4, 5, 6], "B": [10.0, 10, 10, 10, 20, 20]}, index=QUARTERS[:6])
    changes = log_changes(counts, length=2, gap=2, net=False)
    assert list(changes.index) == QUARTERS[3:6]
    assert changes["A"].tolist() == pytest.approx(np.log([7 / 3, 9 / 5, 11 / 7]))
    assert changes["B"].tolist() == pytest.approx(np.log([20 / 20, 30 / 20, 40 / 20]))


def test_net_is_without_what_the_others_did_together():
    counts = pd.DataFrame({"A": [10.0, 20], "B": [30.0, 45], "C": [10.0, 5]}, index=QUARTERS[:2])
    changes = log_changes(counts, length=1, gap=1, net=True)
    assert changes.iloc[0].to_dict() == pytest.approx(
        {"A": np.log(2 / (50 / 40)), "B": np.log(1.5 / (25 / 20)), "C": np.log(0.5 / (65 / 40))}
    )


def test_a_period_without_a_case_has_no_change():
    counts = pd.DataFrame({"A": [0.0, 3, 6], "B": [1.0, 1, 1]}, index=QUARTERS[:3])
    assert log_changes(counts, length=1, gap=1, net=False)["A"].isna().tolist() == [True, False]


@pytest.mark.parametrize("spread", [0.05, 0.2])
def test_the_spread_is_the_one_that_the_forces_were_drawn_with(spread):
    found = ordinary_movement([drawn(40, 80, spread)], length=1, gap=4, net=False)
    assert found.spread == pytest.approx(spread, rel=0.1)
    assert found.force_years == 40 * 76 // 4


def test_what_chance_gives_is_no_movement():
    # Counts of 100 a quarter vary by a tenth; nothing else moves them.
    still = ordinary_movement([drawn(40, 80, 0.0, mean=100.0)], length=1, gap=4, net=False)
    assert still.spread < 0.03


def test_a_common_movement_is_none_when_net():
    counts = drawn(20, 80, 0.02)
    waves = np.exp(0.5 * np.sin(np.arange(80)))
    raw, net = (
        ordinary_movement([counts.mul(waves, axis=0).round()], length=1, gap=2, net=net) for net in (False, True)
    )
    assert raw.spread > 0.3 and net.spread < 0.05


def test_nothing_is_compared_across_a_break():
    counts = drawn(10, 40, 0.05)
    doubled = counts.iloc[20:] * 2
    # Of the pairs of years that end three years apart most would cross the break.
    apart = ordinary_movement([counts.iloc[:20], doubled], length=4, gap=12, net=False)
    across = ordinary_movement([pd.concat([counts.iloc[:20], doubled])], length=4, gap=12, net=False)
    assert apart.spread < 0.2 < 0.4 < across.spread
    assert apart.force_years == 10 * 2 * (20 - 15) // 4


@pytest.mark.parametrize("counts", [drawn(2, 40, 0.1), drawn(10, 7, 0.1)], ids=["two forces", "too short"])
def test_of_too_little_nothing_is_learned(counts):
    assert ordinary_movement([counts], length=4, gap=4, net=False) is None
    assert ordinary_movement([], length=4, gap=4, net=False) is None


def test_the_least_change_allows_for_movement_and_chance():
    chance = log_variance(120, 100, Dispersion(2.0))
    expected = student.ppf(0.975, 11) * np.sqrt(0.1**2 + 2 * (1 / 120 + 1 / 100))
    assert least_change(Movement(0.1, 12), chance) == pytest.approx(expected)
    assert least_change(Movement(0.15), 0.0) == pytest.approx(1.959964 * 0.15)
