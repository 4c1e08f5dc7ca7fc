"""The rule for counts: changed when the 95% interval of the change excludes no change."""

from math import isfinite

from panelpack.formats import interval_words, number, percent, percent_change
from panelpack.rules.intervals import of_pct_change, spread_of
from panelpack.rules.rule import WHOLE_RANGE, Context, Named, Rule, by_side
from panelpack.rules.verdict import BEYOND_CHANCE, CHANCE, NO_CHANGE, PeriodTotal, Verdict, by_direction, not_assessed
from panelpack.statistics.significance import LARGE_COUNT, LEVEL, SMALL_COUNT, Dispersion, p_value

CORRECTED = "corrections took off more than was counted, so there is no change to judge."


class Significance(Rule):
    """A count or a rate against its baseline, with the dispersion that the data show."""

    name = "significance"
    kinds = frozenset({"count", "rate"})
    title = "Count against its baseline"
    key = ("Rule: count", "All of the 95% range of the change lies on one side of no change")
    needs_counts = True
    takes_neither = True
    has_test = True
    rests_on = ("value", "points")
    methods = """\
**Counts against the baseline.** Better or worse when the 95% interval of the change excludes no change. log(latest /
baseline) has the variance dispersion × (1 / latest + 1 / baseline), and Student's t the degrees of freedom of the
dispersion: Pearson's chi-squared of the months or quarters around the mean of their period (quasi-Poisson: McCullagh
and Nelder 1989, section 6.2). Small counts, and any from zero, have the exact interval of both together (Clopper and
Pearson 1934), the dispersion kept; counts somewhat larger go over from one to the other. A baseline that is the mean of
several years counts with all their cases, by exposure (Przyborowski and Wilenski 1940). A rate is judged by the cases
behind it, its population taken as known.
"""
    weakness = (
        "It knows how counts vary inside a year, not how they move between years, so how sure a result is stands "
        "beside it."
    )

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return the verdict by the interval of the change in percent; from zero, by the exact test."""
        assert baseline is not None and latest is not None  # the plan's checks and `compute` see to it
        for total in (latest, baseline):
            if total.value < 0:
                return not_assessed("not_comparable", f"{context.form.words(total.value)}: {CORRECTED}")
        interval = of_pct_change(latest, baseline)
        assert interval is not None  # a rate without the count behind it is refused by the plan's checks
        spread, change, chance = spread_of(latest, baseline), interval(LEVEL), p_value(interval)
        by_chance = BEYOND_CHANCE if change.excludes_none else CHANCE
        verdict = NO_CHANGE
        if change.excludes_none:
            verdict = by_direction(latest.value - baseline.value, context.polarity)
        words = context.form.words
        if not baseline.value:
            evidence = (
                f"From {words(baseline.value)} to {words(latest.value)}, so no change in percent exists; by the exact "
                f"test, {by_chance}."
            )
            return Verdict(verdict, "", evidence, p_value=chance)
        allowing = _allowing_for(spread, min(latest.counted, baseline.counted), "points" in context.assumed)
        evidence = (
            f"Change {percent_change(100 * (latest.value / baseline.value - 1))}, {percent(100 * LEVEL, 0)} "
            f"interval {interval_words(change.lower, change.upper, '%')}, {allowing}: {by_chance}."
        )
        return Verdict(verdict, "", evidence, change.lower, change.upper, "pct_change", p_value=chance)

    def criterion(self, context: Context, named: Named) -> str:
        """Say that the whole range of the change must lie on one side of no change."""
        return by_side(context, WHOLE_RANGE, "lies above 0", "lies below 0")


def _allowing_for(spread: Dispersion, smaller: float, is_assumed: bool) -> str:
    """Say which dispersion an interval allows for, and whether it was measured."""
    told = smaller / spread.factor
    exact = "exact, " if told <= SMALL_COUNT else "partly exact, " if told < LARGE_COUNT else ""
    if not isfinite(spread.degrees_of_freedom):
        return f"{exact}as if chance alone moved the counts, for there are too few points to tell"
    source = " (months or quarters that are assumed)" if is_assumed else ""
    return f"{exact}allowing for counts that vary {number(spread.factor, 1)} times as much as by chance alone{source}"
