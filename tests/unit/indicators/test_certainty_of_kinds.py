"""How sure verdicts are by target, band and grade, and of figures that nothing is known of."""

from dataclasses import replace

import pytest

from panelpack.config.parameters import Availability
from panelpack.config.plan import Bands as DeclaredBands
from panelpack.config.plan import Target
from panelpack.config.series import OrdinaryMovement, Redefinition, Spread
from panelpack.indicators import certainty
from panelpack.rules.milestones import constant_target, target_direction, target_on_path
from panelpack.rules.rule import RULES, Context
from panelpack.rules.steps import Bands, Step
from panelpack.rules.verdict import CLEAR, PeriodTotal
from panelpack.statistics.significance import stand_out

COUNTED, SURVEY = "SP17.missing_storm", "SP07.satisfaction"
STEPS = (Step("Green", "improved", at_most=-10), Step("Amber", "no_change", at_most=5), Step("Red", "deteriorated"))


def share(satisfied, asked=1000):
    return PeriodTotal(100 * satisfied / asked, "a year", satisfied, asked, kind="share")


def count(*points):
    return PeriodTotal(float(sum(points)), "a year", points=tuple(map(float, points)), kind="count")


def bare(kind, value=10.0, **more):
    return PeriodTotal(value, "a year", kind=kind, **more)


@pytest.fixture
def sure(data, monkeypatch):
    """Return a function that judges two totals by a rule of an indicator, and says how sure the verdict is."""

    def of(name, rule, baseline, latest, *, stands=None, changes=None, office=None, **context):
        of_office = office or data
        target = context.get("target")
        declared = {"target": Target(direction="lower") if target and target.direction else target and Target(value=1)}
        if bands := context.get("bands"):
            steps = [{"word": step.word, "counts_as": step.counts_as} for step in bands.steps]
            declared["bands"] = DeclaredBands.model_validate({"of": bands.of, "steps": steps})
        figure = of_office.plan.figures[name].model_copy(update={"rule": rule, **declared, **(changes or {})})
        form = of_office.plan.form(figure)
        verdict = RULES[rule].judge(baseline, latest, Context(figure.polarity, form=form, **context))
        monkeypatch.setattr(certainty, "totals_compared", lambda *_: (baseline, latest))
        if stands is None and verdict.p_value is not None:
            (stands,) = stand_out([verdict.p_value])
        return verdict.verdict, certainty.how_sure(figure, verdict, replace(of_office, origins={}), stands)

    return of


# ------------------------------------------------------------------------------------------------ a target
@pytest.mark.parametrize(
    ("satisfied", "verdict", "state", "reason"),
    [
        (930, "met", "clear", "Clear: all of its 95% interval, 91.2% to 94.4%, is better than asked."),
        (905, "met", "chance", "Could be chance: its 95% interval, 88.5% to 92.2%, has what was asked inside "
         "it."),
        (895, "missed", "chance", "Could be chance: its 95% interval, 87.4% to 91.3%, has what was asked inside "
         "it."),
        (850, "missed", "clear", "Clear: all of its 95% interval, 82.7% to 87.1%, is worse than asked."),
    ],
)  # fmt: skip
def test_a_target_is_clearly_met_where_the_interval_lies_on_one_side(satisfied, verdict, state, reason, sure):
    found, how = sure(SURVEY, "target", None, share(satisfied), target=constant_target(90))
    assert (found, how.how_sure, how.reason, how.basis) == (verdict, state, reason, "counted")


@pytest.mark.parametrize(("satisfied", "state"), [(860, "chance"), (890, "clear")])
def test_on_course_is_held_against_the_milestone_of_now(satisfied, state, sure):
    path = target_on_path({"2014/15": 85, "2015/16": 95}, "2014/15")
    found, how = sure(SURVEY, "target", None, share(satisfied), target=path)
    assert (found, how.how_sure) == ("on_course", state)


def test_a_target_is_one_of_the_comparisons_of_a_pack(sure):
    found, how = sure(SURVEY, "target", None, share(925), target=constant_target(90), stands=False)
    assert (found, how.how_sure) == ("met", "chance")
    assert how.reason == (
        "Could be chance: among the comparisons of a pack, a figure as close to its threshold comes up by chance."
    )


@pytest.mark.parametrize(("asked", "state"), [(400, "clear"), (330, "chance")])
def test_a_count_against_its_target_has_a_margin_too(asked, state, sure):
    found, how = sure(COUNTED, "target", None, count(70, 80, 75, 75), target=constant_target(asked))
    assert (found, how.how_sure) == ("met", state)


