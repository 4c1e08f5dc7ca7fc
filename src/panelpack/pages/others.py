"""How the force compares with other forces, on a priority's page, on page 1 and on the dashboard.

Force and others are from one official table. A comparison is something to ask about, and decides no result.
"""

from collections.abc import Iterator, Sequence
from math import isfinite, nan

from panelpack.comparators.comparison import Change, Comparison, forces_words
from panelpack.config.plan import Indicator, Priority
from panelpack.formats import listed, number
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.comparison_words import (
    ANYWAY,
    LEAD,
    WAYS,
    anchor,
    anchor_of_forces,
    has_few_forces,
    is_outside,
    percent_words,
    source_words,
    told,
)
from panelpack.pages.every_force import compared, forces_table, title_of
from panelpack.pages.message import beginning, inside
from panelpack.rendering.inline import Anchored, Cell, Line, Lines
from panelpack.rendering.prose import Block, Heading
from panelpack.rendering.strip_chart import Changes, strip_alt, strip_chart
from panelpack.rendering.table import Table

INDICATOR = "Indicator"
GROUPS = (  # of page 1, by the position of the change
    (tuple(WAYS), f"Outside {ANYWAY}"),
    (("within",), f"Within {ANYWAY}"),
    (("",), f"Too little to say {ANYWAY}"),
)
MOST_IN_SUMMARY = 7  # rows of page 1, unless more are outside
NOT_COMPARED, FEW = "not compared", "too few to say"
UNKNOWN = Change(None, nan, nan, nan, nan)


# ------------------------------------------------------------------------------------------------ a priority's page
def blocks(report: QuarterReport, box: Priority) -> Iterator[Block]:
    """Yield how each indicator of a box compares, and below it every force's change: a strip, of few forces a list."""
    compared = report.others_of(box)
    for figure, of in compared:
        yield paragraph(figure, of, named=len(compared) > 1)
        if of.is_compared and has_few_forces(of):
            yield forces_table(report, box, figure, of)
        elif (changes := changes_of(of)) is not None:
            more = f" [Sources, rates and every force](#{anchor_of_forces(figure.id)})."
            what = f"{title_of(report, figure)}, {of.before.words} to {of.latest.words}"
            yield strip_chart(
                changes, title="", subtitle="", alt=strip_alt(what, changes), caption=f"{source_words(of)}{more}"
            )


def is_drawn(report: QuarterReport, box: Priority) -> bool:
    """Whether the page of a box has a picture of other forces."""
    return any(of.is_compared and not has_few_forces(of) and changes_of(of) for _, of in report.others_of(box))


def changes_of(of: Comparison) -> Changes | None:
    """Return the changes of all forces, to be drawn; None where one that the picture names is not known."""
    change = of.change
    if change is None or not all(map(isfinite, (change.own, change.others, change.low, change.high))):
        return None
    others = of.forces["pct_change"][~of.forces["is_own"]].to_numpy(float)
    return Changes(forces_words([of.force]), change.own, others, change.others, change.low, change.high)


def paragraph(figure: Indicator, of: Comparison, *, named: bool) -> Line:
    """Return how an indicator compares, or why it is not compared. named: whether the page has several of them."""
    which = f", {inside(figure.name)}" if named else ""
    return Line([Anchored((anchor(figure.id),), f"**{LEAD}{which}:** {told(of)}")])


# ------------------------------------------------------------------------------------------------ page 1
def summary(report: QuarterReport) -> Iterator[Heading | Table]:
    """Yield what changed here and in the other forces together, for page 1; nothing where nothing is compared.

    Those that are outside what differs between forces anyway stand first, in the plan's order; then as many others as
    there is room for.
    """
    every = compared(report)
    if not every:
        return
    periods = usual_periods([of for _, _, of in every])
    rows: list[dict[str, Cell]] = []
    groups: dict[int, str] = {}
    left = 0
    for positions, words in GROUPS:
        found = [one for one in every if one[2].change and one[2].change.position in positions]
        shown = found if positions == tuple(WAYS) else found[: max(MOST_IN_SUMMARY - len(rows), 0)]
        left += len(found) - len(shown)
        if shown:
            groups[len(rows)] = f"{words} ({number(len(found))})"
        rows += [_summary_row(report, *one, periods) for one in shown]
    yield Heading(3, LEAD)
    yield Table(
        rows,
        f"{beginning(periods[1])} on {periods[0]}",
        align={head: "right" for head in rows[0] if head != INDICATOR},
        widths=[3.8, 1.1, 1.6, 2.1],
        notes=[_summary_note(every, left)],
        groups=groups,
        dense=True,
        why="there were none before",
    )


def usual_periods(every: Sequence[Comparison]) -> tuple[str, str]:
    """Return the words of the two periods that most comparisons are of."""
    pairs = [(of.before.words, of.latest.words) for of in every]
    return max(pairs, key=pairs.count, default=("", ""))


def _summary_row(
    report: QuarterReport, box: Priority, figure: Indicator, of: Comparison, periods: tuple[str, str]
) -> dict[str, Cell]:
    of_box = [one for one, other in report.others_of(box) if other.is_compared]
    own = f": {inside(figure.name)}" if len(of_box) > 1 else ""
    name = f"[{box.number} **{box.name}**{own}](#{anchor(figure.id)})"
    is_other = (of.before.words, of.latest.words) != periods
    change = of.change or UNKNOWN
    between = f"{percent_words(change.low)} to {percent_words(change.high)}"
    return {
        INDICATOR: Lines(name, f"{of.latest.words} on {of.before.words}" * is_other),
        "Here": f"**{percent_words(change.own)}**",
        "Other forces together": percent_words(change.others),
        "8 in 10 forces": "" if has_few_forces(of) else between,
    }


def _summary_note(every: Sequence[tuple[Priority, Indicator, Comparison]], left: int) -> str:
    """Say where the figures are from, which need care, and how many are not shown."""
    of = every[0][2]
    said = [f"Official table, as revised by {of.source.release}; the force’s own figures may differ."]
    if care := [f"[{box.number}](#{anchor(figure.id)})" for box, figure, one in every if one.cautions]:
        said.append(f"How fully {listed(care)} is recorded differs from force to force.")
    if left:
        said.append(f"{number(left)} more: see the dashboard.")
    return " ".join(said)


# ------------------------------------------------------------------------------------------------ the dashboard
def in_short(of: Comparison | None) -> Cell:
    """Return what the other forces together changed by, and whether the change here is within or outside.

    '' of what is in no official table.
    """
    if of is None:
        return ""
    if not of.is_compared or of.change is None:
        return NOT_COMPARED
    return Lines(percent_words(of.change.others), "outside" if is_outside(of) else of.change.position or FEW)


def periods_words(report: QuarterReport) -> Iterator[str]:
    """Yield what the official changes are of: of most, then of each that is of other periods."""
    every = compared(report)
    usual = usual_periods([of for _, _, of in every])
    others = [
        f"{box.number} {inside(figure.name)}: {of.latest.words} on {of.before.words}"
        for box, figure, of in every
        if (of.before.words, of.latest.words) != usual
    ]
    if every:
        release = every[0][2].source.release
        yield f"It is of the {usual[1]} on {usual[0]}, from the official table as revised by {release}."
    if others:
        yield f"Otherwise {'; '.join(others)}."
