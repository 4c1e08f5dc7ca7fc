"""The back-test: it looks nowhere ahead, scores as it says, and the method that is shipped passes."""

import json
import os
import re
from functools import cache

import numpy as np
import pandas as pd
import pytest

import running
from panelpack.config.study import Break, Split, load_offences, load_split
from panelpack.errors import SourceError, UsageError
from panelpack.indicators.reference_tables import read_calibration
from panelpack.periods import Quarter, year_label
from panelpack.statistics.backtest_scores import (
    COVERAGE,
    GAIN,
    HORIZONS,
    SCORED,
    SHIPPED,
    SUMMARY,
    UNBROKEN,
    YARDSTICK,
    judge_methods,
    learned_name,
)
from panelpack.statistics.projection import BASIS, EVERY, KEY, LEARNED, Forecast, project_year
from research.backtest import backtest
from research.backtest.__main__ import main
from research.backtest.backtest import TABLES, attempts, known_errors
from research.backtest.page import html
from research.backtest.scores import interval_score, score, summarise

pytestmark = pytest.mark.xdist_group("backtest")  # one worker, so that one run of the drawn counts serves all

TABLE = running.ROOT.parent / "shared" / "data" / "police_recorded_crime_pfa_12_forces.csv.gz"
PROJECTION = running.OFFICE / "data" / "projection"  # the tables as they are shipped
LONG = "PANELPACK_LONG"
COLUMNS = load_offences(PROJECTION).columns.model_dump()
FORCES = ("East", "North", "South", "West")
SPLIT = Split.model_validate(
    {
        "choose": ["East", "North", "South"],
        "hold_out": ["West"],
        "periods": [{"name": "early", "last": "2005Q4"}, {"name": "late", "first": "2006Q1"}],
    }
)
BREAK = Break.model_validate({"series": "b", "from": "2004Q1", "reason": "Counts more from here on."})


def drawn_counts(quarters=30):
    chance = np.random.default_rng(20)
    index = [str(Quarter.parse("2001Q1").shift(by)) for by in range(quarters)]
    columns = pd.MultiIndex.from_product([["a", "b"], FORCES], names=["series", "force"])
    return pd.DataFrame(chance.poisson(200, (quarters, len(columns))).astype(float), index=index, columns=columns)


@cache
def results():
    return backtest.run(drawn_counts(), SPLIT, (BREAK,))


FIGURES = ["total", "lower_95", "upper_95", "lower_80", "upper_80"]


def forecast_totals(found):
    return found.forecasts.set_index(["method", "horizon", "series", "force", "origin"])[FIGURES]


def test_no_forecast_sees_what_came_after_it():
    cut = "2005Q3"
    changed = drawn_counts()
    changed.loc[changed.index > cut] *= 3
    every = (forecast_totals(found) for found in (results(), backtest.run(changed, SPLIT, (BREAK,))))
    before, after = (found[found.index.get_level_values("origin") <= cut] for found in every)
    assert len(before) > 500
    pd.testing.assert_frame_equal(before, after)


def test_forces_held_out_teach_nothing_and_no_force_teaches_itself():
    counts = drawn_counts()
    changed = counts.copy()
    changed.loc[:, (slice(None), "West")] *= np.linspace(1, 5, len(counts))[:, None]
    every = (forecast_totals(found) for found in (results(), backtest.run(changed, SPLIT, (BREAK,))))
    before, after = (found.drop("West", level="force") for found in every)
    pd.testing.assert_frame_equal(before, after)
    tried = attempts(counts, SPLIT)
    learned_from = known_errors(tried, place=20, years_ahead=1, force="East", split=SPLIT)
    assert set(learned_from["force"]) == {"North", "South"}
    assert learned_from["end"].max() <= 20


def test_errors_across_a_break_are_scored_and_not_learned_from():
    tried = attempts(drawn_counts(), SPLIT, (BREAK,))
    crossing = tried[tried["crosses"]]
    assert set(crossing["series"]) == {"b"}
    # The last origin to lean on counts from before 2004Q1 is that of 2005Q3, seven quarters on.
    assert crossing["origin"].max() == "2005Q3"
    known = known_errors(tried, place=len(tried), years_ahead=0, force="West", split=SPLIT)
    assert not known["crosses"].any()
    summary = results().held_out
    pooled = summary[(summary["method"] == YARDSTICK) & (summary["period"] == "early")]
    counted = pooled.set_index(["horizon", "series"])["n"]
    assert counted["this_year", UNBROKEN] < counted["this_year", EVERY]


def test_the_first_scored_origin_has_three_years_of_history_and_a_complete_year_is_not_scored():
    every = results().forecasts
    assert every["origin"].min() == "2003Q4"
    assert not every[every["horizon"] == "this_year"]["origin"].str.endswith("Q4").any()


