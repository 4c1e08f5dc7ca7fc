"""Whether the areas of a measure differ more than areas differ anyway: in a sentence, a picture and a table."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from panelpack.config.plan import Indicator, Priority
from panelpack.formats import count_words, listed, number
from panelpack.indicators.area_rates import AreaRates, area_rates
from panelpack.indicators.chart_titles import lower_first
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.message import in_period
from panelpack.periods import date_words
from panelpack.rendering.area_funnel_chart import AreaFunnel, area_funnel_chart
from panelpack.rendering.charts import Chart
from panelpack.rendering.funnel_chart import places_along
from panelpack.rendering.prose import Folded, Text
from panelpack.rendering.table import Table
from panelpack.statistics.funnel import FAR_LEVEL, FEWEST_UNITS, LEVEL

WITHIN, OUTSIDE = "within what differs between areas anyway", "outside it"
DIFFERENT = "Areas differ, about one in 20 would lie outside by chance alone, and nothing is judged by it."
POSITIONS = {
    "within": f"{WITHIN[:1].upper()}{WITHIN[1:]}",
    "above": f"{OUTSIDE[:1].upper()}{OUTSIDE[1:]}, above",
    "below": f"{OUTSIDE[:1].upper()}{OUTSIDE[1:]}, below",
}


def blocks(report: QuarterReport, box: Priority, spec: Indicator) -> Iterator[Text | Chart | Folded]:
    """Yield what the rates or shares of an indicator's areas say of them, where there are ten areas or more."""
    rates = rates_of(report, spec)
    if rates is None or rates.funnel is None:
        return
    yield Text(" ".join([f"{spec.title}: {sentence(rates)}.", DIFFERENT, *left_out_words(rates)]))
    yield _chart(report, spec, rates)
    summary = f"{box.number}: {lower_first(spec.title)}, each area beside areas of its size"
    yield Folded(summary, [_table(report, box, spec, rates)], "")


def rates_of(report: QuarterReport, spec: Indicator) -> AreaRates | None:
    """Return the rates or shares of an indicator's areas; None where it has none, or its figure is not shown."""
    return area_rates(report.data, spec) if report.result(spec.id).latest is not None else None


def sentence(rates: AreaRates) -> str:
    """Say how many areas lie within what differs between areas anyway, and which lie outside it, above or below."""
    count, outside = len(rates.areas), rates.outside
    if outside.empty:
        return f"all {number(count)} areas lie {WITHIN}"
    names = [f"{name} ({position})" for name, position in outside["position"].items()]
    lie = "lies" if len(names) == 1 else "lie"
    return f"{number(count - len(names))} of {number(count)} areas lie {WITHIN}; {OUTSIDE} {lie} {listed(names)}"


def _chart(report: QuarterReport, spec: Indicator, rates: AreaRates) -> Chart:
    of = report.plan.series[spec.series or ""]
    count, within = len(rates.areas), len(rates.areas) - len(rates.outside)
    places = places_along(rates.areas["size"])
    ends = [end for level in (LEVEL, FAR_LEVEL) for end in rates.limits(np.asarray(places), level)]
    columns = ("lower_95", "upper_95", "lower_99_8", "upper_99_8")
    what = f"{of.title}, {_unit(rates)}"
    funnel = AreaFunnel(
        areas=rates.areas.assign(outside=rates.areas["position"] != "within"),
        limits=pd.DataFrame({"size": places, **dict(zip(columns, ends, strict=True))}),
        together=rates.together,
        form=rates.form,
        sizes=_sizes(rates),
    )
    title = f"{number(within)} of {number(count)} areas lie {WITHIN}"
    return area_funnel_chart(
        funnel,
        title=title,
        subtitle=f"{what} by {_sizes(rates)}, {in_period(rates.period)}.",
        alt=f"Funnel chart of {lower_first(what)} in {number(count)} areas by their size: {sentence(rates)}.",
    )


def _table(report: QuarterReport, box: Priority, spec: Indicator, rates: AreaRates) -> Table:
    """Return each area's value, what areas of its size lie between anyway, and its position, in alphabetical order."""
    head = "Share" if rates.per is None else f"{rates.per.words[:1].upper()}{rates.per.words[1:]}"
    size = "Answers" if rates.per is None else f"{rates.per.noun[:1].upper()}{rates.per.noun[1:]}"
    rows = [
        {
            "Area": str(area),
            size: number(row["size"]),
            head: rates.form.cell(row["value"]),
            "Areas of its size": f"{rates.form.words(row['low'])} to {rates.form.words(row['high'])}",
            "Position": POSITIONS[row["position"]],
        }
        for area, row in rates.areas.iterrows()
    ]
    together = rates.form.words(rates.together)
    notes = [
        f"These areas together have {together}{'' if rates.per is None else f' {rates.per.words}'} "
        f"{in_period(rates.period)}. Limits at 95%, widened by how much the areas differ beyond chance.",
    ]
    caption = f"{spec.title}: areas beside each other ({report.name_of(box)})"
    align = {size: "right", head: "right", "Areas of its size": "right"}
    return Table(rows, caption, notes=notes, widths=[3, 1.6, 1.6, 2, 4], align=align)


def left_out_words(rates: AreaRates) -> Iterator[str]:
    """Yield which areas take no part, and why, a line a reason."""
    by_reason: dict[str, list[str]] = {}
    for area, why in rates.left_out.items():
        by_reason.setdefault(why, []).append(area)
    for why, areas in by_reason.items():
        yield f"Left out: {listed(areas)} ({why})."


def residents_words(rates: AreaRates) -> Iterator[str]:
    """Yield of when the residents are that rates are per, and whether those of the areas add up to the whole's."""
    per, whole = rates.per, rates.whole_residents
    if per is None or whole is None:
        return
    yield f"A rate is {per.words}, of the area's own {per.noun} on {date_words(per.on)}."
    difference = rates.every_resident - whole
    if difference:
        more = "more" if difference > 0 else "fewer"
        yield (
            f"The {per.noun} of the areas add up to {number(rates.every_resident)}, {number(abs(difference))} {more} "
            f"than the {number(whole)} of the whole."
        )


def why_no_position(rates: AreaRates) -> str:
    """Say why no area has a position; '' where they have."""
    if rates.funnel is not None:
        return ""
    if len(rates.areas) < FEWEST_UNITS:
        return f"With fewer than {count_words(FEWEST_UNITS)} areas none is given a position among them."
    return "No case was counted in these areas, so that none has a position."


def _unit(rates: AreaRates) -> str:
    return "per cent" if rates.per is None else rates.per.words


def _sizes(rates: AreaRates) -> str:
    return "number of answers" if rates.per is None else f"number of {rates.per.noun}"
