"""The prepare notebook's page: what each series covers, what was restated, what may not be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.plan import Plan
from panelpack.disclosure.areas import base_name
from panelpack.disclosure.grains import NOTHING
from panelpack.disclosure.restated import not_compared
from panelpack.formats import number, p_words, percent
from panelpack.indicators.missing import missing_points
from panelpack.indicators.quarter_data import NO_POINTS, QuarterData
from panelpack.pages.restated import restated_table
from panelpack.periods import key_range, last_day
from panelpack.rendering.charts import Chart
from panelpack.rendering.coverage_chart import Row, coverage_charts
from panelpack.rendering.prose import Text
from panelpack.rendering.table import Table
from panelpack.shorthand import CONFIDENTIAL, NOT_AVAILABLE, sign_of_gap
from panelpack.statistics.significance import FALSE_DISCOVERIES

STATE_OF_SIGN = {CONFIDENTIAL: "hidden", NOT_AVAILABLE: "missing"}  # where a figure does not apply, nothing belongs


def prepared_series(office: Configuration, tables: Mapping[str, pd.DataFrame]) -> Table | Text:
    """Return what each series covers, and the sum of what adds up: of values, or of what percentages are out of."""
    rows = [
        {
            "Series": str(name),
            "Table": table,
            "First": points["period"].iloc[0],
            "Last": points["period"].iloc[-1],
            "Points": number(len(points)),
            "Sum": _sum_words(office.plan, str(name), points),
        }
        for table, frame in tables.items()
        for name, points in frame.groupby("series", sort=False)
    ]
    if not rows:
        return Text("No series has a number: the suppliers gave none for any period.")
    return Table(rows, "Series prepared", align={"First": "left", "Last": "left"})


def points_charts(data: QuarterData) -> Sequence[Chart | Text]:
    """Return the picture of which points each series of the plan has, and which of them are hidden or missing.

    It shows no more than the tables do: of a series of which no point is shown, and of one whose table is withheld,
    only that. A plan of very many series has several pictures.
    """
    rows = [_row(data, name) for name in data.plan.series]
    if not any(row.points for row in rows):
        return [Text("No series has a point that is shown.")]
    return coverage_charts(rows)


def _row(data: QuarterData, name: str) -> Row:
    title = data.plan.series[name].title
    if status := data.office.withheld(data.plan.series[name].table):
        return Row(title, {}, f"nothing is shown: its table is {status}")
    points, grain = data.points.get(name, NO_POINTS), data.grain(name)
    if points.empty:
        return Row(title, {}, "no point is shown, only figures" if grain == NOTHING else "no point is there")
    states = dict.fromkeys(map(str, points["period"]), "shown")
    if grain == "date":
        of_series = data.gaps[
            (data.gaps["series"] == name) & (data.gaps["period"] <= last_day(data.quarter).isoformat())
        ]
        signs = {str(day): sign_of_gap(why) for day, why in zip(of_series["period"], of_series["meaning"], strict=True)}
    elif name in set(data.gaps["series"]) or len(points) < len(key_range(min(states), max(states))):
        signs = missing_points(data, name, points)
    else:  # most have every point
        signs = {}
    return Row(title, {key: STATE_OF_SIGN[sign] for key, sign in signs.items() if sign in STATE_OF_SIGN} | states)


def _sum_words(plan: Plan, name: str, points: pd.DataFrame) -> str:
    spec = plan.series[base_name(name)]
    if spec.kind in ("share", "duration"):
        return number(points["base"].sum()) if points["base"].notna().any() else ""
    return "" if plan.is_worked_out(spec) or spec.kind == "stock" else number(points["value"].sum())


def restated(changes: pd.DataFrame, office: Configuration) -> Table | Text:
    """Return the figures that suppliers restated since the drop of the quarter before, and what was not compared."""
    missing = ", ".join(name.replace("_", " ") for name in not_compared(office))
    note = f"Not compared, as the quarter before has no such data: {missing}." if missing else ""
    table = restated_table(changes, "Figures restated since the data of the quarter before")
    if table is None:
        return Text(f"Nothing was restated. {note}".strip())
    return replace(table, notes=[*table.notes, note]) if note else table


def comparisons_table(plan: Plan, comparisons: pd.DataFrame) -> Table | Text:
    """Return each comparison with its p-value, smallest first, and whether it stands out among all of them."""
    rows = [
        {
            "Indicator": f"{plan.figures[row['indicator']].title} ({row['priority']})",
            "p-value": p_words(row["p_value"]),
            "More than chance": "yes" if row["more_than_chance"] else "no",
        }
        for row in comparisons.sort_values(["p_value", "indicator"]).to_dict("records")
    ]
    notes = [
        f"By Benjamini and Hochberg's procedure: at most {percent(100 * FALSE_DISCOVERIES, 0)} of those that stand out "
        "are expected to do so by chance alone."
    ]
    widths, align = [4, 1.2, 1.6], {"More than chance": "left"}
    caption = "Comparisons judged together"
    return Table(rows, caption, notes=notes, widths=widths, align=align) if rows else Text("Nothing is tested.")


def withheld_table(office: Configuration) -> Table | Text:
    """Return the tables that may not be shown at the meeting, and why."""
    entries = office.parameters.availability
    rows = [
        {"Table": name, "Status": office.withheld(name), "Reason": entries[name].words}
        for name in office.plan.tables
        if office.withheld(name)
    ]
    return Table(rows, "Tables withheld", widths=[1, 1, 4]) if rows else Text("Every table may be shown.")
