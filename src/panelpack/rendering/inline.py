"""What may stand in a cell besides words: a mark, a tag, a small picture, a second line."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from panelpack.errors import RenderError
from panelpack.rendering.assets import asset
from panelpack.rendering.markdown import escape_html, html_inline, plain, quoted, typst_argument, typst_inline
from panelpack.rendering.palette import KINDS
from panelpack.rendering.prose import Block


class Inline(ABC):
    """Something that stands in a line or a cell: one form for the web, one for print, one in plain words."""

    @abstractmethod
    def html(self) -> str:
        """Return it for the web."""

    @abstractmethod
    def typst(self) -> str:
        """Return it for print, as markup."""

    @abstractmethod
    def plain(self) -> str:
        """Return its words."""


Cell = str | Inline  # a string is inline Markdown


def cell_html(cell: Cell) -> str:
    """Return a cell for the web."""
    return html_inline(cell) if isinstance(cell, str) else cell.html()


def cell_typst(cell: Cell) -> str:
    """Return a cell for print, as an argument of a function."""
    return typst_argument(cell) if isinstance(cell, str) else f"[{cell.typst()}]"


def cell_plain(cell: Cell) -> str:
    """Return the words of a cell."""
    return plain(cell) if isinstance(cell, str) else cell.plain()


@dataclass(frozen=True)
class Mark(Inline):
    """A shape of a kind (better, worse, changed, same, none) and the words that say the same. words: inline Markdown.

    The shape is silent to a screen reader: the words are what it means. Raises RenderError for another kind.
    """

    kind: str
    words: str

    def __post_init__(self) -> None:
        _check_kind(self.kind, self.words)

    def html(self) -> str:
        return f'<span class="mark {self.kind}">{_shape(self.kind)}<span>{html_inline(self.words)}</span></span>'

    def typst(self) -> str:
        return f"#mark({quoted(self.kind)})[{typst_inline(self.words)}]"

    def plain(self) -> str:
        return plain(self.words)


@dataclass(frozen=True)
class Tag(Inline):
    """A word in a small box: filled where it is `firm`, else outlined. words: inline Markdown."""

    words: str
    firm: bool = False

    def html(self) -> str:
        return f'<span class="tag{" firm" if self.firm else ""}">{html_inline(self.words)}</span>'

    def typst(self) -> str:
        return f"#tag({str(self.firm).lower()})[{typst_inline(self.words)}]"

    def plain(self) -> str:
        return plain(self.words)


@dataclass(frozen=True)
class Picture(Inline):
    """A small picture in a cell, such as a sparkline. alt: what it says, in one sentence. Sizes in millimetres."""

    svg: str
    alt: str
    width_mm: float
    height_mm: float

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise RenderError("a picture has no alternative text, expected what it says in one sentence. Word it.")

    def html(self) -> str:
        return f'<span class="picture" role="img" aria-label="{escape_html(self.alt)}">{self.svg}</span>'

    def typst(self) -> str:
        return f"#picture({quoted(self.svg)}, {quoted(self.alt)}, {self.width_mm:g}mm, {self.height_mm:g}mm)"

    def plain(self) -> str:
        return self.alt


@dataclass(frozen=True)
class Lines(Inline):
    """A cell of two lines, the second smaller: a result and what it was last time. An empty second line is left out."""

    first: Cell
    second: Cell

    def html(self) -> str:
        second = cell_html(self.second)
        return cell_html(self.first) + (f'<span class="second">{second}</span>' if second else "")

    def typst(self) -> str:
        if not cell_plain(self.second):
            return _markup(self.first)
        return f"{_markup(self.first)}#second[{_markup(self.second)}]"

    def plain(self) -> str:
        return " · ".join(filter(None, (cell_plain(self.first), cell_plain(self.second))))


@dataclass(frozen=True)
class Anchored(Inline):
    """A cell that links lead to by several names: of a row that stands for several things, one a thing."""

    anchors: tuple[str, ...]
    cell: Cell

    def html(self) -> str:
        places = "".join(f'<span id="{escape_html(anchor)}"></span>' for anchor in self.anchors)
        return places + cell_html(self.cell)

    def typst(self) -> str:
        return "".join(f"#anchor({quoted(anchor)})" for anchor in self.anchors) + _markup(self.cell)

    def plain(self) -> str:
        return cell_plain(self.cell)


@dataclass(frozen=True)
class MarkRows(Block):
    """How many there are of each kind, as a number, its words, and as many marks: a picture of a headline.

    rows: the kind, how many, and the words of each, in order; side by side where there is room.
    """

    rows: Sequence[tuple[str, int, str]]

    def __post_init__(self) -> None:
        for kind, _, words in self.rows:
            _check_kind(kind, words)

    def html(self) -> str:
        items = "".join(
            f"<li><strong>{count}</strong> {html_inline(words)}"
            f'<span class="marks" aria-hidden="true">{_shape(kind) * count}</span></li>'
            for kind, count, words in self.rows
        )
        return f'<ul class="mark-rows">{items}</ul>'

    def typst(self) -> str:
        rows = ", ".join(f"({quoted(kind)}, {count}, {typst_argument(words)})" for kind, count, words in self.rows)
        return f"#mark-rows({rows})"

    def plain(self) -> str:
        return "\n".join(f"{count} {plain(words)}" for _, count, words in self.rows)


@dataclass(frozen=True)
class Line(Block):
    """A paragraph of words, marks and tags, in order, set apart by blanks: a verdict and how sure it is.

    small: whether it is set as notes are.
    """

    parts: Sequence[Cell]
    small: bool = False

    def html(self) -> str:
        return f'<p class="line{" second" * self.small}">{" ".join(map(cell_html, self._said))}</p>'

    def typst(self) -> str:
        call = "small-line" if self.small else "line-of"
        return f"#{call}[{' '.join(map(_markup, self._said))}]"

    def plain(self) -> str:
        return " ".join(map(cell_plain, self._said))

    @property
    def _said(self) -> list[Cell]:
        return [part for part in self.parts if cell_plain(part)]


def _markup(cell: Cell) -> str:
    return typst_inline(cell) if isinstance(cell, str) else cell.typst()


def _shape(kind: str) -> str:
    return asset(f"marks/{kind}.svg").strip().replace("<svg ", '<svg class="shape" aria-hidden="true" ', 1)


def _check_kind(kind: str, words: str) -> None:
    if kind not in KINDS:
        raise RenderError(
            f"mark {words!r}: kind {kind!r} was found, expected one of {', '.join(KINDS)}. Correct the kind."
        )
