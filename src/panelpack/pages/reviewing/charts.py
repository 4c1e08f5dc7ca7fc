"""How often the control charts of a pack flag a point, beside how often chance would."""

import pandas as pd

from panelpack.config.plan import Priority
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.reference_tables import expected_false_alarms
from panelpack.intake.files import read_table
from panelpack.pages.control_charts import series_names, why_not_charted

SIGNALS_FOLDER = "signals"  # below data/processed/<quarter>: a file a box
SIGNALS = ["series", "title", "points", "flagged", "is_latest_flagged"]


def signals_file(box: Priority) -> str:
    """Return the name of the file of a box's counts, below the folder of what the notebooks write for each other."""
    return f"{SIGNALS_FOLDER}/{box.id}.csv"


def signal_counts(report: QuarterReport, box: Priority) -> pd.DataFrame:
    """Return how many points of each of a box's charts with limits are flagged, and whether its latest is.

    A row a chart, the columns SIGNALS.
    """
    rows = []
    for name in series_names(report, box):
        if why_not_charted(report, name):
            continue
        points = report.data.control_chart(name)
        limited = points[points["no_limits"].eq("") & points["value"].notna()]
        if len(limited):
            flagged = limited["special_cause"].ne("")
            counts = (len(limited), int(flagged.sum()), bool(flagged.iloc[-1]))
            rows.append((name, report.plan.series[name].title, *counts))
    return pd.DataFrame(rows, columns=SIGNALS)


def every_signal(report: QuarterReport) -> pd.DataFrame:
    """Return the counts of every chart of the pack, each series once. Raises SourceError where none were saved."""
    tables = [
        read_table(report.folder / signals_file(box), SIGNALS, "Run the priority's notebook.", what="signals")
        for box in report.plan.priorities
    ]
    return pd.concat(tables).drop_duplicates("series") if tables else pd.DataFrame(columns=SIGNALS)


def share_by_chance(report: QuarterReport) -> float:
    """Return which share of latest points chance and the ordinary wandering of levels flag, of 1."""
    return expected_false_alarms(1, report.false_alarms)
