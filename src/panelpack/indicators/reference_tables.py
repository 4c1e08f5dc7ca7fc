"""The tables that research wrote and a pack reads: official counts, false alarms, what came later."""

from pathlib import Path

import pandas as pd

from panelpack.config.study import check_made_from
from panelpack.intake.files import read_table
from panelpack.periods import Quarter

FALSE_ALARMS = ["case", "of_pack", "share", "series", "points", "fixing", "seed"]
OFFICIAL_COUNTS = ["quarter", "series", "force", "offences"]
FALSE_VERDICTS = ["by", "total", "dispersion", "share", "trials", "seed"]
ORDINARY = ["series", "years", "net", "spread", "by_chance", "beyond_ordinary", "clear", "pairs", "last"]
RECORDED_LATER = ["series", "year", "recorded", "source"]


def read_official_counts(path: Path) -> pd.DataFrame:
    """Read the official counts of recorded crime: a row a quarter label, in order, a column a (series, force).

    Raises SourceError for another table, and for one that does not belong to the files beside it (made_from.yml).
    """
    check_made_from(path.parent, path.name)
    frame = read_table(
        path,
        OFFICIAL_COUNTS,
        "Write it with make backtest.",
        what="the table of official counts, a whole number for every series and force in every quarter, without gaps",
        check=_is_complete,
    )
    counts = frame.pivot(index="quarter", columns=["series", "force"], values="offences")
    return counts.sort_index().astype(float)


def _is_complete(frame: pd.DataFrame) -> bool:
    key = OFFICIAL_COUNTS[:3]
    cells = frame[key].nunique().prod()
    is_whole = pd.api.types.is_integer_dtype(frame["offences"])
    quarters = [Quarter.parse(str(label)) for label in sorted(frame["quarter"].unique())]
    is_unbroken = not quarters or quarters[-1].since(quarters[0]) == len(quarters) - 1
    return is_whole and is_unbroken and len(frame) == cells and not frame.duplicated(key).any()


def read_recorded_later(path: Path) -> pd.DataFrame:
    """Read what was recorded after a projection: series, year ('YYYY/YY'), recorded (count), source; often nothing.

    Raises SourceError for another table.
    """
    if not path.exists():
        return pd.DataFrame(columns=RECORDED_LATER)
    return read_table(
        path,
        RECORDED_LATER,
        "Correct the file.",
        what="the table of what was recorded later, whole numbers in the column 'recorded'",
        check=lambda frame: pd.api.types.is_integer_dtype(frame["recorded"]),
    )


def read_false_alarms(path: Path) -> pd.DataFrame:
    """Read how often control charts of stable series raise an alarm: a row a case, as research/false_alarms wrote it.

    Of the charts that have limits, a `share` (0 to 1) flag their latest point; the first `fixing` of the `points` fix
    the limits; `of_pack` says whether the pack's charts are taken to be such series. Raises SourceError for another
    table.
    """
    return read_table(
        path,
        FALSE_ALARMS,
        "Write it with make bench-statistics.",
        what="the table of false alarms, with at least one case that is of_pack",
        check=lambda frame: frame["of_pack"].dtype == bool and bool(frame["of_pack"].any()),
    )


def read_false_verdicts(path: Path) -> pd.DataFrame:
    """Read how often counts of an unchanged level are called changed: a row a case. Raises SourceError."""
    return read_table(path, FALSE_VERDICTS, "Write it with make bench-statistics.", what="the table of false verdicts")


def read_ordinary_movement(path: Path) -> pd.DataFrame:
    """Read how far forces move anyway and how often they are called changed. Raises SourceError for another table.

    A row a series (and 'all'), years apart, and whether net of the other forces: spread (of log(latest / baseline)),
    the shares beyond chance, beyond ordinary movement and beyond both, the pairs of years, and the last quarter.
    """
    return read_table(path, ORDINARY, "Write it with make bench-statistics.", what="the table of ordinary movement")


def expected_false_alarms(charts: int, table: pd.DataFrame) -> float:
    """Return how many of so many charts with limits would flag their latest point if nothing in particular happened.

    The number of charts times the mean share of the cases of the pack, each taken to be as common as the others.
    """
    return charts * float(table.loc[table["of_pack"], "share"].mean())
