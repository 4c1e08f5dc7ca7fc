"""Which periods the raw tables must cover: those that figures compare, of each series by itself."""

from pathlib import Path

import pytest

from panelpack.config.configuration import Configuration
from panelpack.config.layout import Layout
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Compare, Indicator, Measure, Plan, Priority
from panelpack.config.series import Series
from panelpack.config.supplied_table import SupplierFile
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.validation.coverage import coverage

MONTHLY = SupplierFile(
    file="a.csv",
    columns={"month": "month", "kind": "category", "place": "category", "n": "count"},
    key=["month", "kind", "place"],
)
MONTHS = ["2015-04", "2015-05", "2015-06"]
YEAR_BEFORE = ["2014-04", "2014-05", "2014-06"]


def office_of(table, *figures, **series):
    """Return an office with one table, its series, and figures that compare them."""
    plan = Plan.model_construct(
        baseline_year="2012/13",
        tables={"t": table},
        series=series,
        priorities=[Priority.model_construct(indicators=list(figures), measures=[])],
    )
    parameters = Parameters.model_construct(lists={"key_locations": {"A": "Home A", "B": "Home B"}})
    return Configuration(Project(Path()), Quarter.parse("2015Q1"), plan, parameters)


def series_of(value="n", **how):
    return Series(title="a", table="t", value=value, **how)


def measure(latest, baseline=None, series="s"):
    return Measure(id="SP01.a", title="a", series=series, compare=Compare(latest=latest, baseline=baseline))


def asked_for(table, *figures, **series):
    return coverage(office_of(table, *figures, **series))["t"]


def test_each_category_of_a_list_is_asked_for_by_itself():
    found = asked_for(
        MONTHLY, measure("quarter"), s=series_of(where={"kind": ["rape", "hate"], "place": "$key_locations"})
    )
    # One that is not reported would make the sum too small without a word; of kinds one may follow another.
    assert found == [
        {
            "series": "s",
            "column": "month",
            "where": {"kind": ["rape", "hate"], "place": [place]},
            "periods": MONTHS,
            "since": None,
            "until": "2015-06",
        }
        for place in ("A", "B")
    ]


def test_the_periods_of_every_figure_of_a_series_are_asked_for_once():
    figures = [measure("quarter", "quarter-4"), measure("month", "month-1"), measure("month-12")]
    (row,) = asked_for(MONTHLY, *(f.model_copy(update={"id": str(i)}) for i, f in enumerate(figures)), s=series_of())
    assert row["periods"] == [*YEAR_BEFORE, *MONTHS]


@pytest.mark.parametrize(("began", "expected"), [("2015-05", MONTHS[1:]), ("2015-07", []), (None, MONTHS)])
def test_nothing_is_asked_for_from_before_a_series_began(began, expected):
    (row,) = asked_for(MONTHLY, measure("quarter"), s=series_of(began=began))
    assert row["periods"] == expected


def test_a_quarterly_table_is_asked_for_quarters():
    table = SupplierFile(file="q.csv", columns={"quarter": "quarter", "n": "count"}, key=["quarter"])
    (row,) = asked_for(table, measure("rolling_12_months"), s=series_of())
    assert (row["column"], row["periods"]) == ("quarter", ["2014Q2", "2014Q3", "2014Q4", "2015Q1"])
    (row,) = asked_for(table, measure("quarter"), s=series_of(began="2015-08"))
    assert row["periods"] == [], "a quarter before the one in which recording began"


def test_a_baseline_that_is_not_comparable_is_not_asked_for():
    facts = {"id": "SP01.a", "title": "a", "polarity": "lower", "rule": "significance", "series": "s"}
    facts |= {"compare": Compare(latest="quarter", baseline="quarter-4"), "baseline_series": "old"}
    series = {"s": series_of(), "old": series_of()}
    found = asked_for(MONTHLY, Indicator(**facts, population_change="not_comparable"), **series)
    assert [(row["series"], row["periods"]) for row in found] == [("s", MONTHS)]
    found = asked_for(MONTHLY, Indicator(**facts, population_change="flag"), **series)
    assert [(row["series"], row["periods"]) for row in found] == [("old", YEAR_BEFORE), ("s", MONTHS)]


