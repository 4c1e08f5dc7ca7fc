"""How a supplier's file is laid out: what the plan declares so that the file is read as a person reads it.

The file itself stays as it was received. What a layout leaves unread is counted and told.
"""

from datetime import date
from pathlib import PurePath
from typing import Any, Literal

from pydantic import Field, field_validator

from panelpack.config.strict_yaml import Strict

Format = Literal["csv", "xlsx", "xls", "ods", "parquet"]
# Each form is an example of itself. Of months:
MonthForm = Literal["2022-04", "2022/04", "202204", "04/2022", "Apr-22", "Apr 2022", "April 2022"]
# Of quarters of a financial year; those that begin with `calendar` name a quarter of the calendar year.
QuarterForm = Literal[
    "2022Q1", "2022/23 Q1", "2022/23 1", "Q1 2022/23", "Apr-Jun 2022", "calendar 2022 Q2", "calendar Q2 2022"
]
# Of halves of a financial year, of financial years and of calendar years. A year of a text such as 2022/23 may be
# written with two digits or four, and a dash for the slash; a span with both its years, and `to` for the dash.
HalfForm = Literal["2022H1", "2022/23 H1", "H1 2022/23", "Apr-Sep 2022"]
FinancialYearForm = Literal["2022/23", "FY2022/23", "Apr 2022-Mar 2023", "year ending March 2022"]
CalendarYearForm = Literal["2022", "Jan-Dec 2022", "year ending December 2022"]
# Of days: a month or a quarter that is written as a day is the one that the day lies in. A date cell of a workbook is
# read as 2022-04-01, however the workbook shows it.
DateForm = Literal["2022-04-01", "01/04/2022", "1 April 2022"]
# Of days that are written as their year alone: the form says which day of it is meant.
DayOfYearForm = Literal["2022 (31 March)", "2022 (30 June)", "2022 (30 September)", "2022 (31 December)"]
# What a mark in the place of a number means: nothing happened; too few to be told; not supplied; cannot be.
Meaning = Literal["zero", "suppressed", "missing", "not_applicable"]
Name = str | list[str]
# What a file's name ends in, in capitals or not, and the format that this says. Text may also be packed: .csv.gz.
ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
    ".parquet": "parquet",
}
ENDINGS_IN_WORDS = f"{', '.join(ENDINGS)} or .csv.gz"
WORKBOOKS = ("xlsx", "xls", "ods")
SEPARATORS = {",": ",", ";": ";", "tab": "\t", "|": "|"}  # what separates cells, by what a layout calls it


def is_packed(name: str) -> bool:
    """Whether a file's name says that it is packed with gzip."""
    return name.lower().endswith(".gz")


def format_by_name(name: str) -> Format | None:
    """Return the format that the end of a file's name (or pattern) says; None where it says none that is read."""
    ending = PurePath(name.lower().removesuffix(".gz")).suffix
    found = ENDINGS.get(ending)
    return None if is_packed(name) and found != "csv" else found


class Wide(Strict):
    """A table with a column a period: what the plan calls the period and the number under it."""

    period: str
    value: str
    periods: dict[str, str] = Field(
        default={}, description="heads that name no period in a form of the plan, and the period of each"
    )


class Counted(Strict):
    """A large table of which only numbers of rows are used: by which columns, and what the number is called."""

    by: list[str] = Field(min_length=1)
    column: str


class Layout(Strict):
    """Where the table stands in the file, and how its cells are written. What is left out is as in a plain csv."""

    format: Format | None = Field(default=None, description="by default as the file's name ends")
    encoding: Literal["utf-8", "utf-16", "windows-1252", "iso-8859-1"] = "utf-8"
    separator: Literal[",", ";", "tab", "|"] = ","
    sheet: str | None = Field(default=None, description="the sheet's name, or a pattern; by default the first")
    sheets: str | None = Field(default=None, description="a pattern of sheets that are one table, one below the other")
    header_row: int | Literal["find"] = Field(
        default=1, description="the first row of the heads; find: the first row that has all that are needed"
    )
    header_rows: int = Field(default=1, ge=1, le=4, description="how many rows the heads fill, read from above")
    until: str | None = Field(
        default=None, description="how the first line below the table begins, or blank for an empty line"
    )
    heads: dict[str, str] = Field(default={}, description="a column of the plan: what the supplier heads it")
    other_columns: Literal["refuse", "unread"] = "refuse"
    only: dict[str, Name] = Field(default={}, description="rows that are read: a column and its values")
    leave_out: dict[str, Name] = Field(default={}, description="rows that are left unread, such as totals")
    later: Literal["refuse", "unread"] = Field(default="refuse", description="rows dated after the quarter")
    join: dict[str, list[str]] = Field(
        default={}, description="a column of the plan: the columns whose texts make it, a blank between them"
    )
    wide: Wide | None = None
    forms: dict[
        str, MonthForm | QuarterForm | HalfForm | FinancialYearForm | CalendarYearForm | DateForm | DayOfYearForm
    ] = Field(default={}, description="how the periods of a column are written, by an example")
    thousands: Literal[",", ".", " ", "'"] | None = None
    decimal: Literal[".", ","] = "."
    signs: list[str] = Field(default=[], description="signs that stand beside numbers and are not read, such as £ or %")
    marks: dict[str, Meaning] = Field(
        default={}, description='what stands in the place of a number, "" for an empty cell, and what it means'
    )
    counted: Counted | None = None

    @field_validator("forms", mode="before")
    @classmethod
    def _as_written(cls, forms: Any) -> Any:
        """Take a form for its text: without quotation marks YAML reads 2022-04-01 as a day and 202204 as a number."""
        if not isinstance(forms, dict):
            return forms
        return {column: str(form) if isinstance(form, date | int) else form for column, form in forms.items()}


def with_separator(name: str, layout: Layout) -> Layout:
    """Return a file's layout with the separator that the end of its name says, where the layout says none."""
    is_tabbed = name.lower().removesuffix(".gz").endswith(".tsv") and "separator" not in layout.model_fields_set
    return layout.model_copy(update={"separator": "tab"}) if is_tabbed else layout
