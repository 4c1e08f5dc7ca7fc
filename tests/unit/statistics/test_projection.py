"""Projecting the total of a financial year: what is counted stays, intervals are learned, mistakes have words."""

from math import exp, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.errors import ConfigurationError
from panelpack.periods import Quarter, month_range
from panelpack.statistics.attempts import DISPERSION
from panelpack.statistics.past_errors import Learned, PastErrors, UnknownSeriesError
from panelpack.statistics.projection import WIDTHS, Projection, interval, project_year, quarterly

FIGURES = ("total", "lower_95", "upper_95", "lower_80", "upper_80")
# Student's t: how far 95% and 80% reach to both sides, by degrees of freedom (any printed table).
T = {4: (2.776445, 1.533206), 10: (2.228139, 1.372184)}
SERIES = ("robbery", "burglary")


class Known:
    """Past errors that teach what they are told to, by series, years ahead and origin's number."""

    def __init__(self, freedom=10, **variances):
        self.freedom, self.variances = freedom, {"robbery": 0.01, "burglary": 0.04} | variances

    def learn(self, series, origin, years_ahead):
        if series not in self.variances:
            raise UnknownSeriesError(f"found no official counts of {series!r}, expected one of robbery, burglary")
        variance = self.variances[series] * (1 + years_ahead)
        return Learned(years_ahead, variance, self.freedom, 20, 6, 100, 5, "2010Q1", str(origin.shift(-4)))


PAST = Known()

QUARTERS = [300, 330, 280, 310, 320, 350, 300, 330, 340, 370, 320, 350, 345]  # 2012Q1 to 2015Q1


def by_quarter(counts=QUARTERS, first="2012Q1", name="robbery"):
    start = Quarter.parse(first)
    return pd.Series(
        [float(count) for count in counts], [str(start.shift(step)) for step in range(len(counts))], name=name
    )


def by_month(counts=QUARTERS, first="2012-04", name="robbery"):
    """Months that add up to the quarters: a sixth, a third and a half of each."""
    values = np.outer(counts, [1 / 6, 1 / 3, 1 / 2]).ravel()
    return pd.Series(values, list(months_from(first, len(values))), name=name)


def months_from(first, count):
    return month_range(first, "2040-01")[:count]


def figures(found):
    return tuple(getattr(found, name) for name in FIGURES)


def projected(series, year, past=PAST):
    return project_year(series, year, past)


# -------------------------------------------------------------------------------------------- by hand
def ends(to_come, latest, variance, freedom, width, so_far=0.0):
    """What is counted, and what is to come times e to the power of -/+ t * spread, for 95% and for 80%."""
    spread = width * sqrt(variance + 2 * (1 / to_come + 1 / latest))
    found = []
    for reach in T[freedom]:
        found += [so_far + to_come * exp(-reach * spread), so_far + to_come * exp(reach * spread)]
    return tuple(found)


def test_the_next_year_by_hand():
    # Every quarter as in the latest 12 months: 370, 320, 350 and 345. The variance is 0.01 twice over.
    found = projected(by_quarter(), "2016/17")
    assert found.total == 370 + 320 + 350 + 345
    assert figures(found)[1:] == pytest.approx(ends(1385, 1385, 0.02, 10, width=1.0), rel=1e-6)
    assert (found.year, found.origin, found.learned_from.years_ahead) == ("2016/17", "2015Q1", 1)


def test_the_year_under_way_by_hand():
    # A year that repeats itself, 10% higher from 2015Q1 on: the level goes 0.65 of the way there.
    counts = [300, 330, 280, 310] * 3 + [330]
    found = projected(by_quarter(counts), "2015/16")
    to_come = found.total - 330
    assert to_come == pytest.approx((330 + 280 + 310) * 1.1**0.65, rel=0.02)
    assert figures(found)[1:] == pytest.approx(
        ends(to_come, 330 + 280 + 310 + 330, 0.01, 10, width=0.9, so_far=330), rel=1e-6
    )
    assert (DISPERSION, WIDTHS) == (2.0, (0.9, 1.0, 1.0))


def test_two_years_ahead_by_hand():
    found = projected(by_quarter(), "2017/18")
    assert found.total == 1385
    assert figures(found)[1:] == pytest.approx(ends(1385, 1385, 0.03, 10, width=1.0), rel=1e-6)


@given(st.integers(5, 2000), st.floats(0.001, 0.2), st.integers(0, 3000))
def test_the_total_is_the_centre_of_the_interval_in_logarithms_of_what_is_to_come(to_come, variance, so_far):
    found = interval(to_come, to_come, so_far, Learned(0, variance, 7, 1, 1, 1, 1, "", ""))
    for level in ("95", "80"):
        low, high = (getattr(found, f"{end}_{level}") - so_far for end in ("lower", "upper"))
        assert sqrt(low * high) == pytest.approx(found.total - so_far, rel=1e-6)


def test_a_small_force_is_less_sure_than_a_large_one():
    def width(to_come):
        found = interval(to_come, to_come, 0, Learned(1, 0.01, 7, 1, 1, 1, 1, "", ""))
        return (found.upper_95 - found.lower_95) / to_come

    assert width(20) > width(200) > width(20000)