def test_the_interval_score_by_hand():
    assert interval_score(10, 30, 20, 0.95) == 20
    assert interval_score(10, 30, 8, 0.95) == pytest.approx(20 + 40 * 2)
    assert interval_score(10, 30, 33, 0.80) == pytest.approx(20 + 10 * 3)


def test_the_scores_of_a_forecast_by_hand():
    forecast = Forecast(100, lower_95=80, upper_95=120, lower_80=90, upper_80=110)
    assert score(forecast, actual=115, latest=50, scale=5) == {
        "covered_95": True,
        "covered_80": False,
        "interval_score_95": 40 / 50,
        "scaled_error": 3,
    }
    beyond = score(forecast, actual=121, latest=50, scale=5)
    assert (beyond["covered_95"], beyond["interval_score_95"]) == (False, pytest.approx((40 + 40 * 1) / 50))


def test_the_summary_by_hand():
    row = {"method": "m", "horizon": "this_year", "series": "a", "period": "early", "crosses": False, "actual": 1.0}
    scored = [
        row | {"covered_95": True, "covered_80": True, "interval_score_95": 0.2, "scaled_error": 1.0},
        row | {"covered_95": False, "covered_80": False, "interval_score_95": 0.6, "scaled_error": 2.0},
    ]
    summary = summarise(pd.DataFrame(scored))
    assert list(summary.columns) == SUMMARY
    assert list(summary["series"]) == ["a", EVERY, UNBROKEN]
    found = summary.iloc[0]
    assert (found["n"], found["coverage_95"], found["mean_interval_score_95"], found["mase"]) == (2, 0.5, 0.4, 1.5)


def test_a_stable_series_is_covered():
    judged = judge_methods(results().held_out, SPLIT.periods[0].name)
    ours = judged[judged["method"] == learned_name(SHIPPED)]
    assert (ours["coverage_95"] >= 0.9).all()


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda counts: counts.drop(index="2003Q2"), "2003Q3 follows 2003Q1, expected 2003Q2"),
        (lambda counts: counts.drop(columns="West", level="force"), "'West' is not in every quarter"),
    ],
)
def test_a_table_that_does_not_fit_the_split_is_refused(broken, words):
    with pytest.raises(SourceError, match=words):
        backtest.run(broken(drawn_counts()), SPLIT)


def test_the_errors_of_all_series_together_stand_beside_those_of_each():
    table = results().calibration
    assert list(table.columns) == [*KEY, *LEARNED, *BASIS]
    assert set(table["series"]) == {"a", "b", EVERY}
    horizons = {(0, 1), (0, 2), (0, 3), *((ahead, number) for ahead in (1, 2) for number in (1, 2, 3, 4))}
    for series in ("a", EVERY):  # of b the break leaves too little
        rows = table[table["series"] == series]
        assert set(zip(rows["years_ahead"], rows["quarter"], strict=True)) == horizons
    together = table[table["series"] == EVERY].set_index(KEY[1:])
    apart = table[table["series"] != EVERY].groupby(KEY[1:])["n"].sum()
    assert (together["n"] == apart).all()
    assert set(table["forces"]) == {len(SPLIT.choose)}
    assert table["last_origin"].max() <= SPLIT.periods[0].last


def test_the_errors_of_all_series_together_are_learned_like_those_of_one():
    # One pool: its bias is the mean over both series and its spread that around it, shrunk as a series' own are.
    tried = attempts(drawn_counts(), SPLIT)
    pool = tried[tried["force"].isin(SPLIT.choose) & (tried["origin"] <= "2005Q4") & (tried["year"] <= 2006)]
    pool = pool[(pool["years_ahead"] == 1) & (pool["number"] == 2)]
    errors = np.log(pool["actual"] / pool[SHIPPED])
    seen, prior = pool["year"].nunique(), 4
    bias = errors.mean() * seen / (seen + prior)
    found = backtest.calibration(tried, SPLIT).set_index(KEY).loc[(EVERY, 1, 2)]
    assert found["bias"] == pytest.approx(bias)
    assert found["spread"] == pytest.approx(np.sqrt(((errors - bias) ** 2).mean()))
    assert (found["degrees_of_freedom"], found["n"], found["years"]) == (seen + prior, len(pool), seen)


