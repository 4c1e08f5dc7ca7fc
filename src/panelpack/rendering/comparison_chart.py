"""One picture of a force beside the others: its change in a strip, its rate in a funnel, side by side or stacked.

One picture, and not two charts: it has one message, one alternative text and one table of the forces behind it.
"""

from panelpack.rendering.chart_frame import LINE_HEIGHT, NARROW, WIDE
from panelpack.rendering.chart_svg import Drawing, wrapped
from panelpack.rendering.charts import Chart, made
from panelpack.rendering.funnel_chart import Rates, draw_funnel, notes, rate_words, scale_of_rates
from panelpack.rendering.palette import INK
from panelpack.rendering.strip_chart import LANE, STRIP_NARROW, Area, Changes, change_words, draw_strip

# Points: both beside each other are 5.5 cm on paper; one below the other on a telephone.
HEIGHT, FUNNEL_HEIGHT, STRIP_HEIGHT = 136.0, 180.0, STRIP_NARROW.height + 2 * LANE
STRIP_WIDTH, BETWEEN = 206.0, 18.0  # of the strip beside the funnel, and between the two, also one below the other
HEADING = 4.0  # below a heading


def comparison_chart(
    changes: Changes,
    rates: Rates,
    *,
    headings: tuple[str, str],
    title: str,
    subtitle: str,
    alt: str,
    caption: str = "",
) -> Chart:
    """Draw how one force changed and where its rate stands among the others: a strip and a funnel, in one picture.

    headings: a few words above each of the two, which say what its axis is. The caption goes on with what a reader must
    know of the picture.
    """
    scale = scale_of_rates(rates)
    lefts, rights = (0.0, STRIP_WIDTH + BETWEEN), (STRIP_WIDTH, WIDE.width)
    lines = [_lines(heading, right - left) for heading, left, right in zip(headings, lefts, rights, strict=True)]
    above = max(map(_height, lines))
    wide = Drawing(WIDE.width, HEIGHT + above)
    for words, left in zip(lines, lefts, strict=True):
        _write(wide, words, left, wide.height)
    draw_strip(wide, Area(lefts[0], 0, rights[0], HEIGHT), changes)
    is_named = draw_funnel(wide, Area(lefts[1], 0, rights[1], HEIGHT), rates, scale)

    lines = [_lines(heading, NARROW.width) for heading in headings]
    funnel_top = FUNNEL_HEIGHT + _height(lines[1])
    strip_bottom = funnel_top + BETWEEN
    narrow = Drawing(NARROW.width, strip_bottom + STRIP_HEIGHT + _height(lines[0]))
    _write(narrow, lines[0], 0, narrow.height)
    draw_strip(narrow, Area(0, strip_bottom, NARROW.width, strip_bottom + STRIP_HEIGHT), changes)
    _write(narrow, lines[1], 0, funnel_top)
    is_named &= draw_funnel(narrow, Area(0, 0, NARROW.width, FUNNEL_HEIGHT), rates, scale)
    below = " ".join(filter(None, (caption, notes(rates, is_named=is_named))))
    return made([wide, narrow], scale, title=title, subtitle=subtitle, alt=alt, caption=below)


def comparison_alt(what: str, changes: Changes, rates: Rates, position: str) -> str:
    """Say in one sentence each what the picture is of, how the force changed, and where its rate stands.

    what: in words, with a capital letter. position: a key of funnel_chart.POSITIONS.
    """
    of = " and ".join(map(str, sorted({len(changes.known) + 1, len(rates.known)}, reverse=True)))
    return f"Strip and funnel chart, {of} forces. {what}: {change_words(changes)}. {rate_words(rates, position)}."


def _lines(heading: str, width: float) -> list[str]:
    return wrapped(heading, width - 4, bold=True)


def _height(lines: list[str]) -> float:
    return len(lines) * LINE_HEIGHT + HEADING


def _write(page: Drawing, lines: list[str], left: float, top: float) -> None:
    for number, words in enumerate(lines, start=1):
        page.write(left, top - number * LINE_HEIGHT + 2.5, words, INK, bold=True)
