"""The pages of one executed notebook, as files: its review copies, and its share of the pack."""

from pathlib import Path

import nbformat

from panelpack import render
from panelpack.exporters import named
from panelpack.paper import FiledFragment, Paper


def review(executed: Path, drafts: Path, about: Paper) -> None:
    """Write the review copies of a notebook beside it, and its share of the pack into `drafts`.

    Raises RenderError for what cannot be printed.
    """
    notebook = named(nbformat.read(executed, as_version=4), executed)
    executed.with_suffix(".html").write_text(render.review_html(notebook, about), encoding="utf-8")
    share = render.fragment(notebook)
    for path, text in zip(_share(executed.stem, drafts), (share.html, share.typst), strict=True):
        path.write_text(text, encoding="utf-8")
    executed.with_suffix(".pdf").write_bytes(render.review_pdf(notebook, about))


def failed(executed: Path, about: Paper) -> None:
    """Write what there is of a notebook that failed beside it, as a web page."""
    notebook = named(nbformat.read(executed, as_version=4), executed)
    executed.with_suffix(".html").write_text(render.review_html(notebook, about), encoding="utf-8")


def share_of_pack(name: str, drafts: Path) -> FiledFragment:
    """Return what the pack shows of a notebook."""
    return FiledFragment(f"{name}.ipynb", *_share(name, drafts))


def _share(name: str, drafts: Path) -> tuple[Path, Path]:
    return drafts / f"{name}.pack.html", drafts / f"{name}.pack.typ"
