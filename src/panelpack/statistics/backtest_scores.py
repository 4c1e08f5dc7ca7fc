"""Whether a method of projection may be shipped: what its back-test must show.

The back-test (research/backtest) writes the summary of scores, and the methods page of a pack words it.
"""

import pandas as pd

from panelpack.statistics.projection import EVERY

# A method may be shipped when its 95% intervals cover this share of the held-out totals, and its mean interval score
# is better than the yardstick's by this share.
COVERAGE = (0.93, 0.97)
GAIN = 0.20
HORIZONS = {0: "this_year", 1: "next_year", 2: "year_after_next"}  # by the years ahead
SCORED = (0, 1)  # errors two years ahead are learned, but too few years were complete early on to score them
# The point forecast whose learned interval is shipped: on the choosing forces, the best score among those whose
# coverage lies within COVERAGE at both horizons.
SHIPPED = "damped_growth"
YARDSTICK = "seasonal_naive"
UNBROKEN = "all_without_breaks"
SUMMARY = [
    *("method", "horizon", "series", "period", "n"),
    *("coverage_95", "coverage_80", "mean_interval_score_95", "mase"),
]


def learned_name(point_forecast: str) -> str:
    """Return the method that takes a point forecast and learns its interval."""
    return f"{point_forecast}_learned"


def judge_methods(summary: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return for each method and horizon whether it may be shipped, on all series and the origins of one period.

    Columns: method, horizon, coverage_95, coverage_80, mean_interval_score_95, gain (share by which the score is better
    than the yardstick's), mase, worthy.
    """
    pooled = summary[(summary["series"] == EVERY) & (summary["period"] == period)]
    yardstick = pooled[pooled["method"] == YARDSTICK].set_index("horizon")["mean_interval_score_95"]
    gain = 1 - pooled["mean_interval_score_95"] / pooled["horizon"].map(yardstick)
    # Coverage is judged as it is printed, in whole tenths of a percent.
    worthy = pooled["coverage_95"].round(3).between(*COVERAGE) & (gain >= GAIN)
    columns = ["method", "horizon", "coverage_95", "coverage_80", "mean_interval_score_95", "gain", "mase", "worthy"]
    return pooled.assign(gain=gain, worthy=worthy)[columns].reset_index(drop=True)
