"""A funnel of rates: where one force stands among all, by the number of people it serves, and what differs anyway.

The force that a pack is of is a filled diamond with its name and rate, the others of its region are smaller grey ones,
all others open circles. None of these means better or worse, so that no mark has the colour of a verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress, islice, product

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from panelpack.formats import Form, number
from panelpack.rendering.chart_frame import (
    GAP,
    LINE_HEIGHT,
    MARK,
    NARROW,
    WIDE,
    Frame,
    Label,
    Note,
    Scale,
    Size,
    Values,
    draw_axes,
    draw_labels,
    draw_note,
    extent_of,
    free_places,
    scale_of,
)
from panelpack.rendering.chart_svg import GROUND, Drawing, width_of, wrapped
from panelpack.rendering.chart_text import value_text
from panelpack.rendering.charts import RANGE, Chart, made
from panelpack.rendering.palette import INK, LINE, NONE, SAME
from panelpack.rendering.strip_chart import EDGE, OWN, Area

FUNNEL, FUNNEL_NARROW = Size(WIDE.width, 168), Size(NARROW.width, 196)
FUNNEL_HALF = Size(NARROW.width, 146)  # half the measure of a page, of which one holds six
OTHER, OF_REGION = 4.6, 3.8  # points across: the mark of a force, and of one of the region
BELOW = 2 * LINE_HEIGHT + 8  # points below the field: ticks, their words and those of the axis
AROUND = 1.12  # how many times the largest force the axis reaches beyond it, and the smallest before it
STEPS = 60  # places along a curve
ONE_DECIMAL = Form("", 1)
ABOVE = 10.0  # points free round a name above all that is drawn
TRIES, AT_ONCE = 6, 16  # places for a name, the nearest first
CLEAR = 3.2  # points that its line keeps off other marks
ANYWAY = ("what differs", "between", "forces anyway", "(95% limits)")
OUTER = ("99.8% limit",)
CURVES = ("lower_95", "upper_95", "lower_99_8", "upper_99_8")
POSITIONS = {
    "within": "within what differs between forces anyway",
    "above": "outside what differs between forces anyway, above",
    "below": "outside what differs between forces anyway, below",
}


@dataclass(frozen=True)
class Rates:
    """Rates of all forces and what they are held against.

    forces: a row a force, in any order, with size (people or households), rate (per `per`), is_own and, where the
    region is marked, in_region; rows without a rate are left out. limits: a row a place along the axis of size,
    ascending, as `places_along` gives them, with size, lower_95, upper_95, lower_99_8 and upper_99_8, in the unit of
    the rates. together: the rate of all forces. form: how a rate is printed. per: what it is of; sizes: the words
    below the axis. region: its name, '' for none. Raises ValueError where not exactly one force with a rate is own.
    """

    name: str
    forces: pd.DataFrame
    limits: pd.DataFrame
    together: float
    form: Form = ONE_DECIMAL
    per: str = "1,000 people"
    sizes: str = "people in the force's area"
    region: str = ""

    def __post_init__(self) -> None:
        if (found := int(self.known["is_own"].sum())) != 1:
            raise ValueError(
                f"rates of {self.name!r}: {found} forces with a rate are the own one, expected one. Draw no funnel."
            )

    @cached_property
    def known(self) -> pd.DataFrame:
        """The forces that have a rate, by size."""
        is_known = np.isfinite(self.forces["rate"]) & (self.forces["size"] > 0)
        return self.forces[is_known].sort_values(["size", "rate"], kind="stable")

    @property
    def own(self) -> float:
        """The rate of the own force."""
        known = self.known
        return float(known["rate"][known["is_own"].astype(bool)].iloc[0])


def places_along(sizes: ArrayLike) -> Values:
    """Return the sizes along the axis at which the limits of a funnel are wanted, ascending.

    sizes: of the forces that are drawn.
    """
    known = np.asarray(sizes, float)
    known = known[np.isfinite(known) & (known > 0)]
    return np.asarray(np.geomspace(known.min() / AROUND, known.max() * AROUND, STEPS))


def funnel_chart(rates: Rates, *, title: str, subtitle: str, alt: str, caption: str = "", half: bool = False) -> Chart:
    """Draw one force's rate among those of all forces by their size, with what differs between forces anyway.

    half: for half the measure of a page, otherwise for the whole of it. The caption goes on with what a reader must
    know of the picture.
    """
    scale, drawings, unnamed = scale_of_rates(rates), [], False
    for size in (FUNNEL_HALF if half else FUNNEL, FUNNEL_NARROW):
        page = Drawing(size.width, size.height)
        unnamed |= not draw_funnel(page, Area(0, 0, size.width, size.height), rates, scale)
        drawings.append(page)
    below = " ".join(filter(None, (caption, notes(rates, is_named=not unnamed))))
    return made(drawings, scale, title=title, subtitle=subtitle, alt=alt, caption=below)


def notes(rates: Rates, *, is_named: bool) -> str:
    """Return what a reader must know of a funnel. is_named: whether its name stands beside a mark of the region."""
    what = rates.per.split()[-1]
    said = f"The axis of {what} is by multiples: twice as many is the same step everywhere."
    if is_named or not _of_region(rates).any():
        return said
    return f"{said} Grey diamonds are other {rates.region} forces."


def funnel_alt(what: str, rates: Rates, position: str) -> str:
    """Say in one sentence each what a funnel is of and what it shows. what: in words; position: a key of POSITIONS."""
    return f"Funnel chart of {len(rates.known)} forces by size. {what} in {rates.name}: {rate_words(rates, position)}."


def rate_words(rates: Rates, position: str) -> str:
    """'5.7 per 1,000 people, 4.2 in all forces: within what differs between forces anyway'."""
    own, together = (value_text(rate, rates.form) for rate in (rates.own, rates.together))
    return f"{own} per {rates.per}, {together} in all forces: {POSITIONS[position]}"


# ---------------------------------------------------------------------------------------------------------- axes
def scale_of_rates(rates: Rates) -> Scale:
    """Return the scale that has all rates and the inner limits; the outer ones may go on above it."""
    shown = [rates.known["rate"], rates.limits["lower_95"], rates.limits["upper_95"], [rates.together]]
    return scale_of(np.concatenate([np.asarray(values, float) for values in shown]), rates.form)


@dataclass(frozen=True)
class Sizes:
    """An axis on which a multiple is the same step everywhere: where it starts and ends, as sizes and in points."""

    low: float
    high: float
    left: float
    right: float

    def across(self, size: ArrayLike) -> Values:
        """Return where sizes lie, from the left."""
        share = np.log(np.asarray(size, float) / self.low) / np.log(self.high / self.low)
        return np.asarray(self.left + share * (self.right - self.left))

    def ticks(self) -> list[float]:
        """Return the sizes 1, 2, 5, 10, 20 ... times a thousand and so on that lie on the axis."""
        tens = range(int(np.floor(np.log10(self.low))), int(np.ceil(np.log10(self.high))) + 1)
        found = [float(first * 10**ten) for ten in tens for first in (1, 2, 5)]
        return [tick for tick in found if self.low <= tick <= self.high]


def size_words(size: float) -> str:
    """'500,000', '1 million', '2.5 million'."""
    millions = size / 1e6
    return number(size) if millions < 1 else f"{number(millions, 0 if millions.is_integer() else 1)} million"


# ------------------------------------------------------------------------------------------------------- drawing
@dataclass(frozen=True)
class Plot:
    """A funnel on a picture: its field, its axis of sizes, and how far up its curves go, in points."""

    rates: Rates
    frame: Frame
    sizes: Sizes
    ceiling: float

    @classmethod
    def within(cls, area: Area, rates: Rates, scale: Scale, right: float) -> "Plot":
        """Return the plot whose field ends at `right`, in points, with words below and on the left of it."""
        left, known = area.left + max(map(width_of, scale.words)) + 10, rates.known["size"]
        size, top = Size(area.right, area.top), area.top - 9
        frame = Frame(size, left, area.bottom + BELOW, right, top, scale.low, scale.high, 1)
        ends = np.concatenate([known / AROUND, known * AROUND, rates.limits["size"]])
        return cls(rates, frame, Sizes(float(ends.min()), float(ends.max()), left, right), top)

    def with_strip(self, height: float) -> "Plot":
        """Return the plot with so many points free above all that is drawn in it."""
        return replace(self, frame=self.frame.with_strip(height), ceiling=self.ceiling - height)

    @property
    def forces(self) -> Values:
        """Where the forces lie, a row each."""
        known = self.rates.known
        return np.column_stack([self.sizes.across(known["size"]), self.frame.up(known["rate"].to_numpy(float))])

    def curve(self, name: str) -> Values:
        """Return where the places of a limit lie, a row each; none that is not on the axis."""
        curve = self.frame.up(self.rates.limits[name].to_numpy(float))
        is_inside = (curve >= self.frame.bottom - 0.01) & (curve <= self.ceiling + 0.01)
        return np.column_stack([self.sizes.across(self.rates.limits["size"]), np.where(is_inside, curve, np.nan)])


def draw_funnel(page: Drawing, area: Area, rates: Rates, scale: Scale) -> bool:
    """Draw a funnel in a part of a picture. Returns whether the marks of the region have its name, if there are any."""
    labels, is_own, is_region = _labels(rates, scale), rates.known["is_own"].to_numpy(bool), _of_region(rates)
    right = area.right - max(label.width() for label in labels) - MARK - 8
    plot, own, region = _named(Plot.within(area, rates, scale, right))
    _draw_limits(page, plot)
    page.line([plot.frame.left, right], [plot.frame.up(rates.together)] * 2, LINE, 1.6)
    draw_axes(page, plot.frame, scale)
    _draw_sizes(page, plot, area)
    for x, y in plot.forces[~is_own & ~is_region]:
        page.spot(x, y, "circle", OTHER, GROUND, SAME, EDGE)
    for x, y in plot.forces[is_region]:
        page.spot(x, y, "diamond", OF_REGION, NONE, INK, EDGE / 2)
    if region:
        draw_note(page, region, LINE, bold=False, side=_side(region))
    draw_note(page, own, INK, side=_side(own))
    for x, y in plot.forces[is_own]:
        page.spot(x, y, "diamond", OWN, INK)
    draw_labels(page, plot.frame, labels)
    return region is not None


def _of_region(rates: Rates) -> NDArray[np.bool_]:
    """Return which of the forces with a rate are marked as others of the region."""
    known = rates.known
    if not rates.region or "in_region" not in known:
        return np.zeros(len(known), bool)
    return np.asarray(known["in_region"].to_numpy(bool) & ~known["is_own"].to_numpy(bool))


def _labels(rates: Rates, scale: Scale) -> list[Label]:
    """Return the words beside the line of all forces and the limits: of the outer ones at one that is on the axis."""
    last = rates.limits.iloc[-1]
    outer = last["upper_99_8"] if last["upper_99_8"] <= scale.high else max(last["lower_99_8"], scale.low)
    return [
        Label(rates.together, ("all forces", value_text(rates.together, rates.form)), INK),
        Label((rates.together + last["upper_95"]) / 2, ANYWAY),
        Label(outer, OUTER),
    ]


# --------------------------------------------------------------------------------------------- names in the field
def _named(plot: Plot) -> tuple[Plot, Note, Note | None]:
    """Return where the names of the own force and of its region stand, so that they cover nothing.

    Where none of the field is free the plot gets a strip above for the own force; the region then has no name.
    """
    rates, most = plot.rates, plot.frame.right - plot.frame.left - 12
    is_own, is_region = rates.known["is_own"].to_numpy(bool), _of_region(rates)
    shapes = _shapes(f"{rates.name} {value_text(rates.own, rates.form)}", most)
    own = _note(plot, shapes, is_own, None)
    if own is None:
        plot = plot.with_strip(len(shapes[0]) * LINE_HEIGHT + ABOVE)
        own = _note(plot, shapes, is_own, None)
    assert own  # nothing is drawn in the strip
    region = _note(plot, _shapes(f"{rates.region} forces", most), is_region, own) if is_region.any() else None
    return plot, own, region


def _shapes(words: str, most: float) -> list[list[str]]:
    """Return words in as few lines as fit, and in more."""
    widths = most, width_of(words, bold=True) / 1.5
    return [wrapped(words, min(width, most), bold=True) for width in widths]


def _note(plot: Plot, shapes: Sequence[list[str]], of: NDArray[np.bool_], beside: Note | None) -> Note | None:
    """Return where words on some marks stand, off all marks, lines and other words. None for nowhere.

    Of the places that are near, the first is taken whose line crosses no other mark and no words: if it can be off the
    edges of the band, and in the fewest lines. Where every line crosses marks the nearest will do, but only where there
    are no other words.
    """
    forces, level = plot.forces, [plot.frame.up(plot.rates.together)]
    taken = [forces, _grid_of(beside)] if beside else [forces]
    edges, outer = ([plot.curve(name) for name in names] for names in (CURVES[:2], CURVES[2:]))
    nearest = None
    for avoided, lines in product((np.vstack([*taken, *outer, *edges]), np.vstack([*taken, *outer])), shapes):
        extent = extent_of(lines)
        free = free_places(plot.frame, extent, forces[of], avoided, level)
        notes = (Note(tuple(lines), x, y, *extent, tuple(forces[of][mark])) for x, y, mark in free)
        for _ in range(TRIES):
            near = [*islice(notes, AT_ONCE)]
            nearest = nearest or next(iter(near), None)
            if clear := [*compress(near, _are_clear(near, np.vstack(taken)))]:
                return clear[0]
    return None if beside else nearest


def _are_clear(notes: Sequence[Note], taken: Values) -> list[bool]:
    """Return whether the line of each note keeps off all places but its own mark."""
    lines = [note.line() for note in notes]
    known = [place for place, line in enumerate(lines) if line]
    clear = [True] * len(notes)
    if known:
        start, end = np.moveaxis(np.array([lines[place] for place in known]), 2, 0)  # a row a line, x and y
        marks = np.array([notes[place].points_at for place in known])
        along, from_start = (end - start)[:, None], taken[None] - start[:, None]
        share = np.clip((from_start * along).sum(axis=2) / (along**2).sum(axis=2), 0, 1)
        away = ((from_start - share[:, :, None] * along) ** 2).sum(axis=2)
        is_own = np.abs(taken[None] - marks[:, None]).sum(axis=2) < 0.01
        for place, is_clear in zip(known, ((away > CLEAR**2) | is_own).all(axis=1), strict=True):
            clear[place] = bool(is_clear)
    return clear


def _side(note: Note) -> str:
    """Return how the words of a note are aligned, so that they end where its line begins."""
    share = (note.points_at[0] - note.x) / note.wide
    return "left" if share < 1 / 3 else "right" if share > 2 / 3 else "centre"


def _grid_of(note: Note) -> Values:
    """Return places in the words of a note and along its line, so close that no words slip between two."""
    along, up = np.linspace(0, note.wide, int(note.wide / CLEAR) + 2), np.linspace(0, note.tall, 6)
    xs, ys = np.meshgrid(note.x + along, note.y + up)
    words = np.column_stack([xs.ravel(), ys.ravel()])
    start = np.clip(note.points_at, [note.x, note.y], [note.x + note.wide, note.y + note.tall])
    return np.vstack([words, start + np.linspace(0, 1, 20)[:, None] * (np.array(note.points_at) - start)])


def _draw_limits(page: Drawing, plot: Plot) -> None:
    """Draw the inner limits as a band and the outer ones as dotted lines, as far as the axis goes."""
    across = plot.sizes.across(plot.rates.limits["size"])
    edges = (plot.frame.up(plot.rates.limits[name].to_numpy(float)) for name in CURVES[:2])
    lower, upper = (np.clip(edge, plot.frame.bottom, plot.ceiling) for edge in edges)
    page.area(across, lower, upper, RANGE)
    for name in CURVES[2:]:
        page.line(across, plot.curve(name)[:, 1], SAME, 1.0, (1, 2))


def _draw_sizes(page: Drawing, plot: Plot, area: Area) -> None:
    """Draw the ticks of the sizes, as many with their words as there is room for, and what they are below."""
    frame, sizes, words = plot.frame, plot.sizes, plot.rates.sizes
    ticks = sizes.ticks()
    places = [float(place) for place in sizes.across(ticks)]
    half = [width_of(size_words(tick)) / 2 for tick in ticks]
    named: list[int] = []
    for place in range(len(ticks)):
        is_inside = area.left <= places[place] - half[place] and places[place] + half[place] <= area.right
        before = places[named[-1]] + half[named[-1]] + GAP if named else area.left
        if is_inside and places[place] - half[place] >= before:
            named.append(place)
    for place, (x, tick) in enumerate(zip(places, ticks, strict=True)):
        page.line([x] * 2, [frame.bottom - (3 if place in named else 2), frame.bottom], LINE, 0.6)
        if place in named:
            page.write(x, frame.bottom - 12, size_words(tick), LINE, side="centre")
    wide, middle = width_of(words), (frame.left + frame.right) / 2
    start = max(min(middle - wide / 2, area.right - wide - 1), area.left + 1)
    page.write(start, frame.bottom - 12 - LINE_HEIGHT, words, LINE)
