"""The back-test: it looks nowhere ahead, scores as it says, and holds the shipped method to what it is asked for."""

import json
import re
from functools import cache

import numpy as np
import pandas as pd
import pytest

import running
from made_up_forces import write_comparators
from panelpack.comparators.counts import read_official_counts_of_forces
from panelpack.config.study import Break, Split, check_made_from, load_offences, load_split
from panelpack.errors import SourceError
from panelpack.indicators.reference_tables import read_official_counts
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.statistics.backtest_scores import (
    BEFORE,
    BY_YEAR,
    COVERAGE,
    ERRORS_ALLOWED,
    EVERY,
    HORIZONS,
    LEAST_BY_SERIES,
    SHIPPED,
    SUMMARY,
    judge_series,
    judge_years,
)
from panelpack.statistics.past_errors import PastErrors
from panelpack.statistics.projection import Forecast, project_year
from research.backtest import backtest
from research.backtest.__main__ import main
from research.backtest.before import damped_growth, learned_interval
from research.backtest.page import html
from research.backtest.scores import by_year, interval_score, score, summarise

pytestmark = pytest.mark.xdist_group("backtest")  # one worker, so that one run of the drawn counts serves all

OFFICE = Project(running.OFFICE)  # with the tables as they are shipped
PROJECTION = OFFICE.projection
FORCES = ("East", "North", "South", "West")
SPLIT = Split.model_validate(
    {
        "periods": [{"name": "early", "last": "2005Q4"}, {"name": "late", "first": "2006Q1"}],
        "shocks": [{"year": "2006/07", "seen_until": "2005Q4", "reason": "Nobody foresaw it."}],
    }
)
BREAK = Break.model_validate({"series": "b", "from": "2004Q1", "reason": "Counts more from here on."})
FIGURES = ["total", "lower_95", "upper_95", "lower_80", "upper_80"]


def drawn_counts(quarters=30):
    chance = np.random.default_rng(20)
    index = [str(Quarter.parse("2001Q1").shift(by)) for by in range(quarters)]
    columns = pd.MultiIndex.from_product([["a", "b"], FORCES], names=["series", "force"])
    return pd.DataFrame(chance.poisson(200, (quarters, len(columns))).astype(float), index=index, columns=columns)


@cache
def results():
    return backtest.run(drawn_counts(), SPLIT, (BREAK,))


def forecast_totals(found):
    return found.forecasts.set_index(["method", "horizon", "series", "force", "origin"])[FIGURES]


# --------------------------------------------------------------------------------------------- nothing looks ahead
def test_no_forecast_sees_what_came_after_it():
    cut = "2005Q3"
    changed = drawn_counts()
    changed.loc[changed.index > cut] *= 3
    every = (forecast_totals(found) for found in (results(), backtest.run(changed, SPLIT, (BREAK,))))
    before, after = (found[found.index.get_level_values("origin") <= cut] for found in every)
    assert len(before) > 200
    pd.testing.assert_frame_equal(before, after)


def test_of_the_quarter_itself_a_forecast_knows_the_force_and_no_other():
    cut = "2005Q3"
    changed = drawn_counts()
    others = [column for column in changed if column[1] != "East"]
    changed.loc[changed.index >= cut, others] *= 3
    before, after = (
        forecast_totals(found).xs("East", level="force").xs(cut, level="origin")
        for found in (results(), backtest.run(changed, SPLIT, (BREAK,)))
    )
    pd.testing.assert_frame_equal(before, after)


def test_no_force_teaches_itself():
    counts = drawn_counts()
    changed = counts.copy()
    west = changed.columns.get_level_values("force") == "West"
    changed.loc[changed.index <= "2005Q2", west] *= np.linspace(1, 5, 18)[:, None]
    every = (forecast_totals(found) for found in (results(), backtest.run(changed, SPLIT, (BREAK,))))
    # West's latest 12 months are as they were; its interval is learned from the others.
    before, after = (
        found.xs("West", level="force").xs("next_year", level="horizon").xs("2006Q4", level="origin") for found in every
    )
    pd.testing.assert_frame_equal(before.xs(SHIPPED), after.xs(SHIPPED))


