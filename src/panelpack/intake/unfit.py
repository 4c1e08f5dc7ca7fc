"""What is said of a table of which no series can be made: never what Python says of one of its cells."""

from collections.abc import Iterator
from contextlib import contextmanager

from panelpack.config.configuration import Configuration
from panelpack.errors import SourceError, shown

# What data can make Python's and pandas' own code raise; everything else is a defect of ours.
OF_DATA = (ValueError, OverflowError, IndexError, KeyError, ZeroDivisionError, TypeError)


@contextmanager
def made_of(office: Configuration, table: str) -> Iterator[None]:
    """Do what is made of a table's rows. Raises SourceError for rows that it cannot be made of.

    Files are read here that validation did not pass, by a notebook beside it or without any. Python's own words quote
    the cell, and so would the notebook that is kept; of a guarded file they are not told.
    """
    try:
        yield
    except OF_DATA as error:
        spec, folder = office.plan.tables[table], office.project.raw(office.quarter)
        source = office.sources.by_table.get(table)
        is_open = source is not None and not office.why_guarded(source)
        reason = f" ({str(error).splitlines()[0]})" if is_open and str(error) else ""
        raise SourceError(
            f"{shown(folder / spec.pattern)}: no series can be made of its rows{reason}. Type make validate "
            f"Q={office.quarter}, which says what is wrong with them; if nothing is, look at its series in the plan."
        ) from None
