"""The prepare notebook's work: write the series and show what there is."""

import pandas as pd

from panelpack import evidence, priority_page, revisions
from panelpack.formats import number
from panelpack.project import Project
from panelpack.prose import Text
from panelpack.quarters import Quarter
from panelpack.tables import Table
from panelpack.work import REVISIONS, Work


def prepare(quarter: str) -> dict[str, pd.DataFrame]:
    """Write the series of every table that may be shown and return them by table."""
    return evidence.prepare(Project.here(), Quarter.parse(quarter))


def series_table(tables: dict[str, pd.DataFrame]) -> Table:
    """Return what each series covers."""
    rows = [
        {
            "Series": str(name),
            "Table": table,
            "First": points["period"].iloc[0],
            "Last": points["period"].iloc[-1],
            "Points": number(len(points)),
            "Sum": number(points["base"].sum() if points["base"].notna().any() else points["value"].sum()),
        }
        for table, frame in tables.items()
        for name, points in frame.groupby("series", sort=False)
    ]
    return Table(pd.DataFrame(rows), "Series prepared", align={"First": "left", "Last": "left"})


def restated(quarter: str) -> Table | Text:
    """Write which figures each supplier restated since the drop of the quarter before, and return them as a table.

    Raises ConfigurationError for a supplier's reason that explains nothing.
    """
    work = Work(quarter)
    changes = revisions.restated(work.project, work.quarter)
    for table in evidence.shown_tables(work.plan, work.params):
        work.write(changes[changes["table"] == table], f"{REVISIONS}/{table}.csv")
    return priority_page.restated_table(changes, "Figures restated since the data of the quarter before") or Text(
        "Nothing was restated, or there are no data of the quarter before."
    )


def withheld_table(quarter: str) -> Table | Text:
    """Return the tables that may not be shown at the meeting, and why."""
    plan, params, _ = evidence.configuration(Project.here(), Quarter.parse(quarter))
    rows = [
        {"Table": name, "Status": params.withheld(name), "Reason": params.availability[name].reason}
        for name in plan.tables
        if params.withheld(name)
    ]
    return Table(pd.DataFrame(rows), "Tables withheld", widths=[1, 1, 4]) if rows else Text("Every table may be shown.")
