"""Hiding more, so that nobody can work out what is hidden: secondary suppression across all that a table shows.

A hidden number is safe where somebody who knows all that is shown must still reckon with as many whole numbers as a
count of people that is not shown can be (with a threshold of 5: four). As long as one is not safe, what takes part in
its derivation is hidden as well: of the series that would do, the one that loses least for each number that it
protects, in it the smallest point of the same period. A series of which too many points would go becomes coarser. Where
the plan's figures themselves give a number away, the figure is withheld.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np

from panelpack.config.plan import Plan
from panelpack.disclosure.attack import Attack, Equation, Known, Secret
from panelpack.disclosure.cells import Cells, Unknowns
from panelpack.disclosure.grains import NEARLY_ALL, NOTHING, Shown, align
from panelpack.disclosure.thresholds import fewest_answers, is_guarded, is_of_answers, is_of_people, too_small
from panelpack.rules.verdict import PeriodTotal

FEWEST_POSSIBLE = 2  # a number that can only be one is known, whatever the plan says


class Point(NamedTuple):
    """A point that is shown: of a series or of an area's own, and of which month, quarter or year."""

    name: str
    key: str


class Total(NamedTuple):
    """A total that the plan's figures show: of a series or of an area's own, and of which of the plan's periods."""

    name: str
    period: str


@dataclass(frozen=True)
class ShownTotal:
    """A total with the periods of the table's rows that it adds up, and what times its value is their sum."""

    total: PeriodTotal
    rows: tuple[str, ...]
    times: float = 1


class Outcome(NamedTuple):
    """What was found: how many numbers are hidden, and of how many of them too much could be known before and after.

    withheld: the totals that are withheld so that others stay hidden.
    """

    hidden: int = 0
    known_before: int = 0
    known_after: int = 0
    withheld: frozenset[Total] = frozenset()


def protect(
    shown: Mapping[str, Shown], cells: Cells, totals: Mapping[Total, ShownTotal], plan: Plan, *, step: bool = True
) -> Outcome:
    """Hide points of `shown` in place, and return which totals must be withheld, until every hidden number is safe.

    step: whether anything more is hidden at all, or only looked what could be known.
    """
    withheld: set[Total] = set()
    unsafe, before, hidden = [], 0, 0
    checked: set[tuple[Unknowns, int]] = set()
    while True:
        labels, equations = _equations(shown, cells, totals, withheld)
        secrets = [one for one in find_secrets(shown, cells, plan) if (one.adds, one.needed) not in checked]
        attack = Attack(equations, _parts(cells), cells.truth, _floors(cells), find_ranges(shown, cells, plan))
        unsafe = [(one, known) for one in secrets if (known := attack.known(one)).possible < one.needed]
        # What is safe stays so: from here on less is shown, never more.
        checked |= {(one.adds, one.needed) for one in secrets} - {(one.adds, one.needed) for one, _ in unsafe}
        hidden, before = hidden or len(secrets), before or len(unsafe)
        if not unsafe or not step:
            return Outcome(len(checked) + len(unsafe), before, len(unsafe), frozenset(withheld))
        if not _hide_more(shown, cells, labels, unsafe, _also_figures(labels, equations)):
            withheld |= _withhold(labels, unsafe, totals, withheld)


# ---------------------------------------------------------------------------------------- what is shown, what is hidden
def _equations(
    shown: Mapping[str, Shown], cells: Cells, totals: Mapping[Total, ShownTotal], withheld: set[Total]
) -> tuple[list[Point | Total], list[Equation]]:
    """Return what is shown, and an equation for each number of it; how the table adds up is known besides."""
    labels: list[Point | Total] = []
    equations: list[Equation] = []
    for name, one in shown.items():
        if name not in cells.series:
            continue
        for key, value, base in one.points[["period", "value", "base"]].itertuples(index=False):
            inside = cells.inside(name, one.grain, key)
            equations += _numbers_of(name, inside, value, base, len(labels), cells)
            labels.append(Point(name, key))
    for label, stated in totals.items():
        if label in withheld or label.name not in cells.series:
            continue
        inside = cells.inside(label.name, shown[label.name].periodicity, *stated.rows)
        value, base = _added_up(stated, shown[label.name])
        equations += _numbers_of(label.name, inside, value, base, len(labels), cells)
        labels.append(label)
    for column in cells.columns:
        for whole, parts in cells.sums:
            equations.append(Equation(cells.unknowns(column, parts), 0.0, None, cells.unknowns(column, (whole,))))
    return labels, equations


def _numbers_of(
    name: str, inside: Sequence[int], value: float, base: float, label: int, cells: Cells
) -> Iterator[Equation]:
    read = cells.series[name]
    for column, number in ((read.value, value), (read.base, base)):
        if column and inside and not np.isnan(number):
            yield Equation(cells.unknowns(column, inside), float(number), label)


