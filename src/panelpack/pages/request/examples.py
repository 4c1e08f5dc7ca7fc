"""How a supplier writes a cell: an example of each kind, in the forms that a table's layout declares."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import get_args

from panelpack.config.layout import DateForm, DayOfYearForm, MonthForm, QuarterForm
from panelpack.config.supplied_table import PERIOD_KINDS, SupplierFile
from panelpack.periods import (
    MONTH_NAMES,
    Quarter,
    date_words,
    key_of,
    last_day_of_month,
    latest_keys,
    months_of,
    year_label,
)

COUNT, DECIMAL = 1234, 12.5  # what stands for a number


def example(table: SupplierFile, column: str, quarter: Quarter, categories: Mapping[str, Sequence[str]]) -> str:
    """Return a cell of a column as the supplier would write it, for the last period of a quarter."""
    kind, layout = table.columns[column], table.layout
    if kind in PERIOD_KINDS:
        last = quarter.months[-1] if kind == "date" else latest_keys(quarter, kind)[-1]
        return period(kind, layout.forms.get(column), months_of(last)[-1])
    if kind == "count":
        return f"{COUNT:,}".replace(",", layout.thousands or "")
    if kind == "decimal":
        return str(DECIMAL).replace(".", layout.decimal)
    if kind == "pseudonym":
        return "P0001"
    if kind == "text":
        return "R0001" if column in table.key else "words"
    return next(iter(categories.get(column, ())), "a name")


def period(kind: str, form: str | None, month: str) -> str:
    """Return a month, the slower period that it lies in, or its last day, in a declared form; without one the plan's.

    A form that is written as a day or month stands for the period that it lies in.
    """
    if form is None:
        return last_day_of_month(month).isoformat() if kind == "date" else key_of(month, kind)
    if form in get_args(DayOfYearForm):
        return month[:4]
    if form in get_args(DateForm):
        return _day(date.fromisoformat(f"{month}-01") if kind == "month" else last_day_of_month(month), form)
    if form in get_args(MonthForm):
        return _month(month, form)
    if form in get_args(QuarterForm):
        return _quarter(Quarter.of_month(month), form)
    return _half_or_year(key_of(month, kind), form)


def _half_or_year(key: str, form: str) -> str:
    months, financial = months_of(key), year_label(Quarter.of_month(months_of(key)[0]).year)
    (first, last) = ((MONTH_NAMES[int(month[5:]) - 1], month[:4]) for month in (months[0], months[-1]))
    one_year = f"{first[0][:3]}-{last[0][:3]} {last[1]}"
    two_years = f"{first[0][:3]} {first[1]}-{last[0][:3]} {last[1]}"
    return {
        "2022H1": key,
        "2022/23 H1": f"{financial} {key[4:]}",
        "H1 2022/23": f"{key[4:]} {financial}",
        "Apr-Sep 2022": one_year if first[1] == last[1] else two_years,
        "2022/23": key,
        "FY2022/23": f"FY{key}",
        "Apr 2022-Mar 2023": two_years,
        "year ending March 2022": f"year ending March {last[1]}",
        "2022": key,
        "Jan-Dec 2022": one_year,
        "year ending December 2022": f"year ending December {last[1]}",
    }[form]


def _day(day: date, form: str) -> str:
    return {"2022-04-01": day.isoformat(), "01/04/2022": f"{day:%d/%m/%Y}", "1 April 2022": date_words(day)}[form]


def _month(month: str, form: str) -> str:
    year, number, name = month[:4], month[5:], MONTH_NAMES[int(month[5:]) - 1]
    return {
        "2022-04": month,
        "2022/04": f"{year}/{number}",
        "202204": year + number,
        "04/2022": f"{number}/{year}",
        "Apr-22": f"{name[:3]}-{year[2:]}",
        "Apr 2022": f"{name[:3]} {year}",
        "April 2022": f"{name} {year}",
    }[form]


def _quarter(quarter: Quarter, form: str) -> str:
    financial, first, last = year_label(quarter.year), quarter.months[0], quarter.months[-1]
    calendar = f"Q{(int(first[5:]) - 1) // 3 + 1}"
    names = [MONTH_NAMES[int(month[5:]) - 1][:3] for month in (first, last)]
    return {
        "2022Q1": str(quarter),
        "2022/23 Q1": f"{financial} Q{quarter.number}",
        "2022/23 1": f"{financial} {quarter.number}",
        "Q1 2022/23": f"Q{quarter.number} {financial}",
        "Apr-Jun 2022": f"{'-'.join(names)} {last[:4]}",
        "calendar 2022 Q2": f"{first[:4]} {calendar}",
        "calendar Q2 2022": f"{calendar} {first[:4]}",
    }[form]
