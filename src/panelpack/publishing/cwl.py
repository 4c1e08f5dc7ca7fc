"""The notebooks of a quarter as a workflow that other tools can draw: which runs after which.

An archive asks for the workflow as a file of its own. The order lies in our code, which no other tool reads, so it is
written down in the Common Workflow Language: a description without commands (CWL v1.2, class Operation).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from panelpack.pipeline.steps import QUARTER, Step, by_notebook

WORKFLOW_FILE = "workflow.cwl"
CWL_VERSION = "v1.2"


def own_parameters(steps: Sequence[Step]) -> list[str]:
    """Return the parameters that set runs of one notebook apart."""
    return sorted({name for step in steps for name in step.parameters if name != QUARTER})


def workflow_text(steps: Sequence[Step]) -> str:
    """Return the workflow of steps in CWL, as JSON. A notebook that runs several times is one scattered step."""
    groups = by_notebook(steps)
    notebook_of = {step.name: step.notebook.stem for step in steps}
    inputs = {QUARTER: "string"} | {name: "string[]" for group in groups.values() for name in own_parameters(group)}
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


def _step(name: str, groups: Mapping[str, list[Step]], before: list[str]) -> dict[str, Any]:
    own = own_parameters(groups[name])
    types = dict.fromkeys([QUARTER, *own], "string")
    types |= {f"from_{other}": "Directory[]" if own_parameters(groups[other]) else "Directory" for other in before}
    sources = {QUARTER: QUARTER} | {parameter: parameter for parameter in own}
    sources |= {f"from_{other}": f"{other}/tables" for other in before}
    step = {
        "doc": f"notebooks/{name}.ipynb",
        "run": {"class": "Operation", "inputs": types, "outputs": {"executed": "File", "tables": "Directory"}},
        "in": sources,
        "out": ["executed", "tables"],
    }
    return step | ({"scatter": own, "scatterMethod": "dotproduct"} if own else {})
