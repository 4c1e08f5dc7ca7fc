"""The kinds of measure that plans have: what a cell holds, how a period is formed from points, how a value is printed.

Twelve monthly medians do not add up to a year's, nor do percentages; a stock at the end of a year is not the sum of its
months. So each kind says how a period is formed, and the plan's checks refuse what a kind cannot do.
"""

from dataclasses import dataclass
from typing import Literal, get_args

KindName = Literal["count", "stock", "share", "rate", "duration", "money", "index", "grade"]
OverTime = Literal["sum", "last", "mean", "weighted_mean", "none"]
OVER_TIME_WORDS = {
    "sum": "added up",
    "last": "the last one",
    "mean": "their mean",
    "weighted_mean": "their mean, weighted by the base",
    "none": "none: a figure is one point",
}


@dataclass(frozen=True)
class Kind:
    """A kind of measure.

    title: what it is, for a reader. over_time: the ways of forming a period from several points that a plan may state,
    the usual one first. cells: the kinds of column that its value may stand in, as supplied. unit: how its values are
    printed where the plan names no unit ('' for a bare number). is_flow: whether a longer period has a larger value, so
    that only periods of equal length compare. adds_up: whether several rows of one point may be added up.
    has_percent_change: whether a change in percent of the baseline says something.
    """

    name: KindName
    title: str
    over_time: tuple[OverTime, ...]
    cells: tuple[str, ...]
    unit: str
    decimals: int
    is_flow: bool = False
    adds_up: bool = False
    has_percent_change: bool = False

    @property
    def noun(self) -> str:
        """'a count', 'an amount of money': what a sentence calls a value of the kind."""
        return {"index": "an index", "money": "an amount of money"}.get(self.name, f"a {self.name}")

    def percent_change(self, latest: float, baseline: float) -> float | None:
        """Return the change in percent of the baseline; None where the kind has none or the baseline is not above 0."""
        return 100 * (latest - baseline) / baseline if self.has_percent_change and baseline > 0 else None


_NUMBERS = ("count", "decimal")
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("count", "a count of what happened", ("sum",), ("count",), "count", 0, True, True, True),
        Kind("stock", "a level at a time", ("last", "mean"), _NUMBERS, "count", 0, False, True, True),
        Kind("share", "a percentage of a base", ("weighted_mean",), _NUMBERS, "percent", 1, False, True),
        Kind("rate", "a count per so many people", ("sum",), _NUMBERS, "rate", 1, True, True, True),
        Kind("duration", "a time, such as a median", ("none", "weighted_mean"), _NUMBERS, "", 1, False, False, True),
        Kind("money", "an amount of money", ("none", "sum", "last"), _NUMBERS, "gbp", 0, False, True, True),
        Kind("index", "a score or index", ("none", "last"), _NUMBERS, "", 1),
        Kind("grade", "a grade in an order of words", ("last",), ("category",), "grade", 0),
    )
}
assert tuple(KINDS) == get_args(KindName)  # a name more or less would go unnoticed
