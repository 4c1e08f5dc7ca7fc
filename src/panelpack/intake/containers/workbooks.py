"""Workbooks (xlsx, xlsm, xls, ods) as grids of what a person sees in their sheets.

Values are read by python-calamine: one quick reader of all four, which reads whatever cells there are, whatever range
the workbook declares. What it cannot tell is told by `hidden`.
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase

from panelpack.config.layout import Layout
from panelpack.errors import SourceError
from panelpack.intake.containers.extents import check_cells
from panelpack.intake.containers.hidden import Unsaid, unsaid_of_ods, unsaid_of_xls, unsaid_of_xlsx
from panelpack.intake.grid import (
    Grid,
    Place,
    cell_text,
    column_letters,
    number_text,
    place,
    ranges,
    visible,
    without_ghosts,
)
from panelpack.intake.received import Remark

UNSAID: dict[str, Callable[[bytes], dict[str, Unsaid]]] = {
    "xlsx": unsaid_of_xlsx,
    "xls": unsaid_of_xls,
    "ods": unsaid_of_ods,
}
_MANIFEST = "META-INF/manifest.xml"
_NAMED = 10  # places that a remark names


def read_workbook(data: bytes, kind: str, where: str, layout: Layout, heads: Sequence[str]) -> list[Grid]:
    """Return the sheets that the layout names, in the workbook's order; by default the first that is not hidden.

    kind: xlsx, xls or ods. where: the file as messages name it. heads: those that the table must have; a hidden column
    asks for an answer if it has one of them. Raises SourceError for a workbook that is locked, damaged or without such
    a sheet.
    """
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum

    try:
        unsaid = UNSAID[kind](data)  # first: for a damaged xls xlrd has words, where calamine breaks off
        if kind != "xlsx":  # of an xlsx calamine reads the sheets that are picked alone, of the others all
            for name, there in unsaid.items():
                check_cells(there.last, f"{where}, sheet {name!r}")
        with CalamineWorkbook.from_object(io.BytesIO(_with_manifest(data) if kind == "ods" else data)) as book:
            names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            hidden = [name for name in names if name in unsaid and unsaid[name].hidden]
            picked = pick_sheets(names, hidden, layout, where)
            grids = []
            for name in picked:
                there = unsaid.get(name, Unsaid())
                check_cells(there.last, f"{where}, sheet {name!r}")
                sheet = book.get_sheet_by_name(name)
                rows, merged = sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges
                cells = _cells(rows, there, merged or ())
                grids.append(Grid(name, cells, tuple(_remarks(cells, there, f"{where}, sheet {name!r}", heads))))
    except SourceError:
        raise
    except PasswordError:
        raise SourceError(locked(where)) from None
    except BaseException as error:  # each reader has its own kinds, and calamine's last one is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        if "encrypted" in str(error):
            raise SourceError(locked(where)) from None
        problem = str(error).strip("'\"").partition("\n")[0].rstrip(".") or type(error).__name__
        raise SourceError(
            f"{where}: the workbook is damaged ({problem}), expected a whole one. Ask the supplier for the file again."
        ) from None
    beside = [name for name in hidden if name not in picked]
    if beside and grids:
        words = f"{'a hidden sheet stands' if len(beside) == 1 else 'hidden sheets stand'} beside it: {_quoted(beside)}"
        first = grids[0]
        remarks = (*first.remarks, Remark("hidden_sheet", f"{where}, sheet {first.sheet!r}", words))
        grids[0] = Grid(first.sheet, first.cells, remarks)
    return grids


def locked(where: str) -> str:
    """Return the sentence for a workbook with a password."""
    return (
        f"{where}: the workbook is protected by a password, expected one that opens without. "
        "Ask the supplier for it without the password."
    )


def pick_sheets(names: Sequence[str], hidden: Sequence[str], layout: Layout, where: str) -> list[str]:
    """Return the names of the sheets that a layout means. Raises SourceError that lists those that there are."""
    there = f"found the sheets {_quoted(names)}" if names else "found no sheet"
    if layout.sheets is not None:
        if fitting := [name for name in names if _fits(name, layout.sheets)]:
            return fitting
        raise SourceError(
            f"{where}: {there}, expected some that fit {layout.sheets!r}. "
            "Correct sheets in the table's layout in params/plan.yml."
        )
    if layout.sheet is not None:
        exact = [name for name in names if visible(name).strip() == visible(layout.sheet).strip()]
        fitting = exact or [name for name in names if _fits(name, layout.sheet)]
        if len(fitting) == 1:
            return fitting
        which = f"{_quoted(fitting)} fit {layout.sheet!r}" if fitting else f"none is {layout.sheet!r}"
        raise SourceError(
            f"{where}: {there}, of which {which}, expected one. "
            "Correct sheet in the table's layout in params/plan.yml; for several that are one table say sheets."
        )
    seen = [name for name in names if name not in hidden] or list(names)
    if not seen:
        raise SourceError(f"{where}: {there}, expected one with a table. Ask the supplier for it.")
    return seen[:1]


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(visible(name).strip(), visible(pattern).strip())


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _with_manifest(data: bytes) -> bytes:
    """Return an ods with the list of its parts, which calamine wants and not every exporter writes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _MANIFEST in archive.namelist():
            return data
    whole = io.BytesIO(data)
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr(_MANIFEST, '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
    return whole.getvalue()


def _cells(rows: Sequence[Sequence[object]], unsaid: Unsaid, merged: Iterable[tuple[Place, Place]]) -> list[list[str]]:
    cells = [[cell_text(value) for value in row] for row in rows]

    def write(at: Place, text: str) -> None:
        row, column = at
        if row < len(cells) and column < len(cells[row]):
            cells[row][column] = text

    for at, number_format in unsaid.formats.items():
        row, column = at
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            write(at, number_text(float(value), number_format))
    for at, text in unsaid.texts.items():
        row, column = at
        # An error has no value, so calamine's last cell may stand before it.
        while text and len(cells) <= row:
            cells.append([])
        while text and len(cells[row]) <= column:
            cells[row].append("")
        write(at, text)
    for at in unsaid.covered:
        write(at, "")
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom + 1, len(cells))):
            for column in range(left, min(right + 1, len(cells[row]))):
                if (row, column) != (top, left):
                    cells[row][column] = ""
    return without_ghosts(cells)


