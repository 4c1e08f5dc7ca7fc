"""A drawing as a list of lines, areas, marks and words: as SVG for a page, and as PNG for a notebook.

The SVG has no id, which would clash where many charts share one page, no style, which would reach beyond it, and no
clipping; its text stays text, in the typeface of the paper. Everything is laid out in DejaVu Sans, which is wider, so
that nothing collides. The PNG is drawn by matplotlib from the same list: figures with axes of its own would take four
times as long, and a pack has forty charts.
"""

import io
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path as File
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFont

GROUND = "#FFFFFF"  # under everything, so that a page in a reader's own colours does not swallow the words
FAMILY = "'Source Sans 3', sans-serif"
PLAIN, BOLD = 500, 700  # weights: in pictures the compiler of the PDF draws 400 too thin
TEXT = 9.0  # points: the size of words
PNG_DPI = 100
HINTED = 1.06  # how much wider words may be at the few pixels of a PNG
_COLOURS_OF_PNG = 48
_FACES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}  # by whether words are bold
_ANCHORS = {"left": "", "centre": ' text-anchor="middle"', "right": ' text-anchor="end"'}
_PEN_ANCHORS = {"left": "ls", "centre": "ms", "right": "rs"}


@dataclass(frozen=True)
class Line:
    """A line through places, or an area of one colour: their x and y, where NaN leaves a gap."""

    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    colour: str
    width: float = 0.0  # 0 of an area
    dashes: tuple[float, ...] = ()

    def pieces(self) -> list[NDArray[np.float64]]:
        """Return the places of each piece that no gap interrupts, a row a place; a piece has two places at least."""
        places = np.column_stack([self.xs, self.ys])
        known = [bool(np.isfinite(place).all()) for place in places]
        groups = (list(group) for is_known, group in groupby(range(len(known)), known.__getitem__) if is_known)
        return [places[group] for group in groups if len(group) > 1]


@dataclass(frozen=True)
class Spot:
    """A mark: "circle", "square" or "diamond", so many points across, filled, with a line around it or none."""

    x: float
    y: float
    shape: str
    across: float
    fill: str
    line: str = ""
    width: float = 0.0

    def corners(self) -> NDArray[np.float64]:
        """Return the corners of a square or of a diamond."""
        half, place = self.across / 2, np.array([self.x, self.y])
        if self.shape == "square":
            return place + half * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
        return place + half * 2**0.5 * np.array([(0, -1), (1, 0), (0, 1), (-1, 0)])


@dataclass(frozen=True)
class Words:
    """One line of words whose letters stand at a height, aligned to a place: "left", "centre" or "right" of it."""

    x: float
    y: float
    words: str
    colour: str
    bold: bool = False
    side: str = "left"
    size: float = TEXT


Shape = Line | Spot | Words


