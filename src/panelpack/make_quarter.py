"""The pack of a quarter, from its configuration to what is published."""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from panelpack.config.configuration import Configuration
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Priority
from panelpack.config.printable import check_characters
from panelpack.errors import NotebookFailed, UsageError, shown
from panelpack.formats import listed
from panelpack.indicators.published_tables import published_files
from panelpack.indicators.results import FLAGS, RESULT_NUMBERS, headline_sentence, read_headline
from panelpack.open_points.comments import reviewed
from panelpack.open_points.kinds import Reviewed
from panelpack.open_points.saved import read_open_points
from panelpack.open_points.terminal import words_after_run, words_of_embargoes
from panelpack.periods import Quarter, date_words
from panelpack.pipeline.cache import FAILED, StepCache
from panelpack.pipeline.execute import FAST
from panelpack.pipeline.notebook_run import NotebookRun
from panelpack.pipeline.page_worker import PageWorker
from panelpack.pipeline.records import AS_IT_WAS, FileHashes, steps_folder
from panelpack.pipeline.scheduler import cores
from panelpack.pipeline.steps import (
    DASHBOARD,
    METHODS,
    PREPARE,
    PRIORITY,
    QUARTER,
    REPORT,
    TITLES,
    VALIDATE,
    WORKING,
    Outcome,
    Step,
)
from panelpack.preload import preload
from panelpack.project import EDITION, REVIEW, Project
from panelpack.publishing.inputs import Entry
from panelpack.publishing.manifest import write_run
from panelpack.publishing.pack import Edition, Pack, publish, rehearse
from panelpack.rendering.paper import Paper

EMBARGOED_STATE = "EMBARGOED"
RECONSTRUCTED_TO_PRINT = "Detail is reconstructed: printed totals are met, the rest is assumed."
RECONSTRUCTED_WITHOUT_PRINT = "The data of this quarter are reconstructed; no printed paper holds their totals."


def make_quarter(
    hashes: FileHashes,
    worker: PageWorker,
    say: Callable[[str], None],
    *,
    engine: str | None = FAST,
    rehearsed: bool = False,
) -> str:
    """Make the pack of a quarter and return the headline. The last good outputs stay until all has gone well.

    Notebooks that would come out as they are already are not run again, unless papermill's stock engine is asked for.
    `hashes`: the files as they were before this code was imported. `rehearsed`: the worker has laid out the last pack.
    Raises PanelPackError: the failed notebooks are then kept under outputs/<quarter>-failed.
    """
    project, quarter, started = hashes.project, hashes.quarter, time.monotonic()
    with alone(project, quarter), staging_of(project, quarter) as staging:
        office = Configuration.read(project, quarter)
        check_characters(office)  # else the compiler of the PDF would refuse them when all else is done
        about, steps, reviewers = paper_of(office), steps_of(office), reviewed(office)
        cache = StepCache(office, hashes, about)
        cache.prune(steps)

        def prepare(to_run: Sequence[Step]) -> None:
            if len(to_run) > cores():  # for fewer it costs more than it saves, and the worker has the time
                preload()
            elif not rehearsed:
                rehearse_last_pack(office, worker)

        run = NotebookRun(cache, worker, about, engine=engine, say=say, prepare=prepare)
        stop_if_failed(run.execute(steps), cache, beside(project.outputs(quarter), "failed"))
        say(f"notebooks   {time.monotonic() - started:5.1f} s")

        cache.copy(steps, staging / "review")
        pack = pack_of(office, about, steps, cache, staging, reviewers)
        manifest = worker.call(publish, pack)
        write_run(project, quarter, staging)
        if project.shows_embargoed:  # whatever else the office's git ignores, it never takes these
            (staging / ".gitignore").write_text("*\n", encoding="utf-8")
            (project.processed(quarter) / ".gitignore").write_text("*\n", encoding="utf-8")
        put_in_place(staging, hashes)
        points = [*read_open_points(project.processed(quarter)), *reviewers.comments]
        still_open = words_after_run(points, quarter)
        marked = f"{manifest['marking']['state']}: {manifest['marking']['why']}"
        says = "\n".join([pack.headline, marked, *still_open, *words_of_embargoes(office)])
        cache.record_pack(steps, says)
        say(f"pack        {time.monotonic() - started:5.1f} s")
        return says


