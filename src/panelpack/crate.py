"""The manifest for archives and other tools: ro-crate-metadata.json, an RO-Crate of the Workflow Run profiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from panelpack import workflow
from panelpack.crate_files import Files
from panelpack.crate_graph import Graph
from panelpack.crate_run import Run
from panelpack.paper import Paper
from panelpack.runner import Step
from panelpack.sources import Source

NAME = "ro-crate-metadata.json"
WORKFLOW_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/ro/wfrun/provenance/0.5": "Provenance Run Crate",
    WORKFLOW_CRATE: "Workflow RO-Crate",
}


@dataclass(frozen=True)
class Licence:
    """Under which licence the pack is published: the address of its text, and its name."""

    url: str
    name: str


def metadata(
    manifest: Mapping,
    steps: Sequence[Step],
    about: Paper,
    licence: Licence,
    sources: Mapping[str, Source] | None = None,
) -> str:
    """Return the text of ro-crate-metadata.json for the outputs that a manifest lists.

    `steps` are the notebooks that ran; `about` gives title, office and date; `sources` says what is known of each raw
    file, by its name. The same arguments give the same bytes. Raises ValueError when the paper has no date.
    """
    if about.document_date is None:
        raise ValueError("the paper has no document_date: found None, expected the date of the meeting. Give it one.")
    graph = Graph()
    office = graph.add("#office", "Organization", name=about.office)
    # A metadata file describes the others, never itself; the workflow has more to say than a file.
    files = Files(graph, manifest, sources or {}, own=frozenset({NAME, workflow.NAME}))
    top = files.top()
    run = Run(graph, manifest, files, [part for part in top if part["@type"] == "Dataset"], office, steps)
    graph.root(
        name=about.title,
        description=_description(about),
        datePublished=about.document_date.isoformat(),
        license=graph.add(licence.url, "CreativeWork", name=licence.name, description=f"Text of the {licence.name}"),
        author=office,
        publisher=office,
        conformsTo=[
            graph.add(address, "CreativeWork", name=name, version=address.rpartition("/")[2])
            for address, name in PROFILES.items()
        ],
        mainEntity=run.workflow,
        mentions=run.actions,
        hasPart=[*top, run.workflow],
    )
    return graph.text(claims=[WORKFLOW_CRATE])


def write(
    outputs: Path,
    manifest: Mapping,
    steps: Sequence[Step],
    about: Paper,
    licence: Licence,
    sources: Mapping[str, Source] | None = None,
) -> None:
    """Write workflow.cwl and ro-crate-metadata.json into the folder of outputs.

    Nothing in them depends on manifest.json as a file, so write the manifest last: it can then list both.
    """
    text = metadata(manifest, steps, about, licence, sources)
    (outputs / workflow.NAME).write_bytes(workflow.text(steps).encode())
    (outputs / NAME).write_bytes(text.encode())


def _description(about: Paper) -> str:
    """Say whose report to whom it is, and what stands on every page: the notice about reconstructed data."""
    whose = f"{about.title}: the report of the {about.office} to the {about.panel}, and how it was made."
    return f"{whose} {about.notice}".rstrip()
