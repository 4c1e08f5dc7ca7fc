"""Whether the areas of a measure add up to the whole, or the reason why not, as a note below their table."""

from collections.abc import Iterator

from panelpack.config.plan import Indicator
from panelpack.disclosure.areas import name_of
from panelpack.disclosure.thresholds import is_reported
from panelpack.formats import listed, number
from panelpack.indicators.missing import sign_of_total
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.kinds import KINDS
from panelpack.pages.message import beginning, in_period
from panelpack.shorthand import CONFIDENTIAL


def identity_words(report: QuarterReport, spec: Indicator) -> Iterator[str]:
    """Yield whether an indicator's areas add up to its whole, or why not: the sums were checked when they were read.

    Where every area of the latest period is shown and they do not add up, the difference is told; a difference beside
    areas that are hidden would give them away.
    """
    of = report.plan.series[spec.series or ""]
    areas, counts = report.plan.tables[of.table].by, of.kind in ("count", "rate")
    assert areas is not None  # of an indicator with areas
    if areas.why_not_total:
        yield f"The areas do not add up to the whole: {areas.why_not_total}"
        if counts and not report.plan.is_worked_out(of) and (words := _difference(report, spec)):
            yield words
    elif not KINDS[of.kind].adds_up or report.plan.is_worked_out(of):
        yield f"The areas do not add up to the whole: each has {KINDS[of.kind].noun} of its own."
    elif of.kind == "share":
        yield "The whole is of all answers together."
    else:
        yield _added_up(report, spec, "The cases behind the rates" if of.kind == "rate" else "The areas")


def _added_up(report: QuarterReport, spec: Indicator, what: str) -> str:
    """Say that areas add up to the whole; or which of them have no number, so that those shown do not."""
    found = _not_shown(report, spec)
    if absent := [area for area, why in found.items() if why == "gap"]:
        has = "has" if len(absent) == 1 else "have"
        return (
            f"{listed(absent)} {has} no figure of the same months, so that the areas shown do not add up to the whole."
        )
    return f"{what} add up to the whole{', with what is not shown' * bool(found)}."


def _not_shown(report: QuarterReport, spec: Indicator) -> dict[str, str]:
    """Return the areas that lack a number in a period compared, with whether one is 'gap' or all are 'hidden'."""
    assert spec.compare is not None and spec.series is not None  # of an indicator with areas
    periods = [(spec.series, spec.compare.latest)]
    if spec.compare.baseline and report.result(spec.id).baseline is not None:
        periods.append((spec.baseline_series or spec.series, spec.compare.baseline))
    found = {}
    for area in report.data.areas(spec.series):
        whys = {why for name, period in periods if (why := _why_not(report, name, area, period))}
        if whys:
            found[area] = min(whys)  # 'gap' comes before 'hidden'
    return found


def _why_not(report: QuarterReport, name: str, area: str, period: str) -> str:
    """Return whether the number of an area is 'hidden' or 'gap'; '' where it is shown."""
    total, whole = report.data.total(name_of(name, area), period), report.data.total(name, period)
    if total is None:
        return "hidden" if sign_of_total(report.data, name_of(name, area), period) == CONFIDENTIAL else "gap"
    if whole is not None and total.words != whole.words:
        return "gap"
    return "" if is_reported(total, report.plan.series[name], report.plan) else "hidden"


def _difference(report: QuarterReport, spec: Indicator) -> str:
    """Say how far the areas' latest figures are from the whole's; '' where one of them is not shown."""
    assert spec.compare is not None and spec.series is not None  # of an indicator with areas
    period = spec.compare.latest
    whole = report.data.total(spec.series, period)
    areas = report.data.areas(spec.series)
    if whole is None or any(_why_not(report, spec.series, area, period) for area in areas):
        return ""
    totals = (report.data.total(name_of(spec.series, area), period) for area in areas)
    together = sum(total.counted for total in totals if total)
    difference = together - whole.counted
    if not difference:
        return f"{beginning(in_period(whole.words))} they do."
    more = "more" if difference > 0 else "fewer"
    return (
        f"They have {number(together)} cases together {in_period(whole.words)}, {number(abs(difference))} {more} than "
        f"the {number(whole.counted)} of the whole."
    )
