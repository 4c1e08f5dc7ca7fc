"""The mark of a verdict and the tag of how sure it is, the same on every page."""

from panelpack.config.plan import Plan
from panelpack.indicators.results import IndicatorResult
from panelpack.pages.figure_words import NOT_SCORED, verdict_name
from panelpack.rendering.inline import Cell, Lines, Mark, Tag
from panelpack.rules.verdict import (
    ASSUMED,
    CHANGED,
    CLEAR,
    DETERIORATED,
    HOW_SURE_WORDS,
    IMPROVED,
    INTERVAL_DECIDES,
    MET,
    MISSED,
    NO_CHANGE,
    NOT_ASSESSED,
    ON_COURSE,
    REASON_WORDS,
)

# The kind of a verdict's mark. A target that may still be reached is marked as what did not change.
KINDS = {
    **dict.fromkeys((IMPROVED, MET), "better"),
    **dict.fromkeys((DETERIORATED, MISSED), "worse"),
    **dict.fromkeys((NO_CHANGE, ON_COURSE), "same"),
    CHANGED: "changed",
    NOT_ASSESSED: "none",
}
NO_MEASURE = "no_metric"
ON_ASSUMED = "ᵃ"  # behind how sure a verdict is, where that rests on numbers that were assumed


def kind_of(result: IndicatorResult) -> str:
    """Return the kind of a result's mark, that of nothing for one without a verdict."""
    return KINDS.get(result.verdict, "none")


def is_on_assumed(result: IndicatorResult) -> bool:
    """Whether how sure a verdict is rests on numbers that were assumed."""
    return result.how_sure_basis == ASSUMED and result.how_sure in INTERVAL_DECIDES


def mark_of(result: IndicatorResult, plan: Plan) -> Cell:
    """Return a verdict as a mark and its word; an office's own shape stands in the place of ours."""
    if not result.verdict:
        return NOT_SCORED
    words = result.word or verdict_name(plan, result.verdict)
    return f"{result.mark} **{words}**" if result.mark else Mark(kind_of(result), words)


def sure_tag(result: IndicatorResult) -> Cell:
    """Return how sure a verdict is as a tag, filled where it is clear; '' for one without a verdict."""
    if not result.how_sure:
        return ""
    mark = f"\u00a0{ON_ASSUMED}" * is_on_assumed(result)  # it never starts a line
    return Tag(f"{HOW_SURE_WORDS[result.how_sure].lower()}{mark}", firm=result.how_sure == CLEAR)


def judged(result: IndicatorResult, plan: Plan) -> Cell:
    """Return a cell of a verdict and, on a second line, how sure it is or why there is none.

    Where there is no measure at all, that is all there is to say.
    """
    if result.reason == NO_MEASURE:
        return Mark(kind_of(result), REASON_WORDS[result.reason].capitalize())
    return Lines(mark_of(result, plan), REASON_WORDS.get(result.reason, "") if result.reason else sure_tag(result))
