"""Series from tables, and their totals over a period, on tables small enough to add up by eye."""

from pathlib import Path

import pandas as pd
import pytest

from panelpack.config.configuration import Configuration
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Plan
from panelpack.config.series import Aggregate, Series
from panelpack.config.supplied_table import SupplierFile
from panelpack.disclosure.period_totals import period_total
from panelpack.disclosure.points import SERIES_COLUMNS, extract
from panelpack.errors import SourceError
from panelpack.indicators import series
from panelpack.named_periods import resolve_period
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.rules.verdict import PeriodTotal

Q1 = Quarter.parse("2015Q1")
MONTHLY = SupplierFile(
    file="a.csv",
    columns={"month": "month", "kind": "category", "place": "category", "n": "count", "asked": "count"},
    key=["month", "kind", "place"],
)
PEOPLE = SupplierFile(file="p.csv", columns={"report": "text", "month": "month", "person": "pseudonym"}, key=["report"])
DATED = SupplierFile(
    file="d.csv", columns={"line": "category", "amount": "decimal", "as_at": "date"}, key=["line", "as_at"]
)

TABLE = pd.DataFrame(
    [
        ("2015-04", "rape", "A", 1, 10),
        ("2015-04", "rape", "B", 2, 20),
        ("2015-04", "hate", "A", 4, 40),
        ("2015-05", "rape", "A", 8, 80),
        ("2015-05", "hate", "C", 16, 160),
        ("2015-06", "rape", "C", 32, 320),
    ],
    columns=["month", "kind", "place", "n", "asked"],
)
# P1 three times and P2 twice in the first quarter, P3 once; P1 once more in the second.
REPORTS = pd.DataFrame(
    [
        ("R1", "2015-04", "P1"),
        ("R2", "2015-04", "P1"),
        ("R3", "2015-06", "P1"),
        ("R4", "2015-05", "P2"),
        ("R5", "2015-06", "P2"),
        ("R6", "2015-06", "P3"),
        ("R7", "2015-07", "P1"),
    ],
    columns=["report", "month", "person"],
)


def office_of(table, **spec):
    """Return the configuration of an office that has one table and one series of it."""
    series = Series(**({"title": "t", "table": "t", "value": "n"} | spec))
    lists = {"key_locations": {"A": "Home A", "B": "Home B"}}
    plan = Plan.model_construct(tables={"t": table}, series={"s": series})
    return Configuration(Project(Path()), Q1, plan, Parameters.model_construct(lists=lists))


def points(table, frame, **spec):
    found = extract(frame, "s", office_of(table, **spec))
    assert list(found.columns) == SERIES_COLUMNS
    assert set(found["series"]) <= {"s"}
    return found


def values(found):
    return dict(zip(found["period"], found["value"], strict=True))


# ----------------------------------------------------------------------------------------------- points
@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, {"2015-04": 7, "2015-05": 24, "2015-06": 32}),
        ({"where": {"kind": "rape"}}, {"2015-04": 3, "2015-05": 8, "2015-06": 32}),
        ({"where": {"kind": ["rape", "hate"], "place": "A"}}, {"2015-04": 5, "2015-05": 8}),
        ({"where": {"place": "$key_locations"}}, {"2015-04": 7, "2015-05": 8}),
        ({"where": {"kind": "arson"}}, {}),
        ({"by": "quarter"}, {"2015Q1": 63}),
        ({"value": Aggregate(how="sum", column="asked")}, {"2015-04": 70, "2015-05": 240, "2015-06": 320}),
        ({"value": Aggregate(how="rows")}, {"2015-04": 3, "2015-05": 2, "2015-06": 1}),
        ({"value": Aggregate(how="distinct", column="kind")}, {"2015-04": 2, "2015-05": 2, "2015-06": 1}),
    ],
    ids=str,
)
def test_rows_are_picked_and_added_up_by_period(spec, expected):
    found = points(MONTHLY, TABLE, **spec)
    assert values(found) == expected
    assert found["base"].isna().all()


def test_a_base_makes_the_parts_of_a_percentage():
    found = points(MONTHLY, TABLE, where={"kind": "rape"}, base="asked", population="those asked")
    assert list(found["base"]) == [30, 80, 320]


def test_rows_in_any_order_give_points_in_the_order_of_time():
    assert list(points(MONTHLY, TABLE.iloc[::-1])["period"]) == ["2015-04", "2015-05", "2015-06"]