def steps_of(office: Configuration) -> list[Step]:
    """Return the steps of a quarter: validate, prepare, each priority, dashboard, report, methods."""

    def step(notebook: str, *after: str, box: Priority | None = None) -> Step:
        parameters = {QUARTER: str(office.quarter)} | ({"priority": box.id} if box else {})
        name = f"{notebook}-{box.id}" if box else notebook
        title = f"{box.number} {box.name}{WORKING}" if box else TITLES[notebook]
        return Step(name, office.project.notebooks / f"{notebook}.ipynb", parameters, after, title)

    priorities = [step(PRIORITY, PREPARE, box=box) for box in office.plan.priorities]
    names = [priority.name for priority in priorities]
    return [
        # Validation reads only raw data, so the priorities need not wait for it; nothing is published unless it passes.
        step(VALIDATE),
        step(PREPARE),
        *priorities,
        step(DASHBOARD, VALIDATE, *names),  # it shows what was asked of the data, and the answers
        step(REPORT, *names),
        step(METHODS, VALIDATE, *names),  # its sources say which checks their tables passed
    ]


def paper_of(office: Configuration) -> Paper:
    """Return what every page says about itself. Raises ConfigurationError."""
    printed = office.project.published(office.quarter).exists()
    reconstructed = RECONSTRUCTED_TO_PRINT if printed else RECONSTRUCTED_WITHOUT_PRINT
    foot = " ".join(filter(None, [embargo_words(office), office.plan.office.notice]))
    notices = [foot, reconstructed if office.sources.reconstructed else ""]
    return Paper(
        title=office.parameters.title,
        office=office.plan.office.commissioner,
        panel=office.plan.office.panel,
        marking=office.marking,
        date_text=date_words(office.parameters.meeting_date, weekday=True),
        edition=office.parameters.edition_words,
        notice=" ".join(filter(None, notices)),
        at_foot=foot,
        document_date=office.parameters.day,
        period=office.quarter.words,
    )


def embargo_words(office: Configuration) -> str:
    """Say on every page of the edition for those who may see embargoed figures what it holds, and until when; else ''.

    Raises UsageError for that edition of a quarter in which nothing is embargoed.
    """
    if not office.project.shows_embargoed:
        return ""
    if not office.embargoed:
        raise UsageError(
            f"{EDITION}={REVIEW}: no table of {office.quarter} is under embargo, so the pack for publication holds "
            f"every figure. Make that one: make quarter Q={office.quarter}"
        )
    tables = (
        f"{table.replace('_', ' ')} until {date_words(entry.release_date)}"
        for table, entry in office.embargoed.items()
        if entry.release_date
    )
    return (
        f"Holds figures under embargo: {listed(list(tables))}. Only for those who may see them; never for publication."
    )


def pack_of(
    office: Configuration,
    about: Paper,
    steps: Sequence[Step],
    cache: StepCache,
    staging: Path,
    reviewers: Reviewed,
    marking: Mapping[str, str] | None = None,
    inputs: Mapping[str, Entry] | None = None,
) -> Pack:
    """Return what is to be published of executed notebooks, whose review copies lie in `staging`.

    reviewers: what they said and signed. marking, inputs: how the pages are marked and the inputs described, where a
    recorded pack is verified.
    """
    return Pack(
        project=office.project,
        quarter=office.quarter,
        staging=staging,
        drafts=cache.folder,
        about=about,
        steps=tuple(steps),
        records={step.name: record for step in steps if (record := cache.record(step))},
        headline=headline_sentence(read_headline(office.project.processed(office.quarter) / "headline.csv")),
        priorities_title=office.parameters.appendix("priorities"),
        sources=office.sources.files,
        marking=marking or _embargoed_marking(office),
        inputs=inputs,
        editions=editions_of(office.parameters),
        reviewed=reviewers,
        not_before=office.latest_decision,
        kinds={**dict.fromkeys(RESULT_NUMBERS, float), **dict.fromkeys(FLAGS, bool)},
        tables=published_files(office.plan),
    )


FOR_THE_MEETING = "Made for the meeting."


