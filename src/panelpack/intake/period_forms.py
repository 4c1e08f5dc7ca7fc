"""Periods as suppliers write them, read into the plan's own forms: the only reader, for validation and for figures.

The plan's own forms are '2022-04' of a month, '2022Q1' of a quarter and '2022H1' of a half of a financial year,
'2022/23' of a financial and '2022' of a calendar year, and '2022-04-01' of a day.
A layout declares another form by an example of it (config/layout.py); no form is guessed. What a form leaves open is
read as everybody reads it: the case of letters does not matter, a day or month may lack its leading nought, a dash may
be a long one, blanks around a text are nothing, and a year beside a name, or after a day and month, may have two digits
or four (those of two from 69 on are of the last century). Between day, month and year may stand a point or a dash. A
short name of a month has three letters or is June, July or Sept; a whole one stands for it where no other form has
that. A span from month to month may have the year of both, and `to` for the dash. A year that is named by its last
month ends with March where it is a financial and with December where it is a calendar year.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import get_args

from panelpack.config.layout import DateForm, DayOfYearForm, HalfForm, MonthForm
from panelpack.config.layout_checks import FORMS_OF, layout_line
from panelpack.errors import ConfigurationError
from panelpack.periods import (
    MONTH_NAMES,
    POINT_WORDS,
    Quarter,
    is_key,
    key_of,
    month_words,
    months_of,
    parse_year,
    period_words,
    periodicity_of,
    span_words,
    year_label,
)

OWN_FORMS = {
    **{"month": "2022-04", "quarter": "2022Q1", "half_year": "2022H1"},
    **{"financial_year": "2022/23", "calendar_year": "2022", "date": "2022-04-01"},
}
MONTH_FORMS, DATE_FORMS, HALF_FORMS = get_args(MonthForm), get_args(DateForm), get_args(HalfForm)
DAY_OF_YEAR_FORMS = get_args(DayOfYearForm)
FIRST_YEAR = 1000  # an earlier one is no year but a slip, and its quarters would have no name
FIRST_OF_TWO_DIGITS = 69  # 69 to 99 are years of the twentieth century, as in everybody's strptime
_LONG = {name.lower(): number for number, name in enumerate(MONTH_NAMES, start=1)}
_SHORT = {name[:3]: number for name, number in _LONG.items()} | {"june": 6, "july": 7, "sept": 9}
_Parts = re.Match[str]


def read_period(text: str, form: str | None, kind: str) -> str:
    """Return a text in the plan's form of a kind of period; '' where it is not in the declared form.

    A month written as a day is the month that the day lies in; a quarter written as a month or a day is the quarter
    of the financial year that it lies in. Without a form only the plan's own form is read, and nothing around it.
    Days that do not exist, and years that do not follow each other, are not in any form.
    """
    if form is None:
        return text if is_key(text, kind) else ""
    return _in_kind(READERS[form](text.strip()), kind)


def likely_forms(text: str, kind: str | None = None) -> list[str]:
    """Return the forms that a text fits, in the order in which they are declared; of a kind, those that it may have."""
    forms = FORMS_OF[kind] if kind else READERS
    return [form for form in forms if READERS[form](text.strip())]


def accepted_words(form: str | None, kind: str) -> str:
    """Name what is accepted, with an example: 'a month such as Apr-22'."""
    shown = form or OWN_FORMS[kind]
    example, name = shown.removeprefix("calendar "), POINT_WORDS[kind]
    if shown in DAY_OF_YEAR_FORMS:
        year, day = example.removesuffix(")").split(" (")
        return f"a year such as {year}, for its {day}"
    if shown in DATE_FORMS:
        order = ", the day first" if shown == "01/04/2022" else ""
        return f"{'a date' if kind == 'date' else f'a day of the {name}'} such as {example}{order}"
    if shown in MONTH_FORMS:
        return f"{'a month' if kind == 'month' else f'a month of the {name}'} such as {example}"
    if shown.startswith("calendar "):
        return f"a quarter of the calendar year such as {example} (Q2 is April to June)"
    if (kind.endswith("_year") and shown not in HALF_FORMS[:-1]) or shown == "Apr-Jun 2022":
        return f"a {name} such as {example}"
    if kind == "half_year":
        return f"a half of the financial year such as {example} (H1 is April to September)"
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
    return f"If the supplier writes {POINT_WORDS[kind]}s so, say {', or '.join(ways)} in the table's layout."


def kind_advice(text: str, column: str, kind: str) -> str:
    """Say of which kind a column is whose cell is a period of another; '' for a text that is in no form.

    Only a form that says what it is counts: a month is no date, though a layout may have days read as their months.
    """
    forms: dict[str, str] = {}
    for form, reader in READERS.items():
        if form in DAY_OF_YEAR_FORMS:
            continue
        if (read := reader(text.strip())) and (of := _kind_of(read)) != kind:
            forms.setdefault(of, form)
    ways = []
    for of, form in forms.items():
        line = f"`{layout_line(column, of)}` in params/plan.yml"
        own = f" and `{layout_line('forms', {column: form})}` in the table's layout" * (form != OWN_FORMS[of])
        ways.append(f"If the column holds {POINT_WORDS[of]}s, say {line}{own}")
    if not ways:
        return ""
    is_year = "calendar_year" in forms and kind != "financial_year"
    both = f"; if financial years, ask the supplier for both years, such as {OWN_FORMS['financial_year']}" * is_year
    return f"{'. '.join(ways)}{both}; else ask the supplier for {accepted_words(None, kind)}."


def _kind_of(read: str) -> str:
    return "date" if len(read) == len(OWN_FORMS["date"]) else periodicity_of(read)


def _words(read: str, kind: str) -> str:
    if kind == "date":
        day = date.fromisoformat(read)
        return f"{day.day} {month_words(read[:7])}"
    return span_words(months_of(read)) if kind == "quarter" else period_words(read)


def _in_kind(read: str, kind: str) -> str:
    """Turn what a form gave into a kind; '' where that cannot be."""
    if not read or (of := _kind_of(read)) == kind:
        return read
    if kind == "quarter" and of in ("month", "date"):
        return _quarter(read[:7])
    return read[:7] if kind == "month" and of == "date" else ""


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


def _financial_year(first: str, last: str) -> int:
    """Return the year in which a financial year starts; 0 for two years that do not follow each other."""
    try:
        start = parse_year(f"{_named_year(first)}/{last}")
    except ConfigurationError:
        return 0
    return start if start >= FIRST_YEAR else 0


def _part_of_year(first: str, last: str, part: str) -> str:
    """A quarter or half (Q1, H1) of the financial year with these two years."""
    start = _financial_year(first, last)
    return f"{start}{part.upper()}" if start else ""


def _label(first: str, last: str) -> str:
    start = _financial_year(first, last)
    return year_label(start) if start else ""


def _calendar_quarter(year: str, number: str) -> str:
    return _quarter(_month(int(year), 3 * int(number) - 2))


def _span(found: _Parts, periodicity: str) -> str:
    """A quarter, half or year named by its first and last month, each with its year, or with one for both."""
    last_year = _named_year(found[4])
    first_year = _named_year(found[2]) if found[2] else last_year
    start, end = _month(first_year, _named_month(found[1])), _month(last_year, _named_month(found[3]))
    if not start or not end:
        return ""
    key = key_of(start, periodicity)
    return key if (months_of(key)[0], months_of(key)[-1]) == (start, end) else ""


def _year_ending(found: _Parts, periodicity: str) -> str:
    """A year named by the month that ends it."""
    month = _month(_named_year(found[2]), _named_month(found[1]))
    return key_of(month, periodicity) if month and months_of(key_of(month, periodicity))[-1] == month else ""


_SPAN = r"([a-z]+)(?:\s+(\d\d(?:\d\d)?))?(?:\s*DASH\s*|\s+to\s+)([a-z]+)\s+(\d\d(?:\d\d)?)"
_ENDING = r"(?:(?:year|12\s+months)\s+(?:ending|ended|to)|y/?e)\s+(?:31(?:st)?\s+)?([a-z]+)\s+(\d\d(?:\d\d)?)"
_YEARS = r"\s*(?:/|DASH)\s*(\d\d(?:\d\d)?)"  # the second of two years


def _reader(pattern: str, read: Callable[[_Parts], str]) -> Callable[[str], str]:
    for name, means in {"SPAN": _SPAN, "ENDING": _ENDING, "YEARS": _YEARS, "DASH": "[-‐‑–]"}.items():
        pattern = pattern.replace(name, means)
    whole = re.compile(pattern, re.ASCII | re.IGNORECASE)

    def reader(text: str) -> str:
        parts = whole.fullmatch(text)
        return read(parts) if parts else ""

    return reader


# What each form gives: a period or a day in the plan's own form, '' for a text that is not in it.
READERS: dict[str, Callable[[str], str]] = {
    "2022-04": _reader(r"(\d{4})-(\d\d)", lambda m: _month(int(m[1]), int(m[2]))),
    "2022/04": _reader(r"(\d{4})/(\d\d?)", lambda m: _month(int(m[1]), int(m[2]))),
    "202204": _reader(r"(\d{4})(\d\d)", lambda m: _month(int(m[1]), int(m[2]))),
    "04/2022": _reader(r"(\d\d?)/(\d{4})", lambda m: _month(int(m[2]), int(m[1]))),
    "Apr-22": _reader(r"([a-z]+)DASH(\d\d(?:\d\d)?)", lambda m: _month(_named_year(m[2]), _named_month(m[1]))),
    "Apr 2022": _reader(r"([a-z]+)\s+(\d\d(?:\d\d)?)", lambda m: _month(_named_year(m[2]), _SHORT.get(m[1].lower()))),
    "April 2022": _reader(r"([a-z]+)\s+(\d\d(?:\d\d)?)", lambda m: _month(_named_year(m[2]), _LONG.get(m[1].lower()))),
    "2022Q1": _reader(r"([1-9]\d{3})Q([1-4])", lambda m: f"{m[1]}Q{m[2]}"),
    "2022/23 Q1": _reader(r"(\d{4})YEARS\s+(Q[1-4])", lambda m: _part_of_year(m[1], m[2], m[3])),
    "2022/23 1": _reader(r"(\d{4})YEARS\s+([1-4])", lambda m: _part_of_year(m[1], m[2], f"Q{m[3]}")),
    "Q1 2022/23": _reader(r"(Q[1-4])\s+(\d{4})YEARS", lambda m: _part_of_year(m[2], m[3], m[1])),
    "Apr-Jun 2022": _reader("SPAN", lambda m: _span(m, "quarter")),
    "calendar 2022 Q2": _reader(r"(\d{4})\s*Q([1-4])", lambda m: _calendar_quarter(m[1], m[2])),
    "calendar Q2 2022": _reader(r"Q([1-4])\s*(\d{4})", lambda m: _calendar_quarter(m[2], m[1])),
    "2022H1": _reader(r"([1-9]\d{3})H([12])", lambda m: f"{m[1]}H{m[2]}"),
    "2022/23 H1": _reader(r"(\d{4})YEARS\s+(H[12])", lambda m: _part_of_year(m[1], m[2], m[3])),
    "H1 2022/23": _reader(r"(H[12])\s+(\d{4})YEARS", lambda m: _part_of_year(m[2], m[3], m[1])),
    "Apr-Sep 2022": _reader("SPAN", lambda m: _span(m, "half_year")),
    "2022/23": _reader(r"(\d{4})YEARS", lambda m: _label(m[1], m[2])),
    "FY2022/23": _reader(r"FY\s*(\d\d(?:\d\d)?)YEARS", lambda m: _label(m[1], m[2])),
    "Apr 2022-Mar 2023": _reader("SPAN", lambda m: _span(m, "financial_year")),
    "year ending March 2022": _reader("ENDING", lambda m: _year_ending(m, "financial_year")),
    "2022": _reader(r"([1-9]\d{3})", lambda m: m[1]),
    "Jan-Dec 2022": _reader("SPAN", lambda m: _span(m, "calendar_year")),
    "year ending December 2022": _reader("ENDING", lambda m: _year_ending(m, "calendar_year")),
    "2022-04-01": _reader(r"(\d{4})-(\d\d)-(\d\d)", lambda m: _day(m[1], int(m[2]), m[3])),
    "01/04/2022": _reader(
        r"(\d\d?)([/.-])(\d\d?)\2(\d\d(?:\d\d)?)", lambda m: _day(str(_named_year(m[4])), int(m[3]), m[1])
    ),
    "1 April 2022": _reader(
        r"(\d\d?)(?:\s+|DASH)([a-z]+)(?:\s+|DASH)(\d\d(?:\d\d)?)",
        lambda m: _day(str(_named_year(m[3])), _named_month(m[2]), m[1]),
    ),
    "2022 (31 March)": _reader(r"(\d{4})", lambda m: _day(m[1], 3, "31")),
    "2022 (30 June)": _reader(r"(?:mid(?:\s+|DASH))?(\d{4})", lambda m: _day(m[1], 6, "30")),
    "2022 (30 September)": _reader(r"(\d{4})", lambda m: _day(m[1], 9, "30")),
    "2022 (31 December)": _reader(r"(\d{4})", lambda m: _day(m[1], 12, "31")),
}
