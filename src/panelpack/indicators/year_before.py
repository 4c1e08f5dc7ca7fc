"""The same quarter a year before: what a member asks first, whatever baseline the verdict is of.

Data that come by half year or year are compared with the half or year before the last; a position with the one of
twelve months earlier; figures that are of a month alone with that month of the year before.
"""

from dataclasses import dataclass

from panelpack.config.plan import Indicator, Measure, Plan
from panelpack.config.series import Series
from panelpack.disclosure.figure_periods import year_apart
from panelpack.disclosure.thresholds import is_reported
from panelpack.formats import percent_change
from panelpack.indicators.change import months_in
from panelpack.indicators.quarter_data import QuarterData
from panelpack.kinds import KINDS
from panelpack.named_periods import keys_of
from panelpack.periods import shift_month
from panelpack.rules import intervals
from panelpack.rules.verdict import DETERIORATED, IMPROVED, NO_CHANGE, VERDICT_WORDS, PeriodTotal, Verdict, by_direction
from panelpack.statistics.significance import (
    FALSE_DISCOVERIES,
    Dispersion,
    count_change,
    dispersion,
    p_value,
)

YEAR = 12  # months
CHANGES = (IMPROVED, NO_CHANGE, DETERIORATED)  # the verdicts that say how a figure changed, and which way


@dataclass(frozen=True)
class YearBefore:
    """A figure in the latest quarter and in the same one a year before; None where the data have none.

    p_value: how often chance alone would give such a change; None where there is no test of it. months: the first of
    the earlier period and the last of the later one.
    """

    latest: PeriodTotal | None = None
    before: PeriodTotal | None = None
    p_value: float | None = None
    months: tuple[str, str] | None = None

    def crosses(self, month: str) -> bool:
        """Whether something that changed from a month on lies between the two."""
        return self.months is not None and self.months[0] < month <= self.months[1]

    @property
    def change(self) -> float | None:
        """The change, in the unit of the figure."""
        return self.latest.value - self.before.value if self.latest and self.before else None

    def pct_change(self, figure: Indicator | Measure, plan: Plan) -> float | None:
        """The change in percent of the earlier figure, where the figure's kind has one."""
        kind = plan.kind(figure)
        if not (self.latest and self.before and kind):
            return None
        return KINDS[kind].percent_change(self.latest.value, self.before.value)


def year_before(figure: Indicator | Measure, data: QuarterData) -> YearBefore:
    """Return a figure in the latest quarter and in the same one a year before.

    A percentage of fewer answers than the plan asks for is left out, and so are a position that is the latest itself
    and a comparison with the first months of a new recording practice.
    """
    name = figure.series
    if name is None or name not in data.points:
        return YearBefore()
    spec = data.plan.series[name]
    periods = year_apart(spec, data.office, data.last_month(name))
    latest, before = (data.total(name, period) for period in periods)
    if not latest or not before or latest.words == before.words:
        return YearBefore()
    if not all(is_reported(total, spec, data.plan) for total in (latest, before)):
        return YearBefore()
    ends = (months_in(data.period(name, periods[1]), before)[0], months_in(data.period(name, periods[0]), latest)[-1])
    if data.is_bedding_in(name, ends[0]):
        return YearBefore()
    return YearBefore(latest, before, _p_value(spec, name, latest, before, data), ends)


def _p_value(spec: Series, name: str, latest: PeriodTotal, before: PeriodTotal, data: QuarterData) -> float | None:
    """Return how often chance alone gives such a change; counts vary as they do inside the last two years."""
    if intervals.is_counted(latest) and intervals.is_counted(before):
        spread = _spread(spec, name, data)
        return p_value(lambda level: count_change(latest.counted, before.counted, spread, level))
    interval = intervals.of_change(latest, before)
    return p_value(interval) if interval else None


def _spread(spec: Series, name: str, data: QuarterData) -> Dispersion:
    """Return how much a series' counts vary inside the last year and the one before: one quarter has no spread."""
    points = data.points[name].set_index("period")["value"]
    last, periodicity = data.last_month(name), data.grain(name)
    years = [data.office.period("rolling_12_months", shift_month(last, -YEAR * back)) for back in (0, 1)]
    counts = [[float(points[key]) for key in keys_of(year, periodicity) or () if key in points] for year in years]
    return dispersion(*counts)


def disagreement(figure: Indicator, verdict: Verdict, year: YearBefore, data: QuarterData) -> str:
    """Say in a sentence where a figure moved otherwise on the same quarter a year before than its verdict says.

    It must be more than chance gives even as one of all the plan's indicators (Bonferroni's bound). '' where it is not,
    where something else was counted a year before, where nothing was tested, and for a verdict that is of no change of
    the figure.
    """
    change, compared = year.change, figure.compare
    if change is None or year.p_value is None or compared is None or verdict.verdict not in CHANGES:
        return ""
    if year.p_value > FALSE_DISCOVERIES / sum(len(box.indicators) for box in data.plan.priorities):
        return ""
    if any(year.crosses(first) for first, _ in data.redefinitions(figure.series or "")):
        return ""
    direction = by_direction(change, figure.polarity)
    if direction == verdict.verdict:
        return ""
    words = data.plan.word(verdict.verdict) or VERDICT_WORDS[verdict.verdict]
    baseline = data.period(figure.baseline_series or figure.series or "", compared.baseline or "").words
    pct = year.pct_change(figure, data.plan)
    moved = percent_change(pct) if pct is not None else data.plan.form(figure).change(change)
    assert year.latest and year.before
    return (
        f"{words} on {baseline}, but {moved} in {year.latest.words} on the same period a year before, and that is more "
        "than chance gives."
    )
