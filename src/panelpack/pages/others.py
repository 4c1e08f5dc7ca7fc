"""How the force compares with other forces: the words of a priority's page, its picture, and the table of every force.

Force and others are from one official table. A comparison is something to ask about, and decides no result.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from math import isfinite, nan

import pandas as pd

from panelpack.comparators.comparison import Change, Comparison, forces_words
from panelpack.comparators.forces import PER, REGION
from panelpack.config.plan import Indicator, Priority
from panelpack.formats import Form, listed, number, percent, percent_change, rounded
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.message import beginning, in_period, inside
from panelpack.rendering.charts import Chart
from panelpack.rendering.funnel_chart import Rates, funnel_alt, funnel_chart, notes, places_along
from panelpack.rendering.inline import Anchored, Cell, Line, Lines
from panelpack.rendering.prose import Beside, Block, Folded, Heading, NewPage, Text
from panelpack.rendering.strip_chart import Changes, strip_alt, strip_chart
from panelpack.rendering.table import Table, table_row
from panelpack.shorthand import NOT_AVAILABLE
from panelpack.statistics.funnel import FAR_LEVEL, FEWEST_UNITS, LEVEL, chance_of_count

OTHER_FORCES_FILE = "other_forces.csv"  # of the pack: a row an indicator and force
LEAD = "Compared with other forces"
ANYWAY = "what differs between forces anyway"
WITHIN, OUTSIDE = f"within {ANYWAY}", f"outside {ANYWAY}"
SHORT_POSITIONS = {"within": "within", "above": "outside, above", "below": "outside, below"}
WAYS = {"above": "above it", "below": "below it"}
FEW_FORCES = f"So few forces do not show {ANYWAY}."
FEW_OFFENCES = f"The numbers are too small to say whether that is {WITHIN}."
COMPASS = ("North", "South", "East", "West")  # a region that is called after one has an article
NO_GROUP = "No list of most similar forces is at hand."
HERE, TOGETHER = "here", "in the others together"
MONTHS_A_YEAR = 12
INDICATOR = "Indicator"
GROUPS = (  # of page 1, by the position of the change
    (tuple(WAYS), f"Outside {ANYWAY}"),
    (("within",), f"Within {ANYWAY}"),
    (("",), f"Too little to say {ANYWAY}"),
)
MOST_IN_SUMMARY = 7
NOT_COMPARED, FEW = "not compared", "too few to say"
NO_CHANGES = Change(None, nan, nan, nan, nan)
HOW_TO_READ = (
    "Each mark is a force: how many people it serves, and how many offences per 1,000 of them. A force in the shaded "
    f"band is {WITHIN}; small forces differ more by chance. None has a rank, and a comparison decides no result."
)


def anchor(figure: str) -> str:
    """Return what links to a figure's comparison name."""
    return f"others-{figure}"


def anchor_of_forces(figure: str) -> str:
    """Return what links to the table of every force name."""
    return f"forces-{figure}"


def is_outside(of: Comparison) -> bool:
    """Whether the change here is outside what differs between forces anyway."""
    return of.change is not None and of.change.position in WAYS


def has_few_forces(of: Comparison) -> bool:
    """Whether so few forces are compared that none has a position: they are listed, and not drawn."""
    return len(of.forces) < FEWEST_UNITS


# ------------------------------------------------------------------------------------------------ in words
def paragraph(figure: Indicator, of: Comparison, *, named: bool) -> Line:
    """Return how an indicator compares, or why it is not compared. named: whether the page has several of them."""
    which = f", {inside(figure.name)}" if named else ""
    return Line([Anchored((anchor(figure.id),), f"**{LEAD}{which}:** {told(of)}")])


def told(of: Comparison) -> str:
    """Say how the force compares, as a person would: change, rate, and what must be known of both; or why not."""
    if not of.is_compared:
        return f"not possible. {of.why_not}"
    return " ".join(filter(None, [change_words(of), level_words(of), *of.cautions]))


def change_words(of: Comparison) -> str:
    """Say what changed here and in the other forces together, and whether the one is out of the ordinary."""
    change = of.change
    if change is None:
        return ""
    return f"{_own_words(of, change)}; {_others_words(of, change)}. {_change_position(of, change)}"


def _own_words(of: Comparison, change: Change) -> str:
    earlier, later = of.own["before"], of.own["latest"]
    a_year = " a year" * (len(of.before.months) > MONTHS_A_YEAR)  # of several years it is the mean
    before = f"{number(earlier)}{a_year} {in_period(of.before.words)}"
    latest = f"{number(later)} {in_period(of.latest.words)}"
    if not isfinite(change.own):
        return f"the official table has {before} and {latest} here"
    return f"in the official table offences here {moved(change.own)}, from {before} to {latest}"


def _others_words(of: Comparison, change: Change) -> str:
    who = "the one other force" if of.others == 1 else f"the {of.others} other forces together"
    if not isfinite(change.others):
        return f"{who} had none {in_period(of.before.words)}"
    words = f"in {who} they {moved(change.others)}"
    if has_few_forces(of) or not isfinite(change.low + change.high):
        return words
    return f"{words}, and 8 in 10 forces lie between {percent_change(change.low)} and {percent_change(change.high)}"


