"""Which cells of a supplier's table a message, a query or a page may repeat.

Validation and the queries read the tables as they came, withheld ones too; what they say goes through here.
"""

import re

from panelpack.config.configuration import Configuration
from panelpack.config.plan import Plan
from panelpack.disclosure.thresholds import is_guarded, is_of_answers, is_of_people

SMALL_NUMBER = "a small number"  # what stands in the place of a number that would tell of a few
NUMBER = re.compile(r"\s*['\"]?\s*(\d+(?:\.\d+)?)\s*['\"]?\s*")


def is_silent(office: Configuration, table: str) -> bool:
    """Whether nothing of a table may be repeated: it is withheld, or its rows are about persons."""
    return bool(office.withheld(table)) or office.plan.tables[table].is_about_persons


def is_quiet(office: Configuration, table: str) -> bool:
    """Whether no number of a table may be repeated; the names of its rows may, unless it is silent.

    Of a table that is not public only aggregates may be shown, and a single cell is none.
    """
    source = office.sources.by_table.get(table)
    return is_silent(office, table) or (source is not None and source.sensitivity != "public")


def shows_cells(office: Configuration, table: str) -> bool:
    """Whether a page may show single cells of a table: a public one without answers behind percentages or people."""
    series = (spec for spec in office.plan.series.values() if spec.table == table)
    return not is_quiet(office, table) and not any(is_guarded(spec, office.plan) for spec in series)


def fewest_quoted(plan: Plan, table: str) -> int:
    """Return from how many on a number of a table may be repeated: 0 where it tells of no answers and no people."""
    limits, series = plan.disclosure, [spec for spec in plan.series.values() if spec.table == table]
    if any(is_of_answers(spec) for spec in series):
        return max(limits.shown.fewest, limits.people.fewest)
    return limits.people.fewest if any(is_of_people(spec, plan) for spec in series) else 0


def without_small(words: str, fewest: int) -> str:
    """Return what a cell says; SMALL_NUMBER where that is a number above 0 that may not be repeated."""
    found = NUMBER.fullmatch(words)
    return SMALL_NUMBER if found and 0 < float(found[1]) < fewest else words


def number_words(value: float, plan: Plan, table: str) -> str:
    """Return a number of a table as a message repeats it, SMALL_NUMBER where it may not."""
    return SMALL_NUMBER if 0 < value < fewest_quoted(plan, table) else f"{value:,.10g}"
