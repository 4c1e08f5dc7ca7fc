"""The suppliers' tables against the expectations of the office, and every violation in one plain sentence.

The expectations are native Great Expectations suites, one JSON file a table; this module finds them, has
them run and puts what they found into words. It knows no table and no column.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from panelpack.errors import ConfigurationError

VIOLATIONS_SHOWN = 20
COLUMNS = "expect_table_columns_to_match_ordered_list"
CORRECT = "Correct the file or record a correction."
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
) -> list[Check]:
    """Hold every table to its suite and return a check an expectation, in the order of tables and suites.

    `tables`: text cells exactly as supplied, indexed by the row number in the supplier's file. `files`: the
    path that messages show for each table. `suites`: the folder with a JSON suite a table. `parameters`:
    run-time values by name, as suites ask for them with {"$PARAMETER": name}; a value that is a mapping
    holds a value a table. `withheld`: tables whose values no message may show.
    Raise ConfigurationError if tables and suites do not match or a suite cannot be used.
    """
    checks = []
    for table, path in _suite_paths(tables, suites).items():
        # A line cut short leaves cells that are not there; native expectations would pass over them.
        frame = tables[table].fillna("").astype(str).rename(columns=str)
        show = _masked if table in withheld else _plain
        for outcome in _outcomes(table, frame, path, parameters):
            lines = [] if outcome.passed else list(_lines(outcome, frame, show))
            checks.append(_check(table, files[table], outcome, lines))
    return checks


def failures(checks: Sequence[Check]) -> list[str]:
    """Return the messages of all violations, in the order of the checks."""
    return [line for check in checks for line in check.violations]


def summary(checks: Sequence[Check]) -> pd.DataFrame:
    """Return one row a check: table, file, expectation, says, passed, checked, found."""
    columns = ["table", "file", "expectation", "says", "passed", "checked", "found"]
    return pd.DataFrame([[getattr(check, name) for name in columns] for check in checks], columns=columns)


# ------------------------------------------------------------------------------------------------ suites
def _suite_paths(tables: Collection[str], suites: Path) -> dict[str, Path]:
    paths = {path.stem: path for path in suites.glob("*.json")}
    for table in tables:
        if table not in paths:
            place = f"{suites.name}/{table}.json"
            raise ConfigurationError(f"{place}: not found, but every table needs a suite. Add it.")
    for table in sorted(paths):
        if table not in tables:
            raise ConfigurationError(
                f"{_where(paths[table])}: there is no table {table!r}, expected one of {', '.join(tables)}. "
                "Rename or remove the suite."
            )
    return {table: paths[table] for table in tables}


def _outcomes(table: str, frame: pd.DataFrame, path: Path, parameters: Mapping[str, object]) -> list:
    from panelpack import expect  # here, because Great Expectations takes seconds to load

    entries = _read_suite(path)
    if not _columns_are_there(frame, entries[0]["kwargs"]["column_list"]):
        entries = entries[:1]
    built = []
    for number, entry in enumerate(entries):
        try:
            built.append(expect.build(entry))
        except ValueError as error:
            raise ConfigurationError(f"{_where(path, number)}: {error}") from None
    needed = {name for expectation in built for name in expectation.suite_parameter_options}
    try:
        return expect.evaluate(built, frame, _parameters_of(table, sorted(needed), parameters))
    except ValueError as error:
        raise ConfigurationError(f"{_where(path)}: {error}") from None


def _read_suite(path: Path) -> list[dict]:
    """Return the entries of a suite, the columns first: what the others look at has to be there."""
    try:
        suite = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        place = f"{_where(path)}, line {error.lineno}"
        raise ConfigurationError(f"{place}: {error.msg}, expected valid JSON. Correct the file.") from None
    try:
        name, entries = suite["name"], suite["expectations"]
        types = [entry["type"] for entry in entries]
    except (KeyError, TypeError):
        raise ConfigurationError(
            f"{_where(path)}: not a suite, expected a name and typed expectations. Correct the file."
        ) from None
    if name != path.stem:
        raise ConfigurationError(
            f"{_where(path)}: the suite is named {name!r}, expected {path.stem!r}. Correct the name."
        )
    if types[:1] != [COLUMNS] or "column_list" not in entries[0].get("kwargs", {}):
        raise ConfigurationError(
            f"{_where(path)}: the columns are not listed, expected {COLUMNS} with a column_list as the first "
            "expectation. Add it."
        )
    return entries


def _columns_are_there(frame: pd.DataFrame, expected: Sequence[str]) -> bool:
    return frame.columns.is_unique and set(expected) <= set(frame.columns)


def _parameters_of(table: str, needed: Sequence[str], parameters: Mapping[str, object]) -> dict[str, object]:
    values = {}
    for name in needed:
        if name not in parameters:
            known = ", ".join(parameters)
            raise ValueError(f"$PARAMETER {name!r} is not known, expected one of {known}. Correct its name.")
        value = parameters[name]
        if isinstance(value, Mapping) and table not in value:
            raise ValueError(f"$PARAMETER {name!r} has no value for this table. Do not ask for it here.")
        values[name] = value[table] if isinstance(value, Mapping) else value
    return values


def _where(path: Path, number: int | None = None) -> str:
    """Return `expectations/table.json`, and the line of an entry if it can be told."""
    place = f"{path.parent.name}/{path.name}"
    if number is None:
        return place
    text = path.read_text(encoding="utf-8")
    starts = [match.start() for match in re.finditer(r'"type"\s*:', text)]
    return f"{place}, line {text.count(chr(10), 0, starts[number]) + 1}"


# ----------------------------------------------------------------------------------------------- wording
def _check(table: str, file: str, outcome, lines: list[str]) -> Check:
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


def _says(outcome) -> str:
    if notes := outcome.meta.get("notes"):
        return notes if isinstance(notes, str) else " ".join(notes)
    words = outcome.expectation.replace("_", " ").capitalize()
    return f"{words}: {', '.join(f'{name} {value!r}' for name, value in sorted(outcome.kwargs.items()))}."


def _lines(outcome, frame: pd.DataFrame, show) -> Iterator[str]:
    """Yield the violations as they go on after the file's name, in the order of the rows."""
    if outcome.expectation == COLUMNS:
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