def test_a_forecast_is_the_one_that_a_pack_would_have_made():
    counts = drawn_counts()
    others = PastErrors.of_counts(counts.drop(columns="North", level="force").loc[:"2006Q1"], [("b", "2004Q1")])
    for ahead, horizon in HORIZONS.items():
        own = counts["b", "North"].loc[:"2006Q2"].rename("b")
        found = project_year(own, 2006 + ahead, others)
        scored = forecast_totals(results()).loc[(SHIPPED, horizon, "b", "North", "2006Q2")]
        assert [getattr(found, name) for name in FIGURES] == pytest.approx(scored.tolist())


def test_the_first_scored_origin_has_three_years_of_history_and_a_complete_year_is_not_scored():
    every = results().forecasts
    assert every["origin"].min() == "2003Q4"
    assert not every[every["horizon"] == "this_year"]["origin"].str.endswith("Q4").any()


def test_forecasts_across_a_break_are_not_scored():
    found = results()
    crossing = found.forecasts[found.forecasts["crosses"]]
    # The last origin to lean on counts from before 2004Q1 is that of 2005Q3, seven quarters on.
    assert set(crossing["series"]) == {"b"} and crossing["origin"].max() == "2005Q3"
    counted = (
        found.summary[found.summary["method"] == SHIPPED].set_index(["horizon", "period", "series"])["n"].sort_index()
    )
    early, late = (counted.xs(("this_year", period)) for period in ("early", "late"))
    assert "b" not in early and early[EVERY] == early["a"]
    assert late["b"] == late["a"] == late[EVERY] / 2


# -------------------------------------------------------------------------------------------------------- scores
def test_the_interval_score_by_hand():
    assert interval_score(10, 30, 20, 0.95) == 20
    assert interval_score(10, 30, 8, 0.95) == pytest.approx(20 + 40 * 2)
    assert interval_score(10, 30, 33, 0.80) == pytest.approx(20 + 10 * 3)


def test_the_scores_of_a_forecast_by_hand():
    forecast = Forecast(100, lower_95=80, upper_95=120, lower_80=90, upper_80=110)
    assert score(forecast, actual=115, latest=50) == {
        "covered_95": True,
        "covered_80": False,
        "interval_score_95": 40 / 50,
        "width_95": 40 / 50,
    }
    beyond = score(forecast, actual=121, latest=50)
    assert (beyond["covered_95"], beyond["interval_score_95"]) == (False, pytest.approx((40 + 40 * 1) / 50))


def scored_row(**changed):
    row = {"method": SHIPPED, "horizon": "this_year", "series": "a", "force": "East", "period": "early", "year": 2005}
    row |= {"covered_95": True, "covered_80": True, "interval_score_95": 0.2, "width_95": 0.2}
    return row | {"crosses": False, "is_shock": False} | changed


