"""An independent rerun of a quarter, compared with its manifest: reproduced, or what differs and why."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from panelpack import approvals, certificate, evidence, execution, explanations, manifest, receiving, runner
from panelpack import differences as compared
from panelpack.differences import Differences
from panelpack.errors import CouldNotVerify, PanelPackError
from panelpack.inputs import code_files, hashed, input_files
from panelpack.press import Press
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.runner import Outcome
from panelpack.steps import VALIDATE, paper, steps

REPRODUCED, DIFFERS, COULD_NOT = 0, 1, 2


@dataclass(frozen=True)
class Verified:
    """How a verification ended: the exit code, one line, what differs, and what else there is to know."""

    exit_code: int
    line: str
    differences: Differences
    remarks: tuple[str, ...]


def verify(
    project: Project,
    quarter: Quarter,
    say: Callable[[str], None],
    engine: str | None = execution.STOCK,
    press: Press | None = None,
) -> Verified:
    """Rerun a quarter in a temporary folder, compare it with its manifest, and write the certificate.

    Every notebook runs in a fresh kernel of papermill's own engine: another path than the one that made the pack.
    Raises CouldNotVerify where there is no manifest, or the notebooks do not run.
    """
    try:
        recorded = manifest.read(project.outputs(quarter) / manifest.NAME)
        with nullcontext(press) if press else Press() as pages, tempfile.TemporaryDirectory() as folder:
            made, remarks = rerun(project, quarter, Path(folder), recorded, say, engine, pages)
    except PanelPackError as error:
        raise CouldNotVerify(f"{quarter} could not be verified. {error}") from None
    verified = judge(project, quarter, recorded, made, remarks)
    certificate.write(project, quarter, recorded, verified)
    return verified


def judge(project: Project, quarter: Quarter, recorded: dict, made: dict, remarks: tuple[str, ...] = ()) -> Verified:
    """Compare the manifest of a run with the recorded one, and say how it ended."""
    found = compared.between(recorded, made)
    said = approvals.marking(recorded, approvals.load_approvals(project.approvals))
    if said != recorded["marking"]:
        remarks = (
            *remarks,
            f"The recorded pack is marked {recorded['marking']['state']} ({recorded['marking']['why']}), but by "
            f"params/approvals.yml it is {said['state']}: {said['why']}",
        )
    line = explanations.line(found, str(quarter))
    if found.identical and remarks:
        line = f"{quarter} differs: {remarks[0]}"
    return Verified(REPRODUCED if found.identical and not remarks else DIFFERS, line, found, remarks)


def rerun(
    project: Project,
    quarter: Quarter,
    folder: Path,
    recorded: dict,
    say: Callable[[str], None],
    engine: str | None,
    press: Press,
) -> tuple[dict, tuple[str, ...]]:
    """Run a quarter in `folder` and return its manifest, and remarks. Raises PanelPackError where it does not run.

    The pages are marked as the recorded ones are, so that they can be compared. Raw files that are not those of
    sources.yml are let through in the copy, so that the figures they give can be compared: that they differ is said.
    """
    copy = copy_inputs(project, quarter, folder / "project")
    receiving.receive(copy.raw(quarter))
    plan, _, _ = evidence.configuration(copy, quarter)
    about, todo = paper(copy, quarter), steps(copy, quarter, plan)
    staging = folder / "outputs"
    review, drafts = staging / "review", folder / "drafts"
    review.mkdir(parents=True)
    drafts.mkdir()

    def progress(outcome: Outcome) -> None:
        say(f"{outcome.step.name:<18} {'FAILED' if outcome.failure else 'done'}")
        if not outcome.failure:
            press.send(outcome.step.name, "pages.review", review / f"{outcome.step.name}.ipynb", drafts, about)

    outcomes = runner.run(
        todo,
        partial(execution.run, folder=review, engine=engine),
        staging,
        jobs=runner.cores(),
        progress=progress,
    )
    unprintable = {name: str(failure) for name, failure in press.results().items() if failure}
    failures = {outcome.step.name: outcome.failure for outcome in outcomes if outcome.failure}
    remarks = tuple(f"The raw data do not pass: {failures.pop(name)}" for name in (VALIDATE,) if name in failures)
    if failures := failures | unprintable:
        raise CouldNotVerify("\n".join([_inputs_changed(project, quarter, recorded), *failures.values()]).strip())
    for leftover in staging.glob("*.failure"):
        leftover.unlink()
    made, _ = press.result("publishing.publish", copy, quarter, staging, todo, about, drafts, recorded["marking"])
    here = {"inputs": input_files(project, quarter), "code": code_files(project)}
    return made | {name: hashed(project.root, files) for name, files in here.items()}, remarks


def _inputs_changed(project: Project, quarter: Quarter, recorded: dict) -> str:
    now = hashed(project.root, input_files(project, quarter))
    before = recorded["inputs"]
    changed = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
    return f"Inputs that are not those of the manifest: {', '.join(changed)}." if changed else ""


def copy_inputs(project: Project, quarter: Quarter, to: Path) -> Project:
    """Copy what a quarter is made from into another folder, and return the project there."""
    files = [*input_files(project, quarter), *code_files(project)]
    if project.approvals.exists():
        files.append(project.approvals)
    for path in files:
        target = to / path.relative_to(project.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return Project(to)
