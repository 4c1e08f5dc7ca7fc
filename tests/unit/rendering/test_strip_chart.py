"""The strip of all forces' changes: what is marked and labelled, that nothing is cut or covered, and the same bytes."""

import numpy as np
import pytest

from made_forces import CHANGES, COUNTS, check, hidden, made_changes, marks
from panelpack.rendering.chart_svg import Drawing
from panelpack.rendering.charts import RANGE
from panelpack.rendering.palette import INK, LINE, SAME
from panelpack.rendering.strip_chart import (
    BEYOND,
    NO_CHANGE,
    OF_BAND,
    STRIP,
    STRIP_NARROW,
    Area,
    Changes,
    Strip,
    axis_of,
    draw_strip,
    stacked,
    strip_alt,
    strip_chart,
)
from picture_checking import elements, texts_of

# Of the changes that lie in hardly any width, marks of the smallest size still overlap.
PRESSED = ("all equal", "all equal, and far from 0", "all fell to none", "own far above", "own far below")
WORDS = {"title": "Robbery: up here", "subtitle": "Change, a mark a force.", "alt": "Strip chart."}
KENT = Changes("Kent", 10.1, [-38, -32, -30, -20, -18.2, -18, -12, -7, 0, 5, np.nan], -17.6, -32.2, -0.3)


def drawn(changes, width, height):
    page = Drawing(width, height)
    draw_strip(page, Area(0, 0, width, height), changes)
    return page.svg()


# ------------------------------------------------------------------------------------------- what it says
def test_the_own_force_is_a_dark_diamond_with_its_name_and_the_others_are_open_circles():
    chart = strip_chart(KENT, **WORDS)
    for svg in (chart.svg, chart.narrow):
        assert len(marks(svg, INK)) == 1 and len(marks(svg, "#FFFFFF")) == 10, "the force without a change has no mark"
        circles = [element for element in elements(svg) if element.tag.endswith("circle")]
        assert {element.get("stroke") for element in circles} == {SAME}
        said = {text.words: text for text in texts_of(svg)}
        assert said["Kent +10%"].bold and not said["other forces together −18%"].bold


def test_no_other_force_is_named_and_there_is_no_rank():
    words = [text.words for text in texts_of(strip_chart(KENT, **WORDS).svg)]
    ticks = ["−40%", "−30%", "−20%", "−10%", NO_CHANGE, "+10%", "+20%"]
    assert sorted(words) == sorted([*ticks, "Kent +10%", "other forces together −18%", OF_BAND])


def test_band_line_and_marks_stand_at_their_values():
    chart = strip_chart(KENT, **WORDS)
    axis = axis_of(KENT, Area(0, 0, STRIP.width, STRIP.height))
    shapes = elements(chart.svg)
    (band,) = (element for element in shapes if element.get("fill") == RANGE)
    assert f"M{axis.across(-32.2):.2f} ".rstrip("0") in band.get("d").replace(".00", "")
    own = marks(chart.svg, INK)[0]
    assert (own.left + own.right) / 2 == pytest.approx(axis.across(10.1), abs=0.01)
    middles = sorted((box.left + box.right) / 2 for box in marks(chart.svg, "#FFFFFF"))
    assert middles == pytest.approx([axis.across(change) for change in KENT.known], abs=0.01)


def test_nothing_needs_colour_and_no_mark_has_the_colour_of_a_verdict():
    chart = strip_chart(KENT, **WORDS)
    used = {element.get(name) for element in elements(chart.svg) for name in ("fill", "stroke")}
    assert used == {None, "none", "#FFFFFF", INK, LINE, SAME, RANGE}, "greys"


def test_a_force_far_from_all_that_is_labelled_stands_beyond_the_axis():
    changes = made_changes("one at +400%", 43)
    axis = axis_of(changes, Area(0, 0, STRIP.width, STRIP.height))
    assert axis.ticks[-1] < 100 and axis.above is not None and axis.below is None
    svg = strip_chart(changes, **WORDS).svg
    assert BEYOND["high"] in [text.words for text in texts_of(svg)] and len(marks(svg, "#FFFFFF")) == 42
    assert axis_of(made_changes("own far above", 43), Area(0, 0, 482, 59)).ticks[-1] >= 400, "the own never does"


def test_words_stand_in_one_line_where_they_leave_room_and_else_below_each_other():
    area = Area(0, 0, STRIP.width, STRIP.height)
    assert Strip.within(area, KENT).lanes == 1
    near = Changes("Kent", -16.0, KENT.others, -17.6, -32.2, -0.3)
    assert Strip.within(area, near).lanes == 2
    assert strip_chart(KENT, **WORDS).svg.count('height="59"') == 1
    assert strip_chart(near, **WORDS).svg.count('height="70"') == 1
    assert strip_chart(near, **WORDS, half=True).svg == strip_chart(near, **WORDS).narrow


def test_its_alternative_text_is_short_and_says_the_kind_and_the_message():
    alt = strip_alt("Theft from vehicles", KENT)
    assert alt == (
        "Strip chart of 11 forces. Theft from vehicles: +10% in Kent, −18% in the other forces together; "
        "8 in 10 forces lie between −32% and 0%."
    )
    assert 125 <= len(alt) <= 250


@pytest.mark.parametrize("wrong", [{"own": np.nan}, {"together": np.inf}, {"others": [np.nan]}, {"others": []}])
def test_without_numbers_there_is_no_strip(wrong):
    values = {"name": "Kent", "own": 1.0, "others": [2.0], "together": 1.0, "low": 0.0, "high": 2.0}
    with pytest.raises(ValueError, match=r"changes of 'Kent'.*Draw no strip"):
        Changes(**values | wrong)


# ------------------------------------------------------------------------------ nothing is cut, nothing is hidden
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("kind", CHANGES)
def test_nothing_is_cut_or_covered(kind, count):
    for seed in range(3):
        changes = made_changes(kind, count, seed)
        lanes = Strip.within(Area(0, 0, STRIP.width, STRIP.height), changes).lanes
        wide = drawn(changes, STRIP.width, STRIP.height + 11 * (lanes - 1))
        narrow = drawn(changes, STRIP_NARROW.width, STRIP_NARROW.height + 22)
        beside = drawn(changes, 206, 136)
        check(wide, narrow)
        check(beside, narrow)
        for svg in (wide, narrow, beside):
            assert len(marks(svg)) == len(changes.known) + 1
            assert len({(box.left, box.top) for box in marks(svg)}) == len(marks(svg))
            if kind not in PRESSED:
                assert not hidden(marks(svg, "#FFFFFF")), "each force is seen"


def test_marks_are_stacked_and_never_move_sideways():
    assert stacked([1, 2, 3, 8, 9, 20], 5) == [0, 1, 2, 0, 1, 0]
    assert stacked([4.0] * 5, 5) == [0, 1, 2, 3, 4] and stacked([], 5) == []


def test_all_equal_changes_are_a_column_of_which_every_mark_is_seen():
    boxes = marks(strip_chart(made_changes("all equal", 43), **WORDS).svg, "#FFFFFF")
    assert len({box.left for box in boxes}) == 1 and len({box.top for box in boxes}) == 42


def test_the_same_changes_in_any_order_give_the_same_bytes():
    again = Changes(KENT.name, KENT.own, KENT.others[::-1], KENT.together, KENT.low, KENT.high)
    assert strip_chart(KENT, **WORDS) == strip_chart(KENT, **WORDS) == strip_chart(again, **WORDS)
