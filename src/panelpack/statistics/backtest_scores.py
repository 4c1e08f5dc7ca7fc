"""What a method of projection is held to by its back-test.

The back-test (research/backtest) writes the two tables of scores, and the methods page of a pack words them.
"""

import numpy as np
import pandas as pd

# The share of totals that 95% intervals are to hold, for each year that was forecast; and the least for each offence.
COVERAGE = (0.93, 0.97)
LEAST_BY_SERIES = 0.85
ERRORS_ALLOWED = 2  # binomial standard errors by which a year's share may lie outside COVERAGE

HORIZONS = {0: "this_year", 1: "next_year"}  # those that are scored, by the years ahead
SHIPPED, BEFORE = "present", "before"
EVERY = "all"  # the rows of all series together
SUMMARY = [
    *("method", "horizon", "series", "period", "n"),
    *("coverage_95", "coverage_80", "mean_interval_score_95", "mean_width_95"),
]
BY_YEAR = ["method", "horizon", "series", "year", "is_shock", "n", "totals", "coverage_95", "coverage_80"]


def judge_years(by_year: pd.DataFrame) -> pd.DataFrame:
    """Return for each horizon and year what the shipped method's intervals held, and whether that is as asked.

    by_year: columns BY_YEAR. Added: lowest, highest (shares, COVERAGE less and plus ERRORS_ALLOWED binomial standard
    errors) and holds. What counts as one observation is a total, of a force and an offence, however often it was
    forecast: forecasts of one total err together. So do forces, so the true error is larger. A shock is not judged:
    it holds.
    """
    rows = by_year[(by_year["method"] == SHIPPED) & (by_year["series"] == EVERY)]
    low, high = COVERAGE
    lowest = low - ERRORS_ALLOWED * np.sqrt(low * (1 - low) / rows["totals"])
    highest = (high + ERRORS_ALLOWED * np.sqrt(high * (1 - high) / rows["totals"])).clip(upper=1.0)
    holds = rows["coverage_95"].between(lowest, highest) | rows["is_shock"]
    return rows.assign(lowest=lowest, highest=highest, holds=holds).reset_index(drop=True)


def judge_series(by_year: pd.DataFrame) -> pd.DataFrame:
    """Return for each horizon and series the share of totals inside the shipped method's 95% intervals, shocks apart.

    All series together (EVERY) come first.
    Columns: horizon, series, n, coverage_95, with_shocks (the same with the shocks in), holds.
    """
    rows = by_year[by_year["method"] == SHIPPED]
    rows = rows.assign(inside=rows["coverage_95"] * rows["n"])
    keys = ["horizon", "series"]
    every = rows.groupby(keys)[["inside", "n"]].sum()
    calm = rows[~rows["is_shock"]].groupby(keys)[["inside", "n"]].sum()
    share = calm["inside"] / calm["n"]
    found = pd.DataFrame({"n": calm["n"], "coverage_95": share, "with_shocks": every["inside"] / every["n"]})
    found = found.assign(holds=share >= LEAST_BY_SERIES).reset_index()
    return found.sort_values("series", key=lambda name: name != EVERY, kind="stable", ignore_index=True)
