"""The official table of recorded crime as its publisher gives it, read by its preset; and its cut to one force.

What its columns are called stands in data/comparators/offences.yml.
"""

import csv
import difflib
import gzip
import io
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from panelpack.config.layout import WORKBOOKS, format_by_name
from panelpack.config.official import Columns, load_comparator_table
from panelpack.config.presets import load_presets
from panelpack.config.supplied_table import SupplierFile
from panelpack.errors import SourceError, UsageError
from panelpack.intake.containers.reading import read_grids
from panelpack.intake.grid import Grid
from panelpack.intake.heads import WITHIN, needed_heads
from panelpack.intake.layouts import lay_out
from panelpack.intake.moved_offences import mended_codes
from panelpack.periods import Quarter, year_label
from panelpack.project import Project, digest

PRESET = "official_table_by_force"
AS_PUBLISHED = (
    "Give the police force area table of the police recorded crime open data as published (csv, csv.gz, xlsx or ods)."
)
NAMES_SHOWN = 6
# Words by which one force is called in several ways.
FILLERS = {"and", "of", "the", "police", "constabulary", "service", "force"}


@dataclass(frozen=True)
class PublishedTable:
    """The rows of the official table, of every force that it has.

    rows: the preset's columns, each cell as text. spec: how the plan's table of it is declared. columns: what its
    publisher calls them. checksum: the sha256 of its file.
    """

    source: Path
    spec: SupplierFile
    columns: Columns
    rows: pd.DataFrame
    checksum: str

    @property
    def forces(self) -> list[str]:
        """The forces that it has."""
        return sorted(self.rows[self.columns.force].unique())

    def force(self, name: str) -> str:
        """Return a force as the table names it. Raises UsageError for another, with the name that may be meant."""
        if name in self.forces:
            return name
        near = _near(name, self.forces)
        known = "; ".join(self.forces[:NAMES_SHOWN])
        rest = len(self.forces) - NAMES_SHOWN
        others = f"one of {known}{f' and {rest} more' if rest > 0 else ''}"
        meant = f"Did you mean {' or '.join(map(repr, near))}?" if near else "Give its name as the table has it."
        raise UsageError(f"FORCE={name!r}: {self.source} has no such force, expected {others}. {meant}")

    def of_force(self, force: str, until: Quarter) -> pd.DataFrame:
        """Return the rows of a force up to a quarter, in the table's order."""
        period = self.rows[self.spec.period_column]
        return self.rows[(self.rows[self.columns.force] == force) & (period <= str(until))]

    def typed(self) -> pd.DataFrame:
        """Return the rows with numbers, and codes as they were before a spreadsheet's floating point.

        Columns: quarter ('YYYYQn'), force, description, group, subgroup, code and offences. Of its dirt this stays:
        negative counts take back offences recorded before, and the published totals include them; rows that end in
        "(outcomes only)" hold all burglary of dwellings before its redefinition.
        """
        columns, text = self.columns, self.rows
        return pd.DataFrame(
            {
                "quarter": text[self.spec.period_column],
                "force": text[columns.force],
                "description": text[columns.description],
                "group": text[columns.group],
                "subgroup": text[columns.subgroup],
                "code": text[columns.code].map(mended_codes(text[columns.code])),
                "offences": text[columns.offences].astype(int),
            }
        )

    def quarters(self, force: str) -> list[str]:
        """Return the quarters that the table has of a force, in order."""
        return sorted(self.rows.loc[self.rows[self.columns.force] == force, self.spec.period_column].unique())


def preset_of(software: Project) -> SupplierFile:
    """Return the table's declaration as its preset gives it."""
    preset = load_presets(*software.layouts)[PRESET]
    return SupplierFile(
        file="official_crime.csv.gz", preset=PRESET, columns=preset.columns, key=preset.key, layout=preset.layout
    )


