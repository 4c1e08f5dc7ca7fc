"""The message of a priority's page: which of its figures says most, and what it says, in a few words.

The order is the same for every office. First comes what got worse and is clear, then what else got worse; what got
better and is clear, then what else got better or changed; what shows no clear change; what is not like for like; then
an indicator without a result; last a measure, which nothing judges. Among equals the plan's order decides, and a whole
comes before its parts.
"""

import re

from panelpack.config.plan import Indicator, Priority
from panelpack.formats import number, percent, rounded
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.pages.figure_words import verdict_name
from panelpack.periods import MONTH_NAMES, Quarter, span_words
from panelpack.rules.verdict import (
    BY_CHANCE,
    CHANGED,
    CLEAR,
    DETERIORATED,
    IMPROVED,
    MET,
    MISSED,
    NO_CHANGE,
    NOT_ASSESSED,
    NOT_LIKE_WITH_LIKE,
    ON_COURSE,
    PROVISIONAL,
)

NOTHING = 7  # the rank of what says nothing
_A_DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}")
_MONTH = re.compile("|".join(MONTH_NAMES))
_A_QUARTER = re.compile(r"Quarter ([1-4]) (\d{4})/\d{2}")
_PERIOD_IN_BRACKETS = re.compile(r"[A-Z]{3,} \((.+)\)")  # 'LYTD (April to June YYYY)'


def telling(report: QuarterReport, box: Priority) -> IndicatorResult | None:
    """Return the result of the figure that gives a page its message; None where none says anything."""
    # Its indicators, then its measures, but for those that only stand beside an indicator.
    results = [one for one in report.results_of(box) if not report.plan.figures[one.indicator].beside]
    return min(
        (result for result in results if _rank(result) < NOTHING),
        key=lambda result: (_rank(result), result.measure, bool(result.part_of)),  # min keeps the plan's order
        default=None,
    )


def main_series(report: QuarterReport, box: Priority) -> str | None:
    """Return the series of the page's one chart: the plan's, else that of the message, else the box's first.

    None where no figure of the box reads a series.
    """
    told = telling(report, box)
    of_message = report.plan.figures[told.indicator].series if told else None
    return box.chart or of_message or next(iter(box.series), None)


def title(report: QuarterReport, box: Priority) -> str:
    """Return the title of a page: number, short name and message; without a message the name alone."""
    told = telling(report, box)
    named = f"{box.number} {box.name}"
    return f"{named}: {message(report, box, told)}" if told else named


def message(report: QuarterReport, box: Priority, result: IndicatorResult) -> str:
    """Say what a figure says, in a few words that go on after a colon: 'recorded offences up 31% on YYYY/YY'."""
    spec = report.plan.figures[result.indicator]
    name = inside(spec.name)
    latest = "" if result.latest is None else result.form.words(result.latest)
    if result.verdict in (MET, ON_COURSE, MISSED) or (isinstance(spec, Indicator) and spec.bands):
        return f"{name} {latest}, {_called(report, result)}"
    if result.verdict in ("", NOT_ASSESSED):
        return _without_result(name, latest, result)
    if result.verdict == NO_CHANGE:
        return _no_change(report, box, name, result)
    if result.how_sure == NOT_LIKE_WITH_LIKE:
        return f"{name} {latest}, not like for like with {with_article(result.baseline_period)}"
    if not latest:
        return f"{name} {_called(report, result)}"
    moved = f"{moved_words(result)} on {with_article(result.baseline_period)}"
    if result.how_sure == BY_CHANCE:
        return f"{name} may be {moved}"
    return f"{name} {moved}{', provisional' * (result.how_sure == PROVISIONAL)}"


