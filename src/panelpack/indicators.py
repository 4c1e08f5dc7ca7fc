"""Compute figures: the plan's indicators and measures from the series, with verdicts and evidence."""

import pandas as pd

from panelpack import judgement, signals
from panelpack.evidence import Evidence
from panelpack.figures import Figure, finite, settle
from panelpack.formats import settled
from panelpack.judgement import Judgement, not_assessed
from panelpack.params import date_words
from panelpack.plan import Indicator, Measure, Plan
from panelpack.quarters import month_words, shift_month
from panelpack.series import Amount


def compute(figure: Indicator | Measure, priority: str, evidence: Evidence) -> Figure:
    """Compute one figure. Withheld, incomparable or too small figures come without their numbers."""
    plan, measure = evidence.plan, isinstance(figure, Measure)
    compare, unit = figure.compare, plan.unit(figure)
    latest = evidence.amount(figure.series, compare and compare.latest)
    baseline_series = getattr(figure, "baseline_series", None) or figure.series
    baseline = evidence.amount(baseline_series, compare and compare.baseline)
    stop = None if measure else _why_not(figure, latest, baseline, evidence)
    if measure and _is_survey(plan, figure):
        latest, baseline = (
            found if found and found.base >= plan.minimum_base else None for found in (latest, baseline)
        )
    if stop and stop.reason in ("embargoed", "suppressed", "small_sample", "no_metric"):
        latest = baseline = None
    if stop and stop.reason in ("not_comparable", "no_comparator"):
        baseline = None
    judged = stop or (Judgement("") if measure else _judge(figure, baseline, latest, evidence))
    change = latest.value - baseline.value if latest and baseline else None
    relative = unit == "count" and change is not None and baseline.value
    made = Figure(
        indicator=figure.id,
        priority=priority,
        title=figure.title,
        unit=unit,
        polarity=figure.polarity,
        scored=not measure and figure.scored,
        measure=measure,
        baseline_period=_period_words(baseline, compare and compare.baseline, evidence),
        baseline=baseline and baseline.value,
        baseline_base=baseline and finite(baseline.base),
        latest_period=_period_words(latest, compare and compare.latest, evidence),
        latest=latest and latest.value,
        latest_base=latest and finite(latest.base),
        change=change,
        pct_change=100 * change / baseline.value if relative else None,
        rule="" if measure else figure.rule,
        verdict=judged.verdict if not measure and figure.scored else "",
        reason=judged.reason if not measure and figure.scored else "",
        evidence=judged.evidence,
        lower_95=judged.lower_95,
        upper_95=judged.upper_95,
        interval_of=judged.interval_of,
        projection_year=(not measure and figure.projection_year) or "",
        projected=judged.projected,
        reconstructed=bool(figure.series) and plan.series[figure.series].table in evidence.reconstructed,
        note=_note(figure, baseline, latest, evidence),
        **(_signals(figure.series, evidence, unit) if latest else {}),
    )
    return settle(made)


def control_chart(name: str, evidence: Evidence) -> pd.DataFrame:
    """Return the control chart of a series of months or quarters, as signals.chart does."""
    if name not in evidence.charts:
        plan = evidence.plan
        at = evidence.points[name], evidence.quarter, evidence.periodicity(name)
        table = signals.chart(*at, plan.series[name], plan.polarity(name))
        numbers = table.select_dtypes("float").columns
        evidence.charts[name] = table.assign(**{column: table[column].map(settled) for column in numbers})
    return evidence.charts[name]


def _signals(name: str, evidence: Evidence, unit: str | None) -> dict:
    """Return what a series' control chart says; nothing of a series of positions, which has no chart."""
    periodicity = evidence.periodicity(name)
    if periodicity == "date":
        return {}
    return signals.describe(control_chart(name, evidence), evidence.quarter, periodicity, unit)


