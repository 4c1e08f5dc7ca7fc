"""Months, quarters, halves and years: what a point of a series covers, and the periods that an indicator compares.

A financial year runs April to March. The quarter label YYYYQ1 means April to June of YYYY: the first quarter of the
financial year that starts then. pandas reads the same string as January to March of YYYY, or with years that end in
March as April to June of the year before, so pandas' periods are not used. A month is a string 'YYYY-MM', a half
YYYYH1 (April to September) or YYYYH2 of the financial year that starts in YYYY, a financial year 'YYYY/YY', a calendar
year 'YYYY'.
"""

import re
from collections.abc import Callable, Iterable
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


# --------------------------------------------------------------------------------------------- periods compared
@dataclass(frozen=True)
class Period:
    """Months that a figure is formed from, and what a reader calls them.

    `parts`: the years whose mean it is; then `months` are those of all. A position has no months: it is that of the
    latest date that is not later than `day`.
    """

    months: tuple[str, ...]
    words: str
    parts: tuple["Period", ...] = ()
    day: date | None = None

    @property
    def quarters(self) -> tuple[Quarter, ...] | None:
        """The whole quarters it consists of, or None when it does not start and end with one."""
        keys = keys_of(self, "quarter")
        return None if keys is None else tuple(map(Quarter.parse, keys))


@dataclass(frozen=True)
class _Relative:
    """A period named from where a report ends: how long it is, what a shift counts, and how it is found.

    `length`: in words; `months`: the same as a number, of the year to date the most. `unit`: the months that a shift
    by one goes back, 0 where it takes none. `starts`: the periodicity with whose points it begins and ends at any
    time; None where it ends with the report, so that it fits all points that do. `find`: from the last month, the
    shift and the baseline year.
    """

    length: str
    months: int
    unit: int
    starts: str | None
    find: Callable[[str, int, int], Period]


def _of_key(key: str) -> Period:
    return Period(months_of(key), period_words(key))


def _whole(periodicity: str) -> Callable[[str, int, int], Period]:
    return lambda last, shift, _: _of_key(shift_key(latest_whole(last, periodicity), shift))


def _twelve_months(last: str) -> Period:
    return Period(month_range(shift_month(last, -11), last), f"12 months to {month_words(last)}")


def _to_date(name: str, last: str, shift: int) -> Period:
    year = months_of(key_of(last, "financial_year"))
    months = tuple(shift_month(month, 12 * shift) for month in year if month <= last)
    return Period(months, f"{name} ({span_words(months)})")


def _position(last: str, shift: int) -> Period:
    day = last_day_of_month(shift_month(last, shift))
    return Period((), f"latest position by {date_words(day)}" if shift else "latest position", day=day)


def _same_quarter(last: str, baseline_year: int) -> Period:
    return _of_key(f"{baseline_year}Q{Quarter.parse(latest_whole(last, 'quarter')).number}")


