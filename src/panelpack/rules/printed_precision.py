"""The rule for surveys: changed when the percentage as printed differs from the baseline's."""

from panelpack.formats import change_in_unit, interval_words, number, percent, rounded
from panelpack.rules.rule import Context, Rule
from panelpack.rules.verdict import BEYOND_CHANCE, CHANCE, PeriodTotal, Verdict, by_direction
from panelpack.statistics.significance import LEVEL, p_value, proportion_change


class PrintedPrecision(Rule):
    """A survey percentage against its baseline, both as printed; the evidence says whether chance explains it."""

    name = "printed_precision"
    kinds = frozenset({"share"})
    title = "Change at printed precision"
    key = (
        "Rule: survey",
        "The percentage as printed, to one decimal, differs from the baseline's; where chance may explain that, how "
        "sure the verdict is says so",
    )
    has_test = True
    rests_on = ("value", "base")
    methods = """\
**Surveys against the baseline.** The percentages as printed, to one decimal, are compared, and any difference counts.
Beside it stands Newcombe's hybrid score interval of the difference of two independent proportions (Newcombe 1998,
method 10), of simple random samples of the people named. Weakness: the rule makes a verdict of differences that chance
explains, so how sure it is stands beside it. Below a least number of answers no figure is shown.
"""

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return the verdict by the change as printed, to one decimal."""
        assert baseline is not None and latest is not None  # the plan's checks and `compute` see to it
        assert latest.successes is not None and latest.base is not None  # a percentage has both
        assert baseline.successes is not None and baseline.base is not None
        answers = (latest.successes, latest.base, baseline.successes, baseline.base)
        change = proportion_change(*answers)
        assumed = " (assumed numbers)" if "base" in context.assumed else ""
        points = rounded(latest.value, 1) - rounded(baseline.value, 1)
        evidence = (
            f"Change {change_in_unit(float(points), 'percent')} as printed, on {number(latest.base)} responses "
            f"against {number(baseline.base)}{assumed}; {percent(100 * LEVEL, 0)} interval "
            f"{interval_words(change.lower, change.upper)}: "
            f"{BEYOND_CHANCE if change.excludes_none else CHANCE}."
        )
        verdict = by_direction(float(points), context.polarity)
        chance = p_value(lambda level: proportion_change(*answers, level))
        return Verdict(verdict, "", evidence, change.lower, change.upper, "change", p_value=chance)
