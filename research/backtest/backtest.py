"""The back-test: what could be forecast from every quarter, how each method scores, and what its errors teach.

An attempt is one force's series, one origin and one year ahead, with what came. A forecast is an attempt by one method,
scored. Errors are log(actual / forecast).
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from panelpack.config.study import Break, Split, load_offences, load_split
from panelpack.errors import SourceError
from panelpack.intake.official_table import read_official_table
from panelpack.periods import Quarter
from panelpack.statistics.backtest_scores import HORIZONS, SCORED, SHIPPED, learned_name
from panelpack.statistics.projection import (
    BASIS,
    EVERY,
    KEY,
    SEASON,
    Counts,
    Forecast,
    Learned,
    bias_of,
    calibrated,
    counted_so_far,
    learn,
    quarters_ahead,
)
from research.backtest.forecast_models import ALONE, POINT_FORECASTS, conformal, pooled
from research.backtest.offence_series import force_series
from research.backtest.scores import score, summarise

LEANS_ON = 2 * SEASON  # quarters before the origin that a growth is taken from
FEWEST_YEARS = 3  # of history before a forecast is scored
# The files that are written, and which table of the results each holds.
TABLES = {
    "summary": "held_out",
    "summary_choosing": "choosing",
    "calibration": "calibration",
    "calibration_then": "calibration_then",
}


@dataclass(frozen=True)
class Results:
    """All of a back-test: every forecast, the summaries of both sides, and the errors that a pack may be given.

    `split` and `breaks` are what it was run by.
    """

    forecasts: pd.DataFrame
    held_out: pd.DataFrame
    choosing: pd.DataFrame
    calibration: pd.DataFrame
    calibration_then: pd.DataFrame
    split: Split
    breaks: tuple[Break, ...]


def measure(data: Path, projection: Path) -> Results:
    """Back-test the official table at `data` by offences.yml and split.yml of the folder `projection`.

    Raises ConfigurationError for one of the two, SourceError for a table that is not the one they describe.
    """
    study = load_offences(projection)
    split = load_split(projection)
    table = read_official_table(data, study.columns.model_dump())
    return run(force_series(table, study), split, study.breaks)


def run(counts: pd.DataFrame, split: Split, breaks: tuple[Break, ...] = ()) -> Results:
    """Forecast from every origin with every method and score it.

    counts: a row a quarter label, a column a (series, force), as `offence_series.force_series` returns them.
    Raises SourceError where a force of the split is missing or a quarter is.
    """
    tried = attempts(counts, split, breaks)
    forecasts = pd.DataFrame(_forecasts(tried, counts, split))
    held_out, choosing = (summarise(forecasts[forecasts["side"] == side]) for side in ("hold_out", "choose"))
    return Results(forecasts, held_out, choosing, calibration(tried, split), known_then(tried, split), split, breaks)


def save(results: Results, outputs: Path) -> list[Path]:
    """Write a csv file for each of TABLES to the folder `outputs`, and return their paths."""
    outputs.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in TABLES.items():
        paths.append(outputs / f"{name}.csv")
        getattr(results, table).to_csv(paths[-1], index=False, float_format="%.4f", lineterminator="\n")
    return paths


# --------------------------------------------------------------------------------------------------- attempts
def attempts(counts: pd.DataFrame, split: Split, breaks: tuple[Break, ...] = ()) -> pd.DataFrame:
    """Return a row for every force, series, origin and year that can be forecast and is complete in the data.

    With the year's actual total, the latest 12 months, the scale of MASE, whether the forecast crosses a break of its
    series, and every point forecast that an interval is learned around. It starts after one year of history, because
    such early forecasts are what the first scored ones learn from. Raises SourceError as `run` does.
    """
    _check(counts, split)
    first_of_break = {one.series: one.first for one in breaks}
    rows = [
        _attempt(series, place, years_ahead, first_of_break.get(column[0]))
        for column, series in counts.items()
        if column[1] in (*split.choose, *split.hold_out)
        for place in range(SEASON - 1, len(counts))
        for years_ahead in HORIZONS
    ]
    return pd.DataFrame([row for row in rows if row is not None])


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
    series: "pd.Series[float]", place: int, years_ahead: int, first_of_break: str | None
) -> dict[str, Any] | None:
    """Return the attempt from the quarter at `place`, or None where the year is complete, or not in the data."""
    labels, counts = series.index, series.to_numpy(float)
    origin = Quarter.parse(labels[place])
    end = place + SEASON * (years_ahead + 1) - origin.number
    if end >= len(counts) or end == place or end < SEASON - 1:
        return None
    past, number = counts[: place + 1], origin.number
    first_leant_on = labels[max(0, place - LEANS_ON + 1)]
    return {
        "series": series.name[0],
        "force": series.name[1],
        "origin": labels[place],
        "place": place,
        "number": number,
        "years_ahead": years_ahead,
        "year": origin.year + years_ahead,
        "end": end,
        "counted_so_far": counted_so_far(past, number, years_ahead),
        "actual": float(counts[end - SEASON + 1 : end + 1].sum()),
        "latest": float(past[-SEASON:].sum()),
        "scale": _mase_scale(past, number, years_ahead),
        "crosses": first_of_break is not None and first_leant_on < first_of_break <= labels[end],
        **{name: point_forecast(past, number, years_ahead) for name, point_forecast in POINT_FORECASTS.items()},
    }


def _mase_scale(past: Counts, number: int, years_ahead: int) -> float:
    """Return the in-sample mean absolute difference of quarters a year apart, times the quarters to forecast."""
    differences = np.abs(past[SEASON:] - past[:-SEASON])
    return float(differences.mean()) * len(quarters_ahead(number, years_ahead)) if len(differences) else np.nan


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


# -------------------------------------------------------------------------------------------------- forecasts
def _forecasts(tried: pd.DataFrame, counts: pd.DataFrame, split: Split) -> Iterator[dict[str, Any]]:
    """Yield every scored forecast: first those from the series alone, then those that learn from other forces."""
    scored = tried[(tried["place"] >= FEWEST_YEARS * SEASON - 1) & tried["years_ahead"].isin(SCORED)]
    for row in scored.to_dict("records"):
        past = counts[row["series"], row["force"]].to_numpy(float)[: row["place"] + 1]
        for name, method in ALONE.items():
            yield _scored(name, row, method(past, row["number"], row["years_ahead"]), split)
    for (place, years_ahead), group in scored.groupby(["place", "years_ahead"]):
        for force, rows in group.groupby("force"):
            yield from _learned_forecasts(rows, known_errors(tried, place, years_ahead, force, split), split)


def _learned_forecasts(rows: pd.DataFrame, past: pd.DataFrame, split: Split) -> Iterator[dict[str, Any]]:
    """Yield one force's forecasts from one origin, whose intervals are learned from the attempts `past`."""
    same_quarter = past[past["number"] == rows["number"].iloc[0]]
    learned = {name: learned_errors(same_quarter, name) for name in POINT_FORECASTS}

    def scored(method: str, row: dict[str, Any], forecast: Forecast, basis: pd.DataFrame) -> dict[str, Any]:
        return _scored(method, row, forecast, split) | {"years_learned": basis["year"].nunique()}

    for row in rows.to_dict("records"):
        so_far = row["counted_so_far"]
        here, pool = (tried[tried["series"] == row["series"]] for tried in (same_quarter, past))
        for name in POINT_FORECASTS:
            forecast = calibrated(row[name], learned[name][row["series"]], so_far)
            yield scored(learned_name(name), row, forecast, here)
        # Two ways to read the errors without a prior: the ranks of like ones, and (shipped before) one pool of all.
        forecast = conformal(row["damped_growth"], _errors(here, "damped_growth"), so_far)
        yield scored("damped_growth_conformal", row, forecast, here)
        forecast = pooled(row["latest_12_months"], _errors(pool, "latest_12_months"), so_far)
        yield scored("latest_12_months_pooled", row, forecast, pool)


