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


def opening(browser, path):
    """Yield one page in the browser, with the addresses it asked for, and close it."""
    page = browser.new_page(viewport={"width": DESK, "height": HEIGHT})
    asked = []
    page.on("request", lambda asking: asked.append(asking.url))
    page.goto(path.as_uri())
    yield SimpleNamespace(page=page, path=path, asked=asked)
    page.close()
