"""Which points each series has: a grid with a row a series and a column a month, whose cells say what is shown.

A state has a colour and a letter, so that it is told apart in grey too; points stand apart by lines between them.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from types import ModuleType
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from PIL import Image

from panelpack.formats import number
from panelpack.heavy_imports import hidden
from panelpack.periods import key_of, month_range, month_words, months_of, periodicity_of
from panelpack.rendering.chart_frame import LINE_HEIGHT, add_title
from panelpack.rendering.chart_svg import PNG_DPI, TEXT, Drawing, drawn_width, face, use_bundled_settings, width_of
from panelpack.rendering.charts import Chart
from panelpack.rendering.palette import INK, LINE, RULE


class State(NamedTuple):
    """What a cell says: its ground, its letter ("" for none) and its words in the key."""

    ground: str
    letter: str
    words: str


# In this order in the key; where several are in one column, the last of them counts.
STATES = {
    "year": State("#DCE8F3", "Y", "shown by year only"),
    "half_year": State("#C3DAEC", "H", "shown by half-year"),
    "quarter": State("#A6C8E4", "Q", "shown by quarter"),
    "date": State("#D9D9D9", "D", "shown on a day"),
    "month": State("#2F5D8A", "", "shown by month"),
    "missing": State("#FFFFFF", "x", "missing: not supplied, or not yet"),
    "hidden": State("#F2C879", "c", "hidden: to protect people or because too few answered"),
}
NOT_SHOWN = ("hidden", "missing")
COLUMNS = ("month", "quarter", "financial_year")  # what a column is, by how long the time is: the first that fits
MOST = 45  # columns that leave room for a letter each
MOST_ROWS = 48  # series that fit on a page
WIDE, TITLES, RIGHT = 482.0, 205.0, 20.0  # points: the measure of a page, the titles of rows, free on the right
ROW, AXIS = 12.0, 28.0  # points: the height of a row, and of the words below the grid
BOX, KEY_LINE = 10.0, 14.5  # points: a box of the key, and from one line of the key to the next
_LETTERS = FontProperties(fname=face(bold=False), size=TEXT)
_LETTERING: dict[str, Any] = {
    "textcoords": "offset points",
    "va": "center_baseline",
    "fontproperties": _LETTERS,
    "annotation_clip": False,
    "parse_math": False,
}
_GROUND = {"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 0.5}  # of words over a line
_LONG = re.compile(r"\d+\.\d{3,}")


@dataclass(frozen=True)
class Row:
    """A series: its title, its points by month, quarter, half, year or day, each "shown", "hidden" or "missing".

    note: words in the place of cells where it has no point at all.
    """

    title: str
    points: Mapping[str, str]
    note: str = ""


def coverage_charts(rows: Sequence[Row]) -> list[Chart]:
    """Draw which points each series has, on one axis of time; of more series than a page holds in several pictures.

    Raises ValueError where no row has a point.
    """
    months = [month for row in rows for key in row.points for month in _months(key)]
    span = min(months), max(months)
    parts = -(-len(rows) // MOST_ROWS)
    ends = [len(rows) * part // parts for part in range(parts + 1)]
    said = [f" Part {part} of {parts}." if parts > 1 else "" for part in range(1, parts + 1)]
    return [_chart(rows[first:last], *span, part) for (first, last), part in zip(pairwise(ends), said, strict=True)]


def _chart(rows: Sequence[Row], since: str, until: str, part: str) -> Chart:
    columns = _columns(since, until)
    count, every = sum(bool(row.points) for row in rows), number(len(rows))
    who = f"{number(count)} of {every} series" if count < len(rows) else f"all {every} series"
    span = f"from {month_words(since)} to {month_words(until)}"
    said = f"{who} {'has' if count == 1 else 'have'} points, {span}"
    counts = [sum(state == kind for row in rows for state in row.points.values()) for kind in NOT_SHOWN]
    found = f"{number(counts[0])} {'is' if counts[0] == 1 else 'are'} hidden and {number(counts[1])} missing"
    if not any(counts):
        found = "none is hidden or missing"
    kind = periodicity_of(columns[0]).replace("financial_", "")
    subtitle = f"A row a series, a column a {kind}: which points each series has."
    if kind != "month":
        subtitle += f" Where the points of a {kind} differ, one that is not shown counts."
    subtitle += part
    title = f"{said[:1].upper()}{said[1:]}: {found}"
    figure, shapes = _drawn(rows, columns)
    page = Drawing(WIDE, 72 * figure.get_figheight())
    add_title(page, title, subtitle)
    svg, titled = (page.svg(titled=is_titled).replace("</svg>", f"{shapes}</svg>") for is_titled in (False, True))
    alt = f"Grid of the points of each series: {said}, of which {found}.{part}"
    return Chart(svg, "", titled, _png(page, figure), title, subtitle, alt)


def _months(key: str) -> tuple[str, ...]:
    return (key[:7],) if _is_day(key) else months_of(key)


def _is_day(key: str) -> bool:
    return key.count("-") == 2


def _columns(first: str, last: str) -> tuple[str, ...]:
    """Return the columns from a month to a month: months, or else quarters or years, so that there is room for each."""
    months = month_range(first, last)
    every = [tuple(dict.fromkeys(key_of(month, grain) for month in months)) for grain in COLUMNS]
    return next((columns for columns in every if len(columns) <= MOST), every[-1])


def cells_of(row: Row, columns: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return where each point of a series lies: its first and last column, from 0, and its state.

    Where several share a column, the one whose state counts most comes last.
    """
    grain, places = periodicity_of(columns[0]), {key: place for place, key in enumerate(columns)}
    found: set[tuple[int, int, str]] = set()
    for key, state in row.points.items():
        months = _months(key)
        kind = "date" if _is_day(key) else periodicity_of(key)
        shown = "year" if kind.endswith("year") and kind != "half_year" else kind
        first, last = (places[key_of(month, grain)] for month in (months[0], months[-1]))
        found.add((first, last, shown if state == "shown" else state))
    order = list(STATES)
    return sorted(found, key=lambda cell: (order.index(cell[2]), cell))


