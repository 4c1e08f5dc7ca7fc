"""The certificate of a verification: a row an output, and for each difference the explanation down to the figure."""

import json
from pathlib import Path

import pandas as pd

from panelpack import evidence, explanations, runs
from panelpack.differences import Differences
from panelpack.formats import number
from panelpack.html_document import html_page
from panelpack.paper import Paper
from panelpack.plan import Plan
from panelpack.project import Project
from panelpack.prose import Callout, Heading, Text
from panelpack.quarters import Quarter
from panelpack.tables import Table

FOLDER = "verify"
OUTPUTS = ("intermediate", "outputs", "pages")


def write(project: Project, quarter: Quarter, recorded: dict, verified) -> None:
    """Write certificate.json and certificate.html to outputs/<quarter>/verify."""
    plan, params, _ = evidence.configuration(project, quarter)
    said = content(project, quarter, recorded, verified, plan)
    folder = project.outputs(quarter) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(said, indent=1, ensure_ascii=False)
    (folder / "certificate.json").write_text(f"{text}\n", encoding="utf-8")
    about = Paper(f"Certificate of {params.title}", office=plan.office.commissioner)
    (folder / "certificate.html").write_text(page(said, about), encoding="utf-8")


def content(project: Project, quarter: Quarter, recorded: dict, verified, plan: Plan) -> dict:
    """Return the certificate as data."""
    found: Differences = verified.differences
    differing = {change.name: change for change in found.results}
    outputs = [
        {"output": name, "outcome": "identical", "because": []}
        for section in OUTPUTS
        for name in recorded[section]
        if name not in differing
    ]
    outputs += [
        {"output": name, "outcome": _outcome(change.kind), "because": explanations.causes_of_output(change, found)}
        for name, change in differing.items()
    ]
    return {
        "quarter": str(quarter),
        "outcome": verified.line,
        "exit_code": verified.exit_code,
        "seal": recorded["seal"],
        "marking": recorded["marking"],
        "remarks": list(verified.remarks),
        "recorded_on": runs.read(project.outputs(quarter)),
        "verified_on": runs.here(project),
        "causes": [{"name": c.name, "kind": c.kind, "recorded": c.recorded, "found": c.found} for c in found.causes],
        "figures": [
            {
                "indicator": indicator,
                "because": explanations.causes_of_figure(indicator, found, plan),
                "paragraphs": found.says(indicator),
                "fields": {c.name: {"recorded": c.recorded, "found": c.found} for c in changes},
            }
            for indicator, changes in found.moved.items()
        ],
        "paragraphs": [
            {"paragraph": c.name, "kind": c.kind, "because": explanations.causes_of_paragraph(c.name, found)}
            for c in found.paragraphs
        ],
        "outputs": sorted(outputs, key=lambda row: row["output"]),
    }


def _outcome(kind: str) -> str:
    return "differs" if kind == "changed" else kind


def page(said: dict, about: Paper) -> str:
    """Return the certificate as one web page."""
    identical = sum(row["outcome"] == "identical" for row in said["outputs"])
    blocks = [
        Heading(2, "Outcome", "outcome"),
        Callout("note" if said["exit_code"] == 0 else "warning", "Verification", said["outcome"]),
        Text(
            f"{number(identical)} of {number(len(said['outputs']))} outputs are identical to the byte. Seal of the "
            f"manifest: `{said['seal']}`. The pack is marked {said['marking']['state']}: {said['marking']['why']}"
        ),
        *(Text(remark) for remark in said["remarks"]),
        _places(said),
    ]
    if said["causes"]:
        rows = [{"What": f"`{c['name']}`", "How": c["kind"], "Recorded": c["recorded"][:12], "Found": c["found"][:12]}
                for c in said["causes"]]  # fmt: skip
        blocks += [Heading(3, "What the packs were made from"), Table(pd.DataFrame(rows), "Inputs, code and versions")]
    if said["figures"]:
        rows = [
            {
                "Indicator": figure["indicator"],
                "Field": field,
                "Recorded": values["recorded"],
                "Found": values["found"],
                "Because of": ", ".join(figure["because"]),
                "Paragraphs": ", ".join(figure["paragraphs"]),
            }
            for figure in said["figures"]
            for field, values in figure["fields"].items()
        ]
        blocks += [Heading(3, "What figures say"), Table(pd.DataFrame(rows), "Figures that moved")]
    if said["paragraphs"]:
        rows = [{"Paragraph": p["paragraph"], "How": p["kind"], "Because of": ", ".join(p["because"])}
                for p in said["paragraphs"]]  # fmt: skip
        blocks += [Heading(3, "What paragraphs say"), Table(pd.DataFrame(rows), "Paragraphs that differ")]
    rows = [{"Output": row["output"], "Outcome": row["outcome"], "Because of": ", ".join(row["because"])}
            for row in said["outputs"]]  # fmt: skip
    blocks += [Heading(3, "Every output"), Table(pd.DataFrame(rows), "Outputs", align={"Because of": "left"})]
    return html_page("\n".join(block._repr_mimebundle_()["text/html"] for block in blocks), about)


def _places(said: dict) -> Table:
    names = sorted({*said["recorded_on"], *said["verified_on"]})
    rows = [
        {"What": name, "Recorded": str(said["recorded_on"].get(name, "not known")), "Verified":
         str(said["verified_on"].get(name, "not known"))}
        for name in names
    ]  # fmt: skip
    return Table(pd.DataFrame(rows), "Where the packs were made (may differ, not compared)")


def path(project: Project, quarter: Quarter) -> Path:
    """Return where the certificate lies."""
    return project.outputs(quarter) / FOLDER / "certificate.html"