def test_what_was_known_then_is_what_no_later_year_taught():
    # At 2005Q2 the years up to 2004/05 are complete; what comes after teaches nothing about a forecast made then.
    then = results().calibration_then
    at = then[then["origin"] == "2005Q2"].reset_index(drop=True)
    assert set(zip(at["years_ahead"], at["quarter"], strict=True)) == {(0, 2), (1, 2)}
    changed = drawn_counts()
    changed.loc[changed.index > "2005Q2"] *= 3
    later = backtest.run(changed, SPLIT, (BREAK,)).calibration_then
    unlike = then[then["origin"] > "2006Q3"].reset_index(drop=True)
    pd.testing.assert_frame_equal(at, later[later["origin"] == "2005Q2"].reset_index(drop=True))
    assert not unlike.equals(later[later["origin"] > "2006Q3"].reset_index(drop=True))
    # By hand: the growth of series a, a year ahead, of the choosing forces and the years 2002/03 to 2004/05.
    tried = attempts(drawn_counts(), SPLIT, (BREAK,))
    seen = tried[tried["force"].isin(SPLIT.choose) & (tried["years_ahead"] == 1) & (tried["number"] == 2)]
    seen = seen[(seen["year"] <= 2004) & (seen["series"] == "a")]
    errors, years = np.log(seen["actual"] / seen[SHIPPED]), seen["year"].nunique()
    row = at.set_index(["series", "years_ahead"]).loc[("a", 1)]
    assert row["bias"] == pytest.approx(errors.mean() * years / (years + 4))
    assert row["degrees_of_freedom"] == years + 4


def test_a_series_that_was_not_measured_takes_the_errors_of_all():
    table = results().calibration.set_index(KEY).sort_index()
    counts = drawn_counts()["a", "West"].loc[:"2005Q2"]
    own, other = (project_year(counts.rename(name), 2006, table) for name in ("a", "unknown"))
    assert (own.learned_from, other.learned_from) == ("a", EVERY)
    assert own.total == other.total and own.upper_95 != other.upper_95


def test_the_page_shows_itself_and_is_the_same_twice():
    page = html(results())
    assert page.count("data:image/svg+xml") == len(SCORED)
    assert page.count("<caption>") == 3
    read = re.sub(r'base64,[^"]*', "", page)  # a picture in letters may hold any word
    assert not re.search(r"\bnan\b", read)
    assert BREAK.reason in page
    assert html(results()) == page


# ----------------------------------------------------------------------------------------------------- the verb


@pytest.mark.parametrize(
    ("typed", "words"), [([], "DATA is missing: expected "), (["none.csv"], "DATA='none.csv': there is no such file")]
)
def test_a_table_that_is_not_there_is_told_in_one_line(capsys, monkeypatch, typed, words):
    monkeypatch.chdir(running.OFFICE)
    assert main(typed) == UsageError.exit_code
    output = capsys.readouterr()
    assert output.err.startswith(f"panelpack: {words}") and output.err.count("\n") == 1 and not output.out


def published(counts, path):
    """Write counts as the Home Office publishes them: a row a quarter, a force and a kind of offence."""
    rows = (
        counts.rename_axis("label")
        .stack(["series", "force"], future_stack=True)
        .astype(int)
        .reset_index(name="offences")
    )
    quarters = rows["label"].map(Quarter.parse)
    rows = rows.assign(
        year=[year_label(quarter.year) for quarter in quarters],
        number=[quarter.number for quarter in quarters],
        **{part: rows["series"] for part in ("description", "group", "subgroup", "code")},
    )
    rows.rename(columns=COLUMNS)[list(COLUMNS.values())].to_csv(path, index=False)


def test_the_verb_writes_the_summary_and_the_page_and_names_them(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "data" / "projection"
    folder.mkdir(parents=True)
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "plan.yml").touch()  # by this file a folder is known as a project
    series = {name: {"title": name.upper(), "subgroups": [name]} for name in ("a", "b")}
    broken = BREAK.model_dump(by_alias=True)
    source = {"title": "Made up", "release": "never", "licence": "none", "sha256": "0", "released_after_months": 4}
    offences = {"source": source, "columns": COLUMNS, "forces": [], "series": series, "breaks": [broken]}
    (folder / "offences.yml").write_text(json.dumps(offences), encoding="utf-8")
    (folder / "split.yml").write_text(SPLIT.model_dump_json(exclude_defaults=True), encoding="utf-8")
    published(drawn_counts(), tmp_path / "table.csv")
    monkeypatch.chdir(tmp_path)
    assert main(["table.csv"]) == 0
    written = capsys.readouterr().out.splitlines()
    assert written[:2] == ["outputs/backtest/index.html", "outputs/backtest/summary.csv"]
    assert sorted(written) == sorted(str(path.relative_to(tmp_path)) for path in tmp_path.glob("outputs/*/*"))
    summary = pd.read_csv(tmp_path / "outputs" / "backtest" / "summary.csv")
    pd.testing.assert_frame_equal(summary, results().held_out, check_dtype=False, atol=5e-5)
    # What it writes can be shipped as it is.
    table = read_calibration(tmp_path / "outputs" / "backtest" / "calibration.csv")
    expected = results().calibration.set_index(KEY).sort_index()
    pd.testing.assert_frame_equal(table, expected, check_dtype=False, atol=5e-5)


