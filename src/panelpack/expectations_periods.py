"""Expectations of periods: no series has a gap, and nothing lies after the quarter."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from panelpack.expect import FrameExpectation, GivenAtRunTime
from panelpack.findings import Finding, cell
from panelpack.quarters import Quarter, shift_month

PERIOD = re.compile(r"(?P<quarter>[0-9]{4}Q[1-4])|(?P<month>[0-9]{4}-(?:0[1-9]|1[0-2]))(?:-[0-9]{2})?")


class ExpectSeriesToBeComplete(FrameExpectation):
    """Every series has a row in each period it needs, and no gap between its first and its last period.

    `coverage` lists {"series": name, "column": the period's column, "where": {column: [values]},
    "periods": [those needed]}. A series with gaps is one finding: the first missing period and their number.
    """

    coverage: list | GivenAtRunTime

    def _findings(self, rows):
        for series in self.coverage:
            column, where = series["column"], series["where"]
            picked = rows[column]
            for name, values in where.items():
                picked = picked[rows.loc[picked.index, name].isin(values)]
            if missing := missing_periods(picked, series["periods"]):
                yield Finding(None, (_missing_words(column, where, series["series"], missing),))


class ExpectNoPeriodAfter(FrameExpectation):
    """No month, quarter or date of `column` lies after the period `last`; a date counts as its month."""

    column: str
    last: str | GivenAtRunTime

    def _readable(self, frame):
        # A month cannot be compared with a quarter; their texts differ in length.
        return frame[frame[self.column].map(read_period).str.len() == len(self.last)]

    def _findings(self, rows):
        for row, text in rows[self.column].items():
            if read_period(text) > self.last:
                pieces = (f"{self.column} ", cell(text), f" is after {self.last!r}, the last expected")
                yield Finding(row, pieces)


def read_period(text: str) -> str:
    """Return the month or quarter that a text names; a date's month; '' for anything else."""
    match = PERIOD.fullmatch(text)
    return (match["quarter"] or match["month"]) if match else ""


def missing_periods(found: Iterable[str], needed: Collection[str]) -> list[str]:
    """Return in order the periods not found that are needed or lie between the first and the last found.

    A text that is no period, or a month among quarters, counts as not found.
    """
    readable = [period for text in found if (period := read_period(text))]
    kind = len(next(iter([*needed, *readable]), ""))
    there = {period for period in readable if len(period) == kind}
    between = _span(min(there), max(there)) if there else ()
    return sorted({*needed, *between} - there)


def _span(first: str, last: str) -> list[str]:
    span = [first]
    while span[-1] < last:
        span.append(str(Quarter.parse(span[-1]).shift(1)) if "Q" in first else shift_month(span[-1], 1))
    return span


def _missing_words(column: str, where: Mapping, series: str, missing: Sequence[str]) -> str:
    picks = ", ".join(f"{name} {' or '.join(map(repr, values))}" for name, values in where.items())
    kind = "quarter" if "Q" in missing[0] else "month"
    count = f"1 {kind} is" if len(missing) == 1 else f"{len(missing)} {kind}s are"
    scope = f" for {picks}" if picks else ""
    return f"{column} {missing[0]!r} is missing{scope} (series {series!r}); {count} missing in all"
