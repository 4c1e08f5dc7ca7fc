"""Quarter labels, financial years and the periods that an indicator compares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.errors import ConfigurationError, UsageError
from panelpack.named_periods import (
    FIXED_FORMS,
    PERIOD_NAMES,
    POINT_LENGTHS,
    Period,
    check_period,
    keys_of,
    period_length,
    points_in,
    resolve_period,
)
from panelpack.periods import (
    MONTHS_IN,
    Quarter,
    key_of,
    key_range,
    last_month_of,
    latest_keys,
    latest_whole,
    month_range,
    month_words,
    months_of,
    parse_year,
    period_words,
    periodicity_of,
    shift_key,
    shift_month,
    span_words,
    year_label,
    year_months,
)

Q1 = Quarter(2015, 1)
QUARTERS = st.builds(Quarter, st.integers(1900, 2200), st.integers(1, 4))
MONTHS = QUARTERS.map(lambda quarter: quarter.months[quarter.year % 3])
PERIODICITIES = st.sampled_from(list(MONTHS_IN))


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


# ----------------------------------------------------------------------------------------- keys of points
@pytest.mark.parametrize(
    ("key", "periodicity", "first", "last", "words"),
    [
        ("2022-04", "month", "2022-04", "2022-04", "April 2022"),
        ("2022Q4", "quarter", "2023-01", "2023-03", "Quarter 4 2022/23"),
        ("2021H1", "half_year", "2021-04", "2021-09", "half year April to September 2021"),
        ("2021H2", "half_year", "2021-10", "2022-03", "half year October 2021 to March 2022"),
        ("1999H2", "half_year", "1999-10", "2000-03", "half year October 1999 to March 2000"),
        ("2019/20", "financial_year", "2019-04", "2020-03", "2019/20"),
        ("1999/00", "financial_year", "1999-04", "2000-03", "1999/00"),
        ("2019", "calendar_year", "2019-01", "2019-12", "calendar year 2019"),
    ],
)
def test_a_key_is_of_its_months(key, periodicity, first, last, words):
    assert periodicity_of(key) == periodicity
    assert months_of(key) == months(first, last)
    assert period_words(key) == words
    assert {key_of(month, periodicity) for month in months_of(key)} == {key}
    assert shift_key(shift_key(key, 7), -7) == key
    assert months_of(shift_key(key, 1))[0] == shift_month(last, 1)
    assert key_range(shift_key(key, -2), key) == (shift_key(key, -2), shift_key(key, -1), key)


@given(MONTHS, PERIODICITIES)
def test_keys_follow_each_other_in_order_without_a_gap(month, periodicity):
    key = key_of(month, periodicity)
    later = shift_key(key, 1)
    assert month in months_of(key)
    assert len(months_of(key)) == MONTHS_IN[periodicity]
    assert months_of(later)[0] == shift_month(months_of(key)[-1], 1)
    assert later > key


@pytest.mark.parametrize(
    ("last_month", "periodicity", "key"),
    [
        ("2022-06", "month", "2022-06"),
        ("2022-06", "quarter", "2022Q1"),
        ("2022-07", "quarter", "2022Q1"),
        ("2022-05", "quarter", "2021Q4"),
        ("2022-09", "half_year", "2022H1"),
        ("2022-12", "half_year", "2022H1"),
        ("2022-06", "half_year", "2021H2"),
        ("2022-03", "financial_year", "2021/22"),
        ("2022-06", "financial_year", "2021/22"),
        ("2022-02", "financial_year", "2020/21"),
        ("2022-12", "calendar_year", "2022"),
        ("2022-11", "calendar_year", "2021"),
    ],
)
def test_the_latest_that_is_over(last_month, periodicity, key):
    assert latest_whole(last_month, periodicity) == key


@pytest.mark.parametrize(
    ("quarter", "periodicity", "keys"),
    [
        ("2022Q1", "month", ("2022-04", "2022-05", "2022-06")),
        ("2022Q1", "quarter", ("2022Q1",)),
        ("2022Q1", "half_year", ("2021H2",)),
        ("2022Q2", "half_year", ("2022H1",)),
        ("2022Q4", "financial_year", ("2022/23",)),
        ("2022Q3", "financial_year", ("2021/22",)),
        ("2022Q3", "calendar_year", ("2022",)),
        ("2022Q2", "calendar_year", ("2021",)),
    ],
)
def test_the_points_of_the_reported_quarter(quarter, periodicity, keys):
    assert latest_keys(Quarter.parse(quarter), periodicity) == keys


@pytest.mark.parametrize(
    ("points", "periodicity", "lag", "last_month"),
    [
        # Without a lag the relative periods end with the quarter, or with the latest slower point that is over by then.
        ([], "month", None, "2022-12"),
        (["2022-10"], "month", None, "2022-12"),
        (["2022Q2"], "quarter", None, "2022-12"),
        (["2021H1"], "half_year", None, "2022-09"),
        ([], "financial_year", None, "2022-03"),
        ([], "calendar_year", None, "2022-12"),
        (["2022-09-30"], "date", None, "2022-12"),
        # With one they end with the latest point that is not further back.
        (["2022-08", "2022-09"], "month", 3, "2022-09"),
        (["2022-08"], "month", 3, "2022-12"),
        (["2022-12", "2023-01", "2023-06"], "month", 3, "2022-12"),
        (["2023-01"], "month", 3, "2022-12"),
        ([], "month", 3, "2022-12"),
        (["2022-11"], "month", 0, "2022-12"),
        (["2022Q1", "2022Q2"], "quarter", 3, "2022-09"),
        (["2021H2"], "half_year", 6, "2022-09"),
        (["2021H2"], "half_year", 9, "2022-03"),
        (["2019/20", "2020/21"], "financial_year", 21, "2021-03"),
        (["2019/20", "2020/21"], "financial_year", 20, "2022-03"),
        (["2022/23", "2020/21"], "financial_year", 21, "2021-03"),
        (["2021"], "calendar_year", 12, "2021-12"),
        (["2022-09-30", "2021-09-30"], "date", 12, "2022-09"),
    ],
)
def test_where_the_relative_periods_of_a_table_end(points, periodicity, lag, last_month):
    assert last_month_of(points, periodicity, lag, Quarter(2022, 3)) == last_month


def test_a_lag_may_cross_the_end_of_a_financial_year():
    last = last_month_of(["2022-02", "2022-03"], "month", 3, Quarter(2022, 1))
    assert last == "2022-03"
    assert resolve_period("ytd", last, 2019).months == year_months(2021)
    assert resolve_period("financial_year", last, 2019).words == "2021/22"
    assert resolve_period("quarter", last, 2019).words == "Quarter 4 2021/22"
    assert resolve_period("baseline_quarter", last, 2019).words == "Quarter 4 2019/20"


# ---------------------------------------------------------------------------------------------- periods
RELATIVE = [
    ("2015-06", "month", "2015-06", "2015-06", "June 2015"),
    ("2015-06", "month-5", "2015-01", "2015-01", "January 2015"),
    ("2015-06", "quarter", "2015-04", "2015-06", "Quarter 1 2015/16"),
    ("2015-06", "quarter-1", "2015-01", "2015-03", "Quarter 4 2014/15"),
    ("2015-06", "quarter-4", "2014-04", "2014-06", "Quarter 1 2014/15"),
    ("2015-06", "quarter+1", "2015-07", "2015-09", "Quarter 2 2015/16"),
    ("2015-05", "quarter", "2015-01", "2015-03", "Quarter 4 2014/15"),
    ("2015-06", "rolling_12_months", "2014-07", "2015-06", "12 months to June 2015"),
    ("2015-06", "rolling_12_months-5", "2014-02", "2015-01", "12 months to January 2015"),
    ("2015-06", "rolling_12_months-12", "2013-07", "2014-06", "12 months to June 2014"),
    ("2024-02", "rolling_12_months", "2023-03", "2024-02", "12 months to February 2024"),
    ("2015-06", "half_year", "2014-10", "2015-03", "half year October 2014 to March 2015"),
    ("2015-09", "half_year", "2015-04", "2015-09", "half year April to September 2015"),
    ("2015-12", "half_year-2", "2014-04", "2014-09", "half year April to September 2014"),
    ("2015-06", "financial_year", "2015-04", "2016-03", "2015/16"),
    ("2015-06", "financial_year-1", "2014-04", "2015-03", "2014/15"),
    ("2015-12", "calendar_year", "2015-01", "2015-12", "calendar year 2015"),
    ("2015-11", "calendar_year", "2014-01", "2014-12", "calendar year 2014"),
    ("2016-03", "calendar_year-3", "2012-01", "2012-12", "calendar year 2012"),
    ("2015-06", "baseline_year", "2012-04", "2013-03", "2012/13"),
    ("2015-06", "baseline_quarter", "2012-04", "2012-06", "Quarter 1 2012/13"),
    ("2015-12", "baseline_quarter", "2012-10", "2012-12", "Quarter 3 2012/13"),
    ("2015-06", "ytd", "2015-04", "2015-06", "YTD (April to June 2015)"),
    ("2015-06", "lytd", "2014-04", "2014-06", "LYTD (April to June 2014)"),
    ("2015-06", "ytd-2", "2013-04", "2013-06", "YTD (April to June 2013)"),
    ("2015-04", "ytd", "2015-04", "2015-04", "YTD (April 2015)"),
    ("2016-03", "ytd", "2015-04", "2016-03", "YTD (April 2015 to March 2016)"),
    ("2016-03", "lytd", "2014-04", "2015-03", "LYTD (April 2014 to March 2015)"),
]
FIXED = [
    ("2019/20", "2019-04", "2020-03", "2019/20"),
    ("1999/00", "1999-04", "2000-03", "1999/00"),
    ("2019", "2019-01", "2019-12", "calendar year 2019"),
    ("2022Q4", "2023-01", "2023-03", "Quarter 4 2022/23"),
    ("2021H2", "2021-10", "2022-03", "half year October 2021 to March 2022"),
    ("2022-03", "2022-03", "2022-03", "March 2022"),
    ("12 months to 2019-06", "2018-07", "2019-06", "12 months to June 2019"),
    ("12 months to 2020-02", "2019-03", "2020-02", "12 months to February 2020"),
    ("mean of 2017/18 to 2019/20", "2017-04", "2020-03", "mean of 2017/18 to 2019/20"),
    ("mean of 2016 to 2018", "2016-01", "2018-12", "mean of calendar years 2016 to 2018"),
]


@pytest.mark.parametrize(("last_month", "name", "first", "last", "words"), RELATIVE)
def test_the_months_and_words_of_a_period(last_month, name, first, last, words):
    period = resolve_period(name, last_month, 2012)
    assert (period.months, period.words) == (months(first, last), words)
    assert period.day is None


@pytest.mark.parametrize(("name", "first", "last", "words"), FIXED)
@pytest.mark.parametrize("last_month", ["2015-06", "2024-02"])
def test_a_fixed_period_is_the_same_in_every_report(last_month, name, first, last, words):
    period = resolve_period(name, last_month, 2012)
    assert (period.months, period.words) == (months(first, last), words)
    assert period.day is None


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("mean of 2017/18 to 2019/20", ["2017/18", "2018/19", "2019/20"]),
        ("mean of 1999/00 to 2000/01", ["1999/00", "2000/01"]),
        ("mean of 2016 to 2018", ["calendar year 2016", "calendar year 2017", "calendar year 2018"]),
    ],
)
def test_a_mean_is_of_whole_years(name, years):
    parts = resolve_period(name, "2022-06", 2012).parts
    assert [part.words for part in parts] == years
    assert {len(part.months) for part in parts} == {12}


@pytest.mark.parametrize(
    ("last_month", "name", "day", "words"),
    [
        ("2015-06", "position", "2015-06-30", "latest position"),
        ("2024-02", "position", "2024-02-29", "latest position"),
        ("2015-06", "position-12", "2014-06-30", "latest position by 30 June 2014"),
        ("2015-03", "position-1", "2015-02-28", "latest position by 28 February 2015"),
        ("2015-06", "on 2019-09-30", "2019-09-30", "position on 30 September 2019"),
        ("2015-06", "on 2020-02-29", "2020-02-29", "position on 29 February 2020"),
    ],
)
def test_a_position_is_that_of_a_day_and_has_no_months(last_month, name, day, words):
    period = resolve_period(name, last_month, 2012)
    assert (period.months, period.day.isoformat(), period.words) == ((), day, words)


@pytest.mark.parametrize("name", PERIOD_NAMES)
def test_every_period_name_is_understood(name):
    assert resolve_period(name, "2022-06", 2012).words


@pytest.mark.parametrize("name", FIXED_FORMS)
def test_every_form_that_a_message_names_is_understood(name):
    check_period(name)
    assert resolve_period(name, "2022-06", 2012).words


@pytest.mark.parametrize(
    "name",
    [
        *("week", "quarter-", "quarter -1", "Quarter", "", "12_months", "quarter-1.5", "2022Q5", "2022H3", "2022-13"),
        *("2019-09-30", "0999", "19/20", "2019-20", "12 months to June 2019", "on 30/09/2019", "mean of 2017/18"),
        *("mean of three years", "2019 ", "2019Q1\n", "12 months to 2019Q1", "mean of 2017/18-2019/20"),
    ],
)
def test_an_unknown_period_is_refused(name):
    with pytest.raises(ConfigurationError) as caught:
        check_period(name)
    assert str(caught.value) == (
        f"{name!r} is not a period: expected one of {', '.join(PERIOD_NAMES)}, or one that is the same in every "
        f"report, written as {', '.join(FIXED_FORMS[:-1])} or {FIXED_FORMS[-1]}."
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("on 2019-02-29", "'2019-02-29' is no day of the calendar"),
        ("on 2019-06-31", "'2019-06-31' is no day of the calendar"),
        ("12 months to 2019-13", "'2019-13' is not a month"),
        ("2019/21", "'2019/21' is not a financial year"),
        ("mean of 2017/18 to 2019/21", "'2019/21' is not a financial year"),
        ("mean of 2017/18 to 2017/18", "is no mean of years"),
        ("mean of 2019/20 to 2017/18", "is no mean of years"),
        ("mean of 2017/18 to 2019", "is no mean of years"),
        ("mean of 2017Q1 to 2017Q4", "is no mean of years"),
        ("mean of 2017-01 to 2017-03", "is no mean of years"),
    ],
)
def test_a_period_that_does_not_exist_is_refused(name, found):
    with pytest.raises(ConfigurationError) as caught:
        check_period(name)
    assert found in str(caught.value)


@pytest.mark.parametrize("name", ["lytd-1", "baseline_quarter-1", "baseline_year+1", "position+3"])
def test_a_shift_that_would_be_ignored_is_refused(name):
    with pytest.raises(ConfigurationError):
        resolve_period(name, "2022-06", 2012)


# ------------------------------------------------------------------------------------- points of a period, lengths
@pytest.mark.parametrize(
    ("name", "month", "quarter", "half_year", "financial_year", "calendar_year"),
    [
        ("month", 1, None, None, None, None),
        ("month-5", 1, None, None, None, None),
        ("quarter-4", 3, 1, None, None, None),
        ("baseline_quarter", 3, 1, None, None, None),
        ("half_year-1", 6, 2, 1, None, None),
        ("rolling_12_months", 12, 4, 2, 1, 1),
        ("rolling_12_months-12", 12, 4, 2, 1, 1),
        ("rolling_12_months-6", 12, 4, 2, None, None),
        ("rolling_12_months-3", 12, 4, None, None, None),
        ("rolling_12_months-5", 12, None, None, None, None),
        ("financial_year-1", 12, 4, 2, 1, None),
        ("baseline_year", 12, 4, 2, 1, None),
        ("calendar_year-1", 12, 4, None, None, 1),
        ("ytd-1", 12, 4, 2, 1, None),
        ("lytd", 12, 4, 2, 1, None),
        ("position", None, None, None, None, None),
        ("position-12", None, None, None, None, None),
        ("2019/20", 12, 4, 2, 1, None),
        ("2019", 12, 4, None, None, 1),
        ("2022Q1", 3, 1, None, None, None),
        ("2021H1", 6, 2, 1, None, None),
        ("2022-03", 1, None, None, None, None),
        ("12 months to 2019-06", 12, 4, None, None, None),
        ("12 months to 2019-05", 12, None, None, None, None),
        ("12 months to 2019-09", 12, 4, 2, None, None),
        ("12 months to 2019-03", 12, 4, 2, 1, None),
        ("12 months to 2019-12", 12, 4, None, None, 1),
        ("on 2019-09-30", None, None, None, None, None),
        ("mean of 2017/18 to 2019/20", 12, 4, 2, 1, None),
        ("mean of 2016 to 2018", 12, 4, None, None, 1),
    ],
)
def test_of_how_many_points_a_period_is_formed(name, month, quarter, half_year, financial_year, calendar_year):
    counts = [points_in(name, periodicity) for periodicity in MONTHS_IN]
    assert counts == [month, quarter, half_year, financial_year, calendar_year]
    assert points_in(name, "date") is None


@given(st.sampled_from([name for _, name, *_ in RELATIVE] + [name for name, *_ in FIXED]), PERIODICITIES, MONTHS)
def test_the_points_of_a_period_are_as_many_as_is_said(name, periodicity, last):
    """Whatever the report: where the period's points are there at all, they are as many, and cover it."""
    period, stated = resolve_period(name, months_of(key_of(last, periodicity))[-1], 2012), points_in(name, periodicity)
    keys = keys_of(period, periodicity)
    if keys is not None and "ytd" not in name and stated is not None:
        assert len(keys) == stated * max(1, len(period.parts))
    if keys is not None:
        assert sum((months_of(key) for key in keys), ()) == period.months
    elif "ytd" not in name and name != "financial_year":
        assert stated is None


