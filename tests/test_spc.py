"""XmR charts: each rule at its boundary, published examples, and another implementation's charts."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from panelpack import spc

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
VECTORS = SHARED / "spc_reference_vectors.json"
ORACLE = SHARED / "oracle_nhspy_leicestershire_quarterly_2012Q2-2015Q2.csv"
WIDE = [4, -4] * 6  # ends below its mean of 0; its limits are far away


def flags(values):
    return list(spc.xmr(values)["special_cause"])


def flagged(values, rule):
    return [place for place, found in enumerate(flags(values)) if found == rule]


def hand_limits(values):
    """The limits without screening, by the definition."""
    reach = 2.66 * np.abs(np.diff(values)).mean()
    return np.mean(values) - reach, np.mean(values) + reach


# ------------------------------------------------------------------------------------------------ limits
def test_limits_by_hand():
    chart = spc.xmr([10, 12] * 6)  # every moving range is 2
    assert chart["mean"].unique() == pytest.approx([11])
    assert chart["lower"].unique() == pytest.approx([11 - 5.32])
    assert chart["upper"].unique() == pytest.approx([11 + 5.32])
    assert np.isnan(chart["moving_range"][0])
    assert list(chart["moving_range"][1:]) == [2] * 11


@pytest.mark.parametrize(("points", "has_limits"), [(11, False), (12, True), (13, True)])
def test_fewer_points_than_the_minimum_have_a_mean_but_no_limits_and_no_flags(points, has_limits):
    assert spc.MINIMUM_POINTS == 12
    values = [0] * (points - 1) + [1000]
    chart = spc.xmr(values)
    assert chart["mean"][0] == pytest.approx(1000 / points)
    assert chart["upper"].notna().all() == chart["lower"].notna().all() == has_limits
    assert ("outside" in set(chart["special_cause"])) is has_limits


def test_no_points_at_all_are_an_empty_chart():
    assert spc.xmr([]).empty
    assert len(spc.xmr([5])) == 1


@pytest.mark.parametrize("gap", [np.nan, np.inf])
def test_a_gap_is_refused(gap):
    with pytest.raises(ValueError, match="finite"):
        spc.xmr([*WIDE, gap])


def test_a_large_moving_range_is_screened_out_once_and_its_point_stays_in_the_mean():
    values = [*([0, 1] * 8), 100]  # fifteen ranges of 1 and one of 99: their mean is 7.125
    mean = 108 / 17
    screened, plain = spc.xmr(values), spc.xmr(values, screen=False)
    assert screened["upper"][0] - mean == pytest.approx(2.66)
    assert plain["upper"][0] - mean == pytest.approx(2.66 * 7.125)
    assert screened["mean"][0] == plain["mean"][0] == pytest.approx(mean)


def test_a_range_below_the_screening_factor_stays():
    # Twelve ranges, eleven of 1 and one of r: it is screened from r = 3.267 (11 + r) / 12 on, that is r = 4.115.
    kept, screened = [*([0, 1] * 6), 5], [*([0, 1] * 6), 6]
    assert (spc.xmr(kept)["upper"] - spc.xmr(kept)["mean"])[0] == pytest.approx(2.66 * 15 / 12)
    assert (spc.xmr(screened)["upper"] - spc.xmr(screened)["mean"])[0] == pytest.approx(2.66)


def test_a_constant_series_has_limits_at_its_value_and_no_flags():
    chart = spc.xmr([5] * 20)
    assert set(chart["lower"]) == set(chart["upper"]) == {5}
    assert set(chart["special_cause"]) == set(chart["side"]) == {""}


# ----------------------------------------------------------------------------------------------- outside
def around_zero(far):
    """Thirteen values of mean 0; with far = 133 their mean moving range is 50 and the limits are -133 and 133."""
    return [0, 17, 0, -17, 0, 0, 0, 0, 0, far, 0, -far, 0]


def test_a_point_exactly_on_a_limit_is_not_outside():
    assert spc.xmr(around_zero(133))["upper"][0] == 133
    assert set(flags(around_zero(133))) == {""}


def test_a_point_beyond_a_limit_is_outside():
    chart = spc.xmr(around_zero(134))
    assert flagged(around_zero(134), "outside") == [9, 11]
    assert list(chart["side"][[9, 11]]) == ["high", "low"]


# ------------------------------------------------------------------------------------------------- shift
@pytest.mark.parametrize(("length", "found"), [(6, False), (7, True), (8, True)])
@pytest.mark.parametrize("sign", [1, -1], ids=["high", "low"])
def test_shift_starts_at_seven_and_flags_every_point_of_the_run(length, found, sign):
    run = [1, 2, 1, 2, 1, 2, 1, 2][:length]
    values = [sign * value for value in [*WIDE, *run, -4]]
    assert flagged(values, "shift") == (list(range(12, 12 + length)) if found else [])
    assert set(flags(values)) <= {"", "shift"}
    assert set(spc.xmr(values)["side"]) == ({"", "high" if sign > 0 else "low"} if found else {""})


def test_a_point_exactly_at_the_mean_breaks_a_shift():
    assert flagged([*WIDE, 1, 2, 1, 1, 1, 2, 1, -4, -5], "shift") == list(range(12, 19))
    assert np.mean([*WIDE, 1, 2, 1, 0, 1, 2, 1, -4, -4]) == 0
    assert flagged([*WIDE, 1, 2, 1, 0, 1, 2, 1, -4, -4], "shift") == []


# ------------------------------------------------------------------------------------------------- trend
@pytest.mark.parametrize(("length", "found"), [(6, False), (7, True), (8, True)])
@pytest.mark.parametrize("sign", [1, -1], ids=["rising", "falling"])
def test_trend_starts_at_seven_and_flags_every_point_of_the_run(length, found, sign):
    run = list(range(-3, length - 4))  # the run starts with the -4 before it
    values = [sign * value for value in [*WIDE, *run, -4]]
    place = range(11, 11 + length)
    assert flagged(values, "trend") == (list(place) if found else [])
    if found:
        assert list(spc.xmr(values)["side"][list(place)]) == ["high" if sign > 0 else "low"] * length


def test_a_move_of_nothing_breaks_a_trend():
    assert flagged([*WIDE, -3, -2, -1, -1, 0, 1, 2, -4], "trend") == []


# ------------------------------------------------------------------------------------------ two of three
CALM = [1, -1] * 10
# With three points after CALM the mean stays near 0.3 and the limits near -6 and 7: 5 is close, 8 is beyond.
TWO_OF_THREE = {
    "two close in a row and a third on that side": ([6, 6, 1], {20: "two_of_three", 21: "two_of_three"}),
    "two close around one on that side": ([6, 1, 6], {20: "two_of_three", 22: "two_of_three"}),
    "three close": ([6, 6, 6], {20: "two_of_three", 21: "two_of_three", 22: "two_of_three"}),
    "the third is on the other side": ([6, -1, 6], {}),
    "one close": ([6, 1, 1], {}),
    "one close, one beyond the limit: beyond is not close": ([9, 6, 1], {20: "outside"}),
}


@pytest.mark.parametrize(("tail", "expected"), TWO_OF_THREE.values(), ids=TWO_OF_THREE)
@pytest.mark.parametrize("sign", [1, -1], ids=["high", "low"])
def test_two_of_three(tail, expected, sign):
    values = [*CALM, *tail, -1]
    _, high = hand_limits(values)
    for value in tail:  # the points lie where their names say
        close_from = np.mean(values) + (high - np.mean(values)) * 2 / 3
        assert (value == 6) == (close_from < value <= high)
        assert (value == 9) == (value > high)
    signed = [sign * value for value in values]
    assert {place: rule for place, rule in enumerate(flags(signed)) if rule} == expected


@pytest.mark.parametrize(("height", "close"), [(3.0, False), (4.0, False), (4.2, True), (6.0, True)])
def test_close_starts_at_two_thirds_of_the_way(height, close):
    values = [*CALM, height, height, 1, -1]
    _, high = hand_limits(values)
    share = (height - np.mean(values)) / (high - np.mean(values))
    assert (2 / 3 < share < 1) == close  # the two middle heights are 0.66 and 0.69 of the way
    assert flagged(values, "two_of_three") == ([20, 21] if close else [])


# -------------------------------------------------------------------------------------------- precedence
def test_a_point_with_two_causes_is_outside_before_it_is_part_of_a_trend():
    values = [*[0, -1] * 10, 1, 2, 3, 4, 5, 6, 7, 8]
    found = flags(values)
    chart = spc.xmr(values)
    assert (chart["value"] > chart["upper"]).sum() >= 1
    for place in range(19, 28):
        assert found[place] == ("outside" if chart["value"][place] > chart["upper"][place] else "trend")


def test_two_of_three_comes_before_shift_and_outside_before_both():
    # All of the twenty low points are a shift; the mean is 1.07 and the limits, the step of 7 screened, 2.66 away:
    # -1 is close to the lower one, 0 is not, and the seven high points are beyond the upper one.
    values = [*[0, -1] * 10, 6, 5, 6, 5, 6, 5, 6]
    assert flags(values) == ["shift", "two_of_three"] * 10 + ["outside"] * 7


# ------------------------------------------------------------------------------- published and other code
def vectors():
    if not VECTORS.exists():
        return []
    found = json.loads(VECTORS.read_text(encoding="utf-8"))
    # A baseline of part of the points, and limits from fewer points than the minimum, are not offered.
    return [v for v in found if v["baseline_points"] is None and len(v["values"]) >= spc.MINIMUM_POINTS]


@pytest.mark.skipif(not VECTORS.exists(), reason="the published examples are not beside the checkout")
@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["id"])
def test_published_examples(vector):
    chart = spc.xmr(vector["values"], screen=vector["screen_outliers"])
    expected, tolerance = vector["expected"], vector["tolerance"]
    assert chart["lower"][0] == pytest.approx(expected["lcl"], abs=tolerance)
    assert chart["upper"][0] == pytest.approx(expected["ucl"], abs=tolerance)
    # The source of the Power BI example prints limits to four places and asserts no centre.
    assert chart["mean"][0] == pytest.approx(expected["cl"], abs=tolerance)
    if "mr_bar" in expected:
        assert chart["moving_range"].mean() == pytest.approx(expected["mr_bar"], abs=tolerance)


@pytest.mark.skipif(not ORACLE.exists(), reason="the charts of the other implementation are not beside the checkout")
def test_another_implementation_draws_the_same_charts_of_nine_real_series():
    oracle = pd.read_csv(ORACLE)
    assert oracle["series"].nunique() == 9
    for name, expected in oracle.groupby("series", sort=False):
        chart = spc.xmr(expected["value"])
        pairs = {"mean": "mean", "lower": "lpl", "upper": "upl"}
        for ours, theirs in pairs.items():
            assert list(chart[ours]) == pytest.approx(list(expected[theirs])), (name, ours)
        outside = chart["special_cause"] == "outside"
        assert list(outside) == list(expected["outside_limits"]), name
        assert list(chart["special_cause"] != "") == list(expected["special_cause_flag"]), name


# -------------------------------------------------------------------------------------------- properties
SERIES = st.lists(st.integers(-1000, 1000), min_size=spc.MINIMUM_POINTS, max_size=40)


def has_no_tie(values):
    """Whether no point or range lies so near a threshold that rounding decides."""
    x = np.asarray(values, dtype=float)
    ranges = np.abs(np.diff(x))
    screened = ranges[ranges < 3.267 * ranges.mean()] if ranges.any() else ranges
    reach = 2.66 * screened.mean()
    distance = np.abs(x - x.mean())
    gaps = [distance - reach, distance - 2 / 3 * reach, ranges - 3.267 * ranges.mean()]
    return min(np.abs(gap).min() for gap in gaps) > 1e-6


@given(SERIES, st.integers(-10_000, 10_000))
def test_a_shift_of_the_values_moves_limits_and_no_flag(values, by):
    assume(has_no_tie(values))
    chart, moved = spc.xmr(values), spc.xmr([value + by for value in values])
    assert list(moved["special_cause"]) == list(chart["special_cause"])
    assert list(moved["side"]) == list(chart["side"])
    for column in ("mean", "lower", "upper"):
        assert list(moved[column]) == pytest.approx(list(chart[column] + by), abs=1e-6)


@given(SERIES, st.integers(2, 50))
def test_a_scale_of_the_values_scales_limits_and_moves_no_flag(values, by):
    assume(has_no_tie(values))
    chart, scaled = spc.xmr(values), spc.xmr([value * by for value in values])
    assert list(scaled["special_cause"]) == list(chart["special_cause"])
    for column in ("mean", "lower", "upper"):
        assert list(scaled[column]) == pytest.approx(list(chart[column] * by), abs=1e-6)


@given(SERIES)
def test_upside_down_the_flags_stay_and_the_sides_swap(values):
    assume(has_no_tie(values))
    chart, mirrored = spc.xmr(values), spc.xmr([-value for value in values])
    swap = {"high": "low", "low": "high", "": ""}
    assert list(mirrored["special_cause"]) == list(chart["special_cause"])
    assert list(mirrored["side"]) == [swap[side] for side in chart["side"]]
