"""The totals that figures compare: each with its numerator, base and points, and a sign for what is withheld."""

import dataclasses

import pandas as pd
import pytest

from panelpack.indicators.compared_totals import COMPARED_COLUMNS, compared_totals
from panelpack.indicators.sheets import sheet_name


@pytest.fixture(scope="module")
def compared(data, results):
    table = compared_totals(data, [(figure, results[figure.id]) for figure in data.plan.figures.values()])
    return table.set_index(["indicator", "role"])


def test_it_has_a_row_for_each_total_of_a_figure(compared, results):
    assert set(compared.reset_index().columns) == set(COMPARED_COLUMNS)
    roles = ("baseline", "latest", "year_latest", "year_before")
    known = {(name, role) for name, one in results.items() for role in roles if getattr(one, role) is not None}
    assert known == set(compared.index[compared["value"].notna()])
    for (name, role), row in compared[compared["value"].notna()].iterrows():
        assert row["value"] == getattr(results[name], role)


def test_a_percentage_has_what_it_is_worked_out_from(compared):
    shares = compared[(compared["unit"] == "percent") & compared["numerator"].notna()]
    assert len(shares) > 5
    assert shares["value"].tolist() == pytest.approx((100 * shares["numerator"] / shares["base"]).tolist())


def test_a_total_of_a_year_names_its_first_and_last_month(compared, data):
    row = compared.loc[("SP11.offences", "latest")]
    assert (row["first"], row["last"], row["years"]) == ("2014-07", "2015-06", 1)
    assert row["sheet"] == sheet_name(data.plan, row["series"]) and row["put_together"] == "sum of values"


def test_what_is_withheld_has_its_sign_and_nothing_of_what_it_is_made_of(compared, results):
    hidden = compared[compared["value"].isna()]
    assert len(hidden) and set(hidden["shorthand"]) <= {"[c]", "[x]", "[z]"}
    assert hidden[["numerator", "base", "first", "last", "sheet"]].isna().all().all()


def test_without_the_points_of_a_total_none_is_named(data, results):
    figure = data.plan.figures["SP11.offences"]
    points = data.points[figure.series]
    fewer = dataclasses.replace(data, points=dict(data.points) | {figure.series: points[points["period"] > "2014-08"]})
    rows = compared_totals(fewer, [(figure, results[figure.id])]).set_index("role")
    assert rows.loc["latest", "value"] == results[figure.id].latest
    assert pd.isna(rows.loc["latest", "first"]) or rows.loc["latest", "first"] == ""
