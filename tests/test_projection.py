"""Projecting the total of a financial year: what is counted stays, intervals are learned, mistakes have words."""

import time
from math import exp, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.errors import ConfigurationError
from panelpack.periods import Quarter, month_range
from panelpack.statistics.projection import (
    BASIS,
    KEY,
    LEARNED,
    Projection,
    project_year,
    read_calibration,
    read_recorded_later,
)

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ("total", "lower_95", "upper_95", "lower_80", "upper_80")
# Student's t: how far 95% and 80% reach to both sides, by degrees of freedom (any printed table).
T = {4: (2.776445, 1.533206), 10: (2.228139, 1.372184)}


def learned(*rows):
    """A table of past errors: (series, years ahead, quarter, bias, spread, freedom)."""
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


def ends(middle, bias, spread, freedom, floor=0.0):
    """calibrated(): middle times e to the power of bias -/+ t * spread, for 95% and for 80%; never below the floor."""
    found = []
    for reach in T[freedom]:
        found += [max(floor, middle * exp(bias - reach * spread)), middle * exp(bias + reach * spread)]
    return tuple(found)


def test_the_next_year_by_hand():
    # 2016Q1 is one year after 2015Q1 (345); 2016Q2, Q3 and Q4 are two years after 370, 320 and 350. Each takes
    # growth ** (0.4 * sqrt(years)) along.
    middle = 345 * GROWTH**0.4 + (370 + 320 + 350) * GROWTH ** (0.4 * sqrt(2))
    found = projected(by_quarter(), "2016/17")
    assert found.total == pytest.approx(middle)
    assert figures(found)[1:] == pytest.approx(ends(middle, 0.01, 0.14, 10), rel=1e-6)
    assert (found.year, found.origin, found.learned_from) == ("2016/17", "2015Q1", "all")


def test_the_year_under_way_by_hand():
    # 345 are counted; 370, 320 and 350 come again with a year's part of the growth.
    middle = 345 + (370 + 320 + 350) * GROWTH**0.4
    found = projected(by_quarter(), "2015/16")
    assert found.total == pytest.approx(middle)
    assert figures(found)[1:] == pytest.approx(ends(middle, 0.01, 0.04, 10, floor=345), rel=1e-6)


def test_two_years_ahead_by_hand():
    middle = 345 * GROWTH ** (0.4 * sqrt(2)) + (370 + 320 + 350) * GROWTH ** (0.4 * sqrt(3))
    found = projected(by_quarter(), "2017/18")
    assert found.total == pytest.approx(middle)
    assert figures(found)[1:] == pytest.approx(ends(middle, 0.01, 0.24, 10), rel=1e-6)


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


def test_the_middle_does_not_depend_on_the_errors():
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
    with pytest.raises(ValueError) as told:
        projected(series, year)
    assert str(told.value) == words


def test_one_year_of_counts_is_enough():
    assert projected(by_quarter([10, 20, 30, 40]), 2013).total == 100


@pytest.mark.parametrize("series", [by_month()[:1], by_month()[1:2]], ids=["first", "inside"])
def test_a_single_month_is_refused_in_words(series):
    with pytest.raises(ValueError, match="expected"):
        projected(series, 2012)


def test_a_year_that_is_none_is_refused():
    with pytest.raises(ConfigurationError, match="'2016/18' is not a financial year"):
        projected(by_quarter(), "2016/18")


# ---------------------------------------------------------------------------- the same again, quick, and where from
def test_it_says_the_same_again_and_leaves_its_series_alone():
    series = by_month()
    before = series.copy()
    assert projected(series, "2016/17") == projected(series, "2016/17")
    pd.testing.assert_series_equal(series, before)