def _column_lines(found: Sequence[str], expected: Sequence[str], show) -> Iterator[str]:
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


def _row_lines(outcome, frame: pd.DataFrame, show) -> Iterator[str]:
    columns = _columns_of(outcome.kwargs)
    unique = outcome.expectation.endswith("_to_be_unique")
    first: dict[tuple, int] = {}
    for row in sorted(outcome.rows):
        cells = tuple(frame.loc[row, columns])
        named = ", ".join(f"{column} {show(repr(cell))}" for column, cell in zip(columns, cells, strict=True))
        if not unique:
            place = f"column {columns[0]!r}: {show(repr(cells[0]))}" if len(columns) == 1 else named
            yield f", row {row}, {place} is not {_expected(outcome)}. {CORRECT}"
        elif first.setdefault(cells, row) != row:
            yield f", row {row}: {named} occurs more than once (first in row {first[cells]}). {CORRECT}"


def _columns_of(kwargs: Mapping) -> list[str]:
    names = ("column", "column_A", "column_B")
    return kwargs.get("column_list") or [kwargs[name] for name in names if name in kwargs]


def _expected(outcome) -> str:
    if expected := outcome.meta.get("expected"):
        return expected
    if values := outcome.kwargs.get("value_set"):
        return f"one of {', '.join(map(str, values))}"
    return f"as {outcome.expectation} asks"


def _plain(words: str) -> str:
    return words


def _masked(words: str) -> str:
    return "a withheld value"
