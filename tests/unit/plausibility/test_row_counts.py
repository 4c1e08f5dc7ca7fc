"""Periods without their rows, and tables that were cut off."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable
from panelpack.plausibility.history import join
from panelpack.plausibility.panel import read_panel
from panelpack.plausibility.queries import find_in_history


def test_a_row_that_other_periods_have(made, before):
    made.counts.loc["2020-06", "Elmet"] = np.nan
    (finding,) = made.findings(made.table(made.counts), before)
    assert finding[:3] == ("rows_missing", "2020-06", "Elmet")
    assert "There is no row of Elmet in 2020-06" in finding.words


def test_a_hole_in_an_old_period_is_seen_without_a_file_before(made):
    made.counts.loc["2018-06":"2018-08", "Birkmoor"] = np.nan
    (finding,) = made.findings(made.table(made.counts), None)
    assert finding[:3] == ("rows_missing", "2018-06", "Birkmoor")


def test_a_label_that_changed_is_told_with_the_new_one(made):
    made.counts["Elmet North"] = np.nan
    made.counts.loc["2020-04":, "Elmet North"] = made.counts.loc["2020-04":, "Elmet"]
    made.counts.loc["2020-04":, "Elmet"] = np.nan
    (finding,) = made.findings(made.table(made.counts), made.before)
    assert finding.subject == "Elmet" and "Elmet North began then" in finding.words


def test_groups_that_began_late_or_ended_long_ago_are_left_alone(made):
    made.counts.loc[:"2018-08", "Elmet"] = np.nan
    made.counts.loc["2019-01":, "Dunholm"] = np.nan
    assert made.findings(made.table(made.counts), None) == []


def test_a_table_that_ends_inside_its_last_group(made):
    columns = {"quarter": "quarter", "force": "category", "offence": "category", "offences": "count"}
    spec = SupplierFile(file="official.csv", columns=columns, key=["quarter", "force", "offence"])
    quarters = [f"{year}Q{number}" for year in (2017, 2018, 2019) for number in (1, 2, 3, 4)]
    chance = np.random.default_rng(2)
    lines = [
        (quarter, force, offence, str(chance.poisson(400)))
        for quarter, force, offence in itertools.product(quarters, ("North", "South"), ("theft", "arson", "fraud"))
    ]
    text = pd.DataFrame(lines, columns=list(columns))
    whole, cut = (ReceivedTable("official", spec, part, len(part)) for part in (text, text.iloc[:-2]))
    assert made.findings(whole, new=("2019Q4",)) == []
    (finding,) = made.findings(cut, new=("2019Q4",))
    assert finding[:3] == ("rows_missing", "2019Q4", "South arson, South fraud")


def official(lacking, new="2019Q3", before=None):
    """What is asked of a table of quarters that has the same rows all year; `lacking`: (quarter, offence) left out."""
    columns = {"quarter": "quarter", "offence": "category", "offences": "count"}
    spec = SupplierFile(file="official.csv", columns=columns, key=["quarter", "offence"])
    chance = np.random.default_rng(2)
    offences = {"theft": "2017Q1", "arson": "2017Q1", "robbery": "2017Q1", "modern slavery": "2019Q1"}
    text = pd.DataFrame(
        [
            (quarter, offence, str(chance.poisson(400)))
            for quarter in (f"{year}Q{number}" for year in (2017, 2018, 2019) for number in (1, 2, 3, 4))
            for offence, began in offences.items()
            if began <= quarter <= new and (quarter, offence) not in lacking
        ],
        columns=list(columns),
    )
    early = text[text["quarter"] < before] if before else None
    table, old = (None if part is None else ReceivedTable("t", spec, part, len(part)) for part in (text, early))
    panels = (read_panel(table), None if old is None else read_panel(old))
    return find_in_history(replace(join(*panels, (new,), period_column="quarter"), same_rows_all_year=True))


@pytest.mark.parametrize("before", [None, "2019Q3"])
def test_a_quarter_with_fewer_kinds_than_others_of_its_year_is_asked_about(before):
    (finding,) = official([("2019Q3", "modern slavery")], before=before)  # which stood in two quarters only
    assert finding[:3] == ("rows_missing", "2019Q3", "modern slavery")
    assert finding.words == (
        "There is no row of modern slavery in 2019Q3, as there is in other quarters of its financial year."
    )
    assert official([], before=before) == []


def test_a_quarter_that_lacked_a_kind_in_the_file_before_was_asked_about_then():
    lacking = [("2018Q2", "arson")]
    assert [finding[:3] for finding in official(lacking)] == [("rows_missing", "2018Q2", "arson")]
    assert official(lacking, before="2019Q3") == []
