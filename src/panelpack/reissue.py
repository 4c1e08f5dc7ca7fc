"""A new edition in the place of one that was approved: after a restatement, an error that was mended, or a release.

What was approved stays what it was: its manifest is kept under data/editions, its seal stands in the parameters and in
the new manifest, and so does the commit at which it can be verified. No clock is read: whoever makes the edition says
which day it is for.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

from panelpack.config.configuration import Configuration
from panelpack.config.day import day_of
from panelpack.config.parameters import NewEdition
from panelpack.config.yaml_edit import YamlEdit
from panelpack.errors import PanelPackError, SourceError, UsageError, shown
from panelpack.formats import ordinal
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.edition_notice import SHORT, change_lines, changes_of
from panelpack.periods import Quarter, date_words
from panelpack.project import Project, measured
from panelpack.publishing.approvals import approved_seals, load_approvals
from panelpack.publishing.commits import commit_of_pack
from panelpack.publishing.manifest import MANIFEST_FILE, read_manifest

BYTE_ORDER_MARK = "\ufeff"


def reissue(project: Project, quarter: Quarter, reason: str, day: str, make: Callable[[], object]) -> list[str]:
    """Keep the present edition's manifest, declare the new edition, make it by `make`; return what changed, in lines.

    day: as typed; '' for the day of the present edition. Raises UsageError for a reason or day that is none, and
    SourceError or PanelPackError where there is no approved pack to be replaced. If the new edition cannot be made,
    parameters and data/editions are as they were.
    """
    reason, office = " ".join(reason.split()), Configuration.read(project, quarter)
    if not reason:
        raise UsageError(
            "REASON is missing: expected why the new edition is issued, in a sentence for the reader. "
            f'Type make reissue Q={quarter} REASON="..."'
        )
    issued = issued_manifest(office)
    number = office.parameters.edition + 1
    entry = NewEdition(
        edition=number,
        day=_day(office, day),
        reason=reason,
        replaces=issued["seal"],
        commit=commit_of_pack(project, quarter, issued),
    )
    kept, params = project.editions(quarter) / f"{number - 1}.json", project.params(quarter)
    before = {path: path.read_bytes() if path.exists() else None for path in (kept, params)}
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        _write(kept, (project.outputs(quarter) / MANIFEST_FILE).read_bytes())
        _declare(office, entry)
        make()
    except BaseException:
        if _edition_made(project, quarter) != number:
            for path, content in before.items():
                _put_back(path, content)
        raise
    return list(_told(project, quarter, entry))


def issued_manifest(office: Configuration) -> dict[str, Any]:
    """Return the manifest of the edition that was issued: the present one, approved and as it was made.

    Raises SourceError or PanelPackError where it is not. Inputs and code may have changed since: that is why a new
    edition is made. Pages that are not here, as in a fresh clone, are none that differ.
    """
    project, quarter = office.project, office.quarter
    outputs = project.outputs(quarter)
    manifest, declared = read_manifest(outputs / MANIFEST_FILE), office.parameters.edition
    name, made = shown(outputs / MANIFEST_FILE), manifest.get("edition", 1)
    if made != declared:
        raise PanelPackError(
            f"{name}: it is of edition {made}, and {shown(project.params(quarter))} declares edition {declared}. Make "
            f"that one first: make quarter Q={quarter}"
        )
    approved = approved_seals(load_approvals(project.approvals), quarter)
    if manifest["seal"] not in approved:
        last = f" The one approved last has the seal {approved[-1][:SHORT]}." if approved else ""
        restore = (
            f" If the pack was made again since, take that manifest from git (git checkout COMMIT -- {name}) and "
            "remove the pages beside it; they are made anew."
        )
        raise PanelPackError(
            f"{name}: this pack (seal {manifest['seal'][:SHORT]}) was not approved, so there is no edition to be "
            f"replaced.{last} A draft is simply made again: make quarter Q={quarter}{f'.{restore}' * bool(approved)}"
        )
    for section in ("outputs", "pages"):
        for file, entry in manifest[section].items():
            path = outputs / file
            if path.exists() and measured(path) != entry:
                raise SourceError(
                    f"{shown(path)}: it is not the file that the approved manifest describes. If the pack was made "
                    "again since, remove this file and the others of it: they are made anew. Then reissue."
                )
    return manifest


def _day(office: Configuration, typed: str) -> date:
    """Return the day of the new edition. Raises UsageError for one that is none, or before the present edition's."""
    present = office.parameters.day
    if not typed:
        return present
    try:
        day = day_of(typed)
    except PydanticCustomError as error:
        raise UsageError(f"DAY={typed!r}: {error.message()}") from None
    assert isinstance(day, date)  # of a text, day_of gives a day or raises
    if day < present:
        raise UsageError(
            f"DAY={typed!r}: it is before {date_words(present)}, the day of the present edition. Give that day or a "
            "later one."
        )
    return day


