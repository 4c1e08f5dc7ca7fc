"""Approval of a pack: who approved which manifest when, and whether it is that of the present pack."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from panelpack.config.day import Day
from panelpack.config.sources import Sha256
from panelpack.config.strict_yaml import Mistake, Role, Strict, load
from panelpack.errors import PanelPackError, SourceError, UsageError, shown
from panelpack.formats import ordinal
from panelpack.intake import arrivals
from panelpack.open_points.kinds import Reviewed, count_words
from panelpack.open_points.saved import read_open_points
from panelpack.pack_files import last_manifest
from panelpack.periods import QUARTER_LABEL, Quarter, date_words, last_day
from panelpack.pipeline.notebook_content import measured_notebook
from panelpack.project import Project, measured
from panelpack.publishing.inputs import NO_SALT, describe_inputs
from panelpack.publishing.manifest import (
    COMPARED_WITH,
    MANIFEST_FILE,
    UNSEALED,
    compared_with,
    hash_of_part,
    read_manifest,
)

HEAD = (
    "# Who approved which pack: role, date, the seal of its manifest, and the hash of each part of the manifest, so\n"
    "# that a pack that is no longer the approved one can say what differs. Written by: make approve Q=... ROLE=...\n"
)
CORRECT_DAY = "Restore the day that make approve wrote."
DRAFT, APPROVED = "DRAFT", "APPROVED"
PARTS = {
    "edition": "edition",
    "replaces": "edition before",
    "inputs": "inputs",
    "code": "code",
    "notebooks": "notebooks",
    "parameters": "parameters",
    "intermediate": "intermediate tables",
    "figures": "figures",
    "paragraphs": "paragraphs",
    "outputs": "executed notebooks and tables",
}


class Approval(Strict):
    """One approval of one manifest."""

    quarter: str
    role: Role
    approved_on: Day
    seal: Sha256
    parts: dict[str, Sha256]


class Approvals(Strict):
    """params/approvals.yml."""

    approvals: list[Approval] = []

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield approvals that are dated before their quarter was over, or before one that was given earlier."""
        latest: dict[str, date] = {}
        for place, one in enumerate(self.approvals):
            at = ("approvals", place, "approved_on")
            day, words = one.approved_on, f"{one.quarter} is approved on {date_words(one.approved_on)}"
            if QUARTER_LABEL.fullmatch(one.quarter) and day <= (ends := last_day(Quarter.parse(one.quarter))):
                yield at, f"{words}, before the quarter was over on {date_words(ends)}. {CORRECT_DAY}"
            elif day < (earlier := latest.get(one.quarter, day)):
                yield at, f"{words}, before the approval above it, of {date_words(earlier)}. {CORRECT_DAY}"
            latest[one.quarter] = day


def load_approvals(path: Path) -> Approvals:
    """Read approvals.yml; without the file nothing is approved. Raises ConfigurationError with file and line."""
    return load(path, Approvals) if path.exists() else Approvals()


def check_days(path: Path, manifest: Mapping[str, Any], what: str, day: date) -> None:
    """Raise ConfigurationError for an approval of this manifest that is older than something that the pack rests on.

    what, day: the latest of what it rests on, in words, and its day.
    """

    def find_mistakes(read: Approvals) -> Iterator[Mistake]:
        yield from read.find_mistakes()
        for place, one in enumerate(read.approvals):
            if one.seal == manifest["seal"] and one.approved_on < day:
                words = f"{one.quarter} is approved on {date_words(one.approved_on)}, before {what}"
                yield ("approvals", place, "approved_on"), f"{words}, {date_words(day)}. {CORRECT_DAY}"

    if path.exists():
        load(path, Approvals, find_mistakes)


def approved_seals(approvals: Approvals, quarter: Quarter) -> list[str]:
    """Return the seals of the packs of a quarter that were approved, the latest approval last."""
    return [approval.seal for approval in approvals.approvals if approval.quarter == str(quarter)]


