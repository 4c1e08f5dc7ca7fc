"""A strip of all forces' changes on one axis: where one force stands among the others, without a name of another.

The force that a pack is of is a filled diamond with its name; each other force is an open circle. What these mean is
never a verdict, so that no mark has the colour of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.ticker import MaxNLocator

from panelpack.formats import percent_change
from panelpack.rendering.chart_frame import GAP, LINE_HEIGHT, NARROW, WIDE, Size, Values
from panelpack.rendering.chart_svg import Drawing, shortened, width_of
from panelpack.rendering.charts import RANGE, Chart, made
from panelpack.rendering.palette import INK, LINE, SAME

# With one line of words above: 2.2 cm on paper; half a page or a telephone.
STRIP, STRIP_NARROW = Size(WIDE.width, 59), Size(NARROW.width, 82)
TICKS, BAND_ROW, LANE = 14.5, 12.0, LINE_HEIGHT  # points: below the axis, above it, and of a line of words at the top
BESIDE = 300.0  # points across, from which there is room for a name beside its mark
OWN, OWN_REACH = 6.0, 4.4  # points: the own force's mark, and how far it reaches from its place
SIZES = (5.2, 4.4, 3.8, 3.4, 2.6)  # points across: of another force's mark, the first that fits
EDGE = 0.9  # points: the width of its line
APART = 0.4  # points between two marks
CUT = 1.0  # a force farther from all that is labelled than this many times its span stands beyond the axis
BEYOND = {"low": "less", "high": "more"}  # words below forces that stand beyond the axis
NO_CHANGE = "no change"
TOGETHER, OF_BAND = "other forces together", "8 in 10 forces"


@dataclass(frozen=True)
class Changes:
    """Changes in percent of one force and of others: its name and change, those of the others, in any order.

    others: NaN where a force has no change. together: of the others taken together. low, high: the 10th and the 90th
    centile of the others. Raises ValueError where one of the four is no number, or no other force has one.
    """

    name: str
    own: float
    others: Sequence[float]
    together: float
    low: float
    high: float

    def __post_init__(self) -> None:
        labelled = [self.own, self.together, self.low, self.high]
        if not np.isfinite(labelled).all() or not len(self.known):
            raise ValueError(
                f"changes of {self.name!r}: own {self.own}, together {self.together}, centiles {self.low} and "
                f"{self.high}, {len(self.known)} others; expected numbers and an other force at least. Draw no strip."
            )

    @property
    def known(self) -> Values:
        """The changes of the others that have one, ascending."""
        others = np.asarray(self.others, float)
        return np.sort(others[np.isfinite(others)])


@dataclass(frozen=True)
class Area:
    """Where a part of a picture lies, in points from the bottom left."""

    left: float
    bottom: float
    right: float
    top: float


def strip_chart(
    changes: Changes, *, title: str, subtitle: str, alt: str, caption: str = "", half: bool = False
) -> Chart:
    """Draw one force's change among those of all forces: a mark a force, those together a line, 8 in 10 a band.

    half: for half the measure of a page, otherwise for the whole of it.
    """
    drawings = []
    for size in (STRIP_NARROW if half else STRIP, STRIP_NARROW):
        lanes = Strip.within(Area(0, 0, size.width, size.height), changes).lanes
        page = Drawing(size.width, size.height + LANE * (lanes - 1))
        draw_strip(page, Area(0, 0, page.width, page.height), changes)
        drawings.append(page)
    return made(drawings, None, title=title, subtitle=subtitle, alt=alt, caption=caption)


def strip_alt(what: str, changes: Changes) -> str:
    """Say in one sentence each what a strip is of and what it shows. what: in words, with a capital letter."""
    return f"Strip chart of {len(changes.known) + 1} forces. {what}: {change_words(changes)}."


def change_words(changes: Changes) -> str:
    """'+10% in Kent, −18% in the other forces together; 8 in 10 forces lie between −32% and 0%'."""
    own, together, low, high = map(percent_change, (changes.own, changes.together, changes.low, changes.high))
    return f"{own} in {changes.name}, {together} in the {TOGETHER}; {OF_BAND} lie between {low} and {high}"


# ---------------------------------------------------------------------------------------------------------- axis
@dataclass(frozen=True)
class Axis:
    """An axis of changes: where it starts and ends, its ticks with their words, and places beyond it, None for none."""

    left: float
    right: float
    ticks: tuple[float, ...]
    words: tuple[str, ...]
    below: float | None = None
    above: float | None = None

    def across(self, change: float) -> float:
        """Return where a change lies, from the left."""
        low, high = self.ticks[0], self.ticks[-1]
        if change < low and self.below is not None:
            return self.below
        if change > high and self.above is not None:
            return self.above
        return self.left + (change - low) / (high - low) * (self.right - self.left)


def axis_of(changes: Changes, area: Area) -> Axis:
    """Return the axis of some changes: with 0, and all that is labelled; a force far from them stands beyond it.

    As many ticks have their words as there is room for.
    """
    labelled = [0.0, changes.own, changes.together, changes.low, changes.high]
    first, last = min(labelled), max(labelled)
    reach = CUT * (last - first or 10.0)
    near = changes.known[(changes.known >= first - reach) & (changes.known <= last + reach)]
    low, high = min(first, *near), max(last, *near)
    if high - low < 1:
        low, high = low - 0.5, high + 0.5
    axes = [
        _fitted(changes, area, _ticks(low, high, count), zero)
        for zero in (NO_CHANGE, "0%")
        for count in ((7, 6, 5, 4) if zero == NO_CHANGE else (7, 6, 5, 4, 3, 2, 1))
    ]
    return next((axis for axis, has_room in axes if has_room), axes[-1][0])


def _ticks(low: float, high: float, count: int) -> list[float]:
    """Return at most so many steps, from at or below the lowest change to at or above the highest."""
    return [float(tick) for tick in MaxNLocator(count, integer=True, steps=[1, 2, 5, 10]).tick_values(low, high)]


def _fitted(changes: Changes, area: Area, ticks: Sequence[float], zero: str) -> tuple[Axis, bool]:
    """Return an axis with these ticks, and whether their words have room."""
    words = tuple(percent_change(tick) if tick else zero for tick in ticks)
    ends = [width_of(words[0]) / 2, width_of(words[-1]) / 2]
    beyond = [changes.known[0] < ticks[0], changes.known[-1] > ticks[-1]]
    margins = [max(end, OWN_REACH) + 2 for end in ends]
    for place, (is_beyond, name) in enumerate(zip(beyond, BEYOND.values(), strict=True)):
        if is_beyond:
            margins[place] = ends[place] + GAP + width_of(name) + 2
    left, right = area.left + margins[0], area.right - margins[1]
    places = [
        area.left + 2 + width_of(BEYOND["low"]) / 2 if beyond[0] else None,
        area.right - 2 - width_of(BEYOND["high"]) / 2 if beyond[1] else None,
    ]
    axis = Axis(left, right, tuple(ticks), words, *places)
    boxes = [(axis.across(tick), width_of(word) / 2) for tick, word in zip(ticks, words, strict=True)]
    return axis, all(other - one >= half + half_other + GAP for (one, half), (other, half_other) in pairwise(boxes))


# ------------------------------------------------------------------------------------------------------- drawing
@dataclass(frozen=True)
class Placed:
    """Words at a place: their "left", "centre" or "right" there, and how wide they are."""

    x: float
    side: str
    wide: float

    @property
    def ends(self) -> tuple[float, float]:
        """Return where they start and end."""
        start = self.x - {"left": 0.0, "centre": 0.5, "right": 1.0}[self.side] * self.wide
        return start, start + self.wide

    def covers(self, low: float, high: float, gap: float = 2.0) -> bool:
        """Whether anything from one place to another is under them, or as close as the gap."""
        start, end = self.ends
        return start - gap < high and low < end + gap


def _over(x: float, wide: float, area: Area) -> Placed:
    """Return words as nearly over a place as the area lets them stand."""
    if x - wide / 2 < area.left + 1:
        return Placed(area.left + 1, "left", wide)
    return Placed(x, "centre", wide) if x + wide / 2 < area.right else Placed(area.right - 1, "right", wide)


@dataclass(frozen=True)
class Strip:
    """A strip's axis, and where its words stand: of the own force, of the others together, and of the band.

    lanes: how many lines of words and marks stand above the other forces.
    """

    axis: Axis
    lanes: int
    own: Placed
    together: Placed
    band: Placed

    @classmethod
    def within(cls, area: Area, changes: Changes) -> "Strip":
        """Return the strip that has room in a part of a picture. Its height is not looked at.

        In a narrow one the own force's name stands above its mark, otherwise beside it; in one line with the words of
        the others together, where these leave room, and below them where they do not.
        """
        axis = axis_of(changes, area)
        own, line, zero = map(axis.across, (changes.own, changes.together, 0.0))
        together = _over(line, width_of(_together(changes)), area)
        band = _band_words(axis.across(changes.low), axis.across(changes.high), (own, line, zero), area)
        name = width_of(_name(changes, area), bold=True)
        if area.right - area.left < BESIDE:
            return cls(axis, 3, _over(own, name, area), together, band)
        sides = [Placed(own + OWN_REACH + 3, "left", name), Placed(own - OWN_REACH - 3, "right", name)]
        fitting = [side for side in sides if area.left < side.ends[0] and side.ends[1] < area.right]
        for words in fitting:
            if not together.covers(min(words.ends[0], own - OWN_REACH), max(words.ends[1], own + OWN_REACH), 2 * GAP):
                return cls(axis, 1, words, together, band)
        clear = [words for words in fitting if not words.covers(line, line)]
        return cls(axis, 2, (clear or fitting or [_over(own, name, area)])[0], together, band)


def _name(changes: Changes, area: Area) -> str:
    """Return the own force's name, as much of it as there is room for, with its change."""
    change = percent_change(changes.own)
    room = area.right - area.left - 2 - width_of(f" {change}", bold=True)
    return f"{shortened(changes.name, room, bold=True)} {change}"


