"""Make the packs of a chunk, one after the other: what a worker starts as a process of its own.

    python -m panelpack.atlas.making SOFTWARE CODE < CHUNK     a line of JSON for each pack that is done

SOFTWARE is the folder of the code, CODE its fingerprint, CHUNK a pickled chunks.Chunk. What every pack needs is
imported once; each is then made by a forked child, as make live does it, so that nothing of one pack reaches the next.
"""

import ctypes
import json
import multiprocessing
import os
import pickle
import resource
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from pkgutil import iter_modules
from typing import NoReturn

from panelpack.atlas.chunks import Chunk, Pack, fingerprint_of_code
from panelpack.atlas.store import Record, Store, write_record
from panelpack.errors import PanelPackError
from panelpack.heavy_imports import loading
from panelpack.pipeline.page_worker import PageWorker
from panelpack.pipeline.records import FileHashes
from panelpack.project import Project
from panelpack.publishing.manifest import MANIFEST_FILE, read_manifest
from panelpack.publishing.pack import load_for_pages
from panelpack.surroundings import own_surroundings

TRIES = 2  # for a pack whose process was ended by a signal, as when the memory is used up
PACKS_OF_A_PAGE_WORKER = 20  # after so many there is a new one, so that what it remembers does not grow
MESSAGE_LINES = 2  # of a failure that the index keeps
DEATH_OF_PARENT = 1  # of Linux: PR_SET_PDEATHSIG
REFUSED = 1
PICTURES = ("matplotlib.pyplot", "matplotlib.backends.backend_mixed", "matplotlib.backends.backend_svg")


@dataclass(frozen=True)
class Outcome:
    """How a pack ended. exit: 0 where it was made, else the code of the command. is_new: whether it was made now."""

    force: str
    quarter: str
    exit: int = 0
    message: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    is_new: bool = True


class Maker:
    """Makes the packs of a chunk in forked children of this process, with a page worker that they share."""

    def __init__(self, given: bytes):
        """Start the page worker, read the chunk and import what notebooks need, in this order.

        Nothing heavy may be imported before the page worker is there, and a table brings pandas.
        """
        self._worker, self._packs_of_worker = PageWorker(load_for_pages), 0
        self._chunk: Chunk = pickle.loads(given)
        self._software, self._store = Project(self._chunk.software), Store(self._chunk.store)
        _import_all()

    def outcomes(self) -> Iterator[Outcome]:
        """Make every pack that is not there yet, and yield how each ended."""
        packs = self._chunk.packs
        once = (time.monotonic() - STARTED) / len(packs), self._cpu_seconds() / len(packs)  # each bears its share
        parent = os.getppid()
        for pack in packs:
            if os.getppid() != parent:  # the worker is gone, and another makes the rest
                return
            if self._store.is_made(self._software, pack.force, pack.quarter, pack.fingerprint):
                yield Outcome(pack.force, str(pack.quarter), is_new=False)
            else:
                yield self._make(pack, once)

    def stop(self) -> None:
        """End the page worker."""
        self._worker.stop()

    def _make(self, pack: Pack, once: tuple[float, float]) -> Outcome:
        began, cpu_began = time.monotonic(), self._cpu_seconds()
        folder = self._store.begin(pack.force, pack.quarter)
        for left in reversed(range(TRIES)):
            code, message = self._try(pack, folder)
            if code >= 0 or not left:
                break
            folder = self._store.begin(pack.force, pack.quarter)
        seconds, cpu_seconds = time.monotonic() - began + once[0], self._cpu_seconds() - cpu_began + once[1]
        if code:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            self._keep(pack, folder, seconds, cpu_seconds)
        return Outcome(pack.force, str(pack.quarter), abs(code), message, seconds, cpu_seconds)

    def _try(self, pack: Pack, folder: Path) -> tuple[int, str]:
        """Make a pack in a child; return the exit code and the message. Below 0: a signal ended the child."""
        if self._packs_of_worker == PACKS_OF_A_PAGE_WORKER:
            self._renew_worker()
        self._packs_of_worker += 1
        fork = multiprocessing.get_context("fork")
        line, theirs = fork.Pipe(duplex=False)
        child = fork.Process(target=_make_pack, args=(self._chunk, pack, folder, self._worker, theirs))
        child.start()
        theirs.close()
        try:
            code, message = line.recv()
        except EOFError:
            child.join()
            code = child.exitcode or REFUSED
            message = f"the process that made it ended with code {code} (-9: often out of memory)."
        child.join()
        if code:  # nobody would read the results of what it submitted
            self._renew_worker()
        return code, message

    def _renew_worker(self) -> None:
        self._worker.stop()
        self._worker, self._packs_of_worker = PageWorker(load_for_pages), 0

    def _keep(self, pack: Pack, folder: Path, seconds: float, cpu_seconds: float) -> None:
        """Put a pack that was made into the store, without what its notebooks wrote for each other."""
        shutil.rmtree(folder / "data" / "processed", ignore_errors=True)
        outputs = Project(self._software.root, folder).outputs(pack.quarter)
        seal = str(read_manifest(outputs / MANIFEST_FILE)["seal"])
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        quarter = str(pack.quarter)
        write_record(
            folder, Record(pack.force, quarter, pack.fingerprint, seal, round(seconds, 2), round(cpu_seconds, 2), size)
        )
        self._store.put_in_place(folder, pack.force, pack.quarter)

    def _cpu_seconds(self) -> float:
        """Return the processor's time that this process has used, and all that it started."""
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        of_worker: float = self._worker.call(time.process_time)
        return time.process_time() + ended.ru_utime + ended.ru_stime + of_worker


