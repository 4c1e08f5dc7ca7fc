"""The evidence beside a verdict, sentence by sentence; the numbers were worked out by hand."""

import dataclasses

import pytest

from panelpack.indicators.series import PeriodTotal
from panelpack.indicators.verdicts import Verdict, by_printed_precision, by_projection, by_significance, not_assessed
from panelpack.statistics.projection import Projection

CHANCE = "a change this size would be expected by chance."
BEYOND = "a change this size would not be expected by chance."


def count(*points):
    return PeriodTotal(float(sum(points)), "a period", points=tuple(map(float, points)))


def survey(satisfied, asked):
    return PeriodTotal(100 * satisfied / asked, "a period", successes=float(satisfied), base=float(asked))


@pytest.mark.parametrize(
    ("baseline", "latest", "verdict", "evidence"),
    [
        pytest.param(
            # Pearson's chi-squared is 2 around 100 and 4 around 50, with a degree of freedom each.
            count(90, 110),
            count(40, 60),
            "improved",
            "Change −50.0%, 95% interval −67.0% to −24.2%, allowing for a dispersion of 3.0 times Poisson: " + BEYOND,
            id="over-dispersed",
        ),
        pytest.param(
            count(100, 100, 100, 100),
            count(50, 50, 50, 50),
            "improved",
            "Change −50.0%, 95% interval −57.8% to −40.8%, allowing for a dispersion of 1.0 times Poisson: " + BEYOND,
            id="never less than Poisson",
        ),
        pytest.param(
            count(100),
            count(105),
            "no_change",
            "Change +5.0%, 95% interval −20.2% to +38.1%, taking the counts as Poisson, for there are too few points "
            "to estimate a dispersion: " + CHANCE,
            id="one point each",
        ),
        pytest.param(
            count(12),
            count(2),
            "improved",
            "Change −83.3%, 95% interval −98.2% to −25.1%, exact for Poisson counts, for they are small: " + BEYOND,
            id="small counts, exact",
        ),
        pytest.param(
            count(8),
            count(0),
            "improved",
            "Change −100.0%, 95% interval −100.0% to −41.4%, exact for Poisson counts, for they are small: " + BEYOND,
            id="down to nothing",
        ),
    ],
)
def test_a_count_is_judged_by_significance(baseline, latest, verdict, evidence):
    found = by_significance(baseline, latest, "lower")
    assert (found.verdict, found.reason, found.evidence) == (verdict, "", evidence)
    assert found.interval_of == "pct_change"


def test_the_paper_s_violence_is_beyond_chance_only_as_poisson():
    """4,609 against 4,365: a plain Poisson test calls it significant, the dispersion of real months does not."""
    poisson = by_significance(count(4365), count(4609), "lower")
    assert (poisson.verdict, f"{poisson.lower_95:.2f}") == ("deteriorated", "1.31")
    swings = (-40, 40) * 6
    baseline = count(*(4365 / 12 + swing for swing in swings))
    latest = count(*(4609 / 12 + swing for swing in swings))
    dispersed = by_significance(baseline, latest, "lower")
    assert dispersed.verdict == "no_change"
    assert "a dispersion of 4.7 times Poisson" in dispersed.evidence


def test_small_counts_do_not_claim_a_dispersion_that_their_exact_interval_leaves_out():
    found = by_significance(count(1, 11), count(0, 2), "lower")
    assert (f"{found.lower_95:.1f}", f"{found.upper_95:.1f}") == ("-98.2", "-25.1")
    assert "allowing for a dispersion" not in found.evidence


@pytest.mark.parametrize("latest", [count(0), count(12), count(3, 4)])
def test_a_baseline_of_zero_is_no_comparator(latest):
    found = by_significance(count(0), latest, "lower")
    assert found == Verdict("not_assessed", "no_comparator", "The baseline is zero, so no change in percent exists.")


@pytest.mark.parametrize(
    ("baseline", "latest", "verdict", "evidence"),
    [
        (
            survey(842, 1000),
            survey(835, 1000),
            "deteriorated",
            "Change −0.7 percentage points as printed, on 1,000 responses against 1,000; 95% interval −3.9 to +2.5: "
            + CHANCE,
        ),
        (
            survey(800, 1000),
            survey(700, 1000),
            "deteriorated",
            "Change −10.0 percentage points as printed, on 1,000 responses against 1,000; 95% interval −13.7 to −6.2: "
            + BEYOND,
        ),
        (
            survey(835, 1000),
            survey(1670, 2000),
            "no_change",
            "Change 0.0 percentage points as printed, on 2,000 responses against 1,000; 95% interval −2.8 to +2.9: "
            + CHANCE,
        ),
    ],
)
def test_a_survey_is_judged_as_printed_and_chance_stands_beside_it(baseline, latest, verdict, evidence):
    found = by_printed_precision(baseline, latest, "higher")
    assert (found.verdict, found.reason, found.evidence) == (verdict, "", evidence)
    assert (found.interval_of, found.projected) == ("change", None)


def test_one_percentage_point_is_singular():
    found = by_printed_precision(survey(800, 1000), survey(810, 1000), "higher")
    assert found.evidence.startswith("Change +1.0 percentage point as printed, ")


FUTURE = Projection(1000.4, 899.6, 1200.4, 950, 1100, year="2016/17", origin="2015Q1", learned_from="a")


@pytest.mark.parametrize(
    ("baseline", "verdict", "place"),
    [(900, "no_change", "inside"), (1200, "no_change", "inside"), (899, "deteriorated", "outside"),
     (1201, "improved", "outside")],
)  # fmt: skip
def test_recorded_crime_is_judged_by_the_projected_year(baseline, verdict, place):
    found = by_projection(count(baseline), FUTURE, "lower")
    assert found.evidence == (
        "Projected total for 2016/17 1,000, 95% prediction interval 900 to 1,200: "
        f"the baseline of {baseline:,} lies {place} it."
    )
    assert (found.verdict, found.projected, found.lower_95, found.upper_95) == (verdict, 1000.4, 899.6, 1200.4)
    assert (found.interval_of, found.reason) == ("projected", "")


def test_a_higher_projection_is_good_where_higher_is_better_and_no_change_has_no_direction():
    assert by_projection(count(899), FUTURE, "higher").verdict == "improved"
    assert by_projection(count(1201), FUTURE, "higher").verdict == "deteriorated"
    assert by_projection(count(1000), FUTURE, "higher").verdict == "no_change"


def test_what_may_not_be_judged_has_a_reason_and_no_number():
    found = not_assessed("embargoed", "Not released yet.")
    numbers = {k: v for k, v in dataclasses.asdict(found).items() if k not in ("verdict", "reason", "evidence")}
    assert (found.verdict, found.reason, found.evidence) == ("not_assessed", "embargoed", "Not released yet.")
    assert set(numbers.values()) == {None, ""}