def _added_up(stated: ShownTotal, one: Shown) -> tuple[float, float]:
    """Return the sums behind a total: of its values and of what they are out of."""
    total = stated.total
    if total.base is not None:
        share = 100 if one.spec.kind == "share" else 1
        value = total.successes if total.successes is not None else total.value * total.base / share
        return value, total.base
    return (total.count if total.count is not None else total.value * stated.times * total.exposure), float("nan")


def find_secrets(shown: Mapping[str, Shown], cells: Cells, plan: Plan) -> list[Secret]:
    """Return the numbers that must not be known: small ones, of points and of cells, and those that suppliers withhold.

    A point is hidden in every length in which the series is not shown.
    """
    found: dict[Unknowns, Secret] = {}
    for name, one in shown.items():
        if name not in cells.series or not is_guarded(one.spec, plan):
            continue
        read = cells.series[name]
        finer = one.grains if one.grain == NOTHING else one.grains[: one.grains.index(one.grain) + 1]
        for grain in finer:
            for key in one.small_keys(grain):
                inside = cells.inside(name, grain, key)
                for column in filter(None, (read.value, read.base)):
                    _add(found, cells, column, inside, plan, is_count=is_of_people(one.spec, plan) and not read.base)
        small = too_small(cells.of_series(name), one.spec, plan).to_numpy()
        for cell in np.flatnonzero(read.cells)[small]:
            for column in filter(None, (read.value, read.base)):
                is_count = is_of_people(one.spec, plan) and not read.base
                _add(found, cells, column, [int(cell)], plan, is_count=is_count)
    for column, withheld in cells.withheld.items():
        for cell in np.flatnonzero(withheld):
            _add(found, cells, column, [int(cell)], plan, is_count=False)
    return [one for one in found.values() if one.adds]


def _add(
    found: dict[Unknowns, Secret], cells: Cells, column: str, inside: Sequence[int], plan: Plan, *, is_count: bool
) -> None:
    adds = cells.unknowns(column, inside)
    possible = plan.disclosure.people.fewest - 1
    needed = possible if is_count else max(FEWEST_POSSIBLE, possible)
    periods = frozenset(str(cells.periods[cell]) for cell in inside)
    if adds not in found or found[adds].needed > needed:
        found[adds] = Secret(adds, needed, periods=periods)


def find_ranges(shown: Mapping[str, Shown], cells: Cells, plan: Plan) -> list[Secret]:
    """Return what the marks say of hidden points: one that is hidden for its size lies below the threshold."""
    found, limits = [], plan.disclosure
    for name, one in shown.items():
        if name not in cells.series or not is_guarded(one.spec, plan):
            continue
        read = cells.series[name]
        for key in one.small_keys(one.grain):
            inside = cells.inside(name, one.grain, key)
            if is_of_answers(one.spec):
                base = cells.unknowns(read.base, inside)
                found.append(Secret(base, 0, 1, max(1, fewest_answers(one.spec, plan, one.grain) - 1)))
            else:
                found.append(Secret(cells.unknowns(read.value, inside), 0, 1, max(1, limits.people.fewest - 1)))
    return found


def _parts(cells: Cells) -> list[tuple[int, int]]:
    """Return the unknowns of which the first is a part of the second: who is satisfied, of those who answered."""
    columns = dict.fromkeys((read.value, read.base) for read in cells.series.values() if read.base and read.is_part)
    every = range(cells.count)
    return [
        pair
        for value, base in columns
        for pair in zip(cells.unknowns(value, every), cells.unknowns(base, every), strict=True)
    ]


def _floors(cells: Cells) -> np.ndarray:
    """Return the least that each unknown may be: 0, but in a column of which a correction took off more than it had."""
    floors = [np.full(cells.count, -inf if (cells.numbers[column] < 0).any() else 0.0) for column in cells.columns]
    return np.concatenate(floors) if floors else np.empty(0)


# ---------------------------------------------------------------------------------------- what more is hidden
def _hide_more(
    shown: Mapping[str, Shown],
    cells: Cells,
    labels: Sequence[Point | Total],
    unsafe: Sequence[tuple[Secret, Known]],
    also_figures: Collection[int],
) -> bool:
    """Hide a point for each number that is not safe; False where no point takes part.

    Of the series that would do, it is of the one that loses least for each number that it protects. Where a series
    becomes coarser, that is all that is done: much more may then be safe. also_figures: the places of points that are
    not worth hiding, for a figure shows the same number.
    """
    sizes = {name: _sizes(one) for name, one in shown.items()}
    wanted: dict[str, dict[Secret, Point]] = {}
    for secret, known in unsafe:
        by_name: dict[str, list[Point]] = {}
        for point in _closing(shown, [labels[place] for place in sorted(known.shown) if place not in also_figures]):
            by_name.setdefault(point.name, []).append(point)
        for name, points in by_name.items():
            same = [point for point in points if secret.periods & _rows_of(point, shown[name], cells)]
            wanted.setdefault(name, {})[secret] = min(
                same or points, key=lambda point: (*_worth(sizes[point.name][point.key], shown[point.name]), point)
            )
    if not wanted:
        return False
    order = {name: (_goes_on(shown, name), place) for place, name in enumerate(shown)}
    while wanted:
        losses = {name: _loss(shown, name, wanted[name], sizes) / len(wanted[name]) for name in wanted}
        chosen = min(wanted, key=lambda name: (order[name][0], losses[name], order[name][1]))
        one, served = shown[chosen], wanted.pop(chosen)
        keys = {point.key for point in served.values()}
        if _is_too_much(shown, one, keys):
            members = _members(shown, one)
            for member in members:
                member.coarsen()
            align(members)
            return True
        one.secondary |= keys
        left = {name: {s: p for s, p in points.items() if s not in served} for name, points in wanted.items()}
        wanted = {name: points for name, points in left.items() if points}
    return True


