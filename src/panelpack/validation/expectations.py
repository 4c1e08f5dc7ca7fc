"""Great Expectations: the only module that imports it, to build expectations and to run them on typed tables.

The import takes seconds, so it is left until there is something to validate.
"""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, NamedTuple

import pandas as pd

from panelpack.heavy_imports import loading, put_off
from panelpack.periods import POINT_WORDS, key_range, periodicity_of
from panelpack.validation.findings import COMPLETE, LAYOUT, Entry, Finding, Outcome, Pieces, Row, Value, cell, named

put_off("altair", "scipy.stats")  # half a second, for charts and for tests of distributions that no suite asks for
with loading():  # no usage statistics leave the office: that is read once, at import
    import great_expectations as gx
    from great_expectations.core import ExpectationSuite
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.exceptions.exceptions import ExpectationNotFoundError
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import BatchExpectation, Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metrics.metric_provider import metric_value
    from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider


class TableFrame(TableMetricProvider):
    """The metric `table.frame`: the whole table as pandas holds it."""

    metric_name = "table.frame"

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, execution_engine: Any, metric_domain_kwargs: Any, **_: Any) -> pd.DataFrame:
        return execution_engine.get_compute_domain(metric_domain_kwargs, domain_type="table")[0]


class FrameExpectation(BatchExpectation, ABC):
    """An expectation of our own: it looks at several rows or columns of a typed table at once.

    A row with an empty cell among those it looks at is left out. A suite knows a class by its name as soon as its
    module is imported.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.frame",)

    @abstractmethod
    def _rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that this expectation looks at."""

    @abstractmethod
    def _findings(self, rows: pd.DataFrame) -> Iterator[Finding]:
        """Yield the violations among these rows."""

    def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        rows = self._rows(metrics["table.frame"])
        violations = tuple(self._findings(rows))
        return {"success": not violations, "result": {"details": {"findings": violations, "checked": len(rows)}}}


def build(entry: Entry) -> Expectation:
    """Return the expectation that an entry describes; ValueError with a sentence if it is none."""
    kwargs = {n: _day(value) if n in entry.days else value for n, value in entry.kwargs.items()}
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Passing a string to the row_condition", DeprecationWarning)
            return ExpectationConfiguration(type=entry.type, kwargs=kwargs, meta=dict(entry.meta)).to_domain_obj()
    except ExpectationNotFoundError:
        raise ValueError(f"{entry.type!r} is not a known expectation. Correct its type.") from None
    except (TypeError, ValueError, KeyError) as error:
        faults = error.errors() if hasattr(error, "errors") else []
        # An argument that may be of several types has a fault a type: the first says enough.
        words = {str(fault["loc"][0]): fault["msg"] for fault in reversed(faults)}
        whole = words.pop("__root__", "")  # said of the arguments together, or because one of them is wrong
        reason = "; ".join(f"{name!r}: {said}" for name, said in reversed(words.items())) or whole or str(error)
        raise ValueError(f"this is not a valid expectation: {reason}. Correct it.") from None


def evaluate(entries: Sequence[Entry], frame: pd.DataFrame) -> list[Outcome]:
    """Run the expectations on a typed table, whose index counts from 0, and return an outcome each, in their order.

    Raise ValueError with a sentence for an entry that is no expectation; one that cannot be evaluated has an error.
    """
    built = [build(entry) for entry in entries]
    for position, expectation in enumerate(built):
        # Results come back grouped by column; the position restores the order.
        expectation.meta = {"position": position}
    if not built:
        return []
    batch = _tables().get_batch({"dataframe": frame})
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "This pattern .* has match groups", UserWarning)  # groups are meant
        suite = ExpectationSuite(name="suite", expectations=built)
        results = batch.validate(suite, result_format={"result_format": "COMPLETE"}).results
    found = {_position(result): result for result in results}
    return [_outcome(entry, found[position], len(frame)) for position, entry in enumerate(entries)]


