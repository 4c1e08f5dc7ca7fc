"""The rule for counts: changed when the 95% interval of the change excludes no change."""

from panelpack.formats import number, percent
from panelpack.rules.rule import Context, Rule
from panelpack.rules.verdict import (
    BEYOND_CHANCE,
    CHANCE,
    NO_CHANGE,
    PeriodTotal,
    Verdict,
    by_direction,
    not_assessed,
)
from panelpack.statistics.significance import SMALL_COUNT, count_change, dispersion


class Significance(Rule):
    """A count against its baseline over a period of equal length, with the dispersion that the data show."""

    name = "significance"
    units = frozenset({"count"})
    title = "Significance of the change from the baseline"
    key = ("Rule: count", "The 95% interval of the change excludes no change, allowing for over-dispersion")
    methods = """\
### Counts against the baseline

- **Rule.** Improved or deteriorated when the 95% interval of the change excludes no change; otherwise no change.
- **Formula.** The logarithm of latest / baseline has the variance dispersion × (1 / latest + 1 / baseline). The
  dispersion is Pearson's chi-squared of the points around the mean of their period, over its degrees of freedom, and
  at least that of Poisson counts. Where a count is small the interval is exact, conditional on the sum of both.
- **Source.** Quasi-Poisson: McCullagh and Nelder 1989, section 6.2. Exact interval: Clopper and Pearson 1934.
- **Assumes.** Two periods of equal length, recorded in the same way; points that are independent of each other.
- **Known weakness.** Seasons and trends inside a period add to the dispersion, so intervals are wide rather than
  narrow. The exact interval knows no dispersion. A change in recording looks like a change in crime.
"""

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return the verdict by the interval of the change in percent; a baseline of zero is no comparator."""
        assert baseline is not None and latest is not None  # the plan's checks and `compute` see to it
        if baseline.value <= 0:
            return not_assessed("no_comparator", "The baseline is zero, so no change in percent exists.")
        spread = dispersion(baseline.points, latest.points)
        change = count_change(latest.value, baseline.value, spread)
        if min(latest.value, baseline.value) < SMALL_COUNT:
            allowing = "exact for Poisson counts, for they are small"
        elif len(baseline.points) > 1 or len(latest.points) > 1:
            allowing = f"allowing for a dispersion of {number(spread, 1)} times Poisson"
        else:
            allowing = "taking the counts as Poisson, for there are too few points to estimate a dispersion"
        evidence = (
            f"Change {percent(100 * (latest.value / baseline.value - 1), plus=True)}, 95% interval "
            f"{percent(change.lower, plus=True)} to {percent(change.upper, plus=True)}, {allowing}: "
            f"{BEYOND_CHANCE if change.excludes_none else CHANCE}."
        )
        verdict = by_direction(change.lower, context.polarity) if change.excludes_none else NO_CHANGE
        return Verdict(verdict, "", evidence, change.lower, change.upper, "pct_change")