def moved(change: float) -> str:
    """'rose by 10%', 'fell by 18%', 'changed by less than 1%', 'did not change': what a number did, in percent."""
    if not change:
        return "did not change"
    if not rounded(change):
        return "changed by less than 1%"
    return f"{'rose' if change > 0 else 'fell'} by {percent(abs(change), 0)}"


def _change_position(of: Comparison, change: Change) -> str:
    if has_few_forces(of):
        return FEW_FORCES
    if not change.position:
        return FEW_OFFENCES
    if change.position == "within":
        return f"Allowing for chance, the change here is {WITHIN}."
    return f"Allowing for chance, the change here is **{OUTSIDE}**, {WAYS[change.position]}."


def level_words(of: Comparison) -> str:
    """Say how many offences there are per 1,000 people, or households, here and elsewhere; '' where none are known.

    It goes on behind what is said of the change.
    """
    level, rates = of.level, rate_words(of)
    if level is None or TOGETHER not in rates:
        return ""
    if HERE not in rates:
        return f"No rate is told here: too few {level.of.what} live where the force serves."
    told_rates = ", ".join(f"{rate} {where}" for where, rate in rates.items())
    return f"{beginning(level.of.words)}: {told_rates}{_level_position(of)}."


def rate_words(of: Comparison) -> dict[str, str]:
    """Return the rates here and elsewhere by where that is, in words; those that are not known are left out."""
    level = of.level
    if level is None:
        return {}
    rates = {HERE: level.own, TOGETHER: level.others}
    if of.region != of.nation:
        rates[f"in {called(of.region)}"] = level.region
    rates[f"in {of.nation}"] = level.nation
    if of.group:
        rates[f"in the {len(of.group.others)} most similar forces"] = level.group
    known = {where: rate for where, rate in rates.items() if isfinite(rate)}
    decimals = rate_decimals(known.values())
    return {where: number(rate, decimals) for where, rate in known.items()}


def called(region: str) -> str:
    """Return a region as it goes on in a sentence: 'the North East', 'London'."""
    return f"the {region}" if region.split()[:1] and region.split()[0] in COMPASS else region


def rate_decimals(rates: Iterable[float]) -> int:
    """Return how many decimals rates are told with: one, and more where one of them would hardly show."""
    least = min((rate for rate in rates if rate > 0), default=1.0)
    return 1 if least >= 1 else 2 if least >= 0.1 else 3


def _level_position(of: Comparison) -> str:
    """Return whether the rate is out of the ordinary: 'it' is what the words of the change end with."""
    if of.level is None or not of.level.position:
        return ""
    anyway = "it" if of.change and of.change.position else ANYWAY
    if of.level.position == "within":
        return f": within {anyway}"
    return f": **outside {anyway}**, {WAYS[of.level.position] if anyway != 'it' else of.level.position}"


def source_words(of: Comparison) -> str:
    """Say where the figures of a comparison are from, in a line."""
    return f"Official table ({of.official.words}), as revised by {of.source.release}; the force’s own may differ."


def left_out_words(of: Comparison) -> str:
    """Say which forces are left out of a comparison, and why; '' where none is."""
    said = []
    if of.small:
        said.append(f"{forces_words(of.small)}, where few people live, is left out.")
    if of.absent:
        said.append(f"Left out, since the table lacks some of both periods: {forces_words(of.absent)}.")
    return " ".join(said)


def group_words(of: Comparison) -> str:
    """Say who calls which forces most similar, or that no list of them is at hand."""
    if of.group is None:
        return NO_GROUP
    return f"Most similar forces: {forces_words(of.group.others)} ({of.group.source}, {of.group.year})."


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
            what = f"{_title(report, figure)}, {of.before.words} to {of.latest.words}"
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


# ------------------------------------------------------------------------------------------------ all comparisons
def section(report: QuarterReport) -> Iterator[Block]:
    """Yield, in a section of its own, the rates of every force as funnels, and folded what every force recorded.

    Nothing where no indicator is compared with so many forces that one has a position.
    """
    every = [one for one in compared(report) if not has_few_forces(one[2])]
    if not every:
        return
    yield NewPage()
    yield Heading(2, LEAD, "others")
    drawn = [(box, figure, of, rates) for box, figure, of in every if (rates := rates_of(of)) is not None]
    if drawn:
        yield Text(f"{HOW_TO_READ} {notes(drawn[0][3], is_named=False)}")
    funnels = [_funnel(report, box, figure, of, rates) for box, figure, of, rates in drawn]
    for left, right in zip_longest(funnels[::2], funnels[1::2]):
        yield Beside([left], [right] if right else [])
    for words in dict.fromkeys(_of_section(of) for _, _, of in every):
        yield Line([words], small=True)
    for box, figure, of in every:
        title = inside(_title(report, figure))
        yield Folded(
            f"{box.number}: {title}, every force",
            [forces_table(report, box, figure, of)],
            "",
            anchor_of_forces(figure.id),
        )


