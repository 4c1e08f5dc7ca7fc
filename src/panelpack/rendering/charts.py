"""Charts for print and screen: run charts with their limits, and projections.

Every chart is an SVG that is the same to the byte each time, with an alternative text computed from its data.
Meaning is never left to colour: a special cause has a shape of its own, and lines are labelled where they end.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, MaxNLocator

from panelpack.formats import MOST_DECIMALS, Form
from panelpack.heavy_imports import hidden
from panelpack.rendering.chart_text import SIDES, caption, last_known, projection_alt, run_chart_alt, value_text

# Seaborn loads parts of scipy for density curves and clusters, where it finds them; no chart here has any, and they
# take over half a second.
with hidden("scipy.stats", "scipy.cluster"):
    import seaborn as sns

BLUE, VERMILION, GREY, INK = "#0072B2", "#D55E00", "#555555", "#1a1a1a"
WIDTH, HEIGHT = 170 / 25.4, 62 / 25.4  # inches: the measure of a page, and three charts to a page
# An axis starts at 0 when the data then still fill this share of its height.
FILLS_FROM_ZERO = 0.3
YEAR_STARTS = ("Apr ", "Q1 ", "H1 ")  # of the labels of months, quarters and half-years
LETTER, LABEL_GAP = 4.3, 5  # points: how wide a letter of a label is, and what must lie between two labels
STYLE = (
    sns.axes_style("ticks")
    | sns.plotting_context("paper")
    | {
        "font.family": "DejaVu Sans",
        "font.size": 7,
        "axes.labelsize": 7,
        "xtick.labelsize": 7,
        "ytick.labelsize": 7,
        "axes.edgecolor": GREY,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.6,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 3,
        "ytick.major.size": 3,
        "svg.fonttype": "path",
        "svg.hashsalt": "panelpack",
        "path.simplify": False,
    }
)
_UNDATED = {"Date": None, "Creator": None, "Format": None, "Type": None}


@cache
def use_bundled_settings() -> None:
    """Draw with the settings and letters that matplotlib brings.

    A user may have a matplotlibrc, and a system another DejaVu Sans, which gives other bytes.
    """
    mpl.rcdefaults()
    font_manager.fontManager.ttflist = []
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        font_manager.fontManager.addfont(Path(mpl.get_data_path(), "fonts", "ttf", name))


def canvas(title: str, form: Form) -> tuple[Canvas, Axes]:
    """An empty chart with its title and the unit at its axis, and room on the right for names."""
    use_bundled_settings()
    with mpl.rc_context(STYLE):
        empty = Canvas(figsize=(WIDTH, HEIGHT))
        axes = empty.add_axes((0.085, 0.13, 0.70, 0.68))
        axes.set_ylabel(form.axis)
        empty.text(0.008, 0.985, title, ha="left", va="top", weight="bold", size=8.5)
        sns.despine(ax=axes)
    return empty, axes


def scale(axes: Axes, shown: np.ndarray, form: Form, baseline: float | None) -> None:
    """From 0 where the picture stays readable; otherwise close to the data, and the axis says so."""
    values = np.append(shown[~np.isnan(shown)], [] if baseline is None else [baseline])
    if not len(values):
        return
    low, high = values.min(), values.max()
    margin = 0.06 * ((high - low) or abs(high) or 1)
    from_zero = low >= 0 and high - low >= FILLS_FROM_ZERO * high
    axes.set_ylim(0 if from_zero else low - margin, high + margin)
    if not from_zero:
        axes.set_ylabel(f"{axes.get_ylabel()}\n(axis does not start at 0)")
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=form.unit == "count" and not form.decimals))
    ticks = axes.get_yticks()
    decimals = next((d for d in range(MOST_DECIMALS) if np.allclose(np.round(ticks, d), ticks)), MOST_DECIMALS)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.{decimals}f}"))


def periods(axes: Axes, labels: Sequence[str], always: Sequence[int] = ()) -> None:
    """A tick at each start of a financial year, or evenly where the labels are not periods of a year.

    Every start has its line, and as many have their label as there is room for; those of `always` come first.
    """
    starts = [place for place, label in enumerate(labels) if label.startswith(YEAR_STARTS)]
    axes.set_xlim(-0.6, len(labels) - 0.2)
    named = _with_room(axes, labels, starts or range(0, len(labels), -(-len(labels) // 8)), always)
    axes.set_xticks(named, [labels[place] for place in named])
    if starts:
        axes.grid(axis="x", color="#dddddd", lw=0.6)
        if unnamed := sorted({*starts} - {*named}):
            axes.set_xticks(unnamed, minor=True)
            axes.grid(axis="x", which="minor", color="#dddddd", lw=0.6)
            axes.tick_params(axis="x", which="minor", length=2, width=0.6)
    axes.set_axisbelow(True)


def _with_room(axes: Axes, labels: Sequence[str], places: Sequence[int], always: Sequence[int]) -> list[int]:
    """Return the places whose labels can be read beside each other: each of `places`, or each second, third ... one.

    They are counted back from the latest, so that the newest year has its label; of `always` too.
    """
    low, high = axes.get_xlim()
    points = 72 * axes.bbox.width / axes.figure.dpi / (high - low)  # of one place
    half = [LETTER * max(map(len, label.split("\n"))) / 2 for label in labels]

    def are_apart(one: int, other: int) -> bool:
        return one == other or half[one] + half[other] + LABEL_GAP <= abs(one - other) * points

    standing: list[int] = []
    for place in sorted(always, reverse=True):
        if all(are_apart(place, other) for other in standing):
            standing.append(place)
    free = [place for place in sorted(places, reverse=True) if all(are_apart(place, other) for other in standing)]
    step = next(n for n in range(1, len(free) + 2) if all(are_apart(*pair) for pair in pairwise(free[::n])))
    return sorted({*free[::step], *standing})


def label_ends(axes: Axes, ends: Sequence[tuple[str, float]], form: Form) -> None:
    """Names and values beside the ends of the lines, pushed apart so that none covers another."""
    bottom, top = axes.get_ylim()
    known = sorted((value, label) for label, value in ends if not np.isnan(value))
    heights = _apart([(value - bottom) / (top - bottom) for value, _ in known], gap=0.085)
    for (value, label), height in zip(known, heights, strict=True):
        words = f"{label} {value_text(value, form)}"
        axes.text(1.012, height, words, transform=axes.transAxes, va="center", size=6.5)


def svg(drawn: Canvas) -> str:
    """The chart as SVG without a date, so that the same chart is the same text."""
    with mpl.rc_context(STYLE):
        page = io.StringIO()
        drawn.savefig(page, format="svg", metadata=_UNDATED, transparent=True)
    return page.getvalue()


def _apart(heights: Sequence[float], gap: float) -> list[float]:
    """Ascending heights moved up just enough to stand `gap` apart, then down together if they leave the top."""
    moved: list[float] = []
    for height in heights:
        moved.append(max(height, moved[-1] + gap) if moved else height)
    for place in range(len(moved) - 1, -1, -1):
        ceiling = 1.0 if place == len(moved) - 1 else moved[place + 1] - gap
        moved[place] = min(moved[place], ceiling)
    return moved


_SHAPES = {"high": "^", "low": "v", "": "D"}
# The horizontal lines: label, column, line style.
_LEVELS = [
    ("mean expected level", "mean", "-"),
    ("upper limit", "upper", "--"),
    ("lower limit", "lower", "--"),
    ("target", "target", "-."),
]


@dataclass(frozen=True)
class Chart:
    """A drawn chart: SVG, alternative text, caption. The two texts travel as metadata of the SVG."""

    svg: str
    alt: str
    caption: str

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        data = {"image/svg+xml": self.svg, "text/plain": self.alt}
        return data, {"image/svg+xml": {"alt": self.alt, "caption": self.caption}}


def run_chart(points: pd.DataFrame, *, title: str, form: Form, missing: Mapping[str, str] | None = None) -> Chart:
    """A series in time with its mean expected level, limits and special causes.

    points: one row a period, in order, with label, value (without its season where `adjusted`), recorded, adjusted,
    mean, lower, upper (NaN where there are none), special_cause ("", "outside", "trend", "two_of_three", "shift"),
    side ("", "high", "low"), segment, baseline (bool: fixes the limits), no_limits (why there are none, or ""), latest
    (bool: of the reported quarter), and target where there is one. A missing value leaves a gap. form: how
    its values are printed. missing: the sign of each period that is not shown by its label, for the texts.
    """
    page, axes = canvas(title, form)
    places = np.arange(len(points))
    points = points.assign(mean=points["mean"].where(points["lower"].notna()))  # without limits it is no expectation
    lines = [line for line in _LEVELS if line[1] in points and points[line[1]].notna().any()]
    for _, segment in points.groupby("segment"):
        for column, style in ((column, style) for _, column, style in lines if segment[column].notna().any()):
            axes.plot(segment.index, segment[column], color=GREY, lw=0.9, ls=style, drawstyle="steps-mid", zorder=1)
    if points["adjusted"].any():
        axes.plot(places, points["recorded"], color=GREY, lw=0.7, alpha=0.8, zorder=1.5, label="as recorded")
    axes.plot(places, points["value"], color=BLUE, lw=1.2, zorder=2)
    _draw_points(axes, points)
    columns = ["value", "recorded", *(column for _, column, _ in lines)]
    scale(axes, points[columns].to_numpy(float), form, None)
    if points["lower"].notna().any() and not points["baseline"].all():
        fixing = np.where(points["baseline"], axes.get_ylim()[0], np.nan)
        axes.plot(places, fixing, color=INK, lw=3, solid_capstyle="butt", label="fixes the limits", clip_on=False)
    periods(axes, list(points["label"]))
    _key(axes)
    label_ends(axes, [(label, last_known(points[column])) for label, column, _ in lines], form)
    return Chart(svg(page), run_chart_alt(points, form, title, missing), caption(points, missing))


def projection_chart(
    points: pd.DataFrame,
    fan: pd.DataFrame,
    *,
    title: str,
    form: Form,
    baseline: float,
    baseline_label: str,
    verdict: str,
) -> Chart:
    """Rolling 12-month totals, then a fan of projected years with their 80% and 95% prediction intervals.

    points: label and value, a row a quarter, in order. fan: a row a projected year, in order, with label, quarters
    (from the last point to the end of the year), total, lower_80, upper_80, lower_95, upper_95; the last is the one
    that is judged. All values and the baseline are in the unit of the points; `verdict` is a sentence.
    """
    page, axes = canvas(title, form)
    values, count = points["value"].to_numpy(float), len(points)
    axes.axhline(baseline, color=INK, lw=0.9, ls=":", zorder=1)
    axes.plot(range(count), values, color=BLUE, lw=1.2, marker="o", ms=4 if count <= 12 else 2.5, zorder=3)
    places = [count - 1, *(count - 1 + fan["quarters"])]

    def opened(column: str) -> list[float]:
        return [values[-1], *fan[column]]

    for level, strength, style in (("95", 0.14, "-"), ("80", 0.22, "--")):
        lower, upper = opened(f"lower_{level}"), opened(f"upper_{level}")
        axes.fill_between(places, lower, upper, color=VERMILION, alpha=strength, lw=0)
        for edge in (lower, upper):
            axes.plot(places, edge, color=VERMILION, lw=0.8, ls=style, zorder=2)
    axes.plot(places, opened("total"), color=VERMILION, lw=1.2, zorder=2)
    axes.plot(places[1:], fan["total"], ls="", marker="D", ms=5, mfc="white", mew=1.3, mec=VERMILION, zorder=4)
    scale(axes, np.append(values, fan[["lower_95", "upper_95"]].to_numpy(float)), form, baseline)
    labels = [*points["label"], *[""] * int(fan["quarters"].iloc[-1])]
    for place, label in zip(places[1:], fan["label"], strict=True):
        labels[place] = f"{label}\nprojected"
    periods(axes, labels, always=places[1:])
    axes.text(0, 1.03, verdict, transform=axes.transAxes, va="bottom", size=7)
    judged = fan.iloc[-1]
    names = {"95% upper": "upper_95", "80% upper": "upper_80", "projected": "total"}
    names |= {"80% lower": "lower_80", "95% lower": "lower_95"}
    label_ends(axes, [*((n, judged[column]) for n, column in names.items()), (baseline_label, baseline)], form)
    alt = projection_alt(points, fan, form, title, baseline=baseline, baseline_label=baseline_label)
    caption = f"12-month totals that end a quarter, and the projection to {judged['label']}. {verdict}"
    return Chart(svg(page), f"{alt} {verdict}", caption)


def _draw_points(axes: Axes, points: pd.DataFrame) -> None:
    """Dots; a shape of its own for a special cause on each side; a ring around the reported quarter."""
    special, latest = points["special_cause"].ne("").to_numpy(), points["latest"].to_numpy(bool)

    def draw(chosen: np.ndarray, **look: Any) -> None:
        axes.scatter(np.flatnonzero(chosen), points["value"][chosen], **look)

    draw(~special, s=11, color=BLUE, zorder=3)
    for side, shape in _SHAPES.items():
        chosen = special & points["side"].eq(side).to_numpy()
        if chosen.any():
            edge = {"edgecolor": "white", "linewidth": 0.5}
            draw(chosen, s=38, marker=shape, color=VERMILION, zorder=4, label=SIDES[side], **edge)
    if latest.any():
        draw(latest, s=90, facecolor="none", edgecolor=INK, linewidth=0.9, zorder=5, label="reported quarter")


def _key(axes: Axes) -> None:
    """The key of all that has a name, above the chart."""
    if axes.get_legend_handles_labels()[1]:
        spacing = {"handletextpad": 0.4, "handlelength": 1.2, "columnspacing": 1.2, "borderpad": 0.1}
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 0.995), ncols=5, frameon=False, fontsize=7, **spacing)
