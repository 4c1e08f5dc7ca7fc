"""A table as it was received: its cells in the plan's forms, where each row stands, and what was noticed on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from panelpack.config.layout import Meaning
from panelpack.config.supplied_table import SupplierFile


class Remark(NamedTuple):
    """Something of a file that a reader cannot see in its cells: what kind of thing, where, and in words.

    `kind` is one of REMARKS. `asks`: whether the analyst must say that it is right (it becomes a query).
    """

    kind: str
    where: str
    words: str
    asks: bool = False


# What may be noticed while a file is read.
REMARKS = (
    "hidden_rows",  # rows that a workbook hides were read
    "hidden_columns",  # columns that a workbook hides were read
    "hidden_sheet",  # a sheet that a workbook hides was read, or stands beside the one that was
    "formula_without_value",  # a formula whose stored value is missing was read as an empty cell
    "cut_at_row_limit",  # the last row is the last that an old or new workbook can hold
    "no_line_end",  # a text file ends inside its last line
    "rows_left_out",  # rows that the layout leaves unread, with their number
    "rows_later",  # rows dated after the quarter, unread as the layout says, with their number
    "lines_below",  # lines below the table, unread as the layout says, with their number
    "columns_unread",  # columns that the plan does not name, unread as the layout says
    "other_month",  # rows of a file are of another month than its name says, with their number
    "same_file_twice",  # two files of one table have the same content
)

ROW_LIMITS = (65_536, 1_048_576)  # rows that an xls and an xlsx can hold: a longer table is cut there without a word


def cut_at_row_limit(where: str, rows: int, below_heads: int) -> Iterator[Remark]:
    """Yield a remark if a table ends where a workbook can hold no more, counted with its heads or without."""
    limit = next((limit for limit in ROW_LIMITS if limit in (rows, below_heads)), None)
    if limit is not None:
        counted = "rows with its heads" if rows == limit else "rows of data"
        words = f"the table ends after exactly {limit:,} {counted}, the most that a workbook of one kind can hold"
        yield Remark("cut_at_row_limit", where, words, asks=True)


@dataclass(frozen=True)
class ReceivedTable:
    """A table of the plan as its files have it.

    text: the plan's columns (and any that the plan does not know, unless the layout leaves them unread), every cell as
    text in the plan's form of its kind ('2022-04', '2022Q1', '2022-04-01', '1234', '-5.25'), '' for nothing; a cell
    that is not in the form that the layout declares stands as it was supplied. The index says where a row stands: its
    number in the file, or words where the table is of several files or sheets, or several cells of a row.
    gaps: why a number is not there, by (index, column). rows: how many rows of data the files hold. remarks: in order.
    """

    name: str
    spec: SupplierFile
    text: pd.DataFrame
    rows: int
    gaps: Mapping[tuple[object, str], Meaning] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
