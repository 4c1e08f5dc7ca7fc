"""Stay warm, and make the pack again whenever an input is saved: what is imported once is then never waited for."""

import multiprocessing
import signal
import sys
import time
from contextlib import suppress

from panelpack.config.configuration import Configuration
from panelpack.errors import PanelPackError
from panelpack.make_quarter import make_quarter, rehearse_last_pack
from panelpack.periods import Quarter
from panelpack.pipeline.execute import FAST
from panelpack.pipeline.page_worker import PageWorker
from panelpack.pipeline.records import FileHashes, last_words
from panelpack.preload import preload
from panelpack.project import Project
from panelpack.publishing.pack import load_for_pages
from panelpack.terminal import for_terminal

LOOK_SECONDS = 0.3


def follow(project: Project, quarter: Quarter, hashes: FileHashes) -> None:
    """Make the pack of a quarter again after every change of its inputs, until the user stops it.

    Each time it is made by a forked child, so that this process stays as it is, and so does the page worker. Returns
    when the code itself has changed, so that the process can start anew. `hashes`: the files as they were before the
    code was imported.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a request to end stops it as Ctrl-C does
    worker = _rehearsed_worker(hashes)
    preload()
    print(f"The pack of {quarter} is made again whenever an input is saved. Ctrl-C stops.", flush=True)
    code, tried, failed = hashes.of_code(), None, False
    while True:
        says = last_words(hashes) if tried != hashes.began else ""
        if says and failed:  # the mistake was taken back: the last word is no longer the failure
            failed = False
            print(f"As it was: {says}\n", flush=True)
        elif tried != hashes.began and not says:
            tried = hashes.began
            worker.results()  # of the rehearsal
            child = multiprocessing.get_context("fork").Process(target=_make, args=(hashes, worker))
            child.start()
            child.join()
            failed = bool(child.exitcode)
            if failed:  # nobody would read the results of what it submitted
                worker.stop()
                worker = _rehearsed_worker(hashes)
        time.sleep(LOOK_SECONDS)
        hashes = FileHashes(project, quarter)
        if code != hashes.of_code():
            worker.stop()
            return


def _rehearsed_worker(hashes: FileHashes) -> PageWorker:
    worker = PageWorker(load_for_pages)
    with suppress(PanelPackError):  # the run that follows says what is wrong
        rehearse_last_pack(Configuration.read(hashes.project, hashes.quarter), worker)
    return worker


def _make(hashes: FileHashes, worker: PageWorker) -> None:
    def say(line: str) -> None:
        print(for_terminal(line, hashes.project), flush=True)

    try:
        says = make_quarter(hashes, worker, say, engine=FAST, rehearsed=True)
        say(f"{says}\n")
    except PanelPackError as error:
        print(f"panelpack: {for_terminal(str(error), hashes.project)}\n", file=sys.stderr, flush=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        pass  # the process above says that it was stopped
