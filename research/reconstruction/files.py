"""Tables as the bytes of the files that suppliers send, the same on every machine."""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from panelpack.errors import SourceError
from panelpack.intake.salts import keyed_hash, read_salt, salt_file

HERE = Path(__file__).resolve().parent
Table = tuple[list[str], list[list[Any]]]  # column heads, rows


def official(name: str) -> list[dict[str, str]]:
    """Read a table of official counts that lies beside this file: a mapping a row."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_csv(table: Table) -> bytes:
    """Return a table as csv: UTF-8, lines that end in LF, a header line."""
    heads, rows = table
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heads, *rows])
    return text.getvalue().encode()


def as_workbook(table: Table, sheet: str, header: Sequence[str], created: datetime) -> bytes:
    """Return a workbook with a block of text above the table, as councils send them."""
    heads, rows = table
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": header[0], "created": created})
    page = book.add_worksheet(sheet)
    bold = book.add_format({"bold": True})
    page.set_column(0, 2, 26)
    page.write_column(0, 0, header)
    page.write_row(len(header), 0, heads, bold)
    for number, row in enumerate(rows, start=len(header) + 1):
        page.write_row(number, 0, row)
    book.close()
    return _uncompressed(buffer.getvalue())


def _uncompressed(archive: bytes) -> bytes:
    """Store the parts of a workbook as they are: compressed bytes differ between versions of zlib."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in sorted(old.namelist()):
            entry = zipfile.ZipInfo(part)
            entry.create_system = 3  # the same on every operating system
            new.writestr(entry, old.read(part))
    return buffer.getvalue()


def with_hashes(sources: str, files: Mapping[str, bytes], folder: Path) -> str:
    """Return the text of sources.yml with the hash of each file, and nothing else changed.

    The hash of a guarded file is keyed by the salt that lies beside it in `folder`. Raises SourceError for a file that
    sources.yml does not list, or lists twice, and for a salt that is missing.
    """
    for name, content in files.items():
        line = re.compile(rf"(^  {re.escape(name)}:\n(?:    .*\n)*?    )((?:keyed_)?sha256): \S*$", re.MULTILINE)
        keys = [key for _, key in line.findall(sources)]
        if len(keys) != 1:
            raise SourceError(f"sources.yml: {name!r} has {len(keys)} sha256 lines, expected 1. Correct the file.")
        salt = read_salt(folder / name) if keys == ["keyed_sha256"] else ""
        if not salt and keys == ["keyed_sha256"]:
            raise SourceError(f"{salt_file(folder / name)}: the salt is missing. Restore it (git checkout).")
        new = keyed_hash(content, salt) if salt else hashlib.sha256(content).hexdigest()
        sources = line.sub(rf"\g<1>\g<2>: {new}", sources)
    return sources
