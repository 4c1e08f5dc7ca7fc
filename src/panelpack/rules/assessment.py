"""The rule for what a partner board assesses: the verdict is the board's."""

from panelpack.rules.rule import Context, Named, Rule
from panelpack.rules.verdict import PeriodTotal, Verdict


class BoardsAssessment(Rule):
    """As a partner board supplied it; the raw table of assessments must agree."""

    name = "assessment"
    kinds = frozenset({"assessment"})
    title = "Assessed by a partner board"
    key = ("Rule: assessment", "Supplied by a partner board")
    needs_series = False
    needs_baseline = False
    needs_assessment = True
    methods = """\
**Assessments of partner boards.** The result is the one that the board supplied and the office accepted; nothing is
computed.
"""
    weakness = "What the board compared, and how large a change it counts, is not known."

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return the board's verdict."""
        assert context.assessed is not None  # the parameters' checks see to it
        verdict, board = context.assessed
        return Verdict(verdict, "", f"Assessed by {board}.")

    def criterion(self, context: Context, named: Named) -> str:
        """Say that the board decides."""
        return "The board says itself whether it is better or worse; no figures are compared."
