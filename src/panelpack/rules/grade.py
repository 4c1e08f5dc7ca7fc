"""The rule for grades, such as an inspectorate's: better or worse by their order."""

from dataclasses import replace

from panelpack.rules.rule import Context, Named, Rule, by_side
from panelpack.rules.verdict import PeriodTotal, Verdict, by_direction


class Grade(Rule):
    """A grade against the baseline's, by their places in the order that the plan states, worst first."""

    name = "grade"
    kinds = frozenset({"grade"})
    title = "Grade against the baseline's"
    key = ("Rule: grade", "A better or a worse grade than the baseline's, in the order that the plan states")
    methods = """\
**Grades.** Improved when the latest grade stands above the baseline's in the order that the plan states, deteriorated
when below. Nothing is tested: a grade is a judgement, and how far apart two of them lie is not known.
"""
    weakness = "An inspectorate changes what it looks at between two inspections."

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return the verdict by the two places in the order; the last is the best, whatever the polarity."""
        assert baseline is not None and latest is not None  # the plan's checks and `compute` see to it
        before, now = (context.form.words(total.value) for total in (baseline, latest))
        verdict = by_direction(latest.value - baseline.value, "higher")
        return Verdict(verdict, "", f"{now}, as before." if now == before else f"From {before} to {now}.")

    def criterion(self, context: Context, named: Named) -> str:
        """Say that the place of the grade in the order counts, and what the order is."""
        than = f"than in {named.baseline or 'the period before'}"
        order = f" From the worst to the best: {', '.join(context.form.labels)}." if context.form.labels else ""
        return by_side(replace(context, polarity="higher"), "the grade", "is higher", "is lower", than) + order