@cache
def _tables() -> BatchDefinition[Any]:
    """Return the one definition under which every table passes through the one context of the process."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("raw").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("all")


def _position(result: Any) -> int:
    return int(result.expectation_config.meta["position"])


def _outcome(entry: Entry, result: Any, height: int) -> Outcome:
    content = result.result
    details = content.get("details") or {}
    rows = content.get("unexpected_index_list")
    return Outcome(
        entry,
        passed=bool(result.success),
        checked=details.get("checked", content.get("element_count", height)),
        observed=content.get("observed_value"),
        details={name: value for name, value in details.items() if name not in ("findings", "checked")},
        rows=None if rows is None else tuple(int(row) for row in rows),
        findings=details.get("findings"),
        error=_exception(result.exception_info),
    )


def _exception(info: Mapping[str, Any]) -> str:
    """Return the message of the first exception, '' if there is none (`info` is flat or nested)."""
    for entry in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if entry.get("raised_exception"):
            return str(entry["exception_message"]) or "an error without a message"
    return ""


def _day(value: Any) -> Any:
    """Return a day of a suite, or each of a list, as the time that the library compares with."""
    if isinstance(value, list):
        return [_day(one) for one in value]
    return datetime.fromisoformat(value) if isinstance(value, str) else value


class Line(NamedTuple):
    """A row that is a part or a total: its number in the file, its name and its amount."""

    row: int
    name: str
    amount: Decimal


class ExpectColumnNotToExceed(FrameExpectation):
    """In each row the number in `column` is at most the number in `other`."""

    column: str
    other: str

    def _rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame[self.column].notna() & frame[self.other].notna()]

    def _findings(self, rows: pd.DataFrame) -> Iterator[Finding]:
        above = rows[rows[self.column] > rows[self.other]]
        for row, value, limit in zip(above.index, above[self.column], above[self.other], strict=True):
            shown, most = cell(str(exact(value))), cell(str(exact(limit)))
            yield Finding(row, (f"{self.column} ", shown, f" is more than {self.other} ", most))


class PartsExpectation(FrameExpectation, ABC):
    """Rows that `key` names as `parts`, against the row it names as their `total`, in each group of `by`."""

    by: list[str]
    key: str
    value: str
    total: str
    parts: list[str]

    def _rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[self._concerned(frame) & frame[self.value].notna()]

    def _concerned(self, frame: pd.DataFrame) -> pd.Series:
        return frame[self.key].isin([self.total, *self.parts])

    def _groups(self, rows: pd.DataFrame) -> dict[tuple[str, ...], list[Line]]:
        """Return the lines of each group, which goes by its columns' values as text."""
        groups: dict[tuple[str, ...], list[Line]] = {}
        cells = zip(rows.index, rows[self.key], rows[self.value].map(exact), strict=True)
        for group, line in zip(_texts(rows[self.by]), cells, strict=True):
            groups.setdefault(group, []).append(Line(*line))
        return groups

    def _sums(self, groups: Mapping[tuple[str, ...], list[Line]]) -> Iterator[tuple[int, Pieces, Decimal, Decimal]]:
        """Yield for each group with a total: its total's row, its name, the parts' sum, the total."""
        for group, lines in groups.items():
            total = next((line for line in lines if line.name == self.total), None)
            if total:
                parts = sum((line.amount for line in lines if line.name in self.parts), Decimal(0))
                yield total.row, named(self.by, group), parts, total.amount


class ExpectPartsNotToExceedTotal(PartsExpectation):
    """The parts, which do not overlap, add up to at most their total; a group without one is skipped."""

    def _findings(self, rows: pd.DataFrame) -> Iterator[Finding]:
        for row, group, parts, total in self._sums(self._groups(rows)):
            if parts > total:
                words = (f": the parts of {self.total!r} add up to ", Value(str(parts)), ", more than its ")
                yield Finding(row, (*group, *words, Value(str(total))))


class ExpectLinesToAddUp(PartsExpectation):
    """The lines of an account add up to their total exactly, in decimal arithmetic, and none is missing."""

    def _rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        # Groups in which every line has its number: a sum without one of its lines says nothing.
        lines = frame[self._concerned(frame)]
        by = [lines[column] for column in self.by]
        return lines[lines[self.value].notna().groupby(by, dropna=False).transform("all").astype(bool)]

    def _findings(self, rows: pd.DataFrame) -> Iterator[Finding]:
        groups = self._groups(rows)
        for group, lines in list(groups.items()):
            present = {line.name for line in lines}
            if absent := [name for name in (self.total, *self.parts) if name not in present]:
                del groups[group]
                missing = f": {self.key} {', '.join(map(repr, absent))} is missing"
                yield Finding(lines[0].row, (*named(self.by, group), missing))
        for row, name, parts, total in self._sums(groups):
            if parts != total:
                words = (f": {' + '.join(self.parts)} = ", Value(str(parts)), f", not {self.total} = ")
                yield Finding(row, (*name, *words, Value(str(total))))


def exact(number: float) -> Decimal:
    """Return a typed number as the decimal that was written: a whole one without a point."""
    return Decimal(str(int(number))) if number == int(number) else Decimal(str(number))


