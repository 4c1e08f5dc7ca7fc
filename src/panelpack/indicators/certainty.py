"""How sure a verdict is: the first thing that speaks against it, or that nothing does, in one plain sentence.

A rule gives the verdict, and the plan names the rule. That is a convention; how sure it is, is the evidence.
"""

from dataclasses import dataclass
from math import exp, inf, log, sqrt

from panelpack.config.plan import Indicator
from panelpack.formats import FAR, listed, number, percent
from panelpack.indicators.judgement import assumed, totals_compared
from panelpack.indicators.quarter_data import QuarterData
from panelpack.periods import Period, month_words, parse_year, year_months
from panelpack.rules.projection import is_inside
from panelpack.rules.rule import RULES
from panelpack.rules.verdict import (
    ASSUMED,
    BY_CHANCE,
    CANNOT_TELL,
    CLEAR,
    COUNTED,
    HOW_SURE_WORDS,
    INSIDE_FORECAST,
    INTERVAL_DECIDES,
    NO_CHANGE,
    NOT_ASSESSED,
    NOT_LIKE_WITH_LIKE,
    NOT_TESTED,
    ORDINARY_MOVEMENT,
    PROVISIONAL,
    STEADY,
    PeriodTotal,
    Verdict,
)
from panelpack.statistics.movement import Movement, least_change, ordinary_movement
from panelpack.statistics.significance import LEVEL, dispersion, log_variance, proportion_change, quantile

STATED = "by the yardstick that the plan states"
CLOSE_CALL = 1.1  # a change that is less than so many times what stands out is a close call
# What an assumed footing is an assumption about, as a reader calls it.
IF_RIGHT = {
    "base": "if the assumed number of responses is right",
    "points": "if the assumed months or quarters are right",
    "value": "if the assumed counts are right",
}


@dataclass(frozen=True)
class Certainty:
    """How sure a verdict is (of HOW_SURE_WORDS, or ''), the reason in a sentence, and its footing.

    basis: 'counted', 'assumed' where what the interval rests on was assumed, or '' where nothing was tested.
    """

    how_sure: str = ""
    reason: str = ""
    basis: str = ""


@dataclass(frozen=True)
class _Case:
    """A verdict with all that speaks for and against it."""

    figure: Indicator
    verdict: Verdict
    baseline: PeriodTotal
    latest: PeriodTotal
    more_than_chance: bool | None  # None where the rule has no test
    data: QuarterData

    @property
    def is_share(self) -> bool:
        return self.latest.base is not None

    @property
    def compared(self) -> tuple[Period, Period]:
        """The baseline period and the latest."""
        compare = self.figure.compare
        assert compare is not None and compare.baseline is not None  # the plan's checks see to it
        return self.data.office.period(compare.baseline), self.data.office.period(compare.latest)

    @property
    def judged(self) -> tuple[Period, Period]:
        """The baseline period and the one that is judged: the latest, or the year that is projected."""
        year = self.figure.projection_year
        if self.verdict.projected is None or year is None:
            return self.compared
        return self.compared[0], Period(year_months(parse_year(year)), year)

    @property
    def years_apart(self) -> float:
        """The years between the ends of the baseline and of the period that is judged."""
        first, last = (period.months[-1] for period in self.judged)
        return ((int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:])) / 12

    @property
    def chance_variance(self) -> float:
        """The variance of `change` by chance; half a case stands in for none."""
        spread = dispersion(self.baseline.points, self.latest.points)
        return log_variance(*self._above_none, spread)

    @property
    def _above_none(self) -> tuple[float, float]:
        now = self.latest.value if self.verdict.projected is None else self.verdict.projected
        none = 0.5 if 0 in (now, self.baseline.value) else 0.0
        return now + none, self.baseline.value + none

    @property
    def change(self) -> float:
        """log(latest / baseline), or of the projected total over it."""
        return log(self._above_none[0] / self._above_none[1])

    def movement(self) -> "_Yardstick":
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
                totals = [counts.loc[period].to_numpy().sum() for period in (now, before) if is_net]
                source = f"as measured in {number(counts.shape[1])} other forces"
                return _Yardstick(movement, source, log(totals[0] / totals[1]) if is_net else 0.0)
        stated = spec.ordinary or self.data.plan.ordinary
        return _Yardstick(Movement(stated.spread(self.years_apart) / 100), STATED)


