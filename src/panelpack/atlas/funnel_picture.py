"""A funnel plot in few bytes, which holds on a page and on a telephone: the rate of each force against its size.

The limits are those of the funnel with over-dispersion (statistics.funnel): what differs between forces anyway. A force
outside them is told apart by its shape, and named.
"""

from collections.abc import Iterator, Sequence
from html import escape
from math import inf, log

import numpy as np
import pandas as pd

from panelpack.atlas.small_multiples import plain_number, scale_top, ticks
from panelpack.comparators.comparison import forces_words
from panelpack.formats import number
from panelpack.statistics.funnel import FAR_LEVEL, LEVEL, Funnel, Numbers, chance_of_count

WIDTH, HEIGHT = 340.0, 264.0  # units; words are 12.5 of them, so that on a telephone they are 10 pixels or more
_LEFT, _RIGHT, _TOP, _BOTTOM = 38.0, 4.0, 8.0, 34.0  # units of margin
_EDGE, _FOOT = WIDTH - _RIGHT, HEIGHT - _BOTTOM  # where the field ends on the right and at the bottom
_LETTER = 6.2  # units: how wide a letter of a name is at most
_STEPS = 16  # places along a limit
_HEADROOM = 1.04  # times the highest mark: how high the field reaches
_SIZES = (1, 2, 5)
_LEVELS = {LEVEL: ("limit", "95%"), FAR_LEVEL: ("far", "99.8%")}  # the style of each pair of limits, and its words
# Where a name may stand from its mark: beside it, or further off with a line to it.
_ASIDE = (8.0, 16.0, 28.0, 44.0, 64.0)
_SHIFTS = tuple(sorted(range(-120, 121, 6), key=abs))

Box = tuple[float, float, float, float]  # left, top, right, bottom


def funnel_html(forces: pd.DataFrame, funnel: Funnel, *, per: float, what: str, alt: str) -> str:
    """Return the picture as an element of the page.

    forces: every force in the order of the page, with size, rate and position (within, above, below; '' of one that is
    not in the funnel). funnel: of those that have a position, in that order. per: what a rate is per; what: people or
    households. Each force has a place in the group `dots`, so that the page's style can mark one.
    """
    field = _Field(forces, funnel, per)
    limits, written = field.limits()
    lines, names = _labels(field.named(), field.marks(), written)
    words = f'<text x="{(_LEFT + _EDGE) / 2:g}" y="{HEIGHT - 5:g}" class="mid">{what.capitalize()} in the area</text>'
    dots = f'<g class="dots">{"".join(field.dots())}</g>'
    picture = [field.band(), *field.axes(), words, *limits, *lines, dots, *names]
    return f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(alt)}">{"".join(picture)}</svg>'


