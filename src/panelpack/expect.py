"""Great Expectations: the only module that imports it, to build the expectations of a suite and to run them.

The import takes seconds, so it is left until there is something to validate.
"""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import ClassVar

import pandas as pd

from panelpack import lean
from panelpack.findings import Finding, Outcome

with lean.loading():  # no usage statistics leave the office: that is read once, at import
    import great_expectations as gx
    from great_expectations.core import ExpectationSuite
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.core.suite_parameters import SuiteParameterDict
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.exceptions import ExpectationNotFoundError
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import BatchExpectation, Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metrics.metric_provider import metric_value
    from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

GivenAtRunTime = SuiteParameterDict  # the type of what a suite asks for with {"$PARAMETER": name}


class TableFrame(TableMetricProvider):
    """The metric `table.frame`: the whole table as pandas holds it."""

    metric_name = "table.frame"

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, execution_engine, metric_domain_kwargs, **_):
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

    def _validate(self, metrics, runtime_configuration=None, execution_engine=None):
        rows = self._readable(metrics["table.frame"])
        found = tuple(self._findings(rows))
        return {"success": not found, "result": {"details": {"findings": found, "checked": len(rows)}}}


def build(entry: Mapping) -> Expectation:
    """Return the expectation that an entry of a suite describes; ValueError with a sentence if it is none."""
    try:
        return ExpectationConfiguration(**entry).to_domain_obj()
    except ExpectationNotFoundError:
        raise ValueError(f"{entry['type']!r} is not a known expectation. Correct its type.") from None
    except (TypeError, ValueError) as error:
        faults = error.errors() if hasattr(error, "errors") else []
        reason = "; ".join(f"{fault['loc'][0]!r}: {fault['msg']}" for fault in faults) or str(error)
        raise ValueError(f"this is not a valid expectation: {reason}. Correct it.") from None


def evaluate(expectations: Sequence[Expectation], frame: pd.DataFrame, parameters: Mapping) -> list[Outcome]:
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
def _tables() -> BatchDefinition:
    """Return the one definition under which every table passes through the one context of the process."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("raw").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("all")


def _position(result) -> int:
    return result.expectation_config.meta["position"]


def _outcome(result, height: int) -> Outcome:
    config, found = result.expectation_config, result.result
    if error := _exception(result.exception_info):
        raise ValueError(f"{config.type} cannot be evaluated: {error.rstrip('.')}. Correct its kwargs.")
    details = found.get("details") or {}
    rows = found.get("unexpected_index_list")
    return Outcome(
        expectation=config.type,
        kwargs={name: value for name, value in config.kwargs.items() if name != "batch_id"},
        meta=config.meta,
        passed=bool(result.success),
        checked=details.get("checked", found.get("element_count", height)),
        observed=found.get("observed_value"),
        rows=None if rows is None else tuple(int(row) for row in rows),
        findings=details.get("findings"),
    )


def _exception(info: Mapping) -> str:
    """Return the message of the first exception, '' if there is none (`info` is flat or nested)."""
    for one in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if one.get("raised_exception"):
            return one["exception_message"]
    return ""
