"""From Typst markup to PDF/UA-1, in a process of its own: the only module that knows Typst's compiler.

The compiler starts threads, which would not survive the forks of a run, and is three times slower on the first document
than on the next ones. So one process prints all documents of a run while the notebooks still execute.
"""

import datetime
import multiprocessing
import os
import re
import signal
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from panelpack.errors import RenderError
from panelpack.paper import Paper

MARK = "// notebook: "  # begins the comment that names a notebook above its markup


def pdf(source: str, about: Paper) -> bytes:
    """The PDF of a document's source, with the paper's date. Raises RenderError for what cannot be printed."""
    import typst

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


@cache
def _compiler():
    import typst

    # Shipped with matplotlib, so every machine prints with the same letters and needs no fonts of its own.
    fonts = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(fonts)]))


def _unprintable(source: str, problem) -> RenderError:
    """One sentence with the notebook whose mark stands last before the place of the problem."""
    places = re.findall(r"__typst_py_bytes__\.typ:(\d+)", "\n".join([problem.diagnostic, *problem.trace]))
    before = source.splitlines()[: max(map(int, places), default=0)]
    name = next((line.removeprefix(MARK) for line in reversed(before) if line.startswith(MARK)), "the paper")
    return RenderError(
        f"{name}: the PDF could not be made ({problem.message}), expected text that can be "
        "printed. Correct the cell that shows it."
    )


class Printer:
    """A process that prints documents in the order in which they are sent. Start it before anything heavy is loaded."""

    def __init__(self):
        """Start the process; it ends with the one that started it."""
        fork = multiprocessing.get_context("fork")
        self._line, theirs = fork.Pipe()
        self._process = fork.Process(target=_print_all, args=(theirs, self._line), name="printer", daemon=True)
        self._process.start()
        theirs.close()
        self._sent: list[Path] = []
        self._failures: dict[Path, str] = {}

    def send(self, source: Path, to: Path, about: Paper) -> None:
        """Have the markup in a file printed to another; nothing is waited for."""
        self._sent.append(to)
        while self._line.poll():  # so that neither end ever waits for the other to read
            self._hear()
        self._line.send((source, to, about))

    def failures(self) -> dict[Path, str]:
        """Wait for all that was sent, and return in words why documents could not be printed, by their paths."""
        while self._sent:
            try:
                self._hear()
            except (EOFError, ConnectionError):
                self._process.join()
                words = f"the process that prints ended with code {self._process.exitcode} (-9: often out of memory)."
                self._failures |= {to: f"{to.name}: {words}" for to in self._sent}
                self._sent.clear()
        found, self._failures = self._failures, {}
        return found

    def _hear(self) -> None:
        to, failure = self._line.recv()
        self._sent.remove(to)
        if failure:
            self._failures[to] = failure

    def __enter__(self) -> "Printer":
        return self

    def __exit__(self, *raised) -> None:
        self._process.kill()
        self._process.join()
        self._line.close()


def _print_all(line, other_end) -> None:
    """Print what comes until the other end is closed, and answer with the path and the failure in words, if any."""
    other_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C stops the run, and the run stops this
    _compiler()
    while True:
        try:
            source, to, about = line.recv()
        except EOFError:
            os._exit(0)
        failure = ""
        try:
            to.write_bytes(pdf(source.read_text(encoding="utf-8"), about))
        except (RenderError, OSError) as error:
            failure = str(error)
        line.send((to, failure))