def _scored(method: str, row: Mapping[str, Any], forecast: Forecast, split: Split) -> dict[str, Any]:
    kept = ("series", "force", "origin", "year", "actual", "latest", "crosses")
    return {
        "method": method,
        "horizon": HORIZONS[row["years_ahead"]],
        "side": split.side(row["force"]),
        "period": split.period(row["origin"]),
        **{name: row[name] for name in kept},
        **asdict(forecast),
        **score(forecast, row["actual"], row["latest"], row["scale"]),
    }


# ------------------------------------------------------------------------------------------ what errors teach
def learned_errors(rows: pd.DataFrame, point_forecast: str) -> dict[str, Learned]:
    """Return what the errors of a point forecast teach, for each series.

    rows: attempts, all as many years ahead and made at the same quarter of the year.
    """
    errors = {str(name): (_errors(of, point_forecast), of["year"].to_numpy()) for name, of in rows.groupby("series")}
    if not errors:
        return {}
    around = [of_series - bias_of(of_series, years) for of_series, years in errors.values()]
    shared = float(np.mean(np.square(np.concatenate(around))))
    return {name: learn(of_series, years, shared) for name, (of_series, years) in errors.items()}


def _errors(rows: pd.DataFrame, point_forecast: str) -> Counts:
    return np.asarray(np.log(rows["actual"].to_numpy() / rows[point_forecast].to_numpy()))


