"""How the force compares with other forces: the words of a priority's page, its picture, and the table of every force.

Force and others are from one official table. A comparison is something to ask about, and decides no result.
"""

from collections.abc import Iterable, Iterator
from math import isfinite

import pandas as pd

from panelpack.comparators.comparison import Change, Comparison, Level, forces_words
from panelpack.comparators.forces import PER, REGION
from panelpack.config.plan import Indicator, Priority
from panelpack.formats import Form, listed, number, percent, percent_change, rounded
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.sheets import WORKBOOK
from panelpack.named_periods import Period
from panelpack.pages.message import beginning, in_period, inside
from panelpack.rendering.charts import Chart
from panelpack.rendering.comparison_chart import comparison_alt, comparison_chart
from panelpack.rendering.funnel_chart import Rates, places_along
from panelpack.rendering.inline import Anchored, Line
from panelpack.rendering.prose import Block, Folded
from panelpack.rendering.strip_chart import Changes, strip_alt, strip_chart
from panelpack.rendering.table import Table, table_row
from panelpack.shorthand import NOT_AVAILABLE
from panelpack.statistics.funnel import FAR_LEVEL, FEWEST_UNITS, LEVEL, chance_of_count

OTHER_FORCES_FILE = "other_forces.csv"  # of the pack: a row an indicator and force
LEAD = "Compared with other forces"
ANYWAY = "what differs between forces anyway"
WITHIN, OUTSIDE = f"within {ANYWAY}", f"outside {ANYWAY}"
WAYS = {"above": "above it", "below": "below it"}
FEW_FORCES = f"So few forces do not show {ANYWAY}."
FEW_OFFENCES = f"The numbers are too small to say whether that is {WITHIN}."
NO_GROUP = "No list of most similar forces is at hand."
HERE, TOGETHER = "here", "in the others together"
MONTHS_A_YEAR = 12


def anchor(figure: str) -> str:
    """Return what links to a figure's comparison name."""
    return f"others-{figure}"


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
    return f"Even allowing for chance, the change here is **{OUTSIDE}**, {WAYS[change.position]}."


def level_words(of: Comparison) -> str:
    """Say how many offences there are per 1,000 people, or households, here and elsewhere; '' where none are known."""
    level, rates = of.level, rate_words(of)
    if level is None or TOGETHER not in rates:
        return ""
    if HERE not in rates:
        return f"No rate is told here: too few {level.of.what} live where the force serves."
    told_rates = ", ".join(f"{rate} {where}" for where, rate in rates.items())
    return f"{beginning(level.of.words)}: {told_rates}{_level_position(level)}."


def rate_words(of: Comparison) -> dict[str, str]:
    """Return the rates here and elsewhere by where that is, in words; those that are not known are left out."""
    level = of.level
    if level is None:
        return {}
    rates = {HERE: level.own, TOGETHER: level.others}
    if of.region != of.nation:
        rates[f"in the region ({of.region})"] = level.region
    rates[f"in {of.nation}"] = level.nation
    if of.group:
        rates[f"in the {len(of.group.others)} most similar forces"] = level.group
    known = {where: rate for where, rate in rates.items() if isfinite(rate)}
    decimals = rate_decimals(known.values())
    return {where: number(rate, decimals) for where, rate in known.items()}


def rate_decimals(rates: Iterable[float]) -> int:
    """Return how many decimals rates are told with: one, and more where one of them would hardly show."""
    least = min((rate for rate in rates if rate > 0), default=1.0)
    return 1 if least >= 1 else 2 if least >= 0.1 else 3


def _level_position(level: Level) -> str:
    if not level.position:
        return ""
    return f": {WITHIN}" if level.position == "within" else f": **{OUTSIDE}**, {WAYS[level.position]}"


def source_words(of: Comparison) -> str:
    """Say where the figures of a comparison are from, who is left out, and where those of every force stand."""
    said = [
        f"**Source:** official table of recorded crime (“{of.official.words}”), as revised by {of.source.release}; it may "
        "differ from the force’s own figures."
    ]
    if of.level:
        said.append(f"Rates: {of.level.of.words} of the {of.level.of.vintage.words}.")
    if of.small:
        said.append(f"{forces_words(of.small)}, where few live, is left out.")
    if of.absent:
        said.append(f"Without all of both periods, and so left out: {forces_words(of.absent)}.")
    said += [group_words(of), f"Every force: [{OTHER_FORCES_FILE}]({OTHER_FORCES_FILE})."]
    return " ".join(said)


def group_words(of: Comparison) -> str:
    """Say who calls which forces most similar, or that no list of them is at hand."""
    if of.group is None:
        return NO_GROUP
    return f"Most similar forces: {forces_words(of.group.others)} ({of.group.source}, {of.group.year})."


# ------------------------------------------------------------------------------------------------ the figures
def blocks(report: QuarterReport, box: Priority) -> Iterator[Block]:
    """Yield the picture of each comparison and, folded, every force; of few forces their list alone."""
    for figure, of in report.others_of(box):
        if not of.is_compared:
            continue
        if has_few_forces(of):
            yield forces_table(report, box, figure, of)
            continue
        drawn = picture(report, box, figure, of)
        yield drawn if drawn else Line([source_words(of)], small=True)
        summary = f"{box.number}: every force’s {inside(_title(report, figure))}"
        yield Folded(summary, [forces_table(report, box, figure, of)], "")


def picture(report: QuarterReport, box: Priority, figure: Indicator, of: Comparison) -> Chart | None:
    """Return every force's change, and where rates are known its rate, as one picture; None where there is no change."""
    changes = _changes(of)
    if changes is None:
        return None
    what, then, now = _title(report, figure), of.before.words, of.latest.words
    title = f"{box.name} beside other forces, {now}"
    rates, caption = _rates(of), source_words(of)
    if rates is None or of.level is None or not of.level.position:
        subtitle = f"{what}: change from {then} to the {now}. A mark is a force."
        return strip_chart(changes, title=title, subtitle=subtitle, alt=strip_alt(what, changes), caption=caption)
    headings = (f"Change from {then}", beginning(of.level.of.words))
    alt = comparison_alt(what, changes, rates, of.level.position)
    return comparison_chart(changes, rates, headings=headings, title=title, subtitle="", alt=alt, caption=caption)


def _changes(of: Comparison) -> Changes | None:
    change = of.change
    if change is None or not all(map(isfinite, (change.own, change.others, change.low, change.high))):
        return None
    others = of.forces["pct_change"][~of.forces["is_own"]].to_numpy(float)
    return Changes(forces_words([of.force]), change.own, others, change.others, change.low, change.high)


def _rates(of: Comparison) -> Rates | None:
    """Return the rates of all forces with the limits of the funnel; None where the force or all others have none."""
    level = of.level
    if level is None or level.funnel is None or not isfinite(level.own):
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
        Form("", rate_decimals(sized["rate"])),
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
            ("Change", percent_change(force["pct_change"]) if isfinite(force["pct_change"]) else NOT_AVAILABLE),
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
