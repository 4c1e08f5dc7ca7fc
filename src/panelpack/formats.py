"""How numbers are written for a reader: rounding as published tables do it, signs, units and words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from panelpack.shorthand import LOW

MINUS = "−"
POUND = "£"
MILLION = "m"


DIGITS = 10  # significant; far more than is ever printed, far fewer than a float has


def rounded(value: float, decimals: int = 0) -> Decimal:
    """Round half away from zero, as published tables do (Python's round takes 22.5 to 22).

    The shortest text of the number is rounded, so 0.285 counts as the 0.285 that a reader sees.
    """
    exact = Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _signed(text: str, value: Decimal, plus: bool) -> str:
    if value == 0:
        return text.lstrip("-")
    return text.replace("-", MINUS) if value < 0 else ("+" if plus else "") + text


def number(value: float, decimals: int = 0, *, plus: bool = False) -> str:
    """'58,318'; with `plus`, '+487' or '−51'."""
    exact = rounded(value, decimals)
    return _signed(f"{exact:,}", exact, plus)


def percent(value: float, decimals: int = 1, *, plus: bool = False) -> str:
    """'83.5%'."""
    return number(value, decimals, plus=plus) + "%"


def percent_change(value: float, *, plus: bool = True, beside: Iterable[float] = ()) -> str:
    """'+6%', '−51%', '0%': a change in percent is a whole percent wherever it is printed.

    beside: thresholds that it is held against as rounded to one decimal; it has that decimal where the whole percent
    would stand on another side of one.
    """
    whole, exact = rounded(value), rounded(value, 1)
    is_plain = all(_side(whole, limit) == _side(exact, limit) for limit in beside)
    return percent(value, 0 if is_plain else 1, plus=plus)


def _side(value: Decimal, limit: float) -> int:
    bound = rounded(limit, 1)
    return (value > bound) - (value < bound)


def plain_percent(value: float, *, plus: bool = False) -> str:
    """'5%', '+2.5%': a percentage that somebody chose, with no more decimals than it was given, up to four."""
    decimals = next((d for d in range(4) if abs(float(rounded(value, d)) - value) < 1e-9), 4)
    return percent(value, decimals, plus=plus)


MOST_DECIMALS = 6
FAR = 1000  # percent; an upper end beyond it says only that next to nothing is known
POINTS = " pts"  # behind a change of a percentage that has its sign
PERCENTAGE_POINTS = " percentage point"


def interval_words(lower: float, upper: float, unit: str = "", decimals: int | None = None) -> str:
    """'−60% to −41%', '−5.9 to +4.5 pts': the ends of a change's interval, with their signs.

    An end has more decimals where it would be printed as 0, so that a reader sees on which side of no change it lies.
    An end beyond FAR percent is not written out. unit: '%', POINTS or ''. decimals: by default none of a percent, else
    one.
    """
    least = (0 if unit == "%" else 1) if decimals is None else decimals
    sign = unit if unit == "%" else ""
    first = f"{interval_end(lower, least)}{sign}"
    if unit == "%" and upper > FAR:
        return f"{first} to more than {number(FAR, plus=True)}%"
    return f"{first} to {interval_end(upper, least)}{unit}"


def change_unit(form: "Form") -> str:
    """Return what stands behind the ends of an interval of a change: POINTS of a percentage, else ''."""
    return POINTS if form.unit == "percent" else ""


def interval_end(value: float, decimals: int) -> str:
    """'+0.3' at 0 decimals, '−41' of −40.6: an end of a change's interval, with more decimals where it would be 0."""
    enough = (d for d in range(decimals, MOST_DECIMALS) if rounded(value, d) or not value)
    return number(value, next(enough, MOST_DECIMALS), plus=True)


def p_words(value: float) -> str:
    """'0.0079', and 'below 0.0001' for what is smaller."""
    return "below 0.0001" if value < 0.0001 else number(value, 4)


def gbp_million(value: float, *, plus: bool = False) -> str:
    """'£27.8m'."""
    return _pounds(value, 1, MILLION, plus=plus)


def _pounds(value: float, decimals: int, behind: str, *, plus: bool) -> str:
    exact = rounded(value, decimals)
    sign = MINUS if exact < 0 else "+" if plus and exact > 0 else ""
    return f"{sign}{POUND}{abs(exact):,}{behind}"


def in_unit(value: float, unit: str | None, *, plus: bool = False) -> str:
    """Write a value in a unit that has a form of its own: a count, a percentage to one decimal, or money."""
    return Form(unit, decimals_of(unit)).words(value, plus=plus)


def change_in_unit(value: float, unit: str | None, *, plus: bool = True) -> str:
    """Write a change: of a percentage it is in points."""
    return Form(unit, decimals_of(unit)).change(value, plus=plus)


@dataclass(frozen=True)
class Form:
    """How the values of a measure are printed: its unit, its decimals, and for a grade the words in their order.

    unit: "count", "percent", "gbp" or "gbp_million", "grade", or the words that stand behind a number ("minutes").
    """

    unit: str | None = None
    decimals: int = 0
    labels: tuple[str, ...] = ()

    def words(self, value: float, *, plus: bool = False) -> str:
        """Write a value."""
        if self.labels:
            return self.labels[int(value)]
        if self.unit == "percent":
            return percent(value, self.decimals, plus=plus)
        if self.unit in ("gbp", "gbp_million"):
            return _pounds(value, self.decimals, MILLION if self.unit == "gbp_million" else "", plus=plus)
        behind = f" {self.unit}" if self.unit and self.unit != "count" else ""
        return number(value, self.decimals, plus=plus) + behind

    def change(self, value: float, *, plus: bool = True) -> str:
        """Write a change: of a percentage '−0.7 pts', unsigned '0.7 percentage points'; of a grade in grades."""
        singular = abs(rounded(value, self.decimals)) == 1
        if self.labels:
            return f"{number(value, plus=plus)} grade{'' if singular else 's'}"
        if self.unit == "percent":
            behind = POINTS if plus else f"{PERCENTAGE_POINTS}{'' if singular else 's'}"
            return f"{number(value, self.decimals, plus=plus)}{behind}"
        return self.words(value, plus=plus)

    def is_low(self, value: float) -> bool:
        """Whether a value is not 0 and is printed as if it were; a count is whole, so that its 0 is none."""
        is_count = self.unit in (None, "count") and not self.decimals
        return bool(value) and not is_count and not self.labels and not rounded(value, self.decimals)

    def cell(self, value: float, *, plus: bool = False) -> str:
        """Write a value in a table: [low] for one that is not 0, but rounds to it."""
        return LOW if self.is_low(value) else self.words(value, plus=plus)

    def change_cell(self, value: float) -> str:
        """Write a change in a table, as `cell` does a value."""
        return LOW if self.is_low(value) else self.change(value)

    def in_text(self, value: float, *, plus: bool = False) -> str:
        """Write a value in a sentence: 'less than 0.05%' for one that is not 0, but rounds to it."""
        if not self.is_low(value):
            return self.words(value, plus=plus)
        half = replace(self, decimals=self.decimals + 1).words(0.5 * 10.0**-self.decimals)
        return f"less than {half}{' below zero' if value < 0 else ''}"

    def difference(self, latest: float, earlier: float) -> float:
        """Return the change that a reader can check: the difference of the two values as they are printed."""
        return float(rounded(latest, self.decimals) - rounded(earlier, self.decimals))

    @property
    def unit_words(self) -> str:
        """What its values are in: 'number', 'percent', '£ million', 'minutes'; of a grade its words and places."""
        if self.labels:
            return "grade: " + ", ".join(f"{place} is {word}" for place, word in enumerate(self.labels))
        known = {None: "number", "count": "number", "": "score", "gbp": POUND, "gbp_million": f"{POUND} million"}
        return known.get(self.unit) or self.unit or ""

    @property
    def axis(self) -> str:
        """The title of a chart's axis."""
        known = {"count": "Number", "": "Score", "percent": "Per cent", "gbp": "£", "gbp_million": "£ million"}
        unit = known.get("count" if self.unit is None else self.unit, self.unit or "")
        return unit[:1].upper() + unit[1:]


# Words from a direction: below, equal to, above.
DIRECTION_WORDS = {
    "verb": ("fell", "did not change", "rose"),
    "noun": ("a fall", "no change", "a rise"),
    "adjective": ("lower", "the same", "higher"),
    "more": ("fewer", "no more", "more"),
}


# Instead of them where a change rounds to 0%, so that nobody reads a fall into one case less of many.
HARDLY_CHANGED = {"verb": "hardly changed", "noun": "almost no change", "adjective": "about the same"}


def direction(change: float, decimals: int, style: str, pct_change: float | None = None) -> str:
    """Return the word of a style ('verb', 'noun', 'adjective', 'more') for a change at printed precision.

    pct_change: the change in percent, where it has one; of one that rounds to 0% the word says so.
    """
    if change and pct_change is not None and not rounded(pct_change) and style in HARDLY_CHANGED:
        return HARDLY_CHANGED[style]
    exact = rounded(change, decimals)
    return DIRECTION_WORDS[style][(exact > 0) - (exact < 0) + 1]


def decimals_of(unit: str | None) -> int:
    """Return the decimals that a unit with a form of its own is printed with."""
    return 1 if unit in ("percent", "gbp_million") else 0


SMALL_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def count_words(count: int) -> str:
    """'six' for 6, '12' for 12."""
    return SMALL_NUMBERS[count] if count < len(SMALL_NUMBERS) else number(count)


ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal(place: int) -> str:
    """'second' for 2; from 11 on '11th', '21st'."""
    if place <= len(ORDINALS):
        return ORDINALS[place - 1]
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def listed(items: list[str], last: str = "and") -> str:
    """'a, b and c'; with `last`, another word before the last."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def settled(value: float) -> float:
    """Round a computed number to DIGITS significant digits; NaN stays.

    Processors and libraries may differ in the last bits of a sum or a logarithm. A number is settled once, where it
    leaves the statistics for a table, a chart or a text, so that none of these can differ.
    """
    return float(f"{value:.{DIGITS}g}")
