"""What the projections' intervals rest on, and their back-test, for the methods page and research's own.

What the back-test found about years that had not ended by the meeting is for reviewers: the functions that take its
tables are for their copies and for research's page; `blocks` and `coverage_known` are for the public page.
"""

from collections.abc import Iterator

import pandas as pd

from panelpack.config.plan import Indicator
from panelpack.config.study import Shock, Split, check_made_from, load_split
from panelpack.formats import number, percent
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.reference_tables import read_official_counts
from panelpack.intake.files import read_table
from panelpack.pages.projections import assumption, judged_years, later_box, span
from panelpack.periods import Quarter, parse_year, year_label
from panelpack.rendering.prose import Callout, Heading, Text
from panelpack.rendering.table import Table
from panelpack.statistics.backtest_scores import (
    BEFORE,
    BY_YEAR,
    COVERAGE,
    ERRORS_ALLOWED,
    EVERY,
    HORIZONS,
    LEAST_BY_SERIES,
    SHIPPED,
    SUMMARY,
    judge_series,
    judge_years,
)

METHOD_WORDS = {BEFORE: "Before", SHIPPED: "Now"}


def words(name: str) -> str:
    """Return a horizon or a series as a reader meets it: 'This year'."""
    return name.replace("_", " ").capitalize()


# ------------------------------------------------------------------------------------------ what a pack rests on
def judged(report: QuarterReport) -> list[Indicator]:
    """Return the indicators that were judged by a projection."""
    every = (spec for box in report.plan.priorities for spec in box.indicators)
    return [spec for spec in every if report.result(spec.id).projected is not None]


def blocks(report: QuarterReport) -> Iterator[Heading | Text | Table]:
    """Yield what the pack's projections rest on; nothing of a pack that projects nothing."""
    if not judged(report):
        return
    known = coverage_known(report)
    yield Heading(3, "What the projections rest on", "methods-projections")
    yield Text(
        f"{learned_from(report)} The method and its constants were chosen later, on these forces with all their years "
        "seen; no figure that was published after the meeting enters an interval."
        f"{f' {known.markdown}' if isinstance(known, Text) else ''}"
    )
    if isinstance(known, Table):
        yield known


def learned_from(report: QuarterReport) -> str:
    """Say which counts the intervals were learned from, of how many forces and until when, and what that assumes."""
    counts = report.data.other_forces
    forces = counts.columns.get_level_values("force").unique()
    return (
        f"The intervals were learned from the [counts of {number(len(forces))} other forces](#source-other-forces), "
        f"{counts.index[0]} to {counts.index[-1]}, as far as they had been published by the meeting. "
        f"{assumption(report)}"
    )


def learned_table(report: QuarterReport) -> Table | None:
    """Return what is behind each interval of this pack, for reviewers; None where no judged year is still to come."""
    rows = [
        {
            "Series": report.plan.series[spec.series].title,
            "Year": spec.projection_year,
            "Spread": percent(100 * learned.variance**0.5),
            "Freedom": number(learned.degrees_of_freedom),
            "Errors": number(learned.errors),
            "Years": number(learned.years),
            "Of all": number(learned.of_all),
            "Made at": span(learned.first_origin, learned.last_origin),
        }
        for spec, learned in judged_years(report, judged(report))
    ]
    notes = [
        "Spread: of log(recorded / projected) beyond chance, in hundredths. Freedom: degrees of freedom of the Student "
        "t. Errors: of the same offence, projected as far ahead, for so many different years. Of all: the errors of "
        "every offence behind the prior, and the quarters that all were made at."
    ]
    widths = [3, 1.2, 1, 1.2, 1, 0.9, 1, 2.4]
    caption = "What the intervals of this pack rest on"
    return Table(rows, caption, notes=notes, widths=widths) if rows else None


def coverage_known(report: QuarterReport) -> Table | Text:
    """Return how often such intervals held in the years that had ended by the meeting, for the public page."""
    source, meeting = report.office.official_release, report.parameters.meeting_date
    by_year = _read(report, "by_year.csv", BY_YEAR)
    ended = {year for year in by_year["year"] if source.is_released(str(Quarter(int(year), 4)), meeting)}
    if ended:
        return years_table(by_year[by_year["year"].isin(ended)])
    return Text("How often they hold cannot be told yet: by the meeting no year that was projected had ended.")


# ------------------------------------------------------------------------------------------------- the back-test
def backtest(report: QuarterReport) -> Iterator[Callout | Table]:
    """Yield the back-test, for reviewers: what it is held to, before and now, by year, by offence, and the shocks.

    Nothing of a pack that projects nothing.
    """
    if not judged(report):
        return
    by_year, split = _read(report, "by_year.csv", BY_YEAR), load_split(report.project.projection)
    yield backtest_outcome(by_year)
    yield before_and_now(_read(report, "summary.csv", SUMMARY), split)
    yield years_table(by_year)
    yield series_table(by_year)
    yield from shocks(by_year, split.shocks)
    forces = read_official_counts(report.project).columns.get_level_values("force")
    yield how_chosen(by_year, own_is_among=report.office.official_force in forces)


def later(report: QuarterReport) -> Callout | None:
    """Return the reviewers' box of every projection together; None where nothing later is known."""
    return later_box(report, judged(report))


