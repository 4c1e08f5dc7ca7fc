"""What an indicator is to reach as it stands at its latest period: a value, milestones on a way, or a direction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from panelpack.formats import Form, rounded


@dataclass(frozen=True)
class TargetAt:
    """What an indicator is to reach, in the unit of its series.

    final: what is to be reached in the end; None for a direction. by: when, as a reader calls it; '' for at any time.
    now: what it takes at the latest period to be on course; None where the time has come, or there is no course.
    now_words: what `now` is. not_due: why nothing can be asked of the latest period yet, in a sentence; '' where
    something can. direction: 'lower' or 'higher' than the baseline, for a target that names no value.
    """

    final: float | None = None
    by: str = ""
    now: float | None = None
    now_words: str = ""
    not_due: str = ""
    direction: str = ""

    def words(self, form: Form, polarity: str) -> str:
        """'90.0% or more by 2022/23', 'lower than the baseline'."""
        if self.final is None:
            return f"{self.direction} than the baseline"
        by = f" by {self.by}" if self.by else ""
        return f"{form.words(self.final)} or {'more' if polarity == 'higher' else 'less'}{by}"


def is_reached(value: float, aim: float, polarity: str, decimals: int) -> bool:
    """Whether a value is at or better than what was to be reached, both as they are printed."""
    printed, asked = rounded(value, decimals), rounded(aim, decimals)
    return printed >= asked if polarity == "higher" else printed <= asked


def constant_target(value: float) -> TargetAt:
    """Return a target that holds at any time."""
    return TargetAt(final=value)


def target_direction(direction: str) -> TargetAt:
    """Return a target to be better than the baseline. direction: 'lower' or 'higher'."""
    return TargetAt(direction=direction)


def target_on_path(milestones: Mapping[str, float], year: str) -> TargetAt:
    """Return a target with a milestone a year, as it stands in the year in which the latest period ends.

    milestones: by years of one form, as the plan writes them ('YYYY/YY' or 'YYYY'), in any order. A year without a
    milestone is held to that of the last year before it.
    """
    years = sorted(milestones)
    due = [other for other in years if other <= year]
    target = TargetAt(final=milestones[years[-1]], by=years[-1])
    if not due:
        return replace(target, not_due=f"The first milestone is that of {years[0]}.")
    if due == years:
        return target
    return replace(target, now=milestones[due[-1]], now_words=f"the milestone of {due[-1]}")


def target_by(value: float, by: str, baseline: float | None, ends: tuple[str, str, str]) -> TargetAt:
    """Return a target to be reached by a year, with the straight line to it from the baseline.

    baseline: its value; None where there is none. ends: the last months ('YYYY-MM') of the baseline, of the latest
    period and of the year by which it is to be reached.
    """
    start, now, end = (int(month[:4]) * 12 + int(month[5:]) for month in ends)
    if now >= end:
        return TargetAt(final=value, by=by)
    if baseline is None:
        return TargetAt(final=value, by=by, not_due="There is no baseline to draw the line to the target from.")
    gone = max(0, now - start) / (end - start)
    words = "the straight line from the baseline"
    return TargetAt(final=value, by=by, now=baseline + gone * (value - baseline), now_words=words)