def test_dates_and_positions_have_no_keys():
    assert keys_of(resolve_period("quarter", "2022-06", 2012), "date") is None
    assert keys_of(resolve_period("position", "2022-06", 2012), "month") is None


LENGTHS = {
    "a day": ["position", "position-12", "on 2019-09-30"],
    "a month": ["month", "month-5", "2022-03"],
    "a quarter": ["quarter", "quarter-4", "baseline_quarter", "2022Q1"],
    "six months": ["half_year", "half_year-2", "2021H1"],
    "12 months": [
        *("rolling_12_months", "rolling_12_months-5", "financial_year-1", "calendar_year", "baseline_year", "2019/20"),
        *("2019", "12 months to 2019-06", "mean of 2017/18 to 2019/20", "mean of 2016 to 2018"),
    ],
    "the year to date": ["ytd", "ytd-2", "lytd"],
}


@pytest.mark.parametrize(("words", "name"), [(words, name) for words, names in LENGTHS.items() for name in names])
def test_periods_of_one_length_have_it_in_the_same_words(words, name):
    assert period_length(name) == words


def test_what_one_point_covers_has_a_length_among_those():
    assert set(POINT_LENGTHS.values()) < set(LENGTHS)
    assert set(POINT_LENGTHS) == {*MONTHS_IN, "date"}


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
