"""Page 1, which stands alone: how many are better and worse, which, and how sure; what is new, and what needs care."""

from collections.abc import Iterator, Mapping, Sequence

from panelpack.formats import listed, number, percent_change
from panelpack.indicators.certainty import CLOSE_CALL_WORDS
from panelpack.indicators.last_pack import Since, read_last_pack
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.open_points.next_steps import next_steps_of
from panelpack.open_points.saved import read_open_queries
from panelpack.pages import others
from panelpack.pages.comparison_words import is_outside
from panelpack.pages.dashboard import (
    YEAR,
    Periods,
    bold_latest,
    own_periods,
    periods_of,
    plain_result,
    target_words,
)
from panelpack.pages.figure_words import (
    WHY_IN_VERDICT,
    baseline_words,
    change_words,
    verdict_name,
    verdicts_told,
    year_before_words,
)
from panelpack.pages.message import inside
from panelpack.pages.verdict_marks import KINDS, ON_ASSUMED, is_on_assumed, sure_tag
from panelpack.rendering.inline import Cell, Lines, MarkRows
from panelpack.rendering.prose import Beside, Block, Heading, Text
from panelpack.rendering.table import Table, table_row
from panelpack.rules.verdict import (
    ASSUMED,
    BY_CHANCE,
    CHANGED,
    CLEAR,
    DETERIORATED,
    IMPROVED,
    INSIDE_FORECAST,
    MET,
    MISSED,
    NO_CHANGE,
    NOT_ASSESSED,
    NOT_LIKE_WITH_LIKE,
    ON_COURSE,
    PROVISIONAL,
    REASON_WORDS,
    VERDICT_WORDS,
)

INDICATOR, CHANGE, SURE = "Indicator", "Change", "How sure"
WIDTHS = {INDICATOR: 8.2, CHANGE: 1.8, YEAR: 1.6, SURE: 3.1}  # these and the next two in cm
VALUE, LATEST = 1.6, 1.9
NAMED = (DETERIORATED, MISSED, IMPROVED, MET, CHANGED)  # the verdicts that page 1 names, in its order
IN_ORDER = (IMPROVED, DETERIORATED, MET, ON_COURSE, MISSED, CHANGED, NO_CHANGE, NOT_ASSESSED)  # of the headline
PHRASES = {  # of one and of several, where the office has no word of its own
    IMPROVED: ("is better", "are better"),
    DETERIORATED: ("is worse", "are worse"),
    MET: ("has met its target", "have met their targets"),
    ON_COURSE: ("is on course to its target", "are on course to their targets"),
    MISSED: ("misses its target", "miss their targets"),
    CHANGED: ("changed where neither way is better", "changed where neither way is better"),
    NO_CHANGE: ("shows no clear change", "show no clear change"),
    NOT_ASSESSED: ("could not be assessed", "could not be assessed"),
}
MOST_CARE = 5  # lines of what to read with care
MOST_BESIDE = 4  # of these beside the other forces
MOST_UNLIKE = 3  # indicators that are named as unlike other forces
NO_EARLIER = "There is no earlier pack to compare with."


def blocks(report: QuarterReport) -> Iterator[Block]:
    """Yield the page. Raises SourceError where the last pack cannot be read."""
    yield Heading(2, f"{report.quarter.words} at a glance", "glance")
    counts = report.headline()
    yield Text(headline(report, counts))
    if counts["scored"]:
        shown = verdicts_told(verdict for verdict in IN_ORDER if counts[verdict])
        told = sorted(shown, key=IN_ORDER.index)
        yield MarkRows([(KINDS[v], int(counts[v]), inside(verdict_name(report.plan, v))) for v in told])
    if table := changes_table(report):
        yield table
    if words := next_steps_words(report):
        yield Text(words)
    if compared := list(others.summary(report)):
        yield Beside(compared, [*_care(report, MOST_BESIDE), *_in_lines(_since_last(report))])
        yield from _in_lines(_not_assessed(report))
        return
    left = [*_not_assessed(report), *_since_last(report)]
    right = list(_care(report, MOST_CARE))
    yield Beside(left, right) if right else Beside(left[:2], left[2:])