@dataclass(frozen=True)
class _Yardstick:
    """An ordinary movement, where it is from, and the change (of the logarithm) that other forces had in common."""

    movement: Movement
    source: str
    in_common: float = 0.0


def how_sure(figure: Indicator, verdict: Verdict, data: QuarterData, more_than_chance: bool | None = None) -> Certainty:
    """Return how sure the verdict of an indicator is.

    more_than_chance: whether it stands out among all the comparisons of the pack (comparisons.compare_together); None
    for a rule without a test.
    """
    if not verdict.verdict or verdict.verdict == NOT_ASSESSED:
        return Certainty()
    if RULES[figure.rule].needs_assessment:
        return Certainty(NOT_TESTED, "Not tested: this is the board's own view, and no figures were compared.")
    baseline, latest = totals_compared(figure, data)
    assert baseline is not None and latest is not None  # else there was no verdict
    case = _Case(figure, verdict, baseline, latest, more_than_chance, data)
    name, sentence = _no_change(case) if verdict.verdict == NO_CHANGE else _change(case)
    on = assumed(figure, data)
    if_right = next((f", {words}" for part, words in IF_RIGHT.items() if part in on and name in INTERVAL_DECIDES), "")
    return Certainty(name, f"{HOW_SURE_WORDS[name]}{if_right}: {sentence}", ASSUMED if on else COUNTED)


def _change(case: _Case) -> tuple[str, str]:
    """Return how sure a verdict of change is, and why: the first thing that speaks against it."""
    if unlike := _unlike(case):
        return NOT_LIKE_WITH_LIKE, unlike
    if provisional := _provisional(case):
        return PROVISIONAL, provisional
    if case.verdict.projected is not None and _is_in_forecast(case):
        return INSIDE_FORECAST, (
            f"the year may end anywhere from {number(_known(case.verdict.lower_95))} to "
            f"{number(_known(case.verdict.upper_95))}, and the baseline of {number(case.baseline.value)} is in between."
        )
    if case.more_than_chance is False:
        return (
            BY_CHANCE,
            "among the comparisons of a pack, a difference of this size comes up when nothing has changed.",
        )
    is_ordinary, sentence = _points_moved(case) if case.is_share else _count_moved(case)
    return ORDINARY_MOVEMENT if is_ordinary else CLEAR, sentence


def _count_moved(case: _Case) -> tuple[bool, str]:
    """Return whether a count moved no further than such counts move anyway, and what it would take to stand out.

    What other forces had in common is taken off; a change that they alone explain, or more, is ordinary.
    """
    change, yardstick = case.change, case.movement()
    least = least_change(yardstick.movement, case.chance_variance)
    own = change - yardstick.in_common
    moved = _percent_words(change)
    if yardstick.in_common:
        moved += f" ({_percent_words(own)} against the other forces together)"
    took = f"it takes {_percent_words(least if change > 0 else -least)} to stand out over {_years(case.years_apart)}"
    return _weighed(case, moved, own / (least if change > 0 else -least), f"{took}, {yardstick.source}")


def _points_moved(case: _Case) -> tuple[bool, str]:
    """Return whether a share moved no further than it moves anyway, which is known only where the plan states it."""
    stated = case.data.plan.series[case.figure.series or ""].ordinary_points
    change = case.latest.value - case.baseline.value
    moved = f"a {'rise' if change > 0 else 'fall'} of {number(abs(change), 1)} points"
    if stated is None:
        return False, f"{moved} is more than chance gives; how far such a share moves between years is not known."
    least = quantile(LEVEL) * sqrt(stated.points**2 + (_half_width(case) / quantile(LEVEL)) ** 2)
    took = f"it takes {number(least, 1)} points to stand out over {_years(case.years_apart)}, {STATED}"
    return _weighed(case, moved, abs(change) / least, took)


