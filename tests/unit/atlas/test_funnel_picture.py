"""The funnel plot: a place for every force, marks where their figures are, names that cover nothing."""

import re
from itertools import combinations

import numpy as np
import pandas as pd

from panelpack.atlas.funnel_picture import HEIGHT, WIDTH, funnel_html
from panelpack.statistics.funnel import ratio_funnel

PER = 1000


def forces(counts, sizes, names=None):
    """A frame of forces with the positions of their funnel, and the funnel."""
    frame = pd.DataFrame({"size": sizes, "latest": counts}, index=names or [f"Force {n}" for n in range(len(sizes))])
    frame["rate"] = PER * frame["latest"] / frame["size"]
    funnel = ratio_funnel(frame["latest"].to_numpy(float), frame["size"] * frame["latest"].sum() / frame["size"].sum())
    frame["position"] = [funnel.position(place) for place in range(len(frame))]
    return frame, funnel


def picture(frame, funnel):
    return funnel_html(frame, funnel, per=PER, what="people", alt="Funnel plot.")


def usual():
    sizes = np.linspace(4e5, 3e6, 20)
    rates = 10 + np.sin(np.arange(20.0))
    rates[[3, 4, 5]] = 40, 41, 42
    return forces(sizes * rates / PER, sizes)


def test_every_force_has_its_place_in_order_and_those_outside_another_shape():
    frame, funnel = usual()
    frame.loc["Too small"] = [np.nan, 5.0, np.nan, ""]
    dots = re.search(r'<g class="dots">(.*?</g>)</g>', picture(frame, funnel))[1]
    kinds = re.findall(r"<(circle|path|g)\b", dots)
    expected = {"within": "circle", "above": "path", "below": "path", "": "g"}
    assert kinds == [expected[position] for position in frame["position"]]
    assert [kinds.count(kind) for kind in ("circle", "path", "g")] == [17, 3, 1]


def test_a_larger_force_lies_further_right_and_a_higher_rate_higher():
    frame, funnel = usual()
    circles = re.findall(r"<circle cx=(\d+) cy=(\d+)", picture(frame, funnel))
    within = frame[frame["position"] == "within"]
    across, down = np.array(circles, int).T
    assert (np.diff(across) >= 0).all()
    assert down[within["rate"].to_numpy().argmax()] == down.min() and down[within["rate"].argmin()] == down.max()


def test_names_cover_neither_each_other_nor_a_mark_and_lie_on_the_picture():
    frame, funnel = usual()
    text = picture(frame, funnel)
    marks = np.array(re.findall(r"<circle cx=(\d+) cy=(\d+)", text), int)
    boxes = []
    for x, y, end, name in re.findall(r'<text x="(\d+)" y="(\d+)"( class="end")?>(Force \d+)', text):
        left = int(x) - 6.2 * len(name) * bool(end)
        boxes.append((left, int(y) - 10, left + 6.2 * len(name), int(y) + 2))
    assert len(boxes) == 3
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
    for left, top, right, bottom in boxes:
        assert left >= 0 and right <= WIDTH and top >= 0 and bottom <= HEIGHT
        assert not [(x, y) for x, y in marks if left < x < right and top < y < bottom]


def test_limits_have_their_words_and_sizes_are_round():
    text = picture(*usual())
    words = re.findall(r">([^<>]+)</text>", text)
    assert words.count("95%") == 2 and {"all", "99.8%", "500,000", "1 million", "2 million"} <= set(words)
    assert "People in the area" in words and 'aria-label="Funnel plot."' in text


def test_forces_of_one_size_and_offences_that_hardly_occur():
    frame, funnel = forces([0, 0, 1, 0, 2, 0, 0, 1, 0, 0, 0], [5e5] * 11)
    text = picture(frame, funnel)
    assert "nan" not in text and "inf" not in text
