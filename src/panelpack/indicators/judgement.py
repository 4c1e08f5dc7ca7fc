"""The verdict of a figure: the totals that it compares, why it may not be judged, and what its rule says of them."""

import re
from dataclasses import replace
from datetime import date

from panelpack.config.indicator_checks import bands_of, needs_baseline
from panelpack.config.parameters import boards_return
from panelpack.config.plan import Indicator, Measure, Plan, Status
from panelpack.config.series import named_column
from panelpack.disclosure.publication import CONFIDENTIAL, SMALL, SUPPRESSED
from panelpack.disclosure.thresholds import total_is_small, why_small
from panelpack.indicators.quarter_data import QuarterData
from panelpack.indicators.targets import target_at
from panelpack.named_periods import SHARED, why_no_baseline
from panelpack.periods import date_words, month_words, period_words
from panelpack.rules.rule import RULES, Context, Named
from panelpack.rules.verdict import NOT_ASSESSED, PeriodTotal, Verdict, not_assessed

# Why a figure is not shown that is large enough itself.
GIVES_AWAY = "Withheld: from this figure another number could be worked out that is too small to be shown."
DAY = re.compile(r"\d{4}-\d\d-\d\d")  # the words of a position


def totals_compared(figure: Indicator | Measure, data: QuarterData) -> tuple[PeriodTotal | None, PeriodTotal | None]:
    """Return the totals of the baseline and of the latest period that a figure compares; None where there is none."""
    if figure.compare is None:
        return None, None
    baseline, latest = (data.total(*pair) for pair in compared_series(figure))
    return baseline, latest


def compared_series(figure: Indicator | Measure) -> tuple[tuple[str | None, str | None], tuple[str | None, str | None]]:
    """Return the series and the period of a figure's baseline and of its latest total."""
    compare = figure.compare
    return (
        (figure.baseline_series or figure.series, compare.baseline if compare else None),
        (figure.series, compare.latest if compare else None),
    )


def judge(figure: Indicator, data: QuarterData) -> Verdict:
    """Return an indicator's verdict with its evidence; not assessed, with the reason, where it may not be judged."""
    baseline, latest = totals_compared(figure, data)
    if reason := _why_not_judged(figure, baseline, latest, data):
        return reason
    context = _context(figure, baseline, latest, data)
    verdict = RULES[figure.rule].judge(baseline, latest, context)
    if "value" in context.assumed and verdict.verdict != NOT_ASSESSED:
        verdict = replace(verdict, evidence=f"{verdict.evidence} The counts themselves are assumed.")
    return verdict


def criterion(figure: Indicator, data: QuarterData) -> str:
    """Say in a sentence what would make an indicator better or worse; '' for one that nothing judges."""
    has_subject = figure.series is not None or RULES[figure.rule].needs_assessment
    if not figure.scored or figure.status is not None or not has_subject:
        return ""
    baseline, latest = totals_compared(figure, data)
    before, now = (
        _in_a_sentence(data.period(series, period).words) if series and period else ""
        for series, period in compared_series(figure)
    )
    named = Named(before, now, figure.projection_year or "")
    return RULES[figure.rule].criterion(_context(figure, baseline, latest, data), named)


def _in_a_sentence(period: str) -> str:
    return f"the {period}" if " months to " in period else period


def _context(figure: Indicator, baseline: PeriodTotal | None, latest: PeriodTotal | None, data: QuarterData) -> Context:
    accepted = data.parameters.assessments.get(figure.id)
    return Context(
        polarity=figure.polarity,
        project=lambda: data.projection(figure.series or "", figure.projection_year or ""),
        material=data.plan.material,
        assessed=(accepted.assessment, accepted.board) if accepted else None,
        assumed=assumed(figure, data),
        form=data.plan.form(figure),
        target=target_at(figure, baseline, latest, data),
        bands=bands_of(figure.bands) if figure.bands else None,
        words={str(name): word for name, word in data.plan.verdict_words.items()},
    )