@pytest.mark.parametrize(
    ("how", "column", "by", "expected"),
    [
        ("rows", None, "quarter", {"2015Q1": 6, "2015Q2": 1}),
        ("distinct", "person", "quarter", {"2015Q1": 3, "2015Q2": 1}),
        ("repeated", "person", "quarter", {"2015Q1": 5, "2015Q2": 0}),
        ("repeated", "person", None, {"2015-04": 2, "2015-05": 0, "2015-06": 0, "2015-07": 0}),
    ],
)
def test_a_report_is_a_repeat_when_its_person_has_more_than_one_in_the_period(how, column, by, expected):
    assert values(points(PEOPLE, REPORTS, value=Aggregate(how=how, column=column), by=by)) == expected


def test_the_share_of_repeats():
    found = points(
        PEOPLE, REPORTS, value=Aggregate(how="repeated", column="person"), base=Aggregate(how="rows"),
        population="reports", by="quarter",
    )  # fmt: skip
    assert series.charted(found).to_dict() == pytest.approx({"2015Q1": 500 / 6, "2015Q2": 0})


# ------------------------------------------------------------------------------------------------ totals
def made(keys, values, bases=None):
    frame = pd.DataFrame({"series": "s", "period": pd.Series(keys, dtype=str), "value": values})
    frame[["lower", "upper"]] = float("nan")
    return frame.assign(base=bases if bases is not None else float("nan"))


MONTHS = ["2015-04", "2015-05", "2015-06"]


def period(name):
    return resolve_period(name, Q1.months[-1], 2012)


def test_a_count_is_added_up_over_a_period():
    found = period_total(made(["2015-03", *MONTHS], [100, 1, 2, 3]), period("quarter"), "month", "2015-06")
    assert found == PeriodTotal(6.0, "Quarter 1 2015/16", points=(1.0, 2.0, 3.0), kind="count")


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_an_incomplete_period_has_no_total(missing):
    rows = made(MONTHS, [1, 2, 3]).drop(index=missing)
    assert period_total(rows, period("quarter"), "month", "2015-06") is None


def test_a_percentage_is_that_of_all_asked_not_the_mean_of_percentages():
    rows = made(MONTHS, [1, 90, 9], [10, 100, 90])  # the mean of 10%, 90% and 10% would be 36.7%
    found = period_total(rows, period("quarter"), "month", "2015-06")
    assert found.value == pytest.approx(50)
    assert (found.successes, found.base) == (100, 200)


def test_a_percentage_of_nobody_has_no_total():
    assert period_total(made(MONTHS, [0, 0, 0], [0, 0, 0]), period("quarter"), "month", "2015-06") is None


def test_quarters_make_up_a_year():
    rows = made(["2014Q2", "2014Q3", "2014Q4", "2015Q1"], [1, 2, 3, 4])
    assert period_total(rows, period("rolling_12_months"), "quarter", "2015-06").value == 10


def test_quarters_do_not_make_up_12_months_to_january():
    rows = made([f"2014Q{n}" for n in (1, 2, 3, 4)], [1, 2, 3, 4])
    assert period_total(rows, period("rolling_12_months-5"), "quarter", "2015-06") is None


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["2014-12-31"], (1.0, "2014-12-31")),
        (["2014-12-31", "2015-03-31"], (2.0, "2015-03-31")),
        (["2015-03-31", "2014-12-31"], (1.0, "2015-03-31")),
        (["2014-12-31", "2015-06-30"], (2.0, "2015-06-30")),
        (["2014-12-31", "2015-07-01"], (1.0, "2014-12-31")),  # later than the quarter: not known then
        (["2015-07-01"], None),
        ([], None),
    ],
    ids=str,
)
def test_a_position_is_that_of_the_latest_date_up_to_the_end_of_the_quarter(dates, expected):
    rows = made(dates, [float(n) for n in range(1, len(dates) + 1)])
    found = period_total(rows, period("position"), "date", "2015-06")
    assert (found and (found.value, found.words)) == expected


def test_a_position_of_several_lines_is_not_that_of_some_of_them():
    # Only one of the two lines was brought up to date: their sum at the later date is not known.
    lines = pd.DataFrame(
        [("realised", 21.7, "2014-12-31"), ("identified", 2.1, "2014-12-31"), ("realised", 22.0, "2015-03-31")],
        columns=["line", "amount", "as_at"],
    )
    rows = points(DATED, lines, value="amount", where={"line": ["realised", "identified"]})
    found = period_total(rows, period("position"), "date", "2015-06")
    assert (found.value, found.words) == (pytest.approx(23.8), "2014-12-31")


def test_the_points_of_a_chart_are_values_or_percentages():
    assert list(series.charted(made(MONTHS, [1, 2, 3]))) == [1, 2, 3]
    assert list(series.charted(made(MONTHS, [1, 2, 3], [4, 4, 4]))) == [25, 50, 75]


