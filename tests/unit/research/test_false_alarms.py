"""The simulation of false alarms: it can be repeated, and the committed table is what it writes."""

from functools import partial

import numpy as np
import pytest

from panelpack.indicators.reference_tables import read_false_alarms
from research import false_alarms

CASES = {case.name: case for case in false_alarms.STABLE}


@pytest.fixture(scope="module")
def table(project):
    return read_false_alarms(project.false_alarms).set_index("case")


def named(start):
    (name,) = [name for name in CASES if name.startswith(start)]
    return name


def test_the_committed_table_has_every_case_of_the_simulation(table):
    assert list(table.index) == list(CASES)
    assert list(table["of_pack"]) == [case.of_pack for case in false_alarms.STABLE]
    assert list(table["points"]) == [case.points for case in false_alarms.STABLE]
    assert list(table["fixing"]) == [case.fixing for case in false_alarms.STABLE]
    assert set(table["series"]) == {false_alarms.SERIES} and false_alarms.SERIES >= 2000
    assert set(table["seed"]) == {false_alarms.SEED}


def test_a_case_simulated_again_is_its_row(table):
    name = named("realistic: level wandering 4% a year, by quarter")
    assert round(false_alarms.flagged(CASES[name]), 4) == table["share"][name]


@pytest.mark.parametrize("case", false_alarms.STABLE, ids=CASES)
def test_the_same_seed_gives_the_same_share_and_another_seed_others_near_it(case, table):
    assert false_alarms.flagged(case, series=40) == false_alarms.flagged(case, series=40)
    assert false_alarms.flagged(case, series=200, seed=false_alarms.SEED + 1) == pytest.approx(
        table["share"][case.name], abs=0.12
    )


def test_a_real_change_is_still_found():
    assert min(false_alarms.flagged(case, series=200) for case in false_alarms.CHANGED) > 0.5


def test_what_is_taken_for_the_packs_charts_has_all_that_real_series_have():
    of_pack = [case for case in false_alarms.STABLE if case.of_pack]
    assert {case.points for case in of_pack} >= {13, 18, 27, 39}
    assert {case.grain for case in of_pack} == {"month", "quarter"}
    assert len({case.name.split(",")[0] for case in of_pack}) == 2, "levels that wander little and more"


def test_a_realistic_series_has_its_season_its_spread_and_its_wandering_level():
    still, wandering = (
        false_alarms._realistic(wander)(np.random.default_rng(1), 2400, "month").reshape(-1, 12) for wander in (0, 0.05)
    )
    by_month = still.mean(axis=0) / still.mean()
    assert by_month.max() - by_month.min() == pytest.approx(2 * false_alarms.SEASON, rel=0.2)
    spread = (still / by_month).var() / still.mean()
    assert spread == pytest.approx(false_alarms.DISPERSION, rel=0.2)
    moves = np.diff(np.log(wandering.mean(axis=1))).std()
    assert moves > 1.1 * np.diff(np.log(still.mean(axis=1))).std()


def test_the_command_prints_the_shares_and_writes_the_table(project_copy, monkeypatch, capsys):
    project_copy.false_alarms.unlink()
    monkeypatch.chdir(project_copy.root)
    monkeypatch.setattr(false_alarms, "simulate", partial(false_alarms.simulate, series=4))
    assert false_alarms.main() == 0
    assert "wrote data/spc/false_alarms.csv" in capsys.readouterr().out
    assert list(read_false_alarms(project_copy.false_alarms)["case"]) == list(CASES)
