"""Months, quarters, halves and years: what a point of a series covers.

A financial year runs April to March. The quarter label YYYYQ1 means April to June of YYYY: the first quarter of the
financial year that starts then. pandas reads the same string as January to March of YYYY, or with years that end in
March as April to June of the year before, so pandas' periods are not used. A month is a string 'YYYY-MM', a half
YYYYH1 (April to September) or YYYYH2 of the financial year that starts in YYYY, a financial year 'YYYY/YY', a calendar
year 'YYYY'.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from panelpack.errors import ConfigurationError, UsageError

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FINANCIAL_YEAR_STARTS = 4  # April
QUARTER_LABEL = re.compile(r"(\d{4})Q([1-4])")
MONTHS_IN = {"month": 1, "quarter": 3, "half_year": 6, "financial_year": 12, "calendar_year": 12}  # in one point
POINT_WORDS = {**{name: name.replace("_", " ") for name in MONTHS_IN}, "date": "date"}  # what covers a point, in words
_YEAR_OF_KEY = "[1-9][0-9]{3}"
# The one form of each kind of period in which the plan, the tables and the figures have it.
KEY_FORMS = {
    "month": re.compile(rf"{_YEAR_OF_KEY}-(?:0[1-9]|1[0-2])"),
    "quarter": re.compile(rf"{_YEAR_OF_KEY}Q[1-4]"),
    "half_year": re.compile(rf"{_YEAR_OF_KEY}H[12]"),
    "financial_year": re.compile(rf"{_YEAR_OF_KEY}/[0-9]{{2}}"),
    "calendar_year": re.compile(_YEAR_OF_KEY),
    "date": re.compile(rf"{_YEAR_OF_KEY}-[0-9]{{2}}-[0-9]{{2}}"),
}


@cache
def shift_month(month: str, by: int) -> str:
    """Return the month `by` months later (earlier when negative)."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


@cache
def month_range(first: str, last: str) -> tuple[str, ...]:
    """Return every month from `first` to `last`, both included."""
    months = []
    while first <= last:
        months.append(first)
        first = shift_month(first, 1)
    return tuple(months)


def month_words(month: str) -> str:
    """Return a month 'YYYY-06' as 'June YYYY'."""
    return f"{MONTH_NAMES[int(month[5:]) - 1]} {month[:4]}"


def date_words(day: date, weekday: bool = False) -> str:
    """Return a date as day, month in words and year; with `weekday`, its computed weekday first (in any locale)."""
    words = f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {words}" if weekday else words


def period_words(key: str) -> str:
    """Return a month, quarter, half or year, as the keys of points have them, as a reader calls it."""
    periodicity = periodicity_of(key)
    if periodicity == "month":
        return month_words(key)
    if periodicity == "quarter":
        return Quarter.parse(key).words
    if periodicity == "half_year":
        return f"half year {span_words(months_of(key))}"
    return key if periodicity == "financial_year" else f"calendar year {key}"


