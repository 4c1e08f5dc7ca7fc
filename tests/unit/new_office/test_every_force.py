"""Every force of the official table has a first office, and figures, without an error: at the level of tables.

The table is not part of the project (it is published by the Home Office); without it these tests are skipped.
"""

import os
from datetime import date

import pytest

import running
from panelpack.config.configuration import Configuration
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.indicators.rehearsal import find_failures
from panelpack.intake.published_table import read_published
from panelpack.new_office.office_folder import draft
from panelpack.new_office.order import read_order
from panelpack.periods import Quarter, last_day
from panelpack.project import Project
from panelpack.validation.raw_data import check_raw_data

SOFTWARE = Project(running.ROOT)
SHARED = running.ROOT.parent / "shared" / "data"
LIST = "\n".join(
    [
        "id,priority,title,kind,series,polarity,baseline,target",
        "theft,Theft,Theft,rate,Offence Group=Theft offences,lower,,",
        "burglary,Theft,Burglary,count,Offence Subgroup=Domestic burglary; Non-domestic burglary,lower,,lower",
        "robbery,Violence,Robbery in the quarter,count,Offence Group=Robbery,lower,quarter-4,",
        "homicide,Violence,Homicide in the quarter,count,Offence Subgroup=Homicide,lower,quarter-4,",
        "violence,Violence,Violence,count,Offence Group=Violence against the person,neither,,",
        "survey,What people say,Confidence,share,awaited: no survey is public,higher,,",
    ]
)
# By the table: a quarter of it, and the baseline. Of many forces every sixth is tried, and all of them in the long run.
TABLES = {
    "police_recorded_crime_pfa_43_forces_to_2015Q1.csv.gz": ("2014Q4", "2012/13", 43),
    "police_recorded_crime_pfa_12_forces.csv.gz": ("2022Q4", "2019/20", 12),
}
STEP = 1 if os.environ.get("PANELPACK_LONG") else 14


@pytest.fixture(scope="module", params=TABLES)
def table(request):
    path = SHARED / request.param
    if not path.exists():
        pytest.skip(f"{request.param} is not here: it is published by the Home Office")
    return read_published(SOFTWARE, path), *TABLES[request.param]


def office_in(folder, made, quarter):
    """Write an office with the days that a person sets, and return its configuration."""
    day = date(last_day(quarter).year + 1, 1, 15).isoformat().encode()
    for name, content in made.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        content = (
            content.replace(b"\nmeeting_date:\n", b"\nmeeting_date: " + day + b"\n") if name[-3:] == "yml" else content
        )
        content = content.replace(b"    release:\n", b"    release: a later one\n")
        (folder / name).write_bytes(content.replace(b"    received:\n", b"    received: " + day + b"\n"))
    return Configuration.read(Project(running.ROOT, folder), quarter)


@pytest.mark.xdist_group("every force")
@pytest.mark.parametrize("measures", ["", LIST], ids=["usual measures", "rates, targets, quarters"])
def test_every_force_makes_indicators_without_an_error(table, measures, tmp_path):
    published, label, baseline, count = table
    assert len(published.forces) == count
    (tmp_path / "measures.csv").write_text(measures, encoding="utf-8")
    given = {"Q": label, "BASELINE": baseline, "DATA": str(published.source), "TO": "new"}
    tried = 0
    for force in published.forces[1::STEP] if STEP > 1 else published.forces:
        order = read_order({**given, "FORCE": force, "MEASURES": str(tmp_path / "measures.csv") if measures else ""})
        if measures and "," in force:  # the area with too few residents for a rate, which is refused
            continue
        made = draft(SOFTWARE, order, published)
        office = office_in(tmp_path / f"office{tried}", made, Quarter.parse(label))
        check_raw_data(office).stop_if_failed()
        assert find_failures(office) == []
        results = {result.indicator: result for result in compute_every(data_of_raw_files(office))}
        assert set(results) == set(made.plan.figures)
        assert all(result.latest is not None for result in results.values() if result.reason != "awaited")
        tried += 1
    assert tried
