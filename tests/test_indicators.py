"""Figures: why one is withheld or not assessed, at each boundary, on the evidence of 2015Q1 with one thing changed."""

import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from panelpack.config.parameters import Availability
from panelpack.errors import ConfigurationError
from panelpack.indicators.compute import compute_indicator
from panelpack.indicators.results import count_verdicts
from panelpack.indicators.verdicts import REASONS, VERDICTS

TREATMENT = "SP03.treatment_completions"
NUMBERLESS = ("baseline", "latest", "change", "pct_change", "lower_95", "upper_95", "mean", "low", "high", "projected")


@pytest.fixture
def compute(evidence):
    """Compute one figure by id, on changed evidence where given."""

    def run(name, changed=evidence):
        return compute_indicator(changed.plan.figures[name], name.partition(".")[0], changed)

    return run


def with_plan(evidence, **changes):
    return replace(evidence, plan=evidence.plan.model_copy(update=changes))


def with_series(evidence, name, **changes):
    changed = evidence.plan.series[name].model_copy(update=changes)
    return with_plan(evidence, series={**evidence.plan.series, name: changed})


def with_availability(evidence, table, **entry):
    told = {**evidence.params.availability, table: Availability(reason="Because.", **entry)}
    return replace(evidence, params=evidence.params.model_copy(update={"availability": told}))


def with_values(evidence, series, change):
    """Return evidence with a series' points changed by a function of a copy of them."""
    return replace(evidence, points={**evidence.points, series: change(evidence.points[series].copy())})


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
    assert [getattr(figure, name) for name in NUMBERLESS] == [None] * len(NUMBERLESS)
    assert (figure.level, figure.signal, figure.low_period) == ("", "", "")


@pytest.mark.parametrize(
    ("meeting", "reason", "shown"),
    [(date(2015, 11, 4), "embargoed", False), (date(2015, 11, 5), "", True), (date(2015, 11, 6), "", True)],
    ids=str,
)
def test_an_embargo_ends_with_its_release_date(meeting, reason, shown, project_copy, quarter, evidence_of, compute_all):
    path = project_copy.params(quarter)
    text = path.read_text(encoding="utf-8")
    assert "meeting_date: 2015-09-16" in text
    path.write_text(text.replace("meeting_date: 2015-09-16", f"meeting_date: {meeting}"), encoding="utf-8")
    figure = compute_all(evidence_of(project_copy))[TREATMENT]
    assert figure.reason == reason
    assert (figure.latest is not None) is shown
    assert figure.verdict in (("improved", "no_change", "deteriorated") if shown else ("not_assessed",))


@pytest.mark.parametrize("status", ["suppressed", "embargoed"])
def test_a_withheld_table_withholds_even_numbers_that_were_read(status, compute, evidence):
    changed = with_availability(evidence, "recorded_crime", status=status, release_date=date(2016, 1, 1))
    figure = compute("SP11.offences", changed)
    assert (figure.verdict, figure.reason) == ("not_assessed", status)
    assert [getattr(figure, name) for name in NUMBERLESS] == [None] * len(NUMBERLESS)


def test_a_suppressed_table_withholds_every_figure_and_measure_of_it_and_no_other(
    project_copy, quarter, evidence_of, compute_all, figures
):
    path = project_copy.params(quarter)
    text = path.read_text(encoding="utf-8")
    assert "availability:\n" in text
    entry = "availability:\n  recorded_crime: {status: suppressed, reason: Under review.}\n"
    path.write_text(text.replace("availability:\n", entry), encoding="utf-8")
    found = evidence_of(project_copy)
    for name, figure in compute_all(found).items():
        series = found.plan.figures[name].series
        if series and found.plan.series[series].table == "recorded_crime":
            assert [getattr(figure, field) for field in NUMBERLESS] == [None] * len(NUMBERLESS), name
            assert figure.reason == ("" if figure.measure else "suppressed")
        else:
            assert figure == figures[name]


def test_a_provisional_figure_is_shown_judged_and_noted(compute):
    figure = compute("SP02.offending_18_24")
    assert (figure.latest, figure.verdict) == (133, "improved")
    assert "Provisional: " in figure.note
    assert "Provisional: " not in compute("SP01.first_time_entrants").note


