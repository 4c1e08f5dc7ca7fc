"""A made-up atlas: twelve forces in three regions, a small official table, an index, and the page of them."""

from pathlib import Path
from shutil import copyfile, copytree

import running
from official_rows import HEADS, text
from panelpack.atlas.index import row_of_failure, write_index
from panelpack.intake.published_table import read_published
from panelpack.new_office.measure_list import Measure
from panelpack.periods import Quarter
from panelpack.project import Project

# By region; the last is too small for a rate. Names are such that no order of values is theirs.
FORCES = {
    "Ashford": "East", "Birch & Elm": "East", "Coldwater": "East", "Dunmoor": "East", "Eastmere": "East",
    "Farrow": "North", "Greyfell": "North", "Hallow": "North", "Ivyton": "North",
    "Jarrow Vale": "Wales", "Kestrel": "Wales", "Haven, City of": "Wales",
}  # fmt: skip
LARGE, SMALL = "Kestrel", "Haven, City of"
FIRST, LAST, BASELINE = Quarter(2012, 1), Quarter(2014, 2), 2012
QUARTERS = ("2014Q1", "2014Q2")
RELEASE = "October 2014"
VIOLENCE, SUB = "Violence against the person", "Offence Subgroup"
MEASURES = [
    Measure(2, "burglary", "Burglary", "Domestic burglary", where={SUB: ("Domestic burglary",)}),
    Measure(3, "injury", "Violence", "Violence without injury", where={SUB: ("Violence without injury",)}),
    Measure(4, "harassment", "Violence", "Stalking & harassment", where={SUB: ("Stalking and harassment",)}),
    Measure(5, "calls", "Calls", "Calls answered", awaited="the force's own figures"),
]
RED = "data/raw/2014Q2/official_crime.csv.gz: found <b>no</b> row of 2014Q2, expected some.\nAsk for a later release."


def residents(force: str) -> int:
    """Return how many people live in a force's area."""
    return 9_000 if force == SMALL else 500_000 + 100_000 * list(FORCES).index(force)


def burglaries(force: str, quarter: Quarter) -> int:
    """Return the burglaries of a quarter: a tenth of a percent of residents, and in one force nine times as many."""
    usual = residents(force) // 1000 + (list(FORCES).index(force) * 7 % 11) * 20
    return (9 if force == LARGE else 1) * usual + quarter.number


def rows(forces=FORCES) -> list[tuple[str, ...]]:
    """Return the rows of the table; harassment leaves one subgroup for another in 2013."""
    found, quarter = [], FIRST
    while quarter <= LAST:
        year = f"{quarter.year}/{(quarter.year + 1) % 100:02d}"
        moved = "Violence without injury" if quarter.year == 2012 else "Stalking and harassment"
        for force in forces:
            for code, (name, group, subgroup, count) in {
                "28A": ("Burglary in a dwelling", "Theft offences", "Domestic burglary", burglaries(force, quarter)),
                "8N": ("Assault", VIOLENCE, "Violence without injury", residents(force) // 500),
                "8L": ("Harassment", VIOLENCE, moved, 60),
                "53": ("Fraud", "Fraud offences", "Fraud offences to 2012/13", 9),
            }.items():
                found.append((year, str(quarter.number), force, name, group, subgroup, code, str(count)))
        quarter = quarter.shift(1)
    return found


def software(folder: Path) -> Project:
    """Write what the page reads of the software into a folder, with the residents of the made-up forces."""
    for name in ("data/projection/offences.yml", "data/comparators/offences.yml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copyfile(running.ROOT / name, folder / name)
    copytree(running.ROOT / "params/layouts", folder / "params/layouts")
    lines = ["pfa,pfa_code,region,census2011,mid2019,mid2020,census2021,households2021"]
    lines += [
        ",".join([f'"{force}"', "X1", region, *[str(residents(force))] * 4, str(residents(force) // 2)])
        for force, region in FORCES.items()
    ]
    (folder / "data/comparators/residents_by_force.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Project(folder)


def table(project: Project, lines: list[tuple[str, ...]] | None = None):
    """Write the table and read it."""
    path = project.root / "published.csv"
    path.write_text(text(rows() if lines is None else lines), encoding="utf-8")
    assert len(HEADS) == 8
    return read_published(project, path)


def slug(force: str) -> str:
    """Return the folder of a force."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in force.lower()).split())


def index_rows(forces=FORCES, quarters=QUARTERS) -> list[dict[str, object]]:
    """Return the rows of an index: one pack is red, and one force's last quarter was not asked for."""
    found: list[dict[str, object]] = []
    for force, region in dict(FORCES).items():
        for quarter in quarters:
            if force not in forces or (force, quarter) == ("Farrow", "2014Q2"):
                continue
            folder = f"{slug(force)}/{quarter}"
            if (force, quarter) == ("Dunmoor", "2014Q2"):
                found.append(row_of_failure(force, quarter, RED, region=region))
                continue
            verdict = "deteriorated" if force == LARGE else "no_change"
            for measure in ("burglary", "injury"):
                of = {"force": force, "region": region, "quarter": quarter, "indicator": f"P1.{measure}", "exit": 0}
                found.append({**of, "unit": "count", "verdict": verdict, "how_sure": "clear", "folder": folder})
    return found


def atlas(folder: Path, rows: list[dict[str, object]] | None = None) -> Path:
    """Write the index and a stand-in for each pack into the folder of a release; return the folder."""
    release = folder / "october-2014"
    for row in (found := index_rows() if rows is None else rows):
        if not row["exit"]:
            pack = release / str(row["folder"]) / "outputs" / str(row["quarter"]) / "pack/panel-pack.html"
            pack.parent.mkdir(parents=True, exist_ok=True)
            pack.write_text("<!doctype html><title>pack</title>", encoding="utf-8")
    write_index(release, found)
    return release