def grid_of(rows: Sequence[Row], columns: Sequence[str]) -> np.ndarray:
    """Return the state of each cell, a row a series: its place in STATES; -1 where the series has nothing."""
    order, grid = list(STATES), np.full((len(rows), len(columns)), -1)
    for place, row in enumerate(rows):
        for first, last, state in cells_of(row, columns):
            grid[place, first : last + 1] = order.index(state)
    return grid


def letters_of(cells: Sequence[tuple[int, int, str]], wide: float) -> list[tuple[float, str]]:
    """Return where the letters of a row stand, in columns, so that none covers another. wide: a column, in points.

    Each point that is not shown has one, as far as there is room; of points that are shown the first of a run.
    """
    found: list[tuple[float, str]] = []
    ends = {(last + 1, state) for _, last, state in cells}
    for first, last, state in reversed(cells):
        letter, middle = STATES[state].letter, (first + last + 1) / 2
        is_first = state in NOT_SHOWN or (first, state) not in ends
        room = (abs(middle - other) * wide - (width_of(letter) + width_of(there)) / 2 for other, there in found)
        if letter and is_first and all(space > 0 for space in room):
            found.append((middle, letter))
    return found


# ------------------------------------------------------------------------------------------------------ drawing
def load_seaborn() -> ModuleType:
    """Import seaborn, without what only density curves and clusters need: 0.3 s."""
    with hidden("scipy.stats", "scipy.cluster"):
        import seaborn
    module: ModuleType = seaborn  # it comes without types
    return module


def _drawn(rows: Sequence[Row], columns: Sequence[str]) -> tuple[Figure, str]:
    """Return the picture without its title, and its shapes as elements of SVG."""
    use_bundled_settings()
    sns = load_seaborn()
    grid = grid_of(rows, columns)
    key = _key(grid)
    below, tall = AXIS + KEY_LINE * (1 + key[-1][0]), ROW * len(rows)
    whole = below + tall + 4
    figure = Figure(figsize=(WIDE / 72, whole / 72), dpi=72)
    figure.patch.set_visible(False)
    axes = figure.add_axes((TITLES / WIDE, below / whole, (WIDE - TITLES - RIGHT) / WIDE, tall / whole))
    colours = ListedColormap([state.ground for state in STATES.values()])
    look = {"vmin": 0, "vmax": len(STATES) - 1, "cbar": False, "xticklabels": False, "yticklabels": False}
    sns.heatmap(grid, mask=grid < 0, cmap=colours, ax=axes, **look)
    axes.set_axis_off()
    _draw_rows(axes, rows, columns)
    _draw_axis(axes, columns, len(rows))
    _draw_key(figure, key, below - AXIS)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "panelpack"}):
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return figure, "".join(_elements(written.getvalue()))


def _elements(svg: str) -> Iterator[str]:
    """Yield the shapes of a picture of matplotlib as those of a Drawing are: no id, no style, no clipping."""
    parts = re.findall(r'<path d="([^"]*)"[^>]*? style="([^"]*)"/>|<text style="([^"]*)"([^>]*)>([^<]*)<', svg)
    drawn = (part for part in parts if part[1] != "fill: none")  # a cell of no state
    for look, group in groupby(drawn, key=lambda part: part[1]):
        if look:  # neighbours that look the same become one
            path = re.sub(r"\s*([MLz])\s*", r"\1", "".join(part[0] for part in group))
            path = _LONG.sub(_short, path)
            yield f'<path d="{path}" {_attributes(look)}/>\n'
            continue
        for _, _, style, place, words in group:
            kept = re.findall(r"(?:text-anchor|fill): [^;]+", style)
            at = _LONG.sub(_short, re.sub(r' transform="[^"]*"', "", place))
            yield f"<text{at} {_attributes('; '.join(kept))}>{words}</text>\n"


