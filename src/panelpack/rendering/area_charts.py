"""Small charts side by side, one an area, all to one scale: a picture of how the areas of a measure went."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from panelpack.formats import Form
from panelpack.rendering.chart_frame import (
    LINE_HEIGHT,
    NARROW,
    WIDE,
    Frame,
    Scale,
    Size,
    axis_lines,
    scale_of,
)
from panelpack.rendering.chart_svg import Drawing, shortened, width_of
from panelpack.rendering.chart_text import value_text
from panelpack.rendering.charts import RING, Chart, made
from panelpack.rendering.palette import INK, LINE, RULE
from panelpack.shorthand import NAMES, strongest

ACROSS = {WIDE: 3, NARROW: 2}  # charts beside each other, on a page and on a telephone
FIELD, ABOVE, BELOW = 50.0, LINE_HEIGHT + 15, 2 * LINE_HEIGHT + 12  # points of a field, and for words above and below
BETWEEN = 14.0  # points between two charts
SCALE_NOTE = "All to one scale."


def area_charts(
    areas: Mapping[str, pd.DataFrame], *, title: str, subtitle: str, form: Form, alt: str, caption: str = ""
) -> Chart:
    """Draw the areas of a measure side by side, each with its newest value, all to one scale.

    areas: the points of each by its name, in the order of the table beside it: label and value, a row a period; all of
    the same periods, a missing value where an area has none, and `sign`, why, where it has one. form: how the values
    are printed. The caption goes on with what a reader must know of the lines.
    """
    values = np.concatenate([points["value"].to_numpy(float) for points in areas.values()])
    scale = scale_of(values, form, ticks=3)
    drawn = [_drawn(areas, scale, form, size) for size in (WIDE, NARROW)]
    broken = any(strongest(points.get("sign", ())) for points in areas.values())
    note = "A line is broken where a point is not shown." if broken else ""
    below = " ".join(filter(None, (caption, SCALE_NOTE, note)))
    return made(drawn, scale, title=title, subtitle=subtitle, alt=alt, caption=below)


def _drawn(areas: Mapping[str, pd.DataFrame], scale: Scale, form: Form, size: Size) -> Drawing:
    across, tall = ACROSS[size], ABOVE + FIELD + BELOW
    rows, margin = -(-len(areas) // across), max(map(width_of, scale.words)) + 10
    page = Drawing(size.width, rows * tall + 2)
    wide = (size.width - margin - 6 - (across - 1) * BETWEEN) / across
    for place, (name, points) in enumerate(areas.items()):
        row, column = divmod(place, across)
        bottom, left = page.height - (row + 1) * tall + BELOW - 1, margin + column * (wide + BETWEEN)
        frame = Frame(size, left, bottom, left + wide, bottom + FIELD, scale.low, scale.high, len(points))
        _draw_frame(page, frame, scale, is_first=column == 0)
        _draw_area(page, frame, name, points, form)
    return page


def _draw_frame(page: Drawing, frame: Frame, scale: Scale, *, is_first: bool) -> None:
    """Draw the levels of the scale, named at the first chart of a row."""
    for tick, words in zip(scale.ticks, scale.words, strict=True):
        height = frame.up(tick)
        page.line([frame.left, frame.right], [height] * 2, RULE if tick != scale.ticks[0] else LINE, 0.5)
        if is_first:
            page.write(frame.left - 5, height - 3.2, words, LINE, side="right")


def _draw_area(page: Drawing, frame: Frame, name: str, points: pd.DataFrame, form: Form) -> None:
    """Draw the line of an area, its newest point marked, its name with the newest value above, its periods below."""
    values = points["value"].to_numpy(float)
    known = np.flatnonzero(np.isfinite(values))
    page.line(frame.across(np.arange(len(values))), frame.up(values), LINE, 1.2)
    padded = np.pad(values, 1, constant_values=np.nan)
    for place in map(int, known):
        if np.isnan(padded[[place, place + 2]]).all():  # no line joins it to a neighbour
            page.spot(frame.across(place), frame.up(values[place]), "circle", 2.6, LINE)
    last = NAMES[sign] if (sign := strongest(points.get("sign", ()))) else ""
    if len(known):
        x, y = frame.across(known[-1]), frame.up(values[known[-1]])
        page.spot(x, y, "circle", RING - 1, "#FFFFFF", INK, 1.4)
        last = value_text(values[known[-1]], form)
    room = min(frame.right + BETWEEN - 6, page.width - 2) - frame.left
    page.write(frame.left, frame.top + 6 + LINE_HEIGHT, shortened(name, room), INK)
    page.write(frame.left, frame.top + 6, last, INK, bold=True)
    labels = list(points["label"])
    ends = {0: frame.left, len(labels) - 1: frame.right} if len(labels) > 1 else {0: frame.left}
    for place, x in ends.items():
        for line, words in enumerate(axis_lines(labels[place])):
            page.write(x, frame.bottom - 12 - line * LINE_HEIGHT, words, LINE, side="right" if place else "left")
