"""Quarter labels, financial years and the periods that an indicator compares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.errors import ConfigurationError, UsageError
from panelpack.periods import (
    PERIOD_NAMES,
    Period,
    Quarter,
    month_range,
    month_words,
    parse_year,
    resolve_period,
    shift_month,
    span_words,
    split_period,
    year_label,
    year_months,
)

Q1 = Quarter(2015, 1)
QUARTERS = st.builds(Quarter, st.integers(1900, 2200), st.integers(1, 4))


def months(first, last):
    return month_range(first, last)


# ------------------------------------------------------------------------------------------------ labels
@pytest.mark.parametrize(
    ("label", "first", "last", "words"),
    [
        ("2015Q1", "2015-04", "2015-06", "Quarter 1 2015/16"),
        ("2015Q2", "2015-07", "2015-09", "Quarter 2 2015/16"),
        ("2015Q3", "2015-10", "2015-12", "Quarter 3 2015/16"),
        ("2015Q4", "2016-01", "2016-03", "Quarter 4 2015/16"),
        ("1999Q4", "2000-01", "2000-03", "Quarter 4 1999/00"),
    ],
)
def test_a_label_names_a_quarter_of_the_financial_year(label, first, last, words):
    quarter = Quarter.parse(label)
    assert (quarter.months[0], quarter.months[-1], len(quarter.months)) == (first, last, 3)
    assert str(quarter) == label
    assert quarter.words == words


def test_of_the_three_readings_of_the_label_only_the_papers_is_used():
    calendar_quarter = ("2015-01", "2015-02", "2015-03")
    year_named_after_its_end = ("2014-04", "2014-05", "2014-06")
    assert Quarter.parse("2015Q1").months == ("2015-04", "2015-05", "2015-06")
    assert Quarter.parse("2015Q1").months not in (calendar_quarter, year_named_after_its_end)
    # April to June 2015 by the label that names a year after its end would be 2016Q1.
    assert Quarter.parse("2016Q1").months == ("2016-04", "2016-05", "2016-06")


@pytest.mark.parametrize("label", ["", "2015", "2015Q0", "2015Q5", "2015q1", "15Q1", "2015-Q1", " 2015Q1", "2015Q1\n"])
def test_another_label_is_refused_with_the_pattern(label):
    with pytest.raises(UsageError) as caught:
        Quarter.parse(label)
    assert str(caught.value) == (
        f"Q={label!r} is not a quarter: expected YYYYQn: the calendar year in which the financial year starts, "
        "Q and 1 to 4 (Q1 is April to June)."
    )


@pytest.mark.parametrize(
    ("by", "expected"),
    [(0, "2015Q1"), (1, "2015Q2"), (3, "2015Q4"), (4, "2016Q1"), (-1, "2014Q4"), (-4, "2014Q1"), (-13, "2011Q4")],
)
def test_shift_crosses_financial_years(by, expected):
    assert str(Q1.shift(by)) == expected


@pytest.mark.parametrize(
    ("month", "expected"),
    [("2015-03", "2014Q4"), ("2015-04", "2015Q1"), ("2015-12", "2015Q3"), ("2016-01", "2015Q4"), ("2000-01", "1999Q4")],
)
def test_the_quarter_of_a_month(month, expected):
    assert str(Quarter.of_month(month)) == expected


@given(QUARTERS, st.integers(-400, 400))
def test_a_shift_is_undone_by_its_opposite(quarter, by):
    assert quarter.shift(by).shift(-by) == quarter


@given(QUARTERS, st.integers(0, 2))
def test_every_month_belongs_to_its_quarter(quarter, which):
    assert Quarter.of_month(quarter.months[which]) == quarter


@given(QUARTERS)
def test_quarters_follow_each_other_without_a_gap(quarter):
    assert shift_month(quarter.months[-1], 1) == quarter.shift(1).months[0]
    assert quarter < quarter.shift(1)


# --------------------------------------------------------------------------------------- financial years
@pytest.mark.parametrize(
    ("label", "year"), [("2012/13", 2012), ("2015/2016", 2015), ("1999/00", 1999), ("1999/2000", 1999)]
)
def test_a_financial_year_is_named_after_its_two_calendar_years(label, year):
    assert parse_year(label) == year
    assert year_label(year) == f"{label[:5]}{label[-2:]}"


@pytest.mark.parametrize(
    "label", ["2012", "2012/14", "2012/12", "2012-13", "12/13", "2015/2116", "2015/1916", "2012/1"]
)
def test_another_financial_year_is_refused(label):
    with pytest.raises(ConfigurationError) as caught:
        parse_year(label)
    assert str(caught.value) == f"{label!r} is not a financial year: expected two years in a row, YYYY/YY."


def test_a_financial_year_runs_april_to_march():
    assert year_months(2012)[0] == "2012-04"
    assert year_months(2012)[-1] == "2013-03"
    assert len(year_months(2012)) == 12


# ---------------------------------------------------------------------------------------------- periods
@pytest.mark.parametrize(
    ("quarter", "name", "first", "last", "words"),
    [
        ("2015Q1", "month", "2015-06", "2015-06", "June 2015"),
        ("2015Q1", "month-5", "2015-01", "2015-01", "January 2015"),
        ("2015Q1", "quarter", "2015-04", "2015-06", "Quarter 1 2015/16"),
        ("2015Q1", "quarter-1", "2015-01", "2015-03", "Quarter 4 2014/15"),
        ("2015Q1", "quarter-4", "2014-04", "2014-06", "Quarter 1 2014/15"),
        ("2015Q1", "quarter+1", "2015-07", "2015-09", "Quarter 2 2015/16"),
        ("2015Q1", "rolling_12_months", "2014-07", "2015-06", "12 months to June 2015"),
        ("2015Q1", "rolling_12_months-5", "2014-02", "2015-01", "12 months to January 2015"),
        ("2015Q1", "rolling_12_months-12", "2013-07", "2014-06", "12 months to June 2014"),
        ("2015Q1", "financial_year", "2015-04", "2016-03", "2015/16"),
        ("2015Q1", "financial_year-1", "2014-04", "2015-03", "2014/15"),
        ("2015Q1", "baseline_year", "2012-04", "2013-03", "2012/13"),
        ("2015Q1", "baseline_quarter", "2012-04", "2012-06", "Quarter 1 2012/13"),
        ("2015Q3", "baseline_quarter", "2012-10", "2012-12", "Quarter 3 2012/13"),
        ("2015Q1", "ytd", "2015-04", "2015-06", "YTD (April to June 2015)"),
        ("2015Q1", "lytd", "2014-04", "2014-06", "LYTD (April to June 2014)"),
        ("2015Q1", "ytd-2", "2013-04", "2013-06", "YTD (April to June 2013)"),
        ("2015Q4", "ytd", "2015-04", "2016-03", "YTD (April 2015 to March 2016)"),
        ("2015Q4", "lytd", "2014-04", "2015-03", "LYTD (April 2014 to March 2015)"),
        ("2015Q4", "rolling_12_months", "2015-04", "2016-03", "12 months to March 2016"),
    ],
)
def test_the_months_and_words_of_a_period(quarter, name, first, last, words):
    period = resolve_period(name, Quarter.parse(quarter), 2012)
    assert period.months == months(first, last)
    assert period.words == words


def test_a_position_has_no_months():
    assert resolve_period("position", Q1, 2012).months == ()


def test_every_period_name_is_understood():
    for name in PERIOD_NAMES:
        assert resolve_period(name, Q1, 2012).words


@pytest.mark.parametrize("name", ["week", "quarter-", "quarter -1", "Quarter", "", "12_months", "quarter-1.5"])
def test_an_unknown_period_is_refused(name):
    with pytest.raises(ConfigurationError) as caught:
        split_period(name)
    assert str(caught.value) == f"{name!r} is not a period: expected one of {', '.join(PERIOD_NAMES)}."


@pytest.mark.parametrize("name", ["position-1", "baseline_quarter-1"])
def test_a_shift_that_would_be_ignored_is_refused(name):
    with pytest.raises(ConfigurationError):
        resolve_period(name, Q1, 2012)


@pytest.mark.parametrize(
    ("first", "last", "quarters"),
    [
        ("2014-07", "2015-06", ["2014Q2", "2014Q3", "2014Q4", "2015Q1"]),
        ("2015-04", "2015-06", ["2015Q1"]),
        ("2015-01", "2015-05", None),
        ("2015-05", "2015-07", None),
    ],
)
def test_a_period_consists_of_whole_quarters_or_of_none(first, last, quarters):
    period = Period(months(first, last), "")
    assert period.quarters == (quarters and tuple(Quarter.parse(label) for label in quarters))


# ------------------------------------------------------------------------------------------------- words
def test_january_to_june_are_six_months():
    span = months("2015-01", "2015-06")
    assert len(span) == 6
    assert span_words(span) == "January to June 2015"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2015-06", "2015-06", "June 2015"),
        ("2014-07", "2015-06", "July 2014 to June 2015"),
        ("2015-12", "2015-12", "December 2015"),
    ],
)
def test_span_words(first, last, words):
    assert span_words(months(first, last)) == words


def test_months():
    assert month_words("2015-01") == "January 2015"
    assert month_range("2015-06", "2015-05") == ()
    assert shift_month("2015-01", -1) == "2014-12"
    assert shift_month("2014-12", 1) == "2015-01"
