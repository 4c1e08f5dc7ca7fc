"""The rule for recorded crime: changed when the projected total of a year differs materially from the baseline."""

from panelpack.formats import number, percent_change, plain_percent, rounded
from panelpack.rules.rule import Context, Named, Rule, by_side
from panelpack.rules.verdict import NO_CHANGE, PeriodTotal, Verdict, by_direction, not_assessed


class ProjectedYear(Rule):
    """The projected total of a year against the baseline: changed when they differ by more than the plan's share."""

    name = "projection"
    kinds = frozenset({"count"})
    title = "Projected year against the baseline"
    key = (
        "Rule: projection",
        "The projected total of the year differs from the baseline by more than the plan's share",
    )
    needs_projection_year = True
    rests_on = ("value",)
    methods = """\
**Projections.** Better or worse when the projected total of the year differs from the baseline by more than the share
that the plan calls material. The total is what is counted of the year and a forecast F of what is still to come: in the
year under way by exponential smoothing of seasonally adjusted logarithms (Brown 1959), in a later year the latest 12
months L. The ends of the 95% interval are what is counted plus F × exp(± t × width × √(v + d × (1/F + 1/L))). v is the
variance of log(recorded / forecast) beyond chance that such forecasts had for other forces, shrunk towards that of all
offences (Makridakis, Spiliotis and Assimakopoulos 2020); it follows how restless their totals are of late, and grows
with time for a later year. d is chance, so that a small force's interval is wider. t is Student's, by the years
seen.
"""
    weakness = "Few years are seen, and forces err together; a change of recording or a lockdown is not foreseen."

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return the verdict by how far the projected total lies from the baseline; of zero there is no share."""
        assert baseline is not None and context.project is not None  # the plan's checks and `compute` see to it
        if baseline.value <= 0:
            words = "The baseline is not above zero" if baseline.value else "The baseline is zero"
            return not_assessed("no_comparator", f"{words}, so no share of it exists.")
        future = context.project()
        change = 100 * (future.total / baseline.value - 1)
        least = 100 * context.material
        is_material = abs(rounded(change, 1)) > rounded(least, 1)
        verdict = by_direction(change, context.polarity) if is_material else NO_CHANGE
        ends = (baseline.value, future.lower_95, future.upper_95)
        moved = percent_change(change, beside=(-least, least))
        evidence = (
            f"Projected total for {future.year} {number(future.total)}, {moved} on the baseline: "
            f"{'more' if is_material else 'not more'} than the {plain_percent(least)} that the plan "
            f"takes as material. 95% prediction interval {number(future.lower_95)} to {number(future.upper_95)}: "
            f"the baseline of {number(baseline.value)} lies {'inside' if is_inside(*ends) else 'outside'} "
            "it."
        )
        return Verdict(verdict, "", evidence, future.lower_95, future.upper_95, "projected", future.total)

    def criterion(self, context: Context, named: Named) -> str:
        """Say how far the forecast must lie from the baseline."""
        share, baseline = plain_percent(100 * context.material), named.baseline or "the baseline"
        what, far = f"the forecast for {named.year}", f"is more than {share}"
        return by_side(context, what, f"{far} above", f"{far} below", baseline)


def is_inside(baseline: float, lower: float, upper: float) -> bool:
    """Whether a baseline lies inside an interval of a projected total, all as they are printed."""
    return rounded(lower) <= rounded(baseline) <= rounded(upper)
