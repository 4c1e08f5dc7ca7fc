"""The frame of a chart: its size, its scale, its axis of time, the words beside its lines and the note in its field.

All places are in points from the bottom left, in sizes at which the smallest words are as large as those of a table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from panelpack.formats import MOST_DECIMALS, Form, number
from panelpack.rendering.chart_svg import Drawing, Words, width_of, wrapped
from panelpack.rendering.palette import INK, LINE, SAME

Values = NDArray[np.float64]
LINE_HEIGHT = 11.0  # points: from one line of words to the next
TITLE, TITLE_HEIGHT = 11.0, 15.0  # of the title in a notebook
MARK = 4.0  # points: how far the largest mark reaches from its place
GAP = 5.0  # points: what must lie between two labels
STRIP, MOST_OF_STRIP = 14.0, 0.4  # points free round a note above the lines; the share of the height that it may take
# An axis starts at 0 when the data then still fill this share of its height; of percentages, which are mostly high and
# have 100 for an end as well, more of it.
FILLS_FROM_ZERO, FILLS_OF_PERCENT = 0.3, 0.5
AXIS_NOTE = "The axis does not start at 0."
FEW = 8  # periods of which each has its label, where there is room
YEAR_STARTS = ("Apr ", "Q1 ", "H1 ")  # of the labels of months, quarters and half-years


@dataclass(frozen=True)
class Size:
    """How large a chart is, without the title above it."""

    width: float
    height: float


WIDE, NARROW = Size(482, 150), Size(236, 186)  # the measure of a page; a telephone held upright
LOW = Size(WIDE.width, 104)  # on a page that has another picture too


@dataclass(frozen=True)
class Scale:
    """Where an axis of values starts and ends, its ticks with their words, and whether it starts at 0."""

    low: float
    high: float
    ticks: tuple[float, ...]
    words: tuple[str, ...]
    from_zero: bool

    def subtitled(self, subtitle: str) -> str:
        """Return a subtitle with what a reader must know of the axis."""
        return subtitle if self.from_zero else f"{subtitle}{'.' * (not subtitle.endswith('.'))} {AXIS_NOTE}".strip()


def scale_of(values: Values, form: Form, ticks: int = 5) -> Scale:
    """Return the scale of some values: from 0 where the picture stays readable, otherwise close to them.

    The first tick is at or below the least of them, the last at or above the most. ticks: how many steps at most.
    """
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    fills = FILLS_OF_PERCENT if form.unit == "percent" else FILLS_FROM_ZERO
    from_zero = low >= 0 and high - low >= fills * high
    if low == high:
        low, high = low - (abs(low) or 1) / 20, high + (abs(high) or 1) / 20
    locator = MaxNLocator(ticks, integer=form.unit == "count" and not form.decimals, steps=[1, 2, 2.5, 5, 10])
    found = [float(tick) for tick in locator.tick_values(0 if from_zero else low, high)]
    if from_zero:
        found = [tick for tick in found if tick >= 0]
    decimals = next((d for d in range(MOST_DECIMALS) if np.allclose(np.round(found, d), found)), MOST_DECIMALS)
    words = tuple(_tick_words(tick, decimals, form) for tick in found)
    return Scale(found[0], found[-1], tuple(found), words, from_zero)


def _tick_words(tick: float, decimals: int, form: Form) -> str:
    signs = {"percent": ("", "%"), "gbp": ("£", ""), "gbp_million": ("£", "m")}
    before, behind = signs.get(form.unit or "", ("", ""))
    if form.labels:
        return form.labels[int(tick)] if tick in range(len(form.labels)) else ""
    words = number(tick, decimals)
    return f"{words[0]}{before}{words[1:]}{behind}" if words[0] == "−" else f"{before}{words}{behind}"


@dataclass(frozen=True)
class Label:
    """Words beside the end of a line, at the height of a value: its lines, the first bold where it is the newest."""

    value: float
    lines: tuple[str, ...]
    colour: str = SAME
    bold: bool = False

    def width(self) -> float:
        """Return how wide it is, in points."""
        return max(width_of(line, bold=self.bold and not number) for number, line in enumerate(self.lines))


@dataclass(frozen=True)
class Frame:
    """Where the field of a chart lies on its picture, and what part of the values and periods it shows."""

    size: Size
    left: float
    bottom: float
    right: float
    top: float
    low: float
    high: float
    count: int

    @classmethod
    def around(cls, size: Size, scale: Scale, labels: Sequence[Label], count: int) -> "Frame":
        """Return the frame that leaves room for the words at the ticks and beside the lines. count: of periods."""
        left = max(map(width_of, scale.words)) + 10
        right = size.width - max([label.width() + MARK + 8 for label in labels], default=12)
        return cls(size, left, 2 * LINE_HEIGHT + 8, right, size.height - 9, scale.low, scale.high, count)

    def across(self, place: Any) -> Any:
        """Return where a period lies, from the left, or where some lie; the first is 0."""
        return self.left + (place + 0.6) / max(self.count, 1) * (self.right - self.left)

    def up(self, value: Any) -> Any:
        """Return where a value lies, from the bottom, or where some lie."""
        return self.bottom + (value - self.low) / (self.high - self.low) * (self.top - self.bottom)

    def with_strip(self, height: float) -> "Frame":
        """Return the frame with so many points free above the last tick."""
        tall = self.top - self.bottom
        return replace(self, high=self.low + (self.high - self.low) * tall / (tall - height))


def canvas(frame: Frame, scale: Scale) -> Drawing:
    """Return a chart with its two axes and the ticks of its values."""
    page = Drawing(frame.size.width, frame.size.height)
    draw_axes(page, frame, scale)
    return page


def draw_axes(page: Drawing, frame: Frame, scale: Scale) -> None:
    """Draw the two axes of a frame and the ticks of its values."""
    page.line([frame.left] * 2, [frame.bottom, frame.top], LINE, 0.6)
    page.line([frame.left, frame.right], [frame.bottom] * 2, LINE, 0.6)
    step = frame.up(scale.ticks[1]) - frame.up(scale.ticks[0])
    named = scale.ticks[:: -int(-LINE_HEIGHT // step)]
    for tick, words in zip(scale.ticks, scale.words, strict=True):
        height = frame.up(tick)
        page.line([frame.left - 3, frame.left], [height] * 2, LINE, 0.6)
        if tick in named:
            page.write(frame.left - 5, height - 3.2, words, LINE, side="right")


def add_title(page: Drawing, title: str, subtitle: str) -> None:
    """Put title and subtitle above a picture, in as many lines as they need: a notebook shows them in the PNG."""
    wide, lines = page.width - 8, wrapped(subtitle, page.width - 8)
    height = page.height + 2
    for line in reversed(lines):
        page.above.append(Words(4, height + 3, line, LINE))
        height += LINE_HEIGHT
    for line in reversed(wrapped(title, wide, bold=True, size=TITLE)):
        page.above.append(Words(4, height + 4, line, INK, bold=True, size=TITLE))
        height += TITLE_HEIGHT


# ------------------------------------------------------------------------------------------------- axis of time
def draw_periods(page: Drawing, frame: Frame, labels: Sequence[str], always: Sequence[int] = ()) -> list[int]:
    """Draw a tick at each start of a financial year, or at each period where these are no parts of a year.

    As many have their label, in two lines, as there is room for; those of `always` come first. Returns which.
    """
    starts = [place for place, label in enumerate(labels) if label.startswith(YEAR_STARTS)]
    if len(labels) <= FEW:
        starts = []
    ticked = sorted({*(starts or [place for place, label in enumerate(labels) if label]), *always})
    named = _with_room(frame, labels, ticked, always)
    for place in ticked:
        across, is_named = frame.across(place), place in named
        page.line([across] * 2, [frame.bottom - (3 if is_named else 2), frame.bottom], LINE, 0.6)
        for line, words in enumerate(axis_lines(labels[place]) if is_named else ()):
            page.write(across, frame.bottom - 13 - line * LINE_HEIGHT, words, LINE, side="centre")
    return named


def axis_lines(label: str) -> list[str]:
    """Return a label of a period as it stands below the axis: the part of the year above the year."""
    return label.split("\n") if "\n" in label else label.split(" ", 1)


def _with_room(frame: Frame, labels: Sequence[str], places: Sequence[int], always: Sequence[int]) -> list[int]:
    """Return the places whose labels can be read beside each other: each of `places`, or each second, third ... one.

    They are counted back from the latest, so that the newest year has its label; of `always` too.
    """
    half = [max(map(width_of, axis_lines(label))) / 2 for label in labels]

    def are_apart(one: int, other: int) -> bool:
        return one == other or half[one] + half[other] + GAP <= abs(frame.across(one) - frame.across(other))

    standing: list[int] = []
    for place in sorted(always, reverse=True):
        if all(are_apart(place, other) for other in standing):
            standing.append(place)
    inside = [place for place in places if frame.across(place) + half[place] <= frame.size.width]
    free = [place for place in sorted(inside, reverse=True) if all(are_apart(place, other) for other in standing)]
    step = next(n for n in range(1, len(free) + 2) if all(are_apart(*pair) for pair in pairwise(free[::n])))
    return sorted({*free[::step], *standing})


# ------------------------------------------------------------------------------------------- words beside lines
def draw_labels(page: Drawing, frame: Frame, labels: Sequence[Label]) -> None:
    """Write the labels beside the ends of their lines, pushed apart so that none covers another."""
    known = sorted((label for label in labels if np.isfinite(label.value)), key=lambda label: label.value)
    tall = [len(label.lines) * LINE_HEIGHT for label in known]
    middles = _apart([frame.up(label.value) for label in known], tall, frame.bottom - 5, frame.size.height - 2)
    for label, middle, height in zip(known, middles, tall, strict=True):
        for line, words in enumerate(label.lines):
            baseline = middle + height / 2 - (line + 1) * LINE_HEIGHT + 2.5
            page.write(frame.right + MARK + 4, baseline, words, label.colour, bold=label.bold and line == 0)


def _apart(middles: Sequence[float], tall: Sequence[float], floor: float, ceiling: float) -> list[float]:
    """Return ascending middles moved up just enough that none overlaps, then down together below the ceiling."""
    moved: list[float] = []
    for place, middle in enumerate(middles):
        least = moved[-1] + (tall[place - 1] + tall[place]) / 2 + 1 if place else floor + tall[0] / 2
        moved.append(max(middle, least))
    for place in range(len(moved) - 1, -1, -1):
        last = place == len(moved) - 1
        most = ceiling - tall[place] / 2 if last else moved[place + 1] - (tall[place] + tall[place + 1]) / 2 - 1
        moved[place] = min(moved[place], most)
    return moved


# ------------------------------------------------------------------------------------------- a note in the field
@dataclass(frozen=True)
class Note:
    """Words in the field of a chart beside some of its points: its lines, its left bottom corner, and what it is of."""

    lines: tuple[str, ...]
    x: float
    y: float
    wide: float
    tall: float
    points_at: tuple[float, float]

    def line(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Return the x and the y of a thin line to what it is of; None where that is close by."""
        x, y = self.points_at
        near = min(max(x, self.x), self.x + self.wide), min(max(y, self.y), self.y + self.tall)
        away = float(np.hypot(near[0] - x, near[1] - y))
        if away <= 2 * MARK + 2:
            return None
        share = (away - MARK - 1) / away
        return (near[0], near[0] + (x - near[0]) * share), (near[1], near[1] + (y - near[1]) * share)


