"""Which rows of the table of recorded crime make which series, and the quarterly series of each force."""

from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import AfterValidator, Field

from panelpack.configuration import Strict, load
from panelpack.errors import SourceError, UsageError
from panelpack.quarters import Quarter


def _quarter(label: str) -> str:
    try:
        return str(Quarter.parse(label))
    except UsageError:
        raise ValueError("this is not a quarter, expected YYYYQn") from None


Label = Annotated[str, AfterValidator(_quarter)]


class Columns(Strict):
    """What the publisher calls each column of the table."""

    year: str
    number: str
    force: str
    description: str
    group: str
    subgroup: str
    code: str
    offences: str


class Official(Strict):
    """Which table of recorded crime the shipped tables were learned from."""

    title: str
    release: str
    licence: str
    sha256: str


class Offences(Strict):
    """The rows that make a series: of these groups and these subgroups; an empty list allows every one."""

    title: str
    groups: tuple[str, ...] = ()
    subgroups: tuple[str, ...] = ()


class Break(Strict):
    """From the quarter `first` on, a series counts something else, and why."""

    series: str
    first: Label = Field(alias="from")
    reason: str


class Mapping(Strict):
    """Where the table is from, what its columns are called, which rows make which series, and where one breaks."""

    source: Official
    columns: Columns
    series: dict[str, Offences]
    breaks: tuple[Break, ...] = ()

    def problems(self):
        """Yield breaks of series that there are not."""
        for place, one in enumerate(self.breaks):
            if one.series not in self.series:
                yield ("breaks", place, "series"), f"{one.series!r} is not a series of this file. Correct the name."


def load_mapping(path: Path) -> Mapping:
    """Read offences.yml. Raises ConfigurationError with file and line."""
    return load(Path(path), Mapping)


def force_series(table: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    """Return offences by quarter: a row a quarter label, in order, and a column a (series, force).

    Forces without rows in some quarter are left out. Raises SourceError where a series has no row in some quarter:
    its subgroup then has a name that the mapping does not know.
    """
    quarters = table["year"].str[:4] + "Q" + table["number"].astype(str)
    every = sorted(quarters.unique())
    by_force = table.groupby("force")["year"].size().index
    complete = [name for name in by_force if quarters[table["force"] == name].nunique() == len(every)]
    columns = {}
    for name, offences in mapping.series.items():
        rows = table[_picked(table, offences) & table["force"].isin(complete)]
        counts = rows.groupby([quarters[rows.index], "force"])["offences"].sum().unstack("force")
        missing = [label for label in every if label not in counts.index]
        if missing:
            raise SourceError(
                f"the table of recorded crime, {missing[0]}: no row is of the series {name!r}, expected some. "
                "Add the subgroup's new name to the mapping of offences."
            )
        # A force without a row of a kind of offence recorded none of it in that quarter.
        columns[name] = counts.reindex(columns=complete).fillna(0)
    return pd.concat(columns, axis="columns", names=["series", "force"]).rename_axis("quarter")


def _picked(table: pd.DataFrame, offences: Offences) -> pd.Series:
    every = pd.Series(True, index=table.index)
    of_group = table["group"].isin(offences.groups) if offences.groups else every
    return of_group & (table["subgroup"].isin(offences.subgroups) if offences.subgroups else every)