# --------------------------------------------------------------------------------------------- small samples
@pytest.mark.parametrize(("total", "reason"), [(98, "small_sample"), (99, "small_sample"), (100, ""), (101, "")])
def test_a_survey_is_shown_from_the_minimum_base_on(total, reason, compute, evidence):
    assert evidence.plan.minimum_base == 100
    changed = with_values(evidence, "satisfaction_hate_crime", asked(total))
    figure = compute("SP07.satisfaction", changed)
    assert figure.reason == reason
    assert (figure.latest, figure.latest_base) == ((None, None) if reason else (100, total))
    assert (figure.baseline is None) is bool(reason)


@pytest.mark.parametrize(("minimum", "shown"), [(110, True), (111, False)])
def test_a_baseline_from_too_few_is_withheld_as_well(minimum, shown, compute, evidence):
    figure = compute("SP14B.satisfaction", with_plan(evidence, minimum_base=minimum))
    assert compute("SP14B.satisfaction").baseline_base == 110
    assert (figure.baseline is not None) is shown
    assert (figure.verdict == "improved") is shown


def test_a_measure_of_too_few_has_no_number(compute, evidence):
    changed = with_values(evidence, "satisfaction_asb", asked(1200))
    assert compute("SP08.satisfaction_financial_year", changed).latest is not None
    few = with_plan(evidence, minimum_base=827)
    figure = compute("SP08.satisfaction_financial_year", few)
    assert (figure.latest, figure.baseline) == (None, pytest.approx(638 / 842 * 100))


def test_a_count_and_a_share_of_reports_know_no_minimum_base(compute):
    assert compute("SP17.repeat_share").latest_base == 72
    assert compute("SP17.repeat_share").latest == pytest.approx(100 * 59 / 72)


def test_a_month_without_answers_does_not_stop_the_figure(compute, evidence):
    def silent(points):
        points.loc[points.index[-5], ["value", "base"]] = 0
        return points

    figure = compute("SP07.satisfaction", with_values(evidence, "satisfaction_hate_crime", silent))
    assert figure.latest is not None


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
def test_the_first_months_of_a_practice_are_no_comparator(began, reason, compute, evidence):
    def longer(points):
        early = points.iloc[:3].assign(period=["2014-04", "2014-05", "2014-06"], value=4000)
        return pd.concat([early, points[points["period"] > "2014-06"]], ignore_index=True)

    changed = with_values(with_series(evidence, "night_time_economy", began=began), "night_time_economy", longer)
    figure = compute("SP03.night_time_economy", changed)
    assert figure.latest == 4975
    assert figure.reason == reason
    assert (figure.baseline is None) is bool(reason)


def test_no_bedding_in_accepts_the_first_month(compute, evidence):
    changed = with_plan(with_series(evidence, "night_time_economy", began="2014-04"), bedding_in_months=0)
    figure = compute("SP03.night_time_economy", changed)
    assert figure.reason == ""
    assert figure.baseline is not None


def test_a_baseline_that_the_series_does_not_cover_is_no_comparator(compute, evidence):
    changed = with_values(evidence, "missing_storm", lambda points: points[points["period"] != "2012-09"])
    figure = compute("SP17.missing_storm", changed)
    assert (figure.verdict, figure.reason, figure.baseline) == ("not_assessed", "no_comparator", None)
    assert figure.latest == 4305


def test_a_latest_period_that_the_series_does_not_cover_is_not_assessed(compute, evidence):
    changed = with_values(evidence, "missing_storm", lambda points: points[points["period"] != "2014-09"])
    figure = compute("SP17.missing_storm", changed)
    assert (figure.verdict, figure.latest, figure.change, figure.pct_change) == ("not_assessed", None, None, None)


