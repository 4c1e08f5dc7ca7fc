"""How often the control charts of a pack flag a point, beside how often chance would."""

import pandas as pd

from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.reference_tables import expected_false_alarms
from panelpack.pages.control_charts import charts_of_pack

SIGNALS = ["series", "title", "points", "flagged", "is_latest_flagged"]


def signal_counts(report: QuarterReport) -> pd.DataFrame:
    """Return how many points of each chart with limits are flagged, and whether its latest is; each series once.

    A row a chart, the columns SIGNALS.
    """
    rows = []
    for name, points in charts_of_pack(report).items():
        limited = points[points["no_limits"].eq("") & points["value"].notna()]
        if len(limited):
            flagged = limited["special_cause"].ne("")
            counts = (len(limited), int(flagged.sum()), bool(flagged.iloc[-1]))
            rows.append((name, report.plan.series[name].title, *counts))
    return pd.DataFrame(rows, columns=SIGNALS)


def share_by_chance(report: QuarterReport) -> float:
    """Return which share of latest points chance and the ordinary wandering of levels flag, of 1."""
    return expected_false_alarms(1, report.false_alarms)
