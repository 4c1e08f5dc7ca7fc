"""What a new edition says first: that it replaces another, why, and what changed; nothing in a first edition."""

from collections.abc import Iterable, Iterator, Sequence

from panelpack.config.parameters import Parameters
from panelpack.formats import listed, number, ordinal
from panelpack.indicators.earlier_edition import (
    HIDDEN,
    EditionChanges,
    Pair,
    ParagraphChange,
    earlier_edition,
    find_changes,
)
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.pages.figure_words import (
    NOT_SCORED,
    YEAR_BEFORE,
    change_words,
    dated,
    value_words,
    verdict_badges,
    year_before_words,
)
from panelpack.pages.report import commentary_rows
from panelpack.periods import date_words
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table

FIGURE, BEFORE, NOW = "Figure", "Before", "Now"
NOT_REPEATED = "not shown any more"  # what is withheld now is not told by the way of what it was
NOTHING = (
    "No figure, no verdict and no numbered paragraph differs from the edition before. What did change is what the "
    "reason says."
)
SHORT = 12  # digits of a seal and of a commit


def notice(report: QuarterReport) -> Iterator[Heading | Text | Table]:
    """Yield the notice; nothing in a first edition. Raises SourceError as `earlier_edition` does."""
    if changes := changes_of(report):
        yield from notice_of(changes, report.parameters)


def notice_of(changes: EditionChanges, parameters: Parameters) -> Iterator[Heading | Text | Table]:
    """Yield the notice of an edition from what changed, and what the parameters say of it."""
    earlier = changes.earlier
    place = f", can be verified at commit `{earlier.commit[:SHORT]}`" if earlier.commit else ""
    yield Heading(2, "What changed in this edition", "edition-notice")
    yield Text(
        f"This is the {ordinal(parameters.edition)} edition of this pack, as at {date_words(parameters.day)}. It "
        f"replaces the {ordinal(earlier.edition)}, of {date_words(earlier.day)} (seal `{earlier.seal[:SHORT]}`{place})."
    )
    yield Text(f"**Why.** {parameters.editions[-1].reason}")
    if changes.is_nothing:
        yield Text(NOTHING)
        return
    before, now = changes.headlines
    if before != now:
        yield Text(f"**Headline.** Before: {before}. Now: {now}.")
    yield from _tables(changes)
    if alike := _alike(changes):
        yield Text(f"In these, only what is not printed as a figure differs (digits, notes, charts): {listed(alike)}.")
    if changes.paragraphs:
        yield _paragraphs_table(changes)
    else:
        yield Text("No numbered paragraph was changed.")
    if changes.moved:
        some = "1 paragraph stands" if changes.moved == 1 else f"{number(changes.moved)} paragraphs stand"
        yield Text(f"{some} as before, under another number.")


def changes_of(report: QuarterReport) -> EditionChanges | None:
    """Return what changed since the edition that this one replaces; None for a first one."""
    earlier = earlier_edition(report.office)
    if earlier is None:
        return None
    results = [result for box in report.plan.priorities for result in report.results_of(box)]
    rows = commentary_rows(report).to_dict("records")
    cited = [(str(row["paragraph"]), str(row["text"]), str(row["indicators"]).split(";")) for row in rows]
    return find_changes(earlier, results, cited)


def change_lines(changes: EditionChanges) -> list[str]:
    """Return what changed for the terminal, a line each."""
    if changes.is_nothing:
        return ["No figure, no verdict and no numbered paragraph changed."]
    lines = [f"{row[FIGURE]}: shown now, {row[NOW]} ({row['Verdict']})" for row in _shown_rows(changes)]
    lines += [f"{row[FIGURE]}: {row[BEFORE]} before, now {row[NOW]}" for row in _verdict_rows(changes)]
    lines += [
        f"{row[FIGURE]}, {row['What'].lower()}: {row[BEFORE] or 'nothing'} before, now {row[NOW] or 'nothing'}"
        for row in _value_rows(changes)
    ]
    lines += [f"{title}: not as a figure is printed" for title in _alike(changes)]
    return lines + [f"Paragraph {one.now or one.before}: {one.how}" for one in changes.paragraphs]


def _tables(changes: EditionChanges) -> Iterator[Table]:
    """Yield what figures are shown now, which verdicts changed and which figures moved, where there are any."""
    badges = verdict_badges(result for pair in changes.figures for result in pair if result)
    left = {BEFORE: "left", NOW: "left"}
    if rows := _shown_rows(changes):
        caption = "Shown now, withheld in the edition before"
        sides = {NOW: "left", "Verdict": "left", "How sure": "left"}
        yield Table(rows, caption, widths=[4, 2.4, 2.4, 2.4, 2], align=sides, badges=badges)
    if rows := _verdict_rows(changes):
        caption = "Verdicts that changed, or how sure they are"
        yield Table(rows, caption, widths=[4, 3, 3], align=left, badges=badges)
    if rows := _value_rows(changes):
        yield Table(rows, "Figures that moved, as they are printed", widths=[4, 2.4, 3, 3], align=left)


