"""The sheets of the published workbook: what each is called, so that a page can name the one with a series' figures."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what makes the workbook reads no plan
    from panelpack.config.plan import Plan

WORKBOOK = "indicators.xlsx"
# The published tables that it is made of.
INDICATORS_FILE, SERIES_FILE, PERIODS_FILE = "indicators.csv", "series.csv", "periods.csv"
COMMENTARY_FILE, DICTIONARY_FILE = "commentary.csv", "dictionary.csv"
COMPARATORS_FILE, OTHER_FORCES_FILE = "comparators.csv", "other_forces.csv"
TABLES_OF_EVERY_PACK = (INDICATORS_FILE, COMMENTARY_FILE, SERIES_FILE, PERIODS_FILE, DICTIONARY_FILE)
TABLES_OF_OTHER_FORCES = (COMPARATORS_FILE, OTHER_FORCES_FILE)  # of a plan that compares with other forces
COVER, CONTENTS, NOTES = "Cover", "Contents", "Notes"
DASHBOARD, INDICATORS, PERIODS, DICTIONARY = "Dashboard", "Indicators", "Periods compared", "Data dictionary"
COMPARATORS, OTHER_FORCES = "Compared with others", "Other forces"
OTHER_SHEETS = (COVER, CONTENTS, NOTES, DASHBOARD, INDICATORS, PERIODS, DICTIONARY, COMPARATORS, OTHER_FORCES)
RESERVED = {"history", *(name.lower() for name in OTHER_SHEETS)}  # a workbook keeps the first for itself
LONGEST_NAME = 31  # characters of a sheet's name
NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def sheet_names(plan: "Plan") -> dict[str, str]:
    """Return the name of each series' sheet, by the series: its title where that is short enough, else the plan's name.

    No two are alike, whatever their case. A series of which nothing is shown has no sheet, though it has a name here.
    """
    names: dict[str, str] = {}
    taken = set(RESERVED)
    for series, spec in plan.series.items():
        title = " ".join(spec.title.translate(NOT_IN_A_NAME).split())
        words = title if 0 < len(title) <= LONGEST_NAME else series.replace("_", " ").capitalize()
        name, number = _cut(words), 1
        while name.lower() in taken:
            number += 1
            name = _cut(words, f" {number}")
        taken.add(name.lower())
        names[series] = name
    return names


def sheet_name(plan: "Plan", series: str) -> str:
    """Return the name of the workbook's sheet with a series' figures: 'Months' figures: sheet <name> of WORKBOOK'."""
    return sheet_names(plan)[series]


def _cut(words: str, ending: str = "") -> str:
    """Return as many whole words as fit into a sheet's name before its ending."""
    room, name = LONGEST_NAME - len(ending), ""
    for word in words.split():
        longer = f"{name} {word}".strip()
        if len(longer) > room:
            break
        name = longer
    return (name or words[:room].strip()) + ending
