"""Compute results: the plan's indicators and measures from the series, with verdicts, evidence and notes."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from panelpack.config.plan import Indicator, Measure
from panelpack.disclosure.publication import SUPPRESSED
from panelpack.disclosure.thresholds import is_reported, why_small
from panelpack.formats import Form, number
from panelpack.indicators import chart_words
from panelpack.indicators.certainty import Certainty, how_sure
from panelpack.indicators.change import months_in
from panelpack.indicators.comparisons import compare_together, more_than_chance
from panelpack.indicators.judgement import (
    DAY,
    GIVES_AWAY,
    compared_series,
    gap_words,
    judge,
    totals_compared,
    why_not_compared,
)
from panelpack.indicators.missing import signs_of
from panelpack.indicators.quarter_data import QuarterData
from panelpack.indicators.results import IndicatorResult, Note, settle
from panelpack.indicators.targets import target_at
from panelpack.indicators.year_before import YearBefore, disagreement, year_before
from panelpack.kinds import KINDS
from panelpack.periods import date_words, month_words
from panelpack.rules.milestones import TargetAt
from panelpack.rules.verdict import PeriodTotal, Verdict

# Reasons for which no figure is shown.
HIDES_BOTH = (
    *("embargoed", "suppressed", "redacted", "small_sample", "no_metric", "awaited", "replaced", "discontinued"),
)
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
    form, kind = data.plan.form(figure), data.plan.kind(figure)
    baseline_name, latest_name = (figure.compare.baseline, figure.compare.latest) if figure.compare else (None, None)
    known = baseline, latest = totals_compared(figure, data)
    verdict, certainty = Verdict(""), Certainty()
    if isinstance(figure, Indicator):
        verdict = judge(figure, data)
        if figure.scored:
            certainty = how_sure(figure, verdict, data, standing_out.get(figure.id))
    else:
        spec = data.plan.series[figure.series]
        baseline, latest = (
            total if total and is_reported(total, spec, data.plan) else None for total in (baseline, latest)
        )
    if verdict.reason in HIDES_BOTH:
        latest = baseline = None
    if verdict.reason in HIDES_BASELINE:
        baseline = None
    why_alone = "" if verdict.verdict else why_not_compared(figure, baseline, latest, data, is_judged=False)
    if why_alone:
        baseline = None
    signs = signs_of(figure, verdict, known, (baseline, latest), data, is_one_period=bool(why_alone))
    target = target_at(figure, baseline, latest, data) if isinstance(figure, Indicator) else None
    if figure.is_against_amount:  # an amount that is required is no earlier figure, and what lacks of it is no change
        baseline = baseline_name = None
        signs = ("", signs[1])
    change = latest.value - baseline.value if latest and baseline else None
    pct_change = None
    if latest and baseline and kind:
        pct_change = KINDS[kind].percent_change(latest.value, baseline.value)
    year = YearBefore() if verdict.reason in HIDES_BOTH else year_before(figure, data)
    return settle(
        IndicatorResult(
            indicator=figure.id,
            priority=priority,
            title=figure.title,
            unit=form.unit,
            decimals=form.decimals,
            labels=form.labels,
            kind=kind,
            part_of=figure.part_of or "",
            polarity=figure.polarity,
            scored=figure.scored,
            measure=isinstance(figure, Measure),
            baseline_period=_period_words(baseline, baseline_name, figure.baseline_series or figure.series, data),
            baseline=baseline.value if baseline else None,
            baseline_base=baseline.base if baseline else None,
            baseline_numerator=_numerator(baseline),
            latest_period=_period_words(latest, latest_name, figure.series, data),
            latest=latest.value if latest else None,
            latest_base=latest.base if latest else None,
            latest_numerator=_numerator(latest),
            change=change,
            pct_change=pct_change,
            rule=figure.rule,
            verdict=verdict.verdict if figure.scored else "",
            word=verdict.word or data.plan.word(verdict.verdict) if figure.scored else "",
            mark=verdict.mark if figure.scored else "",
            target=_target_words(figure, target, data) if target else "",
            target_value=target.final if target else None,
            year_period=_words(year.latest) if year.latest else "",
            year_latest=year.latest.value if year.latest else None,
            year_before_period=_words(year.before) if year.before else "",
            year_before=year.before.value if year.before else None,
            year_numerator=_numerator(year.latest),
            year_base=year.latest.base if year.latest else None,
            year_before_numerator=_numerator(year.before),
            year_before_base=year.before.base if year.before else None,
            year_change=year.change,
            year_pct_change=year.pct_change(figure, data.plan),
            baseline_shorthand=signs[0],
            latest_shorthand=signs[1],
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
            notes=(
                *_notes(figure, latest, year, data),
                *_year_notes(figure, verdict, year, data),
                *_gaps(figure, verdict, data),
                *([Note("gap", why_alone)] if why_alone else []),
            ),
            **(_chart_facts(figure.series, data, form) if latest and figure.series else {}),
        )
    )


def _numerator(total: PeriodTotal | None) -> float | None:
    """Return the count behind a percentage or a rate; None where there is none, and of a mean of several years."""
    if total is None or total.exposure != 1:
        return None
    return total.successes if total.successes is not None else total.count


def _target_words(figure: Indicator | Measure, target: TargetAt, data: QuarterData) -> str:
    """Return what is to be reached: '90.0% or more by 2022/23'; of an amount of the data, with its name."""
    form = data.plan.form(figure)
    if not figure.is_against_amount or target.final is None:
        return target.words(form, figure.polarity)
    return f"{form.words(target.final)} ({data.plan.series[figure.baseline_series or ''].title})"


def _is_reconstructed(figure: Indicator | Measure, data: QuarterData) -> bool:
    return figure.series is not None and data.plan.series[figure.series].table in data.reconstructed


def _chart_facts(name: str, data: QuarterData, form: Form) -> dict[str, Any]:
    """Return what a series' control chart says; nothing of a series without one: of positions, or of words."""
    if data.office.periodicity(name) == "date" or form.labels:
        return {}
    return chart_words.describe_chart(data.control_chart(name), data.quarter, form)


