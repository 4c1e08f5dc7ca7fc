"""Figures: why one is withheld or not assessed, at each boundary, on the made-up office with one thing changed."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from panelpack.config.disclosure import Threshold
from panelpack.config.parameters import Availability
from panelpack.errors import ConfigurationError
from panelpack.indicators import compute as computing
from panelpack.indicators.comparisons import compare_together, more_than_chance
from panelpack.indicators.compute import compute_every
from panelpack.rules.verdict import REASON_WORDS, VERDICTS
from panelpack.statistics.past_errors import PastErrors
from panelpack.statistics.projection import project_year

TREATMENT = "SP03.treatment_completions"
NUMBERLESS = ("baseline", "latest", "change", "pct_change", "lower_95", "upper_95", "mean", "low", "high", "projected")


@pytest.fixture
def compute(data):
    """Return a function that computes one figure by id, on changed data where given."""

    def run(name, changed=data):
        standing_out = more_than_chance(compare_together(changed))
        return computing.compute(changed.plan.figures[name], name.partition(".")[0], changed, standing_out)

    return run


def numbers_of(result):
    return {name: getattr(result, name) for name in NUMBERLESS if getattr(result, name) is not None}


@pytest.fixture(scope="module")
def data(exact_data):
    """The exact points, so that a test may change one."""
    return exact_data


@pytest.fixture(scope="module")
def results(data):
    """Every result of the exact points, by id."""
    return {result.indicator: result for result in compute_every(data)}


def with_fewest(data, fewest):
    """Return data of a plan by which a figure that is reported needs so many responses."""
    limits = data.plan.disclosure.model_copy(update={"reported": Threshold(fewest=fewest, authority="a")})
    return with_plan(data, disclosure=limits)


def with_plan(data, **changes):
    return replace(data, office=replace(data.office, plan=data.plan.model_copy(update=changes)))


def with_parameters(data, **changes):
    return replace(data, office=replace(data.office, parameters=data.parameters.model_copy(update=changes)))


def with_series(data, name, **changes):
    changed = data.plan.series[name].model_copy(update=changes)
    return with_plan(data, series={**data.plan.series, name: changed})


def with_figure(data, name, **changes):
    """Return data whose plan says something else of a figure."""
    boxes = [
        box.model_copy(
            update={"indicators": [f.model_copy(update=changes) if f.id == name else f for f in box.indicators]}
        )
        for box in data.plan.priorities
    ]
    plan = data.plan.model_copy(update={"priorities": boxes})
    plan.__dict__.pop("figures", None)  # kept since it was first asked for
    return replace(data, office=replace(data.office, plan=plan))


def with_availability(data, table, **entry):
    declared = {**data.parameters.availability, table: Availability(reason="Because.", **entry)}
    return with_parameters(data, availability=declared)


def with_values(data, series, change):
    """Return data with a series' points changed by a function of a copy of them."""
    return replace(data, points={**data.points, series: change(data.points[series].copy())})


