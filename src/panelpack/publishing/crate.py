"""The manifest for archives and other tools: ro-crate-metadata.json, an RO-Crate of the Workflow Run profiles.

What a run of a notebook read and wrote comes from the record of that very run (pipeline/records.py), never from a list
of what it should. Provenance Run Crate wants an action for every run of a tool (here: a notebook), one for the whole
workflow, one a step that says which runs belong to it, and one for the engine that led them. None says when it started
or ended: a crate holds no clock, and both are optional.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote

from panelpack.config.sources import Source
from panelpack.pipeline.notebook_content import RULE
from panelpack.pipeline.records import OF_PART, StepRecord
from panelpack.pipeline.steps import Step, by_notebook
from panelpack.project import SALT
from panelpack.publishing import cwl
from panelpack.publishing.inputs import KEYED, NO_SALT
from panelpack.publishing.manifest import INDEX
from panelpack.publishing.rocrate_graph import Entity, Graph, set_properties
from panelpack.rendering.paper import Paper

CRATE_FILE = "ro-crate-metadata.json"
MANIFEST = "manifest.json"
WORKFLOW_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/ro/wfrun/provenance/0.5": "Provenance Run Crate",
    WORKFLOW_CRATE: "Workflow RO-Crate",
}
INPUTS, CODE, INTERMEDIATE = "inputs", "code", "intermediate"  # the manifest's sections of files outside the crate
NOTEBOOKS = "notebooks"  # and that of the notebooks, which lie outside it too
NOTEBOOK = ".ipynb"
ENGINE, ENGINE_PAGE = "papermill", "https://papermill.readthedocs.io/"
LANGUAGE_PAGE = "https://www.python.org/"
UNKNOWN_FORMAT = "application/octet-stream"
# Written down, not asked of the system: each machine's own table of types differs.
FORMATS = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".cwl": "application/cwl+json",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".j2": "text/plain",
    ".json": "application/json",
    ".lock": "text/plain",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".typ": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
FOLDERS = {
    "pack/": "For publication: the pack, its indicators and its paragraphs",
    "review/": "For reviewers: every executed notebook with its code",
}


class Licence(NamedTuple):
    """The address of a licence's text, and its name."""

    url: str
    name: str


CODE_LICENCE = Licence("https://spdx.org/licenses/MIT", "MIT License")
# The figures that a pack is made from are official or printed ones, and so is the licence of the pack.
PACK_LICENCE = Licence(
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", "Open Government Licence v3.0"
)


def file_format(path: str) -> str:
    """Return the media type of a file by its ending."""
    return FORMATS.get(PurePosixPath(path).suffix, UNKNOWN_FORMAT)


