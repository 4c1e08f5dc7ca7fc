"""Restatements: what two drops say differently of the same periods, the supplier's reasons, and what stays unsaid."""

import hashlib
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml

from panelpack.config.configuration import Configuration
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Plan
from panelpack.config.series import Aggregate, Series
from panelpack.config.sources import load_sources
from panelpack.config.supplied_table import SupplierFile
from panelpack.errors import ConfigurationError, SourceError
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.intake import restated
from panelpack.intake.restated import RESTATED_COLUMNS, find_restated, revised_points
from panelpack.intake.tables import earlier_tables
from panelpack.periods import Quarter
from panelpack.plausibility.queries import find_queries
from panelpack.project import Project
from panelpack.validation.raw_data import check_raw_data

BEFORE = Quarter.parse("2014Q4")
LISTED = "data/raw/2015Q1/sources.yml"
NIGHT = "night_time_economy.csv"  # nothing of it was restated


@pytest.fixture
def drops(project_copy, quarter, read_office):
    """A copy with both drops, and ways to change a file of either and to compare them."""

    def edit(drop, name, *pairs):
        path = project_copy.raw(drop) / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")

    def revise(name, *revisions):
        path = project_copy.raw(quarter) / "sources.yml"
        sources = yaml.safe_load(path.read_text(encoding="utf-8"))
        sources["files"][name]["revisions"] = list(revisions)
        path.write_text(yaml.safe_dump(sources, sort_keys=False), encoding="utf-8")

    return SimpleNamespace(
        project=project_copy,
        edit=edit,
        revise=revise,
        before=lambda name, *pairs: edit(BEFORE, name, *pairs),
        restated=lambda: find_restated(read_office()),
    )


@pytest.fixture
def of_table(drops):
    """Return a function that gives the lines of one table, without its name."""

    def find(table):
        found = drops.restated()
        return found[found["table"] == table].drop(columns="table").values.tolist()

    return find


# ------------------------------------------------------------------------------------- the two drops as they are
@pytest.fixture(scope="module")
def committed(office):
    return find_restated(office)


def test_every_restated_cell_of_the_office_has_its_reason(committed):
    assert list(committed.columns) == RESTATED_COLUMNS
    assert committed["reason"].ne("").all()
    has_vanished = committed["new"] == ""
    changed, vanished = (committed[rows]["table"].value_counts() for rows in (~has_vanished, has_vanished))
    assert changed.to_dict() == {"recorded_crime": 12, "victim_survey": 6}
    assert vanished.to_dict() == {"victim_survey": 6, "reoffending_cohorts": 8}


def test_a_cell_is_named_by_its_key_with_both_figures(committed):
    row = committed[committed["key"] == "month 2015-03, offence domestic_burglary"].iloc[0]
    assert row.drop("reason").tolist() == ["recorded_crime", row["key"], "2015-03", "offences", "310", "323"]
    assert row["reason"].startswith("Offences reported or recorded after")


def test_figures_of_an_internal_table_are_not_shown(committed):
    survey = committed[committed["table"] == "victim_survey"]
    assert set(survey["old"]) == {"[x]"} and set(survey["new"]) == {"[x]", ""}


def test_the_lines_stand_in_the_order_of_the_plan_and_the_key(committed, office):
    places = [(list(office.plan.tables).index(row.table), row.key) for row in committed.itertuples()]
    assert places == sorted(places) and len(set(places)) > 20


def test_the_first_quarter_has_nothing_before_it(project):
    found = find_restated(Configuration.read(project, BEFORE))
    assert found.empty and list(found.columns) == RESTATED_COLUMNS


def test_any_earlier_quarter_can_be_compared_with(drops, read_office):
    folder = drops.project.raw(BEFORE)
    folder.rename(folder.with_name("2014Q2"))
    assert drops.restated().empty
    found = find_restated(read_office(), Quarter.parse("2014Q2"))
    assert set(found["table"]) == {"recorded_crime", "victim_survey", "reoffending_cohorts"}


