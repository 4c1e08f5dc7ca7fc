"""The parts of a committee paper that are words: headings, numbered paragraphs, callouts, the title block.

Text is Markdown. `[paragraph 26](#para-reoffending-data)` becomes a link where that anchor is in the document
and stays plain words where it is not, so that one notebook can be read alone.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from panelpack.errors import RenderError
from panelpack.rendering.editors import for_editors
from panelpack.rendering.markdown import (
    escape_html,
    html_blocks,
    html_inline,
    plain,
    quoted,
    typst_blocks,
    typst_inline,
)

CALLOUTS = {"note": "Note", "warning": "Warning", "reconstructed": "Reconstructed"}


class Block(ABC):
    """What a notebook shows: one form for the web, one for print, one for a terminal."""

    @abstractmethod
    def html(self) -> str:
        """Return it for the web."""

    @abstractmethod
    def typst(self) -> str:
        """Return it for print."""

    @abstractmethod
    def plain(self) -> str:
        """Return it for a terminal."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": for_editors(self.html()), "text/typst": self.typst(), "text/plain": self.plain()}


@dataclass(frozen=True)
class Heading(Block):
    """A heading of level 2 to 6 (level 1 is the paper's title), with an anchor to link to, or ''."""

    level: int
    text: str
    anchor: str = ""

    def __post_init__(self) -> None:
        if not 2 <= self.level <= 6:
            raise RenderError(
                f"heading {self.text!r}: level {self.level} was found, expected 2 to 6, since "
                "level 1 is the paper's title. Correct the level."
            )

    def html(self) -> str:
        return f"<h{self.level}{_id(self.anchor)}>{html_inline(self.text)}</h{self.level}>"

    def typst(self) -> str:
        return f"#heading(depth: {self.level})[{typst_inline(self.text)}]{_label(self.anchor)}"

    def plain(self) -> str:
        return f"{'#' * self.level} {plain(self.text)}"


@dataclass(frozen=True)
class Paragraphs(Block):
    """Numbered paragraphs, the number hanging in the margin. Each item: number or '', anchor or '', Markdown."""

    items: Sequence[tuple[str, str, str]]

    def html(self) -> str:
        return "\n".join(
            f'<div class="para"{_id(anchor)}><span class="number">{escape_html(_numbered(number))}'
            f"</span><div>{html_blocks(text)}</div></div>"
            for number, anchor, text in self.items
        )

    def typst(self) -> str:
        return "\n".join(
            f"#para({quoted(_numbered(number))}, {quoted(anchor)})[{typst_blocks(text)}]"
            for number, anchor, text in self.items
        )

    def plain(self) -> str:
        return "\n\n".join(f"{_numbered(number)} {text}".strip() for number, _, text in self.items)


@dataclass(frozen=True)
class Callout(Block):
    """A remark set apart: kind "note", "warning" or "reconstructed", named in words as well as by its border."""

    kind: str
    title: str
    text: str

    def __post_init__(self) -> None:
        if self.kind not in CALLOUTS:
            raise RenderError(
                f"callout {self.title!r}: kind {self.kind!r} was found, expected one of "
                f"{', '.join(CALLOUTS)}. Correct the kind."
            )

    def _heading(self) -> str:
        return ": ".join(filter(None, (CALLOUTS[self.kind], self.title)))

    def html(self) -> str:
        return (
            f'<div class="callout {self.kind}" role="note"><p class="callout-title">'
            f"{html_inline(self._heading())}</p>\n{html_blocks(self.text)}</div>"
        )

    def typst(self) -> str:
        return f"#callout({quoted(self.kind)}, [{typst_inline(self._heading())}])[{typst_blocks(self.text)}]"

    def plain(self) -> str:
        return f"{plain(self._heading())}\n{self.text}"


@dataclass(frozen=True)
class Facts(Block):
    """Names and what they are, side by side, as in a paper's title block. Each item: name, inline Markdown."""

    items: Sequence[tuple[str, str]]

    def html(self) -> str:
        rows = "".join(
            f"<div><dt>{html_inline(name)}</dt><dd>{html_inline(fact)}</dd></div>" for name, fact in self.items
        )
        return f'<dl class="facts">{rows}</dl>'

    def typst(self) -> str:
        cells = ", ".join(f"[{typst_inline(name)}], [{typst_inline(fact)}]" for name, fact in self.items)
        return f"#facts({cells})"

    def plain(self) -> str:
        return "\n".join(f"{plain(name)}: {plain(fact)}" for name, fact in self.items)


@dataclass(frozen=True)
class Text(Block):
    """Markdown that a notebook computed."""

    markdown: str

    def html(self) -> str:
        return html_blocks(self.markdown)

    def typst(self) -> str:
        return typst_blocks(self.markdown)

    def plain(self) -> str:
        return self.markdown


@dataclass(frozen=True)
class NewPage(Block):
    """In print, the start of a page, unless one starts there anyway."""

    def html(self) -> str:
        return '<div class="new-page"></div>'

    def typst(self) -> str:
        return "#pagebreak(weak: true)"

    def plain(self) -> str:
        return ""


@dataclass(frozen=True)
class Beside(Block):
    """Two columns of blocks, the left one read first; one below the other where there is no room."""

    left: Sequence[Block]
    right: Sequence[Block]

    def html(self) -> str:
        columns = ("\n".join(block.html() for block in side) for side in (self.left, self.right))
        return f'<div class="beside">{"".join(f"<div>{column}</div>" for column in columns)}</div>'

    def typst(self) -> str:
        columns = ("\n".join(block.typst() for block in side) for side in (self.left, self.right))
        return f"#beside{''.join(f'[{chr(10)}{column}{chr(10)}]' for column in columns)}"

    def plain(self) -> str:
        return "\n".join(block.plain() for block in (*self.left, *self.right))


@dataclass(frozen=True)
class Folded(Block):
    """What only some readers want: on the web behind its summary, in print one line that says where it is instead.

    summary and in_print: inline Markdown. anchor: what links to it name, or ''.
    """

    summary: str
    blocks: Sequence[Block]
    in_print: str
    anchor: str = ""

    def html(self) -> str:
        inside = "\n".join(block.html() for block in self.blocks)
        return f"<details{_id(self.anchor)}><summary>{html_inline(self.summary)}</summary>\n{inside}\n</details>"

    def typst(self) -> str:
        return f"#folded({quoted(self.anchor)})[{typst_inline(self.in_print)}]"

    def plain(self) -> str:
        return "\n".join([plain(self.summary), *(block.plain() for block in self.blocks)])


def _numbered(number: str) -> str:
    return f"{number}." if number.isdigit() else number


def _id(anchor: str) -> str:
    return f' id="{escape_html(anchor)}"' if anchor else ""


def _label(anchor: str) -> str:
    return f" #label({quoted(anchor)})" if anchor else ""
