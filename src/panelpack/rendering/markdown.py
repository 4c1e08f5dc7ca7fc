"""Text as HTML and as Typst: escaping, and Markdown in both languages from one parse.

The same Markdown makes the web page and the PDF, so neither is ever derived from the other.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape as escape_html
from typing import Any

import mistune

from panelpack.errors import RenderError

# Everything that could mean something to Typst in markup; a backslash before punctuation is always literal. Where a
# text begins it may follow a call such as #strong[...], which a semicolon would end, unprinted, and a bracket go on.
_SPECIAL = re.compile(r"(^[;(]|[\\#$*_`<>@\[\]~/\-+=.'\":])")

_SPACES = re.compile(r"[ \t\r\n\f\v]+")  # but for those of a width of their own, and those that do not break

Token = Mapping[str, Any]


def escape(text: str) -> str:
    """Typst markup that shows `text` exactly as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", _SPACES.sub(" ", str(text)).strip(" "))


def quoted(text: str) -> str:
    """`text` as a Typst string literal, with its quotation marks; line breaks are kept."""
    body = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + body.replace("\r\n", "\n").replace("\n", "\\n").replace("\t", "\\t") + '"'


def typst_inline(markdown: str) -> str:
    """One run of inline Markdown (a cell, a caption, a heading) as Typst markup on one line."""
    return "".join(_typst(token) for token in _inline_tokens(markdown))


def typst_argument(markdown: str) -> str:
    """As `typst_inline`, as an argument of a function: plain text as a string, which costs less than markup to lay out.

    The compiler lays out equal strings once, in whatever table they stand.
    """
    tokens = _inline_tokens(markdown)
    if all(token["type"] == "text" for token in tokens):
        return quoted("".join(str(token["raw"]) for token in tokens))
    return f"[{typst_inline(markdown)}]"


def typst_blocks(markdown: str) -> str:
    """Whole Markdown (paragraphs, lists, headings, code, quotations, tables) as Typst markup.

    Raises RenderError for what has no printed form, such as a picture that would have to be fetched.
    """
    tokens: Any = _parser()(markdown)
    return "\n\n".join(filter(None, map(_typst, tokens)))


def html_inline(markdown: str) -> str:
    """One run of inline Markdown as HTML without a surrounding paragraph. Raw HTML is shown, not obeyed."""
    renderer: Any = _html_markdown().renderer
    return str(renderer.render_tokens(_inline_tokens(markdown), None))


def html_blocks(markdown: str) -> str:
    """Whole Markdown as HTML. Raw HTML in it is shown as text, not obeyed."""
    return str(_html_markdown()(markdown)).strip()


def plain(markdown: str) -> str:
    """The words of inline Markdown, without marks: for labels, bookmarks and plain text."""
    return "".join(_words(token) for token in _inline_tokens(markdown))


@lru_cache
def _parser() -> mistune.Markdown:
    return mistune.create_markdown(renderer="ast", plugins=["table"])


class _HTML(mistune.HTMLRenderer):
    """Mistune's HTML, except that a page of ours fetches nothing: a picture is refused, as in print."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        raise _no_form("image")


@lru_cache
def _html_markdown() -> mistune.Markdown:
    return mistune.create_markdown(renderer=_HTML(escape=True), plugins=["table"])


@lru_cache(maxsize=10_000)  # a table's cell is read four times: for HTML, for Typst, as plain text, and to align it
def _inline_tokens(markdown: str) -> Sequence[Token]:
    return _parser().inline(_SPACES.sub(" ", str(markdown)).strip(" "), {}) if markdown else ()


def _words(token: Token) -> str:
    if token["type"] in ("softbreak", "linebreak"):
        return " "
    return str(token["raw"]) if "raw" in token else "".join(_words(child) for child in token["children"])


def _typst(token: Token) -> str:
    kind = str(token["type"])
    if kind in _SILENT:
        return ""
    if kind not in _TYPST:
        raise _no_form(kind)
    return _TYPST[kind](token)


def _no_form(kind: str) -> RenderError:
    return RenderError(
        f"Markdown text: {kind.replace('_', ' ')!r} was found, expected text, lists, tables, "
        "links or code. Show a picture as the output of a cell, with its alternative text."
    )


def _inside(token: Token, separator: str = "") -> str:
    return separator.join(_typst(child) for child in token.get("children", ()))


def _link(token: Token) -> str:
    url = str(token["attrs"]["url"])
    if url.startswith("#"):
        return f"#xref({quoted(url[1:])})[{_inside(token)}]"
    return f"#link({quoted(url)})[{_inside(token)}]"


def _list(token: Token) -> str:
    call = "enum" if token["attrs"]["ordered"] else "list"
    items = "".join(f"[{_inside(item, ' ')}]" for item in token["children"])
    return f"#{call}{items}"


def _raw_block(token: Token) -> str:
    return f"#raw(block: true, {quoted(str(token['raw']).rstrip())})"


def _table(token: Token) -> str:
    head, body = token["children"]
    cells = ", ".join(f"[{_inside(cell)}]" for row in body["children"] for cell in row["children"])
    header = ", ".join(f"[{_inside(cell)}]" for cell in head["children"])
    return f"#table(columns: {len(head['children'])}, table.header({header}), {cells})"


_SILENT = {"blank_line", "thematic_break"}
_TYPST = {
    "text": lambda token: _SPECIAL.sub(r"\\\1", str(token["raw"])),
    "inline_html": lambda token: escape(token["raw"]),
    "block_html": lambda token: escape(token["raw"]),
    "softbreak": lambda token: " ",
    "linebreak": lambda token: "#linebreak()",
    "strong": lambda token: f"#strong[{_inside(token)}]",
    "emphasis": lambda token: f"#emph[{_inside(token)}]",
    "codespan": lambda token: f"#raw({quoted(token['raw'])})",
    "link": _link,
    "paragraph": _inside,
    "block_text": _inside,
    "heading": lambda token: f"#heading(depth: {token['attrs']['level']})[{_inside(token)}]",
    "list": _list,
    "block_code": _raw_block,
    "block_quote": lambda token: f"#quote(block: true)[{_inside(token, ' #parbreak() ')}]",
    "table": _table,
}

__all__ = [
    "escape",
    "escape_html",
    "html_blocks",
    "html_inline",
    "plain",
    "quoted",
    "typst_argument",
    "typst_blocks",
    "typst_inline",
]