TWELVE_MONTHS = "12 months"
_YEAR = "financial_year"
_RELATIVE = {
    "month": _Relative("a month", 1, 1, None, _whole("month")),
    "quarter": _Relative("a quarter", 3, 3, "quarter", _whole("quarter")),
    "half_year": _Relative("six months", 6, 6, "half_year", _whole("half_year")),
    "rolling_12_months": _Relative(
        TWELVE_MONTHS, 12, 1, None, lambda last, by, _: _twelve_months(shift_month(last, by))
    ),
    "financial_year": _Relative(
        TWELVE_MONTHS, 12, 12, _YEAR, lambda last, by, _: _of_key(shift_key(key_of(last, _YEAR), by))
    ),
    "calendar_year": _Relative(TWELVE_MONTHS, 12, 12, "calendar_year", _whole("calendar_year")),
    "ytd": _Relative("the year to date", 12, 12, None, lambda last, by, _: _to_date("YTD", last, by)),
    "lytd": _Relative("the year to date", 12, 0, None, lambda last, _, __: _to_date("LYTD", last, -1)),
    "baseline_year": _Relative(TWELVE_MONTHS, 12, 0, _YEAR, lambda _, __, year: _of_key(year_label(year))),
    "baseline_quarter": _Relative("a quarter", 3, 0, "quarter", lambda last, _, year: _same_quarter(last, year)),
    "position": _Relative("a day", 0, 1, None, lambda last, by, _: _position(last, by)),
}
PERIOD_NAMES = tuple(_RELATIVE)
SHIFTED = tuple(name for name, relative in _RELATIVE.items() if relative.unit)
# Periods that stay what they are in every report, each by an example of its form.
FIXED_FORMS = (
    *("2022/23", "2022", "2022Q1", "2022H1", "2022-04", "12 months to 2022-06", "on 2022-09-30"),
    f"mean of 2022/23 to {year_label(2022 + 2)}",
)
_KEY = r"[1-9]\d{3}(?:/\d{2}|Q[1-4]|H[12]|-(?:0[1-9]|1[0-2]))?"
_FIXED = re.compile(
    rf"(?P<key>{_KEY})|12 months to (?P<month>\d{{4}}-\d\d)|on (?P<day>\d{{4}}-\d\d-\d\d)"
    rf"|mean of (?P<first>{_KEY}) to (?P<last>{_KEY})"
)
POINT_LENGTHS = {
    **{"month": "a month", "quarter": "a quarter", "half_year": "six months"},
    **{"financial_year": TWELVE_MONTHS, "calendar_year": TWELVE_MONTHS, "date": "a day"},
}


def split_period(name: str) -> tuple[str, int]:
    """'quarter-4' as ('quarter', -4). Raises ConfigurationError for a name that does not exist."""
    parts = re.fullmatch(r"([a-z_0-9]+?)([+-]\d+)?", name)
    if not parts or parts[1] not in PERIOD_NAMES:
        raise ConfigurationError(
            f"{name!r} is not a period: expected one of {', '.join(PERIOD_NAMES)}, or one that is the same in every "
            f"report, written as {', '.join(FIXED_FORMS[:-1])} or {FIXED_FORMS[-1]}."
        )
    if parts[2] and parts[1] not in SHIFTED:
        raise ConfigurationError(f"{name!r}: {parts[1]} takes no shift; {', '.join(SHIFTED)} do. Remove {parts[2]!r}.")
    if parts[2] and parts[1] == "position" and parts[2].startswith("+"):
        raise ConfigurationError(f"{name!r} is a position after the report's end. Write position or position-N.")
    return parts[1], int(parts[2] or 0)


def check_period(name: str) -> None:
    """Raise ConfigurationError for a name that is no period."""
    if _fixed(name) is None:
        split_period(name)


def is_fixed(name: str) -> bool:
    """Whether a period is the same in every report: one that is named in full, or the baseline year.

    `baseline_quarter` is another one in each quarter. Raises ConfigurationError for a name that is no period.
    """
    return _fixed(name) is not None or split_period(name)[0] == "baseline_year"


def _fixed(name: str) -> Period | None:
    """Return a period that is the same in every report; None for a name that is not in the form of one.

    Raises ConfigurationError for one in such a form that does not exist: a day, two years, a mean of one year.
    """
    found = _FIXED.fullmatch(name)
    if not found:
        return None
    if key := found["key"]:
        return _checked_key(name, key)
    if month := found["month"]:
        if not re.fullmatch(_KEY, month):
            raise ConfigurationError(f"{name!r}: {month!r} is not a month: expected YYYY-MM.")
        return _twelve_months(month)
    if found["day"]:
        try:
            day = date.fromisoformat(found["day"])
        except ValueError:
            raise ConfigurationError(f"{name!r}: {found['day']!r} is no day of the calendar. Correct it.") from None
        return Period((), f"position on {date_words(day)}", day=day)
    first, last = found["first"], found["last"]
    kinds = {periodicity_of(first), periodicity_of(last)}
    if len(kinds) > 1 or MONTHS_IN[kinds.pop()] != 12 or first >= last:
        raise ConfigurationError(
            f"{name!r} is no mean of years: expected the first and a later year, both financial such as 2022/23 or "
            "both calendar years such as 2022."
        )
    for year in (first, last):
        _checked_key(name, year)
    years = tuple(_of_key(year) for year in key_range(first, last))
    calendar = "" if "/" in first else "calendar years "
    return Period(sum((year.months for year in years), ()), f"mean of {calendar}{first} to {last}", years)


