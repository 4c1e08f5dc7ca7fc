"""The page of the layouts that were tried shows each with what is sent, what the plan says and what comes of it."""

import html
import re

import yaml

import running
from tools.reference.layouts_tried import TRIED, layouts_tried_page


def read(page):
    """Return the page's text without its tags."""
    return html.unescape(re.sub(r"</?code>", "`", page).replace("</td>", "\n").replace("</p>", "\n"))


def test_every_layout_is_there_with_its_file_and_what_comes_of_it():
    tried = yaml.safe_load((running.ROOT / TRIED).read_text(encoding="utf-8"))
    page = read(layouts_tried_page(running.ROOT))
    places = [page.index(f'scope="rowgroup">{one["name"]}</th>') for one in tried]
    assert places == sorted(places)
    for one, start, end in zip(tried, places, [*places[1:], len(page)], strict=True):
        part = page[start:end]
        files = one.get("sheets") or one["input"]
        for text in [files] if isinstance(files, str) else files.values():
            assert text.rstrip("\n") in part, one["name"]
        assert all(sentence in part for sentence in filter(None, (one.get("refused"), one.get("without_layout"))))


def test_what_is_read_stands_in_columns_with_the_reason_of_each_gap():
    page = read(layouts_tried_page(running.ROOT))
    assert "<pre>       month    n\nrow 2  2022-04  (missing)\nrow 3  2022-05  97</pre>" in page
    assert "columns: {month: month, n: count}\nlayout:\n  marks: {'': missing}</pre>" in page
    assert "Told: 1 row is left unread by `leave_out`.\n" in page


def test_a_project_without_the_table_says_so(tmp_path):
    assert "there is nothing to list" in layouts_tried_page(tmp_path)
