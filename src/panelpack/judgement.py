"""From two amounts to a verdict with its evidence: the rules of the plan, applied in one order."""

from dataclasses import dataclass

from panelpack import formats, significance, verdicts
from panelpack.projection import Projection
from panelpack.series import Amount

CHANCE = "a change this size would be expected by chance"
BEYOND_CHANCE = "a change this size would not be expected by chance"


@dataclass(frozen=True)
class Judgement:
    """A verdict, why there is none, the evidence in words, and the 95% interval that stands behind it."""

    verdict: str
    reason: str = ""
    evidence: str = ""
    lower_95: float | None = None
    upper_95: float | None = None
    interval_of: str = ""
    projected: float | None = None


def not_assessed(reason: str, evidence: str) -> Judgement:
    """Return the judgement of a figure that may not or cannot be judged."""
    return Judgement(verdicts.NOT_ASSESSED, reason, evidence)


def _span(interval, style) -> str:
    return f"{style(interval.lower)} to {style(interval.upper)}"


def by_significance(baseline: Amount, latest: Amount, polarity: str) -> Judgement:
    """Judge a count against its baseline over a period of equal length, with the dispersion that the data show."""
    if baseline.value <= 0:
        return not_assessed("no_comparator", "The baseline is zero, so no change in percent exists.")
    spread = significance.dispersion(baseline.points, latest.points)
    change = significance.count_change(latest.value, baseline.value, spread)
    if min(latest.value, baseline.value) < significance.SMALL_COUNT:
        allowing = "exact for Poisson counts, for they are small"
    elif len(baseline.points) > 1 or len(latest.points) > 1:
        allowing = f"allowing for a dispersion of {formats.number(spread, 1)} times Poisson"
    else:
        allowing = "taking the counts as Poisson, for there are too few points to estimate a dispersion"
    text = (
        f"Change {formats.percent(100 * (latest.value / baseline.value - 1), plus=True)}, 95% interval "
        f"{_span(change, lambda x: formats.percent(x, plus=True))}, {allowing}: "
        f"{BEYOND_CHANCE if change.excludes_none else CHANCE}."
    )
    verdict = verdicts.significance(change, polarity)
    return Judgement(verdict, "", text, change.lower, change.upper, "pct_change")


def by_printed_precision(baseline: Amount, latest: Amount, polarity: str) -> Judgement:
    """Judge a survey percentage as printed; the evidence beside it says whether chance explains the change."""
    change = significance.proportion_change(latest.successes, latest.base, baseline.successes, baseline.base)
    points = formats.rounded(latest.value, 1) - formats.rounded(baseline.value, 1)
    text = (
        f"Change {formats.change_in_unit(points, 'percent')} as printed, on {formats.number(latest.base)} responses "
        f"against {formats.number(baseline.base)}; 95% interval "
        f"{_span(change, lambda x: formats.number(x, 1, plus=True))}: "
        f"{BEYOND_CHANCE if change.excludes_none else CHANCE}."
    )
    verdict = verdicts.printed_precision(baseline.value, latest.value, polarity)
    return Judgement(verdict, "", text, change.lower, change.upper, "change")


def by_projection(baseline: Amount, future: Projection, polarity: str) -> Judgement:
    """Judge by the projected total of a year: no change while the baseline lies in its 95% prediction interval."""
    verdict = verdicts.projection(baseline.value, future, polarity)
    place = "inside" if verdict == verdicts.NO_CHANGE else "outside"
    text = (
        f"Projected total for {future.year} {formats.number(future.total)}, 95% prediction interval "
        f"{formats.number(future.lower_95)} to {formats.number(future.upper_95)}: the baseline of "
        f"{formats.number(baseline.value)} lies {place} it."
    )
    return Judgement(verdict, "", text, future.lower_95, future.upper_95, "projected", future.total)
