"""The quarterly series of each force, from the rows of the table of recorded crime that make them."""

import pandas as pd

from panelpack.config.study import Offences, OffenceSeries
from panelpack.errors import SourceError
from panelpack.formats import listed, number

SHOWN = 3  # of the quarters that lack rows


def force_series(table: pd.DataFrame, study: OffenceSeries) -> pd.DataFrame:
    """Return offences by quarter: a row a quarter label ('YYYYQn'), in order, and a column a (series, force).

    table: the rows that `PublishedTable.typed` returns. The forces of `left_out` are not among them.
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


def refuse_cut(table: pd.DataFrame) -> None:
    """Raise SourceError where a force has fewer rows in a quarter than most forces; it names the last quarter too.

    table: the rows of some forces, as `PublishedTable.typed` returns them. The publisher gives each force the same
    rows, counts of 0 too; so rows that are not there were cut off, and are no offences that nobody recorded.
    """
    rows = table.groupby(["year", "number", "force"]).size()
    # The commonest number of rows of a quarter; of two that are as common the larger.
    usual = rows.groupby(["year", "number"]).agg(lambda found: found.mode().max())
    expected = usual.reindex(rows.index.droplevel("force")).to_numpy()
    fewer = [(*key, int(found), int(wanted)) for (key, found), wanted in zip(rows.items(), expected, strict=True)]
    short = [one for one in fewer if one[3] < one[4]]
    if not short:
        return
    shown_first = [
        f"{number(found)} of {force!r} in {year} quarter {quarter} where most forces have {number(wanted)}"
        for year, quarter, force, found, wanted in short[:SHOWN]
    ]
    more = [f"{len(short) - SHOWN} more such gaps"] if len(short) > SHOWN else []
    year, quarter, _ = rows.index[-1]
    raise SourceError(
        f"the table of recorded crime: rows are missing: {listed([*shown_first, *more])}. The last quarter read is "
        f"{year} quarter {quarter}; the table may end too early. Give the police force area table as published."
    )
