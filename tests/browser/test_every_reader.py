"""The pages at every width, with a reader's own palette, on paper and by keyboard: no barrier, nothing lost.

The pack in every way; of the review copies a sample, or with PANELPACK_LONG every one.
"""

import pytest

from browsing import CHROMIUM, DESK, HEIGHT, LONG, PACK

WCAG_A_AND_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
WIDTHS = [320, 768, 1280, 1440]  # px; 320 is 1280 at 400%, the narrowest that WCAG 1.4.10 asks for
MEDIA = {
    "light": {"media": "screen", "forced_colors": "none", "color_scheme": "light"},
    "forced": {"media": "screen", "forced_colors": "active", "color_scheme": "dark"},
    "print": {"media": "print", "forced_colors": "none", "color_scheme": "light"},
}
# Contrast takes four fifths of the time, and no width but the narrow one has colours of its own.
CONTRAST = {(320, "light"), (DESK, "light"), (DESK, "forced"), (DESK, "print")}
LEAST_CONTRAST = 4.5

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]

# Stops of the keyboard that do nothing: no link, no button, nothing that opens, nothing that scrolls.
IDLE_STOPS = """() => [...document.querySelectorAll('*')].filter(element => {
    const scrolls = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
    return element.tabIndex >= 0 && !element.matches('a[href], button, input, summary') && !scrolls;
}).map(element => element.outerHTML.slice(0, 120))"""
# What scrolls sideways inside the page, which a keyboard reaches only in some browsers.
SCROLLERS = """() => [...document.body.querySelectorAll('*')].filter(element =>
    ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1
).map(element => element.outerHTML.slice(0, 120))"""
# The colours of the text in pictures, and whether a picture keeps its own colours and a white ground under them.
PICTURES = """() => [...document.querySelectorAll('figure img, figure svg, .picture svg')].map(picture => ({
    name: picture.outerHTML.slice(0, 80),
    ground: getComputedStyle(picture).backgroundColor,
    keeps: getComputedStyle(picture).forcedColorAdjust,
    words: [...picture.querySelectorAll('text')].map(word => getComputedStyle(word).fill),
}))"""
HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(heading => heading.innerText.trim())"


def shown(page, width, media="light"):
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(**MEDIA[media])
    return page


def barriers(page, *, contrast, paper):
    from axe_playwright_python.sync_playwright import Axe

    # Nodes are listed of violations only: of a pack they would be tens of thousands, and take most of the time.
    rules = {"color-contrast": {"enabled": contrast}, "target-size": {"enabled": not paper}}
    found = Axe().run(page, options={"runOnly": WCAG_A_AND_AA, "resultTypes": ["violations"], "rules": rules}).response
    assert len(found["passes"]) > 10  # axe did look
    return [(rule["id"], node["target"], node["html"]) for rule in found["violations"] for node in rule["nodes"]]


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


def contrast_on_white(colour):
    red, green, blue = (int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05)


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