def test_of_a_position_each_comparison_is_asked_for_by_the_days_of_its_sides():
    table = SupplierFile(file="d.csv", columns={"line": "category", "n": "decimal", "as_at": "date"}, key=["line"])
    figures = [measure("position"), measure("position", "on 2012-03-31").model_copy(update={"id": "SP01.b"})]
    found = asked_for(table, *figures, s=series_of(where={"line": "a"}))
    assert found == [
        {
            "series": "s",
            "column": "as_at",
            "where": {"line": ["a"]},
            "positions": [
                [("position", "2015-06-30")],
                [("on 2012-03-31", "2012-03-31"), ("position", "2015-06-30")],
            ],
            "since": None,
        }
    ]


@pytest.mark.parametrize(
    ("kind", "latest", "baseline", "periods"),
    [
        ("half_year", "half_year", "half_year-2", ["2013H2", "2014H2"]),
        ("financial_year", "rolling_12_months", "baseline_year", ["2012/13", "2014/15"]),
        ("financial_year", "2014/15", "mean of 2010/11 to 2012/13", ["2010/11", "2011/12", "2012/13", "2014/15"]),
        ("calendar_year", "calendar_year", "mean of 2011 to 2012", ["2011", "2012", "2014"]),
        ("quarter", "rolling_12_months", "12 months to 2012-06", [*("2011Q2", "2011Q3", "2011Q4", "2012Q1"),
                                                                   *("2014Q2", "2014Q3", "2014Q4", "2015Q1")]),
        ("month", "month", "2012-06", ["2012-06", "2015-06"]),
    ],
)  # fmt: skip
def test_of_slow_series_and_fixed_periods_each_point_is_asked_for(kind, latest, baseline, periods):
    table = SupplierFile(file="y.csv", columns={"when": kind, "n": "count"}, key=["when"])
    (row,) = asked_for(table, measure(latest, baseline), s=series_of())
    assert row["periods"] == periods


def supplied(since, columns=None, **series):
    """Return what is asked of a series that no figure compares, in a table that is supplied since a period."""
    columns = columns or {"month": "month", "n": "count"}
    table = SupplierFile(file="s.csv", columns=columns, key=[next(iter(columns))], supplied_since=since)
    return [(row["periods"], row["since"]) for row in asked_for(table, s=series_of(**series))]


def test_every_series_of_a_table_that_says_since_when_is_asked_for_its_first_period():
    assert supplied("2013-02") == [([], "2013-02")]
    assert supplied("2013-02", began="2014-10") == [([], "2014-10")]
    assert supplied("2013Q3") == [([], "2013-10")], "a quarter begins with its first month"
    assert supplied(None) == []
    assert supplied("2015-09") == [([], None)], "still to come"


def test_a_quarter_may_be_said_by_one_of_its_months():
    columns = {"quarter": "quarter", "n": "count"}
    assert supplied("2013-02", columns) == [([], "2012Q4")]
    assert supplied("2013Q3", columns) == [([], "2013Q3")]


def test_days_are_asked_for_by_their_months():
    table = SupplierFile(file="d.csv", columns={"day": "date", "n": "count"}, key=["day"])
    (row,) = asked_for(table, measure("quarter"), s=series_of(by="month"))
    assert (row["column"], row["periods"]) == ("day", MONTHS)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"layout": Layout(only={"place": "A"}, until="Source")}, "what `only` and `until` leave unread"),
        ({"file": None, "files": "*-a.csv"}, "whether a file is missing or holds another period"),
        ({}, None),
    ],
)
def test_what_may_keep_sent_rows_out_is_named_before_the_supplier(changed, said):
    office = office_of(MONTHLY.model_copy(update=changed), measure("month"), s=series_of())
    assert coverage(office)["t"][0].get("unread") == said