def place_note(
    frame: Frame, words: str, marks: Values, drawn: Sequence[Values], levels: Sequence[float]
) -> tuple[Frame, Note | None]:
    """Return where a note fits that covers nothing, as near to its marks as can be, in the frame made for it.

    marks: the periods and values that it is of, a row each. drawn: the values of each line by period. levels: values
    of horizontal lines, which it keeps off where it can. Where no place is free, the frame gets a strip above, so long
    as the lines keep most of the height; else there is no note, and the title has to do.
    """
    lines = wrapped(words, min(150.0, 0.8 * (frame.right - frame.left)), bold=True)
    wide, tall = extent_of(lines)

    def found(within: Frame, avoided: Sequence[float]) -> Note | None:
        taken = np.vstack([_dense(within, line) for line in drawn])
        at = np.array([(within.across(place), within.up(value)) for place, value in marks])
        heights = [within.up(level) for level in avoided]
        for x, y, mark in free_places(within, (wide, tall), at, taken, heights):
            return Note(tuple(lines), x, y, wide, tall, tuple(at[mark]))
        return None

    tries = [(frame, levels), (frame, ())]
    if tall + STRIP <= MOST_OF_STRIP * (frame.top - frame.bottom):
        tries.append((frame.with_strip(tall + STRIP), ()))
    for within, avoided in tries:
        if note := found(within, avoided):
            return within, note
    return frame, None


