"""Run the notebooks of a project in this process, and return what they show: every text of a pack, without a kernel."""

import ast
import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from panelpack.rendering.prose import Text
from running import ROOT


@dataclass(frozen=True)
class Shown:
    """What a cell of a notebook shows, and whether only reviewers see it."""

    block: object
    for_review: bool


def run_notebook(project, name, **parameters):
    """Return what a notebook shows, cell by cell, run in the folder of a project with parameters."""
    cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    space, shown = {}, []
    with contextlib.chdir(project.root), mock.patch("IPython.display.display", lambda *blocks: shown.extend(blocks)):
        for cell in cells:
            tags, source, before = cell["metadata"].get("tags", ()), "".join(cell["source"]), len(shown)
            if cell["cell_type"] == "markdown":
                shown.append(Text(source))
            elif "parameters" in tags:
                space |= parameters
            else:
                shown.extend(_last_value(source, space))
            shown[before:] = [Shown(block, "review" in tags) for block in shown[before:]]
    return shown


def _last_value(source, space):
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), space)
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), space) if last else None
    return [] if value is None else [value]


def run_pack(project, quarter, boxes):
    """Run the notebooks of a quarter in their order, and return what each shows, by its step."""
    shown = {name: run_notebook(project, name, quarter=quarter) for name in ("1_validate", "2_prepare")}
    for box in boxes:
        shown[f"3_priority {box}"] = run_notebook(project, "3_priority", quarter=quarter, priority=box)
    for name in ("4_dashboard", "5_report", "6_methods"):
        shown[name] = run_notebook(project, name, quarter=quarter)
    return shown


def words(shown):
    """Return everything that a cell shows in words: a chart's picture apart."""
    bundle = shown.block._repr_mimebundle_()
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    texts = [text for kind, text in data.items() if kind == "text/plain"]
    return "\n".join([*texts, *(text for kind in metadata.values() for text in kind.values())])


def for_the_public(pack):
    """Return what a pack shows to everyone, each with its step: the notebooks of data are for reviewers."""
    return [(step, one) for step, cells in pack.items() if step[0] > "2" for one in cells if not one.for_review]


def table_called(cells, caption):
    """Return the table with a caption among what a notebook shows."""
    (table,) = [one.block for one in cells if getattr(one.block, "caption", "") == caption]
    return table


def write(path, text):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
