"""The points of a series as a chart draws them."""

import pandas as pd

from panelpack.periods import Quarter, key_range, latest_keys


def up_to(points: pd.DataFrame, quarter: Quarter, periodicity: str) -> pd.DataFrame:
    """Return the points of a series of months or quarters up to the end of the reported quarter."""
    return points[points["period"] <= latest_keys(quarter, periodicity)[-1]]


def charted(points: pd.DataFrame, kind: str | None = None) -> pd.Series:
    """Return what a chart draws of a series: its values, or values over their base, indexed by period.

    A period in which nobody was asked has no percentage and is left out. kind: as for `period_total`.
    """
    indexed = points[points["base"] != 0].set_index("period")
    if indexed["base"].isna().all():
        return indexed["value"].astype(float)
    return (100 if kind in (None, "share") else 1) * indexed["value"] / indexed["base"]


def continuous(points: pd.DataFrame, kind: str | None = None) -> pd.Series:
    """Return what a chart draws of a series, a missing value for each period between its ends that has none."""
    values = charted(points, kind)
    return values if values.empty else values.reindex(key_range(values.index[0], values.index[-1]))
