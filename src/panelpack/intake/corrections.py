"""Apply the office's corrections to the cells of a supplier's file, before anything else reads them."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.corrections import Correction
from panelpack.config.plan import SupplierFile
from panelpack.errors import ConfigurationError, shown
from panelpack.intake.files import read_text


def corrected(office: Configuration, table: SupplierFile) -> pd.DataFrame:
    """Return a table's cells as text with the quarter's corrections applied: as `files.read_text` does.

    Raises ConfigurationError for a correction whose cell is not there or does not hold its old value.
    """
    frame = read_text(office.project.raw(office.quarter), table)
    corrections = [(line, correction) for line, correction in office.corrections if correction.name == table.pattern]
    is_quiet = bool(corrections) and _is_quiet(office, table)
    for line, correction in corrections:
        refused = partial(_refused, f"{shown(office.project.corrections)}, line {line}")
        frame = _applied(frame, correction, table, is_quiet, refused)
    return frame


def _refused(where: str, message: str) -> ConfigurationError:
    return ConfigurationError(f"{where}: {message}")


def _applied(
    frame: pd.DataFrame,
    correction: Correction,
    table: SupplierFile,
    is_quiet: bool,
    refused: Callable[[str], Exception],
) -> pd.DataFrame:
    """Return the cells with one more corrected. With `is_quiet`, what is refused is told without a value."""
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
        raise refused(f"{table.pattern} has no column {missing[0]!r}. Check the file.")
    rows = pd.Series(True, index=frame.index)
    for column, value in correction.key.items():
        rows &= frame[column] == value
    if rows.sum() != 1:
        raise refused(f"{rows.sum()} rows of {table.pattern} have this key, expected one. Correct or remove it.")
    present = frame.loc[rows, correction.column].iloc[0]
    if present != correction.old:
        described, old = ("another value", "") if is_quiet else (repr(present), f" {correction.old!r}")
        raise refused(
            f"found {described} in {table.pattern}, expected the old value{old}: the supplier may have corrected it. "
            "Remove or correct this correction."
        )
    frame = frame.copy()
    frame.loc[rows, correction.column] = correction.new
    return frame


def _is_quiet(office: Configuration, table: SupplierFile) -> bool:
    """Whether no message may quote a value of the table: it is about persons, under embargo or withheld."""
    source = office.sources.files.get(table.pattern)
    if table.is_about_persons or source is None or source.sensitivity == "embargoed":
        return True
    return bool(office.parameters.withheld(source.table))
