"""How sure a verdict is: each state at its boundary, the first that applies, and the words of it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from panelpack.config.parameters import Availability
from panelpack.config.plan import Indicator
from panelpack.config.series import OrdinaryMovement, OrdinaryPoints, Redefinition, Spread, SteadyWithin
from panelpack.errors import ConfigurationError
from panelpack.indicators.certainty import how_sure
from panelpack.indicators.comparisons import compare_together, more_than_chance
from panelpack.indicators.compute import compute_every
from panelpack.indicators.judgement import judge
from panelpack.rules.verdict import HOW_SURE_WORDS, Verdict

MISSING, SURVEY = "SP17.missing_storm", "SP07.satisfaction"


@pytest.fixture(scope="module")
def data(exact_data):
    """The data of the quarter with every point, so that a test can change any."""
    return exact_data


@pytest.fixture(scope="module")
def results(data):
    """Every result of the exact points, by id."""
    return {result.indicator: result for result in compute_every(data)}


def with_plan(data, **changes):
    return replace(data, office=replace(data.office, plan=data.plan.model_copy(update=changes)))


def with_series(data, name, **changes):
    series = {**data.plan.series, name: data.plan.series[name].model_copy(update=changes)}
    return with_plan(data, series=series)


def with_yearly(data, name, baseline, latest):
    """Return data in which a series has these counts in each month of the baseline year and of the latest 12."""
    points = data.points[name].copy()
    points.loc[points["period"] < "2013-04", "value"] = baseline
    points.loc[points["period"] > "2014-06", "value"] = latest
    return replace(data, points={**data.points, name: points})


def with_answers(data, name, satisfied, of=100):
    points = data.points[name].copy()
    points.loc[points["period"] > "2014-06", ["value", "base"]] = (satisfied, of)
    points.loc[points["period"] < "2013-04", ["value", "base"]] = (80, of)
    return replace(data, points={**data.points, name: points})


def sure(data, name, *, stands=True, **changes):
    figure = data.plan.figures[name].model_copy(update=changes)
    assert isinstance(figure, Indicator)
    verdict = judge(figure, data)
    return verdict.verdict, how_sure(figure, verdict, data, stands)


# ------------------------------------------------------------------------------------------------ a change
def test_a_large_change_is_clear_and_says_what_it_took(data):
    verdict, certainty = sure(with_yearly(data, "missing_storm", 400, 200), MISSING)
    assert (verdict, certainty.how_sure, certainty.basis) == ("improved", "clear", "assumed")
    assert certainty.reason == (
        "Clear, if the assumed months or quarters are right: a fall of 50% is more than chance gives and more than "
        "such figures move anyway: it takes a fall of 26% to stand out over 2 years and 3 months, by the yardstick "
        "that the plan states."
    )


@pytest.mark.parametrize(
    ("latest", "expected"), [(290, "clear"), (300, "ordinary_movement"), (500, "ordinary_movement")]
)
def test_what_figures_move_anyway_is_ordinary(latest, expected, data):
    # 15% at 2.25 years takes a factor of exp(1.96 x 0.15) = 1.34 either way, and chance a little more.
    _, certainty = sure(with_yearly(data, "missing_storm", 400, latest), MISSING)
    assert certainty.how_sure == expected
    assert ("close call" in certainty.reason) is (latest == 290)


def test_the_plan_may_state_another_spread_for_a_series(data):
    stated = OrdinaryMovement(spreads=[Spread(years=1, percent=40)], reason="it moves a lot")
    changed = with_series(with_yearly(data, "missing_storm", 400, 200), "missing_storm", ordinary=stated)
    assert sure(changed, MISSING)[1].how_sure == "ordinary_movement"


@pytest.mark.parametrize(("years", "percent"), [(1, 9), (2.25, 15), (1.625, 12), (0.25, 4.5), (9, 30), (1.25, 10.2)])
def test_a_stated_spread_is_read_between_its_points_and_grows_as_the_root_of_time_beyond(years, percent):
    stated = OrdinaryMovement(spreads=[Spread(years=2.25, percent=15), Spread(years=1, percent=9)], reason="stated")
    assert stated.spread(years) == pytest.approx(percent)


def test_a_change_that_does_not_stand_out_among_all_may_be_chance(data):
    changed = with_yearly(data, "missing_storm", 400, 200)
    _, certainty = sure(changed, MISSING, stands=False)
    assert certainty.how_sure == "chance"
    assert certainty.reason.startswith("Could be chance, if the assumed months or quarters are right: ")


def test_a_provisional_source_comes_before_chance_and_other_people_before_that(data):
    entry = Availability(status="provisional", reason="Late returns.")
    parameters = data.parameters.model_copy(update={"availability": {"victim_survey": entry}})
    changed = replace(data, office=replace(data.office, parameters=parameters))
    assert sure(changed, SURVEY, stands=False)[1].how_sure == "provisional"
    assert sure(changed, "SP14A.satisfaction", stands=False)[1] == sure(data, "SP14A.satisfaction")[1]
    assert sure(data, "SP14A.satisfaction")[1].how_sure == "not_like_with_like"


@pytest.mark.parametrize(
    ("first", "expected"),
    [("2012-04", "clear"), ("2012-05", "not_like_with_like"), ("2015-06", "not_like_with_like"), ("2015-07", "clear")],
)
def test_a_series_that_was_redefined_between_the_periods_is_not_like_with_like(first, expected, data):
    redefined = [Redefinition.model_validate({"from": first, "reason": "Reports by telephone count too."})]
    changed = with_series(
        with_yearly(data, "missing_storm", 400, 200),
        "missing_storm",
        redefined=redefined,
    )
    _, certainty = sure(changed, MISSING)
    assert certainty.how_sure == expected
    assert ("Reports by telephone count too." in certainty.reason) is (expected != "clear")


def test_the_baseline_inside_the_forecast_comes_before_ordinary_movement(data):
    verdict, certainty = sure(data, "SP14B.offences", stands=None)
    assert verdict == "deteriorated" and certainty.how_sure in ("inside_forecast", "ordinary_movement")
    ends = judge(data.plan.figures["SP14B.offences"], data)
    assert (certainty.how_sure == "inside_forecast") is (ends.lower_95 <= 1051 <= ends.upper_95)


@pytest.mark.parametrize(
    ("total", "lower", "expected", "took"),
    [(1450, 1000, "inside_forecast", ""), (1450, 1100, "ordinary_movement", "50%"), (1700, 1100, "clear", "49%")],
)
def test_a_projection_is_held_to_what_counts_move_until_the_year_that_is_projected(total, lower, expected, took, data):
    # From 2012/13 to 2016/17 are four years: 15% at 2.25 years are 20% then, and 48% up stands out; chance adds to it.
    figure = data.plan.figures["SP14B.offences"]
    verdict = Verdict("deteriorated", "", "", lower, 2300.0, "projected", float(total))
    certainty = how_sure(figure, verdict, data)
    assert certainty.how_sure == expected
    assert "more than chance" not in certainty.reason  # nothing was tested
    assert f"it takes a rise of {took} to stand out over 4 years, by the yardstick" in certainty.reason or not took


def test_a_share_beyond_chance_is_clear_but_how_far_it_moves_is_not_known(data):
    changed = with_answers(data, "satisfaction_hate_crime", 60)
    verdict, certainty = sure(changed, SURVEY)
    assert (verdict, certainty.how_sure, certainty.basis) == ("deteriorated", "clear", "assumed")
    assert certainty.reason == (
        "Clear, if the assumed number of responses is right: a fall of 20.0 percentage points is more than chance "
        "gives; how far such a share moves between years is not known."
    )


@pytest.mark.parametrize(("points", "expected"), [(9.0, "clear"), (11.0, "ordinary_movement")])
def test_a_share_moves_as_far_as_the_plan_states(points, expected, data):
    changed = with_answers(data, "satisfaction_hate_crime", 60)
    stated = OrdinaryPoints(points=points, reason="earlier years")
    changed = with_series(changed, "satisfaction_hate_crime", ordinary_points=stated)
    assert sure(changed, SURVEY)[1].how_sure == expected


def test_counts_that_are_assumed_are_said_to_be_beside_the_figure(data):
    assumed = replace(data, origins={("missing_reports", "reports"): "assumed"})
    figure = data.plan.figures[MISSING]
    assert judge(figure, assumed).evidence == f"{judge(figure, replace(data, origins={})).evidence} " + (
        "The counts themselves are assumed."
    )
    assert sure(assumed, MISSING)[1].basis == "assumed"


def test_a_received_file_is_counted_and_no_sentence_says_if(data):
    received = replace(with_yearly(data, "missing_storm", 400, 200), origins={})
    certainty = sure(received, MISSING)[1]
    assert certainty.basis == "counted" and certainty.reason.startswith("Clear: ")


# --------------------------------------------------------------------------------------------- other forces
@pytest.fixture
def peers(data):
    """Counts of robbery of six other forces over six years: 1,000 a quarter, a tenth less each year, and chance."""
    quarters = [f"{year}Q{number}" for year in range(2010, 2016) for number in (1, 2, 3, 4)]
    chance = np.random.default_rng(7)
    level = 1000 * 0.9 ** (np.arange(len(quarters)) / 4)
    columns = pd.MultiIndex.from_tuples([("robbery", f"F{force}") for force in range(6)], names=["series", "force"])
    counts = np.outer(level, np.ones(6)) * np.exp(chance.normal(0, 0.03, (len(quarters), 6)))
    return pd.DataFrame(counts.round(), index=quarters, columns=columns)


def robbery(data, peers, baseline, latest, last="2015Q1"):
    """Return how sure a fall of robbery is, where the others' counts are known up to a quarter."""
    changed = with_yearly(data, "robbery", baseline, latest)
    changed.__dict__["other_forces"] = peers.loc[:last]
    figure = data.plan.figures[MISSING].model_copy(update={"series": "robbery"})
    verdict = judge(figure, changed)
    return verdict, how_sure(figure, verdict, changed, True)


