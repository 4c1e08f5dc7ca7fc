"""An independent rerun of a quarter, compared with its manifest: reproduced, or what differs and why."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panelpack.audit import certificate, differences
from panelpack.audit.differences import Differences
from panelpack.config.configuration import Configuration
from panelpack.errors import CouldNotVerify, PanelPackError, shown
from panelpack.intake.receiving import receive
from panelpack.intake.salts import DIGITS, write_salt
from panelpack.make_quarter import pack_of, paper_of, steps_of
from panelpack.open_points.comments import reviewed
from panelpack.pack_files import code_files, input_files, last_manifest, notebook_files, salt_files
from panelpack.periods import Quarter
from panelpack.pipeline.cache import StepCache
from panelpack.pipeline.execute import FAST, STOCK
from panelpack.pipeline.notebook_run import NotebookRun
from panelpack.pipeline.page_worker import PageWorker
from panelpack.pipeline.records import FileHashes
from panelpack.preload import preload
from panelpack.project import Project
from panelpack.publishing.approvals import check_days, load_approvals, marking
from panelpack.publishing.inputs import describe_inputs, unsalted_inputs
from panelpack.publishing.manifest import INDEX, MANIFEST_FILE, hashed_notebooks, read_manifest, read_run, this_run
from panelpack.publishing.pack import publish

REPRODUCED, DIFFERS, COULD_NOT = 0, 1, 2
STAND_IN = "0" * DIGITS  # the salt in a copy, of a file whose own is not there


@dataclass(frozen=True)
class Verified:
    """How a verification ended: the exit code, one line, what differs, and what else there is to know."""

    exit_code: int
    line: str
    differences: Differences
    remarks: tuple[str, ...]


def verify(
    project: Project, quarter: Quarter, worker: PageWorker, say: Callable[[str], None], engine: str | None = STOCK
) -> Verified:
    """Rerun a quarter in a temporary folder, compare it with its manifest, and write the certificate.

    Every notebook runs in a fresh kernel of papermill's own engine: another path than the one that made the pack.
    Raises CouldNotVerify where there is no manifest, or the notebooks do not run.
    """
    try:
        recorded = read_manifest(project.outputs(quarter) / MANIFEST_FILE)
        with tempfile.TemporaryDirectory() as folder:
            made = rerun(project, quarter, Path(folder), recorded, worker, say, engine)
    except PanelPackError as error:
        raise CouldNotVerify(f"{quarter} could not be verified. {error}") from None
    verified = compare_runs(project, quarter, recorded, made)
    certificate.write_certificate(
        Configuration.read(project, quarter),
        recorded,
        differences=verified.differences,
        outcome=(verified.exit_code, verified.line),
        remarks=verified.remarks,
    )
    return verified


def compare_runs(project: Project, quarter: Quarter, recorded: Mapping[str, Any], made: Mapping[str, Any]) -> Verified:
    """Compare the manifest of a run with the recorded one, and say how it ended."""
    made_on = read_run(project.outputs(quarter))
    differs = differences.between(recorded, made, (made_on, this_run(project)))
    as_reviewed = {**recorded, "reviews": made.get("reviews", {})}  # as the comments now are
    supported = marking(as_reviewed, load_approvals(project.approvals))
    remarks: tuple[str, ...] = ()
    if supported != recorded["marking"]:
        remarks = (
            f"The recorded pack is marked {recorded['marking']['state']} ({recorded['marking']['why']}), but by "
            f"params/approvals.yml it is {supported['state']}: {supported['why']}",
        )
    remarks = (*remarks, *_impossible_approval(project, quarter, recorded))
    line = differences.line(differs, str(quarter))
    if differs.identical and remarks:
        line = f"{quarter} differs: {remarks[0]}"
    if _reviews(made) != _reviews(recorded):
        line += f" Not compared: {INDEX}, for {shown(project.reviews)} was changed after the pack was made."
    if (differs.files["code"] or differs.files["notebooks"]) and (commit := made_on.get("git_commit")):
        line += f" The pack was made by the code of commit {str(commit)[:12]}: check out that commit to verify it."
    return Verified(REPRODUCED if differs.identical and not remarks else DIFFERS, line, differs, remarks)


def _impossible_approval(project: Project, quarter: Quarter, recorded: Mapping[str, Any]) -> Iterator[str]:
    """Yield that an approval of the recorded pack is older than what it rests on; nothing where that is not known."""
    with suppress(PanelPackError):
        what, day = Configuration.read(project, quarter).latest_decision
        try:
            check_days(project.approvals, recorded, what, day)
        except PanelPackError as error:
            yield str(error)


def rerun(
    project: Project,
    quarter: Quarter,
    folder: Path,
    recorded: Mapping[str, Any],
    worker: PageWorker,
    say: Callable[[str], None],
    engine: str | None,
) -> dict[str, Any]:
    """Run a quarter in `folder` and return its manifest. Raises PanelPackError where it does not run.

    The pages are marked as the recorded ones are, so that they can be compared. Raw files that are not those of
    sources.yml are let through in the copy, so that the figures they give can be compared: that they differ is said.
    So are guarded files without their salts: that they are not checked is said too.
    """
    copy = copy_inputs(project, quarter, folder / "project")
    inputs, lost = describe_inputs(project, quarter), _without_salts(copy, quarter)
    # Of what nobody can check, the crate says what the recorded one does: by that alone the two would differ.
    as_recorded = inputs | {name: entry for name, entry in recorded["inputs"].items() if name in lost}
    receive(copy.raw(quarter))
    office = Configuration.read(copy, quarter)
    about, steps = paper_of(office), steps_of(office)
    cache = StepCache(office, FileHashes(copy, quarter), about)
    cache.prune(steps)
    prepare = (lambda waiting: preload()) if engine == FAST else (lambda waiting: None)
    run = NotebookRun(cache, worker, about, engine=engine, say=say, prepare=prepare)
    if failures := [outcome.failure for outcome in run.execute(steps)]:
        raise CouldNotVerify("\n".join([_inputs_changed(project, quarter, recorded), *failures]).strip())
    staging = folder / "outputs"
    cache.copy(steps, staging / "review")
    made: dict[str, Any] = worker.call(
        publish, pack_of(office, about, steps, cache, staging, reviewed(office), recorded["marking"], as_recorded)
    )
    if _reviews(made) != _reviews(recorded) and INDEX in recorded["pages"]:  # nothing of the pack rests on them
        made["pages"][INDEX] = recorded["pages"][INDEX]
    here = {
        "inputs": inputs,
        "code": project.hashed(code_files(project)),
        "notebooks": hashed_notebooks(project),
    }
    return made | here


def _reviews(manifest: Mapping[str, Any]) -> object:
    return manifest.get("reviews", {}).get("sha256")


def _without_salts(copy: Project, quarter: Quarter) -> list[str]:
    """Give the guarded files of a copy that have no salt one that stands in for it; return their names."""
    names = unsalted_inputs(copy, quarter)
    for name in names:
        write_salt(copy.path(name), STAND_IN)
    return names


def _inputs_changed(project: Project, quarter: Quarter, recorded: Mapping[str, Any]) -> str:
    now, before = describe_inputs(project, quarter), recorded["inputs"]
    names = {*now, *before} - {*unsalted_inputs(project, quarter)}
    changed = sorted(name for name in names if now.get(name) != before.get(name))
    return f"Inputs that are not those of the manifest: {', '.join(changed)}." if changed else ""


def copy_inputs(project: Project, quarter: Quarter, to: Path) -> Project:
    """Copy what a quarter is made from into another folder, which is then the office's and the software's in one."""
    files = [
        *(*input_files(project, quarter), *salt_files(project, quarter)),
        *(*code_files(project), *notebook_files(project)),
    ]
    files += [path for path in [last_manifest(project, quarter)] if path.is_file()]  # what the pack looks back to
    # No plan but its own is an input of a quarter; but that there are others tells whose a suite may be.
    unsealed = [path for path in (project.approvals, project.reviews) if path.exists()]
    for path in {*files, *project.plans(), *unsealed}:
        target = to / project.name(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return Project(to)
