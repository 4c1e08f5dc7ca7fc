"""A notebook as it is run: its cells in order, and nothing that an editor or an earlier run left in the file.

Editors leave cells without an id, or two with the same (a cell that was copied), and whoever reads such a file next
gives them ids at random. Here they are settled by the cells' places, so that two runs leave the same bytes. The file
itself is never written.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from panelpack.errors import ConfigurationError, shown

INJECTED = "injected-parameters"
ERROR_MARKER = "papermill-error"
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
MAKE_CELL: dict[str, Callable[..., NotebookNode]] = {
    "code": nbformat.v4.new_code_cell,
    "markdown": nbformat.v4.new_markdown_cell,
    "raw": nbformat.v4.new_raw_cell,
}


def read_notebook_file(path: Path) -> NotebookNode:
    """Return the notebook of a file, with settled ids and without outputs, widgets and the kernel it was saved under.

    Raises ConfigurationError for a file that is no notebook of the present format.
    """
    cells = [_checked(path, number, cell) for number, cell in enumerate(_cells(path), start=1)]
    made = [
        MAKE_CELL[cell["cell_type"]](
            _source(cell),
            id=settled,
            metadata={"tags": list(_tags(cell))} if _tags(cell) else {},
            **({"attachments": cell["attachments"]} if cell.get("attachments") and cell["cell_type"] != "code" else {}),
        )
        for settled, cell in zip(settled_ids(cells), cells, strict=True)
    ]
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=made, metadata=KERNEL, nbformat_minor=5)
    return notebook


def code_in(path: Path) -> Iterator[str]:
    """Yield the source of each cell of code. Raises ConfigurationError for a file that is no notebook."""
    for number, cell in enumerate(_cells(path), start=1):
        if _checked(path, number, cell)["cell_type"] == "code":
            yield _source(cell)


def settled_ids(cells: list[dict[str, Any]]) -> Iterator[str]:
    """Yield an id for each cell: its own where it has one that no cell before it has, else one of its place."""
    own = {str(cell.get("id")) for cell in cells}
    taken: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        settled = cell.get("id")
        # What a run adds has ids of its own.
        is_reserved = str(settled).startswith((INJECTED, ERROR_MARKER)) and INJECTED not in _tags(cell)
        if not isinstance(settled, str) or not CELL_ID.fullmatch(settled) or settled in taken or is_reserved:
            settled = f"cell-{number}"
            while settled in own | taken:
                settled += "-again"
        taken.add(settled)
        yield settled


def _cells(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"{shown(path)}: there is no such notebook. Restore it (git checkout {shown(path)})."
        ) from None
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        raise ConfigurationError(
            f"{shown(path)}{where}: this is no notebook: expected JSON. Restore it (git checkout {shown(path)})."
        ) from None
    about = content if isinstance(content, dict) else {}
    cells = about.get("cells")
    if about.get("nbformat") != 4 or not isinstance(cells, list):
        found = about.get("nbformat")
        raise ConfigurationError(
            f"{shown(path)}: found a notebook of format {found}, expected format 4. Open and save it in JupyterLab."
        )
    return cells


def _checked(path: Path, number: int, cell: Any) -> dict[str, Any]:
    """Return a cell that is one. Raises ConfigurationError."""
    if isinstance(cell, dict) and cell.get("cell_type") in MAKE_CELL and _source(cell) is not None:
        return cell
    raise ConfigurationError(
        f"{shown(path)}: cell {number} is no cell: expected code, markdown or raw with a source. "
        "Open and save the notebook in JupyterLab."
    )


def _source(cell: Mapping[str, Any]) -> Any:
    """Return a cell's text; None where there is none."""
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def _tags(cell: Mapping[str, Any]) -> list[str]:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
