"""The total of a series over a period: put together from its points as its kind has it."""

from dataclasses import replace
from math import hypot, isnan, nan

import pandas as pd

from panelpack.formats import settled
from panelpack.named_periods import Period, keys_of
from panelpack.periods import period_words
from panelpack.rules.verdict import PeriodTotal


def period_total(
    points: pd.DataFrame,
    period: Period,
    periodicity: str,
    last_month: str,
    kind: str | None = None,
    over_time: str = "sum",
    *,
    is_worked_out: bool = False,
) -> PeriodTotal | None:
    """Put a series together over a period, as `over_time` says; None where the series does not cover all of it.

    A position (a period without months) is the latest date up to the end of `last_month`, or to the day that the period
    names. Of a period with parts the value is the mean of theirs. kind: of the series; by default that of a share where
    there is a base, else of a count. is_worked_out: whether the supplier gave the figures themselves, so that what they
    are made of is not known.
    """
    kind = kind or ("count" if points["base"].isna().all() else "share")
    if period.parts:
        return _mean_of(
            [
                period_total(points, part, periodicity, last_month, kind, over_time, is_worked_out=is_worked_out)
                for part in period.parts
            ],
            period,
        )
    if not period.months:
        dated = points[points["period"] <= period.day.isoformat()] if period.day else points
        dated = dated[dated["period"].str[:7] <= last_month]
        if dated.empty:
            return None
        latest = dated.sort_values("period").tail(1)
        return _total(latest, latest["period"].iloc[0], kind, is_worked_out)
    keys = keys_of(period, periodicity)
    rows = points[points["period"].isin(keys)] if keys else points.iloc[:0]
    if keys is None or len(rows) != len(keys) or (over_time == "none" and len(rows) > 1):
        return None
    if over_time == "last" and len(rows) > 1:
        rows = rows.sort_values("period").tail(1)
        return _total(rows, f"end of {period_words(rows['period'].iloc[0])}", kind, is_worked_out)
    total = _total(rows, period.words, kind, is_worked_out)
    return replace(total, value=total.value / len(rows)) if total and over_time == "mean" else total


def _total(rows: pd.DataFrame, words: str, kind: str, is_worked_out: bool) -> PeriodTotal | None:
    """Return rows of a series put together as its kind has it: the sum, or the sum over the base."""
    value, base = float(rows["value"].sum()), float(rows["base"].sum())
    counts = tuple(rows["value"].astype(float))
    lower, upper = _own_interval(rows)
    if rows["base"].isna().all():
        return PeriodTotal(value, words, points=counts, kind=kind, lower=lower, upper=upper)
    if kind == "rate":
        per = float(rows["base"].iloc[0])
        return PeriodTotal(value / per, words, points=counts, kind=kind, per=per, count=value)
    if not base:
        return None
    figure = (100 if kind == "share" else 1) * value / base
    successes = None if is_worked_out else value
    if is_worked_out:
        figure = settled(figure)  # so that one that is an end of its own interval does not lie beyond it by a last bit
    return PeriodTotal(figure, words, successes, base, kind=kind, lower=lower, upper=upper)


def _own_interval(rows: pd.DataFrame) -> tuple[float, float] | tuple[None, None]:
    """Return the interval that came with a figure of one point; of several points none is known."""
    ends = [float(rows[end].iloc[0]) for end in ("lower", "upper")] if len(rows) == 1 else [nan]
    return (None, None) if any(map(isnan, ends)) else (ends[0], ends[1])


def _mean_of(totals: list[PeriodTotal | None], period: Period) -> PeriodTotal | None:
    """Return the mean of the totals of a period's parts; None where one is not there.

    Figures with a base are weighted by it, so that the mean is that of all who were asked.
    """
    known = [total for total in totals if total is not None]
    if len(known) < len(totals):
        return None
    has_base = all(total.base is not None and total.lower is None for total in known)
    weights = [total.base or 0.0 for total in known] if has_base else [1.0] * len(known)
    value = sum(weight * total.value for weight, total in zip(weights, known, strict=True)) / sum(weights)
    down, up = (_in_quadrature(known, end) for end in ("lower", "upper"))
    return replace(
        known[0],
        value=value,
        lower=None if down is None else value - down,
        upper=None if up is None else value + up,
        words=period.words,
        successes=_sum([total.successes for total in known]),
        base=_sum([total.base for total in known]),
        count=_sum([total.count for total in known]),
        points=tuple(point for total in known for point in total.points),
        exposure=float(len(known)),
    )


def _in_quadrature(totals: list[PeriodTotal], end: str) -> float | None:
    """Return how far the mean of independent figures reaches to one side, by the intervals that came with them."""
    ends = [getattr(total, end) for total in totals]
    if None in ends:
        return None
    return hypot(*(of - total.value for of, total in zip(ends, totals, strict=True))) / len(totals)


def _sum(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
