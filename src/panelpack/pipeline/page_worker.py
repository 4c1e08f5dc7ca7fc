"""The page worker: a process that makes all pages of a run while the notebooks still execute.

It is forked before anything heavy is loaded and then loads what pages need, while the process that forks notebooks
loads what those need. It forks nothing itself, which the compiler of PDFs would not survive.

concurrent.futures would do as much, but with threads in the process that then forks the notebooks.
"""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Hashable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from panelpack.errors import PanelPackError, RenderError
from panelpack.heavy_imports import loading
from panelpack.rendering.paper import FiledFragment, Paper


class PageWorker:
    """A process that calls functions one after the other, in the order in which they are submitted."""

    def __init__(self, load: Callable[[], object] = lambda: None):
        """Start the process; it first calls `load`, to import what it needs, and ends with the one that started it."""
        fork = multiprocessing.get_context("fork")
        self._line, theirs = fork.Pipe()
        self._process = fork.Process(target=_work, args=(theirs, self._line, load), name="page worker", daemon=True)
        self._process.start()
        theirs.close()
        self._waiting: list[Hashable] = []
        self._results: dict[Hashable, object] = {}

    def submit(self, key: Hashable, function: Callable[..., object], *arguments: object) -> None:
        """Have a function called with arguments; nothing is waited for. Its result is then known by the key."""
        while self._line.poll():  # so that neither end ever waits for the other to read
            self._hear()
        self._waiting.append(key)
        self._line.send((function, arguments))

    def results(self) -> dict[Hashable, object]:
        """Wait for all calls, and return by key what each returned, or the PanelPackError that it raised."""
        while self._waiting:
            self._hear()
        results, self._results = self._results, {}
        return results

    def call(self, function: Callable[..., Any], *arguments: object) -> Any:
        """Call a function, wait, and return what it returned. Raises the PanelPackError that it raised."""
        self.submit(None, function, *arguments)
        result = self.results()[None]
        if isinstance(result, PanelPackError):
            raise result
        return result

    def _hear(self) -> None:
        try:
            result = self._line.recv()
        except (EOFError, ConnectionError):
            self._process.join()
            raise RenderError(
                f"The process that makes the pages ended with code {self._process.exitcode} (-9: often out of memory). "
                "Try again with JOBS=1."
            ) from None
        if isinstance(result, str):
            raise RuntimeError(result)
        self._results[self._waiting.pop(0)] = result[0]

    def __enter__(self) -> "PageWorker":
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self._line.close()


def _work(line: Connection, other_end: Connection, load: Callable[[], object]) -> NoReturn:
    """Call what comes until the other end is closed; answer with a result, a PanelPackError or a defect's traceback."""
    other_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C stops the run, and the run stops this
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with loading():
        load()
    answer: object
    while True:
        try:
            function, arguments = line.recv()
        except EOFError:
            os._exit(0)
        try:
            answer = (function(*arguments),)
        except PanelPackError as error:
            answer = (error,)
        except Exception:
            answer = traceback.format_exc()
        line.send(answer)


# What follows is called in the worker. It imports nbconvert and the compiler of PDFs, and only there.
def write_review_pages(executed: Path, drafts: Path, about: Paper) -> None:
    """Write the review copies of an executed notebook beside it, and its share of the pack into `drafts`.

    Raises RenderError for what cannot be printed.
    """
    from panelpack.rendering import document
    from panelpack.rendering.cells import read_notebook

    notebook = read_notebook(executed)
    executed.with_suffix(".html").write_text(document.review_html(notebook, about), encoding="utf-8")
    share = document.fragment(notebook)
    filed = share_of_pack(executed.stem, drafts)
    filed.html_file.write_text(share.html, encoding="utf-8")
    filed.typst_file.write_text(share.typst, encoding="utf-8")
    executed.with_suffix(".pdf").write_bytes(document.review_pdf(notebook, about))


def write_failed_page(executed: Path, about: Paper) -> None:
    """Write what there is of a notebook that failed beside it, as a web page."""
    from panelpack.rendering import document
    from panelpack.rendering.cells import read_notebook

    page = document.review_html(read_notebook(executed), about)
    executed.with_suffix(".html").write_text(page, encoding="utf-8")


def share_of_pack(name: str, drafts: Path) -> FiledFragment:
    """Return what the pack shows of a notebook."""
    return FiledFragment(f"{name}.ipynb", drafts / f"{name}.pack.html", drafts / f"{name}.pack.typ")