def test_with_a_table_given_nothing_is_read(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # no project's folder, so that looking for one would fail
    monkeypatch.setattr(pd, "read_csv", lambda *_, **__: pytest.fail("a file was read"))
    assert projected(by_quarter(), "2016/17").origin == "2015Q1"


def test_without_one_it_is_the_projects(monkeypatch):
    monkeypatch.chdir(ROOT / "tests")
    shipped = read_calibration(ROOT / "data" / "projection" / "calibration.csv")
    assert project_year(by_quarter(name="all_crime"), 2016) == projected(by_quarter(name="all_crime"), 2016, shipped)


def test_a_projection_takes_no_time():
    months = by_month(QUARTERS * 3)
    origin = Quarter.of_month(months.index[-1])
    took = []
    for _ in range(5):
        start = time.perf_counter()
        projected(months, origin.year + 1)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.05


# ------------------------------------------------------------------------------------------- the table on disk
HEAD = ",".join([*KEY, *LEARNED, *BASIS])
ROW = "0.01,0.1,10,36,6,6,2013Q1,2018Q1"


def test_the_table_of_past_errors_is_read(tmp_path):
    path = tmp_path / "calibration.csv"
    path.write_text(f"{HEAD}\nrobbery,1,1,{ROW}\nall,1,1,{ROW}\n", encoding="utf-8")
    table = read_calibration(path)
    assert table.loc[("robbery", 1, 1), LEARNED].tolist() == [0.01, 0.1, 10]
    assert table.loc[("all", 1, 1), "last_origin"] == "2018Q1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "the table of projection errors cannot be read: "),
        ("", "the table of projection errors cannot be read: "),
        ("series,lower_95\na,1\n", "found the columns ['series', 'lower_95'], expected ['series', 'years_ahead', "),
        (f"{HEAD}\nrobbery,1,1,{ROW}\n", "and rows of the series 'all'. Write it with make backtest."),
        (f"{HEAD}\n", "and rows of the series 'all'. Write it with make backtest."),
    ],
    ids=["absent", "empty", "columns", "no row of all", "no rows"],
)
def test_a_table_of_past_errors_that_is_none(tmp_path, text, words):
    path = tmp_path / "calibration.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as told:
        read_calibration(path)
    assert "calibration.csv: " in str(told.value) and words in str(told.value)
    assert "\n" not in str(told.value)


def test_what_was_recorded_later_is_read_and_often_nothing(tmp_path):
    path = tmp_path / "2015Q1.csv"
    columns = ["series", "year", "recorded", "source"]
    nothing = read_recorded_later(path)
    assert list(nothing) == columns and nothing.empty
    path.write_text('series,year,recorded,source\nrobbery,2016/17,55,"A table, of a day"\n', encoding="utf-8")
    assert read_recorded_later(path).to_numpy().tolist() == [["robbery", "2016/17", 55, "A table, of a day"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "what was recorded later cannot be read: "),
        ("series,year,recorded\nrobbery,2016/17,55\n", "found the columns ['series', 'year', 'recorded'], expected "),
        ("series,year,recorded,source\nrobbery,2016/17,5.5,a\n", "and whole numbers recorded. Correct the file."),
        ("series,year,recorded,source\nrobbery,2016/17,many,a\n", "and whole numbers recorded. Correct the file."),
        ("series,year,recorded,source\nrobbery,2016/17,,a\n", "and whole numbers recorded. Correct the file."),
    ],
    ids=["empty", "columns", "fraction", "word", "missing"],
)
def test_what_was_recorded_later_is_refused_where_it_is_none(tmp_path, text, words):
    path = tmp_path / "2015Q1.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as told:
        read_recorded_later(path)
    assert "2015Q1.csv: " in str(told.value) and words in str(told.value)
    assert "\n" not in str(told.value)


# ---------------------------------------------------------------------------------------------- what is shipped
def test_what_is_shipped_as_recorded_later_is_the_years_sum_of_the_official_quarters():
    later = read_recorded_later(ROOT / "data" / "recorded_later" / "2015Q1.csv")
    official = pd.read_csv(ROOT / "data" / "reconstruction" / "official_recorded_crime_by_quarter.csv", index_col=0)
    sums = official.loc[["2016Q1", "2016Q2", "2016Q3", "2016Q4"]].sum()
    assert set(later["year"]) == {"2016/17"}
    assert dict(zip(later["series"], later["recorded"], strict=True)) == sums[later["series"]].to_dict()
    assert later["source"].str.contains("Open Government Licence").all()


def test_what_was_recorded_later_is_of_the_series_and_the_year_that_the_plan_projects(evidence):
    judged = [figure for box in evidence.plan.priorities for figure in box.indicators if figure.rule == "projection"]
    later = read_recorded_later(ROOT / "data" / "recorded_later" / "2015Q1.csv")
    assert sorted(zip(later["series"], later["year"], strict=True)) == sorted(
        (figure.series, figure.projection_year) for figure in judged
    )


def test_the_shipped_errors_cover_every_horizon_and_grow_with_it(evidence):
    table = read_calibration(ROOT / "data" / "projection" / "calibration.csv")
    horizons = [(ahead, number) for ahead in (0, 1, 2) for number in (1, 2, 3, 4) if (ahead, number) != (0, 4)]
    for name, rows in table.groupby("series"):
        assert [key[1:] for key in rows.index] == horizons, name
        spread = rows["spread"].groupby("quarter")
        assert all(of.is_monotonic_increasing for _, of in spread), name
    assert (table["spread"] > 0).all() and (table["freedom"] > 4).all()
    projected_series = {f.series for box in evidence.plan.priorities for f in box.indicators if f.rule == "projection"}
    assert projected_series <= set(table.index.get_level_values("series"))
