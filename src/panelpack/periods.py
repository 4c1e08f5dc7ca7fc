"""Months, quarters of a financial year, and the periods that an indicator compares.

A financial year runs April to March. The quarter label YYYYQ1 means April to June of YYYY: the first quarter of the
financial year that starts then. pandas reads the same string as January to March of YYYY, or with years that end in
March as April to June of the year before, so pandas' periods are not used. A month is a string 'YYYY-MM'.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from panelpack.errors import ConfigurationError, UsageError

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FINANCIAL_YEAR_STARTS = 4  # April
QUARTER_LABEL = re.compile(r"(\d{4})Q([1-4])")
SHIFTED = ("month", "quarter", "rolling_12_months", "financial_year", "ytd")
PERIOD_NAMES = (
    *("month", "quarter", "rolling_12_months", "financial_year", "ytd", "lytd"),
    *("baseline_year", "baseline_quarter", "position"),
)


def shift_month(month: str, by: int) -> str:
    """Return the month `by` months later (earlier when negative)."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


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
    """Return a month 'YYYY-MM' or a quarter 'YYYYQn' as a reader calls it."""
    return Quarter.parse(key).words if "Q" in key else month_words(key)


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


def year_months(year: int) -> tuple[str, ...]:
    """The twelve months of the financial year that starts in April of `year`."""
    return month_range(f"{year}-{FINANCIAL_YEAR_STARTS:02d}", f"{year + 1}-{FINANCIAL_YEAR_STARTS - 1:02d}")


@dataclass(frozen=True)
class Period:
    """Months that a figure adds up, and what a reader calls them. A position has no months: it is a date's."""

    months: tuple[str, ...]
    words: str

    @property
    def quarters(self) -> tuple[Quarter, ...] | None:
        """The whole quarters it consists of, or None when it does not start and end with one."""
        quarters = tuple(sorted({Quarter.of_month(month) for month in self.months}))
        return quarters if sum((q.months for q in quarters), ()) == self.months else None


def split_period(name: str) -> tuple[str, int]:
    """'quarter-4' as ('quarter', -4). Raises ConfigurationError for a name that does not exist."""
    parts = re.fullmatch(r"([a-z_0-9]+?)([+-]\d+)?", name)
    if not parts or parts[1] not in PERIOD_NAMES:
        raise ConfigurationError(f"{name!r} is not a period: expected one of {', '.join(PERIOD_NAMES)}.")
    if parts[2] and parts[1] not in SHIFTED:
        raise ConfigurationError(f"{name!r}: {parts[1]} takes no shift; {', '.join(SHIFTED)} do. Remove {parts[2]!r}.")
    return parts[1], int(parts[2] or 0)


LENGTHS = {
    "month": "a month",
    **dict.fromkeys(("quarter", "baseline_quarter"), "a quarter"),
    **dict.fromkeys(("rolling_12_months", "financial_year", "baseline_year"), "12 months"),
    **dict.fromkeys(("ytd", "lytd"), "the year to date"),
    "position": "a day",
}


def period_length(name: str) -> str:
    """Return how long a period is, in words that are equal where the lengths are."""
    return LENGTHS[split_period(name)[0]]


def resolve_period(name: str, quarter: Quarter, baseline_year: int) -> Period:
    """Return the months that a period name means in a quarter's report.

    `month`, `quarter` and `financial_year` are those of the quarter's end; `-N` after a name goes back N months
    (month, rolling_12_months), quarters (quarter) or years (financial_year, ytd).
    """
    kind, shift = split_period(name)
    last = quarter.months[-1]
    if kind == "month":
        month = shift_month(last, shift)
        return Period((month,), month_words(month))
    if kind == "rolling_12_months":
        end = shift_month(last, shift)
        return Period(month_range(shift_month(end, -11), end), f"12 months to {month_words(end)}")
    if kind in ("quarter", "baseline_quarter"):
        chosen = quarter.shift(shift) if kind == "quarter" else Quarter(baseline_year, quarter.number)
        return Period(chosen.months, chosen.words)
    if kind in ("financial_year", "baseline_year"):
        year = (quarter.year if kind == "financial_year" else baseline_year) + shift
        return Period(year_months(year), year_label(year))
    if kind in ("ytd", "lytd"):
        back = shift - (kind == "lytd")
        months = tuple(shift_month(m, 12 * back) for m in year_months(quarter.year) if m <= last)
        return Period(months, f"{kind.upper()} ({span_words(months)})")
    return Period((), "latest position")


def keys_of(period: Period, periodicity: str) -> tuple[str, ...] | None:
    """Return the keys of a series' points that make up a period; None when its quarters do not fit into it."""
    if periodicity == "month":
        return period.months
    quarters = period.quarters
    return None if quarters is None else tuple(str(quarter) for quarter in quarters)


def last_day(quarter: Quarter) -> date:
    """Return the last day of a quarter."""
    return date.fromisoformat(f"{quarter.shift(1).months[0]}-01") - timedelta(days=1)


def latest_keys(quarter: Quarter, periodicity: str) -> tuple[str, ...]:
    """Return the keys of the reported quarter's points."""
    return quarter.months if periodicity == "month" else (str(quarter),)
