"""The source of a printed document: Typst markup around the cells of notebooks."""

from nbformat import NotebookNode

from panelpack.exporters import asset, notebook_name, page_template
from panelpack.paper import Paper
from panelpack.printer import MARK


def marked(cells: str, notebook: NotebookNode) -> str:
    """The markup of a notebook's cells below a comment with its name, which messages give as the place."""
    return f"{MARK}{notebook_name(notebook)}\n{cells}"


def document(body: str, about: Paper) -> str:
    """The markup as the source of a document with the paper's title."""
    return page_template("typ").render(body=body, about=about, prelude=asset("prelude.typ"))
