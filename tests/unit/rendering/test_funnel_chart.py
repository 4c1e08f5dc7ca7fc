"""The funnel of rates: what is marked and labelled, that nothing is cut or covered, and the same bytes."""

import numpy as np
import pandas as pd
import pytest

from made_forces import COUNTS, RATES, check, made_rates, marks
from panelpack.formats import Form
from panelpack.rendering.chart_svg import Drawing
from panelpack.rendering.charts import RANGE
from panelpack.rendering.funnel_chart import (
    ANYWAY,
    FUNNEL,
    FUNNEL_NARROW,
    OUTER,
    POSITIONS,
    Rates,
    Sizes,
    draw_funnel,
    funnel_alt,
    funnel_chart,
    places_along,
    scale_of_rates,
    size_words,
)
from panelpack.rendering.palette import INK, LINE, NONE, SAME
from panelpack.rendering.strip_chart import Area
from picture_checking import elements, texts_of

WORDS = {"title": "Robbery: within", "subtitle": "Offences per 1,000 people.", "alt": "Funnel chart."}


@pytest.fixture(scope="module")
def rates():
    return made_rates("usual", 43)


@pytest.fixture(scope="module")
def chart(rates):
    return funnel_chart(rates, caption="Below.", **WORDS)


def drawn(rates, width, height):
    page = Drawing(width, height)
    draw_funnel(page, Area(0, 0, width, height), rates, scale_of_rates(rates))
    return page.svg()


# ------------------------------------------------------------------------------------------- what it says
def test_own_force_region_and_others_differ_in_shape_and_shade(chart):
    for svg in (chart.svg, chart.narrow):
        shapes = {fill: len(marks(svg, fill)) for fill in (INK, NONE, "#FFFFFF")}
        assert shapes == {INK: 1, NONE: 4, "#FFFFFF": 38} and len(marks(svg)) == 43
        assert sum(element.tag.endswith("circle") for element in elements(svg)) == 38, "the others; diamonds the rest"
        own, region = (marks(svg, fill)[0] for fill in (INK, NONE))
        assert own.right - own.left > 1.4 * (region.right - region.left)


def test_everything_is_labelled_directly_and_no_other_force_is_named(chart, rates):
    for svg in (chart.svg, chart.narrow):
        words = " ".join(text.words for text in texts_of(svg))
        for said in (
            f"Ex {rates.own:.1f}",
            "Mid Shires forces",
            "all forces",
            f"{rates.together:.1f}",
            *ANYWAY,
            *OUTER,
        ):
            assert said in words
        assert rates.sizes in words and "500,000" in words and "2 million" in words
        bold = [text.words for text in texts_of(svg) if text.bold]
        assert bold == [f"Ex {rates.own:.1f}"]


def test_marks_and_lines_are_greys_and_none_has_the_colour_of_a_verdict(chart):
    used = {element.get(name) for element in elements(chart.svg) for name in ("fill", "stroke")}
    assert used == {None, "none", "#FFFFFF", INK, LINE, SAME, NONE, RANGE}


def test_the_largest_force_does_not_press_the_others_into_a_corner(rates):
    sizes = Sizes(4e5, 9e6, 0, 100)
    assert sizes.across([4e5, 9e6]) == pytest.approx([0, 100])
    assert np.ptp(np.diff(sizes.across([5e5, 1e6, 2e6, 4e6, 8e6]))) == pytest.approx(0)
    assert [size_words(tick) for tick in sizes.ticks()] == ["500,000", "1 million", "2 million", "5 million"]
    assert Sizes(3e4, 4e5, 0, 1).ticks() == [50_000, 100_000, 200_000] and size_words(2.5e6) == "2.5 million"
    places = places_along([5e5, np.nan, 0, 8e6])
    assert places[0] < 5e5 and places[-1] > 8e6 and (np.diff(places) > 0).all()


def test_the_outer_limits_may_go_on_above_the_axis_but_no_force_does(rates):
    limits = rates.limits.assign(upper_99_8=1e4)
    high = Rates(rates.name, rates.forces, limits, rates.together)
    scale = scale_of_rates(high)
    assert scale.high < 100 and scale.high >= high.known["rate"].max() and scale.high >= limits["upper_95"].max()
    check(drawn(high, FUNNEL.width, FUNNEL.height))
    assert list(OUTER) == [text.words for text in texts_of(drawn(high, 482, 168)) if text.words in OUTER]


def test_the_caption_says_what_the_axis_is_and_names_the_region_only_where_the_picture_cannot(rates, chart):
    axis = "The axis of people is by multiples: twice as many is the same step everywhere."
    assert chart.caption == f"Below. {axis}"
    crowd = made_rates("all of one size", 43, 1)
    assert funnel_chart(crowd, **WORDS, half=True).caption in (
        axis,
        f"{axis} Grey diamonds are other Mid Shires forces.",
    )
    without = Rates(rates.name, rates.forces.drop(columns="in_region"), rates.limits, rates.together, region="Mid")
    assert funnel_chart(without, **WORDS).caption == axis and not marks(funnel_chart(without, **WORDS).svg, NONE)
    homes = Rates(rates.name, rates.forces, rates.limits, rates.together, per="1,000 households", sizes="households")
    assert funnel_chart(homes, **WORDS).caption == axis.replace("people", "households")


def test_an_axis_that_does_not_start_at_zero_says_so():
    assert "does not start at 0" in funnel_chart(made_rates("high and alike", 43), **WORDS).subtitle or (
        scale_of_rates(made_rates("high and alike", 43)).from_zero
    )


@pytest.mark.parametrize("position", POSITIONS)
def test_its_alternative_text_is_short_and_says_the_kind_and_the_message(rates, position):
    alt = funnel_alt("Theft from vehicles", rates, position)
    assert alt.startswith("Funnel chart of 43 forces by size. Theft from vehicles in Ex: ")
    assert f"{rates.own:.1f} per 1,000 people, {rates.together:.1f} in all forces: " in alt
    assert alt.endswith(f"{POSITIONS[position]}.") and 125 <= len(alt) <= 250


@pytest.mark.parametrize("own", [0, 2])
def test_without_one_own_force_there_is_no_funnel(rates, own):
    forces = rates.forces.reset_index(drop=True)
    forces["is_own"] = forces.index < own
    with pytest.raises(ValueError, match=rf"rates of 'Ex': {own} forces with a rate are the own one.*Draw no funnel"):
        Rates("Ex", forces, rates.limits, 4.0)


# ------------------------------------------------------------------------------ nothing is cut, nothing is covered
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("kind", RATES)
def test_nothing_is_cut_or_covered(kind, count):
    for seed in range(3):
        rates = made_rates(kind, count, seed)
        svgs = [drawn(rates, *size) for size in ((FUNNEL.width, FUNNEL.height), (258, 136), (FUNNEL_NARROW.width, 180))]
        check(*svgs)
        for svg in svgs:
            assert len(marks(svg)) == len(rates.known)


def test_the_same_rates_in_any_order_give_the_same_bytes(rates, chart):
    again = Rates(rates.name, rates.forces.iloc[::-1], rates.limits, rates.together, region="Mid Shires")
    assert funnel_chart(again, caption="Below.", **WORDS) == chart


def test_rates_are_printed_as_the_caller_says(rates):
    rare = Rates("Ex", rates.forces, rates.limits, rates.together, form=Form("", 2))
    assert f"Ex {rates.own:.2f}" in [text.words for text in texts_of(funnel_chart(rare, **WORDS).svg)]
    assert isinstance(rare.known, pd.DataFrame)
