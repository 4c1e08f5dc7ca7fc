"""How finely a series may be shown: by month, quarter or year, by what nearly all of its points are large enough for.

What is shown of a series only ever becomes less: a point is hidden, or the series is made coarser.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from panelpack.config.plan import Plan
from panelpack.config.series import Series
from panelpack.disclosure.thresholds import can_be_shown, is_guarded, too_small
from panelpack.periods import MONTHS_IN, key_of, months_of

NEARLY_ALL = 0.9  # the share of a series' points that must be large enough for points of such a length to be shown
COARSER = ("month", "quarter", "financial_year")  # the lengths that a series of months is tried at, in this order
NOTHING = ""  # the grain of a series of which no point is shown, only the figures of the plan
ADDS_UP = ("sum", "weighted_mean")  # the ways of forming a period by which points may be put together


def ladder(periodicity: str, over_time: str) -> tuple[str, ...]:
    """Return the lengths that the points of a series may have: its own, then those that they add up to."""
    if periodicity not in MONTHS_IN or over_time not in ADDS_UP:
        return (periodicity,)
    longer = (grain for grain in COARSER if MONTHS_IN[grain] > MONTHS_IN[periodicity])
    return (periodicity, *longer)


def in_grain(points: pd.DataFrame, periodicity: str, grain: str) -> pd.DataFrame:
    """Return points added up to a grain; a quarter or year that lacks one of its points has none."""
    if grain == periodicity or points.empty:
        return points
    keys = points["period"].map({key: coarser(key, grain) for key in points["period"].unique()})
    grouped = points.assign(period=keys).groupby(["series", "period"], sort=True)
    added = grouped[["value", "base"]].sum(min_count=1)
    whole = grouped.size() == MONTHS_IN[grain] // MONTHS_IN[periodicity]
    added = added[whole].reset_index()
    return added.assign(lower=float("nan"), upper=float("nan"))[list(points.columns)]


def coarser(key: str, grain: str) -> str:
    """Return the quarter or year that a month or quarter belongs to."""
    return key_of(months_of(key)[0], grain)


@dataclass
class Shown:
    """What is shown of a series, or of one of its areas: points of one grain, less those that are hidden.

    exact: its points as the table has them. group: the name of what has one grain: a series, or all its areas.
    secondary: the hidden points that are large enough, and are hidden so that others cannot be worked out.
    is_coarsened: whether it was made coarser for that reason.
    """

    name: str
    group: str
    spec: Series
    plan: Plan
    exact: pd.DataFrame
    grains: Sequence[str]
    grain: str
    secondary: set[str] = field(default_factory=set)
    is_coarsened: bool = False
    _points: dict[tuple[str, int], pd.DataFrame] = field(init=False, default_factory=dict, repr=False)
    _at: dict[str, tuple[pd.DataFrame, pd.Series]] = field(init=False, default_factory=dict, repr=False)

    @property
    def periodicity(self) -> str:
        """What a point covers as the table has it."""
        return self.grains[0]

    def at(self, grain: str) -> tuple[pd.DataFrame, pd.Series]:
        """Return all of its points in a grain, and which of them are too small to be shown."""
        if grain not in self._at:
            every = self.exact.iloc[:0] if grain == NOTHING else in_grain(self.exact, self.periodicity, grain)
            self._at[grain] = every, too_small(every, self.spec, self.plan, grain)
        return self._at[grain]

    def small_keys(self, grain: str) -> list[str]:
        """Return the periods of a grain of which the number is too small to be shown."""
        every, small = self.at(grain)
        return list(every["period"][small])

    @property
    def points(self) -> pd.DataFrame:
        """The points that are shown."""
        now = (self.grain, len(self.secondary))  # in a grain more is hidden, never less
        if now not in self._points:
            every, small = self.at(self.grain)
            self._points[now] = every[~(small | every["period"].isin(self.secondary))]
        return self._points[now]

    @property
    def hidden(self) -> list[str]:
        """The periods of its grain that are hidden, because they are small or so that others stay hidden."""
        return [*self.small_keys(self.grain), *sorted(self.secondary)]

    @property
    def is_protected(self) -> bool:
        """Whether something of the exact points is not shown."""
        return self.grain != self.periodicity or bool(self.hidden)

    @property
    def is_for_others(self) -> bool:
        """Whether something is hidden that is large enough, so that others cannot be worked out from it."""
        return self.is_coarsened or bool(self.secondary)

    def coarsen(self) -> None:
        """Show the next coarser grain in which nearly all points are large enough; NOTHING after the last."""
        place = self.grains.index(self.grain) + 1
        self.grain = finest_grain(self.exact, self.grains, self.spec, self.plan, place)
        self.secondary, self.is_coarsened = set(), True


def finest_grain(exact: pd.DataFrame, grains: Sequence[str], spec: Series, plan: Plan, start: int = 0) -> str:
    """Return the finest grain in which nearly all points of a series are large enough; NOTHING where there is none.

    start: the place of the first grain that is tried.
    """
    if not start and (exact.empty or not is_guarded(spec, plan)):
        return grains[0]
    for grain in grains[start:]:
        enough = can_be_shown(in_grain(exact, grains[0], grain), spec, plan, grain)
        if len(enough) and enough.mean() >= NEARLY_ALL:
            return grain
    return NOTHING


def at_first(
    exact: Mapping[str, pd.DataFrame], groups: Mapping[str, str], specs: Mapping[str, Series], plan: Plan
) -> dict[str, Shown]:
    """Return what is shown of each series and area before it is asked what that gives away.

    exact: points by the name of the series or of the area's own. groups: what has one grain. specs: by name. All areas
    of a series have the coarsest grain that one of them needs; an area of too few for any has no point.
    """
    shown = {}
    for name, points in exact.items():
        spec = specs[name]
        grains = ladder(plan.periodicity(spec), plan.over_time(spec))
        shown[name] = Shown(name, groups[name], spec, plan, points, grains, finest_grain(points, grains, spec, plan))
    for group in dict.fromkeys(groups.values()):
        align([one for one in shown.values() if one.group == group])
    return shown


def align(group: Iterable[Shown]) -> None:
    """Give all areas of a series the coarsest grain of those of which something is shown."""
    members = [one for one in group if one.grain != NOTHING]
    if not members:
        return
    coarsest = max((one.grain for one in members), key=members[0].grains.index)
    for one in members:
        one.grain = coarsest
