"""Row headers in the tables of a tagged PDF, which its compiler does not make: the only module that knows pikepdf."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

Element = Any  # of the tree of tags: a dictionary of the PDF


def with_row_headers(pdf: bytes) -> bytes:
    """Return a tagged PDF in which the first cell of every row of a table is the row's header. The same bytes again.

    A row of one cell that goes across is the header of the rows below it, up to the next of its kind. Each cell then
    names its headers, as the compiler has it name that of its column, since a reader's software looks at nothing else
    where it finds names. The last column goes out of the tags where it has no head (`data-table` in prelude.typ).
    The objects are written packed, which halves the file.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        tree = document.Root.StructTreeRoot
        names = _Names(document)
        for table in _tables(tree):
            _head_rows(table, names)
        if names.given:
            _register(tree, names)
        changed = io.BytesIO()
        document.save(
            changed,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return changed.getvalue()


@dataclass
class _Names:
    """The names that were given to headers of rows, and the headers."""

    document: pikepdf.Pdf
    given: dict[str, Element] = field(default_factory=dict)

    def give(self, element: Element) -> String:
        name = f"R{len(self.given)}"
        self.given[name] = element
        element.ID = String(name)
        return String(name)


def _tables(element: Element) -> Iterator[Element]:
    for child in _children(element):
        if Name.Table == child.S:
            yield child
        else:
            yield from _tables(child)


def _children(element: Element) -> list[Element]:
    """The tags below a tag, without content."""
    below = element.get("/K")
    below = below if isinstance(below, Array) else [below]
    return [child for child in below if isinstance(child, Dictionary) and "/S" in child]


def _head_rows(table: Element, names: _Names) -> None:
    held = any(_is_wordless(_children(row)[-1]) for row in _rows(table, Name.THead))
    width = 0
    for row in _rows(table, Name.THead):
        if held:
            del row.K[len(row.K) - 1]
        width = len(_children(row))
    group: list[String] = []
    for row in _rows(table, Name.TBody):
        cells = _children(row)
        if held and sum(map(_columns, cells)) > width:  # else it goes on from the row above
            del row.K[len(row.K) - 1]
            cells.pop()
        first = cells[0]
        first.S = Name.TH
        about = _about(first)
        about.Scope = Name.Row
        name = names.give(first)
        if len(cells) == 1 < width:
            group = [name]
            continue
        for cell in cells:
            about = _about(cell)
            headers = about.get("/Headers", Array())
            for header in group if cell is first else [*group, name]:
                headers.append(header)
            about.Headers = headers


def _rows(table: Element, part: Name) -> list[Element]:
    return [row for section in _children(table) if part == section.S for row in _children(section)]


def _is_wordless(cell: Element) -> bool:
    """Whether a head is that of a column which only holds rows together: it has neither words nor a line below."""
    below = cell.get("/K", Array())
    is_empty = isinstance(below, Array) and not len(below)
    return is_empty and not any("/BorderStyle" in about for about in _attributes(cell))


def _columns(cell: Element) -> int:
    return next((int(about.ColSpan) for about in _attributes(cell) if "/ColSpan" in about), 1)


def _attributes(cell: Element) -> list[Element]:
    about = cell.get("/A")
    return list(about) if isinstance(about, Array) else [about] if about is not None else []


def _about(cell: Element) -> Element:
    """What a cell says of itself as a cell of a table."""
    for about in _attributes(cell):
        if Name.Table == about.O:
            return about
    cell.A = Array([Dictionary(O=Name.Table), *_attributes(cell)])
    return cell.A[0]


def _register(tree: Element, names: _Names) -> None:
    """Have every name lead to its tag: names in the order of their bytes, those of the compiler with them."""
    entries = {**_registered(tree.get("/IDTree")), **{name.encode(): tag for name, tag in names.given.items()}}
    flat = Array([part for name in sorted(entries) for part in (String(name.decode("latin-1")), entries[name])])
    tree.IDTree = names.document.make_indirect(Dictionary(Names=flat))


def _registered(node: Element | None) -> dict[bytes, Element]:
    if node is None:
        return {}
    entries = list(node.get("/Names", []))
    found = {bytes(name): tag for name, tag in zip(entries[::2], entries[1::2], strict=True)}
    for below in node.get("/Kids", []):
        found |= _registered(below)
    return found
