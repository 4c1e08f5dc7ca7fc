"""The layouts that were tried, by example: each is a test of layouts_tried.yml, and here a row of a table."""

import csv
import html
import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import yaml

from panelpack.config.layout_checks import layout_line
from tools.reference.markdown import page

TRIED = Path("tests", "unit", "intake", "layouts_tried.yml")
HEADS = ("What the supplier sends", "What the plan says", "What is read, or what is said")
WIDTH = 36  # of a line of YAML, in characters
WIDE = "---\nhide:\n  - toc\n---\n\n"  # the page has no headings, and its table needs the room

Tried = Mapping[str, Any]


def layouts_tried_page(root: Path) -> str:
    """Return the page of the layouts that were tried: what is sent, what the plan says, what comes of it."""
    path = root / TRIED
    if not path.exists():
        return page(
            "Layouts that were tried", f"This project has no `{TRIED.as_posix()}`, so there is nothing to list."
        )
    every = yaml.safe_load(path.read_text(encoding="utf-8"))
    refused = sum("refused" in tried for tried in every)
    return WIDE + page(
        "Layouts that were tried",
        f"{len(every)} layouts, each of them a test (`{TRIED.as_posix()}`): {len(every) - refused} are read as the "
        f"plan says, {refused} are refused with a sentence that says what to do. [Read a file as the supplier sends it]"
        "(../how-to/suppliers-files.md) says which key to take when.",
        "The reported quarter is Quarter 1 2022/23 (April to June 2022). What is read begins with where it stands in "
        "the file. A cell that is not in the declared form stays as it was supplied, and the check of its column's "
        "kind then refuses it by its place.",
        _table(every),
    )


def _table(every: list[Tried]) -> str:
    heads = "".join(f"<th>{head}</th>" for head in HEADS)
    rows = "\n".join(line for tried in every for line in _rows(tried))
    return f'<table class="layouts-tried">\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>'


def _rows(tried: Tried) -> Iterator[str]:
    """Yield the row of a layout's name, and that of its three cells."""
    yield f'<tr><th colspan="{len(HEADS)}" scope="rowgroup">{html.escape(tried["name"])}</th></tr>'
    cells = "".join(f"<td>{cell}</td>" for cell in (_sent(tried), _pre(_plan(tried["table"])), _outcome(tried)))
    yield f"<tr>{cells}</tr>"


def _sent(tried: Tried) -> str:
    """Return the file as text; of several files or sheets each below its name."""
    if isinstance(tried.get("input"), str):
        return _pre(tried["input"])
    named = {f"sheet {name}": text for name, text in tried.get("sheets", {}).items()} or tried["input"]
    return "".join(f"<p>{html.escape(name)}</p>{_pre(text)}" for name, text in named.items())


def _plan(table: Tried) -> str:
    """Return what the plan says of a table, as it is typed: its columns, and its layout a key a line."""
    lines = [line for key, value in table.items() if key != "layout" for line in _lines(key, value)]
    if layout := table.get("layout"):
        lines += ["layout:", *(f"  {line}" for key, value in layout.items() for line in _lines(key, value))]
    return "\n".join(lines)


def _lines(key: str, value: object) -> list[str]:
    """Return a key of a layout in one line, or where that is long an entry a line."""
    line = layout_line(key, value)
    if len(line) <= WIDTH or not isinstance(value, Mapping):
        return [line]
    return [f"{key}:", *(f"  {layout_line(str(name), one)}" for name, one in value.items())]


def _outcome(tried: Tried) -> str:
    """Return the table that is read and what is told of it, or the sentence that refuses it."""
    if "refused" in tried:
        return f"<p>{_sentence(tried['refused'])}</p>"
    parts = [_pre(_aligned(tried))]
    for remark in tried.get("remarks", []):
        parts.append(f"<p>Told: {_sentence(remark.split(': ', 1)[1])}.</p>")
    if advice := tried.get("without_layout"):
        parts.append(f"<p>Without the layout: {_sentence(advice)}</p>")
    return "".join(parts)


def _aligned(tried: Tried) -> str:
    """Return the rows that are read in columns, the reason of each gap in its place."""
    heads, *rows = csv.reader(StringIO(tried["gives"]), delimiter="|")
    gaps = tried.get("gaps", {})
    table = [["", *heads[1:]]]
    for where, *cells in rows:
        shown = [
            f"({gaps[at]})" if (at := f"{where} {head}") in gaps else cell
            for head, cell in zip(heads[1:], cells, strict=True)
        ]
        table.append([f"row {where}" if where.isdigit() else where, *shown])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in table)


def _sentence(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text, quote=False))


def _pre(text: str) -> str:
    return f"<pre>{html.escape(text.rstrip(chr(10)), quote=False)}</pre>"
