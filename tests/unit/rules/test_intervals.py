"""Which interval a figure has, by what is known of it."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from panelpack.formats import Form
from panelpack.kinds import KINDS
from panelpack.rules.intervals import as_printed, is_counted, of_change, of_latest, of_pct_change, span_words, writer
from panelpack.rules.milestones import constant_target, target_direction
from panelpack.rules.rule import RULES, Context
from panelpack.rules.verdict import PeriodTotal
from panelpack.statistics.significance import LEVEL, Interval, p_value

COUNT = PeriodTotal(480, "a year", points=(100, 140, 110, 130), kind="count")
RATE = PeriodTotal(4.8, "a year", points=(100, 140, 110, 130), per=100.0, count=480, kind="rate")
SHARE = PeriodTotal(81.0, "a year", successes=81, base=100, kind="share")
SUPPLIED = PeriodTotal(78.6, "a year", base=397, kind="share")
OWN = PeriodTotal(78.6, "a year", base=397, lower=74.1, upper=82.2, kind="share")
WITHOUT = [
    PeriodTotal(78.6, "a year", kind="share"),
    PeriodTotal(7.2, "a year", kind="rate"),
    PeriodTotal(5200, "a day", kind="stock"),
    PeriodTotal(10.2, "a year", kind="duration", statistic="median"),
    PeriodTotal(10.2, "a year", base=12000, kind="duration", statistic="mean"),
    PeriodTotal(27.8, "a year", kind="money"),
    PeriodTotal(103.4, "a year", kind="index"),
    PeriodTotal(2, "a day", kind="grade"),
    PeriodTotal(78.6, "a year", points=(78.6,), kind="share"),
    PeriodTotal(-52, "a quarter", points=(-60, 4, 4), kind="count"),
]


@pytest.mark.parametrize("total", WITHOUT, ids=lambda total: f"{total.kind} {total.base}")
def test_what_tells_nothing_of_its_margin_has_none(total):
    assert of_latest(total) is None and of_change(total, total) is None and of_pct_change(total, total) is None


def test_a_share_has_that_of_its_answers_and_a_supplied_one_that_of_its_base():
    for total, share in ((SHARE, 81), (SUPPLIED, 78.6)):
        ends = proportion_confint(share / 100 * total.base, total.base, method="wilson")
        found = of_latest(total)(LEVEL)
        assert (found.lower, found.upper) == pytest.approx(tuple(100 * end for end in ends))


def test_the_change_of_a_supplied_share_is_newcombes_of_its_unrounded_product():
    ends = confint_proportions_2indep(0.786 * 397, 397, 0.842 * 388, 388, compare="diff", method="newcomb")
    before = PeriodTotal(84.2, "a year", base=388, kind="share")
    found = of_change(SUPPLIED, before)(LEVEL)
    assert (found.lower, found.upper) == pytest.approx(tuple(100 * end for end in ends), abs=1e-9)
    rounded = confint_proportions_2indep(312, 397, 327, 388, compare="diff", method="newcomb")
    assert found.lower != pytest.approx(100 * rounded[0], abs=1e-3)  # 312.042 of 397 and 326.696 of 388


def test_a_surveys_own_interval_comes_first_in_both():
    assert of_latest(OWN)(LEVEL) == Interval(78.6 - (78.6 - 74.1), 78.6 + (82.2 - 78.6))
    # Half widths: 4.5 down and 3.6 up of the latest, those of Wilson's of 84.2% of 388 of the other.
    low, high = (100 * end for end in proportion_confint(0.842 * 388, 388, method="wilson"))
    found = of_change(OWN, PeriodTotal(84.2, "a year", base=388, kind="share"))(LEVEL)
    assert found.lower == pytest.approx(-5.6 - np.hypot(4.5, high - 84.2))
    assert found.upper == pytest.approx(-5.6 + np.hypot(3.6, 84.2 - low))


def test_one_share_without_its_base_leaves_the_change_without_an_interval():
    assert of_change(SHARE, WITHOUT[0]) is None and of_change(WITHOUT[0], OWN) is None


@pytest.mark.parametrize("points", [(100, 140, 110, 130), (30, 41, 38, 44)], ids=str)
def test_the_margin_of_a_rate_is_that_of_a_quasi_poisson_regression_with_its_population(points):
    count, per = float(sum(points)), 97.3
    rate = PeriodTotal(count / per, "a year", points=points, per=per, count=count, kind="rate")
    offset = np.full(4, np.log(per / 4))  # a quarter of the year's exposure a point
    fitted = sm.GLM(np.array(points), np.ones(4), family=sm.families.Poisson(), offset=offset).fit(
        scale="X2", tol=1e-12, use_t=True
    )
    found = of_latest(rate)(LEVEL)
    if fitted.scale >= 1:  # a smaller dispersion is taken as that of Poisson counts
        assert (found.lower, found.upper) == pytest.approx(tuple(np.exp(fitted.conf_int()[0])), rel=1e-6)
    assert found.lower < rate.value < found.upper


def test_a_rate_changes_in_percent_as_its_cases_do_where_the_population_is_the_same():
    before = PeriodTotal(5.6, "a year", points=(150, 130, 140, 140), per=100.0, count=560, kind="rate")
    counts = [PeriodTotal(t.count, t.words, points=t.points, kind="count") for t in (RATE, before)]
    assert of_pct_change(RATE, before)(LEVEL) == of_pct_change(*counts)(LEVEL)
    absolute = of_change(RATE, before)(LEVEL)
    assert absolute.lower < 4.8 - 5.6 < absolute.upper


def test_a_larger_population_is_allowed_for():
    # 480 cases among 120,000 are 4.0 a thousand, against 4.8 of 480 among 100,000: a sixth less.
    later = PeriodTotal(4.0, "a year", points=RATE.points, per=120.0, count=480, kind="rate")
    found = of_pct_change(later, RATE)(LEVEL)
    middle = 100 * (np.sqrt((1 + found.lower / 100) * (1 + found.upper / 100)) - 1)
    assert middle == pytest.approx(-100 / 6)


def test_a_year_against_a_mean_of_three_is_against_all_their_cases():
    mean = PeriodTotal(1000 / 3, "mean", points=(250, 250, 250, 250), exposure=3, kind="count")
    assert mean.counted == 1000  # a third of it times three
    found = of_pct_change(COUNT, mean)(LEVEL)
    middle = 100 * (np.sqrt((1 + found.lower / 100) * (1 + found.upper / 100)) - 1)
    assert middle == pytest.approx(100 * (480 / (1000 / 3) - 1))
    single = of_pct_change(COUNT, PeriodTotal(333, "a year", points=(83, 83, 83, 84), kind="count"))(LEVEL)
    assert found.upper - found.lower < single.upper - single.lower  # three years tell more than one


def test_a_mean_of_shares_is_compared_as_it_is_printed():
    # The mean of 80% of 100 and 90% of 300 is 85%, though together they are 350 of 400.
    mean = PeriodTotal(85.0, "mean", successes=350, base=400, exposure=2, kind="share")
    found = of_change(SHARE, mean)(LEVEL)
    ends = confint_proportions_2indep(81, 100, 340, 400, compare="diff", method="newcomb")
    assert (found.lower, found.upper) == pytest.approx(tuple(100 * end for end in ends), abs=1e-9)


def test_a_target_that_is_the_end_of_an_interval_has_the_p_value_of_its_level():
    # Wilson's interval turned round is the score test: z = (0.93 - 0.9) / sqrt(0.9 x 0.1 / 1000) = 3.1623.
    latest = PeriodTotal(93.0, "a year", successes=930, base=1000, kind="share")
    interval = of_latest(latest)
    p = p_value(lambda level: Interval(interval(level).lower - 90, interval(level).upper - 90))
    assert p == pytest.approx(0.0015654, rel=1e-4)


def test_which_figures_are_counted():
    assert is_counted(COUNT) and is_counted(RATE)
    assert not any(is_counted(total) for total in (*WITHOUT, SHARE, SUPPLIED, OWN))


def test_every_kind_has_a_rule_that_judges_it():
    judged = set().union(*(rule.kinds for rule in RULES.values()))
    assert judged == {*KINDS, "assessment"}
    assert {name for name, rule in RULES.items() if "stock" in rule.kinds} == {"target", "bands"}


def test_the_words_of_an_interval_have_the_unit_once():
    minutes, share = Form("minutes", 1), Form("percent", 1)
    assert span_words(8.1, 9.4, writer("latest", minutes)) == "8.1 to 9.4 minutes"
    assert span_words(8.1, 9.4, writer("latest", share)) == "8.1% to 9.4%"
    assert span_words(-8.1, 9.4, writer("change", share)) == "−8.1 to +9.4 pts"
    assert span_words(-8.1, float("inf"), writer("pct_change", share)) == "−8% to more than +1,000%"


@pytest.mark.parametrize(
    ("value", "printed"), [(0.25, 0.3), (-0.25, -0.3), (float("inf"), float("inf")), (1e300, 1e300)]
)
def test_what_cannot_be_printed_is_left_as_it_is(value, printed):
    assert as_printed(value, 1) == printed


@pytest.mark.parametrize("points", [(0, 1), (1, 0), (3, 400), (1, 1)], ids=str)
def test_two_points_that_tell_next_to_nothing_still_have_an_interval(points):
    latest = PeriodTotal(float(sum(points)), "a year", points=points, kind="count")
    for target in map(constant_target, (0.0, 1.0, 500.0)):
        found = RULES["target"].judge(None, latest, Context("lower", target=target))
        assert found.lower_95 <= latest.value <= found.upper_95 and 0 < found.p_value <= 1


@pytest.mark.parametrize("totals", [(-52, 40), (40, -52), (-3, -52)], ids=str)
def test_corrections_that_outweigh_what_was_counted_are_not_judged_as_counts(totals):
    baseline, latest = (PeriodTotal(n, "a quarter", points=(n - 40.0, 20.0, 20.0), kind="count") for n in totals)
    found = RULES["significance"].judge(baseline, latest, Context("lower"))
    assert (found.verdict, found.reason) == ("not_assessed", "not_comparable")
    assert found.evidence.endswith("corrections took off more than was counted, so there is no change to judge.")
    for target in (constant_target(30), target_direction("lower")):
        found = RULES["target"].judge(baseline, latest, Context("lower", target=target))
        assert found.verdict in ("met", "missed")
        assert (found.p_value is None) is (target.direction != "" or latest.value < 0)


def test_one_month_below_zero_is_data():
    baseline, latest = (PeriodTotal(float(sum(points)), "a year", points=points, kind="count")
                        for points in ((-5, 160, 150, 155), (300, 310, 290, 305)))  # fmt: skip
    found = RULES["significance"].judge(baseline, latest, Context("lower"))
    assert found.verdict in ("deteriorated", "no_change") and found.p_value is not None
