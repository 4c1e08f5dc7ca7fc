"""Control charts of the series, and what each says in words: where the latest quarter stands, and any signal."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from panelpack.config.plan import Series
from panelpack.errors import ConfigurationError
from panelpack.formats import count_words, in_unit, listed
from panelpack.indicators import series
from panelpack.periods import Quarter, latest_keys, month_words, period_words, shift_month
from panelpack.statistics import seasonality, spc

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
    words = f"{_level(recorded, known, periodicity)} the mean expected level of {in_unit(known['mean'].iloc[-1], unit)}"
    if not known["adjusted"].any():
        return words
    if without == recorded:
        return f"{words}, also {FOR_THE_SEASON}"
    return f"{words} ({FOR_THE_SEASON}, {_side_words(without)})"


def _sides(values: pd.Series, mean: pd.Series) -> list[tuple[str, int]]:
    """Return how many values lie below, above and at the mean, those that none does left out."""
    counts = {"below": (values < mean).sum(), "above": (values > mean).sum(), "at": (values == mean).sum()}
    return [(side, int(count)) for side, count in counts.items() if count]


def _side_words(sides: list[tuple[str, int]]) -> str:
    """Return 'two below and one above'; 'both below' for two, and 'below' for a single point."""
    if len(sides) == 1 and sides[0][1] < 3:
        return f"{'both ' if sides[0][1] == 2 else ''}{sides[0][0]}"
    return listed([f"{count_words(count)} {side}" for side, count in sides])


def _level(sides: list[tuple[str, int]], known: pd.DataFrame, periodicity: str) -> str:
    """Say on which side of the mean the quarter, or how many of its months, lay: 'the quarter was below'."""
    if periodicity == "quarter":
        return f"the quarter was {sides[0][0]}"
    points, side = len(known), sides[0][0]
    missing = [month for month in Quarter.of_month(known["period"].iloc[0]).months if month not in set(known["period"])]
    has = "has" if len(missing) == 1 else "have"
    quarter = f"of the quarter{f' with a figure ({months_words(missing)} {has} none)' if missing else ''}"
    if points == 1:
        return f"the one month {quarter} was {side}"
    if len(sides) == 1:
        return f"{'both' if points == 2 else f'all {count_words(points)}'} months {quarter} were {side}"
    verb = "was" if sides[0][1] == 1 else "were"
    parts = [f"{count_words(count)} {side}" for side, count in sides]
    parts[0] = f"{count_words(sides[0][1])} {verb} {side}"
    return f"of the {count_words(points)} months {quarter} {listed(parts)}"


def months_words(months: Sequence[str]) -> str:
    """Return months of one quarter as 'April and May YYYY'."""
    return f"{listed([month_words(month).split()[0] for month in months])} {months[-1][:4]}"


SIGNAL_CAUSES = {
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


def draw_up(points: pd.DataFrame, quarter: Quarter, periodicity: str, spec: Series, polarity: str) -> pd.DataFrame:
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
        latest=np.isin(keys, latest_keys(quarter, periodicity)),
    )


def _place(keys: Sequence[str], period: str, spec: Series, key: str) -> int:
    if period not in keys:
        raise ConfigurationError(
            f"params/plan.yml, series {spec.title!r}, {key}: found {period!r}, expected a period of the data, "
            f"{keys[0]} to {keys[-1]}. Correct or remove it."
        )
    return keys.index(period)


def describe_chart(table: pd.DataFrame, quarter: Quarter, periodicity: str, unit: str | None) -> dict[str, Any]:
    """Return what the commentary may say of a series' chart: mean, the reported quarter, the signal, low and high.

    Low and high are those of the 12 months (4 quarters) that end with the quarter, as recorded. Of a series that ends
    before the quarter there is no level, no signal, no variation and no assurance.
    """
    first = shift_month(quarter.months[-1], -11) if periodicity == "month" else str(quarter.shift(-3))
    recent, reached = table.loc[table["period"] >= first, "recorded"].dropna(), _reaches_quarter(table)
    facts = {
        "mean": _finite(table["mean"].iloc[-1]),
        "level": level_words(table[table["latest"]], unit, periodicity),
        "signal": signal_words(table, periodicity),
        "variation": table["variation"].iloc[-1] if reached else "",
        "assurance": table["assurance"].iloc[-1] if reached and "assurance" in table else "",
        "adjusted": bool(table["adjusted"].iloc[-1]),
    }
    if len(recent):
        for name, place in (("low", recent.idxmin()), ("high", recent.idxmax())):
            facts |= {name: _finite(recent[place]), f"{name}_period": period_words(table["period"][place])}
    return facts


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
    cause = SIGNAL_CAUSES[last["special_cause"]].format(
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


def _finite(value: float) -> float | None:
    """Return None for a number that is none."""
    return None if np.isnan(value) else float(value)