def editions_of(parameters: Parameters) -> tuple[Edition, ...]:
    """Return every edition of a quarter, the present one last."""
    reasons = [FOR_THE_MEETING, *(entry.reason for entry in parameters.editions)]
    replaced = [(entry.replaces, entry.commit) for entry in parameters.editions]
    return tuple(
        Edition(day, reason, *known)
        for day, reason, known in zip(parameters.days, reasons, [*replaced, ("", "")], strict=True)
    )


def _embargoed_marking(office: Configuration) -> dict[str, str] | None:
    """Return how an edition with embargoed figures is marked: it is no draft of one to be approved. None of others."""
    why = f"This is not the pack of {office.quarter} for publication, and it is never approved."
    return {"state": EMBARGOED_STATE, "why": why} if office.project.shows_embargoed else None


def rehearse_last_pack(office: Configuration, worker: PageWorker) -> None:
    """Have the worker lay out the pack as it was last published, so that a change of it is soon laid out."""
    drafts = steps_folder(office.project, office.quarter)
    last = Pack(
        project=office.project,
        quarter=office.quarter,
        staging=drafts,
        drafts=drafts,
        about=paper_of(office),
        steps=tuple(steps_of(office)),
        records={},
        headline="",
        priorities_title=office.parameters.appendix("priorities"),
        sources={},
    )
    worker.submit("rehearsal", rehearse, last)


def why(project: Project, quarter: Quarter) -> Iterator[str]:
    """Yield a line for each step: as it was, or what makes it run; last of the pack itself. Nothing is run."""
    office = Configuration.read(project, quarter)
    cache = StepCache(office, FileHashes(project, quarter), paper_of(office))
    to_run: set[str] = set()
    for step in steps_of(office):
        reasons = "; ".join(cache.differences(step))
        before = [name for name in step.after if name in to_run]
        pages = "; ".join(cache.differences(step, pages=True))
        if reasons or before:
            to_run.add(step.name)
        lines = [
            f"runs: {reasons}" * bool(reasons),
            f"runs if a table that it reads comes out differently: {', '.join(before)}" * bool(before and not reasons),
            f"its pages are made again: {pages}" * bool(pages and not reasons),
        ]
        yield f"{step.name:<18} {'; '.join(filter(None, lines)) or AS_IT_WAS}"
    reasons = "; ".join(cache.pack_differences())
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


@contextmanager
def staging_of(project: Project, quarter: Quarter) -> Iterator[Path]:
    """Give the folder in which new outputs are made; whatever is left in it at the end is removed."""
    staging = beside(project.outputs(quarter), "new")
    shutil.rmtree(staging, ignore_errors=True)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def beside(outputs: Path, what: str) -> Path:
    """Return the folder beside a quarter's outputs that holds what is `new`, `old` or `failed` of them."""
    return outputs.with_name(f"{outputs.name}-{what}")


def stop_if_failed(failures: Sequence[Outcome], cache: StepCache, kept: Path) -> None:
    """Raise NotebookFailed with the first failure (validation before what came of it); keep the failed notebooks."""
    shutil.rmtree(kept, ignore_errors=True)
    if not failures:
        return
    cache.copy([outcome.step for outcome in failures], kept, FAILED)
    first = failures[0]
    notebook = kept / f"{first.step.name}.ipynb"
    where = f"The notebook is kept at {shown(notebook)} (and .html); " if notebook.exists() else "It did not run; "
    raise NotebookFailed(f"{first.failure}\n{where}the last good outputs are untouched.")


def put_in_place(staging: Path, hashes: FileHashes) -> None:
    """Put new outputs in the place of the last ones. Raises UsageError where an input changed since the run began."""
    current = hashes.project.outputs(hashes.quarter)
    if changed := hashes.changed_since():
        raise UsageError(
            f"{changed[0]}: it changed while the pack was being made, so nothing was published. "
            f"Make it again: make quarter Q={hashes.quarter}"
        )
    old = beside(current, "old")
    shutil.rmtree(old, ignore_errors=True)
    if current.exists():
        current.rename(old)
    staging.rename(current)  # the moment without either is two renames long
    shutil.rmtree(old, ignore_errors=True)
