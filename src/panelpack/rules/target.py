"""The rule of targets: met, on course or missed."""

from dataclasses import replace

from panelpack.formats import change_unit, interval_words, percent, rounded
from panelpack.rules import intervals
from panelpack.rules.intervals import IntervalAt, as_printed, bare_words, span_words
from panelpack.rules.milestones import is_reached
from panelpack.rules.rule import Context, Named, Rule
from panelpack.rules.verdict import (
    BEYOND_CHANCE,
    CHANCE,
    MET,
    MISSED,
    ON_COURSE,
    PeriodTotal,
    Verdict,
    not_assessed,
)
from panelpack.statistics.significance import LEVEL, least_chance, p_value


class Target(Rule):
    """The latest figure against what the plan says is to be reached, both as printed."""

    name = "target"
    kinds = frozenset({"count", "stock", "share", "rate", "duration", "money", "index"})
    title = "Against the target"
    key = ("Rule: target", "Met, on course or missed, against the target that the plan states")
    needs_baseline = False  # of a constant target or a path; else the rule says itself where it lacks one
    needs_target = True
    has_test = True
    rests_on = ("value", "base", "points")
    methods = """\
**Targets.** *Met* when the latest figure is at or better than the target, both as printed. Else *on course* when it is
at or better than what it takes by now: the milestone of the year in which the latest period ends (or of the last year
before it that has one), or the straight line from the baseline to the target, from the end of the baseline period to
the end of the year by which it is to be reached, read at the end of the latest period. Else *missed*, also when the
time is up; before the first milestone nothing is missed, and there is no verdict but *met*. A target that only names a
direction is met when the latest figure as printed is better than the baseline's.
Beside it stands the 95% interval of the latest figure: the survey's own, else Wilson's of a share (Wilson 1927), else
the quasi-Poisson one of a count or a rate (dispersion and transition to the exact interval as under counts; Garwood
1936), the population of a rate taken as known; of a direction, that of the change.
"""
    weakness = "Who sets a target sets the result, and a straight line is nobody's forecast."

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return whether the target is met, on course or missed."""
        assert latest is not None and context.target is not None  # the plan's checks and `compute` see to it
        target, form = context.target, context.form
        if target.final is None:
            return _of_direction(baseline, latest, target.direction, context)
        evidence = f"Latest {form.words(latest.value)} against a target of {target.words(form, context.polarity)}: "
        aim = target.final
        if is_reached(latest.value, aim, context.polarity, form.decimals):
            verdict, evidence = MET, f"{evidence}reached."
        elif target.not_due:
            return not_assessed("no_comparator", f"{evidence}not reached yet. {target.not_due}")
        elif target.now is None:
            verdict, evidence = MISSED, f"{evidence}not reached."
        else:
            aim = target.now
            is_on_course = is_reached(latest.value, aim, context.polarity, form.decimals)
            verdict = ON_COURSE if is_on_course else MISSED
            evidence += (
                f"not reached yet, and {'no worse' if is_on_course else 'worse'} than {form.words(aim)}, "
                f"{target.now_words}."
            )
        return _beside(Verdict(verdict, "", evidence), aim, intervals.of_latest(latest, baseline), context)

    def criterion(self, context: Context, named: Named) -> str:
        """Say from which figure on the target is met, and what is on course until then."""
        target = context.target
        assert target is not None  # the plan's checks see to it
        met, missed = context.called(MET), context.called(MISSED)
        if target.final is None:
            than = f"than in {named.baseline or 'the period before'}"
            return f"Called {met} if it is {target.direction} {than}; else {missed}."
        words = f"Called {met} at {target.words(context.form, context.polarity)}"
        if target.now is not None:
            now = f"{context.form.words(target.now)}, {target.now_words}"
            words += f", and until then {context.called(ON_COURSE)} where it is no worse than {now}"
        return f"{words}; else {missed}."


def _beside(verdict: Verdict, aim: float, interval: IntervalAt | None, context: Context) -> Verdict:
    """Return a verdict with the interval of the latest figure and what it says of the aim, both as printed."""
    if interval is None:
        return verdict
    form = context.form
    asked = as_printed(aim, form.decimals)

    def leaves_out(level: float) -> bool:
        ends = interval(level)
        return not as_printed(ends.lower, form.decimals) <= asked <= as_printed(ends.upper, form.decimals)

    ends = interval(LEVEL)
    side = "outside" if leaves_out(LEVEL) else "inside"
    return replace(
        verdict,
        evidence=f"{verdict.evidence} {percent(100 * LEVEL, 0)} interval "
        f"{span_words(ends.lower, ends.upper, form.words)}: {bare_words(form.words(aim))} lies {side} it.",
        lower_95=ends.lower,
        upper_95=ends.upper,
        interval_of="latest",
        p_value=least_chance(leaves_out),
    )


def _of_direction(baseline: PeriodTotal | None, latest: PeriodTotal, direction: str, context: Context) -> Verdict:
    """Return whether the latest figure is better than the baseline, with the interval of the change."""
    if baseline is None:
        return not_assessed("no_comparator", "The series does not cover the baseline period.")
    form = context.form
    change = rounded(latest.value, form.decimals) - rounded(baseline.value, form.decimals)
    is_met = change > 0 if direction == "higher" else change < 0
    found = "the same" if not change else "higher" if change > 0 else "lower"
    asked = ", as the target asks" if is_met else f"; the target asks for a {direction} one"
    evidence = f"Latest {form.words(latest.value)}, baseline {form.words(baseline.value)}: {found}{asked}."
    verdict = Verdict(MET if is_met else MISSED, "", evidence)
    in_percent = intervals.of_pct_change(latest, baseline) if baseline.value > 0 else None
    interval = in_percent or intervals.of_change(latest, baseline)
    if interval is None:
        return verdict
    ends, of_what = interval(LEVEL), ("pct_change", "%") if in_percent else ("change", change_unit(form))
    words = interval_words(ends.lower, ends.upper, of_what[1])
    by_chance = BEYOND_CHANCE if ends.excludes_none else CHANCE
    return replace(
        verdict,
        evidence=f"{evidence} {percent(100 * LEVEL, 0)} interval of the change {words}: {by_chance}.",
        lower_95=ends.lower,
        upper_95=ends.upper,
        interval_of=of_what[0],
        p_value=p_value(interval),
    )
