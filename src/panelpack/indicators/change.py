"""The change between two totals that a verdict is of: how large it is, by chance and in time, and against what."""

from dataclasses import dataclass
from math import log

from panelpack.config.plan import Indicator
from panelpack.formats import Form, number
from panelpack.indicators.quarter_data import QuarterData
from panelpack.named_periods import Period
from panelpack.periods import parse_year, year_months
from panelpack.rules import intervals
from panelpack.rules.verdict import PeriodTotal, Verdict
from panelpack.statistics.movement import Movement, ordinary_movement
from panelpack.statistics.significance import log_variance

STATED = "by the yardstick that the plan states"


@dataclass(frozen=True)
class Yardstick:
    """An ordinary movement, where it is from, and the change (of the logarithm) that other forces had in common."""

    movement: Movement
    source: str
    in_common: float = 0.0


@dataclass(frozen=True)
class Change:
    """The change between the two totals that a verdict is of, in the time that they lie apart.

    verdict: may be by a projected year, which then stands in the place of the latest total.
    """

    figure: Indicator
    verdict: Verdict
    baseline: PeriodTotal
    latest: PeriodTotal
    data: QuarterData

    @property
    def is_share(self) -> bool:
        """Whether it is of percentages, so that a change is in points."""
        return self.latest.kind == "share"

    @property
    def is_counted(self) -> bool:
        """Whether a change is of cases that were counted, so that it has a ratio and a dispersion."""
        return intervals.is_counted(self.latest) and intervals.is_counted(self.baseline)

    @property
    def form(self) -> Form:
        """How its values are written."""
        return self.data.plan.form(self.figure)

    @property
    def compared(self) -> tuple[Period, Period]:
        """The baseline period and the latest."""
        figure, compare = self.figure, self.figure.compare
        assert compare is not None and compare.baseline is not None  # there is a baseline
        assert figure.series is not None  # as there is a total
        baseline = self.data.period(figure.baseline_series or figure.series, compare.baseline)
        return baseline, self.data.period(figure.series, compare.latest)

    @property
    def months(self) -> tuple[str, str]:
        """The first month of the baseline, and the last of the latest period; of a position that of its day."""
        (baseline, latest), (before, now) = self.compared, (self.baseline, self.latest)
        return months_in(baseline, before)[0], months_in(latest, now)[-1]

    @property
    def judged(self) -> tuple[Period, Period]:
        """The baseline period and the one that is judged: the latest, or the year that is projected."""
        year = self.figure.projection_year
        if self.verdict.projected is None or year is None:
            return self.compared
        return self.compared[0], Period(year_months(parse_year(year)), year)

    @property
    def years_apart(self) -> float:
        """The years between the ends of the baseline and of the period that is judged; of a mean, in the mean."""
        baseline, judged = self.judged
        first = [_count_of(months_in(part, self.baseline)[-1]) for part in baseline.parts or (baseline,)]
        last = [_count_of(months_in(part, self.latest)[-1]) for part in judged.parts or (judged,)]
        return (sum(last) / len(last) - sum(first) / len(first)) / 12

    @property
    def chance_variance(self) -> float:
        """The variance of `log_ratio` by chance; half a case stands in for none."""
        return log_variance(*self._above_none, intervals.spread_of(self.latest, self.baseline))

    @property
    def _above_none(self) -> tuple[float, float]:
        now = self.latest.counted if self.verdict.projected is None else self.verdict.projected
        none = 0.5 if 0 in (now, self.baseline.counted) else 0.0
        return now + none, self.baseline.counted + none

    @property
    def log_ratio(self) -> float:
        """log(latest / baseline), or of the projected total over it."""
        now, before = self._above_none
        return log(now / before) + log(self.baseline.exposed / self.latest.exposed)

    def movement(self) -> Yardstick:
        """Return how far such a count moves anyway in the time between the two periods.

        Net of the other forces where their counts of both periods had been published by the meeting; raw, by how far
        others moved in a time as long, where only earlier ones had been; as the plan states it where neither is known.
        """
        series, quarters = self.figure.series or "", [period.quarters for period in self.judged]
        spec = self.data.plan.series[series]
        if spec.ordinary is None and all(quarters) and series in self.data.other_forces.columns.levels[0]:
            before, now = ([str(quarter) for quarter in of] for of in quarters if of)
            counts = self.data.other_forces[series]
            is_net = set(before) | set(now) <= set(counts.index)
            gap = round(4 * self.years_apart)
            movement = ordinary_movement(self.data.unbroken(series), len(now), gap, net=is_net)
            if movement:
                means = [counts.loc[period].to_numpy().sum() / len(period) for period in (now, before) if is_net]
                source = f"as measured in {number(counts.shape[1])} other forces"
                return Yardstick(movement, source, log(means[0] / means[1]) if is_net else 0.0)
        stated = spec.ordinary or self.data.plan.ordinary
        return Yardstick(Movement(stated.spread(self.years_apart) / 100), STATED)


def months_in(period: Period, total: PeriodTotal) -> tuple[str, ...]:
    """Return the months of a period; of a position, whose total is called by its date, that of the date."""
    return period.months or (total.words[:7],)


def _count_of(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
