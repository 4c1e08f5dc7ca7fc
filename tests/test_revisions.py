"""Restatements: what two drops say differently of the same periods, the supplier's reasons, and what stays unsaid."""

from types import SimpleNamespace

import pandas as pd
import pytest

from panelpack.config.plan import Aggregate, Series, SupplierFile
from panelpack.errors import ConfigurationError, SourceError
from panelpack.indicators.quarter_data import configuration
from panelpack.intake import restated
from panelpack.intake.files import load_sources
from panelpack.periods import Quarter

BEFORE = Quarter.parse("2014Q4")
LISTED = "data/raw/2015Q1/sources.yml"


@pytest.fixture
def drops(project_copy, quarter):
    """A copy with both drops, and ways to change a file of either and to compare them."""

    def edit(drop, name, *pairs):
        path = project_copy.raw(drop) / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")

    return SimpleNamespace(
        project=project_copy,
        edit=edit,
        before=lambda name, *pairs: edit(BEFORE, name, *pairs),
        now=lambda name, *pairs: edit(quarter, name, *pairs),
        restated=lambda: restated.find_restated(project_copy, quarter),
    )


@pytest.fixture
def of_table(drops):
    """Return the lines of one table, without its name."""

    def find(table):
        found = drops.restated()
        return found[found["table"] == table].drop(columns="table").values.tolist()

    return find


# ------------------------------------------------------------------------------------- the two drops as they are
@pytest.fixture(scope="module")
def committed(project, quarter):
    return restated.find_restated(project, quarter)


def test_every_restated_cell_has_a_reason(committed):
    assert list(committed.columns) == restated.COLUMNS
    assert len(committed) and committed["reason"].ne("").all()


@pytest.mark.parametrize(
    ("table", "changed", "vanished"),
    [("recorded_crime", 12, 0), ("asb_incidents", 3, 0), ("victim_survey", 6, 6), ("reoffending_cohorts", 0, 8)],
)
def test_so_many_cells_were_restated(committed, table, changed, vanished):
    rows = committed[committed["table"] == table]
    assert ((rows["new"] != "").sum(), (rows["new"] == "").sum()) == (changed, vanished)


def test_no_other_table_was_restated(committed):
    assert list(committed["table"].unique()) == [
        "recorded_crime", "asb_incidents", "victim_survey", "reoffending_cohorts",
    ]  # fmt: skip


def test_a_cell_is_named_by_its_key_with_both_figures(committed):
    row = committed[committed["key"] == "month 2015-03, offence domestic_burglary"].iloc[0]
    assert row[["table", "period", "column", "old", "new"]].tolist() == [
        "recorded_crime", "2015-03", "offences", "310", "323",
    ]  # fmt: skip
    assert row["reason"].startswith("Offences reported or recorded after")


def test_late_records_only_add_and_the_whole_gains_what_its_parts_gain(committed):
    rows = committed[committed["table"] == "recorded_crime"]
    late = rows[rows["period"] >= "2015-01"]
    gained = (late["new"].astype(int) - late["old"].astype(int)).groupby([late["period"], late["key"]]).sum()
    by_month = {month: gains.droplevel(0).tolist() for month, gains in gained.groupby(level=0)}
    for whole, *parts in by_month.values():  # all_crime sorts first
        assert min(parts) > 0 and whole >= sum(parts)
    reclassified = rows[rows["period"] < "2015-01"]
    assert (reclassified["new"].astype(int) < reclassified["old"].astype(int)).all()
    assert {key.split(", ")[1] for key in reclassified["key"]} == {"offence violence_with_injury"}


def test_the_lines_stand_in_the_order_of_the_plan_and_the_key(committed, project, quarter):
    plan, _, _ = configuration(project, quarter)
    places = [(list(plan.tables).index(row.table), row.key) for row in committed.itertuples()]
    assert places == sorted(places) and len(set(places)) > 20


def test_the_earlier_quarter_has_nothing_before_it(project):
    found = restated.find_restated(project, BEFORE)
    assert found.empty and list(found.columns) == restated.COLUMNS


