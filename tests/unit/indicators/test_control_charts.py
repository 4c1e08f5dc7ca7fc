"""Control charts of series, and what each says in words: where the quarter stands, its signal, its variation."""

import re

import numpy as np
import pandas as pd
import pytest

from panelpack.config.disclosure import Disclosure
from panelpack.config.plan import Plan
from panelpack.config.series import Series
from panelpack.config.supplied_table import SupplierFile
from panelpack.disclosure.grains import at_first
from panelpack.errors import ConfigurationError
from panelpack.formats import Form
from panelpack.indicators.chart_words import (
    assurance_words,
    describe_chart,
    level_words,
    months_words,
    signal_runs,
    signal_words,
    variation_words,
)
from panelpack.indicators.control_charts import AFTER_REBASE, WINDOW, draw_up
from panelpack.periods import Quarter, key_range, latest_keys, month_range, period_words, shift_month
from panelpack.statistics import limits, seasonality, steadiness

QUARTER = Quarter.parse("2015Q1")
COUNT, PERCENT = Form("count"), Form("percent", 1)


# ---------------------------------------------------------------------------------- where the quarter's points stand
def at(*recorded, mean=100, without=None):
    """Points of the reported quarter; `without`: their values without the season, where it was taken out."""
    points = pd.DataFrame({"recorded": map(float, recorded), "mean": float(mean)})
    points["period"] = [str(QUARTER)] if len(points) == 1 else list(QUARTER.months)[: len(points)]
    points = points.assign(value=points["recorded"] if without is None else without, adjusted=without is not None)
    return points.assign(no_limits="")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((90, 91, 92), "all three months of the quarter were below the average of 100"),
        ((110, 101, 102), "all three months of the quarter were above the average of 100"),
        (
            (90, 91, 102),
            "of the three months of the quarter two were below and one above the average of 100",
        ),
        (
            (90, 111, 102),
            "of the three months of the quarter one was below and two above the average of 100",
        ),
        (
            (90, 91, 100),
            "of the three months of the quarter two were below and one at the average of 100",
        ),
        (
            (100, 100, 102),
            "of the three months of the quarter one was above and two at the average of 100",
        ),
        (
            (90, 100, 110),
            "of the three months of the quarter one was below, one above and one at the average of 100",
        ),
        ((100, 100, 100), "all three months of the quarter were at the average of 100"),
    ],
)
def test_level_of_the_months(values, words):
    assert level_words(at(*values), COUNT) == words


@pytest.mark.parametrize(("value", "side"), [(90, "below"), (110, "above"), (100, "at")])
def test_level_of_a_quarter(value, side):
    words = f"the quarter was {side} the average of 100"
    assert level_words(at(value), COUNT) == words


def test_the_average_is_written_in_the_unit():
    assert level_words(at(80, mean=81.25), PERCENT).endswith("average of 81.3%")


def test_a_quarter_without_points_has_no_level():
    assert level_words(at(), COUNT) == ""


def test_without_limits_the_average_is_that_of_the_points():
    points = at(90, 91, 92).assign(no_limits="unsteady")
    assert level_words(points, COUNT) == "all three months of the quarter were below the average of its points, 100"


def test_the_level_is_that_of_what_was_recorded_with_one_yardstick():
    words = "all three months of the quarter were below the average of 100"
    assert level_words(at(90, 91, 92, without=(105, 106, 107)), COUNT) == words


LEVEL = "the average of 100"
GAP = np.nan


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((90, GAP, 92), "both months of the quarter with a figure (May 2015 has none) were below"),
        ((GAP, 110, 120), "both months of the quarter with a figure (April 2015 has none) were above"),
        ((100, 100, GAP), "both months of the quarter with a figure (June 2015 has none) were at"),
        (
            (90, GAP, 120),
            "of the two months of the quarter with a figure (May 2015 has none) one was below and one above",
        ),
        (
            (100, 120, GAP),
            "of the two months of the quarter with a figure (June 2015 has none) one was above and one at",
        ),
        ((GAP, GAP, 90), "the one month of the quarter with a figure (April and May 2015 have none) was below"),
        ((GAP, 110, GAP), "the one month of the quarter with a figure (April and June 2015 have none) was above"),
        ((100, GAP, GAP), "the one month of the quarter with a figure (May and June 2015 have none) was at"),
    ],
)
@pytest.mark.parametrize("kept", [True, False], ids=["as a gap", "without its row"])
def test_a_month_that_is_missing_is_named(values, words, kept):
    points = at(*values)
    points = points if kept else points.dropna()
    assert level_words(points, COUNT) == f"{words} {LEVEL}"


def test_months_that_all_lack_a_figure_have_no_level():
    assert level_words(at(GAP, GAP, GAP), COUNT) == ""


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


