"""A notebook as it is run: its cells in order, and nothing that an editor or an earlier run left in the file.

Editors leave cells without an id, or two with the same (a cell that was copied), and whoever reads such a file next
gives them ids at random. Here a cell is called by its place, whatever the file calls it, so that two runs leave the
same bytes. The file itself is never written.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from panelpack.pipeline.notebook_content import read_cells

INJECTED = "injected-parameters"
ERROR_MARKER = "papermill-error"
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
OF_CODE: dict[str, Any] = {"execution_count": None, "outputs": []}  # what a cell of code has beside


def read_notebook_file(path: Path) -> NotebookNode:
    """Return the notebook of a file: what counts of its cells, called by their places, and our kernel.

    Raises ConfigurationError for a file that is no notebook of the present format.
    """
    cells = [
        {
            "id": place_id(place),
            "cell_type": cell.type,
            "metadata": {"tags": cell.tags} if cell.tags else {},
            "source": cell.source,
            **(OF_CODE if cell.type == "code" else {}),
        }
        for place, cell in enumerate(read_cells(path), start=1)
    ]
    # Not cell by cell with nbformat's functions, each of which holds what it makes to the format again.
    notebook: NotebookNode = nbformat.from_dict(
        {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}
    )
    return notebook


def place_id(place: int) -> str:
    """Return the id of the cell at a place of a notebook, counted from 1."""
    return f"cell-{place}"
