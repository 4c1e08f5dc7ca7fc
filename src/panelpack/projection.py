"""The total of a coming financial year, with the interval that past errors of the same forecast give it."""

from dataclasses import dataclass

import pandas as pd

from panelpack.configuration import shown
from panelpack.errors import ConfigurationError

COLUMNS = [
    "series",
    "lower_95",
    "lower_80",
    "median",
    "upper_80",
    "upper_95",
    "n",
    "forces",
    "first_origin",
    "last_origin",
]


@dataclass(frozen=True)
class Projection:
    """A projected total and its prediction intervals, all in the unit of the series."""

    total: float
    lower_95: float
    upper_95: float
    lower_80: float
    upper_80: float


def project(latest_12_months: float, errors: pd.Series) -> Projection:
    """Take the latest 12 months as the forecast of the year, and past relative errors as its interval.

    `errors` is a row of the table of errors: lower_95 of -0.1 says that 2.5% of past totals came out more than 10%
    below the forecast. The method assumes that the series errs as those it was learned from did.
    """
    at = {name: latest_12_months * (1 + float(errors[name])) for name in COLUMNS[1:6]}
    return Projection(latest_12_months, at["lower_95"], at["upper_95"], at["lower_80"], at["upper_80"])


def read_errors(path) -> pd.DataFrame:
    """Read the table of past errors, indexed by series. Raises ConfigurationError when it is not one."""
    try:
        frame = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{shown(path)}: the table of projection errors cannot be read: {error}.") from None
    if list(frame.columns) != COLUMNS:
        raise ConfigurationError(f"{shown(path)}: found the columns {list(frame.columns)}, expected {COLUMNS}.")
    return frame.set_index("series")
