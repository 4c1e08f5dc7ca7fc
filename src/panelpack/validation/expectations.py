"""Great Expectations: the only module that imports it, to build the expectations of a suite and to run them.

The import takes seconds, so it is left until there is something to validate.
"""

import re
import warnings
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, NamedTuple

import pandas as pd

from panelpack.heavy_imports import loading
from panelpack.periods import Quarter, shift_month
from panelpack.validation.findings import ExpectationResult, Finding, Pieces, Value, cell, named

with loading():  # no usage statistics leave the office: that is read once, at import
    import great_expectations as gx
    from great_expectations.core import ExpectationSuite
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.core.suite_parameters import SuiteParameterDict
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.exceptions.exceptions import ExpectationNotFoundError
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import BatchExpectation, Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metrics.metric_provider import metric_value
    from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

DECIMAL_TEXT = r"-?[0-9]+(?:\.[0-9]+)?"
PERIOD_TEXT = re.compile(r"(?P<quarter>[0-9]{4}Q[1-4])|(?P<month>[0-9]{4}-(?:0[1-9]|1[0-2]))(?:-[0-9]{2})?")
GivenAtRunTime = SuiteParameterDict[Any, Any]  # the type of what a suite asks for with {"$PARAMETER": name}


class TableFrame(TableMetricProvider):
    """The metric `table.frame`: the whole table as pandas holds it."""

    metric_name = "table.frame"

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, execution_engine: Any, metric_domain_kwargs: Any, **_: Any) -> pd.DataFrame:
        return execution_engine.get_compute_domain(metric_domain_kwargs, domain_type="table")[0]


class FrameExpectation(BatchExpectation, ABC):
    """An expectation of our own: it looks at several rows or columns of a text table at once.

    It reads the supplier's text and converts it itself. A row whose text cannot be read is left out, because the
    format checks report it: one bad cell is one violation. A suite knows a class by its name as soon as its module
    is imported.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.frame",)

    def _readable(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows whose text this expectation can read."""
        return frame

    @abstractmethod
    def _findings(self, rows: pd.DataFrame) -> Iterator[Finding]:
        """Yield the violations among the readable rows."""

    def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        rows = self._readable(metrics["table.frame"])
        violations = tuple(self._findings(rows))
        return {"success": not violations, "result": {"details": {"findings": violations, "checked": len(rows)}}}


def build(entry: Mapping[str, Any]) -> Expectation:
    """Return the expectation that an entry of a suite describes; ValueError with a sentence if it is none."""
    try:
        return ExpectationConfiguration(**entry).to_domain_obj()
    except ExpectationNotFoundError:
        raise ValueError(f"{entry['type']!r} is not a known expectation. Correct its type.") from None
    except (TypeError, ValueError) as error:
        faults = error.errors() if hasattr(error, "errors") else []
        reason = "; ".join(f"{fault['loc'][0]!r}: {fault['msg']}" for fault in faults) or str(error)
        raise ValueError(f"this is not a valid expectation: {reason}. Correct it.") from None


def evaluate(
    expectations: Sequence[Expectation], frame: pd.DataFrame, parameters: Mapping[str, Any]
) -> list[ExpectationResult]:
    """Run the expectations on a table of text and return an outcome each, in their order.

    Raise ValueError with a sentence if one of them cannot be evaluated at all.
    """
    suite = ExpectationSuite(name="suite", expectations=list(expectations))
    for position, expectation in enumerate(suite.expectations):
        # Results come back grouped by column; the position restores the order of the suite.
        expectation.meta = {**(expectation.meta or {}), "position": position}
    batch = _tables().get_batch({"dataframe": frame})
    options = {"result_format": {"result_format": "COMPLETE"}, "expectation_parameters": dict(parameters)}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "This pattern .* has match groups", UserWarning)  # groups are meant
        results = batch.validate(suite, **options).results
    return [_outcome(result, len(frame)) for result in sorted(results, key=_position)]


