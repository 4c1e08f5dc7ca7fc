"""A funnel of areas: every mark is drawn, who lies outside is named, and no words cover each other."""

import numpy as np
import pandas as pd
import pytest

from panelpack.formats import Form
from panelpack.rendering.area_funnel_chart import AreaFunnel, area_funnel_chart
from panelpack.rendering.funnel_chart import places_along
from panelpack.statistics.funnel import FAR_LEVEL, chance_of_count, ratio_funnel
from picture_checking import check_pictures, marks_of, texts_of


def chart_of(sizes, rates, names=None, form=None):
    """Draw areas of some sizes with some rates per 1,000, and return the chart with who lies outside."""
    names = names or [f"Area {place}" for place in range(len(sizes))]
    sizes, rates = np.array(sizes, float), np.array(rates, float)
    cases = np.round(sizes * rates / 1000)
    common = cases.sum() / sizes.sum()
    funnel = ratio_funnel(cases, sizes * common)
    outside = [funnel.position(place) != "within" for place in range(len(sizes))]
    areas = pd.DataFrame({"size": sizes, "value": 1000 * cases / sizes, "outside": outside}, index=names)
    along = places_along(sizes)
    ends = [
        1000 * common * end
        for level in (0.95, FAR_LEVEL)
        for end in funnel.limits(chance_of_count(along * common), level)
    ]
    columns = ("lower_95", "upper_95", "lower_99_8", "upper_99_8")
    limits = pd.DataFrame({"size": along, **dict(zip(columns, ends, strict=True))})
    given = AreaFunnel(areas, limits, 1000 * common, form or Form("", 1), "number of residents")
    chart = area_funnel_chart(given, title="T", subtitle="S.", alt="Funnel chart of areas.")
    return chart, [name for name, is_outside in zip(names, outside, strict=True) if is_outside]


SIZES = [40_000, 55_000, 61_000, 70_000, 82_000, 95_000, 120_000, 150_000, 210_000, 320_000]
USUAL = [20, 22, 19, 21, 20, 18, 23, 20, 19, 21]
LONG = [f"The Borough of Saint {letter}-under-the-Hill" for letter in "ABCDEFGHIJ"]
CASES = {
    "one above": (SIZES, [*USUAL[:4], 95, *USUAL[5:]], None),
    "one below at the edge": (SIZES, [2, *USUAL[1:]], None),
    "the largest above": (SIZES, [*USUAL[:-1], 90], None),
    "long names": (SIZES, [*USUAL[:4], 95, 3, *USUAL[6:]], LONG),
    "none outside": (SIZES, USUAL, None),
    "all of one size": ([90_000] * 10, [*USUAL[:9], 90], None),
    "many, close together": (
        [90_000 + 400 * n for n in range(40)],
        [20 + n % 3 for n in range(36)] + [90, 91, 3, 2],
        None,
    ),
    "very unlike sizes": ([900, 4_000, 9_000, *SIZES[3:]], USUAL, None),
    "next to no case": (SIZES, [0.05 * n for n in range(10)], None),
}


@pytest.mark.parametrize("case", CASES)
def test_every_area_is_drawn_and_no_words_cover_each_other(case):
    sizes, rates, names = CASES[case]
    chart, outside = chart_of(sizes, rates, names)
    check_pictures(chart)
    count = len(sizes)
    for picture in (chart.svg, chart.narrow):
        shapes = [mark.shape for mark in marks_of(picture)]
        assert (shapes.count("diamond"), shapes.count("circle")) == (len(outside), count - len(outside))
        said = {text.words for text in texts_of(picture)}
        # Of several at one place some may lack their name, on a telephone all of them.
        assert said & {*outside} or not outside or picture == chart.narrow
        assert not said & ({*LONG} - {*outside})
        assert (
            len(said & {words for text in texts_of(picture) if (words := text.words).replace(",", "").isdigit()}) >= 2
        )


def test_none_of_the_marks_has_the_colour_of_a_verdict():
    chart, _ = chart_of(*CASES["one above"])
    assert {mark.fill for mark in marks_of(chart.svg)} == {"#FFFFFF", "#16202B"}


def test_one_outside_has_its_name_beside_it():
    chart, outside = chart_of(*CASES["one above"])
    assert outside == ["Area 4"]
    (mark,) = [mark for mark in marks_of(chart.svg) if mark.shape == "diamond"]
    (name,) = [text for text in texts_of(chart.svg) if text.words == "Area 4"]
    assert abs(name.y - (mark.box.top + mark.box.bottom) / 2) < 15 and abs(name.x - mark.box.right) < 40