# ------------------------------------------------------------------------------------------ the same series
@pytest.mark.parametrize("year", ["2015/16", "2016/17", "2017/18"])
def test_months_give_what_their_quarters_give(year):
    months, quarters = projected(by_month(), year), projected(by_quarter(), year)
    assert figures(months) == pytest.approx(figures(quarters))
    assert (months.year, months.origin) == (quarters.year, quarters.origin)


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
        assert projected(pd.concat([before, whole]).rename("robbery"), "2016/17") == projected(whole, "2016/17")


# ------------------------------------------------------------------------------------------ what is counted
def ending_with(label, counts=QUARTERS):
    """The last quarters of which the last is the one of a label."""
    first = Quarter.parse(label).shift(1 - len(counts))
    return by_quarter(counts, str(first))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_no_end_of_the_year_under_way_lies_below_what_is_counted(number):
    counted = sum(QUARTERS[-number:])
    found = projected(ending_with(f"2015Q{number}"), "2015/16", Known(robbery=4.0))
    assert counted < found.lower_95 < found.lower_80 < found.total < found.upper_80 < found.upper_95


def test_the_more_is_counted_the_more_of_the_total_is_certain():
    widths = [
        found.upper_95 - found.lower_95
        for found in (projected(ending_with(f"2015Q{number}", [100] * 12), "2015/16") for number in (1, 2, 3))
    ]
    assert widths[0] > widths[1] > widths[2]


def test_a_complete_year_is_its_sum_and_has_no_width():
    found = projected(ending_with("2015Q4"), "2015/16")
    assert found == Projection(*[float(sum(QUARTERS[-4:]))] * 5, "2015/16", "2015Q4", None)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_next_year_holds_nothing_that_is_counted_and_the_one_after_is_wider(number):
    series = ending_with(f"2015Q{number}")
    years = [projected(series, year) for year in (2015, 2016, 2017)]
    width = [found.upper_95 - found.lower_95 for found in years]
    assert width[0] < width[1] < width[2]


@given(
    st.lists(st.integers(0, 2000), min_size=4, max_size=44),
    st.integers(0, 2),
    st.sampled_from(SERIES),
)
def test_the_narrow_interval_lies_inside_the_wide_one_and_none_below_what_is_counted(counts, ahead, name):
    series = by_quarter(counts, "2005Q1", name)
    origin = Quarter.parse(series.index[-1])
    found = projected(series, origin.year + ahead)
    assert np.isfinite(figures(found)).all()
    assert found.lower_95 <= found.lower_80 <= found.upper_80 <= found.upper_95
    assert found.lower_95 >= (sum(counts[-origin.number :]) if ahead == 0 else 0)


@given(st.integers(2, 1000), st.integers(0, 2), st.lists(st.integers(200, 5000), min_size=4, max_size=24))
def test_counts_that_are_so_many_times_as_large_give_a_total_so_many_times_as_large_that_is_surer(by, ahead, counts):
    one, scaled = by_quarter(counts, "2008Q1"), by_quarter([by * count for count in counts], "2008Q1")
    year = Quarter.parse(one.index[-1]).year + ahead
    small, large = projected(one, year), projected(scaled, year)
    assert large.total == pytest.approx(by * small.total)
    assert large.upper_95 - large.lower_95 <= by * (small.upper_95 - small.lower_95)


# --------------------------------------------------------------------------------------- what errors are taken
def test_a_series_takes_its_own_errors_and_its_total_does_not_depend_on_them():
    robbery, burglary = (projected(by_quarter(name=name), "2016/17") for name in SERIES)
    assert robbery.total == burglary.total
    assert burglary.upper_95 > robbery.upper_95
    assert figures(burglary)[1:] == pytest.approx(ends(1385, 1385, 0.08, 10, width=1.0), rel=1e-6)


@pytest.mark.parametrize("name", ["piracy", None])
def test_a_series_that_no_other_force_counts_is_refused(name):
    with pytest.raises(UnknownSeriesError, match=f"found no official counts of '{name}', expected one of "):
        projected(by_quarter(name=name), "2016/17")


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


# ------------------------------------------------------------------------------------------------- its parts
def test_months_add_up_to_quarters():
    assert list(quarterly([1, 2, 3, 4, 5, 6])) == [6, 15]
    with pytest.raises(ValueError, match="4 months"):
        quarterly([1, 2, 3, 4])


def test_the_interval_is_what_the_errors_of_other_forces_teach():
    counts = pd.DataFrame(
        np.random.default_rng(3).poisson(400, (20, 3)).astype(float),
        index=[str(Quarter(2010, 1).shift(step)) for step in range(20)],
        columns=pd.MultiIndex.from_product([["robbery"], ["East", "North", "West"]], names=["series", "force"]),
    )
    past = PastErrors.of_counts(counts)
    found = projected(by_quarter(), 2016, past)
    learned = past.learn("robbery", Quarter(2015, 1), 1)
    assert found.learned_from == learned
    assert Projection(*figures(found), "2016/17", "2015Q1", learned) == found
    assert figures(interval(1385, 1385, 0, learned)) == figures(found)