class Drawing:
    """What is drawn on a picture of `width` by `height` points, in order, from the bottom left.

    `above` are words above the picture, which only the PNG has: on a page they are words of the page.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.shapes: list[Shape] = []
        self.above: list[Words] = []

    def line(self, xs: ArrayLike, ys: ArrayLike, colour: str, width: float, dashes: tuple[float, ...] = ()) -> None:
        """Draw a line through places; NaN leaves a gap."""
        self.shapes.append(Line(np.asarray(xs, float), np.asarray(ys, float), colour, width, dashes))

    def area(self, xs: ArrayLike, lower: ArrayLike, upper: ArrayLike, colour: str) -> None:
        """Fill what lies between two lines."""
        across, low, high = (np.asarray(values, float) for values in (xs, lower, upper))
        self.shapes.append(Line(np.append(across, across[::-1]), np.append(low, high[::-1]), colour))

    def spot(
        self, x: float, y: float, shape: str, across: float, fill: str, line: str = "", width: float = 0.0
    ) -> None:
        """Draw a mark."""
        self.shapes.append(Spot(float(x), float(y), shape, across, fill, line, width))

    def write(self, x: float, y: float, words: str, colour: str, *, bold: bool = False, side: str = "left") -> None:
        """Write one line of words."""
        self.shapes.append(Words(float(x), float(y), words, colour, bold, side))

    def svg(self, *, titled: bool = False) -> str:
        """Return the picture as SVG; titled: with the words above it."""
        head = self._head() if titled else 0.0
        wide, tall, top = f"{self.width:g}", _short(self.height + head), _short(-head)
        size = f'width="{wide}pt" height="{tall}pt" viewBox="0 {top} {wide} {tall}"'
        over = f' y="{top}"' if titled else ""
        shapes = [*(self.above if titled else []), *self.shapes]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FAMILY}" font-weight="{PLAIN}" '
            f'font-size="{TEXT:g}" stroke-linejoin="round">\n'
            f'<rect{over} width="{wide}" height="{tall}" fill="{GROUND}"/>\n'
            f"{''.join(map(self._element, shapes))}</svg>"
        )

    def _head(self) -> float:
        """Return how high the words above the picture reach."""
        return max((words.y + words.size - self.height for words in self.above), default=0.0)

    def _element(self, shape: Shape) -> str:
        if isinstance(shape, Words):
            bold = f' font-weight="{BOLD}"' * shape.bold
            size = f' font-size="{shape.size:g}"' if shape.size != TEXT else ""
            at = f'x="{_short(shape.x)}" y="{self._down(shape.y)}"{_ANCHORS[shape.side]}'
            return f'<text {at}{bold}{size} fill="{shape.colour}">{escape(shape.words, quote=False)}</text>\n'
        if isinstance(shape, Spot):
            look = f'fill="{shape.fill}"' + (
                f' stroke="{shape.line}" stroke-width="{shape.width:g}"' if shape.width else ""
            )
            if shape.shape == "circle":
                at = f'cx="{_short(shape.x)}" cy="{self._down(shape.y)}"'
                return f'<circle {at} r="{_short(shape.across / 2)}" {look}/>\n'
            return f'<path d="{self._path(shape.corners())}Z" {look}/>\n'
        path = "".join(map(self._path, shape.pieces()))
        if not path:
            return ""
        if not shape.width:
            return f'<path d="{path}Z" fill="{shape.colour}"/>\n'
        dashes = f' stroke-dasharray="{" ".join(f"{dash:g}" for dash in shape.dashes)}"' if shape.dashes else ""
        return f'<path d="{path}" fill="none" stroke="{shape.colour}" stroke-width="{shape.width:g}"{dashes}/>\n'

    def _path(self, places: NDArray[np.float64]) -> str:
        return "M" + "L".join(f"{_short(x)} {self._down(y)}" for x, y in places)

    def _down(self, y: float) -> str:
        return _short(self.height - y)

    def png(self) -> bytes:
        """Return the picture, and the words above it, as PNG: no date, no name of a program, few colours."""
        use_bundled_settings()
        head = self._head()
        scale = PNG_DPI / 72
        wide, tall = (round(scale * length) for length in (self.width, self.height + head))
        page: Any = RendererAgg(wide, tall, PNG_DPI)
        page.clear()
        for shape in self.shapes:
            if not isinstance(shape, Words):
                _draw(page, shape, Affine2D().scale(scale))
        picture = Image.new("RGB", (wide, tall), GROUND)
        drawn = Image.fromarray(np.asarray(page.buffer_rgba()))
        picture.paste(drawn, mask=drawn.getchannel("A"))
        pen = ImageDraw.Draw(picture)
        for words in [*self.above, *(shape for shape in self.shapes if isinstance(shape, Words))]:
            at = (scale * words.x, tall - scale * words.y)
            pen.text(at, words.words, words.colour, _letters(words.bold, words.size), _PEN_ANCHORS[words.side])
        few = picture.quantize(_COLOURS_OF_PNG, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        written = io.BytesIO()
        few.save(written, "png")
        return written.getvalue()


def _draw(page: Any, shape: Line | Spot, to_page: Affine2D) -> None:
    """Draw a line, an area or a mark on a page of matplotlib's."""
    look = page.new_gc()
    look.set_linewidth(shape.width)
    if isinstance(shape, Spot):
        look.set_foreground(shape.line or shape.fill)
        fill = mpl.colors.to_rgb(shape.fill)
        if shape.shape == "circle":
            place = Affine2D().scale(shape.across / 2).translate(shape.x, shape.y) + to_page
            page.draw_path(look, Path.unit_circle(), place, fill)
        else:
            page.draw_path(look, Path(shape.corners()), to_page, fill)
        return
    look.set_foreground(shape.colour)
    look.set_joinstyle("round")
    if shape.dashes:
        look.set_dashes(0, list(shape.dashes))
    for places in shape.pieces():
        page.draw_path(look, Path(places), to_page, None if shape.width else mpl.colors.to_rgb(shape.colour))


@cache
def use_bundled_settings() -> None:
    """Draw with the settings and letters that matplotlib brings.

    A user may have a matplotlibrc, and a system another DejaVu Sans, which gives other bytes.
    """
    mpl.rcdefaults()
    mpl.rcParams["path.simplify"] = False


@cache
def face(bold: bool) -> File:
    """Return the file of the letters that a chart is laid out in."""
    return File(mpl.get_data_path(), "fonts", "ttf", _FACES[bold])


@cache
def _letters(bold: bool, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face(bold), size * PNG_DPI / 72, layout_engine=ImageFont.Layout.BASIC)


@cache
def width_of(words: str, *, bold: bool = False, size: float = TEXT) -> float:
    """Return how wide words are in the letters that a chart is laid out in, in points."""
    inner = sum(_advance(letter, bold, size) for letter in words[1:-1])
    pairs = sum(_advance(words[place : place + 2], bold, size) for place in range(max(len(words) - 1, 1)))
    return HINTED * float(pairs - inner) / 64


@cache
def _advance(letters: str, bold: bool, size: float) -> int:
    """Return how wide one letter is, or two, of which the second may stand closer, in 64ths of a point.

    The font takes a millisecond to measure a title, and a chart measures hundreds of pieces of them.
    """
    font = font_manager.get_font(face(bold))
    font.set_size(size, 72)
    font.set_text(letters)
    return int(font.get_width_height()[0])


def drawn_width(words: str) -> float:
    """Return how wide words are in a PNG, in points: in a hundredth of the time, for the many words of a grid."""
    return float(_letters(False, TEXT).getlength(words)) * 72 / PNG_DPI


def wrapped(words: str, width: float, *, bold: bool = False, size: float = TEXT) -> list[str]:
    """Return words in lines of at most so many points; a word that is wider has a line of its own."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, bold=bold, size=size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shortened(words: str, room: float, *, bold: bool = False) -> str:
    """Return as much of some words as there is room for, in points, an ellipsis in the place of the rest."""
    if width_of(words, bold=bold) <= room:
        return words
    short = words
    while short and width_of(f"{short}…", bold=bold) > room:
        short = short[:-1].rstrip()
    return f"{short}…"


def _short(value: float) -> str:
    """Write a number of points to a hundredth."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
