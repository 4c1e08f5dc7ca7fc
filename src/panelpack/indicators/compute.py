"""Compute results: the plan's indicators and measures from the series, with verdicts, evidence and notes."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from panelpack.config.plan import Indicator, Measure, Plan
from panelpack.indicators import chart_words
from panelpack.indicators.quarter_data import QuarterData
from panelpack.indicators.results import IndicatorResult, Note, settle
from panelpack.periods import date_words, month_words, shift_month
from panelpack.rules.rule import RULES, Context
from panelpack.rules.verdict import PeriodTotal, Verdict, not_assessed

HIDES_BOTH = ("embargoed", "suppressed", "small_sample", "no_metric")  # reasons for which no figure is shown
HIDES_BASELINE = ("not_comparable", "no_comparator")


def compute_every(data: QuarterData) -> list[IndicatorResult]:
    """Compute every indicator and measure of the plan, in its order."""
    return [compute(figure, box.id, data) for box in data.plan.priorities for figure in box.figures]


def compute(figure: Indicator | Measure, priority: str, data: QuarterData) -> IndicatorResult:
    """Compute one figure. Withheld, incomparable or too small ones come without their numbers."""
    unit = data.plan.unit(figure)
    baseline_name, latest_name = (figure.compare.baseline, figure.compare.latest) if figure.compare else (None, None)
    baseline, latest = totals_compared(figure, data)
    verdict = Verdict("")
    if isinstance(figure, Indicator):
        verdict = _why_not_judged(figure, baseline, latest, data) or _judge(figure, baseline, latest, data)
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
            reconstructed=_is_reconstructed(figure, data),
            notes=tuple(_notes(figure, latest, data)),
            **(_chart_facts(figure.series, data, unit) if latest and figure.series else {}),
        )
    )


def totals_compared(figure: Indicator | Measure, data: QuarterData) -> tuple[PeriodTotal | None, PeriodTotal | None]:
    """Return the totals of the baseline and of the latest period that a figure compares; None where there is none."""
    if figure.compare is None:
        return None, None
    baseline = data.total(figure.baseline_series or figure.series, figure.compare.baseline)
    return baseline, data.total(figure.series, figure.compare.latest)


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


def _why_not_judged(
    figure: Indicator, baseline: PeriodTotal | None, latest: PeriodTotal | None, data: QuarterData
) -> Verdict | None:
    """Return the first reason why an indicator has no verdict, or None when its rule can judge it."""
    plan, rule = data.plan, RULES[figure.rule]
    if rule.needs_assessment:
        return None
    if figure.series is None:
        return not_assessed("no_metric", "No metric has been agreed yet.") if figure.scored else Verdict("")
    spec = plan.series[figure.series]
    if withheld := data.parameters.withheld(spec.table):
        return not_assessed(withheld, data.parameters.availability[spec.table].reason)
    asked = [total.base for total in (latest, baseline) if total and total.base is not None]
    if asked and min(asked) < plan.minimum_base:
        words = f"Fewer than {plan.minimum_base} responses: too few for a figure that means anything."
        return not_assessed("small_sample", words)
    if figure.population_change == "not_comparable" and figure.baseline_series:
        before = plan.series[figure.baseline_series].population
        return not_assessed("not_comparable", f"The latest figure is of {spec.population}, the baseline of {before}.")
    if not rule.units:
        return Verdict("")
    if latest is None:
        return not_assessed("no_metric", "The series does not cover the latest period.")
    bedding_in = _bedding_in(figure, data)
    if baseline is None or bedding_in:
        return not_assessed("no_comparator", bedding_in or "The series does not cover the baseline period.")
    return None


def _bedding_in(figure: Indicator, data: QuarterData) -> str:
    """Say why the comparator falls into the first months of a new recording practice, or return ''."""
    began = data.plan.series[figure.baseline_series or figure.series or ""].began
    if not began or not figure.compare or not figure.compare.baseline:
        return ""
    months = data.office.period(figure.compare.baseline).months
    last_unsettled = shift_month(began, data.plan.bedding_in_months - 1)
    if months[0] > last_unsettled:
        return ""
    return (
        f"Recording began in {month_words(began)}; counts of the first {data.plan.bedding_in_months} months of "
        "a new practice are not used as a comparator."
    )


def _judge(figure: Indicator, baseline: PeriodTotal | None, latest: PeriodTotal | None, data: QuarterData) -> Verdict:
    accepted = data.parameters.assessments.get(figure.id)
    context = Context(
        polarity=figure.polarity,
        project=lambda: data.projection(figure.series or "", figure.projection_year or ""),
        assessed=(accepted.assessment, accepted.board) if accepted else None,
    )
    return RULES[figure.rule].judge(baseline, latest, context)


def _period_words(total: PeriodTotal | None, name: str | None, data: QuarterData) -> str:
    if name is None:
        return ""
    if total and not data.office.period(name).months:
        return date_words(date.fromisoformat(total.words))
    return data.office.period(name).words


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
