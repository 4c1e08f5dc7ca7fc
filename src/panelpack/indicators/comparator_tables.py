"""The published tables of other forces: how each figure compares with them, and every force's own numbers.

Nothing of a supplier's file is in them: office and others are from one official table that anyone can look up.
"""

from collections.abc import Iterable, Sequence

import pandas as pd

from panelpack.comparators.comparison import Comparison
from panelpack.config.plan import Indicator, Plan

COMPARATOR_COLUMNS = [
    *("indicator", "title", "offences", "force", "before_period", "latest_period", "before", "latest", "pct_change"),
    *("others", "others_before", "others_latest", "others_pct_change", "p10_pct_change", "p90_pct_change"),
    *("change_position", "per", "vintage", "per_1000", "others_per_1000", "region_per_1000", "nation_per_1000"),
    *("group_per_1000", "rate_position", "region", "nation", "group", "group_source", "group_year", "incomplete"),
    *("small", "release", "caution", "why_not"),
]
OTHER_FORCES_COLUMNS = [
    *("indicator", "force", "region", "nation", "is_own", "before", "latest", "pct_change", "size", "per", "per_1000"),
    *("lower_99_8_per_1000", "upper_99_8_per_1000"),
]
COMPARATOR_NUMBERS = (
    *("before", "latest", "pct_change", "others", "others_before", "others_latest", "others_pct_change"),
    *("p10_pct_change", "p90_pct_change", "per_1000", "others_per_1000", "region_per_1000", "nation_per_1000"),
    *("group_per_1000", "group_year", "size", "lower_99_8_per_1000", "upper_99_8_per_1000"),
)
Compared = Sequence[tuple[Indicator, Comparison]]


def is_compared(plan: Plan, figure: Indicator) -> bool:
    """Whether an indicator counts offences of the official table, in two periods, so that forces are compared."""
    return bool(figure.compare and figure.series and plan.series[figure.series].official)


def comparators_table(compared: Compared) -> pd.DataFrame:
    """Return a row an indicator with COMPARATOR_COLUMNS: its offences here, in the other forces together, and between.

    Counts are offences a year, changes percent, rates per 1,000 people or households as `per` says. A comparison that
    was refused has its periods as far as they are known, and why_not.
    """
    rows = [_row(figure, comparison) for figure, comparison in compared]
    return _typed(pd.DataFrame(rows, columns=COMPARATOR_COLUMNS))


def other_forces_table(compared: Compared) -> pd.DataFrame:
    """Return a row an indicator and force with OTHER_FORCES_COLUMNS, in the order of regions, then names."""
    frames = [_forces(figure, comparison) for figure, comparison in compared if comparison.is_compared]
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=OTHER_FORCES_COLUMNS)
    return _typed(rows[OTHER_FORCES_COLUMNS])


def _row(figure: Indicator, of: Comparison) -> dict[str, object]:
    row: dict[str, object] = {
        "indicator": figure.id,
        "title": figure.title,
        "offences": of.official.words,
        "force": of.force,
        "before_period": of.before.words,
        "latest_period": of.latest.words,
        "release": of.source.release,
        "why_not": of.why_not,
    }
    if not of.is_compared:
        return row
    others = of.forces[~of.forces["is_own"]]
    row |= {
        "before": of.own["before"],
        "latest": of.own["latest"],
        "others": of.others,
        "others_before": others["before"].sum(),
        "others_latest": others["latest"].sum(),
        "region": of.region,
        "nation": of.nation,
        "incomplete": _names(of.absent),
        "small": _names(of.small),
        "caution": " ".join(of.cautions),
    }
    if change := of.change:
        row |= {
            "pct_change": change.own,
            "others_pct_change": change.others,
            "p10_pct_change": change.low,
            "p90_pct_change": change.high,
            "change_position": change.position,
        }
    if level := of.level:
        row |= {
            "per": level.of.words,
            "vintage": level.of.vintage.words,
            "per_1000": level.own,
            "others_per_1000": level.others,
            "region_per_1000": level.region,
            "nation_per_1000": level.nation,
            "group_per_1000": level.group,
            "rate_position": level.position,
        }
    if group := of.group:
        row |= {"group": _names(group.others), "group_source": group.source, "group_year": group.year}
    return row


def _forces(figure: Indicator, of: Comparison) -> pd.DataFrame:
    renamed = {"rate": "per_1000", "rate_low": "lower_99_8_per_1000", "rate_high": "upper_99_8_per_1000"}
    forces = of.forces.rename(columns=renamed).reset_index()
    return forces.assign(indicator=figure.id, per=of.level.of.words if of.level else "")


def _names(forces: Iterable[str]) -> str:
    """Return the names of forces, one of which may have a comma in it."""
    return "; ".join(forces)


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose numbers are numbers, and nothing else."""
    return table.astype({name: float for name in table.columns if name in COMPARATOR_NUMBERS})