def _shown_rows(changes: EditionChanges) -> list[dict[str, str]]:
    return [
        {
            FIGURE: _name(pair),
            "Why not before": pair.before.reason.replace("_", " "),
            NOW: dated(value_words(pair.now.latest, pair.now.form), pair.now.latest_period),
            "Verdict": pair.now.verdict_words or NOT_SCORED,
            "How sure": pair.now.how_sure_words,
        }
        for pair in changes.shown_now
    ]


def _verdict_rows(changes: EditionChanges) -> list[dict[str, str]]:
    rows = [(pair, _judged(pair.before), _judged(pair.now)) for pair in _others(changes)]
    return [
        {FIGURE: _name(pair), BEFORE: NOT_REPEATED if before and _is_withheld(pair) else before, NOW: now}
        for pair, before, now in rows
        if before != now
    ]


def _value_rows(changes: EditionChanges) -> list[dict[str, str]]:
    return [
        {FIGURE: _name(pair), "What": what, BEFORE: before, NOW: now}
        for pair in _others(changes)
        for what, before, now in _printed_differences(pair)
    ]


def _alike(changes: EditionChanges) -> list[str]:
    """Return the figures that differ, and neither in their verdict nor in a figure as it is printed."""
    return [
        _name(pair)
        for pair in _others(changes)
        if _judged(pair.before) == _judged(pair.now) and not _printed_differences(pair)
    ]


def _others(changes: EditionChanges) -> list[Pair]:
    """Return the figures that differ, but for those that are shown for the first time."""
    shown = changes.shown_now
    return [pair for pair in changes.figures if pair not in shown]


def _name(pair: Pair) -> str:
    result = pair.any
    return result.indicator if result.title == result.indicator else f"{result.indicator} {result.title}"


def _judged(result: IndicatorResult | None) -> str:
    if result is None:
        return ""
    return ", ".join(filter(None, (result.verdict_words, result.how_sure_words.lower())))


def _printed_differences(pair: Pair) -> list[tuple[str, str, str]]:
    """Return what is printed otherwise of a figure: what it is, before, now. What is withheld now is not repeated."""
    before, now = (dict(_printed(result)) for result in pair)
    found = [(what, before.get(what, ""), now.get(what, "")) for what in {**before, **now}]
    hides = _is_withheld(pair) or (pair.now is not None and pair.now.latest is None)
    return [
        (what, NOT_REPEATED if was and (hides or not is_now) else was, is_now)
        for what, was, is_now in found
        if was != is_now
    ]


def _is_withheld(pair: Pair) -> bool:
    return pair.now is not None and pair.now.reason in HIDDEN


def _printed(result: IndicatorResult | None) -> Iterator[tuple[str, str]]:
    """Yield the figures of a result as they are printed, each with what it is; none that there is not."""
    if result is None:
        return
    form = result.form
    if result.baseline is not None:
        yield "Baseline", dated(form.words(result.baseline), result.baseline_period)
    if result.latest is not None:
        yield "Latest", dated(form.words(result.latest), result.latest_period)
    if words := change_words(result.printed_change, result.pct_change, form):
        yield "Change", words
    if words := year_before_words(result, with_values=True):
        yield YEAR_BEFORE, words
    if result.projected is not None:
        ends = f"{number(result.lower_95)} to {number(result.upper_95)}"
        yield f"Projection {result.projection_year}, 95% interval", f"{number(result.projected)} ({ends})"
    if result.target:
        yield "Target", result.target


def _paragraphs_table(changes: EditionChanges) -> Table:
    differing = {pair.any.indicator for pair in changes.figures}
    rows = [
        {
            "Paragraph": f"[{one.now}](#para-{one.now})" if one.now else one.before,
            "What became of it": _became(one),
            "Because of": ", ".join(_causes(one.cites, differing)) or "Its words, or a count in it",
        }
        for one in changes.paragraphs
    ]
    return Table(rows, "Numbered paragraphs that changed", widths=[1, 2, 4], align={"Because of": "left"})


def _became(change: ParagraphChange) -> str:
    is_renumbered = bool(change.now) and change.before not in ("", change.now)
    return f"{change.how} (before: paragraph {change.before})" if is_renumbered else change.how


def _causes(cited: Sequence[str], differing: Iterable[str]) -> list[str]:
    return [name for name in cited if name in set(differing)]
