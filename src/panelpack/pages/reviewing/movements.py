"""What moved: verdicts that differ from those of the last pack, and the figures that moved most since then."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from panelpack.formats import number, percent
from panelpack.indicators.last_pack import LastPack, Since, read_last_pack
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.indicators.results import IndicatorResult
from panelpack.pages.reviewing.names import figure_name

CHANGED = ["figure", "before", "now", "how_sure", "box"]
MOVERS = ["against", "figure", "before", "now", "movement", "verdict", "box"]
MOST = 6  # movements of counts and amounts, and half as many of shares, that are shown against each period
GONE, NEW = "not in this pack", "not in that pack"
YEAR_BEFORE = "the year before"


class Moved(NamedTuple):
    """A figure, both its values as they are printed, and how far it moved: in percent, or of a share in points."""

    result: IndicatorResult
    before: str
    now: str
    by: float

    @property
    def words(self) -> str:
        """'+6%', of a share '−0.7 points'."""
        if self.result.unit == "percent":
            return f"{number(self.by, self.result.decimals, plus=True)} points"
        return percent(self.by, 0, plus=True)


def last_pack_of(report: QuarterReport) -> LastPack | None:
    """Return the pack of the quarter before; None where there is none."""
    return read_last_pack(report.office)


def changed_verdicts(report: QuarterReport) -> pd.DataFrame:
    """Return the verdicts that differ from those of the last pack, a row each. Columns: CHANGED."""
    last = last_pack_of(report)
    every = last.since(report.indicators()) if last else []
    return pd.DataFrame([_changed(report, one) for one in every], columns=CHANGED)


def _changed(report: QuarterReport, one: Since) -> tuple[str, str, str, str, str]:
    before = one.before.verdict_words if one.before else NEW
    now = one.now.verdict_words if one.now else GONE
    sure = one.now.how_sure_words if one.now else ""
    return figure_name(report, one.any), before, now, sure, one.now.priority if one.now else ""


def movers(report: QuarterReport) -> pd.DataFrame:
    """Return the figures that moved most against the last pack, and against the year before. Columns: MOVERS."""
    last, results = last_pack_of(report), report.indicators()
    since = {}
    if last:
        alike = [one for one in results if _is_as_long(report, one, last)]
        since[f"the pack of {last.quarter.words}"] = [moved for one in alike for moved in _since(one, last)]
    since[YEAR_BEFORE] = [moved for one in results for moved in _on_year(one)]
    rows = [
        (
            *(against, figure_name(report, one.result), one.before, one.now, one.words),
            *(one.result.verdict_words, one.result.priority),
        )
        for against, every in since.items()
        for one in _furthest(every)
    ]
    return pd.DataFrame(rows, columns=MOVERS)


def _furthest(every: list[Moved]) -> list[Moved]:
    """Return the figures that moved furthest: of counts and amounts by percent, then of shares by points."""
    shares = [one for one in every if one.result.unit == "percent"]
    others = [one for one in every if one.result.unit != "percent"]
    kept = zip((others, shares), (MOST, MOST // 2), strict=True)
    return [one for group, most in kept for one in sorted(group, key=lambda one: -abs(one.by))[:most] if one.by]


def _is_as_long(report: QuarterReport, result: IndicatorResult, last: LastPack) -> bool:
    """Whether the latest period was as long in the last pack: a year to date is not. True of what has no period."""
    compare = report.plan.figures[result.indicator].compare
    if not compare:
        return True
    months = [
        report.office.period(compare.latest, quarter.months[-1]).months for quarter in (last.quarter, report.quarter)
    ]
    return len(months[0]) == len(months[1])


def _since(now: IndicatorResult, last: LastPack) -> Iterator[Moved]:
    before = last.before(now)
    if before and now.latest is not None and before.latest is not None and before.latest_period != now.latest_period:
        yield from _moved(now, before.latest, before.latest_period, now.latest, now.latest_period)


def _on_year(now: IndicatorResult) -> Iterator[Moved]:
    if now.year_latest is not None and now.year_before is not None:
        yield from _moved(now, now.year_before, now.year_before_period, now.year_latest, now.year_period)


def _moved(result: IndicatorResult, before: float, then: str, latest: float, now: str) -> Iterator[Moved]:
    """Yield a movement; none of a grade, and none from zero, of which there is no percentage."""
    if result.labels or (result.unit != "percent" and not before):
        return
    by = latest - before if result.unit == "percent" else 100 * (latest / before - 1)
    write = result.form.words
    yield Moved(result, f"{write(before)} ({then})", f"{write(latest)} ({now})", by)


def revised_baselines(report: QuarterReport) -> Iterator[tuple[IndicatorResult, str]]:
    """Yield the figures whose baseline, of the same period, was another in the last pack, and what it was then."""
    last = last_pack_of(report)
    for now in report.indicators() if last else ():
        before = last.before(now)
        if before is None or None in (now.baseline, before.baseline) or now.baseline_period != before.baseline_period:
            continue
        was, is_now = now.form.words(before.baseline), now.form.words(now.baseline)
        if was != is_now:
            yield now, was
