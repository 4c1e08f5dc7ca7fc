"""The suppliers' files of Quarter 4 2014/15: those of the quarter after, as they were a quarter earlier.

The rows of April to June 2015 go, and what the suppliers restated since is undone. What is restated stands in one
block below, each with a seed of its own; the suppliers' reasons stand under `revisions` in
data/raw/2015Q1/sources.yml. README.md beside this file says what the later paper fixes of this quarter.
"""

import csv
from collections.abc import Callable, Mapping
from datetime import datetime

import openpyxl

from panelpack.errors import SourceError
from panelpack.periods import month_range
from research.reconstruction import drop_2015Q1 as after
from research.reconstruction.drawing import spread_around
from research.reconstruction.files import HERE, Table, as_csv, as_workbook

LATER = HERE.parents[1] / "data" / "raw" / "2015Q1"
LAST_MONTH, LAST_QUARTER = "2015-03", "2014Q4"


# ------------------------------------------------------------------------------------------------- reading
def later(name: str) -> Table:
    """Return the head and the rows of a table as the quarter after has it, every cell as text."""
    if (LATER / f"{name}.csv").exists():
        with (LATER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        return head, rows
    sheet = openpyxl.load_workbook(LATER / f"{name}.xlsx")[after.WORKBOOK_SHEET]
    head, *rows = sheet.iter_rows(min_row=len(after.WORKBOOK_HEADER) + 1, values_only=True)
    return list(head), [list(row) for row in rows]


def until(name: str, last: str) -> Table:
    """Return a table without the rows of periods after `last`; the period is the first column."""
    head, rows = later(name)
    return head, [row for row in rows if row[0] <= last]


# -------------------------------------------------------------------------- what the suppliers restated since
# Per cent of a month's offences that were recorded only after this drop. All crime gains those of the two offences
# and OTHER_LATE per cent of all others.
RECORDED_LATE = {"2015-01": 1.0, "2015-02": 2.2, "2015-03": 4.5}
LATE_OFFENCES = {"domestic_burglary": 2101, "theft_from_vehicle": 2102}
OTHER_LATE, OTHER_LATE_SEED = {"2015-01": 0.2, "2015-02": 0.5, "2015-03": 1.1}, 2103
# Offences counted as violence with injury, since found to be without injury. All crime does not move.
RECLASSIFIED = {"2014-10": 7, "2014-11": 8, "2014-12": 9}
RECLASSIFIED_SEED = 2104
# Incidents reported twice, since removed: per cent of the month.
DUPLICATES, DUPLICATES_SEED = {"2015-01": 1.2, "2015-02": 1.2, "2015-03": 1.2}, 2105
# Answers that arrived after this drop: the month, and (respondents, satisfied) of each group.
LATE_ANSWERS_MONTH = "2015-03"
LATE_ANSWERS = {"vehicle_crime": (8, 6), "violent_crime": (6, 5), "asb": (7, 5)}
# Rows that the later return no longer has. Assumed: the programme's cohort tested positive in the course of 2013/14,
# so its first four quarters count a cohort that was still forming.
COHORT_FORMING = {"2013Q1": 118, "2013Q2": 297, "2013Q3": 486, "2013Q4": 641}
# The rape survey is sent as its latest 12 months: respondents, satisfied. Assumed, like the months that follow.
RAPE_SURVEY = {"2014-04": (3, 3), "2014-05": (3, 2), "2014-06": (2, 2)}


def whole(expected: Mapping[str, float], seed: int) -> dict[str, int]:
    """Draw a whole number, at least one, around what is expected of each month."""
    drawn = spread_around(list(expected.values()), 0.5, seed)
    return {month: max(1, round(number)) for month, number in zip(expected, drawn, strict=True)}


def shares(counts: Mapping[str, int], percents: Mapping[str, float], seed: int) -> dict[str, int]:
    """Draw a share of each month's count: at least one, in whole numbers."""
    return whole({month: counts[month] * percent / 100 for month, percent in percents.items()}, seed)


def restate(table: Table, changes: Mapping[tuple[str, ...], int], key: int) -> Table:
    """Add to the last cell of each row whose first `key` cells are named.

    Raises SourceError where a name is of no row.
    """
    head, rows = table
    missing = set(changes) - {tuple(row[:key]) for row in rows}
    if missing:
        raise SourceError(
            f"data/raw/2015Q1: no row of {sorted(missing)[0]!r}, expected the one that was restated. "
            "Restore the folder, or correct research/reconstruction/drop_2014Q4.py."
        )
    return head, [[*row[:-1], str(int(row[-1]) + changes.get(tuple(row[:key]), 0))] for row in rows]


def recorded_crime() -> Table:
    """Offences by month and kind, before late records and a reclassification."""
    table = until("recorded_crime", LAST_MONTH)
    counts: dict[str, dict[str, int]] = {}
    for month, offence, number in table[1]:
        counts.setdefault(offence, {})[month] = int(number)
    late = {offence: shares(counts[offence], RECORDED_LATE, seed) for offence, seed in LATE_OFFENCES.items()}
    others = {m: counts["all_crime"][m] - sum(counts[offence][m] for offence in LATE_OFFENCES) for m in OTHER_LATE}
    late_others = shares(others, OTHER_LATE, OTHER_LATE_SEED)
    late["all_crime"] = {m: n + sum(late[offence][m] for offence in LATE_OFFENCES) for m, n in late_others.items()}
    changes: dict[tuple[str, ...], int] = {(m, name): -n for name, months in late.items() for m, n in months.items()}
    reclassified = whole(RECLASSIFIED, RECLASSIFIED_SEED)
    changes |= {(month, "violence_with_injury"): n for month, n in reclassified.items()}
    return restate(table, changes, 2)


def asb_incidents() -> Table:
    """Incidents by month, before those reported twice were removed."""
    table = until("asb_incidents", LAST_MONTH)
    twice = shares({month: int(n) for month, n in table[1]}, DUPLICATES, DUPLICATES_SEED)
    return restate(table, {(month,): n for month, n in twice.items()}, 1)


def victim_survey() -> Table:
    """Respondents and satisfied by month and group, before the late answers; the rape survey's latest 12 months."""
    head, rows = until("victim_survey", LAST_MONTH)
    answered = []
    for month, group, respondents, satisfied in rows:
        asked, content = LATE_ANSWERS.get(group, (0, 0)) if month == LATE_ANSWERS_MONTH else (0, 0)
        answered.append([month, group, str(int(respondents) - asked), str(int(satisfied) - content)])
        if group == "domestic_abuse" and month in RAPE_SURVEY:  # rape stands last in each month
            answered.append([month, "rape", *map(str, RAPE_SURVEY[month])])
    return head, answered


def reoffending_cohorts() -> Table:
    """Offences by quarter, cohort and measure; the drugs programme from its start."""
    head, rows = until("reoffending_cohorts", LAST_QUARTER)
    answered = []
    for row in rows:
        answered.append(row)
        if row[0] in COHORT_FORMING and row[2] == "reoffending":
            offences = str(COHORT_FORMING[row[0]])
            answered.append([row[0], "drug_programme", "reoffending", str(after.DRUG_COHORT), offences])
    return head, answered


# ---------------------------------------------------------------------------------- what was sent in the quarter
# Reports of each of the people with more than one, 55 in all; 10 more people with one each. The text has the share of
# repeats falling, so it is a little above that of the quarter after (59 of 72).
REPEATS = (14, 10, 9, 6, 5, 4, 4, 3)
ONCE = 10


def missing_people() -> Table:
    """One row a report from the key locations in January to March 2015; persons are pseudonyms of this quarter."""
    months = month_range("2015-01", LAST_MONTH)
    return after.reports_of_people(months, [*REPEATS, *[1] * ONCE], seeds=(2191, 2192))


ASSESSED = {"SP04": "2015-05-29", "SP16": "2015-04-22"}
STATEMENTS = {
    "SP04.reoffending_families": "The return of May 2015 is in; the boards judge that nothing has moved yet.",
    "SP04.asb_families": "Programmes are at different stages; the boards report no movement in the May 2015 return.",
    "SP16.conveyance": "Moving patients by ambulance is difficult; the ambulance service is at work on it.",
    "SP16.training": "Joint training in mental health first aid is being prepared.",
    "SP16.policies": "An overarching joint policy is being drawn up; procedures are under review.",
}


def assessments() -> Table:
    """What the boards reported a quarter earlier: assumed to be no change, as it was a quarter later."""
    head, rows = later("assessments")
    earlier = [
        [indicator, board, ASSESSED[indicator[:4]], assessment, STATEMENTS[indicator]]
        for indicator, board, _, assessment, _ in rows
    ]
    return head, earlier


# Each table of the drop. Those that nobody restated only lose the rows of the quarter after.
def until_month(name: str) -> Callable[[], Table]:
    """Return what makes a monthly table that nobody restated."""
    return lambda: until(name, LAST_MONTH)


def until_quarter(name: str) -> Callable[[], Table]:
    """Return what makes a quarterly table that nobody restated."""
    return lambda: until(name, LAST_QUARTER)


CSV_TABLES: dict[str, Callable[[], Table]] = {
    "recorded_crime": recorded_crime,
    "asb_incidents": asb_incidents,
    "victim_survey": victim_survey,
    "community_survey": until_quarter("community_survey"),
    "reoffending_cohorts": reoffending_cohorts,
    "drug_treatment": until_quarter("drug_treatment"),
    "night_time_economy": until_month("night_time_economy"),
    "missing_reports": until_month("missing_reports"),
    "missing_people": missing_people,
    "savings": lambda: later("savings"),  # the later paper still prints the position of December 2014
    "assessments": assessments,
}
WORKBOOK_SPAN = "Quarters of the financial year, 2012Q1 (April to June 2012) to 2014Q4 (January to March 2015)"
WORKBOOK_CREATED = datetime(2015, 4, 21)


def reconstruct() -> dict[str, bytes]:
    """Return the content of every file of the drop, by file name. Raises SourceError (see `restate`)."""
    files = {f"{name}.csv": as_csv(table()) for name, table in CSV_TABLES.items()}
    header = [WORKBOOK_SPAN if line.startswith("Quarters of") else line for line in after.WORKBOOK_HEADER]
    entrants = until("first_time_entrants", LAST_QUARTER)
    files["first_time_entrants.xlsx"] = as_workbook(entrants, after.WORKBOOK_SHEET, header, WORKBOOK_CREATED)
    return files
