"""The working sheet of a second reader as tables, by the files that they are saved in."""

from collections.abc import Callable

import pandas as pd

from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages.assumptions import assumptions
from panelpack.pages.reviewing.arrivals import arrivals_table
from panelpack.pages.reviewing.movements import changed_verdicts, movers
from panelpack.pages.reviewing.warnings import warnings_table

FOLDER = "reviewing"  # below data/processed/<quarter>
TABLES: dict[str, Callable[[QuarterReport], pd.DataFrame]] = {
    "warnings": warnings_table,
    "changed_verdicts": changed_verdicts,
    "movers": movers,
    "arrivals": arrivals_table,
    "assumptions": lambda report: pd.DataFrame(assumptions(report)),
}


def tables(report: QuarterReport) -> dict[str, pd.DataFrame]:
    """Return the tables of the sheet by their files' names below data/processed/<quarter>; every cell is a text."""
    return {f"{FOLDER}/{name}.csv": make(report) for name, make in TABLES.items()}
