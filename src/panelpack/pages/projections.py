"""The projections of a priority's own page: a fan with its figures and their assumptions; for reviewers, what came."""

from collections.abc import Iterator

import pandas as pd

from panelpack.config.plan import Indicator, Priority
from panelpack.formats import number, percent_change
from panelpack.indicators import series
from panelpack.indicators.chart_titles import MOST_WORDS, lower_first
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.pages.control_charts import label, place_words
from panelpack.pages.verdict_marks import kind_of
from panelpack.periods import Quarter, parse_year
from panelpack.rendering.charts import Chart, projection_chart
from panelpack.rendering.prose import Callout, Heading, Text
from panelpack.rendering.table import Table
from panelpack.rules.projection import is_inside
from panelpack.rules.verdict import VERDICT_WORDS
from panelpack.statistics.past_errors import Learned
from panelpack.statistics.projection import Projection


def blocks(report: QuarterReport, box: Priority) -> Iterator[Heading | Chart | Table | Text | Callout]:
    """Yield, for each indicator that is judged by a projection, its fan and the figures beside it."""
    judged = [spec for spec in box.indicators if report.result(spec.id).projected is not None]
    if not judged:
        return
    yield Heading(3, "Projection")
    for spec in judged:
        yield chart(report, spec)
        title = f"{report.plan.series[spec.series].title}: projection ({report.name_of(box)})"
        yield _table(report.result(spec.id), projected_years(report, spec), f"{title}: figures")
    yield _note(report, judged)


def charts(report: QuarterReport, box: Priority) -> Iterator[Chart]:
    """Yield the fan of each indicator that is judged by a projection: what of it a panel member's page shows."""
    for spec in box.indicators:
        if report.result(spec.id).projected is not None:
            yield chart(report, spec)


def chart(report: QuarterReport, spec: Indicator) -> Chart:
    """Return the fan of an indicator that is judged by a projection; its title is the projected total."""
    figure, of = report.result(spec.id), report.plan.series[spec.series]
    totals, years = rolling_totals(report, spec), projected_years(report, spec)
    total, ends = number(figure.projected), f"{number(figure.lower_95)} and {number(figure.upper_95)}"
    moved = figure.projected - figure.baseline
    share = percent_change(100 * moved / figure.baseline).lstrip("+−") if figure.baseline else ""
    way = f"{'up' if moved > 0 else 'down'} {share} on {figure.baseline_period}" if share else "projected"
    said = f"{total} projected for {figure.projection_year}, {way}"
    title = f"{of.title.split(',')[0]}: {said}"
    first, last = (totals["label"].iloc[end] for end in (0, -1))
    return projection_chart(
        totals,
        _fan(years, report.quarter),
        title=title if len(title.split()) <= MOST_WORDS else said,
        subtitle=f"{of.title}, 12-month totals, {place_words(report)}, {first} to {last}, and the projection.",
        form=of.form,
        baseline=figure.baseline,
        baseline_label=figure.baseline_period,
        kind=kind_of(figure),
        alt=f"Line chart of {lower_first(of.title)} with a projection: {said}; likely between {ends}.",
        caption=verdict_sentence(figure),
    )


def later(report: QuarterReport, box: Priority) -> Callout | None:
    """Return how a box's projections compare with what was later recorded, for reviewers; None where nothing is."""
    return later_box(report, [spec for spec in box.indicators if report.result(spec.id).projected is not None])


def projected_years(report: QuarterReport, spec: Indicator) -> list[Projection]:
    """Return the projections from the year under way to the one that is judged; a complete year is left out."""
    return report.data.projections(spec.series, spec.projection_year)


def verdict_sentence(figure: IndicatorResult) -> str:
    """Say where the baseline lies in the range of a projected total, and what follows by the plan's rule."""
    place = "inside" if is_inside(figure.baseline, figure.lower_95, figure.upper_95) else "outside"
    return (
        f"Of 20 such projections 19 hold the year's total in the wider band and 16 in the narrower. "
        f"{figure.baseline_period} lies {place} the wider one: {VERDICT_WORDS[figure.verdict].lower()}, by the rule of "
        "this indicator."
    )


def rolling_totals(report: QuarterReport, spec: Indicator) -> pd.DataFrame:
    """Return the 12-month totals that end a quarter, from the first to the reported one: label and value.

    A total that lacks a month is left out.
    """
    periodicity = report.data.grain(spec.series)
    points = series.up_to(report.data.points[spec.series], report.quarter, periodicity)
    totals = series.continuous(points).rolling(12 if periodicity == "month" else 4).sum().dropna()
    if periodicity == "month":
        totals = totals[[Quarter.of_month(month).months[-1] == month for month in totals.index]]
    return pd.DataFrame({"label": [label(key) for key in totals.index], "value": totals.to_numpy()})