def extent_of(lines: Sequence[str]) -> tuple[float, float]:
    """Return how wide and how tall lines of bold words are, in points."""
    return max(width_of(line, bold=True) for line in lines), len(lines) * LINE_HEIGHT


def free_places(
    frame: Frame, extent: tuple[float, float], at: Values, taken: Values, heights: Sequence[float] = ()
) -> Iterator[tuple[float, float, int]]:
    """Yield the left bottom corners of words that cover nothing, each with the mark that it is near, the nearest first.

    extent: of the words. at: the places of the marks; taken: what may not be covered; a row a place, all in points.
    heights: of horizontal lines that the words keep off.
    """
    wide, tall = extent
    x = np.linspace(frame.left + 5, frame.right - wide, 25)
    y = np.linspace(frame.bottom + 5, frame.top - tall - 2, 15)
    xs, ys = (grid.ravel() for grid in np.meshgrid(x, y))
    inside = (taken[:, 0] > xs[:, None] - 6) & (taken[:, 0] < xs[:, None] + wide + 6)
    inside &= (taken[:, 1] > ys[:, None] - 5) & (taken[:, 1] < ys[:, None] + tall + 4)
    free = np.asarray(~inside.any(axis=1))
    for height in heights:
        free &= (height < ys - 1) | (height > ys + tall + 1)
    dx = np.clip(at[:, 0], xs[:, None], xs[:, None] + wide) - at[:, 0]
    dy = np.clip(at[:, 1], ys[:, None], ys[:, None] + tall) - at[:, 1]
    away = np.where(free[:, None], np.round(np.hypot(dx, dy), 3), np.inf)
    for best in away.argsort(axis=None, kind="stable"):
        place, mark = divmod(int(best), len(at))
        if not free[place]:
            return
        yield float(xs[place]), float(ys[place]), mark


def draw_note(page: Drawing, note: Note, colour: str, *, bold: bool = True, side: str = "left") -> None:
    """Write a note, with a thin line to what it is of where that is not close by. side: as words are aligned."""
    share = {"left": 0.0, "centre": 0.5, "right": 1.0}[side]
    for line, words in enumerate(note.lines):
        baseline = note.y + note.tall - (line + 1) * LINE_HEIGHT + 2.5
        page.write(note.x + share * note.wide, baseline, words, colour, bold=bold, side=side)
    if line_of := note.line():
        page.line(*line_of, colour, 0.7)


def _dense(frame: Frame, values: Values) -> Values:
    """Return places along a line, close enough that no word slips between two; nothing across a gap."""
    known = np.flatnonzero(np.isfinite(values))
    at = [np.array([[frame.across(place), frame.up(values[place])] for place in known]).reshape(-1, 2)]
    for one, other in pairwise(known):
        if other == one + 1:
            share = np.linspace(0, 1, 12)[:, None]
            start = np.array([frame.across(one), frame.up(values[one])])
            at.append(start + share * (np.array([frame.across(other), frame.up(values[other])]) - start))
    return np.vstack(at)
