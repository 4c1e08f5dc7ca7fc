"""How good forecasts were: interval scores and coverage, of one forecast and of many."""

import pandas as pd

from panelpack.statistics.backtest_scores import BY_YEAR, EVERY, SUMMARY
from panelpack.statistics.projection import LEVELS, Forecast


def interval_score(lower: float, upper: float, actual: float, level: float) -> float:
    """Return the width of an interval, plus 2 / (1 - level) times what the actual lies outside it by.

    All in the unit of the series; lower is better. Gneiting and Raftery 2007, equation 43.
    """
    outside = max(lower - actual, 0.0) + max(actual - upper, 0.0)
    return upper - lower + 2 / (1 - level) * outside


def score(forecast: Forecast, actual: float, latest: float) -> dict[str, bool | float]:
    """Return what `summarise` takes the means of: covered_95, covered_80, interval_score_95 and width_95.

    actual: the year's total, a count; latest: the total of the 12 months before the forecast, which score and width
    are shares of.
    """
    lower, upper = forecast.lower_95, forecast.upper_95
    return {
        "covered_95": lower <= actual <= upper,
        "covered_80": forecast.lower_80 <= actual <= forecast.upper_80,
        "interval_score_95": interval_score(lower, upper, actual, LEVELS[0]) / latest,
        "width_95": (upper - lower) / latest,
    }


def summarise(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of SUMMARY for each method, horizon, series and period of origins, and for all series.

    forecasts: a row each, with those four, what `score` returns, and `crosses`: a forecast across a break of its series
    is left out. Score and width are in shares of the 12 months before the forecast, so that forces and series of any
    size count alike.
    """
    kept = _with_all_series(forecasts)
    scored = kept[kept["period"] != ""].groupby(["method", "horizon", "series", "period"], sort=True)
    summary = scored.agg(
        n=("covered_95", "size"),
        coverage_95=("covered_95", "mean"),
        coverage_80=("covered_80", "mean"),
        mean_interval_score_95=("interval_score_95", "mean"),
        mean_width_95=("width_95", "mean"),
    )
    return summary.reset_index()[SUMMARY]


def by_year(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of BY_YEAR for each method, horizon, series and year that was forecast, shocks apart.

    totals: how many different totals there are, of forces and series; each was forecast from several quarters.
    """
    kept = _with_all_series(forecasts)
    kept = kept.assign(total_of=kept["force"] + "/" + kept["of"])
    grouped = kept.groupby(["method", "horizon", "series", "year", "is_shock"], sort=True)
    found = grouped.agg(
        n=("covered_95", "size"),
        totals=("total_of", "nunique"),
        coverage_95=("covered_95", "mean"),
        coverage_80=("covered_80", "mean"),
    )
    return found.reset_index()[BY_YEAR]


def _with_all_series(forecasts: pd.DataFrame) -> pd.DataFrame:
    kept = forecasts[~forecasts["crosses"]].assign(of=lambda frame: frame["series"])
    return pd.concat([kept, kept.assign(series=EVERY)])
