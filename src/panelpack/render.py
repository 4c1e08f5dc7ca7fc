"""Executed notebooks as pages: HTML and PDF, one notebook for reviewers or many as the pack for a panel.

The only module that knows nbconvert and Typst. What a block looks like is in `templates/`; outputs bring their
own HTML and their own Typst, so the PDF is never made from HTML.
"""

import base64
import datetime
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import matplotlib
import typst
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from traitlets import Bool, default

from panelpack.errors import RenderError
from panelpack.typst_text import html_blocks, html_inline, quoted, typst_blocks, typst_inline

TEMPLATES = Path(__file__).parent / "templates"
# Shipped with matplotlib, so every machine prints with the same letters and needs no fonts of its own.
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
# A panel member does not see these cells; a reviewer does.
REVIEW_TAG = "review"
PARAMETER_TAGS = {"parameters", "injected-parameters"}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Paper:
    """What every page says about itself. document_date dates the PDF: the paper's date, never the clock."""

    title: str
    office: str = ""
    panel: str = ""
    marking: str = ""
    date_text: str = ""
    notice: str = ""
    document_date: datetime.date | None = None


@dataclass(frozen=True)
class Part:
    """Notebooks that follow each other in a pack.

    With a title the part has a heading of its own, and the notebooks' headings go one level down; with ''
    the notebooks bring their own headings of level 2.
    """

    title: str
    anchor: str
    notebooks: Sequence[NotebookNode]
    new_page: bool = False


# ---------------------------------------------------------------------------------------------- cells
class _CellsExporter(TemplateExporter):
    """The cells of a notebook without a page around them. working: with code, streams and reviewers' cells."""

    working = Bool(True)
    language = ""

    @default("template_paths")
    def _own_templates_only(self):
        return [str(TEMPLATES)]

    @default("template_file")
    def _cells_template(self):
        return f"cells.{self.language}.j2"

    @default("default_preprocessors")
    def _notebooks_as_they_are(self):
        return []

    def _create_environment(self):
        environment = super()._create_environment()
        environment.globals["working"] = self.working
        environment.filters |= {
            "base64": lambda text: base64.b64encode(text.encode()).decode(),
            "cells": lambda notebook: list(_cells(notebook, self.working)),
            "cell_label": _cell_label,
            "error_text": _error_text,
            "highlighted": _highlighted,
            "html_blocks": html_blocks,
            "html_inline": html_inline,
            "quoted": quoted,
            "strip_ansi": _strip_ansi,
            "typst_blocks": typst_blocks,
            "typst_inline": typst_inline,
        }
        return environment


class _HTMLCells(_CellsExporter):
    language = "html"


class _TypstCells(_CellsExporter):
    language = "typ"


class ReviewHTMLExporter(_HTMLCells):
    """One notebook with all its working as a web page: `jupyter nbconvert --to panelpack-html`."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _html_extension(self):
        return ".html"

    def from_notebook_node(self, nb, resources=None, **kw):
        """The page as text, and nbconvert's resources."""
        cells, resources = super().from_notebook_node(nb, resources, **kw)
        return _html_page(cells, _paper_of(nb, resources)), resources


class ReviewPDFExporter(_TypstCells):
    """One notebook with all its working as a PDF: `jupyter nbconvert --to panelpack-pdf`."""

    output_mimetype = "application/pdf"

    @default("file_extension")
    def _pdf_extension(self):
        return ".pdf"

    def from_notebook_node(self, nb, resources=None, **kw):
        """The PDF as bytes, and nbconvert's resources."""
        cells, resources = super().from_notebook_node(nb, resources, **kw)
        return _pdf(_marked(cells, nb), _paper_of(nb, resources)), resources


def html_fragment(notebook: NotebookNode, *, working: bool) -> str:
    """The cells as HTML. Without working: no code, no `review` cells, no streams, as a panel member reads it.

    Raises RenderError for a notebook that stopped with an error, unless its working is shown.
    """
    return _exporter(_HTMLCells, working).from_notebook_node(notebook)[0]


def typst_fragment(notebook: NotebookNode, *, working: bool) -> str:
    """The cells as Typst markup that needs `prelude.typ`; otherwise as `html_fragment`."""
    return _exporter(_TypstCells, working).from_notebook_node(notebook)[0]


def review_html(notebook: NotebookNode, about: Paper) -> str:
    """One notebook with all its working as a complete page that fetches nothing."""
    return _html_page(html_fragment(notebook, working=True), about)


def review_pdf(notebook: NotebookNode, about: Paper) -> bytes:
    """One notebook with all its working as PDF/UA-1. Raises RenderError for what cannot be printed."""
    return _pdf(_marked(typst_fragment(notebook, working=True), notebook), about)


def pack_html(parts: Sequence[Part], about: Paper) -> str:
    """The pack as one page. Raises RenderError for an anchor used twice or a heading level left out."""
    return _html_page("\n".join(map(_html_part, parts)), about)


def pack_pdf(parts: Sequence[Part], about: Paper) -> bytes:
    """The pack as one PDF/UA-1 document: title, contents, parts. Raises RenderError as `pack_html` does."""
    _sections("\n".join(map(_html_part, parts)))
    return _pdf("\n".join(["#contents()", *map(_typst_part, parts)]), about)


@lru_cache
def _exporter(kind: type[_CellsExporter], working: bool) -> _CellsExporter:
    return kind(working=working)