def _weighed(case: _Case, moved: str, share: float, took: str) -> tuple[bool, str]:
    """Return whether a change is ordinary, and the words of it; share: of what would stand out."""
    is_tested = case.more_than_chance is not None
    if share <= 1:
        but = "more than chance gives, but such figures move as much anyway" if is_tested else "no more than ordinary"
        return True, f"{moved} is {but}: {took}."
    chance = "more than chance gives and " if is_tested else ""
    close = ", so this is a close call" if share < CLOSE_CALL else ""
    return False, f"{moved} is {chance}more than such figures move anyway: {took}{close}."


def _percent_words(log_change: float) -> str:
    return f"a {'rise' if log_change > 0 else 'fall'} of {percent(abs(100 * (exp(log_change) - 1)), 0)}"


def _no_change(case: _Case) -> tuple[str, str]:
    """Return whether a verdict of no change says that there was none, or that one could not have been seen."""
    within = case.figure.steady_within or case.data.plan.steady_within
    margin = within.points if case.is_share else within.percent
    unit = " points" if case.is_share else "%"
    lower, upper = _relative_interval(case)
    obstacle = _unlike(case) or _provisional(case)
    if -margin <= lower and upper <= margin and not obstacle:
        return STEADY, f"any change was smaller than {number(margin)}{unit} either way."
    if obstacle:
        return CANNOT_TELL, obstacle
    if upper > FAR:
        return CANNOT_TELL, "with so few cases hardly any change could have been seen."
    seen = max(upper - _middle(lower, upper, case), _middle(lower, upper, case) - lower)
    return CANNOT_TELL, f"a change of less than about {number(seen, 1 if case.is_share else 0)}{unit} would not show."


def _middle(lower: float, upper: float, case: _Case) -> float:
    """Return the middle of an interval: of a ratio, that of its logarithms."""
    if case.is_share:
        return (lower + upper) / 2
    return 100 * (sqrt(max(0.0, 1 + lower / 100) * (1 + upper / 100)) - 1)


def _relative_interval(case: _Case) -> tuple[float, float]:
    """Return the 95% interval of the change, in percent of the baseline or in percentage points."""
    lower, upper = case.verdict.lower_95, case.verdict.upper_95
    if lower is None or upper is None:
        return -inf, inf
    if case.verdict.projected is None:
        return lower, upper
    return 100 * (lower / case.baseline.value - 1), 100 * (upper / case.baseline.value - 1)


def _half_width(case: _Case) -> float:
    interval = proportion_change(
        _known(case.latest.successes),
        _known(case.latest.base),
        _known(case.baseline.successes),
        _known(case.baseline.base),
    )
    return (interval.upper - interval.lower) / 2


def _is_in_forecast(case: _Case) -> bool:
    return is_inside(case.baseline.value, _known(case.verdict.lower_95), _known(case.verdict.upper_95))


def _unlike(case: _Case) -> str:
    """Say why the two periods are not of the same thing, or return ''."""
    figure, plan = case.figure, case.data.plan
    if figure.population_change and figure.series and figure.baseline_series:
        now, before = plan.series[figure.series].population, plan.series[figure.baseline_series].population
        return f"the latest figure is of {now}, the baseline of {before}."
    for first, reason in case.data.redefinitions(figure.series or ""):
        baseline, latest = case.compared
        if baseline.months[0] < first <= latest.months[-1]:
            return f"from {month_words(first)} something else is counted. {reason}"
    return ""


def _provisional(case: _Case) -> str:
    table = case.data.plan.series[case.figure.series or ""].table
    entry = case.data.parameters.availability.get(table)
    if entry is None or entry.status != "provisional":
        return ""
    return "these figures are not final, and the verdict may change with them."


def _years(years: float) -> str:
    parts = zip(divmod(round(12 * years), 12), ("year", "month"), strict=True)
    return listed([f"{number(count)} {unit}{'s' * (count != 1)}" for count, unit in parts if count])


def _known(value: float | None) -> float:
    assert value is not None  # a verdict of this kind has it
    return value