# --------------------------------------------------------------------------------------------- what counts as one
def test_the_same_files_restate_nothing(drops, of_table):
    drops.before("asb_incidents.csv", ("2015-01,1096", "2015-01,1083"), ("2015-02,1143", "2015-02,1127"))
    assert [line[:5] for line in of_table("asb_incidents")] == [
        ["month 2015-03", "2015-03", "incidents", "1309", "1296"]
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
    drops.edit(drop, "night_time_economy.csv", (row, ""))
    assert of_table("night_time_economy") == [line]


def test_a_row_of_a_quarter_that_appeared_is_found_and_those_of_the_new_quarter_are_not(drops, of_table):
    drops.before("community_survey.csv", ("2014Q4,796,685\n", ""))
    assert of_table("community_survey") == [
        ["quarter 2014Q4", "2014Q4", "respondents", "", "796", ""],
        ["quarter 2014Q4", "2014Q4", "confident", "", "685", ""],
    ]


def test_the_order_of_the_rows_is_no_restatement(drops, of_table):
    head, *rows = (drops.project.raw(BEFORE) / "night_time_economy.csv").read_text(encoding="utf-8").splitlines()
    text = "\n".join([head, *reversed(rows), ""])
    (drops.project.raw(BEFORE) / "night_time_economy.csv").write_text(text, encoding="utf-8")
    assert of_table("night_time_economy") == []


def test_a_workbook_is_compared_too(drops, of_table, monkeypatch):
    read = restated.read_text

    def changed(folder, table):
        frame = read(folder, table)
        if table.sheet and folder.name == str(BEFORE):
            frame.iloc[0, 2] = "7"
        return frame

    monkeypatch.setattr(restated, "read_text", changed)
    assert of_table("first_time_entrants") == [
        ["Quarter 2012Q1, Area Leicestershire and Rutland", "2012Q1", "First time entrants", "7", "118", ""]
    ]


def test_a_table_that_the_earlier_drop_has_not_is_new(drops, of_table):
    (drops.project.raw(BEFORE) / "community_survey.csv").unlink()
    assert of_table("community_survey") == []


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
    path = drops.project.plan
    text = path.read_text(encoding="utf-8")
    assert "person: pseudonym}" in text
    path.write_text(text.replace("person: pseudonym}", f"person: {kind}, times: count}}"), encoding="utf-8")
    for drop, times in (("2014Q4", 1), ("2015Q1", 2)):
        rows = f"report,month,person,times\nR001,2015-01,P01,{times}\n"
        (drops.project.raw(drop) / "missing_people.csv").write_text(rows, encoding="utf-8")
    assert len(of_table("missing_people")) == lines


# ---------------------------------------------------------------------------------------------------- reasons
def test_a_cell_without_a_revision_has_no_reason(drops, of_table):
    drops.before("asb_incidents.csv", ("2012-04,1861", "2012-04,1860"))
    reasons = {line[1]: line[5] for line in of_table("asb_incidents")}
    assert reasons.pop("2012-04") == ""
    assert set(reasons.values()) == {"Incidents that had been reported twice have been removed."}


def test_two_revisions_of_a_cell_give_both_reasons(drops, of_table):
    again = "have been removed.\n      - where: {month: 2015-02}\n        reason: A second one.\n"
    drops.now("sources.yml", ("have been removed.\n", again))
    first = "Incidents that had been reported twice have been removed."
    assert [line[5] for line in of_table("asb_incidents")] == [first, f"{first} A second one.", first]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "month: 2015-03, victim_group: [vehicle_crime, violent_crime, asb]",
            "month: 2015-02, victim_group: [vehicle_crime, violent_crime, asb]",
            f"{LISTED}: revision 1 of victim_survey.csv explains nothing: no restated figure is there. "
            "Remove or correct it.",
        ),
        (
            "month: [2014-04, 2014-05, 2014-06], victim_group: rape",
            "month: [2014-04, 2014-05, 2014-06], respondents: '3'",
            f"{LISTED}: revision 2 of victim_survey.csv: 'respondents' is no column of the table's key, "
            "expected month, victim_group. Correct it.",
        ),
    ],
)
def test_a_revision_that_explains_nothing_stops(drops, old, new, said):
    drops.now("sources.yml", (old, new))
    with pytest.raises(ConfigurationError) as stopped:
        drops.restated()
    assert str(stopped.value) == said


