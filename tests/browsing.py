"""Pages in a browser, as the tests of them look at them."""

import os
import shutil
from types import SimpleNamespace

CHROMIUM = shutil.which("chromium")
LONG = bool(os.environ.get("PANELPACK_LONG"))
PACK = "pack/panel-pack.html"
SAMPLE = [
    PACK,
    "review/index.html",
    "review/1_validate.html",
    "review/3_priority-{first_box}.html",
    "review/4_dashboard.html",
]
HEIGHT, DESK = 800, 1280  # px
WCAG_A_AND_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
WIDTHS = [320, 768, 1280, 1440]  # px; 320 is 1280 at 400%, the narrowest that WCAG 1.4.10 asks for
MEDIA = {
    "light": {"media": "screen", "forced_colors": "none", "color_scheme": "light"},
    "forced": {"media": "screen", "forced_colors": "active", "color_scheme": "dark"},
    "print": {"media": "print", "forced_colors": "none", "color_scheme": "light"},
}
LEAST_CONTRAST = 4.5
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


def opening(browser, path):
    """Yield one page in the browser, with the addresses it asked for, and close it."""
    page = browser.new_page(viewport={"width": DESK, "height": HEIGHT})
    asked = []
    page.on("request", lambda asking: asked.append(asking.url))
    page.goto(path.as_uri())
    yield SimpleNamespace(page=page, path=path, asked=asked)
    page.close()


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


def contrast_on_white(colour):
    red, green, blue = (int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05)
