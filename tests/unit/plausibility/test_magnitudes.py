"""Powers of ten, digits written twice, proportions for percentages."""

import numpy as np
import pandas as pd
import pytest

from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable
from panelpack.plausibility.history import join
from panelpack.plausibility.panel import read_panel
from panelpack.plausibility.queries import find_in_history


@pytest.mark.parametrize(
    ("row", "change", "said"),
    [
        ("Calder", lambda v: v * 10, "is 10 times what"),
        ("Birkmoor", lambda v: v * 100, "is 100 times what"),
        ("Ashdale", lambda v: round(v / 10), "is one part in 10 of what"),
        ("Elmet", lambda v: float(f"{v:.0f}{v:.0f}"), "is one number written twice"),
    ],
)
def test_a_new_number_that_fits_after_a_change(made, before, row, change, said):
    made.counts.loc["2020-05", row] = change(made.counts.loc["2020-05", row])
    (finding,) = made.findings(made.table(made.counts), before)
    assert finding[:3] == ("scale", "2020-05", f"thefts {row}")
    assert said in finding.words


def test_a_whole_new_quarter_in_thousands_is_one_query(made, before):
    made.counts.loc[list(made.new)] *= 1000
    (finding,) = made.findings(made.table(made.counts), before)
    assert finding.kind == "scale" and finding.subject == "thefts" and "1,000 times" in finding.words


def test_an_old_number_is_held_against_the_file_before(made):
    made.counts.loc["2018-02", "Dunholm"] *= 100
    (finding,) = made.findings(made.table(made.counts), made.before)
    assert finding.kind == "scale" and "100 times what the file of the quarter before had" in finding.words


def test_amounts_of_a_single_day_are_held_against_those_of_the_day_before():
    columns = {"item": "category", "amount": "decimal", "on": "date"}
    spec = SupplierFile(file="reserves.csv", columns=columns, key=["item", "on"])

    def position(day, amounts):
        text = pd.DataFrame({"item": ["general", "earmarked"], "amount": amounts, "on": day})
        return read_panel(ReceivedTable("reserves", spec, text, 2))

    old = position("2020-03-31", ["12.4", "3.75"])
    honest = find_in_history(join(position("2020-06-30", ["12.1", "3.9"]), old, ("2020Q1",)))
    assert honest == []
    (finding,) = find_in_history(join(position("2020-06-30", ["12100", "3900"]), old, ("2020Q1",)))
    assert finding[:3] == ("scale", "2020-06-30", "amount") and "1,000 times" in finding.words


def test_negative_amounts_are_held_against_the_file_before(made):
    values = np.random.default_rng(3).normal(0, 4, 39).round(2)
    before = made.single(values[:-3], kind="decimal")
    assert made.kinds(made.single(values, kind="decimal"), before) == []
    place = int(np.argmin(values[:-3]))
    values[place] *= 1000
    (finding,) = made.findings(made.single(values, kind="decimal"), before)
    assert finding.kind == "scale" and "1,000 times what the file of the quarter before had" in finding.words


@pytest.mark.parametrize(("usual", "new"), [(82.0, 0.01), (0.82, 100.0)])
def test_percentages_and_proportions(made, usual, new):
    chance = np.random.default_rng(1)
    values = usual * (1 + 0.02 * chance.standard_normal(39))
    before = made.single(values[:-3], kind="decimal")
    assert made.kinds(made.single(values, kind="decimal"), before) == []
    values[-3:] *= new
    (finding,) = made.findings(made.single(values, kind="decimal"), before)
    assert finding.kind == "percent_or_proportion" and "factor of 100" in finding.words


def test_a_number_far_off_for_no_known_reason_is_no_matter_of_scale(made):
    made.counts.loc["2020-06", "Calder"] *= 4
    assert made.kinds(made.table(made.counts), made.before) == ["outside_range"]


@pytest.mark.parametrize("seed", range(3, 9))
def test_a_whole_period_of_ten_times_is_no_exchange(made, seed):
    counts = made.made(seed=seed).astype(float)
    counts.iloc[-1] *= 10
    found = made.findings(made.table(counts), made.table(counts.iloc[:-3]))
    assert "swapped" not in [finding.kind for finding in found]
    assert [finding.kind for finding in found if finding.kind == "scale"] == ["scale"]