# ---------------------------------------------------------------- the signal of the latest point
def table(*rows, no_limits="", adjusted=False):
    """Rows of (special cause, side), the last of them the latest; values lie on their side of a mean of 100."""
    found = pd.DataFrame(rows, columns=["special_cause", "side"])
    months = month_range(shift_month(QUARTER.months[-1], 1 - len(found)), QUARTER.months[-1])
    value = 100.0 + found["side"].map({"low": -1, "high": 1, "": 0})
    latest = np.isin(months, QUARTER.months)
    return found.assign(
        value=value, mean=100.0, no_limits=no_limits, segment=0, adjusted=adjusted, period=months, latest=latest
    )


NONE = ("", "")


@pytest.mark.parametrize(("side", "than", "place"), [("low", "lower", "below"), ("high", "higher", "above")])
@pytest.mark.parametrize("cause", ["outside", "trend", "two_of_three", "shift"])
@pytest.mark.parametrize(
    ("run", "when"), [(1, "June"), (2, "May and June"), (3, "April, May and June"), (7, "April, May and June")]
)
def test_a_signal_names_its_months_and_since_when_a_run_is(cause, side, than, place, run, when):
    other = ("outside", "high" if side == "low" else "low")
    rows = table(NONE, other, *[(cause, side)] * run)
    since = f"{place} average every month since {period_words(rows['period'].iloc[-run])}" if cause == "shift" else ""
    assert signal_words(rows) == f"{than} than usual in {when}{f' ({since})' * bool(since)}"
    rows["adjusted"] = True
    season = ", ".join(filter(None, [since, "for the season"]))
    assert signal_words(rows) == f"{than} than usual in {when} ({season})"


def test_a_run_is_as_old_as_its_first_point_on_that_side_flagged_or_not():
    rows = table(NONE, NONE, *[("shift", "high")] * 8)
    rows.loc[1, "value"] = 101  # on the side of the run, but not flagged
    assert signal_words(rows).endswith("(above average every month since October 2014)")


@pytest.mark.parametrize("between", [{"value": 100.0}, {"value": np.nan}, {"segment": -1}], ids=str)
def test_a_run_begins_after_a_point_on_the_mean_a_gap_or_another_segment(between):
    rows = table(*[("shift", "high")] * 10)
    for column, value in between.items():
        rows.loc[:2, column] = value
    assert signal_words(rows).endswith("since December 2014)")


@pytest.mark.parametrize("run", [1, 2, 5])
def test_of_quarters_only_the_latest_is_told(run):
    rows = table(NONE, *[("outside", "low")] * run)
    rows = rows.assign(period=by_quarter(rows["value"])["period"], latest=[False] * run + [True])
    assert signal_words(rows) == "lower than usual in the latest quarter"


def test_a_run_ends_at_an_unflagged_point():
    rows = table(("outside", "low"), NONE, ("outside", "low"))
    assert signal_words(rows) == "lower than usual in June"


def test_what_happened_before_the_latest_point_is_no_signal():
    rows = table(("outside", "low"), NONE)
    assert signal_words(rows) == "as usual"
    rows["adjusted"] = True
    assert signal_words(rows) == "as usual for the season"


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("few", "too few points"),
        ("rare", "fewer than one on average"),
        ("unsteady", "its level was never steady for long enough"),
        ("smoothed", "its points vary far less than their samples can"),
    ],
)
def test_without_limits_there_is_no_signal(why, words):
    assert signal_words(table(NONE, no_limits=why)) == f"shown without a usual range ({words})"
    assert variation_words(table(NONE, no_limits=why).assign(variation="")) == f"no usual range: {words}"


def test_a_signal_counts_neighbours_on_one_side_by_whatever_rule_within_one_part():
    outside, run = ("outside", "high"), ("shift", "high")
    assert signal_words(table(NONE, outside, run, outside)) == "higher than usual in April, May and June"
    assert signal_words(table(NONE, run, ("outside", "low"), outside)) == "higher than usual in June"
    rows = table(NONE, *[outside] * 3)
    rows.loc[2, "segment"] = -1
    assert signal_words(rows) == "higher than usual in June"


def monthly(values):
    """A series of counts that ends with the quarter's last month."""
    last = QUARTER.months[-1]
    months = month_range(shift_month(last, 1 - len(values)), last)
    return pd.DataFrame({"period": months, "value": values, "base": np.nan})


STEADY = [100, 104, 96, 101, 99, 103, 97] * 4


def by_quarter(values):
    """A series of counts by quarter that ends with the reported one."""
    keys = [str(QUARTER.shift(-back)) for back in range(len(values) - 1, -1, -1)]
    return pd.DataFrame({"period": keys, "value": values, "base": np.nan})


def spec(**how):
    return Series(title="Robbery", table="a_table", value="offences", **how)


def charted(points, periodicity="month", polarity="lower", **how):
    kind = "share" if points["base"].notna().any() else "count"
    return draw_up(points, QUARTER, periodicity, spec(kind=kind, **how), polarity)


def described(points, periodicity="month", form=COUNT):
    return describe_chart(charted(points, periodicity), QUARTER, form)


