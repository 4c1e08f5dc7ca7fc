"""Corrections to raw figures: data with a reason, a role and a date, applied to cells before anything reads them."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar

import pandas as pd
from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from panelpack.configuration import AsWritten, Location, Strict, load, read_yaml, shown
from panelpack.errors import ConfigurationError
from panelpack.params import load_params
from panelpack.plan import Plan, Table
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.sources import load_sources, read_text


def _there(value: object) -> object:
    if value is None:
        raise ValueError('nothing stands here, expected the text of a cell. Write it; of an empty cell it is "".')
    return value


# A cell's text as the supplier's file has it: `010` is not 8, `no` is not false, and blanks count. To an editor the
# same text may look like a number.
Cell = Annotated[
    str,
    StringConstraints(strip_whitespace=False),
    BeforeValidator(_there),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]


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
        return self.file, tuple(sorted(self.key.items())), self.column


class Corrections(Strict):
    """params/corrections.yml."""

    # Not old, new and key: which table they are of, and whether it may be quoted, is not known while the file is read.
    quoted: ClassVar = frozenset({"file", "column", "decided_by", "decided_on"})
    corrections: list[Correction] = []

    def problems(self) -> Iterator[tuple[Location, str]]:
        """Yield corrections that change nothing, and cells that are corrected twice."""
        seen = set()
        for place, one in enumerate(self.corrections):
            if one.old == one.new:
                yield ("corrections", place), "old and new are the same. Correct or remove the correction."
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
    every = load(path(project), Corrections, loader=AsWritten).corrections
    lines = read_yaml(path(project), AsWritten)[1]
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
    ours = [(line, one) for line, one in of_quarter(project, quarter, plan) if one.file.endswith(f"/{table.file}")]
    is_quiet = bool(ours) and _is_quiet(project, quarter, table, plan)
    for line, one in ours:
        frame = _applied(frame, one, table, is_quiet, lambda message, line=line: _refused(project, line, message))
    return frame


def _applied(frame: pd.DataFrame, one: Correction, table: Table, is_quiet: bool, refused: Callable[[str], Exception]):
    """Return the cells with one more corrected. With `is_quiet`, what is refused is told without a value."""
    if set(one.key) != set(table.key) or one.column not in table.columns:
        # A value that was written in the place of a column's name is a value all the same.
        found = "another key or column" if is_quiet else f"the key {', '.join(one.key)} and the column {one.column!r}"
        raise refused(
            f"found {found}, expected the key {', '.join(table.key)} and one of {', '.join(table.columns)}. "
            "Correct them."
        )
    if missing := [column for column in (*table.key, one.column) if column not in frame]:
        raise refused(f"{table.file} has no column {missing[0]!r}. Check the file.")
    rows = pd.Series(True, index=frame.index)
    for column, value in one.key.items():
        rows &= frame[column] == value
    if rows.sum() != 1:
        raise refused(f"{rows.sum()} rows of {table.file} have this key, expected one. Correct or remove it.")
    found = frame.loc[rows, one.column].iloc[0]
    if found != one.old:
        told, old = ("another value", "") if is_quiet else (repr(found), f" {one.old!r}")
        raise refused(
            f"found {told} in {table.file}, expected the old value{old}: the supplier may have corrected it. Remove or "
            "correct this correction."
        )
    frame = frame.copy()
    frame.loc[rows, one.column] = one.new
    return frame


def _is_quiet(project: Project, quarter: Quarter, table: Table, plan: Plan) -> bool:
    """Whether no message may quote a value of the table: it is about persons, under embargo or withheld."""
    source = load_sources(project.raw(quarter)).files.get(table.file)
    if table.column_of("pseudonym") or source is None or source.sensitivity == "embargoed":
        return True
    return bool(load_params(project.params(quarter), quarter, plan).withheld(source.table))


def _refused(project: Project, line: int, message: str) -> ConfigurationError:
    return ConfigurationError(f"{shown(path(project))}, line {line}: {message}")
