"""The suites: what only people know of a table, in native Great Expectations, one JSON file a table.

Every line is held to the list of what works here before anything is run. It knows no table and no column.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

from panelpack.config.layout import DateForm
from panelpack.validation.expectation_list import (
    DATES,
    GROUPING,
    KINDS_IN_WORDS,
    LISTED,
    NUMBERS,
    REFERENCE,
    REFUSED,
    VALUE_ARGUMENTS,
    columns_of,
    kinds_of,
)
from panelpack.validation.findings import Entry

ENTRY_KEYS = ("type", "kwargs", "meta")  # what is read of an entry
PASSED_OVER = ("id", "notes", "description", "severity", "rendered_content")  # what the library's own tools add
Kinds = Mapping[str, str]


def suite_paths(
    tables: Collection[str], suites: Path, *, of_one_plan: bool = True
) -> tuple[dict[str, Path], list[str]]:
    """Return the path of each table's suite, for those that have one, and a sentence for each that is no table's.

    of_one_plan: whether all suites are to be of these tables, as they are unless there are other plans with their own.
    """
    paths = {path.stem: path for path in sorted(suites.glob("*.json"))}
    known = ", ".join(tables)
    mistakes = [
        f"{place(path)}: there is no table {table!r}, expected one of {known}. Rename or remove the suite."
        for table, path in paths.items()
        if table not in tables and of_one_plan
    ]
    return paths, mistakes


def read_suite(path: Path, kinds: Kinds) -> tuple[list[Entry], list[str]]:
    """Return the expectations of a suite, and a sentence for each that cannot be used.

    `kinds`: the columns of the table and the kind of each.
    """
    try:
        text = path.read_text(encoding="utf-8")
        suite = json.loads(text)
    except json.JSONDecodeError as error:
        return [], [f"{place(path)}, line {error.lineno}: {error.msg}, expected valid JSON. Correct the file."]
    except UnicodeDecodeError:
        return [], [f"{place(path)}: the file is not UTF-8 text. Save it as UTF-8."]
    try:
        name, entries = suite["name"], suite["expectations"]
        types = [str(entry["type"]) for entry in entries]
    except (KeyError, TypeError):
        return [], [f"{place(path)}: not a suite, expected a name and typed expectations. Correct the file."]
    if name != path.stem:
        return [], [f"{place(path)}: the suite is named {name!r}, expected {path.stem!r}. Correct the name."]
    read, mistakes = [], []
    for kind, entry, line in zip(types, entries, _lines(text, types), strict=True):
        where = f"{place(path)}, line {line}"
        faults = list(_faults(kind, entry, kinds))
        mistakes += [f"{where}: {fault}" for fault in faults]
        if not faults:
            read.append(_entry(kind, entry, kinds, where))
    return read, mistakes


def place(path: Path) -> str:
    """Return a suite's path as messages name it: `expectations/table.json`."""
    return f"{path.parent.name}/{path.name}"


def _lines(text: str, types: Collection[str]) -> Iterator[int]:
    """Yield the line of the file in which each entry's type stands; they stand in this order."""
    position = 0
    for kind in types:
        match = re.compile(rf'"type"\s*:\s*{re.escape(json.dumps(kind))}').search(text, position)
        position = match.end() if match else position
        yield text.count("\n", 0, match.start() if match else 0) + 1


def _faults(kind: str, entry: Mapping[str, Any], kinds: Kinds) -> Iterator[str]:
    if kind not in LISTED:
        yield f"{kind!r} is not among those that work here ({REFERENCE}){_why_refused(kind)}. Remove it."
        return
    if strange := [key for key in entry if key not in (*ENTRY_KEYS, *PASSED_OVER)]:
        yield f"{strange[0]!r} is no part of an expectation, expected {', '.join(ENTRY_KEYS)}. Remove it."
    kwargs, meta = entry.get("kwargs", {}), entry.get("meta") or {}
    if not isinstance(kwargs, dict) or not isinstance(meta, dict):
        yield f"{kind}: kwargs and meta are not names with values. Correct them."
        return
    if asked := [name for name, value in kwargs.items() if isinstance(value, dict) and "$PARAMETER" in value]:
        yield f"{kind}: {asked[0]!r} asks for a value at run time, expected the value itself. Write it, or remove it."
        return
    yield from _column_faults(kind, kwargs, kinds)


def _why_refused(kind: str) -> str:
    return f": {REFUSED[kind]}" if kind in REFUSED else ""


def _column_faults(kind: str, kwargs: Mapping[str, Any], kinds: Kinds) -> Iterator[str]:
    """Yield what is wrong with the columns that an expectation names, or with values for them."""
    families: set[str] = set()
    for argument, columns in columns_of(kind, kwargs).items():
        allowed = kinds_of(kind, argument)
        for column in columns:
            if column not in kinds:
                yield f"{kind}: the table has no column {column!r}, expected one of {', '.join(kinds)}. Correct it."
            elif kinds[column] not in allowed:
                looks_at = KINDS_IN_WORDS[allowed]
                yield (
                    f"{kind} looks at {looks_at}, and column {column!r} is of the kind {kinds[column]}. "
                    "Name another column, or remove it."
                )
            else:
                families.add(_family(kinds[column]))
    if kind.startswith("expect_column_pair_") and len(families) > 1:
        yield f"{kind} compares {' with '.join(sorted(families))}, expected two columns alike. Correct it."
    elif LISTED[kind].values and len(families) == 1:
        yield from _value_faults(kind, kwargs, *families)


def _value_faults(kind: str, kwargs: Mapping[str, Any], family: str) -> Iterator[str]:
    for argument in VALUE_ARGUMENTS:
        given = [value for value in _flat(kwargs.get(argument)) if value is not None]
        if wrong := [value for value in given if not _is_of(value, family)]:
            expected = {"numbers": "a number", "dates": f"a date such as {get_args(DateForm)[0]}", "texts": "a text"}[
                family
            ]
            yield f"{kind}: {argument} has {wrong[0]!r} for {family}, expected {expected}. Correct it."


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for inner in value:
            yield from _flat(inner)
    else:
        yield value


def _is_of(value: object, family: str) -> bool:
    if family == "numbers":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if family == "dates" and isinstance(value, str):
        try:
            return bool(date.fromisoformat(value))
        except ValueError:
            return False
    return family == "texts" and isinstance(value, str)


def _family(kind: str) -> str:
    return "numbers" if kind in NUMBERS else "dates" if kind in DATES else "texts"


def _entry(kind: str, entry: Mapping[str, Any], kinds: Kinds, where: str) -> Entry:
    listed, kwargs = LISTED[kind], dict(entry.get("kwargs", {}))
    if listed.skips:
        kwargs.setdefault("ignore_row_if", listed.skips)
    by_argument = columns_of(kind, kwargs)
    columns = tuple(dict.fromkeys(name for names in by_argument.values() for name in names))
    if listed.own:
        whole = tuple(name for argument in GROUPING for name in by_argument.get(argument, ()))
    else:
        whole = columns if listed.unit == "column" or listed.together else ()
    dated = listed.values and any(kinds[column] in DATES for column in columns)
    days = tuple(argument for argument in VALUE_ARGUMENTS if dated)
    return Entry(kind, kwargs, entry.get("meta") or {}, where, columns, whole, days)
