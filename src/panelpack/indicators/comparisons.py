"""The comparisons of a pack that have a test, judged together: which of them are more than chance gives."""

import pandas as pd

from panelpack.indicators.judgement import judge
from panelpack.indicators.quarter_data import QuarterData
from panelpack.rules.rule import RULES
from panelpack.statistics.significance import stand_out

COMPARISONS = ["priority", "indicator", "p_value", "more_than_chance", "comparisons"]


def compare_together(data: QuarterData) -> pd.DataFrame:
    """Return a row for each indicator of the plan that has a test, whatever its verdict, with the columns COMPARISONS.

    One comparison of twenty stands out by chance, so all that a pack makes are held to one rate of false ones
    (significance.stand_out). comparisons: how many there are.
    """
    tested = [
        (box.id, figure.id, verdict.p_value)
        for box in data.plan.priorities
        for figure in box.indicators
        if RULES[figure.rule].has_test and (verdict := judge(figure, data)).p_value is not None
    ]
    standing_out = stand_out([p_value for _, _, p_value in tested if p_value is not None])
    rows = [(*row, stands, len(tested)) for row, stands in zip(tested, standing_out, strict=True)]
    return pd.DataFrame(rows, columns=COMPARISONS)


def more_than_chance(comparisons: pd.DataFrame) -> dict[str, bool]:
    """Return, by indicator, whether its change is more than chance gives."""
    return dict(zip(comparisons["indicator"], comparisons["more_than_chance"].astype(bool), strict=True))