def test_describe_tells_mean_level_signal_and_the_ends_of_the_latest_twelve_months():
    found = described(monthly([500, *STEADY[1:], 60, 60, 60]))
    assert found["mean"] == pytest.approx((500 + sum(STEADY[1:24])) / 24)
    assert found["level"] == "all three months of the quarter were below the average of 117"
    assert found["signal"] == "lower than usual in April, May and June"
    assert (found["low"], found["low_period"]) == (60, "April 2015")
    assert (found["high"], found["high_period"]) == (104, "October 2014")  # not the 500, two years before
    assert (found["variation"], found["assurance"], found["adjusted"]) == ("improvement", "", False)


def test_describe_of_quarters_looks_back_over_four():
    found = described(by_quarter([99, 1, 2, 3, 4, 5, 6, 7, 8, 14, 12, 11, 13]), "quarter")
    assert (found["low"], found["low_period"]) == (11, "Quarter 4 2014/15")
    assert (found["high"], found["high_period"]) == (14, "Quarter 2 2014/15")
    assert found["level"] == "the quarter was below the average of 14"


@pytest.mark.parametrize(("periodicity", "window"), WINDOW.items())
def test_a_full_window_is_enough_and_a_point_less_is_not(periodicity, window):
    made = monthly if periodicity == "month" else by_quarter
    assert described(made(STEADY[:window]), periodicity)["signal"] == "as usual"
    few = described(made(STEADY[: window - 1]), periodicity)
    assert few["signal"] == "shown without a usual range (too few points)"
    assert (few["variation"], few["assurance"]) == ("", "")
    assert few["level"]


LATE = [*STEADY[:25], 60, 60, 60]  # the last three months stand out


@pytest.mark.parametrize(("periodicity", "cut"), [("month", 3), ("month", 8), ("quarter", 1)])
@pytest.mark.parametrize("target", [None, 200])
def test_of_a_series_that_ends_before_the_quarter_nothing_is_said_of_the_quarter(periodicity, cut, target):
    points = (monthly if periodicity == "month" else by_quarter)([*LATE, *[100] * cut])
    table = charted(points.iloc[:-cut], periodicity, target=target)
    assert not table["latest"].any()
    assert table["special_cause"].iloc[-1] != "", "its own last point would be a signal"
    words = signal_words(table), variation_words(table)
    assert {*words, assurance_words(table, COUNT)} == {""}
    found = describe_chart(table, QUARTER, COUNT)
    assert {found[name] for name in ("level", "signal", "variation", "assurance")} == {""}
    assert found["mean"] == pytest.approx(np.mean(LATE[: WINDOW[periodicity]]))


def test_low_and_high_are_those_of_the_months_that_end_with_the_quarter():
    table = charted(monthly([10, 900, *STEADY]).iloc[:-3])  # its latest 12 rows begin three months earlier
    table.loc[table["period"] == "2014-06", "recorded"] = 1
    table.loc[table["period"] == "2014-07", "recorded"] = 7
    found = describe_chart(table, QUARTER, COUNT)
    assert (found["low"], found["low_period"]) == (7, "July 2014")
    found = describe_chart(table, QUARTER.shift(8), COUNT)
    assert not {"low", "low_period", "high", "high_period"} & set(found)


@pytest.mark.parametrize("periodicity", ["month", "quarter"])
@pytest.mark.parametrize("spread", [0, 300])
def test_what_comes_after_the_quarter_changes_nothing(periodicity, spread):
    points = (monthly if periodicity == "month" else by_quarter)([*STEADY, 60, 60, 60])
    last = points["period"].iloc[-1]
    step = shift_month(last, 1) if periodicity == "month" else str(QUARTER.shift(1))
    later = pd.DataFrame({"period": [step], "value": [100.0 + spread], "base": [np.nan]})
    table, longer = charted(points, periodicity), charted(pd.concat([points, later]), periodicity)
    pd.testing.assert_frame_equal(table, longer)
    assert signal_words(longer).startswith("lower than usual in ")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((60, 60), "lower than usual in April and May 2015"),
        ((100, 60), "lower than usual in May 2015"),
        ((60,), "lower than usual in April 2015"),
        ((60, 100), "as usual in May 2015"),
    ],
)
def test_the_months_of_a_signal_are_named_where_the_quarter_goes_on_after_them(values, words):
    ended = [*STEADY, *values]
    points = monthly([*ended, *[100] * (3 - len(values))])
    table = charted(points.iloc[: len(ended)])
    assert signal_words(table) == words
    table["adjusted"] = True
    in_season = words.replace("as usual", "as usual for the season")
    assert signal_words(table) == (in_season if in_season != words else f"{words} (for the season)")


def test_the_run_of_a_signal_goes_back_no_further_than_the_quarter():
    table = charted(monthly([*STEADY, 60, 60, 60, 60, 60]).iloc[:-1])
    assert signal_words(table) == "lower than usual in April and May 2015"


