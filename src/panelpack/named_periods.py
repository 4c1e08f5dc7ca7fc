"""The periods that figures compare, by the names that a plan gives them: relative to a report, or the same in each.

A period is months, which make whole points of a series; a mean of several years; or a position, of a day.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from panelpack.errors import ConfigurationError
from panelpack.periods import (
    MONTHS_IN,
    Quarter,
    date_words,
    key_of,
    key_range,
    last_day_of_month,
    latest_whole,
    month_range,
    month_words,
    months_of,
    parse_year,
    period_words,
    periodicity_of,
    shift_key,
    shift_month,
    span_words,
    year_label,
)


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