# ---------------------------------------------------------------------------------------------- what is shipped


@pytest.mark.parametrize("side", ["summary.csv", "summary_choosing.csv"])
def test_the_shipped_summary_says_that_the_shipped_method_is_good_enough(side):
    judged = judge_methods(pd.read_csv(PROJECTION / side), load_split(PROJECTION).periods[0].name)
    ours = judged[judged["method"] == learned_name(SHIPPED)].set_index("horizon")
    scored = {HORIZONS[ahead] for ahead in SCORED}
    assert set(ours.index) == scored and len(ours) == 2
    assert ours["coverage_95"].between(0.93, 0.97).all()
    assert (ours["gain"] >= 0.20).all()
    assert ours["worthy"].all()


def test_the_bar_is_the_one_that_was_set_beforehand():
    assert (COVERAGE, GAIN) == ((0.93, 0.97), 0.20)


def test_the_shipped_errors_are_those_of_the_choosing_forces_and_of_the_first_period():
    split = load_split(PROJECTION)
    table = read_calibration(PROJECTION / "calibration.csv")
    assert set(table["forces"]) == {len(split.choose)}
    assert table["last_origin"].max() <= split.periods[0].last
    series = set(table.index.get_level_values("series"))
    assert series == {EVERY, *load_offences(PROJECTION).series}


# -------------------------------------------------------------------------- against the official table, where it is


@pytest.fixture(scope="session")
def official(tmp_path_factory):
    """One run of the whole back-test, half a minute: its results, and the folder of its tables."""
    folder = tmp_path_factory.mktemp("backtest")
    found = backtest.measure(TABLE, PROJECTION)
    backtest.save(found, folder)
    return found, folder


def on_the_official_table(test):
    test = pytest.mark.skipif(not TABLE.exists(), reason="the official table is not beside this checkout")(test)
    test = pytest.mark.skipif(not os.environ.get(LONG), reason=f"takes half a minute; set {LONG}=1 to run it")(test)
    return pytest.mark.slow(test)


@on_the_official_table
def test_the_shipped_method_passes_on_both_sides_and_is_the_best_of_those_that_do(official):
    found, _ = official
    split = load_split(PROJECTION)
    judged = [judge_methods(summary, split.periods[0].name) for summary in (found.held_out, found.choosing)]
    ours = learned_name(SHIPPED)
    for side in judged:
        assert side[side["method"] == ours]["worthy"].tolist() == [True, True]
    choosing = judged[1].groupby("method").agg(worthy=("worthy", "all"), gain=("gain", "mean"))
    assert choosing[choosing["worthy"]]["gain"].idxmax() == ours


@on_the_official_table
@pytest.mark.parametrize("name", TABLES)
def test_the_shipped_tables_are_what_the_back_test_writes(official, name):
    shipped, fresh = (pd.read_csv(folder / f"{name}.csv") for folder in (PROJECTION, official[1]))
    pd.testing.assert_frame_equal(shipped, fresh, rtol=0, atol=1.5e-4)  # the last digit of four


# Offences recorded by quarter, 2013Q2 to 2015Q1, by the official table (October 2023); the printed 12 months to June
# 2015 and the printed baseline. Crown copyright, Open Government Licence v3.0.
PRINTED = {
    "all_crime": ([15327, 15743, 14622, 15271, 14724, 14879, 14346, 15143], 58318, 58805, "inside"),
    "domestic_burglary": ([921, 1363, 1112, 930, 848, 1299, 973, 890], 4013, 3935, "inside"),
    "violence_with_injury": ([1323, 1315, 1337, 1020, 1230, 1296, 1334, 952], 4609, 4365, "inside"),
    "theft_from_vehicle": ([1382, 1480, 1250, 1326, 1410, 1389, 1642, 1701], 6092, 5236, "inside"),
    "theft_of_vehicle": ([279, 307, 263, 315, 313, 340, 379, 343], 1376, 1051, "above"),
}


@on_the_official_table
@pytest.mark.parametrize("series", PRINTED)
def test_the_verdicts_of_the_printed_paper(official, series):
    history, printed, baseline, expected = PRINTED[series]
    labels = [str(Quarter.parse("2013Q2").shift(step)) for step in range(len(history))]
    counts = pd.Series(history, labels, dtype=float, name=series) * printed / sum(history[-4:])
    table = official[0].calibration.set_index(KEY).sort_index()
    found = project_year(counts, "2016/17", table)
    assert (found.learned_from, found.origin) == (series, "2015Q1")
    verdict = "above" if baseline < found.lower_95 else "inside" if baseline <= found.upper_95 else "below"
    assert verdict == expected
