"""Approve a pack: check that it is the one that its manifest describes, then record the approval."""

from datetime import date

from pydantic import ValidationError

from panelpack import approvals, manifest
from panelpack.configuration import shown
from panelpack.errors import SourceError, UsageError
from panelpack.inputs import hashed, input_files
from panelpack.project import Project
from panelpack.quarters import Quarter


def approve(project: Project, quarter: Quarter, role: str) -> str:
    """Record the approval of a quarter's manifest by a role, today, and say so.

    Raises UsageError for a role that is none, SourceError where the pack or what it was made from has changed since.
    """
    outputs = project.outputs(quarter)
    made = manifest.read(outputs / manifest.NAME)
    for section, root in (("inputs", project.root), ("code", project.root), ("outputs", outputs), ("pages", outputs)):
        _unchanged(made[section], root, quarter)
    now = {path.relative_to(project.root).as_posix() for path in input_files(project, quarter)}
    if new := sorted(now - made["inputs"].keys()):
        raise SourceError(f"{new[0]}: it came after the pack was made. Make the pack again: make quarter Q={quarter}")
    try:
        given = approvals.record(project.approvals, made, role.strip(), date.today())
    except ValidationError:
        raise UsageError(
            f"ROLE={role!r}: expected the role of who approves, in words, never a name, number or address. "
            f'Type make approve Q={quarter} ROLE="..."'
        ) from None
    return f"{shown(project.approvals)}: approved by the {given.role} (manifest {given.seal[:12]})"


def _unchanged(entries: dict, root, quarter: Quarter) -> None:
    """Raise SourceError for the first file that is not the one of the manifest."""
    there = {name: root / name for name in entries}
    for name, path in there.items():
        if not path.is_file() or hashed(root, [path])[name] != entries[name]:
            raise SourceError(
                f"{shown(path)}: it is not the file that the manifest describes. "
                f"Make the pack again and read it: make quarter Q={quarter}"
            )