def _checked_key(name: str, key: str) -> Period:
    """Return the period of a key. Raises ConfigurationError for a financial year whose years do not follow."""
    if "/" in key:
        try:
            parse_year(key)
        except ConfigurationError as error:
            raise ConfigurationError(f"{name!r}: {error}" if name != key else str(error)) from None
    return _of_key(key)


def resolve_period(name: str, last_month: str, baseline_year: int) -> Period:
    """Return the months that a period name means in a report whose relative periods end with a month 'YYYY-MM'.

    `month` is that month; `quarter`, `half_year` and `calendar_year` are the latest that are over by its end;
    `financial_year` and `ytd` are of the financial year that holds it. `-N` after a name goes back N of them, months
    for rolling_12_months and position, years for ytd. Raises ConfigurationError for a name that is no period.
    """
    if fixed := _fixed(name):
        return fixed
    kind, shift = split_period(name)
    return _RELATIVE[kind].find(last_month, shift, baseline_year)


def keys_of(period: Period, periodicity: str) -> tuple[str, ...] | None:
    """Return the keys of the points that make up a period, of a mean those of all its parts.

    None where it does not begin and end with such a point, for a position, and for points that are dates.
    """
    if not period.months or periodicity not in MONTHS_IN:
        return None
    keys = tuple(dict.fromkeys(key_of(month, periodicity) for month in period.months))
    return keys if sum((months_of(key) for key in keys), ()) == period.months else None


def points_in(name: str, periodicity: str) -> int | None:
    """Return of how many points of a periodicity a named period is formed, of a mean each of its parts.

    None where it never begins and ends with such points. Of the year to date it is the most that there may be. A period
    that ends with the report counts as one that ends with a point: so it does in a report of any quarter where points
    are months or quarters, and where they are slower by `last_month_of`.
    """
    if fixed := _fixed(name):
        keys = keys_of(fixed.parts[0] if fixed.parts else fixed, periodicity)
        return None if keys is None else len(keys)
    kind, shift = split_period(name)
    relative, size = _RELATIVE[kind], MONTHS_IN.get(periodicity, 0)
    if not size or not relative.months or relative.months % size:
        return None
    if relative.starts:  # any year will do: it begins with the same month in each
        keys = keys_of(relative.find("2022-03", shift, 2022), periodicity)
        return None if keys is None else len(keys)
    if kind in ("ytd", "lytd") and periodicity == "calendar_year":
        return None
    return None if shift * relative.unit % size else relative.months // size


SAME, SHARED, LATER = "they are the same", "they share months", "it is not before the other"


def why_no_baseline(baseline: Period, latest: Period) -> str:
    """Say why a period is no baseline for another one: SAME, SHARED or LATER; '' where it is one."""
    if baseline.day is not None and latest.day is not None:
        return "" if baseline.day < latest.day else SAME if baseline.day == latest.day else LATER
    if not baseline.months or not latest.months or baseline.months[-1] < latest.months[0]:
        return ""
    if baseline.months == latest.months:
        return SAME
    return LATER if baseline.months[0] >= latest.months[0] else SHARED


def never_a_baseline(baseline: str, latest: str) -> str:
    """Say why a named period is no baseline for another one in any report; '' where it is one in some."""
    if is_fixed(baseline) != is_fixed(latest):
        return ""
    ends = ("2022-03", "2022-06", "2022-09", "2022-12")  # any year will do; the baseline year lies long before it
    long_ago = 1000
    found = [why_no_baseline(*(resolve_period(name, end, long_ago) for name in (baseline, latest))) for end in ends]
    return found[0] if all(found) else ""


def period_length(name: str) -> str:
    """Return how long a period is, of a mean each of its parts, in words that are equal where the lengths are.

    The year to date is as long as that of another year only, though it has 12 months in the last quarter of one.
    """
    fixed = _fixed(name)
    if fixed is None:
        return _RELATIVE[split_period(name)[0]].length
    months = len((fixed.parts[0] if fixed.parts else fixed).months)
    return {0: "a day", 1: "a month", 3: "a quarter", 6: "six months", 12: TWELVE_MONTHS}[months]
