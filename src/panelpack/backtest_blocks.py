"""The tables and the chart of the back-test's page."""

import numpy as np
import pandas as pd

from panelpack.backtest import SHIPPED, learned_name
from panelpack.backtest_scores import COVERAGE, YARDSTICK, judge
from panelpack.backtest_split import Split
from panelpack.chart_axes import BLUE, GREY, INK, VERMILION, canvas, label_ends, periods, scale, svg
from panelpack.charts import Figure
from panelpack.formats import number, percent
from panelpack.quarters import Quarter, year_label
from panelpack.tables import Table


def words(name: str) -> str:
    """Return a method or a horizon as a reader meets it: 'Damped growth learned'."""
    return name.replace("_", " ").capitalize()


def shipped() -> str:
    """Return the name of the method that is shipped."""
    return learned_name(SHIPPED)


def judged_table(summary: pd.DataFrame, split: Split, caption: str) -> Table:
    """Return every method at both horizons on all series and the first period, best score first."""
    judged = judge(summary, split).sort_values(["horizon", "mean_interval_score_95"])
    rows = [
        {
            "Method": words(row["method"]),
            "Year": words(row["horizon"]),
            "95% covers": percent(100 * row["coverage_95"]),
            "80% covers": percent(100 * row["coverage_80"]),
            "Interval score": number(row["mean_interval_score_95"], 3),
            "Gain": percent(100 * row["gain"], 0),
            "MASE": number(row["mase"], 2),
            "Passes": "yes" if row["worthy"] else "no",
        }
        for row in judged.to_dict("records")
    ]
    notes = (
        "Interval score: mean score of the 95% interval (Gneiting and Raftery), in shares of the 12 months before "
        f"the forecast; lower is better. Gain: how much better than {words(YARDSTICK).lower()}.",
    )
    return Table(pd.DataFrame(rows), f"{caption}, origins {split.periods[0].name}", notes=notes)


def series_table(summary: pd.DataFrame) -> Table:
    """Return the shipped method by series, horizon and period."""
    ours = summary[summary["method"] == shipped()]
    rows = [
        {
            "Series": words(row["series"]),
            "Year": words(row["horizon"]),
            "Origins": row["period"],
            "Forecasts": number(row["n"]),
            "95% covers": percent(100 * row["coverage_95"]),
            "80% covers": percent(100 * row["coverage_80"]),
            "Interval score": number(row["mean_interval_score_95"], 3),
            "MASE": number(row["mase"], 2),
        }
        for row in ours.to_dict("records")
    ]
    return Table(pd.DataFrame(rows), f"{words(shipped())} on the forces held out")


def coverage_chart(every: pd.DataFrame, split: Split, horizon: str) -> Figure:
    """Draw the share of held-out totals inside the 95% interval at each origin: the shipped method and the yardstick.

    The shaded band is the coverage asked for.
    """
    chosen = every[(every["side"] == "hold_out") & (every["horizon"] == horizon)]
    share = 100 * chosen.groupby(["origin", "method"])["covered_95"].mean().unstack("method")
    title = f"Totals inside the 95% interval, {words(horizon).lower()}, forces held out"
    page, axes = canvas(title, "percent")
    axes.axhspan(*(100 * bound for bound in COVERAGE), color=GREY, alpha=0.25, lw=0)
    looks = {shipped(): (BLUE, "o"), YARDSTICK: (VERMILION, "s")}
    places = np.arange(len(share))
    for method, (colour, marker) in looks.items():
        axes.plot(places, share[method], color=colour, lw=1.2, marker=marker, ms=3)
    judged_until = int(np.sum([split.periods[0].holds(origin) for origin in share.index]))
    axes.axvline(judged_until - 0.5, color=INK, lw=0.9, ls=":")
    scale(axes, share[list(looks)].to_numpy(float), "percent", 100.0)
    periods(axes, [_tick(Quarter.parse(origin)) for origin in share.index])
    names = (words(SHIPPED), words(YARDSTICK))
    label_ends(axes, [(name, share[method].iloc[-1]) for name, method in zip(names, looks, strict=True)], "percent")
    return Figure(svg(page), _coverage_words(share, list(looks), title), f"{title}, by the quarter of the forecast")


def _tick(quarter: Quarter) -> str:
    return f"Q{quarter.number} {year_label(quarter.year)[2:]}"


def _coverage_words(share: pd.DataFrame, methods: list[str], title: str) -> str:
    said = (
        f"{words(method)} from {percent(share[method].min(), 0)} in {share[method].idxmin()} to "
        f"{percent(share[method].max(), 0)}"
        for method in methods
    )
    return f"{title}, {share.index[0]} to {share.index[-1]}: {'; '.join(said)}."