def _in_lines(blocks: Iterator[Heading | Text]) -> Iterator[Text]:
    """Yield a list under a heading as a paragraph, which takes less of page 1."""
    words = ""
    for block in blocks:
        if isinstance(block, Heading):
            words = f"**{block.text}:** "
        else:
            words += "; ".join(block.markdown.removeprefix("- ").split("\n- "))
    if words:
        yield Text(f"{words.removesuffix('.')}.")


# ------------------------------------------------------------------------------------------------ headline
def headline(report: QuarterReport, counts: Mapping[str, float]) -> str:
    """Say how many indicators have which result and, of those that changed, how many are clear; assumed ones apart."""
    if not counts["scored"]:
        return "No indicator is scored."
    there = [verdict for verdict in IN_ORDER if counts[verdict]]
    indicators = "1 indicator" if counts["scored"] == 1 else f"{number(counts['scored'])} indicators"
    parts = [_phrase(report, verdict, int(counts[verdict])) for verdict in there]
    against = periods_of([one for one in report.indicators() if one.verdict in NAMED]).before
    than = f" than in {against}" if against and set(there) & {IMPROVED, DETERIORATED} else ""
    first = next((place for place, verdict in enumerate(there) if verdict in (IMPROVED, DETERIORATED)), None)
    if first is not None and not _own_word(report, there[first]):
        parts[first] += than
    return " ".join(filter(None, [f"Of {indicators}, {listed(parts)}.", _clear_words(report, counts)]))


def _own_word(report: QuarterReport, verdict: str) -> str:
    own = report.plan.word(verdict)
    return "" if own == VERDICT_WORDS[verdict] else own


def _phrase(report: QuarterReport, verdict: str, count: int) -> str:
    own = _own_word(report, verdict)
    words = f"{'is' if count == 1 else 'are'} “{inside(own)}”" if own else PHRASES[verdict][count != 1]
    return f"**{number(count)} {words}**" if verdict in NAMED else f"{number(count)} {words}"


def _clear_words(report: QuarterReport, counts: Mapping[str, float]) -> str:
    """Say how many of the verdicts that page 1 names are clear, and how many of these rest on assumed numbers."""
    there = [verdict for verdict in IN_ORDER if verdict in NAMED and counts[verdict]]
    if not there:
        return ""
    clear = sum(counts[f"{verdict}_{CLEAR}"] for verdict in there)
    if not clear:
        return "How sure each is stands beside it; none of them is clear."
    some, none = [], []
    for verdict in there:
        found, every = counts[f"{verdict}_{CLEAR}"], counts[verdict]
        words = f"the {number(every)} {inside(verdict_name(report.plan, verdict))}"
        if found:
            some.append(f"{number(found)} of {words}" if found < every else words)
        else:
            none.append(f"none of {words}" if every > 1 else f"not {words}")
    others = f", and {listed(none)}" if none else ""
    said = f"{listed(some)} {'is' if clear == 1 else 'are'} clear{others}"
    words = f"**{said[:1].upper()}{said[1:]}**: more than chance and the usual ups and downs, and like set beside like"
    on_assumed = sum(counts[f"{verdict}_{CLEAR}_{ASSUMED}"] for verdict in there)
    if not on_assumed:
        return f"{words}."
    which = "all" if on_assumed == clear > 1 else "it" if clear == 1 else number(on_assumed)
    rest = "rests" if on_assumed == 1 else "rest"
    return f"{words}; {which}{' of these' * (clear > 1)} {rest} on numbers that were assumed."


# ------------------------------------------------------------------------------------------------ by name
def changes_table(report: QuarterReport) -> Table | None:
    """Return the indicators that are worse, then those that are better, by name; None where there are none."""
    named = [(verdict, _with(report, verdict)) for verdict in NAMED]
    every = [one for _, results in named for one in results]
    if not every:
        return None
    periods, has_year = periods_of(every), any(year_before_words(one) for one in every)
    rows: list[dict[str, Cell]] = []
    groups: dict[int, str] = {}
    for verdict, results in named:
        if results:
            groups[len(rows)] = f"{verdict_name(report.plan, verdict)} ({number(len(results))})"
        rows += [_row(report, one, periods, has_year=has_year) for one in results]
    notes = [f"{ON_ASSUMED} on numbers that were assumed"] * any(is_on_assumed(one) for one in every)
    notes += ["pts: percentage points"] * any(" pts" in str(cell) for row in rows for cell in row.values())
    notes += [f"{YEAR}: on the same one a year earlier"] * has_year
    return Table(
        rows,
        f"By name: {listed([inside(verdict_name(report.plan, v)) for v, r in named if r])}",
        widths=[WIDTHS.get(name, LATEST if name == periods.heads[1] else VALUE) for name in rows[0]],
        align={name: "left" if name in (INDICATOR, SURE) else "right" for name in rows[0]},
        why=WHY_IN_VERDICT,
        groups=groups,
        dense=True,
        notes=[f"{'; '.join(notes)}."] if notes else [],
    )