def test_another_population_is_not_comparable_where_the_plan_says_so(compute):
    figure = compute("SP05.satisfaction")
    assert (figure.verdict, figure.reason) == ("not_assessed", "not_comparable")
    assert figure.latest == pytest.approx(86.3, abs=0.05)
    assert (figure.baseline, figure.change) == (None, None)
    for population in ("victims of all domestic offences", "victims of domestic violence"):
        assert population in figure.evidence


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("SP14A.satisfaction", "victims of theft from motor vehicles"),
        ("SP14B.satisfaction", "victims of theft of motor vehicles"),
    ],
)
def test_another_population_is_judged_and_flagged_where_the_plan_says_so(name, group, compute):
    figure = compute(name)
    assert figure.verdict in ("improved", "deteriorated")
    assert "Different populations: " in figure.note
    assert "victims of all vehicle crime" in figure.note
    assert group in figure.note


def test_a_baseline_of_zero_is_no_comparator_of_a_count(compute, evidence):
    def none(points):
        points.loc[points["period"] < "2013-04", "value"] = 0
        return points

    figure = compute("SP17.missing_storm", with_values(evidence, "missing_storm", none))
    assert (figure.verdict, figure.reason) == ("not_assessed", "no_comparator")
    assert (figure.latest, figure.pct_change) == (4305, None)


def test_a_latest_count_of_zero_is_judged(compute, evidence):
    def none(points):
        points.loc[points["period"] > "2014-06", "value"] = 0
        return points

    figure = compute("SP17.missing_storm", with_values(evidence, "missing_storm", none))
    assert (figure.latest, figure.pct_change, figure.verdict) == (0, -100, "improved")


# -------------------------------------------------------------------------------------------------- positions
@pytest.mark.parametrize(
    ("dated", "old"), [("2014-12-31", True), ("2015-03-31", True), ("2015-04-01", False), ("2015-06-30", False)]
)
def test_a_position_from_before_the_quarter_says_so(dated, old, compute, evidence):
    changed = with_values(evidence, "savings_realised", lambda points: points.assign(period=dated))
    figure = compute("SP18.realised", changed)
    assert figure.latest == pytest.approx(21.7)
    assert ("before the quarter began" in figure.note) is old


def test_the_savings_are_the_position_of_december_2014(compute):
    assert compute("SP18.realised").latest_period == "31 December 2014"
    assert compute("SP18.savings").baseline_period == "31 December 2014"


# ----------------------------------------------------------------------------------------------------- rules
@pytest.mark.parametrize("assessed", ["improved", "no_change", "deteriorated"])
def test_an_assessment_is_the_boards_whatever_the_polarity(assessed, compute, evidence):
    entry = evidence.params.assessments["SP16.training"].model_copy(update={"assessment": assessed})
    told = {**evidence.params.assessments, "SP16.training": entry}
    figure = compute(
        "SP16.training", replace(evidence, params=evidence.params.model_copy(update={"assessments": told}))
    )
    assert (figure.verdict, figure.reason) == (assessed, "")
    assert "Strategic Partnership Board" in figure.evidence


def with_learned(evidence, series, **columns):
    """Return evidence in which other errors were measured of a series."""
    table = evidence.calibration.copy()
    table.loc[table.index.get_level_values("series") == series, list(columns)] = list(columns.values())
    return replace(evidence, calibration=table)


def test_a_projection_is_held_to_the_table_of_past_errors(compute, evidence):
    # Theft of motor vehicles: 313, 340, 380 and 343 in the latest quarters after 1,164 in the four before. Of 2016/17
    # the first quarter lies one year after its like (343), the other three two years.
    growth = (313 + 340 + 380 + 343) / 1164
    middle = 343 * growth**0.4 + (313 + 340 + 380) * growth ** (0.4 * 2**0.5)
    assert middle == pytest.approx(1502.3, abs=0.05)
    # Student's t of 10 degrees of freedom reaches 2.228139 to both sides with 95%.
    changed = with_learned(evidence, "theft_of_vehicle", bias=0.05, spread=0.15, freedom=10.0)
    figure = compute("SP14B.offences", changed)
    assert figure.projected == pytest.approx(middle)
    ends = [middle * math.exp(0.05 + side * 2.228139 * 0.15) for side in (-1, 1)]
    assert (figure.lower_95, figure.upper_95) == pytest.approx(tuple(ends), rel=1e-6)
    assert (figure.interval_of, figure.projection_year, figure.verdict) == ("projected", "2016/17", "deteriorated")
    wide = with_learned(evidence, "theft_of_vehicle", spread=0.4)
    assert compute("SP14B.offences", wide).verdict == "no_change"


