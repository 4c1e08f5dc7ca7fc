"""From executed notebooks to what is published: the marked pages, the manifest, and its form for archives."""

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pandas as pd

from panelpack import (
    approvals,
    crate,
    evidence,
    fingerprints,
    headline,
    manifest,
    render,
    review,
    tabular,
    volumes,
    workflow,
)
from panelpack.errors import PanelPackError
from panelpack.inputs import hashed
from panelpack.pages import share_of_pack
from panelpack.paper import FiledFragment, Paper, Part
from panelpack.params import Params
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.runner import Step
from panelpack.steps import DASHBOARD, METHODS, PRIORITY, REPORT, paper, steps

# The figures that the pack is made from are official or printed ones, and so is the licence of the pack.
LICENCE = crate.Licence(
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", "Open Government Licence v3.0"
)


def publish(
    project: Project,
    quarter: Quarter,
    staging: Path,
    todo: Sequence[Step],
    about: Paper,
    drafts: Path,
    marking: Mapping[str, str] | None = None,
) -> tuple[dict, str]:
    """Write the pack, the review index and the manifest of executed notebooks into `staging`.

    Returns the manifest, and the headline in a sentence. The review copies are there already; `drafts` has every step's
    share of the pack. `marking` says how the pages are marked; by default as params/approvals.yml says of the manifest.
    Raises RenderError for what cannot be printed.
    """
    pack, processed = staging / "pack", project.processed(quarter)
    pack.mkdir()
    for leftover in staging.glob("*.log"):
        leftover.unlink()
    for name in ("indicators.csv", "commentary.csv"):
        shutil.copyfile(processed / name, pack / name)
    made = manifest.describe(project, quarter, staging, todo)
    sealed = set(made["outputs"])
    mark = marking or approvals.marking(made, approvals.load_approvals(project.approvals))
    about = replace(about, state=mark["state"], why=mark["why"])
    _, params, sources = evidence.configuration(project, quarter)
    parts = _parts(drafts, todo, params)
    with ThreadPoolExecutor(1) as beside:  # the compiler works outside Python's lock, so the rest goes on meanwhile
        in_print = volumes.volumes(parts)
        printing = beside.submit(_print, in_print, about, pack)
        with (pack / "panel-pack.html").open("w", encoding="utf-8") as page:
            page.writelines(render.pack_html(parts, about))
        tabular.workbook(pack / "indicators.xlsx", pack / "indicators.csv", about)
        said = headline.sentence(counts(processed))
        review.write_index(staging, about, todo, pd.read_csv(processed / "checks.csv"), said, list(in_print))
        printing.result()
    pages = hashed(staging, (path for path in staging.rglob("*") if path.is_file()))
    made |= {"marking": dict(mark), "pages": {name: entry for name, entry in pages.items() if name not in sealed}}
    files = {name: made[name] for name in ("quarter", "python", "packages", "inputs", "code", "intermediate")}
    crate.write(staging, files | {"outputs": made["outputs"] | made["pages"]}, todo, about, LICENCE, sources.files)
    made["pages"] |= hashed(staging, (staging / name for name in (crate.NAME, workflow.NAME)))
    manifest.write(made, staging)
    return made, said


def rehearse(project: Project, quarter: Quarter) -> None:
    """Lay out the pack as it was last published; with what changes, it then takes a third of the time.

    For a pack in volumes it would not help, and it is no failure if the last one is no longer there as a whole.
    """
    try:
        mark = manifest.read(project.outputs(quarter) / manifest.NAME)["marking"]
        plan, params, _ = evidence.configuration(project, quarter)
        todo = steps(project, quarter, plan)
        in_print = volumes.volumes(_parts(fingerprints.folder(project, quarter), todo, params))
        if len(in_print) == 1:
            about = replace(paper(project, quarter), state=mark["state"], why=mark["why"])
            list(volumes.printed(in_print, about))
    except (FileNotFoundError, PanelPackError):
        pass


def _print(in_print: Mapping[str, Sequence[Part]], about: Paper, pack: Path) -> None:
    for name, printed in volumes.printed(in_print, about):
        (pack / name).write_bytes(printed)


def counts(processed: Path) -> dict[str, float]:
    """Return the headline's counts and shares that the dashboard wrote."""
    frame = pd.read_csv(processed / "headline.csv", index_col="name")["value"]
    return {name: int(v) if not name.endswith("_share") else v for name, v in frame.items()}


def _parts(drafts: Path, todo: Sequence[Step], params: Params) -> list[Part]:
    """Return the notebooks in the order of the pack."""

    def shares(notebook: str) -> list[FiledFragment]:
        return [share_of_pack(step.name, drafts) for step in todo if step.notebook.stem == notebook]

    return [
        Part("", "", shares(REPORT), new_page=True),
        Part("", "", shares(DASHBOARD), new_page=True),
        Part(params.appendix("priorities"), "priorities", shares(PRIORITY), new_page=True),
        Part("", "", shares(METHODS), new_page=True),
    ]
