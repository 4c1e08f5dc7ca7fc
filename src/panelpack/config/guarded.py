"""Guarded raw files: those of whose content nothing may be known from outside, not even that a guess of it is right.

A small table can be guessed, row for row, by whoever has the rows that were published before; a plain hash or the size
of the file would say which guess is right. So what is published of a guarded file is a keyed hash alone.
"""

from panelpack.config.parameters import NOT_SUPPLIED, Parameters
from panelpack.config.plan import Plan
from panelpack.config.sources import Source


def why_guarded(source: Source, plan: Plan | None = None, parameters: Parameters | None = None) -> str:
    """Return why a raw file is guarded, in words that go on from "it is"; '' for one that is open.

    plan, parameters: what is known of the quarter; what is not known guards nothing. Whoever may see embargoed figures
    makes no difference here: what is recorded of a file is for everybody.
    """
    table = plan.tables.get(source.table) if plan else None
    if table and table.is_about_persons:
        return "about persons"
    if source.sensitivity != "public":
        return "under embargo" if source.sensitivity == "embargoed" else source.sensitivity
    entry = parameters.availability.get(source.table) if parameters else None
    if parameters is None or entry is None or entry.status in (*NOT_SUPPLIED, "provisional"):
        return ""
    # Of a quarter that is begun the day of the meeting may be open, against which a release counts.
    return parameters.withheld(source.table) if parameters.meeting_date else entry.status
