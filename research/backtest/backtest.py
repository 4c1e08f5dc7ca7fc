"""Every year that could be forecast from every quarter: what was known, what came, and the middles of the methods."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from panelpack.config.study import Split, load_split
from panelpack.errors import SourceError
from panelpack.intake.official_table import read_official_table
from panelpack.periods import Quarter
from panelpack.statistics import projection as forecast_errors
from panelpack.statistics.backtest_scores import interval_score, summarise
from panelpack.statistics.projection import (
    BASIS,
    EVERY,
    KEY,
    LEVELS,
    SEASON,
    Forecast,
    Learned,
    counted_so_far,
    quarters_ahead,
)
from research.backtest import forecast_models
from research.backtest.forecast_models import ALONE, MIDDLES
from research.backtest.offence_series import Break, force_series, load_mapping

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
        "already": counted_so_far(past, origin.number, years_ahead),
        "actual": actual,
        "latest": float(past[-SEASON:].sum()),
        "scale": _mase_scale(past, origin.number, years_ahead),
        "crosses": crosses,
        **middles,
    }


def _mase_scale(past: np.ndarray, number: int, years_ahead: int) -> float:
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


def run(counts: pd.DataFrame, split: Split, breaks: tuple[Break, ...] = ()) -> Results:
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
    mapping = load_mapping(projection / "offences.yml")
    table = read_official_table(data, mapping.columns.model_dump())
    counts = force_series(table, mapping)
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
