"""The suppliers' tables held to what the plan knows of them and to the suites of the office: a check an expectation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from panelpack.formats import listed
from panelpack.intake.received import ReceivedTable
from panelpack.intake.typed import as_checked
from panelpack.periods import Quarter
from panelpack.validation.cell_kinds import faulty_cells, without_rows
from panelpack.validation.derived import derived
from panelpack.validation.findings import Entry, Outcome
from panelpack.validation.messages import Check, Words, masked, showing
from panelpack.validation.suites import read_suite, suite_paths


@dataclass(frozen=True)
class Expected:
    """What tables are held to, besides their suites: the quarter, the plan's tables, and what its series need.

    coverage: as `coverage.coverage` returns it. with_series: tables that a series is drawn from. files: the path that
    messages show for each table. withheld: tables whose values no message may show.
    fewest: by table from which number on one may be shown, 0 for all. of_one_plan: whether every suite is
    to be of one of these tables.
    """

    quarter: Quarter
    tables: Mapping[str, Mapping[str, str]]
    files: Mapping[str, str]
    coverage: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    with_series: Collection[str] = ()
    withheld: Collection[str] = ()
    fewest: Mapping[str, int] = field(default_factory=dict)
    of_one_plan: bool = True


def validate_tables(
    tables: Mapping[str, ReceivedTable], expected: Expected, suites: Path
) -> tuple[list[Check], list[str]]:
    """Hold every table to the plan and to its suite.

    Returns a check an expectation, in the order of tables and suites, and a sentence for each line of a suite that
    cannot be used. `suites`: the folder of the JSON suites; a table needs none.
    """
    paths, mistakes = suite_paths(expected.tables, suites, of_one_plan=expected.of_one_plan)
    checks = []
    for name, kinds in expected.tables.items():
        entries, faults = read_suite(paths[name], kinds) if name in paths else ([], [])
        mistakes += faults
        if name in tables:
            found, faults = _validate(tables[name], expected, entries)
            checks += found
            mistakes += faults
    return checks, mistakes


def _validate(received: ReceivedTable, expected: Expected, suite: list[Entry]) -> tuple[list[Check], list[str]]:
    """Return the checks of one table, and a sentence for each line of its suite that cannot be run."""
    from panelpack.validation.expectations import evaluate  # here: Great Expectations takes seconds to load

    name, spec = received.name, received.spec
    words = Words(
        received, expected.files[name], masked if name in expected.withheld else showing(expected.fewest.get(name, 0))
    )
    frame = received.text.reset_index(drop=True)
    groups = {column: faulty_cells(received, column) for column in spec.columns if column in frame}
    # Of a row that is a total or a note nothing else is to be said.
    no_data = {row for found in groups.values() for group in found if group.is_of_notes for row in group.rows}
    unreadable = {column: no_data | {row for group in found for row in group.rows} for column, found in groups.items()}
    groups = {
        column: [group for group in found if group.is_of_notes]
        + without_rows([group for group in found if not group.is_of_notes], no_data)
        for column, found in groups.items()
    }
    for column, rows in unreadable.items():
        frame.loc[sorted(rows), column] = ""
    entries = derived(spec, expected.quarter, expected.coverage.get(name, ()), name in expected.with_series)
    skipped = {id(entry): why for entry in (*entries, *suite) if (why := _cannot_run(entry, frame, unreadable))}
    runnable = [entry for entry in (*entries, *suite) if id(entry) not in skipped]
    typed_frame = as_checked(frame, spec.columns)
    mistakes: list[str] = []
    try:
        outcomes = evaluate(runnable, typed_frame)
    except ValueError:  # one of them is no expectation; the others are run without it
        outcomes, mistakes = _one_by_one(runnable, typed_frame)
    mistakes += [_cannot_evaluate(outcome, spec.columns) for outcome in outcomes if outcome.error]
    done = {id(outcome.entry): outcome for outcome in outcomes if not outcome.error}
    checks = [words.of_outcome(done[id(entry)], unreadable) for entry in entries[:2] if id(entry) in done]
    checks += [words.of_cells(column, groups[column]) for column in groups]
    for entry in (*entries[2:], *suite):
        if id(entry) in skipped:
            checks.append(words.of_skipped(entry, skipped[id(entry)]))
        elif id(entry) in done:
            checks.append(words.of_outcome(done[id(entry)], unreadable))
    return checks, mistakes


def _one_by_one(entries: Sequence[Entry], frame: pd.DataFrame) -> tuple[list[Outcome], list[str]]:
    from panelpack.validation.expectations import build, evaluate

    sound, mistakes = [], []
    for entry in entries:
        try:
            build(entry)
            sound.append(entry)
        except ValueError as error:
            mistakes.append(f"{entry.where}: {error}")
    return evaluate(sound, frame), mistakes


def _cannot_run(entry: Entry, frame: pd.DataFrame, unreadable: Mapping[str, Collection[int]]) -> str:
    """Return why an expectation cannot be run on a table, '' if it can."""
    if missing := [column for column in entry.columns if column not in frame]:
        return f"there is no column {missing[0]!r} to look at"
    if unread := [column for column in entry.whole if unreadable.get(column)]:
        count = len(unreadable[unread[0]])
        return f"{count} cell{'s' * (count > 1)} of column {unread[0]!r} cannot be read"
    return ""


def _cannot_evaluate(outcome: Outcome, kinds: Mapping[str, str]) -> str:
    entry = outcome.entry
    at = listed([f"{column!r} ({kinds[column]})" for column in entry.columns]) or "the table"
    problem, where = outcome.error.splitlines()[0].rstrip("."), entry.where or "params/plan.yml"
    return f"{where}: {entry.type} cannot be evaluated on {at}: {problem}. Correct its kwargs."
