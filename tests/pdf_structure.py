"""What a reader's software finds in a PDF: its own walk over the tags, with pypdf, which made none of them.

It holds no more than what can be counted. Whether an alternative text says what matters, a person reads.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdf

HEADINGS = {f"/H{level}": level for level in range(1, 7)}
PARTS = ("/THead", "/TBody")
SCOPES_DOWN, SCOPES_ACROSS = {"/Column", "/Both"}, {"/Row", "/Both"}


@dataclass(frozen=True)
class Structure:
    """A PDF, the elements of its tree of tags in reading order, and those that have a name by it."""

    reader: pypdf.PdfReader
    elements: list[Any]
    names: dict[bytes, Any]

    def named(self, *kinds: str) -> list[Any]:
        return [element for element in self.elements if element["/S"] in kinds]


def structure_of(pdf: bytes) -> Structure:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    tree = reader.trailer["/Root"]["/StructTreeRoot"]
    return Structure(reader, list(_below(tree)), _names(tree.get("/IDTree")))


def faults(pdf: bytes) -> list[str]:
    """What is wrong with a PDF, a line each."""
    found = structure_of(pdf)
    tables = list(enumerate(found.named("/Table"), start=1))
    return [
        *_of_the_document(found),
        *_of_headings(found),
        *("a figure has no alternative text" for figure in found.named("/Figure") if not figure.get("/Alt")),
        *(f"table {number}: {fault}" for number, table in tables for fault in _of_a_table(found, table)),
        *(f"page {number}: {fault}" for number, page in _pages(found) for fault in _of_links(found, page)),
    ]


def _of_the_document(found: Structure) -> Iterator[str]:
    root = found.reader.trailer["/Root"]
    if root.get("/Lang") != "en-GB":
        yield f"language {root.get('/Lang')!r}"
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle") or not found.reader.metadata.title:
        yield "the title is not shown"
    if b"pdfuaid:part>1<" not in root["/Metadata"].get_object().get_data():
        yield "does not say that it is PDF/UA-1"


def _of_headings(found: Structure) -> Iterator[str]:
    levels = [HEADINGS[element["/S"]] for element in found.named(*HEADINGS)]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"{levels.count(1)} headings of the first level, or not first"
    yield from (
        f"heading {place}: level {level} after {before}"
        for place, (before, level) in enumerate(pairwise(levels), start=1)
        if level > before + 1
    )
    marked = list(_depths(found.reader.outline))
    if marked != levels:
        yield f"{len(marked)} bookmarks of {len(levels)} headings, or of other levels"


def _depths(outline: list[Any], depth: int = 1) -> Iterator[int]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _depths(entry, depth + 1)
        else:
            yield depth


def _of_a_table(found: Structure, table: Any) -> Iterator[str]:
    parts = {kind: [row for part in _kids(table) if part["/S"] == kind for row in _kids(part)] for kind in PARTS}
    heads, rows = parts["/THead"], parts["/TBody"]
    if not heads or not rows:
        yield "no head or no body"
        return
    for cell in (cell for row in heads for cell in _kids(row)):
        if cell["/S"] != "/TH" or _said(cell, "/Scope") not in SCOPES_DOWN:
            yield "a cell of the head is no header of its column"
    width = sum(_said(cell, "/ColSpan", 1) for cell in _kids(heads[0]))
    for number, row in enumerate(rows):
        cells = _kids(row)
        if cells[0]["/S"] != "/TH" or _said(cells[0], "/Scope") not in SCOPES_ACROSS:
            yield f"row {number} has no header"
        if sum(_said(cell, "/ColSpan", 1) for cell in cells) != width or any(
            _said(c, "/RowSpan", 1) > 1 for c in cells
        ):
            yield f"row {number} is not {width} columns wide"
        for cell in cells:
            named = [found.names.get(_bytes(name)) for name in _said(cell, "/Headers", [])]
            if None in named:
                yield f"row {number}: a cell names a header that is not there"
            if cell["/S"] == "/TD" and {"/Column", "/Row"} - {_said(header, "/Scope") for header in named if header}:
                yield f"row {number}: a cell names no header of its column, or none of its row"


def _of_links(found: Structure, page: Any) -> Iterator[str]:
    if page.get("/Annots") and page.get("/Tabs") != "/S":
        yield "the keyboard does not follow the tags"
    for annotation in (each.get_object() for each in page.get("/Annots", [])):
        if annotation["/Subtype"] != "/Link":
            continue
        if not annotation.get("/Contents") or "/StructParent" not in annotation:
            yield "a link says not where it leads, or has no tag"
        action = annotation.get("/A", {})
        target = annotation.get("/Dest", action.get("/D"))
        if target is None and not action.get("/URI"):
            yield "a link leads nowhere"
        if isinstance(target, str | bytes):
            target = found.reader.named_destinations.get(target)
            target = target and target.dest_array
        if target is not None and target[0].idnum not in {each.indirect_reference.idnum for _, each in _pages(found)}:
            yield "a link leads to no page"


def _pages(found: Structure) -> list[tuple[int, Any]]:
    return list(enumerate(found.reader.pages, start=1))


def _below(element: Any) -> Iterator[Any]:
    for child in _kids(element):
        yield child
        yield from _below(child)


def _kids(element: Any) -> list[Any]:
    below = element.get("/K", [])
    below = below if isinstance(below, list) else [below]
    children = [child.get_object() for child in below]
    return [child for child in children if isinstance(child, dict) and "/S" in child]


def _said(cell: Any, name: str, default: Any = None) -> Any:
    """What a cell says of itself by a name."""
    about = cell.get("/A", [])
    about = about if isinstance(about, list) else [about]
    return next((entry[name] for each in about if name in (entry := each.get_object())), default)


def _names(tree: Any) -> dict[bytes, Any]:
    entries: dict[bytes, Any] = {}
    waiting = [tree] if tree is not None else []
    while waiting:
        node = waiting.pop().get_object()
        names = node.get("/Names", [])
        entries |= {_bytes(name): tag.get_object() for name, tag in zip(names[::2], names[1::2], strict=True)}
        waiting += node.get("/Kids", [])
    return entries


def _bytes(name: Any) -> bytes:
    return getattr(name, "original_bytes", name)
