"""Compute results: the plan's indicators and measures from the series, with verdicts, evidence and notes."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from panelpack.config.plan import Indicator, Measure, Plan
from panelpack.indicators import chart_words
from panelpack.indicators.certainty import Certainty, how_sure
from panelpack.indicators.comparisons import compare_together, more_than_chance
from panelpack.indicators.judgement import gap_words, judge, totals_compared
from panelpack.indicators.quarter_data import QuarterData
from panelpack.indicators.results import IndicatorResult, Note, settle
from panelpack.periods import date_words
from panelpack.rules.verdict import PeriodTotal, Verdict

HIDES_BOTH = (
    "embargoed",
    "suppressed",
    "redacted",
    "awaited",
    "replaced",
    "discontinued",
    "small_sample",
    "no_metric",
)  # reasons for which no figure is shown
HIDES_BASELINE = ("not_comparable", "no_comparator")


def compute_every(data: QuarterData) -> list[IndicatorResult]:
    """Compute every indicator and measure of the plan, in its order."""
    standing_out = more_than_chance(compare_together(data))
    return [compute(figure, box.id, data, standing_out) for box in data.plan.priorities for figure in box.figures]


def compute(
    figure: Indicator | Measure, priority: str, data: QuarterData, standing_out: Mapping[str, bool]
) -> IndicatorResult:
    """Compute one figure. Withheld, incomparable or too small ones come without their numbers.

    standing_out: whether a tested indicator's change is more than chance gives, among all of the pack
    (comparisons.more_than_chance).
    """
    unit = data.plan.unit(figure)
    baseline_name, latest_name = (figure.compare.baseline, figure.compare.latest) if figure.compare else (None, None)
    baseline, latest = totals_compared(figure, data)
    verdict, certainty = Verdict(""), Certainty()
    if isinstance(figure, Indicator):
        verdict = judge(figure, data)
        if figure.scored:
            certainty = how_sure(figure, verdict, data, standing_out.get(figure.id))
    elif _is_survey(data.plan, figure):
        baseline, latest = (
            total if total and (total.base or 0) >= data.plan.minimum_base else None for total in (baseline, latest)
        )
    if verdict.reason in HIDES_BOTH:
        latest = baseline = None
    if verdict.reason in HIDES_BASELINE:
        baseline = None
    change = latest.value - baseline.value if latest and baseline else None
    pct_change = None
    if change is not None and unit == "count" and baseline and baseline.value:
        pct_change = 100 * change / baseline.value
    return settle(
        IndicatorResult(
            indicator=figure.id,
            priority=priority,
            title=figure.title,
            unit=unit,
            polarity=figure.polarity,
            scored=figure.scored,
            measure=isinstance(figure, Measure),
            baseline_period=_period_words(baseline, baseline_name, data),
            baseline=baseline.value if baseline else None,
            baseline_base=baseline.base if baseline else None,
            latest_period=_period_words(latest, latest_name, data),
            latest=latest.value if latest else None,
            latest_base=latest.base if latest else None,
            change=change,
            pct_change=pct_change,
            rule=figure.rule,
            verdict=verdict.verdict if figure.scored else "",
            reason=verdict.reason if figure.scored else "",
            evidence=verdict.evidence,
            lower_95=verdict.lower_95,
            upper_95=verdict.upper_95,
            interval_of=verdict.interval_of,
            projection_year=figure.projection_year or "",
            projected=verdict.projected,
            p_value=verdict.p_value,
            how_sure=certainty.how_sure,
            how_sure_reason=certainty.reason,
            how_sure_basis=certainty.basis,
            reconstructed=_is_reconstructed(figure, data),
            notes=(*_notes(figure, latest, data), *(() if verdict.reason else _gap_notes(figure, data))),
            **(_chart_facts(figure.series, data, unit) if latest and figure.series else {}),
        )
    )


def _is_reconstructed(figure: Indicator | Measure, data: QuarterData) -> bool:
    return figure.series is not None and data.plan.series[figure.series].table in data.reconstructed


def _chart_facts(name: str, data: QuarterData, unit: str | None) -> dict[str, Any]:
    """Return what a series' control chart says; nothing of a series of positions, which has no chart."""
    if data.office.periodicity(name) == "date":
        return {}
    return chart_words.describe_chart(data.control_chart(name), data.quarter, unit)


def _is_survey(plan: Plan, figure: Measure) -> bool:
    """Whether a measure is a share of people asked, so that a small base says little."""
    return isinstance(plan.series[figure.series].base, str)


def _period_words(total: PeriodTotal | None, name: str | None, data: QuarterData) -> str:
    if name is None:
        return ""
    if total and not data.office.period(name).months:
        return date_words(date.fromisoformat(total.words))
    return data.office.period(name).words


def _gap_notes(figure: Indicator | Measure, data: QuarterData) -> Iterator[Note]:
    """Yield why a total is not there, of a figure whose verdict does not say so: whose number the supplier lacks."""
    if figure.compare:
        for name, period in (
            (figure.series, figure.compare.latest),
            (figure.baseline_series or figure.series, figure.compare.baseline),
        ):
            meaning, point = data.why_no_number(name, period)
            if meaning:
                yield Note("gap", gap_words(meaning, point))


def _notes(figure: Indicator | Measure, latest: PeriodTotal | None, data: QuarterData) -> Iterator[Note]:
    """Yield what a reader must know of a figure: footnotes, changed populations, provisional or old data."""
    plan = data.plan
    yield from (Note("footnote", plan.footnotes[name]) for name in figure.footnotes)
    if figure.population_change == "flag" and figure.series and figure.baseline_series:
        now, before = plan.series[figure.series].population, plan.series[figure.baseline_series].population
        text = f"Different populations: the latest figure is of {now}, the baseline of {before}."
        yield Note("populations", text)
    if figure.series:
        entry = data.parameters.availability.get(plan.series[figure.series].table)
        if entry and entry.status == "provisional":
            yield Note("provisional", f"Provisional: {entry.reason}")
    is_position = figure.compare is not None and not data.office.period(figure.compare.latest).months
    if latest and is_position and latest.words[:7] < data.quarter.months[0]:
        day = date_words(date.fromisoformat(latest.words))
        yield Note("dated", f"The position is dated {day}, before the quarter began.")
