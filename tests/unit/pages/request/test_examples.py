"""An example of each kind of cell, in each form that a layout may declare."""

from typing import get_args

import pytest

from panelpack.config.layout import DateForm, Layout, MonthForm, QuarterForm
from panelpack.config.supplied_table import SupplierFile
from panelpack.pages.request.examples import example, period
from panelpack.periods import Quarter


@pytest.mark.parametrize("form", get_args(MonthForm))
def test_a_form_is_an_example_of_itself_for_its_own_month(form):
    assert period("month", form, "2022-04") == form


@pytest.mark.parametrize("form", get_args(QuarterForm))
def test_a_form_is_an_example_of_itself_for_its_own_quarter(form):
    assert period("quarter", form, "2022-06") == form.removeprefix("calendar ")


@pytest.mark.parametrize("form", get_args(DateForm))
def test_a_month_written_as_a_day_is_its_first(form):
    assert period("month", form, "2022-04") == form


@pytest.mark.parametrize(
    ("kind", "form", "month", "expected"),
    [
        ("month", None, "2024-02", "2024-02"),
        ("quarter", None, "2024-02", "2023Q4"),
        ("date", None, "2024-02", "2024-02-29"),
        ("date", "01/04/2022", "2023-12", "31/12/2023"),
        ("date", "1 April 2022", "2023-02", "28 February 2023"),
        ("month", "Apr-22", "2009-09", "Sep-09"),
        # The last quarter of a financial year is the first of the calendar year that it ends in.
        ("quarter", "2022/23 Q1", "2024-03", "2023/24 Q4"),
        ("quarter", "2022/23 1", "2000-03", "1999/00 4"),
        ("quarter", "calendar 2022 Q2", "2024-03", "2024 Q1"),
        ("quarter", "calendar Q2 2022", "2023-12", "Q4 2023"),
        ("quarter", "Apr-Jun 2022", "2024-03", "Jan-Mar 2024"),
        ("quarter", "Apr 2022", "2024-03", "Mar 2024"),
        ("quarter", "01/04/2022", "2024-03", "31/03/2024"),
    ],
)
def test_other_periods(kind, form, month, expected):
    assert period(kind, form, month) == expected


@pytest.mark.parametrize(
    ("column", "layout", "expected"),
    [
        ("number", {}, "1234"),
        ("number", {"thousands": ","}, "1,234"),
        ("number", {"thousands": ".", "decimal": ","}, "1.234"),
        ("rate", {"decimal": ","}, "12,5"),
        ("area", {}, "Fenland"),
        ("sort", {}, "a name"),
        ("person", {}, "P0001"),
        ("note", {}, "words"),
        ("report", {}, "R0001"),
    ],
)
def test_numbers_names_and_words(column, layout, expected):
    kinds = {"number": "count", "rate": "decimal", "area": "category", "sort": "category", "person": "pseudonym"}
    table = SupplierFile(
        file="t.csv",
        columns={"when": "month", **kinds, "note": "text", "report": "text"},
        key=["when", "report"],
        layout=Layout(**layout),
    )
    assert example(table, column, Quarter(2019, 2), {"area": ["Fenland", "City"]}) == expected