def test_a_missing_month_ends_the_run_of_a_signal():
    table = charted(monthly([*STEADY, 60, 100, 60]).drop(index=[len(STEADY) + 1]))
    assert signal_words(table) == "lower than usual in June"
    assert describe_chart(table, QUARTER, COUNT)["level"].startswith(
        "both months of the quarter with a figure (May 2015 has none) were below"
    )


@pytest.mark.parametrize(("periodicity", "keys"), [("month", QUARTER.months), ("quarter", ("2015Q1",))])
def test_the_latest_points_are_those_of_the_reported_quarter(periodicity, keys):
    assert latest_keys(QUARTER, periodicity) == keys
    points = monthly(STEADY) if periodicity == "month" else by_quarter(STEADY)
    table = charted(points, periodicity)
    assert tuple(table.loc[table["latest"], "period"]) == keys


# -------------------------------------------------------------------------------------- the season and gaps
SEASON = [1.3, 1.3, 1.2, 1.1, 1.0, 0.9, 0.7, 0.7, 0.8, 0.9, 1.0, 1.1]


def seasonal(count=39):
    """Months from April on, high in spring: the season of SEASON, and a little chance that has none."""
    return [1000 * SEASON[place % 12] + STEADY[place % 11] for place in range(count)]


def test_a_season_is_taken_out_and_the_chart_says_so():
    values = seasonal()
    table = charted(monthly(values))
    assert table["adjusted"].all()
    assert list(table["recorded"]) == values
    assert list(table["value"] * table["factor"]) == pytest.approx(values)
    assert table["value"].std() < 0.1 * table["recorded"].std()
    assert table["knows_season"].tolist() == [True] * 24 + [False] * 15
    found = describe_chart(table, QUARTER, COUNT)
    assert found["adjusted"] is True
    assert found["signal"] == "as usual for the season"
    # As recorded the spring stands far above the mean; without its season it does not stand out.
    assert found["level"].startswith("all three months of the quarter were above the average of 1,1")
    assert (found["high"], found["low"]) == (max(values[-12:]), min(values[-12:])), "as recorded"


def test_a_season_would_be_a_signal_if_it_were_left_in(monkeypatch):
    monkeypatch.setattr(seasonality, "SIGNIFICANCE", 0.0)
    monkeypatch.setattr(steadiness, "UNSTEADY", 10)
    monkeypatch.setattr(steadiness, "SHIFT_POINTS", 99)
    left_in = charted(monthly(seasonal()))
    assert not left_in["adjusted"].any()
    assert (left_in["special_cause"] != "").any()


def test_a_season_that_is_left_in_is_no_stable_period(monkeypatch):
    monkeypatch.setattr(seasonality, "SIGNIFICANCE", 0.0)
    assert set(charted(monthly(seasonal()))["no_limits"]) == {"unsteady"}


def test_quarters_have_a_season_too():
    values = [1000 * [1.3, 1.0, 0.7, 1.0][place % 4] + STEADY[place] for place in range(17)]
    table = charted(by_quarter(values), "quarter")
    assert table["adjusted"].all()
    assert table["value"].std() < 0.2 * table["recorded"].std()


def test_a_gap_becomes_a_missing_row_and_breaks_a_run():
    points = monthly([*STEADY, 104, 104, 104, 104, 104, 104, 104, 104]).drop(index=[31])
    table = charted(points)
    assert list(table["period"]) == list(month_range(points["period"].iloc[0], "2015-06"))
    (gap,) = np.flatnonzero(table["recorded"].isna())
    assert gap == 31
    assert table[["value", "moving_range"]].iloc[gap].isna().all()
    assert np.isnan(table["moving_range"].iloc[gap + 1])
    assert not table["latest"].iloc[gap] and table["latest"].iloc[-3:].all()
    assert table["special_cause"].iloc[-1] == "", "four points after the gap are no run of seven"
    whole = charted(monthly([*STEADY, 104, 104, 104, 104, 104, 104, 104, 104]))
    assert whole["special_cause"].iloc[-1] == "shift"


def test_a_month_in_which_nobody_was_asked_is_a_gap():
    points = monthly([80] * 20).assign(base=100.0)
    points.loc[5, ["value", "base"]] = 0
    table = charted(points)
    assert table["recorded"].isna().tolist() == [False] * 5 + [True] + [False] * 14
    assert table["recorded"].dropna().unique().tolist() == [80]


@pytest.mark.parametrize("periodicity", ["month", "quarter"])
def test_a_survey_in_which_nobody_was_asked_at_all_has_no_chart_and_nothing_is_said(periodicity):
    points = (monthly if periodicity == "month" else by_quarter)([0] * 39).assign(base=0.0)
    table = charted(points, periodicity, polarity="higher", target=80)
    assert table.empty and {"value", "period", "no_limits", "assurance"} <= set(table)
    assert describe_chart(table, QUARTER, PERCENT) == {}


def test_a_quarter_that_is_missing_is_a_gap():
    table = charted(by_quarter(STEADY).drop(index=[3, 4]), "quarter")
    assert len(table) == len(STEADY)
    assert np.flatnonzero(table["recorded"].isna()).tolist() == [3, 4]


