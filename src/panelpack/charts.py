"""Charts for print and screen: run charts with their limits, and projections.

Every chart is an SVG that is the same to the byte each time, with an alternative text computed from its data.
Meaning is never left to colour: a special cause has a shape of its own, and lines are labelled where they end.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from panelpack.chart_axes import BLUE, GREY, INK, VERMILION, canvas, label_ends, periods, scale, svg
from panelpack.chart_words import SIDES, caption, describe, describe_projection, last_known

_SHAPES = {"high": "^", "low": "v", "": "D"}


@dataclass(frozen=True)
class Figure:
    """A drawn chart: SVG, alternative text, caption. The two texts travel as metadata of the SVG."""

    svg: str
    alt: str
    caption: str

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"image/svg+xml": self.svg, "text/plain": self.alt}
        return data, {"image/svg+xml": {"alt": self.alt, "caption": self.caption}}


def run_chart(
    points: pd.DataFrame,
    *,
    title: str,
    unit: str,
    source_note: str = "",
    baseline: float | None = None,
    show_limits: bool = True,
) -> Figure:
    """A series in time with its mean expected level, limits and special causes.

    points: one row a period, in order, with label, value, mean, lower, upper (NaN where there are none),
    special_cause ("", "outside", "trend", "two_of_three", "shift"), side ("", "high", "low") and latest (bool:
    of the reported quarter). A missing value leaves a gap. baseline is drawn in the unit of the points.
    unit: "count", "percent", "gbp_million" or the noun of what is counted.
    """
    page, axes = canvas(title, unit)
    places = np.arange(len(points))
    lines = _levels(points, show_limits)
    for _, column, style in lines:
        axes.plot(places, points[column], color=GREY, lw=0.9, ls=style, drawstyle="steps-mid", zorder=1)
    if baseline is not None:
        axes.axhline(baseline, color=INK, lw=0.9, ls=":", zorder=1)
    axes.plot(places, points["value"], color=BLUE, lw=1.2, zorder=2)
    _draw_points(axes, points)
    scale(axes, points[["value", *(column for _, column, _ in lines)]].to_numpy(float), unit, baseline)
    periods(axes, list(points["label"]))
    ends = [(label, last_known(points[column])) for label, column, _ in lines]
    label_ends(axes, [*ends, *([("baseline", baseline)] if baseline is not None else [])], unit)
    return Figure(svg(page), describe(points, unit, title), caption(points, source_note))


def projection_chart(
    points: pd.DataFrame,
    *,
    title: str,
    unit: str,
    baseline: float,
    baseline_label: str,
    year_label: str,
    projected: float,
    lower: float,
    upper: float,
) -> Figure:
    """Yearly or rolling totals, then the projected year with its 95% prediction interval, against the baseline.

    points: label and value, in order. projected, lower, upper and baseline are in the unit of the points.
    """
    page, axes = canvas(title, unit)
    count = len(points)
    values = points["value"].to_numpy(float)
    axes.axhline(baseline, color=INK, lw=0.9, ls=":", zorder=1)
    axes.plot(range(count), values, color=BLUE, lw=1.2, marker="o", ms=4 if count <= 12 else 2.5)
    interval = [[projected - lower], [upper - projected]]
    diamond = {"fmt": "D", "ms": 5, "mfc": "white", "mew": 1.3, "capsize": 5, "lw": 1.4}
    axes.errorbar([count], [projected], interval, color=VERMILION, **diamond)
    scale(axes, np.append(values, [lower, upper]), unit, baseline)
    periods(axes, [*points["label"], f"{year_label}\nprojected"], always=[count])
    ends = [("95% upper", upper), ("projected", projected), ("95% lower", lower), (baseline_label, baseline)]
    label_ends(axes, ends, unit)
    alt = describe_projection(
        points,
        unit,
        title,
        baseline=baseline,
        baseline_label=baseline_label,
        year_label=year_label,
        projected=projected,
        lower=lower,
        upper=upper,
    )
    return Figure(svg(page), alt, f"{title}: projection to {year_label} with its 95% prediction interval")


def _levels(points: pd.DataFrame, show_limits: bool) -> list[tuple[str, str, str]]:
    """The horizontal lines that there is data for: label, column, line style."""
    lines = [("mean expected level", "mean", "-")]
    if show_limits:
        lines += [("upper limit", "upper", "--"), ("lower limit", "lower", "--")]
    return [line for line in lines if points[line[1]].notna().any()]


def _draw_points(axes: Axes, points: pd.DataFrame) -> None:
    """Dots; a shape of its own for a special cause on each side; a ring around the reported quarter; their key."""
    special, latest = points["special_cause"].ne("").to_numpy(), points["latest"].to_numpy(bool)

    def draw(chosen: np.ndarray, **look) -> None:
        axes.scatter(np.flatnonzero(chosen), points["value"][chosen], **look)

    draw(~special, s=11, color=BLUE, zorder=3)
    for side, shape in _SHAPES.items():
        chosen = special & points["side"].eq(side).to_numpy()
        if chosen.any():
            edge = {"edgecolor": "white", "linewidth": 0.5}
            draw(chosen, s=38, marker=shape, color=VERMILION, zorder=4, label=SIDES[side], **edge)
    if latest.any():
        draw(latest, s=90, facecolor="none", edgecolor=INK, linewidth=0.9, zorder=5, label="reported quarter")
    if special.any() or latest.any():
        spacing = {"handletextpad": 0.2, "columnspacing": 1.2, "borderpad": 0.1}
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 0.995), ncols=4, frameon=False, fontsize=7, **spacing)
