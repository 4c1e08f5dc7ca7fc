"""What a notebook says, and how it counts: by its cells in order, each by its type, its source and its tags.

So it counts as the same, whoever ran it and saved it: outputs, execution counts, ids of cells and what editors note
about cells and kernel are no part of it. Nothing heavy is imported, for it is asked before anything else is loaded.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from panelpack.errors import ConfigurationError, shown
from panelpack.project import Project, digest, sha256

CELL_TYPES = ("code", "markdown", "raw")
# The same by hand: `jq -cS 'RULE' notebooks/1_validate.ipynb | sha256sum`.
RULE = '[.cells[] | {type: .cell_type, source: ([.source] | flatten | join("")), tags: (.metadata.tags // [])}]'


class Cell(NamedTuple):
    """A cell of a notebook, as far as it counts."""

    type: str
    source: str
    tags: list[str]


def read_cells(path: Path) -> list[Cell]:
    """Return the cells of a notebook's file. Raises ConfigurationError for one that is no notebook of format 4."""
    return [_cell(path, number, cell) for number, cell in enumerate(_raw_cells(path), start=1)]


def code_in(path: Path) -> Iterator[str]:
    """Yield the source of each cell of code. Raises ConfigurationError for a file that is no notebook."""
    return (cell.source for cell in read_cells(path) if cell.type == "code")


def content_digest(path: Path) -> str:
    """Return the sha256 of what a notebook says, as RULE has it; that of the file where it is no notebook."""
    try:
        cells = [cell._asdict() for cell in read_cells(path)]
        text = json.dumps(cells, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return sha256(text.replace("\x7f", "\\u007f").encode() + b"\n")  # jq writes this character by its number
    except (ConfigurationError, OSError, UnicodeEncodeError):
        return digest(path)  # the run says what is wrong with it


def file_digest(project: Project, path: Path) -> str:
    """Return by what a file counts for records: a notebook by what it says, any other by its bytes; '' without one."""
    return content_digest(path) if project.is_notebook(path) else digest(path)


def measured_notebook(path: Path) -> dict[str, str]:
    """Return what the manifest says of a notebook."""
    return {"sha256": content_digest(path)}


def _raw_cells(path: Path) -> list[Any]:
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


def _cell(path: Path, number: int, cell: Any) -> Cell:
    """Return what counts of a cell. Raises ConfigurationError for what is none."""
    about = cell if isinstance(cell, dict) else {}
    source, tags = _text(about.get("source")), _tags(about.get("metadata"))
    if about.get("cell_type") not in CELL_TYPES or source is None or tags is None:
        raise ConfigurationError(
            f"{shown(path)}: cell {number} is no cell: expected code, markdown or raw with a source. "
            "Open and save the notebook in JupyterLab."
        )
    return Cell(about["cell_type"], source, tags)


def _text(source: Any) -> str | None:
    """Return a cell's text; None where there is none."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def _tags(metadata: Any) -> list[str] | None:
    """Return a cell's tags; None where they are no list of texts."""
    tags = (metadata.get("tags") if isinstance(metadata, dict) else None) or []
    return tags if isinstance(tags, list) and all(isinstance(tag, str) for tag in tags) else None
