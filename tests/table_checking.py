"""One small table held to the plan and to a suite, as the tests of the checks need it."""

import json
from pathlib import Path

import pandas as pd

from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import ReceivedTable
from panelpack.periods import Quarter
from panelpack.validation.messages import every_violation
from panelpack.validation.table_checks import Expected, validate_tables

FILE = "data/raw/2015Q1/patrols.csv"
SUITE = "expectations/patrols.json"
KINDS = {
    "month": "month",
    "ward": "category",
    "hours": "count",
    "planned": "count",
    "cost": "decimal",
    "booked": "decimal",
    "agreed": "date",
    "closed": "date",
    "code": "text",
    "officer": "text",
}
OPTIONAL = ["closed"]


def spec_of(kinds=KINDS, key=("month", "ward"), **more):
    """Return the plan's entry of the table."""
    more = {"optional": [name for name in OPTIONAL if name in kinds], **more}
    return SupplierFile(file="patrols.csv", columns=dict(kinds), key=list(key), **more)


def rows(*changed):
    """Return the rows of a sound table, a month and a ward each, with cells changed: a mapping a row."""
    sound = {"month": "2015-04", "ward": "north", "hours": "40", "planned": "50", "cost": "812.5", "booked": "812.5",
             "agreed": "2015-03-02", "closed": "2015-06-30", "code": "N01", "officer": "pc"}  # fmt: skip
    wards = ["north", "south", "east", "west", "centre", "harbour"]
    return [{**sound, "ward": wards[number % 6], "code": f"N{number:02d}", **cells}
            for number, cells in enumerate(changed)]  # fmt: skip


def received(cells, spec=None, gaps=None, index=None):
    """Return rows (mappings) as a received table; they stand in rows 2 and following."""
    spec = spec or spec_of()
    frame = pd.DataFrame(cells, columns=list(cells[0]) if cells else list(spec.columns), dtype="str")
    frame.index = pd.Index(index or range(2, 2 + len(frame)))
    return ReceivedTable("patrols", spec, frame, len(frame), gaps or {})


def line(kind, expected=None, notes=None, **kwargs):
    """Return an entry of a suite."""
    meta = {key: text for key, text in [("expected", expected), ("notes", notes)] if text}
    return {"type": kind, "kwargs": kwargs, "meta": meta}


def write_suite(folder: Path, entries, table="patrols"):
    """Write a suite: each entry's type stands on a line of its own."""
    folder.mkdir(exist_ok=True)
    suite = {"name": table, "expectations": entries, "meta": {}}
    (folder / f"{table}.json").write_text(json.dumps(suite, indent=2), encoding="utf-8")


def check(folder: Path, table: ReceivedTable, entries=None, *, coverage=(), withheld=False, has_series=True):
    """Return the checks of a table, and the mistakes of its suite."""
    suites = folder / "expectations"
    suites.mkdir(exist_ok=True)
    if entries is not None:
        write_suite(suites, entries)
    expected = Expected(
        Quarter.parse("2015Q1"),
        {"patrols": table.spec.columns},
        {"patrols": FILE},
        {"patrols": list(coverage)},
        {"patrols"} if has_series else (),
        {"patrols"} if withheld else (),
    )
    return validate_tables({"patrols": table}, expected, suites)


def violations(folder: Path, table: ReceivedTable, entries=None, **how):
    """Return the messages of a table without its file's name; the suite must be sound."""
    checks, mistakes = check(folder, table, entries, **how)
    assert mistakes == []
    found = every_violation(checks)
    assert all(message.startswith(FILE) for message in found)
    return [message.removeprefix(FILE) for message in found]
