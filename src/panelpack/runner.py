"""Run the notebooks of a quarter: each in a child process of its own, as many at once as there are cores.

A child is forked from this warm process, so it has everything imported, and nothing of it comes back: no state, figure,
seed or working folder of one notebook reaches another.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path

from panelpack import errors

TIME_LIMIT_SECONDS = 600


@dataclass(frozen=True)
class Step:
    """One notebook to execute: `name` is unique, `after` names the steps whose tables it reads."""

    name: str
    notebook: Path
    parameters: dict[str, str]
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How a step ended: seconds it took, and the failure in words ('' when it went well)."""

    step: Step
    seconds: float
    failure: str = ""


def cores() -> int:
    """Return how many processes may run at once: JOBS, or the cores of this machine. Raises UsageError."""
    jobs = os.environ.get("JOBS") or str(os.cpu_count() or 1)
    if not jobs.isdecimal() or int(jobs) == 0:
        raise errors.UsageError(f"JOBS={jobs!r}: expected a whole number of processes from 1. Correct or remove it.")
    return int(jobs)


def stock() -> bool | None:
    """Return whether ENGINE asks for papermill's stock engine; None where it says nothing. Raises UsageError."""
    name = os.environ.get("ENGINE") or ""
    if name not in ("", "fast", "stock"):
        raise errors.UsageError(f"ENGINE={name!r}: expected fast or stock. Correct or remove it.")
    return name == "stock" if name else None


def run(
    steps: Iterable[Step],
    work: Callable[[Step], None],
    folder: Path,
    *,
    jobs: int,
    while_waiting: Callable[[Sequence[Step]], None] = lambda waiting: None,
    progress: Callable[[Outcome], None] = lambda outcome: None,
    as_it_was: Callable[[Step], bool] = lambda step: False,
    worth_trying: Callable[[Step], bool] = lambda step: False,
) -> list[Outcome]:
    """Execute steps in forked children, in the order given as far as `after` and `jobs` allow.

    `work` runs in the child; a step fails when it raises or when the child dies or runs past TIME_LIMIT_SECONDS, and
    the others finish, but for those after it. A step that is `as_it_was`, asked once those before it are done, is not
    run. `while_waiting` runs here once, beside the first children and in the place of one more: it is given the steps
    that wait, to import what they need. A step that is `worth_trying` runs early, once, where a process is free.
    Whatever came of that, it waits as before, and it counts only if it is `as_it_was` when those before it are done.
    Returns the outcomes of the steps that ran, in the order of the steps.
    """
    todo = list(steps)
    waiting, children, done = list(todo), {}, {}
    good, asked, tried, early = set(), set(), set(), {}
    warm = False

    def start(step: Step) -> None:
        waiting.remove(step)
        child = _Child(step, work, folder)
        children[child.process.sentinel] = child

    def count(outcome: Outcome) -> None:
        done[outcome.step.name] = outcome
        good.update(() if outcome.failure else {outcome.step.name})
        progress(outcome)

    while waiting or children:
        ready = [step for step in waiting if good.issuperset(step.after)]
        kept = [step for step in ready if step.name not in asked and as_it_was(step)]
        asked.update(step.name for step in ready)
        if kept:
            waiting = [step for step in waiting if step not in kept]
            good.update(step.name for step in kept)
            for step in kept:
                if step.name in early:
                    count(early[step.name])
            continue
        needed = {name for step in waiting for name in step.after}
        ready.sort(key=lambda step: step.name not in needed)  # what others wait for goes first
        for step in ready[: jobs - len(children) if warm else max(jobs - 1, 1)]:
            start(step)
        if not children:
            break
        for step in [step for step in waiting if step not in ready and step.name not in tried]:
            if len(children) < jobs:
                tried.add(step.name)
                if worth_trying(step):
                    start(step)
        if not warm:
            warm = True
            while_waiting(tuple(waiting))
            continue
        for sentinel in wait(list(children), timeout=1):
            outcome = children.pop(sentinel).outcome()
            if outcome.step.name in asked:
                count(outcome)
            else:  # it ran early
                early[outcome.step.name] = outcome
                waiting = [step for step in todo if step in waiting or step == outcome.step]
        for child in children.values():
            child.stop_if_late()
    if waiting and not any(outcome.failure for outcome in done.values()):
        raise ValueError(f"these steps wait for one that is not there: {', '.join(step.name for step in waiting)}")
    return [done[step.name] for step in todo if step.name in done]


class _Child:
    """A forked process that runs a step."""

    def __init__(self, step: Step, work: Callable[[Step], None], folder: Path):
        self._step, self._folder = step, folder
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
        failure = _failure(self.process.exitcode, self._folder, self._step, self._late)
        return Outcome(self._step, time.monotonic() - self._started, failure)


def _run(work: Callable[[Step], None], step: Step, folder: Path) -> None:
    """Run a step with everything it prints in a log, and exit non-zero when it fails."""
    sys.stdout.flush()
    sys.stderr.flush()
    with open(folder / f"{step.name}.log", "wb") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    (folder / f"{step.name}.failure").unlink(missing_ok=True)  # of an early try
    try:
        work(step)
    except BaseException as error:  # whatever it is, the parent must hear of it
        (folder / f"{step.name}.failure").write_text(_told(error), encoding="utf-8")
        sys.stdout.flush()
        os._exit(1)
    sys.stdout.flush()
    os._exit(0)  # no exit handlers of the parent's libraries in the child


def _told(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _failure(exitcode: int | None, folder: Path, step: Step, late: bool) -> str:
    if exitcode == 0:
        return ""
    if late:
        return f"notebooks/{step.notebook.name}: it had not ended after {TIME_LIMIT_SECONDS} seconds, and was stopped."
    told = folder / f"{step.name}.failure"
    if told.exists():
        return told.read_text(encoding="utf-8")
    if exitcode is not None and exitcode < 0:
        return f"notebooks/{step.notebook.name}: the process was ended by signal {-exitcode} (9: often out of memory)."
    return f"notebooks/{step.notebook.name}: the process ended with code {exitcode} and no message."