@cache
def _tables() -> BatchDefinition[Any]:
    """Return the one definition under which every table passes through the one context of the process."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("raw").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("all")


def _position(result: Any) -> int:
    return int(result.expectation_config.meta["position"])


def _outcome(result: Any, height: int) -> ExpectationResult:
    config, content = result.expectation_config, result.result
    if error := _exception(result.exception_info):
        raise ValueError(f"{config.type} cannot be evaluated: {error.rstrip('.')}. Correct its kwargs.")
    details = content.get("details") or {}
    rows = content.get("unexpected_index_list")
    return ExpectationResult(
        expectation=config.type,
        kwargs={name: value for name, value in config.kwargs.items() if name != "batch_id"},
        meta=config.meta,
        passed=bool(result.success),
        checked=details.get("checked", content.get("element_count", height)),
        observed=content.get("observed_value"),
        rows=None if rows is None else tuple(int(row) for row in rows),
        findings=details.get("findings"),
    )


def _exception(info: Mapping[str, Any]) -> str:
    """Return the message of the first exception, '' if there is none (`info` is flat or nested)."""
    for entry in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if entry.get("raised_exception"):
            return str(entry["exception_message"])
    return ""


class Line(NamedTuple):
    """A row that is a part or a total: its number in the file, its name and its amount."""

    row: int
    name: str
    amount: Decimal


class ExpectColumnNotToExceed(FrameExpectation):
    """In each row the number in `column` is at most the number in `other`."""

    column: str
    other: str

    def _readable(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[_is_number(frame[self.column]) & _is_number(frame[self.other])]

    def _findings(self, rows: pd.DataFrame) -> Iterator[Finding]:
        for row, value, limit in zip(rows.index, rows[self.column], rows[self.other], strict=True):
            if Decimal(value) > Decimal(limit):
                pieces = (f"{self.column} ", cell(value), f" is more than {self.other} ", cell(limit))
                yield Finding(row, pieces)


class PartsExpectation(FrameExpectation, ABC):
    """Rows that `key` names as `parts`, against the row it names as their `total`, in each group of `by`."""

    by: list[str]
    key: str
    value: str
    total: str
    parts: list[str]

    def _readable(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[self._concerned(frame) & _is_number(frame[self.value])]

    def _concerned(self, frame: pd.DataFrame) -> pd.Series:
        return frame[self.key].isin([self.total, *self.parts])

    def _groups(self, rows: pd.DataFrame) -> dict[tuple[str, ...], list[Line]]:
        groups: dict[tuple[str, ...], list[Line]] = {}
        cells = zip(rows.index, rows[self.key], rows[self.value].map(Decimal), strict=True)
        for group, line in zip(rows[self.by].itertuples(index=False, name=None), cells, strict=True):
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

    def _readable(self, frame: pd.DataFrame) -> pd.DataFrame:
        # Groups in which every line is a number: a sum without one of its lines says nothing.
        lines = frame[self._concerned(frame)]
        sound = _is_number(lines[self.value])
        return lines[sound.groupby([lines[column] for column in self.by]).transform("all").astype(bool)]

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


def _is_number(cells: pd.Series) -> pd.Series:
    return cells.str.fullmatch(DECIMAL_TEXT)


class ExpectSeriesToBeComplete(FrameExpectation):
    """Every series has a row in each period it needs, and no gap between its first and its last period.

    `coverage` lists {"series": name, "column": the period's column, "where": {column: [values]},
    "periods": [those needed]}. A series with gaps is one finding: the first missing period and their number.
    """

    coverage: list[Any] | GivenAtRunTime

    def _findings(self, rows: pd.DataFrame) -> Iterator[Finding]:
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

    def _readable(self, frame: pd.DataFrame) -> pd.DataFrame:
        # A month cannot be compared with a quarter; their texts differ in length.
        return frame[frame[self.column].map(read_period).str.len() == len(self.last)]

    def _findings(self, rows: pd.DataFrame) -> Iterator[Finding]:
        for row, text in rows[self.column].items():
            if read_period(text) > str(self.last):
                pieces = (f"{self.column} ", cell(text), f" is after {self.last!r}, the last expected")
                yield Finding(row, pieces)


def read_period(text: str) -> str:
    """Return the month or quarter that a text names; a date's month; '' for anything else."""
    match = PERIOD_TEXT.fullmatch(text)
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


def _missing_words(column: str, where: Mapping[str, Any], series: str, missing: Sequence[str]) -> str:
    picks = ", ".join(f"{name} {' or '.join(map(repr, values))}" for name, values in where.items())
    kind = "quarter" if "Q" in missing[0] else "month"
    count = f"1 {kind} is" if len(missing) == 1 else f"{len(missing)} {kind}s are"
    scope = f" for {picks}" if picks else ""
    return f"{column} {missing[0]!r} is missing{scope} (series {series!r}); {count} missing in all"
