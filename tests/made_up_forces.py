"""The made-up office among made-up forces: a small folder data/comparators, and a plan that compares by it."""

import numpy as np
import pandas as pd
import yaml

import running
from panelpack.project import Project, digest

OWN = "Westmoor"
FORCES = (OWN, *(f"Force {letter}" for letter in "ABCDEFGHJKL"), "Town, Old")
SMALL = "Town, Old"  # so few people live there that no rate is told
QUARTERS = [f"{year}Q{quarter}" for year in (2012, 2013, 2014) for quarter in (1, 2, 3, 4)] + ["2015Q1"]
KINDS = ("Theft: Theft from a vehicle", "Theft: Theft of a vehicle", "Violence: Injury", "Old things: Fraud")
OFFICIAL = {
    "all_crime": "all",
    "theft_from_vehicle": {"subgroups": ["Theft from a vehicle"]},
    "theft_of_vehicle": {"subgroups": ["Theft of a vehicle"]},
}
TABLE = {
    "source": {
        "title": "The table of all forces",
        "release": "May 2016",
        "licence": "Open licence",
        "acknowledgement": "Thanks to the publisher.",
        "released_after_months": 4,
    },
    "columns": {
        **{name: name for name in ("year", "number", "force", "description")},
        **{name: name for name in ("group", "subgroup", "code", "offences")},
    },
    "residents_source": "The census office",
    "residents": [
        {"column": "old", "words": "Census of 2011", "day": "2011-03-27", "known_from": "2012-07"},
        {"column": "new", "words": "mid-2019 estimate", "day": "2019-06-30", "known_from": "2020-06"},
    ],
    "households": [{"column": "homes", "words": "Homes of 2011", "day": "2011-03-27", "known_from": "2012-07"}],
    "left_out": [{"subgroups": ["Fraud"], "reason": "It is counted elsewhere."}],
    "per_household": ["Theft of a vehicle"],
    "cautions": [{"groups": ["Violence"], "words": "Recording differs."}],
    "breaks": [],
    "accepted": [],
}


def counts_of_forces(forces=FORCES, quarters=QUARTERS, seed=4):
    """Return made-up counts: a row a quarter and force, a column a kind; Westmoor's thefts from vehicles double."""
    draw = np.random.default_rng(seed)
    rows = []
    for quarter in quarters:
        for place, force in enumerate(forces):
            size = 100 * (1 + place % 5) * draw.uniform(0.8, 1.25)
            latest = 2 if force == OWN and quarter >= "2014Q1" else 1
            rows.append((quarter, force, *draw.poisson([size * latest, size / 2, size * 3, 40])))
    return pd.DataFrame(rows, columns=["quarter", "force", *KINDS])


def residents_of_forces(forces=FORCES):
    """Return made-up residents: regions and nations by turns; too few in one force."""
    people = [5_000 if force == SMALL else 200_000 * (1 + place % 5) for place, force in enumerate(forces)]
    regions = [("North", "South", "Wales")[place % 3] for place in range(len(forces))]
    frame = pd.DataFrame({"pfa": forces, "pfa_code": forces, "region": regions, "old": people})
    return frame.assign(new=[3 * n // 2 for n in people], homes=[n // 4 for n in people])


def write_comparators(folder, *, counts=None, residents=None, table=None, gaps=(), moves=()):
    """Write the tables of data/comparators, with what says that they belong together."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = counts_of_forces() if counts is None else counts
    residents = residents_of_forces() if residents is None else residents
    counts.to_csv(folder / "counts.csv", index=False)
    residents.to_csv(folder / "residents_by_force.csv", index=False)
    pd.DataFrame(gaps, columns=["force", "quarter", "kinds", "usual"]).to_csv(folder / "gaps.csv", index=False)
    columns = ["offence", "from", "to", "quarter", "offences", "share_low", "share_high"]
    pd.DataFrame(moves, columns=columns).to_csv(folder / "moves.csv", index=False)
    (folder / "offences.yml").write_text(yaml.safe_dump(TABLE | (table or {}), sort_keys=False), encoding="utf-8")
    seal(folder)


def seal(folder):
    """Write which files of a folder belong together."""
    digests = {path.name: digest(path) for path in sorted(folder.iterdir())}
    inputs = ("offences.yml", "residents_by_force.csv")
    made_from = {
        "sources": {"a.csv": "0" * 64},
        "inputs": {name: digests[name] for name in inputs},
        "tables": {name: digests[name] for name in ("counts.csv", "moves.csv", "gaps.csv")},
    }
    (folder / "made_from.yml").write_text(yaml.safe_dump(made_from), encoding="utf-8")


def office_among_forces(to, *, force=OWN, official=None, **tables):
    """Copy the made-up office into a folder, as one of these forces; return its project."""
    project = Project(running.copy_office(to))
    write_comparators(project.comparators, **tables)
    _know_forces(project)
    change_plan(project, force, OFFICIAL if official is None else official)
    return project


def _know_forces(project):
    """Let projections be of these forces, which a plan may then name as its own, and of their thefts."""
    path = project.projection / "offences.yml"
    known = yaml.safe_load(path.read_text(encoding="utf-8"))
    known["forces"] = [*known["forces"], *FORCES, "Nowhere"]
    known["series"] |= {name: {"title": name, "groups": ["Theft"]} for name in known["series"] if name != "all_crime"}
    path.write_text(yaml.safe_dump(known, sort_keys=False, allow_unicode=True), encoding="utf-8")
    seal_projection(project)


def seal_projection(project):
    """Write that the tables of projections belong to the offences and the counts that there are."""
    path = project.projection / "made_from.yml"
    made_from = yaml.safe_load(path.read_text(encoding="utf-8")) | {"counts": digest(project.official_counts)}
    made_from["inputs"]["offences.yml"] = digest(project.projection / "offences.yml")
    path.write_text(yaml.safe_dump(made_from), encoding="utf-8")


def change_plan(project, force, official):
    """Let the plan name the office's force, and of series which offences of the official table they count, or none."""
    path = project.root / "params" / "plan.yml"
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    plan["office"] |= {"official_force": force, "force": "The police" if force == "none" else f"{force} Police"}
    for series, counted in official.items():
        plan["series"][series] |= {"official": counted}
        if counted is None:
            del plan["series"][series]["official"]
    path.write_text(yaml.safe_dump(plan, sort_keys=False, allow_unicode=True), encoding="utf-8")
