"""How sure a verdict is: the first thing that speaks against it, or that nothing does, in one plain sentence.

A rule gives the verdict, and the plan names the rule. That is a convention; how sure it is, is the evidence.
"""

from dataclasses import dataclass
from math import exp, inf, sqrt

from panelpack.config.indicator_checks import needs_baseline
from panelpack.config.plan import Indicator
from panelpack.formats import FAR, listed, number, percent_change
from panelpack.indicators.change import STATED, Change
from panelpack.indicators.judgement import assumed, totals_compared
from panelpack.indicators.quarter_data import QuarterData
from panelpack.periods import month_words
from panelpack.rules import intervals
from panelpack.rules.projection import is_inside
from panelpack.rules.rule import RULES
from panelpack.rules.verdict import (
    ASSUMED,
    BY_CHANCE,
    CANNOT_TELL,
    CLEAR,
    COUNTED,
    DETERIORATED,
    HOW_SURE_WORDS,
    IMPROVED,
    INSIDE_FORECAST,
    INTERVAL_DECIDES,
    MISSED,
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
from panelpack.statistics.movement import least_change
from panelpack.statistics.significance import LEVEL, quantile

CLOSE_CALL = 1.1  # a change that is less than so many times what stands out is a close call
CLOSE_CALL_WORDS = "close call"
# What an assumed footing is an assumption about, as a reader calls it.
IF_RIGHT = {
    "base": "if the assumed number of responses is right",
    "points": "if the assumed months or quarters are right",
    "value": "if the assumed counts are right",
}
# Why nothing says how far a figure may lie from what it measures, by its kind.
UNTESTED = {
    "count": "corrections took off more than was counted.",
    "share": "no claim can be made without the number that it is out of.",
    "rate": "no claim can be made without the counts behind the rate.",
    "stock": "it is a level at a time and no count of events, and how far it moves by itself is not known.",
    "money": "an amount of money is no sample, and how far it moves by itself is not known.",
    "index": "no claim can be made of a score without the figures that it was made of.",
    "grade": "a grade is a judgement, and no figures were compared.",
}
NO_RATIO = "no claim can be made of a change in percent of such a figure."
IN_A_PACK = "among the comparisons of a pack, a difference of this size comes up when nothing has changed."


@dataclass(frozen=True)
class Certainty:
    """How sure a verdict is (of HOW_SURE_WORDS, or ''), the reason in a sentence, and its footing.

    basis: 'counted', 'assumed' where what the interval rests on was assumed, or '' where nothing was tested.
    """

    how_sure: str = ""
    reason: str = ""
    basis: str = ""


def how_sure(figure: Indicator, verdict: Verdict, data: QuarterData, more_than_chance: bool | None = None) -> Certainty:
    """Return how sure the verdict of an indicator is.

    more_than_chance: whether it stands out among all the comparisons of the pack (comparisons.compare_together); None
    for a verdict without a test.
    """
    if not verdict.verdict or verdict.verdict == NOT_ASSESSED:
        return Certainty()
    if RULES[figure.rule].needs_assessment:
        return Certainty(NOT_TESTED, "Not tested: this is the board's own view, and no figures were compared.")
    baseline, latest = totals_compared(figure, data)
    assert latest is not None  # else there was no verdict
    name, sentence = _first_against(figure, verdict, baseline, latest, data, more_than_chance)
    if name == NOT_TESTED:
        return Certainty(name, f"{HOW_SURE_WORDS[name]}: {sentence}")
    on = assumed(figure, data)
    if_right = next((f", {words}" for part, words in IF_RIGHT.items() if part in on and name in INTERVAL_DECIDES), "")
    return Certainty(name, f"{HOW_SURE_WORDS[name]}{if_right}: {sentence}", ASSUMED if on else COUNTED)


def _first_against(
    figure: Indicator,
    verdict: Verdict,
    baseline: PeriodTotal | None,
    latest: PeriodTotal,
    data: QuarterData,
    more_than_chance: bool | None,
) -> tuple[str, str]:
    """Return how sure a verdict is, and why: the first thing that speaks against it."""
    change = Change(figure, verdict, baseline, latest, data) if baseline else None
    unlike = _unlike(change) if change and needs_baseline(figure) else ""
    provisional, untested = _provisional(figure, data), _untested(verdict, baseline, latest)
    if change and verdict.verdict == NO_CHANGE and not untested and not RULES[figure.rule].needs_bands:
        return _no_change(change, unlike or provisional)
    if unlike:
        return NOT_LIKE_WITH_LIKE, unlike
    if provisional:
        return PROVISIONAL, provisional
    if untested:
        return NOT_TESTED, untested
    if verdict.interval_of == "latest" or RULES[figure.rule].needs_bands:
        name, sentence = _held_against(figure, verdict, data, more_than_chance)
        is_change = verdict.interval_of != "latest" and verdict.verdict in (IMPROVED, DETERIORATED)
        if not (change and name == CLEAR and is_change):
            return name, sentence
        ordinary, moved = _moved(change, more_than_chance)
        return (ORDINARY_MOVEMENT, moved) if ordinary else (CLEAR, sentence)
    assert change is not None  # any other rule compares
    return _change(change, more_than_chance)


def _untested(verdict: Verdict, baseline: PeriodTotal | None, latest: PeriodTotal) -> str:
    """Say why nothing tells how far chance reaches, or return ''."""
    if verdict.p_value is not None or verdict.projected is not None:
        return ""
    for total in (latest, baseline):
        if total and intervals.of_latest(total) is None:
            if total.kind == "duration":
                return f"no claim can be made of a {total.statistic or 'time'} without the single times behind it."
            return UNTESTED[total.kind]
    return NO_RATIO if verdict.interval_of == "" and not intervals.is_counted(latest) else ""


def _held_against(
    figure: Indicator, verdict: Verdict, data: QuarterData, more_than_chance: bool | None
) -> tuple[str, str]:
    """Return whether a figure lies clearly on its side of a target, or in its band."""
    has_bands, write = RULES[figure.rule].needs_bands, intervals.writer(verdict.interval_of, data.plan.form(figure))
    ends = intervals.span_words(_known(verdict.lower_95), _known(verdict.upper_95), write)
    if _known(verdict.p_value) >= 1 - LEVEL:
        what = "reaches into another band" if has_bands else "has what was asked inside it"
        return BY_CHANCE, f"its 95% interval, {ends}, {what}."
    if more_than_chance is False:
        return BY_CHANCE, "among the comparisons of a pack, a figure as close to its threshold comes up by chance."
    what = "lies in this band" if has_bands else f"is {'worse' if verdict.verdict == MISSED else 'better'} than asked"
    return CLEAR, f"all of its 95% interval, {ends}, {what}."


def _change(change: Change, more_than_chance: bool | None) -> tuple[str, str]:
    """Return how sure a verdict of change is, and why: the first thing that speaks against it."""
    if change.verdict.projected is not None and _is_in_forecast(change):
        return INSIDE_FORECAST, (
            f"the year may end anywhere from {number(_known(change.verdict.lower_95))} to "
            f"{number(_known(change.verdict.upper_95))}, and the baseline of {number(change.baseline.value)} is in "
            "between."
        )
    if more_than_chance is False:
        return BY_CHANCE, IN_A_PACK
    is_ordinary, sentence = _moved(change, more_than_chance)
    return ORDINARY_MOVEMENT if is_ordinary else CLEAR, sentence


def _moved(change: Change, more_than_chance: bool | None) -> tuple[bool, str]:
    """Return whether a figure moved no further than such figures move anyway, and the words of it."""
    is_tested = more_than_chance is not None
    if change.is_counted or change.verdict.projected is not None:
        return _count_moved(change, is_tested)
    return _points_moved(change, is_tested)


def _count_moved(change: Change, is_tested: bool) -> tuple[bool, str]:
    """Return whether a count moved no further than such counts move anyway, and what it would take to stand out.

    What other forces had in common is taken off; a change that they alone explain, or more, is ordinary.
    """
    log_ratio, yardstick = change.log_ratio, change.movement()
    least = least_change(yardstick.movement, change.chance_variance)
    own = log_ratio - yardstick.in_common
    moved = _percent_words(log_ratio)
    if yardstick.in_common:
        moved += f" ({_percent_words(own)} against the other forces together)"
    to_stand_out = _percent_words(least if log_ratio > 0 else -least)
    if not change.baseline.counted and change.verdict.projected is None:  # no change in percent of none
        moved = f"a rise from {change.form.words(0)} to {change.form.words(change.latest.value)}"
        to_stand_out = "as many cases as can be told from none"
    took = f"it takes {to_stand_out} to stand out over {_years(change.years_apart)}"
    return _weighed(is_tested, moved, own / (least if log_ratio > 0 else -least), f"{took}, {yardstick.source}")


def _points_moved(change: Change, is_tested: bool) -> tuple[bool, str]:
    """Return whether a share moved no further than it moves anyway, which is known only where the plan states it."""
    stated = change.data.plan.series[change.figure.series or ""].ordinary_points if change.is_share else None
    moved_by = change.latest.value - change.baseline.value
    moved = f"a {'rise' if moved_by > 0 else 'fall'} of {change.form.change(abs(moved_by), plus=False)}"
    if stated is None:
        what = "share" if change.is_share else "figure"
        return False, f"{moved} is more than chance gives; how far such a {what} moves between years is not known."
    least = quantile(LEVEL) * sqrt(stated.points**2 + (_half_width(change) / quantile(LEVEL)) ** 2)
    took = f"it takes {change.form.change(least, plus=False)} to stand out over {_years(change.years_apart)}, {STATED}"
    return _weighed(is_tested, moved, abs(moved_by) / least, took)


def _weighed(is_tested: bool, moved: str, share: float, took: str) -> tuple[bool, str]:
    """Return whether a change is ordinary, and the words of it; share: of what would stand out."""
    if share <= 1:
        but = "more than chance gives, but such figures move as much anyway" if is_tested else "no more than ordinary"
        return True, f"{moved} is {but}: {took}."
    chance = "more than chance gives and " if is_tested else ""
    close = f", so this is a {CLOSE_CALL_WORDS}" if share < CLOSE_CALL else ""
    return False, f"{moved} is {chance}more than such figures move anyway: {took}{close}."


def _percent_words(log_change: float) -> str:
    return f"a {'rise' if log_change > 0 else 'fall'} of {percent_change(abs(100 * (exp(log_change) - 1)), plus=False)}"


def _no_change(change: Change, obstacle: str) -> tuple[str, str]:
    """Return whether a verdict of no change says that there was none, or that one could not have been seen."""
    within = change.figure.steady_within or change.data.plan.steady_within
    margin = within.points if change.is_share else within.percent
    unit = " percentage points" if change.is_share else "%"
    lower, upper = _relative_interval(change)
    if -margin <= lower and upper <= margin and not obstacle:
        return STEADY, f"any change was smaller than {number(margin)}{unit} either way."
    if obstacle:
        return CANNOT_TELL, obstacle
    if upper > FAR:
        return CANNOT_TELL, "with so few cases hardly any change could have been seen."
    seen = max(upper - _middle(lower, upper, change), _middle(lower, upper, change) - lower)
    return CANNOT_TELL, f"a change of less than about {number(seen, 1 if change.is_share else 0)}{unit} would not show."


def _middle(lower: float, upper: float, change: Change) -> float:
    """Return the middle of an interval: of a ratio, that of its logarithms."""
    if change.is_share:
        return (lower + upper) / 2
    return 100 * (sqrt(max(0.0, 1 + lower / 100) * (1 + upper / 100)) - 1)


def _relative_interval(change: Change) -> tuple[float, float]:
    """Return the 95% interval of the change, in percent of the baseline or in percentage points."""
    lower, upper = change.verdict.lower_95, change.verdict.upper_95
    if lower is None or upper is None:
        return -inf, inf
    if change.verdict.projected is None:
        return lower, upper
    return 100 * (lower / change.baseline.value - 1), 100 * (upper / change.baseline.value - 1)


def _half_width(change: Change) -> float:
    interval = intervals.of_change(change.latest, change.baseline)
    assert interval is not None  # a share that stands out among the comparisons has one
    ends = interval(LEVEL)
    return (ends.upper - ends.lower) / 2


def _is_in_forecast(change: Change) -> bool:
    return is_inside(change.baseline.value, _known(change.verdict.lower_95), _known(change.verdict.upper_95))


def _unlike(change: Change) -> str:
    """Say why the two periods are not of the same thing, or return ''."""
    figure, plan = change.figure, change.data.plan
    if figure.population_change and figure.series and figure.baseline_series:
        now, before = plan.series[figure.series].population, plan.series[figure.baseline_series].population
        return f"the latest figure is of {now}, the baseline of {before}."
    started, ended = change.months
    for first, reason in change.data.redefinitions(figure.series or ""):
        if started < first <= ended:
            return f"from {month_words(first)} something else is counted. {reason}"
    return ""


def _provisional(figure: Indicator, data: QuarterData) -> str:
    entry = data.parameters.availability.get(data.plan.series[figure.series or ""].table)
    if entry is None or entry.status != "provisional":
        return ""
    return "these figures are not final, and the result may change with them."


def _years(years: float) -> str:
    parts = zip(divmod(round(12 * years), 12), ("year", "month"), strict=True)
    return listed([f"{number(count)} {unit}{'s' * (count != 1)}" for count, unit in parts if count])


def _known(value: float | None) -> float:
    assert value is not None  # a verdict of this kind has it
    return value
