"""What an indicator is to reach at its latest period, from what the plan says of it."""

from panelpack.config.plan import Indicator
from panelpack.indicators.quarter_data import QuarterData
from panelpack.periods import key_of, parse_year, year_months
from panelpack.rules.milestones import TargetAt, constant_target, target_by, target_direction, target_on_path
from panelpack.rules.verdict import PeriodTotal


def target_at(
    figure: Indicator, baseline: PeriodTotal | None, latest: PeriodTotal | None, data: QuarterData
) -> TargetAt | None:
    """Return what an indicator is to reach as it stands at its latest period; None for one without a target.

    Of one that is set beside another amount of the same time, such as what is required, it is that amount.
    """
    if figure.is_against_amount:
        return constant_target(baseline.value) if baseline else None
    target = figure.target
    if target is None or figure.compare is None or figure.series is None:
        return None
    if target.direction is not None:
        return target_direction(target.direction)
    now = _last_month(figure.series, figure.compare.latest, latest, data)
    if target.path:
        return target_on_path(target.path, key_of(now, "financial_year"))
    assert target.value is not None  # the plan's checks see to it
    if target.by is None:
        return constant_target(target.value)
    start = now
    if figure.compare.baseline is not None:
        start = _last_month(figure.baseline_series or figure.series, figure.compare.baseline, baseline, data)
    by = year_months(parse_year(target.by))[-1]
    return target_by(target.value, target.by, baseline.value if baseline else None, (start, now, by))


def _last_month(series: str, period: str, total: PeriodTotal | None, data: QuarterData) -> str:
    """Return the month in which a period ends; of a position that of its day, or the quarter's last."""
    months = data.period(series, period).months
    if months:
        return months[-1]
    return total.words[:7] if total else data.quarter.months[-1]
