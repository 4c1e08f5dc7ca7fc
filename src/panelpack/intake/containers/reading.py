"""The files that suppliers send as grids of cells: the same cells, whichever program wrote the file."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from panelpack.config.layout import (
    ENDINGS_IN_WORDS,
    SEPARATORS,
    Format,
    Layout,
    format_by_name,
    is_packed,
    with_separator,
)
from panelpack.errors import SourceError, shown
from panelpack.intake.containers.delimited import likely_separator, quoted, read_delimited
from panelpack.intake.containers.extents import MOST_BYTES, check_bytes, check_zip
from panelpack.intake.containers.parquet import read_parquet
from panelpack.intake.containers.workbooks import locked, read_workbook
from panelpack.intake.grid import Grid, visible
from panelpack.intake.received import cut_at_row_limit

__all__ = ["Grid", "read_grids"]

# What a file's content shows it to be, in words.
KINDS = {
    "csv": "text",
    "xlsx": "an xlsx workbook",
    "xls": "an old xls workbook",
    "ods": "an ods workbook",
    "parquet": "a parquet file",
    "gz": "a file packed with gzip",
    "xlsb": "a binary xlsb workbook",
    "html": "a web page (html), as some systems call a workbook",
    "xml": "an XML file, as some systems call a workbook",
    "zip": "a zip archive",
    "damaged": "a damaged zip archive",
    "pdf": "a PDF",
    "office": "an Office document that is no workbook",
}
PLAN = "the table's layout in params/plan.yml"


def read_grids(path: Path, layout: Layout, heads: Sequence[str]) -> list[Grid]:
    """Return what a person sees in a file: text and parquet as one grid, of a workbook one for each sheet that is read.

    heads: what the table's columns are headed in the file, as far as they must be there; a wrong separator is told by
    them, and a hidden column that is needed. The same bytes give the same grids. Raises SourceError, one sentence, for
    a file that is missing, damaged, locked, of another kind than its name or layout says, or without the sheet.
    """
    where = shown(path)
    data = _content(path, where)
    expected = _expected(path, layout, where)
    check_zip(data, where)
    found = kind_of(data)
    if found == "gz" and expected == "csv" and (is_packed(path.name) or layout.format == "csv"):
        data = _unpacked(data, where)
        found = kind_of(data)
    elif is_packed(path.name) and layout.format is None:
        raise SourceError(_mismatch(where, path, layout, "gz", found, data, heads))
    if found == "locked":
        raise SourceError(locked(where))
    if found == "damaged" and expected != "csv":
        raise SourceError(
            f"{where}: the workbook is damaged or cut short, expected a whole one. Ask the supplier for the file again."
        )
    if found != expected:
        raise SourceError(_mismatch(where, path, layout, expected, found, data, heads))
    if expected == "csv":
        layout = with_separator(path.name, layout)
        grids = [read_delimited(data, where, layout, heads)]
    elif expected == "parquet":
        grids = [read_parquet(path, where)]
    else:
        grids = read_workbook(data, expected, where, layout, heads)
    return [_with_row_limit(grid, where, layout, heads) for grid in grids]


def _content(path: Path, where: str) -> bytes:
    if path.is_dir():
        raise SourceError(f"{where}: this is a folder, expected a file. Put the supplier's file there.")
    try:
        check_bytes(path.stat().st_size, where)
        data = path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"{where}: the file is missing. Put it there.") from None
    except OSError as error:
        raise SourceError(f"{where}: the file cannot be opened: {error.strerror}. Make it readable.") from None
    if not data:
        raise SourceError(f"{where}: the file is empty (0 bytes), expected a table. Ask the supplier for it again.")
    return data


def _unpacked(data: bytes, where: str) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise SourceError(
            f"{where}: the packed file is damaged or cut short, expected a whole one. Ask the supplier for it again."
        ) from None
    check_bytes(len(data), where)
    if not data:
        raise SourceError(
            f"{where}: the file packs nothing (0 bytes), expected a table. Ask the supplier for it again."
        )
    return data


# ---------------------------------------------------------------------------------------------- what kind of file
def _expected(path: Path, layout: Layout, where: str) -> Format:
    """Return what a file should be by its layout, else by its name."""
    expected = layout.format or format_by_name(path.name)
    if expected is None:
        ending = "".join(path.suffixes[-2:] if is_packed(path.name) else path.suffixes[-1:]) or "nothing"
        raise SourceError(
            f"{where}: the name ends in {ending!r}, expected {ENDINGS_IN_WORDS}. "
            f"Say format: in {PLAN}, or name the file by what it is."
        )
    return expected


def kind_of(data: bytes) -> str:
    """Return what a file is by its content: one of KINDS, or 'locked' for a workbook with a password."""
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        streams = {
            name: name.encode("utf-16-le") in data
            for name in ("EncryptedPackage", "Workbook", "Book", "WordDocument", "PowerPoint Document")
        }
        if streams["EncryptedPackage"]:
            return "locked"
        is_other = streams["WordDocument"] or streams["PowerPoint Document"]
        return "office" if is_other and not (streams["Workbook"] or streams["Book"]) else "xls"
    starts = {b"\x1f\x8b": "gz", b"PAR1": "parquet", b"%PDF": "pdf"}
    for start, kind in starts.items():
        if data.startswith(start):
            return kind
    begins = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if begins.startswith((b"<!doctype html", b"<html", b"<head", b"<table", b"<body")):
        return "html"
    if begins.startswith(b"<?xml"):
        return "html" if b"<html" in begins else "xml"
    return "csv"


def _kind_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.replace("\\", "/").lstrip("/").casefold() for name in archive.namelist()}
            if "xl/workbook.bin" in names:
                return "xlsb"
            if any(name.startswith("xl/") for name in names):
                return "damaged" if archive.testzip() else "xlsx"
            if "content.xml" in names:
                media = archive.read("mimetype").strip() if "mimetype" in names else b""
                manifest = archive.read("META-INF/manifest.xml") if "meta-inf/manifest.xml" in names else b""
                if b"encryption-data" in manifest:
                    return "locked"
                if media and b"spreadsheet" not in media:
                    return "office"
                return "damaged" if archive.testzip() else "ods"
            return "office" if names & {"word/document.xml", "ppt/presentation.xml"} else "zip"
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, zlib.error, NotImplementedError, RuntimeError):
        return "damaged"


def _mismatch(
    where: str, path: Path, layout: Layout, expected: str, found: str, data: bytes, heads: Sequence[str]
) -> str:
    """Return the sentence for a file of another kind than its name or layout says."""
    said = f"the layout says format: {layout.format}" if layout.format else f"the name ends in {path.suffix!r}"
    beginning = f"{where}: {said}, but the file is {KINDS[found]}, expected {KINDS[expected]}."
    if found == "csv":
        separator = _separator(data, heads)
        also = f" and separator: {quoted(separator)}" if separator else ""
        return f"{beginning} Say format: csv{also} in {PLAN}."
    if found == "gz" and expected == "csv":
        return f"{beginning} Say format: csv in {PLAN}."
    if found in get_args(Format):
        return f"{beginning} Say format: {found} in {PLAN}."
    if found == "damaged":
        return f"{beginning} Ask the supplier for the file again."
    return f"{beginning} Ask the supplier for an xlsx or a csv."


def _separator(data: bytes, heads: Sequence[str]) -> str:
    """Return the name of the separator that a text's cells are likely to have, other than a comma; else ''."""
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = visible(data.decode("utf-16" if marked else "utf-8", errors="replace"))
    likely = likely_separator(text, heads, ",")
    return next((name for name, separator in SEPARATORS.items() if separator == likely), "")


# -------------------------------------------------------------------------------------------------- cut at a limit
def _with_row_limit(grid: Grid, where: str, layout: Layout, heads: Sequence[str]) -> Grid:
    """Return the grid with a remark if it ends where a workbook can hold no more, counted with its heads or without."""
    rows = len(grid.cells)
    head_row = layout.header_row if isinstance(layout.header_row, int) else _head_row(grid, heads)
    below = rows - (head_row + layout.header_rows - 1)
    place = f"{where}, sheet {grid.sheet!r}, row {rows}" if grid.sheet else f"{where}, row {rows}"
    return replace(grid, remarks=(*grid.remarks, *cut_at_row_limit(place, rows, below)))


def _head_row(grid: Grid, heads: Sequence[str]) -> int:
    wanted = {visible(head).strip().casefold() for head in heads}
    rows = (number for number, row in enumerate(grid.cells, 1) if wanted <= {cell.casefold() for cell in row})
    return next(rows, 1)