def asked(total):
    """Spread a total over the latest twelve months of a series, all of them satisfied."""

    def change(points):
        latest = points.index[-12:]
        points.loc[latest, ["value", "base"]] = 0
        points.loc[latest[:-1], ["value", "base"]] = total // 12
        points.loc[latest[-1], ["value", "base"]] = total - 11 * (total // 12)
        return points

    return change


# ------------------------------------------------------------------------------------------- withheld tables
def test_an_embargoed_figure_has_no_number_at_all(compute):
    figure = compute(TREATMENT)
    assert (figure.verdict, figure.reason) == ("not_assessed", "embargoed")
    assert numbers_of(figure) == {}
    assert (figure.level, figure.signal, figure.low_period) == ("", "", "")


@pytest.mark.parametrize(
    ("meeting", "reason", "is_shown"),
    [(date(2015, 11, 4), "embargoed", False), (date(2015, 11, 5), "", True), (date(2015, 11, 6), "", True)],
    ids=str,
)
def test_an_embargo_ends_with_its_release_date(meeting, reason, is_shown, project_copy, quarter, results_of):
    path = project_copy.params(quarter)
    text = path.read_text(encoding="utf-8")
    assert "meeting_date: 2015-09-16" in text
    path.write_text(text.replace("meeting_date: 2015-09-16", f"meeting_date: {meeting}"), encoding="utf-8")
    figure = results_of(project_copy)[TREATMENT]
    assert figure.reason == reason
    assert (figure.latest is not None) is is_shown
    assert figure.verdict in (("improved", "no_change", "deteriorated") if is_shown else ("not_assessed",))


@pytest.mark.parametrize("status", ["suppressed", "embargoed"])
def test_a_withheld_table_withholds_even_numbers_that_were_read(status, compute, data):
    changed = with_availability(data, "recorded_crime", status=status, release_date=date(2016, 1, 1))
    figure = compute("SP11.offences", changed)
    assert (figure.verdict, figure.reason) == ("not_assessed", status)
    assert numbers_of(figure) == {}


def test_a_suppressed_table_withholds_every_figure_and_measure_of_it_and_no_other(
    project_copy, quarter, office, results_of
):
    results = results_of(project_copy)
    path = project_copy.params(quarter)
    entry = "availability:\n  recorded_crime: {status: suppressed, reason: Under review.}\n"
    path.write_text(path.read_text(encoding="utf-8").replace("availability:\n", entry, 1), encoding="utf-8")
    suppressed = 0
    for name, figure in results_of(project_copy).items():
        series = office.plan.figures[name].series
        if series and office.plan.series[series].table == "recorded_crime":
            assert numbers_of(figure) == {}, name
            assert figure.reason == ("" if figure.measure else "suppressed")
            suppressed += 1
        else:
            assert figure == results[name]
    assert suppressed == 10


def test_a_provisional_figure_is_shown_judged_and_noted(compute):
    figure = compute("SP02.offending_18_24")
    assert (figure.latest, figure.verdict) == (133, "improved")
    (note,) = figure.notes_of("provisional")
    assert note.startswith("Provisional: The cohort return ")
    assert compute("SP01.first_time_entrants").notes_of("provisional") == []


# --------------------------------------------------------------------------------------------- small samples
@pytest.mark.parametrize(("total", "reason"), [(98, "small_sample"), (99, "small_sample"), (100, ""), (101, "")])
def test_a_survey_is_shown_from_the_minimum_base_on(total, reason, compute, data):
    assert data.plan.disclosure.reported.fewest == 100
    figure = compute("SP07.satisfaction", with_values(data, "satisfaction_hate_crime", asked(total)))
    assert figure.reason == reason
    assert (figure.latest, figure.latest_base) == ((None, None) if reason else (100, total))
    assert (figure.baseline is None) is bool(reason)


@pytest.mark.parametrize(("minimum", "is_shown"), [(110, True), (111, False)])
def test_a_baseline_from_too_few_is_withheld_as_well(minimum, is_shown, compute, data):
    figure = compute("SP14B.satisfaction", with_fewest(data, minimum))
    assert compute("SP14B.satisfaction").baseline_base == 110
    assert (figure.baseline is not None) is is_shown
    assert (figure.verdict == "improved") is is_shown


def test_a_measure_of_too_few_has_no_number_for_that_period(compute, data):
    # 841 were asked in the latest 12 months, 828 in those before.
    figure = compute("SP14A.satisfaction_on_year", with_fewest(data, 830))
    assert (figure.baseline, figure.latest, figure.change) == (None, pytest.approx(654 / 841 * 100), None)
    figure = compute("SP14A.satisfaction_on_year", with_fewest(data, 842))
    assert (figure.baseline, figure.latest) == (None, None)


def test_a_share_of_reports_knows_no_minimum_base(compute):
    figure = compute("SP17.repeat_share")
    assert (figure.latest_base, figure.latest) == (72, pytest.approx(100 * 59 / 72))


def test_a_month_without_answers_does_not_stop_the_figure(compute, data):
    def silent(points):
        points.loc[points.index[-5], ["value", "base"]] = 0
        return points

    figure = compute("SP07.satisfaction", with_values(data, "satisfaction_hate_crime", silent))
    points = (
        data.points["satisfaction_hate_crime"].tail(12).drop(index=data.points["satisfaction_hate_crime"].index[-5])
    )
    assert figure.latest == pytest.approx(100 * points["value"].sum() / points["base"].sum())


# ------------------------------------------------------------------------------------------------ comparators
@pytest.mark.parametrize(
    ("began", "reason"),
    [
        ("2013-04", ""),  # the twelve months end with March 2014: April 2014 is settled
        ("2013-05", "no_comparator"),
        ("2014-01", "no_comparator"),
        (None, ""),
    ],
)
def test_the_first_months_of_a_practice_are_no_comparator(began, reason, compute, data):
    def longer(points):
        early = points.iloc[:3].assign(period=["2014-04", "2014-05", "2014-06"], value=4000)
        return pd.concat([early, points[points["period"] > "2014-06"]], ignore_index=True)

    changed = with_values(with_series(data, "night_time_economy", began=began), "night_time_economy", longer)
    figure = compute("SP03.night_time_economy", changed)
    assert (figure.latest, figure.reason) == (4975, reason)
    assert (figure.baseline is None) is bool(reason)
    assert figure.evidence.startswith("Recording began in ") is bool(reason)


def test_no_bedding_in_accepts_the_first_month(compute, data):
    changed = with_plan(with_series(data, "night_time_economy", began="2014-04"), bedding_in_months=0)
    figure = compute("SP03.night_time_economy", changed)
    assert figure.reason == ""
    assert figure.baseline is not None


def test_a_baseline_that_the_series_does_not_cover_is_no_comparator(compute, data):
    changed = with_values(data, "missing_storm", lambda points: points[points["period"] != "2012-09"])
    figure = compute("SP17.missing_storm", changed)
    assert (figure.verdict, figure.reason, figure.baseline) == ("not_assessed", "no_comparator", None)
    assert figure.latest == 4305


def test_a_latest_period_that_the_series_does_not_cover_is_not_assessed(compute, data):
    changed = with_values(data, "missing_storm", lambda points: points[points["period"] != "2014-09"])
    figure = compute("SP17.missing_storm", changed)
    assert (figure.verdict, figure.reason) == ("not_assessed", "awaited")
    assert (figure.latest, figure.change, figure.pct_change) == (None, None, None)


def test_another_population_is_not_comparable_where_the_plan_says_so(compute, data):
    figure = compute("SP14A.satisfaction", with_figure(data, "SP14A.satisfaction", population_change="not_comparable"))
    assert (figure.verdict, figure.reason) == ("not_assessed", "not_comparable")
    assert figure.latest == pytest.approx(77.8, abs=0.05)
    assert (figure.baseline, figure.change) == (None, None)
    assert figure.evidence == (
        "The latest figure is of victims of all vehicle crime, the baseline of victims of theft from motor vehicles."
    )


@pytest.mark.parametrize(
    ("box", "group"), [("SP14A", "theft from motor vehicles"), ("SP14B", "theft of motor vehicles")]
)
def test_another_population_is_judged_and_noted_where_the_plan_says_so(box, group, compute):
    figure = compute(f"{box}.satisfaction")
    assert figure.verdict in ("improved", "deteriorated")
    assert figure.notes_of("populations") == [
        "Different populations: the latest figure is of victims of all vehicle crime, the baseline of victims of "
        f"{group}."
    ]


def test_a_baseline_of_zero_has_the_exact_test(compute, data):
    def none(points):
        points.loc[points["period"] < "2013-04", "value"] = 0
        return points

    figure = compute("SP17.missing_storm", with_values(data, "missing_storm", none))
    assert (figure.verdict, figure.reason, figure.how_sure) == ("deteriorated", "", "clear")
    assert (figure.latest, figure.pct_change, figure.lower_95) == (4305, None, None)
    assert figure.evidence.startswith("From 0 to 4,305, so no change in percent exists; by the exact test, taken by")


def test_a_latest_count_of_zero_is_judged(compute, data):
    def none(points):
        points.loc[points["period"] > "2014-06", "value"] = 0
        return points

    figure = compute("SP17.missing_storm", with_values(data, "missing_storm", none))
    assert (figure.latest, figure.pct_change, figure.verdict) == (0, -100, "improved")


# -------------------------------------------------------------------------------------------------- positions
@pytest.mark.parametrize(
    ("dated", "words", "is_old"),
    [
        ("2014-12-31", "31 December 2014", True),
        ("2015-03-31", "31 March 2015", True),
        ("2015-04-01", "1 April 2015", False),
        ("2015-06-30", "30 June 2015", False),
    ],
)
def test_a_position_from_before_the_quarter_says_so(dated, words, is_old, compute, data):
    figure = compute("SP18.realised", with_values(data, "savings_realised", lambda points: points.assign(period=dated)))
    assert (figure.latest, figure.latest_period) == (pytest.approx(21.7), words)
    note = f"The position is dated {words}, before the quarter began."
    assert figure.notes_of("dated") == ([note] if is_old else [])


# ----------------------------------------------------------------------------------------------------- rules
@pytest.mark.parametrize("assessed", ["improved", "no_change", "deteriorated"])
def test_an_assessment_is_the_boards_whatever_the_polarity(assessed, compute, data):
    entry = data.parameters.assessments["SP16.training"].model_copy(update={"assessment": assessed})
    changed = with_parameters(data, assessments={**data.parameters.assessments, "SP16.training": entry})
    figure = compute("SP16.training", changed)
    assert (figure.verdict, figure.reason) == (assessed, "")
    assert figure.evidence == "Assessed by Strategic Partnership Board executive group."


def test_a_projection_rests_on_the_other_forces_and_what_they_had_published_by_the_meeting(compute, data):
    # Theft of motor vehicles: 313, 340, 380 and 343 in the latest quarters.
    figure = compute("SP14B.offences", data)
    assert figure.projected == 313 + 340 + 380 + 343
    assert (figure.interval_of, figure.projection_year) == ("projected", "2016/17")
    assert (figure.verdict, figure.how_sure) == ("deteriorated", "inside_forecast")
    past = data.past_errors
    assert len(past.forces) == 12, "the made-up office's force is in no official table"
    # The quarter to June 2015 is published in October, after the meeting of September.
    assert [str(past.quarters[place]) for place in (0, past.known)] == ["2012Q1", "2014Q4"]
    points = data.points["theft_of_vehicle"].set_index("period")["value"].rename("theft_of_vehicle").astype(float)
    alone = project_year(points, "2016/17", PastErrors.of_counts(data.other_forces))
    assert (figure.lower_95, figure.upper_95) == pytest.approx((alone.lower_95, alone.upper_95))
    assert past is data.past_errors, "it is learned once"


@pytest.mark.parametrize(
    ("day", "last"), [(date(2015, 7, 31), "2014Q3"), (date(2015, 8, 1), "2014Q4"), (date(2015, 11, 1), "2015Q1")]
)
def test_what_is_published_after_the_month_of_the_meeting_is_not_known(data, day, last):
    met = with_parameters(data, meeting_date=day)
    assert met.other_forces.index[-1] == str(met.past_errors.quarters[-1]) == last


def with_official_force(data, force):
    plan = data.plan.model_copy(update={"office": data.plan.office.model_copy(update={"official_force": force})})
    return replace(data, office=replace(data.office, plan=plan))


def test_another_force_learns_from_others(compute, data):
    one, other, none = (compute("SP14B.offences", with_official_force(data, force)) for force in
                        ("Leicestershire", "Kent", "none"))  # fmt: skip
    assert one.projected == other.projected == none.projected
    assert len({one.upper_95, other.upper_95, none.upper_95}) == 3
    with pytest.raises(ConfigurationError, match="official_force: found 'Rutland', expected one of "):
        compute("SP14B.offences", with_official_force(data, "Rutland"))


def test_a_projection_of_a_series_that_no_other_force_has_is_refused_by_name(data):
    with pytest.raises(ConfigurationError) as caught:
        data.projection("night_time_economy", "2016/17")
    said = str(caught.value)
    assert said.startswith("params/plan.yml, series 'night_time_economy', projection to 2016/17: found no official")
    assert "Add it to the series of data/projection/offences.yml" in said


def test_a_projection_sees_nothing_after_the_quarter(compute, data):
    def longer(points):
        later = points.iloc[-3:].assign(period=["2015-07", "2015-08", "2015-09"], value=9999)
        return pd.concat([points, later], ignore_index=True)

    changed = with_values(data, "theft_of_vehicle", longer)
    assert compute("SP14B.offences", changed) == compute("SP14B.offences")


def test_a_series_with_a_gap_cannot_be_projected(compute, data):
    changed = with_values(data, "theft_of_vehicle", lambda points: points[points["period"] != "2013-09"])
    with pytest.raises(ConfigurationError, match=r"'theft_of_vehicle', projection to 2016/17: found gaps .* Give"):
        compute("SP14B.offences", changed)


def test_a_year_out_of_reach_cannot_be_projected(data):
    with pytest.raises(ConfigurationError, match=r"2018/19.* found the year 2018/19, expected 2015/16 to 2017/18"):
        data.projection("theft_of_vehicle", "2018/19")


def test_the_evidence_says_whether_chance_explains_the_change(compute):
    # 0.7 points on about 400 responses is chance; 8.1 points on about 800 is not. The verdict is the rule's.
    chance, clear = compute("SP07.satisfaction"), compute("SP14A.satisfaction")
    assert chance.verdict == clear.verdict == "deteriorated"
    assert chance.lower_95 < 0 < chance.upper_95
    assert clear.upper_95 < 0
    assert "would be expected by chance" in chance.evidence
    assert "would not be expected by chance" in clear.evidence


def test_an_indicator_without_a_series_has_no_metric(compute):
    figure = compute("SP07.awareness")
    assert (figure.verdict, figure.reason, figure.unit) == ("not_assessed", "no_metric", None)
    assert compute("SP07.victim_outcome").notes_of("footnote") == [
        "Victim-focused crime outcomes are being developed by the force with the Commissioner's office."
    ]


# ------------------------------------------------------------------------------------------- scored or not
@pytest.mark.parametrize("name", ["SP15.child_sexual_exploitation", "SP17.absent_storm", "SP18.savings"])
def test_what_is_not_scored_has_no_verdict(name, compute):
    figure = compute(name)
    assert (figure.scored, figure.verdict, figure.reason) == (False, "", "")


def test_measures_have_no_verdict_and_are_not_scored(results):
    measures = [figure for figure in results.values() if figure.measure]
    assert len(measures) == 23
    for figure in measures:
        assert (figure.scored, figure.verdict, figure.reason, figure.rule) == (False, "", "", ""), figure.indicator


def test_every_scored_indicator_has_a_verdict_and_a_reason_where_it_has_none(results):
    for figure in results.values():
        if figure.scored:
            assert figure.verdict in VERDICTS, figure.indicator
            assert (figure.reason in REASON_WORDS) is (figure.verdict == "not_assessed"), figure.indicator


def test_the_change_is_latest_less_baseline(results):
    changes = [figure for figure in results.values() if figure.change is not None]
    assert len(changes) > 20
    for figure in changes:
        assert figure.change == pytest.approx(figure.latest - figure.baseline)
        if figure.pct_change is not None:
            assert figure.unit == "count"
            assert figure.pct_change == pytest.approx(100 * figure.change / figure.baseline)


# --------------------------------------------------------------------------------------------- notes as data
def test_a_footnote_that_contains_the_word_provisional_is_a_footnote_and_nothing_else(compute, data):
    footnotes = {**data.plan.footnotes, "night_time_recording": "Provisional: not what this word means here."}
    figure = compute("SP03.night_time_economy", with_plan(data, footnotes=footnotes))
    assert figure.notes_of("provisional") == []
    assert figure.notes_of("footnote") == ["Provisional: not what this word means here."]


def test_two_provisional_tables_of_one_box_keep_their_own_reasons(compute, data):
    changed = with_availability(data, "night_time_economy", status="provisional")
    reasons = [
        compute(name, changed).notes_of("provisional")
        for name in ("SP03.drug_programme_reoffending", "SP03.night_time_economy")
    ]
    assert [len(each) for each in reasons] == [1, 1]
    assert reasons[0][0].startswith("Provisional: The cohort return ") and reasons[1] == ["Provisional: Because."]
