"""Reading a supplier's table of which something may be shown: the door from what was received to what is published."""

from panelpack.config.configuration import Configuration
from panelpack.errors import SourceError
from panelpack.intake.received import ReceivedTable
from panelpack.intake.tables import corrected


def read_published(office: Configuration, table: str) -> ReceivedTable:
    """Return a table of the quarter, corrected, of which something may be shown.

    Raises SourceError for one that is withheld: nothing of it is read for anything that is published.
    """
    if status := office.withheld(table):
        raise SourceError(
            f"table {table!r} is {status}: nothing of it may be read for what is published. Leave it out."
        )
    return corrected(office, table)
