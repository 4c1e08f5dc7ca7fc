"""What an atlas has, as a table and as a page: the index of every pack in the store, and index.html."""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from panelpack.atlas.chunks import Basis
from panelpack.atlas.store import Store, slug
from panelpack.errors import ConfigurationError
from panelpack.new_office.measure_list import read_measures
from panelpack.new_office.offences import choices_of
from panelpack.new_office.residents import read_residents
from panelpack.periods import Quarter, parse_year
from panelpack.project import Project


@dataclass(frozen=True)
class Failure:
    """A pack that was not made: the code with which its command ended, and why."""

    force: str
    quarter: str
    exit: int
    message: str


def write_listing(
    software: Project,
    store: Store,
    basis: Basis,
    failures: Sequence[Failure],
    asked: Collection[tuple[str, str]],
) -> Path:
    """Write the index and the page of a store; return the path of the page.

    asked: force and quarter of each pack of this run; of others the index keeps what it said of a failure.
    """
    from panelpack.atlas.index import read_index, write_index
    from panelpack.atlas.page import write_page

    write_index(store.folder, _rows(software, store, failures, asked))
    table, is_any_force = basis.table, basis.measures is None
    source = basis.measures or software.usual_measures
    measures, _ = read_measures(source, choices_of(table.rows, table.columns), is_any_force)
    return write_page(
        store.folder,
        table,
        read_index(store.folder),
        software,
        release=basis.release,
        baseline=parse_year(basis.baseline),
        measures=measures,
    )


def _rows(
    software: Project, store: Store, failures: Sequence[Failure], asked: Collection[tuple[str, str]]
) -> list[dict[str, object]]:
    from panelpack.atlas.index import FILE, read_index, row_of_failure, rows_of_pack

    regions, red = _regions(software.residents_by_force), {(failure.force, failure.quarter) for failure in failures}
    rows: list[dict[str, object]] = [
        row_of_failure(one.force, one.quarter, one.message, exit=one.exit, region=regions.get(one.force, ""))
        for one in failures
    ]
    for record in store.records():
        if (record.force, record.quarter) not in red:
            rows += rows_of_pack(
                store.folder,
                f"{slug(record.force)}/{record.quarter}",
                record.quarter,
                force=record.force,
                region=regions.get(record.force, ""),
                residents=_residents(software, record.force, record.quarter),
                fingerprint=record.fingerprint,
                seconds=record.seconds,
                cpu_seconds=record.cpu_seconds,
            )
    known = {(str(row["force"]), str(row["quarter"])) for row in rows} | set(asked)
    if (store.folder / FILE).is_file():
        earlier = read_index(store.folder)
        for row in earlier[earlier["exit"] != 0].to_dict("records"):
            if (row["force"], row["quarter"]) not in known:
                rows.append({str(name): value for name, value in row.items()})
    return rows


@cache
def _regions(path: Path) -> dict[str, str]:
    """Return the region of each force."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["pfa"]: row["region"] for row in csv.DictReader(file)}


@cache
def _residents(software: Project, force: str, quarter: str) -> float | None:
    """Return how many people a rate of a force is per; None where there is no rate."""
    try:
        residents = read_residents(software, force, Quarter.parse(quarter))
    except ConfigurationError:
        return None
    return None if residents.too_few else float(residents.count)
