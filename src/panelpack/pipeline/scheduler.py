"""Run steps: each in a child process of its own, as many at once as there are cores.

A child is forked from this warm process, so it has everything imported, and nothing of it comes back: no state, figure,
seed or working folder of one notebook reaches another.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Iterable, Sequence
from graphlib import TopologicalSorter
from multiprocessing.connection import wait
from pathlib import Path
from typing import NoReturn

from panelpack.errors import UsageError
from panelpack.pipeline.steps import Outcome, Step

TIME_LIMIT_SECONDS = 600


def cores() -> int:
    """Return how many processes may run at once: JOBS, or the cores of this machine. Raises UsageError."""
    jobs = os.environ.get("JOBS") or str(os.cpu_count() or 1)
    if not jobs.isdecimal() or int(jobs) == 0:
        raise UsageError(f"JOBS={jobs!r}: expected a whole number of processes from 1. Correct or remove it.")
    return int(jobs)


def engine_asked_for() -> str | None:
    """Return which engine ENGINE asks for, 'fast' or 'stock'; None where it says nothing. Raises UsageError."""
    name = os.environ.get("ENGINE") or None
    if name not in (None, "fast", "stock"):
        raise UsageError(f"ENGINE={name!r}: expected fast or stock. Correct or remove it.")
    return name


class Work:
    """What is done for each step, and what the scheduler asks about it."""

    def run(self, step: Step) -> None:
        """Do the step, in its child. It fails by raising."""
        raise NotImplementedError

    def is_current(self, step: Step) -> bool:
        """Whether a step need not run; asked once, when those it comes after are done."""
        return False

    def prepare(self, waiting: Sequence[Step]) -> None:
        """Import what the steps that wait need; runs once, here, beside the first children."""

    def finished(self, outcome: Outcome) -> None:
        """Hear how a step ended."""


def run_steps(steps: Iterable[Step], work: Work, folder: Path, *, jobs: int) -> list[Outcome]:
    """Run steps in forked children, in the order given as far as `after` and `jobs` allow; logs go to `folder`.

    A step fails when it raises or when its child dies or runs past TIME_LIMIT_SECONDS; the others finish, but for those
    after it. Returns the outcomes of the steps that ran, in their order. Raises ValueError for a step after one that is
    not there.
    """
    by_name = {step.name: step for step in steps}
    needed = {name for step in by_name.values() for name in step.after}
    if unknown := needed - by_name.keys():
        raise ValueError(f"steps wait for one that is not there: {', '.join(sorted(unknown))}")
    order: TopologicalSorter[str] = TopologicalSorter({step.name: step.after for step in by_name.values()})
    order.prepare()
    places = {name: place for place, name in enumerate(by_name)}
    waiting = dict(by_name)  # neither started nor found to be current
    ready: list[Step] = []  # those of them that have nothing left to wait for
    children: dict[int, _Child] = {}
    outcomes: dict[str, Outcome] = {}
    prepared = False
    while True:
        while turn := order.get_ready():
            for name in turn:
                if work.is_current(by_name[name]):
                    del waiting[name]
                    order.done(name)
                else:
                    ready.append(by_name[name])
        ready.sort(key=lambda step: (step.name not in needed, places[step.name]))  # what others wait for goes first
        free = jobs - len(children) if prepared else max(jobs - 1, 1)
        for step in ready[:free]:
            del waiting[step.name]
            child = _Child(step, work, folder)
            children[child.process.sentinel] = child
        del ready[:free]
        if not children:
            return [outcomes[name] for name in by_name if name in outcomes]
        if not prepared:
            prepared = True
            work.prepare(list(waiting.values()))
            continue
        for sentinel in wait(list(children), timeout=1):
            outcome = children.pop(sentinel).outcome()  # type: ignore[arg-type]  # what is waited for are the keys
            outcomes[outcome.step.name] = outcome
            work.finished(outcome)
            if not outcome.failure:
                order.done(outcome.step.name)
        for child in children.values():
            child.stop_if_late()


class _Child:
    """A forked process that runs a step."""

    def __init__(self, step: Step, work: Work, folder: Path):
        self.step, self._folder = step, folder
        self._started, self._late = time.monotonic(), False
        self.process = multiprocessing.get_context("fork").Process(target=_run, args=(work, step, folder))
        self.process.start()

    def stop_if_late(self) -> None:
        """End it, if it runs past the time limit."""
        if time.monotonic() - self._started > TIME_LIMIT_SECONDS:
            self._late = True
            self.process.kill()

    def outcome(self) -> Outcome:
        """Return how the ended process ended."""
        self.process.join()
        return Outcome(self.step, time.monotonic() - self._started, self._failure(self.process.exitcode))

    def _failure(self, exitcode: int | None) -> str:
        notebook = f"notebooks/{self.step.notebook.name}"
        message = self._folder / f"{self.step.name}.failure"
        if exitcode == 0:
            return ""
        if self._late:
            return f"{notebook}: it had not ended after {TIME_LIMIT_SECONDS} seconds, and was stopped."
        if message.exists():
            return message.read_text(encoding="utf-8")
        if exitcode is not None and exitcode < 0:
            return f"{notebook}: the process was ended by signal {-exitcode} (9: often out of memory)."
        return f"{notebook}: the process ended with code {exitcode} and no message."


def _run(work: Work, step: Step, folder: Path) -> NoReturn:
    """Run a step with everything it prints in a log, and exit non-zero when it fails."""
    sys.stdout.flush()
    sys.stderr.flush()
    with open(folder / f"{step.name}.log", "wb") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    (folder / f"{step.name}.failure").unlink(missing_ok=True)  # of an earlier try
    try:
        work.run(step)
    except BaseException as error:  # whatever it is, the parent must hear of it
        words = str(error) or type(error).__name__
        (folder / f"{step.name}.failure").write_text(words, encoding="utf-8")
        sys.stdout.flush()
        os._exit(1)
    sys.stdout.flush()
    os._exit(0)  # no exit handlers of the parent's libraries in the child