def assumed(figure: Indicator, data: QuarterData) -> frozenset[str]:
    """Return what an indicator's interval rests on that was assumed, of rules.rule.RESTS_ON.

    Two periods of a point each have no points inside them that could have been assumed.
    """
    found = set()
    has_points = any(total and len(total.points) > 1 for total in totals_compared(figure, data))
    for name in filter(None, (figure.series, figure.baseline_series)):
        spec = data.plan.series[name]
        table = data.plan.tables[spec.table]
        columns = {
            "value": named_column(spec.value) or table.key[0],
            "base": named_column(spec.base),
            "points": table.period_column,
        }
        rests_on = (part for part in RULES[figure.rule].rests_on if part != "points" or has_points)
        found |= {part for part in rests_on if data.origins.get((spec.table, columns[part] or "")) == "assumed"}
    return frozenset(found)


def _why_not_judged(
    figure: Indicator, baseline: PeriodTotal | None, latest: PeriodTotal | None, data: QuarterData
) -> Verdict | None:
    """Return the first reason why an indicator has no verdict, or None when its rule can judge it."""
    plan, rule = data.plan, RULES[figure.rule]
    if rule.needs_assessment:
        return _withheld(boards_return(plan), data)
    if figure.status is not None:
        return not_assessed(figure.status.reason, _status_words(figure.status, plan))
    if figure.series is None:
        return not_assessed("no_metric", "No metric has been agreed yet.") if figure.scored else Verdict("")
    spec = plan.series[figure.series]
    for table in (spec.table, *([spec.rate_per.table] if spec.rate_per else [])):
        if withheld := _withheld(table, data):
            return withheld
    if too_few := _too_few(figure, baseline, latest, data):
        return too_few
    if figure.population_change == "not_comparable" and figure.baseline_series:
        before = plan.series[figure.baseline_series].population
        return not_assessed("not_comparable", f"The latest figure is of {spec.population}, the baseline of {before}.")
    if not rule.kinds:
        return Verdict("")
    if latest is None:
        period = figure.compare.latest if figure.compare else None
        return _gap(figure.series, period, data) or not_assessed("awaited", _uncovered(figure.series, period, data))
    bedding_in = _bedding_in(figure, data)
    if bedding_in:
        return not_assessed("no_comparator", bedding_in)
    if baseline is None and needs_baseline(figure):
        name = figure.baseline_series or figure.series
        gap = _gap(name, figure.compare.baseline if figure.compare else None, data)
        words = gap.evidence if gap else "The series does not cover the baseline period."
        return not_assessed("no_comparator", words)
    if compares_periods(figure) and (why := why_not_compared(figure, baseline, latest, data, is_judged=True)):
        return not_assessed("no_comparator", why)
    if rule.needs_projection_year and (gap := _gap_reason(*data.why_not_projected(figure.series))):
        return replace(gap, evidence=f"{gap.evidence} A projection needs every number from the first.")
    return None


def _too_few(
    figure: Indicator, baseline: PeriodTotal | None, latest: PeriodTotal | None, data: QuarterData
) -> Verdict | None:
    """Return why a figure of too few answers or people is not shown, or one that would give such away; else None."""
    plan, pairs = data.plan, compared_series(figure)
    withheld = [data.why_withheld(name, period) for name, period in pairs]
    for (name, _), total, why in zip(pairs, (baseline, latest), withheld, strict=True):
        spec = plan.series[name or figure.series or ""]
        asked = total.base if total and total.base is not None else None
        is_small = asked is not None and asked < plan.disclosure.reported.fewest
        if why == SMALL or is_small or (total and total_is_small(total, spec, plan)):
            return not_assessed("small_sample", why_small(spec, plan))
    return not_assessed("suppressed", GIVES_AWAY) if SUPPRESSED in withheld else None


def compares_periods(figure: Indicator) -> bool:
    """Whether an indicator's verdict is of how the latest figure differs from the baseline's."""
    has_way = figure.projection_year is not None or (figure.target is not None and figure.target.by is not None)
    return needs_baseline(figure) and not has_way


