"""A web page that fetches nothing: an anchor on every heading, contents, and no link that leads nowhere."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from panelpack.errors import RenderError
from panelpack.rendering.cells import asset, page_template
from panelpack.rendering.paper import Paper

_HEADING = re.compile(r'<h([2-6])(?: id="([^"]*)")?>(.*?)</h\1>', re.DOTALL)
_LINK_HERE = re.compile(r'<a href="#([^"]*)">(.*?)</a>', re.DOTALL)
_LISTED = 3  # the deepest level of heading that the contents list


def html_page(body: str, about: Paper) -> str:
    """The body as a complete page with its contents. Raises RenderError as `sections` does."""
    return "".join(html_pieces([body], about))


def html_pieces(bodies: Iterable[str], about: Paper) -> Iterator[str]:
    """The pieces of a body as a complete page in pieces; otherwise as `html_page`. They are iterated twice."""
    pieces, entries = sections(bodies)
    yield from page_template("html").generate(pieces=pieces, entries=entries, about=about, style=asset("style.css"))


def sections(bodies: Iterable[str]) -> tuple[Iterator[str], list[tuple[int, str, str]]]:
    """The pieces with an anchor on every heading and no dead link, and their contents (level, anchor, HTML).

    Raises RenderError for an anchor used twice or a heading level left out.
    """
    anchors = Counter(anchor for body in bodies for anchor in re.findall(r'\sid="([^"]+)"', body))
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
        if level <= _LISTED:
            entries.append((level, anchor, text))
        return f'<h{level} id="{anchor}">{text}</h{level}>'

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
