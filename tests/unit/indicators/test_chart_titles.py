"""What a chart's title says of its points: up, down, as usual, without a range, too short, ended; and its alt text."""

import numpy as np
import pandas as pd
import pytest

from panelpack.config.series import Series
from panelpack.formats import Form
from panelpack.indicators.chart_titles import (
    LONGEST_ALT,
    MOST_WORDS,
    alt_text,
    headline,
    kind_of,
    note_words,
    periods_words,
    recent_words,
    since_words,
    state_words,
)
from panelpack.indicators.control_charts import draw_up
from panelpack.periods import Quarter, key_range, month_range, shift_month

QUARTER = Quarter.parse("2015Q1")
COUNT = Form("count")
STEADY = ([100, 104, 96, 101, 99, 103, 97] * 4)[:24]  # without a season, for its pattern is of seven months
SEASON = [1.3, 1.3, 1.2, 1.1, 1.0, 0.9, 0.7, 0.7, 0.8, 0.9, 1.0, 1.1]
NAN = np.nan


def charted(values, periodicity="month", polarity="lower", ended=0, **how):
    """The chart of counts whose last but `ended` is of the quarter's last month, or of the quarter."""
    if periodicity == "month":
        last = shift_month(QUARTER.months[-1], -ended)
        keys = month_range(shift_month(last, 1 - len(values)), last)
    elif periodicity == "quarter":
        keys = [str(QUARTER.shift(-back - ended)) for back in range(len(values) - 1, -1, -1)]
    else:
        keys = key_range(f"{2015 - len(values)}/{(2016 - len(values)) % 100:02d}", "2014/15")
    points = pd.DataFrame({"period": keys, "value": np.asarray(values, float), "base": NAN})
    spec = Series(title="Robbery", table="t", value="n", **how)
    return draw_up(points.dropna(subset="value"), QUARTER, periodicity, spec, polarity)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([*STEADY, 101, 99, 100], "as usual"),
        ([*STEADY, 100, 60, 61], "lower than usual in May and June 2015"),
        ([*STEADY, 100, 100, 160], "higher than usual in June 2015"),
        ([*STEADY, *[102] * 7], "above average every month since December 2014"),
        ([*STEADY, 100, *[60] * 9], "below average every month since October 2014"),
        ([*STEADY, 100, *[140, 141, 142, 143]], "higher than usual every month since March 2015"),
        ([*STEADY, 96, 97, 98, 99, 100, 101, 102], "rising every month since January 2015"),
        ([*STEADY, 100, 150, 151, 152, 100, 101], "back to usual since May 2015"),
        ([*STEADY, 100, 150, 151, 152, 100], "back to usual in June 2015"),
        ([*STEADY, 100, 150, 151, *[100, 101] * 4], "as usual"),
    ],
)
def test_a_chart_with_a_usual_range_says_where_its_newest_points_lie(values, words):
    assert state_words(charted(values), COUNT) == words


def test_usual_is_measured_by_the_newest_level():
    rebase = [{"from": "2014-04", "reason": "Moved."}]
    table = charted([*STEADY[:20], *[value + 60 for value in STEADY[:15]]], rebase=rebase)
    assert state_words(table, COUNT) == "as usual by the level since April 2014"


def test_of_a_chart_without_its_season_the_words_are_for_the_season():
    values = [1000 * SEASON[place % 12] + STEADY[place % 11] for place in range(39)]
    assert state_words(charted(values), COUNT) == "as usual for the season"
    assert state_words(charted([*values[:-1], 600]), COUNT) == "lower than usual for the season in June 2015"


@pytest.mark.parametrize(
    ("values", "periodicity", "words"),
    [
        (range(30, 17, -1), "quarter", "falling year on year since April 2013"),
        (range(10, 23), "quarter", "rising year on year since April 2013"),
        ([50, 40, 44, 41, 52], "quarter", "52, up from 50 in Quarter 1 2014/15"),
        ([50, 40, 44], "quarter", "44, down from 50 in Quarter 3 2014/15"),
        ([50, 40, 50], "quarter", "50, the same as in Quarter 3 2014/15"),
        (range(1, 12), "month", "11, up from 1 in August 2014"),
        ([8, 7, 6, 5, 4], "financial_year", "falling every year since 2011/12"),
        ([8, 5, 6], "financial_year", "6, up from 5 in 2013/14"),
    ],
)
def test_a_chart_without_a_range_compares_with_the_year_before(values, periodicity, words):
    table = charted(list(values), periodicity)
    assert table["no_limits"].iloc[-1] != ""
    assert state_words(table, COUNT) == words