def why_not_compared(
    figure: Indicator | Measure,
    baseline: PeriodTotal | None,
    latest: PeriodTotal | None,
    data: QuarterData,
    *,
    is_judged: bool,
) -> str:
    """Say why what a figure compares in this quarter are no two periods; '' where they are.

    A baseline that stays is in some quarter the latest period itself, or shares months with it; and a position is the
    baseline's as long as no newer one came. A figure that is not judged may share months with its baseline.
    """
    if figure.baseline_series or not (baseline and latest and figure.series and figure.compare):
        return ""
    if DAY.fullmatch(baseline.words) and baseline.words >= latest.words:
        day = date_words(date.fromisoformat(latest.words))
        return f"The latest position is that of {day}, which is the baseline's, too: nothing newer was supplied."
    now, before = (data.period(figure.series, name or "") for name in (figure.compare.latest, figure.compare.baseline))
    why = why_no_baseline(before, now)
    if not why or (why == SHARED and not is_judged):
        return ""
    return f"The baseline is {before.words} and the latest period {now.words}: {why}, so there are no two to compare."


def _status_words(status: Status, plan: Plan) -> str:
    """Say why an indicator has no figure, as the plan tells it: by whom it is redacted and until when."""
    words = [status.words]
    if status.by:
        words.append(f"Decided by the {status.by}.")
    if status.until:
        words.append(f"{'Expected' if status.reason == 'awaited' else 'Until'}: {status.until}.")
    if status.replaced_by:
        words.append(f"In its place: {plan.figures[status.replaced_by].title}.")
    return " ".join(words)


def _uncovered(series: str, period: str | None, data: QuarterData) -> str:
    """Say that a measure is agreed, and for what period its figures have not come."""
    words = data.period(series, period).words if period else "the latest period"
    return f"The measure is agreed; what was supplied does not cover {words}."


def _withheld(table: str, data: QuarterData) -> Verdict | None:
    """Return why a table is not shown, or None where it may be."""
    status = data.office.withheld(table)
    return not_assessed(status, data.parameters.availability[table].words) if status else None


# Why an indicator is not assessed, by what the mark in the place of its number means.
GAP_REASONS = {
    "suppressed": ("suppressed", "The supplier withheld the number of {point}."),
    "missing": ("awaited", "The supplier gave no number for {point}."),
    "not_applicable": ("no_metric", "There is no number for {point}: it does not apply."),
    CONFIDENTIAL: ("suppressed", "The number of {point} is not shown, so that nobody is recognised by it."),
}


def _gap(series: str | None, period: str | None, data: QuarterData) -> Verdict | None:
    """Return why a series has no total over a period, where a mark stands in the place of a number; else None."""
    return _gap_reason(*data.why_no_number(series, period))


def _gap_reason(meaning: str, point: str) -> Verdict | None:
    """Return why a figure is not assessed, by what a gap means and the point that it is of; None for no gap."""
    if not meaning:
        return None
    return not_assessed(GAP_REASONS[meaning][0], gap_words(meaning, point))


def gap_words(meaning: str, point: str) -> str:
    """Say whose number is lacking: what a gap means, and the month, quarter or day that it is of."""
    words = date_words(date.fromisoformat(point)) if DAY.fullmatch(point) else period_words(point)
    return GAP_REASONS[meaning][1].format(point=words)


def _bedding_in(figure: Indicator, data: QuarterData) -> str:
    """Say why the comparator falls into the first months of a new recording practice, or return ''."""
    name = figure.baseline_series or figure.series or ""
    began = data.plan.series[name].began
    if not began or not figure.compare or not figure.compare.baseline:
        return ""
    months = data.period(name, figure.compare.baseline).months
    if not months or not data.is_bedding_in(name, months[0]):
        return ""
    return (
        f"Recording began in {month_words(began)}; counts of the first {data.plan.bedding_in_months} months of "
        "a new practice are not compared with."
    )
