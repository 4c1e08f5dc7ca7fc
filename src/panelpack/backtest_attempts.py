"""Every year that could be forecast from every quarter: what was known, what came, and the middles of the methods."""

from itertools import pairwise

import numpy as np
import pandas as pd

from panelpack import forecast_models, forecasts
from panelpack.backtest_split import Split
from panelpack.errors import SourceError
from panelpack.forecasts import SEASON
from panelpack.offence_series import Break
from panelpack.quarters import Quarter

HORIZONS = {0: "this_year", 1: "next_year", 2: "year_after_next"}
LEANS_ON = 2 * SEASON  # quarters before the origin that a growth is taken from


def attempts(counts: pd.DataFrame, split: Split, breaks: tuple[Break, ...] = ()) -> pd.DataFrame:
    """Return a row for every force, series, origin and year that can be forecast and is complete in the data.

    With the year's actual total, the latest 12 months, the scale of MASE, whether the forecast crosses a break of its
    series, and the middle of each method that learns its interval. It starts after one year of history, because such
    early forecasts are what the first scored ones learn from.
    """
    _check(counts, split)
    first_of = {one.series: one.first for one in breaks}
    wanted = [column for column in counts if column[1] in (*split.choose, *split.hold_out)]
    rows = (
        _attempt(counts.index, counts[column].to_numpy(float), column, place, years_ahead, first_of.get(column[0]))
        for column in wanted
        for place in range(SEASON - 1, len(counts))
        for years_ahead in HORIZONS
    )
    return pd.DataFrame(row for row in rows if row is not None)


def _check(counts: pd.DataFrame, split: Split) -> None:
    labels = [Quarter.parse(label) for label in counts.index]
    for before, after in pairwise(labels):
        if after != before.shift(1):
            raise SourceError(
                f"the table of recorded crime: {after} follows {before}, expected {before.shift(1)}. "
                "Give a table without gaps."
            )
    absent = sorted({*split.choose, *split.hold_out} - set(counts.columns.get_level_values("force")))
    if absent:
        raise SourceError(
            f"the table of recorded crime: {absent[0]!r} is not in every quarter, expected each force of the split. "
            "Correct the split or give a table that has it."
        )


def _attempt(
    index: pd.Index, series: np.ndarray, column: tuple[str, str], place: int, years_ahead: int, broken: str | None
) -> dict | None:
    origin = Quarter.parse(index[place])
    end = place + SEASON * (years_ahead + 1) - origin.number
    if end >= len(series) or end == place or end < SEASON - 1:
        return None
    past = series[: place + 1]
    actual = float(series[end - SEASON + 1 : end + 1].sum())
    middles = {name: middle(past, origin.number, years_ahead) for name, middle in forecast_models.MIDDLES.items()}
    crosses = broken is not None and index[max(0, place - LEANS_ON + 1)] < broken <= index[end]
    return {
        "series": column[0],
        "force": column[1],
        "origin": index[place],
        "place": place,
        "number": origin.number,
        "years_ahead": years_ahead,
        "year": origin.year + years_ahead,
        "end": end,
        "already": forecasts.known(past, origin.number, years_ahead),
        "actual": actual,
        "latest": float(past[-SEASON:].sum()),
        "scale": _mase_scale(past, origin.number, years_ahead),
        "crosses": crosses,
        **middles,
    }


def _mase_scale(past: np.ndarray, number: int, years_ahead: int) -> float:
    """Return the in-sample mean absolute difference of quarters a year apart, times the quarters to forecast."""
    differences = np.abs(past[SEASON:] - past[:-SEASON])
    return float(differences.mean()) * len(forecasts.steps(number, years_ahead)) if len(differences) else np.nan


def known_errors(tried: pd.DataFrame, place: int, years_ahead: int, force: str, split: Split) -> pd.DataFrame:
    """Return the attempts that a forecast made at `place` for a force may learn from.

    Of the choosing forces without the force itself; as many years ahead; of years complete at the origin (whose last
    quarter is not after it); none across a break.
    """
    return tried[
        (tried["years_ahead"] == years_ahead)
        & (tried["end"] <= place)
        & tried["force"].isin(set(split.choose) - {force})
        & ~tried["crosses"]
    ]
