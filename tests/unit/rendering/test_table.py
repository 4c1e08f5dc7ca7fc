import html.parser

import pytest

from panelpack.errors import RenderError
from panelpack.rendering.markdown import escape, html_inline, plain, typst_blocks, typst_inline
from panelpack.rendering.prose import Callout, Facts, Heading, Paragraphs, Text
from panelpack.rendering.table import Table, table_row
from panelpack.shorthand import CONFIDENTIAL, REVISED, SENTENCES


def table(**columns):
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return Table(rows, caption="Priority 1: dashboard")


def forms(block):
    return block._repr_mimebundle_()


@pytest.mark.parametrize(
    "cells, alignment",
    [
        (["1,234", "326"], "right"),
        (["84.2%", "", "–"], "right"),
        (["−51%", "+5.6%", "−0.7 pp"], "right"),
        (["£27.8m", "£4.0m"], "right"),
        (["4,975¹", "[x]"], "right"),
        (["180 [r]", "[low]", "[c]"], "right"),
        (["[c]", ""], "right"),
        (["[x]", "2012/13"], "left"),
        (["", ""], "left"),
        (["12 months", "3"], "left"),
        (["2012/13", "2013/14"], "left"),
    ],
)
def test_columns_of_figures_stand_right(cells, alignment):
    assert table(column=cells).alignments() == [alignment]


@pytest.mark.parametrize("cell", [float("nan"), None, 326])
def test_a_cell_that_is_not_worded_is_refused(cell):
    with pytest.raises(RenderError, match=r"row 2, column 'Latest': .* expected a display string"):
        table(Latest=["1", cell])


def test_rows_of_different_columns_are_refused():
    with pytest.raises(RenderError, match=r"row 2: columns \['b'\] were found, expected \['a'\]"):
        Table([{"a": "1"}, {"b": "2"}], "t")


def test_html_names_columns_and_rows():
    page = forms(table(Indicator=["Number of offences"], Latest=["1,376"], Verdict=["▼ Deteriorated"]))["text/html"]
    assert "tabindex" not in page  # nothing to scroll, so no stop of the keyboard
    assert "<caption>Priority 1: dashboard</caption>" in page
    assert '<th scope="col" role="columnheader" class="right">Latest</th>' in page
    assert 'scope="row" role="rowheader" class="left">Number of offences</th>' in page
    assert '<td role="cell" class="right" data-label="Latest">1,376</td>' in page
    assert '<span class="badge down">▼ Deteriorated</span>' in page


def test_a_minus_is_no_badge():
    assert "badge" not in forms(table(a=["– 5"], b=["–"]))["text/html"]


def test_typst_keeps_figures_and_badges():
    printed = forms(table(Indicator=["Offences #1"], Latest=["1,376"], Verdict=["● No change"]))["text/typst"]
    assert '"Offences #1", "1,376", badge("same", "● No change")' in printed
    assert "align: (left, right, left,)" in printed


def test_layout_that_does_not_fit_is_refused():
    rows = [{"a": "1"}]
    with pytest.raises(RenderError, match="2 widths"):
        Table(rows, "t", widths=[1, 2])
    with pytest.raises(RenderError, match="'b'"):
        Table(rows, "t", align={"b": "left"})
    with pytest.raises(RenderError, match="'middle'"):
        Table(rows, "t", align={"a": "middle"})


def test_plain_text_has_every_cell():
    assert forms(table(Indicator=["**Robbery**"], Latest=["9"]))["text/plain"].splitlines() == [
        "Priority 1: dashboard",
        "Indicator  Latest",
        "Robbery         9",
    ]


@pytest.mark.parametrize(
    "text, markup",
    [
        ("#1 $x @home", r"\#1 \$x \@home"),
        ("a <b> [c]", r"a \<b\> \[c\]"),
        ("-5 // 3*4_", r"\-5 \/\/ 3\*4\_"),
        ("two\nlines", "two lines"),
    ],
)
def test_escape_leaves_nothing_to_typst(text, markup):
    assert escape(text) == markup


def test_markdown_in_both_languages():
    text = "**bold** *light* `code` [paragraph 26](#para-x)¹ <script>"
    assert typst_inline(text) == (r'#strong[bold] #emph[light] #raw("code") #xref("para-x")[paragraph 26]¹ \<script\>')
    assert html_inline(text) == (
        '<strong>bold</strong> <em>light</em> <code>code</code> <a href="#para-x">paragraph 26</a>¹ &lt;script&gt;'
    )
    assert plain(text) == "bold light code paragraph 26¹ <script>"


def test_a_picture_has_no_printed_form():
    for render in (typst_blocks, html_inline):
        with pytest.raises(RenderError, match="'image' was found"):
            render("![chart](https://example.org/a.png)")


