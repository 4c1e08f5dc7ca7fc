"""How many signals of a pack's control charts chance alone would give, from the table that a simulation wrote.

`bench_statistics` writes the table. The pack shows many charts at once, so some of their signals are chance.
"""

from pathlib import Path

import pandas as pd

from panelpack.configuration import shown
from panelpack.errors import ConfigurationError

COLUMNS = ["case", "of_pack", "share", "series", "points", "seed"]


def read(file: Path) -> pd.DataFrame:
    """Read the table of false alarms: a row a case; `share` of its stable series have a flagged latest point (0 to 1).

    `of_pack` says whether the pack's charts are taken to be such series. Raises ConfigurationError when the file is
    not such a table.
    """
    try:
        frame = pd.read_csv(file)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{shown(file)}: the table of false alarms cannot be read: {error}.") from None
    if list(frame.columns) != COLUMNS or frame["of_pack"].dtype != bool or not frame["of_pack"].any():
        raise ConfigurationError(
            f"{shown(file)}: found the columns {list(frame.columns)}, expected {COLUMNS} and at least one case that is "
            "of_pack. Write the table with make bench-statistics."
        )
    return frame


def expected_false_alarms(charts: int, table: pd.DataFrame) -> float:
    """Return how many of so many charts would flag their latest point if nothing had changed anywhere.

    The number of charts times the largest share among the cases of the pack, so rather too many than too few. It
    takes points as independent: a level that wanders gives more (see the table).
    """
    return charts * float(table.loc[table["of_pack"], "share"].max())