def _is_survey(plan: Plan, figure: Measure) -> bool:
    """Whether a measure is a share of people asked, so that a small base says little."""
    return isinstance(plan.series[figure.series].base, str)


def _why_not(figure: Indicator, latest: Amount | None, baseline: Amount | None, evidence: Evidence) -> Judgement | None:
    """Return the first reason why an indicator is not assessed, or None when its rule can judge it."""
    plan = evidence.plan
    if figure.rule == "assessment":
        return None
    if figure.series is None:
        return not_assessed("no_metric", "No metric has been agreed yet.") if figure.scored else Judgement("")
    spec = plan.series[figure.series]
    withheld = evidence.params.withheld(spec.table)
    if withheld:
        return not_assessed(withheld, f"{evidence.params.availability[spec.table].reason}")
    asked = [found.base for found in (latest, baseline) if found and found.base is not None]
    if asked and min(asked) < plan.minimum_base:
        text = f"Fewer than {plan.minimum_base} responses: too few for a figure that means anything."
        return not_assessed("small_sample", text)
    if figure.population_change == "not_comparable":
        before = plan.series[figure.baseline_series].population
        return not_assessed("not_comparable", f"The latest figure is of {spec.population}, the baseline of {before}.")
    if figure.rule == "none":
        return Judgement("")
    if latest is None:
        return not_assessed("no_metric", "The series does not cover the latest period.")
    settled = _settled(figure, evidence)
    if baseline is None or settled:
        return not_assessed("no_comparator", settled or "The series does not cover the baseline period.")
    return None


def _settled(figure: Indicator, evidence: Evidence) -> str:
    """Say why the comparator falls into the first months of a new recording practice, or return ''."""
    began = evidence.plan.series[figure.baseline_series or figure.series].began
    if not began:
        return ""
    months = evidence.period(figure.compare.baseline).months
    settles = shift_month(began, evidence.plan.bedding_in_months - 1)
    if months[0] > settles:
        return ""
    return (
        f"Recording began in {month_words(began)}; counts of the first {evidence.plan.bedding_in_months} months of "
        "a new practice are not used as a comparator."
    )


def _judge(figure: Indicator, baseline: Amount, latest: Amount, evidence: Evidence) -> Judgement:
    if figure.rule == "assessment":
        accepted = evidence.params.assessments[figure.id]
        return Judgement(accepted.assessment, "", f"Assessed by {accepted.board}.")
    if figure.rule == "significance":
        return judgement.by_significance(baseline, latest, figure.polarity)
    if figure.rule == "printed_precision":
        return judgement.by_printed_precision(baseline, latest, figure.polarity)
    future = evidence.projection(figure.series, figure.projection_year)
    return judgement.by_projection(baseline, future, figure.polarity)


def _period_words(found: Amount | None, name: str | None, evidence: Evidence) -> str:
    if name is None:
        return ""
    if found and not evidence.period(name).months:
        return date_words(pd.Timestamp(found.words).date())
    return evidence.period(name).words


def _note(figure: Indicator | Measure, baseline: Amount | None, latest: Amount | None, evidence: Evidence) -> str:
    """Join what a reader must know of a figure: footnotes, changed populations, provisional or old data."""
    plan, notes = evidence.plan, [evidence.plan.footnotes[name] for name in getattr(figure, "footnotes", [])]
    if getattr(figure, "population_change", None) == "flag":
        now, before = (plan.series[name].population for name in (figure.series, figure.baseline_series))
        notes.append(f"Different populations: the latest figure is of {now}, the baseline of {before}.")
    if figure.series:
        told = evidence.params.availability.get(plan.series[figure.series].table)
        if told and told.status == "provisional":
            notes.append(f"Provisional: {told.reason}")
    if latest and not evidence.period(figure.compare.latest).months and latest.words[:7] < evidence.quarter.months[0]:
        notes.append(
            f"The position is dated {date_words(pd.Timestamp(latest.words).date())}, before the quarter began."
        )
    return " ".join(notes)
