"""Totals that equalled their parts and do so no more."""

import pandas as pd
import pytest

from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable


@pytest.mark.parametrize(("extra", "said"), [(0, "they were equal"), (150, "it was at least as much")])
def test_a_row_that_was_the_sum_of_the_others(made, before, extra, said):
    made.counts["County"] = made.counts.sum(axis=1) + extra
    earlier = made.table(made.counts.iloc[:-3]) if before is not None else None
    assert made.findings(made.table(made.counts), earlier) == []
    made.counts.loc["2020-05", "County"] -= 200
    (finding,) = made.findings(made.table(made.counts), earlier)
    assert finding[:3] == ("totals", "2020-05", "thefts County") and said in finding.words


def test_a_part_that_was_told_of_explains_its_total(made, before):
    made.counts["County"] = made.counts.sum(axis=1)
    made.counts.loc["2020-05", "Calder"] *= 10
    earlier = made.table(made.counts.iloc[:-3]) if before is not None else None
    assert made.kinds(made.table(made.counts), earlier) == ["scale"]


def test_rows_that_never_added_up_are_no_total(made):
    assert made.findings(made.table(made.counts), None) == []


@pytest.fixture
def columns(made):
    """A function that returns a table of three columns, of which the last is the sum of the others up to a month."""

    def table(off=0):
        text = pd.DataFrame({"month": list(made.months)})
        text["day"], text["night"] = (made.counts[row].astype(int).to_numpy() for row in ("Calder", "Birkmoor"))
        text["all"] = text["day"] + text["night"]
        text.loc[37, "all"] += off
        kinds = {"month": "month", "day": "count", "night": "count", "all": "count"}
        spec = SupplierFile(file="calls.csv", columns=kinds, key=["month"])
        return ReceivedTable("calls", spec, text.astype(str), len(text))

    return table


def test_a_column_that_was_the_sum_of_the_others(made, columns):
    assert made.findings(columns(), None) == []
    (finding,) = made.findings(columns(off=9), None)
    assert finding.kind == "totals" and finding.period == "2020-05"
