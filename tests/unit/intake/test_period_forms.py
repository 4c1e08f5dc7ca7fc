"""Months, quarters and dates in every form that a layout may declare."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.config.layout import (
    CalendarYearForm,
    DateForm,
    DayOfYearForm,
    FinancialYearForm,
    HalfForm,
    MonthForm,
    QuarterForm,
)
from panelpack.config.layout_checks import FORMS_OF
from panelpack.intake.period_forms import READERS, accepted_words, form_advice, likely_forms, read_period
from panelpack.periods import MONTH_NAMES, Quarter, key_of, months_of, year_label

# How a day is written in each form: (year, month, day) and its quarter of the financial year.
WRITERS = {
    "2022-04": lambda d, q: f"{d:%Y-%m}",
    "2022/04": lambda d, q: f"{d:%Y}/{d.month}",
    "202204": lambda d, q: f"{d:%Y%m}",
    "04/2022": lambda d, q: f"{d.month:02d}/{d:%Y}",
    "Apr-22": lambda d, q: f"{MONTH_NAMES[d.month - 1][:3].upper()}-{d.year % 100:02d}",
    "Apr 2022": lambda d, q: f"{MONTH_NAMES[d.month - 1][:3].lower()} {d.year}",
    "April 2022": lambda d, q: f" {MONTH_NAMES[d.month - 1]}  {d.year}",
    "2022Q1": lambda d, q: str(q),
    "2022/23 Q1": lambda d, q: f"{year_label(q.year)} q{q.number}",
    "2022/23 1": lambda d, q: f"{q.year}/{q.year + 1} {q.number}",
    "Q1 2022/23": lambda d, q: f"Q{q.number} {year_label(q.year)}",
    "Apr-Jun 2022": lambda d, q: f"{name(q, 0)[:3]}-{name(q, 2)} {d.year}",
    "calendar 2022 Q2": lambda d, q: f"{d.year} Q{(d.month + 2) // 3}",
    "calendar Q2 2022": lambda d, q: f"Q{(d.month + 2) // 3} {d.year}",
    "2022H1": lambda d, q: half(q),
    "2022/23 H1": lambda d, q: f"{year_label(q.year)} {half(q)[4:].lower()}",
    "H1 2022/23": lambda d, q: f"{half(q)[4:]}  {q.year}–{q.year + 1}",
    "Apr-Sep 2022": lambda d, q: span(half(q)),
    "2022/23": lambda d, q: f"{q.year}-{(q.year + 1) % 100:02d}",
    "FY2022/23": lambda d, q: f"fy {q.year % 100:02d}/{(q.year + 1) % 100:02d}",
    "Apr 2022-Mar 2023": lambda d, q: span(year_label(q.year)),
    "year ending March 2022": lambda d, q: f"Year ended 31 March {q.year + 1}",
    "2022": lambda d, q: str(d.year),
    "Jan-Dec 2022": lambda d, q: span(str(d.year)),
    "year ending December 2022": lambda d, q: f"12 months to Dec {d.year}",
    "2022-04-01": lambda d, q: d.isoformat(),
    "01/04/2022": lambda d, q: f"{d.day}/{d.month}/{d.year}",
    "1 April 2022": lambda d, q: f"{d.day:02d} {MONTH_NAMES[d.month - 1]} {d.year}",
}


def half(quarter):
    return key_of(quarter.months[0], "half_year")


def span(key):
    """From first to last month, each with its year."""
    first, last = months_of(key)[0], months_of(key)[-1]
    return " to ".join(f"{MONTH_NAMES[int(month[5:]) - 1][:3]} {month[:4]}" for month in (first, last))


def name(quarter, place):
    return MONTH_NAMES[int(quarter.months[place][5:]) - 1]


IN_FULL = [(kind, form) for kind, forms in FORMS_OF.items() for form in forms if form not in get_args(DayOfYearForm)]


def test_every_form_that_a_layout_may_declare_has_one_reader():
    of_years = [*get_args(HalfForm), *get_args(FinancialYearForm), *get_args(CalendarYearForm)]
    declared = [*get_args(MonthForm), *get_args(QuarterForm), *of_years, *get_args(DateForm)]
    assert list(READERS) == [*declared, *get_args(DayOfYearForm)] and set(WRITERS) == set(declared)


@given(st.dates(date(1969, 1, 1), date(2068, 12, 31)), st.sampled_from(IN_FULL))
def test_any_day_written_in_a_form_reads_back_as_its_period(day, kind_and_form):
    kind, form = kind_and_form
    month = f"{day:%Y-%m}"
    expected = day.isoformat() if kind == "date" else key_of(month, kind)
    text = WRITERS[form](day, Quarter.of_month(month))
    assert read_period(text, form, kind) == expected
    assert form in likely_forms(text, kind)


@given(st.text(max_size=14) | st.from_regex(r"[0-9A-Za-z/ -]{4,14}", fullmatch=True), st.sampled_from(list(READERS)))
def test_whatever_is_read_is_in_the_plans_form(text, form):
    for kind in FORMS_OF:
        read = read_period(text, form, kind)
        assert read == "" or read_period(read, None, kind) == read


@pytest.mark.parametrize(
    ("form", "day"),
    [
        ("2022 (31 March)", "03-31"),
        ("2022 (30 June)", "06-30"),
        ("2022 (30 September)", "09-30"),
        ("2022 (31 December)", "12-31"),
    ],
)
@given(st.integers(1000, 9999))
def test_a_year_alone_is_the_day_that_its_form_says_and_no_other(form, day, year):
    assert read_period(str(year), form, "date") == f"{year}-{day}"
    assert read_period(f"{year}-{day}", form, "date") == ""
    assert form not in likely_forms(str(year), "month")


RIGHT = [
    ("Mid-2022", "2022 (30 June)", "date", "2022-06-30"),
    ("Apr-69", "Apr-22", "month", "1969-04"),
    ("Apr-68", "Apr-22", "month", "2068-04"),
    ("sept-99", "Apr-22", "month", "1999-09"),
    ("April-22", "Apr-22", "month", "2022-04"),
    ("July–00", "Apr-22", "month", "2000-07"),
    ("SEPTEMBER 2015", "April 2022", "month", "2015-09"),
    ("Apr-2019", "Apr-22", "month", "2019-04"),
    ("Sep 17", "Apr 2022", "month", "2017-09"),
    ("March 98", "April 2022", "month", "1998-03"),
    ("02/12/17", "01/04/2022", "date", "2017-12-02"),
    ("02.12.2017", "01/04/2022", "month", "2017-12"),
    ("02-12-17", "01/04/2022", "quarter", "2017Q3"),
    ("01-Dec-17", "1 April 2022", "month", "2017-12"),
    ("1–dec–2017", "1 April 2022", "date", "2017-12-01"),
    ("31/03/2023", "01/04/2022", "quarter", "2022Q4"),
    ("1/4/2023", "01/04/2022", "quarter", "2023Q1"),
    ("29 February 2024", "1 April 2022", "date", "2024-02-29"),
    ("3 Sept 2024", "1 April 2022", "month", "2024-09"),
    ("Mar 2016", "Apr 2022", "quarter", "2015Q4"),
    ("2015 Q1", "calendar 2022 Q2", "quarter", "2014Q4"),
    ("Q4 2015", "calendar Q2 2022", "quarter", "2015Q3"),
    ("Oct-Dec 2015", "Apr-Jun 2022", "quarter", "2015Q3"),
    ("Jan - March 2016", "Apr-Jun 2022", "quarter", "2015Q4"),
    ("1999/2000 Q3", "2022/23 Q1", "quarter", "1999Q3"),
    ("Apr 2015 to Jun 2015", "Apr-Jun 2022", "quarter", "2015Q1"),
    ("Oct 2022-Mar 2023", "Apr-Sep 2022", "half_year", "2022H2"),
    ("April – September 21", "Apr-Sep 2022", "half_year", "2021H1"),
    ("1999-2000 H2", "2022/23 H1", "half_year", "1999H2"),
    ("2011-12", "2022/23", "financial_year", "2011/12"),
    ("2022/2023", "2022/23", "financial_year", "2022/23"),
    ("1999–00", "2022/23", "financial_year", "1999/00"),
    ("FY99/00", "FY2022/23", "financial_year", "1999/00"),
    ("Apr 2022 to Mar 2023", "Apr 2022-Mar 2023", "financial_year", "2022/23"),
    ("April 22 - March 23", "Apr 2022-Mar 2023", "financial_year", "2022/23"),
    ("Year ending March 2020", "year ending March 2022", "financial_year", "2019/20"),
    ("year to 31st Mar 20", "year ending March 2022", "financial_year", "2019/20"),
    ("YE Mar 2020", "year ending March 2022", "financial_year", "2019/20"),
    ("y/e december 2019", "year ending December 2022", "calendar_year", "2019"),
    ("January to December 2019", "Jan-Dec 2022", "calendar_year", "2019"),
    (" 2019 ", "2022", "calendar_year", "2019"),
    ("2021H2", None, "half_year", "2021H2"),
    ("2019/20", None, "financial_year", "2019/20"),
    ("2019", None, "calendar_year", "2019"),
    ("2022-04", None, "month", "2022-04"),
    ("2022Q4", None, "quarter", "2022Q4"),
    ("2024-02-29", None, "date", "2024-02-29"),
]


@pytest.mark.parametrize(("text", "form", "kind", "expected"), RIGHT)
def test_a_text_in_its_form_is_read(text, form, kind, expected):
    assert read_period(text, form, kind) == expected


WRONG = [
    ("Apr 22", "Apr-22", "month"),
    ("Apr-202", "Apr-22", "month"),
    ("01/04-22", "01/04/2022", "month"),
    ("1-April 202", "1 April 2022", "month"),
    ("Apl-22", "Apr-22", "month"),
    ("Apr 2022", "April 2022", "month"),
    ("April 2022", "Apr 2022", "month"),
    ("13/2022", "04/2022", "month"),
    ("2022/00", "2022/04", "month"),
    ("202213", "202204", "month"),
    ("0000-04", "2022-04", "month"),
    ("31/02/2022", "01/04/2022", "date"),
    ("04/13/2022", "01/04/2022", "date"),
    ("29 February 2023", "1 April 2022", "month"),
    ("2023-02-29", "2022-04-01", "date"),
    ("2022/24 Q1", "2022/23 Q1", "quarter"),
    ("2022/23 Q5", "2022/23 Q1", "quarter"),
    ("2022/23 Q1", "2022/23 1", "quarter"),
    ("May-Jul 2022", "Apr-Jun 2022", "quarter"),
    ("Apr-Dec 2022", "Apr-Jun 2022", "quarter"),
    ("Nov-Jan 2022", "Apr-Jun 2022", "quarter"),
    ("Apr-xyz 2022", "Apr-Jun 2022", "quarter"),
    ("Oct-Mar 2023", "Apr-Sep 2022", "half_year"),
    ("Apr-Sep 2022", "Apr 2022-Mar 2023", "financial_year"),
    ("Apr 2022-Mar 2024", "Apr 2022-Mar 2023", "financial_year"),
    ("Jan 2022 to Dec 2023", "Jan-Dec 2022", "calendar_year"),
    ("2022H3", "2022H1", "half_year"),
    ("2022/24", "2022/23", "financial_year"),
    ("2022-22", "2022/23", "financial_year"),
    ("0999/00", "2022/23", "financial_year"),
    ("2022", "2022/23", "financial_year"),
    ("FY2022", "FY2022/23", "financial_year"),
    ("year ending June 2022", "year ending March 2022", "financial_year"),
    ("year ending March 2022", "year ending December 2022", "calendar_year"),
    ("year ending 30 March 2022", "year ending March 2022", "financial_year"),
    ("2022-04-01", "2022", "calendar_year"),
    ("2022-04", "2022/23", "financial_year"),
    ("2019", "2022-04-01", "date"),
    ("2019-20", None, "financial_year"),
    ("2022h1", None, "half_year"),
    ("2019/21", None, "financial_year"),
    ("0999", None, "calendar_year"),
    ("2019", None, "date"),
    ("٢٠٢٢-٠٤", "2022-04", "month"),
    ("", "Apr-22", "month"),
    ("2022Q1", "2022Q1", "month"),
    ("Apr-22", "Apr-22", "date"),
    ("Apr-22", None, "month"),
    (" 2022-04", None, "month"),
    ("2022q1", None, "quarter"),
    ("2022-04-01", None, "month"),
]


@pytest.mark.parametrize(("text", "form", "kind"), WRONG)
def test_a_text_that_is_not_in_the_form_is_nothing(text, form, kind):
    assert read_period(text, form, kind) == ""


def test_the_forms_that_a_text_fits():
    assert likely_forms("Apr-22") == ["Apr-22"]
    assert likely_forms("May 2022") == ["Apr 2022", "April 2022"]
    assert likely_forms("2022Q3") == ["2022Q1", "calendar 2022 Q2"]
    assert likely_forms("2022Q3", "month") == []
    assert likely_forms("04/05/2022", "month") == ["01/04/2022"]
    assert likely_forms("31/02/2022") == likely_forms("about June") == likely_forms("") == []


ADVICE = {
    (
        "04/05/2022",
        "month",
        "month",
    ): "If the supplier writes months so, say `forms: {month: 01/04/2022}` (which makes it "
    "May 2022) in the table's layout.",
    ("04/05/2022", "seen", "date"): "If the supplier writes dates so, say `forms: {seen: 01/04/2022}` (which makes it "
    "4 May 2022) in the table's layout.",
    ("May 2022", "month", "month"): "If the supplier writes months so, say `forms: {month: Apr 2022}` or "
    "`forms: {month: April 2022}` (which makes it May 2022) in the table's layout.",
    (
        "2022-07-01",
        "Quarter",
        "quarter",
    ): "If the supplier writes quarters so, say `forms: {Quarter: '2022-04-01'}` (which "
    "makes it July to September 2022) in the table's layout.",
    (
        "2022Q3",
        "quarter",
        "quarter",
    ): "If the supplier writes quarters so, say `forms: {quarter: calendar 2022 Q2}` (which "
    "makes it July to September 2022) in the table's layout.",
    (" 2022-04", "month", "month"): "If the supplier writes months so, say `forms: {month: 2022-04}` (which makes it "
    "April 2022) in the table's layout.",
    ("2019-20", "Year", "financial_year"): "If the supplier writes financial years so, say `forms: {Year: 2022/23}` "
    "(which makes it 2019/20) in the table's layout.",
    ("Oct 2019 to Mar 2020", "half", "half_year"): "If the supplier writes half years so, say "
    "`forms: {half: Apr-Sep 2022}` (which makes it half year October 2019 to March 2020) in the table's layout.",
    ("soon", "month", "month"): "",
    ("2022-04", "month", "month"): "",
}


@pytest.mark.parametrize(("text", "column", "kind"), ADVICE)
def test_the_advice_says_what_to_declare_and_how_it_is_read_then(text, column, kind):
    assert form_advice(text, column, kind) == ADVICE[text, column, kind]


ACCEPTED = {
    (None, "month"): "a month such as 2022-04",
    (None, "quarter"): "a quarter of the financial year such as 2022Q1 (Q1 is April to June)",
    (None, "half_year"): "a half of the financial year such as 2022H1 (H1 is April to September)",
    (None, "financial_year"): "a financial year such as 2022/23",
    (None, "calendar_year"): "a calendar year such as 2022",
    ("H1 2022/23", "half_year"): "a half of the financial year such as H1 2022/23 (H1 is April to September)",
    ("Apr-Sep 2022", "half_year"): "a half year such as Apr-Sep 2022",
    ("year ending March 2022", "financial_year"): "a financial year such as year ending March 2022",
    (None, "date"): "a date such as 2022-04-01",
    ("2022 (30 September)", "date"): "a year such as 2022, for its 30 September",
    ("Apr-22", "month"): "a month such as Apr-22",
    ("Apr-22", "quarter"): "a month of the quarter such as Apr-22",
    ("01/04/2022", "month"): "a day of the month such as 01/04/2022, the day first",
    ("01/04/2022", "date"): "a date such as 01/04/2022, the day first",
    ("2022-04-01", "quarter"): "a day of the quarter such as 2022-04-01",
    ("Apr-Jun 2022", "quarter"): "a quarter such as Apr-Jun 2022",
    ("calendar Q2 2022", "quarter"): "a quarter of the calendar year such as Q2 2022 (Q2 is April to June)",
}


@pytest.mark.parametrize(("form", "kind"), ACCEPTED)
def test_what_is_accepted_in_words(form, kind):
    assert accepted_words(form, kind) == ACCEPTED[form, kind]


def test_the_example_in_the_words_is_itself_accepted():
    for kind, form in IN_FULL:
        assert form.removeprefix("calendar ") in accepted_words(form, kind)
        assert read_period(form.removeprefix("calendar "), form, kind)
