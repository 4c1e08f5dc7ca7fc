"""Projecting the total of a financial year: what is counted stays, intervals are learned, mistakes have words."""

import time
from math import exp, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.errors import ConfigurationError
from panelpack.periods import Quarter, month_range
from panelpack.statistics.projection import (
    DAMPING,
    KEY,
    LEARNED,
    PRIOR_YEARS,
    Learned,
    Projection,
    calibrated,
    damped_growth,
    learn,
    project_year,
    quarterly,
    quarters_ahead,
)

FIGURES = ("total", "lower_95", "upper_95", "lower_80", "upper_80")
# Student's t: how far 95% and 80% reach to both sides, by degrees of freedom (any printed table).
T = {4: (2.776445, 1.533206), 10: (2.228139, 1.372184)}


def learned(*rows):
    """A table of past errors: (series, years ahead, quarter, bias, spread, degrees of freedom)."""
    frame = pd.DataFrame(rows, columns=[*KEY, *LEARNED]).assign(n=10)
    frame = frame.assign(forces=2, years=5, first_origin="2010Q1", last_origin="2014Q4")
    return frame.set_index(KEY).sort_index()


# The further ahead, and the earlier in the year, the less is known.
TABLE = learned(
    *(("all", ahead, number, 0.01, 0.05 + 0.1 * ahead - 0.01 * number, 10.0) for ahead in (0, 1, 2)
      for number in (1, 2, 3, 4) if (ahead, number) != (0, 4)),
    *(("robbery", ahead, number, -0.02, 0.30 + 0.1 * ahead - 0.01 * number, 4.0) for ahead in (0, 1, 2)
      for number in (1, 2, 3, 4) if (ahead, number) != (0, 4)),
)  # fmt: skip

QUARTERS = [300, 330, 280, 310, 320, 350, 300, 330, 340, 370, 320, 350, 345]  # 2012Q1 to 2015Q1


def by_quarter(counts=QUARTERS, first="2012Q1", name="all"):
    start = Quarter.parse(first)
    return pd.Series(
        [float(count) for count in counts], [str(start.shift(step)) for step in range(len(counts))], name=name
    )


def by_month(counts=QUARTERS, first="2012-04", name="all"):
    """Months that add up to the quarters: a sixth, a third and a half of each."""
    values = np.outer(counts, [1 / 6, 1 / 3, 1 / 2]).ravel()
    return pd.Series(values, list(months_from(first, len(values))), name=name)


def months_from(first, count):
    return month_range(first, "2040-01")[:count]


def figures(found):
    return tuple(getattr(found, name) for name in FIGURES)


def projected(series, year, table=TABLE):
    return project_year(series, year, table)


# -------------------------------------------------------------------------------------------- by hand
GROWTH = (370 + 320 + 350 + 345) / (350 + 300 + 330 + 340)  # the latest four quarters on the four before


def ends(point_forecast, bias, spread, freedom, floor=0.0):
    """The point forecast times e to the power of bias -/+ t * spread, for 95% and for 80%; never below the floor."""
    found = []
    for reach in T[freedom]:
        found += [max(floor, point_forecast * exp(bias - reach * spread)), point_forecast * exp(bias + reach * spread)]
    return tuple(found)


def test_the_next_year_by_hand():
    # 2016Q1 is one year after 2015Q1 (345); 2016Q2, Q3 and Q4 are two years after 370, 320 and 350. Each takes
    # growth ** (0.4 * sqrt(years)) along.
    point_forecast = 345 * GROWTH**0.4 + (370 + 320 + 350) * GROWTH ** (0.4 * sqrt(2))
    found = projected(by_quarter(), "2016/17")
    assert found.total == pytest.approx(point_forecast)
    assert figures(found)[1:] == pytest.approx(ends(point_forecast, 0.01, 0.14, 10), rel=1e-6)
    assert (found.year, found.origin, found.learned_from) == ("2016/17", "2015Q1", "all")


