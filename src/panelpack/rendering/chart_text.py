"""The words and figures of a chart: its alternative text, its caption, and the table of the data behind it."""

from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd

from panelpack.formats import Form, listed, number
from panelpack.periods import periodicity_of, year_label
from panelpack.shorthand import LOW, NAMES, REVISED, strongest

CAUSE_LABELS = {
    "outside": "outside the limits",
    "trend": "trend",
    "two_of_three": "two of three near a limit",
    "shift": "shift",
}
SIDES = {"high": "unusually high", "low": "unusually low", "": "special cause"}
# Why a chart, or a part of it, has no limits.
NO_LIMITS = {
    "few": "too few points",
    "rare": "fewer than one on average",
    "unsteady": "no stable period to fix them",
    "smoothed": "its points vary far less than their samples can",
    "slow": "too few points in a year for limits",
}
_MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
MOST_NAMED = 3  # periods that are not shown, of one reason
_OF_YEAR = "Value"  # the column of a year that has no parts
_SIGNS = ("percent", "gbp", "gbp_million")  # units that are a sign at the number
_PLACES = {"month": _MONTHS, "quarter": ["Q1", "Q2", "Q3", "Q4"], "half_year": ["Apr to Sep", "Oct to Mar"]}


def run_chart_alt(points: pd.DataFrame, form: Form, title: str, missing: Mapping[str, str] | None = None) -> str:
    """The alternative text of a run chart: what, when, lowest, highest, latest, mean, special causes, what is missing.

    points and missing as in `charts.run_chart`; without a single value the text says so. Values are as recorded.
    """
    known = points[points["recorded"].notna()]
    if known.empty:
        return f"{title}: no values."
    low, high, last = (
        known.loc[place] for place in (known["recorded"].idxmin(), known["recorded"].idxmax(), known.index[-1])
    )
    extremes = ", ".join(
        f"{word} {value_text(row['recorded'], form)} in {row['label']}"
        for word, row in (("lowest", low), ("highest", high), ("latest", last))
    )
    mean = np.nan if points["no_limits"].iloc[-1] else last_known(points["mean"])
    level = "" if np.isnan(mean) else f"; mean expected level {value_text(mean, form)}"
    season = " The limits and signals are of the values without their season." if points["adjusted"].any() else ""
    causes = list(_special_causes(points))
    ending = f" Special causes: {'; '.join(causes)}." if causes else ("" if np.isnan(mean) else " No special causes.")
    if why := points["no_limits"].iloc[-1]:
        ending = f" No limits: {NO_LIMITS[why]}.{ending}"
    gaps = f" {words[:1].upper()}{words[1:]}." if (words := missing_words(missing or {})) else ""
    return f"{title}, {form.axis.lower()}, {_span(points)}: {extremes}{level}.{gaps}{season}{ending}"


def missing_words(missing: Mapping[str, str]) -> str:
    """Say how many points are not shown and why: 'not shown: 2 points (confidential: May YYYY and Jun YYYY)'.

    missing: the sign of each by its label. Up to MOST_NAMED of a reason are named. '' where none is missing.
    """
    parts = []
    for sign, name in NAMES.items():
        if labels := [label for label, of in missing.items() if of == sign]:
            named = f": {listed(labels)}" if len(labels) <= MOST_NAMED else ""
            parts.append(f"{number(len(labels))} point{'s' * (len(labels) != 1)} ({name}{named})")
    return f"not shown: {listed(parts)}" if parts else ""


def projection_alt(
    points: pd.DataFrame, fan: pd.DataFrame, form: Form, title: str, *, baseline: float, baseline_label: str
) -> str:
    """The alternative text of a projection: what, when, latest, each projected year, and the baseline.

    Arguments as in `charts.projection_chart`.
    """
    years = " ".join(
        f"Projected for {row['label']}: {value_text(row['total'], form)}, 80% prediction interval "
        f"{value_text(row['lower_80'], form)} to {value_text(row['upper_80'], form)}, 95% prediction interval "
        f"{value_text(row['lower_95'], form)} to {value_text(row['upper_95'], form)}."
        for row in fan.to_dict("records")
    )
    return (
        f"{title}, {form.axis.lower()}, 12-month totals, {_span(points)}: latest "
        f"{value_text(last_known(points['value']), form)}. {years} The {baseline_label} is "
        f"{value_text(baseline, form)}."
    )


