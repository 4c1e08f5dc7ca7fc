"""Where the points of a quarter stand to the mean, in words that are right for one, two and three of them."""

import numpy as np
import pandas as pd
import pytest

from panelpack.indicators.control_charts import level_words, months_words
from panelpack.periods import Quarter

QUARTER = Quarter.parse("2015Q1")


def at(*recorded, mean=100, without=None):
    """Points of the reported quarter; `without`: their values without the season, where it was taken out."""
    points = pd.DataFrame({"recorded": map(float, recorded), "mean": float(mean)})
    points["period"] = [str(QUARTER)] if len(points) == 1 else list(QUARTER.months)[: len(points)]
    return points.assign(value=points["recorded"] if without is None else without, adjusted=without is not None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((90, 91, 92), "all three months of the quarter were below the mean expected level of 100"),
        ((110, 101, 102), "all three months of the quarter were above the mean expected level of 100"),
        (
            (90, 91, 102),
            "of the three months of the quarter two were below and one above the mean expected level of 100",
        ),
        (
            (90, 111, 102),
            "of the three months of the quarter one was below and two above the mean expected level of 100",
        ),
        (
            (90, 91, 100),
            "of the three months of the quarter two were below and one at the mean expected level of 100",
        ),
        (
            (100, 100, 102),
            "of the three months of the quarter one was above and two at the mean expected level of 100",
        ),
        (
            (90, 100, 110),
            "of the three months of the quarter one was below, one above and one at the mean expected level of 100",
        ),
        ((100, 100, 100), "all three months of the quarter were at the mean expected level of 100"),
    ],
)
def test_level_of_the_months(values, words):
    assert level_words(at(*values), "count", "month") == words


@pytest.mark.parametrize(("value", "side"), [(90, "below"), (110, "above"), (100, "at")])
def test_level_of_a_quarter(value, side):
    words = f"the quarter was {side} the mean expected level of 100"
    assert level_words(at(value), "count", "quarter") == words


def test_the_mean_is_written_in_the_unit():
    assert level_words(at(80, mean=81.25), "percent", "quarter").endswith("level of 81.3%")


@pytest.mark.parametrize("periodicity", ["month", "quarter"])
def test_a_quarter_without_points_has_no_level(periodicity):
    assert level_words(at(), "count", periodicity) == ""


@pytest.mark.parametrize(
    ("recorded", "without", "season"),
    [
        ((90, 91, 92), (95, 96, 97), ", also allowing for the season"),
        ((90, 91, 92), (95, 96, 105), " (allowing for the season, two below and one above)"),
        ((90, 91, 92), (105, 106, 107), " (allowing for the season, three above)"),
        ((90, 91, 92), (95, 100, 107), " (allowing for the season, one below, one above and one at)"),
    ],
)
def test_the_level_is_that_of_what_was_recorded_and_how_it_stands_without_the_season_is_added(
    recorded, without, season
):
    words = "all three months of the quarter were below the mean expected level of 100"
    assert level_words(at(*recorded, without=without), "count", "month") == words + season


LEVEL = "the mean expected level of 100"
NONE = np.nan


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((90, NONE, 92), "both months of the quarter with a figure (May 2015 has none) were below"),
        ((NONE, 110, 120), "both months of the quarter with a figure (April 2015 has none) were above"),
        ((100, 100, NONE), "both months of the quarter with a figure (June 2015 has none) were at"),
        (
            (90, NONE, 120),
            "of the two months of the quarter with a figure (May 2015 has none) one was below and one above",
        ),
        (
            (100, 120, NONE),
            "of the two months of the quarter with a figure (June 2015 has none) one was above and one at",
        ),
        ((NONE, NONE, 90), "the one month of the quarter with a figure (April and May 2015 have none) was below"),
        ((NONE, 110, NONE), "the one month of the quarter with a figure (April and June 2015 have none) was above"),
        ((100, NONE, NONE), "the one month of the quarter with a figure (May and June 2015 have none) was at"),
    ],
)
@pytest.mark.parametrize("kept", [True, False], ids=["as a gap", "without its row"])
def test_a_month_that_is_missing_is_named(values, words, kept):
    points = at(*values)
    points = points if kept else points.dropna()
    assert level_words(points, "count", "month") == f"{words} {LEVEL}"


@pytest.mark.parametrize(
    ("recorded", "without", "season"),
    [
        ((90, NONE, 92), (95, NONE, 97), ", also allowing for the season"),
        ((90, NONE, 92), (105, NONE, 107), " (allowing for the season, both above)"),
        ((90, NONE, 92), (95, NONE, 107), " (allowing for the season, one below and one above)"),
        ((90, NONE, NONE), (95, NONE, NONE), ", also allowing for the season"),
        ((90, NONE, NONE), (105, NONE, NONE), " (allowing for the season, above)"),
        ((90, NONE, NONE), (100, NONE, NONE), " (allowing for the season, at)"),
    ],
)
def test_the_season_of_fewer_months(recorded, without, season):
    words = level_words(at(*recorded, without=without), "count", "month")
    assert words.endswith(f"below {LEVEL}{season}")


@pytest.mark.parametrize(
    ("without", "season"), [(95, ", also allowing for the season"), (105, " (allowing for the season, above)")]
)
def test_the_season_of_a_quarter_needs_no_number(without, season):
    words = level_words(at(90, without=[without]), "count", "quarter")
    assert words == f"the quarter was below {LEVEL}{season}"


def test_months_that_all_lack_a_figure_have_no_level():
    assert level_words(at(NONE, NONE, NONE), "count", "month") == ""


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (["2015-01"], "January 2015"),
        (["2015-01", "2015-03"], "January and March 2015"),
        (["2014-10", "2014-11", "2014-12"], "October, November and December 2014"),
    ],
)
def test_months_of_a_quarter_share_their_year(months, words):
    assert months_words(months) == words