# ------------------------------------------------------------------------------- targets, limits, new starts
@pytest.mark.parametrize(
    ("target", "polarity", "assurance", "words"),
    [
        (200, "lower", "consistently_met", "consistently meets the target of 200"),
        (50, "lower", "consistently_missed", "consistently misses the target of 50"),
        (50, "higher", "consistently_met", "consistently meets the target of 50"),
        (200, "higher", "consistently_missed", "consistently misses the target of 200"),
        (100, "lower", "hit_and_miss", "hit and miss: chance decides whether the target of 100 is met"),
        (200, "neither", "", "not judged against the target of 200"),
    ],
)
def test_a_target_is_met_missed_or_left_to_chance(target, polarity, assurance, words):
    table = charted(monthly(STEADY), polarity=polarity, target=target)
    assert set(table["target"]) == {target}
    assert describe_chart(table, QUARTER, COUNT)["assurance"] == assurance
    assert assurance_words(table, COUNT) == words


def test_a_target_is_written_in_the_unit():
    points = monthly([80, 84, 77, 80, 86] * 6).assign(base=100.0)
    table = charted(points, polarity="higher", target=62.5)
    assert assurance_words(table, PERCENT) == "consistently meets the target of 62.5%"


def test_without_a_target_there_is_no_assurance():
    table = charted(monthly(STEADY))
    assert "target" not in table and "assurance" not in table
    assert assurance_words(table, COUNT) == ""
    assert describe_chart(table, QUARTER, COUNT)["assurance"] == ""


def test_limits_are_fixed_by_the_first_two_years_or_up_to_the_point_that_the_plan_names():
    values = [*STEADY[:24], *(200 + value for value in STEADY[:7])]
    points = monthly(values)
    table = charted(points)
    assert table["baseline"].tolist() == [True] * 24 + [False] * 7
    assert list(table["mean"]) == pytest.approx([np.mean(STEADY[:24])] * 31)
    assert table["special_cause"].iloc[-1] == "outside"
    sooner = charted(points, limits_until=points["period"].iloc[13])
    assert sooner["baseline"].tolist() == [True] * 14 + [False] * 17
    later = charted(points, limits_from=points["period"].iloc[3])
    assert later["baseline"].tolist() == [False] * 3 + [True] * 24 + [False] * 4
    both = charted(points, limits_from=points["period"].iloc[3], limits_until=points["period"].iloc[15])
    assert np.flatnonzero(both["baseline"]).tolist() == list(range(3, 16))


def test_the_plan_may_start_every_window_at_a_month_and_quarters_at_its_quarter():
    points = monthly(STEADY)
    table = draw_up(points, QUARTER, "month", spec(), "lower", points["period"].iloc[2])
    assert np.flatnonzero(table["baseline"]).tolist() == list(range(2, 26))
    quarters = by_quarter(STEADY)
    table = draw_up(quarters, QUARTER, "quarter", spec(), "lower", Quarter.parse(quarters["period"].iloc[5]).months[0])
    assert np.flatnonzero(table["baseline"]).tolist() == list(range(5, 17))
    early = draw_up(points, QUARTER, "month", spec(), "lower", "2001-01")
    assert np.flatnonzero(early["baseline"]).tolist() == list(range(24)), "a series that began later has its own first"


@pytest.mark.parametrize("values", [STEADY[:25], None], ids=["steady", "seasonal"])
def test_no_limit_and_no_factor_moves_when_a_quarter_is_added(values):
    values = values or seasonal(25)
    points = monthly([*values, 300, 900, 20])
    short, longer = charted(points.iloc[:-3]), charted(points)
    both = [table.iloc[:25][["mean", "lower", "upper", "factor", "value", "baseline"]] for table in (short, longer)]
    pd.testing.assert_frame_equal(*both)


def test_new_limits_start_where_the_plan_says():
    values = [*STEADY[:12], *(300 + value for value in STEADY[:24])]
    points = monthly(values)
    first = points["period"].iloc[12]
    table = charted(points, rebase=[{"from": first, "reason": "Counted otherwise."}])
    assert table["segment"].tolist() == [0] * 12 + [1] * 24
    assert table["mean"].iloc[[0, -1]].tolist() == pytest.approx([np.mean(values[:12]), np.mean(values[12:24])])
    assert set(table["special_cause"]) == set(table["no_limits"]) == {""}
    assert charted(points)["no_limits"].iloc[-1] == "unsteady", "and without it the limits would run through a step"


