"""The simulation of false alarms: it can be repeated, and the committed table is what it writes."""

from functools import partial

import pytest
from research import false_alarms as bench

from panelpack.indicators.reference_tables import read_false_alarms

CASES = {case.name: case for case in bench.STABLE}


@pytest.fixture(scope="module")
def table(project):
    return read_false_alarms(project.false_alarms).set_index("case")


def named(start):
    (name,) = [name for name in CASES if name.startswith(start)]
    return name


def test_the_committed_table_has_every_case_of_the_simulation(table):
    assert list(table.index) == list(CASES)
    assert list(table["of_pack"]) == [case.of_pack for case in bench.STABLE]
    assert list(table["points"]) == [case.points for case in bench.STABLE]
    assert set(table["series"]) == {bench.SERIES} and bench.SERIES >= 2000
    assert set(table["seed"]) == {bench.SEED}


def test_a_case_simulated_again_is_its_row(table):
    name = named("independent counts by quarter")
    assert bench.flagged(CASES[name]) == table["share"][name]


@pytest.mark.parametrize("case", bench.STABLE, ids=CASES)
def test_the_same_seed_gives_the_same_share_and_another_seed_others_near_it(case, table):
    assert bench.flagged(case, series=40) == bench.flagged(case, series=40)
    assert bench.flagged(case, series=200, seed=bench.SEED + 1) == pytest.approx(table["share"][case.name], abs=0.12)


def test_a_real_change_is_still_found():
    plain, plain_adjusted, _, season_adjusted = (bench.flagged(case, series=300) for case in bench.CHANGED)
    assert plain_adjusted == pytest.approx(plain, abs=0.02)
    assert season_adjusted > 0.6


def test_what_is_taken_for_the_packs_charts_is_adjusted():
    of_pack = [case for case in bench.STABLE if case.of_pack]
    assert len(of_pack) > 3
    assert all(case.period for case in of_pack)


def test_main_prints_and_writes_the_table(project_copy, monkeypatch, capsys):
    project_copy.false_alarms.unlink()
    monkeypatch.chdir(project_copy.root)
    monkeypatch.setattr(bench, "simulate", partial(bench.simulate, series=4))
    bench.main()
    assert "wrote data/spc/false_alarms.csv" in capsys.readouterr().out
    assert list(read_false_alarms(project_copy.false_alarms)["case"]) == list(CASES)