class _Field:
    """The field of a funnel plot: sizes along a scale of ratios, rates from 0 upwards."""

    def __init__(self, forces: pd.DataFrame, funnel: Funnel, per: float) -> None:
        self.forces = forces
        self.shown = forces[forces["position"] != ""]
        sizes, rates = self.shown["size"].to_numpy(float), self.shown["rate"].to_numpy(float)
        self.common = float((rates * sizes).sum() / sizes.sum())
        self.low, self.high = float(sizes.min()) / 1.15, float(sizes.max()) * 1.5
        self.along = np.geomspace(self.low, self.high, _STEPS)
        chance = chance_of_count(self.along * self.common / per)
        self.ends: dict[float, tuple[Numbers, Numbers]] = {}
        for level in _LEVELS:
            low, high = funnel.limits(chance, level)
            self.ends[level] = self.common * low, self.common * high
        usual = self.ends[LEVEL][1][_STEPS // 4 :]  # of the smallest forces alone the upper limit may be far off
        self.top = scale_top(_HEADROOM * max(float(rates.max()), float(usual.max())))

    def across(self, size: float) -> float:
        """Return where a size lies."""
        return _LEFT + (_EDGE - _LEFT) * log(size / self.low) / log(self.high / self.low)

    def up(self, rate: float) -> float:
        """Return where a rate lies; one beyond the scale at its end."""
        return _FOOT - (_FOOT - _TOP) * min(max(rate, 0), self.top) / self.top

    def band(self) -> str:
        """Return the area within the nearer limits."""
        lower, upper = self.ends[LEVEL]
        edge = [*zip(self.along, upper, strict=True), *zip(self.along[::-1], lower[::-1], strict=True)]
        return f'<path class="band" d="M{"L".join(f"{self.across(s):.0f} {self.up(v):.0f}" for s, v in edge)}Z"/>'

    def axes(self) -> Iterator[str]:
        """Yield the levels and the sizes with their numbers."""
        for tick in ticks(self.top):
            height = self.up(tick)
            yield f'<path class="rule" d="M{_LEFT:g} {height:.0f}H{_EDGE:g}"/>'
            yield f'<text x="{_LEFT - 5:g}" y="{height + 4:.0f}" class="end">{plain_number(tick)}</text>'
        for size in (float(f"{step}e{power}") for power in range(3, 9) for step in _SIZES):
            words = f"{number(size / 1e6)} million" if size >= 1e6 else number(size)
            if self.low < size < self.high and self.across(size) + _LETTER * len(words) / 2 <= WIDTH:
                yield f'<path class="rule" d="M{self.across(size):.0f} {_FOOT:g}v5"/>'
                yield f'<text x="{self.across(size):.0f}" y="{_FOOT + 16:g}" class="mid">{words}</text>'

    def limits(self) -> tuple[list[str], list[Box]]:
        """Return the limits and the common rate with their words, and where these words stand."""
        parts = [f'<path class="all" d="M{_LEFT:g} {self.up(self.common):.0f}H{_EDGE:g}"/>']
        words = [("all", self.up(self.common) - 3)]
        for level, (name, said) in _LEVELS.items():
            for limit in self.ends[level]:
                places = zip(self.along, limit, strict=True)
                inside = [f"{self.across(size):.0f} {self.up(rate):.0f}" for size, rate in places if rate <= self.top]
                if len(inside) > 1:
                    parts.append(f'<path class="{name}" d="M{"L".join(inside)}"/>')
                    # Those of the band stand inside it, those of the further limits outside: so they never meet.
                    is_below = (limit[-1] > self.common) == (level == LEVEL)
                    words.append((said, min(self.up(limit[-1]) + (12 if is_below else -3), _FOOT - 2)))
        parts += [f'<text x="{_EDGE:g}" y="{foot:.0f}" class="end">{said}</text>' for said, foot in words]
        return parts, [(_EDGE - 34, foot - 11, WIDTH, foot + 2) for _, foot in words]

    def dots(self) -> Iterator[str]:
        """Yield a mark for each force; one that is not in the funnel has an empty place."""
        for row in self.forces.itertuples():
            if row.position == "":
                yield "<g></g>"
                continue
            x, y = self.across(row.size), self.up(row.rate)
            if row.position == "within":
                yield f"<circle cx={x:.0f} cy={y:.0f} r=3.5 />"
            else:
                yield f'<path d="M{x:.0f} {y - 6:.0f}l6 6-6 6-6-6z"/>'

    def marks(self) -> list[tuple[float, float]]:
        """Return where the marks are."""
        return [(self.across(row.size), self.up(row.rate)) for row in self.shown.itertuples()]

    def named(self) -> list[tuple[float, float, str]]:
        """Return where the forces outside the limits are, and their names."""
        outside = self.shown[self.shown["position"] != "within"]
        return [
            (self.across(row.size), self.up(row.rate), forces_words([str(row.Index)])) for row in outside.itertuples()
        ]


def _labels(
    labels: Sequence[tuple[float, float, str]], marks: Sequence[tuple[float, float]], written: Sequence[Box]
) -> tuple[list[str], list[str]]:
    """Return lines to names that stand far off, and the names, where they cover neither marks nor other words.

    labels: the place of a mark, and the name of it. marks: the places of all. written: where words stand already.
    """
    xs, ys = (np.array(values) for values in zip(*marks, strict=True))
    taken = list(written)
    lines, names = [], []
    for x, y, name in labels:
        box = _free_place(x, y, _LETTER * len(name), xs, ys, taken)
        taken.append(box)
        is_left, middle = box[0] < x, (box[1] + box[3]) / 2
        end = box[2] if is_left else box[0]
        if abs(middle - y) > 8 or abs(end - x) > 14:
            lines.append(f'<path class="to" d="M{x:.0f} {y:.0f}L{end + (1 if is_left else -1):.0f} {middle:.0f}"/>')
        side = ' class="end"' if is_left else ""
        names.append(f'<text x="{end:.0f}" y="{middle + 4:.0f}"{side}>{escape(name)}</text>')
    return lines, names


def _free_place(x: float, y: float, wide: float, xs: Numbers, ys: Numbers, taken: Sequence[Box]) -> Box:
    """Return the place for a name that is nearest to its mark and covers least."""
    best: Box = (x, y - 7, x + wide, y + 6)
    least = inf
    for shift in _SHIFTS:
        for aside in _ASIDE:
            for left in (x + aside, x - aside - wide):
                box = left, y + shift - 7, left + wide, y + shift + 6
                cost = 2 * aside + 1.5 * abs(shift)
                if cost >= least or box[0] < _LEFT or box[2] > WIDTH or box[1] < _TOP or box[3] > _FOOT:
                    continue
                on_names = sum(
                    box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
                    for other in taken
                )
                on_marks = (xs > box[0] - 4) & (xs < box[2] + 4) & (ys > box[1] - 3) & (ys < box[3] + 3)
                cost += 1000 * on_names + 60 * int(on_marks.sum())
                if cost < least:
                    best, least = box, cost
    return best
