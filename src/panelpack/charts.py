"""Charts for print and screen: run charts with their limits, projections, and the words that replace them.

Every chart is an SVG that is the same to the byte each time, with an alternative text computed from its data.
Meaning is never left to colour: a special cause has a shape of its own, and lines are labelled where they end.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, MaxNLocator

BLUE, VERMILION, GREY, INK = "#0072B2", "#D55E00", "#555555", "#1a1a1a"
WIDTH, HEIGHT = 170 / 25.4, 62 / 25.4  # inches: the measure of a page, and three charts to a page
# An axis starts at 0 when the data then still fill this share of its height.
FILLS_FROM_ZERO = 0.3
_UNITS = {"count": "Number", "percent": "Per cent", "gbp_million": "£ million"}
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
_CAUSES = {
    "outside": "outside the limits",
    "trend": "trend",
    "two_of_three": "two of three near a limit",
    "shift": "shift",
}
_MARKS = {"high": ("^", "significantly high"), "low": ("v", "significantly low"), "": ("D", "special cause")}


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
    canvas, axes = _canvas(title, unit)
    places = np.arange(len(points))
    lines = _levels(points, show_limits)
    for _, column, style in lines:
        axes.plot(places, points[column], color=GREY, lw=0.9, ls=style, drawstyle="steps-mid", zorder=1)
    if baseline is not None:
        axes.axhline(baseline, color=INK, lw=0.9, ls=":", zorder=1)
    axes.plot(places, points["value"], color=BLUE, lw=1.2, zorder=2)
    _draw_points(axes, points)
    shown = points[["value", *(column for _, column, _ in lines)]].to_numpy(float)
    _scale(axes, shown, unit, baseline)
    _periods(axes, list(points["label"]))
    ends = [(label, _last(points[column])) for label, column, _ in lines]
    _label_ends(axes, [*ends, *([("baseline", baseline)] if baseline is not None else [])], unit)
    return Figure(_svg(canvas), describe(points, unit, title), _caption(points, source_note))


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
    canvas, axes = _canvas(title, unit)
    count = len(points)
    values = points["value"].to_numpy(float)
    axes.axhline(baseline, color=INK, lw=0.9, ls=":", zorder=1)
    axes.plot(range(count), values, color=BLUE, lw=1.2, marker="o", ms=4 if count <= 12 else 2.5)
    axes.errorbar(
        [count],
        [projected],
        [[projected - lower], [upper - projected]],
        color=VERMILION,
        fmt="D",
        ms=5,
        mfc="white",
        mew=1.3,
        capsize=5,
        lw=1.4,
    )
    _scale(axes, np.append(values, [lower, upper]), unit, baseline)
    _periods(axes, [*points["label"], f"{year_label}\nprojected"], always=[count])
    _label_ends(
        axes, [("95% upper", upper), ("projected", projected), ("95% lower", lower), (baseline_label, baseline)], unit
    )
    alt = (
        f"{title}, {_unit_words(unit)}, {points['label'].iloc[0]} to {points['label'].iloc[-1]}: latest "
        f"{_figure(_last(points['value']), unit)}. Projected for {year_label}: {_figure(projected, unit)}, 95% "
        f"prediction interval {_figure(lower, unit)} to {_figure(upper, unit)}. The {baseline_label} of "
        f"{_figure(baseline, unit)} lies {'inside' if lower <= baseline <= upper else 'outside'} it."
    )
    return Figure(_svg(canvas), alt, f"{title}: projection to {year_label} with its 95% prediction interval")


def describe(points: pd.DataFrame, unit: str, title: str) -> str:
    """The alternative text of a run chart: what, when, lowest, highest, latest, mean, special causes.

    points as in `run_chart`; without a single value the text says so.
    """
    labels = points["label"]
    known = points[points["value"].notna()]
    if known.empty:
        return f"{title}: no values."
    low, high, last = (
        known.loc[place] for place in (known["value"].idxmin(), known["value"].idxmax(), known.index[-1])
    )
    said = ", ".join(
        f"{word} {_figure(row['value'], unit)} in {row['label']}"
        for word, row in (("lowest", low), ("highest", high), ("latest", last))
    )
    mean = _last(points["mean"])
    level = "" if np.isnan(mean) else f"; mean expected level {_figure(mean, unit)}"
    causes = list(_special_causes(points))
    ending = f" Special causes: {'; '.join(causes)}." if causes else ("" if np.isnan(mean) else " No special causes.")
    return f"{title}, {_unit_words(unit)}, {labels.iloc[0]} to {labels.iloc[-1]}: {said}{level}.{ending}"


def data_table(points: pd.DataFrame, unit: str, caption: str, decimals: int) -> pd.DataFrame:
    """The figures behind a chart as display strings: a row a financial year, a column a month or quarter.

    points: `period` ("2012-04", or "2012Q1" for Quarter 1 of 2012/13) and value. Counts of months get a Total,
    only for years that are complete. The caption travels in `attrs["caption"]`.
    """
    monthly = "-" in str(points["period"].iloc[0])
    columns = _MONTHS if monthly else _QUARTERS
    places = [_place(str(period)) for period in points["period"]]
    grid = (
        pd.DataFrame(places, columns=["Year", "column"])
        .assign(value=points["value"].to_numpy(float))
        .pivot(index="Year", columns="column", values="value")
        .reindex(columns=columns)
    )
    shown = grid.map(lambda value: "" if np.isnan(value) else _rounded(value, decimals))
    if monthly and unit not in ("percent", "%"):
        shown["Total"] = [_rounded(row.sum(), decimals) if row.notna().all() else "" for _, row in grid.iterrows()]
    table = shown.rename(index=_financial_year).rename_axis(columns=None).reset_index()
    table.attrs["caption"] = caption
    return table


_MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
_QUARTERS = ["Q1", "Q2", "Q3", "Q4"]


def _place(period: str) -> tuple[int, str]:
    """First calendar year of the financial year, and the column."""
    if "Q" in period:
        return int(period[:4]), period[4:]
    year, month = map(int, period.split("-"))
    return year - (month < 4), _MONTHS[(month - 4) % 12]


def _financial_year(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


# ---------------------------------------------------------------------------------------------- words
def _rounded(value: float, decimals: int) -> str:
    """Half away from zero, as published tables round."""
    return f"{Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"


def _figure(value: float, unit: str) -> str:
    if unit in ("percent", "%"):
        return f"{_rounded(value, 1)}%"
    if unit == "gbp_million":
        return f"£{_rounded(value, 1)}m"
    return _rounded(value, 0 if abs(value) >= 100 or float(value).is_integer() else 1)


def _unit_words(unit: str) -> str:
    return _UNITS.get(unit, unit).lower()


def _last(values: pd.Series) -> float:
    known = values.dropna()
    return float(known.iloc[-1]) if len(known) else float("nan")


def _caption(points: pd.DataFrame, source_note: str) -> str:
    span = f"{points['label'].iloc[0]} to {points['label'].iloc[-1]}"
    return f"{span}. {source_note}" if source_note else span


def _special_causes(points: pd.DataFrame) -> Iterator[str]:
    """Each run of neighbours with the same cause and side, in words."""
    run = (points[["special_cause", "side"]] != points[["special_cause", "side"]].shift()).any(axis=1).cumsum()
    for _, group in points.groupby(run):
        cause, side = group[["special_cause", "side"]].iloc[0]
        if cause:
            first, last = group["label"].iloc[0], group["label"].iloc[-1]
            when = first if first == last else f"{first} to {last}"
            yield f"{_MARKS[side][1]} {when} ({_CAUSES[cause]})" if side else f"{when} ({_CAUSES[cause]})"


# ---------------------------------------------------------------------------------------------- drawing
def _canvas(title: str, unit: str) -> tuple[Canvas, Axes]:
    with mpl.rc_context(_STYLE):
        canvas = Canvas(figsize=(WIDTH, HEIGHT))
        axes = canvas.add_axes((0.085, 0.13, 0.70, 0.68))
        axes.set_ylabel(_UNITS.get(unit, unit[:1].upper() + unit[1:]))
        canvas.text(0.008, 0.985, title, ha="left", va="top", weight="bold", size=8.5)
        sns.despine(ax=axes)
    return canvas, axes


def _levels(points: pd.DataFrame, show_limits: bool) -> list[tuple[str, str, str]]:
    """The horizontal lines that there is data for: label, column, line style."""
    lines = [("mean expected level", "mean", "-")]
    if show_limits:
        lines += [("upper limit", "upper", "--"), ("lower limit", "lower", "--")]
    return [line for line in lines if points[line[1]].notna().any()]


def _draw_points(axes: Axes, points: pd.DataFrame) -> None:
    places = np.arange(len(points))
    special, latest = points["special_cause"].ne("").to_numpy(), points["latest"].to_numpy(bool)
    axes.scatter(places[~special], points["value"][~special], s=11, color=BLUE, zorder=3)
    for side, (shape, meaning) in _MARKS.items():
        chosen = special & points["side"].eq(side).to_numpy()
        if chosen.any():
            axes.scatter(
                places[chosen],
                points["value"][chosen],
                s=38,
                marker=shape,
                color=VERMILION,
                edgecolor="white",
                linewidth=0.5,
                zorder=4,
                label=meaning,
            )
    if latest.any():
        axes.scatter(
            places[latest],
            points["value"][latest],
            s=90,
            facecolor="none",
            edgecolor=INK,
            linewidth=0.9,
            zorder=5,
            label="reported quarter",
        )
    if special.any() or latest.any():
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(-0.01, 0.995),
            ncols=4,
            frameon=False,
            fontsize=7,
            handletextpad=0.2,
            columnspacing=1.2,
            borderpad=0.1,
        )


def _scale(axes: Axes, shown: np.ndarray, unit: str, baseline: float | None) -> None:
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


def _periods(axes: Axes, labels: Sequence[str], always: Sequence[int] = ()) -> None:
    """A tick at each start of a financial year, or evenly where the labels are not periods."""
    starts = [place for place, label in enumerate(labels) if label.startswith(("Apr ", "Q1 "))]
    step = -(-len(labels) // 8)
    ticks = sorted({*(starts or range(0, len(labels), step)), *always})
    axes.set_xticks(ticks, [labels[place] for place in ticks])
    axes.set_xlim(-0.6, len(labels) - 0.2)
    if starts:
        axes.grid(axis="x", color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)


def _label_ends(axes: Axes, ends: Sequence[tuple[str, float]], unit: str) -> None:
    """Names and values beside the ends of the lines, pushed apart so that none covers another."""
    bottom, top = axes.get_ylim()
    known = sorted((value, label) for label, value in ends if not np.isnan(value))
    heights = _apart([(value - bottom) / (top - bottom) for value, _ in known], gap=0.085)
    for (value, label), height in zip(known, heights, strict=True):
        axes.text(1.012, height, f"{label} {_figure(value, unit)}", transform=axes.transAxes, va="center", size=6.5)


def _apart(heights: Sequence[float], gap: float) -> list[float]:
    """Ascending heights moved up just enough to stand `gap` apart, then down together if they leave the top."""
    moved: list[float] = []
    for height in heights:
        moved.append(max(height, moved[-1] + gap) if moved else height)
    for place in range(len(moved) - 1, -1, -1):
        ceiling = 1.0 if place == len(moved) - 1 else moved[place + 1] - gap
        moved[place] = min(moved[place], ceiling)
    return moved


def _svg(canvas: Canvas) -> str:
    with mpl.rc_context(_STYLE):
        page = io.StringIO()
        canvas.savefig(page, format="svg", metadata=_UNDATED, transparent=True)
    return page.getvalue()