def measured(path: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Return what a crate says of every file: name, type, sha256, and size in bytes (as text, as RO-Crate asks).

    Of a guarded file, and of one that the manifest does not list, it says neither.
    """
    told = {"sha256": entry["sha256"]} if "sha256" in entry else {}
    size = {"contentSize": str(entry["bytes"])} if "bytes" in entry else {}
    return {"name": path, "encodingFormat": file_format(path), **told, **size}


class Files:
    """Every file of a manifest in a graph.

    The outputs are data of the crate, by their paths. Raw data, parameters and code lie in other folders of the
    project, and a path out of the crate (../../data/...) would lead nowhere once it is archived. So their ids are
    fragments (#data/...): described here and identified by their sha256, but not carried along. Readers of RO-Crate
    (its Python library and its validator) take a file with such an id for one that is not in the payload.
    """

    def __init__(self, graph: Graph, manifest: Mapping[str, Any], sources: Mapping[str, Source], own: frozenset[str]):
        """Add the files; `own` are names among the outputs that the crate describes in other words, or not at all."""
        self._graph = graph
        self._outside: dict[str, Entity] = {}
        self.inside: dict[str, Entity] = {}
        for path, entry in {**manifest["outputs"], **manifest["pages"]}.items():
            if path not in own:
                # What reviewers write into the index changes nothing else, and so not the crate either.
                known = {} if path == INDEX else entry
                self.inside[path] = graph.file(path, **measured(path, known))
        # Without sha256: the manifest may list the crate's own, and neither could then be written first.
        self.inside[MANIFEST] = graph.file(
            MANIFEST, name=MANIFEST, encodingFormat=file_format(MANIFEST),
            description="Every input, notebook, table, line of code and output by its sha256",
        )  # fmt: skip
        for section in (INPUTS, CODE, INTERMEDIATE):
            for path, entry in manifest[section].items():
                self._outside[path] = self._add_outside(path, measured(path, entry))
                if entry.get(KEYED, NO_SALT) != NO_SALT:
                    self._outside[path]["identifier"] = self._keyed(path, entry[KEYED])
        for path, entry in manifest[NOTEBOOKS].items():
            self._outside[path] = self._add_notebook(path, entry["sha256"])
        for name, source in sources.items():
            if entity := self._outside.get(f"data/raw/{manifest['quarter']}/{name}"):
                self._tell_source(entity, source)
        self.given = self.at(manifest[INPUTS])
        self.code = self.at(manifest[CODE])

    def _add_outside(self, path: str, properties: Mapping[str, str]) -> Entity:
        return self._graph.add(f"#{quote(path)}", "File", **properties)

    def _add_notebook(self, path: str, content: str) -> Entity:
        """Add a notebook, which has no sha256 as a file: it counts by what it says."""
        says = self._graph.add(
            f"#{quote(path)}/content", "PropertyValue", name="sha256 of what the notebook says", value=content,
            description=f"The sha256 of what this command prints: jq -cS '{RULE}' {path}",
        )  # fmt: skip
        entity = self._graph.add(
            f"#{quote(path)}", ["File", "SoftwareSourceCode"], name=path, encodingFormat=file_format(path),
            description="It counts by its cells: their types, sources and tags. To run and save it changes none.",
        )  # fmt: skip
        entity["identifier"] = says
        return entity

    def _keyed(self, path: str, keyed_hash: str) -> Entity:
        """Add the keyed hash of a guarded file: it tells it from every other, to those who have its salt."""
        return self._graph.add(f"#hmac-sha256/{quote(path)}", "PropertyValue", name="HMAC-SHA256", value=keyed_hash)

    def _tell_source(self, entity: Entity, source: Source) -> None:
        entity["creator"] = self._graph.add(f"#supplier/{quote(source.supplier)}", "Organization", name=source.supplier)
        entity["license"] = source.licence
        entity["conditionsOfAccess"] = source.sensitivity
        if source.basis:
            entity["description"] = source.basis

    def top(self) -> list[Entity]:
        """Add the crate's folders and return what lies directly in the crate: its folders, then its other files."""
        folders: dict[str, list[Entity]] = {}
        for path, entity in self.inside.items():
            folder, slash, _ = path.partition("/")
            folders.setdefault(folder + slash if slash else "", []).append(entity)
        loose = folders.pop("", [])
        return [*(self._folder(name, parts) for name, parts in folders.items()), *loose]

    def _folder(self, name: str, parts: list[Entity]) -> Entity:
        about = {"description": FOLDERS[name]} if name in FOLDERS else {}
        return self._graph.folder(name, name=name, hasPart=parts, **about)

    def at(self, paths: Iterable[str]) -> list[Entity]:
        """Return the files outside the crate that the manifest has."""
        return [self._outside[path] for path in paths if path in self._outside]

    def read_by(self, record: StepRecord) -> list[Entity]:
        """Return what a step read, by its record: whole files, and the files of which it used a part.

        A file that no section of the manifest lists is described by its name alone: what the record has of it was
        never meant to leave the office. Of a salt even the name says nothing.
        """
        read = [name.partition(OF_PART)[0] for name, was in record.reads.items() if was]
        read = [path for path in dict.fromkeys(read) if not path.endswith(SALT)]
        for path in read:
            if path not in self._outside:
                self._outside[path] = self._add_outside(path, measured(path, {}))
        return self.at(sorted(path for path in read if not path.endswith(NOTEBOOK)))

    def review(self, step: str) -> list[Entity]:
        """Return a step's review copies: the executed notebook and its pages."""
        return [entity for path, entity in self.inside.items() if path.rpartition(".")[0] == f"review/{step}"]


class Run:
    """A run of notebooks in a graph. `workflow` is the main entity, `actions` are what the root mentions."""

    def __init__(
        self,
        graph: Graph,
        files: Files,
        made: list[Entity],
        office: Entity,
        steps: Sequence[Step],
        records: Mapping[str, StepRecord],
    ):
        """Add the run of some steps by an office; `made` are the folders of the crate that came out of it."""
        self._graph, self._files, self._office, self._records = graph, files, office, records
        self._terms = _terms(graph, CODE_LICENCE, "Licence of the code")
        self.workflow = set_properties(self._workflow(steps), license=self._terms)
        values = self._parameters(steps)
        groups = by_notebook(steps)
        notebooks = self._notebooks(groups)
        runs = {step.name: self._notebook_run(step, notebooks[step.notebook.stem], values) for step in steps}
        controls = self._steps({name: [runs[s.name] for s in group] for name, group in groups.items()}, notebooks)
        whole = self._action(
            "#run", "Making the pack", f"{len(steps)} runs of {len(groups)} notebooks, joined into one pack",
            self.workflow, [*files.given, *values.values()], made,
        )  # fmt: skip
        engine = graph.add(f"#{ENGINE}", "SoftwareApplication", name=ENGINE, url=ENGINE_PAGE)
        led = graph.add(
            "#run/engine", "OrganizeAction", name=f"{ENGINE} running the notebooks", agent=office, instrument=engine,
            object=controls, result=whole,
        )  # fmt: skip
        self.actions = [whole, *runs.values(), led]

    def _record(self, step: Step) -> StepRecord:
        """Return what a step read and wrote; nothing of one that failed and was let through."""
        return self._records.get(step.name, StepRecord({}, {}, {}, {}))

    def _workflow(self, steps: Sequence[Step]) -> Entity:
        text = cwl.workflow_text(steps).encode()
        entry = {"sha256": hashlib.sha256(text).hexdigest(), "bytes": len(text)}
        properties = measured(cwl.WORKFLOW_FILE, entry) | {"name": "The notebooks of a quarter and their order"}
        return self._graph.workflow(cwl.WORKFLOW_FILE, cwl.CWL_VERSION, **properties)

    def _part(self, name: str, kind: str, **properties: Any) -> Entity:
        """Add an entity that workflow.cwl describes under that name."""
        return self._graph.add(f"{cwl.WORKFLOW_FILE}#{name}", kind, name=name, **properties)

    def _parameters(self, steps: Sequence[Step]) -> dict[tuple[str, str], Entity]:
        """Add the workflow's parameters; return each value that a run was given, by parameter and value."""
        given = dict.fromkeys((name, value) for step in steps for name, value in step.parameters.items())
        formal = {name: self._part(name, "FormalParameter", additionalType="Text") for name, _ in given}
        set_properties(self.workflow, input=list(formal.values()))
        return {
            (name, value): self._graph.add(
                f"#{name}/{value}", "PropertyValue", name=name, value=value, exampleOfWork=formal[name]
            )
            for name, value in given
        }

    def _notebooks(self, groups: Mapping[str, list[Step]]) -> dict[str, Entity]:
        """Say of each notebook with which code it ran: what the record of its first run lists."""
        language = self._graph.add("#python", "ComputerLanguage", name="Python", url=LANGUAGE_PAGE)
        entities = {}
        for name, steps in groups.items():
            path = f"notebooks/{name}{NOTEBOOK}"
            (entities[name],) = self._files.at([path])
            needs = self._files.at(other for other in self._record(steps[0]).code if other != path)
            set_properties(
                entities[name], programmingLanguage=language, softwareRequirements=needs, license=self._terms
            )
        set_properties(self.workflow, hasPart=list(entities.values()), softwareRequirements=self._files.code)
        return entities

    def _notebook_run(self, step: Step, notebook: Entity, values: Mapping[tuple[str, str], Entity]) -> Entity:
        record = self._record(step)
        given = [*self._files.read_by(record), *(values[pair] for pair in step.parameters.items())]
        made = [*self._files.at(record.writes), *self._files.review(step.name)]
        parameters = ", ".join(f"{name} {value}" for name, value in step.parameters.items())
        what = f"{notebook['name']} executed with {parameters}"
        return self._action(f"#run/{step.name}", f"Run of {step.name}", what, notebook, given, made)

    def _action(
        self, identifier: str, name: str, what: str, tool: Entity, given: list[Entity], made: list[Entity]
    ) -> Entity:
        return self._graph.add(
            identifier, "CreateAction", name=name, description=what, agent=self._office, instrument=tool,
            object=given, result=made,
        )  # fmt: skip

    def _steps(self, runs: Mapping[str, list[Entity]], notebooks: Mapping[str, Entity]) -> list[Entity]:
        """Add the steps of the workflow; return an action for each that names the runs of its notebook."""
        steps = {
            name: self._part(name, "HowToStep", position=str(place), workExample=notebooks[name])
            for place, name in enumerate(runs, start=1)
        }
        set_properties(self.workflow, step=list(steps.values()))
        return [
            self._graph.add(f"#step/{name}", "ControlAction", name=f"Step {name}", instrument=step, object=runs[name])
            for name, step in steps.items()
        ]


def crate_metadata(
    manifest: Mapping[str, Any],
    steps: Sequence[Step],
    records: Mapping[str, StepRecord],
    about: Paper,
    sources: Mapping[str, Source],
) -> str:
    """Return the text of ro-crate-metadata.json for the outputs that a manifest lists.

    `steps` are the notebooks that ran, and `records` what each read and wrote, by its name; `about` gives title, office
    and date; `sources` says what is known of each raw file, by its name. The same arguments give the same bytes.
    Raises ValueError when the paper has no date.
    """
    if about.document_date is None:
        raise ValueError("the paper has no document_date: found None, expected the date of the meeting. Give it one.")
    graph = Graph()
    office = graph.add("#office", "Organization", name=about.office)
    # A metadata file describes the others, never itself; the workflow has more to say than a file.
    files = Files(graph, manifest, sources, own=frozenset({CRATE_FILE, cwl.WORKFLOW_FILE}))
    top = files.top()
    folders = [part for part in top if part["@type"] == "Dataset"]
    run = Run(graph, files, folders, office, steps, records)
    edition = manifest.get("edition", 1)
    before = files.at([f"data/editions/{manifest['quarter']}/{edition - 1}.json"])
    for entity in before:
        set_properties(entity, description=f"The manifest of edition {edition - 1}, which this one replaces")
    graph.root(
        name=about.title,
        version=str(edition),
        **({"isBasedOn": before} if before else {}),
        description=_description(about),
        datePublished=about.document_date.isoformat(),
        license=_terms(graph, PACK_LICENCE, f"Text of the {PACK_LICENCE.name}"),
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


def write_crate(
    outputs: Path,
    manifest: Mapping[str, Any],
    steps: Sequence[Step],
    records: Mapping[str, StepRecord],
    about: Paper,
    sources: Mapping[str, Source],
) -> None:
    """Write workflow.cwl and ro-crate-metadata.json into the folder of outputs; arguments as of `metadata`.

    Nothing in them depends on manifest.json as a file, so write the manifest last: it can then list both.
    """
    (outputs / cwl.WORKFLOW_FILE).write_bytes(cwl.workflow_text(steps).encode())
    (outputs / CRATE_FILE).write_bytes(crate_metadata(manifest, steps, records, about, sources).encode())


def _description(about: Paper) -> str:
    """Say whose report to whom it is, and what stands on every page: the notice about reconstructed data."""
    whose = f"{about.title}: the report of the {about.office} to the {about.panel}, and how it was made."
    return f"{whose} {about.notice}".rstrip()


def _terms(graph: Graph, licence: Licence, description: str) -> Entity:
    return graph.add(licence.url, "CreativeWork", name=licence.name, description=description)
