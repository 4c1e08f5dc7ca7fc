"""Small multiples: of each force one line, all to one scale, in the order of regions, as a list of the page.

A page has over a thousand of them, so a line is written as short as SVG allows: steps of whole units from point to
point. What a line shows is said beside it in figures and in the words of its picture; the style has its look and size.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby, pairwise
from math import ceil, floor, isnan, log10

import pandas as pd

from panelpack.comparators.comparison import forces_words
from panelpack.formats import number

WIDTH, HEIGHT = 138, 68  # pixels of a picture: two stand side by side on a telephone; atlas.css has the same
_MARGIN, _ABOVE = 3, 4  # units left and right, and above and below, so that no line is cut


def scale_top(highest: float) -> float:
    """Return where a scale from 0 ends: the next number of two digits, so that a line has all of the height."""
    if not highest > 0:
        return 1.0
    step = 10.0 ** (floor(log10(highest)) - 1)
    return float(f"{ceil(highest / step * (1 - 1e-12)) * step:.12g}")


def multiples_html(
    lines: pd.DataFrame,
    regions: Mapping[str, str],
    reference: pd.Series,
    *,
    name: str,
    breaks: Sequence[str] = (),
    decimals: int = 1,
    notes: Mapping[str, str] | None = None,
    marked: Collection[str] = (),
) -> str:
    """Return the list of lines, a list of forces in each region.

    lines: a row a period, a column a force, in the order of the page; nan where there is no value. regions: of each
    force. reference: one line more, which stands grey behind every other. name: of the picture of it, in the page's
    own namespace. breaks: labels of the periods from which something else is counted. notes: words below the values.
    marked: the forces whose newest point has a mark.
    """
    top = scale_top(float(lines.max(axis=None)) if lines.size else 0)
    step = max(1, (WIDTH - 2 * _MARGIN) // max(len(lines) - 1, 1))
    places = {str(label): _MARGIN + step * place for place, label in enumerate(lines.index)}
    behind = f'<path class="all" d="{_path(reference.reindex(lines.index), places, top)}"/>'
    behind += "".join(
        f'<path class="break" d="M{places[label] - step // 2} 0v{HEIGHT}"/>' for label in breaks if label in places
    )
    # Where there are more points than pixels, the oldest lie beyond the picture's edge unless it is drawn smaller.
    across = 2 * _MARGIN + step * (len(lines) - 1)
    box = f" viewBox='0 0 {across} {HEIGHT}' preserveAspectRatio=none" if across > WIDTH else ""
    parts = [f'<svg class="kept" aria-hidden="true" width="0" height="0"><g id="{name}">{behind}</g></svg>']
    parts.append('<ul class="multiples">')
    for region, of_region in groupby(lines.columns, key=lambda force: regions[str(force)]):
        parts.append(f"<li><span>{escape(region)}</span><ul>")
        for force in of_region:
            note = (notes or {}).get(str(force), "")
            picture = _picture(lines[force].dropna(), _path(lines[force], places, top), box, name, decimals)
            if force in marked and picture:
                picture = picture.replace("</svg>", f"{_mark(lines[force], places, top)}</svg>")
            words = f"<i>{escape(note or 'no figures')}</i>" if note or not picture else ""
            parts.append(f"<li>{escape(forces_words([str(force)]))}{picture}{words}")
        parts.append("</ul>")
    return "\n".join([*parts, "</ul>"])


def _picture(known: pd.Series, path: str, box: str, name: str, decimals: int) -> str:
    """Return the picture of a line, and its first and last value; '' of one that has none."""
    if known.empty:
        return ""
    first, last, low, high = (
        number(float(value), decimals) for value in (known.iloc[0], known.iloc[-1], known.min(), known.max())
    )
    words = f"{first} to {last}" if len(known) > 1 else last
    alt = f"Lowest {low}, highest {high}"
    return f"<svg{box} role=img aria-label='{alt}'><use href=#{name} /><path d='{path}'/></svg><b>{words}</b>"


def _mark(line: pd.Series, places: Mapping[str, int], top: float) -> str:
    """Return a diamond at the newest point."""
    label = line.last_valid_index()
    return f"<path class=mark d='M{places[str(label)]} {_up(line[label], top) - 4}l4 4-4 4-4-4z'/>"


def _up(value: float, top: float) -> int:
    return HEIGHT - _ABOVE - round((HEIGHT - 2 * _ABOVE) * value / top)


def _path(line: pd.Series, places: Mapping[str, int], top: float) -> str:
    """Return a line as the steps of a path; a point without neighbours is a dot."""
    points = [(places[str(label)], None if isnan(value) else _up(value, top)) for label, value in line.items()]
    return "".join(_runs(points))


def _runs(points: Sequence[tuple[int, int | None]]) -> Iterator[str]:
    for is_known, run in groupby(points, key=lambda point: point[1] is not None):
        if not is_known:
            continue
        known = [(x, y) for x, y in run if y is not None]
        steps: list[tuple[int, int]] = []
        for (u, v), (x, y) in pairwise(known):
            step = x - u, y - v
            if steps and step[1] * steps[-1][0] == steps[-1][1] * step[0]:  # the line goes straight on
                step = steps[-1][0] + step[0], steps.pop()[1] + step[1]
            steps.append(step)
        written = "".join(
            f"{' ' if place else ''}{x}{'' if y < 0 else ' '}{y}" for place, (x, y) in enumerate(steps or [(0, 0)])
        )
        yield f"M{known[0][0]} {known[0][1]}l{written}"


def ticks(top: float, most: int = 5) -> list[float]:
    """Return round values from 0 to the end of a scale: steps of 1, 2 or 5 and their tenfolds."""
    power = 10.0 ** floor(log10(top / most))
    step = next(one * power for one in (1, 2, 5, 10) if one * power >= top / most * (1 - 1e-12))
    return [float(f"{step * place:.12g}") for place in range(floor(top / step * (1 + 1e-12)) + 1)]


def plain_number(value: float) -> str:
    """'8', '0.02': the number of a scale, with the decimals that it has."""
    text = f"{value:.10g}"
    return number(value, len(text.partition(".")[2]))
