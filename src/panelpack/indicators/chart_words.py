"""What a control chart says in words: where the reported quarter stands, its signal, and each run that is flagged."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from panelpack.formats import Form, count_words, listed
from panelpack.indicators.control_charts import grain_of, reaches_quarter
from panelpack.periods import Quarter, key_of, month_words, period_words, shift_month
from panelpack.rendering.chart_text import NO_LIMITS

FOR_THE_SEASON = "for the season"
GRAIN_WORDS = {"half_year": "half year", "financial_year": "year", "calendar_year": "year"}  # of points, else as it is


def level_words(latest: pd.DataFrame, form: Form) -> str:
    """Say how the reported quarter's points stand to the average: 'all three months of the quarter were below ...'.

    As recorded: whether that is as usual for the season, is said by the signal. A month without a figure is named.
    Without limits the average is that of all points. Returns '' when the quarter has no points.
    """
    known = latest[latest["recorded"].notna()]
    if known.empty:
        return ""
    mean = "the average of its points," if known["no_limits"].iloc[-1] else "the average of"
    sides = _sides(known["recorded"], known["mean"])
    return f"{_level(sides, known, grain_of(known))} {mean} {form.words(known['mean'].iloc[-1])}"


def _sides(values: pd.Series, mean: pd.Series) -> list[tuple[str, int]]:
    """Return how many values lie below, above and at the mean, those that none does left out."""
    counts = {"below": (values < mean).sum(), "above": (values > mean).sum(), "at": (values == mean).sum()}
    return [(side, int(count)) for side, count in counts.items() if count]


def _level(sides: list[tuple[str, int]], known: pd.DataFrame, periodicity: str) -> str:
    """Say on which side of the mean the quarter, or how many of its months, lay: 'the quarter was below'."""
    if periodicity != "month":
        return f"the {grain_words(periodicity)} was {sides[0][0]}"
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


def grain_words(grain: str) -> str:
    """Return what a chart's points are as a reader calls one: 'quarter', 'half year', 'year'."""
    return GRAIN_WORDS.get(grain, grain)


def months_words(months: Sequence[str]) -> str:
    """Return months of one quarter as 'April and May YYYY'."""
    return f"{listed([month_words(month).split()[0] for month in months])} {months[-1][:4]}"


SIGNAL_CAUSES = {
    "outside": "beyond the {limit} limit",
    "trend": "part of a {direction} trend",
    "two_of_three": "close to the {limit} limit, with others",
    "shift": "part of a run {place} the mean",
}
# What the icons of Making Data Count mean, in words; {way} is higher or lower.
VARIATION = {
    "improvement": "better: {way} than usual",
    "concern": "worse: {way} than usual",
    "neither": "changed: {way} than usual",
    "common_cause": "as usual",
}
ASSURANCE = {
    "consistently_met": "consistently meets the target of {target}",
    "consistently_missed": "consistently misses the target of {target}",
    "hit_and_miss": "hit and miss: chance decides whether the target of {target} is met",
    "": "not judged against the target of {target}",
}


def variation_words(table: pd.DataFrame) -> str:
    """Return what the variation icon of the latest point means; '' where the series ends before the quarter."""
    if not reaches_quarter(table):
        return ""
    last = table.iloc[-1]
    if last["no_limits"]:
        return f"no usual range: {NO_LIMITS[last['no_limits']]}"
    return VARIATION[last["variation"]].format(way="higher" if last["side"] == "high" else "lower")


def assurance_words(table: pd.DataFrame, form: Form) -> str:
    """Return what the assurance icon of the latest point means.

    '' where the series has no target, or ends before the quarter.
    """
    if "assurance" not in table or not reaches_quarter(table):
        return ""
    last = table.iloc[-1]
    return ASSURANCE[last["assurance"]].format(target=form.words(last["target"]))


