"""The JSON Schemas of the configuration, so that editors complete and check it."""

import json
from pathlib import Path

from panelpack.corrections import Corrections
from panelpack.params import Params
from panelpack.plan import Plan
from panelpack.project import Project

MODELS = {"plan.schema.json": Plan, "quarter.schema.json": Params, "corrections.schema.json": Corrections}


def expected() -> dict[str, str]:
    """Return the text of each schema file, from the models."""
    return {
        name: json.dumps(model.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
        for name, model in MODELS.items()
    }


def write(project: Project) -> list[Path]:
    """Write the schemas beside the files that name them."""
    paths = []
    for name, text in expected().items():
        paths.append(project.plan.with_name(name))
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def stale(project: Project) -> list[str]:
    """Return a sentence for each schema file that is not what the models say."""
    return [
        f"params/{name}: the file is not what the models say. Run: make schema"
        for name, text in expected().items()
        if not (path := project.plan.with_name(name)).exists() or path.read_text(encoding="utf-8") != text
    ]