STARTED = time.monotonic()


def _import_all() -> None:
    """Import what each child would import anew: what notebooks need, all pages, the charts of points, the checks."""
    with loading():
        from panelpack import (
            make_quarter,  # noqa: F401  # first, for papermill must be there before our kernel
            pages,
        )
        from panelpack.atlas import office  # noqa: F401
        from panelpack.preload import preload
        from panelpack.rendering.coverage_chart import load_seaborn

        preload()
        load_seaborn()  # before the checks, which put off what it must not find
        for module in (*PICTURES, *(f"{pages.__name__}.{found.name}" for found in iter_modules(pages.__path__))):
            import_module(module)
        from panelpack.intake import tables  # noqa: F401
        from panelpack.plausibility import queries  # noqa: F401
        from panelpack.validation import expectations, raw_data  # noqa: F401


def _make_pack(chunk: Chunk, pack: Pack, folder: Path, worker: PageWorker, line: Connection) -> NoReturn:
    """Make a pack in a folder, in a child; send the exit code and what went wrong."""
    answer = 0, ""
    try:
        from panelpack.make_quarter import make_quarter
        from panelpack.pipeline.execute import FAST

        project = Project(chunk.software, folder)
        _write_office(project, chunk, pack)
        make_quarter(FileHashes(project, pack.quarter), worker, lambda said: None, engine=FAST)
    except PanelPackError as error:
        answer = error.exit_code, _one_line(str(error))
    except Exception as error:
        answer = REFUSED, f"a defect of the software: {type(error).__name__}: {_one_line(str(error))}"
    line.send(answer)
    line.close()
    os._exit(0)


def _write_office(project: Project, chunk: Chunk, pack: Pack) -> None:
    """Write the office's folder of a pack: drafted, or as the one in the store has it."""
    if pack.copy_of:
        for name in ("params", "data/raw"):
            shutil.copytree(pack.copy_of / name, project.office / name)
        return
    from panelpack.atlas.office import office_files
    from panelpack.new_office.order import Order

    if (basis := chunk.basis) is None:
        raise ValueError("a pack that is no copy needs a basis to be drafted from")
    software, source = Project(chunk.software), basis.table.source
    order = Order(pack.force, pack.quarter, basis.baseline, source, project.office, basis.measures, basis.release)
    for name, content in office_files(software, order, basis.table).items():
        (project.office / name).parent.mkdir(parents=True, exist_ok=True)
        (project.office / name).write_bytes(content)


def _one_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip() and "is kept at" not in line]
    return " ".join(lines[:MESSAGE_LINES])


def _end_with_parent() -> None:
    """Have this process, and all that it starts, end when the worker that started it dies.

    Elsewhere than on Linux it ends before the next pack, and what it still puts into the store is right.
    """

    def end_all(*_: object) -> None:
        os.killpg(os.getpgrp(), signal.SIGKILL)

    if os.getpgrp() == os.getpid():  # it was started as the first of a group
        signal.signal(signal.SIGTERM, end_all)
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(DEATH_OF_PARENT, signal.SIGTERM)


def main() -> int:
    """Make the packs of the chunk that is read, and say how each ended."""
    _end_with_parent()
    given = sys.stdin.buffer.read()
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing else may stand between the lines
    software, code = Project(Path(sys.argv[1])), sys.argv[2]
    if fingerprint_of_code(software) != code:
        print("the code is not that which the atlas was begun with", file=sys.stderr)
        return REFUSED
    with own_surroundings(software.kept):
        maker = Maker(given)
        try:
            for outcome in maker.outcomes():
                said.write(json.dumps(asdict(outcome)) + "\n")
                said.flush()
        finally:
            maker.stop()
    return 0


if __name__ == "__main__":
    ended = main()
    sys.stdout.flush()
    os._exit(ended)