# --------------------------------------------------------------------------------------------- what counts as one
def test_the_same_files_restate_nothing_and_each_changed_cell_is_a_line(drops, of_table):
    assert of_table("night_time_economy") == []
    drops.before(NIGHT, ("2014-03,1189", "2014-03,1190"), ("2015-01,1515", "2015-01,1500"))
    assert of_table("night_time_economy") == [
        ["month 2014-03", "2014-03", "incidents", "1190", "1189", ""],
        ["month 2015-01", "2015-01", "incidents", "1500", "1515", ""],
    ]


@pytest.mark.parametrize(("written", "cells"), [("21.7", 0), ("21.70", 0), ("21.8", 1)])
def test_figures_are_compared_and_not_their_digits(drops, of_table, written, cells):
    drops.before("savings.csv", ("realised,21.7", f"realised,{written}"))
    found = of_table("savings")
    assert found == [
        ["line realised, as_at 2014-12-31", "2014-12-31", "gbp_million", written, "21.7", ""] for _ in range(cells)
    ]


@pytest.mark.parametrize(
    ("drop", "row", "line"),
    [
        ("2015Q1", "2014-03,1189\n", ["month 2014-03", "2014-03", "incidents", "1189", "", ""]),
        ("2014Q4", "2014-03,1189\n", ["month 2014-03", "2014-03", "incidents", "", "1189", ""]),
        ("2014Q4", "2015-03,1671\n", ["month 2015-03", "2015-03", "incidents", "", "1671", ""]),  # its last month
    ],
)
def test_a_row_that_vanished_or_appeared_has_one_side_empty(drops, of_table, drop, row, line):
    drops.edit(drop, NIGHT, (row, ""))
    assert of_table("night_time_economy") == [line]


def test_a_row_of_a_quarter_that_appeared_is_found_and_those_of_the_new_quarter_are_not(drops, of_table):
    drops.before("reoffending_cohorts.csv", ("2014Q4,aged_18_24,reoffending,150,32\n", ""))
    assert [line[:5] for line in of_table("reoffending_cohorts") if line[1] == "2014Q4"] == [
        ["quarter 2014Q4, cohort aged_18_24, measure reoffending", "2014Q4", column, "", "[x]"]
        for column in ("cohort_size", "offences")
    ]
    assert not [line for line in of_table("reoffending_cohorts") if line[1] == "2015Q1"]


def test_the_order_of_the_rows_is_no_restatement(drops, of_table):
    head, *rows = (drops.project.raw(BEFORE) / NIGHT).read_text(encoding="utf-8").splitlines()
    text = "\n".join([head, *reversed(rows), ""])
    (drops.project.raw(BEFORE) / NIGHT).write_text(text, encoding="utf-8")
    assert of_table("night_time_economy") == []


def test_a_workbook_is_compared_too(drops, of_table, monkeypatch):
    receive = restated.receive_table

    def changed(project, drop, name, table):
        received = receive(project, drop, name, table)
        if table.layout.sheet and drop == BEFORE:
            received.text.iloc[0, 2] = "7"
        return received

    monkeypatch.setattr(restated, "receive_table", changed)
    assert of_table("first_time_entrants") == [
        ["Quarter 2012Q1, Area Moorland and Fens", "2012Q1", "First time entrants", "7", "118", ""]
    ]


def test_a_table_that_the_earlier_drop_has_not_is_new(drops, of_table):
    (drops.project.raw(BEFORE) / NIGHT).unlink()
    assert of_table("night_time_economy") == []


# -------------------------------------------------------------------------------------------- tables of records
INCIDENTS = {
    "files": "*-street.csv",
    "columns": {"Crime ID": "text", "Month": "month", "Crime type": "category", "Longitude": "decimal"},
    "layout": {"marks": {"": "missing"}, "other_columns": "unread"},
}
ASB, BURGLARY = "Anti-social behaviour", "Burglary"


