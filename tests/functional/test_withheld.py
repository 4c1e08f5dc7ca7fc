"""Nothing of a table that may not be shown leaves a trace: not where a query asks about it, nor in any hash."""

import csv
import json
import re

import pytest

from panelpack.project import Project
from planting import cells, in_words, lay_out, plant
from running import QUARTER, copy_project, run

SECRET, SMALL = "7654321", "43217"


pytestmark = pytest.mark.xdist_group("withheld")  # a quarter is made once


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A made quarter whose embargoed table has a number that must be asked about, and whose table about persons has a
    person in very many reports; a number of an open table is withheld that the file before had.
    """
    project = Project(copy_project(tmp_path_factory.mktemp("withheld")))
    plant(project, "drug_treatment.csv", cells("completions", SECRET, quarter=QUARTER))
    plant(project, "missing_people.csv", lambda text: text + "".join(f"R{n},2015-06,P77\n" for n in range(900, 1213)))
    lay_out(project, "recorded_crime")
    plant(project, "recorded_crime.csv", cells("offences", "*", month="2013-09", offence="robbery"))
    plant(project, "recorded_crime.csv", cells("offences", SMALL, month="2013-09", offence="robbery"), "2014Q4")
    in_words(project)
    said = run(project.root, "validate", QUARTER)
    assert said.returncode == 0, said.stderr
    done = run(project.root, "quarter", QUARTER)
    assert done.returncode == 0, done.stderr
    return project.root, said.stdout


@pytest.mark.slow
def test_the_analyst_is_asked_without_a_number(made):
    _, said = made
    assert "drug_treatment 2015Q1 outside_range completions: its figures may not be shown." in said
    assert "missing_people 2015-06" in said and SECRET not in said.replace(",", "")


@pytest.mark.slow
def test_no_file_has_a_trace(made):
    root, _ = made
    asked = re.compile(rf"{SECRET}|7,654,321|{SMALL}|43,217|\bP77\b|(drug_treatment|missing_people) 2015")
    kinds = {".html", ".csv", ".json", ".ipynb", ".typ", ".svg", ".txt", ".yml", ".failure", ".stderr"}
    files = [
        path
        for folder in ("outputs", "data/processed")
        for path in (root / folder).rglob("*")
        if path.is_file() and path.suffix in kinds
    ]
    assert len(files) > 50
    found = {
        path.relative_to(root).as_posix(): match.group()
        for path in files
        if (match := asked.search(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.slow
def test_the_checks_do_not_say_how_many_rows_there_are(made):
    with (made[0] / "data" / "processed" / QUARTER / "checks.csv").open(encoding="utf-8", newline="") as file:
        counts = {(row["table"], row["checked"]) for row in csv.DictReader(file)}
    assert {count for table, count in counts if table in ("drug_treatment", "missing_people")} == {"0"}
    assert ("recorded_crime", "468") in counts


@pytest.mark.slow
def test_it_is_said_only_that_there_are_such_points(made):
    manifest = json.loads((made[0] / "outputs" / QUARTER / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["open_points"]["other"] == 1
    saved = (made[0] / "data" / "processed" / QUARTER / "open_points" / "data.csv").read_text(encoding="utf-8")
    assert saved.splitlines()[-1] == "other,,,"