def test_a_fall_that_other_forces_had_too_is_ordinary(data, peers):
    # Over 2.25 years the others fell by a fifth together.
    verdict, certainty = robbery(data, peers, 400, 320)
    assert (verdict.verdict, certainty.how_sure) == ("improved", "ordinary_movement")
    assert "against the other forces together" in certainty.reason and "6 other forces" in certainty.reason
    assert robbery(data, peers, 400, 200)[1].how_sure == "clear"


def test_a_fall_smaller_than_that_of_the_others_is_not_clear_for_being_far_from_them(data, peers):
    verdict, certainty = robbery(data, peers, 4000, 3700)
    assert (verdict.verdict, certainty.how_sure) == ("improved", "ordinary_movement")
    assert "a fall of 7% (a rise of 1" in certainty.reason


def test_where_the_others_are_not_published_yet_the_raw_movement_is_the_yardstick(data, peers):
    # The others' steady fall is then ordinary movement itself: nothing is taken off, and more is allowed for.
    _, certainty = robbery(data, peers, 400, 320, last="2014Q4")
    assert certainty.how_sure == "ordinary_movement" and "against" not in certainty.reason


def test_where_nothing_of_them_was_seen_over_so_long_the_plan_states_it(data, peers):
    _, certainty = robbery(data, peers.loc["2013Q1":], 400, 320)
    assert "the yardstick that the plan states" in certainty.reason


