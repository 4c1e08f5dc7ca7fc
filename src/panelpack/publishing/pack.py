"""What is published of executed notebooks: the marked pages, the tables, the manifest, and its form for archives."""

import datetime
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from panelpack.config.sources import Source
from panelpack.errors import PanelPackError
from panelpack.indicators.sheets import TABLES_OF_EVERY_PACK, WORKBOOK
from panelpack.open_points.kinds import NOTHING_REVIEWED, Reviewed
from panelpack.periods import Quarter
from panelpack.pipeline.page_worker import share_of_pack
from panelpack.pipeline.records import StepRecord
from panelpack.pipeline.steps import DASHBOARD, METHODS, PRIORITY, REPORT, Step
from panelpack.project import Project, hashed
from panelpack.publishing.inputs import Entry
from panelpack.rendering.paper import FiledFragment, Paper, Part


@dataclass(frozen=True)
class Edition:
    """An edition of a quarter's pack: its day, why it was made, its seal and the commit at which it can be verified.

    Of the present one neither is known yet, and '' stands for them; so does it for a commit that is not known.
    """

    day: datetime.date
    reason: str
    seal: str = ""
    commit: str = ""


@dataclass(frozen=True)
class Pack:
    """What a pack is made of, in plain values: the page worker that makes it reads no configuration.

    staging: where it is made; the review copies are there already. drafts: where every step's share of the pack lies.
    records: what each step read and wrote, by its name. sources: what is known of each raw file, by its name. marking:
    how the pages are marked; by default as params/approvals.yml says of the manifest. inputs: how the manifest
    describes them; by default as they are. kinds: the columns of numbers and of truths in the table of indicators.
    tables: the files of data/processed that are published as they are. editions: all up to this one. not_before: what
    an approval cannot be older than, in words, and its day. reviewed: what reviewers said, checked and signed.
    """

    project: Project
    quarter: Quarter
    staging: Path
    drafts: Path
    about: Paper
    steps: tuple[Step, ...]
    records: Mapping[str, StepRecord]
    headline: str
    priorities_title: str
    sources: Mapping[str, Source]
    marking: Mapping[str, str] | None = None
    inputs: Mapping[str, Entry] | None = None
    kinds: Mapping[str, type[float] | type[bool]] | None = None
    tables: Sequence[str] = TABLES_OF_EVERY_PACK
    editions: Sequence[Edition] = ()
    not_before: tuple[str, datetime.date] | None = None
    reviewed: Reviewed = NOTHING_REVIEWED

    @property
    def parts(self) -> list[Part]:
        """The notebooks in the order of the pack."""

        def shares(notebook: str) -> list[FiledFragment]:
            return [share_of_pack(step.name, self.drafts) for step in self.steps if step.notebook.stem == notebook]

        return [
            Part("", "", shares(DASHBOARD)),
            Part("", "", shares(REPORT), new_page=True),
            Part(self.priorities_title, "priorities", shares(PRIORITY), new_page=True),
            Part("", "", shares(METHODS), new_page=True),
        ]


# What follows is called in the page worker. It imports the compiler of PDFs and more, and only there.
def load_for_pages() -> None:
    """Import what pages and packs are made with."""
    from panelpack.publishing import approvals, crate, workbook  # noqa: F401
    from panelpack.publishing.review import index  # noqa: F401
    from panelpack.rendering import document  # noqa: F401


def publish(pack: Pack) -> dict[str, Any]:
    """Write the pack, the review index and the manifest into its staging folder, and return the manifest.

    Raises RenderError for what cannot be printed.
    """
    from panelpack.publishing import crate, cwl, manifest
    from panelpack.publishing.review.index import write_index
    from panelpack.publishing.workbook import write_workbook
    from panelpack.rendering import document

    processed, staging = pack.project.processed(pack.quarter), pack.staging
    published = staging / "pack"
    published.mkdir()
    for name in pack.tables:
        shutil.copyfile(processed / name, published / name)
    seals = [edition.seal for edition in pack.editions[:-1]]
    made = manifest.build_manifest(pack.project, pack.quarter, staging, pack.steps, pack.inputs, seals)
    sealed = set(made["outputs"])
    made |= {"reviews": pack.reviewed.listed} if pack.reviewed.file else {}
    mark = pack.marking or _supported_marking(pack, made)
    about = replace(pack.about, state=mark["state"], why=mark["why"])
    volumes = document.volumes(pack.parts)
    with ThreadPoolExecutor(1) as beside:  # the compiler works outside Python's lock, so the rest goes on meanwhile
        printing = beside.submit(_print, volumes, about, published)
        if len(volumes) > 1:
            printing.result()  # the workbook of a pack so large waits, for the memory
        with (published / "panel-pack.html").open("w", encoding="utf-8") as page:
            page.writelines(document.pack_html(pack.parts, about))
        write_workbook(published / WORKBOOK, published, about, pack.kinds)
        write_index(pack, about, made, list(volumes))
        printing.result()
    pages = hashed(staging, (path for path in staging.rglob("*") if path.is_file()))
    made |= {"marking": dict(mark), "pages": {name: entry for name, entry in pages.items() if name not in sealed}}
    crate.write_crate(staging, made, pack.steps, pack.records, about, pack.sources)
    made["pages"] |= hashed(staging, (staging / name for name in (crate.CRATE_FILE, cwl.WORKFLOW_FILE)))
    manifest.write_manifest(made, staging)
    return made


def _supported_marking(pack: Pack, made: Mapping[str, Any]) -> dict[str, str]:
    """Return how params/approvals.yml marks a pack. Raises ConfigurationError for an approval that cannot be."""
    from panelpack.publishing import approvals

    if pack.not_before:
        approvals.check_days(pack.project.approvals, made, *pack.not_before)
    return approvals.marking(made, approvals.load_approvals(pack.project.approvals))


def rehearse(pack: Pack) -> None:
    """Lay out the pack as it was last published; with what changes, it then takes a third of the time.

    For a pack in volumes it would not help, and it is no failure if the last one is no longer there as a whole.
    """
    from panelpack.publishing.manifest import MANIFEST_FILE, read_manifest
    from panelpack.rendering import document

    try:
        mark = read_manifest(pack.project.outputs(pack.quarter) / MANIFEST_FILE)["marking"]
        volumes = document.volumes(pack.parts)
        if len(volumes) == 1:
            document.lay_out(pack.parts, replace(pack.about, state=mark["state"], why=mark["why"]))
    except (FileNotFoundError, PanelPackError):
        pass


def _print(volumes: Mapping[str, Sequence[Part]], about: Paper, folder: Path) -> None:
    from panelpack.rendering import document

    for name, printed in document.printed(volumes, about):
        (folder / name).write_bytes(printed)
