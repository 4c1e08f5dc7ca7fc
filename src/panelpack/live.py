"""Stay warm, and make the pack again whenever an input is saved: what is imported once is then never waited for."""

import multiprocessing
import os
import signal
import sys
import time

from panelpack import fingerprints, warm
from panelpack.errors import PanelPackError
from panelpack.fingerprints import Contents
from panelpack.inputs import code_files
from panelpack.press import Press
from panelpack.project import Project
from panelpack.quarters import Quarter

LOOK_SECONDS = 0.3


def follow(project: Project, quarter: Quarter, contents: Contents) -> None:
    """Make the pack of a quarter again after every change of its inputs, until the user stops it.

    Each time it is made by a forked child, so that this process stays as it is, and so does the press; when the code
    itself has changed, this process starts anew. `contents`: the files as they were before the code was imported.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # to be told to end is to be stopped, as by Ctrl-C
    press = _press(contents)
    warm.preload()
    print(f"The pack of {quarter} is made again whenever an input is saved. Ctrl-C stops.", flush=True)
    code = contents.of(path.relative_to(project.root).as_posix() for path in code_files(project))
    tried: dict[str, str] = {}
    while True:
        if tried != contents.began and not fingerprints.said(contents):
            tried = contents.began
            press.results()  # it has rehearsed
            child = multiprocessing.get_context("fork").Process(target=_make, args=(contents, press))
            child.start()
            child.join()
            if child.exitcode:  # what it had sent for, nobody would read
                press.stop()
                press = _press(contents)
        time.sleep(LOOK_SECONDS)
        contents = Contents(project, quarter)
        if code != contents.of(path.relative_to(project.root).as_posix() for path in code_files(project)):
            start = [sys.executable, str(project.package / "environment.py"), "-m", "panelpack", "live", str(quarter)]
            os.execv(sys.executable, start)


def _press(contents: Contents) -> Press:
    press = Press()
    warm.rehearse(contents, press)
    return press


def _make(contents: Contents, press: Press) -> None:
    try:
        print(f"{warm.make(contents, press, rehearsed=True)}\n", flush=True)
    except PanelPackError as error:
        print(f"panelpack: {error}\n", file=sys.stderr, flush=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        pass  # the process above says that it was stopped
