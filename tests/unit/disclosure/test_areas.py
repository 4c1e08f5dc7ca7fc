"""The areas of a series: what each is, and what they add up to."""

from pathlib import Path

import pandas as pd
import pytest

from panelpack.config.configuration import Configuration
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Plan
from panelpack.config.series import Series
from panelpack.config.supplied_table import Areas, SupplierFile
from panelpack.disclosure.areas import areas_of, extract_areas, with_every_area
from panelpack.disclosure.publication import Prepared
from panelpack.disclosure.residents import Residents
from panelpack.errors import SourceError
from panelpack.indicators.quarter_data import data_of_series
from panelpack.periods import Quarter
from panelpack.project import Project


def office_of(**areas):
    table = SupplierFile(
        file="a.csv", columns={"month": "month", "district": "category", "n": "count"}, key=["month", "district"],
        by=Areas(column="district", **areas),
    )  # fmt: skip
    plan = Plan.model_construct(tables={"t": table}, series={"s": Series(title="S", table="t", value="n")})
    return Configuration(Project(Path()), Quarter.parse("2022Q4"), plan, Parameters.model_construct(lists={}))


def parts(office, **months):
    """Return the points of each area. months: of each month the values of North, South, West and of all."""
    names = ["North", "South", "West", "All"]
    rows = [
        (month.replace("_", "-")[1:], name, value)
        for month, values in months.items()
        for name, value in zip(names, values, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["month", "district", "n"])
    found = extract_areas(frame, "s", office)
    return {area: dict(zip(points["period"], points["value"], strict=True)) for area, points in found}


def test_each_area_has_a_series_of_its_own():
    found = parts(office_of(total="All"), _2023_01=(1, 2, 3, 6), _2023_02=(4, 5, 6, 15))
    assert found["s | South"] == {"2023-01": 2, "2023-02": 5} and len(found) == 3


def test_areas_that_do_not_add_up_are_refused_with_both_sums():
    with pytest.raises(SourceError, match=r"January 2023: the areas of 's' add up to 6, expected the 7 of 'All'"):
        parts(office_of(total="All"), _2023_01=(1, 2, 3, 7))
    assert len(parts(office_of(total="All", why_not_total="Some are of no area."), _2023_01=(1, 2, 3, 7))) == 3


def test_a_table_without_a_row_has_no_areas():
    office = office_of(total="All")

    office.__dict__["sources"] = type("Sources", (), {"origins": {}})()
    empty = pd.DataFrame(columns=["series", "period", "value", "base", "lower", "upper"])
    assert data_of_series(office, Prepared({"t": empty}, pd.DataFrame())).areas("s") == []


def test_areas_are_told_in_alphabetical_order():
    points = pd.DataFrame({"series": ["s | West", "s | North"], "period": "2023-01", "value": 1.0})
    together = with_every_area({str(name): rows for name, rows in points.groupby("series")})
    assert areas_of(together["s | *"]) == ["North", "West"]


def test_what_shares_are_out_of_adds_up_too():
    table = SupplierFile(
        file="a.csv", columns={"month": "month", "district": "category", "yes": "count", "asked": "count"},
        key=["month", "district"], by=Areas(column="district", total="All"),
    )  # fmt: skip
    share = Series(title="S", table="t", value="yes", base="asked", population="people")
    plan = Plan.model_construct(tables={"t": table}, series={"s": share})
    office = Configuration(Project(Path()), Quarter.parse("2022Q4"), plan, Parameters.model_construct(lists={}))
    rows = [("2023-01", "North", 100, 140), ("2023-01", "South", 120, 150), ("2023-01", "All", 220, 300)]
    frame = pd.DataFrame(rows, columns=["month", "district", "yes", "asked"])
    with pytest.raises(SourceError, match="the bases of the areas of 's' add up to 290, expected the 300 of 'All'"):
        list(extract_areas(frame, "s", office))
    frame.loc[2, "asked"] = 290
    assert len(list(extract_areas(frame, "s", office))) == 2


def test_the_cases_behind_a_rate_add_up_whatever_its_areas_have_for_residents():
    table = office_of(total="All").plan.tables["t"]
    per = {"table": "p", "value": "n", "on": "2021-03-21", "area": "a"}
    plan = Plan.model_construct(
        tables={"t": table}, series={"s": Series(title="S", table="t", value="n", kind="rate", per=per)}
    )
    office = Configuration(Project(Path()), Quarter.parse("2022Q4"), plan, Parameters.model_construct(lists={}))
    frame = pd.DataFrame([("2023-01", "North", 1), ("2023-01", "South", 2), ("2023-01", "All", 4)],
                         columns=["month", "district", "n"])  # fmt: skip
    living = Residents(9000.0, {"North": 4000.0, "South": 1000.0})
    with pytest.raises(SourceError, match="the areas of 's' add up to 3, expected the 4 of 'All'"):
        list(extract_areas(frame, "s", office, living))
    frame.loc[2, "n"] = 3
    found = dict(extract_areas(frame, "s", office, living))
    assert [found[f"s | {area}"]["base"].item() for area in ("North", "South")] == [4.0, 1.0]