def backtest_outcome(by_year: pd.DataFrame) -> Callout:
    """Say whether the method passes what it is held to, and where it does not."""
    years, series = judge_years(by_year), judge_series(by_year)
    low, high = (percent(100 * bound, 0) for bound in COVERAGE)
    failures = [
        f"{words(row['horizon']).lower()} {year_label(row['year'])} {percent(100 * row['coverage_95'])}"
        for row in years[~years["holds"]].to_dict("records")
    ]
    failures += [
        f"{words(row['horizon']).lower()} {words(row['series']).lower()} {percent(100 * row['coverage_95'])}"
        for row in series[~series["holds"]].to_dict("records")
    ]
    asked = (
        f"Asked for: of each year's totals {low} to {high} inside the 95% interval, give or take "
        f"{number(ERRORS_ALLOWED)} standard errors, and of each offence's at least "
        f"{percent(100 * LEAST_BY_SERIES, 0)}; shocks are named and judged apart."
    )
    found = f"Found outside: {'; '.join(failures)}." if failures else "Found: all of them."
    title = "The method does not pass" if failures else "The method passes"
    return Callout("warning" if failures else "note", title, f"{asked} {found}")


def before_and_now(summary: pd.DataFrame, split: Split) -> Table:
    """Return the method before and the present one side by side, for each horizon and period of origins."""
    pooled = summary[summary["series"] == EVERY].set_index(["method", "horizon", "period"])
    rows = []
    for horizon in HORIZONS.values():
        for period in (period.name for period in split.periods):
            if (SHIPPED, horizon, period) not in pooled.index:
                continue
            row = {"Year": words(horizon), "Origins": period}
            for method, label in METHOD_WORDS.items():
                found = pooled.loc[(method, horizon, period)]
                row |= {
                    f"{label}: covers": percent(100 * found["coverage_95"]),
                    f"{label}: score": number(found["mean_interval_score_95"], 3),
                    f"{label}: width": number(found["mean_width_95"], 2),
                }
            rows.append(row | {"Forecasts": number(pooled.loc[(SHIPPED, horizon, period), "n"])})
    notes = [
        "Covers: share of totals inside the 95% interval. Score: mean interval score (Gneiting and Raftery), lower is "
        "better; width: of the interval. Both in shares of the 12 months before the forecast. Each force was left out "
        "of what its own intervals were learned from."
    ]
    return Table(rows, "The method before and the present one, all offences together", notes=notes)


def years_table(by_year: pd.DataFrame) -> Table:
    """Return the share of totals inside the intervals for each year that was forecast, beside what is asked."""
    rows = [
        {
            "Year": f"{year_label(row['year'])}{' (shock)' if row['is_shock'] else ''}",
            "Forecast as": words(row["horizon"]),
            "95% covers": percent(100 * row["coverage_95"]),
            "80% covers": percent(100 * row["coverage_80"]),
            "Asked of 95%": "apart" if row["is_shock"] else _range(row["lowest"], row["highest"]),
            "Totals": number(row["totals"]),
            "Forecasts": number(row["n"]),
        }
        for row in judge_years(by_year).sort_values(["year", "horizon"]).to_dict("records")
    ]
    notes = [
        "Totals: of a force and an offence, each forecast from several quarters. They are what counts as an "
        "observation in the range that is asked; forces err together, so the true range is wider."
    ]
    caption = "Totals inside the intervals, by the year that was forecast"
    return Table(rows, caption, notes=notes, align={"Asked of 95%": "right"})


def _range(low: float, high: float) -> str:
    return f"{percent(100 * low, 0)} to {percent(100 * high, 0)}"


def series_table(by_year: pd.DataFrame) -> Table:
    """Return the share of totals inside the 95% intervals for each offence, without and with the shocks."""
    judged = judge_series(by_year).set_index(["series", "horizon"])
    rows = []
    for series in dict.fromkeys(judged.index.get_level_values("series")):
        row = {"Offence": "All offences together" if series == EVERY else words(series)}
        for horizon in HORIZONS.values():
            found = judged.loc[(series, horizon)]
            row[words(horizon)] = percent(100 * found["coverage_95"])
            row[f"{words(horizon)}, shocks in"] = percent(100 * found["with_shocks"])
        rows.append(row)
    return Table(rows, "Totals inside the 95% interval, by offence")


def shocks(by_year: pd.DataFrame, named: tuple[Shock, ...]) -> Iterator[Callout]:
    """Yield each shock: what it was, and how much of it the intervals held."""
    shipped = by_year[(by_year["method"] == SHIPPED) & by_year["is_shock"]]
    for shock in named:
        rows = shipped[shipped["year"] == parse_year(shock.year)]
        every = rows[rows["series"] == EVERY]
        if every.empty:
            continue
        worst = rows[rows["series"] != EVERY].nsmallest(1, "coverage_95").iloc[0]
        yield Callout(
            "warning",
            f"{shock.year} as forecast up to {shock.seen_until}",
            f"{shock.reason} Of its totals {percent(100 * every['coverage_95'].iloc[0])} lay inside the 95% interval, "
            f"least of {words(worst['series']).lower()}: {percent(100 * worst['coverage_95'])}. A 95% interval is for "
            "years like those that it was learned from.",
        )


def how_chosen(by_year: pd.DataFrame, own_is_among: bool = False) -> Callout:
    """Say how the method's constants were chosen, and what the test therefore does not show."""
    forces = "On these forces, the office's own among them" if own_is_among else "On these forces"
    last = year_label(int(by_year["year"].max()))
    return Callout(
        "note",
        "How the constants were chosen",
        f"{forces}, with every year to {last} in sight. What is learned from other forces by each forecast is "
        "tested on a force that was left out; the constants are not tested on years never looked at. The part that "
        "follows how restless the times are is insurance against the next shock, not foresight.",
    )


def _read(report: QuarterReport, name: str, columns: list[str]) -> pd.DataFrame:
    check_made_from(report.project, name)
    path, remedy = report.project.projection / name, "Write it with make backtest."
    return read_table(path, columns, remedy, what="a table of the back-test")
