"""The benchmark of queries: what it plants, what it counts as found, and that its tables are honest."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import plausibility as bench
from panelpack.plausibility.panel import read_panel
from panelpack.plausibility.query import Finding


@pytest.fixture(scope="module")
def counts():
    """Made-up official counts: two forces, four offences, 24 quarters."""
    chance, lines = np.random.default_rng(12), []
    quarters = [f"{year}Q{number}" for year in range(2013, 2019) for number in (1, 2, 3, 4)]
    for force in ("Northmoor", "Southmoor"):
        for series, level in (("arson", 60), ("burglary", 900), ("fraud", 300), ("theft", 4000)):
            season = 1 + 0.1 * np.cos(np.pi * np.arange(24) / 2)
            found = chance.poisson(level * season)
            lines += [(quarter, series, force, count) for quarter, count in zip(quarters, found, strict=True)]
    return pd.DataFrame(lines, columns=["quarter", "series", "force", "offences"])


@pytest.fixture
def panel(counts):
    return read_panel(bench.table_of("Northmoor", counts[counts["force"] == "Northmoor"]))


def test_honest_numbers_are_walked_through_once_each(counts):
    together, alone = bench.honest(counts)
    later = 24 - bench.FIRST_WALKED
    assert together["points"].sum() == alone["points"].sum() == 2 * 4 * later
    assert together["queries"].sum() <= 1 and alone["queries"].sum() <= 1
    assert not together["lockdown"].any() and set(together["half"]) == {0, 1}
    queries, points = bench.at_once(counts)
    assert points == 2 * 4 * 24 and queries <= 1


@pytest.mark.parametrize("kind", list(bench.KINDS))
def test_each_kind_changes_the_numbers_and_is_found(counts, panel, kind):
    chance = np.random.default_rng(3)
    values = bench.KINDS[kind](panel, chance)
    assert values is not panel.values and values.shape == panel.values.shape
    sheets = bench.official_sheets(counts, chance)
    found = [bench.plant(sheets, kind, number % 2 == 0, False, chance) for number in range(8)]
    assert sum(row["found"] for row in found) >= 6
    assert set(bench.NAMED) == set(bench.KINDS)


def test_a_slip_that_changes_nothing_is_not_planted():
    with pytest.raises(bench.NothingChanges):
        bench._enough(np.array([100.0]), np.array([120.0]), any_change=False)
    with pytest.raises(bench.NothingChanges):
        bench._enough(np.array([4.0]), np.array([8.0]), any_change=False)
    with pytest.raises(bench.NothingChanges):
        bench._enough(np.array([4.0]), np.array([4.0]), any_change=True)
    bench._enough(np.array([4.0]), np.array([11.0]), any_change=False)
    bench._enough(np.array([100.0]), np.array([101.0]), any_change=True)


def test_what_an_honest_table_asks_anyway_finds_no_slip(counts, monkeypatch):
    usual = Finding("outside_range", "2018Q4", "offences", "Words.")
    monkeypatch.setattr(bench, "find_in_history", lambda history: [usual])
    sheets = bench.official_sheets(counts, np.random.default_rng(1))
    row = bench.plant(sheets, "zero", with_earlier=True, any_change=True, chance=np.random.default_rng(2))
    assert not row["found"] and not row["named"]
