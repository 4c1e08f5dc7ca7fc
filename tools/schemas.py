"""The JSON Schemas of what an office declares, so that editors complete and check it: `python -m tools.schemas`."""

import json
import sys
from pathlib import Path

from pydantic import BaseModel

from panelpack.config.corrections import Corrections
from panelpack.config.groups import Groups
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Plan
from panelpack.config.presets import Preset
from panelpack.config.reviews import Reviews
from panelpack.config.sources import Sources
from panelpack.errors import PanelPackError
from panelpack.project import Project

# The files in params/, and the model that each describes.
MODELS: dict[str, type[BaseModel]] = {
    "plan.schema.json": Plan,
    "layout.schema.json": Preset,
    "quarter.schema.json": Parameters,
    "corrections.schema.json": Corrections,
    "reviews.schema.json": Reviews,
    "groups.schema.json": Groups,
    "sources.schema.json": Sources,
}


def expected() -> dict[str, str]:
    """Return the text of each schema file, from the models."""
    return {
        name: json.dumps(model.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
        for name, model in MODELS.items()
    }


def write(project: Project) -> list[Path]:
    """Write the schemas to params/ and return their paths."""
    paths = []
    for name, text in expected().items():
        paths.append(project.root / "params" / name)
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def stale(project: Project) -> list[str]:
    """Return a sentence for each schema file that is not what the models say."""
    return [
        f"params/{name}: the file is not what the models say, expected the same bytes. Run: make schema"
        for name, text in expected().items()
        if not (path := project.root / "params" / name).exists() or path.read_text(encoding="utf-8") != text
    ]


def main() -> int:
    """Write the schemas, a line each, and return the exit code: 0 done, 2 outside a project."""
    try:
        project = Project.here()
    except PanelPackError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    for path in write(project):
        print(f"wrote {path.relative_to(project.root)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
