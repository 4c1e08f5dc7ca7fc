"""The rule for recorded crime: changed when the baseline lies outside the 95% interval of the projected year."""

from panelpack.formats import number
from panelpack.rules.rule import Context, Rule
from panelpack.rules.verdict import NO_CHANGE, PeriodTotal, Verdict, by_direction
from panelpack.statistics.projection import Forecast


class ProjectedYear(Rule):
    """The baseline against the projected total of a year: no change while it lies in the 95% prediction interval."""

    name = "projection"
    units = frozenset({"count"})
    title = "Baseline against the projected year"
    key = ("Rule: projection", "The baseline lies outside the 95% prediction interval of the projected year")
    needs_projection_year = True
    methods = """\
### Projections

- **Rule.** No change while the baseline lies inside the 95% prediction interval of the projected year; otherwise
  improved or deteriorated by the side it lies on.
- **Formula.** Each quarter to come is the same quarter of the latest 12 months, times last year's growth to the power
  of damping × √k, k being the years between the two. What is counted of the year is in the total as it is. The ends of
  the interval are the total times exp(bias ± t × spread): bias and spread of log(recorded / projected) for other
  forces at the same quarter of the year, shrunk towards no bias and the spread of all offences, and t of Student's
  distribution with as many degrees of freedom as different years were seen and the prior is worth.
- **Source.** Damped trends: Gardner and McKenzie 1985. Intervals learned across series: Makridakis, Spiliotis and
  Assimakopoulos 2020 (M4 competition). Interval score: Gneiting and Raftery 2007, equation 43.
- **Assumes.** The force errs as the others did; recording practice does not change.
- **Known weakness.** The interval is learned from few different years, and forces err together. It does not foresee a
  change of recording or a lockdown: below, the later period fails. Damping and prior were chosen by the score of other
  forces, but the verdicts of the first paper were known while that was done.
"""

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return the verdict by where the baseline lies."""
        assert baseline is not None and context.project is not None  # the plan's checks and `compute` see to it
        future = context.project()
        verdict = side_of_interval(baseline.value, future, context.polarity)
        place = "inside" if verdict == NO_CHANGE else "outside"
        evidence = (
            f"Projected total for {future.year} {number(future.total)}, 95% prediction interval "
            f"{number(future.lower_95)} to {number(future.upper_95)}: the baseline of "
            f"{number(baseline.value)} lies {place} it."
        )
        return Verdict(verdict, "", evidence, future.lower_95, future.upper_95, "projected", future.total)


def side_of_interval(baseline: float, projected: Forecast, polarity: str) -> str:
    """Return the verdict of a projected total by the side of its 95% interval on which the baseline lies."""
    if projected.lower_95 <= baseline <= projected.upper_95:
        return NO_CHANGE
    return by_direction(projected.lower_95 - baseline, polarity)