def test_the_year_under_way_by_hand():
    # 345 are counted; 370, 320 and 350 come again with a year's part of the growth.
    point_forecast = 345 + (370 + 320 + 350) * GROWTH**0.4
    found = projected(by_quarter(), "2015/16")
    assert found.total == pytest.approx(point_forecast)
    assert figures(found)[1:] == pytest.approx(ends(point_forecast, 0.01, 0.04, 10, floor=345), rel=1e-6)


def test_two_years_ahead_by_hand():
    point_forecast = 345 * GROWTH ** (0.4 * sqrt(2)) + (370 + 320 + 350) * GROWTH ** (0.4 * sqrt(3))
    found = projected(by_quarter(), "2017/18")
    assert found.total == pytest.approx(point_forecast)
    assert figures(found)[1:] == pytest.approx(ends(point_forecast, 0.01, 0.24, 10), rel=1e-6)


def test_without_a_year_before_there_is_no_growth():
    assert projected(by_quarter([10, 20, 30, 40], first="2014Q2"), "2016/17").total == 100


# ------------------------------------------------------------------------------------------ the same series
@pytest.mark.parametrize("year", ["2015/16", "2016/17", "2017/18"])
def test_months_give_what_their_quarters_give(year):
    months, quarters = projected(by_month(), year), projected(by_quarter(), year)
    assert figures(months) == pytest.approx(figures(quarters))
    assert (months.year, months.origin, months.learned_from) == (quarters.year, quarters.origin, quarters.learned_from)


def same_labels():
    months, quarters = by_month(), by_quarter()
    monthly = pd.period_range("2012-04", "2015-06", freq="M")
    return {
        "monthly periods": months.set_axis(monthly),
        "the first days of months": months.set_axis(pd.date_range("2012-04-01", periods=39, freq="MS")),
        "the last days of months": months.set_axis(pd.date_range("2012-04-30", periods=39, freq="ME")),
        # pandas calls the quarter that ends in June 2012, of a year that ends in March, the first of 2013.
        "quarters of years that end in March": quarters.set_axis(pd.period_range("2013Q1", "2016Q1", freq="Q-MAR")),
        "quarters of calendar years": quarters.set_axis(pd.period_range("2012Q2", "2015Q2", freq="Q-DEC")),
    }


@pytest.mark.parametrize("labels", same_labels())
def test_pandas_own_periods_are_read_as_the_months_that_they_are(labels):
    found = projected(same_labels()[labels], "2016/17")
    assert found.origin == "2015Q1"
    assert figures(found) == pytest.approx(figures(projected(by_quarter(), "2016/17")))


@pytest.mark.parametrize("year", [2016, "2016/17", "2016/2017"])
def test_a_year_may_be_named_by_its_label_or_the_year_it_starts_in(year):
    assert projected(by_quarter(), year) == projected(by_quarter(), "2016/17")


def test_months_before_the_first_whole_quarter_are_left_out():
    whole = by_month()
    for extra in (1, 2):
        before = pd.Series([1e6] * extra, list(months_from("2012-02", 2)[2 - extra :]))
        assert projected(pd.concat([before, whole]).rename("all"), "2016/17") == projected(whole, "2016/17")


# ------------------------------------------------------------------------------------------ what is counted
def ending_with(label, counts=QUARTERS):
    """The last quarters of which the last is the one of a label."""
    first = Quarter.parse(label).shift(1 - len(counts))
    return by_quarter(counts, str(first))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_no_end_of_the_year_under_way_lies_below_what_is_counted(number):
    counted = sum(QUARTERS[-number:])
    wild = learned(("all", 0, number, -0.5, 2.0, 4.0))
    found = projected(ending_with(f"2015Q{number}"), "2015/16", wild)
    assert found.lower_95 == found.lower_80 == counted < found.total < found.upper_80 < found.upper_95