def _declare(office: Configuration, entry: NewEdition) -> None:
    """Add an edition to the parameters; every other character stays. Raises UsageError where that cannot be done."""
    path = office.project.params(office.quarter)
    text = path.read_bytes().decode("utf-8")
    mark = BYTE_ORDER_MARK * text.startswith(BYTE_ORDER_MARK)
    edit = YamlEdit(text.removeprefix(mark), shown(path))
    edit.append(
        "editions",
        {
            "edition": str(entry.edition),
            "day": entry.day.isoformat(),
            "reason": json.dumps(entry.reason, ensure_ascii=False),
            "replaces": f'"{entry.replaces}"',  # in quotation marks: 64 digits may look like a number
            "commit": f'"{entry.commit}"',
        },
    )
    _write(path, f"{mark}{edit.text}".encode())
    wanted = office.parameters.model_copy(update={"editions": [*office.parameters.editions, entry]})
    if Configuration.read(office.project, office.quarter).parameters != wanted:
        raise UsageError(
            f"{shown(path)}: it is written in a way that this command cannot change, and was left as it is. Write "
            f"editions as a list on lines of its own, and try again."
        )


def _write(path: Path, content: bytes) -> None:
    """Write a file; a reader sees the old one or the new one."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    new.replace(path)


def _put_back(path: Path, content: bytes | None) -> None:
    if content is not None:
        _write(path, content)
    else:
        path.unlink(missing_ok=True)
        with suppress(OSError):  # folders that hold something else stay
            path.parent.rmdir()
            path.parent.parent.rmdir()


def _edition_made(project: Project, quarter: Quarter) -> int:
    """Return which edition lies in outputs; 0 where none can be read."""
    try:
        edition = read_manifest(project.outputs(quarter) / MANIFEST_FILE).get("edition", 1)
    except PanelPackError:
        return 0
    return edition if isinstance(edition, int) else 0


def _told(project: Project, quarter: Quarter, entry: NewEdition) -> list[str]:
    """Return what changed, and what is to be done now."""
    seal = read_manifest(project.outputs(quarter) / MANIFEST_FILE)["seal"]
    changes = changes_of(QuarterReport(str(quarter), project=project, written=True))
    assert changes is not None  # it replaces one
    kept, params = project.editions(quarter) / f"{entry.edition - 1}.json", project.params(quarter)
    lines = [
        "",
        f"{quarter}: the {ordinal(entry.edition)} edition, for {date_words(entry.day)}, replaces the "
        f"{ordinal(entry.edition - 1)}.",
        f"  seal before  {entry.replaces}",
        f"  seal now     {seal}",
        *(f"  {line}" for line in change_lines(changes)),
    ]
    if not entry.commit:
        lines.append(
            "No commit holds the edition before with all that it was made from, so nobody can verify it. If there is "
            f"one, write it into {shown(params)}, under editions, commit; then make the quarter again."
        )
    return [
        *lines,
        f"Next: read it, make approve Q={quarter} ROLE=..., and commit {shown(params)}, {shown(kept)} and "
        f"{shown(project.outputs(quarter))}.",
    ]