def test_a_new_part_has_a_window_of_its_own_which_the_plan_may_end():
    values = [*STEADY[:12], *(300 + value for value in STEADY[:16])]
    points = monthly(values)
    start = {"from": points["period"].iloc[12], "reason": "Counted otherwise."}
    table = charted(points, rebase=[start])
    assert set(table["no_limits"]) == {""}
    assert np.flatnonzero(table["baseline"]).tolist() == list(range(12 + AFTER_REBASE)), "its first points fix them"
    assert table["mean"].iloc[-1] == pytest.approx(np.mean(values[12 : 12 + AFTER_REBASE]))
    assert table["mean"].iloc[0] == pytest.approx(np.mean(values[:12])), "and the first part has its own limits"
    later = charted(points, rebase=[start | {"limits_until": points["period"].iloc[26]}])
    assert np.flatnonzero(later["baseline"]).tolist() == list(range(27))
    waits = charted(points.iloc[: 12 + AFTER_REBASE - 1], rebase=[start])
    assert set(waits["no_limits"].iloc[12:]) == {"few"} and set(waits["no_limits"].iloc[:12]) == {""}


def test_after_a_rebase_the_target_is_held_against_the_new_limits():
    """Twenty months far below the target, then 19 round it."""
    chance = np.random.default_rng(5)
    values = [*chance.integers(50, 60, 20), *chance.integers(86, 95, 19)]
    points = monthly(values).assign(base=100.0)
    start = {"from": points["period"].iloc[20], "reason": "A new team."}
    table = charted(points, polarity="higher", target=90, rebase=[start])
    assert table["assurance"].iloc[[10, -1]].tolist() == ["consistently_missed", "hit_and_miss"]


def test_a_target_is_held_against_what_is_recorded_in_every_month_of_the_year():
    """Each summer is recorded above the target; without the season no month is."""
    months = np.array([int(month[5:]) for month in monthly([0] * 39)["period"]])
    wave = 1000 * (1 + 0.3 * np.cos((months - 7.5) * np.pi / 6))
    points = monthly(np.round(wave + np.random.default_rng(3).normal(0, 15, 39)))
    table = charted(points, target=1200)
    assert table["adjusted"].all() and (table["upper"] < 1200).all() and (table["recorded"] > 1200).sum() > 6
    assert assurance_words(table, COUNT).startswith("hit and miss")
    assert assurance_words(charted(points, target=1500), COUNT).startswith("consistently meets")
    assert assurance_words(charted(points, target=500), COUNT).startswith("consistently misses")


# --------------------------------------------------------------------------------- percentages and rare counts
def surveyed(asked, seed=1, share=0.8, count=39):
    chance = np.random.default_rng(seed)
    bases = np.full(count, asked) if np.isscalar(asked) else np.asarray(asked)
    return monthly(chance.binomial(bases, share).astype(float)).assign(base=bases.astype(float))


def as_shown(points):
    """Return the points of a survey of months that are shown by their size, and what they are of."""
    table = SupplierFile(file="a.csv", columns={"month": "month", "n": "count", "asked": "count"}, key=["month"])
    of = Series(title="s", table="t", value="n", base="asked")
    plan = Plan.model_construct(tables={"t": table}, series={"s": of}, disclosure=Disclosure())
    shown = at_first({"s": points.assign(series="s")}, {"s": "s"}, {"s": of}, plan)["s"]
    return shown.points, shown.grain


def test_a_percentage_is_charted_by_the_answers_behind_it_and_stays_a_percentage():
    bases = [40, 160] * 19 + [40]
    table = charted(surveyed(bases, share=0.97), polarity="higher")
    width = table["upper"] - table["lower"]
    assert (table["upper"] <= 100).all() and (table["lower"] >= 0).all()
    assert (table["mean"] - table["lower"]).iloc[0] == pytest.approx(2 * (table["mean"] - table["lower"]).iloc[1])
    assert width.iloc[0] > width.iloc[1]


def test_limits_of_counts_are_not_below_nothing():
    table = charted(monthly([2, 0, 4, 1, 3, 0] * 5))
    assert (table["lower"] == 0).all() and (table["upper"] > 4).all()


@pytest.mark.parametrize(("asked", "grain", "points"), [(31, "month", 39), (29, "quarter", 13), (10, "quarter", 13)])
def test_a_point_is_shown_from_30_answers_up_else_quarters(asked, grain, points):
    drawn, drawn_by = as_shown(surveyed(asked))
    table = charted(drawn, drawn_by, polarity="higher")
    assert len(table) == points and ("Q" in table["period"].iloc[0]) is (grain == "quarter")
    assert table["recorded"].notna().all() and (table["base"] >= 30).all()
    found = describe_chart(table, QUARTER, PERCENT)
    assert found["low_period"].startswith("Quarter ") is (grain == "quarter")
    assert found["level"].startswith("the quarter was" if grain == "quarter" else ("all three", "of the three"))


def test_below_that_the_year_alone_is_shown():
    points, grain = as_shown(surveyed(9))
    assert list(charted(points, grain)["period"]) == ["2012/13", "2013/14", "2014/15"]
    assert charted(*as_shown(surveyed(8))).empty


def test_a_single_point_of_few_answers_is_a_gap():
    bases = [40] * 39
    bases[7] = 29
    table = charted(*as_shown(surveyed(bases)))
    assert np.flatnonzero(table["recorded"].isna()).tolist() == [7]


