"""A PDF/UA-1 document from Typst markup around notebooks' cells: the only module that knows Typst's compiler."""

import datetime
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst
from nbformat import NotebookNode

from panelpack.errors import RenderError
from panelpack.exporters import asset, notebook_name, page_template
from panelpack.paper import Paper

_MARK = "// notebook: "
_KEPT = 10  # the documents after which the compiler drops what none of them used


def marked(cells: str, notebook: NotebookNode) -> str:
    """The markup of a notebook's cells below a comment with its name, which messages give as the place."""
    return f"{_MARK}{notebook_name(notebook)}\n{cells}"


def document(body: str, about: Paper) -> str:
    """The markup as the source of a document with the paper's title."""
    return page_template("typ").render(body=body, about=about, prelude=asset("prelude.typ"))


def pdf(source: str, about: Paper) -> bytes:
    """The PDF of a document's source, with the paper's date. Raises RenderError for what cannot be printed.

    The compiler starts threads of its own (a process that is forked afterwards cannot use it), and holds no lock of
    Python's, so that other threads go on meanwhile. It is three times slower on the first document than on later ones.
    """
    day = about.document_date
    made_on = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC) if day else 0
    try:
        made, warnings = _compiler().compile_with_warnings(
            source.encode(), format="pdf", pdf_standards=["ua-1"], timestamp=made_on
        )
    except typst.TypstError as error:
        raise _unprintable(source, error) from None
    if warnings:
        raise _unprintable(source, warnings[0])
    return made


def forget() -> None:
    """Have the compiler drop what it keeps of documents to be faster at the next; it does by itself 10 documents later.

    Before a large document, for the memory.
    """
    for _ in range(_KEPT + 1):
        _compiler().compile(b"", format="pdf")


@cache
def _compiler() -> typst.Compiler:
    # Shipped with matplotlib, so every machine prints with the same letters and needs no fonts of its own.
    fonts = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(fonts)]))


def _unprintable(source: str, problem: typst.TypstError | typst.TypstWarning) -> RenderError:
    """One sentence with the notebook whose mark stands last before the place of the problem."""
    places = re.findall(r"__typst_py_bytes__\.typ:(\d+)", "\n".join([problem.diagnostic, *problem.trace]))
    before = source.splitlines()[: max(map(int, places), default=0)]
    name = next((line.removeprefix(_MARK) for line in reversed(before) if line.startswith(_MARK)), "the paper")
    return RenderError(
        f"{name}: the PDF could not be made ({problem.message}), expected text that can be "
        "printed. Correct the cell that shows it."
    )
