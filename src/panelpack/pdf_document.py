"""A PDF/UA-1 document from Typst markup: the only module that knows Typst's compiler."""

import datetime
import re
from pathlib import Path

import matplotlib
import typst
from nbformat import NotebookNode

from panelpack.errors import RenderError
from panelpack.exporters import asset, notebook_name, page_template
from panelpack.paper import Paper

# Shipped with matplotlib, so every machine prints with the same letters and needs no fonts of its own.
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
_MARK = "// notebook: "


def marked(cells: str, notebook: NotebookNode) -> str:
    """The markup of a notebook's cells below a comment with its name, which messages give as the place."""
    return f"{_MARK}{notebook_name(notebook)}\n{cells}"


def document(body: str, about: Paper) -> str:
    """The markup as the source of a document with the paper's title."""
    return page_template("typ").render(body=body, about=about, prelude=asset("prelude.typ"))


def pdf(source: str, about: Paper) -> bytes:
    """The PDF of a document's source, with the paper's date. Raises RenderError for what cannot be printed.

    The compiler starts threads of its own (a process that is forked afterwards cannot use it), and holds no lock of
    Python's, so that other threads go on meanwhile.
    """
    try:
        made, warnings = typst.compile_with_warnings(
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
    return made


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
