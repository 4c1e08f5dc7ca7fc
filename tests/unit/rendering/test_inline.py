"""What stands in cells besides words: each has a form for the web, for print and in plain words."""

import io
import re

import pypdf
import pytest

from panelpack.errors import RenderError
from panelpack.rendering import palette
from panelpack.rendering.assets import asset
from panelpack.rendering.html import html_page
from panelpack.rendering.inline import Lines, Mark, MarkRows, Picture, Tag
from panelpack.rendering.paper import Paper
from panelpack.rendering.pdf import included, pdf
from panelpack.rendering.prose import Folded, Text
from panelpack.rendering.table import Table

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 7"><path d="M0 6L26 1" stroke="#000"/></svg>'
ROWS = [
    {"Name": Lines("[Offences](#row-b)", "target 900"), "Trend": Picture(SVG, "rising", 26, 7)},
    {"Name": "Others", "Trend": Mark("worse", "Worse")},
    {"Name": "More", "Trend": Tag("clear", firm=True)},
]


def print_of(*blocks):
    return pdf(included("a"), {"a": "\n".join(block.typst() for block in blocks)}, Paper("A paper", office="An office"))


@pytest.mark.parametrize("kind", palette.KINDS)
def test_each_kind_has_a_shape_of_its_colour_and_words(kind):
    mark = Mark(kind, "In *words*")
    assert mark.plain() == "In words"
    assert palette.COLOURS[kind] in asset(f"marks/{kind}.svg")
    assert 'aria-hidden="true"' in mark.html() and "In <em>words</em>" in mark.html()


def test_no_two_shapes_are_alike_in_grey():
    shapes = {re.sub(r"#[0-9A-Fa-f]{3,6}", "", asset(f"marks/{kind}.svg")) for kind in palette.KINDS}
    assert len(shapes) == len(palette.KINDS)


@pytest.mark.parametrize(
    ("kind", "least"), [("better", 4.5), ("worse", 4.5), ("changed", 4.5), ("same", 4.5), ("none", 3)]
)
def test_colours_hold_their_contrast_on_white(kind, least):
    parts = [int(palette.COLOURS[kind][place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= least


@pytest.mark.parametrize("block", [lambda: Mark("good", "Good"), lambda: MarkRows([("good", 1, "Good")])])
def test_a_kind_that_has_no_shape_is_refused(block):
    with pytest.raises(RenderError, match=r"^mark 'Good': kind 'good' was found, expected one of better, worse, "):
        block()


def test_a_picture_says_what_it_shows():
    with pytest.raises(RenderError, match="a picture has no alternative text"):
        Picture(SVG, " ", 26, 7)


def test_an_empty_second_line_is_left_out():
    assert Lines("One", "").html() == "One"
    assert Lines("One", "").typst() == "One"
    assert Lines("One", Tag("two")).plain() == "One · two"


def test_a_table_holds_them_with_anchors_and_headings_of_groups():
    table = Table(ROWS, "A table", anchors=["row-a", "row-b", ""], groups={0: "First", 2: "Last"})
    html = html_page(table.html(), Paper("A paper"))
    assert '<tr role="row" id="row-a">' in html and '<a href="#row-b">Offences</a>' in html
    assert html.count('scope="colgroup"') == 2
    assert table.plain().splitlines()[2:] == [
        "Offences · target 900  rising",
        "Others                 Worse",
        "More                   clear",
    ]
    assert print_of(table, MarkRows([("better", 3, "better"), ("none", 0, "none")])) == print_of(
        table, MarkRows([("better", 3, "better"), ("none", 0, "none")])
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"anchors": ["a"]}, "1 anchors were found, expected 3, one a row"),
        ({"groups": {3: "Beyond"}}, "a group heading above row 3 was found"),
    ],
)
def test_a_table_refuses_what_fits_no_row(change, said):
    with pytest.raises(RenderError, match=said):
        Table(ROWS, "A table", **change)


def test_what_is_folded_is_there_on_the_web_and_named_in_print():
    folded = Folded("The months", [Text("Twelve.")], "See [the sheet](indicators.xlsx).", "series-a")
    assert folded.html() == '<details id="series-a"><summary>The months</summary>\n<p>Twelve.</p>\n</details>'
    [page] = pypdf.PdfReader(io.BytesIO(print_of(folded, Text("[There](#series-a).")))).pages
    leads_to = [link.get_object()["/A"].get("/URI") for link in page["/Annots"] if "/A" in link.get_object()]
    assert "Twelve" not in page.extract_text() and "indicators.xlsx" in leads_to
