"""A web page that fetches nothing: an anchor on every heading, contents, and no link that leads nowhere."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from panelpack.errors import RenderError
from panelpack.rendering.assets import asset
from panelpack.rendering.cells import page_template
from panelpack.rendering.fonts import FAMILY, web_font
from panelpack.rendering.paper import Paper

_HEADING = re.compile(r'<h([2-6])(?: id="([^"]*)")?>(.*?)</h\1>', re.DOTALL)
_LINK_HERE = re.compile(r'<a href="#([^"]*)">(.*?)</a>', re.DOTALL)
_OF_THE_PAGE = ("contents", "contents-title", "content")  # anchors of page.html.j2
# Stands before each section but the first, and at the end (page.html.j2).
BACK = '<p class="back"><a href="#contents">Back to contents</a></p>\n'


def html_page(body: str, about: Paper) -> str:
    """The body as a complete page with its contents. Raises RenderError as `sections` does."""
    return "".join(html_pieces([body], about))


def html_pieces(
    bodies: Iterable[str], about: Paper, *, together: bool = False, more_style: str = "", policy: str = ""
) -> Iterator[str]:
    """The pieces of a body as a complete page in pieces; otherwise as `html_page`. They are iterated twice.

    together: they are a pack, which starts with what it says and not with a title. more_style: what a page of another
    kind looks like besides. policy: what a browser may fetch and run for it; without one it is not told.
    """
    pieces, entries = sections(bodies)
    yield from page_template("html").generate(
        pieces=pieces,
        entries=_contents(entries),
        about=about,
        together=together,
        style=asset("style.css") + more_style,
        policy=policy,
        family=FAMILY,
        font=web_font(),
    )


def _contents(entries: Sequence[tuple[int, str, str]]) -> list[tuple[str, str]]:
    """Anchor and HTML of the headings of one level: the second, or the third where there is but one of the second."""
    listed = [[entry[1:] for entry in entries if entry[0] == level] for level in (2, 3)]
    return listed[0] if len(listed[0]) > 1 or not listed[1] else listed[1]


def sections(bodies: Iterable[str]) -> tuple[Iterator[str], list[tuple[int, str, str]]]:
    """The pieces with an anchor on every heading and no dead link, and their headings (level, anchor, HTML).

    Before each section of the second level but the first, a link leads back to the contents.

    Raises RenderError for an anchor used twice or a heading level left out.
    """
    anchors = Counter(anchor for body in bodies for anchor in re.findall(r'\sid="([^"]+)"', body))
    anchors.update(_OF_THE_PAGE)
    if repeated := sorted(anchor for anchor, times in anchors.items() if times > 1):
        raise RenderError(
            f"the pages together: anchor {repeated[0]!r} was found {anchors[repeated[0]]} times, "
            "expected once. Give each heading and paragraph an anchor of its own."
        )
    entries: list[tuple[int, str, str]] = []
    level_before = 1

    def anchored(heading: re.Match[str]) -> str:
        nonlocal level_before
        level, text = int(heading[1]), heading[3]
        if level > level_before + 1:
            raise RenderError(
                f"heading {_words(text)!r}: level {level} was found after level {level_before}, "
                f"expected at most {level_before + 1}. Leave no level out."
            )
        level_before = level
        anchor = heading[2] or _unused(_slug(text), anchors)
        anchors[anchor] += 1
        entries.append((level, anchor, text))
        back = BACK if level == 2 and len(entries) > 1 else ""
        return f'{back}<h{level} id="{anchor}">{text}</h{level}>'

    def live(link: re.Match[str]) -> str:
        return link[0] if link[1] in anchors else link[2]

    pieces = [_HEADING.sub(anchored, body) for body in bodies]
    return (_LINK_HERE.sub(live, piece) for piece in pieces), entries


def _words(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


def _slug(html: str) -> str:
    return "section-" + (re.sub(r"[^a-z0-9]+", "-", _words(html).lower()).strip("-") or "untitled")


def _unused(anchor: str, anchors: Counter[str]) -> str:
    number = 1
    candidate = anchor
    while candidate in anchors:
        number += 1
        candidate = f"{anchor}-{number}"
    return candidate