def test_what_is_charted_has_a_missing_value_where_the_series_has_none():
    months = series.continuous(made(["2015-04", "2015-06"], [1, 3]))
    assert months.to_dict() == {"2015-04": 1, "2015-05": pytest.approx(float("nan"), nan_ok=True), "2015-06": 3}
    quarters = series.continuous(made(["2014Q4", "2015Q2"], [1, 3]))
    assert list(quarters.index) == ["2014Q4", "2015Q1", "2015Q2"] and quarters.isna().tolist() == [False, True, False]
    halves = series.continuous(made(["2014H1", "2015H1"], [1, 3]))
    assert list(halves.index) == ["2014H1", "2014H2", "2015H1"]
    assert list(series.continuous(made(["2012", "2014"], [1, 3])).index) == ["2012", "2013", "2014"]
    assert list(series.continuous(made(["2012/13", "2014/15"], [1, 3])).index) == ["2012/13", "2013/14", "2014/15"]


def test_a_period_in_which_nobody_was_asked_is_a_gap():
    found = series.continuous(made(MONTHS, [5, 0, 8], [10, 0, 10]))
    assert found.isna().tolist() == [False, True, False] and list(found.dropna()) == [50, 80]


def test_points_after_the_quarter_are_left_out():
    assert list(series.up_to(made([*MONTHS, "2015-07"], [1, 2, 3, 4]), Q1, "month")["value"]) == [1, 2, 3]
    assert list(series.up_to(made(["2015Q1", "2015Q2"], [1, 2]), Q1, "quarter")["value"]) == [1]


# ------------------------------------------------------------------------------------------------- kinds of measure
MEASURED = SupplierFile(
    file="m.csv",
    columns={
        "month": "month",
        "team": "category",
        "minutes": "decimal",
        "calls": "count",
        "officers": "decimal",
        "percent": "decimal",
        "low": "decimal",
        "high": "decimal",
        "grade": "category",
    },
    key=["month", "team"],
)
FIRST = pd.DataFrame(
    [
        ("2015-04", "A", 10.0, 30, 5.5, 80.0, 75.0, 85.0, "Good"),
        ("2015-05", "A", 20.0, 10, 6.5, 90.0, 86.0, 94.0, "Inadequate"),
        ("2015-06", "A", 30.0, 60, 7.5, 70.0, 66.0, 74.0, "Good"),
    ],
    columns=[*MEASURED.columns],
)
GRADES = ["Inadequate", "Good"]


def total(over="quarter", frame=FIRST, residents=None, **spec):
    """Return a series of the measured table over a period, put together as its kind has it."""
    office = office_of(MEASURED, **spec)
    one = office.plan.series["s"]
    rows = extract(frame, "s", office, residents)
    worked_out = office.plan.is_worked_out(one)
    way = office.plan.over_time(one)
    return period_total(rows, period(over), "month", "2015-06", one.kind, way, is_worked_out=worked_out)


def test_a_stock_is_that_of_the_last_point_and_its_period_says_so():
    found = total(kind="stock", value="officers")
    assert (found.value, found.words) == (7.5, "end of June 2015")
    assert total(kind="stock", value="officers", over_time="mean").value == pytest.approx(6.5)


def test_medians_make_no_period_but_a_mean_is_weighted_by_its_base():
    assert total(kind="duration", statistic="median", unit="minutes", value="minutes") is None
    assert total("month", kind="duration", statistic="median", unit="minutes", value="minutes").value == 30
    asked = {"base": "calls", "population": "calls", "statistic": "mean", "unit": "minutes", "kind": "duration"}
    found = total(value="minutes", **asked)
    assert found.value == pytest.approx((10 * 30 + 20 * 10 + 30 * 60) / 100)
    assert (found.base, found.successes) == (100, None)


def test_a_percentage_as_supplied_is_weighted_by_its_base_and_without_one_is_that_of_a_point():
    found = total(value="percent", base="calls", population="callers")
    assert found.value == pytest.approx((80 * 30 + 90 * 10 + 70 * 60) / 100)
    assert (found.base, found.successes) == (100, None), "how many that are is not known to the last one"
    assert total(kind="share", value="percent") is None
    assert total("month-1", kind="share", value="percent").value == 90


def test_a_survey_keeps_its_own_interval():
    own = {"lower": "low", "upper": "high"}
    found = total("month", kind="share", value="percent", interval=own)
    assert (found.value, found.lower, found.upper) == (70, 66, 74)
    assert total(kind="share", value="percent", interval=own) is None