def test_the_summaries_by_hand():
    worse = {"covered_95": False, "covered_80": False, "interval_score_95": 0.6, "width_95": 0.4}
    rows = pd.DataFrame(
        [scored_row(), scored_row(**worse), scored_row(force="West"), scored_row(**worse, crosses=True, force="North")]
    )
    summary = summarise(rows)
    assert list(summary.columns) == SUMMARY
    assert list(summary["series"]) == ["a", EVERY]
    found = summary.iloc[0]
    assert (found["n"], found["coverage_95"], found["coverage_80"]) == (3, pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert (found["mean_interval_score_95"], found["mean_width_95"]) == (pytest.approx(1 / 3), pytest.approx(0.8 / 3))
    years = by_year(rows)
    assert list(years.columns) == BY_YEAR
    assert years[["n", "totals"]].to_numpy().tolist() == [[3, 2], [3, 2]]


def years_of(*rows):
    """Rows of the table by year: series, year, is_shock, n, totals, coverage."""
    head = {"method": SHIPPED, "horizon": "next_year", "coverage_80": 0.8}
    names = ("series", "year", "is_shock", "n", "totals", "coverage_95")
    return pd.DataFrame([head | dict(zip(names, row, strict=True)) for row in rows])


def test_a_year_is_judged_by_the_totals_that_it_has():
    judged = judge_years(
        years_of(
            (EVERY, 2015, False, 400, 100, 0.88),
            (EVERY, 2016, False, 400, 100, 0.87),
            (EVERY, 2017, False, 4000, 1000, 0.90),
            (EVERY, 2018, False, 4000, 1000, 0.985),
            (EVERY, 2019, False, 4000, 100, 1.0),
            (EVERY, 2020, True, 4000, 1000, 0.4),
            ("a", 2015, False, 400, 100, 0.2),
        )
    )
    assert judged["holds"].tolist() == [True, False, False, False, True, True]
    assert judged["lowest"].iloc[0] == pytest.approx(0.93 - 2 * (0.93 * 0.07 / 100) ** 0.5)
    assert judged["highest"].iloc[2] == pytest.approx(0.97 + 2 * (0.97 * 0.03 / 1000) ** 0.5)


def test_an_offence_is_judged_without_the_shocks():
    judged = judge_series(
        years_of(
            ("a", 2015, False, 300, 100, 0.9),
            ("a", 2016, False, 100, 100, 0.7),
            ("a", 2020, True, 400, 100, 0.1),
            ("b", 2015, False, 100, 100, 0.84),
            (EVERY, 2015, False, 400, 200, 0.5),
        )
    ).set_index("series")
    assert judged["coverage_95"].to_dict() == pytest.approx({EVERY: 0.5, "a": 0.85, "b": 0.84})
    assert judged.index[0] == EVERY
    assert judged.loc["a", "with_shocks"] == pytest.approx((0.9 * 300 + 70 + 40) / 800)
    assert judged["holds"].to_dict() == {EVERY: False, "a": True, "b": False}


def test_the_bar_is_the_one_that_was_set_beforehand():
    assert (COVERAGE, ERRORS_ALLOWED, LEAST_BY_SERIES) == ((0.93, 0.97), 2, 0.85)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda counts: counts.drop(index="2003Q2"), "2003Q3 follows 2003Q1, expected 2003Q2"),
        (lambda counts: counts[[("a", "West"), ("b", "West")]], "found 30 quarters of 1 forces without gaps, expected"),
        (lambda counts: counts.iloc[:16], "found 16 quarters of 4 forces without gaps, expected more than 16"),
    ],
)
def test_a_table_that_is_too_small_or_has_a_gap_is_refused(broken, words):
    with pytest.raises(SourceError, match=words):
        backtest.run(broken(drawn_counts()), SPLIT)


# --------------------------------------------------------------------------------------------- the method before
def test_the_method_before_takes_part_of_the_growth_on_by_hand():
    counts = np.repeat([100.0, 100.0, 121.0], 4)
    assert damped_growth(counts, 4, 1) == pytest.approx(4 * 121 * 1.21**0.4)
    assert damped_growth(counts, 2, 0) == pytest.approx(242 + 242 * 1.21**0.4)
    assert damped_growth(counts[:4], 4, 1) == 400  # no year before to grow from


def test_the_interval_before_has_a_bias_and_is_that_of_a_student_t_by_hand():
    errors = [np.array([[0.1, 0.3], [0.1, np.nan]]), np.array([[0.0, 0.0], [np.nan, np.nan]])]
    years = np.array([2, 1])
    mean = np.mean([0.1, 0.3, 0.1])
    bias = mean * 2 / 6
    around = np.array([0.1, 0.3, 0.1]) - bias
    shared = np.mean(np.square(np.concatenate([around, [0.0, 0.0]])))
    spread = np.sqrt(np.mean(around**2) * 2 / 6 + shared * 4 / 6)
    found = learned_interval(1000, errors, 0, years)
    assert np.log([found.lower_95 / 1000, found.upper_95 / 1000]) == pytest.approx(
        [bias - 2.446912 * spread, bias + 2.446912 * spread], abs=1e-6
    )


