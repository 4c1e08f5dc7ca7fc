"""Every force beside each other, a section of its own: rates as funnels, and tables region by region.

No force has a rank, and no table is in an order of value.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from math import isfinite

import pandas as pd

from panelpack.comparators.comparison import Comparison, forces_words
from panelpack.comparators.forces import PER, REGION
from panelpack.config.plan import Indicator, Priority
from panelpack.formats import Form, number
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.sheets import OTHER_FORCES_FILE
from panelpack.pages.comparison_words import (
    WITHIN,
    a_year,
    anchor_of_forces,
    group_words,
    has_few_forces,
    left_out_words,
    percent_words,
    rate_decimals,
    source_words,
)
from panelpack.pages.message import beginning, inside
from panelpack.rendering.charts import Chart
from panelpack.rendering.funnel_chart import Rates, funnel_alt, funnel_chart, notes, places_along
from panelpack.rendering.inline import Cell, Line
from panelpack.rendering.prose import Beside, Block, Folded, Heading, NewPage, Text
from panelpack.rendering.table import Table, table_row
from panelpack.shorthand import NOT_AVAILABLE
from panelpack.statistics.funnel import FAR_LEVEL, LEVEL, chance_of_count

HEADING, FORCE = "Other forces: offences per 1,000", "Force"
SHORT_POSITIONS = {"within": "within", "above": "outside, above", "below": "outside, below"}
HOW_TO_READ = (
    "Each mark is a force: how many people it serves, and how many offences per 1,000 of them. A force in the shaded "
    f"band is {WITHIN}; small forces differ more by chance. None has a rank, and a comparison decides no result."
)


def section(report: QuarterReport) -> Iterator[Block]:
    """Yield, in a section of its own, the rates of every force as funnels, and folded what every force recorded.

    Nothing where no indicator is compared with so many forces that one has a position.
    """
    every = [one for one in compared(report) if not has_few_forces(one[2])]
    if not every:
        return
    yield NewPage()
    yield Heading(2, HEADING, "others")
    drawn = [(box, figure, of, rates) for box, figure, of in every if (rates := rates_of(of)) is not None]
    if drawn:
        yield Text(f"{HOW_TO_READ} {notes(drawn[0][3], is_named=False)} [More of this](#methods-forces).")
    funnels = [_funnel(report, box, figure, of, rates) for box, figure, of, rates in drawn]
    for left, right in zip_longest(funnels[::2], funnels[1::2]):
        yield Beside([left], [right] if right else [])
    for words in dict.fromkeys(_of_section(of) for _, _, of in every):
        yield Line([words], small=True)
    for box, figure, of in every:
        title = inside(title_of(report, figure))
        yield Folded(
            f"{box.number}: {title}, every force",
            [forces_table(report, box, figure, of)],
            "",
            anchor_of_forces(figure.id),
        )


def _of_section(of: Comparison) -> str:
    """Return where the figures are from and what rates are per, who is left out, and who is most similar."""
    per = ""
    if of.level:
        words = f"{of.level.of.words} of the {of.level.of.vintage.words}"
        per = f" Rates are {words}; those of region and country are of their other forces."
    said = [
        f"**Source:** {of.source.title}, as revised by {of.source.release}; the force’s own figures may differ.{per}",
        left_out_words(of),
        group_words(of),
        f"Every force, region by region: [{OTHER_FORCES_FILE}]({OTHER_FORCES_FILE}).",
    ]
    return " ".join(filter(None, said))


def _funnel(report: QuarterReport, box: Priority, figure: Indicator, of: Comparison, rates: Rates) -> Chart:
    assert of.level and of.level.position  # it has rates
    what, is_one_of = title_of(report, figure), len(report.others_of(box)) > 1
    name = beginning(figure.name) if is_one_of else box.name
    own, together = (rates.form.words(rate) for rate in (rates.own, rates.together))
    drawn = funnel_chart(
        rates,
        title=f"{box.number} {name}: {own} here, {together} in all forces",
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
    before, latest, level = f"{of.before.words}{a_year(of)}", of.latest.words, of.level
    decimals = rate_decimals([level.own, level.others]) if level else 0
    rows: list[dict[str, Cell]] = []
    groups: dict[int, str] = {}
    above = ""
    for name, force in of.forces.iterrows():
        if force[REGION] != above:
            above = force[REGION]
            groups[len(rows)] = above
        words = forces_words([str(name)])
        cells: list[tuple[str, Cell]] = [
            (FORCE, f"**{words}** (here)" if force["is_own"] else words),
            (before, number(force["before"])),
            (latest, number(force["latest"])),
            ("Change", percent_words(force["pct_change"])),
        ]
        if level:
            rate = number(force["rate"], decimals) if isfinite(force["rate"]) else NOT_AVAILABLE
            cells.append((beginning(level.of.words), rate))
        rows.append(table_row(cells))
    return Table(
        rows,
        f"{box.number} {title_of(report, figure)} by force, in the order of regions and names",
        notes=[source_words(of)],
        align={head: "right" for head in rows[0] if head != FORCE},
        widths=[3, 1.6, 1.8, 1.2, 1.4][: len(rows[0])],
        groups=groups,
        why="too few people live there, or there were none before",
    )


def compared(report: QuarterReport) -> list[tuple[Priority, Indicator, Comparison]]:
    """Return every indicator that is compared, in the plan's order."""
    every = [(box, figure, of) for box in report.plan.priorities for figure, of in report.others_of(box)]
    return [(box, figure, of) for box, figure, of in every if of.is_compared and of.change]


def title_of(report: QuarterReport, figure: Indicator) -> str:
    """Return what a figure counts."""
    return report.plan.series[figure.series].title if figure.series else figure.title