def signal_words(table: pd.DataFrame) -> str:
    """Say whether the quarter's newest points are as usual: 'lower than usual in May and June (for the season)'.

    It names the newest of the quarter's points that are signals on one side; by which rule is said to reviewers
    (`signal_runs`). Where a run on one side of the average is the signal, it says since when. Returns '' where the
    series ends before the quarter.
    """
    if not reaches_quarter(table):
        return ""
    last, grain = table.iloc[-1], grain_of(table)
    season = FOR_THE_SEASON if last["adjusted"] else ""
    if last["no_limits"]:
        return f"shown without a usual range ({NO_LIMITS[last['no_limits']]})"
    # Where the quarter goes on after the latest point, the month is named.
    ends_early = grain == "month" and last["period"] != Quarter.of_month(last["period"]).months[-1]
    if not last["special_cause"]:
        return " ".join(filter(None, ["as usual", season, f"in {period_words(last['period'])}" if ends_early else ""]))
    alike = (table[["side", "segment"]] == last[["side", "segment"]]).all(axis=1) & (table["special_cause"] != "")
    run = min(int(alike[::-1].cumprod().sum()), int(table["latest"].sum()))
    when = f"in the latest {grain_words(grain)}"
    if grain == "month":
        named = months_words(list(table["period"].tail(run)))
        when = f"in {named if ends_early else named.rsplit(' ', 1)[0]}"
    words = f"{'higher' if last['side'] == 'high' else 'lower'} than usual {when}"
    since = ""
    if last["special_cause"] == "shift":
        side = "above" if last["side"] == "high" else "below"
        since = f"{side} average every {grain_words(grain)} since {_since(table)}"
    said = ", ".join(filter(None, [since, season]))
    return f"{words} ({said})" if said else words


def _cause_words(point: pd.Series) -> str:
    """Return by which rule a point is special: 'beyond the upper limit'; for reviewers."""
    high = point["side"] == "high"
    return SIGNAL_CAUSES[point["special_cause"]].format(
        limit="upper" if high else "lower",
        direction="rising" if high else "falling",
        place="above" if high else "below",
    )


def _since(table: pd.DataFrame) -> str:
    """Return the first period of the run of points on one side of the mean that the latest point ends."""
    side = np.sign(table["value"] - table["mean"])
    unlike = np.flatnonzero((side != side.iloc[-1]) | (table["segment"] != table["segment"].iloc[-1]))
    return period_words(table["period"].iloc[unlike[-1] + 1 if len(unlike) else 0])


def signal_runs(table: pd.DataFrame, form: Form) -> Iterator[tuple[str, str]]:
    """Yield when a chart has a signal and, in a sentence, why: neighbours that are special by one rule on one side."""
    kind = table[["special_cause", "side", "segment"]]
    for _, run in table.groupby((kind != kind.shift()).any(axis=1).cumsum()):
        if run["special_cause"].iloc[0]:
            first, last = (period_words(run["period"].iloc[place]) for place in (0, -1))
            yield first if len(run) == 1 else f"{first} to {last}", _run_sentence(run, form)


def _run_sentence(run: pd.DataFrame, form: Form) -> str:
    """Return why the points of a run are special: 'Five months unusually high: part of a run above the mean ...'."""
    last, grain = run.iloc[-1], grain_of(run)
    low, high = (form.words(end) for end in (run["value"].min(), run["value"].max()))
    values = low if low == high else f"{low} to {high}"
    against = f"the mean is {form.words(last['mean'])}"
    if last["special_cause"] in ("outside", "two_of_three"):
        limit = "upper" if last["side"] == "high" else "lower"
        ends = [form.words(end) for end in (run[limit].min(), run[limit].max())]
        against = f"the limit is {' to '.join(dict.fromkeys(ends))}"
    points = f"{count_words(len(run))} {grain_words(grain)}{'s' * (len(run) > 1)}"
    season = f" {FOR_THE_SEASON}" if last["adjusted"] else ""
    words = f"{points} unusually {last['side']}{season}, {_cause_words(last)}: {values}, where {against}."
    return words[:1].upper() + words[1:]


def describe_chart(table: pd.DataFrame, quarter: Quarter, form: Form) -> dict[str, Any]:
    """Return what the commentary may say of a series' chart: mean, the reported quarter, the signal, low and high.

    Low and high are those of the 12 months (4 quarters, or the years that hold them) that end with the quarter, as
    recorded. Of a series that ends before the quarter there is no level, no signal, no variation and no assurance; of
    one without points, nothing.
    """
    if table.empty:
        return {}
    first = key_of(shift_month(quarter.months[-1], -11), grain_of(table))
    recent, reached = table.loc[table["period"] >= first, "recorded"].dropna(), reaches_quarter(table)
    facts = {
        "mean": _finite(table["mean"].iloc[-1]),
        "level": level_words(table[table["latest"]], form),
        "signal": signal_words(table),
        "variation": table["variation"].iloc[-1] if reached else "",
        "assurance": table["assurance"].iloc[-1] if reached and "assurance" in table else "",
        "adjusted": bool(table["adjusted"].iloc[-1]),
    }
    if len(recent):
        for name, place in (("low", recent.idxmin()), ("high", recent.idxmax())):
            facts |= {name: _finite(recent[place]), f"{name}_period": period_words(table["period"][place])}
    return facts


def _finite(value: float) -> float | None:
    """Return None for a number that is none."""
    return None if np.isnan(value) else float(value)