@pytest.fixture
def incidents(drops, read_office, quarter):
    """Return a function that gives both drops a file a month of incidents, and returns the office that reads them.

    An incident of anti-social behaviour has no ID, so rows are alike; `key`: of the table in the plan.
    """

    def write(key, *months):
        plan = yaml.safe_load(drops.project.plan(quarter).read_text(encoding="utf-8"))
        plan["tables"]["street"] = {**INCIDENTS, "key": key}
        for name, kind in (("street_asb", ASB), ("street_burglary", BURGLARY)):
            plan["series"][name] = {"title": name, "table": "street", "value": {"how": "rows"},
                                    "where": {"Crime type": kind}}  # fmt: skip
        drops.project.plan(quarter).write_text(
            yaml.safe_dump(plan, sort_keys=False, allow_unicode=True), encoding="utf-8"
        )
        for drop in (BEFORE, quarter):
            folder, sums = drops.project.raw(drop), {}
            for month, before, now in months:
                asb, burglaries = before if drop == BEFORE else now
                if month > drop.months[-1]:
                    continue
                rows = [f",{month},{ASB},-1.1" for _ in range(asb)]
                rows += [f"{month}{number},{month},{BURGLARY}," for number in range(burglaries)]
                path = folder / f"{month}-made-up-street.csv"
                path.write_text("\n".join(["Crime ID,Month,Crime type,Longitude", *rows, ""]), encoding="utf-8")
                sums[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
            sources = yaml.safe_load((folder / "sources.yml").read_text(encoding="utf-8"))
            received = sources["files"][NIGHT]["received"]
            sources["files"]["*-street.csv"] = {
                **{"table": "street", "supplier": "Made up", "received": received, "sensitivity": "public"},
                **{"licence": "Open Government Licence v3.0"},
                **{"sha256": sums, "reconstructed": False},
            }
            (folder / "sources.yml").write_text(yaml.safe_dump(sources, sort_keys=False), encoding="utf-8")
        return read_office()

    return write


@pytest.mark.parametrize("key", [["Crime ID"], ["Crime ID", "Month"]])
def test_the_second_quarter_of_a_file_of_incidents_compares_numbers_of_rows(drops, incidents, of_table, key):
    office = incidents(
        key,
        ("2015-01", (3, 2), (3, 2)),
        ("2015-02", (4, 2), (5, 1)),
        ("2015-03", (2, 2), (2, 2)),
        ("2015-04", (0, 0), (7, 2)),
    )
    assert of_table("street") == [
        [f"Month 2015-02, Crime type {ASB}", "2015-02", "number of rows", "4", "5", ""],
        [f"Month 2015-02, Crime type {BURGLARY}", "2015-02", "number of rows", "2", "1", ""],
    ]
    changes = drops.restated()
    assert set(revised_points(changes, "street_asb", office).values()) == {"2015-02"}
    checked = check_raw_data(office)
    assert [line for line in checked.failures if "street" in line] == []
    assert "street" in checked.tables
    find_queries(office, checked.tables, earlier_tables(office))
    points = data_of_raw_files(office).points["street_asb"]
    assert dict(zip(points["period"], points["value"], strict=True)) == {
        "2015-01": 3, "2015-02": 5, "2015-03": 2, "2015-04": 7
    }  # fmt: skip


def test_a_reason_may_name_what_rows_are_counted_by(drops, incidents, of_table):
    incidents(["Crime ID"], ("2015-01", (3, 2), (4, 2)))
    drops.revise("*-street.csv", {"where": {"Month": "2015-01", "Crime type": ASB}, "reason": "Sent late."})
    assert of_table("street")[0][-1] == "Sent late."
    drops.revise("*-street.csv", {"where": {"Longitude": "-1.1"}, "reason": "Sent late."})
    with pytest.raises(ConfigurationError, match="'Longitude' is no column of the table's key, expected Month, Crime"):
        drops.restated()


# ------------------------------------------------------------------------------------------- what stays unsaid
def test_a_table_under_embargo_is_left_out_until_it_is_released(drops, of_table):
    drops.before("drug_treatment.csv", ("2013Q1,282,39", "2013Q1,281,39"))
    assert of_table("drug_treatment") == []
    path = drops.project.root / "params" / "2015Q1.yml"
    text = path.read_text(encoding="utf-8")
    assert "meeting_date: 2015-09-16" in text
    path.write_text(text.replace("meeting_date: 2015-09-16", "meeting_date: 2015-11-05"), encoding="utf-8")
    assert of_table("drug_treatment") == [["quarter 2013Q1", "2013Q1", "completions", "281", "282", ""]]


@pytest.mark.parametrize(("kind", "lines"), [("pseudonym", 0), ("text", 1)])
def test_a_table_about_persons_is_left_out(drops, of_table, kind, lines):
    path = drops.project.root / "params/plan.yml"
    text = path.read_text(encoding="utf-8")
    assert "person: pseudonym\n" in text
    path.write_text(text.replace("person: pseudonym\n", f"person: {kind}\n      times: count\n"), encoding="utf-8")
    for drop, times in (("2014Q4", 1), ("2015Q1", 2)):
        rows = f"report,month,person,times\nR001,2015-01,P01,{times}\n"
        (drops.project.raw(drop) / "missing_people.csv").write_text(rows, encoding="utf-8")
    assert len(of_table("missing_people")) == lines


# ---------------------------------------------------------------------------------------------------- reasons
MARCH = {"where": {"month": "2014-03"}, "reason": "A first one."}


def test_a_cell_has_the_reason_of_the_revision_that_names_it(drops, of_table):
    drops.before(NIGHT, ("2014-03,1189", "2014-03,1190"), ("2015-01,1515", "2015-01,1500"))
    drops.revise(NIGHT, MARCH)
    assert [line[5] for line in of_table("night_time_economy")] == ["A first one.", ""]
    drops.revise(NIGHT, MARCH, {"where": {"month": ["2014-03", "2015-01"]}, "reason": "A second one."})
    assert [line[5] for line in of_table("night_time_economy")] == ["A first one. A second one.", "A second one."]


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"month": "2014-04"}, " explains nothing: no restated figure is there. Remove or correct it."),
        (
            {"month": "2014-03", "incidents": "3"},
            ": 'incidents' is no column of the table's key, expected month. Correct it.",
        ),
    ],
)
def test_a_revision_that_explains_nothing_stops(where, words, drops):
    drops.before(NIGHT, ("2014-03,1189", "2014-03,1190"))
    drops.revise(NIGHT, MARCH, {"where": where, "reason": "Another."})
    with pytest.raises(ConfigurationError) as caught:
        drops.restated()
    assert str(caught.value) == f"{LISTED}: revision 2 of {NIGHT}{words}"


