"""A table as a reader should meet it: caption, header cells, aligned figures, notes.

Cells are display strings; whoever makes a Table has already rounded, suppressed and worded them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from panelpack.errors import RenderError
from panelpack.rendering.inline import Cell, Inline, cell_html, cell_plain, cell_typst
from panelpack.rendering.markdown import escape_html, html_inline, plain, quoted, typst_argument, typst_inline
from panelpack.rendering.prose import Block
from panelpack.shorthand import LOW, NAMES, REVISED, explained

ALIGNMENTS = ("left", "right", "centre")
# "1,234", "-5.6%", "£27.8m", "(3)", "12¹", "180 [r]", and the signs that stand in the place of a figure.
_SIGNS = "|".join(map(re.escape, (*NAMES, LOW)))
_NUMERIC = re.compile(rf"([(+\-−–]?£?\d[\d,.]*( ?(%|pp|m|k))?\)?|{_SIGNS})[*†¹²³⁴-⁹]*( {re.escape(REVISED)})?")
_NO_FIGURE = {"", "-", "–", "—", "n/a"}
_FEWEST_STACKED, _MOST_STACKED = 3, 7
# The first sign of a verdict cell chooses its badge. Word and shape carry the meaning, the colour only helps.
_BADGES = {
    **{"▲": "up", "✓": "up", "●": "same", "◆": "same", "►": "same"},
    **{"▼": "down", "✗": "down", "–": "none"},
}
_BADGE = re.compile(rf"([{''.join(_BADGES)}]) [A-Z]")
# A text column no wider than this keeps its natural width in print; wider ones share what is left.
_NARROW = 16
_FEWEST_LETTERS = 5  # that a column of figures in print has room for


C = TypeVar("C", bound=Cell)


def table_row(cells: Iterable[tuple[str, C]]) -> dict[str, C]:
    """Return a row whose heads are computed, from heads and cells.

    Raises RenderError for two columns with one head: a plain mapping would lose the first of them without a word.
    """
    row: dict[str, C] = {}
    for head, cell in cells:
        if head in row:
            raise RenderError(
                f"a table has two columns with the head {head!r}, expected heads that differ. Say in each head what "
                "its column has that the other has not."
            )
        row[head] = cell
    return row


@dataclass(frozen=True)
class Table(Block):
    """A captioned table that shows itself as HTML, Typst and plain text.

    rows: a mapping a row, from the column's head to a display string (`table_row` makes one of computed heads) or to
    what else may stand in a cell (`Inline`). A string may carry inline Markdown; one that reads like "▲ Improved"
    becomes a badge, and so does one that is in `badges` (the whole cell to up, same, down or none), for words and
    shapes of an office's own. Raises RenderError for a cell that is neither (a NaN, a bare number), for rows with
    different columns, and for two heads that look alike.
    header_column: the first column names its row.
    align: column to "left", "right" or "centre"; columns of figures stand right without being told.
    notes: lines of inline Markdown below the table.
    widths: relative column widths, one a column.
    anchors: of each row what links to it name, '' for none; no anchors: of no row.
    dense: whether its rows stand close in print, so that a page holds more of them.
    groups: by the place of a row (from 0) the heading that stands above it across all columns, as inline Markdown.
    why: where the table tells why a figure is not available, or the reason itself, for the explanation of [x].

    The signs that stand in its heads and cells are explained between caption and rows (`shorthand`), each of them and
    no other.
    """

    rows: Sequence[Mapping[str, Cell]]
    caption: str
    header_column: bool = True
    align: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    widths: Sequence[float] | None = None
    badges: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    anchors: Sequence[str] = ()
    groups: Mapping[int, str] = field(default_factory=dict)
    dense: bool = False

    def __post_init__(self) -> None:
        _check_cells(self)
        _check_layout(self)

    @property
    def columns(self) -> list[str]:
        """The heads of the columns, in order."""
        return list(self.rows[0]) if self.rows else []

    def column(self, name: str) -> list[str]:
        """Return the cells of a column: strings as they are, of what else stands in cells the words."""
        return [cell if isinstance(cell := row[name], str) else cell.plain() for row in self.rows]

    @property
    def shorthand(self) -> str:
        """The line that explains the signs of the heads and cells; '' where there are none."""
        return explained([*self.columns, *(cell for name in self.columns for cell in self.column(name))], self.why)

    def alignments(self) -> list[str]:
        """One of ALIGNMENTS for each column, in order."""
        return [self.align.get(name) or _natural_alignment(self.column(name)) for name in self.columns]

    def html(self) -> str:
        """Return the table for the web: a caption, header cells with their scope, and roles that outlive its style."""
        return _html(self)

    def typst(self) -> str:
        """Return the table for print."""
        return _typst(self)

    def plain(self) -> str:
        """Return the table for a terminal."""
        return _plain(self)


def _check_cells(table: Table) -> None:
    for number, row in enumerate(table.rows, start=1):
        if list(row) != table.columns:
            raise RenderError(
                f"table {table.caption!r}, row {number}: columns {list(row)!r} were found, expected {table.columns!r}. "
                "Give every row the same columns."
            )
        for name, cell in row.items():
            if not isinstance(cell, str | Inline):
                raise RenderError(
                    f"table {table.caption!r}, row {number}, column {name!r}: {cell!r} was found, "
                    "expected a display string. Word the cell, or leave it empty as ''."
                )


def _check_layout(table: Table) -> None:
    where, columns = f"table {table.caption!r}", table.columns
    looks = [" ".join(plain(name).split()).casefold() for name in columns]
    if alike := [name for name, look in zip(columns, looks, strict=True) if looks.count(look) > 1]:
        raise RenderError(f"{where}: the heads {alike!r} look alike to a reader, expected heads that differ.")
    for name, alignment in table.align.items():
        if name not in columns or alignment not in ALIGNMENTS:
            raise RenderError(
                f"{where}: alignment {alignment!r} of column {name!r} was found, expected one of "
                f"{', '.join(ALIGNMENTS)} and a column of the table. Correct 'align'."
            )
    if table.widths is not None and len(table.widths) != len(columns):
        raise RenderError(
            f"{where}: {len(table.widths)} widths were found, expected {len(columns)}, one a column. Correct 'widths'."
        )
    if table.anchors and len(table.anchors) != len(table.rows):
        raise RenderError(
            f"{where}: {len(table.anchors)} anchors were found, expected {len(table.rows)}, one a row. "
            "Correct 'anchors'."
        )
    if strangers := sorted(set(table.groups) - set(range(len(table.rows)))):
        raise RenderError(f"{where}: a group heading above row {strangers[0]} was found, expected a row of the table.")


def _natural_alignment(cells: Sequence[str]) -> str:
    figures = [cell for cell in map(str.strip, map(plain, cells)) if cell not in _NO_FIGURE]
    return "right" if figures and all(_NUMERIC.fullmatch(figure) for figure in figures) else "left"


def _badge(table: Table, cell: Cell) -> str:
    if not isinstance(cell, str):
        return ""
    if cell in table.badges:
        return table.badges[cell]
    match = _BADGE.match(cell)
    return _BADGES[match[1]] if match else ""


# ---------------------------------------------------------------------------------------------- HTML
def _html(table: Table) -> str:
    aligns, names = table.alignments(), table.columns
    head = "".join(
        f'<th scope="col" role="columnheader" class="{align}">{html_inline(name)}</th>'
        for name, align in zip(names, aligns, strict=True)
    )
    body = "\n".join(_html_row(table, place, aligns, names) for place in range(len(table.rows)))
    notes = "".join(f"<p>{html_inline(note)}</p>" for note in table.notes)
    # On a telephone a table becomes a list of cards; the roles keep it a table to a screen reader.
    stacked = (
        ' class="wide"' if len(names) > _MOST_STACKED else ' class="stack"' if len(names) >= _FEWEST_STACKED else ""
    )
    return (
        f'<div class="table"><table role="table"{stacked}><caption>{_html_caption(table)}</caption>{_colgroup(table)}\n'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n<tbody role="rowgroup">\n{body}\n</tbody>'
        "</table></div>" + (f'\n<div class="notes">{notes}</div>' if notes else "")
    )


def _html_caption(table: Table) -> str:
    """Return the caption, with the signs explained in it: so it is read out wherever the table is entered."""
    signs = f'<br><span class="signs">{html_inline(table.shorthand)}</span>' if table.shorthand else ""
    return html_inline(table.caption) + signs


def _colgroup(table: Table) -> str:
    if table.widths is None:
        return ""
    shares = (100 * width / sum(table.widths) for width in table.widths)
    return "<colgroup>" + "".join(f'<col style="width:{share:.4g}%">' for share in shares) + "</colgroup>"


def _html_row(table: Table, number: int, aligns: Sequence[str], names: Sequence[str]) -> str:
    cells = [
        _html_cell(table, cell, align, name, table.header_column and place == 0)
        for place, (cell, align, name) in enumerate(zip(table.rows[number].values(), aligns, names, strict=True))
    ]
    anchor = f' id="{escape_html(table.anchors[number])}"' if table.anchors and table.anchors[number] else ""
    group = ""
    if number in table.groups:
        head = (
            f'<th scope="colgroup" role="columnheader" colspan="{len(names)}">{html_inline(table.groups[number])}</th>'
        )
        group = f'<tr role="row" class="group">{head}</tr>\n'
    return f'{group}<tr role="row"{anchor}>{"".join(cells)}</tr>'


def _html_cell(table: Table, cell: Cell, align: str, name: str, heads_row: bool) -> str:
    text, badge = cell_html(cell), _badge(table, cell)
    if badge:
        text = f'<span class="badge {badge}">{text}</span>'
    if heads_row:
        return f'<th scope="row" role="rowheader" class="{align}">{text}</th>'
    return f'<td role="cell" class="{align}" data-label="{escape_html(plain(name))}">{text}</td>'


# ---------------------------------------------------------------------------------------------- Typst
def _typst(table: Table) -> str:
    aligns = table.alignments()
    header = ", ".join(map(typst_argument, table.columns))
    cells = [_typst_row(table, number) for number in range(len(table.rows))]
    notes = "".join(f"{typst_argument(note)}, " for note in table.notes)
    return "\n".join(
        [
            "#data-table(",
            f"  caption: [{typst_inline(table.caption)}],",
            f"  columns: ({', '.join(_tracks(table, aligns))},),",
            f"  align: ({', '.join(align.replace('centre', 'center') for align in aligns)},),",
            f"  header: ({header},), notes: ({notes}), signs: {typst_argument(table.shorthand)},"
            + " dense: true," * table.dense,
            *cells,
            ")",
        ]
    )


def _typst_row(table: Table, number: int) -> str:
    cells = [_typst_cell(table, cell) for cell in table.rows[number].values()]
    if table.anchors and (anchor := table.anchors[number]):
        cells[0] = f"anchored({quoted(anchor)}, {cells[0]})"
    group = ""
    if number in table.groups:
        group = f"  group-row({len(table.columns)}, {typst_argument(table.groups[number])}),\n"
    return f"{group}  {', '.join(cells)},"


def _typst_cell(table: Table, cell: Cell) -> str:
    badge = _badge(table, cell)
    return f"badge({quoted(badge)}, {cell_typst(cell)})" if badge else cell_typst(cell)


def _tracks(table: Table, aligns: Sequence[str]) -> list[str]:
    if table.widths is not None:
        return [f"{width:g}fr" for width in table.widths]
    # A table of short names and figures stays as narrow as they are: its columns would else stand far apart.
    return [_track(name, table.column(name), align) for name, align in zip(table.columns, aligns, strict=True)]


def _track(head: str, cells: Sequence[str], align: str) -> str:
    longest = max((len(plain(cell)) for cell in cells), default=0)
    if align == "right" and not any(REVISED in cell for cell in cells):
        # As wide as its figures, so that a long heading wraps above them; figures with a sign may wrap themselves.
        heading = max(map(len, plain(head).split()), default=0)
        return f"{0.56 * max(longest, heading, _FEWEST_LETTERS) + 1.1:.2f}em"
    if longest <= _NARROW:
        return "auto"
    return f"{min(longest, 120) ** 0.6:.2f}fr"  # between equal shares and shares by length


# ---------------------------------------------------------------------------------------------- plain
def _plain(table: Table) -> str:
    rows = [[plain(name) for name in table.columns]]
    rows += [[cell_plain(cell) for cell in row.values()] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    aligns = table.alignments()
    lines = ["  ".join(_pad(*cell) for cell in zip(row, widths, aligns, strict=True)).rstrip() for row in rows]
    signs = [plain(table.shorthand)] if table.shorthand else []
    return "\n".join([plain(table.caption), *signs, *lines, *map(plain, table.notes)])


def _pad(cell: str, width: int, align: str) -> str:
    return {"left": cell.ljust, "right": cell.rjust, "centre": cell.center}[align](width)
