"""The rule of an office's own bands: its words and thresholds, on the latest figure or on its change."""

from dataclasses import replace

from panelpack.formats import percent, rounded
from panelpack.rules import intervals
from panelpack.rules.intervals import IntervalAt, as_printed, span_words, writer
from panelpack.rules.rule import Context, Named, Rule
from panelpack.rules.verdict import PeriodTotal, Verdict, not_assessed
from panelpack.statistics.significance import LEVEL, least_chance

PERCENT_DECIMALS = 1  # of a change in percent, as it is held against thresholds


class OfficesBands(Rule):
    """The step of the office's bands that the figure falls into, as it is printed."""

    name = "bands"
    kinds = frozenset({"count", "stock", "share", "rate", "duration", "money", "index"})
    title = "The office's own bands"
    key = ("Rule: bands", "The office's own words, by the thresholds that its plan states")
    needs_baseline = False  # of the latest figure; of a change the rule says itself where it lacks one
    needs_bands = True
    takes_neither = True
    has_test = True
    rests_on = ("value", "base", "points")
    methods = """\
**Bands.** The office states words and thresholds for the latest figure, its change, or its change in percent (to one
decimal). The figure as printed has the word of the first step that holds it; a threshold belongs to its step. Each step
counts in the headline as the verdict that the plan gives it. Where there is a 95% interval, the figure is in its band
clearly when all of the interval is, as printed: of the latest figure as under targets; of a change in percent as under
counts; of a change in the unit by the half widths of both in quadrature (Zou and Donner 2008).
"""
    weakness = "A figure close to a threshold has a word that chance may turn in the next quarter."

    def judge(self, baseline: PeriodTotal | None, latest: PeriodTotal | None, context: Context) -> Verdict:
        """Return the verdict of the step that the figure is of, with the step's word and mark."""
        assert latest is not None and context.bands is not None  # the plan's checks and `compute` see to it
        bands, form = context.bands, context.form
        if bands.of != "latest" and baseline is None:
            return not_assessed("no_comparator", "The series does not cover the baseline period.")
        if bands.of == "pct_change" and baseline and baseline.value <= 0:
            why = "The baseline is not above zero" if baseline.value else "The baseline is zero"
            return not_assessed("no_comparator", f"{why}, so no change in percent exists.")
        held, interval = _held(bands.of, baseline, latest, form.decimals)
        decimals = PERCENT_DECIMALS if bands.of == "pct_change" else form.decimals
        words = writer(bands.of, form, bands.thresholds)
        step = bands.step(as_printed(held, decimals))
        if step is None:  # the plan's checks see to it
            return not_assessed("no_comparator", f"No step of the plan's bands holds {words(held)}.")
        subject = "Latest" if bands.of == "latest" else "Change"
        evidence = f"{subject} {words(held)}: {step.word}."
        verdict = Verdict(step.counts_as, "", evidence, word=step.word, mark=step.mark)
        if interval is None:
            return verdict

        def is_inside(level: float) -> bool:
            ends = interval(level)
            return bands.is_inside_one(as_printed(ends.lower, decimals), as_printed(ends.upper, decimals))

        ends = interval(LEVEL)
        where = "all of it in this band" if is_inside(LEVEL) else "part of it in another band"
        return replace(
            verdict,
            evidence=f"{evidence} {percent(100 * LEVEL, 0)} interval "
            f"{span_words(ends.lower, ends.upper, words)}: {where}.",
            lower_95=ends.lower,
            upper_95=ends.upper,
            interval_of=bands.of,
            p_value=least_chance(is_inside),
        )

    def criterion(self, context: Context, named: Named) -> str:
        """Say from which threshold each of the office's words holds."""
        assert context.bands is not None  # the plan's checks see to it
        bands, write = context.bands, writer(context.bands.of, context.form)
        steps = []
        for step in bands.steps:
            ends = [f"{word} {write(end)}" for word, end in (("from", step.at_least), ("up to", step.at_most))
                    if end is not None]  # fmt: skip
            steps.append(f"“{step.word}” {' '.join(ends)}" if ends else f"otherwise “{step.word}”")
        since = f" since {named.baseline}" if named.baseline and bands.of != "latest" else ""
        what = {
            "latest": "the latest figure",
            "change": f"the change{since}",
            "pct_change": f"the change{since} in percent",
        }
        return f"Called by {what[bands.of]}: {', '.join(steps)}."


def _held(of: str, baseline: PeriodTotal | None, latest: PeriodTotal, decimals: int) -> tuple[float, IntervalAt | None]:
    """Return what is held against the thresholds, and its interval."""
    if of == "latest" or baseline is None:
        return latest.value, intervals.of_latest(latest, baseline)
    if of == "change":
        change = rounded(latest.value, decimals) - rounded(baseline.value, decimals)
        return float(change), intervals.of_change(latest, baseline)
    return 100 * (latest.value / baseline.value - 1), intervals.of_pct_change(latest, baseline)