def test_a_direction_is_a_change_and_so_may_be_ordinary(sure):
    fell = {latest: sure(COUNTED, "target", count(*[400] * 12), count(*[latest] * 12),
                         target=target_direction("lower")) for latest in (396, 350, 200)}  # fmt: skip
    assert {latest: (verdict, how.how_sure) for latest, (verdict, how) in fell.items()} == {
        396: ("met", "chance"), 350: ("met", "ordinary_movement"), 200: ("met", "clear"),
    }  # fmt: skip


# -------------------------------------------------------------------------------------------------- bands
LEVELS = Bands("latest", (Step("Good", "met", at_least=85), Step("Poor", "missed")))


@pytest.mark.parametrize(("satisfied", "state"), [(930, "clear"), (860, "chance"), (840, "chance"), (700, "clear")])
def test_a_figure_is_clearly_in_its_band_where_all_of_its_interval_is(satisfied, state, sure):
    _, how = sure(SURVEY, "bands", None, share(satisfied), bands=LEVELS)
    assert how.how_sure == state
    assert how.reason.endswith(", lies in this band." if state == CLEAR else ", reaches into another band.")


@pytest.mark.parametrize(
    ("latest", "verdict", "state"),
    [(88, "improved", "ordinary_movement"), (60, "improved", "clear"), (100, "no_change", "clear"),
     (104, "no_change", "clear"), (105, "no_change", "chance"), (160, "deteriorated", "clear")],
)  # fmt: skip
def test_a_band_of_change_that_counts_as_a_change_may_be_ordinary(latest, verdict, state, sure):
    totals = count(*[10_000] * 12), count(*[100 * latest] * 12)
    found, how = sure(COUNTED, "bands", *totals, bands=Bands("pct_change", STEPS))
    assert (found, how.how_sure) == (verdict, state)


# ------------------------------------------------------------------------------- what nothing is known of
UNKNOWN = {
    "share": "Not tested: no claim can be made without the number that it is out of.",
    "rate": "Not tested: no claim can be made without the counts behind the rate.",
    "duration": "Not tested: no claim can be made of a median without the single times behind it.",
    "stock": "Not tested: it is a level at a time and no count of events, and how far it moves by itself is not known.",
    "money": "Not tested: an amount of money is no sample, and how far it moves by itself is not known.",
    "index": "Not tested: no claim can be made of a score without the figures that it was made of.",
}


@pytest.mark.parametrize("kind", UNKNOWN)
@pytest.mark.parametrize("latest", [8.0, 10.0, 12.0])
@pytest.mark.parametrize("rule", ["target", "direction", "bands", "bands of change"])
def test_a_figure_without_a_margin_has_a_verdict_and_no_claim(rule, latest, kind, sure):
    asked = {
        "target": {"target": constant_target(10)},
        "direction": {"target": target_direction("lower")},
        "bands": {"bands": LEVELS},
        "bands of change": {"bands": Bands("change", STEPS)},
    }[rule]
    name = "bands" if "bands" in asked else "target"
    totals = [bare(kind, value, statistic="median" if kind == "duration" else "") for value in (10.0, latest)]
    verdict, how = sure(COUNTED, name, *totals, **asked)
    assert verdict and (how.how_sure, how.reason, how.basis) == ("not_tested", UNKNOWN[kind], "")


@pytest.mark.parametrize(("latest", "verdict"), [(78.6, "deteriorated"), (84.2, "no_change"), (88.0, "improved")])
def test_a_survey_without_the_number_of_answers_makes_no_claim(latest, verdict, sure):
    found, how = sure(SURVEY, "printed_precision", bare("share", 84.2), bare("share", latest))
    assert (found, how.how_sure, how.reason) == (verdict, "not_tested", UNKNOWN["share"])


def test_nor_does_one_of_which_only_one_number_is_known(sure):
    for totals in ((share(800), bare("share", 60.0)), (bare("share", 60.0), share(800))):
        assert sure(SURVEY, "printed_precision", *totals)[1].reason == UNKNOWN["share"]


def test_a_mean_time_is_called_one(sure):
    mean = bare("duration", 12.0, statistic="mean", base=4000)
    _, how = sure(COUNTED, "target", None, mean, target=constant_target(10))
    assert how.reason == "Not tested: no claim can be made of a mean without the single times behind it."


@pytest.mark.parametrize(("latest", "verdict"), [(0, "deteriorated"), (1, "no_change"), (2, "improved")])
def test_a_grade_is_a_judgement(latest, verdict, sure, data):
    words = ["Inadequate", "Requires improvement", "Good"]
    spec = data.plan.series["missing_storm"].model_copy(update={"kind": "grade", "grades": words})
    plan = data.plan.model_copy(update={"series": {**data.plan.series, "missing_storm": spec}})
    office = replace(data, office=replace(data.office, plan=plan))
    found, how = sure(COUNTED, "grade", bare("grade", 1), bare("grade", latest), office=office)
    assert (found, how.how_sure) == (verdict, "not_tested")
    assert how.reason == "Not tested: a grade is a judgement, and no figures were compared."


