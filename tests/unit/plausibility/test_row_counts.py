"""Periods without their rows, and tables that were cut off."""

import itertools

import numpy as np
import pandas as pd

from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable


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
