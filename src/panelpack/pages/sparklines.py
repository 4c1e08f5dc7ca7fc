"""The sparkline of an indicator: what its latest figure shows, quarter by quarter, and the baseline as a dashed line.

Only points that a chart of the pack may show are drawn, or sums and means of them.
"""

import numpy as np
import pandas as pd

from panelpack.disclosure.thresholds import is_survey
from panelpack.indicators import series
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.named_periods import keys_of
from panelpack.pages.control_charts import why_not_charted
from panelpack.pages.verdict_marks import kind_of
from panelpack.periods import MONTHS_IN, last_day
from panelpack.rendering.inline import Cell, Picture
from panelpack.rendering.sparkline import HEIGHT, WIDTH, sparkline, sparkline_alt

FEWEST, MOST = 3, 13  # points of a line: three years of quarters and the one before them
SHOWN = 0.8  # of the size that it is drawn at
# The kinds of which a longer period is formed from the points of a chart alone, and how.
FORMED = {"count": ("sum",), "money": ("sum",), "share": ("weighted_mean",)}


def picture_of(report: QuarterReport, result: IndicatorResult) -> Cell:
    """Return the sparkline of an indicator; '' where its figure is not shown, or too few points are."""
    points, baseline = line_of(report, result)
    if sum(~np.isnan(points)) < FEWEST:
        return ""
    alt = f"{result.title}: {sparkline_alt(points, baseline)}"
    return Picture(sparkline(points, baseline, kind_of(result)), alt, SHOWN * WIDTH, SHOWN * HEIGHT)


def line_of(report: QuarterReport, result: IndicatorResult) -> tuple[list[float], float | None]:
    """Return the values of an indicator's line, in the unit of its figure, and its baseline.

    They are of periods as long as the latest one, each of which ends a quarter (of slower points, one of those). Where
    such periods may not be formed they are the series' own points, and the baseline is None. NaN for one that is not
    shown.
    """
    figure = report.plan.figures[result.indicator]
    name = figure.series
    if name is None or figure.compare is None or result.latest is None or result.labels:
        return [], None
    spec, points = report.plan.series[name], report.data.points[name]
    if report.office.periodicity(name) == "date":
        known = points[points["period"] <= last_day(report.quarter).isoformat()]
        return list(known.sort_values("period")["value"].astype(float))[-MOST:], result.baseline
    if why_not_charted(report, name):
        return [], None
    grain = report.data.grain(name)
    values = series.continuous(series.up_to(points, report.quarter, grain), spec.kind)
    length = len(keys_of(report.data.period(name, figure.compare.latest), grain) or ())
    is_formed = report.plan.over_time(spec) in FORMED.get(spec.kind, ())
    if length > 1 and is_formed:
        bases = points.set_index("period")["base"].reindex(values.index) if spec.kind == "share" else None
        fewest = report.plan.disclosure.reported.fewest if is_survey(spec) else 0
        step = max(MONTHS_IN["quarter"] // MONTHS_IN[grain], 1)
        values = _rolled(values, bases, length, fewest).iloc[::-1].iloc[::step].iloc[::-1]
    baseline = result.baseline if length == 1 or is_formed else None
    return list(values.astype(float))[-MOST:], baseline


def _rolled(values: pd.Series, bases: pd.Series | None, length: int, fewest: float) -> pd.Series:
    """Return the sum, or the mean weighted with its bases, of so many points that end with each; NaN of too few."""
    if bases is None:
        return values.rolling(length).sum().iloc[length - 1 :]
    asked = bases.rolling(length).sum()
    means = (values * bases).rolling(length).sum() / asked
    return means.where(asked >= fewest).iloc[length - 1 :]
