"""A chart on a page: its title and subtitle as words of the page, its picture, and what stands below it."""

from collections.abc import Mapping

from panelpack.rendering.markdown import escape, escape_html, html_inline, quoted, typst_inline


def chart_html(svg: str, said: Mapping[str, str]) -> str:
    """Return a chart for the web: the picture inline, that for a telephone in its place where the page is narrow.

    said: alt, and title, subtitle, caption, narrow and page (SVG) where there are any. That of the page stands in the
    place of the picture of a notebook. Of the two pictures the page's style shows one; the other is no part of the page
    then, for a screen reader either.
    """
    title = f'<p class="chart-title">{escape_html(said["title"])}</p>' if said.get("title") else ""
    subtitle = f'<p class="chart-subtitle">{escape_html(said["subtitle"])}</p>' if said.get("subtitle") else ""
    pictures = _inline(said.get("page", svg), "on-page" if said.get("narrow") else "", said["alt"])
    if said.get("narrow"):
        pictures += _inline(said["narrow"], "on-phone", said["alt"])
    caption = f"<figcaption>{html_inline(said['caption'])}</figcaption>" if said.get("caption") else ""
    return f'<figure class="chart">{title}{subtitle}{pictures}{caption}</figure>'


def chart_typst(svg: str, said: Mapping[str, str]) -> str:
    """Return a chart for print, as markup that needs `prelude.typ`; otherwise as `chart_html`."""
    words = "".join(f"[{escape(said.get(part, ''))}]" for part in ("title", "subtitle"))
    picture, caption = said.get("page", svg), typst_inline(said.get("caption", ""))
    return f"#chart({quoted(picture)}, {quoted(said['alt'])}){words}[{caption}]"


def _inline(svg: str, name: str, alt: str) -> str:
    """Return a picture as an element of the page, with its name for the style and its words for a screen reader."""
    look = f' class="{name}"' if name else ""
    return svg.replace("<svg ", f'<svg{look} role="img" aria-label="{escape_html(alt)}" ', 1)
