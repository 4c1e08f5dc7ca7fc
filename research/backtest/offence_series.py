"""The quarterly series of each force, from the rows of the table of recorded crime that make them."""

import pandas as pd

from panelpack.config.study import Offences, OffenceSeries
from panelpack.errors import SourceError
from panelpack.intake.official_table import refuse_cut


def force_series(table: pd.DataFrame, study: OffenceSeries) -> pd.DataFrame:
    """Return offences by quarter: a row a quarter label ('YYYYQn'), in order, and a column a (series, force).

    table: the rows that `panelpack.intake.official_table` reads. The forces of `left_out` are not among them.
    Raises SourceError where a force lacks rows in some quarter, and where a series has no row there: its subgroup then
    has a name that offences.yml does not know.
    """
    labels = table["year"].str[:4] + "Q" + table["number"].astype(str)
    quarters = sorted(labels.unique())
    forces = sorted(set(table["force"]) - set(left_out(table, study)))
    refuse_cut(table[table["force"].isin(forces)])
    columns = {}
    for name, offences in study.series.items():
        rows = table[is_of_series(table, offences) & table["force"].isin(forces)]
        counts = rows.groupby([labels[rows.index], "force"])["offences"].sum().unstack("force")
        missing = [label for label in quarters if label not in counts.index]
        if missing:
            raise SourceError(
                f"the table of recorded crime, {missing[0]}: no row is of the series {name!r}, expected some. "
                "Add the subgroup's new name to data/projection/offences.yml."
            )
        # A force with as many rows as the others, and none of this kind, recorded none of it in that quarter.
        columns[name] = counts.reindex(columns=forces).fillna(0)
    return pd.concat(columns, axis="columns", names=["series", "force"]).rename_axis("quarter")


def left_out(table: pd.DataFrame, study: OffenceSeries) -> tuple[str, ...]:
    """Return the forces of a table that are not used, in order.

    One without rows in some quarter has a gap, which is not a count of none. One that offences.yml does not name could
    be an office's own force under a name that its plan does not have, so that it would learn from itself.
    """
    quarters_of_force = table.groupby("force")[["year", "number"]].apply(lambda rows: len(rows.drop_duplicates()))
    complete = quarters_of_force.index[quarters_of_force == len(table[["year", "number"]].drop_duplicates())]
    return tuple(sorted(set(table["force"]) - (set(complete) & set(study.forces))))


def is_of_series(table: pd.DataFrame, offences: Offences) -> "pd.Series[bool]":
    """Return for each row of a table whether it makes a series."""
    of_group = table["group"].isin(offences.groups) if offences.groups else True
    of_subgroup = table["subgroup"].isin(offences.subgroups) if offences.subgroups else True
    return pd.Series(True, index=table.index) & of_group & of_subgroup
