"""Sparklines: a series as a line so small that it stands in a cell of a table, written as SVG by hand.

A page has forty of them, and a library of charts takes longer for one than this takes for all. There is no text in
them: what they show is said by `sparkline_alt` and in the cells beside them.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import isnan

from panelpack.rendering.palette import COLOURS, LINE, NONE

WIDTH, HEIGHT = 26.0, 7.0  # mm, and the units of the picture
BASELINE, GROUND = NONE, "#FFFFFF"
# The shape of the newest point by what it means, so that it is told apart in grey; palette.COLOURS has its colour.
NEWEST = {"better": "circle", "worse": "square", "changed": "diamond", "same": "ring", "none": "small"}
_MARGIN, _RIGHT, _SIZE = 1.1, 1.5, 0.95  # mm: so that no mark is cut
MOVED = 0.1  # of the range: a smaller difference between the ends is called level


def sparkline(points: Sequence[float], baseline: float | None, kind: str) -> str:
    """Return the picture of a series to a scale of its own: WIDTH by HEIGHT mm, the baseline dashed.

    points: a value a period in order, NaN for one that is not shown; it leaves a gap. baseline: in their unit; None for
    none. kind: what the newest point means, a key of NEWEST. A series without a value gives an empty picture. Raises
    KeyError for another kind.
    """
    values = [float(value) for value in points]
    known = [value for value in values if not isnan(value)]
    shown = [*known, *([] if baseline is None or isnan(baseline) else [float(baseline)])]
    marks = [f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="{GROUND}"/>']
    if known:
        low, span = min(shown), max(shown) - min(shown)
        step = (WIDTH - _MARGIN - _RIGHT) / max(len(values) - 1, 1)

        def height(value: float) -> float:
            share = (value - low) / span if span else 0.5
            return HEIGHT - _MARGIN - share * (HEIGHT - 2 * _MARGIN)

        if baseline is not None and not isnan(baseline):
            at = _short(height(baseline))
            marks.append(
                f'<path d="M0 {at}H{WIDTH:g}" stroke="{BASELINE}" stroke-width="0.3" stroke-dasharray="0.9 0.7"/>'
            )
        places = [(_MARGIN + place * step, value) for place, value in enumerate(values)]
        runs = _runs([(across, value if isnan(value) else height(value)) for across, value in places])
        line = "".join("M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in run) for run in runs if len(run) > 1)
        if line:
            marks.append(f'<path d="{line}" fill="none" stroke="{LINE}" stroke-width="0.45" stroke-linejoin="round"/>')
        marks += [f'<circle cx="{_short(x)}" cy="{_short(y)}" r="0.4" fill="{LINE}"/>' for ((x, y),) in _alone(runs)]
        marks.append(_newest(*runs[-1][-1], kind))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}mm" height="{HEIGHT:g}mm" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}">{"".join(marks)}</svg>'
    )


def sparkline_alt(points: Sequence[float], baseline: float | None) -> str:
    """Say in words what the line shows: 'falling, newest below the baseline'.

    Rising or falling is the newest value beside the first, where they are at least MOVED of the range apart.
    """
    known = [float(value) for value in points if not isnan(value)]
    if not known:
        return "no values"
    span, moved = max(known) - min(known), known[-1] - known[0]
    words = "level" if abs(moved) <= MOVED * span else "rising" if moved > 0 else "falling"
    if len(known) == 1:
        words = "one value"
    if baseline is None or isnan(baseline):
        return words
    place = "at" if known[-1] == baseline else "above" if known[-1] > baseline else "below"
    return f"{words}, newest {place} the baseline"


def _runs(places: Sequence[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Return the points of each piece of the line that no gap interrupts."""
    gaps = [-1, *(number for number, (_, y) in enumerate(places) if isnan(y)), len(places)]
    return [list(places[before + 1 : after]) for before, after in pairwise(gaps) if after > before + 1]


def _alone(runs: Sequence[list[tuple[float, float]]]) -> list[list[tuple[float, float]]]:
    """Return the pieces that are one point; the newest has a mark of its own."""
    return [run for run in runs[:-1] if len(run) == 1]


def _newest(x: float, y: float, kind: str) -> str:
    colour, shape = COLOURS[kind], NEWEST[kind]
    across, down, size = _short(x), _short(y), _SIZE
    if shape == "square":
        side = 2 * size * 0.9
        return (
            f'<rect x="{_short(x - side / 2)}" y="{_short(y - side / 2)}" width="{side:g}" height="{side:g}" '
            f'fill="{colour}"/>'
        )
    if shape == "diamond":
        reach = size * 1.15
        return (
            f'<path d="M{across} {_short(y - reach)}L{_short(x + reach)} {down}L{across} {_short(y + reach)}'
            f'L{_short(x - reach)} {down}Z" fill="{colour}"/>'
        )
    if shape == "ring":
        return (
            f'<circle cx="{across}" cy="{down}" r="{size * 0.85:g}" fill="{GROUND}" stroke="{colour}" '
            'stroke-width="0.4"/>'
        )
    return f'<circle cx="{across}" cy="{down}" r="{size if shape == "circle" else size * 0.6:g}" fill="{colour}"/>'


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