def test_a_revision_of_a_table_that_did_not_change_stops(drops):
    drops.revise(NIGHT, MARCH)
    with pytest.raises(ConfigurationError, match=rf"revision 1 of {NIGHT} explains nothing"):
        drops.restated()


def test_revisions_wait_for_the_drop_that_they_are_about(drops):
    drops.revise(NIGHT, MARCH)
    folder = drops.project.raw(BEFORE)
    folder.rename(folder.with_name("kept"))
    assert drops.restated().empty


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        (MARCH | {"reason": ""}, "at least 1 character"),
        ({"where": MARCH["where"], "why": "twice"}, "reason: this key is missing"),
        (MARCH | {"where": {}}, "at least 1 item"),
        (MARCH | {"where": {"month": {}}}, "where.month"),
    ],
)
def test_a_revision_says_where_and_why(revision, words, drops):
    drops.revise(NIGHT, revision)
    with pytest.raises(ConfigurationError, match=words) as caught:
        load_sources(drops.project.raw("2015Q1"))
    assert all(line.startswith(f"{LISTED}, line ") for line in str(caught.value).splitlines())


# ------------------------------------------------------------------------------------- files that do not compare
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2015-01,1515", "2015-01,many", "a figure is not a number, so it cannot be compared."),
        ("2015-01,1515", "2015-01,", "a figure is not a number, so it cannot be compared."),
        ("2015-01,1515", "2015-02,1515", "a row stands twice, expected one of each."),
        ("month,incidents", "month,n", "column 'incidents' is missing."),
        ("month,incidents", "Month,incidents", "column 'month' is missing."),
    ],
)
def test_an_earlier_file_that_is_not_valid_is_named(drops, old, new, words):
    drops.before(NIGHT, (old, new))
    with pytest.raises(SourceError) as caught:
        drops.restated()
    where = "data/raw/2014Q4/night_time_economy.csv"
    assert str(caught.value) == f"{where}: {words} Check the file: make validate Q=2014Q4"


