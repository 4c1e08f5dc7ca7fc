"""What is said of a force beside the other forces: its change, its rate, and where the figures of both are from."""

from collections.abc import Iterable
from math import isfinite

from panelpack.comparators.comparison import Change, Comparison, forces_words
from panelpack.formats import number, percent, percent_change, rounded
from panelpack.pages.message import beginning, in_period
from panelpack.shorthand import NOT_AVAILABLE
from panelpack.statistics.funnel import FEWEST_UNITS

LEAD = "Compared with other forces"
ANYWAY = "what differs between forces anyway"
WITHIN, OUTSIDE = f"within {ANYWAY}", f"outside {ANYWAY}"
WAYS = {"above": "above it", "below": "below it"}  # a position that is outside
FEW_FORCES = f"So few forces do not show {ANYWAY}."
FEW_OFFENCES = f"The numbers are too small to say whether that is {WITHIN}."
NO_GROUP = "No list of most similar forces is at hand."
HERE, TOGETHER = "here", "in the others"
COMPASS = ("North", "South", "East", "West")  # a region that is called after one has an article
MONTHS_A_YEAR = 12


def anchor(figure: str) -> str:
    """Return what links to a figure's comparison name."""
    return f"others-{figure}"


def anchor_of_forces(figure: str) -> str:
    """Return what links to the table of every force name."""
    return f"forces-{figure}"


def is_outside(of: Comparison) -> bool:
    """Whether the change here is outside what differs between forces anyway."""
    return of.change is not None and of.change.position in WAYS


def has_few_forces(of: Comparison) -> bool:
    """Whether so few forces are compared that none has a position: they are listed, and not drawn."""
    return len(of.forces) < FEWEST_UNITS


def told(of: Comparison) -> str:
    """Say how the force compares, as a person would: change, rate, and what must be known of both; or why not."""
    if not of.is_compared:
        return f"not possible. {of.why_not}"
    return " ".join(filter(None, [change_words(of), level_words(of), *of.cautions]))


def change_words(of: Comparison) -> str:
    """Say what changed here and in the other forces together, and whether the one is out of the ordinary."""
    change = of.change
    if change is None:
        return ""
    return f"{_own_words(of, change)}; {_others_words(of, change)}. {_change_position(of, change)}"


def _own_words(of: Comparison, change: Change) -> str:
    before = f"{number(of.own['before'])}{a_year(of)} {in_period(of.before.words)}"
    latest = f"{number(of.own['latest'])} {in_period(of.latest.words)}"
    if not isfinite(change.own):
        return f"the official table has {before} and {latest} here"
    return f"in the official table offences here {moved(change.own)}, from {before} to {latest}"


def _others_words(of: Comparison, change: Change) -> str:
    who = "the one other force" if of.others == 1 else f"the {of.others} other forces together"
    if not isfinite(change.others):
        return f"{who} had none {in_period(of.before.words)}"
    words = f"in {who} they {moved(change.others)}"
    if has_few_forces(of) or not isfinite(change.low + change.high):
        return words
    return f"{words}, and 8 in 10 forces lie between {percent_change(change.low)} and {percent_change(change.high)}"


def moved(change: float) -> str:
    """'rose by 10%', 'fell by 18%', 'changed by less than 1%', 'did not change': what a number did, in percent."""
    if not change:
        return "did not change"
    if not rounded(change):
        return "changed by less than 1%"
    return f"{'rose' if change > 0 else 'fell'} by {percent(abs(change), 0)}"


def _change_position(of: Comparison, change: Change) -> str:
    if has_few_forces(of):
        return FEW_FORCES
    if not change.position:
        return FEW_OFFENCES
    if change.position == "within":
        return f"Allowing for chance, the change here is {WITHIN}."
    return f"Allowing for chance, the change here is **{OUTSIDE}**, {WAYS[change.position]}."


def level_words(of: Comparison) -> str:
    """Say how many offences there are per 1,000 people, or households, here and elsewhere; '' where none are known.

    It goes on behind what is said of the change.
    """
    level, rates = of.level, rate_words(of)
    if level is None or TOGETHER not in rates:
        return ""
    if HERE not in rates:
        return f"No rate is told here: too few {level.of.what} live where the force serves."
    told_rates = ", ".join(f"{rate} {where}" for where, rate in rates.items())
    return f"{beginning(level.of.words)}: {told_rates}{_level_position(of)}."


def rate_words(of: Comparison) -> dict[str, str]:
    """Return the rates here and elsewhere by where that is, in words; those that are not known are left out."""
    level = of.level
    if level is None:
        return {}
    rates = {HERE: level.own, TOGETHER: level.others}
    if of.region != of.nation:
        rates[f"in {called(of.region)}"] = level.region
    rates[f"in {of.nation}"] = level.nation
    if of.group:
        rates[f"in the {len(of.group.others)} most similar forces"] = level.group
    known = {where: rate for where, rate in rates.items() if isfinite(rate)}
    decimals = rate_decimals([level.own, level.others])
    return {where: number(rate, decimals) for where, rate in known.items()}


def called(region: str) -> str:
    """Return a region as it goes on in a sentence: 'the North East', 'London'."""
    return f"the {region}" if region.split()[:1] and region.split()[0] in COMPASS else region


def rate_decimals(rates: Iterable[float]) -> int:
    """Return how many decimals all rates are told with: one, and more where one of these would hardly show."""
    least = min((rate for rate in rates if rate > 0), default=1.0)
    return 1 if least >= 1 else 2 if least >= 0.1 else 3


def _level_position(of: Comparison) -> str:
    """Return whether the rate is out of the ordinary: 'it' is what the words of the change end with."""
    if of.level is None or not of.level.position:
        return ""
    anyway = "it" if of.change and of.change.position else ANYWAY
    if of.level.position == "within":
        return f": the rate is within {anyway}"
    return f": the rate is **outside {anyway}**, {WAYS[of.level.position] if anyway != 'it' else of.level.position}"


def source_words(of: Comparison) -> str:
    """Say where the figures of a comparison are from, in a line."""
    return f"Official table ({of.official.words}), as revised by {of.source.release}; the force’s own may differ."


def left_out_words(of: Comparison) -> str:
    """Say which forces are left out of a comparison, and why; '' where none is."""
    said = []
    if of.small:
        said.append(f"{forces_words(of.small)}, where few people live, is left out.")
    if of.absent:
        said.append(f"Left out, since the table lacks some of both periods: {forces_words(of.absent)}.")
    return " ".join(said)


def group_words(of: Comparison) -> str:
    """Say who calls which forces most similar, or that no list of them is at hand."""
    if of.group is None:
        return NO_GROUP
    words = f"Most similar forces: {forces_words(of.group.others)} ({of.group.source}, {of.group.year})."
    return words if of.level and isfinite(of.level.group) else f"{words} Not all of them have a rate."


def percent_words(change: float) -> str:
    """Write a change, or the sign that stands in its place."""
    return percent_change(change) if isfinite(change) else NOT_AVAILABLE


def a_year(of: Comparison) -> str:
    """' a year' where the earlier number is the mean of several years."""
    return " a year" * (len(of.before.months) > MONTHS_A_YEAR)
