"""The back-test of projections and what the intervals of a pack rest on, for the methods page and research's own."""

from collections.abc import Iterator

import pandas as pd

from panelpack.config.plan import Indicator
from panelpack.config.study import Break, Split, load_offences, load_split
from panelpack.formats import listed, number, percent
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.intake.files import read_table
from panelpack.pages.projections import basis, later_box
from panelpack.periods import year_label
from panelpack.rendering.prose import Callout, Text
from panelpack.rendering.table import Table
from panelpack.statistics.backtest_scores import (
    COVERAGE,
    GAIN,
    HORIZONS,
    SCORED,
    SHIPPED,
    SUMMARY,
    UNBROKEN,
    YARDSTICK,
    judge_methods,
    learned_name,
)
from panelpack.statistics.projection import EVERY


def words(name: str) -> str:
    """Return a method or a horizon as a reader meets it: 'Damped growth learned'."""
    return name.replace("_", " ").capitalize()


def shipped() -> str:
    """Return the name of the method that is shipped."""
    return learned_name(SHIPPED)


def judged_table(summary: pd.DataFrame, split: Split, caption: str) -> Table:
    """Return every method at both horizons on all series and the first period, best score first."""
    judged = judge_methods(summary, split.periods[0].name).sort_values(["horizon", "mean_interval_score_95"])
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
    return Table(rows, f"{caption}, origins {split.periods[0].name}", notes=notes)


def shipped_by_series(summary: pd.DataFrame) -> Table:
    """Return the shipped method by series, horizon and period."""
    shipped_rows = summary[summary["method"] == shipped()]
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
        for row in shipped_rows.to_dict("records")
    ]
    return Table(rows, f"{words(shipped())} on the forces held out")


def scored_horizons() -> list[str]:
    """Return the names of the horizons that are scored."""
    return [HORIZONS[ahead] for ahead in SCORED]


def backtest_outcome(held_out: pd.DataFrame, split: Split) -> Callout:
    """Say whether the shipped method passes what was asked, on the forces held out."""
    judged = judge_methods(held_out, split.periods[0].name)
    shipped_rows = judged[judged["method"] == shipped()].set_index("horizon")
    low, high = COVERAGE
    passed = bool(shipped_rows["worthy"].all())
    scores = [
        f"{words(horizon).lower()}: {percent(100 * row['coverage_95'])} of totals inside the 95% interval, score "
        f"{percent(100 * row['gain'], 0)} better"
        for horizon, row in shipped_rows.loc[scored_horizons()].iterrows()
    ]
    asked = (
        f"Asked for: {percent(100 * low, 0)} to {percent(100 * high, 0)} inside, and a mean interval score at least "
        f"{percent(100 * GAIN, 0)} better than that of {words(YARDSTICK).lower()}, on forces held out and "
        f"origins {split.periods[0].name}."
    )
    title = f"{words(shipped())} {'passes' if passed else 'does not pass'}"
    return Callout("note" if passed else "warning", title, f"{asked} Found: {'; '.join(scores)}.")


def where_it_fails(held_out: pd.DataFrame, split: Split, breaks: tuple[Break, ...]) -> Iterator[Callout]:
    """Yield where the shipped method fails: periods after the one it is judged on, breaks of definition."""
    shipped_rows = held_out[held_out["method"] == shipped()].set_index(["series", "period", "horizon"]).sort_index()
    for period in split.periods[1:]:
        worst = {
            horizon: percent(100 * shipped_rows.loc[(EVERY, period.name, horizon), "coverage_95"])
            for horizon in scored_horizons()
            if (EVERY, period.name, horizon) in shipped_rows.index
        }
        coverage = listed([f"{share} ({words(horizon).lower()})" for horizon, share in worst.items()])
        yield Callout("warning", f"Origins {period.name}", f"The 95% intervals cover only {coverage} of the totals.")
    first = split.periods[0].name
    for definition_break in breaks:
        with_it, without = (shipped_rows.loc[(name, first), "coverage_95"] for name in (EVERY, UNBROKEN))
        coverage = listed(
            [
                f"{percent(100 * with_it[horizon])} with them and {percent(100 * without[horizon])} without "
                f"({words(horizon).lower()})"
                for horizon in scored_horizons()
            ]
        )
        yield Callout(
            "warning",
            f"{words(definition_break.series)} from {definition_break.first}",
            f"{definition_break.reason} No method foresees that. Forecasts that cross a break are scored with the "
            f"others, and no errors across one are learned from; the 95% intervals cover {coverage}.",
        )


def judged(report: QuarterReport) -> list[Indicator]:
    """Return the indicators that were judged by a projection."""
    every = (spec for box in report.plan.priorities for spec in box.indicators)
    return [spec for spec in every if report.result(spec.id).projected is not None]


def learned_from(report: QuarterReport) -> Text:
    """Say which table the intervals were learned from, and how its forces were split."""
    source, split = load_offences(report.project.projection).source, load_split(report.project.projection)
    return Text(
        f"Source: {source.title}, release of {source.release}. {source.licence}. sha256 of the table: "
        f"`{source.sha256}`. Methods were compared, and intervals are learned, on {listed(list(split.choose))}. "
        f"Held out until the choice was made: {listed(list(split.hold_out))}."
    )


def learned_table(report: QuarterReport) -> Table:
    """Return the row of past errors behind each interval of this pack."""
    rows = [
        {
            "Series": report.plan.series[series].title,
            "Year": year_label(report.quarter.year + ahead),
            "Bias": percent(100 * row["bias"], plus=True),
            "Spread": percent(100 * row["spread"]),
            "Freedom": number(row["degrees_of_freedom"]),
            "Forecasts": number(row["n"]),
            "Years": number(row["years"]),
            "Made at": f"{row['first_origin']} to {row['last_origin']}",
        }
        for (series, ahead, _), row in basis(report, judged(report)).iterrows()
    ]
    notes = [
        "Bias and spread of log(recorded / projected), in hundredths; degrees of freedom of the Student t; forecasts "
        "learned from, different years among them, and the quarters they were made at."
    ]
    widths = [3, 1.2, 1, 1, 1.2, 1.3, 0.9, 2.4]
    return Table(rows, "What the intervals of this pack rest on", notes=notes, widths=widths)


def backtest(report: QuarterReport) -> Iterator[Callout | Table]:
    """Yield the back-test: whether the method passes, every method on both sides, series by series, where it fails."""
    split, breaks = load_split(report.project.projection), load_offences(report.project.projection).breaks
    held_out, choosing = (_read(report, f"{name}.csv", SUMMARY) for name in ("summary", "summary_choosing"))
    yield backtest_outcome(held_out, split)
    yield judged_table(held_out, split, "Forces held out")
    yield judged_table(choosing, split, "Forces that the choice was made on")
    yield shipped_by_series(held_out)
    yield from where_it_fails(held_out, split, breaks)


def later(report: QuarterReport) -> Callout | None:
    """Return the reviewers' box of every projection together; None where nothing later is known."""
    return later_box(report, judged(report))


def _read(report: QuarterReport, name: str, columns: list[str]) -> pd.DataFrame:
    path, remedy = report.project.projection / name, "Write it with make backtest."
    return read_table(path, columns, remedy, what="a table of the back-test")