# --------------------------------------------------------------------------------------- points of the series
def periods(changes, office):
    """Return the periods of each series that has restated points."""
    points = {name: set(revised_points(changes, name, office).values()) for name in office.plan.series}
    return {name: found for name, found in points.items() if found}


def test_a_point_is_known_by_the_line_of_the_figure_that_it_rests_on(committed, office):
    lines = committed[committed["key"].str.endswith("offence theft_from_vehicle")]
    found = revised_points(committed, "theft_from_vehicle", office)
    assert list(found) == list(lines.index) and list(found.values()) == list(lines["period"])


def test_the_points_of_the_plan_that_rest_on_a_restated_cell(committed, office, project):
    late = {"2015-01", "2015-02", "2015-03"}
    assert periods(committed, office) == {
        "all_crime": late,
        "theft_from_vehicle": late,
        "satisfaction_vehicle_crime": {"2015-03"},
        "drug_programme_reoffending": {"2013Q1", "2013Q2", "2013Q3", "2013Q4"},
    }
    assert periods(find_restated(Configuration.read(project, BEFORE)), office) == {}


TABLE = SupplierFile(
    file="a.csv",
    columns={"month": "month", "kind": "category", "place": "category", "n": "count", "asked": "count"},
    key=["month", "kind"],
)


def revised(spec, *lines):
    plan = Plan.model_construct(
        tables={"t": TABLE, "u": TABLE}, series={"s": Series(**({"title": "t", "table": "t", "value": "n"} | spec))}
    )
    parameters = Parameters.model_construct(lists={"near": {"b": "", "c, d": ""}})
    changes = pd.DataFrame(
        [["t", f"month {month}, kind {kind}", month, column, "1", "2", ""] for month, kind, column in lines],
        columns=RESTATED_COLUMNS,
    )
    return periods(changes, Configuration(Project(Path()), Quarter.parse("2015Q1"), plan, parameters))


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ({}, {"2015-01", "2015-02", "2015-04"}),
        ({"where": {"kind": "a"}}, {"2015-01"}),
        ({"where": {"kind": ["a", "b"]}}, {"2015-01", "2015-02"}),
        ({"where": {"kind": "$near"}}, {"2015-02", "2015-04"}),
        ({"where": {"kind": "none"}}, None),
        ({"value": "asked"}, {"2015-03"}),
        ({"base": "asked"}, {"2015-01", "2015-02", "2015-03", "2015-04"}),
        ({"by": "quarter"}, {"2014Q4", "2015Q1"}),
        ({"value": Aggregate(how="rows")}, {"2015-01", "2015-02", "2015-03", "2015-04"}),
        ({"where": {"place": "x"}}, {"2015-01", "2015-02", "2015-04"}),  # outside the key: it might
        ({"table": "u"}, None),
    ],
)
def test_a_point_is_revised_when_its_rows_and_columns_are(spec, found):
    lines = [("2015-01", "a", "n"), ("2015-02", "b", "n"), ("2015-03", "a", "asked"), ("2015-04", "c, d", "n")]
    assert revised(spec, *lines) == ({} if found is None else {"s": found})