def test_the_offices_own_force_and_what_was_published_later_are_left_out(data):
    def forces(own, day):
        office = data.plan.office.model_copy(update={"official_force": own})
        changed = with_plan(data, office=office)
        parameters = changed.parameters.model_copy(update={"meeting_date": day})
        return replace(changed, office=replace(changed.office, parameters=parameters)).other_forces

    known = forces("Leicestershire", date(2015, 10, 31))
    assert "Leicestershire" not in known.columns.get_level_values("force") and known.index[-1] == "2014Q4"
    assert forces("none", date(2015, 11, 1)).index[-1] == "2015Q1"
    assert forces("Essex", date(2015, 11, 1)).shape[1] == forces("none", date(2015, 11, 1)).shape[1]
    with pytest.raises(
        ConfigurationError, match="official_force: found 'Leicester', expected one of Avon and Somerset, "
    ):
        forces("Leicester", date(2015, 11, 1))


# ------------------------------------------------------------------------------------------------ no change
@pytest.mark.parametrize(("count", "expected"), [(400, "cannot_tell"), (40_000, "steady")])
def test_no_change_is_steady_only_where_one_would_have_shown(count, expected, data):
    changed = with_yearly(data, "missing_storm", count, count)
    # 4,800 a year: t(22) x sqrt(2 / 4,800), 4.3% either way; that is steady within 10%, not within 3%.
    assert sure(changed, MISSING)[0] == "no_change"
    narrow = {"steady_within": SteadyWithin(percent=3)}
    assert sure(changed, MISSING)[1].how_sure == "steady"
    assert sure(changed, MISSING, **narrow)[1].how_sure == expected