def test_a_rate_is_of_the_residents_of_its_vintage_and_knows_its_count():
    per = {"table": "people", "value": "residents", "on": "2011-03-27", "of": 1000}
    found = total(kind="rate", value="calls", per=per, residents=20_000)
    assert (found.value, found.count, found.per) == (5.0, 100, 20)
    points = extract(FIRST, "s", office_of(MEASURED, kind="rate", value="calls", per=per), 20_000)
    assert list(series.charted(points, "rate")) == [1.5, 0.5, 3.0]


def test_a_grade_is_its_place_in_the_order_of_words():
    assert total(kind="grade", value="grade", grades=GRADES).value == 1
    with pytest.raises(SourceError, match="found the grade 'Inadequate', expected one of Good, Outstanding"):
        total(kind="grade", value="grade", grades=["Good", "Outstanding"])


def test_a_mean_of_years_is_of_its_parts_and_knows_how_many_they_are():
    rows = made([*(f"{year}Q{n}" for year in (2012, 2013, 2014) for n in (1, 2, 3, 4))], [1] * 4 + [2] * 4 + [6] * 4)
    found = period_total(rows, period("mean of 2012/13 to 2014/15"), "quarter", "2015-06")
    assert (found.value, found.exposure, sum(found.points)) == (12, 3, 36)
    assert found.words == "mean of 2012/13 to 2014/15"
    assert period_total(rows[1:], period("mean of 2012/13 to 2014/15"), "quarter", "2015-06") is None


def test_a_position_of_a_named_day_is_the_latest_up_to_it():
    rows = made(["2014-03-31", "2014-09-30", "2015-03-31"], [1, 2, 3])
    assert period_total(rows, period("on 2014-09-30"), "date", "2015-06").value == 2
    assert period_total(rows, period("position-12"), "date", "2015-06").value == 1
    assert period_total(rows, period("on 2014-01-01"), "date", "2015-06") is None


def test_a_mean_of_years_of_a_share_is_that_of_all_who_were_asked():
    rows = made(["2012Q1", "2012Q2", "2012Q3", "2012Q4", "2013Q1", "2013Q2", "2013Q3", "2013Q4"], [1] * 4 + [9] * 4,
                [10] * 4 + [10] * 3 + [70])  # fmt: skip
    found = period_total(rows, period("mean of 2012/13 to 2013/14"), "quarter", "2015-06")
    assert (found.successes, found.base) == (40, 140)
    assert found.value == pytest.approx(100 * 40 / 140), "not the mean of 10% and 36%"


SURVEY = SupplierFile(
    file="s.csv",
    columns={"year": "financial_year", "percent": "decimal", "asked": "count", "low": "decimal", "high": "decimal"},
    key=["year"],
)
OWN = {"value": "percent", "base": "asked", "kind": "share", "interval": {"lower": "low", "upper": "high"}}


@pytest.mark.parametrize("percent", [78.6, 33.3, 100.0, 0.7])
def test_a_percentage_with_its_base_and_its_own_interval_stays_what_was_supplied(percent):
    frame = pd.DataFrame([("2014/15", percent, 397.0, percent - 0.5, percent)], columns=SURVEY.columns)
    office = office_of(SURVEY, **OWN)
    spec = office.plan.series["s"]
    found = period_total(
        points(SURVEY, frame, **OWN), resolve_period("2014/15", "2015-06", 2013), "financial_year", "2015-06",
        spec.kind, office.plan.over_time(spec), is_worked_out=office.plan.is_worked_out(spec),
    )  # fmt: skip
    assert (found.value, found.base, found.lower, found.upper) == (percent, 397, percent - 0.5, percent)


def test_a_percentage_beyond_its_own_interval_is_refused_as_it_was_supplied():
    frame = pd.DataFrame([("2014/15", 78.6, 397.0, 80.0, 84.0)], columns=SURVEY.columns)
    with pytest.raises(SourceError, match=r"s\.csv, 2014/15: 78\.6 does not lie in its interval, 80 to 84"):
        points(SURVEY, frame, **OWN)


def test_a_sum_of_percentages_is_weighted_as_a_percentage_is():
    rows = [("2014/15", 50.0, 100.0, 0.0, 0.0), ("2014/15", 80.0, 300.0, 0.0, 0.0)]
    spec = {"value": {"how": "sum", "column": "percent"}, "base": "asked", "kind": "share"}
    found = points(SURVEY, pd.DataFrame(rows, columns=SURVEY.columns), **spec)
    assert (found["value"].item(), found["base"].item()) == (290, 400)