def test_the_more_is_counted_the_more_of_the_total_is_certain():
    # Nothing else grows, so only the part still to come is projected: growth of 10% on one to three quarters.
    flat = [100] * 8 + [110] * 4
    totals = [projected(ending_with(f"2015Q{number}", flat), "2015/16").total for number in (1, 2, 3)]
    assert totals == pytest.approx([110 + 330 * 1.1**0.4, 220 + 220 * 1.1**0.4, 330 + 110 * 1.1**0.4])


def test_a_complete_year_is_its_sum_and_has_no_width():
    found = projected(ending_with("2015Q4"), "2015/16")
    assert found == Projection(*[float(sum(QUARTERS[-4:]))] * 5, "2015/16", "2015Q4", "")


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_next_year_holds_nothing_that_is_counted_and_the_one_after_is_wider(number):
    series = ending_with(f"2015Q{number}")
    years = [projected(series, year) for year in (2015, 2016, 2017)]
    width = [found.upper_95 - found.lower_95 for found in years]
    assert width[0] < width[1] < width[2]


@given(
    st.lists(st.integers(0, 2000), min_size=4, max_size=44),
    st.integers(0, 2),
    st.sampled_from(["all", "robbery", "unknown"]),
)
def test_the_narrow_interval_lies_inside_the_wide_one_and_none_below_what_is_counted(counts, ahead, name):
    series = by_quarter(counts, "2005Q1", name)
    origin = Quarter.parse(series.index[-1])
    found = projected(series, origin.year + ahead)
    assert np.isfinite(figures(found)).all()
    assert found.lower_95 <= found.lower_80 <= found.upper_80 <= found.upper_95
    assert found.lower_95 >= (sum(counts[-origin.number :]) if ahead == 0 else 0)


@given(st.integers(2, 1000), st.integers(0, 2), st.lists(st.integers(200, 5000), min_size=4, max_size=24))
def test_counts_that_are_so_many_times_as_large_give_a_projection_so_many_times_as_large(by, ahead, counts):
    one, scaled = by_quarter(counts, "2008Q1"), by_quarter([by * count for count in counts], "2008Q1")
    year = Quarter.parse(one.index[-1]).year + ahead
    assert figures(projected(scaled, year)) == pytest.approx([by * value for value in figures(projected(one, year))])


# --------------------------------------------------------------------------------------- what errors are taken
@pytest.mark.parametrize(("name", "row"), [("all", "all"), ("robbery", "robbery"), ("burglary", "all"), (None, "all")])
def test_a_series_takes_its_own_errors_or_those_of_all(name, row):
    found = projected(by_quarter(name=name), "2016/17")
    bias, spread, freedom = TABLE.loc[(row, 1, 1), LEARNED]
    assert found.learned_from == row
    assert figures(found)[1:] == pytest.approx(ends(found.total, bias, spread, int(freedom)), rel=1e-6)


def test_the_point_forecast_does_not_depend_on_the_errors():
    assert len({projected(by_quarter(name=name), "2016/17").total for name in ("all", "robbery", "burglary")}) == 1


# --------------------------------------------------------------------------------------------- mistakes
def gapped(label):
    return by_quarter().drop(index=label)


def missing(series, place):
    series.iloc[place] = np.nan
    return series


REACH = "expected 2015/16 to 2017/18 for counts that end with 2015Q1"
GAPS = "found gaps or periods out of order, expected a count in every month or quarter"


@pytest.mark.parametrize(
    ("series", "year", "words"),
    [
        (gapped("2013Q3"), 2016, GAPS),
        (by_month().drop(index="2013-09"), 2016, GAPS),
        (by_quarter()[::-1], 2016, GAPS),
        (pd.concat([by_quarter(), by_quarter()[-1:]]), 2016, GAPS),
        (missing(by_quarter(), 3), 2016, GAPS),
        (missing(by_month(), 38), 2016, GAPS),
        (by_quarter().where(lambda counts: counts != 345, np.inf), 2016, GAPS),
        (by_quarter([]), 2016, "found no counts, expected at least 4 quarters of them"),
        (by_quarter(QUARTERS[:3]), 2013, "found 3 quarters of counts, expected at least 4"),
        (by_month(QUARTERS[:3]), 2013, "found 3 quarters of counts, expected at least 4"),
        (by_month()[1:12], 2013, "found 3 quarters of counts, expected at least 4"),
        (by_month()[:-1], 2016, "found counts that end with 2015-05, expected the end of a quarter"),
        (by_month()[:-2], 2016, "found counts that end with 2015-04, expected the end of a quarter"),
        (by_quarter(), 2014, f"found the year 2014/15, {REACH}"),
        (by_quarter(), "2018/19", f"found the year 2018/19, {REACH}"),
    ],
)  # fmt: skip
def test_a_series_or_a_year_that_cannot_be_projected(series, year, words):
    with pytest.raises(ValueError) as caught:
        projected(series, year)
    assert str(caught.value) == words