def moved_words(result: IndicatorResult) -> str:
    """'up 31%', 'down 0.7 points', 'from Good to Outstanding': a change in a few words; 'unchanged' for none."""
    change, form = result.printed_change, result.form
    if change is None or result.baseline is None or result.latest is None:
        return ""
    if form.labels:
        return f"from {form.words(result.baseline)} to {form.words(result.latest)}"
    if not change:
        return "unchanged"
    way = "up" if change > 0 else "down"
    if result.pct_change is not None:
        share = percent(abs(result.pct_change), 0)
        return f"{way} {share if rounded(result.pct_change) else 'less than 1%'}"
    if form.unit == "percent":
        size = number(abs(change), form.decimals)
        return f"{way} {size} point{'' if size == '1' else 's'}"
    return f"{way} {form.words(abs(change))}"


def plain_period(words: str) -> str:
    """Return a period as a lay reader calls it: 'April to June YYYY' of a quarter, and of one with that in brackets."""
    bracketed, quarter = _PERIOD_IN_BRACKETS.fullmatch(words), _A_QUARTER.fullmatch(words)
    if quarter:
        return span_words(Quarter(int(quarter[2]), int(quarter[1])).months)
    return bracketed[1] if bracketed else words


def short_period(words: str) -> str:
    """Return a period in few letters, for a narrow column: 'Apr to Jun YYYY', '12 months to Jun YYYY'."""
    return _MONTH.sub(lambda found: found[0][:3], plain_period(words))


def in_period(words: str) -> str:
    """'in YYYY/YY', 'in the 12 months to June YYYY', 'on 31 December YYYY': a period as it goes on in a sentence."""
    plain = plain_period(words)
    if _A_DAY.fullmatch(plain):
        return f"on {plain}"
    return f"in {with_article(plain)}"


def with_article(words: str) -> str:
    """Return a period as it goes on behind 'on' or 'in': 'YYYY/YY', 'the 12 months to June YYYY'."""
    plain = plain_period(words)
    return f"the {plain}" if " months to " in plain else plain


def inside(name: str) -> str:
    """Return a name as it stands inside a sentence; one that begins with capitals keeps them."""
    return name if name[1:2].isupper() or not name[:1].isalpha() else f"{name[:1].lower()}{name[1:]}"


def beginning(name: str) -> str:
    """Return a name as it begins a line."""
    return f"{name[:1].upper()}{name[1:]}"


def _rank(result: IndicatorResult) -> int:
    """Return the place of a figure in the order above, 0 for what says most."""
    is_clear, is_alike = result.how_sure == CLEAR, result.how_sure != NOT_LIKE_WITH_LIKE
    if result.verdict in ("", NOT_ASSESSED):
        return 6 if result.latest is not None else NOTHING
    if not is_alike:
        return 5
    if result.verdict in (DETERIORATED, MISSED):
        return 0 if is_clear else 1
    if result.verdict in (IMPROVED, MET, CHANGED):
        return 2 if is_clear else 3
    return 4


def _called(report: QuarterReport, result: IndicatorResult) -> str:
    return result.word or inside(verdict_name(report.plan, result.verdict))


def _no_change(report: QuarterReport, box: Priority, name: str, result: IndicatorResult) -> str:
    """Say that nothing clear happened: to a figure, with what it did; to what a board assessed, how many of them."""
    called = _called(report, result)
    if result.latest is None:
        others = [one for one in report.results_of(box) if one.latest is None]
        same = [one for one in others if one.verdict == result.verdict]
        return f"{called} in {name}" if len(same) == 1 else f"{called} in {number(len(same))} indicators"
    moved = moved_words(result)
    return f"{called} in {name}" + (f" ({moved} on {with_article(result.baseline_period)})" if moved else "")


def _without_result(name: str, latest: str, result: IndicatorResult) -> str:
    if result.target_value is not None:
        return f"{name} {latest} of {result.form.words(result.target_value)}"
    if moved := moved_words(result):
        return f"{name} {moved} on {with_article(result.baseline_period)}"
    return f"{name} {latest}{f' {in_period(result.latest_period)}' * bool(result.latest_period)}"
