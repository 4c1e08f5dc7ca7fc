"""Small charts side by side, one an area, all to one scale: a picture of how the areas of a measure went."""

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from panelpack.formats import Form
from panelpack.rendering.chart_text import missing_words, value_text
from panelpack.rendering.charts import (
    BLUE,
    FILLS_FROM_ZERO,
    GREY,
    INK,
    STYLE,
    WIDTH,
    Chart,
    svg,
    use_bundled_settings,
)
from panelpack.shorthand import NAMES, strongest

ACROSS = 3  # charts beside each other
ROW_HEIGHT, HEAD = 33 / 25.4, 9 / 25.4  # inches
MOST_LETTERS = 34  # of an area's name above its chart


def area_charts(areas: Mapping[str, pd.DataFrame], *, title: str, form: Form) -> Chart:
    """Draw the areas of a measure side by side, each with its latest value, all to one scale.

    areas: the points of each by its name, in the order of the table beside it: label and value, a row a period; all of
    the same periods, a missing value where an area has none, and `sign`, why, where it has one. form: how the values
    are printed.
    """
    use_bundled_settings()
    rows = -(-len(areas) // ACROSS)
    labels = list(next(iter(areas.values()))["label"])
    values = np.concatenate([points["value"].to_numpy(float) for points in areas.values()])
    with mpl.rc_context(STYLE):
        height = HEAD + rows * ROW_HEIGHT
        page = Canvas(figsize=(WIDTH, height))
        page.text(0.008, 1 - 0.02 / height, title, ha="left", va="top", weight="bold", size=8.5)
        limits, from_zero = _limits(values)
        axis = form.axis if from_zero else f"{form.axis} (the axes do not start at 0)"
        page.text(0.008, 1 - 0.2 / height, axis, ha="left", va="top", size=7)
        for place, (name, points) in enumerate(areas.items()):
            row, column = divmod(place, ACROSS)
            bottom = 1 - (HEAD + (row + 1) * ROW_HEIGHT - 0.26) / height
            axes = page.add_axes((0.055 + column * 0.318, bottom, 0.27, (ROW_HEIGHT - 0.5) / height))
            _draw(axes, name, points, form)
            _frame(axes, limits, labels, is_lowest=place + ACROSS >= len(areas))
    caption = f"{labels[0]} to {labels[-1]}, all to one scale"
    if any(strongest(points.get("sign", ())) for points in areas.values()):
        caption += "; a line is broken where a point is not shown"
    return Chart(svg(page), area_alt(areas, title=title, form=form), caption)


def area_alt(areas: Mapping[str, pd.DataFrame], *, title: str, form: Form) -> str:
    """Return the alternative text: what and when, then lowest, highest and latest of each area."""
    labels = list(next(iter(areas.values()))["label"])
    return f"{title}, {form.axis.lower()}, {labels[0]} to {labels[-1]}. " + " ".join(
        f"{name}: {_words(points, form)}." for name, points in areas.items()
    )


def _words(points: pd.DataFrame, form: Form) -> str:
    known = points[points["value"].notna()]
    missing = points[points["sign"] != ""] if "sign" in points else points.iloc[:0]
    gaps = missing_words(dict(zip(missing["label"], missing.get("sign", ()), strict=True)))
    if known.empty:
        return ", ".join(filter(None, ("no values", gaps)))
    low, high = known.loc[known["value"].idxmin()], known.loc[known["value"].idxmax()]
    last = known.iloc[-1]
    told = [
        f"{word} {value_text(row['value'], form)} in {row['label']}"
        for word, row in (("lowest", low), ("highest", high), ("latest", last))
    ]
    return ", ".join([*told, gaps] if gaps else told)


def _draw(axes: Axes, name: str, points: pd.DataFrame, form: Form) -> None:
    values = points["value"].to_numpy(float)
    known = np.flatnonzero(~np.isnan(values))
    axes.plot(range(len(values)), values, color=BLUE, lw=1.1, zorder=2)
    padded = np.pad(values, 1, constant_values=np.nan)
    alone = known[np.isnan(padded[known]) & np.isnan(padded[known + 2])]  # no line joins them to a neighbour
    axes.scatter(alone, values[alone], s=6, color=BLUE, zorder=2)
    last = f": {NAMES[sign]}" if (sign := strongest(points.get("sign", ()))) else ""
    if len(known):
        axes.scatter(known[-1:], values[known[-1:]], s=14, color=INK, zorder=3)
        last = f": {value_text(values[known[-1]], form)}"
    short = name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"
    axes.set_title(f"{short}{last}", loc="left", size=7, pad=3)


def _limits(values: np.ndarray) -> tuple[tuple[float, float], bool]:
    """Return the ends of the scale, and whether it starts at 0: so long as the lines then still fill enough of it."""
    known = values[~np.isnan(values)]
    if not len(known):
        return (0, 1), True
    low, high = float(known.min()), float(known.max())
    margin = 0.08 * ((high - low) or abs(high) or 1)
    from_zero = low >= 0 and high - low >= FILLS_FROM_ZERO * high
    return (0 if from_zero else low - margin, high + margin), from_zero


def _frame(axes: Axes, limits: tuple[float, float], labels: list[str], *, is_lowest: bool) -> None:
    """Give all charts one scale, and the lowest of each column its first and last period."""
    axes.set_ylim(*limits)
    axes.set_xlim(-0.6, max(len(labels) - 0.4, 1))
    axes.yaxis.set_major_locator(mpl.ticker.MaxNLocator(3))
    ends = [0, len(labels) - 1]
    axes.set_xticks(ends, [labels[end] for end in ends] if is_lowest else ["", ""])
    first, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    axes.grid(axis="y", color="#dddddd", lw=0.5)
    axes.tick_params(labelsize=6, length=2, color=GREY)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
