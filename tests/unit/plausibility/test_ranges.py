"""Points outside their range, zeros and empty cells, shares."""

import numpy as np
import pandas as pd
import pytest

from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable


def test_a_new_number_out_of_range_is_told_with_its_range(made, before):
    made.counts.loc["2020-06", "Calder"] *= 3
    (finding,) = made.findings(made.table(made.counts), before)
    assert finding[:3] == ("outside_range", "2020-06", "thefts Calder")
    assert "in 2020-06, where its own history makes" in finding.words


def test_an_old_number_stands_out_against_both_sides(made):
    made.counts.loc["2018-10", "Birkmoor"] *= 3
    (finding,) = made.findings(made.table(made.counts), None)
    assert finding[:3] == ("outside_range", "2018-10", "thefts Birkmoor")


def test_most_rows_far_down_in_one_quarter_are_one_query(made, before):
    made.counts.loc[list(made.new)] = (made.counts.loc[list(made.new)] * 0.3).round()
    (finding,) = made.findings(made.table(made.counts), before)
    assert finding[:3] == ("outside_range", "2020-04", "thefts") and "are smaller than" in finding.words


def test_a_season_is_allowed_for(made):
    time = np.arange(39)
    chance = np.random.default_rng(9)
    values = chance.poisson(500 * (1 + 0.6 * np.sin(2 * np.pi * time / 12))).astype(float)
    assert made.kinds(made.single(values), made.single(values[:-3])) == []
    values[-1] = values[-7] + 3  # an ordinary December, and nothing like June
    assert made.kinds(made.single(values), made.single(values[:-3])) == ["outside_range"]


def test_short_histories_say_nothing(made):
    assert made.kinds(made.single(np.array([40.0, 44, 39, 41, 130])), None) == []


def test_zeros_where_there_never_were_any_are_one_query(made, before):
    made.counts.loc[["2020-05", "2020-06"], "Calder"] = 0.0
    (finding,) = made.findings(made.table(made.counts), before)
    assert finding[:3] == ("zero", "2020-05", "thefts Calder")
    assert "0 in 2020-05 and 2020-06, where every other period has" in finding.words


def test_a_zero_among_rare_counts_is_nothing(made):
    rare = np.random.default_rng(2).poisson(2.5, 39).astype(float)
    rare[rare == 0] = 1
    rare[-1] = 0
    assert made.kinds(made.single(rare), made.single(rare[:-3])) == []


def test_a_cell_that_is_suddenly_empty(made):
    table = made.table(made.counts)
    text = table.text.copy()
    text.loc[text.index[-2], "thefts"] = ""
    (finding,) = made.findings(ReceivedTable(table.name, table.spec, text, table.rows), made.before)
    assert finding[:3] == ("empty", "2020-06", "thefts Dunholm") and ": no number in 2020-06" in finding.words


@pytest.fixture
def survey(made):
    """A function that returns the table of a survey: asked 60 a month, 80% pleased, and in the last month so many."""

    def table(pleased, asked=60, months=39):
        chance = np.random.default_rng(6)
        base = chance.poisson(60, 39)
        yes = chance.binomial(base, 0.8)
        base[-1], yes[-1] = asked, pleased
        columns = {"month": "month", "asked": "count", "pleased": "count"}
        spec = SupplierFile(file="survey.csv", columns=columns, key=["month"])
        text = pd.DataFrame({"month": list(made.months), "asked": base.astype(str), "pleased": yes.astype(str)})
        return ReceivedTable("survey", spec, text.iloc[:months], months)

    return table


@pytest.mark.parametrize(
    ("pleased", "asked", "kinds"),
    [(48, 60, []), (24, 30, []), (12, 60, ["outside_range"]), (0, 60, ["zero"]), (55, 50, ["outside_range"])],
)
def test_a_share_is_held_against_its_base(made, survey, pleased, asked, kinds):
    table, before = survey(pleased, asked), survey(48, months=36)
    assert made.kinds(table, before, parts=[("pleased", "asked")]) == kinds


def test_no_number_of_a_quiet_table_is_told(made):
    made.counts.loc["2020-06", "Calder"] *= 3
    made.counts.loc["2020-05", "Birkmoor"] *= 100
    made.counts.loc["2020-04", "Ashdale"] = 0.0
    quiet = made.findings(made.table(made.counts), made.before, is_quiet=True)
    silent = made.findings(made.table(made.counts), made.before, is_quiet=True, is_silent=True)
    assert len(quiet) == len(silent) == 3
    numbers = {f"{value:,.0f}" for value in made.counts.to_numpy().ravel()} - {"0", "10", "100"}
    for finding in (*quiet, *silent):
        assert not numbers & set(finding.words.replace(".", " ").replace(";", " ").replace(",", " ").split())
    assert any("Calder" in finding.words for finding in quiet)
    assert not any(row in finding.words + finding.subject for finding in silent for row in made.rows)
