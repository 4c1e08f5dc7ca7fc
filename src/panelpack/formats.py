"""How numbers are written for a reader: rounding as published tables do it, signs, units and words."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

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


MOST_DECIMALS = 6
FAR = 1000  # percent; an upper end beyond it says only that next to nothing is known


def interval_words(lower: float, upper: float, unit: str = "") -> str:
    """'−59.8% to −40.6%': the ends of a change's interval, with more decimals where an end would be printed as 0.

    So a reader sees on which side of no change each end lies. An end beyond FAR is not written out.
    """
    if upper > FAR:
        return f"{_end(lower, unit)} to more than {number(FAR, plus=True)}{unit}"
    return f"{_end(lower, unit)} to {_end(upper, unit)}"


def _end(value: float, unit: str) -> str:
    shown = (decimals for decimals in range(1, MOST_DECIMALS) if rounded(value, decimals) or not value)
    return f"{number(value, next(shown, MOST_DECIMALS), plus=True)}{unit}"


def p_words(value: float) -> str:
    """'0.0079', and 'below 0.0001' for what is smaller."""
    return "below 0.0001" if value < 0.0001 else number(value, 4)


def gbp_million(value: float, *, plus: bool = False) -> str:
    """'£27.8m'."""
    exact = rounded(value, 1)
    sign = MINUS if exact < 0 else "+" if plus and exact > 0 else ""
    return f"{sign}{POUND}{abs(exact):,}{MILLION}"


def in_unit(value: float, unit: str | None, *, plus: bool = False) -> str:
    """Write a value in its unit: a count, a percentage to one decimal, or £ million."""
    if unit == "percent":
        return percent(value, plus=plus)
    if unit == "gbp_million":
        return gbp_million(value, plus=plus)
    return number(value, plus=plus)


def change_in_unit(value: float, unit: str | None, *, plus: bool = True) -> str:
    """Write a change: of a percentage it is in percentage points."""
    if unit == "percent":
        is_singular = abs(rounded(value, 1)) == 1
        return f"{number(value, 1, plus=plus)} percentage point{'' if is_singular else 's'}"
    return in_unit(value, unit, plus=plus)


@dataclass(frozen=True)
class Form:
    """How the values of a series are written: unit, decimals, and words in the place of positions."""

    unit: str | None = "count"
    decimals: int = 0
    labels: tuple[str, ...] = ()

    def words(self, value: float) -> str:
        """Write a value."""
        if self.labels:
            return self.labels[int(value)]
        return f"{number(value, self.decimals)}%" if self.unit == "percent" else number(value, self.decimals)

    def change(self, value: float) -> str:
        """Write a change, with its sign."""
        if self.unit == "percent":
            return change_in_unit(value, "percent")
        return number(value, self.decimals, plus=True)


# Words from a direction: below, equal to, above.
DIRECTION_WORDS = {
    "verb": ("fell", "did not change", "rose"),
    "noun": ("a fall", "no change", "a rise"),
    "adjective": ("lower", "the same", "higher"),
    "more": ("fewer", "no more", "more"),
}


def direction(change: float, decimals: int, style: str) -> str:
    """Return the word of a style ('verb', 'noun', 'adjective', 'more') for a change at printed precision."""
    exact = rounded(change, decimals)
    return DIRECTION_WORDS[style][(exact > 0) - (exact < 0) + 1]


def decimals_of(unit: str | None) -> int:
    """Return the decimals that a unit is printed with."""
    return 0 if unit in ("count", None) else 1


SMALL_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def count_words(count: int) -> str:
    """'six' for 6, '12' for 12."""
    return SMALL_NUMBERS[count] if count < len(SMALL_NUMBERS) else number(count)


def listed(items: list[str]) -> str:
    """'a, b and c'."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def settled(value: float) -> float:
    """Round a computed number to DIGITS significant digits; NaN stays.

    Processors and libraries may differ in the last bits of a sum or a logarithm. A number is settled once, where it
    leaves the statistics for a table, a chart or a text, so that none of these can differ.
    """
    return float(f"{value:.{DIGITS}g}")
