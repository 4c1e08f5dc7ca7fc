"""The suppliers' tables against the expectations of the office, and every violation in one plain sentence.

This module has the suites run and puts what they found into words. It knows no table and no column.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.validation.findings import COLUMNS_EXPECTATION, ExpectationResult

VIOLATIONS_SHOWN = 20
CORRECT = "Ask the supplier for a new file, or add a correction to params/corrections.yml."
REMOVE = "Remove the column from the file."
COMPLETE = "Ask the supplier for a complete file."


@dataclass(frozen=True)
class Check:
    """One expectation of one table, and what came of it.

    `says` is what is expected, `checked` the number of rows looked at, `found` the number of violations.
    `violations` holds a message each, in the order of the rows; at most VIOLATIONS_SHOWN, then one line
    that says how many more there are.
    """

    table: str
    file: str
    expectation: str
    says: str
    passed: bool
    checked: int
    violations: tuple[str, ...]
    found: int = 0


def validate_tables(
    tables: Mapping[str, pd.DataFrame],
    files: Mapping[str, str],
    suites: Path,
    parameters: Mapping[str, object],
    withheld: Collection[str] = (),
    unread: Collection[str] = (),
) -> list[Check]:
    """Hold every table to its suite and return a check an expectation, in the order of tables and suites.

    `tables`: text cells exactly as supplied, indexed by the row number in the supplier's file. `files`: the
    path that messages show for each table. `suites`: the folder with a JSON suite a table. `parameters`:
    run-time values by name, as suites ask for them with {"$PARAMETER": name}; a value that is a mapping
    holds a value a table. `withheld`: tables whose values no message may show.
    `unread`: tables whose file could not be read, so that their suites have nothing to look at.
    Raise ConfigurationError if tables and suites do not match or a suite cannot be used.
    """
    from panelpack.validation.suites import (
        outcomes,  # here, because Great Expectations takes seconds to load
        suite_paths,  # here, because Great Expectations takes seconds to load
    )

    checks = []
    for table, path in suite_paths(tables, suites, unread).items():
        # A line cut short leaves cells that are not there; native expectations would pass over them.
        frame = tables[table].fillna("").astype(str).rename(columns=str)
        show = _masked if table in withheld else _plain
        for outcome in outcomes(table, frame, path, parameters):
            lines = [] if outcome.passed else list(_lines(outcome, frame, show))
            checks.append(_check(table, files[table], outcome, lines))
    return checks


def every_violation(checks: Sequence[Check]) -> list[str]:
    """Return the messages of all violations, in the order of the checks."""
    return [line for check in checks for line in check.violations]


def summary(checks: Sequence[Check]) -> pd.DataFrame:
    """Return one row a check: table, file, expectation, says, passed, checked, found."""
    columns = ["table", "file", "expectation", "says", "passed", "checked", "found"]
    return pd.DataFrame([[getattr(check, name) for name in columns] for check in checks], columns=columns)


def save_checks(checks: Sequence[Check], office: Configuration) -> None:
    """Write the outcome of each check to data/processed, for the review index."""
    path = office.project.processed(office.quarter) / "checks.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    summary(checks).to_csv(path, index=False, lineterminator="\n")


def _check(table: str, file: str, outcome: ExpectationResult, lines: list[str]) -> Check:
    shown = [file + line for line in lines[:VIOLATIONS_SHOWN]]
    if more := len(lines) - len(shown):
        shown.append(f"{file}: {more} more violations of this check are not shown. Correct these first.")
    return Check(
        table=table,
        file=file,
        expectation=outcome.expectation,
        says=_says(outcome),
        passed=outcome.passed,
        checked=outcome.checked,
        violations=tuple(shown),
        found=len(lines),
    )


def _says(outcome: ExpectationResult) -> str:
    if notes := outcome.meta.get("notes"):
        return notes if isinstance(notes, str) else " ".join(notes)
    words = outcome.expectation.replace("_", " ").capitalize()
    return f"{words}: {', '.join(f'{name} {value!r}' for name, value in sorted(outcome.kwargs.items()))}."


def _lines(outcome: ExpectationResult, frame: pd.DataFrame, show: Callable[[str], str]) -> Iterator[str]:
    """Yield the violations as they go on after the file's name, in the order of the rows."""
    if outcome.expectation == COLUMNS_EXPECTATION:
        yield from _column_lines(list(frame.columns), outcome.kwargs["column_list"], show)
    elif outcome.findings is not None:
        for row, pieces in sorted(outcome.findings, key=lambda finding: finding.row or 0):
            place = "" if row is None else f", row {row}"
            text = "".join(piece if isinstance(piece, str) else show(piece.words) for piece in pieces)
            yield f"{place}: {text}. {COMPLETE if row is None else CORRECT}"
    elif outcome.rows is not None:
        yield from _row_lines(outcome, frame, show)
    else:
        yield f": found {show(str(outcome.observed))}, expected {_expected(outcome)}. {COMPLETE}"


def _column_lines(found: Sequence[str], expected: Sequence[str], show: Callable[[str], str]) -> Iterator[str]:
    # Heads are masked too: in a file without a head, the first row takes its place.
    heads, wanted = show(", ".join(found)), ", ".join(expected)
    for column in expected:
        if column not in found:
            yield f": column {column!r} is missing; columns found: {heads}. {COMPLETE}"
    for place, column in enumerate(found, start=1):
        name = show(repr(column))
        if column in found[: place - 1]:
            yield f": column {name} (number {place}) stands twice; columns expected: {wanted}. {REMOVE}"
        elif column not in expected:
            yield f": column {name} (number {place}) is not expected; columns expected: {wanted}. {REMOVE}"
    if sorted(found) == sorted(expected):
        yield f": columns are in the order {heads}, expected {wanted}. Put them in order."


def _row_lines(outcome: ExpectationResult, frame: pd.DataFrame, show: Callable[[str], str]) -> Iterator[str]:
    columns = _columns_of(outcome.kwargs)
    unique = outcome.expectation.endswith("_to_be_unique")
    first: dict[tuple[str, ...], int] = {}
    for row in sorted(outcome.rows or ()):
        cells = tuple(frame.loc[row, columns])
        named = ", ".join(f"{column} {show(repr(cell))}" for column, cell in zip(columns, cells, strict=True))
        if not unique:
            place = f"column {columns[0]!r}: {show(repr(cells[0]))}" if len(columns) == 1 else named
            yield f", row {row}, {place} is not {_expected(outcome)}. {CORRECT}"
        elif first.setdefault(cells, row) != row:
            yield f", row {row}: {named} occurs more than once (first in row {first[cells]}). {CORRECT}"


def _columns_of(kwargs: Mapping[str, Any]) -> list[str]:
    names = ("column", "column_A", "column_B")
    return kwargs.get("column_list") or [kwargs[name] for name in names if name in kwargs]


def _expected(outcome: ExpectationResult) -> str:
    if expected := outcome.meta.get("expected"):
        return str(expected)
    if values := outcome.kwargs.get("value_set"):
        return f"one of {', '.join(map(str, values))}"
    return f"as {outcome.expectation} asks"


def _plain(words: str) -> str:
    return words


def _masked(words: str) -> str:
    return "a withheld value"
