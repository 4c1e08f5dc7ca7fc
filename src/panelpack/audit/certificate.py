"""The certificate of a verification: a row an output, and for each difference the explanation down to the figure."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from panelpack.audit.differences import Differences, causes_of_figure, causes_of_output, causes_of_paragraph
from panelpack.config.configuration import Configuration
from panelpack.formats import number
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.publishing.inputs import NO_SALT
from panelpack.publishing.manifest import read_run, this_run
from panelpack.rendering.html import html_page
from panelpack.rendering.paper import Paper
from panelpack.rendering.prose import Callout, Heading, Text
from panelpack.rendering.table import Table

FOLDER = "verify"
OUTPUT_SECTIONS = ("intermediate", "outputs", "pages")


def write_certificate(
    office: Configuration,
    recorded: Mapping[str, Any],
    differences: Differences,
    outcome: tuple[int, str],
    remarks: Sequence[str],
) -> None:
    """Write certificate.json and certificate.html to outputs/<quarter>/verify. outcome: exit code, and one line."""
    certificate = content(office, recorded, differences, outcome, remarks)
    folder = path(office.project, office.quarter).parent
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(certificate, indent=1, ensure_ascii=False)
    (folder / "certificate.json").write_text(f"{text}\n", encoding="utf-8")
    title, edition = f"Certificate of {office.parameters.title}", office.parameters.edition_words
    about = Paper(title, office=office.plan.office.commissioner, edition=edition)
    (folder / "certificate.html").write_text(certificate_page(certificate, about), encoding="utf-8")


def content(
    office: Configuration,
    recorded: Mapping[str, Any],
    differences: Differences,
    outcome: tuple[int, str],
    remarks: Sequence[str],
) -> dict[str, Any]:
    """Return the certificate as data; arguments as of `write`."""
    differing = {change.name: change for change in differences.results}
    outputs: list[dict[str, Any]] = [
        {"output": name, "outcome": "identical", "because": []}
        for section in OUTPUT_SECTIONS
        for name in recorded[section]
        if name not in differing
    ]
    outputs += [
        {"output": name, "outcome": _outcome(change.kind), "because": causes_of_output(change, differences)}
        for name, change in differing.items()
    ]
    exit_code, line = outcome
    return {
        "quarter": str(office.quarter),
        "outcome": line,
        "exit_code": exit_code,
        "seal": recorded["seal"],
        "marking": recorded["marking"],
        "remarks": list(remarks),
        "recorded_on": read_run(office.project.outputs(office.quarter)),
        "verified_on": this_run(office.project),
        "causes": [
            {"name": c.name, "kind": c.kind, "recorded": c.recorded, "found": c.found} for c in differences.causes
        ],
        "not_checked": [{"name": name, "why": NO_SALT} for name in differences.unchecked],
        "figures": [
            {
                "indicator": indicator,
                "because": causes_of_figure(indicator, differences, office.plan),
                "paragraphs": differences.says(indicator),
                "fields": {c.name: {"recorded": c.recorded, "found": c.found} for c in changes},
            }
            for indicator, changes in differences.moved.items()
        ],
        "paragraphs": [
            {"paragraph": c.name, "kind": c.kind, "because": causes_of_paragraph(c.name, differences)}
            for c in differences.paragraphs
        ],
        "outputs": sorted(outputs, key=lambda row: str(row["output"])),
    }


def _outcome(kind: str) -> str:
    return "differs" if kind == "changed" else kind


def certificate_page(certificate: Mapping[str, Any], about: Paper) -> str:
    """Return the certificate as one web page."""
    outputs, marking = certificate["outputs"], certificate["marking"]
    identical = sum(row["outcome"] == "identical" for row in outputs)
    blocks = [
        Heading(2, "Outcome", "outcome"),
        Callout("note" if certificate["exit_code"] == 0 else "warning", "Verification", certificate["outcome"]),
        Text(
            f"{number(identical)} of {number(len(outputs))} outputs are identical to the byte. Seal of the manifest: "
            f"`{certificate['seal']}`. The pack is marked {marking['state']}: {marking['why']}"
        ),
        *(Text(remark) for remark in certificate["remarks"]),
        _places(certificate),
    ]
    if certificate["causes"]:
        rows = [{"What": f"`{c['name']}`", "How": c["kind"], "Recorded": c["recorded"][:12], "Found": c["found"][:12]}
                for c in certificate["causes"]]  # fmt: skip
        blocks += [Heading(3, "What the packs were made from"), Table(rows, "Inputs, code and versions")]
    if certificate["figures"]:
        rows = [
            {
                "Indicator": figure["indicator"],
                "Field": field,
                "Recorded": values["recorded"],
                "Found": values["found"],
                "Because of": ", ".join(figure["because"]),
                "Paragraphs": ", ".join(figure["paragraphs"]),
            }
            for figure in certificate["figures"]
            for field, values in figure["fields"].items()
        ]
        blocks += [Heading(3, "What figures say"), Table(rows, "Figures that moved")]
    if certificate["paragraphs"]:
        rows = [{"Paragraph": p["paragraph"], "How": p["kind"], "Because of": ", ".join(p["because"])}
                for p in certificate["paragraphs"]]  # fmt: skip
        blocks += [Heading(3, "What paragraphs say"), Table(rows, "Paragraphs that differ")]
    rows = [{"Output": row["output"], "Outcome": row["outcome"], "Because of": ", ".join(row["because"])}
            for row in certificate["outputs"]]  # fmt: skip
    blocks += [Heading(3, "Every output"), Table(rows, "Outputs", align={"Because of": "left"})]
    return html_page("\n".join(block.html() for block in blocks), about)


def _places(certificate: Mapping[str, Any]) -> Table:
    """Return where the packs were made; of packages, only those whose versions differ stand among the causes."""
    names = sorted({*certificate["recorded_on"], *certificate["verified_on"]} - {"packages"})
    rows = [
        {"What": name, "Recorded": str(certificate["recorded_on"].get(name, "not known")), "Verified":
         str(certificate["verified_on"].get(name, "not known"))}
        for name in names
    ]  # fmt: skip
    return Table(rows, "Where the packs were made (may differ, not compared)")


def path(project: Project, quarter: Quarter) -> Path:
    """Return where the certificate lies."""
    return project.outputs(quarter) / FOLDER / "certificate.html"
