"""Run the notebooks of a quarter: each in a child process of its own, as many at once as there are cores."""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path

import nbformat

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


def run(
    steps: Iterable[Step],
    work: Callable[[Step], None],
    folder: Path,
    *,
    jobs: int,
    before_rest: Callable[[], None] = lambda: None,
    progress: Callable[[Outcome], None] = lambda outcome: None,
    carry_on: bool = False,
) -> list[Outcome]:
    """Execute steps in forked children, in the order given as far as `after` and `jobs` allow.

    `work` runs in the child; a step fails when it raises or when the child dies or runs past TIME_LIMIT_SECONDS.
    `before_rest` runs here once the first step is under way (to import what the others need while it works). After a
    failure nothing new starts, and what runs is waited for, so that every failure is known; with `carry_on` only the
    steps after the failed one stay away. Returns the outcomes in
    the order of the steps.
    """
    waiting, running, done = list(steps), {}, {}
    order = [step.name for step in waiting]
    fork = multiprocessing.get_context("fork")
    rested = False
    while waiting or running:
        failed = {name for name, outcome in done.items() if outcome.failure}
        stopped = failed and not carry_on
        ready = [] if stopped else [s for s in waiting if all(name in done.keys() - failed for name in s.after)]
        for step in ready[: jobs - len(running)]:
            process = fork.Process(target=_child, args=(work, step, folder), name=step.name)
            process.start()
            running[process.sentinel] = (process, step, time.monotonic())
            waiting.remove(step)
            if not rested:
                rested = True
                before_rest()
        if not running:
            break
        for sentinel in wait(list(running), timeout=1):
            process, step, started = running.pop(sentinel)
            process.join()
            outcome = Outcome(step, time.monotonic() - started, _failure(process.exitcode, folder, step))
            done[step.name] = outcome
            progress(outcome)
        for process, _, started in list(running.values()):
            if time.monotonic() - started > TIME_LIMIT_SECONDS:
                process.kill()
    if waiting and not any(outcome.failure for outcome in done.values()):
        raise ValueError(f"these steps wait for one that is not there: {', '.join(step.name for step in waiting)}")
    return [done[name] for name in order if name in done]


def _child(work: Callable[[Step], None], step: Step, folder: Path) -> None:
    """Run a step with everything it prints in a log, and exit non-zero when it fails."""
    sys.stdout.flush()
    sys.stderr.flush()
    with open(folder / f"{step.name}.log", "wb") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
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


def _failure(exitcode: int | None, folder: Path, step: Step) -> str:
    if exitcode == 0:
        return ""
    told = folder / f"{step.name}.failure"
    if told.exists():
        return told.read_text(encoding="utf-8")
    if exitcode is not None and exitcode < 0:
        return f"notebooks/{step.notebook.name}: the process was ended by signal {-exitcode} (out of memory or time)."
    return f"notebooks/{step.notebook.name}: the process ended with code {exitcode} and no message."


def explain(executed: Path, step: Step) -> str:
    """Return a failed notebook's error for the terminal: our own sentences as they are, others with their cell."""
    for cell in nbformat.read(executed, as_version=4).cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                where = f"notebooks/{step.notebook.name} ({', '.join(step.parameters.values())}), cell {cell.id!r}"
                ours = output.ename in expected_names()
                return output.evalue if ours else f"{where}: {output.ename}: {output.evalue}"
    return f"notebooks/{step.notebook.name}: it failed without an error in any cell."


def expected_names() -> set[str]:
    """Return the names of our own errors: their messages are sentences for the user."""
    return {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
