"""Control charts of the series: which points are drawn, which of them fix the limits, and what follows of a chart."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panelpack.config.series import Series
from panelpack.errors import ConfigurationError
from panelpack.indicators import series
from panelpack.periods import MONTHS_IN, Quarter, key_of, latest_keys, months_of, periodicity_of
from panelpack.statistics import limits, seasonality, spc

PLACES = {grain: 12 // months for grain, months in MONTHS_IN.items()}  # points in a year
WINDOW = {"month": 24, "quarter": 12}  # points that fix the limits of a chart, its first; slower points fix none
SLOWEST = "financial_year"  # what stands for the points of a series of which none is shown
SLOW = "slow"  # why a chart of halves or years has no limits: the dozen points that they need would be a decade's
AFTER_REBASE = limits.MINIMUM_POINTS  # points that fix new limits: as few as can, so that a rebase soon has them


def draw_up(
    points: pd.DataFrame,
    quarter: Quarter,
    periodicity: str,
    spec: Series,
    polarity: str,
    limits_from: str | None = None,
) -> pd.DataFrame:
    """Return a series' control chart: a row a point from the first to the last, gaps as missing values.

    It goes no further than the reported quarter: later points say nothing of it. periodicity: what the points are of
    (QuarterData.grain); '' where none may be shown: then no row is there. Season, mean and limits come from the points
    that fix them (see `fixing_points`); `limits_from` is the plan's, a month. Halves and years are drawn as a line,
    without season or limits, and no_limits is SLOW. Limits make no assumption of a distribution but for shares with
    their answers, whose charts are p' charts; what else a kind may be bounds them (see `bounds`).

    Columns: those of spc.xmr, where `value` is without the season if there is evidence of one; recorded (as supplied),
    base (answers), adjusted (whether the season was taken out), factor, knows_season (whether the factors come from the
    point); sample_ratio (see limits.sample_ratio; NaN of counts), period, and latest (of the reported quarter). Where
    that ratio is below limits.SMOOTHEST, no_limits is 'smoothed' and there are none.

    Raises ConfigurationError where the plan starts new limits at a period, or ends them with one, that is not there.
    """
    drawn = series.up_to(points, quarter, periodicity) if periodicity else points
    values = series.continuous(drawn, spec.kind)
    keys, recorded = list(values.index), values.to_numpy(dtype=float)
    base = drawn.set_index("period")["base"].reindex(values.index).to_numpy(dtype=float)
    starts, fixes = [0], np.full(len(keys), False)
    if keys and periodicity in WINDOW:
        starts, fixes = fixing_points(keys, periodicity, spec, limits_from)
    bases = None if np.isnan(base).all() or spec.kind != "share" else base
    least, most = bounds(spec.kind)
    grain = periodicity or SLOWEST
    table = chart(recorded, bases, grain, starts, fixes, target=spec.target, polarity=polarity, least=least, most=most)
    return table.assign(base=base, period=keys, latest=np.isin(keys, latest_keys(quarter, grain)))


def chart(
    recorded: NDArray[np.float64],
    bases: NDArray[np.float64] | None,
    grain: str,
    starts: Sequence[int],
    fixes: NDArray[np.bool_],
    *,
    target: float | None = None,
    polarity: str | None = None,
    least: float = 0,
    most: float = np.inf,
) -> pd.DataFrame:
    """Return the control chart of recorded values, its season taken out: the columns of `draw_up` that are numbers.

    `bases`: the answers of each percentage, None of counts. `starts` and `fixes` as `fixing_points` returns them.
    `least`, `most`: what a value can be; a limit is not beyond it.
    """
    is_slow = grain not in WINDOW
    knows_season = np.full(len(recorded), False)
    if is_slow:
        season = pd.DataFrame({"value": recorded, "factor": 1.0, "adjusted": False})
    else:
        knows_season = _knows_season(recorded, fixes, starts, PLACES[grain])
        season = seasonality.adjust(recorded, PLACES[grain], knows_season)
    ratio = np.nan if bases is None else limits.sample_ratio(recorded, bases)
    is_smoothed = bool(ratio < limits.SMOOTHEST) and np.isfinite(recorded).sum() >= limits.MINIMUM_POINTS
    table = spc.xmr(
        season["value"].clip(upper=most if bases is None else 100),
        bases=bases,
        least=least,
        most=most,
        fixes=fixes & (not is_smoothed),
        steady=True,
        rebase=starts[1:],
        season=season["factor"],
        target=target,
        polarity=polarity,
    )
    if is_smoothed or is_slow:
        table["no_limits"] = SLOW if is_slow else "smoothed"
    return table.assign(
        recorded=recorded,
        adjusted=season["adjusted"],
        factor=season["factor"],
        knows_season=knows_season,
        sample_ratio=ratio,
    )


def bounds(kind: str) -> tuple[float, float]:
    """Return the least and the most that a value of a kind can be: money and scores may be below 0."""
    least = -np.inf if kind in ("money", "index") else 0
    return least, 100 if kind == "share" else np.inf


def fixing_points(
    keys: Sequence[str], grain: str, spec: Series, limits_from: str | None = None
) -> tuple[list[int], NDArray[np.bool_]]:
    """Return where the parts of a chart start, and for each of its points whether it helps to fix its part's limits.

    The limits of the first part come from its first points, as many as WINDOW says, or from all of it where a rebase
    ends it sooner; those of each part after a rebase from its first AFTER_REBASE points. So they do not move when a
    quarter is added. The plan may end a window elsewhere (`limits_until`), or start that of the first part later
    (`limits_from`, of the series or of the plan). A window that is not full yet fixes nothing. Raises
    ConfigurationError where the plan names a period that is not there.
    """
    starts = [0, *(_place(keys, grain, start.first, spec, "rebase") for start in spec.rebase)]
    untils = [spec.limits_until, *(start.limits_until for start in spec.rebase)]
    fixes = np.full(len(keys), False)
    for part, (start, until) in enumerate(zip(starts, untils, strict=True)):
        end = starts[part + 1] if part + 1 < len(starts) else None
        first = start
        if part == 0 and spec.limits_from:
            first = _place(keys, grain, spec.limits_from, spec, "limits_from")
        elif part == 0 and limits_from:
            first = sum(key < in_grain(limits_from, grain) for key in keys)
        if until:
            last = _place(keys, grain, until, spec, "limits_until") + 1
        else:
            last = first + (WINDOW[grain] if part == 0 else AFTER_REBASE)
            last = last if end is None else min(last, end)
        if last <= len(keys):
            fixes[first:last] = True
    return starts, fixes


def _knows_season(
    recorded: NDArray[np.float64], fixes: NDArray[np.bool_], starts: Sequence[int], places: int
) -> NDArray[np.bool_]:
    """Return which points tell the season: those that fix the limits of the first part that has two years of them.

    None of halves and years, of which no season is taken out.
    """
    if places < PLACES["quarter"]:
        return np.full(len(recorded), False)
    for part in np.split(np.arange(len(recorded)), starts[1:]):
        of_part = fixes & np.isin(np.arange(len(recorded)), part)
        if of_part.sum() >= seasonality.FEWEST_YEARS * places and not limits.is_rare(recorded[of_part]):
            return of_part
    return np.full(len(recorded), False)


def in_grain(period: str, grain: str) -> str:
    """Return the point that a period begins in: the quarter of a month, where points are quarters."""
    return key_of(months_of(period)[0], grain) if MONTHS_IN[periodicity_of(period)] < MONTHS_IN[grain] else period


def _place(keys: Sequence[str], grain: str, period: str, spec: Series, key: str) -> int:
    if (wanted := in_grain(period, grain)) not in keys:
        raise ConfigurationError(
            f"params/plan.yml, series {spec.title!r}, {key}: found {period!r}, expected a period of the data, "
            f"{keys[0]} to {keys[-1]}. Correct or remove it."
        )
    return keys.index(wanted)


def grain_of(table: pd.DataFrame) -> str:
    """Return what the points of a chart are: months, quarters, halves or years."""
    return periodicity_of(str(table["period"].iloc[0]))


def reaches_quarter(table: pd.DataFrame) -> bool:
    """Whether the chart's latest point is one of the reported quarter; the last row of a chart always has a point."""
    return len(table) > 0 and bool(table["latest"].iloc[-1])
