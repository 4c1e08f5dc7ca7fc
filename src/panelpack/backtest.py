"""The back-test of projections: what each method would have said at every quarter, against what was then recorded.

Nothing looks ahead. A forecast sees the counts up to its origin. Errors that it learns from are of other forces, of the
choosing list, and of years that were complete at the origin.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from panelpack import forecast_errors, home_office, offence_series
from panelpack.backtest_attempts import HORIZONS, attempts, known_errors
from panelpack.backtest_scores import interval_score, summarise
from panelpack.backtest_split import Split, load_split
from panelpack.forecast_errors import Learned
from panelpack.forecast_models import ALONE, MIDDLES
from panelpack.forecasts import LEVELS, SEASON, Forecast
from panelpack.projection import BASIS, EVERY, KEY
from panelpack.quarters import Quarter

SCORED = (0, 1)  # errors two years ahead are learned, but too few years were complete early on to score them
FEWEST_YEARS = 3  # of history before a forecast is scored
# The middle whose learned interval is shipped: on the choosing forces, the best score among those whose coverage lies
# within COVERAGE at both horizons.
SHIPPED = "damped_growth"
# The tables that are written, and what of the results each is.
TABLES = {
    "summary": "held_out",
    "summary_choosing": "choosing",
    "calibration": "calibration",
    "calibration_then": "calibration_then",
}


@dataclass(frozen=True)
class Results:
    """All of a back-test: every forecast, the summaries of both sides, and the errors that a pack may be given."""

    forecasts: pd.DataFrame
    held_out: pd.DataFrame
    choosing: pd.DataFrame
    calibration: pd.DataFrame
    calibration_then: pd.DataFrame


def run(counts: pd.DataFrame, split: Split, breaks: tuple[offence_series.Break, ...] = ()) -> Results:
    """Forecast from every origin with every method and score it.

    counts: a row a quarter label, a column a (series, force), as `offence_series.force_series` returns them.
    Raises SourceError where a force of the split is missing or a quarter is.
    """
    tried = attempts(counts, split, breaks)
    every = pd.DataFrame(_each_forecast(tried, counts, split))
    by_side = {side: summarise(every[every["side"] == side]) for side in ("hold_out", "choose")}
    return Results(every, by_side["hold_out"], by_side["choose"], calibration(tried, split), known_then(tried, split))


def write(data: Path, projection: Path, outputs: Path) -> Results:
    """Back-test the table at `data` by the mapping and the split in `projection`, and write the csv files."""
    mapping = offence_series.load_mapping(projection / "offences.yml")
    table = home_office.read(data, mapping.columns.model_dump())
    counts = offence_series.force_series(table, mapping)
    results = run(counts, load_split(projection / "split.yml"), mapping.breaks)
    outputs.mkdir(parents=True, exist_ok=True)
    for name, part in TABLES.items():
        table = getattr(results, part)
        table.to_csv(outputs / f"{name}.csv", index=False, float_format="%.4f", lineterminator="\n")
    return results


def _each_forecast(tried: pd.DataFrame, counts: pd.DataFrame, split: Split) -> Iterator[dict]:
    scored = tried[(tried["place"] >= FEWEST_YEARS * SEASON - 1) & tried["years_ahead"].isin(SCORED)]
    for row in scored.to_dict("records"):
        past = counts[row["series"], row["force"]].to_numpy(float)[: row["place"] + 1]
        for name, method in ALONE.items():
            yield _scored(name, row, method(past, row["number"], row["years_ahead"]), split)
    for (_, years_ahead), group in scored.groupby(["place", "years_ahead"]):
        for force, rows in group.groupby("force"):
            past = known_errors(tried, int(group["place"].iloc[0]), int(years_ahead), str(force), split)
            yield from _learned(rows, past, int(group["number"].iloc[0]), split)


def _learned(rows: pd.DataFrame, past: pd.DataFrame, number: int, split: Split) -> Iterator[dict]:
    alike = past[past["number"] == number]
    learned = {name: learned_errors(alike, name) for name in MIDDLES}
    of_series = {name: (alike[alike["series"] == name], past[past["series"] == name]) for name in rows["series"]}

    def scored(method: str, row: dict, forecast: Forecast, basis: pd.DataFrame) -> dict:
        return _scored(method, row, forecast, split) | {"years_learned": basis["year"].nunique()}

    for row in rows.to_dict("records"):
        here, pool = of_series[row["series"]]
        for name in MIDDLES:
            found = forecast_errors.calibrated(row[name], learned[name][row["series"]], row["already"])
            yield scored(learned_name(name), row, found, here)
        # Two ways to read the errors without a prior: the ranks of like ones, and (shipped before) one pool of all.
        growth = forecast_errors.conformal(row["damped_growth"], _errors(here, "damped_growth"), row["already"])
        yield scored("damped_growth_conformal", row, growth, here)
        latest = forecast_errors.pooled(row["latest_12_months"], _errors(pool, "latest_12_months"), row["already"])
        yield scored("latest_12_months_pooled", row, latest, pool)


def learned_name(middle: str) -> str:
    """Return the method that takes a middle and learns its interval."""
    return f"{middle}_learned"


def _errors(rows: pd.DataFrame, middle: str) -> np.ndarray:
    return np.log(rows["actual"].to_numpy() / rows[middle].to_numpy())


def learned_errors(rows: pd.DataFrame, middle: str) -> dict[str, Learned]:
    """Return what the errors of a middle teach, for each series.

    rows: attempts, all as many years ahead and made at the same quarter of the year.
    """
    errors = {str(name): (_errors(of, middle), of["year"].to_numpy()) for name, of in rows.groupby("series")}
    if not errors:
        return {}
    around = [found - forecast_errors.bias_of(found, years) for found, years in errors.values()]
    shared = float(np.mean(np.square(np.concatenate(around))))
    return {name: forecast_errors.learn(found, years, shared) for name, (found, years) in errors.items()}


def _scored(method: str, row: Mapping, forecast: Forecast, split: Split) -> dict:
    actual = row["actual"]
    score = interval_score(forecast.lower_95, forecast.upper_95, actual, LEVELS[0])
    kept = ("series", "force", "origin", "year", "actual", "latest", "crosses")
    return {
        "method": method,
        "horizon": HORIZONS[row["years_ahead"]],
        "side": split.side(row["force"]),
        "period": split.period(row["origin"]),
        **{name: row[name] for name in kept},
        **asdict(forecast),
        "covered_95": forecast.lower_95 <= actual <= forecast.upper_95,
        "covered_80": forecast.lower_80 <= actual <= forecast.upper_80,
        "interval_score_95": score / row["latest"],
        "scaled_error": abs(actual - forecast.total) / row["scale"],
    }


def calibration(tried: pd.DataFrame, split: Split, middle: str = SHIPPED) -> pd.DataFrame:
    """Return what the choosing forces' errors of the first period teach: the data that a pack may be given.

    A row for each series (and EVERY, all of them), years ahead and quarter of the year: bias, spread and freedom of
    log(actual / forecast), and what they rest on. Years after the one that follows the last origin are left out.
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
        learned = learned_errors(alike, middle) | learned_errors(alike.assign(series=EVERY), middle)
        for series, of in pools.items():
            basis = (len(of), of["force"].nunique(), of["year"].nunique(), of["origin"].min(), of["origin"].max())
            place = (series, years_ahead, number)
            rows.append(
                dict(zip(KEY, place, strict=True)) | asdict(learned[series]) | dict(zip(BASIS, basis, strict=True))
            )
    return pd.DataFrame(rows).sort_values(KEY, ignore_index=True)


def known_then(tried: pd.DataFrame, split: Split, middle: str = SHIPPED) -> pd.DataFrame:
    """Return what the choosing forces' errors taught that were known at each origin, and no later ones.

    Columns: origin, then those of the calibration's key and bias, spread, freedom. It says what a projection would have
    been judged to be at the time.
    """
    rows = []
    for (place, origin, number), _ in tried.groupby(["place", "origin", "number"]):
        for ahead in SCORED:
            past = known_errors(tried, int(place), ahead, "", split)
            for series, learned in learned_errors(past[past["number"] == number], middle).items():
                rows.append(dict(zip(["origin", *KEY], (origin, series, ahead, number), strict=True)) | asdict(learned))
    return pd.DataFrame(rows).sort_values(["origin", *KEY], ignore_index=True)