def test_the_verdicts_of_the_projections_with_the_shipped_table(compute):
    verdicts = {name: compute(f"{name}.offences").verdict for name in ("SP11", "SP12", "SP13", "SP14A", "SP14B")}
    assert verdicts == {name: "no_change" for name in verdicts} | {"SP14B": "deteriorated"}


def test_a_projection_without_past_errors_is_refused_by_name(compute, evidence):
    none = evidence.calibration.drop(index="theft_of_vehicle", level="series")
    assert "all" in none.index, "and the errors of all series together are no stand-in for a verdict"
    with pytest.raises(ConfigurationError, match=r"params/plan\.yml, series 'theft_of_vehicle', projection to 2016/17"):
        compute("SP14B.offences", replace(evidence, calibration=none))


def test_a_projection_sees_nothing_after_the_quarter(compute, evidence):
    def longer(points):
        later = points.iloc[-3:].assign(period=["2015-07", "2015-08", "2015-09"], value=9999)
        return pd.concat([points, later], ignore_index=True)

    changed = with_values(evidence, "theft_of_vehicle", longer)
    assert compute("SP14B.offences", changed).projected == compute("SP14B.offences").projected


def test_a_series_with_a_gap_cannot_be_projected(compute, evidence):
    changed = with_values(evidence, "theft_of_vehicle", lambda points: points[points["period"] != "2013-09"])
    with pytest.raises(ConfigurationError, match=r"'theft_of_vehicle', projection to 2016/17: found gaps .* Give"):
        compute("SP14B.offences", changed)


def test_a_year_out_of_reach_cannot_be_projected(evidence):
    with pytest.raises(ConfigurationError, match=r"2018/19.* found the year 2018/19, expected 2015/16 to 2017/18"):
        evidence.projection("theft_of_vehicle", "2018/19")


def test_the_evidence_says_whether_chance_explains_the_change(compute):
    # 0.7 points on about 400 responses is chance; 10.2 points on about 3,200 is not. The verdict is the rule's.
    chance, clear = compute("SP07.satisfaction"), compute("SP10.confidence")
    assert (chance.verdict, clear.verdict) == ("deteriorated", "improved")
    assert chance.lower_95 < 0 < chance.upper_95
    assert clear.lower_95 > 0
    assert "would be expected by chance" in chance.evidence
    assert "would not be expected by chance" in clear.evidence


def test_an_indicator_without_a_series_has_no_metric(compute):
    figure = compute("SP05.awareness")
    assert (figure.verdict, figure.reason, figure.unit) == ("not_assessed", "no_metric", None)
    assert "being developed" in compute("SP05.victim_outcome").note


# ------------------------------------------------------------------------------------------- scored or not
@pytest.mark.parametrize("name", ["SP15.child_sexual_exploitation", "SP17.absent_storm", "SP18.savings"])
def test_what_is_not_scored_has_no_verdict(name, compute):
    figure = compute(name)
    assert (figure.scored, figure.verdict, figure.reason) == (False, "", "")


def test_measures_have_no_verdict_and_are_not_scored(figures):
    measures = [figure for figure in figures.values() if figure.measure]
    assert len(measures) > 20
    for figure in measures:
        assert (figure.scored, figure.verdict, figure.reason, figure.rule) == (False, "", "", ""), figure.indicator


def test_every_scored_indicator_has_a_verdict_and_a_reason_where_it_has_none(figures):
    for figure in figures.values():
        if figure.scored:
            assert figure.verdict in VERDICTS, figure.indicator
            assert (figure.reason in REASONS) is (figure.verdict == "not_assessed"), figure.indicator


def test_the_change_is_latest_less_baseline(figures):
    for figure in figures.values():
        if figure.change is not None:
            assert figure.change == pytest.approx(figure.latest - figure.baseline)
        if figure.pct_change is not None:
            assert figure.unit == "count"
            assert figure.pct_change == pytest.approx(100 * figure.change / figure.baseline)


def test_a_headline_of_nothing_has_no_shares():
    counts = count_verdicts([])
    assert counts["scored"] == counts["improved"] == 0
    assert not [name for name in counts if name.endswith("_share")]