def parts(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the hash of each sealed part of a manifest."""
    return {name: hash_of_part(part) for name, part in manifest.items() if name not in (*UNSEALED, "quarter")}


def marking(manifest: Mapping[str, Any], approvals: Approvals) -> dict[str, str]:
    """Return how a pack is marked: `state` DRAFT or APPROVED, and `why` in a sentence.

    The latest approval of the quarter counts, and none while a point is open. It depends on the manifest, what it
    lists of reviewers' comments, and the approvals alone. A comment voids no approval: once it is answered, and the
    pack is as it was, the approval holds again.
    """
    of_quarter = [approval for approval in approvals.approvals if approval.quarter == manifest["quarter"]]
    matching = [approval for approval in of_quarter if approval.seal == manifest["seal"]]
    still_open = count_words(open_in(manifest))
    if matching and not still_open:
        return {"state": APPROVED, "why": f"Approved {_by_whom(matching[-1])}."}
    why = "This pack has not been approved."
    if of_quarter and not matching:
        latest, now = of_quarter[-1], parts(manifest)
        differing = [words for name, words in PARTS.items() if now.get(name) != latest.parts.get(name)]
        differing = differing or ["open points"]  # the one part that `Still open` names anyway
        how = f"was another one: it differs in {', '.join(differing)}"
        if "notebooks" not in latest.parts:
            how = "was made by an earlier version of the software, which sealed other parts. Approve it anew"
        why = f"The pack approved {_by_whom(latest)} {how}."
        if latest.seal == manifest.get("replaces"):
            before, present = (ordinal(manifest["edition"] - 1), ordinal(manifest["edition"]))
            why = f"The {before} edition was approved {_by_whom(latest)}; the {present} has not been approved yet."
    return {"state": DRAFT, "why": f"{why} Still open: {still_open}." if still_open else why}


def _by_whom(approval: Approval) -> str:
    return f"by the {approval.role} on {date_words(approval.approved_on)} (manifest {approval.seal[:12]})"


def open_in(manifest: Mapping[str, Any]) -> Mapping[str, int]:
    """Return how many points of each kind a manifest has open, reviewers' comments among them.

    None for one from before they were counted.
    """
    counts: dict[str, int] = {**manifest.get("open_points", {}), **manifest.get("reviews", {}).get("open_points", {})}
    return counts


def add_approval(path: Path, manifest: Mapping[str, Any], role: str, today: date) -> Approval:
    """Add an approval of a manifest to approvals.yml. Raises pydantic's ValidationError for a role that is none."""
    approval = Approval(
        quarter=manifest["quarter"], role=role, approved_on=today, seal=manifest["seal"], parts=parts(manifest)
    )
    every = [*load_approvals(path).approvals, approval]
    rows = [known.model_dump() for known in every]
    text = yaml.safe_dump({"approvals": rows}, sort_keys=False, allow_unicode=True, width=120)
    path.write_text(HEAD + text, encoding="utf-8")
    return approval


def approve(
    project: Project,
    quarter: Quarter,
    role: str,
    not_before: Callable[[], tuple[str, date]] | None = None,
    reviewed: Callable[[], Reviewed] = Reviewed,
) -> str:
    """Record the approval of a quarter's manifest by a role, today, and say so.

    not_before: asked for what the pack rests on that is the latest, in words, and for its day. reviewed: asked for what
    reviewers have said by now. Raises UsageError for a
    role that is none, SourceError where the pack or what it was made from has changed since, PanelPackError where a
    point is open, or today is before that day.
    """
    _check_role(role, quarter)
    outputs = project.outputs(quarter)
    made = read_manifest(outputs / MANIFEST_FILE)
    _inputs_unchanged(project, made["inputs"], quarter)
    if made.get(COMPARED_WITH) != compared_with(project, quarter).get(COMPARED_WITH):
        raise _another(last_manifest(project, quarter), quarter)
    _unchanged(made["code"], project.path, quarter)
    _unchanged(made["notebooks"], project.path, quarter, measured_notebook)
    for section in ("outputs", "pages"):
        _unchanged(made[section], lambda name: outputs / name, quarter)
    _nothing_open(project, made, quarter, reviewed())
    today = date.today()  # the one place but for make receive where a clock is read
    if not_before:
        what, day = not_before()
        if today < day:
            raise PanelPackError(
                f"{quarter} cannot be approved on {date_words(today)}, as this computer's clock has it: that is before "
                f"{what}, {date_words(day)}. Correct the clock, or that day."
            )
    given = add_approval(project.approvals, made, role.strip(), today)
    return f"{shown(project.approvals)}: approved by the {given.role} (manifest {given.seal[:12]})"


def _check_role(role: str, quarter: Quarter) -> None:
    try:
        TypeAdapter(Role).validate_python(role.strip())
    except ValidationError:
        raise UsageError(
            f"ROLE={role!r}: expected the role of who approves, in words, never a name, number or address. "
            f'Type make approve Q={quarter} ROLE="..."'
        ) from None


def _inputs_unchanged(project: Project, entries: Mapping[str, Any], quarter: Quarter) -> None:
    """Raise SourceError for the first input that is not that of the manifest, that nobody can check, or that is new."""
    now = describe_inputs(project, quarter)
    for name, entry in entries.items():
        if now.get(name) != entry:
            is_unsalted = NO_SALT in now.get(name, {}).values()
            path = project.path(name)
            raise SourceError(arrivals.unsalted(path)) if is_unsalted else _another(path, quarter)
    if new := sorted(now.keys() - entries.keys()):
        raise SourceError(f"{new[0]}: it came after the pack was made. Make the pack again: make quarter Q={quarter}")


def _unchanged(
    entries: Mapping[str, Any],
    path_of: Callable[[str], Path],
    quarter: Quarter,
    measure: Callable[[Path], Mapping[str, Any]] = measured,
) -> None:
    """Raise SourceError for the first file that is not the one of the manifest."""
    for name, entry in entries.items():
        path = path_of(name)
        if not path.is_file() or measure(path) != entry:
            raise _another(path, quarter)


def _another(path: Path, quarter: Quarter) -> SourceError:
    return SourceError(
        f"{shown(path)}: it is not the file that the manifest describes. "
        f"Make the pack again and read it: make quarter Q={quarter}"
    )


def _nothing_open(project: Project, made: Mapping[str, Any], quarter: Quarter, reviewed: Reviewed) -> None:
    """Raise PanelPackError that lists the open points of a manifest and the comments, and says how to settle each."""
    counts = open_in({**made, "reviews": reviewed.listed})
    if not counts:
        return
    points = [*read_open_points(project.processed(quarter)), *reviewed.comments]
    listed = [f"  {point.words} {point.remedy}".rstrip() for point in points if point.is_shown]
    raise PanelPackError(
        "\n".join(
            [
                f"{quarter} cannot be approved while points are open, and these are: {count_words(counts)}.",
                *listed,
                f"make validate Q={quarter} lists every point, and prints the answers to be filled in. Then make the "
                f"pack again (make quarter Q={quarter}), read it, and approve it.",
            ]
        )
    )
