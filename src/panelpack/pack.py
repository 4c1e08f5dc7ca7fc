"""The pack of a quarter: run the notebooks, publish what they made, and put all in place at once."""

import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from panelpack import evidence, execution, headline, publishing, runner, runs
from panelpack.configuration import shown
from panelpack.errors import NotebookFailed
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.runner import Outcome
from panelpack.steps import execute, steps

Say = Callable[[str], None]


def make(
    project: Project,
    quarter: Quarter,
    say: Say,
    *,
    before_rest: Callable[[], None] = lambda: None,
    engine: str | None = execution.FAST,
) -> str:
    """Make the pack of a quarter and return the headline. The last good outputs stay until all has gone well.

    Raises PanelPackError: the failed notebooks are then kept under outputs/<quarter>-failed.
    """
    started, jobs = time.monotonic(), runner.cores()
    plan, _, _ = evidence.configuration(project, quarter)
    about, todo = publishing.paper(project, quarter), steps(project, quarter, plan)
    staging, failed = _fresh(_beside(project, quarter, "new")), _beside(project, quarter, "failed")
    _fresh(project.processed(quarter))  # what an earlier plan left behind is no part of this run
    try:
        review_folder = _fresh(staging / "review")
        outcomes = runner.run(
            todo,
            partial(execute, folder=review_folder, about=about, engine=engine),
            staging,
            jobs=jobs,
            before_rest=before_rest,
            progress=lambda outcome: say(_progress(outcome)),
        )
        if failures := [outcome for outcome in outcomes if outcome.failure]:
            shutil.rmtree(failed, ignore_errors=True)
            review_folder.rename(failed)
            raise NotebookFailed(_failures(failures, failed))
        say(f"notebooks   {time.monotonic() - started:5.1f} s")
        made = publishing.publish(project, quarter, staging, todo, about)
        runs.write(project, quarter, made, staging)
        counts = publishing.counts(project.processed(quarter))
        _replace(project.outputs(quarter), staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    shutil.rmtree(failed, ignore_errors=True)
    say(f"pack        {time.monotonic() - started:5.1f} s")
    return f"{headline.sentence(counts)}\n{made['marking']['state']}: {made['marking']['why']}"


def _beside(project: Project, quarter: Quarter, what: str) -> Path:
    return project.outputs(quarter).with_name(f"{quarter}-{what}")


def _fresh(folder: Path) -> Path:
    """Return the folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


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