def test_a_series_that_ended_says_when_and_one_without_values_says_so():
    assert state_words(charted(STEADY, ended=15), COUNT) == "no figures after March 2014"
    table = charted(STEADY)
    nothing = table.assign(value=NAN, recorded=NAN)
    assert state_words(nothing, COUNT) == "no values can be shown"
    assert alt_text(nothing, "Robbery", COUNT) == "Line chart of robbery: no values can be shown."


def test_a_title_is_a_short_sentence_about_the_measure():
    up, short = charted([*STEADY, *[102] * 7]), charted([50, 40, 44], "quarter")
    since = "above average every month since December 2014"
    assert headline(up, "Recorded robbery, city", COUNT) == f"Recorded robbery {since}"
    assert headline(short, "Savings (estimate)", COUNT) == "Savings: 44, down from 50 in Quarter 3 2014/15"
    assert headline(charted(STEADY, ended=15), "Robbery", COUNT) == "Robbery: no figures after March 2014"
    words = "Reports of people who were missing more than once in the same quarter"
    long = headline(up, words, COUNT)
    assert long == "Above average every month since December 2014"
    assert headline(up, words, COUNT, "Repeats") == f"Repeats {since}"
    assert all(len(title.split()) <= MOST_WORDS for title in (headline(up, "Recorded robbery", COUNT), long))


def test_an_alternative_text_is_one_sentence_with_the_newest_value():
    up = charted([*STEADY, *[102] * 7])
    words = alt_text(up, "Recorded robbery", COUNT)
    assert words == (
        "Line chart of recorded robbery: above average every month since December 2014; newest 102 in June 2015."
    )
    assert alt_text(up, "ASB incidents", COUNT).startswith("Line chart of ASB incidents: ")
    for letters in (150, 190, 400):
        long = alt_text(up, "A" * letters, COUNT)
        assert len(long) <= LONGEST_ALT and long.endswith("newest 102 in June 2015.")


@pytest.mark.parametrize(
    ("values", "polarity", "words"),
    [
        ([*STEADY, 100, 60, 61], "lower", "better: lower than usual in May and June 2015"),
        ([*STEADY, 100, 60, 61], "higher", "worse: lower than usual in May and June 2015"),
        ([*STEADY, 100, 60, 61], "neither", "changed: lower than usual in May and June 2015"),
        ([*STEADY, 100, 160, *[100, 101] * 6], "lower", "worse: higher than usual in June 2014"),
        (
            [*STEADY, 100, 160, 161, 162, 163, *[100, 101] * 5],
            "lower",
            "worse: higher than usual from May 2014 to August 2014",
        ),
        ([*STEADY, 101, 99, 100], "lower", ""),
    ],
)
def test_the_newest_run_is_annotated_with_what_it_means(values, polarity, words):
    assert note_words(charted(values, polarity=polarity), COUNT) == words


@pytest.mark.parametrize(
    ("values", "polarity", "kind", "words"),
    [
        ([*STEADY, 60], "lower", "better", "lower: better"),
        ([*STEADY, 160], "lower", "worse", "higher: worse"),
        ([*STEADY, 160], "neither", "changed", "higher"),
        ([*STEADY, 100], "lower", "same", "as usual"),
        (STEADY[:9], "lower", "none", ""),
    ],
)
def test_a_cell_has_two_words_and_the_kind_of_a_mark(values, polarity, kind, words):
    table = charted(values, polarity=polarity)
    assert (kind_of(table), recent_words(table)) == (kind, words)


def test_a_series_that_ended_has_no_kind_and_no_words_of_the_quarter():
    table = charted([*STEADY, 160], ended=3)
    assert (kind_of(table), recent_words(table)) == ("none", "")


def test_periods_share_their_year_and_a_change_is_dated_by_its_month():
    assert periods_words(["2015-05", "2015-06"]) == "May and June 2015"
    assert periods_words(["2014-12", "2015-01"]) == "December 2014 and January 2015"
    assert [since_words(period) for period in ("2015-05", "2013Q1", "2013H2", "2013/14")] == [
        "May 2015",
        "April 2013",
        "October 2013",
        "2013/14",
    ]
