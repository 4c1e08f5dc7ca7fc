"""Copies of the project to measure in, as they are and made larger: more priorities, more rows of raw data."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import yaml

from panelpack.config.configuration import Configuration
from panelpack.config.plan import Plan
from panelpack.config.supplied_table import SupplierFile
from panelpack.intake import receiving
from panelpack.intake.tables import rows_received
from panelpack.pack_files import code_files, input_files, last_manifest, notebook_files, salt_files
from panelpack.periods import Quarter
from panelpack.project import Project

# What make needs to run the quarter in a copy, besides the code and the inputs.
FOR_MAKE = ("Makefile", "pyproject.toml", "tools/environment.py")


def asked_for(project: Project, label: str) -> Quarter:
    """Return the quarter of a typed label, or the last one where none is typed. Raises UsageError."""
    return project.quarter(label or (project.quarters() or [""])[-1])


def copy(project: Project, quarter: Quarter, to: Path) -> Project:
    """Copy what a quarter is made from, and what make needs, into a new folder; the environment is shared."""
    files = [
        *input_files(project, quarter),
        *salt_files(project, quarter),
        *code_files(project),
        *notebook_files(project),
        *(project.root / name for name in FOR_MAKE),
        *(path for path in [last_manifest(project, quarter)] if path.is_file()),
    ]
    for path in files:
        target = to / project.name(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    if (project.root / ".venv").exists():
        (to / ".venv").symlink_to(project.root / ".venv")
    return Project(to)


def more_priorities(project: Project, quarter: Quarter, times: int) -> None:
    """Put every priority into the plan `times` times, with ids of its own; boards' assessments stay single."""
    path = project.plan(quarter)
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    boxes = list(plan["priorities"])
    for number in range(1, times):
        for box in boxes:
            rows = [row for row in box["indicators"] if row["rule"] != "assessment"]
            if rows:
                own_id = re.sub(r"(\d+)", rf"{number}\g<1>", box["id"], count=1)
                copied = {**box, "id": own_id, "indicators": rows}
                for kind in ("indicators", "measures"):
                    copied[kind] = [
                        {**row, "id": row["id"].replace(box["id"], own_id, 1)} for row in copied.get(kind, [])
                    ]
                plan["priorities"].append(copied)
    titles = {box["update"]: box["title"] for box in reversed(boxes)}
    for update in plan["updates"]:  # one that serves several boxes has a title of its own
        if sum(box["update"] == update["id"] for box in plan["priorities"]) > 1:
            update.setdefault("title", titles[update["id"]])
    path.write_text(yaml.safe_dump(plan, sort_keys=False, allow_unicode=True), encoding="utf-8")


def more_rows(project: Project, quarter: Quarter, times: int) -> tuple[int, int]:
    """Repeat the rows of raw tables `times` times, with categories of their own that no series picks.

    Both drops grow by the same rows, so that restated figures are looked for in as many, and none is added. A table
    without a category in its key stays as it is: it can have one row a period only. Returns the rows of the quarter's
    csv files before and after.
    """
    plan = Configuration.read(project, quarter).plan
    before = _rows(project, quarter, plan)
    for name, table in plan.tables.items():
        column = next((column for column in table.key if table.columns[column] == "category"), None)
        if column is None or len(table.key) < 2 or not table.pattern.endswith(".csv"):
            continue
        files = [project.raw(drop) / table.pattern for drop in (quarter, quarter.shift(-1))]
        added = _repeat([path for path in files if path.exists()], table, column, times)
        _allow(project.expectations / f"{name}.json", column, added)
    receive(project, quarter)
    return before, _rows(project, quarter, plan)


def receive(project: Project, quarter: Quarter) -> None:
    """Record the raw files of both drops as they now are."""
    for drop in (quarter, quarter.shift(-1)):
        if project.raw(drop).is_dir():
            receiving.receive(project.raw(drop), rows_received)


def add_one(path: Path, table: SupplierFile) -> None:
    """Add one to a table's first count, as a supplier that sends a corrected file does."""
    column = table.column_of("count")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[0, column] = str(int(frame.loc[0, column]) + 1)
    frame.to_csv(path, index=False, lineterminator="\n")


def _repeat(files: Sequence[Path], table: SupplierFile, column: str, times: int) -> list[str]:
    """Repeat the rows that all files have, each time under a category of their own; return those categories."""
    common = pd.read_csv(files[0], dtype=str, keep_default_na=False)
    for path in files[1:]:
        common = common.merge(pd.read_csv(path, dtype=str, keep_default_na=False)[table.key], on=table.key)
    repeated = [common.assign(**{column: common[column] + f" {number}"}) for number in range(1, times)]
    for path in files:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        pd.concat([frame, *repeated]).to_csv(path, index=False, lineterminator="\n")
    return sorted({name for frame in repeated for name in frame[column]})


def _allow(suite: Path, column: str, categories: Sequence[str]) -> None:
    """Let a suite of expectations, where there is one, know the categories that were added."""
    if not suite.exists():
        return
    content = json.loads(suite.read_text(encoding="utf-8"))
    for expectation in content["expectations"]:
        expected = expectation["kwargs"]
        if expectation["type"] == "expect_column_values_to_be_in_set" and expected["column"] == column:
            expected["value_set"] = [*expected["value_set"], *categories]
    suite.write_text(json.dumps(content), encoding="utf-8")


def _rows(project: Project, quarter: Quarter, plan: Plan) -> int:
    files = [project.raw(quarter) / table.pattern for table in plan.tables.values() if table.pattern.endswith(".csv")]
    return sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in files)
