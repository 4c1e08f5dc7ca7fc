"""The pages at every width, with a reader's own palette, on paper and by keyboard: no barrier, nothing lost.

The pack in every way; of the review copies a sample, or with PANELPACK_LONG every one.
"""

import pytest

from browsing import (
    CHROMIUM,
    DESK,
    IDLE_STOPS,
    LEAST_CONTRAST,
    LONG,
    MEDIA,
    PACK,
    PICTURES,
    SCROLLERS,
    WIDTHS,
    barriers,
    contrast_on_white,
    shown,
)

# Contrast takes four fifths of the time, and no width but the narrow one has colours of its own.
CONTRAST = {(320, "light"), (DESK, "light"), (DESK, "forced"), (DESK, "print")}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]

HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(heading => heading.innerText.trim())"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("media", MEDIA)
def test_axe_finds_no_barrier_in_the_pack(pack, width, media):
    page = shown(pack.page, width, media)
    assert not barriers(page, contrast=(width, media) in CONTRAST, paper=media == "print")


def test_axe_finds_no_barrier_in_the_review_copies(browser, pages):
    page = browser.new_page()
    ways = [(width, media) for width in WIDTHS for media in MEDIA] if LONG else [(320, "light"), (DESK, "forced")]
    found = []
    for path in pages:
        if not path.match(PACK):
            page.goto(path.as_uri())
            for width, media in ways:
                way = shown(page, width, media)
                at_fault = barriers(way, contrast=(width, media) in CONTRAST, paper=media == "print")
                found += [(path.name, width, media, fault) for fault in at_fault]
    page.close()
    assert not found


def test_nothing_scrolls_sideways_and_no_stop_of_the_keyboard_does_nothing(browser, pages):
    page = browser.new_page()
    found = []
    for path in pages:
        page.goto(path.as_uri())
        for width in WIDTHS:
            shown(page, width)
            over = page.evaluate("document.documentElement.scrollWidth") - width
            found += [(path.name, width, fault) for fault in (over > 0 and over, *page.evaluate(SCROLLERS)) if fault]
            found += [(path.name, width, stop) for stop in page.evaluate(IDLE_STOPS)]
    page.close()
    assert not found


def test_the_keyboard_stops_at_links_and_what_opens_only(opened):
    page = shown(opened.page, DESK)
    page.goto(opened.path.as_uri())
    stops = page.evaluate(
        "[...document.querySelectorAll('a[href], button, summary')].filter(stop => stop.checkVisibility()).length"
    )
    for _ in range(min(stops, 60)):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('a[href], button, summary')")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"


def test_text_in_pictures_is_seen_with_a_palette_of_the_readers_own(opened):
    page = shown(opened.page, DESK, "forced")
    for picture in page.evaluate(PICTURES):
        assert (picture["ground"], picture["keeps"]) == ("rgb(255, 255, 255)", "none"), picture["name"]
        assert all(contrast_on_white(colour) >= LEAST_CONTRAST for colour in picture["words"]), picture
    shown(page, DESK)


def test_the_page_is_set_in_the_typeface_of_the_paper(opened):
    faces = opened.page.evaluate("document.fonts.ready.then(() => [...document.fonts].map(f => [f.family, f.status]))")
    assert [[name.strip('"'), status] for name, status in faces] == [["Source Sans 3", "loaded"]]
    assert opened.page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Source Sans 3"')
    assert float(opened.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) >= 16


def test_no_two_headings_say_the_same(opened):
    said = opened.page.evaluate(HEADINGS)
    assert sorted(said) == sorted(set(said))


def test_a_link_leads_back_to_the_contents_from_every_section(pack):
    page = shown(pack.page, DESK)
    sections = page.evaluate("document.querySelectorAll('main h2').length")
    back = page.evaluate("[...document.querySelectorAll('main .back a')].map(link => link.getAttribute('href'))")
    assert len(back) >= sections and set(back) == {"#contents"}
    assert page.evaluate("document.querySelectorAll('nav#contents a').length") == sections


def test_what_is_folded_opens_by_keyboard(pack):
    page = shown(pack.page, DESK)
    if not page.evaluate("document.querySelectorAll('details').length"):
        pytest.skip("nothing is folded")
    page.focus("details > summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")
    page.keyboard.press("Enter")
