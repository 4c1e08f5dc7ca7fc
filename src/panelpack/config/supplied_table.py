"""A table of the plan: the supplier's file behind it, its columns and how each is read, and the areas of its rows."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import Field

from panelpack.config.layout import Layout
from panelpack.config.period_types import ChartPeriod, Month
from panelpack.config.strict_yaml import Strict
from panelpack.project import SALT

CellKind = Literal[
    "month",
    "quarter",
    "half_year",
    "financial_year",
    "calendar_year",
    "date",
    "count",
    "decimal",
    "category",
    "text",
    "pseudonym",
]
PERIOD_KINDS = ("month", "quarter", "half_year", "financial_year", "calendar_year", "date")  # of the column of when
NUMBER_KINDS = ("count", "decimal")


def is_pattern(name: str) -> bool:
    """Whether a name may be that of several files: it has a sign that stands for others."""
    return any(sign in name for sign in "*?")


def find_name_mistakes(name: str) -> Iterator[str]:
    """Yield why a name, or a pattern of names, is none of a file that lies in a quarter's folder itself.

    What lies elsewhere would be read without being an input of the quarter, so that nobody would see it change.
    """
    if "/" in name or "\\" in name:
        yield f"{name!r} leads out of the quarter's folder, expected the name of a file in it. Put the file there."
    elif name.startswith((".", "~$")):
        yield f"{name!r} is the name of a hidden file, expected one that is seen. Give the file another name."


class Areas(Strict):
    """The column of a table that says of which area a row is, and how the areas make up the whole."""

    column: str
    total: str | None = Field(default=None, description="the category of the rows that are of the whole")
    why_not_total: str = Field(default="", description="why the areas need not add up to the whole")


class DataIntegrity(Strict):
    """How an inspectorate graded the way in which the table's data are recorded."""

    grade: str = Field(min_length=1)
    by: str = Field(min_length=1, description="who gave the grade, such as an inspectorate")
    published: Month = Field(description="the month in which the grade was published")


class SupplierFile(Strict):
    """A supplier's file: its columns as the plan calls them, how each is read, and where they stand in the file.

    `file` is its name, or a pattern (* and ?) that one name fits; `files` a pattern of several that are one table, one
    below the other. A preset gives columns, key and layout where the table states none.
    """

    file: str | None = Field(default=None, description="the file's name, or a pattern that one file's name fits")
    files: str | None = Field(default=None, description="a pattern of the names of files that are one table")
    preset: str | None = Field(default=None, description="a layout of params/layouts, by its name")
    columns: dict[str, CellKind] = {}
    key: list[str] = []
    optional: list[str] = Field(default=[], description="columns whose cells may be empty, besides those of texts")
    supplied_since: ChartPeriod | None = Field(default=None, description="the first period that the supplier sends")
    lag_months: int | None = Field(
        default=None, ge=0, le=24, description="most months by which its latest period may lie before the quarter's end"
    )
    title: str = Field(default="", description="what the sources page calls it; by default its name in the plan")
    quality: str = Field(default="", description="what is known of how good its data are, in words that are printed")
    limits: list[str] = Field(default=[], description="what its data cannot show, a sentence each")
    data_integrity: DataIntegrity | None = Field(
        default=None, description="an inspectorate's grade of how its data are recorded"
    )
    by: Areas | None = Field(default=None, description="the areas that its rows are of, and how they add up")
    layout: Layout = Layout()

    @property
    def pattern(self) -> str:
        """What the names of its files fit; sources.yml lists them under it."""
        return self.file or self.files or ""

    @property
    def is_pattern(self) -> bool:
        """Whether the names of its files may differ from quarter to quarter, or are several."""
        return is_pattern(self.pattern)

    def holds(self, name: str) -> bool:
        """Whether a file of this name is the table's, or one of them."""
        return fnmatchcase(name, self.pattern) and not name.endswith(SALT)

    def column_of(self, *kinds: str) -> str | None:
        """Return the first column of one of the kinds."""
        return next((column for column, kind in self.columns.items() if kind in kinds), None)

    @property
    def period_column(self) -> str:
        """The column that says of when a row is; the plan's checks see to it that there is one."""
        return next(column for column, kind in self.columns.items() if kind in PERIOD_KINDS)

    @property
    def is_about_persons(self) -> bool:
        """Whether a row is about a person, so that none of its values may be quoted."""
        return "pseudonym" in self.columns.values()
