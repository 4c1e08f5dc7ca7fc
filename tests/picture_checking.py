"""What a picture holds, read back from its SVG: its marks, its words, and whether any of them is cut or covered."""

import re
import xml.etree.ElementTree as xml
from dataclasses import dataclass
from itertools import combinations

from panelpack.rendering.chart_svg import HINTED, width_of

SVG = "{http://www.w3.org/2000/svg}"
ASCENT, DESCENT = 0.72, 0.2  # of the size of words: how far letters reach above and below the line they stand on
TOUCH = 0.6  # points that two boxes may share, being larger than the letters in them


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other):
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > TOUCH and down > TOUCH


@dataclass(frozen=True)
class Mark:
    shape: str
    fill: str
    across: float
    box: Box


@dataclass(frozen=True)
class Said:
    words: str
    x: float
    y: float
    anchor: str
    bold: bool
    size: float
    fill: str

    def box(self):
        wide = width_of(self.words, bold=self.bold, size=self.size) / HINTED
        left = self.x - {"start": 0, "middle": wide / 2, "end": wide}[self.anchor]
        return Box(left, self.y - ASCENT * self.size, left + wide, self.y + DESCENT * self.size)


def elements(svg):
    return [element for element in xml.fromstring(svg) if element.tag != f"{SVG}rect"]


def _numbers(path):
    found = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return found[::2], found[1::2]


def box_of(element):
    """The extent of a line, an area or a mark, half its line's width around it included."""
    edge = float(element.get("stroke-width", 0)) / 2
    if element.tag == f"{SVG}circle":
        x, y, r = (float(element.attrib[name]) for name in ("cx", "cy", "r"))
        return Box(x - r - edge, y - r - edge, x + r + edge, y + r + edge)
    xs, ys = _numbers(element.attrib["d"])
    return Box(min(xs) - edge, min(ys) - edge, max(xs) + edge, max(ys) + edge)


def marks_of(svg):
    """The marks of points: circles, and filled shapes of four corners that are not areas."""
    marks = []
    for element in elements(svg):
        box = box_of(element) if element.tag != f"{SVG}text" else None
        if element.tag == f"{SVG}circle":
            marks.append(Mark("circle", element.attrib["fill"], 2 * float(element.attrib["r"]), box))
        elif element.tag == f"{SVG}path" and "stroke" not in element.attrib and box.right - box.left < 10:
            xs, _ = _numbers(element.attrib["d"])
            if len(xs) == 4:
                shape = "square" if len(set(xs)) == 2 else "diamond"
                marks.append(Mark(shape, element.attrib["fill"], box.right - box.left, box))
    return marks


def texts_of(svg):
    default = float(xml.fromstring(svg).attrib["font-size"])
    return [
        Said(
            element.text or "",
            float(element.attrib["x"]),
            float(element.attrib["y"]),
            element.get("text-anchor", "start"),
            element.get("font-weight") == "700",
            float(element.get("font-size", default)),
            element.attrib["fill"],
        )
        for element in elements(svg)
        if element.tag == f"{SVG}text"
    ]


def check_pictures(chart):
    """Everything drawn lies in its picture, no words cover others, and none is smaller than 9 points."""
    for name, svg in (("page", chart.svg), ("telephone", chart.narrow)):
        _, _, wide, tall = map(float, xml.fromstring(svg).attrib["viewBox"].split())
        texts = texts_of(svg)
        shapes = [(element, box_of(element)) for element in elements(svg) if element.tag != f"{SVG}text"]
        for what, box in [*((text.words, text.box()) for text in texts), *((e.attrib, box) for e, box in shapes)]:
            inside = box.left >= 0 and box.top >= 0 and box.right <= wide and box.bottom <= tall
            assert inside, f"{name}: {what} is cut: {box} of {wide} by {tall}"
        for one, other in combinations(texts, 2):
            assert not one.box().covers(other.box()), f"{name}: {one.words!r} and {other.words!r} collide"
        assert min((text.size for text in texts), default=9) >= 9
