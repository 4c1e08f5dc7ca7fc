"""A day as a YAML file gives it, and what to say of one that is none."""

import re
from calendar import monthrange
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from panelpack.periods import MONTH_NAMES, WEEKDAYS, date_words

# The types of the errors where nothing is written, and where something is that is no day.
NOT_SET, NO_DAY = "day_not_set", "no_day"
EXAMPLE = "2022-12-16"
NAMES = {name[:3].lower(): number for number, name in enumerate(MONTH_NAMES, start=1)}
WEEKDAY = re.compile(rf"^(?:{'|'.join(f'{name[:3]}[a-z]*' for name in WEEKDAYS)})[,.]?\s+", re.IGNORECASE)
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})")
YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
DAY_AND_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[- ./]?(?:of )?([a-z]{3,9})\.?,?[- ./]?(\d{4}|\d{2})", re.IGNORECASE
)
NAME_AND_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4}|\d{2})", re.IGNORECASE)
TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ]\s*\d{1,2}:.*")


def day_of(value: object) -> object:
    """Return the day that a value of a YAML file is; nothing but a day is taken for one, no number and no time.

    Raises PydanticCustomError: of the type NOT_SET where nothing stands, else NO_DAY with what to write instead.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        raise PydanticCustomError(NOT_SET, "not set yet")
    if isinstance(value, datetime):
        raise _no_day(f"found a time of day, expected a day alone. Write {value.date().isoformat()}.")
    if isinstance(value, date):
        return value
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise _no_day(f"expected a day. Write it as {EXAMPLE}.")
    text = str(value).strip()
    if ISO.fullmatch(text):
        year, month, day = map(int, text.split("-"))
        if problem := impossible(year, month, day):
            raise _no_day(f"{text} is no day of the calendar: {problem}")
        return date(year, month, day)
    raise _no_day(f"{_short(text)!r} is not written as a day: expected the year first, as in {EXAMPLE}.{_advice(text)}")


def _no_day(words: str) -> PydanticCustomError:
    return PydanticCustomError(NO_DAY, "{words}", {"words": words})


# A day, written 2022-12-16. Nothing written is an error of its own, so that a file can say what is still to be set.
Day = Annotated[date, BeforeValidator(day_of)]


def _empty_or_day(value: object) -> object:
    return None if value is None else day_of(value)


# A day whose key may be left out, but not left empty.
DayIfGiven = Annotated[date | None, BeforeValidator(day_of)]
# A day that may be left open.
DayOrNone = Annotated[date | None, BeforeValidator(_empty_or_day)]


def impossible(year: int, month: int, day: int) -> str:
    """Return why there is no such day and what to write, or '' where there is one."""
    if not 1 <= year <= 9999:
        return f"there is no year {year}. Correct the year."
    if not 1 <= month <= 12:
        if 1 <= day <= 12 and not impossible(year, day, month):
            meant = date(year, day, month)
            return f"there is no month {month}. Write {meant.isoformat()} if {date_words(meant)} is meant."
        return f"there is no month {month}. Correct the month."
    days = monthrange(year, month)[1]
    if 1 <= day <= days:
        return ""
    name = MONTH_NAMES[month - 1]
    length = f"{name} {year} has {days} days" if month == 2 else f"{name} has {days} days"
    nearest = days if day > days else 1
    return f"{length}. Write {year:04d}-{month:02d}-{nearest:02d} or another day."


def _advice(text: str) -> str:
    """Return ' Write ...' with the days that a text looks like; '' where that cannot be told."""
    if timed := TIME.fullmatch(text):
        return f" Write {timed[1]}, without a time of day."
    readings = _readings(WEEKDAY.sub("", text.strip()))
    days = list(dict.fromkeys(date(*parts) for parts in readings if not impossible(*parts)))
    if len(days) == 1:
        return f" Write {days[0].isoformat()}."
    if days:
        return " Write " + " or ".join(f"{day.isoformat()} for {date_words(day)}" for day in days) + "."
    if readings:
        year, month, day = readings[0]
        return f" And {text} is no day of the calendar: {impossible(year, month, day)}"
    return " Correct the day."


def _readings(text: str) -> list[tuple[int, int, int]]:
    """Return what a text may mean as (year, month, day); as read in Britain first."""
    if parts := YEAR_FIRST.fullmatch(text):
        return [(int(parts[1]), int(parts[2]), int(parts[3]))]
    if parts := YEAR_LAST.fullmatch(text):
        first, second, year = int(parts[1]), int(parts[2]), _year(parts[3])
        return [(year, second, first), (year, first, second)]
    if (parts := DAY_AND_NAME.fullmatch(text)) and (month := NAMES.get(parts[2][:3].lower())):
        return [(_year(parts[3]), month, int(parts[1]))]
    if (parts := NAME_AND_DAY.fullmatch(text)) and (month := NAMES.get(parts[1][:3].lower())):
        return [(_year(parts[3]), month, int(parts[2]))]
    return []


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 100 * 20 + int(text)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