def _cells(notebook: NotebookNode, working: bool) -> Iterator[NotebookNode]:
    for number, cell in enumerate(notebook.cells, start=1):
        if not working and _stopped(cell):
            raise RenderError(
                f"{_name(notebook)}, cell {number}: an error was found, expected a notebook that "
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


def _highlighted(source: str) -> str:
    return highlight(source, _PYTHON, _CLASSES).rstrip()


_PYTHON, _CLASSES = PythonLexer(), HtmlFormatter(nowrap=True)


def _strip_ansi(text: str) -> str:
    return _ANSI.sub("", text)


def _error_text(output: NotebookNode) -> str:
    return _strip_ansi("\n".join(output.traceback) or f"{output.ename}: {output.evalue}")


def _name(notebook: NotebookNode) -> str:
    """For messages: the file that papermill wrote or read, or nothing better."""
    run = notebook.metadata.get("papermill", {})
    return Path(run.get("output_path") or run.get("input_path") or "a notebook").name


def _paper_of(notebook: NotebookNode, resources: dict) -> Paper:
    """What the notebook says about its paper in `metadata.panelpack`; by default its file name is the title."""
    about = {"title": resources["metadata"].get("name") or _name(notebook), **notebook.metadata.get("panelpack", {})}
    if isinstance(about.get("document_date"), str):
        about["document_date"] = datetime.date.fromisoformat(about["document_date"])
    return Paper(**about)


# ---------------------------------------------------------------------------------------------- HTML
_HEADING = re.compile(r'<h([2-6])(?: id="([^"]*)")?>(.*?)</h\1>', re.DOTALL)
_LINK_HERE = re.compile(r'<a href="#([^"]*)">(.*?)</a>', re.DOTALL)


def _html_part(part: Part) -> str:
    cells = "\n".join(html_fragment(notebook, working=False) for notebook in part.notebooks)
    if part.title:
        cells = re.sub(r"(</?h)([2-5])(?=[ >])", lambda tag: f"{tag[1]}{int(tag[2]) + 1}", cells)
        anchor = f' id="{part.anchor}"' if part.anchor else ""
        cells = f"<h2{anchor}>{html_inline(part.title)}</h2>\n{cells}"
    return f'<div class="part{" new-page" if part.new_page else ""}">\n{cells}\n</div>'


def _html_page(body: str, about: Paper) -> str:
    body, entries = _sections(body)
    template = _exporter(_HTMLCells, True).environment.get_template("page.html.j2")
    return template.render(body=body, entries=entries, about=about, style=_asset("style.css"))


def _sections(body: str) -> tuple[str, list[tuple[int, str, str]]]:
    """The body with an anchor on every heading and no dead link, and its contents (level, anchor, HTML)."""
    anchors = Counter(re.findall(r'\sid="([^"]+)"', body))
    if repeated := sorted(anchor for anchor, times in anchors.items() if times > 1):
        raise RenderError(
            f"the pages together: anchor {repeated[0]!r} was found {anchors[repeated[0]]} times, "
            "expected once. Give each heading and paragraph an anchor of its own."
        )
    entries: list[tuple[int, str, str]] = []
    level_before = 1

    def anchored(heading: re.Match) -> str:
        nonlocal level_before
        level, text = int(heading[1]), heading[3]
        if level > level_before + 1:
            raise RenderError(
                f"heading {_words(text)!r}: level {level} was found after level {level_before}, "
                f"expected at most {level_before + 1}. Leave no level out."
            )
        level_before = level
        anchor = heading[2] or _unused(_slug(text), anchors)
        anchors[anchor] += 1
        if level <= 3:
            entries.append((level, anchor, text))
        return f'<h{level} id="{anchor}">{text}</h{level}>'

    body = _HEADING.sub(anchored, body)
    return _LINK_HERE.sub(lambda link: link[0] if link[1] in anchors else link[2], body), entries


def _words(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


def _slug(html: str) -> str:
    return "section-" + (re.sub(r"[^a-z0-9]+", "-", _words(html).lower()).strip("-") or "untitled")


def _unused(anchor: str, anchors: Counter) -> str:
    number = 1
    candidate = anchor
    while candidate in anchors:
        number += 1
        candidate = f"{anchor}-{number}"
    return candidate


# ---------------------------------------------------------------------------------------------- PDF
_MARK = "// notebook: "


def _marked(cells: str, notebook: NotebookNode) -> str:
    return f"{_MARK}{_name(notebook)}\n{cells}"


def _typst_part(part: Part) -> str:
    cells = "\n".join(_marked(typst_fragment(notebook, working=False), notebook) for notebook in part.notebooks)
    new_page = str(part.new_page).lower()
    return f"#part([{typst_inline(part.title)}], {quoted(part.anchor)}, {new_page})[\n{cells}\n]"


def _pdf(body: str, about: Paper) -> bytes:
    template = _exporter(_TypstCells, True).environment.get_template("page.typ.j2")
    source = template.render(body=body, about=about, prelude=_asset("prelude.typ"))
    try:
        pdf, warnings = typst.compile_with_warnings(
            source.encode(),
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=_timestamp(about),
            ignore_system_fonts=True,
            font_paths=[str(FONTS)],
        )
    except typst.TypstError as error:
        raise _unprintable(source, error) from None
    if warnings:
        raise _unprintable(source, warnings[0])
    return pdf


def _timestamp(about: Paper) -> datetime.datetime | int:
    day = about.document_date
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC) if day else 0


def _unprintable(source: str, problem: typst.TypstError | typst.TypstWarning) -> RenderError:
    """One sentence with the notebook whose mark stands last before the place of the problem."""
    places = re.findall(r"__typst_py_bytes__\.typ:(\d+)", "\n".join([problem.diagnostic, *problem.trace]))
    before = source.splitlines()[: max(map(int, places), default=0)]
    name = next((line.removeprefix(_MARK) for line in reversed(before) if line.startswith(_MARK)), "the paper")
    return RenderError(
        f"{name}: the PDF could not be made ({problem.message}), expected text that can be "
        "printed. Correct the cell that shows it."
    )


@lru_cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
