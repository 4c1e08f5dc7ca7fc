import re
import xml.etree.ElementTree as xml
from itertools import product

import pytest

from panelpack.rendering.sparkline import HEIGHT, NEWEST, WIDTH, sparkline, sparkline_alt

NAN = float("nan")
SERIES = {
    "falling": [5, 4, 3, 2, 1],
    "flat": [3, 3, 3],
    "one": [7],
    "gaps": [1, NAN, 2, NAN, NAN, 9, 8],
    "last is a gap": [1, 5, NAN],
    "below zero": [-4, 2, -8],
    "huge": [1e9, 1, 1e9],
}
TAG = "{http://www.w3.org/2000/svg}"


def extent(mark):
    """Left, top, right, bottom of a mark, its stroke included."""
    edge = float(mark.get("stroke-width", 0)) / 2
    if mark.tag == f"{TAG}circle":
        x, y, r = (float(mark.attrib[name]) for name in ("cx", "cy", "r"))
        return x - r - edge, y - r - edge, x + r + edge, y + r + edge
    if mark.tag == f"{TAG}rect":
        x, y = float(mark.get("x", 0)), float(mark.get("y", 0))
        return x, y, x + float(mark.attrib["width"]), y + float(mark.attrib["height"])
    if "H" in mark.attrib["d"]:
        return 0, float(re.findall(r"[\d.]+", mark.attrib["d"])[1]), WIDTH, 0
    numbers = [float(number) for number in re.findall(r"[\d.]+", mark.attrib["d"])]
    return (
        min(numbers[::2]) - edge,
        min(numbers[1::2]) - edge,
        max(numbers[::2]) + edge,
        max(numbers[1::2]) + edge,
    )


@pytest.mark.parametrize(("name", "kind", "baseline"), [*product(SERIES, NEWEST, [None, 4, 100])])
def test_no_mark_leaves_the_picture(name, kind, baseline):
    for mark in xml.fromstring(sparkline(SERIES[name], baseline, kind)):
        left, top, right, bottom = extent(mark)
        assert left >= 0 and top >= 0 and right <= WIDTH and bottom <= HEIGHT


def test_the_newest_point_is_told_apart_by_shape_and_by_colour():
    def last(kind):
        return list(xml.fromstring(sparkline([1, 2], None, kind)))[-1]

    marks = {kind: last(kind) for kind in NEWEST}
    assert len({mark.get("fill") + mark.get("stroke", "") for mark in marks.values()}) == len(NEWEST)
    shapes = {(mark.tag, mark.get("r"), "stroke" in mark.attrib) for mark in marks.values()}
    assert len(shapes) == len(NEWEST)


def test_a_gap_interrupts_the_line_and_a_point_between_gaps_is_a_dot():
    drawn = sparkline([1, 2, NAN, 3, NAN, 4, 5], None, "same")
    line = re.search(r'd="(M[^"]+)" fill="none"', drawn)[1]
    assert line.count("M") == 2
    assert drawn.count("<circle") == 2, "the point between two gaps, and the newest"


def test_the_baseline_is_dashed_and_only_there_where_one_is():
    assert "stroke-dasharray" in sparkline([1, 2], 1.5, "same")
    assert "stroke-dasharray" not in sparkline([1, 2], None, "same")
    assert "stroke-dasharray" not in sparkline([1, 2], NAN, "same")


def test_without_a_value_there_is_the_ground_alone():
    assert [mark.tag for mark in xml.fromstring(sparkline([NAN, NAN], 3, "none"))] == [f"{TAG}rect"]
    assert sparkline_alt([NAN], 3) == "no values"


def test_the_same_points_give_the_same_picture_without_text_or_ids():
    assert sparkline([1, 2, 3], 2, "better") == sparkline([1, 2, 3], 2, "better")
    assert "<text" not in sparkline([1], 2, "better") and " id=" not in sparkline([1], 2, "better")


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError):
        sparkline([1], None, "sideways")


@pytest.mark.parametrize(
    ("points", "baseline", "words"),
    [
        ([5, 4, 3], 4, "falling, newest below the baseline"),
        ([3, NAN, 9], 4, "rising, newest above the baseline"),
        ([3, 9, 3], 3, "level, newest at the baseline"),
        ([3, 9, 3], None, "level"),
        ([3], 1, "one value, newest above the baseline"),
    ],
)
def test_the_words_say_what_the_line_shows(points, baseline, words):
    assert sparkline_alt(points, baseline) == words
