"""Figures that were typed into the commentary although a reference could give them, as rows of the sheet.

It stands apart from the other warnings, for whoever changes a word then waits for nothing else.
"""

import pandas as pd

from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.typed_figures import find_typed

TYPED_FILE = "reviewing/typed.csv"  # below data/processed/<quarter>
WARNINGS = ["kind", "figures", "matter", "boxes"]


def typed_table(report: QuarterReport) -> pd.DataFrame:
    """Return each number of the text that equals a figure, with its place and the reference. Columns: WARNINGS."""
    every = [result for box in report.plan.priorities for result in report.results_of(box)]
    said = [line.partition(": ") for line in find_typed(report.office.commentary, every)]
    rows = [("Typed figure", place, f"{words[:1].upper()}{words[1:]}", "") for place, _, words in said]
    return pd.DataFrame(rows, columns=WARNINGS)
