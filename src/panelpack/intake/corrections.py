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
    ours = [(line, one) for line, one in office.corrections if one.name == table.file]
    is_quiet = bool(ours) and _is_quiet(office, table)
    for line, one in ours:
        refused = partial(_refused, f"{shown(office.project.corrections)}, line {line}")
        frame = _applied(frame, one, table, is_quiet, refused)
    return frame


def _refused(where: str, message: str) -> ConfigurationError:
    return ConfigurationError(f"{where}: {message}")


def _applied(
    frame: pd.DataFrame, one: Correction, table: SupplierFile, is_quiet: bool, refused: Callable[[str], Exception]
) -> pd.DataFrame:
    """Return the cells with one more corrected. With `is_quiet`, what is refused is told without a value."""
    if set(one.key) != set(table.key) or one.column not in table.columns:
        # A value that was written in the place of a column's name is a value all the same.
        found = "another key or column" if is_quiet else f"the key {', '.join(one.key)} and the column {one.column!r}"
        raise refused(
            f"found {found}, expected the key {', '.join(table.key)} and one of {', '.join(table.columns)}. "
            "Correct them."
        )
    if missing := [column for column in (*table.key, one.column) if column not in frame]:
        raise refused(f"{table.file} has no column {missing[0]!r}. Check the file.")
    rows = pd.Series(True, index=frame.index)
    for column, value in one.key.items():
        rows &= frame[column] == value
    if rows.sum() != 1:
        raise refused(f"{rows.sum()} rows of {table.file} have this key, expected one. Correct or remove it.")
    found = frame.loc[rows, one.column].iloc[0]
    if found != one.old:
        told, old = ("another value", "") if is_quiet else (repr(found), f" {one.old!r}")
        raise refused(
            f"found {told} in {table.file}, expected the old value{old}: the supplier may have corrected it. Remove or "
            "correct this correction."
        )
    frame = frame.copy()
    frame.loc[rows, one.column] = one.new
    return frame


def _is_quiet(office: Configuration, table: SupplierFile) -> bool:
    """Whether no message may quote a value of the table: it is about persons, under embargo or withheld."""
    source = office.sources.files.get(table.file)
    if table.is_about_persons or source is None or source.sensitivity == "embargoed":
        return True
    return bool(office.parameters.withheld(source.table))
