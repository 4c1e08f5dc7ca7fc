"""The page of an atlas in a real browser: no barrier, nothing fetched, nothing lost on a telephone or on paper."""

import pytest

import made_atlas
from browsing import (
    CHROMIUM,
    DESK,
    HEIGHT,
    IDLE_STOPS,
    LEAST_CONTRAST,
    PICTURES,
    SCROLLERS,
    WIDTHS,
    barriers,
    contrast_on_white,
    opening,
    shown,
)
from panelpack.atlas.index import read_index
from panelpack.atlas.page import write_page

TARGET = 24  # px: WCAG 2.5.8
CHOSEN = "Greyfell"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@pytest.fixture(scope="module")
def atlas(browser, tmp_path_factory):
    """The page, every table of it unfolded."""
    project = made_atlas.software(tmp_path_factory.mktemp("software"))
    folder = made_atlas.atlas(tmp_path_factory.mktemp("atlas"))
    options = {"release": made_atlas.RELEASE, "baseline": made_atlas.BASELINE, "measures": made_atlas.MEASURES}
    path = write_page(folder, made_atlas.table(project), read_index(folder), project, **options)
    for opened in opening(browser, path):
        opened.page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        yield opened


@pytest.mark.parametrize("width", [320, DESK])
@pytest.mark.parametrize("media", ["light", "forced", "print"])
def test_axe_finds_no_barrier(atlas, width, media):
    page = shown(atlas.page, width, media)
    assert not barriers(page, contrast=True, paper=media == "print")


def test_nothing_scrolls_sideways_and_no_stop_of_the_keyboard_does_nothing(atlas):
    for width in WIDTHS:
        page = shown(atlas.page, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not page.evaluate(SCROLLERS)
        assert not page.evaluate(IDLE_STOPS)


def test_no_request_leaves_the_file_and_the_browser_is_told_so(atlas):
    page = shown(atlas.page, DESK)
    page.wait_for_load_state("networkidle")
    assert {url for url in atlas.asked if not url.startswith("data:")} == {atlas.path.as_uri()}
    blocked = page.evaluate(
        "() => new Promise(done => { const picture = new Image(); picture.onerror = () => done(true); "
        "picture.onload = () => done(false); picture.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='; })"
    )
    assert blocked


def test_a_table_stays_one_on_a_telephone(atlas):
    page = shown(atlas.page, 320)
    table = page.get_by_role("table", name="Domestic burglary: offences by force")
    assert table.get_by_role("rowheader").count() == len(made_atlas.FORCES)
    assert table.get_by_role("cell").count() == 6 * len(made_atlas.FORCES)
    assert table.get_by_role("columnheader", name="12 months to September 2014").count() == 1


def test_boxes_of_the_grid_are_large_enough_for_a_finger(atlas):
    for width in (320, DESK):
        page = shown(atlas.page, width)
        boxes = [box.bounding_box() for box in page.locator(".grid a").all()]
        assert boxes and all(min(box["width"], box["height"]) >= TARGET for box in boxes)


def test_a_chosen_force_is_marked_everywhere_by_keyboard_and_without_script(atlas):
    page = shown(atlas.page, DESK)
    marked = (
        "() => [...document.querySelectorAll('.multiples ul li, .figures tbody tr, .grid tbody tr')]"
        ".filter(one => getComputedStyle(one).outlineStyle !== 'none').map(one => one.textContent)"
    )
    dots = (
        "() => [...document.querySelectorAll('.dots > *')].filter(one => getComputedStyle(one).outlineStyle !== 'none')"
        ".length"
    )
    assert page.evaluate(marked) == []
    page.get_by_role("radio", name="none").focus()
    for _ in range(sorted(made_atlas.FORCES, key=lambda f: (made_atlas.FORCES[f], f)).index(CHOSEN) + 1):
        page.keyboard.press("ArrowDown")
    assert page.get_by_role("radio", name=CHOSEN).is_checked()
    found = page.evaluate(marked)
    measures = 3
    assert len(found) == 1 + 2 * measures and all(words.startswith(CHOSEN) for words in found)
    assert page.evaluate(dots) == page.locator("figure.funnel").count() > 0
    page.get_by_role("radio", name="none").check()
    assert page.evaluate(marked) == []


def test_pictures_keep_their_ground_with_a_palette_of_the_readers_own(atlas):
    page = shown(atlas.page, DESK, "forced")
    for picture in page.evaluate(PICTURES):
        if 'aria-hidden="true"' in picture["name"]:
            continue  # what pictures share
        assert (picture["ground"], picture["keeps"]) == ("rgb(255, 255, 255)", "none"), picture["name"]
        assert all(contrast_on_white(colour) >= LEAST_CONTRAST for colour in picture["words"])
    shown(page, DESK)


def test_lines_that_pictures_share_are_drawn_in_each(atlas):
    page = shown(atlas.page, DESK)
    strokes = page.evaluate(
        "[...document.querySelectorAll('.kept path')].map(path => getComputedStyle(path)).map(s => [s.fill, s.stroke])"
    )
    assert strokes and all(fill == "none" and stroke != "none" for fill, stroke in strokes)
    boxes = page.evaluate(
        "[...document.querySelectorAll('.multiples use')].map(use => use.getBoundingClientRect()).map(b => b.width)"
    )
    assert boxes and all(width > 50 for width in boxes)


def test_words_in_a_funnel_lie_on_its_picture(atlas):
    page = shown(atlas.page, DESK)
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.funnel svg')].flatMap(picture => {
            const field = picture.getBoundingClientRect();
            return [...picture.querySelectorAll('text')].filter(word => {
                const box = word.getBoundingClientRect();
                return box.left < field.left - 1 || box.right > field.right + 1 || box.bottom > field.bottom + 2;
            }).map(word => word.textContent);
        })"""
    )
    assert not outside


def test_words_in_a_funnel_are_large_enough_on_a_telephone(atlas):
    page = shown(atlas.page, 320)
    heights = page.evaluate(
        """() => [...document.querySelectorAll('.funnel svg')].map(picture => 12.5 *
            picture.getBoundingClientRect().width / picture.viewBox.baseVal.width)"""
    )
    assert heights and min(heights) >= 10


def test_no_two_headings_say_the_same(atlas):
    said = atlas.page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(heading => heading.innerText.trim())")
    assert len(said) == len(set(said))


def test_nothing_is_wider_than_the_printed_page(atlas):
    width = int((210 - 2 * 16) * 96 / 25.4)
    page = shown(atlas.page, width, "print")
    page.set_viewport_size({"width": width, "height": HEIGHT})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown(page, DESK)
