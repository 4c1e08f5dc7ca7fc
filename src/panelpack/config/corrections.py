"""Corrections to raw figures, as the office declares them: the shape of corrections.yml.

Those of open files are in params, which is published. Those of guarded files (guarded.py), which tell what stands in
them, are in a file beside them that is published no more than they are.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from panelpack.config.day import Day
from panelpack.config.plan import Plan
from panelpack.config.sources import new_edition
from panelpack.config.strict_yaml import AsWritten, Mistake, Role, Strict, load_with_lines
from panelpack.errors import ConfigurationError, shown
from panelpack.periods import Quarter, date_words
from panelpack.project import Project


def _written(value: object) -> object:
    if value is None:
        raise ValueError('nothing stands here, expected the text of a cell. Write it; of an empty cell it is "".')
    return value


# A cell's text as the supplier's file has it: `010` is not 8, `no` is not false, and blanks count. To an editor the
# same text may look like a number.
Cell = Annotated[
    str,
    StringConstraints(strip_whitespace=False),
    BeforeValidator(_written),
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
    decided_by: Role
    decided_on: Day

    @property
    def quarter(self) -> str:
        """The quarter of the drop that the file lies in."""
        return self.file.partition("/")[0]

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.partition("/")[2]

    @property
    def cell(self) -> tuple[str, tuple[tuple[str, str], ...], str]:
        """Which cell it is."""
        return self.file, tuple(sorted(self.key.items())), self.column


class Corrections(Strict):
    """params/corrections.yml, and data/raw/<quarter>/corrections.yml."""

    # Not old, new and key: which table they are of, and whether it may be quoted, is not known while the file is read.
    quoted: ClassVar = frozenset({"file", "column", "decided_by", "decided_on"})
    corrections: list[Correction] = []

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield corrections that change nothing, and cells that are corrected twice."""
        seen = set()
        for place, correction in enumerate(self.corrections):
            if correction.old == correction.new:
                yield ("corrections", place), "old and new are the same. Correct or remove the correction."
            if correction.cell in seen:
                yield ("corrections", place), "this cell is corrected above already. Remove one of the two."
            seen.add(correction.cell)


def load_corrections(
    project: Project,
    quarter: Quarter,
    plan: Plan,
    day: date | None = None,
    received: Callable[[], Mapping[str, date]] = dict,
    guarded: Callable[[], Mapping[str, str]] = dict,
) -> list[tuple[str, Correction]]:
    """Return the corrections of a quarter's files, each with where it stands: file and line.

    Raises ConfigurationError with file and line.

    day: that of the quarter's edition. What is decided later is a correction of a later one. received: asked for where
    there is a correction: when each file came. Nothing is decided of a file before it is here. guarded: asked for as
    well: which files are guarded, and why, in words that go on from "it is".
    """
    found = []
    for path in (project.corrections, project.guarded_corrections(quarter)):
        if path.exists():
            found += _read(path, project, quarter, plan, day, received, guarded)
    cells = [correction.cell for _, correction in found]
    for where, correction in found:
        if cells.count(correction.cell) > 1:
            raise ConfigurationError(f"{where}: this cell is corrected in another file too. Remove one of the two.")
    return found


def _why(correction: Correction, guarded: Mapping[str, str]) -> str:
    """Return why the file of a correction is guarded, by its name or a pattern of names; '' for an open one."""
    return next((why for name, why in guarded.items() if fnmatchcase(correction.name, name)), "")


def _read(
    path: Path,
    project: Project,
    quarter: Quarter,
    plan: Plan,
    day: date | None,
    received: Callable[[], Mapping[str, date]],
    guarded: Callable[[], Mapping[str, str]],
) -> list[tuple[str, Correction]]:
    is_public = path == project.corrections
    files = sorted(table.pattern for table in plan.tables.values())

    def find_mistakes(read: Corrections) -> Iterator[Mistake]:
        yield from read.find_mistakes()
        of_quarter = [one for one in read.corrections if one.quarter == str(quarter)]
        came, guards = (received(), guarded()) if of_quarter else ({}, {})
        for place, correction in enumerate(read.corrections):
            at = ("corrections", place, "decided_on")
            if not project.raw(Quarter.parse(correction.quarter)).is_dir():
                yield (
                    ("corrections", place),
                    f"there is no folder data/raw/{correction.quarter}. Correct the file's name.",
                )
            elif correction.quarter != str(quarter) and not is_public:
                words = f"found a file of {correction.quarter}, expected one of {quarter}, beside which this file lies."
                yield ("corrections", place, "file"), f"{words} Move the correction."
            elif is_public and correction.quarter == str(quarter) and (why := _why(correction, guards)):
                yield (
                    ("corrections", place, "file"),
                    f"{correction.name} is {why}, and this file is published, expected no cell of such a file. Move "
                    f"the correction to {shown(project.guarded_corrections(quarter))}, which is not, and type make "
                    f"receive Q={quarter}.",
                )
            elif correction.quarter == str(quarter) and correction.name not in files:
                known = ", ".join(files)
                yield ("corrections", place), f"the plan has no file {correction.name!r}, expected one of {known}."
            elif correction.quarter == str(quarter) and day and correction.decided_on > day:
                late = f"{date_words(correction.decided_on)}, after the day of the edition, {date_words(day)}"
                remedy = f"Correct the day or the quarter; or, if the pack was approved before, {new_edition(quarter)}"
                yield at, f"decided on {late}. {remedy}"
            elif correction.quarter == str(quarter) and correction.decided_on < came.get(correction.name, date.min):
                early = f"{date_words(correction.decided_on)}, before the file was received on"
                yield (
                    at,
                    f"decided on {early} {date_words(came[correction.name])}. Correct the day; or, if the file is a "
                    "new one, look at it again and decide anew.",
                )

    read, lines = load_with_lines(path, Corrections, find_mistakes, AsWritten)
    of_quarter = ((at, one) for at, one in enumerate(read.corrections) if one.quarter == str(quarter))
    return [(f"{shown(path)}, line {lines['corrections', at]}", correction) for at, correction in of_quarter]