def _period_words(total: PeriodTotal | None, name: str | None, series: str | None, data: QuarterData) -> str:
    if name is None:
        return ""
    if total:
        return _words(total)
    return data.period(series, name).words if series else data.office.period(name).words


def _words(total: PeriodTotal) -> str:
    """Return the period of a total as a reader calls it; of a position it is a day."""
    return date_words(date.fromisoformat(total.words)) if DAY.fullmatch(total.words) else total.words


def _year_notes(figure: Indicator | Measure, verdict: Verdict, year: YearBefore, data: QuarterData) -> Iterator[Note]:
    if isinstance(figure, Indicator) and figure.scored and (words := disagreement(figure, verdict, year, data)):
        yield Note("year_before", words)


def _gaps(figure: Indicator | Measure, verdict: Verdict, data: QuarterData) -> Iterator[Note]:
    return iter(()) if verdict.reason else _gap_notes(figure, data)


def _gap_notes(figure: Indicator | Measure, data: QuarterData) -> Iterator[Note]:
    """Yield why a total is not there, of a figure whose verdict does not say so: whose number the supplier lacks."""
    for name, period in reversed(compared_series(figure)):
        if why := data.why_withheld(name, period):
            words = GIVES_AWAY if why == SUPPRESSED else why_small(data.plan.series[name or ""], data.plan)
            yield Note("gap", words)
        elif data.total(name, period) is None:
            meaning, point = data.why_no_number(name, period)
            if meaning:
                yield Note("gap", gap_words(meaning, point))


def _notes(
    figure: Indicator | Measure, latest: PeriodTotal | None, year: YearBefore, data: QuarterData
) -> Iterator[Note]:
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
    if latest is None or figure.compare is None or figure.series is None:
        return
    if DAY.fullmatch(latest.words) and latest.words[:7] < data.quarter.months[0]:
        day = date_words(date.fromisoformat(latest.words))
        yield Note("dated", f"The position is dated {day}, before the quarter began.")
    spec = plan.series[figure.series]
    if spec.rate_per is not None and latest.per is not None:
        per = spec.rate_per
        yield Note("residents", f"Of {number(latest.per * per.of)} {per.noun} on {date_words(per.on)}.")
    last = data.last_month(figure.series)
    if (
        plan.tables[spec.table].lag_months is not None
        and plan.periodicity(spec) != "date"
        and last < data.quarter.months[-1]
    ):
        yield Note("lag", f"The latest figures that were supplied end with {month_words(last)}.")
    yield from _redefined_notes(figure, latest, year, data)


def _redefined_notes(
    figure: Indicator | Measure, latest: PeriodTotal, year: YearBefore, data: QuarterData
) -> Iterator[Note]:
    """Yield each change of what a figure counts between its baseline and its latest period, as the plan states it."""
    assert figure.series is not None and figure.compare is not None
    name, compared = figure.series, figure.compare
    baseline = totals_compared(figure, data)[0]
    ended = months_in(data.period(name, compared.latest), latest)[-1]
    started = ""
    if baseline and compared.baseline:
        started = months_in(data.period(figure.baseline_series or name, compared.baseline), baseline)[0]
    for change in data.plan.series[name].redefined:
        what = f"{change.reason}{f' Decided by the {change.decided_by}.' if change.decided_by else ''}"
        since = f"Redefined from {month_words(change.first)}"
        if started and started < change.first <= ended:
            yield Note("redefined", f"{since}: {what}")
        elif year.crosses(change.first):
            yield Note("redefined", f"{since}, so that a year before something else was counted: {what}")
