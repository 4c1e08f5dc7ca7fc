"""How a supplier writes a cell: an example of each kind, in the forms that a table's layout declares."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import get_args

from panelpack.config.layout import DateForm, MonthForm
from panelpack.config.plan import PERIOD_KINDS, SupplierFile
from panelpack.periods import MONTH_NAMES, Quarter, date_words, year_label

COUNT, DECIMAL = 1234, 12.5  # what stands for a number


def example(table: SupplierFile, column: str, quarter: Quarter, categories: Mapping[str, Sequence[str]]) -> str:
    """Return a cell of a column as the supplier would write it, for the last period of a quarter."""
    kind, layout = table.columns[column], table.layout
    if kind in PERIOD_KINDS:
        return period(kind, layout.forms.get(column), quarter.months[-1])
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
    """Return a month, the quarter that it lies in, or its last day, in a declared form; without one in the plan's own.

    A form that is written as a day or month stands for the period that it lies in.
    """
    if form is None:
        form = {"month": "2022-04", "quarter": "2022Q1", "date": "2022-04-01"}[kind]
    if form in get_args(DateForm):
        year, number = int(month[:4]), int(month[5:])
        return _day(date(year, number, 1 if kind == "month" else monthrange(year, number)[1]), form)
    return _month(month, form) if form in get_args(MonthForm) else _quarter(Quarter.of_month(month), form)


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