def test_what_could_have_been_seen_is_said(data):
    _, certainty = sure(with_yearly(data, "missing_storm", 10, 10), MISSING)
    # 120 a year: exp(2.07 x sqrt(2 / 120)) = 1.31.
    assert certainty.how_sure == "cannot_tell"
    assert certainty.reason.endswith(": a change of less than about 31% would not show.")


@pytest.mark.parametrize(("of", "expected"), [(100, "cannot_tell"), (5000, "steady")])
def test_a_share_is_steady_within_three_points(of, expected, data):
    points = data.points["satisfaction_hate_crime"].copy()
    points[["value", "base"]] = (0.8 * of, of)
    changed = replace(data, points={**data.points, "satisfaction_hate_crime": points})
    assert sure(changed, SURVEY)[1].how_sure == expected


def test_no_change_of_other_people_is_not_steady(data):
    points = data.points["satisfaction_vehicle_crime"].copy()
    points[["value", "base"]] = (800_000, 1_000_000)
    before = data.points["satisfaction_theft_of_vehicle"].copy()
    before[["value", "base"]] = (800_000, 1_000_000)
    changed = {"satisfaction_vehicle_crime": points, "satisfaction_theft_of_vehicle": before}
    verdict, certainty = sure(replace(data, points={**data.points, **changed}), "SP14B.satisfaction")
    assert (verdict, certainty.how_sure) == ("no_change", "cannot_tell")
    assert "the baseline of victims of theft of motor vehicles" in certainty.reason


def test_nothing_from_nothing_is_not_steady(data):
    _, certainty = sure(with_yearly(data, "missing_storm", 0, 0), MISSING)
    assert certainty.how_sure == "cannot_tell" and "hardly any change" in certainty.reason


# ------------------------------------------------------------------------------------------------- the rest
def test_a_boards_view_is_not_tested_and_what_is_not_assessed_has_no_certainty(data):
    assert sure(data, "SP16.training")[1].how_sure == "not_tested"
    assert sure(data, "SP03.treatment_completions")[1].how_sure == ""


def test_all_comparisons_with_a_test_are_judged_together_whatever_their_verdict(data, results):
    tested = {name for name, result in results.items() if result.p_value is not None}
    still = with_yearly(data, "missing_storm", 400, 400)
    assert judge(still.plan.figures[MISSING], still).verdict == "no_change"
    for table in (compare_together(data), compare_together(still)):
        assert set(table["indicator"]) == tested and set(table["comparisons"]) == {len(tested)}
    table = compare_together(data)
    standing = more_than_chance(table)
    assert all(results[name].p_value <= 0.05 for name, stands in standing.items() if stands)


def test_one_more_comparison_can_make_another_chance(data):
    # Of one comparison alone a p-value below 5% stands out; among many it does not.
    changed = with_answers(data, "satisfaction_hate_crime", 84, of=115)
    for still in ("missing_storm", "missing_compact", "missing_key_locations"):
        changed = with_yearly(changed, still, 400, 400)
    table = compare_together(changed)
    row = table.set_index("indicator").loc[SURVEY]
    assert row["p_value"] < 0.05 and not row["more_than_chance"]


def test_every_state_has_words_and_every_verdict_of_the_office_a_state(results):
    states = {result.how_sure for result in results.values() if result.verdict not in ("", "not_assessed")}
    assert states <= set(HOW_SURE_WORDS)
    for result in results.values():
        assert bool(result.how_sure) is (result.verdict not in ("", "not_assessed")) is bool(result.how_sure_reason)
