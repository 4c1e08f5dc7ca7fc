"""Approval of a pack: who approved which manifest when, and whether that is the pack in hand."""

from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field

from panelpack.configuration import Strict, load
from panelpack.manifest import UNSEALED, digest
from panelpack.params import date_words

HEAD = (
    "# Who approved which pack: role, date, the seal of its manifest, and the hash of each part of the manifest, so\n"
    "# that a pack that is no longer the approved one can say what differs. Written by: make approve Q=... ROLE=...\n"
)
DRAFT, APPROVED = "DRAFT", "APPROVED"
PARTS = {
    "inputs": "inputs",
    "code": "code",
    "python": "version of Python",
    "packages": "versions of packages",
    "parameters": "parameters",
    "intermediate": "intermediate tables",
    "figures": "figures",
    "paragraphs": "paragraphs",
    "outputs": "executed notebooks and tables",
}
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# Roles, never persons: no address, no telephone number.
Role = Annotated[str, Field(pattern=r"^[^\d@]{2,80}$")]


class Approval(Strict):
    """One approval of one manifest."""

    quarter: str
    role: Role
    approved_on: date
    seal: Sha256
    parts: dict[str, Sha256]


class Approvals(Strict):
    """params/approvals.yml."""

    approvals: list[Approval] = []


def load_approvals(path: Path) -> Approvals:
    """Read approvals.yml; without the file nothing is approved. Raises ConfigurationError with file and line."""
    return load(path, Approvals) if path.exists() else Approvals()


def parts(manifest: dict) -> dict[str, str]:
    """Return the hash of each sealed part of a manifest."""
    return {name: digest(part) for name, part in manifest.items() if name not in (*UNSEALED, "quarter")}


def marking(manifest: dict, approvals: Approvals) -> dict[str, str]:
    """Return how a pack is marked: `state` DRAFT or APPROVED, and `why` in a sentence.

    The latest approval of the quarter counts. It depends on the manifest and the approvals alone.
    """
    ours = [one for one in approvals.approvals if one.quarter == manifest["quarter"]]
    if not ours:
        return {"state": DRAFT, "why": "This pack has not been approved."}
    matching = [one for one in ours if one.seal == manifest["seal"]]
    latest = (matching or ours)[-1]
    who = f"by the {latest.role} on {date_words(latest.approved_on)}"
    if matching:
        return {"state": APPROVED, "why": f"Approved {who} (manifest {latest.seal[:12]})."}
    now = parts(manifest)
    differing = [words for name, words in PARTS.items() if now.get(name) != latest.parts.get(name)]
    return {
        "state": DRAFT,
        "why": f"The pack approved {who} (manifest {latest.seal[:12]}) was another one: it differs in "
        f"{', '.join(differing)}.",
    }


def record(path: Path, manifest: dict, role: str, today: date) -> Approval:
    """Add an approval of a manifest to approvals.yml. Raises pydantic's ValidationError for a role that is none."""
    approval = Approval(
        quarter=manifest["quarter"], role=role, approved_on=today, seal=manifest["seal"], parts=parts(manifest)
    )
    every = [*load_approvals(path).approvals, approval]
    rows = [one.model_dump() for one in every]
    text = yaml.safe_dump({"approvals": rows}, sort_keys=False, allow_unicode=True, width=120)
    path.write_text(HEAD + text, encoding="utf-8")
    return approval