def _of_section(of: Comparison) -> str:
    """Return the source of rates, and whether most similar forces are known."""
    per = f" Rates are {of.level.of.words} of the {of.level.of.vintage.words}." if of.level else ""
    said = [
        f"**Source:** {of.source.title}, as revised by {of.source.release}; the force’s own figures may differ.{per}",
        left_out_words(of),
        group_words(of),
        f"Every force, region by region: [{OTHER_FORCES_FILE}]({OTHER_FORCES_FILE}).",
    ]
    return " ".join(filter(None, said))


def _funnel(report: QuarterReport, box: Priority, figure: Indicator, of: Comparison, rates: Rates) -> Chart:
    assert of.level and of.level.position  # it has rates
    what = _title(report, figure)
    own, together = (rates.form.words(rate) for rate in (rates.own, rates.together))
    drawn = funnel_chart(
        rates,
        title=f"{box.number} {box.name}: {own} here, {together} in all",
        subtitle=f"{beginning(of.level.of.words)}, {of.latest.words}: {SHORT_POSITIONS[of.level.position]}",
        alt=funnel_alt(what, rates, of.level.position),
        half=True,
    )
    return replace(drawn, caption=" ".join(of.cautions))  # what all of them share is said above them


def rates_of(of: Comparison) -> Rates | None:
    """Return the rates of all forces with the limits of their funnel; None where the force or all others have none."""
    level = of.level
    if level is None or level.funnel is None or not level.position or not isfinite(level.own):
        return None
    sized = of.forces[of.forces["size"].notna()]
    common = sized["latest"].sum() / sized["size"].sum()
    sizes = places_along(sized["size"])
    limits = pd.DataFrame({"size": sizes})
    for share, name in ((LEVEL, "95"), (FAR_LEVEL, "99_8")):
        low, high = level.funnel.limits(chance_of_count(sizes * common), share)
        limits[f"lower_{name}"], limits[f"upper_{name}"] = PER * common * low, PER * common * high
    return Rates(
        forces_words([of.force]),
        sized.assign(in_region=sized[REGION] == of.region),
        limits,
        PER * common,
        Form("", rate_decimals([level.own, level.others])),
        f"{number(PER)} {level.of.what}",
        f"{level.of.what} in the force’s area",
        of.region,
    )


def forces_table(report: QuarterReport, box: Priority, figure: Indicator, of: Comparison) -> Table:
    """Return offences, change and rate of every force, region by region and by name: in no order of value."""
    a_year = " a year" * (len(of.before.months) > MONTHS_A_YEAR)
    before, latest, level = f"{of.before.words}{a_year}", of.latest.words, of.level
    decimals = rate_decimals(rate for rate in of.forces["rate"] if isfinite(rate))
    rows, groups, above = [], {}, None
    for name, force in of.forces.iterrows():
        if force[REGION] != above:
            above = force[REGION]
            groups[len(rows)] = above
        words = forces_words([str(name)])
        cells = [
            ("Force", f"**{words}** (here)" if force["is_own"] else words),
            (before, number(force["before"])),
            (latest, number(force["latest"])),
            ("Change", _percent(force["pct_change"])),
        ]
        if level:
            rate = number(force["rate"], decimals) if isfinite(force["rate"]) else NOT_AVAILABLE
            cells.append((beginning(level.of.words), rate))
        rows.append(table_row(cells))
    return Table(
        rows,
        f"{box.number} {_title(report, figure)} by force, in the order of regions and names",
        notes=[source_words(of)],
        align={head: "right" for head in rows[0] if head != "Force"},
        widths=[3, 1.6, 1.8, 1.2, 1.4][: len(rows[0])],
        groups=groups,
        why="too few people live there, or there were none before",
    )


def _title(report: QuarterReport, figure: Indicator) -> str:
    return report.plan.series[figure.series].title if figure.series else figure.title


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


def compared(report: QuarterReport) -> list[tuple[Priority, Indicator, Comparison]]:
    """Return every indicator that is compared, in the plan's order."""
    every = [(box, figure, of) for box in report.plan.priorities for figure, of in report.others_of(box)]
    return [(box, figure, of) for box, figure, of in every if of.is_compared and of.change]


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
    change = of.change or NO_CHANGES
    between = f"{percent_change(change.low)} to {percent_change(change.high)}" if change.position else ""
    return {
        INDICATOR: Lines(name, f"{of.latest.words} on {of.before.words}" * is_other),
        "Here": f"**{_percent(change.own)}**",
        "Other forces together": _percent(change.others),
        "8 in 10 forces": between,
    }


def _percent(change: float) -> str:
    return percent_change(change) if isfinite(change) else NOT_AVAILABLE


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
    return Lines(_percent(of.change.others), "outside" if is_outside(of) else of.change.position or FEW)


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
