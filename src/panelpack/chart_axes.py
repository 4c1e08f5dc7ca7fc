"""The ground a chart is drawn on: page style, scale, periods, names at the ends of lines, and the SVG itself."""

import io
import sys
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, MaxNLocator

from panelpack.chart_words import UNITS, figure_words

# Seaborn loads parts of scipy for density curves and clusters, where it finds them; no chart here has any, and they
# take over half a second. None says that they are not installed.
_UNUSED = [name for name in ("scipy.stats", "scipy.cluster") if name not in sys.modules]
sys.modules |= dict.fromkeys(_UNUSED)
import seaborn as sns  # noqa: E402

for name in _UNUSED:
    del sys.modules[name]

BLUE, VERMILION, GREY, INK = "#0072B2", "#D55E00", "#555555", "#1a1a1a"
WIDTH, HEIGHT = 170 / 25.4, 62 / 25.4  # inches: the measure of a page, and three charts to a page
# An axis starts at 0 when the data then still fill this share of its height.
FILLS_FROM_ZERO = 0.3
_STYLE = (
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


def canvas(title: str, unit: str) -> tuple[Canvas, Axes]:
    """An empty chart with its title and the unit at its axis, and room on the right for names."""
    with mpl.rc_context(_STYLE):
        empty = Canvas(figsize=(WIDTH, HEIGHT))
        axes = empty.add_axes((0.085, 0.13, 0.70, 0.68))
        axes.set_ylabel(UNITS.get(unit, unit[:1].upper() + unit[1:]))
        empty.text(0.008, 0.985, title, ha="left", va="top", weight="bold", size=8.5)
        sns.despine(ax=axes)
    return empty, axes


def scale(axes: Axes, shown: np.ndarray, unit: str, baseline: float | None) -> None:
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
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=unit == "count"))
    decimals = 0 if np.allclose(axes.get_yticks() % 1, 0) else 1
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.{decimals}f}"))


def periods(axes: Axes, labels: Sequence[str], always: Sequence[int] = ()) -> None:
    """A tick at each start of a financial year, or evenly where the labels are not periods."""
    starts = [place for place, label in enumerate(labels) if label.startswith(("Apr ", "Q1 "))]
    step = -(-len(labels) // 8)
    ticks = sorted({*(starts or range(0, len(labels), step)), *always})
    axes.set_xticks(ticks, [labels[place] for place in ticks])
    axes.set_xlim(-0.6, len(labels) - 0.2)
    if starts:
        axes.grid(axis="x", color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)


def label_ends(axes: Axes, ends: Sequence[tuple[str, float]], unit: str) -> None:
    """Names and values beside the ends of the lines, pushed apart so that none covers another."""
    bottom, top = axes.get_ylim()
    known = sorted((value, label) for label, value in ends if not np.isnan(value))
    heights = _apart([(value - bottom) / (top - bottom) for value, _ in known], gap=0.085)
    for (value, label), height in zip(known, heights, strict=True):
        words = f"{label} {figure_words(value, unit)}"
        axes.text(1.012, height, words, transform=axes.transAxes, va="center", size=6.5)


def svg(drawn: Canvas) -> str:
    """The chart as SVG without a date, so that the same chart is the same text."""
    with mpl.rc_context(_STYLE):
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
