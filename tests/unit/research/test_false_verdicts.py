"""The measurement of verdicts where nothing happened: the shipped tables are its own, and within bounds."""

import pandas as pd
import pytest

from panelpack.config.study import load_offences
from panelpack.indicators.reference_tables import (
    FALSE_VERDICTS,
    ORDINARY,
    read_false_verdicts,
    read_official_counts,
    read_ordinary_movement,
)
from research import false_verdicts


@pytest.fixture(scope="module")
def moved(project):
    return read_ordinary_movement(project.ordinary_movement)


def test_counts_of_one_level_are_called_changed_in_one_case_of_twenty(project):
    table = read_false_verdicts(project.false_verdicts)
    assert list(table.columns) == FALSE_VERDICTS and set(table["by"]) == set(false_verdicts.PARTS)
    assert set(table["total"]) == set(false_verdicts.TOTALS) and set(table["dispersion"]) == {3}
    assert table["trials"].min() >= 10_000
    assert table["share"].between(0.04, 0.06).all()


def test_a_few_simulated_again_are_near_the_shipped_shares(project):
    shipped = read_false_verdicts(project.false_verdicts)
    again = false_verdicts.simulate(trials=300, seed=9)
    assert (again["share"] - shipped["share"]).abs().max() < 0.05
    pd.testing.assert_frame_equal(again, false_verdicts.simulate(trials=300, seed=9))


def test_what_forces_do_is_seldom_called_out_of_the_ordinary(moved):
    assert list(moved.columns) == ORDINARY
    pooled = moved[moved["series"] == "all"]
    assert len(pooled) == 4 and pooled["beyond_ordinary"].between(0.03, 0.07).all()
    assert (moved["clear"] <= moved[["by_chance", "beyond_ordinary"]].min(axis="columns")).all()
    # What the test of chance alone calls is several times as much.
    assert (pooled["by_chance"] > 1.5 * pooled["beyond_ordinary"]).all()


def test_the_shipped_table_is_what_the_official_counts_give(moved, project):
    counts, breaks = read_official_counts(project), load_offences(project.projection).breaks
    one = counts[["domestic_burglary"]]
    found = false_verdicts.leave_one_out(one, breaks)
    expected = moved[moved["series"] == "domestic_burglary"].reset_index(drop=True)
    found = found[found["series"] == "domestic_burglary"].reset_index(drop=True).astype({"years": float})
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, atol=5e-5)


def test_outside_a_project_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert false_verdicts.main() == 2
    assert "so this is no project folder" in capsys.readouterr().err
