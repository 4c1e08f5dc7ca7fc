"""What a control chart says in words: level against the mean, and the signal of the latest point."""

import numpy as np
import pandas as pd
import pytest

from panelpack import signals
from panelpack.quarters import Quarter, month_range, shift_month

QUARTER = Quarter.parse("2015Q1")


def at(*values, mean=100):
    return pd.DataFrame({"value": map(float, values), "mean": float(mean)})


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
    assert signals.level_words(at(*values), "count", "month") == words


@pytest.mark.parametrize(("value", "side"), [(90, "below"), (110, "above"), (100, "at")])
def test_level_of_a_quarter(value, side):
    words = f"the quarter was {side} the mean expected level of 100"
    assert signals.level_words(at(value), "count", "quarter") == words


def test_the_mean_is_written_in_the_unit():
    assert signals.level_words(at(80, mean=81.25), "percent", "quarter").endswith("level of 81.3%")


@pytest.mark.parametrize("periodicity", ["month", "quarter"])
def test_a_quarter_without_points_has_no_level(periodicity):
    assert signals.level_words(at(), "count", periodicity) == ""


def table(*rows, lower=50.0):
    """Rows of (special cause, side), the last of them the latest."""
    return pd.DataFrame(rows, columns=["special_cause", "side"]).assign(lower=lower)


NONE = ("", "")


@pytest.mark.parametrize(
    ("cause", "side", "told"),
    [
        ("outside", "low", "beyond the lower limit"),
        ("outside", "high", "beyond the upper limit"),
        ("trend", "low", "part of a falling trend"),
        ("trend", "high", "part of a rising trend"),
        ("two_of_three", "low", "close to the lower limit, with others"),
        ("two_of_three", "high", "close to the upper limit, with others"),
        ("shift", "low", "part of a run below the mean"),
        ("shift", "high", "part of a run above the mean"),
    ],
)
@pytest.mark.parametrize(
    ("run", "when"),
    [(1, "latest month"), (2, "latest two months"), (3, "latest three months"), (7, "latest three months")],
)  # fmt: skip
def test_a_signal_names_side_length_and_cause(cause, side, told, run, when):
    other = ("outside", "high" if side == "low" else "low")
    rows = table(NONE, other, *[(cause, side)] * run)
    assert signals.signal_words(rows, "month") == f"significantly {side} in the {when} ({told})"


@pytest.mark.parametrize("run", [1, 2, 5])
def test_of_quarters_only_the_latest_is_told(run):
    rows = table(NONE, *[("outside", "low")] * run)
    assert signals.signal_words(rows, "quarter") == "significantly low in the latest quarter (beyond the lower limit)"


def test_a_run_ends_at_an_unflagged_point():
    rows = table(("outside", "low"), NONE, ("outside", "low"))
    assert signals.signal_words(rows, "month") == "significantly low in the latest month (beyond the lower limit)"


def test_what_happened_before_the_latest_point_is_no_signal():
    assert signals.signal_words(table(("outside", "low"), NONE), "month") == "within expected levels"


def test_without_limits_there_is_no_signal():
    assert signals.signal_words(table(NONE, lower=np.nan), "month") == "too few points for limits"


def monthly(values):
    """A series of counts that ends with the quarter's last month."""
    last = QUARTER.months[-1]
    months = month_range(shift_month(last, 1 - len(values)), last)
    return pd.DataFrame({"period": months, "value": values, "base": np.nan})


STEADY = [100, 104, 96, 101, 99, 103, 97, 100, 104, 96, 101, 99, 103, 97, 100, 104, 96, 101, 99, 103, 97]


def test_describe_tells_mean_level_signal_and_the_ends_of_the_latest_twelve_months():
    found = signals.describe(monthly([500, *STEADY[1:], 60, 60, 60]), QUARTER, "month", "count")
    assert found["mean"] == pytest.approx((500 + sum(STEADY[1:]) + 180) / 24)
    assert found["level"] == "all three months of the quarter were below the mean expected level of 112"
    assert found["signal"].startswith("significantly low in the latest three months (")
    assert (found["low"], found["low_period"]) == (60, "April 2015")
    assert (found["high"], found["high_period"]) == (104, "October 2014")  # not the 500, two years before


def test_describe_of_quarters_looks_back_over_four():
    keys = [str(QUARTER.shift(-back)) for back in range(12, -1, -1)]
    points = pd.DataFrame({"period": keys, "value": [99, 1, 2, 3, 4, 5, 6, 7, 8, 14, 12, 11, 13], "base": np.nan})
    found = signals.describe(points, QUARTER, "quarter", "count")
    assert (found["low"], found["low_period"]) == (11, "Quarter 4 2014/15")
    assert (found["high"], found["high_period"]) == (14, "Quarter 2 2014/15")
    assert found["level"] == "the quarter was below the mean expected level of 14"


def test_twelve_points_are_enough_and_eleven_are_not():
    assert signals.describe(monthly(STEADY[:12]), QUARTER, "month", "count")["signal"] == "within expected levels"
    few = signals.describe(monthly(STEADY[:11]), QUARTER, "month", "count")
    assert few["signal"] == "too few points for limits"
    assert few["level"]


@pytest.mark.parametrize(("points", "periodicity"), [(monthly([1]), "date"), (monthly([]), "month")])
def test_positions_and_nothing_have_no_chart(points, periodicity):
    assert signals.describe(points, QUARTER, periodicity, "count") == {}


@pytest.mark.parametrize(("periodicity", "keys"), [("month", QUARTER.months), ("quarter", ("2015Q1",))])
def test_the_latest_points_are_those_of_the_reported_quarter(periodicity, keys):
    assert signals.latest_keys(QUARTER, periodicity) == keys
