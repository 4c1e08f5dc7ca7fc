"""The rule for surveys: changed when the percentage as printed differs from the baseline's."""

from panelpack.formats import change_unit, interval_words, number, percent, rounded
from panelpack.rules.intervals import of_change
from panelpack.rules.rule import WHOLE_RANGE, Context, Named, Rule, by_side
from panelpack.rules.verdict import BEYOND_CHANCE, CHANCE, NO_CHANGE, PeriodTotal, Verdict, by_direction
from panelpack.statistics.significance import LEVEL, p_value


class PrintedPrecision(Rule):
    """A survey percentage against its baseline, both as printed; the evidence says whether chance explains it."""

    name = "printed_precision"
    kinds = frozenset({"share"})
    title = "Survey against its baseline"
    key = (
        "Rule: survey",
        "The percentage as printed, to one decimal, differs from the baseline's; where chance may explain that, how "
        "sure the verdict is says so",
    )
    takes_neither = True
    has_test = True
    rests_on = ("value", "base")
    methods = """\
**Surveys against the baseline.** The percentages as printed are compared, and any difference counts; where the plan
calls neither way better, one whose interval excludes none. Beside it stands Newcombe's hybrid score interval of the
difference of two independent proportions (Newcombe 1998, method 10), of simple random samples of the people named.
Where the survey has intervals of its own, their half widths are put in quadrature, each towards its side (Zou and
Donner 2008). Without either there is no interval, and no claim.
"""
    weakness = "It makes a result of differences that chance explains, so how sure it is stands beside it."

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return the verdict by the change as printed, with the interval of the change where there is one."""
        assert baseline is not None and latest is not None  # the plan's checks and `compute` see to it
        decimals = context.form.decimals
        points = float(rounded(latest.value, decimals) - rounded(baseline.value, decimals))
        verdict = by_direction(points, context.polarity)
        evidence = f"Change {context.form.change(points)} as printed"
        interval = of_change(latest, baseline)
        if interval is None:
            return Verdict(verdict, "", f"{evidence}; without the number that it is out of there is no interval.")
        change = interval(LEVEL)
        if context.polarity == "neither" and not change.excludes_none:
            verdict = NO_CHANGE
        ends = interval_words(change.lower, change.upper, change_unit(context.form))
        evidence += (
            f"{_answers(baseline, latest, context)}; {percent(100 * LEVEL, 0)} interval "
            f"{ends}: {BEYOND_CHANCE if change.excludes_none else CHANCE}."
        )
        return Verdict(verdict, "", evidence, change.lower, change.upper, "change", p_value=p_value(interval))

    def criterion(self, context: Context, named: Named) -> str:
        """Say that any difference of the percentages as printed counts."""
        if context.polarity == "neither":
            return by_side(context, WHOLE_RANGE, "lies above 0", "lies below 0")
        than = f"than in {named.baseline or 'the period before'}"
        return by_side(context, "the percentage as printed", "is higher", "is lower", than)


def _answers(baseline: PeriodTotal, latest: PeriodTotal, context: Context) -> str:
    """Say what the interval is worked out from."""
    if latest.lower is not None or baseline.lower is not None:
        return ", by the survey's own intervals"
    assert latest.base is not None and baseline.base is not None  # else there is no interval
    assumed = " (assumed numbers)" if "base" in context.assumed else ""
    return f", out of {number(latest.base)} against {number(baseline.base)}{assumed}"
