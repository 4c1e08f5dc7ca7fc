"""Corrections to raw figures: data with a reason, a role and a date, applied to cells before anything reads them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import Field

from panelpack.configuration import Location, Strict, load, read_yaml, shown
from panelpack.errors import ConfigurationError
from panelpack.plan import Plan, Table
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.sources import load_sources, read_text

Cell = str | int | float


class Correction(Strict):
    """One cell of a supplier's file: what stands there, what should, why, and which role decided so when."""

    file: Annotated[str, Field(pattern=r"^\d{4}Q[1-4]/[^/]+$", description="the file, below data/raw/")]
    key: dict[str, Cell]
    column: str
    old: Cell
    new: Cell
    reason: Annotated[str, Field(min_length=1)]
    decided_by: Annotated[str, Field(pattern=r"^[^\d@]{2,80}$", description="a role, never a person")]
    decided_on: date

    @property
    def cell(self) -> tuple[str, tuple, str]:
        """Which cell it is."""
        return self.file, tuple(sorted((name, str(value)) for name, value in self.key.items())), self.column


class Corrections(Strict):
    """params/corrections.yml."""

    corrections: list[Correction] = []

    def problems(self) -> Iterator[tuple[Location, str]]:
        """Yield corrections that change nothing, and cells that are corrected twice."""
        seen = set()
        for place, one in enumerate(self.corrections):
            if str(one.old) == str(one.new):
                yield ("corrections", place), f"old and new are both {one.old!r}. Correct or remove the correction."
            if one.cell in seen:
                yield ("corrections", place), "this cell is corrected above already. Remove one of the two."
            seen.add(one.cell)


def path(project: Project) -> Path:
    """Return where the corrections lie."""
    return project.root / "params" / "corrections.yml"


def of_quarter(project: Project, quarter: Quarter, plan: Plan) -> list[tuple[int, Correction]]:
    """Return the corrections of a quarter's files, each with its line. Raises ConfigurationError with file and line."""
    if not path(project).exists():
        return []
    every, lines = load(path(project), Corrections).corrections, read_yaml(path(project))[1]
    files, found = {table.file for table in plan.tables.values()}, []
    for place, one in enumerate(every):
        line = lines[("corrections", place)]
        folder, _, name = one.file.partition("/")
        if not project.raw(Quarter.parse(folder)).is_dir():
            raise _refused(project, line, f"there is no folder data/raw/{folder}. Correct the file's name.")
        if folder != str(quarter):
            continue
        if name not in files:
            raise _refused(project, line, f"the plan has no file {name!r}, expected one of {', '.join(sorted(files))}.")
        found.append((line, one))
    return found


def corrected(project: Project, quarter: Quarter, table: Table, plan: Plan) -> pd.DataFrame:
    """Return a table's cells as text with the quarter's corrections applied: as sources.read_text does.

    Raises ConfigurationError for a correction whose cell is not there or does not hold its old value.
    """
    frame = read_text(project.raw(quarter), table)
    for line, one in of_quarter(project, quarter, plan):
        if one.file.partition("/")[2] == table.file:
            frame = _applied(frame, one, table, project, quarter, line)
    return frame


def _applied(frame: pd.DataFrame, one: Correction, table: Table, project: Project, quarter: Quarter, line: int):
    if set(one.key) != set(table.key) or one.column not in table.columns:
        raise _refused(
            project, line, f"found the key {', '.join(one.key)} and the column {one.column!r}, expected the key "
            f"{', '.join(table.key)} and one of {', '.join(table.columns)}. Correct them.",
        )  # fmt: skip
    if missing := [column for column in (*table.key, one.column) if column not in frame]:
        raise _refused(project, line, f"{table.file} has no column {missing[0]!r}. Check the file.")
    rows = pd.Series(True, index=frame.index)
    for column, value in one.key.items():
        rows &= frame[column] == str(value)
    if rows.sum() != 1:
        raise _refused(
            project, line, f"{rows.sum()} rows of {table.file} have this key, expected one. Correct or remove it."
        )
    found = frame.loc[rows, one.column].iloc[0]
    if found != str(one.old):
        told = "another value" if _is_quiet(project, quarter, table) else repr(found)
        raise _refused(
            project, line, f"found {told} in {table.file}, expected the old value {str(one.old)!r}: the supplier may "
            "have corrected it. Remove or correct this correction.",
        )  # fmt: skip
    frame = frame.copy()
    frame.loc[rows, one.column] = str(one.new)
    return frame


def _is_quiet(project: Project, quarter: Quarter, table: Table) -> bool:
    """Whether no message may quote a value of the table: it is about persons, or under embargo."""
    source = load_sources(project.raw(quarter)).files.get(table.file)
    return bool(table.column_of("pseudonym")) or source is None or source.sensitivity == "embargoed"


def _refused(project: Project, line: int, message: str) -> ConfigurationError:
    return ConfigurationError(f"{shown(path(project))}, line {line}: {message}")
