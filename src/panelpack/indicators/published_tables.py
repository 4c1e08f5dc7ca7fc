"""The tables that are published beside the pack: tidy data that anyone can work the figures out from again."""

import pandas as pd

from panelpack.config.plan import Plan
from panelpack.indicators.comparator_tables import comparators_table, is_compared, other_forces_table
from panelpack.indicators.dictionary import dictionary_rows
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.sheets import (
    COMPARATORS_FILE,
    DICTIONARY_FILE,
    OTHER_FORCES_FILE,
    PERIODS_FILE,
    SERIES_FILE,
    TABLES_OF_EVERY_PACK,
    TABLES_OF_OTHER_FORCES,
)


def published_files(plan: Plan) -> tuple[str, ...]:
    """Return the files of the tables that a plan's pack publishes: those of other forces where it compares with any."""
    has_others = any(is_compared(plan, figure) for box in plan.priorities for figure in box.indicators)
    return (*TABLES_OF_EVERY_PACK, *TABLES_OF_OTHER_FORCES) if has_others else TABLES_OF_EVERY_PACK


def published_tables(report: QuarterReport) -> dict[str, pd.DataFrame]:
    """Return the points of the series, the totals that the figures compare, and what every column says, by files.

    Where an indicator counts offences of the official table by force, also how forces compare.
    """
    files = published_files(report.plan)
    tables = {
        SERIES_FILE: report.shown_series(),
        PERIODS_FILE: report.compared_totals(),
        DICTIONARY_FILE: dictionary_rows(files),
    }
    if COMPARATORS_FILE in files:
        compared = [pair for box in report.plan.priorities for pair in report.others_of(box)]
        tables |= {COMPARATORS_FILE: comparators_table(compared), OTHER_FORCES_FILE: other_forces_table(compared)}
    return tables
