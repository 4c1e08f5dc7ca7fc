"""Months, quarters and dates as suppliers write them, read into the plan's own forms.

The plan's own forms are '2022-04' of a month, '2022Q1' of a quarter of a financial year, and '2022-04-01' of a day.
A layout declares another form by an example of it (config/layout.py); no form is guessed. What a form leaves open is
read as everybody reads it: the case of letters does not matter, a day or month may lack its leading nought, a dash may
be a long one, blanks around a text are nothing, and a year beside a name, or after a day and month, may have two digits
or four (those of two from 69 on are of the last century). Between day, month and year may stand a point or a dash. A
short name of a month has three letters or is June, July or Sept; a whole one stands for it where no other form has
that.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import get_args

from panelpack.config.layout import DateForm, MonthForm
from panelpack.config.layout_checks import FORMS_OF, layout_line
from panelpack.errors import ConfigurationError
from panelpack.periods import MONTH_NAMES, Quarter, month_words, parse_year, shift_month, span_words

OWN_FORMS = {"month": "2022-04", "quarter": "2022Q1", "date": "2022-04-01"}
MONTH_FORMS, DATE_FORMS = get_args(MonthForm), get_args(DateForm)
FIRST_YEAR = 1000  # an earlier one is no year but a slip, and its quarters would have no name
FIRST_OF_TWO_DIGITS = 69  # 69 to 99 are years of the twentieth century, as in everybody's strptime
_LONG = {name.lower(): number for number, name in enumerate(MONTH_NAMES, start=1)}
_SHORT = {name[:3]: number for name, number in _LONG.items()} | {"june": 6, "july": 7, "sept": 9}
_Parts = re.Match[str]


def read_period(text: str, form: str | None, kind: str) -> str:
    """Return a text in the plan's form of a kind (month, quarter or date); '' where it is not in the declared form.

    A month written as a day is the month that the day lies in; a quarter written as a month or a day is the quarter
    of the financial year that it lies in. Without a form only the plan's own form is read, and nothing around it.
    Days that do not exist, and years that do not follow each other, are not in any form.
    """
    if form is None:
        read = READERS[OWN_FORMS[kind]](text)
        return read if read == text else ""
    return _in_kind(READERS[form](text.strip()), kind)


def likely_forms(text: str, kind: str | None = None) -> list[str]:
    """Return the forms that a text fits, in the order in which they are declared; of a kind, those that it may have."""
    forms = FORMS_OF[kind] if kind else READERS
    return [form for form in forms if READERS[form](text.strip())]


def accepted_words(form: str | None, kind: str) -> str:
    """Name what is accepted, with an example: 'a month such as Apr-22'."""
    shown = form or OWN_FORMS[kind]
    example = shown.removeprefix("calendar ")
    if shown in DATE_FORMS:
        order = ", the day first" if shown == "01/04/2022" else ""
        return f"{'a date' if kind == 'date' else f'a day of the {kind}'} such as {example}{order}"
    if shown in MONTH_FORMS:
        return f"{'a month' if kind == 'month' else 'a month of the quarter'} such as {example}"
    if shown.startswith("calendar "):
        return f"a quarter of the calendar year such as {example} (Q2 is April to June)"
    if shown == "Apr-Jun 2022":
        return f"a quarter such as {example}"
    return f"a quarter of the financial year such as {example} (Q1 is April to June)"


def form_advice(text: str, column: str, kind: str) -> str:
    """Say what to declare if the supplier writes periods like a text, and how it would then be read; '' if nothing.

    A text that fits several forms gets the reading of each, so that nobody picks one unseen.
    """
    readings: dict[str, list[str]] = {}
    for form in likely_forms(text, kind):
        if form != OWN_FORMS[kind] or not read_period(text, None, kind):
            readings.setdefault(_words(read_period(text, form, kind), kind), []).append(form)
    if not readings:
        return ""
    ways = []
    for words, forms in readings.items():
        lines = [f"`{layout_line('forms', {column: form})}`" for form in forms]
        ways.append(f"{' or '.join(lines)} (which makes it {words})")
    return f"If the supplier writes {kind}s so, say {', or '.join(ways)} in the table's layout."


def _words(read: str, kind: str) -> str:
    if kind == "month":
        return month_words(read)
    if kind == "quarter":
        return span_words(Quarter.parse(read).months)
    day = date.fromisoformat(read)
    return f"{day.day} {month_words(read[:7])}"


def _in_kind(read: str, kind: str) -> str:
    """Turn what a form gave (a month, a quarter or a day) into a kind; '' where that cannot be."""
    is_quarter, is_day = "Q" in read, len(read) == len(OWN_FORMS["date"])
    if not read or (kind == "date" and not is_day) or (kind == "month" and is_quarter):
        return ""
    if kind == "quarter" and not is_quarter:
        return _quarter(read[:7])
    return read[:7] if kind == "month" else read


def _month(year: int, month: int | None) -> str:
    return f"{year:04d}-{month:02d}" if month and 1 <= month <= 12 and year >= FIRST_YEAR else ""


def _quarter(month: str) -> str:
    return str(Quarter.of_month(month)) if month else ""


def _day(year: str, month: int | None, day: str) -> str:
    try:
        return date(int(year), month or 0, int(day)).isoformat() if int(year) >= FIRST_YEAR else ""
    except ValueError:
        return ""


def _named_month(name: str) -> int | None:
    return _LONG.get(name.lower()) or _SHORT.get(name.lower())


def _named_year(digits: str) -> int:
    if len(digits) == len("2022"):
        return int(digits)
    return int(digits) + 100 * (19 if int(digits) >= FIRST_OF_TWO_DIGITS else 20)


def _financial_quarter(year: str, number: str) -> str:
    try:
        first = parse_year(year)
    except ConfigurationError:
        return ""
    return f"{first}Q{number}" if first >= FIRST_YEAR else ""


def _calendar_quarter(year: str, number: str) -> str:
    return _quarter(_month(int(year), 3 * int(number) - 2))


def _span(first: str, last: str, year: str) -> str:
    """A quarter named by its first and last month, and the calendar year of both."""
    start, end = (_month(int(year), _named_month(name)) for name in (first, last))
    if not start or shift_month(start, 2) != end:
        return ""
    return _quarter(start) if Quarter.of_month(start).months[0] == start else ""


def _reader(pattern: str, read: Callable[[_Parts], str]) -> Callable[[str], str]:
    whole = re.compile(pattern.replace("DASH", "[-‐‑–]"), re.ASCII | re.IGNORECASE)

    def reader(text: str) -> str:
        parts = whole.fullmatch(text)
        return read(parts) if parts else ""

    return reader


# What each form gives: a month, a quarter or a day in the plan's own form, '' for a text that is not in it.
READERS: dict[str, Callable[[str], str]] = {
    "2022-04": _reader(r"(\d{4})-(\d\d)", lambda m: _month(int(m[1]), int(m[2]))),
    "2022/04": _reader(r"(\d{4})/(\d\d?)", lambda m: _month(int(m[1]), int(m[2]))),
    "202204": _reader(r"(\d{4})(\d\d)", lambda m: _month(int(m[1]), int(m[2]))),
    "04/2022": _reader(r"(\d\d?)/(\d{4})", lambda m: _month(int(m[2]), int(m[1]))),
    "Apr-22": _reader(r"([a-z]+)DASH(\d\d(?:\d\d)?)", lambda m: _month(_named_year(m[2]), _named_month(m[1]))),
    "Apr 2022": _reader(r"([a-z]+)\s+(\d\d(?:\d\d)?)", lambda m: _month(_named_year(m[2]), _SHORT.get(m[1].lower()))),
    "April 2022": _reader(r"([a-z]+)\s+(\d\d(?:\d\d)?)", lambda m: _month(_named_year(m[2]), _LONG.get(m[1].lower()))),
    "2022Q1": _reader(r"([1-9]\d{3})Q([1-4])", lambda m: f"{m[1]}Q{m[2]}"),
    "2022/23 Q1": _reader(r"(\S+)\s+Q([1-4])", lambda m: _financial_quarter(m[1], m[2])),
    "2022/23 1": _reader(r"(\S+)\s+([1-4])", lambda m: _financial_quarter(m[1], m[2])),
    "Q1 2022/23": _reader(r"Q([1-4])\s+(\S+)", lambda m: _financial_quarter(m[2], m[1])),
    "Apr-Jun 2022": _reader(r"([a-z]+)\s*DASH\s*([a-z]+)\s+(\d{4})", lambda m: _span(m[1], m[2], m[3])),
    "calendar 2022 Q2": _reader(r"(\d{4})\s*Q([1-4])", lambda m: _calendar_quarter(m[1], m[2])),
    "calendar Q2 2022": _reader(r"Q([1-4])\s*(\d{4})", lambda m: _calendar_quarter(m[2], m[1])),
    "2022-04-01": _reader(r"(\d{4})-(\d\d)-(\d\d)", lambda m: _day(m[1], int(m[2]), m[3])),
    "01/04/2022": _reader(
        r"(\d\d?)([/.-])(\d\d?)\2(\d\d(?:\d\d)?)", lambda m: _day(str(_named_year(m[4])), int(m[3]), m[1])
    ),
    "1 April 2022": _reader(
        r"(\d\d?)(?:\s+|DASH)([a-z]+)(?:\s+|DASH)(\d\d(?:\d\d)?)",
        lambda m: _day(str(_named_year(m[3])), _named_month(m[2]), m[1]),
    ),
}
