"""A PDF/UA-1 document from Typst markup around notebooks' cells: the only module that knows Typst's compiler.

Every notebook is a file of its own that the document includes. In one text, a word more would move all that follows,
and the compiler would lay it all out again; so it lays out what changed.
"""

import datetime
from collections.abc import Iterable, Mapping
from functools import cache

import typst

from panelpack.errors import RenderError
from panelpack.rendering.assets import asset
from panelpack.rendering.cells import page_template
from panelpack.rendering.fonts import font_folders
from panelpack.rendering.markdown import quoted
from panelpack.rendering.palette import KINDS
from panelpack.rendering.paper import Paper
from panelpack.rendering.pdf_tags import with_row_headers

_PRELUDE = "prelude.typ"
_KEPT = 10  # the documents after which the compiler drops what none of them used


def included(name: str) -> str:
    """The markup that includes the cells of a notebook."""
    return f"#include {quoted(f'{name}.typ')}"


def pdf(body: str, cells: Mapping[str, str], about: Paper, *, together: bool = False) -> bytes:
    """The PDF of a document, in whose tables rows have headers. Arguments and errors as of `laid_out`."""
    return with_row_headers(laid_out(body, cells, about, together=together))


def laid_out(body: str, cells: Mapping[str, str], about: Paper, *, together: bool = False) -> bytes:
    """A document as the compiler lays it out, with the paper's title and date.

    Raises RenderError for what cannot be printed.

    body: markup that includes notebooks by name; cells: their markup, by name. together: they are a pack, which
    starts with what it says and not with a title.
    The compiler starts threads of its own (a process that is forked afterwards cannot use it), and holds no lock of
    Python's, so that other threads go on meanwhile. It is three times slower on the first document than on later ones.
    """
    day = about.document_date
    made_on = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC) if day else 0
    main = page_template("typ").render(body=body, about=about, together=together)
    sources: dict[str, str] = {"main": main, _PRELUDE: asset(_PRELUDE)}
    sources |= {name: asset(name) for name in (f"marks/{kind}.svg" for kind in KINDS)}
    sources |= {f"{name}.typ": f"#import {quoted(_PRELUDE)}: *\n{markup}" for name, markup in cells.items()}
    try:
        made, warnings = _compiler().compile_with_warnings(
            {name: markup.encode() for name, markup in sources.items()},  # type: ignore[type-var]  # as it documents
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=made_on,
        )
    except typst.TypstError as error:
        raise _unprintable(cells, error) from None
    if warnings:
        raise _unprintable(cells, warnings[0])
    assert isinstance(made, bytes)  # one document, not a page each
    return made


def forget() -> None:
    """Have the compiler drop what it keeps of documents to be faster at the next; it does by itself 10 documents later.

    Before a large document, for the memory.
    """
    for _ in range(_KEPT + 1):
        _compiler().compile(b"", format="pdf")


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, font_paths=[*map(str, font_folders())]))


def _unprintable(cells: Iterable[str], problem: typst.TypstError | typst.TypstWarning) -> RenderError:
    """One sentence with the name of the notebook in which the problem stands."""
    places = "\n".join([problem.diagnostic, *problem.trace])
    name = next((name for name in cells if f" {name}.typ:" in places), "the paper")
    return RenderError(
        f"{name}: the PDF could not be made ({problem.message}), expected text that can be "
        "printed. Correct the cell that shows it."
    )
