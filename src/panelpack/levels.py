"""Where a quarter's points stand to the mean of their control chart, in words; of one, two or three months."""

from collections.abc import Sequence

import pandas as pd

from panelpack.formats import count_words, in_unit, listed
from panelpack.quarters import Quarter, month_words

FOR_THE_SEASON = "allowing for the season"


def level_words(latest: pd.DataFrame, unit: str | None, periodicity: str) -> str:
    """Say how the reported quarter's points stand to the mean: 'all three months of the quarter were below ...'.

    As recorded; where the chart is without its season, how they stand then is added. A month without a figure is
    named. Returns '' when the quarter has no points.
    """
    known = latest[latest["recorded"].notna()]
    if known.empty:
        return ""
    recorded, without = (_sides(known[column], known["mean"]) for column in ("recorded", "value"))
    said = f"{_level(recorded, known, periodicity)} the mean expected level of {in_unit(known['mean'].iloc[-1], unit)}"
    if not known["adjusted"].any():
        return said
    if without == recorded:
        return f"{said}, also {FOR_THE_SEASON}"
    return f"{said} ({FOR_THE_SEASON}, {_side_words(without)})"


def _sides(values: pd.Series, mean: pd.Series) -> list[tuple[str, int]]:
    """Return how many values lie below, above and at the mean, those that none does left out."""
    counts = {"below": (values < mean).sum(), "above": (values > mean).sum(), "at": (values == mean).sum()}
    return [(side, int(count)) for side, count in counts.items() if count]


def _side_words(found: list[tuple[str, int]]) -> str:
    """Return 'two below and one above'; 'both below' for two, and 'below' for a single point."""
    if len(found) == 1 and found[0][1] < 3:
        return f"{'both ' if found[0][1] == 2 else ''}{found[0][0]}"
    return listed([f"{count_words(count)} {side}" for side, count in found])


def _level(found: list[tuple[str, int]], known: pd.DataFrame, periodicity: str) -> str:
    """Say on which side of the mean the quarter, or how many of its months, lay: 'the quarter was below'."""
    if periodicity == "quarter":
        return f"the quarter was {found[0][0]}"
    points, side = len(known), found[0][0]
    missing = [month for month in Quarter.of_month(known["period"].iloc[0]).months if month not in set(known["period"])]
    has = "has" if len(missing) == 1 else "have"
    quarter = f"of the quarter{f' with a figure ({months_words(missing)} {has} none)' if missing else ''}"
    if points == 1:
        return f"the one month {quarter} was {side}"
    if len(found) == 1:
        return f"{'both' if points == 2 else f'all {count_words(points)}'} months {quarter} were {side}"
    verb = "was" if found[0][1] == 1 else "were"
    parts = [f"{count_words(count)} {side}" for side, count in found]
    parts[0] = f"{count_words(found[0][1])} {verb} {side}"
    return f"of the {count_words(points)} months {quarter} {listed(parts)}"


def months_words(months: Sequence[str]) -> str:
    """Return months of one quarter as 'April and May YYYY'."""
    return f"{listed([month_words(month).split()[0] for month in months])} {months[-1][:4]}"