def _closing(shown: Mapping[str, Shown], taking_part: Sequence[Point | Total]) -> list[Point]:
    """Return the points that take part; where some are of a series and a period with hidden points, only those.

    A hidden point is worked out from the others of its series and a total over time, as it is from those of its period:
    so hidden points protect each other where they stand at the corners of a rectangle.
    """
    points = [label for label in taking_part if isinstance(label, Point)]
    lines = {name: set(one.hidden) for name, one in shown.items()}
    of_key: dict[str, int] = {}
    for keys in lines.values():
        for key in keys:
            of_key[key] = of_key.get(key, 0) + 1
    closes = [bool(lines[point.name]) + (point.key in of_key) for point in points]
    return [point for point, count in zip(points, closes, strict=True) if count == max(closes)]


def _worth(size: float, one: Shown) -> tuple[bool, float]:
    """Return by what a point to hide is chosen: the smallest of those that are large enough to hide another behind."""
    return size < one.plan.disclosure.people.fewest, size


def _also_figures(labels: Sequence[Point | Total], equations: Sequence[Equation]) -> set[int]:
    """Return the places of points whose number a figure shows as well."""
    of_figures = {one.adds for one in equations if one.shown is not None and isinstance(labels[one.shown], Total)}
    return {one.shown for one in equations if one.shown is not None and one.adds in of_figures}


def _goes_on(shown: Mapping[str, Shown], name: str) -> bool:
    """Whether a series is still supplied: one that has ended is missed less than the months of one that goes on."""
    ends = {other: one.exact["period"].max() for other, one in shown.items() if len(one.exact)}
    same = [ends[other] for other in ends if shown[other].periodicity == shown[name].periodicity]
    return bool(ends[name] == max(same))


def _sizes(one: Shown) -> dict[str, float]:
    """Return what hiding each point would lose: the answers behind it, or what it counts."""
    points = one.points
    size = points["base"] if is_of_answers(one.spec) else points["value"].abs()
    return dict(zip(points["period"], size.astype(float), strict=True))


def _rows_of(point: Point, one: Shown, cells: Cells) -> set[str]:
    return {str(cells.periods[cell]) for cell in cells.of_key(one.grain, point.key)}


def _is_too_much(shown: Mapping[str, Shown], one: Shown, keys: set[str]) -> bool:
    """Whether so few points would be left of a series, or of all its areas, that it is rather made coarser."""
    members = _members(shown, one)
    left = sum(len(member.points) for member in members) - len(keys)
    return left < NEARLY_ALL * sum(len(member.at(member.grain)[0]) for member in members)


def _members(shown: Mapping[str, Shown], one: Shown) -> list[Shown]:
    """Return all that have one grain with a series: the areas with each other."""
    return [other for other in shown.values() if other.group == one.group and other.grain == one.grain]


def _loss(
    shown: Mapping[str, Shown],
    name: str,
    points: Mapping[Secret, Point],
    sizes: Mapping[str, Mapping[str, float]],
) -> float:
    """Return what is lost where some points of a series go: they, or all where it then becomes coarser."""
    keys = {point.key for point in points.values()}
    if not _is_too_much(shown, shown[name], keys):
        return sum(sizes[name][key] for key in keys)
    return sum(sum(sizes[one.name].values()) for one in _members(shown, shown[name]))


def _withhold(
    labels: Sequence[Point | Total],
    unsafe: Sequence[tuple[Secret, Known]],
    totals: Mapping[Total, ShownTotal],
    withheld: set[Total],
) -> set[Total]:
    """Return one more total to withhold: the smallest of those that take part in a derivation."""
    taking_part = {label for _, known in unsafe for place in known.shown if isinstance(label := labels[place], Total)}
    left = taking_part or set(totals) - withheld
    if not left:
        raise ValueError("hidden numbers follow from how the table adds up alone: expected something that is shown")
    return {min(left, key=lambda label: (totals[label].total.base or abs(totals[label].total.value), label))}
