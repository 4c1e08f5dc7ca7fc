"""The notebooks of a quarter as a workflow that other tools can draw: what each reads and writes, and in which order.

An archive asks for the workflow as a file of its own. The order lies in our code, which no other tool reads, so it is
written down in the Common Workflow Language: a description without commands (CWL v1.2, class Operation).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from panelpack.quarters import Quarter
from panelpack.runner import Step

NAME = "workflow.cwl"
CWL_VERSION = "v1.2"
COMMON = "quarter"  # the parameter that every notebook of a run shares
PROCESSED = "data/processed/{quarter}/"


@dataclass(frozen=True)
class Traffic:
    """The folders (ending in /) and files that a notebook reads and writes; {names} are its parameters."""

    reads: tuple[str, ...]
    writes: tuple[str, ...] = ()


RAW, DROP_BEFORE = "data/raw/{quarter}/", "data/raw/{before}/"
CONFIGURED = ("params/", f"{RAW}sources.yml")
MADE_UP = f"{PROCESSED}reconstructed.csv"
FIGURES = (f"{PROCESSED}series/", MADE_UP, "data/projection/")
TRAFFIC = {
    "1_validate": Traffic(
        (RAW, "expectations/", "params/plan.yml", "params/{quarter}.yml", "params/corrections.yml"),
        (f"{PROCESSED}checks.csv",),
    ),
    "2_prepare": Traffic(
        (RAW, DROP_BEFORE, "params/", "data/projection/"), (f"{PROCESSED}series/", f"{PROCESSED}revisions/", MADE_UP)
    ),
    "3_priority": Traffic(
        (*FIGURES, f"{PROCESSED}revisions/", "data/recorded_later/", *CONFIGURED),
        (f"{PROCESSED}figures/{{priority}}.csv", f"{PROCESSED}commentary/{{priority}}.csv"),
    ),
    "4_dashboard": Traffic(
        (f"{PROCESSED}figures/", *FIGURES, "data/published/", "data/spc/", *CONFIGURED),
        tuple(f"{PROCESSED}{name}.csv" for name in ("indicators", "headline", "reconciliation")),
    ),
    "5_report": Traffic((f"{PROCESSED}figures/", *FIGURES, *CONFIGURED), (f"{PROCESSED}commentary.csv",)),
    "6_methods": Traffic(
        (f"{PROCESSED}figures/", *FIGURES, "data/spc/", "data/recorded_later/", *CONFIGURED),
    ),
}


def traffic(step: Step) -> Traffic:
    """Return what a step reads and writes, as paths from the project's folder; nothing for a notebook not listed."""
    listed = TRAFFIC.get(step.notebook.stem, Traffic(()))
    known = dict(step.parameters)
    if COMMON in known:
        known["before"] = str(Quarter.parse(known[COMMON]).shift(-1))
    reads, writes = ([path.format(**known) for path in paths] for paths in (listed.reads, listed.writes))
    return Traffic(tuple(reads), tuple(writes))


def by_notebook(steps: Sequence[Step]) -> dict[str, list[Step]]:
    """Return the steps by the notebook that they run, in their order."""
    found: dict[str, list[Step]] = {}
    for step in steps:
        found.setdefault(step.notebook.stem, []).append(step)
    return found


def own_parameters(steps: Sequence[Step]) -> list[str]:
    """Return the parameters that set runs of one notebook apart."""
    return sorted({name for step in steps for name in step.parameters if name != COMMON})


def text(steps: Sequence[Step]) -> str:
    """Return the workflow of steps in CWL, as JSON. A notebook that runs several times is one scattered step."""
    groups = by_notebook(steps)
    notebook_of = {step.name: step.notebook.stem for step in steps}
    inputs = {COMMON: "string"} | {name: "string[]" for group in groups.values() for name in own_parameters(group)}
    files = {name: "File[]" if own_parameters(group) else "File" for name, group in groups.items()}
    before = {
        name: dict.fromkeys(notebook_of[after] for step in group for after in step.after)
        for name, group in groups.items()
    }
    document = {
        "cwlVersion": CWL_VERSION,
        "class": "Workflow",
        "doc": "Which notebook runs after which. A description: Papermill runs the notebooks, not a CWL engine.",
        "requirements": {"ScatterFeatureRequirement": {}},
        "inputs": inputs,
        "outputs": {f"{name}_executed": {"type": files[name], "outputSource": f"{name}/executed"} for name in groups},
        "steps": {name: _step(name, groups, list(before[name])) for name in groups},
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _step(name: str, groups: dict[str, list[Step]], before: list[str]) -> dict:
    own = own_parameters(groups[name])
    types = dict.fromkeys([COMMON, *own], "string")
    types |= {f"from_{other}": "Directory[]" if own_parameters(groups[other]) else "Directory" for other in before}
    sources = {COMMON: COMMON} | {parameter: parameter for parameter in own}
    sources |= {f"from_{other}": f"{other}/tables" for other in before}
    step = {
        "doc": f"notebooks/{name}.ipynb",
        "run": {"class": "Operation", "inputs": types, "outputs": {"executed": "File", "tables": "Directory"}},
        "in": sources,
        "out": ["executed", "tables"],
    }
    return step | ({"scatter": own, "scatterMethod": "dotproduct"} if own else {})
