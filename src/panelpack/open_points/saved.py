"""Open points and answers between the notebooks that find them, the pages that show them, and the manifest.

What is saved is under data/processed/<quarter>, and the pack's manifest has its checksum. So nothing is saved of points
that may not be shown, but that there are some.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from panelpack.open_points.kinds import Answered, OpenPoint

if TYPE_CHECKING:  # the page worker, which only reads, has no use for the configuration and what it imports
    from panelpack.config.configuration import Configuration
    from panelpack.open_points.points import Asked

FOLDER = "open_points"  # a file for each step that finds points
POINTS = ("kind", "name", "words", "remedy")
ANSWERS_FILE = "answers.csv"
ANSWERS = ("table", "name", "words", "reason", "role", "date")


def save_open_points(office: "Configuration", step: str, points: Sequence[OpenPoint]) -> None:
    """Write the points that a step found: `step` names the file. A row of kind `other` stands for all not shown."""
    rows = [(point.kind, point.name, point.words, point.remedy) for point in points if point.is_shown]
    hidden = [("other", "", "", "")] if any(not point.is_shown for point in points) else []
    _write(office.project.processed(office.quarter) / FOLDER / f"{step}.csv", POINTS, [*rows, *hidden])


def read_open_points(processed: Path) -> list[OpenPoint]:
    """Return the points that the steps of a run saved, in the order of the steps' names."""
    rows = (row for path in sorted((processed / FOLDER).glob("*.csv")) for row in _rows(path))
    return [
        OpenPoint(row["kind"], row["name"], row["words"], row["remedy"], is_shown=row["kind"] != "other")
        for row in rows
    ]


def read_open_queries(processed: Path) -> list[OpenPoint]:
    """Return the open queries of the data that may be shown; they are known before any page is made."""
    path = processed / FOLDER / "data.csv"
    rows = _rows(path) if path.exists() else ()
    return [OpenPoint(row["kind"], row["name"], row["words"], row["remedy"]) for row in rows if row["kind"] == "query"]


def save_asked(office: "Configuration", asked: "Asked") -> None:
    """Write what is open of the queries of the data, and the answers that may be shown."""
    save_open_points(office, "data", asked.open)
    save_answers(office, asked.answers)


def save_answers(office: "Configuration", answers: Iterable[Answered]) -> None:
    """Write the answered queries that may be shown."""
    rows = ((a.table, a.name, a.words, a.reason, a.role, a.date.isoformat()) for a in answers)
    _write(office.project.processed(office.quarter) / ANSWERS_FILE, ANSWERS, rows)


def read_answers(processed: Path) -> list[Answered]:
    """Return the answered queries that a run saved; none where it saved no such table."""
    path = processed / ANSWERS_FILE
    rows = _rows(path) if path.exists() else ()
    return [
        Answered(r["table"], r["name"], r["words"], r["reason"], r["role"], date.fromisoformat(r["date"])) for r in rows
    ]


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
