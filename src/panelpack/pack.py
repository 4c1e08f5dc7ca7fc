"""The pack of a quarter: run the notebooks that must run, publish what all of them left, put it in place at once."""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

from panelpack import evidence, execution, runner, runs
from panelpack.configuration import shown
from panelpack.errors import NotebookFailed, UsageError
from panelpack.fingerprints import Contents
from panelpack.kept import FAILED, Kept
from panelpack.press import Press
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.review_pages import ReviewPages
from panelpack.runner import Outcome, Step
from panelpack.steps import paper, steps

Say = Callable[[str], None]
WhileWaiting = Callable[[Sequence[Step]], None]
AS_IT_WAS = "as it was"


def make(
    project: Project,
    quarter: Quarter,
    say: Say,
    *,
    while_waiting: WhileWaiting = lambda waiting: None,
    engine: str | None = execution.FAST,
    contents: Contents | None = None,
    press: Press | None = None,
) -> str:
    """Make the pack of a quarter and return the headline. The last good outputs stay until all has gone well.

    Notebooks that would come out as they are already are not run again, unless papermill's stock engine is asked for.
    `contents`: the files as they were before this code was imported; by default as they are now. `press`: one that
    was started then; by default it is started now.
    Raises PanelPackError: the failed notebooks are then kept under outputs/<quarter>-failed.
    """
    with alone(project, quarter), nullcontext(press) if press else Press() as pages:
        return _make(contents or Contents(project, quarter), say, while_waiting, engine, pages)


def _make(contents: Contents, say: Say, while_waiting: WhileWaiting, engine: str | None, press: Press) -> str:
    started, jobs = time.monotonic(), runner.cores()
    project, quarter = contents.project, contents.quarter
    plan, _, _ = evidence.configuration(project, quarter)
    about, todo = paper(project, quarter), steps(project, quarter, plan)
    kept = Kept(contents, plan, about)
    staging, failed = (project.outputs(quarter).with_name(f"{quarter}-{what}") for what in ("new", "failed"))
    kept.prune(todo)
    watched = engine == execution.FAST

    def meanwhile(waiting: Sequence[Step]) -> None:
        while_waiting(waiting)
        press.send("packages", "manifest.packages", project.lock)  # it remembers them
        for step in waiting:
            kept.code_of(step.notebook)

    reviews = ReviewPages(kept, press, about)

    def progress(outcome: Outcome) -> None:
        say(_progress(outcome))
        if jobs > 1 and not outcome.failure:
            reviews.make(outcome.step)

    work = partial(execution.run, folder=kept.folder, engine=engine)
    outcomes = runner.run(
        todo,
        partial(kept.make, execute=work, recorded=watched),
        kept.folder,
        jobs=jobs,
        while_waiting=meanwhile,
        progress=progress,
        as_it_was=lambda step: watched and kept.as_it_was(step),
        worth_trying=lambda step: watched and kept.worth_trying(step),
    )
    shutil.rmtree(failed, ignore_errors=True)
    if failures := [outcome for outcome in outcomes if outcome.failure]:
        reviews.of_failed(outcome.step for outcome in failures)
    else:
        failures = reviews.finish(todo)
    if failures:
        kept.copy([outcome.step for outcome in failures], failed, FAILED)
        raise NotebookFailed(_failures(failures, failed))
    say(f"notebooks   {time.monotonic() - started:5.1f} s  {len(outcomes)} of {len(todo)} run")
    try:
        shutil.rmtree(staging, ignore_errors=True)
        kept.copy(todo, staging / "review")
        made, said = press.result("publishing.publish", project, quarter, staging, todo, about, kept.folder)
        runs.write(project, quarter, made, staging, keep=kept.untouched(project.outputs(quarter) / runs.NAME))
        if changed := kept.contents.changed_since():
            raise UsageError(
                f"{changed[0]}: it changed while the pack was being made, so nothing was published. "
                f"Make it again: make quarter Q={quarter}"
            )
        _replace(project.outputs(quarter), staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    says = f"{said}\n{made['marking']['state']}: {made['marking']['why']}"
    kept.record_pack(todo, says)
    say(f"pack        {time.monotonic() - started:5.1f} s")
    return says


def why(project: Project, quarter: Quarter) -> Iterator[str]:
    """Yield a line for each step: as it was, or what makes it run; last of the pack itself. Nothing is run."""
    plan, _, _ = evidence.configuration(project, quarter)
    kept = Kept(Contents(project, quarter), plan, paper(project, quarter))
    to_run: set[str] = set()
    for step in steps(project, quarter, plan):
        reasons = "; ".join(kept.differences(step))
        before = [name for name in step.after if name in to_run]
        pages = "; ".join(kept.differences(step, pages=True))
        if reasons or before:
            to_run.add(step.name)
        told = [
            f"runs: {reasons}" * bool(reasons),
            f"runs if a table that it reads comes out differently: {', '.join(before)}" * bool(before and not reasons),
            f"its pages are made again: {pages}" * bool(pages and not reasons),
        ]
        yield f"{step.name:<18} {'; '.join(filter(None, told)) or AS_IT_WAS}"
    reasons = "; ".join(kept.pack_differences())
    waits = "is published again if a notebook comes out differently" if to_run else AS_IT_WAS
    yield f"{'pack':<18} {f'is published again: {reasons}' if reasons else waits}"


@contextmanager
def alone(project: Project, quarter: Quarter) -> Iterator[None]:
    """Hold a quarter's folders for this run. Raises UsageError while another run holds them."""
    path = project.processed(quarter).with_name(f"{quarter}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{quarter}: another run is making this quarter. Wait for it, or stop it.") from None
        yield


def _replace(current: Path, new: Path) -> None:
    """Put the new folder in the current one's place; the moment without either is two renames long."""
    old = current.with_name(current.name + "-old")
    shutil.rmtree(old, ignore_errors=True)
    if current.exists():
        current.rename(old)
    new.rename(current)
    shutil.rmtree(old, ignore_errors=True)


def _progress(outcome: Outcome) -> str:
    state = "FAILED" if outcome.failure else "done"
    return f"{outcome.step.name:<18} {state:<6} {outcome.seconds:5.1f} s"


def _failures(failures: list[Outcome], folder: Path) -> str:
    """Return the first failure (validation before what came of it) and where the notebooks are kept."""
    first = failures[0]
    kept = folder / f"{first.step.name}.ipynb"
    where = f"The notebook is kept at {shown(kept)} (and .html); " if kept.exists() else ""
    return f"{first.failure}\n{where or 'It did not run; '}the last good outputs are untouched."
