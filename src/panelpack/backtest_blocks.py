"""The tables, the chart and the remarks of the back-test, for its own page and for that of the methods."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from panelpack.backtest import SCORED, SHIPPED, learned_name
from panelpack.backtest_attempts import HORIZONS
from panelpack.backtest_scores import COVERAGE, GAIN, UNBROKEN, YARDSTICK, judge
from panelpack.backtest_split import Split
from panelpack.chart_axes import BLUE, GREY, INK, VERMILION, canvas, label_ends, periods, scale, svg
from panelpack.charts import Figure
from panelpack.formats import listed, number, percent
from panelpack.offence_series import Break
from panelpack.projection import EVERY
from panelpack.prose import Callout
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


def scored_horizons() -> list[str]:
    """Return the names of the horizons that are scored."""
    return [HORIZONS[ahead] for ahead in SCORED]


def outcome(held_out: pd.DataFrame, split: Split) -> Callout:
    """Say whether the shipped method passes what was asked, on the forces held out."""
    judged = judge(held_out, split)
    ours = judged[judged["method"] == shipped()].set_index("horizon")
    low, high = COVERAGE
    passed = bool(ours["worthy"].all())
    said = [
        f"{words(horizon).lower()}: {percent(100 * row['coverage_95'])} of totals inside the 95% interval, score "
        f"{percent(100 * row['gain'], 0)} better"
        for horizon, row in ours.loc[scored_horizons()].iterrows()
    ]
    asked = (
        f"Asked for: {percent(100 * low, 0)} to {percent(100 * high, 0)} inside, and a mean interval score at least "
        f"{percent(100 * GAIN, 0)} better than that of {words(YARDSTICK).lower()}, on forces held out and "
        f"origins {split.periods[0].name}."
    )
    title = f"{words(shipped())} {'passes' if passed else 'does not pass'}"
    return Callout("note" if passed else "warning", title, f"{asked} Found: {'; '.join(said)}.")


def failures(held_out: pd.DataFrame, split: Split, breaks: tuple[Break, ...]) -> Iterator[Callout]:
    """Yield where the shipped method fails: periods after the one it is judged on, breaks of definition."""
    ours = held_out[held_out["method"] == shipped()].set_index(["series", "period", "horizon"]).sort_index()
    for period in split.periods[1:]:
        worst = {
            horizon: percent(100 * ours.loc[(EVERY, period.name, horizon), "coverage_95"])
            for horizon in scored_horizons()
            if (EVERY, period.name, horizon) in ours.index
        }
        said = listed([f"{share} ({words(horizon).lower()})" for horizon, share in worst.items()])
        yield Callout("warning", f"Origins {period.name}", f"The 95% intervals cover only {said} of the totals.")
    first = split.periods[0].name
    for one in breaks:
        with_it, without = (ours.loc[(name, first), "coverage_95"] for name in (EVERY, UNBROKEN))
        said = listed(
            [
                f"{percent(100 * with_it[horizon])} with them and {percent(100 * without[horizon])} without "
                f"({words(horizon).lower()})"
                for horizon in scored_horizons()
            ]
        )
        yield Callout(
            "warning",
            f"{words(one.series)} from {one.first}",
            f"{one.reason} No method foresees that. Forecasts that cross a break are scored with the others, and no "
            f"errors across one are learned from; the 95% intervals cover {said}.",
        )


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