def _together(changes: Changes) -> str:
    return f"{TOGETHER} {percent_change(changes.together)}"


def _band_words(low: float, high: float, lines: Sequence[float], area: Area) -> Placed:
    """Return the words of the band: in its middle, or as near to that as no line crosses them."""
    wide = width_of(OF_BAND)
    middle = _over((low + high) / 2, wide, area)
    inside = np.linspace(low + 2 + wide / 2, high - 2 - wide / 2, 40) if high - low >= wide + 4 else ()
    tries = [Placed(float(x), "centre", wide) for x in inside]
    clear = [words for words in tries if not any(words.covers(x, x, 3) for x in lines)]
    return min(clear, key=lambda words: abs(words.x - (low + high) / 2), default=middle)


def draw_strip(page: Drawing, area: Area, changes: Changes) -> None:
    """Draw a strip in a part of a picture.

    From the top: the words of the others together, the own force with its own, the others, the band's words, the axis.
    """
    strip = Strip.within(area, changes)
    axis, bottom, pole = strip.axis, area.bottom + TICKS, area.top - LANE
    height = area.top - LANE * (strip.lanes - 0.5)  # of the own force's mark
    field = Area(axis.left, bottom + BAND_ROW, axis.right, height - OWN_REACH - APART)
    own, together, low, high, zero = map(axis.across, (changes.own, changes.together, changes.low, changes.high, 0.0))
    page.area([low, max(high, low + 1)], [bottom] * 2, [field.top] * 2, RANGE)
    _draw_axis(page, axis, bottom)

    def foot(x: float) -> float:
        """Return where a line starts: above the words of the band where it would cross them."""
        return field.bottom if strip.band.covers(x, x) else bottom

    page.line([zero] * 2, [foot(zero), field.top], SAME, 0.9, (3, 2))
    words = area.top - LANE * min(strip.lanes, 2) + 2  # the line on which the own force's words stand
    is_under = strip.lanes > 1 and strip.own.covers(together, together)
    page.line([together] * 2, [foot(together), words - 2 if is_under else pole], LINE, 1.6)
    page.line([own] * 2, [foot(own), height], INK, 0.8)
    draw_others(page, [axis.across(change) for change in changes.known], field)
    page.spot(own, height, "diamond", OWN, INK)
    page.write(strip.own.x, words, _name(changes, area), INK, bold=True, side=strip.own.side)
    page.write(strip.together.x, pole + 2, _together(changes), LINE, side=strip.together.side)
    page.write(strip.band.x, bottom + 3, OF_BAND, LINE, side=strip.band.side)


