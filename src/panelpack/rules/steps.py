"""An office's own bands: steps with thresholds, each with its word and what it counts as."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from panelpack.formats import number


@dataclass(frozen=True)
class Step:
    """A step of the bands: its word and mark, the verdict that it counts as, and its ends, both inclusive."""

    word: str
    counts_as: str
    at_least: float | None = None
    at_most: float | None = None
    mark: str = ""

    def holds(self, value: float) -> bool:
        """Whether a value lies in it."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True)
class Bands:
    """An office's own words and thresholds.

    of: what is held against them: latest, change (in the unit, of a share in percentage points) or pct_change. steps:
    a value is of the first that holds it, so that the last, without thresholds, may take the rest.
    """

    of: str
    steps: tuple[Step, ...]

    def step(self, value: float) -> Step | None:
        """Return the step that a value is of; None where none holds it."""
        return next((step for step in self.steps if step.holds(value)), None)

    def is_inside_one(self, lower: float, upper: float) -> bool:
        """Whether all values from `lower` to `upper` are of one step."""
        return len({self.step(value) for value in self._between(lower, upper)}) == 1

    def uncovered(self) -> str:
        """Say which values have no step ('between 89 and 90'), or return ''; for the checks of a plan."""
        ends = self.thresholds
        for low, high in pairwise((-inf, *ends, inf)):
            if self.step(_inner(low, high)) is None:
                return _gap_words(low, high)
        return next((f"of {number(end, 2)}" for end in ends if self.step(end) is None), "")

    def unreachable(self) -> list[str]:
        """Return the words of the steps that no value is of, for those before them take all; for a plan's checks."""
        reached = {self.step(value) for value in self._between(-inf, inf)}
        return [step.word for step in self.steps if step not in reached]

    @property
    def thresholds(self) -> list[float]:
        """The thresholds of the steps, each once, lowest first."""
        return sorted({end for step in self.steps for end in (step.at_least, step.at_most) if end is not None})

    def _between(self, lower: float, upper: float) -> Sequence[float]:
        """Return values that stand for all from `lower` to `upper`: the ends, the thresholds, and one of each gap."""
        ends = [lower, *(end for end in self.thresholds if lower < end < upper), upper]
        return [*(end for end in ends if abs(end) < inf), *(_inner(low, high) for low, high in pairwise(ends))]


def _inner(low: float, high: float) -> float:
    """Return a value between two; next to the finite one where the other is infinite."""
    if low == -inf and high == inf:
        return 0.0
    if low == -inf:
        return high - 1
    return low + 1 if high == inf else (low + high) / 2


def _gap_words(low: float, high: float) -> str:
    if low == -inf:
        return f"below {number(high, 2)}" if high < inf else "at all"
    return f"above {number(low, 2)}" if high == inf else f"between {number(low, 2)} and {number(high, 2)}"