def _texts(frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Yield each row's cells as text; a day without its time."""
    days = {name: cells.dt.strftime("%Y-%m-%d") for name, cells in frame.select_dtypes("datetime").items()}
    for row in frame.assign(**days).itertuples(index=False, name=None):
        yield tuple("" if pd.isna(cell) else cell if isinstance(cell, str) else str(exact(cell)) for cell in row)


class ExpectSeriesToBeComplete(FrameExpectation):
    """Every series has a row in each period it needs, and no gap between its first and its last period.

    `coverage` lists {"series": name, "column": the period's column, "where": {column: [values]},
    "periods": [those needed], "since": the first that is supplied or None, "until": the last that can be}. A series
    with gaps is one finding: the first missing period and their number. Of positions it lists {"series", "column",
    "where", "positions": comparisons, each [name of the period, the day that its date may not be later than] a side,
    "since": the first month in which the latest may lie or None}; a date counts where every line of it is there.
    """

    coverage: list[Any]

    def _rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame

    def _findings(self, rows: pd.DataFrame) -> Iterator[Finding]:
        for series in self.coverage:
            column, where = series["column"], series["where"]
            if "positions" in series:
                yield from _position_findings(rows, series)
                continue
            picked = _periods(rows[column].dropna())
            picked = picked[picked <= series["until"]]  # what is dated later has a finding of its own
            for name, values in where.items():
                picked = picked[rows.loc[picked.index, name].isin(values)]
            until, name = series["until"], series["series"]
            if later := [period for period in series["periods"] if period > until]:
                words = f"{later[-1]!r}, which a figure of series {name!r} needs, is not over by the quarter's end"
                yield Finding(None, (words,), "Compare a period in params/plan.yml that is.")
            needed = [period for period in series["periods"] if period <= until]
            if missing := missing_periods(picked, needed, series["since"]):
                words, advice = _missing_words(column, where, name, missing), COMPLETE
                if missing[0] == series["since"]:
                    words += f"; the plan has it supplied since {missing[0]}"
                    advice = f"{COMPLETE[:-1]}, or correct `supplied_since` in params/plan.yml."
                elif series.get("lag") is not None:
                    words += f"; its latest may lie at most {series['lag']} months before the quarter's end"
                    advice = f"{COMPLETE[:-1]}, or correct `lag_months` in params/plan.yml."
                if unread := series.get("unread"):
                    advice = f"See {unread}; if that is not it, {advice[0].lower()}{advice[1:]}"
                yield Finding(None, (words,), advice)


class ExpectNoPeriodAfter(FrameExpectation):
    """No period of `column` lies after the period `last`, of the same kind; a date counts as its month."""

    column: str
    last: str

    def _rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame[self.column].notna()]

    def _findings(self, rows: pd.DataFrame) -> Iterator[Finding]:
        cells = rows[self.column]
        later = cells[_periods(cells) > self.last]
        if len(later):
            first = cell(next(_texts(later.to_frame()))[0])
            advice = f"If the supplier's releases reach further, say `later: unread` {LAYOUT}."
            dated = "1 row is" if len(later) == 1 else f"{len(later)} rows are"
            first_of = ": in " if len(later) == 1 else ", the first in "
            kind = periodicity_of(self.last)
            ends = (
                "which ends with" if kind in ("month", "quarter") else f"by whose end the last {POINT_WORDS[kind]} was"
            )
            words = f"{dated} dated after the quarter, {ends} {self.last}{first_of}"
            pieces = (words, Row(int(later.index[0])), f": {self.column} ", first)
            yield Finding(None, pieces, advice, len(later))


def _periods(cells: pd.Series) -> pd.Series:
    """Return periods as they are, of days their months."""
    return cells.dt.strftime("%Y-%m") if pd.api.types.is_datetime64_any_dtype(cells) else cells


def missing_periods(found: Iterable[str], needed: Collection[str], since: str | None) -> list[str]:
    """Return in order the periods not found that are needed or lie between the first and the last.

    Of a series supplied `since` a period, the first is that; of another, it is the first found.
    """
    there = set(found)
    ends = {*there, *needed, since} if since else there
    between = key_range(min(ends), max(ends)) if ends else ()
    return sorted({*needed, *between} - there)


def _position_findings(rows: pd.DataFrame, series: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield which positions of a series are not there."""
    column, where = series["column"], series["where"]
    picked = rows[rows[column].notna()]
    for name, values in where.items():
        picked = picked[picked[name].isin(values)]
    days = picked[column].dt.strftime("%Y-%m-%d")
    for name, values in where.items():
        days = days[picked.loc[days.index, name].groupby(days).transform("nunique") == len(values)]
    there, scope = sorted(days.unique()), _scope(where)
    told = set()
    for pair in series["positions"]:
        found = [(name, until, max((day for day in there if day <= until), default="")) for name, until in pair]
        for name, until, day in found:
            if not day and name not in told:
                told.add(name)
                words = (
                    f"no {column} up to {until}{scope} (series {series['series']!r}), which the period {name!r} needs"
                )
                yield Finding(None, (words,), COMPLETE)
    first = series["since"]
    if there and first and there[-1][:7] < first:
        words = f"the latest {column}{scope} is {there[-1]} (series {series['series']!r}), expected {first} or later"
        yield Finding(None, (words,), f"{COMPLETE[:-1]}, or correct `lag_months` in params/plan.yml.")


def _missing_words(column: str, where: Mapping[str, Any], series: str, missing: Sequence[str]) -> str:
    kind = POINT_WORDS[periodicity_of(missing[0])]
    count = f"1 {kind} is" if len(missing) == 1 else f"{len(missing)} {kind}s are"
    return f"{column} {missing[0]!r} is missing{_scope(where)} (series {series!r}); {count} missing in all"


def _scope(where: Mapping[str, Any]) -> str:
    """Return which rows are meant: " for force 'North'", '' for all."""
    picks = ", ".join(f"{name} {' or '.join(map(repr, values))}" for name, values in where.items())
    return f" for {picks}" if picks else ""
