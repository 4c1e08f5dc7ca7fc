"""What was run, as entities of a crate: the workflow, its notebooks, and an action for each run.

Provenance Run Crate wants an action for every run of a tool (here: a notebook), one for the whole workflow, one a step
that says which runs belong to it, and one for the engine that led them. None says when it started or ended: a crate
holds no clock, and both are optional.
"""

import hashlib
from collections.abc import Mapping, Sequence

from panelpack import workflow
from panelpack.crate_files import Files, measured
from panelpack.crate_graph import Entity, Graph, describe
from panelpack.runner import Step

LICENCE, LICENCE_NAME = "https://spdx.org/licenses/MIT", "MIT License"  # of the code, not of the pack
ENGINE, ENGINE_PAGE = "papermill", "https://papermill.readthedocs.io/"
CODE = ("requirements.lock", "src/panelpack/", "src/panelpack/templates/")


class Run:
    """A run of notebooks in a graph. `workflow` is the main entity, `actions` are what the root mentions."""

    def __init__(
        self, graph: Graph, manifest: Mapping, files: Files, made: list[Entity], office: Entity, steps: Sequence[Step]
    ):
        """Add the run of some steps by an office; `made` are the folders of the crate that came out of it."""
        self._graph, self._files, self._office = graph, files, office
        self._terms = graph.add(LICENCE, "CreativeWork", name=LICENCE_NAME, description="Licence of the code")
        self.workflow = describe(self._workflow(steps), license=self._terms)
        values = self._parameters(steps)
        groups = workflow.by_notebook(steps)
        notebooks = self._notebooks(list(groups), manifest["python"])
        runs = {step.name: self._notebook_run(step, notebooks[step.notebook.stem], values) for step in steps}
        controls = self._steps({name: [runs[s.name] for s in group] for name, group in groups.items()}, notebooks)
        whole = self._action(
            "#run", "Making the pack", f"{len(steps)} runs of {len(groups)} notebooks, joined into one pack",
            self.workflow, [*files.given, *values.values()], made,
        )  # fmt: skip
        engine = graph.add(
            f"#{ENGINE}", "SoftwareApplication", name=ENGINE, url=ENGINE_PAGE,
            softwareVersion=manifest["packages"][ENGINE],
        )  # fmt: skip
        led = graph.add(
            "#run/engine", "OrganizeAction", name=f"{ENGINE} running the notebooks", agent=office, instrument=engine,
            object=controls, result=whole,
        )  # fmt: skip
        self.actions = [whole, *runs.values(), led]

    def _workflow(self, steps: Sequence[Step]) -> Entity:
        text = workflow.text(steps).encode()
        entry = {"sha256": hashlib.sha256(text).hexdigest(), "bytes": len(text)}
        properties = measured(workflow.NAME, entry) | {"name": "The notebooks of a quarter and their order"}
        return self._graph.workflow(workflow.NAME, workflow.CWL_VERSION, **properties)

    def _part(self, name: str, kind: str, **properties) -> Entity:
        """Add an entity that workflow.cwl describes under that name."""
        return self._graph.add(f"{workflow.NAME}#{name}", kind, name=name, **properties)

    def _parameters(self, steps: Sequence[Step]) -> dict[tuple[str, str], Entity]:
        """Add the workflow's parameters; return each value that a run was given, by parameter and value."""
        given = dict.fromkeys((name, value) for step in steps for name, value in step.parameters.items())
        formal = {name: self._part(name, "FormalParameter", additionalType="Text") for name, _ in given}
        describe(self.workflow, input=list(formal.values()))
        return {
            (name, value): self._graph.add(
                f"#{name}/{value}", "PropertyValue", name=name, value=value, exampleOfWork=formal[name]
            )
            for name, value in given
        }

    def _notebooks(self, names: list[str], python: str) -> dict[str, Entity]:
        language = self._graph.add("#python", "ComputerLanguage", name="Python", version=python)
        needs = self._files.at(*CODE)
        found = {name: self._files.at(f"notebooks/{name}.ipynb")[0] for name in names}
        for notebook in found.values():
            describe(notebook, programmingLanguage=language, softwareRequirements=needs, license=self._terms)
        describe(self.workflow, hasPart=list(found.values()))
        return found

    def _notebook_run(self, step: Step, notebook: Entity, values: Mapping[tuple[str, str], Entity]) -> Entity:
        traffic = workflow.traffic(step)
        given = [*self._files.at(*traffic.reads), *(values[pair] for pair in step.parameters.items())]
        made = [*self._files.at(*traffic.writes), *self._files.review(step.name)]
        told = ", ".join(f"{name} {value}" for name, value in step.parameters.items())
        what = f"{notebook['name']} executed with {told}"
        return self._action(f"#run/{step.name}", f"Run of {step.name}", what, notebook, given, made)

    def _action(self, identifier: str, name: str, what: str, tool: Entity, given: list, made: list) -> Entity:
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
        describe(self.workflow, step=list(steps.values()))
        return [
            self._graph.add(f"#step/{name}", "ControlAction", name=f"Step {name}", instrument=step, object=runs[name])
            for name, step in steps.items()
        ]
