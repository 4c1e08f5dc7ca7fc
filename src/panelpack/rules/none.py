"""The rule of an indicator that nothing judges: one without a metric yet, or one shown for its context."""

from panelpack.rules.rule import Context, Named, Rule
from panelpack.rules.verdict import PeriodTotal, Verdict


class NoRule(Rule):
    """No verdict."""

    name = "none"
    needs_series = False

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return that there is no verdict."""
        return Verdict("")

    def criterion(self, context: Context, named: Named) -> str:
        """Return '': nothing judges it."""
        return ""