def read_published(software: Project, path: Path) -> PublishedTable:
    """Read the official table. Raises SourceError, one sentence, for a file that is not it."""
    spec = preset_of(software)
    if not path.exists():
        raise SourceError(f"DATA={str(path)!r}: there is no such file, expected the official table. {AS_PUBLISHED}")
    layout = spec.layout.model_copy(update={"later": "refuse"})
    if format_by_name(path.name) in WORKBOOKS:  # a sheet a year, behind sheets of notes
        layout = layout.model_copy(update={"sheets": "*", "header_row": "find"})
    try:
        grids = read_grids(path, layout, list(needed_heads(spec)))
        if len(grids) > 1:
            grids = [grid for grid in grids if _has_heads(grid, set(needed_heads(spec)))] or grids[:1]
        spec = spec.model_copy(update={"layout": layout})
        # No row is later than a quarter so far off; which are read, the order decides.
        received = lay_out("DATA", spec, [(path.name, grid) for grid in grids], Quarter(9998, 4))
    except SourceError as error:
        finding = str(error).splitlines()[0].removeprefix(f"{path.name}, ").removeprefix(f"{path.name}: ")
        finding = finding.removeprefix(f"{path}, ").removeprefix(f"{path}: ").removeprefix("DATA: ")
        finding = re.split(r"(?<=[^.])\. (?=[A-Z])", finding)[0].rstrip(".")
        raise SourceError(f"DATA={str(path)!r}: {finding}. {AS_PUBLISHED}") from None
    _refuse_another_table(path, spec, received.text)
    for remark in received.remarks:
        if remark.kind == "cut_at_row_limit":
            raise SourceError(
                f"DATA={str(path)!r}: {remark.words.rstrip('.')}, so what came below is lost. {AS_PUBLISHED}"
            )
    columns = load_comparator_table(software.comparators).columns
    table = PublishedTable(path, spec, columns, received.text, digest(path))
    _refuse_rows_twice(table)
    return table


def cut_bytes(rows: pd.DataFrame, spec: SupplierFile) -> bytes:
    """Return rows as a packed csv with the columns as published; the same rows give the same bytes."""
    heads = list(needed_heads(spec))
    (period, (year, number)) = next(iter(spec.layout.join.items()))
    columns = dict(rows)
    quarters = [Quarter.parse(label) for label in rows[period]]
    columns[year] = [year_label(quarter.year) for quarter in quarters]
    columns[number] = [str(quarter.number) for quarter in quarters]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(zip(*(columns[head] for head in heads), strict=True))
    return gzip.compress(text.getvalue().encode("utf-8"), mtime=0)


def _has_heads(grid: Grid, heads: set[str]) -> bool:
    return any(heads <= {" ".join(cell.split()) for cell in row} for row in grid.cells[:WITHIN])


def _refuse_another_table(path: Path, spec: SupplierFile, rows: pd.DataFrame) -> None:
    """Refuse a table without a column or a row, and a quarter or a count that is none: no validation comes before."""
    if missing := [column for column in spec.columns if column not in rows]:
        raise SourceError(f"DATA={str(path)!r}: the column {missing[0]!r} is missing. {AS_PUBLISHED}")
    if rows.empty:
        raise SourceError(f"DATA={str(path)!r}: found no row below its heads. {AS_PUBLISHED}")
    checks = {spec.period_column: (r"\d{4}Q[1-4]", "a financial year and a quarter, such as 2022/23 and 1")}
    checks |= {column: (r"-?\d+", "a whole number") for column, kind in spec.columns.items() if kind == "count"}
    for column, (pattern, expected) in checks.items():
        wrong = rows[~rows[column].str.fullmatch(pattern)]
        if len(wrong):
            raise SourceError(
                f"DATA={str(path)!r}, row {wrong.index[0]}, column {column!r}: found {wrong[column].iloc[0]!r}, "
                f"expected {expected}. {AS_PUBLISHED}"
            )


def _refuse_rows_twice(table: PublishedTable) -> None:
    """Refuse a table that has an offence of a force twice in a quarter, told by its description and its mended code."""
    columns, text = table.columns, table.rows
    codes = text[columns.code].map(mended_codes(text[columns.code]))
    key = [table.spec.period_column, columns.force, columns.description, columns.code]
    twice = text.assign(**{columns.code: codes}).duplicated(key)
    if twice.any():
        label, force, description, _ = text.loc[twice, key].iloc[0]
        raise SourceError(
            f"DATA={str(table.source)!r}: {description!r} of {force!r} in {label} stands twice, expected one row. "
            "Remove one."
        )


def _near(name: str, known: list[str]) -> list[str]:
    """Return the known names that one may mean: the same words in another order, else those much like it."""
    words = {other: _words(other) for other in known}
    asked = _words(name)
    same = [other for other in known if words[other] == asked and asked]
    partly = [other for other in known if asked and (words[other] <= asked or _begins(asked, words[other]))]
    plain = {" ".join(sorted(words[other])): other for other in known}
    alike = [plain[key] for key in difflib.get_close_matches(" ".join(sorted(asked)), plain, n=2, cutoff=0.7)]
    return same or partly[:3] or alike


def _begins(asked: frozenset[str], words: frozenset[str]) -> bool:
    """Whether each word that was typed is the beginning of a word of a name."""
    return all(any(word.startswith(typed) for word in words) for typed in asked)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", name.casefold())) - FILLERS
