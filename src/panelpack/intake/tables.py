"""A table of the plan as received, with the office's corrections applied."""

from panelpack.config.configuration import Configuration
from panelpack.intake import corrections
from panelpack.intake.received import ReceivedTable


def corrected(office: Configuration, name: str) -> ReceivedTable:
    """Return a table of the plan by its name. Raises SourceError for a file that cannot be read."""
    spec = office.plan.tables[name]
    text = corrections.corrected(office, spec).fillna("").rename(columns=str)  # a line cut short leaves cells out
    return ReceivedTable(name, spec, text, len(text))
