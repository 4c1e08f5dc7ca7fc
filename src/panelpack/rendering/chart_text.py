"""The words and figures of a chart: what its points mean, its caption, and the table of the data behind it."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from panelpack.formats import Form, listed, number
from panelpack.periods import periodicity_of, year_label
from panelpack.shorthand import LOW, NAMES, REVISED, strongest

KIND_OF = {"improvement": "better", "concern": "worse", "neither": "changed"}  # a signal, by its variation
# Why a chart, or a part of it, has no limits.
NO_LIMITS = {
    "few": "too few points",
    "rare": "fewer than one on average",
    "unsteady": "its level was never steady for long enough",
    "smoothed": "its points vary far less than their samples can",
    "slow": "too few points in a year",
}
_MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
MOST_NAMED = 3  # periods that are not shown, of one reason
_OF_YEAR = "Value"  # the column of a year that has no parts
_SIGNS = ("percent", "gbp", "gbp_million")  # units that are a sign at the number
_PLACES = {"month": _MONTHS, "quarter": ["Q1", "Q2", "Q3", "Q4"], "half_year": ["Apr to Sep", "Oct to Mar"]}


def kinds_of(points: pd.DataFrame) -> list[str]:
    """Return what each point of a chart means: "better", "worse", "changed", or "same" for one that is no signal.

    points: special_cause ("" for none), and variation where the chart's measure has a better side.
    """
    meant = points["variation"] if "variation" in points else pd.Series("", index=points.index)
    return [
        KIND_OF.get(variation, "changed") if cause else "same"
        for cause, variation in zip(points["special_cause"], meant, strict=True)
    ]


def newest_run(points: pd.DataFrame) -> list[int]:
    """Return the places of the newest signals, neighbours on one side; none where the chart has no signal."""
    kinds, sides = kinds_of(points), list(points["side"])
    run: list[int] = []
    for place in range(len(points) - 1, -1, -1):
        if kinds[place] != "same" and (not run or sides[place] == sides[run[0]]):
            run.insert(0, place)
        elif run:
            break
    return run


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


def caption(points: pd.DataFrame, missing: Mapping[str, str] | None = None) -> str:
    """Say in sentences where the usual range is from, whether the season is out, and what is not shown, and why."""
    sentences = []
    part = points[points["segment"] == points["segment"].iloc[-1]]
    if why := points["no_limits"].iloc[-1]:
        since = "" if points["lower"].isna().all() else f" since {part['label'].iloc[0]}"
        sentences.append(f"No usual range{since}: {NO_LIMITS[why]}.")
    elif (fixing := part[part["baseline"]])["label"].any():
        span = f"{fixing['label'].iloc[0]} to {fixing['label'].iloc[-1]}"
        sentences.append(f"Average and usual range are those of {span} ({number(len(fixing))} points).")
    if points["adjusted"].any():
        sentences.append("The season is taken out; the dotted line is as recorded.")
    if words := missing_words(missing or {}):
        sentences.append(f"{words[:1].upper()}{words[1:]}.")
    return " ".join(sentences)


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

    A count below 10 that is not whole, such as a mean, has one decimal.
    """
    if form.unit == "count":
        return number(value, 0 if abs(value) >= 10 or float(value).is_integer() else 1)
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


def _place(period: str) -> tuple[str, str]:
    """The year of a period, and the column of its part of the year."""
    grain = periodicity_of(period)
    if grain == "month":
        year, month = map(int, period.split("-"))
        return year_label(year - (month < 4)), _MONTHS[(month - 4) % 12]
    if grain in _PLACES:
        return year_label(int(period[:4])), _PLACES[grain][int(period[5]) - 1]
    return period, _OF_YEAR