def test_a_revision_of_a_table_that_did_not_change_stops(drops):
    for name in ("2014Q4", "2015Q1"):
        text = "month,incidents\n2015-01,1\n"
        (drops.project.raw(name) / "asb_incidents.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"revision 1 of asb_incidents.csv explains nothing"):
        drops.restated()


def test_revisions_wait_for_the_drop_they_are_about(drops, quarter):
    revised = "        reason: This survey is sent"
    drops.now("sources.yml", (revised, revised.replace("This", "That")), ("victim_group: rape", "victim_group: none"))
    folder = drops.project.raw(BEFORE)
    folder.rename(folder.with_name("kept"))
    assert drops.restated().empty


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("reason: Incidents that had been reported twice have been removed.", "reason: ''", "at least 1 character"),
        (
            "reason: Incidents that had been reported twice have been removed.",
            "why: twice",
            "reason: this key is missi",
        ),
        ("where: {month: [2015-01, 2015-02, 2015-03]}", "where: {}", "at least 1 item"),
        ("where: {month: [2015-01, 2015-02, 2015-03]}", "where: {month: {}}", "where.month"),
    ],
)
def test_a_revision_says_where_and_why(drops, old, new, said):
    drops.now("sources.yml", (old, new))
    with pytest.raises(ConfigurationError, match=said) as stopped:
        load_sources(drops.project.raw("2015Q1"))
    assert all(line.startswith(f"{LISTED}, line ") for line in str(stopped.value).splitlines())


# ------------------------------------------------------------------------------------- files that do not compare
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2015-01,1096", "2015-01,many", "a figure is not a number, so it cannot be compared."),
        ("2015-01,1096", "2015-01,", "a figure is not a number, so it cannot be compared."),
        ("2015-01,1096", "2015-02,1096", "a row stands twice, expected one of each."),
        ("month,incidents", "month,n", "column 'incidents' is missing."),
        ("month,incidents", "Month,incidents", "column 'month' is missing."),
    ],
)
def test_an_earlier_file_that_is_not_valid_is_named(drops, old, new, said):
    drops.before("asb_incidents.csv", (old, new))
    with pytest.raises(SourceError) as stopped:
        drops.restated()
    where = "data/raw/2014Q4/asb_incidents.csv"
    assert str(stopped.value) == f"{where}: {said} Check the file: make validate Q=2014Q4"


# --------------------------------------------------------------------------------------- points of the series
def periods(changes, plan, params):
    """The periods of each series that has restated points."""
    points = {name: set(restated.revised_points(changes, name, plan, params).values()) for name in plan.series}
    return {name: found for name, found in points.items() if found}


def test_a_point_is_known_by_the_line_of_the_figure_that_it_rests_on(committed, project, quarter):
    plan, params, _ = configuration(project, quarter)
    found = restated.revised_points(committed, "asb_incidents", plan, params)
    lines = committed[committed["table"] == "asb_incidents"]
    assert list(found) == list(lines.index) and list(found.values()) == list(lines["period"])


def test_the_points_of_the_plan_that_rest_on_a_restated_cell(committed, project, quarter):
    plan, params, _ = configuration(project, quarter)
    late = {"2015-01", "2015-02", "2015-03"}
    assert periods(committed, plan, params) == {
        "all_crime": late,
        "domestic_burglary": late,
        "theft_from_vehicle": late,
        "violence_with_injury": {"2014-10", "2014-11", "2014-12"},
        "asb_incidents": late,
        "satisfaction_vehicle_crime": {"2015-03"},
        "satisfaction_violent_crime": {"2015-03"},
        "satisfaction_asb": {"2015-03"},
        "satisfaction_all_users": {"2015-03"},
        "satisfaction_rape": {"2014-04", "2014-05", "2014-06"},
        "drug_programme_reoffending": {"2013Q1", "2013Q2", "2013Q3", "2013Q4"},
    }


TABLE = SupplierFile(
    file="a.csv",
    columns={"month": "month", "kind": "category", "place": "category", "n": "count", "asked": "count"},
    key=["month", "kind"],
)
PARAMS = SimpleNamespace(lists={"near": {"b": "", "c, d": ""}})


def revised(spec, *lines):
    plan = SimpleNamespace(
        tables={"t": TABLE, "u": TABLE}, series={"s": Series(**{"title": "t", "table": "t", "value": "n"} | spec)}
    )
    changes = pd.DataFrame(
        [["t", f"month {month}, kind {kind}", month, column, "1", "2", ""] for month, kind, column in lines],
        columns=restated.COLUMNS,
    )
    return periods(changes, plan, PARAMS)


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
    plan_knows = [("2015-01", "a", "n"), ("2015-02", "b", "n"), ("2015-03", "a", "asked"), ("2015-04", "c, d", "n")]
    assert revised(spec, *plan_knows) == ({} if found is None else {"s": found})


def test_no_restatement_marks_no_point(project, quarter):
    plan, params, _ = configuration(project, quarter)
    assert periods(restated.find_restated(project, BEFORE), plan, params) == {}
