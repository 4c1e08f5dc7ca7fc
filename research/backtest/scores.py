"""How good forecasts were: interval scores, coverage and scaled errors, of one forecast and of many."""

import pandas as pd

from panelpack.statistics.backtest_scores import SUMMARY, UNBROKEN
from panelpack.statistics.projection import EVERY, LEVELS, Forecast


def interval_score(lower: float, upper: float, actual: float, level: float) -> float:
    """Return the width of an interval, plus 2 / (1 - level) times what the actual lies outside it by.

    All in the unit of the series; lower is better. Gneiting and Raftery 2007, equation 43.
    """
    outside = max(lower - actual, 0.0) + max(actual - upper, 0.0)
    return upper - lower + 2 / (1 - level) * outside


def score(forecast: Forecast, actual: float, latest: float, scale: float) -> dict[str, bool | float]:
    """Return what `summarise` takes the means of: covered_95, covered_80, interval_score_95 and scaled_error.

    actual: the year's total, a count; latest: the total of the 12 months before the forecast, which the interval score
    is a share of; scale: the error of the seasonal naive forecast in the sample, a count.
    """
    return {
        "covered_95": forecast.lower_95 <= actual <= forecast.upper_95,
        "covered_80": forecast.lower_80 <= actual <= forecast.upper_80,
        "interval_score_95": interval_score(forecast.lower_95, forecast.upper_95, actual, LEVELS[0]) / latest,
        "scaled_error": abs(actual - forecast.total) / scale,
    }


def summarise(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of SUMMARY for each method, horizon, series and period, and for all series together.

    forecasts: a row each, with those four, `actual`, what `score` returns, and `crosses` (a break of the series).
    The interval score is in shares of the 12 months before the forecast, so that forces and series of any size count
    alike. MASE is the error of the total over the in-sample error of the seasonal naive forecast, quarter by quarter.
    """
    unbroken = forecasts[~forecasts["crosses"]].assign(series=UNBROKEN)
    pools = pd.concat([forecasts, forecasts.assign(series=EVERY), unbroken])
    scored = pools[pools["period"] != ""].groupby(["method", "horizon", "series", "period"], sort=True)
    summary = scored.agg(
        n=("actual", "size"),
        coverage_95=("covered_95", "mean"),
        coverage_80=("covered_80", "mean"),
        mean_interval_score_95=("interval_score_95", "mean"),
        mase=("scaled_error", "mean"),
    )
    return summary.reset_index()[SUMMARY]