def test_the_months_of_a_plan_are_those_of_the_quarters_that_are_drawn():
    points = surveyed(12, count=48)
    start = {"from": points["period"].iloc[12], "reason": "Moved."}
    table = charted(*as_shown(points), polarity="higher", rebase=[start])
    assert np.flatnonzero(table["segment"] == 1)[0] == 4


def test_percentages_that_vary_far_less_than_samples_are_smoothed_and_draw_no_signal():
    """A rolling twelve months of binomial answers, sent as if they were months; a step of 15 points is in it."""
    chance = np.random.default_rng(4)
    answers = chance.binomial(50, np.repeat([0.85, 0.7], [30, 21])).astype(float)
    rolling = np.convolve(answers, np.ones(12) / 12, mode="valid").round()
    table = charted(monthly(rolling).assign(base=50.0), polarity="higher")
    assert table["sample_ratio"].iloc[0] < limits.SMOOTHEST
    assert set(table["no_limits"]) == {"smoothed"} and set(table["special_cause"]) == {""}
    assert signal_words(table) == "shown without a usual range (its points vary far less than their samples can)"
    plain = charted(monthly(answers[-39:]).assign(base=50.0), polarity="higher")
    assert plain["sample_ratio"].iloc[0] > limits.SMOOTHEST and "smoothed" not in set(plain["no_limits"])


@pytest.mark.parametrize("mean", [0.05, 0.1, 0.2, 0.5])
def test_rare_counts_have_no_limits_and_no_signal(mean):
    flagged = 0
    for seed in range(100):
        counts = np.random.default_rng(seed).poisson(mean, 39).astype(float)
        table = charted(monthly(counts))
        flagged += table["special_cause"].iloc[-1] != ""
        assert not table["adjusted"].any()
    assert flagged <= 5


def test_a_rare_count_says_so():
    assert (
        signal_words(charted(monthly([0] * 30 + [1, 0, 0])))
        == "shown without a usual range (fewer than one on average)"
    )


# ------------------------------------------------------------------------------------ sentences hold at every point
def test_a_sentence_of_several_months_is_true_of_each_of_them():
    said = set()
    for seed in range(300):
        chance = np.random.default_rng(seed)
        steps = chance.choice([0, 0, 25, -25, 60], 4)
        values = chance.poisson(100 + np.repeat(steps, [30, 4, 3, 2]) + chance.choice([0, 1]) * np.arange(39))
        table = charted(monthly(values.astype(float)))
        words = signal_words(table)
        if "than usual" not in words:
            continue
        named = re.search(r"in ((?:April, May|May|) ?(?:and )?June)", words)[1]
        last = table.tail(len(re.findall(r"April|May|June", named)))
        assert (last["special_cause"] != "").all() and set(last["side"]) == {"low" if "lower" in words else "high"}
        if since := re.search(r"(above|below) average every month since (.*)\)", words):
            run = table[table["period"].map(period_words).eq(since[2]).cumsum() > 0]
            assert ((run["value"] > run["mean"]) == (since[1] == "above")).all() and len(run) >= 7
        said.add((len(last), since is not None))
    assert {count for count, _ in said} == {1, 2, 3} and {shift for _, shift in said} == {True, False}


def test_every_flagged_point_is_in_one_run_that_is_explained():
    values = [*STEADY, 100, 140, 150, 100, 101, 102, 103, 104, 105, 106, 107, 60, 100]
    table = charted(monthly(values))
    runs = list(signal_runs(table, COUNT))
    kind = table[["special_cause", "side"]]
    starts = (kind != kind.shift()).any(axis=1) & (table["special_cause"] != "")
    assert len(runs) == starts.sum() > 2
    (high,) = [why for when, why in runs if when.startswith("July 2014 ")]
    assert high == "Two months unusually high, beyond the upper limit: 140 to 150, where the limit is 112."
    assert all(why.endswith(".") and "unusually" in why for _, why in runs)


@pytest.mark.parametrize(
    ("how", "key", "period"),
    [
        ({"rebase": [{"from": "2011-02", "reason": "Moved."}]}, "rebase", "2011-02"),
        ({"rebase": [{"from": "2015-07", "reason": "Moved."}]}, "rebase", "2015-07"),
        ({"rebase": [{"from": "2015Q1", "reason": "Moved."}]}, "rebase", "2015Q1"),
        ({"limits_until": "2016-01"}, "limits_until", "2016-01"),
        ({"limits_from": "2011-02"}, "limits_from", "2011-02"),
        ({"rebase": [{"from": "2014-02", "limits_until": "2016-01", "reason": "Moved."}]}, "limits_until", "2016-01"),
    ],
)
def test_a_period_that_is_not_in_the_data_is_not_passed_over(how, key, period):
    with pytest.raises(ConfigurationError) as caught:
        charted(monthly(STEADY), **how)
    assert str(caught.value) == (
        f"params/plan.yml, series 'Robbery', {key}: found '{period}', expected a period of the data, "
        "2013-03 to 2015-06. Correct or remove it."
    )


