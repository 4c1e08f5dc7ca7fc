"""The press: a process that makes all pages of a run while the notebooks still execute.

It is forked before anything heavy is loaded and then loads what pages need, while the process that forks notebooks
loads what those need. It forks nothing itself, which the compiler of PDFs would not survive.
"""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Hashable
from importlib import import_module

from panelpack import lean
from panelpack.errors import PanelPackError, RenderError

LOADED = ("panelpack.pages", "panelpack.publishing")


class Press:
    """A process that calls functions one after the other. They are named, so that only it loads their modules."""

    def __init__(self):
        """Start the process; it ends with the one that started it."""
        fork = multiprocessing.get_context("fork")
        self._line, theirs = fork.Pipe()
        self._process = fork.Process(target=_work, args=(theirs, self._line), name="press", daemon=True)
        self._process.start()
        theirs.close()
        self._waiting: list[Hashable] = []
        self._results: dict[Hashable, object] = {}

    def send(self, key: Hashable, function: str, *arguments: object) -> None:
        """Have `module.function` of this package called with arguments; nothing is waited for."""
        while self._line.poll():  # so that neither end ever waits for the other to read
            self._hear()
        self._waiting.append(key)
        self._line.send((function, arguments))

    def results(self) -> dict[Hashable, object]:
        """Wait for all calls, and return by key what each returned, or the PanelPackError that it raised."""
        while self._waiting:
            self._hear()
        found, self._results = self._results, {}
        return found

    def result(self, function: str, *arguments: object) -> object:
        """Call a function, wait, and return what it returned. Raises the PanelPackError that it raised."""
        self.send(None, function, *arguments)
        found = self.results()[None]
        if isinstance(found, PanelPackError):
            raise found
        return found

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

    def __enter__(self) -> "Press":
        return self

    def __exit__(self, *raised) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self._line.close()


def _work(line, other_end) -> None:
    """Call what comes until the other end is closed; answer with a result, a PanelPackError or a defect's traceback."""
    other_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C stops the run, and the run stops this
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with lean.loading():
        for name in LOADED:
            import_module(name)
    while True:
        try:
            function, arguments = line.recv()
        except EOFError:
            os._exit(0)
        module, name = function.split(".")
        try:
            answer = (getattr(import_module(f"panelpack.{module}"), name)(*arguments),)
        except PanelPackError as error:
            answer = (error,)
        except Exception:
            answer = traceback.format_exc()
        line.send(answer)