class Balanced(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        self.open += [tag] if tag not in ("col", "br", "img") else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "block",
    [
        Heading(2, "To reduce *all* crime", "priority-11"),
        Paragraphs([("26", "para-x", "Late.\n\n- one\n- two"), ("", "", "Not numbered")]),
        Callout("reconstructed", "monthly detail", "See [26](#para-x)."),
        Facts([("Report of", "A & B"), ("Date", "<soon>")]),
        Text("## Heading\n\n1. first"),
        Table([{"a": "x & y", "b": "1"}], "t", notes=["¹ A note"], widths=[3, 1]),
    ],
)
def test_every_block_has_three_forms_and_closes_its_tags(block):
    shown = forms(block)
    assert set(shown) == {"text/html", "text/typst", "text/plain"}
    page = Balanced()
    page.feed(shown["text/html"])
    assert page.open == []


def test_blocks_that_make_no_sense_are_refused():
    with pytest.raises(RenderError, match="level 1 was found"):
        Heading(1, "Title")
    with pytest.raises(RenderError, match="expected one of note, warning, reconstructed"):
        Callout("danger", "", "")


@pytest.mark.parametrize("heads", [("Latest", "Latest"), ("Latest", "latest"), ("Latest ", "**Latest**")])
def test_two_heads_that_a_reader_cannot_tell_apart_are_refused(heads):
    with pytest.raises(RenderError, match=r"two columns with the head|look alike"):
        Table([table_row([("Indicator", "a"), (heads[0], "1"), (heads[1], "2")])], "Dashboard")


def test_a_row_of_computed_heads_keeps_every_column():
    row = table_row([("Baseline Quarter 4", "1"), ("Latest Quarter 4", "2")])
    assert row == {"Baseline Quarter 4": "1", "Latest Quarter 4": "2"}


@pytest.mark.parametrize(
    ("cell", "badges", "badge"),
    [
        ("▲ Improved", {}, "up"),
        ("✓ Met", {}, "up"),
        ("► On course", {}, "same"),
        ("◆ Changed", {}, "same"),
        ("✗ Missed", {}, "down"),
        ("★ Exceeds", {"★ Exceeds": "up"}, "up"),
        ("A reduction of crime", {"A Exceeds": "up"}, ""),
    ],
)
def test_a_verdict_is_a_badge_by_its_shape_or_as_it_is_told(cell, badges, badge):
    shown = forms(Table([{"Verdict": cell}], "Dashboard", header_column=False, badges=badges))
    assert (f'class="badge {badge}"' in shown["text/html"]) == bool(badge)
    assert (f'badge("{badge}"' in shown["text/typst"]) == bool(badge)
    assert cell in shown["text/plain"]


# ------------------------------------------------------------------------------------------------ shorthand
def test_a_sign_is_explained_once_between_caption_and_rows_in_every_form():
    shown = forms(table(Area=["Moors", "Harbour", "Hills"], Latest=["[c]", "12.5% [r]", "[c]"]))
    line = f"[c] {SENTENCES[CONFIDENTIAL]}; [r] {SENTENCES[REVISED]}."
    caption = f'<caption>Priority 1: dashboard<br><span class="signs">{line}</span></caption>'
    assert caption in shown["text/html"]
    assert f'signs: "{line}"' in shown["text/typst"]
    assert shown["text/plain"].splitlines()[1] == line
    assert all(shown[form].count(SENTENCES[CONFIDENTIAL]) == 1 for form in shown)


@pytest.mark.parametrize("cell", ["12", "", "–", "`[c]`", "[c](#para-1)", "marks: '[c]'", "x[c]", "[c]x"])
def test_a_table_without_a_sign_explains_none(cell):
    shown = forms(table(Area=["Moors"], Latest=[cell]))
    assert 'class="signs"' not in shown["text/html"]
    assert 'signs: ""' in shown["text/typst"]
    assert len(shown["text/plain"].splitlines()) == 3


@pytest.mark.parametrize("cell", ["[x]", "[x] (2022/23)", "**[x]**", "83.5% against [x]", "none ([x])"])
def test_a_table_may_say_where_it_tells_why_a_figure_is_not_available(cell):
    assert Table([{"a": cell}], "t", why="the verdict says why").shorthand == "[x] not available: the verdict says why."
    assert Table([{"a": "[z]"}], "t", why="the verdict says why").shorthand == "[z] does not apply."


def test_a_sign_in_a_head_is_explained_too():
    assert Table([{"Latest [r]": "1"}], "t").shorthand == f"[r] {SENTENCES[REVISED]}."
