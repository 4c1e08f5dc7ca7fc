"""Which periods of which rows a quarter needs of a table: those that figures compare and charts show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from panelpack.config.configuration import Configuration
from panelpack.periods import periodicity_of
from panelpack.validation.coverage import coverage, of_kind


@dataclass(frozen=True)
class Span:
    """Rows of a table by columns and their values, and the first and last period that is needed of them."""

    where: dict[str, tuple[str, ...]]
    first: str
    last: str


def spans(office: Configuration, table: str) -> list[Span]:
    """Return what is needed of a table, rows of the same periods together; nothing for positions of a day.

    A series is needed from where its chart begins, or from the first period that a figure compares, to the last one: of
    a table about persons only what figures compare.
    """
    rows = [row for row in coverage(office)[table] if row.get("periods")]
    earliest = min((row["periods"][0] for row in rows), default="")
    needed = []
    for row in rows:
        where = {column: tuple(values) for column, values in row["where"].items()}
        first, last = row["periods"][0], row["periods"][-1]
        if not office.plan.tables[table].is_about_persons:
            first = min(first, _chart_begins(office, row["series"], earliest))
        needed.append(Span(where, first, last))
    return _merged(_merged(needed))  # what was joined by one column may then be by another


def earlier_positions(office: Configuration, table: str) -> list[date]:
    """Return the days up to which an earlier position is compared, in order; nothing for a table of periods."""
    compared = (pair for row in coverage(office).get(table, ()) for pair in row.get("positions", ()))
    days = {date.fromisoformat(day) for pair in compared for name, day in pair if name != "position"}
    return sorted(days)


def _chart_begins(office: Configuration, name: str, earliest: str) -> str:
    """Return the first period of a series' chart: as the plan says, else the earliest that is needed of the table."""
    series, kind = office.plan.series[name], periodicity_of(earliest)
    start = series.limits_from or office.plan.first_fixing_month or earliest
    began = of_kind(series.began, kind) if series.began else ""
    return max(of_kind(start, kind), began)


def _merged(found: Sequence[Span]) -> list[Span]:
    """Join rows of equal periods that differ in the values of one column only; rows that others hold are left out."""
    kept: list[Span] = []
    for span in found:
        for place, other in enumerate(kept):
            same_periods = (span.first, span.last) == (other.first, other.last)
            differing = [column for column in span.where if span.where[column] != other.where.get(column)]
            if same_periods and set(span.where) == set(other.where) and len(differing) <= 1:
                both = {c: tuple(dict.fromkeys((*other.where[c], *span.where[c]))) for c in other.where}
                kept[place] = Span(both, other.first, other.last)
                break
            if same_periods and (not span.where or not other.where):
                kept[place] = Span({}, other.first, other.last)
                break
        else:
            kept.append(span)
    return kept
