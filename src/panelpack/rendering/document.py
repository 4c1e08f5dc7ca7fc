"""Executed notebooks as pages: HTML and PDF, one notebook for reviewers or many as the pack for a panel."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nbformat import NotebookNode
from traitlets import default

from panelpack.rendering.cells import HTMLCells, TypstCells, html_fragment, notebook_name, typst_fragment
from panelpack.rendering.html import BACK, html_page, html_pieces
from panelpack.rendering.markdown import html_inline, quoted, typst_inline
from panelpack.rendering.paper import Fragment, Paper, Part
from panelpack.rendering.pdf import forget, included, laid_out, pdf

# Where a cell links to a file that is published beside the pack: a review copy lies in the folder next to it.
_PUBLISHED = re.compile(r"""(?<=href=")(?=[\w-]+\.(?:xlsx|csv)")|(?<=#link\(")(?=[\w-]+\.(?:xlsx|csv)"\))""")


LARGE = 150_000  # characters of a notebook's markup; half as many again as the largest in a plan of 20 priorities


def review_html(notebook: NotebookNode, about: Paper) -> str:
    """One notebook with all its working as a complete page that fetches nothing."""
    return html_page(_beside(html_fragment(notebook, working=True)), about)


def review_pdf(notebook: NotebookNode, about: Paper) -> bytes:
    """One notebook with all its working as PDF/UA-1. Raises RenderError for what cannot be printed."""
    cells = _beside(typst_fragment(notebook, working=True))
    printed = _printed(cells, notebook, about)
    if len(cells) > LARGE:
        forget()  # of a plan with a hundred priorities this holds down the memory that the pack then adds to
    return printed


def _beside(cells: str) -> str:
    return _PUBLISHED.sub("../pack/", cells)


def fragment(notebook: NotebookNode) -> Fragment:
    """One notebook's share of a pack. Raises RenderError for one that stopped with an error."""
    html, typst = html_fragment(notebook, working=False), typst_fragment(notebook, working=False)
    return Fragment(notebook_name(notebook), html, typst)


def _printed(cells: str, notebook: NotebookNode, about: Paper) -> bytes:
    name = notebook_name(notebook)
    return pdf(included(name), {name: cells}, about)


def pack_html(parts: Sequence[Part], about: Paper) -> Iterator[str]:
    """The pack as one page, in pieces. Raises RenderError for an anchor used twice or a heading level left out."""
    return html_pieces(_Pieces(parts), about, together=True)


def pack_pdf(parts: Sequence[Part], about: Paper) -> bytes:
    """The pack as a PDF: parts, with the contents at the foot of the first page.

    What `pack_html` would refuse is not looked for. Raises RenderError for what cannot be printed.
    """
    return pdf(*_markup(parts), about, together=True)


def lay_out(parts: Sequence[Part], about: Paper) -> None:
    """Lay out a pack as `pack_pdf` does, so that one like it is soon printed. Raises RenderError as that does."""
    laid_out(*_markup(parts), about, together=True)


def _markup(parts: Sequence[Part]) -> tuple[str, dict[str, str]]:
    first, *others = parts
    body = "\n".join(["#contents()", *map(_typst_part, (replace(first, new_page=False), *others))])
    return body, {notebook.name: notebook.typst for part in parts for notebook in part.notebooks}


@dataclass(frozen=True)
class _Pieces:
    """The body of the pack's page, a notebook a piece."""

    parts: Sequence[Part]

    def __iter__(self) -> Iterator[str]:
        for number, part in enumerate(self.parts):
            kinds = ["part", *["titled"] * bool(part.title), *["new-page"] * part.new_page]
            yield "\n" * (number > 0) + f'<div class="{" ".join(kinds)}">\n'
            if part.title:
                anchor = f' id="{part.anchor}"' if part.anchor else ""
                yield f"<h2{anchor}>{html_inline(part.title)}</h2>\n"
            for place, notebook in enumerate(part.notebooks):
                if part.title and place:
                    yield BACK
                yield f"{_lower(notebook.html) if part.title else notebook.html}\n"
            yield "</div>"


def _lower(cells: str) -> str:
    return re.sub(r"(</?h)([2-5])(?=[ >])", lambda tag: f"{tag[1]}{int(tag[2]) + 1}", cells)


def _typst_part(part: Part) -> str:
    cells = [included(notebook.name) for notebook in part.notebooks]
    if part.title:
        titles = [(typst_inline(part.title), part.anchor), *[("", "")] * len(cells)]
        cells = [
            f"#chapter([{title}], {quoted(anchor)})[\n{cell}\n]"
            for (title, anchor), cell in zip(titles, cells, strict=False)
        ]
    return f"#part({str(part.new_page).lower()})[\n{chr(10).join(cells)}\n]"


class ReviewHTMLExporter(HTMLCells):
    """One notebook with all its working as a web page: `jupyter nbconvert --to panelpack-html`."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _html_extension(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The page as text, and nbconvert's resources."""
        cells, resources = super().from_notebook_node(nb, resources, **kw)
        return html_page(cells, _paper_of(nb, resources)), resources


class ReviewPDFExporter(TypstCells):
    """One notebook with all its working as a PDF: `jupyter nbconvert --to panelpack-pdf`."""

    output_mimetype = "application/pdf"

    @default("file_extension")
    def _pdf_extension(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The PDF as bytes, and nbconvert's resources."""
        cells, resources = super().from_notebook_node(nb, resources, **kw)
        return _printed(cells, nb, _paper_of(nb, resources)), resources


def _paper_of(notebook: NotebookNode, resources: dict[str, Any]) -> Paper:
    """What the notebook says about its paper in `metadata.panelpack`; by default its file name is the title."""
    title = resources["metadata"].get("name") or notebook_name(notebook)
    about = {"title": title, **notebook.metadata.get("panelpack", {})}
    if isinstance(about.get("document_date"), str):
        about["document_date"] = datetime.date.fromisoformat(about["document_date"])
    return Paper(**about)


# The compiler holds all that it lays out, over 2 MB a page: with as many priorities a process stays below 600 MB.
MOST_NOTEBOOKS = 20


def volumes(parts: Sequence[Part]) -> dict[str, list[Part]]:
    """Return the parts of each volume by the name of its file; all in one if they fit.

    A part of more than MOST_NOTEBOOKS goes into volumes of its own, and the first volume says so in its place.
    """
    made: list[list[Part]] = [[]]
    for part in parts:
        books = part.notebooks
        pieces = [books[place : place + MOST_NOTEBOOKS] for place in range(0, len(books), MOST_NOTEBOOKS)]
        if len(pieces) > 1:
            where = f"Printed in volumes {len(made) + 1} to {len(made) + len(pieces)}."
            made += [[replace(part, notebooks=piece)] for piece in pieces]
            part = replace(part, notebooks=[Fragment(f"volumes of {part.anchor}", "", typst_inline(where))])
        made[0].append(part)
    return {f"panel-pack{f'-{number}' if number > 1 else ''}.pdf": volume for number, volume in enumerate(made, 1)}


def printed(in_print: Mapping[str, Sequence[Part]], about: Paper) -> Iterator[tuple[str, bytes]]:
    """Yield the file name and the PDF of each of `volumes`. Raises RenderError for what cannot be printed."""
    for number, (name, parts) in enumerate(in_print.items(), start=1):
        if len(in_print) > 1:
            forget()
        title = f"{about.title}, volume {number} of {len(in_print)}" if len(in_print) > 1 else about.title
        yield name, pack_pdf(parts, replace(about, title=title))