def caption(points: pd.DataFrame, missing: Mapping[str, str] | None = None) -> str:
    """The periods that a chart spans, what is missing, what fixes its latest limits, and whether its season is out."""
    gaps = f"; {words}" if (words := missing_words(missing or {})) else ""
    season = (", with the season taken out" if points["adjusted"].any() else "") + gaps
    if why := points["no_limits"].iloc[-1]:
        part = points["label"][points["segment"] == points["segment"].iloc[-1]]
        since = "" if points["lower"].isna().all() else f" since {part.iloc[0]}"
        return f"{_span(points)}; no limits{since}: {NO_LIMITS[why]}{season}"
    fixing = points[points["baseline"] & (points["segment"] == points["segment"].iloc[-1])]
    fixed = f"mean and limits from {fixing['label'].iloc[0]} to {fixing['label'].iloc[-1]} ({len(fixing)} points)"
    return f"{_span(points)}; {fixed}{season}"


def data_table(
    points: pd.DataFrame,
    form: Form,
    total: bool = True,
    revised: Collection[str] = (),
    missing: Mapping[str, str] | None = None,
) -> list[dict[str, str]]:
    """The figures behind a chart as display strings: a row a year, a column a month, quarter or half-year of it.

    points: `period` (as panelpack.periods writes its keys) and value. missing: the sign of each period that is not
    shown, which may lie outside the points. With `total`, months get a Total, only for years that are complete; that of
    a year which lacks a month is its sign, and never the sum of the others. The values of `revised` periods are marked
    [r].
    """
    grain = periodicity_of(str(points["period"].iloc[0]))
    columns = _PLACES.get(grain, [_OF_YEAR])
    values = dict(zip(map(str, points["period"]), points["value"].to_numpy(float), strict=True))
    signs = {_place(period): sign for period, sign in (missing or {}).items() if np.isnan(values.get(period, np.nan))}
    places = {_place(period): value for period, value in values.items()}
    frame = pd.DataFrame(dict.fromkeys(signs, np.nan) | places, index=["value"]).T
    grid = frame["value"].unstack().reindex(columns=columns).rename_axis(index="Year")
    shown = grid.map(lambda value: "" if np.isnan(value) else _cell(value, form))
    for (year, column), sign in signs.items():
        shown.loc[year, column] = sign
    if total and grain == "month":
        shown["Total"] = [
            _cell(row.sum(), form) if row.notna().all() else strongest(shown.loc[year]) for year, row in grid.iterrows()
        ]
    for year, column in (_place(period) for period in sorted(revised)):
        if column in grid and not np.isnan(grid[column].get(year, np.nan)):
            shown.loc[year, column] += f" {REVISED}"
    rows: list[dict[str, str]] = shown.rename_axis(columns=None).reset_index().to_dict("records")
    return rows


def value_text(value: float, form: Form) -> str:
    """A value as a chart prints it, its unit being at the axis: 76.4%, £21.7m, 4,010, 10.2.

    A count below 100 that is not whole, such as a mean, has one decimal.
    """
    if form.unit == "count":
        return number(value, 0 if abs(value) >= 100 or float(value).is_integer() else 1)
    return form.words(value) if form.unit in _SIGNS else number(value, form.decimals)


def _cell(value: float, form: Form) -> str:
    """A value in a table that says its unit above."""
    if form.is_low(value):
        return LOW
    return form.words(value) if form.unit in ("gbp", "gbp_million") else number(value, form.decimals)


def last_known(values: pd.Series) -> float:
    """The last value that is there; NaN where there is none."""
    known = values.dropna()
    return float(known.iloc[-1]) if len(known) else float("nan")


def _span(points: pd.DataFrame) -> str:
    return f"{points['label'].iloc[0]} to {points['label'].iloc[-1]}"


def _special_causes(points: pd.DataFrame) -> Iterator[str]:
    """Each run of neighbours with the same cause and side, in words."""
    run = (points[["special_cause", "side"]] != points[["special_cause", "side"]].shift()).any(axis=1).cumsum()
    for _, group in points.groupby(run):
        cause, side = group[["special_cause", "side"]].iloc[0]
        if cause:
            first, last = group["label"].iloc[0], group["label"].iloc[-1]
            when = first if first == last else f"{first} to {last}"
            yield f"{SIDES[side]} {when} ({CAUSE_LABELS[cause]})" if side else f"{when} ({CAUSE_LABELS[cause]})"


def _place(period: str) -> tuple[str, str]:
    """The year of a period, and the column of its part of the year."""
    grain = periodicity_of(period)
    if grain == "month":
        year, month = map(int, period.split("-"))
        return year_label(year - (month < 4)), _MONTHS[(month - 4) % 12]
    if grain in _PLACES:
        return year_label(int(period[:4])), _PLACES[grain][int(period[5]) - 1]
    return period, _OF_YEAR
