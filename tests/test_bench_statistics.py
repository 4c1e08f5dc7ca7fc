"""The simulation of false alarms: it can be repeated, and the committed table is what it writes."""

from functools import partial

import pandas as pd
import pytest

from panelpack import bench_statistics as bench
from panelpack.errors import ConfigurationError

CASES = {case.name: case for case in bench.STABLE}


@pytest.fixture(scope="module")
def table(project):
    return bench.read(bench.path(project)).set_index("case")


def named(start):
    (name,) = [name for name in CASES if name.startswith(start)]
    return name


def test_the_committed_table_has_every_case_of_the_simulation(table):
    assert list(table.index) == list(CASES)
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


def test_a_season_is_flagged_by_itself_and_no_longer_when_adjusted(table):
    season = f"season of ±{bench.SEASON:.0%}"
    assert table["share"][season] > 0.10
    assert table["share"][f"{season}: adjusted"] <= 0.03
    assert table["share"]["irregular season as strong: adjusted"] <= 0.03


def test_adjusting_what_has_no_season_does_little(table):
    assert table["share"]["independent counts: adjusted"] == pytest.approx(
        table["share"]["independent counts"], abs=0.005
    )


def test_rolling_totals_are_no_points_of_a_chart(table):
    assert table["share"][named("rolling 12-month totals")] > 0.5


def test_a_real_change_is_still_found():
    plain, plain_adjusted, _, season_adjusted = (bench.flagged(case, series=300) for case in bench.CHANGED)
    assert plain_adjusted == pytest.approx(plain, abs=0.02)
    assert season_adjusted > 0.6


def test_the_budget_is_the_worst_share_of_the_packs_cases_times_the_charts():
    table = pd.DataFrame({"case": bench.OF_THE_PACK, "share": [0.01, *[0.005] * (len(bench.OF_THE_PACK) - 2), 0.03]})
    other = pd.DataFrame({"case": ["rolling 12-month totals"], "share": [0.6]})
    assert bench.expected_false_alarms(50, pd.concat([table, other])) == pytest.approx(1.5)
    assert bench.expected_false_alarms(0, table) == 0


def test_the_budget_reads_the_projects_table(table, project, monkeypatch):
    monkeypatch.chdir(project.root / "tests")
    assert bench.expected_false_alarms(100) == pytest.approx(100 * table.loc[bench.OF_THE_PACK, "share"].max())


def test_main_prints_and_writes_the_table(project_copy, monkeypatch, capsys):
    monkeypatch.chdir(project_copy.root)
    monkeypatch.setattr(bench, "simulate", partial(bench.simulate, series=4))
    bench.main()
    assert "wrote data/spc/false_alarms.csv" in capsys.readouterr().out
    assert list(bench.read(bench.path(project_copy))["case"]) == list(CASES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read"),
        ("", "cannot be read"),
        ("case,share\nindependent counts,0.1\n", "found the columns"),
        ("case,share,series,points,seed\nindependent counts,0.1,10,39,1\n", "without the cases"),
    ],
    ids=["absent", "empty", "columns", "cases"],
)
def test_a_table_that_is_none_is_refused(tmp_path, text, message):
    file = tmp_path / "false_alarms.csv"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message):
        bench.read(file)
