"""Periods equal to others, and one value in a long run: told where chance would not, silent where it would."""

import numpy as np
import pandas as pd
import pytest

from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable


def test_an_honest_table_says_nothing(made, before):
    assert made.findings(made.table(made.counts), before) == []


def test_a_period_equal_to_the_one_before_is_one_query(made, before):
    made.counts.loc["2020-05"] = made.counts.loc["2020-04"]
    (finding,) = made.findings(made.table(made.counts), before)
    assert finding[:3] == ("copied", "2020-05", "")
    assert "5 of 5 numbers of 2020-05 (thefts) are equal to those of 2020-04" in finding.words


def test_most_rows_are_enough_and_a_few_are_not(made):
    some = made.counts.copy()
    some.loc["2020-06", list(made.rows[:4])] = some.loc["2020-05", list(made.rows[:4])]
    assert made.kinds(made.table(some), made.before) == ["copied"]
    few = made.counts.copy()
    few.loc["2020-06", made.rows[2]] = few.loc["2020-05", made.rows[2]]
    assert made.kinds(made.table(few), made.before) == []


@pytest.mark.parametrize("years", [1, 2])
def test_the_quarter_of_another_year_is_told_as_that(made, before, years):
    old = made.counts.iloc[-3 - 12 * years : len(made.counts) - 12 * years]
    made.counts.loc[list(made.new)] = old.to_numpy()
    (finding,) = made.findings(made.table(made.counts), before)
    assert finding.kind == "copied" and "another year" in finding.words


def test_three_months_of_one_row_are_beyond_chance_and_one_is_not(made):
    three = made.series.copy()
    three[-3:] = three[-15:-12]
    assert made.kinds(made.single(three), made.single(made.series[:-3])) == ["copied"]
    one = made.series.copy()
    one[-1] = one[-13]
    assert made.kinds(made.single(one), made.single(made.series[:-3])) == []


def test_what_the_file_before_had_is_not_asked_again(made):
    made.counts.loc["2019-05"] = made.counts.loc["2019-04"]
    assert made.kinds(made.table(made.counts), None) == ["copied"]
    assert made.kinds(made.table(made.counts), made.table(made.counts.iloc[:-3])) == []


def test_small_counts_are_often_equal(made):
    rare = made.made(rows=("a", "b", "c"), levels=(0.4, 0.8, 1.5), seed=5).astype(float)
    assert made.kinds(made.table(rare), None) == []


def test_one_value_in_a_long_run(made):
    values = made.series.copy()
    values[-7:] = values[-7]
    (finding,) = made.findings(made.single(values), None)
    assert finding[:3] == ("all_equal", "2019-12", "calls")
    assert "in every period of 2019-12 to 2020-06" in finding.words


def test_one_cell_filled_down_all_rows(made, before):
    made.counts.loc["2020-04":] = 77.0
    (finding,) = made.findings(made.table(made.counts), before)
    assert finding.kind == "all_equal" and "every row of 2020-04, 2020-05 and 2020-06 has 77" in finding.words


def test_a_fixed_size_that_no_series_adds_up_is_no_query(made):
    columns = {"month": "month", "group": "category", "size": "count", "offences": "count"}
    spec = SupplierFile(file="cohorts.csv", columns=columns, key=["month", "group"])
    text = pd.DataFrame({"month": list(made.months), "group": "young", "size": "150"})
    text["offences"] = [str(int(value)) for value in made.series]
    table = ReceivedTable("cohorts", spec, text, len(text))
    assert made.kinds(table, None, read={"offences"}) == []
    assert made.kinds(table, None, read={"offences", "size"}) == ["all_equal"]


def test_zeros_in_a_row_are_no_run_of_copies(made):
    assert made.kinds(made.single(np.zeros(39)), None) == []
