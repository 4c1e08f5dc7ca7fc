"""Working back from what is shown to what is hidden: how narrowly somebody can know a hidden number.

Whoever tries it is taken to know all that is shown exactly, how the table adds up, that nothing is below zero, that a
part is no more than what it is a part of, and between which numbers a hidden one lies that is hidden for its size.
Numbers that follow one by one are put in first; what is left falls into systems that share no unknown, each of which is
solved: exactly by its null space, and in between by linear programming.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import ceil, floor, inf, isnan

import numpy as np
from numpy.typing import NDArray

from panelpack.disclosure.cells import Unknowns

Left = tuple[dict[int, float], float, "Equation"]  # the unknowns left of an equation, and what is left for them
TOLERANCE = 1e-6  # of a number that was added up
WEIGHT = 1e-7  # of a shown number in a derivation, from which on it takes part


@dataclass(frozen=True)
class Equation:
    """A number that is shown: what unknowns it adds up, each once but for a sum that is taken off (`less`).

    shown: the place of what is shown in a list of the caller's; None for what is known anyway.
    """

    adds: Unknowns
    value: float
    shown: int | None = None
    less: Unknowns = ()

    @cached_property
    def terms(self) -> dict[int, float]:
        """The factor of each unknown."""
        return dict.fromkeys(self.adds, 1.0) | dict.fromkeys(self.less, -1.0)


@dataclass(frozen=True)
class Secret:
    """A hidden number: the unknowns that it adds up, and how many whole numbers must stay possible for it.

    least, most: between which it is known to lie. periods: of its cells.
    """

    adds: Unknowns
    needed: int
    least: float = -inf
    most: float = inf
    periods: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """How narrowly a hidden number can be known, and what of the shown takes part in it."""

    lower: float
    upper: float
    shown: frozenset[int]

    @property
    def possible(self) -> float:
        """How many whole numbers it may be."""
        if self.lower == -inf or self.upper == inf:
            return inf
        room = TOLERANCE * max(1.0, abs(self.lower), abs(self.upper))
        return max(1, floor(self.upper + room) - ceil(self.lower - room) + 1)


@dataclass
class Attack:
    """All that somebody knows: equations, and pairs of unknowns of which the first is a part of the second.

    truth: the number behind each unknown (NaN: not known to us either), used only to see quickly that a number is safe.
    floors: the least that each unknown may be. ranges: what is known of hidden numbers by their size.
    """

    equations: Sequence[Equation]
    parts: Sequence[tuple[int, int]]
    truth: NDArray[np.float64]
    floors: NDArray[np.float64]
    ranges: Sequence[Secret] = ()
    _known: dict[int, float] = field(init=False, default_factory=dict)
    _because: dict[int, frozenset[int]] = field(init=False, default_factory=dict)
    _solved: dict[object, Known] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._put_in()
        left = [({u: f for u, f in e.terms.items() if u not in self._known}, e) for e in self.equations]
        self._left = [(terms, self._rest(e), e) for terms, e in left if terms]
        self._of = defaultdict(list)
        for place, (terms, _, _) in enumerate(self._left):
            for unknown in terms:
                self._of[unknown].append(place)
        self._part_of = dict(self.parts)
        self._parts_in = defaultdict(list)
        for part, base in self.parts:
            self._parts_in[base].append(part)
        self._ranged = defaultdict(list)
        for one in self.ranges:
            for unknown in one.adds:
                self._ranged[unknown].append(one)

    def _put_in(self) -> None:
        """Find the unknowns that follow one by one from an equation with no other unknown."""
        of = defaultdict(list)
        for place, equation in enumerate(self.equations):
            for unknown in equation.terms:
                of[unknown].append(place)
        left = [len(equation.terms) for equation in self.equations]
        ready = [place for place, count in enumerate(left) if count == 1]
        while ready:
            after = []
            for place in ready:
                equation = self.equations[place]
                found = [unknown for unknown in equation.terms if unknown not in self._known]
                if len(found) != 1:
                    continue
                (unknown,) = found
                self._known[unknown] = self._rest(equation) / equation.terms[unknown]
                self._because[unknown] = self._reasons(equation)
                for other in of[unknown]:
                    left[other] -= 1
                    if left[other] == 1:
                        after.append(other)
            ready = after

    def _rest(self, equation: Equation) -> float:
        """Return what an equation leaves for its unknowns that are not known yet."""
        return equation.value - sum(f * self._known[u] for u, f in equation.terms.items() if u in self._known)

    def _reasons(self, equation: Equation) -> frozenset[int]:
        """Return what of the shown an equation rests on, with all that was put into it."""
        own = frozenset() if equation.shown is None else frozenset([equation.shown])
        return own.union(*(self._because[u] for u in equation.terms if u in self._because))

    def known(self, secret: Secret) -> Known:
        """Return how narrowly a hidden number can be known."""
        put_in = sum(self._known[u] for u in secret.adds if u in self._known)
        because = frozenset().union(*(self._because[u] for u in secret.adds if u in self._known))
        unknown = tuple(u for u in secret.adds if u not in self._known)
        if not unknown:
            return Known(put_in, put_in, because)
        if any(self._is_free(u, secret) for u in unknown):
            lower = max(secret.least, float(self.floors[list(unknown)].sum()) + put_in)
            return Known(lower, secret.most, because)
        for one in unknown:
            room = self._room(one, unknown)
            if room is not None and Known(put_in + room[0], put_in + room[1], because).possible >= secret.needed:
                return Known(put_in + room[0], put_in + room[1], because)
        found = self._bounds(unknown)
        return Known(found.lower + put_in, found.upper + put_in, because | found.shown)

    def _is_free(self, unknown: int, secret: Secret) -> bool:
        """Whether nothing that is shown rests on an unknown, so that it may be any number."""
        base = self._part_of.get(unknown)
        if any(one.adds != secret.adds for one in self._ranged[unknown]):
            return False
        return not self._of[unknown] and (base is None or (base not in self._known and not self._of[base]))

    def _room(self, unknown: int, added: Unknowns) -> tuple[float, float] | None:
        """Return a range that the sum of some unknowns certainly can have: one of them gives to another, or takes.

        The other is none of the sum and in just the same equations; None where there is no such.
        """
        here = self._signature(unknown)
        near = self._left[here[0][0]][0] if here else ()
        twins = [u for u in near if u not in added and self._signature(u) == here]
        own = self._own_range(unknown)
        others = [(self.truth[twin], range_) for twin in twins if (range_ := self._own_range(twin))]
        if own is None or not others:
            return None
        now, whole = float(self.truth[unknown]), float(self.truth[list(added)].sum())
        up = max(float(value - least) for value, (least, _) in others)
        down = max(float(most - value) for value, (_, most) in others)
        return whole - min(now - own[0], down), whole + min(own[1] - now, up)

    def _signature(self, unknown: int) -> list[tuple[int, float]]:
        return [(place, self._left[place][0][unknown]) for place in self._of[unknown]]

    def _own_range(self, unknown: int) -> tuple[float, float] | None:
        """Return between which numbers an unknown may lie while all others stay what they are; None if not known."""
        lower, upper = float(self.floors[unknown]), inf
        if (base := self._part_of.get(unknown)) is not None:
            upper = min(upper, self.truth[base])
        for part in self._parts_in[unknown]:
            lower = max(lower, self.truth[part])
        for one in self._ranged[unknown]:
            others = sum(self.truth[u] for u in one.adds if u != unknown)
            lower, upper = max(lower, one.least - others), min(upper, one.most - others)
        return None if isnan(lower + upper) or isnan(self.truth[unknown]) or lower == -inf else (lower, upper)

    # -------------------------------------------------------------------------- what does not follow one by one
    @cached_property
    def _systems(self) -> Mapping[int, int]:
        """By unknown the number of the system that it belongs to: what equations and parts connect."""
        # Like scipy's other parts a tenth of a second to import, which of all notebooks only the preparation needs.
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        pairs = [(u, v) for terms, _, _ in self._left for u, v in _chain(list(terms))]
        pairs += [(u, v) for u, v in self.parts if u not in self._known and v not in self._known]
        pairs += [pair for one in self.ranges for pair in _chain([u for u in one.adds if u not in self._known])]
        size = len(self.truth)
        graph = coo_array((np.ones(len(pairs)), tuple(zip(*pairs, strict=True)) if pairs else ([], [])), (size, size))
        return dict(enumerate(map(int, connected_components(graph, directed=False)[1])))

    @cached_property
    def _members(self) -> Mapping[int, list[int]]:
        members = defaultdict(list)
        for unknown, system in self._systems.items():
            if unknown not in self._known:
                members[system].append(unknown)
        return members

    def _bounds(self, unknown: Unknowns) -> Known:
        """Return the least and the most that the sum of some unknowns may be."""
        alike = tuple(sorted((tuple(self._signature(u)), self._own_key(u)) for u in unknown))
        if alike not in self._solved:
            self._solved[alike] = self._solve(unknown)
        return self._solved[alike]

    def _own_key(self, unknown: int) -> tuple[object, ...]:
        """Tell apart two unknowns of the same equations that have limits of their own."""
        has_own = unknown in self._part_of or self._parts_in[unknown] or self._ranged[unknown]
        return (unknown,) if has_own else (float(self.floors[unknown]),)

    def _solve(self, unknown: Unknowns) -> Known:
        from scipy.optimize import linprog  # as coo_array

        systems = {self._systems[u] for u in unknown}
        members = [u for system in sorted(systems) for u in self._members[system]]
        place = {u: n for n, u in enumerate(members)}
        rows = [row for row in self._left if next(iter(row[0])) in place]
        a = np.zeros((len(rows), len(members)))
        b = np.array([rest for _, rest, _ in rows])
        for n, (terms, _, _) in enumerate(rows):
            for u, factor in terms.items():
                a[n, place[u]] = factor
        upper_a, upper_b = self._limits(place)
        aim = np.zeros(len(members))
        aim[[place[u] for u in unknown]] = 1
        bounds = [(None if self.floors[u] == -inf else self.floors[u], None) for u in members]
        ends, shown = [], frozenset[int]()
        for sign in (1, -1):
            found = (
                linprog(sign * aim, A_ub=upper_a, b_ub=upper_b, A_eq=a, b_eq=b, bounds=bounds, method="highs")
                if len(rows) or upper_a is not None
                else None
            )
            if found is None or found.status == 3:
                ends.append(-sign * inf)
            elif found.status == 0:
                ends.append(sign * float(found.fun))
                taking_part = np.flatnonzero(np.abs(found.eqlin.marginals) > WEIGHT) if len(rows) else ()
                shown |= frozenset().union(*(self._reasons(rows[n][2]) for n in taking_part))
            else:
                return self._by_row_space(a, b, aim, rows)
        return Known(ends[0], ends[1], shown)

    def _by_row_space(
        self, a: NDArray[np.float64], b: NDArray[np.float64], aim: NDArray[np.float64], rows: Sequence[Left]
    ) -> Known:
        """Return the one number that equations leave where they contradict what else is taken to be known."""
        from scipy.linalg import null_space  # as coo_array

        if np.abs(null_space(a).T @ aim).max(initial=0) > TOLERANCE:
            return Known(-inf, inf, frozenset())
        weights = np.linalg.lstsq(a.T, aim, rcond=None)[0]
        taking_part = np.flatnonzero(np.abs(weights) > WEIGHT)
        value = float(weights @ b)
        return Known(value, value, frozenset().union(*(self._reasons(rows[int(n)][2]) for n in taking_part)))

    def _limits(self, place: Mapping[int, int]) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
        """Return what is at most something: parts of what they are part of, and hidden numbers by their size."""
        rows, ends = [], []
        for part, base in self.parts:
            if part not in place and base not in place:
                continue
            row = np.zeros(len(place))
            end = 0.0
            for u, factor in ((part, 1.0), (base, -1.0)):
                if u in place:
                    row[place[u]] = factor
                else:
                    end -= factor * self._known.get(u, 0.0)
            if part in place and base not in place and base not in self._known:
                continue  # of a base in another system nothing is known
            rows.append(row)
            ends.append(end)
        for one in self.ranges:
            inside = [u for u in one.adds if u in place]
            if not inside or any(u not in place and u not in self._known for u in one.adds):
                continue
            put_in = sum(self._known[u] for u in one.adds if u in self._known)
            for factor, end in ((1.0, one.most - put_in), (-1.0, -(one.least - put_in))):
                if end < inf:
                    row = np.zeros(len(place))
                    row[[place[u] for u in inside]] = factor
                    rows.append(row)
                    ends.append(end)
        return (np.array(rows), np.array(ends)) if rows else (None, None)


def _chain(unknowns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield pairs that connect all of some unknowns."""
    return pairwise(unknowns)
