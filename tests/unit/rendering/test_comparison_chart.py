"""Strip and funnel in one picture: side by side on a page, stacked on a telephone, with one title and one text."""

import os
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

from made_forces import check, made_changes, made_rates, marks
from panelpack.rendering.charts import RANGE
from panelpack.rendering.comparison_chart import comparison_alt, comparison_chart
from panelpack.rendering.palette import INK
from picture_checking import box_of, elements, texts_of

HEADINGS = ("Change, 2012/13 to 2014/15", "Offences per 1,000 people")
WORDS = {
    "title": "Theft from vehicles: up 10% here, down 18% in the other forces together",
    "subtitle": "Theft from vehicles recorded by 43 forces, each an open circle. As revised by October 2023.",
}


def made(changes="usual", rates="usual", count=43, seed=0, headings=HEADINGS):
    changes, rates = made_changes(changes, count, seed), made_rates(rates, count, seed)
    alt = comparison_alt("Theft from vehicles", changes, rates, "within")
    return comparison_chart(changes, rates, headings=headings, alt=alt, **WORDS)


def size(svg):
    return tuple(map(float, xml.fromstring(svg).attrib["viewBox"].split()[2:]))


def test_they_stand_side_by_side_on_a_page_and_stacked_on_a_telephone():
    chart = made()
    assert size(chart.svg) == (482, 151), "17 by 5.3 cm, before the page's measure"
    wide, narrow = ([(box.left, box.top) for box in marks(svg, INK)] for svg in (chart.svg, chart.narrow))
    assert wide[0][0] < 206 < wide[1][0] and narrow[0][1] < size(chart.narrow)[1] / 2 < narrow[1][1]
    assert len(marks(chart.svg)) == len(marks(chart.narrow)) == 2 * 43
    for svg in (chart.svg, chart.narrow):
        assert [text.words for text in texts_of(svg) if text.words in HEADINGS] == list(HEADINGS)


def test_one_title_one_alternative_text_and_what_the_axis_means():
    chart = made()
    assert (chart.title, chart.subtitle) == (WORDS["title"], WORDS["subtitle"])
    assert chart.html().count("<figure") == 1 and chart.html().count(f'aria-label="{chart.alt}"') == 2
    assert chart.alt.startswith("Strip and funnel chart, 43 forces. Theft from vehicles: ")
    assert 125 <= len(chart.alt) <= 250 and chart.alt.count(". ") == 2
    assert chart.caption.startswith("The axis of people is by multiples")
    one_less = comparison_alt("Robbery", made_changes("usual", 43), made_rates("usual", 42), "above")
    assert one_less.startswith("Strip and funnel chart, 43 and 42 forces.")


@pytest.mark.parametrize("count", [10, 43])
@pytest.mark.parametrize(
    ("changes", "rates"),
    [("own far above", "own far above"), ("all equal", "none anywhere"), ("huge", "rare"), ("usual", "districts")],
)
def test_nothing_is_cut_or_covered(changes, rates, count):
    for headings in (HEADINGS, ("Change from the twelve months to March 2013 to those to March 2015", "Rate")):
        chart = made(changes, rates, count, 2, headings)
        check(chart.svg, chart.narrow)


def test_marks_differ_in_grey_by_shape_or_shade():
    svg = made().svg
    fills = {"circle": set(), "path": set()}
    for element in elements(svg):
        if box_of_a_mark(element) in marks(svg):
            fills[element.tag.rsplit("}", 1)[-1]].add(element.get("fill"))
    assert fills["circle"] == {"#FFFFFF"}, "the other forces; all others are diamonds"
    light = sorted(lightness(fill) for fill in fills["path"])
    assert len(light) == 2 and light[1] - light[0] > 60, "the own force and those of its region"
    assert lightness(RANGE) < 225 and 255 - lightness(RANGE) > 25, "the band, on paper"


def box_of_a_mark(element):
    return None if element.tag.endswith("text") else box_of(element)


def lightness(fill):
    """From 0 to 255, as a printer without colour shows it."""
    red, green, blue = (int(fill[place : place + 2], 16) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


PICTURES = """
from test_comparison_chart import made
import hashlib
chart = made(seed=2)
print(hashlib.sha256(repr((chart.svg, chart.narrow, chart.titled, chart.image, chart.alt)).encode()).hexdigest())
"""


def test_the_same_numbers_give_the_same_bytes_in_any_process():
    here = Path(__file__).parents[3]
    paths = os.pathsep.join(map(str, (here / "src", here / "tests", Path(__file__).parent)))
    said = {
        subprocess.run(
            [sys.executable, "-c", PICTURES],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland"))
    }
    assert len(said) == 1 and made(seed=2) == made(seed=2)