def calibration(tried: pd.DataFrame, split: Split, point_forecast: str = SHIPPED) -> pd.DataFrame:
    """Return what the choosing forces' errors of the first period teach: the data that a pack may be given.

    A row for each series (and EVERY, all of them), years ahead and quarter of the year: bias, spread and degrees of
    freedom of log(actual / forecast), and what they rest on. Years after the one that follows the last origin are left
    out.
    """
    last = Quarter.parse(split.periods[0].last)
    usable = tried[
        tried["force"].isin(split.choose)
        & (tried["origin"] <= str(last))
        & (tried["year"] <= last.year + 1)
        & ~tried["crosses"]
    ]
    rows = []
    for (years_ahead, number), alike in usable.groupby(["years_ahead", "number"]):
        pools = {**dict(list(alike.groupby("series"))), EVERY: alike}
        # One pool of all series for those that were not measured: wide, since the series' biases differ.
        learned = learned_errors(alike, point_forecast) | learned_errors(alike.assign(series=EVERY), point_forecast)
        for series, of in pools.items():
            basis = (len(of), of["force"].nunique(), of["year"].nunique(), of["origin"].min(), of["origin"].max())
            key = dict(zip(KEY, (series, years_ahead, number), strict=True))
            rows.append(key | asdict(learned[series]) | dict(zip(BASIS, basis, strict=True)))
    return pd.DataFrame(rows).sort_values(KEY, ignore_index=True)


def known_then(tried: pd.DataFrame, split: Split, point_forecast: str = SHIPPED) -> pd.DataFrame:
    """Return what the choosing forces' errors taught that were known at each origin, and no later ones.

    Columns: origin, then those of the calibration's key and LEARNED. It says what a projection would have been judged
    to be at the time.
    """
    rows = []
    for (place, origin, number), _ in tried.groupby(["place", "origin", "number"]):
        for ahead in SCORED:
            past = known_errors(tried, place, ahead, "", split)
            for series, learned in learned_errors(past[past["number"] == number], point_forecast).items():
                rows.append(dict(zip(["origin", *KEY], (origin, series, ahead, number), strict=True)) | asdict(learned))
    return pd.DataFrame(rows).sort_values(["origin", *KEY], ignore_index=True)