def test_a_change_in_percent_of_a_share_has_no_interval(sure):
    _, how = sure(SURVEY, "bands", share(800), share(900), bands=Bands("pct_change", STEPS))
    assert how.reason == "Not tested: no claim can be made of a change in percent of such a figure."


# ------------------------------------------------------------------------------------------- own intervals
@pytest.mark.parametrize(
    ("latest", "half", "verdict", "state"),
    [(70.0, 3.0, "deteriorated", "clear"), (79.0, 3.0, "deteriorated", "chance"), (80.0, 1.0, "no_change", "steady"),
     (80.0, 9.0, "no_change", "cannot_tell")],
)  # fmt: skip
def test_a_survey_with_its_own_interval_is_held_to_it(latest, half, verdict, state, sure):
    before, now = (
        PeriodTotal(v, "a year", lower=v - h, upper=v + h, kind="share") for v, h in ((80, 1), (latest, half))
    )
    found, how = sure(SURVEY, "printed_precision", before, now)
    assert (found, how.how_sure) == (verdict, state)


# ------------------------------------------------------------------------------------------ rates and means
def test_a_rate_moves_as_its_cases_do(sure):
    def rates(latest):
        return [PeriodTotal(12 * n / 97.3, "a year", points=(float(n),) * 12, per=97.3, count=12.0 * n, kind="rate")
                for n in (400, latest)]  # fmt: skip

    def counts(latest):
        return [count(*[n] * 12) for n in (400, latest)]

    for latest in (396, 350, 200, 420, 700):
        assert sure(COUNTED, "significance", *rates(latest)) == sure(COUNTED, "significance", *counts(latest))


def test_a_mean_of_years_is_as_far_away_as_its_years_are_in_the_mean(sure, data):
    # A year against the mean of 2010/11 to 2012/13: to March 2013, 2012 and 2011 it is 2.25, 3.25 and 4.25 years.
    compare = data.plan.figures[COUNTED].compare.model_copy(update={"baseline": "mean of 2010/11 to 2012/13"})
    mean = PeriodTotal(4800.0, "mean", points=(400.0,) * 36, exposure=3, kind="count")
    found, how = sure(COUNTED, "significance", mean, count(*[150] * 12), changes={"compare": compare})
    assert (found, how.how_sure) == ("improved", "clear")
    assert "a fall of 62%" in how.reason and "over 3 years and 3 months" in how.reason
    stated = OrdinaryMovement(spreads=[Spread(years=1, percent=60)], reason="it moves a lot")
    spec = data.plan.series["missing_storm"].model_copy(update={"ordinary": stated})
    plan = data.plan.model_copy(update={"series": {**data.plan.series, "missing_storm": spec}})
    office = replace(data, office=replace(data.office, plan=plan))
    _, how = sure(COUNTED, "significance", mean, count(*[150] * 12), changes={"compare": compare}, office=office)
    assert how.how_sure == "ordinary_movement"


# ------------------------------------------------------------------------------------------ what comes first
def test_a_provisional_source_comes_before_a_target_and_before_what_is_not_tested(sure, data):
    entry = Availability(status="provisional", reason="Late returns.")
    table = data.plan.series[data.plan.figures[SURVEY].series].table
    parameters = data.parameters.model_copy(update={"availability": {table: entry}})
    office = replace(data, office=replace(data.office, parameters=parameters))
    for latest in (share(930), bare("share", 93.0)):
        _, how = sure(SURVEY, "target", None, latest, target=constant_target(90), office=office)
        assert how.how_sure == "provisional"


@pytest.mark.parametrize("direction", [True, False])
def test_a_redefinition_matters_only_where_the_baseline_does(direction, sure, data):
    redefined = [Redefinition.model_validate({"from": "2014-01", "reason": "Reports by telephone count too."})]
    spec = data.plan.series["missing_storm"].model_copy(update={"redefined": redefined})
    plan = data.plan.model_copy(update={"series": {**data.plan.series, "missing_storm": spec}})
    office = replace(data, office=replace(data.office, plan=plan))
    target = target_direction("lower") if direction else constant_target(4000)
    _, how = sure(COUNTED, "target", count(*[400] * 12), count(*[200] * 12), target=target, office=office)
    assert how.how_sure == ("not_like_with_like" if direction else "clear")
