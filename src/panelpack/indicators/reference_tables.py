"""What research wrote or rests on and a pack reads: official counts, false alarms, what came later."""

from pathlib import Path

import pandas as pd

from panelpack.comparators.counts import OfficialCounts, read_official_counts_of_forces
from panelpack.config.study import OffenceSeries, check_made_from, load_offences
from panelpack.intake.files import read_table
from panelpack.project import Project

FALSE_ALARMS = ["case", "of_pack", "share", "series", "points", "fixing", "seed"]
FALSE_VERDICTS = ["by", "total", "dispersion", "share", "trials", "seed"]
ORDINARY = ["series", "years", "net", "spread", "by_chance", "beyond_ordinary", "clear", "pairs", "last"]
RECORDED_LATER = ["series", "year", "recorded", "source"]


def read_official_counts(project: Project) -> pd.DataFrame:
    """Return the official counts that projections learn from, as `counts_by_series` does.

    Raises SourceError for counts that are not those of the back-test, or do not belong to the files beside them.
    """
    check_made_from(project)
    return counts_by_series(read_official_counts_of_forces(project), load_offences(project.projection))


def counts_by_series(of: OfficialCounts, study: OffenceSeries) -> pd.DataFrame:
    """Return offences by quarter: a row a quarter label ('YYYYQn'), in order, a column a (series, force).

    Of the forces that offences.yml names and that have every quarter of the table, none with fewer kinds than others:
    a gap is not a count of none, and a force under another name could be an office's own, which would learn from
    itself.
    """
    quarters = sorted(of.counts.index.unique("quarter"))
    columns = {name: of.of_kinds(one.kinds(of.counts), quarters) for name, one in study.series.items()}
    counts = pd.concat(columns, axis="columns", names=["series", "force"]).sort_index(axis="columns")
    return counts.loc[:, counts.columns.get_level_values("force").isin(set(study.forces) - set(of.gaps["force"]))]


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
