"""The areas of a priority's measures: a table by district or partnership, and small charts of how each went.

Where the plan names residents by area each area has its own rate beside its count. Areas stand in alphabetical order,
and none has a rank; whether one is out of the ordinary is told by pages.area_funnel.
"""

from collections.abc import Iterator

import pandas as pd

from panelpack.config.plan import Indicator, Priority
from panelpack.disclosure.areas import name_of
from panelpack.disclosure.thresholds import is_reported
from panelpack.formats import number
from panelpack.indicators import series
from panelpack.indicators.area_rates import AreaRates
from panelpack.indicators.chart_titles import lower_first
from panelpack.indicators.chart_words import grain_words
from panelpack.indicators.missing import missing_points, sign_of_total
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.kinds import KINDS
from panelpack.pages import area_funnel, area_sums
from panelpack.pages.control_charts import FEWEST_POINTS, label
from panelpack.pages.figure_words import baseline_words, change_words, latest_words, value_words
from panelpack.periods import key_range, period_words, periodicity_of
from panelpack.rendering.area_charts import area_charts
from panelpack.rendering.charts import Chart
from panelpack.rendering.prose import Folded, Heading, Text
from panelpack.rendering.table import Table
from panelpack.rules.verdict import PeriodTotal
from panelpack.shorthand import CONFIDENTIAL, NOT_APPLICABLE

WHOLE = "All areas"
WHY = "not supplied, or not for the same months"


def blocks(report: QuarterReport, box: Priority) -> Iterator[Heading | Table | Chart | Text | Folded]:
    """Yield each of a box's indicators by area, where its table has areas and its figure is shown."""
    shown = [spec for spec in box.indicators if _is_shown(report, spec)]
    if not shown:
        return
    yield Heading(3, f"{box.number}: by area")
    for spec in shown:
        yield _table(report, box, spec)
        points = _charted(report, spec)
        yield from area_funnel.blocks(report, box, spec)
        if points:
            yield _chart(report, spec, points)


def _chart(report: QuarterReport, spec: Indicator, points: dict[str, pd.DataFrame]) -> Chart:
    """Return the small charts of an indicator's areas; the title says between which values the newest lie."""
    of = report.plan.series[spec.series]
    periods = next(iter(points.values()))["period"]
    first, last = (period_words(periods.iloc[end]) for end in (0, -1))
    unit = f"{of.form.axis[:1].lower()}{of.form.axis[1:]} by {grain_words(periodicity_of(periods.iloc[0]))}"
    newest = [of_area["value"].iloc[-1] for of_area in points.values() if of_area["value"].notna().iloc[-1]]
    said = f"{len(points)} areas"
    if len(set(newest)) > 1:
        said += f", between {of.form.words(min(newest))} and {of.form.words(max(newest))}"
    return area_charts(
        points,
        title=f"{said} in {last}",
        subtitle=f"{of.title} by area, {unit}, {first} to {last}.",
        form=of.form,
        alt=f"Small line charts of {lower_first(of.title)}: {said} in {last}.",
    )


def _is_shown(report: QuarterReport, spec: Indicator) -> bool:
    figure = report.result(spec.id)
    return bool(spec.series and spec.compare and figure.latest is not None and report.data.areas(spec.series))


def _table(report: QuarterReport, box: Priority, spec: Indicator) -> Table:
    """Return baseline, latest and change of each area and of the whole, and whether the areas add up to it."""
    figure, form = report.result(spec.id), report.plan.series[spec.series].form
    rates = area_funnel.rates_of(report, spec)
    before, now = f"Baseline {figure.baseline_period}".strip(), f"Latest {figure.latest_period}"
    rows = []
    for area in report.data.areas(spec.series):
        totals = [_total(report, name, area, period) for name, period in _compared(spec)]
        signs = [sign_of_total(report.data, name_of(name, area), period) for name, period in _compared(spec)]
        cells = _cells(report, spec, totals, signs, (before, now))
        rows.append({"Area": area, **cells, **_rate_cells(rates, area, cells[now])})
    whole = {"Area": f"**{WHOLE}**", before: baseline_words(figure), now: latest_words(figure)}
    whole["Change"] = change_words(figure.printed_change, figure.pct_change, form)
    rows.append(whole | _rate_of_whole(figure, rates))
    if figure.baseline is None:  # none is named, or none may be shown, and so of no area either
        rows = [{head: row[head] for head in row if head not in (before, "Change")} for row in rows]
    caption = f"{spec.title} by area ({report.name_of(box)})"
    align = {head: "right" for head in rows[0] if head != "Area"}
    widths = [{"Area": 3, "Change": 1.4, before: 2, now: 2}.get(head, 1.6) for head in rows[0]]
    notes = [*area_sums.identity_words(report, spec), *_notes(figure, rates)]
    return Table(rows, caption, notes=notes, widths=widths, align=align, why=WHY)


