"""The pages in a real browser: accessible, alone, readable on a telephone and on paper, usable by keyboard."""

from urllib.parse import unquote, urlsplit

import pytest

from browsing import CHROMIUM, HEIGHT

TELEPHONES_AND_DESK = [320, 375, 1200]  # px; 320 is the narrowest that WCAG 1.4.10 asks for
MM = 96 / 25.4  # px
PRINTED_WIDTH = int((210 - 2 * 16) * MM)  # A4 without the margins that style.css asks for
LATER = {"../verify/certificate.html"}  # the page says that it is there once the quarter was verified
SHORTEST_ALT = 40  # characters: fewer name a chart, they do not say what it shows

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


def at_width(page, width):
    page.set_viewport_size({"width": width, "height": HEIGHT})
    return page


@pytest.mark.parametrize("width", TELEPHONES_AND_DESK)
def test_the_page_does_not_scroll_sideways(opened, width):
    page = at_width(opened.page, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_request_leaves_the_file(opened):
    opened.page.wait_for_load_state("networkidle")
    assert {url for url in opened.asked if not url.startswith("data:")} == {opened.path.as_uri()}


def test_every_picture_loads_and_is_told_in_words(opened):
    pictures = opened.page.evaluate(
        """() => Promise.all([...document.images].map(async image => {
            const loaded = await image.decode().then(() => image.naturalWidth > 0, () => false);
            return {alt: image.alt, loaded};
        }))"""
    )
    assert not [picture for picture in pictures if not picture["loaded"] or len(picture["alt"]) <= SHORTEST_ALT]


def test_the_pack_and_the_priority_pages_have_pictures(browser, made_quarter, first_box):
    for name in ("pack/panel-pack.html", f"review/3_priority-{first_box}.html"):
        page = browser.new_page()
        page.goto((made_quarter / name).as_uri())
        assert page.evaluate("document.querySelectorAll('figure').length") > 0
        page.close()


def test_every_link_leads_somewhere(browser, made_quarter):
    page = browser.new_page()
    checked, dead = 0, []
    for path in sorted(made_quarter.rglob("*.html")):
        page.goto(path.as_uri())
        links = page.evaluate("[...document.querySelectorAll('[href]')].map(link => link.getAttribute('href'))")
        targets = set(page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)"))
        dead += [(path.name, link) for link in links if not leads_somewhere(link, targets, path)]
        checked += len(links)
    assert checked and not dead


def leads_somewhere(link, targets, path):
    """Whether a link of a page names an id of it or a file beside it. Addresses elsewhere lead nowhere offline."""
    if link in LATER:
        return True
    if link.startswith("#"):
        return unquote(link[1:]) in targets
    parts = urlsplit(link)
    return not parts.scheme and not parts.netloc and (path.parent / unquote(parts.path)).is_file()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(opened):
    page = at_width(opened.page, TELEPHONES_AND_DESK[-1])
    page.goto(opened.path.as_uri())
    page.keyboard.press("Tab")
    focused = page.evaluate_handle("document.activeElement").as_element()
    assert focused.get_attribute("class") == "skip"
    box = focused.bounding_box()
    assert box["x"] >= 0 and box["y"] >= 0 and box["width"] > 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") < HEIGHT


def test_nothing_is_wider_than_the_printed_page(opened):
    page = at_width(opened.page, PRINTED_WIDTH)
    page.emulate_media(media="print")
    wide = page.evaluate(
        """width => [...document.body.querySelectorAll('*')]
            .filter(element => element.getBoundingClientRect().right > width + 1)
            .map(element => element.outerHTML.slice(0, 120))""",
        PRINTED_WIDTH,
    )
    page.emulate_media(media="screen")
    assert not wide