# ------------------------------------------------------------------------------------------------------- the page
def test_the_page_shows_itself_and_is_the_same_twice():
    page = html(results())
    assert page.count('<figure class="chart">') == len(HORIZONS)
    assert page.count("<caption>") == 3
    read = re.sub(r"base64,[^\")]*", "", page)  # a typeface in letters may hold any word
    assert not re.search(r"\bnan\b", read)
    assert BREAK.reason in page and SPLIT.shocks[0].reason in page
    assert html(results()) == page


# ----------------------------------------------------------------------------------------------------- the verb
STUDY = {
    "forces": FORCES,
    "series": {name: {"title": name.upper(), "subgroups": [name]} for name in ("a", "b")},
    "breaks": [BREAK.model_dump(by_alias=True)],
}
MOVE = ("Threats", "Kind: b", "Kind: c", "2004Q1", 40, 0.1, 0.2)


def with_drawn_counts(root, *, moves=(), **study):
    """Make a project of the drawn counts, a kind of offences a series, and of a force that offences.yml lacks."""
    folder = root / "data" / "projection"
    for made in (folder, *(root / name for name in ("params", "src/panelpack", "notebooks"))):
        made.mkdir(parents=True)
    (root / "params" / "plan.yml").touch()  # by these a folder is known as an office's, and as the software's
    (folder / "offences.yml").write_text(json.dumps(STUDY | study), encoding="utf-8")
    (folder / "split.yml").write_text(SPLIT.model_dump_json(exclude_defaults=True), encoding="utf-8")
    counts = drawn_counts().rename_axis("quarter").stack("force").assign(c=0).add_prefix("Kind: ").reset_index()
    stranger = counts[counts["force"] == "East"].assign(force="Fraud desk")
    write_comparators(root / "data" / "comparators", counts=pd.concat([counts, stranger]), moves=moves)
    return Project(root)


