"""Draws around an expected level, and whole numbers that meet a known total: what the reconstructed months are made of.

Every series has a seed of its own, so a change to one moves no other. Draws are sums of integers and totals are met in
integers, so every machine makes the same figures.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from panelpack.periods import month_range

Item = TypeVar("Item")
LOTS = 1 << 40  # so many different lots that hardly two people draw the same


def noise(seed: int, size: int) -> npt.NDArray[np.float64]:
    """Return draws that are standard normal, near enough: each a sum of twelve integers from 0 to 255."""
    rolls = np.random.default_rng(seed).integers(0, 256, (size, 12))
    return np.asarray((rolls.sum(axis=1) - 1530) / 256)


def spread_around(expected: Sequence[float], dispersion: float, seed: int) -> list[float]:
    """Draw counts around their expected values; `dispersion` is their variance in multiples of Poisson's."""
    level = np.array(expected, dtype=float)
    drawn = level + np.sqrt(level * dispersion) * noise(seed, len(level))
    return [float(count) for count in drawn.clip(0)]


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Share out a whole number by weight, by largest remainders; the first wins a tie."""
    exact = [round(1000 * weight) for weight in weights]
    shares = [total * weight // sum(exact) for weight in exact]
    remainders = [total * weight % sum(exact) for weight in exact]
    largest_first = sorted(range(len(exact)), key=lambda place: -remainders[place])
    for place in largest_first[: total - sum(shares)]:
        shares[place] += 1
    return shares


def answers(
    asked: Mapping[str, int], percents: Mapping[str, float], totals: Mapping[tuple[str, str], int], seed: int
) -> dict[str, int]:
    """Draw how many of those asked each month are satisfied, so that each span of months (first, last) has its total.

    Everyone draws a lot, and is satisfied where it is below the month's percentage: binomial draws. In a span whose
    total is known, as many are satisfied as that says: those whose lots lie lowest against the percentage.
    """
    lots = iter(np.random.default_rng(seed).integers(0, LOTS, sum(asked.values())).tolist())
    ahead = {  # by month, how far each lot lies below the percentage
        month: [round(LOTS * percents[month] / 100) - next(lots) for _ in range(number)]
        for month, number in asked.items()
    }
    satisfied = {month: sum(lot > 0 for lot in of_month) for month, of_month in ahead.items()}
    for (first, last), total in totals.items():
        span = month_range(first, last)
        ranked = sorted((-lot, month) for month in span for lot in ahead[month])
        chosen = [month for _, month in ranked[:total]]
        satisfied |= {month: chosen.count(month) for month in span}
    return satisfied


def settle(drawn: Mapping[str, float], totals: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Make draws by month whole, so that each span of months (first, last) has its total."""
    settled = {month: round(value) for month, value in drawn.items()}
    for (first, last), total in totals.items():
        span = month_range(first, last)
        settled |= zip(span, apportion(total, [drawn[month] for month in span]), strict=True)
    return settled


def between(anchors: Mapping[str, float], months: Sequence[str]) -> list[float]:
    """Return a level for each month: straight lines between the anchors, flat outside them."""
    places = [months.index(month) for month in anchors]
    levels = list(anchors.values())
    path = [levels[0]] * places[0]
    for (start, end), width in zip(pairwise(levels), (b - a for a, b in pairwise(places)), strict=True):
        path += [start + (end - start) * step / width for step in range(width)]
    return path + [levels[-1]] * (len(months) - places[-1])


def shuffled(items: Sequence[Item], seed: int) -> list[Item]:
    """Return the items in an order that means nothing."""
    keys = np.random.default_rng(seed).integers(0, 2**62, len(items)).tolist()
    return [items[place] for place in sorted(range(len(items)), key=lambda place: keys[place])]
