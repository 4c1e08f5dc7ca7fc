"""The pack in print: one document, or volumes where it has more priorities than one can hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from panelpack import render
from panelpack.paper import Fragment, Paper, Part
from panelpack.pdf_document import forget
from panelpack.typst_text import typst_inline

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
        yield name, render.pack_pdf(parts, replace(about, title=title))
