"""The corrections that were applied to a quarter's raw figures, for the pack and for reviewers."""

import pandas as pd

from panelpack import corrections, evidence
from panelpack.params import date_words
from panelpack.project import Project
from panelpack.prose import Text
from panelpack.quarters import Quarter
from panelpack.tables import Table

NOT_SHOWN = "not shown"
NONE = "No raw figure was corrected: every figure comes from the files as they were received."


def table(project: Project, quarter: Quarter) -> Table | Text:
    """Return every correction with its reason; figures of tables withheld, internal or about persons are not shown."""
    plan, params, sources = evidence.configuration(project, quarter)
    tables = [plan.tables[name] for name in evidence.shown_tables(plan, params)]
    files = {table.file for table in tables if not table.column_of("pseudonym")}
    open_files = {name for name, source in sources.files.items() if name in files and source.sensitivity != "internal"}
    rows = []
    for _, one in corrections.of_quarter(project, quarter, plan):
        name = one.file.partition("/")[2]
        cell = ", ".join(f"{column} {value}" for column, value in one.key.items())
        figures = (f"{cell}: {one.column}", one.old, one.new) if name in open_files else (NOT_SHOWN,) * 3
        rows.append(
            {
                "File": name,
                **dict(zip(("Figure", "As received", "Corrected"), figures, strict=True)),
                "Reason": one.reason,
                "Decided by": f"{one.decided_by}, {date_words(one.decided_on)}",
            }
        )
    widths, align = [2, 3, 1.2, 1.2, 3, 2.4], {"As received": "right", "Corrected": "right"}
    return Table(pd.DataFrame(rows), "Corrections to raw figures", widths=widths, align=align) if rows else Text(NONE)
