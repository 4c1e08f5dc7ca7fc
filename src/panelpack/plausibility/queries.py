"""Every query about a quarter's tables."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from panelpack.config.configuration import Configuration
from panelpack.intake.received import ReceivedTable
from panelpack.plausibility.copies import all_equal, copied
from panelpack.plausibility.dates import odd_names, odd_positions, odd_receipts
from panelpack.plausibility.exchanges import shifted, sorted_apart, swapped
from panelpack.plausibility.history import History, read_history
from panelpack.plausibility.magnitudes import scaled
from panelpack.plausibility.query import Cells, Finding, Query
from panelpack.plausibility.ranges import outside_range, zeros
from panelpack.plausibility.remarks import asked_remarks, lost_earlier_files
from panelpack.plausibility.restatements import nothing_new, restated, vanished
from panelpack.plausibility.row_counts import unequal_rows
from panelpack.plausibility.targets import odd_targets
from panelpack.plausibility.totals import totals

MOST_OF_A_KIND = 6  # queries of a table
# The most telling first: what one explains, those after it pass over, so that one cause is one query.
OF_NUMBERS: tuple[Callable[[History, Cells], Iterator[Finding]], ...] = (
    all_equal,
    copied,
    shifted,
    sorted_apart,
    swapped,
    scaled,
    zeros,
    restated,
    outside_range,
    totals,
)
OF_ROWS: tuple[Callable[[History], Iterator[Finding]], ...] = (vanished, nothing_new, unequal_rows)


def find_queries(
    office: Configuration, tables: Mapping[str, ReceivedTable], earlier: Mapping[str, ReceivedTable]
) -> list[Query]:
    """Return what of the quarter's tables must be answered, in the order of the plan's tables.

    `earlier`: the tables of the quarter before, as far as they are there. What that file already said is not asked
    again. No sentence has a value of a table that is withheld, internal or about persons.
    """
    queries, histories = list(lost_earlier_files(office)), {}
    for name in (name for name in office.plan.tables if name in tables):
        table, old = tables[name], earlier.get(name)
        queries += asked_remarks(table)
        history = read_history(office, table, old)
        if history is not None:
            histories[name] = history
            queries += (Query(name, *finding[:4]) for finding in find_in_history(history))
        queries += odd_positions(office, table, old)
    queries += odd_targets(office, histories)
    queries += odd_receipts(office)
    queries += odd_names(office)
    order = {name: place for place, name in enumerate(office.plan.tables)}
    unique = {query.name: query for query in reversed(queries)}
    kept = [query for query in queries if unique[query.name] is query]
    return sorted(kept, key=lambda query: order.get(query.table, -1))


def find_in_history(history: History) -> list[Finding]:
    """Return what is to be asked of one table's numbers and rows, one finding a cause."""
    findings: list[Finding] = []
    open_cells = history.asked.copy()
    for check in OF_NUMBERS:
        for finding in list(check(history, open_cells)):
            findings.append(finding)
            if finding.cells is not None:
                open_cells &= ~np.asarray(finding.cells)
    for of_rows in OF_ROWS:
        findings += of_rows(history)
    return merged(findings)


def merged(findings: list[Finding]) -> list[Finding]:
    """Return the findings with those of a kind as one where they are many: nobody answers the same a hundred times."""
    counts = Counter(finding.kind for finding in findings)
    kept: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        if counts[finding.kind] <= MOST_OF_A_KIND:
            kept[finding.kind, finding.period, finding.subject] = finding
        elif (finding.kind,) not in kept:
            more = f" There are {counts[finding.kind] - 1} more like it in this table."
            kept[(finding.kind,)] = finding._replace(period="", subject="", words=finding.words + more, cells=None)
    return list(kept.values())
