"""The pack of a quarter: run the notebooks, render them, join them, and put all in place at once."""

import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import nbformat
import pandas as pd

from panelpack import evidence, execution, headline, manifest, render, review, runner, tabular
from panelpack.configuration import shown
from panelpack.errors import NotebookFailed, PanelPackError
from panelpack.paper import Paper, Part
from panelpack.params import Params, date_words
from panelpack.plan import Plan
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.runner import Outcome, Step

VALIDATE, PREPARE, PRIORITY = "1_validate", "2_prepare", "3_priority"
DASHBOARD, REPORT, METHODS = "4_dashboard", "5_report", "6_methods"
RECONSTRUCTED = "Monthly and quarterly detail is reconstructed to the published totals."
RECONSTRUCTED_WITHOUT_PRINT = "The data of this quarter are reconstructed; no printed paper holds their totals."
Say = Callable[[str], None]


def steps(project: Project, quarter: Quarter, plan: Plan) -> list[Step]:
    """Return the notebooks of a quarter in the order of the data's way."""
    at, given = project.notebooks, {"quarter": str(quarter)}
    priorities = [
        Step(f"{PRIORITY}-{box.id}", at / f"{PRIORITY}.ipynb", {**given, "priority": box.id}, (PREPARE,))
        for box in plan.priorities
    ]
    names = tuple(step.name for step in priorities)
    return [
        # Validation reads only raw data, so the others need not wait for it; nothing is published unless it passes.
        Step(VALIDATE, at / f"{VALIDATE}.ipynb", given),
        Step(PREPARE, at / f"{PREPARE}.ipynb", given),
        *priorities,
        Step(DASHBOARD, at / f"{DASHBOARD}.ipynb", given, names),
        Step(REPORT, at / f"{REPORT}.ipynb", given, names),
        Step(METHODS, at / f"{METHODS}.ipynb", given, names),
    ]


def paper(plan: Plan, params: Params, reconstructed: bool, printed: bool) -> Paper:
    """Return what every page says about itself; `printed`: a printed paper of the quarter is at hand."""
    made_up = RECONSTRUCTED if printed else RECONSTRUCTED_WITHOUT_PRINT
    return Paper(
        title=params.title,
        office=plan.office.commissioner,
        panel=plan.office.panel,
        marking=params.marking,
        date_text=date_words(params.meeting_date, weekday=True),
        notice=made_up if reconstructed else "",
        document_date=params.meeting_date,
    )


def execute(step: Step, folder: Path, about: Paper, engine: str | None) -> None:
    """Execute one notebook into `folder` and render its review copies. Raises NotebookFailed."""
    output = folder / f"{step.name}.ipynb"
    try:
        notebook = execution.execute(step.notebook, output, step.parameters, engine)
    except PanelPackError:
        raise
    except Exception:
        if not output.exists():
            raise
        (folder / f"{step.name}.html").write_text(
            render.review_html(nbformat.read(output, as_version=4), about), encoding="utf-8"
        )
        raise NotebookFailed(runner.explain(output, step)) from None
    (folder / f"{step.name}.html").write_text(render.review_html(notebook, about), encoding="utf-8")
    (folder / f"{step.name}.pdf").write_bytes(render.review_pdf(notebook, about))


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
    plan, params, sources = evidence.configuration(project, quarter)
    reconstructed = any(source.reconstructed for source in sources.files.values())
    about = paper(plan, params, reconstructed, project.published(quarter).exists())
    staging, failed = _fresh(_beside(project, quarter, "new")), _beside(project, quarter, "failed")
    _fresh(project.processed(quarter))  # what an earlier plan left behind is no part of this run
    try:
        review_folder = _fresh(staging / "review")
        outcomes = runner.run(
            steps(project, quarter, plan),
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
        counts = join(project, quarter, params, about, staging, outcomes)
        manifest.write(project, quarter, staging)
        _replace(project.outputs(quarter), staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    shutil.rmtree(failed, ignore_errors=True)
    say(f"pack        {time.monotonic() - started:5.1f} s")
    return headline.sentence(counts)


def join(
    project: Project, quarter: Quarter, params: Params, about: Paper, staging: Path, outcomes: list[Outcome]
) -> dict[str, float]:
    """Write the pack and the review index from executed notebooks; return the headline's counts."""
    for leftover in staging.glob("*.log"):
        leftover.unlink()
    notebooks = {
        outcome.step.name: nbformat.read(staging / "review" / f"{outcome.step.name}.ipynb", as_version=4)
        for outcome in outcomes
    }
    pages = [notebook for name, notebook in notebooks.items() if name.startswith(PRIORITY)]
    parts = [
        Part("", "", [notebooks[REPORT]], new_page=True),
        Part("", "", [notebooks[DASHBOARD]], new_page=True),
        Part(params.appendix("priorities"), "priorities", pages, new_page=True),
        Part("", "", [notebooks[METHODS]], new_page=True),
    ]
    folder = staging / "pack"
    folder.mkdir()
    (folder / "panel-pack.html").write_text(render.pack_html(parts, about), encoding="utf-8")
    (folder / "panel-pack.pdf").write_bytes(render.pack_pdf(parts, about))
    processed = project.processed(quarter)
    for name in ("indicators.csv", "commentary.csv"):
        shutil.copyfile(processed / name, folder / name)
    tabular.workbook(folder / "indicators.xlsx", folder / "indicators.csv", about)
    headline_frame = pd.read_csv(processed / "headline.csv", index_col="name")["value"]
    counts = {name: int(v) if not name.endswith("_share") else v for name, v in headline_frame.items()}
    review.write_index(staging, about, outcomes, pd.read_csv(processed / "checks.csv"), headline.sentence(counts))
    return counts


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