def _fan(years: list[Projection], quarter: Quarter) -> pd.DataFrame:
    rows = [
        {"label": projection.year, "quarters": Quarter(parse_year(projection.year), 4).since(quarter)}
        | {name: getattr(projection, name) for name in ("total", "lower_80", "upper_80", "lower_95", "upper_95")}
        for projection in years
    ]
    return pd.DataFrame(rows)


def _table(figure: IndicatorResult, years: list[Projection], caption: str) -> Table:
    rows = [
        {
            "Year": projection.year,
            "Projected": number(projection.total),
            "80% prediction interval": f"{number(projection.lower_80)} to {number(projection.upper_80)}",
            "95% prediction interval": f"{number(projection.lower_95)} to {number(projection.upper_95)}",
            f"Baseline {figure.baseline_period}": number(figure.baseline),
        }
        for projection in years
    ]
    return Table(rows, caption, widths=[1.2, 1.4, 2.4, 2.4, 2])


def judged_years(report: QuarterReport, judged: list[Indicator]) -> list[tuple[Indicator, Learned]]:
    """Return the indicators whose judged year is still to come, each with what its interval was learned from."""
    futures = [(spec, report.data.projection(spec.series, spec.projection_year)) for spec in judged]
    return [(spec, future.learned_from) for spec, future in futures if future.learned_from]


def _note(report: QuarterReport, judged: list[Indicator]) -> Text:
    """State how the projections are made, what their intervals were learned from, and what they assume."""
    learned = [of for _, of in judged_years(report, judged)]
    if not learned:
        return Text("The year is complete: its total is what was counted, and nothing is projected.")
    return Text(
        "What is still to come of the year under way is projected by exponential smoothing of the quarters so far, a "
        f"later year as the latest 12 months. {learned_words(learned)} The force's own counts taught nothing, and "
        f"nothing was used that had not been published by the meeting. {assumption(report)} Between the ends of years "
        f"the fan is drawn straight. {report.parameters.appendix('methods')} has the method and where it fails."
    )


def learned_words(learned: list[Learned]) -> str:
    """Say what the intervals of judged years were learned from."""
    first, last = min(of.first_origin for of in learned), max(of.last_origin for of in learned)
    words = (
        f"The intervals are as wide as such projections missed by in {number(max(of.forces for of in learned))} other "
        f"forces, made at {span(first, last)}, and wider for a small force by what chance gives."
    )
    if not any(of.errors for of in learned):
        words += (
            " No year so far ahead had ended by then: the width is that of nearer years, and grows with the time "
            "between."
        )
    return words


def span(first: str, last: str) -> str:
    """Return two quarters as 'YYYYQn to YYYYQn', or the one that they are."""
    return first if first == last else f"{first} to {last}"


def assumption(report: QuarterReport) -> str:
    """Say what the intervals take for granted."""
    return (
        "The ranges take it that forecasts for this force miss by as much as those for the others did, and that the "
        f"counts known then were those of the release of {report.office.official_release.release}: as first published "
        "they are not at hand."
    )


def later_box(report: QuarterReport, judged: list[Indicator]) -> Callout | None:
    """Return how the projections compare with what was later recorded; None where nothing later is known."""
    recorded = report.recorded_later
    lines = []
    for spec in judged:
        matching = recorded[(recorded["series"] == spec.series) & (recorded["year"] == spec.projection_year)]
        if not matching.empty:
            lines.append(later_words(report, spec, int(matching["recorded"].iloc[0])))
    if not lines:
        return None
    sources = "; ".join(dict.fromkeys(recorded["source"]))
    text = "\n".join(f"- {line}" for line in lines)
    return Callout("note", "For reviewers: what was later recorded", f"{text}\n\nSource: {sources}.")


def later_words(report: QuarterReport, spec: Indicator, recorded: int) -> str:
    """Say how far a projection was from what was recorded later, and in which interval that lay."""
    future = report.data.projection(spec.series, spec.projection_year)
    inside = next((level for level in ("80", "95") if _is_inside(future, level, recorded)), "")
    place = f"inside the {inside}% interval" if inside else "outside the 95% interval"
    return (
        f"{report.plan.series[spec.series].title}: {number(recorded)} were recorded in {future.year}, against "
        f"{number(future.total)} projected (95% prediction interval {number(future.lower_95)} to "
        f"{number(future.upper_95)}): {percent_change(100 * (recorded / future.total - 1))}, {place}."
    )


def _is_inside(future: Projection, level: str, value: float) -> bool:
    return bool(getattr(future, f"lower_{level}") <= value <= getattr(future, f"upper_{level}"))
