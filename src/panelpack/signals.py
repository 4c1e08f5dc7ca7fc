"""What a control chart says, in words: where the latest quarter stands, and whether that is a signal."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from panelpack import seasonality, series, spc
from panelpack.errors import ConfigurationError
from panelpack.figures import finite
from panelpack.formats import count_words, in_unit
from panelpack.levels import FOR_THE_SEASON, level_words, months_words
from panelpack.plan import Series
from panelpack.quarters import Quarter, month_words, shift_month

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


def chart(points: pd.DataFrame, quarter: Quarter, periodicity: str, spec: Series, polarity: str) -> pd.DataFrame:
    """Return a series' control chart: a row a month or quarter from the first to the last, gaps as missing values.

    It goes no further than the reported quarter: later points say nothing of it, and would move its mean and limits.
    Columns: those of spc.xmr, where `value` is without the season if there is evidence of one; recorded (as
    supplied); adjusted (whether the season was taken out) and factor; period, and latest (of the reported quarter).
    Raises ConfigurationError where the plan starts new limits at a period, or ends them with one, that is not there.
    """
    recorded = series.continuous(series.up_to(points, quarter, periodicity), periodicity)
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


def describe(table: pd.DataFrame, quarter: Quarter, periodicity: str, unit: str | None) -> dict:
    """Return what the commentary may say of a series' chart: mean, the reported quarter, the signal, low and high.

    Low and high are those of the 12 months (4 quarters) that end with the quarter, as recorded. Of a series that ends
    before the quarter there is no level, no signal, no variation and no assurance.
    """
    first = shift_month(quarter.months[-1], -11) if periodicity == "month" else str(quarter.shift(-3))
    recent, reached = table.loc[table["period"] >= first, "recorded"].dropna(), _reaches_quarter(table)
    found = {
        "mean": finite(table["mean"].iloc[-1]),
        "level": level_words(table[table["latest"]], unit, periodicity),
        "signal": signal_words(table, periodicity),
        "variation": table["variation"].iloc[-1] if reached else "",
        "assurance": table["assurance"].iloc[-1] if reached and "assurance" in table else "",
        "adjusted": bool(table["adjusted"].iloc[-1]),
    }
    if len(recent):
        for name, place in (("low", recent.idxmin()), ("high", recent.idxmax())):
            found |= {name: finite(recent[place]), f"{name}_period": period_words(table["period"][place])}
    return found


def period_words(key: str) -> str:
    """Return a month or a quarter as a reader calls it."""
    return Quarter.parse(key).words if "Q" in key else month_words(key)


def variation_words(table: pd.DataFrame) -> str:
    """Return what the variation icon of the latest point means; '' where the series ends before the quarter."""
    if not _reaches_quarter(table):
        return ""
    last = table.iloc[-1]
    return VARIATION[last["variation"]].format(way="higher" if last["side"] == "high" else "lower")


def assurance_words(table: pd.DataFrame, unit: str | None) -> str:
    """Return what the assurance icon of the latest point means.

    '' where the series has no target, or ends before the quarter.
    """
    if "assurance" not in table or not _reaches_quarter(table):
        return ""
    last = table.iloc[-1]
    return ASSURANCE[last["assurance"]].format(target=in_unit(last["target"], unit))


def _reaches_quarter(table: pd.DataFrame) -> bool:
    """Whether the chart's latest point is one of the reported quarter; the last row of a chart always has a point."""
    return bool(table["latest"].iloc[-1])


def signal_words(table: pd.DataFrame, periodicity: str) -> str:
    """Say whether the quarter's latest point is a special cause: 'significantly low in the latest two months (...)'.

    The months are named where the quarter's last has no figure. Returns '' where the series ends before the quarter.
    """
    if not _reaches_quarter(table):
        return ""
    last = table.iloc[-1]
    season = FOR_THE_SEASON if last["adjusted"] else ""
    # Where the quarter goes on after the latest point, "the latest months" would be counted from another month.
    ends_early = periodicity == "month" and last["period"] != Quarter.of_month(last["period"]).months[-1]
    if pd.isna(last["lower"]):
        return "too few points for limits"
    if not last["special_cause"]:
        when = f" in {period_words(last['period'])}{',' * bool(season)}" if ends_early else ""
        return " ".join(filter(None, [f"within expected levels{when}", season]))
    same = (table["side"] == last["side"])[::-1].cumprod()
    high = last["side"] == "high"
    cause = CAUSES[last["special_cause"]].format(
        limit="upper" if high else "lower",
        direction="rising" if high else "falling",
        place="above" if high else "below",
        since=_since(table),
    )
    run = min(int(same.sum()), int(table["latest"].sum()))
    when = f"the latest {periodicity}" if run == 1 else f"the latest {count_words(run)} {periodicity}s"
    if ends_early:
        when = months_words(list(table["period"].tail(run)))
    return f"significantly {last['side']} in {when} ({', '.join(filter(None, [cause, season]))})"


def _since(table: pd.DataFrame) -> str:
    """Return the first period of the run of points on one side of the mean that the latest point ends."""
    side = np.sign(table["value"] - table["mean"])
    unlike = np.flatnonzero((side != side.iloc[-1]) | (table["segment"] != table["segment"].iloc[-1]))
    return period_words(table["period"].iloc[unlike[-1] + 1 if len(unlike) else 0])
