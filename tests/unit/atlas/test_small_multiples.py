"""Lines in few bytes: the same places as the figures, straight pieces joined, gaps left, all to one scale."""

import re

import pandas as pd
import pytest

from panelpack.atlas.small_multiples import HEIGHT, WIDTH, multiples_html, plain_number, scale_top, ticks

QUARTERS = [f"{year}Q{number}" for year in (2012, 2013) for number in range(1, 5)]


def html(lines, **changed):
    frame = pd.DataFrame(lines, index=QUARTERS, dtype=float)
    options = {"name": "s1", "breaks": (), "decimals": 1, **changed}
    regions = {force: "North" if force < "M" else "South" for force in frame}
    return multiples_html(frame, regions, frame.mean(axis="columns"), **options)


def places(path):
    """The corners of a path, from its steps."""
    found = []
    for start, steps in re.findall(r"M([\d ]+)l([-\d ]+)", path):
        x, y = map(int, start.split())
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        found.append([(x, y)])
        for right, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + right, y + down
            found[-1].append((x, y))
    return found


def path_of(text, force):
    return re.search(rf"<li>{force}<svg.*?<path d='([^']*)'", text)[1]


def test_a_line_is_as_high_as_its_values_on_the_common_scale():
    text = html({"Ash": [0, 10, 20, 40, 40, 40, 20, 0], "Zeal": [4.0] * 8})
    (ash,), (zeal,) = places(path_of(text, "Ash")), places(path_of(text, "Zeal"))
    assert ash[0][1] == ash[-1][1] == HEIGHT - 4 and min(y for _, y in ash) == 4
    assert len(zeal) == 2 and zeal[0][1] == zeal[1][1] == HEIGHT - 4 - round((HEIGHT - 8) / 10)
    assert ash[0][0] == zeal[0][0] == 3 and ash[-1][0] == zeal[-1][0] <= WIDTH - 3


def test_straight_pieces_are_joined_and_no_corner_is_lost():
    (line,) = places(path_of(html({"Ash": [0, 10, 20, 30, 20, 10, 0, 0], "Zeal": [30.0] * 8}), "Ash"))
    assert [x for x, _ in line] == sorted(x for x, _ in line) and len(line) == 4


def test_a_gap_is_left_and_a_point_alone_is_a_dot():
    (first, second) = places(path_of(html({"Ash": [1, 2, None, None, 3, None, None, None]}), "Ash"))
    assert len(first) == 2 and second[0] == second[1]


def test_first_latest_lowest_and_highest_are_said():
    text = html({"Ash": [5, 1, 9, 3, 3, 3, 3, 4.25]}, notes={"Ash": "outside, above"}, marked={"Ash"})
    assert "aria-label='Lowest 1.0, highest 9.0'" in text and "<b>5.0 to 4.3</b><i>outside, above</i>" in text
    assert text.count("class=mark") == 1


def test_a_force_without_figures_has_no_picture():
    text = html({"Ash": [1.0] * 8, "Zeal & Co": [None] * 8})
    assert "<li>Zeal &amp; Co<i>no figures</i>" in text and text.count("role=img") == 1


def test_regions_follow_each_other_and_breaks_are_drawn_once():
    text = html({"Ash": [1.0] * 8, "Zeal": [2.0] * 8}, breaks=["2013Q1", "1999Q1"])
    assert re.findall(r"<li><span>(\w+)", text) == ["North", "South"]
    assert text.count('class="break"') == 1 and text.count("<use href=#s1 />") == 2


def test_more_points_than_pixels_are_drawn_closer():
    months = [f"{year}Q{number}" for year in range(1980, 2024) for number in range(1, 5)]
    frame = pd.DataFrame({"Ash": range(len(months))}, index=months)
    text = multiples_html(frame, {"Ash": "North"}, frame["Ash"], name="s1")
    assert f"viewBox='0 0 {len(months) - 1 + 6} {HEIGHT}' preserveAspectRatio=none" in text


@pytest.mark.parametrize(
    ("highest", "top", "words"),
    [(0, 1, "1"), (9.96, 10, "10"), (21.68, 22, "22"), (0.0181, 0.019, "0.019"), (130, 130, "130"), (7.4, 7.4, "7.4")],
)
def test_a_scale_ends_at_a_number_of_two_digits(highest, top, words):
    assert scale_top(highest) == top and plain_number(scale_top(highest)) == words


def test_ticks_are_round_and_lie_on_the_scale():
    assert ticks(22, 4) == [0, 10, 20] and ticks(0.019, 4) == [0, 0.005, 0.01, 0.015] and ticks(10, 4) == [0, 5, 10]