def test_one_year_of_counts_is_enough():
    assert projected(by_quarter([10, 20, 30, 40]), 2013).total == 100


@pytest.mark.parametrize("series", [by_month()[:1], by_month()[1:2]], ids=["first", "inside"])
def test_a_single_month_is_refused_in_words(series):
    with pytest.raises(ValueError, match=r"expected the end of a quarter$"):
        projected(series, 2012)


def test_a_year_that_is_none_is_refused():
    with pytest.raises(ConfigurationError, match="'2016/18' is not a financial year"):
        projected(by_quarter(), "2016/18")


# --------------------------------------------------------------------------------------------- the same again
def test_it_says_the_same_again_and_leaves_its_series_alone():
    series = by_month()
    before = series.copy()
    assert projected(series, "2016/17") == projected(series, "2016/17")
    pd.testing.assert_series_equal(series, before)


def test_a_projection_takes_no_time():
    months = by_month(QUARTERS * 3)
    origin = Quarter.of_month(months.index[-1])
    took = []
    for _ in range(5):
        start = time.perf_counter()
        projected(months, origin.year + 1)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.05


# ------------------------------------------------------------------------------------------------- its parts
@pytest.mark.parametrize(
    ("number", "years_ahead", "expected"),
    [(1, 0, [1, 2, 3]), (3, 0, [1]), (4, 0, []), (1, 1, [4, 5, 6, 7]), (4, 1, [1, 2, 3, 4]), (2, 2, [7, 8, 9, 10])],
)
def test_the_quarters_of_the_year_that_are_still_to_come(number, years_ahead, expected):
    assert list(quarters_ahead(number, years_ahead)) == expected


def test_months_add_up_to_quarters():
    assert list(quarterly([1, 2, 3, 4, 5, 6])) == [6, 15]
    with pytest.raises(ValueError, match="4 months"):
        quarterly([1, 2, 3, 4])


def test_damped_growth_takes_part_of_the_growth_on():
    counts = np.repeat([100.0, 100.0, 121.0], 4)
    assert damped_growth(counts, 4, 1) == pytest.approx(4 * 121 * 1.21**DAMPING)
    assert damped_growth(counts[:4], 4, 1) == 400  # no year before to grow from


def test_the_more_years_are_seen_the_less_the_prior_says():
    years = np.repeat([1, 2, 3, 4], 5)
    errors = np.resize([0.15, 0.25], 20)
    one = learn(errors[:5], years[:5], shared=0.04)
    four = learn(errors, years, shared=0.04)
    assert one.degrees_of_freedom == 1 + PRIOR_YEARS
    assert four.bias == pytest.approx(0.2 * 4 / (4 + PRIOR_YEARS))
    assert one.bias < four.bias
    assert one.spread > four.spread
    nothing = learn(errors[:0], years[:0], shared=0.04)
    assert (nothing.bias, nothing.spread) == (0, pytest.approx(0.2))


def test_a_calibrated_interval_is_that_of_a_student_t():
    forecast = calibrated(1000, Learned(0.1, 0.05, 10))
    assert np.log([forecast.lower_95 / 1000, forecast.upper_95 / 1000]) == pytest.approx(
        [0.1 - 2.228139 * 0.05, 0.1 + 2.228139 * 0.05], abs=1e-6
    )
