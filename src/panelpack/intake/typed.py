"""The cells of a received table as values: as the figures are computed from them, and as they are checked."""

from collections.abc import Mapping

import pandas as pd

from panelpack.config.supplied_table import NUMBER_KINDS
from panelpack.intake.received import ReceivedTable


def typed(received: ReceivedTable) -> pd.DataFrame:
    """Return the table with numbers for the figures; validation has passed, so every cell converts.

    Counts are int64, or float64 with NaN where one is not there; decimals are float64. All else is text as it was.
    """
    kinds = received.spec.columns
    columns = {
        name: _numbers(cells, kinds[name]) if kinds.get(name) in NUMBER_KINDS else cells
        for name, cells in received.text.items()
    }
    return pd.DataFrame(columns, index=received.text.index)


def as_checked(frame: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Return text cells as Great Expectations looks at them, with nulls where nothing is written.

    Numbers are as `typed` has them, dates datetime64; months, quarters, categories, texts and pseudonyms are text, and
    so is a column without a kind. Every cell that is not blank must be of its column's kind.
    """
    columns = {name: _checked(cells, kinds.get(str(name), "text")) for name, cells in frame.items()}
    return pd.DataFrame(columns, index=frame.index)


def is_blank(cells: pd.Series) -> pd.Series:
    """Return whether nothing is written in each cell that a person could see."""
    return cells.str.strip() == ""


def _checked(cells: pd.Series, kind: str) -> pd.Series:
    if kind in NUMBER_KINDS:
        return _numbers(cells, kind)
    written = cells.where(~is_blank(cells))
    return pd.to_datetime(written, format="%Y-%m-%d") if kind == "date" else written.astype("str")


def _numbers(cells: pd.Series, kind: str) -> pd.Series:
    blank = is_blank(cells)
    if kind == "decimal" or blank.any():
        return cells.where(~blank, "nan").astype("float64")
    return cells.astype("int64")
