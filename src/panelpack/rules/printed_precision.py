"""The rule for surveys: changed when the percentage as printed differs from the baseline's."""

from panelpack.formats import change_in_unit, number, rounded
from panelpack.rules.rule import Context, Rule
from panelpack.rules.verdict import BEYOND_CHANCE, CHANCE, PeriodTotal, Verdict, by_direction
from panelpack.statistics.significance import proportion_change


class PrintedPrecision(Rule):
    """A survey percentage against its baseline, both as printed; the evidence says whether chance explains it."""

    name = "printed_precision"
    units = frozenset({"percent"})
    title = "Change at printed precision"
    key = (
        "Rule: survey",
        "The percentage as printed, to one decimal, differs from the baseline's; the evidence on the "
        "priority's page says whether chance explains it",
    )
    methods = """\
### Surveys against the baseline

- **Rule.** The percentages as printed, to one decimal, are compared; any difference counts. The evidence beside the
  verdict says whether chance explains it.
- **Formula.** Newcombe's hybrid score interval of the difference of two independent proportions.
- **Source.** Newcombe 1998, method 10; Wilson 1927 for the intervals it is made of.
- **Assumes.** Two simple random samples of the people named; non-response is alike in both.
- **Known weakness.** The rule follows the printed paper: a difference that chance explains is a verdict. Without the
  number of people asked no claim is made, and below a least number no figure is shown.
"""

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return the verdict by the change as printed, to one decimal."""
        assert baseline is not None and latest is not None  # the plan's checks and `compute` see to it
        assert latest.successes is not None and latest.base is not None  # a percentage has both
        assert baseline.successes is not None and baseline.base is not None
        change = proportion_change(latest.successes, latest.base, baseline.successes, baseline.base)
        points = rounded(latest.value, 1) - rounded(baseline.value, 1)
        evidence = (
            f"Change {change_in_unit(float(points), 'percent')} as printed, on {number(latest.base)} responses "
            f"against {number(baseline.base)}; 95% interval "
            f"{number(change.lower, 1, plus=True)} to {number(change.upper, 1, plus=True)}: "
            f"{BEYOND_CHANCE if change.excludes_none else CHANCE}."
        )
        verdict = by_direction(float(points), context.polarity)
        return Verdict(verdict, "", evidence, change.lower, change.upper, "change")
