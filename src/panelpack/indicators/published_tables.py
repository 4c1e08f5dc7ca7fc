"""The tables that are published beside the pack: tidy data that anyone can work the figures out from again."""

import pandas as pd

from panelpack.indicators.dictionary import dictionary_rows
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.sheets import DICTIONARY_FILE, PERIODS_FILE, SERIES_FILE


def published_tables(report: QuarterReport) -> dict[str, pd.DataFrame]:
    """Return the points of the series, the totals that the figures compare, and what every column says, by files."""
    return {
        SERIES_FILE: report.shown_series(),
        PERIODS_FILE: report.compared_totals(),
        DICTIONARY_FILE: dictionary_rows(),
    }