def _rate_cells(rates: AreaRates | None, area: str, sign: str) -> dict[str, str]:
    """Return an area's residents, and of a count its rate; nothing where the plan does not name residents by area.

    sign: what stands in the place of the count, and so of the rate, where the area has none.
    """
    if rates is None or rates.per is None:
        return {}
    living, value = rates.residents.get(area), rates.value_of(area)
    cells = {_living(rates): number(living) if living is not None else NOT_APPLICABLE}
    if not rates.is_of_counts:
        return cells
    shown = NOT_APPLICABLE if living is None else sign if value is None else rates.form.cell(value)
    return cells | {_per(rates): shown}


def _rate_of_whole(figure: IndicatorResult, rates: AreaRates | None) -> dict[str, str]:
    if rates is None or rates.per is None or rates.whole_residents is None:
        return {}
    cells = {_living(rates): number(rates.whole_residents)}
    if not rates.is_of_counts:
        return cells
    assert figure.latest is not None  # else there is no table
    return cells | {_per(rates): rates.form.cell(rates.per.of * figure.latest / rates.whole_residents)}


def _living(rates: AreaRates) -> str:
    assert rates.per is not None
    return f"{rates.per.noun[:1].upper()}{rates.per.noun[1:]}"


def _per(rates: AreaRates) -> str:
    assert rates.per is not None
    return f"{rates.per.words[:1].upper()}{rates.per.words[1:]}"


def _compared(spec: Indicator) -> list[tuple[str, str | None]]:
    """Return the series and the period of the baseline and of the latest figure."""
    return [(spec.baseline_series or spec.series, spec.compare.baseline), (spec.series, spec.compare.latest)]


def _total(report: QuarterReport, name: str, area: str, period: str | None) -> PeriodTotal | None:
    """Return an area's total; None where it is of another time than that of the whole, under whose head it stands."""
    total, whole = report.data.total(name_of(name, area), period), report.data.total(name, period)
    return total if total and whole and total.words == whole.words else None


def _cells(
    report: QuarterReport,
    spec: Indicator,
    totals: list[PeriodTotal | None],
    signs: list[str],
    heads: tuple[str, str],
) -> dict[str, str]:
    """Return the cells of an area: an area of which too few people answered has none of its figures.

    signs: those of the totals, should they not be there.
    """
    of = report.plan.series[spec.series]
    known = [total if total and is_reported(total, of, report.plan) else None for total in totals]
    words = [
        value_words(shown.value if shown else None, of.form, CONFIDENTIAL if total else sign)
        for total, shown, sign in zip(totals, known, signs, strict=True)
    ]
    before, latest = known
    change = ""
    if before and latest:
        difference = of.form.difference(latest.value, before.value)
        change = change_words(difference, KINDS[of.kind].percent_change(latest.value, before.value), of.form)
    return {**dict(zip(heads, words, strict=True)), "Change": change}


def _notes(figure: IndicatorResult, rates: AreaRates | None) -> Iterator[str]:
    """Yield what must be known of rates by area, and that no area is judged."""
    if rates is not None:
        yield from area_funnel.residents_words(rates)
        if why := area_funnel.why_no_position(rates):
            yield why
    if figure.verdict:
        yield "The verdict is of the whole; no area is judged."


def _charted(report: QuarterReport, spec: Indicator) -> dict[str, pd.DataFrame]:
    """Return the points of each area, all of the same periods; nothing of words, of days, or of too few points."""
    of = report.plan.series[spec.series]
    if of.kind == "grade" or report.office.periodicity(spec.series) == "date":
        return {}
    grains = {area: report.data.grain(name_of(spec.series, area)) for area in report.data.areas(spec.series)}
    values = {
        area: series.charted(
            series.up_to(report.data.points[name_of(spec.series, area)], report.quarter, grain), of.kind
        )
        for area, grain in grains.items()
        if grain
    }
    keys = sorted({key for points in values.values() for key in points.index})
    if len(keys) < FEWEST_POINTS:
        return {}
    shown = list(key_range(keys[0], keys[-1]))
    charted = {}
    for area, points in values.items():
        drawn = pd.DataFrame({"period": shown, "label": map(label, shown), "value": points.reindex(shown).to_numpy()})
        signs = missing_points(report.data, name_of(spec.series, area), drawn)
        charted[area] = drawn.assign(sign=[signs.get(key, "") for key in shown])
    return charted
