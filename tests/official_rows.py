"""A small official table of recorded crime, with all that the published one has: forces that are called in odd ways,
offences that move between subgroups, one that ends, one that begins, and corrections below zero."""

import csv
import gzip
import io
from pathlib import Path

from panelpack.periods import Quarter

HEADS = (
    *("Financial Year", "Financial Quarter", "Force Name", "Offence Description"),
    *("Offence Group", "Offence Subgroup", "Offence Code", "Number of Offences"),
)
FORCES = ("Westmoor", "Fen & Marsh", "Haven, City of")
FIRST, LAST = Quarter(2012, 1), Quarter(2015, 1)
THEFT, VIOLENCE = "Theft offences", "Violence against the person"
# Description, group, code, usual number a quarter.
STEADY = (
    ("Burglary in a dwelling", THEFT, "Domestic burglary", "28A", 300),
    ("Burglary elsewhere", THEFT, "Non-domestic burglary", "30A", 200),
    ("Shoplifting", THEFT, "Shoplifting", "46", 400),
    ("Robbery of personal property", "Robbery", "Robbery of personal property", "34B", 40),
    ("Assault with injury", VIOLENCE, "Violence with injury", "8N", 500),
    ("Homicide", VIOLENCE, "Homicide", "1", 2),
)


def rows(forces: tuple[str, ...] = FORCES, last: Quarter = LAST) -> list[tuple[str, ...]]:
    """Return the table's rows; harassment moves in 2013, fraud ends before, and one count takes offences back."""
    found, quarter = [], FIRST
    while quarter <= last:
        year = f"{quarter.year}/{(quarter.year + 1) % 100:02d}"
        under = "Violence without injury" if quarter.year == 2012 else "Stalking and harassment"
        offences = [*STEADY, ("Assault", VIOLENCE, "Violence without injury", "105A", 450)]
        offences.append(("Harassment", VIOLENCE, under, "8L", 60))
        if quarter.year == 2012:
            offences.append(
                ("Fraud", "Fraud offences", "Fraud offences to 2012/13", "53", -5 if quarter.number == 4 else 9)
            )
        for place, force in enumerate(forces):
            for description, group, subgroup, code, number in offences:
                count = number if number < 0 else number * (place + 1) + (quarter.number * 7 + quarter.year) % 13
                found.append((year, str(quarter.number), force, description, group, subgroup, code, str(count)))
        quarter = quarter.shift(1)
    return found


def text(lines: list[tuple[str, ...]]) -> str:
    """Return rows as a csv."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADS, *lines])
    return out.getvalue()


def write(path: Path, lines: list[tuple[str, ...]] | None = None) -> Path:
    """Write a table, packed where the name says so."""
    content = text(rows() if lines is None else lines).encode("utf-8")
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return path
