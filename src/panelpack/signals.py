"""What a control chart says, in words: where the latest quarter stands, and whether that is a signal."""

import pandas as pd

from panelpack import series, spc
from panelpack.figures import finite
from panelpack.formats import count_words, in_unit, listed
from panelpack.quarters import Quarter, month_words

CAUSES = {
    "outside": "beyond the {limit} limit",
    "trend": "part of a {direction} trend",
    "two_of_three": "close to the {limit} limit, with others",
    "shift": "part of a run {place} the mean",
}


def chart(points: pd.DataFrame, latest_keys: tuple[str, ...]) -> pd.DataFrame:
    """Return a series' control chart: the columns of spc.xmr with period and latest (of the reported quarter)."""
    values = series.charted(points)
    table = spc.xmr(values.to_numpy())
    return table.assign(period=values.index, latest=[period in latest_keys for period in values.index])


def latest_keys(quarter: Quarter, periodicity: str) -> tuple[str, ...]:
    """Return the keys of the reported quarter's points."""
    return quarter.months if periodicity == "month" else (str(quarter),)


def describe(points: pd.DataFrame, quarter: Quarter, periodicity: str, unit: str | None) -> dict:
    """Return what the commentary may say of a series' chart: mean, the latest quarter, the signal, low and high.

    Low and high are those of the latest 12 months (4 quarters). A series of positions has no chart: {}.
    """
    if periodicity == "date" or points.empty:
        return {}
    table = chart(points, latest_keys(quarter, periodicity))
    name_of = month_words if periodicity == "month" else lambda key: Quarter.parse(key).words
    recent = table.tail(12 if periodicity == "month" else 4)
    low, high = recent.loc[recent["value"].idxmin()], recent.loc[recent["value"].idxmax()]
    return {
        "mean": finite(table["mean"].iloc[-1]),
        "level": level_words(table[table["latest"]], unit, periodicity),
        "signal": signal_words(table, periodicity),
        "low": finite(low["value"]),
        "low_period": name_of(low["period"]),
        "high": finite(high["value"]),
        "high_period": name_of(high["period"]),
    }


def level_words(latest: pd.DataFrame, unit: str | None, periodicity: str) -> str:
    """Say how the latest quarter's points stand to the mean: 'all three months of the quarter were below ...'.

    Returns '' when the quarter has no points.
    """
    if latest.empty:
        return ""
    expected = f"the mean expected level of {in_unit(latest['mean'].iloc[0], unit)}"
    sides = {
        "below": int((latest["value"] < latest["mean"]).sum()),
        "above": int((latest["value"] > latest["mean"]).sum()),
        "at": int((latest["value"] == latest["mean"]).sum()),
    }
    found = [(side, count) for side, count in sides.items() if count]
    if periodicity == "quarter":
        return f"the quarter was {found[0][0]} {expected}"
    if len(found) == 1:
        return f"all {count_words(len(latest))} months of the quarter were {found[0][0]} {expected}"
    verb = "was" if found[0][1] == 1 else "were"
    parts = [f"{count_words(count)} {side}" for side, count in found]
    parts[0] = f"{count_words(found[0][1])} {verb} {found[0][0]}"
    return f"of the {count_words(len(latest))} months of the quarter {listed(parts)} {expected}"


def signal_words(table: pd.DataFrame, periodicity: str) -> str:
    """Say whether the latest point is a special cause: 'significantly low in the latest two months (...)'."""
    last = table.iloc[-1]
    if pd.isna(last["lower"]):
        return "too few points for limits"
    if not last["special_cause"]:
        return "within expected levels"
    same = (table["side"] == last["side"])[::-1].cumprod()
    run = min(int(same.sum()), 3 if periodicity == "month" else 1)
    high = last["side"] == "high"
    cause = CAUSES[last["special_cause"]].format(
        limit="upper" if high else "lower",
        direction="rising" if high else "falling",
        place="above" if high else "below",
    )
    when = f"latest {periodicity}" if run == 1 else f"latest {count_words(run)} {periodicity}s"
    return f"significantly {last['side']} in the {when} ({cause})"
