"""Apply the office's corrections to the cells of a supplier's table, before anything else reads them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.corrections import Correction
from panelpack.config.supplied_table import SupplierFile
from panelpack.errors import ConfigurationError
from panelpack.intake.cells import cell_as_read
from panelpack.intake.received import ReceivedTable


def with_corrections(office: Configuration, received: ReceivedTable) -> ReceivedTable:
    """Return a table with the quarter's corrections of it applied: cells in the plan's forms, as the table has them.

    Raises ConfigurationError for a correction whose cell is not there or does not hold its old value.
    """
    table = received.spec
    corrections = [(where, correction) for where, correction in office.corrections if table.holds(correction.name)]
    if not corrections:
        return received
    is_quiet, text, gaps = _is_quiet(office, received), received.text, dict(received.gaps)
    for where, correction in corrections:
        refused = partial(_refused, where)
        text, row = _applied(text, correction, table, is_quiet, refused)
        gaps.pop((row, correction.column), None)  # what now stands there is the office's figure
    return replace(received, text=text, gaps=gaps)


def _refused(where: str, message: str) -> ConfigurationError:
    return ConfigurationError(f"{where}: {message}")


def _applied(
    frame: pd.DataFrame,
    correction: Correction,
    table: SupplierFile,
    is_quiet: bool,
    refused: Callable[[str], Exception],
) -> tuple[pd.DataFrame, object]:
    """Return the cells with one more corrected, and its row. With `is_quiet`, no refusal tells a value.

    A correction may write a cell as the supplier does or as the plan does; both are read alike.
    """
    if set(correction.key) != set(table.key) or correction.column not in table.columns:
        # A value that was written in the place of a column's name is a value all the same.
        present = (
            "another key or column"
            if is_quiet
            else f"the key {', '.join(correction.key)} and the column {correction.column!r}"
        )
        raise refused(
            f"found {present}, expected the key {', '.join(table.key)} and one of {', '.join(table.columns)}. "
            "Correct them."
        )
    if missing := [column for column in (*table.key, correction.column) if column not in frame]:
        raise refused(f"{correction.name} has no column {missing[0]!r}. Check the file.")
    rows = pd.Series(True, index=frame.index)
    for column, value in correction.key.items():
        rows &= frame[column] == cell_as_read(table, column, value)
    if rows.sum() != 1:
        raise refused(f"{rows.sum()} rows of {correction.name} have this key, expected one. Correct or remove it.")
    present = frame.loc[rows, correction.column].iloc[0]
    if present != cell_as_read(table, correction.column, correction.old):
        described, old = ("another value", "") if is_quiet else (repr(present), f" {correction.old!r}")
        raise refused(
            f"found {described} in {correction.name}, expected the old value{old}: the supplier may have corrected it. "
            "Remove or correct this correction."
        )
    frame = frame.copy()
    frame.loc[rows, correction.column] = cell_as_read(table, correction.column, correction.new)
    return frame, frame.index[rows][0]


def _is_quiet(office: Configuration, received: ReceivedTable) -> bool:
    """Whether no message may quote a value of the table: it is about persons, under embargo or withheld."""
    source = office.sources.by_table.get(received.name)
    if received.spec.is_about_persons or source is None or source.sensitivity == "embargoed":
        return True
    return bool(office.withheld(received.name))
