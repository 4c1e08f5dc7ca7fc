"""The suites: find a table's, read it, and run it on the table. It knows no table and no column.

A suite is native Great Expectations, one JSON file a table.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from panelpack.errors import ConfigurationError

# Importing the expectations registers our own among those that a suite may name.
from panelpack.validation import expectations
from panelpack.validation.findings import COLUMNS_EXPECTATION, ExpectationResult


def suite_paths(tables: Collection[str], suites: Path, unread: Collection[str] = ()) -> dict[str, Path]:
    """Return the path of each table's suite. Raises ConfigurationError for one too few or too many.

    `unread`: tables whose file could not be read; their suites are passed over.
    """
    paths = {path.stem: path for path in suites.glob("*.json")}
    for table in tables:
        if table not in paths:
            place = f"{suites.name}/{table}.json"
            raise ConfigurationError(f"{place}: not found, but every table needs a suite. Add it.")
    for table in sorted(paths):
        if table not in tables and table not in unread:
            raise ConfigurationError(
                f"{_where(paths[table])}: there is no table {table!r}, expected one of {', '.join(tables)}. "
                "Rename or remove the suite."
            )
    return {table: paths[table] for table in tables}


def outcomes(table: str, frame: pd.DataFrame, path: Path, parameters: Mapping[str, object]) -> list[ExpectationResult]:
    """Run a table's suite on its text cells: an outcome an expectation, in the order of the suite.

    Where columns are missing, only the expectation of the columns is run. `parameters` as in
    `validation.validate_tables`. Raises ConfigurationError for a suite that cannot be used.
    """
    entries = _read_suite(path)
    if not _columns_are_there(frame, entries[0]["kwargs"]["column_list"]):
        entries = entries[:1]
    built = []
    for number, entry in enumerate(entries):
        try:
            built.append(expectations.build(entry))
        except ValueError as error:
            raise ConfigurationError(f"{_where(path, number)}: {error}") from None
    needed = {name for expectation in built for name in expectation.suite_parameter_options}
    try:
        return expectations.evaluate(built, frame, _parameters_of(table, sorted(needed), parameters))
    except ValueError as error:
        raise ConfigurationError(f"{_where(path)}: {error}") from None


def _read_suite(path: Path) -> list[dict[str, Any]]:
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
    if types[:1] != [COLUMNS_EXPECTATION] or "column_list" not in entries[0].get("kwargs", {}):
        raise ConfigurationError(
            f"{_where(path)}: the columns are not listed, expected {COLUMNS_EXPECTATION} with a column_list as the "
            "first expectation. Add it."
        )
    checked: list[dict[str, Any]] = entries
    return checked


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
