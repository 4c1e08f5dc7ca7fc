"""Targets of the plan that are in another unit than their series, or powers of ten away from it."""

from collections.abc import Iterator, Mapping

import numpy as np

from panelpack.config.configuration import Configuration
from panelpack.config.series import Series
from panelpack.formats import number
from panelpack.plausibility.history import History
from panelpack.plausibility.query import Query

FAR = 8  # times: a target is a stretch, but not of nearly a power of ten


def odd_targets(office: Configuration, histories: Mapping[str, History]) -> Iterator[Query]:
    """Yield the series whose target no point could reach, or none is anywhere near."""
    for name, spec in office.plan.series.items():
        history = histories.get(spec.table)
        if spec.target is None or history is None:
            continue
        shown = f"{spec.target:,g}"
        if spec.kind == "share" and not 1 < spec.target <= 100 and spec.target != 0:
            unit = "of a proportion" if 0 < spec.target <= 1 else "beyond 100%"
            words = f"The target of {name} is {shown}, {unit}; its points are percentages, from 0 to 100."
            yield Query(spec.table, "target", "", name, words)
            continue
        points = _points(office, spec, history)
        points = points[points > 0]
        if spec.kind == "share" or spec.base is not None or spec.target <= 0 or len(points) == 0:
            continue
        low, high = float(points.min()), float(points.max())
        if spec.target > FAR * high or spec.target < low / FAR:
            found = "" if history.is_quiet else f" ({number(low)} to {number(high)})"
            words = f"The target of {name} is {shown}, powers of ten away from all points of the series{found}."
            yield Query(spec.table, "target", "", name, words)


def _points(office: Configuration, spec: Series, history: History) -> np.ndarray:
    """Return what a series adds up in each period; nothing of one that counts rows or people."""
    panel = history.panel
    column = spec.value if isinstance(spec.value, str) else spec.value.column if spec.value.how == "sum" else None
    if column not in panel.columns:
        return np.array([])
    chosen = office.categories(spec)
    places = {panel.row_columns.index(name): allowed for name, allowed in chosen.items() if name in panel.row_columns}
    picked = [all(row[place] in allowed for place, allowed in places.items()) for row in panel.rows]
    values = history.known[panel.columns.index(column)][picked]
    there = np.isfinite(values).any(axis=0)
    points = np.nansum(values, axis=0)[there]
    return np.asarray(points * (3 if spec.by == "quarter" and panel.kind == "month" else 1))