def _remarks(cells: list[list[str]], unsaid: Unsaid, where: str, heads: Sequence[str]) -> Iterable[Remark]:
    if unsaid.hidden:
        yield Remark("hidden_sheet", where, "the sheet is hidden and was read", asks=True)
    rows = [row for row in unsaid.rows if row < len(cells) and cells[row]]
    if rows:
        words = f"{_number(len(rows), 'hidden row')} read: {ranges(row + 1 for row in rows)}"
        yield Remark("hidden_rows", where, words, asks=True)
    columns = [column for column in sorted(unsaid.columns) if any(len(row) > column and row[column] for row in cells)]
    if columns:
        wanted = {visible(head).strip().casefold() for head in heads}
        texts = {row[column].casefold() for row in cells for column in columns if len(row) > column}
        letters = ", ".join(column_letters(column) for column in columns)
        words = f"{_number(len(columns), 'hidden column')} read: {letters}"
        yield Remark("hidden_columns", where, words, asks=not wanted or bool(wanted & texts))
    if unsaid.not_computed:
        words = (
            f"{_number(len(unsaid.not_computed), 'formula')} read as empty (no value is stored): "
            f"{_places(unsaid.not_computed)}"
        )
        yield Remark("formula_without_value", where, words, asks=True)
    if unsaid.zeros:
        words = f"every formula is stored as 0 by a program that computes none, and read as 0: {_places(unsaid.zeros)}"
        yield Remark("formula_without_value", where, words, asks=True)


def _number(count: int, what: str) -> str:
    return f"{count} {what} was" if count == 1 else f"{count:,} {what}s were"


def _places(places: Sequence[Place]) -> str:
    return ", ".join(place(*at) for at in places[:_NAMED]) + (" ..." if len(places) > _NAMED else "")