def test_the_verb_writes_what_a_pack_can_read_and_names_it(tmp_path, monkeypatch, capsys):
    project = with_drawn_counts(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main([]) == 0
    told, *written = capsys.readouterr().out.splitlines()
    read = f"Read: 2001Q1 to {drawn_counts().index[-1]} of 4 forces. "
    assert told == read + "Left out, with a gap or a name that offences.yml does not have: Fraud desk."
    outputs = tmp_path / "outputs" / "backtest"
    assert written[:2] == ["outputs/backtest/index.html", "outputs/backtest/summary.csv"]
    assert sorted(written) == sorted(str(path.relative_to(tmp_path)) for path in outputs.glob("*"))
    assert "Fraud desk" in (outputs / "index.html").read_text(encoding="utf-8")
    summary = pd.read_csv(outputs / "summary.csv")
    pd.testing.assert_frame_equal(summary, results().summary, check_dtype=False, atol=5e-5)
    # What it writes can be shipped as it is.
    for path in outputs.glob("*.[cy][sm][vl]"):
        path.rename(project.projection / path.name)
    check_made_from(project, "summary.csv", "by_year.csv")
    pd.testing.assert_frame_equal(read_official_counts(project), drawn_counts(), check_names=False)


@pytest.mark.parametrize(
    ("study", "moves", "words"),
    [
        ({"breaks": []}, [MOVE], r"series 'b': From April 2004 on Threats .* Correct its subgroups, or declare a b"),
        ({}, [(*MOVE[:3], "2005Q1", *MOVE[4:])], r"series 'b': From April 2005 on Threats "),
        ({"series": STUDY["series"] | {"d": {"title": "D", "subgroups": ["d"]}}}, [], "series 'd': The table has no "),
    ],
    ids=["no break", "another quarter's break", "no such offences"],
)
def test_a_series_that_comes_to_count_something_else_unsaid_is_refused(study, moves, words, tmp_path):
    project = with_drawn_counts(tmp_path, moves=moves, **study)
    with pytest.raises(SourceError, match=words):
        backtest.measure(project)


@pytest.mark.parametrize("study", [{}, {"series": {"b": {"title": "B", "subgroups": ["b", "c"]}}, "breaks": []}])
def test_a_declared_break_or_both_places_are_no_mistake(study, tmp_path):
    project = with_drawn_counts(tmp_path, moves=[MOVE], **study)
    backtest.refuse_redefined(read_official_counts_of_forces(project), load_offences(project.projection))


# ----------------------------------------------------------------------------------- on the counts that are shipped
@pytest.fixture(scope="module")
def shipped():
    """The back-test of the shipped counts, some seconds."""
    counts = read_official_counts(OFFICE)
    return backtest.run(counts, load_split(PROJECTION), load_offences(PROJECTION).breaks)


def test_the_intervals_hold_in_every_year_and_for_every_offence_but_in_a_shock(shipped):
    years, series = judge_years(shipped.by_year), judge_series(shipped.by_year)
    assert years["holds"].all() and series["holds"].all()
    assert set(years["year"]) == set(range(2015, 2023))
    shocks = years[years["is_shock"]]
    assert shocks[["horizon", "year"]].to_numpy().tolist() == [["next_year", 2020]]
    assert 0.4 < shocks["coverage_95"].iloc[0] < 0.7, "and the shock is no success"


@pytest.mark.parametrize("horizon", HORIZONS.values())
def test_the_method_is_better_than_the_one_before_in_every_period(shipped, horizon):
    pooled = shipped.summary[(shipped.summary["series"] == EVERY) & (shipped.summary["horizon"] == horizon)]
    now, before = (pooled[pooled["method"] == method].set_index("period") for method in (SHIPPED, BEFORE))
    assert len(now) == len(load_split(PROJECTION).periods)
    assert (now["mean_interval_score_95"] < before["mean_interval_score_95"]).all()


@pytest.mark.parametrize("name", ["summary", "by_year"])
def test_the_shipped_tables_are_what_the_back_test_of_the_shipped_counts_gives(shipped, name):
    written = pd.read_csv(PROJECTION / f"{name}.csv")
    pd.testing.assert_frame_equal(written, getattr(shipped, name), check_dtype=False, atol=1.5e-4, rtol=0)


# Offences recorded by quarter, 2013Q2 to 2015Q1, by the official table (October 2023); the printed 12 months to June
# 2015 and the printed baseline. Crown copyright, Open Government Licence v3.0.
PRINTED = {
    "all_crime": ([15327, 15743, 14622, 15271, 14724, 14879, 14346, 15143], 58318, 58805),
    "domestic_burglary": ([921, 1363, 1112, 930, 848, 1299, 973, 890], 4013, 3935),
    "violence_with_injury": ([1323, 1315, 1337, 1020, 1230, 1296, 1334, 952], 4609, 4365),
    "theft_from_vehicle": ([1382, 1480, 1250, 1326, 1410, 1389, 1642, 1701], 6092, 5236),
    "theft_of_vehicle": ([279, 307, 263, 315, 313, 340, 379, 343], 1376, 1051),
}


@pytest.mark.parametrize("series", PRINTED)
def test_what_was_known_in_2015_covers_every_baseline_of_the_printed_paper(series):
    history, printed, baseline = PRINTED[series]
    labels = [str(Quarter.parse("2013Q2").shift(step)) for step in range(len(history))]
    counts = pd.Series(history, labels, dtype=float, name=series) * printed / sum(history[-4:])
    known = read_official_counts(OFFICE).loc[:"2014Q4"]
    past = PastErrors.of_counts(known.drop(columns="Leicestershire", level="force"))
    found = project_year(counts, "2016/17", past)
    assert (found.origin, found.learned_from.errors, found.learned_from.forces) == ("2015Q1", 11, 11)
    assert found.lower_95 < baseline < found.upper_95
    assert (found.total > 1.25 * baseline) is (series == "theft_of_vehicle")