def _draw_axis(page: Drawing, axis: Axis, bottom: float) -> None:
    page.line([axis.left, axis.right], [bottom] * 2, LINE, 0.6)
    for tick, words in zip(axis.ticks, axis.words, strict=True):
        page.line([axis.across(tick)] * 2, [bottom - 3, bottom], LINE, 0.6)
        page.write(axis.across(tick), bottom - 12, words, LINE, side="centre")
    for place, words in zip((axis.below, axis.above), BEYOND.values(), strict=True):
        if place is not None:
            page.write(place, bottom - 12, words, LINE, side="centre")


def draw_others(page: Drawing, across: Sequence[float], field: Area) -> None:
    """Draw an open circle a force, those that are close stacked; they are smaller, then overlap, for want of room."""
    for size in SIZES:
        step = size + EDGE + APART
        rows = stacked(across, step)
        top = max(rows)
        if top * step + size + EDGE <= field.top - field.bottom:
            break
    room = field.top - field.bottom - size - EDGE
    step = min(step, room / max(top, 1))
    for x, row in zip(across, rows, strict=True):
        page.spot(x, field.bottom + (size + EDGE) / 2 + row * step, "circle", size, "#FFFFFF", SAME, EDGE)


def stacked(across: Sequence[float], step: float) -> list[int]:
    """Return the row of each mark, the lowest 0, so that marks of a row are a step apart. across: ascending."""
    ends: list[float] = []  # the place of the last mark of each row
    rows = []
    for x in across:
        row = next((row for row, end in enumerate(ends) if x - end >= step), len(ends))
        ends[row : row + 1] = [x]
        rows.append(row)
    return rows
