"""The cells of an executed notebook as HTML and as Typst: the only module that knows nbconvert.

What a block looks like is in `templates/`; outputs bring their own HTML and their own Typst, so that the PDF is never
made from HTML.
"""

import base64
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import nbformat
from jinja2 import Environment, Template
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from traitlets import Bool, default

from panelpack.errors import RenderError
from panelpack.rendering.assets import TEMPLATES
from panelpack.rendering.chart_html import chart_html, chart_typst
from panelpack.rendering.editors import for_pages
from panelpack.rendering.markdown import html_blocks, html_inline, quoted, typst_blocks, typst_inline

# A panel member does not see these cells; a reviewer does.
REVIEW_TAG = "review"
PARAMETER_TAGS = {"parameters", "injected-parameters"}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_PYTHON, _CLASSES = PythonLexer(), HtmlFormatter(nowrap=True)


class CellsExporter(TemplateExporter):
    """The cells of a notebook without a page around them. working: with code, streams and reviewers' cells."""

    working = Bool(True)
    language = ""

    @default("template_paths")
    def _own_templates_only(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("template_file")
    def _cells_template(self) -> str:
        return f"cells.{self.language}.j2"

    @default("default_preprocessors")
    def _notebooks_as_they_are(self) -> list[object]:
        return []

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.globals["working"] = self.working
        environment.filters |= {
            "base64": lambda text: base64.b64encode(text.encode()).decode(),
            "cells": lambda notebook: list(_cells(notebook, self.working)),
            "cell_label": _cell_label,
            "chart_html": chart_html,
            "chart_typst": chart_typst,
            "error_text": _error_text,
            "for_pages": for_pages,
            "highlighted": _highlighted,
            "html_blocks": html_blocks,
            "html_inline": html_inline,
            "quoted": quoted,
            "strip_ansi": _strip_ansi,
            "typst_blocks": typst_blocks,
            "typst_inline": typst_inline,
        }
        return environment


class HTMLCells(CellsExporter):
    """The cells as HTML."""

    language = "html"


class TypstCells(CellsExporter):
    """The cells as Typst markup that needs `prelude.typ`."""

    language = "typ"


def html_fragment(notebook: NotebookNode, *, working: bool) -> str:
    """The cells as HTML. Without working: no code, no `review` cells, no streams, as a panel member reads it.

    Raises RenderError for a notebook that stopped with an error, unless its working is shown.
    """
    return _rendered(HTMLCells, notebook, working=working)


def typst_fragment(notebook: NotebookNode, *, working: bool) -> str:
    """The cells as Typst markup that needs `prelude.typ`; otherwise as `html_fragment`."""
    return _rendered(TypstCells, notebook, working=working)


def page_template(language: str) -> Template:
    """The template of a whole page, with the filters that cells have too. language: "html" or "typ"."""
    kind = {cells.language: cells for cells in (HTMLCells, TypstCells)}[language]
    template: Template = _exporter(kind, True).environment.get_template(f"page.{language}.j2")
    return template


def notebook_name(notebook: NotebookNode) -> str:
    """For messages: the file that papermill wrote or read, or nothing better."""
    run = notebook.metadata.get("papermill", {})
    return Path(run.get("output_path") or run.get("input_path") or "a notebook").name


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook that a run wrote, so it is of the format, and have messages call it by its file."""
    notebook: NotebookNode = nbformat.v4.reads(path.read_text(encoding="utf-8"))
    notebook.metadata["papermill"] = NotebookNode(output_path=str(path))
    return notebook


def _rendered(kind: type[CellsExporter], notebook: NotebookNode, *, working: bool) -> str:
    """Fill the template. The exporter itself would first copy the notebook, twice, for preprocessors."""
    return _exporter(kind, working).template.render(nb=notebook).lstrip("\n")


@lru_cache
def _exporter(kind: type[CellsExporter], working: bool) -> CellsExporter:
    return kind(working=working)


def _cells(notebook: NotebookNode, working: bool) -> Iterator[NotebookNode]:
    for number, cell in enumerate(notebook.cells, start=1):
        if not working and _stopped(cell):
            raise RenderError(
                f"{notebook_name(notebook)}, cell {number}: an error was found, expected a notebook that "
                "ran to its end. Run it again before making the pack."
            )
        if working or REVIEW_TAG not in cell.metadata.get("tags", ()):
            yield cell


def _stopped(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", ()))


def _cell_label(cell: NotebookNode) -> str:
    number = cell.get("execution_count")
    label = "Code" if number is None else f"Code, cell {number}"
    tagged = PARAMETER_TAGS.intersection(cell.metadata.get("tags", ()))
    return f"Parameters of this run ({label[0].lower()}{label[1:]})" if tagged else label


@cache  # the notebooks of all priorities have the same code
def _highlighted(source: str) -> str:
    return highlight(source, _PYTHON, _CLASSES).rstrip()


def _strip_ansi(text: str) -> str:
    return _ANSI.sub("", text)


def _error_text(output: NotebookNode) -> str:
    return _strip_ansi("\n".join(output.traceback) or f"{output.ename}: {output.evalue}")
