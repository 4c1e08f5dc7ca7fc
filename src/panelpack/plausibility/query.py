"""A query: something in the data that may be right and looks wrong, so that somebody must say which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panelpack.formats import listed

Cells = NDArray[np.bool_]
MOST_LISTED = 4  # rows or periods that a sentence names one by one
# Every kind of query, and what it asks.
KINDS = {
    "outside_range": "Is a number right that its own history does not make credible?",
    "zero": "Was there really nothing, where there always was something?",
    "empty": "Why is a cell empty that never was?",
    "copied": "Are the numbers of a period those of another one?",
    "all_equal": "Why is a number the same in period after period, or in every row?",
    "scale": "Is a number ten, a hundred or a thousand times too large or small, or a digit written twice?",
    "percent_or_proportion": "Are these proportions where percentages stood, or the reverse?",
    "swapped": "Do two rows, or two periods, have each other's numbers?",
    "shifted": "Do the numbers stand a row, or a period, from where they belong?",
    "sorted_apart": "Were the numbers sorted apart from their labels?",
    "restated": "Why are numbers of earlier periods different from those of the file before?",
    "rows_vanished": "Why are rows of earlier periods gone?",
    "rows_missing": "Why does a period lack a row that others have?",
    "nothing_new": "Is this the file of the quarter before?",
    "totals": "Why is a total no longer what its parts add up to?",
    "target": "Is the target in the unit of its series?",
    "received": "Was the file received on that day?",
    "date_before_quarter": "Is there no later position than one from before the quarter?",
    "date_unchanged": "Is the position still that of the quarter before?",
    "date_ahead": "Can a date lie so late?",
    "file_name": "Is this the file of the quarter, though its name says another one?",
    "earlier_files": "Where are the files of the quarter before?",
    # Noticed while a file is read, where a remark of intake/received.py asks:
    "no_line_end": "Was the file cut off inside its last line?",
    "cut_at_row_limit": "Was the table cut off at the last row that a workbook can hold?",
    "hidden_rows": "Do the rows that the workbook hides count?",
    "hidden_columns": "Do the columns that the workbook hides count?",
    "hidden_sheet": "Is the sheet that the workbook hides the one that is meant?",
    "formula_without_value": "What is the value of a formula that was stored without one?",
    "other_month": "Why does a file hold another month than its name says?",
    "same_file_twice": "Why are two files of one table the same?",
}


@dataclass(frozen=True)
class Query:
    """One question about a table: of which kind, which period ('' if none), which rows or columns ('' if the whole).

    words: a sentence that says what was found, and what it was compared with.
    """

    table: str
    kind: str
    period: str
    subject: str
    words: str

    @property
    def name(self) -> str:
        """What an answer repeats: table, period, kind and subject. Without any figure, so it stays when one changes."""
        return " ".join(part for part in (self.table, self.period, self.kind, self.subject) if part)


class Finding(NamedTuple):
    """A query in the making: its table is known to the caller. cells: those that it explains (column, row, period)."""

    kind: str
    period: str
    subject: str
    words: str
    cells: Cells | None = None


def few(names: Sequence[str]) -> str:
    """'a, b and c'; of more than MOST_LISTED the first ones and how many others there are."""
    if len(names) <= MOST_LISTED:
        return listed(list(names))
    return listed([*names[: MOST_LISTED - 1], f"{len(names) - MOST_LISTED + 1} others"])


def span(periods: Sequence[str]) -> str:
    """Return the one period, or 'first to last' of several in order."""
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}" if periods else ""