def _with(report: QuarterReport, verdict: str) -> list[IndicatorResult]:
    return [one for one in report.indicators() if one.is_counted and one.verdict == verdict]


def _row(report: QuarterReport, one: IndicatorResult, periods: Periods, *, has_year: bool) -> dict[str, Cell]:
    before, now = periods.heads
    below = ". ".join(filter(None, [target_words(report, one), own_periods(one, periods)]))
    return table_row(
        [
            (INDICATOR, Lines(name_of(report, one), below)),
            (before, baseline_words(one)),
            (now, bold_latest(one)),
            (CHANGE, change_words(one.printed_change, one.pct_change, one.form)),
            *([(YEAR, year_before_words(one))] if has_year else []),
            (SURE, sure_tag(one)),
        ]
    )


def name_of(report: QuarterReport, one: IndicatorResult) -> str:
    """Return the number and short name of an indicator's priority and its own, with a link to its row."""
    box = report.plan.priority(one.priority)
    own = inside(report.plan.figures[one.indicator].name)
    return f"{box.number} [**{box.name}**: {own}](#row-{one.indicator})"


def short_of(report: QuarterReport, one: IndicatorResult) -> str:
    """Return the number of an indicator's priority and its own short name, with a link to its row."""
    own = inside(report.plan.figures[one.indicator].name)
    return f"[{report.plan.priority(one.priority).number} {own}](#row-{one.indicator})"


def _listed(report: QuarterReport, results: Sequence[IndicatorResult]) -> str:
    """List indicators; of those with one name the numbers of their priorities stand before it: '14A and 14B ...'."""
    by_name: dict[str, list[IndicatorResult]] = {}
    for one in results:
        by_name.setdefault(inside(report.plan.figures[one.indicator].name), []).append(one)
    parts = []
    for name, alike in by_name.items():
        numbers = [f"[{report.plan.priority(one.priority).number}](#row-{one.indicator})" for one in alike]
        parts.append(f"{listed(numbers)} {name}" if len(alike) > 1 else short_of(report, alike[0]))
    return listed(parts)


# ------------------------------------------------------------------------------------------------ what is done
def next_steps_words(report: QuarterReport) -> str:
    """Say where what is done about each result that calls for it stands, and for which no step is named."""
    results = report.indicators()
    followed = next_steps_of(report.office, results)
    named: dict[str, list[str]] = {}
    for one in results:
        if one.indicator in followed and (step := followed[one.indicator]).is_needed:
            number_of_box = report.plan.priority(one.priority).number
            at = f"[paragraph {step.paragraph}](#para-{step.paragraph})" if step.paragraph else "its page"
            where = named.setdefault(at if step.words else "", [])
            where.append(f"[{number_of_box}](#priority-{one.priority})")
    parts = [f"on {listed(numbers)} see {at}" for at, numbers in named.items() if at]
    if without := named.get(""):
        parts.append(f"for {listed(without)} no next step is named")
    return f"**What is being done:** {'; '.join(parts)}." if parts else ""


# ------------------------------------------------------------------------------------------------ not assessed
def _not_assessed(report: QuarterReport) -> Iterator[Heading | Text]:
    """Yield the indicators without a verdict by plain reason, with the numbers of their priorities."""
    results = _with(report, NOT_ASSESSED)
    lines = []
    for reason, words in REASON_WORDS.items():
        found = [one for one in results if one.reason == reason]
        boxes = dict.fromkeys(one.priority for one in found)
        links = [f"[{report.plan.priority(box).number}](#priority-{box})" for box in boxes]
        if found:
            lines.append((len(found), f"- **{number(len(found))}** {words}: {', '.join(links)}"))
    if lines:
        many = sorted(lines, key=lambda line: -line[0])
        yield Heading(3, f"Not assessed ({number(len(results))}), by {report.plan.office.priority_word.lower()}")
        yield Text("\n".join(words for _, words in many))


