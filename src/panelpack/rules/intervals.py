"""The interval of an indicator's latest figure, or of its change, at any level: from whatever its margin is known by.

Each function returns None where nothing tells how far the figure may lie from what it measures.
"""

from collections.abc import Callable, Iterable

from panelpack.formats import FAR, Form, number, percent_change, rounded
from panelpack.rules.verdict import PeriodTotal
from panelpack.statistics.margins import count_margin, difference, share_margin, stated_margin
from panelpack.statistics.significance import (
    Dispersion,
    Interval,
    count_change,
    dispersion,
    proportion_change,
    share_change,
)

IntervalAt = Callable[[float], Interval]
FARTHEST = 1e15  # beyond it a float has no decimals


def of_latest(latest: PeriodTotal, baseline: PeriodTotal | None = None) -> IntervalAt | None:
    """Return the interval of a figure by itself, in its unit; a baseline, if any, tells of the dispersion too.

    A survey's own interval comes first. Then Wilson's of a share with a base, and the quasi-Poisson one of a count or
    a rate, its population taken as known.
    """
    return _of_one(latest, spread_of(latest, baseline))


def of_change(latest: PeriodTotal, baseline: PeriodTotal) -> IntervalAt | None:
    """Return the interval of latest - baseline, in the unit: percentage points of a share."""
    if all(total.lower is None and total.base is not None for total in (latest, baseline)):
        return _of_shares(latest, baseline)
    spread = spread_of(latest, baseline)
    now, before = _of_one(latest, spread), _of_one(baseline, spread)
    if now is None or before is None:
        return None
    return lambda level: difference(latest.value, now(level), baseline.value, before(level))


def of_pct_change(latest: PeriodTotal, baseline: PeriodTotal) -> IntervalAt | None:
    """Return the interval of the change in percent of the baseline, which only counts and rates have."""
    if not (is_counted(latest) and is_counted(baseline)):
        return None
    spread, exposure = spread_of(latest, baseline), baseline.exposed / latest.exposed
    return lambda level: count_change(latest.counted, baseline.counted, spread, level, exposure)


def as_printed(value: float, decimals: int) -> float:
    """Return a value as it is printed; one that is too far out to be printed, or infinite, as it is."""
    return float(rounded(value, decimals)) if abs(value) < FARTHEST else value


def writer(of: str, form: Form, beside: Iterable[float] = ()) -> Callable[[float], str]:
    """Return how a figure or an end of its interval is written. of: latest, change or pct_change.

    beside: thresholds that a change in percent is held against (formats.percent_change).
    """
    limits = tuple(beside)
    return {"latest": form.words, "change": form.change, "pct_change": lambda value: _percent_words(value, limits)}[of]


def bare_words(words: str) -> str:
    """Return a value in words without those that stand behind it: '10.2' of '10.2 minutes'."""
    return words.split(" ")[0]


def span_words(lower: float, upper: float, write: Callable[[float], str]) -> str:
    """'8.1 to 9.4 minutes': the ends of an interval, with the unit once."""
    return f"{bare_words(write(lower))} to {write(upper)}"


def _percent_words(value: float, beside: tuple[float, ...]) -> str:
    return percent_change(value, beside=beside) if value <= FAR else f"more than {number(FAR, plus=True)}%"


def spread_of(latest: PeriodTotal, baseline: PeriodTotal | None) -> Dispersion:
    """Return how counts vary inside the two periods; of a mean of several years, around that mean."""
    return dispersion(*(total.points for total in (baseline, latest) if total and is_counted(total)))


def is_counted(total: PeriodTotal) -> bool:
    """Whether a figure is a count, or a rate with the count behind it, that has no interval of its own.

    A total below zero, of which suppliers' corrections took off more than was counted, is no count.
    """
    if total.lower is not None or total.base is not None or total.value < 0:
        return False
    return total.kind in ("count", "") or (total.kind == "rate" and total.count is not None)


def _of_one(total: PeriodTotal, spread: Dispersion) -> IntervalAt | None:
    if total.lower is not None and total.upper is not None:
        lower, upper = total.lower, total.upper
        return lambda level: stated_margin(total.value, lower, upper, level)
    if total.base is not None and total.kind in ("share", ""):
        base = total.base
        return lambda level: share_margin(total.value, base, level)
    if is_counted(total):
        return lambda level: _scaled(count_margin(total.counted, spread, level), total.exposed)
    return None


def _of_shares(latest: PeriodTotal, baseline: PeriodTotal) -> IntervalAt | None:
    assert latest.base is not None and baseline.base is not None  # else it has no base
    if latest.kind not in ("share", ""):
        return None
    answered = [total.successes for total in (latest, baseline) if total.exposure == 1]
    if None in answered or len(answered) < 2:  # of a mean of several years the value is not that of its counts
        as_supplied = (latest.value, latest.base, baseline.value, baseline.base)
        return lambda level: share_change(*as_supplied, level)
    assert latest.successes is not None and baseline.successes is not None  # neither is None
    answers = (latest.successes, latest.base, baseline.successes, baseline.base)
    return lambda level: proportion_change(*answers, level)


def _scaled(interval: Interval, exposed: float) -> Interval:
    return Interval(interval.lower / exposed, interval.upper / exposed)
