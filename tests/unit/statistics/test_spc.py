"""XmR charts: each rule at its boundary, published examples, and another implementation's charts."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import running
from panelpack.statistics import limits, spc

SHARED = running.ROOT.parent / "shared" / "data"
VECTORS = SHARED / "spc_reference_vectors.json"
ORACLE = SHARED / "oracle_nhspy_leicestershire_quarterly_2012Q2-2015Q2.csv"
WIDE = [4, -4] * 6  # ends below its mean of 0; its limits are far away
CALM = [1, -1] * 10


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
    assert limits.MINIMUM_POINTS == 12
    values = [0] * (points - 1) + [1000]
    chart = spc.xmr(values)
    assert chart["mean"][0] == pytest.approx(1000 / points)
    assert chart["upper"].notna().all() == chart["lower"].notna().all() == has_limits
    assert ("outside" in set(chart["special_cause"])) is has_limits


def test_no_points_at_all_are_an_empty_chart():
    assert spc.xmr([]).empty
    assert len(spc.xmr([5])) == 1


def test_an_infinite_value_is_refused():
    with pytest.raises(ValueError, match="infinite"):
        spc.xmr([*WIDE, np.inf])


def test_a_large_moving_range_is_screened_out_once_and_its_point_stays_in_the_mean():
    values = [*([0, 1] * 8), 100]  # fifteen ranges of 1 and one of 99: their mean is 7.125
    mean = 108 / 17
    screened, plain = spc.xmr(values), spc.xmr(values, screen=False)
    assert screened["upper"][0] - mean == pytest.approx(2.66)
    assert plain["upper"][0] - mean == pytest.approx(2.66 * 7.125)
    assert screened["mean"][0] == plain["mean"][0] == pytest.approx(mean)


def test_a_range_below_the_screening_factor_stays():
    # Twelve ranges, eleven of 1 and one of r: it is screened from r = 3.267 (11 + r) / 12 on, that is r = 4.115.
    kept, screened = [*([10, 11] * 6), 15], [*([10, 11] * 6), 16]
    assert (spc.xmr(kept)["upper"] - spc.xmr(kept)["mean"])[0] == pytest.approx(2.66 * 15 / 12)
    assert (spc.xmr(screened)["upper"] - spc.xmr(screened)["mean"])[0] == pytest.approx(2.66)


def test_a_constant_series_has_limits_at_its_value_and_no_flags():
    chart = spc.xmr([5] * 20)
    assert set(chart["lower"]) == set(chart["upper"]) == {5}
    assert set(chart["special_cause"]) == set(chart["side"]) == {""}


# ------------------------------------------------------------------------------------------------- gaps
GAP = float("nan")


def test_a_gap_is_in_no_mean_has_no_moving_range_beside_it_and_is_not_flagged():
    chart = spc.xmr([10, 12] * 6 + [GAP, 100])
    assert chart["mean"][0] == pytest.approx((66 * 2 + 100) / 13)
    assert chart["moving_range"].isna().tolist() == [True] + [False] * 11 + [True, True]
    assert chart["upper"][0] - chart["mean"][0] == pytest.approx(2.66 * 2)
    assert chart["special_cause"][12] == chart["side"][12] == ""
    assert not chart["baseline"][12]
    assert chart["special_cause"][13] == "outside"


@pytest.mark.parametrize(("gaps", "has_limits"), [(0, True), (1, False)])
def test_gaps_do_not_count_as_points(gaps, has_limits):
    chart = spc.xmr([4, -4] * 5 + [4, GAP if gaps else -4, GAP])
    assert chart["lower"].notna().all() == has_limits


def test_a_gap_breaks_a_shift_and_a_trend():
    run = [1, 2, 1, 2, 1, 2, 1]
    assert flagged([*WIDE, *run, -4], "shift") == list(range(12, 19))
    assert flagged([*WIDE, *run[:4], GAP, *run[4:], -4], "shift") == []
    assert flagged([*WIDE, -3, -2, -1, 0, 1, 2, -4], "trend") == list(range(11, 18))
    assert flagged([*WIDE, -3, -2, -1, GAP, 0, 1, 2, -4], "trend") == []


def test_a_gap_breaks_two_of_three():
    assert flagged([*CALM, 6, 6, 1, -1], "two_of_three") == [20, 21]
    assert flagged([*CALM, 6, GAP, 6, 1, -1], "two_of_three") == []


def test_nothing_but_gaps_has_no_mean():
    chart = spc.xmr([GAP] * 14)
    assert chart[["mean", "lower", "upper"]].isna().all(axis=None)
    assert set(chart["special_cause"]) == {""}


# --------------------------------------------------------------------------------- baseline and segments
def first(count, length):
    return [place < count for place in range(length)]


def test_the_points_that_are_named_fix_the_limits_of_all():
    alone, chart = spc.xmr(WIDE), spc.xmr([*WIDE, 40, 50], fixes=first(12, 14))
    for column in ("mean", "lower", "upper"):
        assert set(chart[column]) == set(alone[column])
    assert chart["baseline"].tolist() == [True] * 12 + [False] * 2
    assert list(chart["special_cause"]) == [""] * 12 + ["outside"] * 2


def test_they_may_lie_anywhere():
    chart = spc.xmr([90, 95, *([10, 12] * 6)], fixes=[False, False, *[True] * 12])
    assert chart["mean"][0] == 11
    assert list(chart["special_cause"][:2]) == ["outside", "outside"]


def test_fewer_may_fix_the_limits_where_the_caller_says_so():
    chart = spc.xmr([10, 12, 10, 12, 30], fixes=first(4, 5), minimum=4)
    assert chart["upper"][0] == pytest.approx(11 + 5.32)
    assert list(chart["special_cause"]) == ["", "", "", "", "outside"]
    few = spc.xmr([10, 12, 10, 12, 30], fixes=first(4, 5), minimum=5)
    assert set(few["no_limits"]) == {"few"} and few["lower"].isna().all()


@pytest.mark.parametrize("name", ["fixes", "bases"])
def test_a_list_of_another_length_is_refused(name):
    with pytest.raises(ValueError, match=f"found 3 {name}, expected 12"):
        spc.xmr(WIDE, **{name: [1, 1, 1]})


def test_segments_have_limits_of_their_own():
    before, after = WIDE, [value + 100 for value in WIDE]
    chart = spc.xmr([*before, *after], rebase=[12])
    assert chart["segment"].tolist() == [0] * 12 + [1] * 12
    for part, values in ((chart[:12], before), (chart[12:], after)):
        alone = spc.xmr(values)
        for column in ("mean", "lower", "upper", "special_cause"):
            assert list(part[column]) == list(alone[column])
    assert np.isnan(chart["moving_range"][12])


def test_runs_do_not_cross_into_a_segment():
    high = [1, 2, 1, 2, 1, 2, 1]  # seven above their mean when they end one segment, not when they straddle two
    values = [*WIDE, *high, -4, *WIDE]
    assert list(spc.xmr(values, rebase=[20])["special_cause"][12:19]) == ["shift"] * 7
    assert "shift" not in set(spc.xmr(values, rebase=[16])["special_cause"])
    rising = [*WIDE, -3, -2, -1, 0, 1, 2, -4, *WIDE]
    assert "trend" in set(spc.xmr(rising, rebase=[20])["special_cause"])
    assert "trend" not in set(spc.xmr(rising, rebase=[15])["special_cause"])


def test_a_new_segment_has_no_limits_until_it_has_its_points():
    assert spc.xmr([*WIDE, *WIDE[:11]], rebase=[12])["lower"].notna().tolist() == [True] * 12 + [False] * 11
    fixes = [*first(12, 12), *first(6, 7)]
    assert spc.xmr([*WIDE, *WIDE[:7]], rebase=[12], fixes=fixes)["lower"].notna().sum() == 12
    assert spc.xmr([*WIDE, *WIDE[:7]], rebase=[12], fixes=fixes, minimum=6)["lower"].notna().sum() == 19


def test_the_order_of_rebases_and_one_at_the_start_do_not_matter():
    values = [*WIDE, *WIDE, *WIDE]
    pd.testing.assert_frame_equal(spc.xmr(values, rebase=[24, 0, 12]), spc.xmr(values, rebase=(12, 24)))


@pytest.mark.parametrize("place", [-1, 12, 100])
def test_a_rebase_outside_the_data_is_refused(place):
    with pytest.raises(ValueError, match=f"rebase at position {place}, expected 0 to 11"):
        spc.xmr(WIDE, rebase=[6, place])


# ----------------------------------------------------------------------------- variation and assurance
HIGH, LOW = [*CALM, 20], [*CALM, -20]
VARIATIONS = [
    (HIGH, "higher", "improvement"),
    (HIGH, "lower", "concern"),
    (HIGH, "neither", "neither"),
    (LOW, "higher", "concern"),
    (LOW, "lower", "improvement"),
    (LOW, "neither", "neither"),
    (CALM, "higher", "common_cause"),
    (CALM, "neither", "common_cause"),
    ([*HIGH, GAP], "higher", "improvement"),  # the latest point is the one before the gap
    ([*HIGH, 0], "higher", "common_cause"),  # an earlier signal is not the latest point's
    ([1, 2, 30], "higher", ""),
    ([], "higher", ""),
]


@pytest.mark.parametrize(("values", "polarity", "expected"), VARIATIONS)
def test_variation(values, polarity, expected):
    assert spc.variation(spc.xmr(values), polarity) == expected


def test_a_rising_trend_is_an_improvement_even_below_the_mean():
    values = [*WIDE, -3, -2.6, -2.2, -1.8, -1.4, -1]
    chart = spc.xmr(values, polarity="higher")
    assert chart["special_cause"].iloc[-1] == "trend" and values[-1] < chart["mean"].iloc[-1]
    assert spc.variation(chart, "higher") == "improvement"


ASSURANCES = [  # the limits of [10, 12] * 6 are 5.68 and 16.32
    (5, "higher", "consistently_met"),
    (5, "lower", "consistently_missed"),
    (17, "higher", "consistently_missed"),
    (17, "lower", "consistently_met"),
    (11, "higher", "hit_and_miss"),
    (11, "lower", "hit_and_miss"),
    (5, "neither", ""),
]


@pytest.mark.parametrize(("target", "polarity", "expected"), ASSURANCES)
def test_assurance(target, polarity, expected):
    assert spc.assurance(spc.xmr([10, 12] * 6), target, polarity) == expected


@pytest.mark.parametrize("polarity", ["higher", "lower"])
@pytest.mark.parametrize("limit", [-133, 133])
def test_a_target_exactly_on_a_limit_is_hit_and_miss(polarity, limit):
    assert spc.assurance(spc.xmr(around_zero(133)), limit, polarity) == "hit_and_miss"


def test_assurance_is_by_the_limits_of_the_latest_segment_and_needs_limits():
    values = [*WIDE, *[value + 100 for value in WIDE]]
    assert spc.assurance(spc.xmr(values, rebase=[12]), 50, "higher") == "consistently_met"
    assert spc.assurance(spc.xmr(values[:15], rebase=[12]), 50, "higher") == ""


def test_the_columns_for_polarity_and_target_come_with_them():
    values = [*HIGH, GAP]
    assert not {"variation", "target", "assurance"} & set(spc.xmr(values))
    chart = spc.xmr(values, target=-50, polarity="lower")
    assert list(chart["variation"][-3:]) == ["common_cause", "concern", ""]
    assert set(chart["target"]) == {-50}
    assert set(chart["assurance"]) == {"consistently_missed"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"polarity": "up"}, "polarity: found 'up', expected one of higher, lower, neither"),
        ({"target": 5}, "target 5 and polarity None"),
        ({"target": np.nan, "polarity": "lower"}, "target nan and polarity lower"),
    ],
)
def test_a_polarity_or_target_that_means_nothing_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        spc.xmr(WIDE, **wrong)


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
    return json.loads(VECTORS.read_text(encoding="utf-8")) if VECTORS.exists() else []


@pytest.mark.skipif(not VECTORS.exists(), reason="the published examples are not beside the checkout")
@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["id"])
def test_published_examples(vector):
    assert vector["k"] == limits.LIMIT_FACTOR
    # Some examples have fewer points than limits need by default: their baseline is said to be all of them.
    baseline = vector["baseline_points"] or len(vector["values"])
    values = vector["values"]
    chart = spc.xmr(values, fixes=first(baseline, len(values)), minimum=2, screen=vector["screen_outliers"])
    expected, tolerance = vector["expected"], vector["tolerance"]
    assert chart["lower"][0] == pytest.approx(expected["lcl"], abs=tolerance)
    assert chart["upper"][0] == pytest.approx(expected["ucl"], abs=tolerance)
    # The source of the Power BI example prints limits to four places and asserts no centre.
    assert chart["mean"][0] == pytest.approx(expected["cl"], abs=tolerance)
    if "mr_bar" in expected:
        assert chart["moving_range"].mean() == pytest.approx(expected["mr_bar"], abs=tolerance)


@pytest.mark.skipif(not VECTORS.exists(), reason="the published examples are not beside the checkout")
def test_all_nine_published_examples_are_there():
    assert len(vectors()) == 9
    assert [vector["id"] for vector in vectors() if vector["baseline_points"]] == ["montgomery-6.5"]


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
SERIES = st.lists(st.integers(-1000, 1000), min_size=limits.MINIMUM_POINTS, max_size=40)


def has_no_tie(values):
    """Whether no point or range lies so near a threshold that rounding decides, and the values are no rare counts."""
    if limits.is_rare(np.asarray(values, dtype=float)):
        return False
    x = np.asarray(values, dtype=float)
    ranges = np.abs(np.diff(x))
    screened = ranges[ranges < 3.267 * ranges.mean()]
    reach = 2.66 * (screened.mean() if screened.any() else ranges.mean())
    distance = np.abs(x - x.mean())
    gaps = [distance - reach, distance - 2 / 3 * reach, ranges - 3.267 * ranges.mean()]
    return min(np.abs(gap).min() for gap in gaps) > 1e-6


@given(SERIES, st.integers(-10_000, 10_000))
def test_a_shift_of_the_values_moves_limits_and_no_flag(values, by):
    assume(has_no_tie(values) and not limits.is_rare(np.asarray(values, dtype=float) + by))
    chart, moved = spc.xmr(values), spc.xmr([value + by for value in values])
    assert list(moved["special_cause"]) == list(chart["special_cause"])
    assert list(moved["side"]) == list(chart["side"])
    for column in ("mean", "lower", "upper"):
        assert list(moved[column]) == pytest.approx(list(chart[column] + by), abs=1e-6)


@given(SERIES, st.integers(2, 50))
def test_a_scale_of_the_values_scales_limits_and_moves_no_flag(values, by):
    assume(has_no_tie(values) and not limits.is_rare(np.asarray(values, dtype=float) * by))
    chart, scaled = spc.xmr(values), spc.xmr([value * by for value in values])
    assert list(scaled["special_cause"]) == list(chart["special_cause"])
    for column in ("mean", "lower", "upper"):
        assert list(scaled[column]) == pytest.approx(list(chart[column] * by), abs=1e-6)


@given(SERIES)
def test_upside_down_the_flags_stay_and_the_sides_swap(values):
    assume(has_no_tie(values) and has_no_tie([-value for value in values]))
    chart, mirrored = spc.xmr(values), spc.xmr([-value for value in values])
    swap = {"high": "low", "low": "high", "": ""}
    assert list(mirrored["special_cause"]) == list(chart["special_cause"])
    assert list(mirrored["side"]) == [swap[side] for side in chart["side"]]


@given(SERIES, st.sampled_from([("higher", "lower"), ("lower", "higher")]), st.integers(-100, 100))
def test_the_other_polarity_swaps_improvement_and_concern_and_met_and_missed(values, pair, target):
    chart = spc.xmr(values)
    swap = {"improvement": "concern", "concern": "improvement"}
    swap |= {"consistently_met": "consistently_missed", "consistently_missed": "consistently_met"}
    one, other = (spc.xmr(values, target=target, polarity=polarity) for polarity in pair)
    for column in ("variation", "assurance"):
        assert list(other[column]) == [swap.get(word, word) for word in one[column]]
    assert spc.variation(chart, pair[0]) == one["variation"].iloc[-1]
    assert spc.assurance(chart, target, pair[0]) == one["assurance"].iloc[-1]


@given(SERIES, SERIES)
def test_a_segment_is_charted_as_if_it_were_alone(before, after):
    chart = spc.xmr([*before, *after], rebase=[len(before)])
    alone = pd.concat([spc.xmr(before), spc.xmr(after)], ignore_index=True)
    pd.testing.assert_frame_equal(chart.drop(columns="segment"), alone.drop(columns="segment"))