def span_words(months: tuple[str, ...]) -> str:
    """Return 'April to June YYYY', with a year after the first month too where the years differ."""
    first, last = months[0], months[-1]
    if first == last:
        return month_words(first)
    return f"{MONTH_NAMES[int(first[5:]) - 1] if first[:4] == last[:4] else month_words(first)} to {month_words(last)}"


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of the financial year that starts in April of `year`; `number` is 1 to 4."""

    year: int
    number: int

    @classmethod
    def parse(cls, label: str) -> "Quarter":
        """Read a label 'YYYYQn', n from 1 to 4. Raises UsageError on anything else."""
        parts = QUARTER_LABEL.fullmatch(label)
        if not parts:
            raise UsageError(
                f"Q={label!r} is not a quarter: expected YYYYQn: the calendar year in which the financial year starts, "
                "Q and 1 to 4 (Q1 is April to June)."
            )
        return cls(int(parts[1]), int(parts[2]))

    @classmethod
    def of_month(cls, month: str) -> "Quarter":
        """Return the quarter that holds a month."""
        start = shift_month(month, 1 - FINANCIAL_YEAR_STARTS)
        return cls(int(start[:4]), (int(start[5:]) - 1) // 3 + 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def words(self) -> str:
        """The quarter as a reader calls it: 'Quarter 1 YYYY/YY'."""
        return f"Quarter {self.number} {year_label(self.year)}"

    @property
    def months(self) -> tuple[str, ...]:
        """Its three months, in order."""
        first = shift_month(f"{self.year}-{FINANCIAL_YEAR_STARTS:02d}", 3 * (self.number - 1))
        return month_range(first, shift_month(first, 2))

    def shift(self, by: int) -> "Quarter":
        """Return the quarter `by` quarters later (earlier when negative)."""
        count = self.year * 4 + self.number - 1 + by
        return Quarter(count // 4, count % 4 + 1)

    def since(self, earlier: "Quarter") -> int:
        """Return how many quarters lie between an earlier quarter and this one (negative when it is later)."""
        return (self.year - earlier.year) * 4 + self.number - earlier.number


def year_label(year: int) -> str:
    """Return the financial year that starts in April of `year` as 'YYYY/YY'."""
    return f"{year}/{(year + 1) % 100:02d}"


def parse_year(label: str) -> int:
    """Return the year in which 'YYYY/YY' or 'YYYY/YYYY' starts. Raises ConfigurationError on anything else."""
    years = re.fullmatch(r"(\d{4})/(\d{2}|\d{4})", label)
    if not years or years[2] not in (str(int(years[1]) + 1), f"{(int(years[1]) + 1) % 100:02d}"):
        raise ConfigurationError(f"{label!r} is not a financial year: expected two years in a row, YYYY/YY.")
    return int(years[1])


@cache
def year_months(year: int) -> tuple[str, ...]:
    """The twelve months of the financial year that starts in April of `year`."""
    return month_range(f"{year}-{FINANCIAL_YEAR_STARTS:02d}", f"{year + 1}-{FINANCIAL_YEAR_STARTS - 1:02d}")


# ------------------------------------------------------------------------------------------------ keys of points
def is_key(text: str, kind: str) -> bool:
    """Whether a text is a month, quarter, half, year or day (`date`) in the one form of its kind, and exists."""
    if not KEY_FORMS[kind].fullmatch(text):
        return False
    try:
        if kind == "financial_year":
            parse_year(text)
        elif kind == "date":
            date.fromisoformat(text)
    except (ConfigurationError, ValueError):
        return False
    return True


def periodicity_of(key: str) -> str:
    """Return what a key is of: month, quarter, half_year, financial_year or calendar_year."""
    if "Q" in key:
        return "quarter"
    if "H" in key:
        return "half_year"
    if "/" in key:
        return "financial_year"
    return "month" if "-" in key else "calendar_year"


@cache
def key_of(month: str, periodicity: str) -> str:
    """Return the key of the month, quarter, half or year that holds a month."""
    if periodicity == "month":
        return month
    if periodicity == "calendar_year":
        return month[:4]
    quarter = Quarter.of_month(month)
    if periodicity == "quarter":
        return str(quarter)
    return f"{quarter.year}H{(quarter.number + 1) // 2}" if periodicity == "half_year" else year_label(quarter.year)


@cache
def months_of(key: str) -> tuple[str, ...]:
    """Return the months of a key, in order."""
    periodicity, year = periodicity_of(key), int(key[:4])
    if periodicity == "month":
        return (key,)
    if periodicity == "quarter":
        return Quarter.parse(key).months
    if periodicity == "half_year":
        return year_months(year)[:6] if key.endswith("H1") else year_months(year)[6:]
    return year_months(year) if periodicity == "financial_year" else month_range(f"{key}-01", f"{key}-12")


def shift_key(key: str, by: int) -> str:
    """Return the key `by` months, quarters, halves or years later, each of its own kind (earlier when negative)."""
    periodicity = periodicity_of(key)
    return key_of(shift_month(months_of(key)[0], by * MONTHS_IN[periodicity]), periodicity)


def key_range(first: str, last: str) -> tuple[str, ...]:
    """Return every key from `first` to `last`, two of one kind, both included."""
    months = month_range(months_of(first)[0], months_of(last)[-1])
    return tuple(dict.fromkeys(key_of(month, periodicity_of(first)) for month in months))


def latest_whole(last_month: str, periodicity: str) -> str:
    """Return the key of the latest month, quarter, half or year that is over by the end of a month."""
    key = key_of(last_month, periodicity)
    return key if months_of(key)[-1] == last_month else shift_key(key, -1)


def latest_keys(quarter: Quarter, periodicity: str) -> tuple[str, ...]:
    """Return the keys of the reported quarter's points: of halves and years, the latest that is over by its end."""
    return quarter.months if periodicity == "month" else (latest_whole(quarter.months[-1], periodicity),)


def last_month_of(points: Iterable[str], periodicity: str, lag: int | None, quarter: Quarter) -> str:
    """Return the month in which the relative periods of a table end.

    It is the quarter's last; of halves and years the last of the latest that is over by then. Where the table may lag
    (`lag`: by how many months at most, None for not), it is the last month of its latest point up to the quarter's
    end: of `points`, the keys of months, quarters, halves or years, or days. A point further back than the lag, or
    none at all, moves nothing: the periods then end where they should, and are not covered.
    """
    end = quarter.months[-1]
    usual = end if periodicity == "date" else months_of(latest_whole(end, periodicity))[-1]
    if lag is None:
        return usual
    ends = (point[:7] if periodicity == "date" else months_of(point)[-1] for point in set(points))
    return max((month for month in ends if shift_month(end, -lag) <= month <= end), default=usual)


def last_day(quarter: Quarter) -> date:
    """Return the last day of a quarter."""
    return last_day_of_month(quarter.months[-1])


def last_day_of_month(month: str) -> date:
    """Return the last day of a month."""
    return date.fromisoformat(f"{shift_month(month, 1)}-01") - timedelta(days=1)