def _attributes(style: str) -> str:
    return " ".join('{}="{}"'.format(*one.split(": ")) for one in style.split("; "))


def _short(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}"


def _png(page: Drawing, figure: Figure) -> bytes:
    """Return a picture below its title as PNG: no date, no name of a program, few colours."""
    figure.set_dpi(PNG_DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba()))
    picture, written = Image.open(io.BytesIO(page.png())).convert("RGB"), io.BytesIO()
    picture.paste(drawn, (0, picture.height - drawn.height), drawn.getchannel("A"))
    few = picture.quantize(48, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(written, "png")
    return written.getvalue()


def _draw_rows(axes: Any, rows: Sequence[Row], columns: Sequence[str]) -> None:
    """Write titles and letters, and draw the lines between points and between rows."""
    per_letter = (WIDE - TITLES - RIGHT) / len(columns)
    starts = np.zeros((len(rows) + 1, len(columns)), dtype=bool)
    for place, row in enumerate(rows):
        axes.annotate(_cut(row.title, TITLES - 10), (0, place + 0.5), (-5, 0), color=INK, ha="right", **_LETTERING)
        if not row.points:
            axes.annotate(row.note, (0, place + 0.5), (3, 0), color=INK, bbox=_GROUND, **_LETTERING)
        cells = cells_of(row, columns)
        starts[place, [first for first, *_ in cells]] = True
        for middle, letter in letters_of(cells, per_letter):
            axes.annotate(letter, (middle, place + 0.5), (0, 0), color=INK, ha="center", **_LETTERING)
    edges = np.argwhere(np.diff(starts.T, axis=1, prepend=False)).reshape(-1, 2, 2)  # where lines begin and end
    axes.add_collection(LineCollection(list(edges), colors="#FFFFFF", linewidths=0.8))
    axes.hlines(np.arange(len(rows) + 1), 0, len(columns), colors=RULE, linewidth=0.5, clip_on=False)


def _cut(words: str, room: float) -> str:
    """Return as much of some words as there is room for, in points, an ellipsis in the place of the rest."""
    short = words
    while short and drawn_width(words if short == words else f"{short}…") > room:
        short = short[:-1].rstrip()
    return words if short == words else f"{short}…"


def _draw_axis(axes: Any, columns: Sequence[str], count: int) -> None:
    """Draw a line where a financial year starts; as many have their words as there is room for, the newest first."""
    starts = [place for place, key in enumerate(columns) if months_of(key)[0].endswith("-04")] or [0]
    gap = (WIDE - TITLES - RIGHT) / len(columns) * (starts[1] - starts[0] if len(starts) > 1 else 1)
    named = starts[:: -max(1, -int(-30 // gap))]
    for place in starts:
        axes.vlines(place, 0, count + (0.5 if place in named else 0.2), colors=LINE, linewidth=0.5, clip_on=False)
    for place in named:
        month = month_words(months_of(columns[place])[0])
        for line, words in enumerate((month[:3], month[-4:])):
            at = (2, -11 - line * LINE_HEIGHT)
            axes.annotate(words, (place, count), at, color=LINE, **_LETTERING | {"va": "baseline"})


def _key(grid: np.ndarray) -> list[tuple[int, float, State]]:
    """Return the key of the states that occur: the line, from 0, and the place across of each."""
    states = [state for place, state in enumerate(STATES.values()) if (grid == place).any()][::-1]
    if (grid < 0).any():
        states.append(State("#FFFFFF", "", "empty: the series has no point then"))
    found, line, across = [], 0, 4.0
    for state in states:
        wide = BOX + 16 + width_of(state.words)
        if across + wide > WIDE:
            line, across = line + 1, 4.0
        found.append((line, across, state))
        across += wide
    return found


def _draw_key(figure: Figure, key: Iterable[tuple[int, float, State]], top: float) -> None:
    across, tall = WIDE, 72 * float(figure.get_figheight())
    for line, x, state in key:
        y = top - (line + 1) * KEY_LINE + 4
        box = Rectangle((x / across, (y - 2) / tall), BOX / across, BOX / tall, transform=figure.transFigure)
        box.set(facecolor=state.ground, edgecolor=LINE, linewidth=0.5)
        figure.add_artist(box)
        if state.letter:
            _write(figure, x + BOX / 2, y, state.letter, "center")
        _write(figure, x + BOX + 4, y, state.words)


def _write(figure: Figure, x: float, y: float, words: str, side: str = "left") -> None:
    """Write words whose letters stand at a height, in points from the bottom left."""
    tall = 72 * float(figure.get_figheight())
    figure.text(x / WIDE, y / tall, words, color=INK, ha=side, fontproperties=_LETTERS)
