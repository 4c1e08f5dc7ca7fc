"""A funnel of areas: the rate or share of each by its size, and what differs between areas anyway.

The areas outside what differs anyway are filled diamonds with their names, all others open circles. None of these
means better or worse, so that no mark has the colour of a verdict, and no area has a rank.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from panelpack.formats import Form, number
from panelpack.rendering.chart_frame import (
    GAP,
    LINE_HEIGHT,
    MARK,
    NARROW,
    WIDE,
    Frame,
    Label,
    Scale,
    Size,
    Values,
    canvas,
    draw_labels,
    scale_of,
)
from panelpack.rendering.chart_svg import GROUND, Drawing, width_of
from panelpack.rendering.chart_text import value_text
from panelpack.rendering.charts import RANGE, Chart, made
from panelpack.rendering.funnel_chart import Sizes
from panelpack.rendering.palette import INK, LINE, SAME

SIZES = Size(WIDE.width, 172), Size(NARROW.width, 204)  # on a page, and on a telephone
MARK_OF_AREA, MARK_OUTSIDE, EDGE = 4.6, 5.4, 1.1  # points across, and the width of a mark's edge
FEWEST_TICKS = 2
ANYWAY = ("what differs", "between areas", "anyway", "(95% limits)")
NEARLY_ALL = ("99.8% limit",)
CURVES = ("lower_95", "upper_95", "lower_99_8", "upper_99_8")


@dataclass(frozen=True)
class AreaFunnel:
    """Rates or shares of areas and what they are held against.

    areas: a row an area, by its name, with size (residents, or answers), value and outside (whether it lies outside
    what differs between areas anyway). limits: a row a place along the axis, as `funnel_chart.places_along` gives
    them, with size and CURVES, in the unit of the values. together: the value of all these areas. form: how a value is
    printed. sizes: the words below the axis.
    """

    areas: pd.DataFrame
    limits: pd.DataFrame
    together: float
    form: Form
    sizes: str


def area_funnel_chart(funnel: AreaFunnel, *, title: str, subtitle: str, alt: str, caption: str = "") -> Chart:
    """Draw the areas of a measure by their size, with what differs between areas anyway.

    An area outside has its name beside its mark where there is room: the words beside the picture must name it, too.
    """
    values = [funnel.areas["value"], funnel.limits["lower_95"], funnel.limits["upper_95"], [funnel.together]]
    scale = scale_of(np.concatenate([np.asarray(one, float) for one in values]), funnel.form)
    drawn = [_drawn(funnel, scale, size) for size in SIZES]
    below = " ".join(filter(None, (caption, "Along the axis, twice as many are the same step everywhere.")))
    return made(drawn, scale, title=title, subtitle=subtitle, alt=alt, caption=below)


def _drawn(funnel: AreaFunnel, scale: Scale, size: Size) -> Drawing:
    labels = _labels(funnel, scale)
    frame = Frame.around(size, scale, labels, 1)
    axis = Sizes(funnel.limits["size"].iloc[0], funnel.limits["size"].iloc[-1], frame.left, frame.right)
    page = canvas(frame, scale)
    _draw_limits(page, frame, axis, funnel)
    page.line([frame.left, frame.right], [frame.up(funnel.together)] * 2, LINE, 1.6)
    places = np.column_stack([axis.across(funnel.areas["size"]), frame.up(funnel.areas["value"].to_numpy(float))])
    is_outside = funnel.areas["outside"].to_numpy(bool)
    for x, y in places[~is_outside]:
        page.spot(x, y, "circle", MARK_OF_AREA, GROUND, SAME, EDGE)
    for x, y in places[is_outside]:
        page.spot(x, y, "diamond", MARK_OUTSIDE, INK)
    _draw_names(page, frame, places, funnel)
    _draw_sizes(page, frame, axis, funnel)
    draw_labels(page, frame, labels)
    return page


def _labels(funnel: AreaFunnel, scale: Scale) -> list[Label]:
    """Return the words beside the line of all areas and beside the limits, the outer ones where the axis has them."""
    last = funnel.limits.iloc[-1]
    outer = last["upper_99_8"] if last["upper_99_8"] <= scale.high else max(last["lower_99_8"], scale.low)
    return [
        Label(funnel.together, ("these areas", f"{value_text(funnel.together, funnel.form)}"), INK),
        Label((funnel.together + last["upper_95"]) / 2, ANYWAY),
        Label(outer, NEARLY_ALL),
    ]


def _draw_limits(page: Drawing, frame: Frame, axis: Sizes, funnel: AreaFunnel) -> None:
    """Draw the inner limits as a band and the outer ones as dotted lines, as far as the axis goes."""
    across = axis.across(funnel.limits["size"])
    low, high, *outer = (frame.up(funnel.limits[name].to_numpy(float)) for name in CURVES)
    page.area(across, np.clip(low, frame.bottom, frame.top), np.clip(high, frame.bottom, frame.top), RANGE)
    for curve in outer:
        is_inside = (curve >= frame.bottom) & (curve <= frame.top)
        page.line(across, np.where(is_inside, curve, np.nan), SAME, 1.0, (1, 2))


def _draw_names(page: Drawing, frame: Frame, places: Values, funnel: AreaFunnel) -> None:
    """Write the name of each area outside beside its mark, where it covers no mark and no other name."""
    taken = [(x - MARK, y - MARK, x + MARK, y + MARK) for x, y in places]
    names = list(map(str, funnel.areas.index))
    for place in np.flatnonzero(funnel.areas["outside"].to_numpy(bool)):
        x, y = places[place]
        wide = width_of(names[place], bold=True)
        beside = MARK + 3
        corners = [
            *((left, y + up) for up in (-3.5, 2.5) for left in (x + beside, x - beside - wide)),
            *((left, y + up) for up in (beside, -beside - LINE_HEIGHT + 3) for left in (x - wide / 2, x, x - wide)),
        ]
        for left, bottom in corners:
            box = (left, bottom - 1, left + wide, bottom + LINE_HEIGHT - 3)
            others = taken[:place] + taken[place + 1 :]
            is_in = frame.left + 2 <= box[0] and box[2] <= frame.right and box[1] >= frame.bottom + 2
            if is_in and box[3] <= frame.size.height and not any(_meet(box, other) for other in others):
                page.write(left, bottom, names[place], INK, bold=True)
                taken.append(box)
                break


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _draw_sizes(page: Drawing, frame: Frame, axis: Sizes, funnel: AreaFunnel) -> None:
    """Draw the ticks of the sizes, as many with their words as there is room for, and what they are below."""
    end, sizes = frame.left - GAP, funnel.areas["size"].to_numpy(float)
    ticks = axis.ticks()
    if len(ticks) < FEWEST_TICKS:  # a short axis has those of its smallest and its largest area
        ticks = sorted({float(sizes.min()), float(sizes.max())})
    for tick in ticks:
        x, half = float(axis.across(tick)), width_of(number(tick)) / 2
        is_named = x - half >= end + GAP and x + half <= page.width
        page.line([x] * 2, [frame.bottom - (3 if is_named else 2), frame.bottom], LINE, 0.6)
        if is_named:
            page.write(x, frame.bottom - 12, number(tick), LINE, side="centre")
            end = x + half
    wide = width_of(funnel.sizes)
    start = min((frame.left + frame.right - wide) / 2, page.width - wide - 1)
    page.write(max(start, 1), frame.bottom - 12 - LINE_HEIGHT, funnel.sizes, LINE)
