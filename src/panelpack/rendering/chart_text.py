"""The words and figures of a chart: its alternative text, its caption, and the table of the data behind it."""

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from panelpack.formats import rounded

UNITS = {"count": "Number", "percent": "Per cent", "gbp_million": "£ million"}
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
}
_MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
_QUARTERS = ["Q1", "Q2", "Q3", "Q4"]


def run_chart_alt(points: pd.DataFrame, unit: str, title: str) -> str:
    """The alternative text of a run chart: what, when, lowest, highest, latest, mean, special causes.

    points as in `charts.run_chart`; without a single value the text says so. Values are as recorded.
    """
    known = points[points["recorded"].notna()]
    if known.empty:
        return f"{title}: no values."
    low, high, last = (
        known.loc[place] for place in (known["recorded"].idxmin(), known["recorded"].idxmax(), known.index[-1])
    )
    extremes = ", ".join(
        f"{word} {value_text(row['recorded'], unit)} in {row['label']}"
        for word, row in (("lowest", low), ("highest", high), ("latest", last))
    )
    mean = np.nan if points["no_limits"].iloc[-1] else last_known(points["mean"])
    level = "" if np.isnan(mean) else f"; mean expected level {value_text(mean, unit)}"
    season = " The limits and signals are of the values without their season." if points["adjusted"].any() else ""
    causes = list(_special_causes(points))
    ending = f" Special causes: {'; '.join(causes)}." if causes else ("" if np.isnan(mean) else " No special causes.")
    if why := points["no_limits"].iloc[-1]:
        ending = f" No limits: {NO_LIMITS[why]}.{ending}"
    return f"{title}, {_unit_words(unit)}, {_span(points)}: {extremes}{level}.{season}{ending}"


def projection_alt(
    points: pd.DataFrame, fan: pd.DataFrame, unit: str, title: str, *, baseline: float, baseline_label: str
) -> str:
    """The alternative text of a projection: what, when, latest, each projected year, and the baseline.

    Arguments as in `charts.projection_chart`.
    """
    years = " ".join(
        f"Projected for {row['label']}: {value_text(row['total'], unit)}, 80% prediction interval "
        f"{value_text(row['lower_80'], unit)} to {value_text(row['upper_80'], unit)}, 95% prediction interval "
        f"{value_text(row['lower_95'], unit)} to {value_text(row['upper_95'], unit)}."
        for row in fan.to_dict("records")
    )
    return (
        f"{title}, {_unit_words(unit)}, 12-month totals, {_span(points)}: latest "
        f"{value_text(last_known(points['value']), unit)}. {years} The {baseline_label} is "
        f"{value_text(baseline, unit)}."
    )


def caption(points: pd.DataFrame) -> str:
    """The periods that a chart spans, those whose values fix its latest limits, and whether its season is out."""
    season = ", with the season taken out" if points["adjusted"].any() else ""
    if why := points["no_limits"].iloc[-1]:
        part = points["label"][points["segment"] == points["segment"].iloc[-1]]
        since = "" if points["lower"].isna().all() else f" since {part.iloc[0]}"
        return f"{_span(points)}; no limits{since}: {NO_LIMITS[why]}{season}"
    fixing = points[points["baseline"] & (points["segment"] == points["segment"].iloc[-1])]
    fixed = f"mean and limits from {fixing['label'].iloc[0]} to {fixing['label'].iloc[-1]} ({len(fixing)} points)"
    return f"{_span(points)}; {fixed}{season}"


def data_table(
    points: pd.DataFrame, unit: str, decimals: int, total: bool = True, revised: Collection[str] = ()
) -> list[dict[str, str]]:
    """The figures behind a chart as display strings: a row a financial year, a column a month or quarter.

    points: `period` (a month "YYYY-MM" or a quarter label "YYYYQn") and value. With `total`, counts of months get a
    Total, only for years that are complete. The values of `revised` periods are marked [r].
    """
    monthly = "-" in str(points["period"].iloc[0])
    columns = _MONTHS if monthly else _QUARTERS
    places = [_place(str(period)) for period in points["period"]]
    grid = (
        pd.DataFrame(places, columns=["Year", "column"])
        .assign(value=points["value"].to_numpy(float))
        .pivot(index="Year", columns="column", values="value")
        .reindex(columns=columns)
    )
    shown = grid.map(lambda value: "" if np.isnan(value) else _printed(value, decimals))
    if total and monthly and unit not in ("percent", "%"):
        shown["Total"] = [_printed(row.sum(), decimals) if row.notna().all() else "" for _, row in grid.iterrows()]
    for year, column in (_place(period) for period in sorted(revised)):
        if shown.get(column, pd.Series(dtype=str)).get(year):
            shown.loc[year, column] += " [r]"
    table = shown.rename(index=_financial_year).rename_axis(columns=None).reset_index()
    rows: list[dict[str, str]] = table.to_dict("records")
    return rows


def value_text(value: float, unit: str) -> str:
    """A value as a chart prints it: 76.4%, £21.7m, 4,010; a count below 100 that is not whole to one decimal."""
    if unit in ("percent", "%"):
        return f"{_printed(value, 1)}%"
    if unit == "gbp_million":
        return f"£{_printed(value, 1)}m"
    return _printed(value, 0 if abs(value) >= 100 or float(value).is_integer() else 1)


def last_known(values: pd.Series) -> float:
    """The last value that is there; NaN where there is none."""
    known = values.dropna()
    return float(known.iloc[-1]) if len(known) else float("nan")


def _printed(value: float, decimals: int) -> str:
    return f"{rounded(value, decimals):,}"


def _unit_words(unit: str) -> str:
    return UNITS.get(unit, unit).lower()


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


def _place(period: str) -> tuple[int, str]:
    """First calendar year of the financial year, and the column."""
    if "Q" in period:
        return int(period[:4]), period[4:]
    year, month = map(int, period.split("-"))
    return year - (month < 4), _MONTHS[(month - 4) % 12]


def _financial_year(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"
