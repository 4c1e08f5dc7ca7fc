"""Doing at the end of validation what the notebooks will do, so that nothing in the data can stop them later."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from panelpack.config.configuration import Configuration
from panelpack.config.plan import Indicator, Measure
from panelpack.disclosure.restated import restated_figures
from panelpack.errors import PanelPackError
from panelpack.indicators.comparisons import compare_together
from panelpack.indicators.compute import compute
from panelpack.indicators.quarter_data import QuarterData, data_of_raw_files
from panelpack.intake.unfit import OF_DATA

Made = TypeVar("Made")


def find_failures(office: Configuration) -> list[str]:
    """Return a sentence for each thing that cannot be made of a quarter's data; none where every notebook can run.

    Everything is tried: each series, each chart, each comparison, what was restated. Files that did not pass are not
    tried: call this when validation has passed.
    """
    found: list[str] = []
    data = _tried(lambda: data_of_raw_files(office), "the series", found)
    _tried(lambda: restated_figures(office), "what was restated since the quarter before", found)
    if data is None:
        return found
    for name, attempt in _attempts(data):
        _tried(attempt, name, found)
    if not found:
        _tried(lambda: compare_together(data), "the comparisons", found)
    return list(dict.fromkeys(found))


def _attempts(data: QuarterData) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield each chart and each figure, by the name that a message gives it."""
    for name, spec in data.plan.series.items():
        if name in data.points and data.office.periodicity(name) != "date" and not spec.form.labels:
            yield f"the control chart of series {name!r}", partial(data.control_chart, name)
    for box in data.plan.priorities:
        for figure in box.figures:
            yield f"the figure {figure.id}", partial(_made, figure, box.id, data)


def _made(figure: Indicator | Measure, priority: str, data: QuarterData) -> None:
    """Compute a figure; where a projection decides its verdict, make those of its page too."""
    result = compute(figure, priority, data, {})
    if result.projected is not None and figure.series and figure.projection_year:
        data.projections(figure.series, figure.projection_year)


def _tried(attempt: Callable[[], Made], what: str, found: list[str]) -> Made | None:
    """Return what an attempt makes, or None, with a sentence added to `found`, where the data do not allow it."""
    try:
        return attempt()
    except PanelPackError as error:
        found.append(str(error))
    except OF_DATA as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        found.append(
            f"params/plan.yml: {what} cannot be made of these data ({reason}). Look at the figures that it reads."
        )
    return None