# ------------------------------------------------------------------------------------ what an icon would mean
@pytest.mark.parametrize(
    ("polarity", "values", "variation", "words"),
    [
        ("lower", (60, 60, 60), "improvement", "better: lower than usual"),
        ("lower", (140, 140, 140), "concern", "worse: higher than usual"),
        ("higher", (140, 140, 140), "improvement", "better: higher than usual"),
        ("higher", (60, 60, 60), "concern", "worse: lower than usual"),
        ("neither", (60, 60, 60), "neither", "changed: lower than usual"),
        ("neither", (140, 140, 140), "neither", "changed: higher than usual"),
        ("neither", (100, 101, 99), "common_cause", "as usual"),
        ("lower", (100, 101, 99), "common_cause", "as usual"),
    ],
)
def test_the_meaning_of_the_latest_point_follows_the_polarity(polarity, values, variation, words):
    table = charted(monthly([*STEADY, *values]), polarity=polarity)
    assert variation_words(table) == words
    assert describe_chart(table, QUARTER, COUNT)["variation"] == variation


def test_too_few_points_mean_nothing():
    assert variation_words(charted(monthly(STEADY[:11]))) == "no usual range: too few points"


# ----------------------------------------------------------------------------------------- halves, years, other kinds
def of_kind(kind, values, keys, periodicity, quarter=QUARTER, **more):
    """The chart of a series of a kind, without a base."""
    points = pd.DataFrame({"series": "s", "period": list(keys), "value": list(map(float, values))})
    spec_of_kind = Series(title="t", table="t", value="n", kind=kind, **more)
    return draw_up(points.assign(base=np.nan), quarter, periodicity, spec_of_kind, "lower")


@pytest.mark.parametrize(
    ("periodicity", "keys", "level"),
    [
        ("half_year", key_range("2000H1", "2014H2"), "the half year was below the average of its points, 70"),
        (
            "financial_year",
            key_range("1985/86", "2014/15"),
            "the year was below the average of its points, 70",
        ),
        ("calendar_year", key_range("1985", "2014"), "the year was below the average of its points, 70"),
    ],
)
def test_halves_and_years_are_a_line_without_limits(periodicity, keys, level):
    table = of_kind("count", [70 + (-1) ** n * n for n in range(29)] + [41], keys, periodicity)
    assert list(table["period"]) == list(keys) and table["latest"].tolist() == [False] * 29 + [True]
    assert set(table["no_limits"]) == {"slow"} and table[["lower", "upper"]].isna().all(axis=None)
    assert set(table["special_cause"]) == {""} and not table["adjusted"].any()
    assert table["recorded"].tolist() == table["value"].tolist()
    facts = describe_chart(table, QUARTER, COUNT)
    assert facts["level"].startswith(level)
    assert facts["signal"] == "shown without a usual range (too few points in a year)"
    assert facts["low_period"] == period_words(keys[-1])
    columns = set(draw_up(by_quarter(STEADY), QUARTER, "quarter", spec(), "lower"))
    assert set(table) == columns, "the same columns as any chart"


def test_a_gap_in_a_slow_series_is_a_gap_and_a_later_point_says_nothing():
    table = of_kind("index", [90, 92, 95, 99], ["2010/11", "2012/13", "2014/15", "2015/16"], "financial_year")
    assert list(table["period"]) == list(key_range("2010/11", "2014/15"))
    assert table["recorded"].isna().tolist() == [False, True, False, True, False]


@pytest.mark.parametrize(
    ("kind", "values", "least", "most"),
    [
        ("count", [1, 9], 0, np.inf),
        ("stock", [1, 9], 0, np.inf),
        ("duration", [0.5, 9.5], 0, np.inf),
        ("share", [91.5, 99.5], 0, 100),
        ("money", [-4, 6], -np.inf, np.inf),
        ("index", [-9, 3.5], -np.inf, np.inf),
    ],
)
def test_limits_are_not_beyond_what_a_kind_can_be(kind, values, least, most):
    """XmR limits of any kind, for they assume no distribution; counts alone would make a score of 0.4 a rare one."""
    months = month_range(shift_month(QUARTER.months[-1], -29), QUARTER.months[-1])
    more = {"statistic": "median"} if kind == "duration" else {}
    drawn = np.random.default_rng(5).choice(values, 30)
    table = of_kind(kind, drawn, months, "month", **more)
    assert set(table["no_limits"]) == {""} and not table["adjusted"].any()
    mean, ranges = drawn[:24].mean(), limits.moving_ranges(drawn[:24])
    reach = limits.LIMIT_FACTOR * limits.mean_range(ranges, True)
    assert table["lower"].iloc[-1] == pytest.approx(max(mean - reach, least))
    assert table["upper"].iloc[-1] == pytest.approx(min(mean + reach, most))


def test_a_score_below_one_is_not_rare():
    months = month_range(shift_month(QUARTER.months[-1], -29), QUARTER.months[-1])
    table = of_kind("index", [0.3 + 0.1 * (n % 2) for n in range(30)], months, "month")
    assert set(table["no_limits"]) == {""}
