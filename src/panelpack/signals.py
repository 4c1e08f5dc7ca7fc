"""What a control chart says, in words: where the latest quarter stands, and whether that is a signal."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from panelpack import seasonality, series, spc
from panelpack.errors import ConfigurationError
from panelpack.figures import finite
from panelpack.formats import count_words, in_unit, listed
from panelpack.plan import Series
from panelpack.quarters import Quarter, month_words

CAUSES = {
    "outside": "beyond the {limit} limit",
    "trend": "part of a {direction} trend",
    "two_of_three": "close to the {limit} limit, with others",
    "shift": "part of a run {place} the mean since {since}",
}
# What the icons of Making Data Count mean, in words; {way} is higher or lower.
VARIATION = {
    "improvement": "special cause, improving: {way} than expected",
    "concern": "special cause, concerning: {way} than expected",
    "neither": "special cause, neither better nor worse: {way} than expected",
    "common_cause": "common cause: no significant change",
    "": "too few points for limits",
}
ASSURANCE = {
    "consistently_met": "consistently meets the target of {target}",
    "consistently_missed": "consistently misses the target of {target}",
    "hit_and_miss": "hit and miss: chance decides whether the target of {target} is met",
    "": "no target, or too few points",
}
PLACES = {"month": 12, "quarter": 4}  # in a year
FOR_THE_SEASON = "allowing for the season"


def chart(points: pd.DataFrame, quarter: Quarter, periodicity: str, spec: Series, polarity: str) -> pd.DataFrame:
    """Return a series' control chart: a row a month or quarter from the first to the last, gaps as missing values.

    Columns: those of spc.xmr, where `value` is without the season if there is evidence of one; recorded (as
    supplied); adjusted (whether the season was taken out) and factor; period, and latest (of the reported quarter).
    Raises ConfigurationError where the plan starts new limits at a period, or ends them with one, that is not there.
    """
    recorded = series.continuous(points, periodicity)
    season = seasonality.adjust(recorded.to_numpy(), PLACES[periodicity])
    keys = list(recorded.index)
    table = spc.xmr(
        season["value"],
        baseline=_place(keys, spec.limits_until, spec, "limits_until") + 1 if spec.limits_until else None,
        rebase=[_place(keys, start.first, spec, "rebase") for start in spec.rebase],
        target=spec.target,
        polarity=polarity,
    )
    return table.assign(
        recorded=recorded.to_numpy(),
        adjusted=season["adjusted"],
        factor=season["factor"],
        period=keys,
        latest=np.isin(keys, series.latest_keys(quarter, periodicity)),
    )


def _place(keys: Sequence[str], period: str, spec: Series, key: str) -> int:
    if period not in keys:
        raise ConfigurationError(
            f"params/plan.yml, series {spec.title!r}, {key}: found {period!r}, expected a period of the data, "
            f"{keys[0]} to {keys[-1]}. Correct or remove it."
        )
    return keys.index(period)


def describe(table: pd.DataFrame, periodicity: str, unit: str | None) -> dict:
    """Return what the commentary may say of a series' chart: mean, the latest quarter, the signal, low and high.

    Low and high are those of the latest 12 months (4 quarters), as recorded.
    """
    recent = table.tail(PLACES[periodicity])["recorded"]
    low, high = table.loc[recent.idxmin()], table.loc[recent.idxmax()]
    return {
        "mean": finite(table["mean"].iloc[-1]),
        "level": level_words(table[table["latest"]], unit, periodicity),
        "signal": signal_words(table, periodicity),
        "variation": table["variation"].iloc[-1],
        "assurance": table["assurance"].iloc[-1] if "assurance" in table else "",
        "adjusted": bool(table["adjusted"].iloc[-1]),
        "low": finite(low["recorded"]),
        "low_period": period_words(low["period"]),
        "high": finite(high["recorded"]),
        "high_period": period_words(high["period"]),
    }


def period_words(key: str) -> str:
    """Return a month or a quarter as a reader calls it."""
    return Quarter.parse(key).words if "Q" in key else month_words(key)


def variation_words(table: pd.DataFrame) -> str:
    """Return what the variation icon of the latest point means."""
    last = table.iloc[-1]
    return VARIATION[last["variation"]].format(way="higher" if last["side"] == "high" else "lower")


def assurance_words(table: pd.DataFrame, unit: str | None) -> str:
    """Return what the assurance icon of the latest point means; '' where the series has no target."""
    if "assurance" not in table:
        return ""
    last = table.iloc[-1]
    return ASSURANCE[last["assurance"]].format(target=in_unit(last["target"], unit))


def level_words(latest: pd.DataFrame, unit: str | None, periodicity: str) -> str:
    """Say how the latest quarter's points stand to the mean: 'all three months of the quarter were below ...'.

    As recorded; where the chart is without its season, how they stand then is added. Returns '' when the quarter has
    no points.
    """
    known = latest[latest["recorded"].notna()]
    if known.empty:
        return ""
    expected = f"the mean expected level of {in_unit(known['mean'].iloc[-1], unit)}"
    recorded = _sides(known["recorded"], known["mean"])
    said = _level(recorded, len(known), expected, periodicity)
    if not known["adjusted"].any():
        return said
    without = _sides(known["value"], known["mean"])
    if without == recorded:
        return f"{said}, also {FOR_THE_SEASON}"
    return f"{said} ({FOR_THE_SEASON}, {listed([f'{count_words(n)} {side}' for side, n in without])})"


def _sides(values: pd.Series, mean: pd.Series) -> list[tuple[str, int]]:
    """Return how many values lie below, above and at the mean, those that none does left out."""
    counts = {"below": (values < mean).sum(), "above": (values > mean).sum(), "at": (values == mean).sum()}
    return [(side, int(count)) for side, count in counts.items() if count]


def _level(found: list[tuple[str, int]], points: int, expected: str, periodicity: str) -> str:
    if periodicity == "quarter":
        return f"the quarter was {found[0][0]} {expected}"
    if len(found) == 1:
        return f"all {count_words(points)} months of the quarter were {found[0][0]} {expected}"
    verb = "was" if found[0][1] == 1 else "were"
    parts = [f"{count_words(count)} {side}" for side, count in found]
    parts[0] = f"{count_words(found[0][1])} {verb} {found[0][0]}"
    return f"of the {count_words(points)} months of the quarter {listed(parts)} {expected}"


def signal_words(table: pd.DataFrame, periodicity: str) -> str:
    """Say whether the latest point is a special cause: 'significantly low in the latest two months (...)'."""
    last = table.iloc[-1]
    season = FOR_THE_SEASON if last["adjusted"] else ""
    if pd.isna(last["lower"]):
        return "too few points for limits"
    if not last["special_cause"]:
        return " ".join(filter(None, ["within expected levels", season]))
    same = (table["side"] == last["side"])[::-1].cumprod()
    run = min(int(same.sum()), 3 if periodicity == "month" else 1)
    high = last["side"] == "high"
    cause = CAUSES[last["special_cause"]].format(
        limit="upper" if high else "lower",
        direction="rising" if high else "falling",
        place="above" if high else "below",
        since=_since(table),
    )
    when = f"latest {periodicity}" if run == 1 else f"latest {count_words(run)} {periodicity}s"
    return f"significantly {last['side']} in the {when} ({', '.join(filter(None, [cause, season]))})"


def _since(table: pd.DataFrame) -> str:
    """Return the first period of the run of points on one side of the mean that the latest point ends."""
    side = np.sign(table["value"] - table["mean"])
    unlike = np.flatnonzero((side != side.iloc[-1]) | (table["segment"] != table["segment"].iloc[-1]))
    return period_words(table["period"].iloc[unlike[-1] + 1 if len(unlike) else 0])