# ------------------------------------------------------------------------------------------------ since the last pack
def _since_last(report: QuarterReport) -> Iterator[Heading | Text]:
    """Yield what is otherwise than in the pack of the quarter before: results that changed, newly assessed, gone."""
    yield Heading(3, "Since the last pack")
    last = read_last_pack(report.office)
    if last is None:
        yield Text(NO_EARLIER)
        return
    changes = last.since(report.indicators())
    if not changes:
        yield Text(f"No result differs from that in the pack of {last.quarter.words}.")
        return
    yield Text("\n".join(f"- {_since_words(report, one)}" for one in changes))


def _since_words(report: QuarterReport, one: Since) -> str:
    now = inside(plain_result(report, one.now)) if one.now else ""
    before = inside(plain_result(report, one.before)) if one.before else ""
    name = short_of(report, one.now) if one.now else one.any.title
    match one.kind:
        case "newly_assessed":
            return f"Newly assessed: {name} ({now})"
        case "no_longer_assessed":
            return f"No longer assessed: {name} (was {before})"
        case "new":
            return f"New: {name} ({now})"
        case "gone":
            return f"Gone: {name}{f' (was {before})' if before else ''}"
    return f"{name}: now {now}, was {before}"


# ------------------------------------------------------------------------------------------------ with care
def _care(report: QuarterReport, most: int) -> Iterator[Heading | Text]:
    """Yield what to read with care, each with a link to its row; nothing where there is nothing."""
    if lines := list(care_lines(report))[:most]:
        yield Heading(3, "What to read with care")
        yield Text("\n".join(f"- {line}" for line in lines))


def care_lines(report: QuarterReport) -> Iterator[str]:
    """Yield what speaks against a result that page 1 names, the gravest first."""
    named = [one for one in report.indicators() if one.is_counted and one.verdict in NAMED]
    if unlike_others := [words for one in report.indicators() if (words := _unlike_others(report, one))]:
        more = len(unlike_others) - MOST_UNLIKE
        rest = f"; and {number(more)} more" if more > 0 else ""
        yield f"**Unlike other forces:** {'; '.join(unlike_others[:MOST_UNLIKE])}{rest}."

    def with_state(how_sure: str) -> list[IndicatorResult]:
        return [one for one in named if one.how_sure == how_sure]

    if unlike := with_state(NOT_LIKE_WITH_LIKE):
        yield f"**Not like with like:** {_listed(report, unlike)}. The two figures are of other people or other things."
    if inside := with_state(INSIDE_FORECAST):
        yield f"**Close call:** {_listed(report, inside)}. The year may still end where the baseline was."
    if close := [one for one in named if CLOSE_CALL_WORDS in one.how_sure_reason]:
        yield f"**Only just clear:** {_listed(report, close)}."
    if provisional := with_state(PROVISIONAL):
        yield f"**Not final:** {_listed(report, provisional)}."
    if chance := with_state(BY_CHANCE):
        yield f"**Could be chance:** {_listed(report, chance)}. Measured again, it might be the opposite."
    if report.data.reconstructed:
        yield "**Reconstructed:** how counts spread over months, and how many were asked, is partly assumed."
    if asked := read_open_queries(report.folder):
        questions = "1 question" if len(asked) == 1 else f"{number(len(asked))} questions"
        yield f"**Not yet explained:** {questions} about the data {'is' if len(asked) == 1 else 'are'} still open."
    if otherwise := [one for one in named if one.notes_of("year_before")]:
        yield f"**The other way on a year before:** {_listed(report, otherwise)}."


def _unlike_others(report: QuarterReport, one: IndicatorResult) -> str:
    """Return what an indicator did that is called unchanged, or is not assessed, and yet is unlike other forces.

    '' for any other.
    """
    if not one.is_counted or one.verdict not in (NO_CHANGE, NOT_ASSESSED):
        return ""
    of = report.others(report.plan.figures[one.indicator])
    if of is None or of.change is None or not is_outside(of):
        return ""
    here, elsewhere = (percent_change(change) for change in (of.change.own, of.change.others))
    result = inside(plain_result(report, one))
    return f"{short_of(report, one)} ({result}, yet {here} here, {elsewhere} in the other forces together)"
