"""One browser for all pages, and each page once."""

import pytest

from browsing import CHROMIUM, LONG, PACK, SAMPLE, opening


@pytest.fixture(scope="package")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def first_box(office):
    return office.plan.priorities[0].id


@pytest.fixture(scope="package")
def pages(made_quarter, first_box):
    """The files of the pages that are looked at: the pack and a sample of the review copies, or every one."""
    if LONG:
        return sorted(made_quarter.rglob("*.html"))
    return [made_quarter / name.format(first_box=first_box) for name in SAMPLE]


@pytest.fixture(scope="module", params=SAMPLE)
def opened(request, browser, made_quarter, first_box):
    """One page of the sample in the browser, with the addresses it asked for."""
    path = made_quarter / request.param.format(first_box=first_box)
    yield from opening(browser, path)


@pytest.fixture(scope="module")
def pack(browser, made_quarter):
    """The pack in the browser."""
    yield from opening(browser, made_quarter / PACK)
